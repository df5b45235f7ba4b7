"""Nothing from outside commands the terminal, and no letters that are none end a command in a traceback."""

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
import wcwidth
from conftest import ROOT, ExportingHashEncoder, fakes
from hypothesis import example, given
from hypothesis import strategies as st

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.cli import main
from qa.cli.output import LEAD, style_for, wrapped
from qa.render import UNPRINTABLE
from qa.search.build import build_index
from qa.search.index import load_index
from qa.search.manifest import IndexSettings

HOSTILE = "\x1b]52;c;ZWNobw==\x07 \x1b]0;owned\x07 \x1b[2J \x1b[31m \x9b2J \x85 \u202egnp\u202c \u2066 \u200f \x7f \x08"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hostile(tmp_path: Path) -> Library:
    corpus, encoder = tmp_path / "corpus", ExportingHashEncoder()
    corpus.mkdir()
    escaped = json.dumps(HOSTILE)
    (corpus / "article.md").write_text(
        f"---\nid: {escaped}\ntitle: {escaped}\n---\n# Boat {HOSTILE}\n\n- Director {HOSTILE}: Ana {HOSTILE} Ruiz\n\n"
        f"The lake {HOSTILE} was calm in 1998.\n",
        encoding="utf-8",
    )
    (corpus / f"boat {HOSTILE}.txt").write_text(
        f"Is the lake {HOSTILE} calm?\n\nThe lake was loud.\n", encoding="utf-8"
    )
    (corpus / f"skipped {HOSTILE}.txt").write_bytes(b"\x00\xff\x00")
    build_index(corpus, tmp_path / "index", IndexSettings("hash"), lambda name: encoder)
    return assemble(load_index(tmp_path / "index"), fakes(encoder))


@pytest.fixture
def run(hostile: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """run(*arguments, stdin=b"") -> (exit code, stdout, stderr) over the hostile corpus."""
    monkeypatch.setattr("qa.ask.opening.open_with", lambda *_, **__: hostile)
    monkeypatch.setattr("qa.ask.opening.index_state", lambda *_: None)
    monkeypatch.setenv("QA_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "index"))

    def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture(params=["pipe", "terminal"])
def printed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Print into a pipe, and as if onto a terminal with colours."""
    if request.param == "terminal":
        import sys

        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)


def commands(path: Path) -> dict[str, tuple[tuple[str, ...], bytes]]:
    questions = json.dumps({"id": HOSTILE, "question": f"lake {HOSTILE}"}).encode()
    citation = {"path": f"gone {HOSTILE}", "start": 0, "end": 1, "sha256": "", "quote": ""}
    saved = json.dumps({"id": HOSTILE, "question": HOSTILE, "citations": [citation]}).encode()
    return {
        "ask": (("ask", f"Is the lake calm {HOSTILE}?"), b""),
        "explain": (("ask", "--explain", "Is the lake calm?"), b""),
        "abstain": (("ask", f"zebra {HOSTILE}"), b""),
        "batch": (("ask", "--batch", "-"), questions),
        "json": (("ask", "--json", "Is the lake calm?"), b""),
        "search": (("search", "--explain", f"lake {HOSTILE}"), b""),
        "search json": (("search", "--json", "lake"), b""),
        "chat": (("chat",), f"lake {HOSTILE}\n/sources\n/why\n/no {HOSTILE}\n".encode()),
        "sources": (("sources",), b""),
        "sources json": (("sources", "--json"), b""),
        "doctor": (("doctor",), b""),
        "verify": (("verify", "-"), saved),
        "verify json": (("verify", "--json", "-"), saved),
        "no corpus": (("index", "--corpus", f"no {HOSTILE}"), b""),
        "no file": (("ask", "--batch", f"no {HOSTILE}"), b""),
        "no option": (("ask", f"--{HOSTILE}"), b""),
        "no command": ((HOSTILE,), b""),
        "no question": (("ask", f"{HOSTILE[-1]}\x1b[2J?"), b""),
        "bad line": (("ask", "--batch", "-"), json.dumps({"question": "a", HOSTILE: 1}).encode()),
        "add": (("add", str(path / "corpus" / f"boat {HOSTILE}.txt"), f"/no {HOSTILE}"), b""),
        "remove": (("remove", f"boat {HOSTILE}.txt"), b"n\n"),
        "remove nothing": (("remove", f"no {HOSTILE}"), b""),
        "eval": (("eval", str(path / "gold.jsonl")), b""),
        "key": (("key", f"a{HOSTILE}"), b""),
        "serve": (("serve", "--rate", HOSTILE), b""),
    }


@pytest.mark.parametrize("name", commands(Path("/nowhere")))
def test_no_text_commands_the_terminal(run: Run, printed: None, tmp_path: Path, name: str) -> None:
    (tmp_path / "gold.jsonl").write_text(json.dumps({"id": HOSTILE, "question": HOSTILE}))
    arguments, stdin = commands(tmp_path)[name]
    _, out, err = run(*arguments, stdin=stdin)
    assert out + err
    ours = r"\x1b\[[\d;]+m|\x1b\]8;(?:id=\w+)?;[!-~]*\x1b\\"
    assert not UNPRINTABLE.search(re.sub(ours, "", out + err))
    if "json" in name:
        assert "\\u001b]52;c;" in out
        assert all(json.loads(line) for line in out.splitlines())


def test_colours_of_our_own_reach_a_terminal_and_those_of_a_text_do_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert style_for(Path())("a", "answer") != "a"
    _, out, _ = run("search", "lake")
    assert "\x1b[2m" in out
    assert "\x1b[31m" not in out


@pytest.mark.parametrize(
    ("arguments", "environ", "colours"),
    [
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "always"), {"TERM": "dumb"}, True),
        (("--color", "auto"), {}, False),
        ((), {}, False),
        (("--color", "never"), {}, False),
    ],
)
def test_the_flag_wins_over_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environ: dict[str, str], colours: bool
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    _, out, _ = run("ask", "Is the lake calm?", *arguments)
    assert ("\x1b[1m" in out) == colours


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_the_environment_may_ask_for_no_colour(
    run: Run, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert "\x1b" not in run("ask", "Is the lake calm?")[1]


def test_paths_are_links_where_the_terminal_has_them(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    asked = ("ask", "Is the lake calm?", "--color", "always")
    monkeypatch.setenv("FORCE_HYPERLINK", "0")
    assert "\x1b]8;" not in run(*asked)[1]
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    address = re.findall(r"\x1b\]8;;file://([^/]+)([!-~]+)\x1b\\", run(*asked)[1])[0]
    assert Path(unquote(address[1])).parent == tmp_path / "corpus"
    assert Path(unquote(address[1])).is_file()
    assert "\x1b]8;" not in run("ask", "Is the lake calm?", "--color", "never")[1]


WORDS = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30), min_size=1, max_size=20
)


@given(WORDS, st.sampled_from(["", "- ", "  - ", "  [1] ", "      ", " 1. ", "12. ", "a-b  "]), st.integers(20, 90))
@example(["日本語の文章です"] * 9, "  [1] ", 20)
def test_lines_are_wrapped_below_their_text(words: list[str], lead: str, columns: int) -> None:
    line = lead + " ".join(words)
    lines = wrapped(line, columns).split("\n")
    assert all(wcwidth.width(one) <= columns for one in lines)
    assert lines[0].startswith(lead.rstrip())
    if len(lines) > 1 and not LEAD.match(words[0]).end():
        assert all(one.startswith(" " * len(lead)) for one in lines[1:])
    assert "".join("".join(lines).split()) == "".join(line.split())


def test_colours_and_links_go_on_in_the_next_line() -> None:
    link = "\x1b]8;;file://h/a\x1b\\", "\x1b]8;;\x1b\\"
    line = f"  [1] \x1b[4m{link[0]}one two three four five{link[1]}\x1b[0m"
    lines = wrapped(line, 20).split("\n")
    assert [re.sub(r"\x1b\[[\d;]+m|\x1b\]8;.*?\x1b\\", "", one) for one in lines] == [
        "  [1] one two three",
        "      four five",
    ]
    for one in lines:
        assert re.match(r" +(?:\[1\] )?\x1b\[4m\x1b\]8;id=\w+;file://h/a", one), one
        assert one.endswith(f"{link[1]}\x1b[0m")


@pytest.mark.parametrize("json", [False, True])
def test_a_terminal_wraps_text_and_not_json(run: Run, monkeypatch: pytest.MonkeyPatch, json: bool) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    _, out, _ = run("search", "lake", *(["--json"] if json else []))
    widths = [len(line) for line in out.splitlines()]
    assert (len(widths) == 1) if json else (max(widths) <= 40 < sum(widths))


SURROGATE = os.fsdecode(b"lake \xff")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("ask", SURROGATE), b""),
        (("search", SURROGATE), b""),
        (("ask", "--batch", SURROGATE), b""),
        (("ask", "--batch", "-"), b'{"question": "lake \\ud800"}'),
        (("ask", "--batch", "-"), b'{"question": "lake", "history": ["a \\udfff"]}'),
        (("ask", "--batch", "-"), b'{"question": "lake \xff"}'),
        (("read", SURROGATE, "--passage", "-"), b"a lake"),
        (("read", "lake", "--passage", "-"), b"a lake \xff"),
        (("read", "--batch", "-"), b'{"question": "lake", "context": "\\ud800"}'),
        (("verify", SURROGATE), b""),
        (("add", SURROGATE), b""),
        (("remove", SURROGATE), b""),
        (("eval", SURROGATE), b""),
        (("key", SURROGATE), b""),
        (("serve", "--keys", SURROGATE), b""),
        (("serve", "--rate", SURROGATE), b""),
        (("ask", "--batch", "-"), b"[" * 200_000),
        (("ask", "--batch", "-"), b'{"question": "lake", "id": ' + b"[" * 900 + b"]" * 900 + b"}"),
        (("ask", "--batch", "-"), b'{"question": ' + b"9" * 5000 + b"}"),
        (("verify", "-"), b"[" * 200_000),
        (("verify", "-"), b'{"question": "a", "citations": null}'),
        (("verify", "-"), b'{"question": "a", "citations": [null]}'),
        (("verify", "-"), b'{"question": "a", "citations": ["b"]}'),
        (("verify", "-"), b'{"question": null, "citations": []}'),
        (("verify", "-"), b"{}"),
    ],
)
def test_what_is_no_text_is_one_line_and_exit_2(run: Run, arguments: tuple[str, ...], stdin: bytes) -> None:
    code, out, err = run(*arguments, stdin=stdin)
    assert (code, out) == (2, ""), err
    assert err.startswith("qa: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "x" * 5000, "../../etc/passwd", "/dev/zero", "loop"])
def test_a_citation_of_no_file_is_a_source_missing(run: Run, tmp_path: Path, path: str) -> None:
    (tmp_path / "corpus" / "loop").symlink_to("loop")
    citation = {"path": path, "start": 0, "end": 1, "sha256": "", "quote": ""}
    saved = json.dumps({"question": "a", "citations": [citation]}).encode()
    code, out, err = run("verify", "-", stdin=saved)
    assert (code, err) == (1, "")
    assert out.startswith("source missing: ")


@pytest.mark.parametrize(
    "content", ['corpus = "a\\u0000b"', 'index = "a\\u0000b"', "a = " + "[" * 20_000, "top_k = " + "9" * 5000, "\xff"]
)
def test_settings_that_cannot_be_used_are_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_CORPUS")
    monkeypatch.delenv("QA_INDEX")
    (tmp_path / "qa.toml").write_text(content, encoding="latin-1")
    code, _, err = run("ask", "lake")
    assert (code, err.count("\n")) == (2, 1), err


def test_a_chat_goes_on_after_bytes_that_are_no_text(run: Run) -> None:
    code, out, _ = run("chat", stdin=b"lake \xff\nIs the lake calm?\n")
    assert code == 0
    assert "is not UTF-8" in out
    assert out.count("\n") > 2


def test_only_one_function_prints() -> None:
    for path in (ROOT / "qa" / "cli").glob("*.py"):
        if path.name != "output.py":
            found = re.findall(r"click\.(?:echo|secho|confirm|prompt)|\bprint\(|\.write\(", path.read_text())
            assert not found, (path.name, found)
    text = (ROOT / "qa" / "cli" / "output.py").read_text()
    assert sorted(re.findall(r"click\.(echo|secho|confirm|prompt)\(", text)) == ["confirm", "echo"]
