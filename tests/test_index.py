"""Build, verify, load: what changes, what is reused, what is refused, and what a stopped build leaves."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ExportingHashEncoder, fakes
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qa.ask.opening import open_with
from qa.config import Settings
from qa.errors import IndexUnusable, SourceError, UsageError
from qa.ingest.corpus import document_of
from qa.ingest.splitter import SplitterSettings
from qa.models.card import CARD_FILE
from qa.models.onnx import file_sha256
from qa.search import manifest
from qa.search.build import build_index, grouped
from qa.search.index import Index, load_index
from qa.search.manifest import (
    CURRENT,
    MANIFEST,
    SEEN,
    IndexSettings,
    Seen,
    check_fresh,
    code_sha256,
    current_build,
    read_manifest,
)

SETTINGS = IndexSettings("hash")


def test_layout_and_manifest(build: Callable[[], Index], tmp_path: Path) -> None:
    index = build()
    assert (tmp_path / "index" / CURRENT).read_text().strip() == index.version == index.folder.name
    assert set(index.manifest.sources) == {"article.md", "interview.txt"}
    assert index.manifest.counts.passages == index.store.count()
    listed = set(index.manifest.files)
    there = {path.relative_to(index.folder).as_posix() for path in index.folder.rglob("*") if path.is_file()}
    assert there == listed | {MANIFEST}
    assert not [name for name in there if name.endswith((".pkl", ".pickle"))]


def test_same_sources_give_the_same_bytes(build: Callable[[], Index], corpus: Path, tmp_path: Path) -> None:
    first = build()
    second = build_index(corpus, tmp_path / "other", SETTINGS, lambda name: ExportingHashEncoder())
    assert second.name == first.version


def test_only_changed_texts_are_encoded_again(
    build: Callable[[], Index], corpus: Path, encoder: ExportingHashEncoder
) -> None:
    build()
    encoder.encoded.clear()
    path = corpus / "article.md"
    path.write_text(path.read_text().replace("It won the Silver Gull in 1999.", "It won the Golden Carp."))
    build()
    assert encoder.encoded
    assert all("Golden Carp" in text for text in encoder.encoded)


def test_a_deleted_source_leaves_nothing_behind(build: Callable[[], Index], corpus: Path) -> None:
    old = build()
    (corpus / "interview.txt").unlink()
    new = build()
    assert not old.folder.exists()
    for path in new.folder.rglob("*"):
        assert path.is_dir() or b"interview" not in path.read_bytes()
    assert "okri" in new.vocabulary  # still in the article
    assert "bottles" not in new.vocabulary


@pytest.mark.parametrize("change", ["edited", "deleted", "renamed", "added"])
def test_every_change_of_the_sources_is_named(build: Callable[[], Index], corpus: Path, change: str) -> None:
    manifest = build().manifest
    check_fresh(corpus, manifest, SETTINGS)
    path = corpus / "interview.txt"
    if change == "edited":
        path.write_text(path.read_text() + "\n")
    elif change == "deleted":
        path.unlink()
    elif change == "renamed":
        path.rename(corpus / "talk.txt")
    else:
        (corpus / "new.txt").write_text("New words.")
    expected = {"edited": "interview.txt was changed", "deleted": "interview.txt is gone"}
    expected |= {"renamed": "interview.txt is gone", "added": "new.txt is new"}
    with pytest.raises(IndexUnusable, match=f"stale: the source {expected[change]}; run `qa index`"):
        check_fresh(corpus, manifest, SETTINGS)


def test_what_decides_makes_an_index_stale_and_nothing_else(tmp_path: Path) -> None:
    card = tmp_path / "models" / "weights" / "encoder" / CARD_FILE
    spelling = tmp_path / "search" / "lexicon.py"
    for path in (card, spelling, tmp_path / "ingest" / "formats" / "new.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("first")
    before = code_sha256(tmp_path)
    spelling.write_text("another spelling of queries")
    assert code_sha256(tmp_path) == before
    card.write_text("trained anew")
    assert code_sha256(tmp_path) != before


def test_other_settings_make_an_index_stale(build: Callable[[], Index], corpus: Path) -> None:
    manifest = build().manifest
    with pytest.raises(IndexUnusable, match="encoder hash, not other"):
        check_fresh(corpus, manifest, IndexSettings("other"))
    with pytest.raises(IndexUnusable, match="another version of qa"):
        check_fresh(corpus, replace(manifest, code_sha256="0"), SETTINGS)
    with pytest.raises(IndexUnusable, match="other splitter settings"):
        check_fresh(corpus, manifest, replace(SETTINGS, splitter=SplitterSettings(max_words=9)))


FILES = [
    "segments/*/passages.jsonl",
    "segments/*/passages.f32",
    "segments/*/sentences.f32",
    "segments/*/arrays",
    "segments/*/documents.jsonl",
    "words.txt",
    "encoder/card.json",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing"])
def test_every_damage_is_named(build: Callable[[], Index], tmp_path: Path, name: str, damage: str) -> None:
    path = next(build().folder.glob(name))
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "truncated" else bytes([data[0] ^ 1]) + data[1:])
    with pytest.raises(IndexUnusable, match=rf"{path.name}.*run `qa index`"):
        load_index(tmp_path / "index")


def test_damaged_manifest_pointer_and_schema(build: Callable[[], Index], tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with pytest.raises(IndexUnusable, match="no index here; run `qa index`"):
        load_index(folder)
    index = build()
    manifest = index.folder / MANIFEST
    good = manifest.read_text()
    manifest.write_text(good.replace('"documents": 2', '"documents": 3'))
    with pytest.raises(IndexUnusable, match="was changed after the build"):
        load_index(folder)
    manifest.write_text(json.dumps(json.loads(good) | {"schema_version": 99}))
    with pytest.raises(IndexUnusable, match="schema 99"):
        load_index(folder)
    old = json.loads(good)
    del old["code_sha256"]
    data = json.dumps(old).encode()
    renamed = index.folder.rename(folder / hashlib.sha256(data).hexdigest()[:12])
    (renamed / MANIFEST).write_bytes(data)
    with pytest.raises(IndexUnusable, match="is not a manifest \\('code_sha256'\\)"):
        read_manifest(renamed)
    renamed.rename(index.folder)
    manifest.write_text(good[:-9])
    with pytest.raises(IndexUnusable, match="cannot be read"):
        load_index(folder)
    (folder / CURRENT).write_text("nonsense\n")
    with pytest.raises(IndexUnusable, match="names the build 'nonsense'"):
        current_build(folder)


def test_a_build_mends_a_damaged_one_of_the_same_version(build: Callable[[], Index]) -> None:
    first = build()
    next(first.folder.glob("segments/*/passages.jsonl")).write_text("")
    assert build().version == first.version


def test_a_failing_build_leaves_the_old_index_usable(build: Callable[[], Index], corpus: Path, tmp_path: Path) -> None:
    old = build()

    class Dying(ExportingHashEncoder):
        def export(self, folder: Path) -> None:
            raise KeyboardInterrupt

    (corpus / "new.txt").write_text("Words.")
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus, tmp_path / "index", SETTINGS, lambda name: Dying(32))
    assert load_index(tmp_path / "index").version == old.version
    assert not list((tmp_path / "index").glob(".build-*"))


def test_what_a_killed_build_left_is_cleared(build: Callable[[], Index], tmp_path: Path) -> None:
    left = tmp_path / "index" / ".build-abc"
    left.mkdir(parents=True)
    (left / "passages.jsonl").write_text("half")
    (tmp_path / "index" / ".building").write_text(".build-abc\n")
    index = build()
    assert not left.exists()
    assert read_manifest(index.folder).counts.documents == 2


@pytest.mark.parametrize("name", ["app/manifest.json", "0123456789ab.txt", ".build-mine/manifest.json", "photo.jpg"])
def test_an_index_folder_that_holds_anything_else_is_left_alone(
    build: Callable[[], Index], tmp_path: Path, name: str
) -> None:
    foreign = tmp_path / "index" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_text("{}")
    with pytest.raises(UsageError, match=f"holds '{name.partition('/')[0]}', which is not of an index"):
        build()
    assert foreign.read_text() == "{}"
    assert not (tmp_path / "index" / CURRENT).exists()


def test_a_folder_that_only_looks_like_a_build_is_kept(build: Callable[[], Index], tmp_path: Path) -> None:
    foreign = tmp_path / "index" / "0123456789ab"
    foreign.mkdir(parents=True)
    (foreign / MANIFEST).write_text("{}")
    build()
    build()
    assert (foreign / MANIFEST).read_text() == "{}"


def test_an_index_inside_its_corpus_is_refused(corpus: Path) -> None:
    with pytest.raises(UsageError, match="lies inside the corpus"):
        build_index(corpus, corpus / "index", SETTINGS, lambda name: ExportingHashEncoder())
    assert not (corpus / "index").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 100_000, b"", b"../../etc\n", b"\0"])
def test_a_damaged_pointer_is_named_and_mended_by_a_build(
    build: Callable[[], Index], tmp_path: Path, content: bytes
) -> None:
    first = build()
    (tmp_path / "index" / CURRENT).write_bytes(content)
    with pytest.raises(IndexUnusable, match="run `qa index`"):
        load_index(tmp_path / "index")
    assert build().version == first.version


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c"])
def test_line_separators_in_a_source_do_not_end_the_lines_of_an_index(
    build: Callable[[], Index], corpus: Path, separator: str
) -> None:
    (corpus / "odd.txt").write_text(f"One{separator}two of a kind.", encoding="utf-8")
    index = build()
    assert f"One{separator}two of a kind." in [passage.text for passage in index.store.scan()]
    assert index.documents["odd.txt"].text == f"One{separator}two of a kind."


def test_opening_reads_each_source_once(
    build: Callable[[], Index], corpus: Path, tmp_path: Path, encoder: ExportingHashEncoder, monkeypatch: Any
) -> None:
    build()
    read: list[str] = []
    before = Path.read_bytes

    def counting(path: Path) -> bytes:
        if path.is_relative_to(corpus):
            read.append(path.name)
        return before(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    open_with(Settings(corpus=corpus, index=tmp_path / "index", encoder="hash"), parts=fakes(encoder))
    assert sorted(read) == ["article.md", "interview.txt"]


def test_a_corpus_without_words_is_refused(corpus: Path, build: Callable[[], Index]) -> None:
    for path in corpus.iterdir():
        path.write_text("\n\n***\n")
    with pytest.raises(SourceError, match="no text that could be cited"):
        build()


def test_only_changed_files_are_read_again(
    build: Callable[[], Index], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build()
    read: list[str] = []
    monkeypatch.setattr("qa.ingest.corpus.document_of", lambda data, path: read.append(path) or document_of(data, path))
    path = corpus / "article.md"
    path.write_text(path.read_text().replace("Silver Gull", "Golden Carp"))
    second = build()
    assert read == ["article.md"]
    interview = [passage for passage in second.store.scan() if passage.path == "interview.txt"]
    assert interview == [passage for passage in first.store.scan() if passage.path == "interview.txt"]
    assert second.documents["interview.txt"] == first.documents["interview.txt"]


def test_a_document_whose_id_is_free_again_is_read_again(build: Callable[[], Index], corpus: Path) -> None:
    (corpus / "interview.md").write_text("Another one about bottles.\n")
    assert build().documents["interview.txt"].doc_id == "interview.txt"
    (corpus / "interview.md").unlink()
    index = build()
    assert index.documents["interview.txt"].doc_id == "interview"
    assert {passage.doc_id for passage in index.store.scan()} == {"article", "interview"}


def test_progress_counts_files_and_passages(corpus: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build_index(corpus, tmp_path / "i", SETTINGS, lambda name: ExportingHashEncoder(), lambda *step: told.append(step))
    assert told[:2] == [("files", 1, 2), ("files", 2, 2)]
    what, done, total = told[-1]
    assert what == "passages"
    assert done == total


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let files become old enough to be known by their times."""
    monkeypatch.setattr("qa.search.manifest.SETTLED_NS", 5 * 10**7)
    return lambda: time.sleep(0.1)


def test_what_was_not_touched_is_not_read_again(
    build: Callable[[], Index],
    corpus: Path,
    tmp_path: Path,
    encoder: ExportingHashEncoder,
    monkeypatch: pytest.MonkeyPatch,
    settled: Callable[[], None],
) -> None:
    build()
    settled()
    settings = Settings(corpus=corpus, index=tmp_path / "index", encoder="hash")
    open_with(settings, parts=fakes(encoder))
    read: list[Path] = []
    for name in ("file_sha256", "source_sha256"):
        before = getattr(manifest, name)
        monkeypatch.setattr(manifest, name, lambda path, before=before: read.append(path) or before(path))
    version = open_with(settings, parts=fakes(encoder)).version
    assert read == []
    path = corpus / "article.md"
    path.write_text(path.read_text().replace("1999", "1998"))  # as long as before
    assert open_with(settings, parts=fakes(encoder)).version != version
    assert path in read


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "{", "[[1]]", '{"x": [1, 2, 3, 4, 5]}'])
def test_damaged_knowledge_of_files_is_no_knowledge(
    build: Callable[[], Index], tmp_path: Path, content: str, settled: Callable[[], None]
) -> None:
    version = build().version
    settled()
    (tmp_path / "index" / SEEN).write_text(content)
    assert load_index(tmp_path / "index", Seen(tmp_path / "index" / SEEN)).version == version


def test_a_wrong_hash_that_is_known_is_taken_again(
    build: Callable[[], Index], tmp_path: Path, settled: Callable[[], None]
) -> None:
    version = build().version
    settled()
    kept = tmp_path / "index" / SEEN
    seen = Seen(kept)
    load_index(tmp_path / "index", seen)
    seen.keep()
    kept.write_text(json.dumps({name: [*stat, "0" * 64] for name, (*stat, _) in json.loads(kept.read_text()).items()}))
    assert load_index(tmp_path / "index", Seen(kept)).version == version


def test_a_disk_that_changes_bytes_is_found_by_reading_all(build: Callable[[], Index], tmp_path: Path) -> None:
    path = next(build().folder.glob("segments/*/passages.f32"))
    digest, data = file_sha256(path), path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    kept, found = tmp_path / "index" / SEEN, path.stat()
    stat = [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]
    kept.write_text(json.dumps({str(path): [*stat, digest]}))  # as if nobody had written to it
    load_index(tmp_path / "index", Seen(kept))
    with pytest.raises(IndexUnusable, match="damaged"):
        load_index(tmp_path / "index")


@given(st.sets(st.integers(0, 999), min_size=1, max_size=200), st.integers(0, 999))
def test_a_path_that_comes_changes_one_run_of_paths(numbers: set[int], new: int) -> None:
    before = grouped([f"{number:03d}.txt" for number in sorted(numbers)])
    after = grouped([f"{number:03d}.txt" for number in sorted(numbers | {new})])
    assert [path for run in after for path in run] == [f"{number:03d}.txt" for number in sorted(numbers | {new})]
    assert len([run for run in after if run not in before]) <= 2


def test_a_changed_file_costs_its_segment(
    build: Callable[[], Index], corpus: Path, encoder: ExportingHashEncoder
) -> None:
    for number in range(150):
        (corpus / f"note-{number:03d}.txt").write_text(f"The note number {number} is about the lake.\n")
    first = build()
    assert len(first.segments) > 3
    (corpus / "note-077.txt").write_text("Another note.\n")
    second = build()
    assert len(set(first.manifest.segments) ^ set(second.manifest.segments)) == 2
    fresh = build_index(corpus, corpus.parent / "fresh", SETTINGS, lambda name: ExportingHashEncoder())
    assert fresh.name == second.version
    (corpus / "note-077.txt").unlink()
    build()
    (corpus / "note-077.txt").write_text("The note number 77 is about the lake.\n")
    assert build().version == first.version
