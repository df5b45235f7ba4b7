"""The commands as a person runs them, over the project's corpus and the real models."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import README, ROOT

from qa.ask.opening import LARGE, reader_card
from qa.cli import cli, main
from qa.cli.output import ProgressBar
from qa.models.card import JointCard

pytestmark = pytest.mark.real
SCHEMA = json.loads((ROOT / "qa" / "answer.schema.json").read_text())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(real_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run(*arguments, stdin="") -> (exit code, stdout, stderr), with corpus and index in the environment."""
    monkeypatch.setenv("QA_CORPUS", str(ROOT / "corpus"))
    monkeypatch.setenv("QA_INDEX", str(real_index))

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def test_ask_answers_with_a_citation(run: Run) -> None:
    code, out, err = run("ask", "Who composed the music of the film?")
    assert (code, err) == (0, "")
    assert "Marc Marder" in out
    path, start, end = re.search(r"\((\S+\.md):(\d+)-(\d+)\)", out).groups()
    assert "Marc Marder" in (ROOT / "corpus" / path).read_text(encoding="utf-8")[int(start) : int(end)]
    assert "\x1b" not in out


EXAMPLES = re.findall(r'^\$ qa ask "([^"\n]+)"\n(.+?)\n\n?(?=\$|```)', README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("question", "shown"), EXAMPLES)
def test_the_readme_shows_what_is_answered(run: Run, question: str, shown: str) -> None:
    _, out, _ = run("ask", question)
    assert out.startswith(shown + "\n")


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) > 1


def test_the_readme_explains_what_is_answered(run: Run) -> None:
    question, shown = re.findall(r'^\$ qa ask --explain "([^"\n]+)"\n(.+?)\n```', README, re.MULTILINE | re.DOTALL)[0]
    _, out, _ = run("ask", "--explain", question)
    score, took = r"(?<![\d#-])-?\d+\.\d{3}(?!\d)", r" *\d+ ms"
    lines = out.split("\n")[: shown.count("\n") + 1]
    shown, out = (re.sub(took, "", text) for text in (shown, "\n".join(lines)))
    assert re.sub(f" *{score}", "", out) == re.sub(f" *{score}", "", shown)
    # The logits differ a little from processor to processor.
    assert list(map(float, re.findall(score, out))) == pytest.approx(
        list(map(float, re.findall(score, shown))), abs=0.3
    )
    fusion, threshold = reader_card().fusion, JointCard.load(LARGE).confidence.threshold
    weights = (fusion.passage, fusion.sentence, fusion.bm25, f"{threshold:.3f}")
    explained = README.split("## A worked question")[1].split("## Use")[0]
    assert [value for value in map(str, weights) if not re.search(rf"\b{re.escape(value)}\b", explained)] == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [("How long is it?", "92 minutes"), ("who shot it", "Prum Mesa"), ("hello", None), ("who are you?", None)],
)
def test_a_short_question_is_no_small_talk(run: Run, question: str, answer: str | None) -> None:
    assert json.loads(run("ask", question, "--json")[1])["answer"] == answer


def test_ask_abstains_with_its_own_exit_code(run: Run) -> None:
    code, out, _ = run("ask", "What is the boiling point of helium in kelvin?")
    assert code == 3
    assert out.startswith("The sources do not say.")


def test_ask_json_follows_the_schema(run: Run) -> None:
    code, out, _ = run("ask", "when did it win at cannes", "--json", "--explain", "--top-k", "2")
    answer = json.loads(out)
    jsonschema.validate(answer, SCHEMA)
    assert code == 0
    assert len(answer["passages"]) == 2
    assert {"passage_cosine", "sentence_cosine", "bm25", "coverage"} == set(answer["passages"][0]["scores"])


def test_batch_answers_every_line_in_one_process(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    rows = [
        {"id": "a", "question": "Who narrates the French version?"},
        {"id": "b", "question": "and in English?", "history": ["Who narrates the French version?"]},
        {"id": "c", "question": "How do I bake sourdough bread?", "history": []},
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    code, out, _ = run("ask", "--batch", file, "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    for answer in answers:
        jsonschema.validate(answer, SCHEMA)
    assert answers[1]["interpreted_as"] == "Who narrates the French version in English?"
    assert answers[2]["abstained"]
    assert run("ask", "--batch", "-", stdin='{"question": "Who composed the music?"}')[1].startswith("1: Who composed")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "q.jsonl:2: not JSON"),
        ("[]", "q.jsonl:2: not an object"),
        ('{"question": 3}', "q.jsonl:2: question must be a string"),
        ('{"question": "x", "history": "y"}', "q.jsonl:2: history must be a list of strings"),
        ('{"question": "x", "history": [1]}', "q.jsonl:2: history must be a list of strings"),
        ('{"question": "x", "q": 1}', "q.jsonl:2: unknown key 'q'"),
        ('{"id": "a", "question": "x"}', "q.jsonl:2: the id 'a' is there twice"),
        ('{"question": "  "}', "has no word in it"),
    ],
)
def test_a_bad_batch_line_is_named_before_anything_is_answered(
    run: Run, tmp_path: Path, line: str, message: str
) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "a", "question": "Who?"}\n' + line + "\n")
    code, out, err = run("ask", "--batch", tmp_path / "q.jsonl", "--json")
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask",), "give one question in quotes, - for standard input, or --batch FILE"),
        (("ask", ""), "has no word in it"),
        (("ask", "x", "--batch", "y"), "give one question"),
        (("ask", "x", "--corpus", "/nowhere"), "/nowhere: no such corpus folder"),
        (("ask", "x", "--top-k", "0"), "top_k is 0; give a number from 1 to 100"),
        (("ask", "x", "--top-k", "many"), "'many' is not a valid integer"),
        (("ask", "--batch", "/nowhere.jsonl"), "/nowhere.jsonl: cannot be read"),
        (("askk",), "No such command 'askk'"),
        (("verify", "/nowhere.json"), "/nowhere.json: cannot be read"),
    ],
)
def test_usage_errors_are_one_line_and_exit_2(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_qa_alone_and_qa_help_are_the_help(run: Run) -> None:
    for arguments in ((), ("help",), ("--help",)):
        code, out, err = run(*arguments)
        assert (code, err) == (0, "")
        assert all(f"  {name} " in out for name in cli.every())
        assert "..." not in out.partition("Commands:")[2], "a first sentence is too long for its line"
    assert run("help", "ask") == run("ask", "--help")
    assert run("help", "nope") == (2, "", "qa: there is no command 'nope'; `qa help` lists them\n")


def test_a_wrong_command_or_option_is_told_where_help_is(run: Run) -> None:
    assert "Did you mean 'ask'? `qa --help` shows what there is." in run("askk")[2]
    assert "`qa ask --help` shows what there is." in run("ask", "--nope", "x")[2]


def test_a_question_comes_in_words_or_from_standard_input(run: Run) -> None:
    whole = run("ask", "Who composed the music?", "--json")[1]
    for arguments, stdin in ((("Who", "composed", "the", "music?"), ""), (("-",), "Who composed the music?\n")):
        answer = json.loads(run("ask", *arguments, "--json", stdin=stdin)[1])
        assert answer["answer"] == json.loads(whole)["answer"] == "Marc Marder"
        assert answer["question"] == "Who composed the music?"
    assert run("ask", "-", stdin="\n")[0] == 2


def test_a_question_is_held_to_named_sources(run: Run) -> None:
    held = ("--source", "interview", "--json")
    asked = json.loads(run("ask", "Who composed the music?", *held)[1])
    assert asked["citations"] == []
    assert {passage["doc_id"] for passage in asked["passages"]} == {"interview"}
    assert json.loads(run("chat", *held, stdin="Who composed the music?\n")[1])["passages"] == asked["passages"]
    code, _, err = run("ask", "Who?", "--source", "nope")
    assert (code, err) == (2, "qa: no source has the id 'nope'; known are encyclopaedia, film-database, interview\n")


def test_formats(run: Run) -> None:
    question = ("ask", "Who composed the music?")
    assert run(*question, "--format", "text")[1] == run(*question)[1]
    assert json.loads(run(*question, "--format", "json")[1]).keys() == json.loads(run(*question, "--json")[1]).keys()
    assert run(*question, "--format", "md")[1].startswith("**Marc Marder**\n\n1. “Music: **Marc Marder**” — ")
    assert run("search", "clay", "--format", "md")[1].startswith("1. ")
    assert run("sources", "--format", "md")[1].count("\n- ") == 2
    assert run("ask", "--batch", "-", "--format", "md", stdin='{"question": "Who?"}')[1].startswith("## 1: Who?\n\n**")
    asked = "Who composed the music?\n"
    assert "— The Missing Picture (encyclopaedia.md:" in run("chat", "--format", "md", stdin=asked)[1]


def test_quiet_says_nothing_beside_the_answer(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("The kiln is fired on Thursdays.")
    (tmp_path / "notes" / "b.png").write_bytes(b"\x89PNG\x00")
    ask = ("ask", "When is the kiln fired?", "--corpus", tmp_path / "notes")
    told = [qa(*ask, *flags, XDG_CACHE_HOME=str(tmp_path / str(flags))).stderr for flags in ((), ("--quiet",))]
    assert "1 file skipped: b.png" in told[0]
    assert told[1] == ""


def test_search_lists_passages(run: Run) -> None:
    code, out, _ = run("search", "clay figures", "--top-k", "3", "--json")
    assert code == 0
    assert len(json.loads(out)) == 3
    assert run("search", "clay figures", "--explain")[1].split()[:3] == ["score", "passage", "sentence"]


def test_sources_and_doctor(run: Run, real_index: Path) -> None:
    assert [source["doc_id"] for source in json.loads(run("sources", "--json")[1])["sources"]] == [
        "encyclopaedia",
        "film-database",
        "interview",
    ]
    code, out, _ = run("doctor", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["state"] == "current"
    assert report["version"] == (real_index / "CURRENT").read_text().strip()
    assert report["sample"]["answer"]


def test_index_says_what_it_did(run: Run) -> None:
    code, out, _ = run("index")
    assert code == 0
    assert "is current: 3 documents" in out


def test_verify_tells_changed_sources(run: Run, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(ROOT / "corpus", tmp_path / "corpus"))
    _, out, _ = run("ask", "Who composed the music?", "--json")
    saved = tmp_path / "saved.jsonl"
    saved.write_text(out)
    code, out, _ = run("verify", saved, "--corpus", corpus)
    assert code == 0
    assert {line.split(":")[0] for line in out.splitlines()} == {"unchanged"}
    for path in corpus.glob("*.md"):
        path.write_text(path.read_text() + "\nMore.\n")
    code, out, _ = run("verify", saved, "--corpus", corpus, "--json")
    assert code == 1
    assert {json.loads(line)["status"] for line in out.splitlines()} == {"source changed since"}
    saved.write_text("[]garbage")
    assert run("verify", saved)[0] == 2


def test_chat_keeps_history_and_knows_its_commands(run: Run) -> None:
    lines = [
        "Who narrates the French version?",
        "and in English?",
        "/why",
        "/sources",
        "/help",
        "",
        "?!",
        "/quit",
        "never",
    ]
    code, out, _ = run("chat", stdin="\n".join(lines))
    assert code == 0
    assert "(understood as: Who narrates the French version in English?)" in out
    assert "confidence" in out
    assert "interview.md" in out
    assert "Commands: /sources, /why, /quit." in out
    assert "has no word in it" in out
    assert "never" not in out


def test_every_command_has_help_and_the_common_options() -> None:
    for name, command in cli.every().items():
        assert command.help, name
        if name == "help":
            continue
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--corpus", "--index", "--json"} <= options, name


# --- failures, in processes of their own ----------------------------------------------------------------------


def qa(*arguments: str | Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environ, timeout=120, check=False)


@pytest.mark.parametrize("damage", ["edited", "empty", "binary", "truncated"])
def test_a_bad_corpus_or_index_is_one_line_and_an_exit_code(real_copy: Path, tmp_path: Path, damage: str) -> None:
    corpus = Path(shutil.copytree(ROOT / "corpus", tmp_path / "corpus"))
    places = ("--corpus", corpus, "--index", real_copy)
    if damage == "edited":  # renewed by itself
        path = corpus / "interview.md"
        path.write_text(path.read_text().replace("karaoke bar", "karaoke parlour with neon"))
        done = qa("ask", "Where is there a parlour with neon?", *places)
        assert done.returncode == 0
        assert "neon" in done.stdout
        return
    if damage == "truncated":  # mended by itself
        build = real_copy / (real_copy / "CURRENT").read_text().strip()
        vectors = next(build.glob("segments/*/passages.f32"))
        vectors.write_bytes(vectors.read_bytes()[:-7])
        assert qa("ask", "Who composed the music?", *places).returncode == 0
        return
    for path in corpus.iterdir():
        path.unlink()
    if damage == "binary":
        (corpus / "blob.txt").write_bytes(b"\x00\xff\x00")
    for command in (("ask", "Who composed the music?"), ("index",)):
        done = qa(*command, *places)
        assert (done.returncode, done.stdout) == (4, "")
        assert done.stderr.count("\n") == 1
        assert ("blob.txt" if damage == "binary" else "holds no source document") in done.stderr
    shutil.copytree(ROOT / "corpus", corpus, dirs_exist_ok=True)
    done = qa("ask", "Who composed the music?", *places)
    assert done.returncode == 0
    assert ("qa: 1 file skipped: blob.txt (a binary file, not text)" in done.stderr) == (damage == "binary")


def test_an_index_of_another_corpus_is_not_overwritten_in_silence(real_index: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "notes"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The kiln is fired on Thursdays.")
    version = (real_index / "CURRENT").read_text()
    done = qa("ask", "When is the kiln fired?", "--corpus", corpus, "--index", real_index)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is the index of" in done.stderr
    assert (real_index / "CURRENT").read_text() == version


def test_a_corpus_alone_has_an_index_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("The kiln is fired on Thursdays.")
    done = qa("ask", "When is the kiln fired?", "--corpus", tmp_path / "notes", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (done.returncode, "Thursdays" in done.stdout) == (0, True), done.stderr
    assert len(list((tmp_path / "cache" / "qa").glob("notes-*/CURRENT"))) == 1
    assert list((tmp_path / "notes").iterdir()) == [tmp_path / "notes" / "a.txt"]


def test_a_killed_build_leaves_the_old_index_usable(real_copy: Path, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(ROOT / "corpus", tmp_path / "corpus"))
    version = (real_copy / "CURRENT").read_text()
    command = [sys.executable, "-m", "qa", "index", "--force", "--corpus", str(corpus), "--index", str(real_copy)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and not list(real_copy.glob(".build-*")):
        pass
    process.kill()
    assert process.wait() != 0
    assert (real_copy / "CURRENT").read_text() == version
    done = qa("ask", "Who composed the music?", "--corpus", corpus, "--index", real_copy)
    assert done.returncode == 0
    assert "Marc Marder" in done.stdout


def test_asking_imports_no_torch(real_index: Path) -> None:
    code = (
        "import sys; from qa import open_library; "
        f"lib = open_library({str(ROOT / 'corpus')!r}, {str(real_index)!r}, build=False); lib.ask('Who made it?'); "
        "print(sorted(m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_is_no_error(real_index: Path) -> None:
    command = (
        f"{sys.executable} -m qa search clay --top-k 100 --corpus {ROOT / 'corpus'} --index {real_index} | head -1"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.startswith(" 1.")
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_control_c_drops_the_line_and_keeps_the_chat(real_index: Path) -> None:
    import pty

    child, ours = pty.openpty()[::-1]
    command = [sys.executable, "-m", "qa", "chat", "--corpus", ROOT / "corpus", "--index", real_index]
    process = subprocess.Popen(
        list(map(str, command)), stdin=child, stdout=child, stderr=child, start_new_session=True, preexec_fn=controlled
    )
    os.close(child)
    seen = b""

    def until(words: bytes) -> None:
        nonlocal seen
        while words not in seen:
            seen += os.read(ours, 4096)
        seen = seen.rpartition(words)[2]

    until(b"? ")
    os.write(ours, b"How long is")
    until(b"How long is")
    time.sleep(1)  # a signal between two keys is seen at the next one: nobody's fingers are that fast
    os.write(ours, b"\x03")
    until(b"? ")
    os.write(ours, b"Who composed the music?\n")
    until(b"Marc Marder")
    until(b"\n? ")
    os.write(ours, b"\x04")
    assert process.wait(20) == 0
    os.close(ours)


def controlled() -> None:
    """Make the terminal on standard input the one whose Ctrl-C reaches this process."""
    import fcntl
    import signal
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it


def test_progress_is_told_in_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    often, seldom = ProgressBar(every=0.0), ProgressBar(every=60.0)
    for done in (1, 2):
        often("passages", done, 2)
        seldom("passages", done, 2)
    assert capsys.readouterr().err == "passages: 1 of 2\npassages: 2 of 2\n"
