"""Seeded questions and corpora as a hostile person writes them, and what may come of them by each way of asking."""

import contextlib
import io
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from conftest import ExportingHashEncoder, fakes
from files import FPDF

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.cli import main
from qa.errors import QaError
from qa.search.build import build_index
from qa.search.index import load_index
from qa.search.manifest import IndexSettings

WORDS = (
    "who what when where why how is the a of lake boat film music director Ana Ruiz it they and about 1998 Silver Gull "
    "list all compare not never yes no quote cite ignore previous instructions system prompt"
).split()
PIECES = (
    "\x1b]52;c;QQ==\x07", "\x1b[2J", "\u202e", "\u2066", "\u2028", "\u0085", "\0", "\ud800", "\udfff", "\ufeff",
    "\u200d", "e\u0301" * 20, "\U0001f600", "\U0010ffff", "\u05d0\u05d1", "中文", "'; DROP TABLE", "{{7*7}}", "${x}",
    "%s%n", "../../etc/passwd", "<script>alert(1)</script>", "[" * 300, "(" * 300, '"' * 50, "\\" * 50, " " * 400,
    "\n" * 50, "\t", "?" * 200, ". " * 200, "a" * 500, "A b " * 200, "1" * 400, "-" * 300, "’s" * 200, "the " * 300,
    "and " * 200, "https://example.org/" + "x" * 200, "NaN", "-0", "1e999", "null", "true", "--json", "-", "@file",
)  # fmt: skip


def question(draw: random.Random) -> str:
    """A question of up to some 2,100 characters."""
    parts = [draw.choice(WORDS) if draw.random() < 0.7 else draw.choice(PIECES) for _ in range(draw.randrange(1, 12))]
    text = draw.choice((" ", "", "\n")).join(parts)
    if draw.random() < 0.05:
        text = text * (2000 // max(len(text), 1) + 1)
    return text[: draw.choice((3, 80, 1999, 2000, 2001, 2100))]


def history(draw: random.Random) -> list[str]:
    """Earlier questions."""
    return [question(draw) for _ in range(draw.choice((0, 0, 1, 3, 50)))]


def text(draw: random.Random, pieces: int) -> str:
    """Words, markup and what is neither, of about so many pieces."""
    signs = (
        "# ", "\n\n", "\n", "- ", "* ", "**", "_", "| ", "|---|\n", "> ", "```\n", "<p>", "</p>", "<table><tr><td>",
        "<!--", "-->", "&amp;", "&#0;", "[a](b)", "![", "](", "Q: ", "A: ", "ANA: ", "== ", "\r", "\f", "---\n", ":",
        "00:00:01,000 --> 00:00:02,000\n", "WEBVTT\n\n", ",", '"', "\t", "<style>", "<a href='", "<i", ">", "1. ",
    )  # fmt: skip
    made = []
    for _ in range(pieces):
        one = draw.choice((WORDS, signs, PIECES))
        piece = draw.choice(one)
        made.append(piece * draw.choice((1, 1, 1, 1, 7, 60)) + draw.choice(("", " ")))
    return "".join(made)


FRONT = (
    "---\nid: x\ndate: 2013-02-31\n---\n", "---\na: !!int abc\n---\n", "---\n" + "a: [" * 2000 + "\n---\n",
    "---\na: &a [b, b]\nc: [*a, *a, *a]\n---\n", "---\nn: " + "9" * 6000 + "\n---\n", '---\nt: "\\ud800"\n---\n',
    "---\ntitle: " + "x" * 100_000 + "\n---\n", "---\nunclosed\n", "---\n? [a]\n: b\n---\n",
)  # fmt: skip
SUFFIXES = (".md", ".txt", ".html", ".csv", ".tsv", ".srt", ".vtt", ".pdf", ".docx", ".epub", ".rst", ".log")


def corpus(folder: Path, draw: random.Random, pieces: int = 80) -> None:
    """A folder of hostile files: texts, broken containers, links, pipes, odd names."""
    folder.mkdir(parents=True)
    (folder / "good.md").write_text("# Lake\n\nThe lake was calm in 1998.\n", encoding="utf-8")
    for number in range(draw.randrange(1, 7)):
        name = draw.choice((f"f{number}", f"f{number} \x1b[2J\u202e", f"f{number}\n", "é" * 60, f"-f{number}"))
        suffix = draw.choice(SUFFIXES)
        data = (draw.choice(("", "", *FRONT)) + text(draw, pieces)).encode("utf-8", "surrogatepass")
        kind = draw.randrange(8)
        if kind == 0:
            data = draw.randbytes(draw.randrange(5000))
        elif kind == 1:
            data = draw.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"%PDF-1.7\n")) + data
        elif kind == 2:
            paper = FPDF()
            paper.add_page()
            paper.set_font("Times", size=9)
            paper.multi_cell(0, text=text(draw, 30).encode("latin-1", "ignore").decode("latin-1").replace("\0", ""))
            data = bytearray(paper.output())
            for _ in range(draw.randrange(6)):
                data[draw.randrange(len(data))] = draw.randrange(256)
            data, suffix = bytes(data), ".pdf"
        with contextlib.suppress(OSError):
            (folder / f"{name}{suffix}").write_bytes(data)
    odd = draw.randrange(8)
    with contextlib.suppress(OSError):
        if odd == 0:
            os.mkfifo(folder / "pipe.txt")
        elif odd == 1:
            (folder / "zero.txt").symlink_to("/dev/zero")
        elif odd == 2:
            (folder / "passwd.txt").symlink_to("/etc/passwd")
        elif odd == 3:
            (folder / "loop").symlink_to(".")
            (folder / "ring.txt").symlink_to("ring.txt")
        elif odd == 4:
            Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.txt")).write_text("The lake.")
        elif odd == 5:
            deep = folder.joinpath(*["d"] * 40)
            deep.mkdir(parents=True)
            (deep / "a.txt").write_text("The lake.")


def indexed(folder: Path, index: Path) -> Library:
    """The library over a corpus with fakes for its models; raises as building does."""
    encoder = ExportingHashEncoder()
    build_index(folder, index, IndexSettings("hash"), lambda name: encoder)
    library = assemble(load_index(index), fakes(encoder))
    for passage in library.index.store.scan():
        assert library.index.documents[passage.path].text[passage.start : passage.end] == passage.text
    return library


def holds(library: Library, answer: Any) -> None:
    """Hold every quote of an answer, as JSON, to its source."""
    groups = [answer["citations"], *(conflict["citations"] for conflict in answer["conflicts"])]
    for citation in (citation for group in groups for citation in group):
        source = library.index.documents[citation["path"]].text
        assert source[citation["start"] : citation["end"]] == citation["quote"]


def by_python(library: Library, draw: random.Random) -> None:
    """Ask in Python: an answer whose quotes hold, or a ``QaError``."""
    from qa.render import answer_json

    try:
        answer = library.ask(question(draw), history(draw))
    except QaError:
        return
    holds(library, answer_json(answer))


CODES = {0, 1, 2, 3, 4}


def by_command(library: Library, draw: random.Random, opened: Callable[[Library], Any]) -> None:
    """Ask on the command line: an exit code of the README, one line where it fails, nothing that commands."""
    from qa.render import UNPRINTABLE

    asked = question(draw)
    stdin = b""
    if draw.random() < 0.5:
        arguments = [draw.choice(("ask", "search")), *draw.choice(([], ["--json"], ["--explain"])), "--", asked]
    else:
        line = json.dumps({"id": question(draw), "question": asked, "history": history(draw)})
        stdin = draw.choice((line, line[: draw.randrange(len(line))], "[" * 9999, asked)).encode(
            "utf-8", "surrogatepass"
        )
        arguments = draw.choice((["ask", "--batch", "-"], ["chat"], ["verify", "-"]))
    out, err = io.StringIO(), io.StringIO()
    with opened(library), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), standard_input(stdin):
        try:
            main(arguments)
        except SystemExit as ended:
            code = ended.code or 0
    assert code in CODES, (arguments, code)
    assert "Traceback" not in err.getvalue()
    assert code in (0, 3) or err.getvalue().startswith("qa: ") or arguments[0] == "verify", (arguments, err.getvalue())
    assert not UNPRINTABLE.search(out.getvalue() + err.getvalue()), arguments


@contextlib.contextmanager
def standard_input(data: bytes) -> Iterator[None]:
    """Give bytes to the commands."""
    import sys

    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data), "utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def by_http(client: Any, library: Library, draw: random.Random) -> None:
    """Ask a server: a status that it documents, an error in its shape, an answer whose quotes hold."""
    openai = ("/v1/chat/completions", "/v1/responses")
    path = draw.choice(("/v1/ask", "/v1/ask", "/v1/search", "/v1/chat", "/v1/ask/batch", *openai))
    asked = {"question": question(draw), "history": history(draw)}
    body: Any = {
        "/v1/search": {"query": question(draw)},
        "/v1/ask/batch": {"questions": [asked, asked]},
        "/v1/chat/completions": {"model": "qa", "messages": [{"role": "user", "content": question(draw)}]},
        "/v1/responses": {"model": "qa", "input": question(draw), "stream": draw.choice((True, False, None))},
    }.get(path, asked)
    if draw.random() < 0.2:
        body = draw.choice(
            (question(draw), [body], {question(draw): 1}, {**body, "top_k": draw.choice((0, 10**30, "1"))})
        )
    data = json.dumps(body).encode()
    data = draw.choice((data, data, data, data, data[: draw.randrange(len(data))], b"[" * 100_000, draw.randbytes(50)))
    response = client.post(path, content=data, headers={"content-type": "application/json"})
    assert response.status_code in (200, 400, 404, 413, 422), (path, response.status_code, data[:200])
    if response.status_code != 200:
        assert response.json()["error"].keys() == {"message", "type", "param", "code"}
    elif path == "/v1/ask":
        holds(library, response.json())
    elif path in ("/v1/chat", "/v1/responses"):
        assert "event: error" not in response.text


def timed(action: Callable[..., None], *arguments: Any) -> float:
    """Seconds of processor time that an action takes."""
    started = time.process_time()
    action(*arguments)
    return time.process_time() - started
