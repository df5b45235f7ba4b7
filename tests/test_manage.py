"""Adding to a corpus and removing from it: nothing overwritten in silence, nothing fetched from a private machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner

from qa.cli import cli
from qa.errors import SourceError, UsageError
from qa.ingest import manage
from qa.ingest.corpus import load_corpus, source_files

PAGE = b"<html><head><title>Inn</title></head><body><p>The inn opened in 1983.</p></body></html>"


def test_a_file_is_added_once_and_replaced_only_when_told(tmp_path: Path) -> None:
    corpus, file = tmp_path / "corpus", tmp_path / "inn.txt"
    file.write_text("The inn opened in 1983.")
    assert manage.add(str(file), corpus) == [manage.Added(str(file), "inn.txt")]
    assert manage.add(str(file), corpus)[0].path == "inn.txt"
    file.write_text("The inn opened in 1984.")
    refused = manage.add(str(file), corpus)[0]
    assert (refused.path, refused.reason) == (None, "another inn.txt is in the corpus; rename it or give --replace")
    assert (corpus / "inn.txt").read_text() == "The inn opened in 1983."
    assert manage.add(str(file), corpus, replace=True)[0].path == "inn.txt"
    assert (corpus / "inn.txt").read_text() == "The inn opened in 1984."
    assert [path.name for path in corpus.iterdir()] == ["inn.txt"]


def test_a_folder_is_added_under_its_name_without_what_is_no_document(tmp_path: Path) -> None:
    folder, corpus = tmp_path / "trip", tmp_path / "corpus"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "a.md").write_text("# A\n\nWords.\n")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.5\n")
    (folder / ".hidden.txt").write_text("x")
    added = {Path(one.source).name: (one.path, one.reason) for one in manage.add(str(folder), corpus)}
    assert added == {
        "a.md": ("trip/notes/a.md", None),
        "bad.pdf": (None, "damaged: not a PDF that can be opened"),
        "photo.png": (None, "not a document (.png)"),
    }
    assert [path.name for path in source_files(corpus)[0]] == ["a.md"]


def test_what_cannot_be_added_is_named(tmp_path: Path) -> None:
    corpus = tmp_path / "docs" / "corpus"
    corpus.mkdir(parents=True)
    with pytest.raises(UsageError, match="no such file"):
        manage.add(str(tmp_path / "gone.txt"), corpus)
    with pytest.raises(UsageError, match="holds the corpus"):
        manage.add(str(tmp_path / "docs"), corpus)
    for url in ("ftp://example.org/x", "file:///etc/passwd"):
        with pytest.raises(UsageError, match="only http and https"):
            manage.add(url, corpus)
    readme = tmp_path / "README.md"
    readme.write_text("words")
    assert manage.add(str(readme), corpus)[0].reason == "a name that is never a source"
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    (corpus / "a.txt").symlink_to(outside)
    other = tmp_path / "a.txt"
    other.write_text("yours")
    assert manage.add(str(other), corpus, replace=True)[0].reason == "its place in the corpus is a link"
    assert outside.read_text() == "mine"


def test_only_files_of_the_corpus_are_removed(corpus: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    (corpus / "link.txt").symlink_to(outside)
    for name in (str(outside), "../outside.txt", "nothing", ".", "", str(corpus)):
        with pytest.raises(UsageError):
            manage.find(name, corpus)
    assert manage.find("interview.txt", corpus) == manage.find("interview", corpus) == "interview.txt"
    assert manage.find(str(corpus / "article.md"), corpus) == "article.md"
    manage.remove(manage.find("link.txt", corpus), corpus)
    manage.remove("interview.txt", corpus)
    assert outside.exists()
    assert [document.path for document in load_corpus(corpus).documents] == ["article.md"]


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ::1 :: fe80::1%eth0 "
    "fd00::1 ::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 ff02::1 x".split(),
)
def test_private_addresses_are_no_public_ones(address: str) -> None:
    assert not manage.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses(address: str) -> None:
    assert manage.is_public(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost:8000/x", "http://[::1]/", "http://0x7f.1/"])
def test_the_machine_itself_is_not_fetched_from(url: str) -> None:
    with pytest.raises(UsageError, match="a private or local address"):
        manage.fetch(url)


@pytest.mark.parametrize(
    "url", ["http://", "http://a:b@example.org/", "http://example.org:x/", "http://a b/", "https:/x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        manage.fetch(url)


class Site(BaseHTTPRequestHandler):
    """A site with a page, redirects, something large and something slow."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        kind = {"/pic": "image/png", "/notes.md": "text/plain"}.get(self.path, "text/html; charset=utf-8")
        body = b"x" * 5000 if self.path == "/large" else b"# N\n\nWords.\n" if self.path == "/notes.md" else PAGE
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if self.path != "/large":
            self.send_header("Content-Length", str(len(body) + (self.path == "/short")))
        self.end_headers()
        if self.path == "/slow":
            for letter in body:
                self.wfile.write(bytes([letter]))
                self.wfile.flush()
                time.sleep(0.2)
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine that is taken for a public one; ``private.test`` is not."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.asked.clear()
    public = manage.is_public
    monkeypatch.setattr(manage, "is_public", lambda address: address == "127.0.0.1" or public(address))
    monkeypatch.setattr(manage, "resolve", lambda host, port: ["10.0.0.1" if "private" in host else "127.0.0.1"])
    yield f"http://inn.test:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_becomes_a_snapshot_that_knows_where_it_came_from(site: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    added = manage.add(f"{site}/to//rooms/all?x=1", corpus)[0]
    assert added.path == "inn.test-rooms-all-x-1.html"
    assert (corpus / added.path).read_bytes() == PAGE
    told = manage.provenance(corpus / added.path)
    assert told is not None
    assert told["final_url"] == f"{site}/rooms/all?x=1"
    assert told["content_type"] == "text/html"
    assert told["url"].startswith(site)
    assert [document.title for document in load_corpus(corpus).documents] == ["Inn"]
    assert not load_corpus(corpus).skipped
    manage.remove(added.path, corpus)
    assert list(corpus.iterdir()) == []


def test_types_tell_the_format(site: str, tmp_path: Path) -> None:
    assert manage.add(f"{site}/notes.md", tmp_path)[0].path == "inn.test-notes.md"
    assert manage.add(f"{site}/pic", tmp_path)[0].reason == "not a document (image/png)"


def test_redirects_are_held_to_the_same_and_counted(site: str) -> None:
    with pytest.raises(UsageError, match="private or local"):
        manage.fetch(f"{site}/to/http://private.test/")
    with pytest.raises(UsageError, match="only http"):
        manage.fetch(f"{site}/to/file:///etc/passwd")
    with pytest.raises(SourceError, match="more than 5 redirects"):
        manage.fetch(f"{site}{'/to/' * 8}")


def test_size_and_time_are_bounded(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage, "MAX_BYTES", 4000)
    monkeypatch.setattr(manage, "MAX_SECONDS", 1.0)
    with pytest.raises(SourceError, match="more than"):
        manage.fetch(f"{site}/large")
    started = time.monotonic()
    with pytest.raises(SourceError, match="within 1 s"):
        manage.fetch(f"{site}/slow")
    assert time.monotonic() - started < 5


def test_failures_are_named(site: str) -> None:
    with pytest.raises(SourceError, match="answered 404"):
        manage.fetch(f"{site}/gone")
    with pytest.raises(SourceError, match="cannot be fetched"):
        manage.fetch(f"{site}/short")


def test_commands(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "inn.txt"
    file.write_text("The inn opened in 1983.")
    run = CliRunner()
    done = run.invoke(cli, ["add", str(file), "--corpus", str(corpus)])
    assert (done.exit_code, done.output) == (0, "added inn.txt\n")
    bad = tmp_path / "a.png"
    bad.write_bytes(b"x")
    done = run.invoke(cli, ["add", str(bad), "--corpus", str(corpus), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.output) == {"source": str(bad), "path": None, "reason": "not a document (.png)"}
    done = run.invoke(cli, ["remove", "inn", "--corpus", str(corpus)], input="n\n")
    assert (corpus / "inn.txt").exists()
    done = run.invoke(cli, ["remove", "inn", "--corpus", str(corpus), "--yes"])
    assert (done.exit_code, done.output) == (0, "removed inn.txt\n")
    assert not (corpus / "inn.txt").exists()
