"""`qa eval` as a person runs it: saved answers and small sets without models, the library itself with them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_gold import beir, folders, squad, write

from qa.cli import main
from qa.evaluate.catalogue import listing
from qa.ingest.corpus import load_corpus

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("QA_CORPUS", str(corpus))

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["eval", *(str(argument) for argument in arguments)])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Twenty answerable questions, each on a fact of its own."""
    evidence = [{"doc_id": "article", "quote": "It won the Silver Gull in 1999."}]
    rows = [
        {"id": f"q{i}", "question": f"Which prize, take {i}?", "answers": ["Silver Gull"], "evidence": evidence}
        for i in range(20)
    ]
    return write(tmp_path / "gold.jsonl", *rows)


@pytest.fixture
def saved(tmp_path: Path, corpus: Path, gold: Path) -> Callable[..., Path]:
    """saved(changed) -> answers to ``gold``, all right but the first ``changed``, which are wrong."""
    text = next(document.text for document in load_corpus(corpus).documents if document.doc_id == "article")

    def make(changed: int = 0) -> Path:
        rows = []
        for number, line in enumerate(gold.read_text().splitlines()):
            words = "Runtime" if number < changed else "Silver Gull"
            start = text.index(words)
            place = {"doc_id": "article", "start": start, "end": start + len(words)}
            fields: dict[str, Any] = {"answer": words, "confidence": 0.9, "citations": [{**place, "quote": words}]}
            question = json.loads(line)
            rows.append({"id": question["id"], "question": question["question"], **fields, "took_ms": number})
        return write(tmp_path / f"saved-{changed}.jsonl", *rows)

    return make


def test_check_proves_the_gold_or_names_every_problem(run: Run, gold: Path, tmp_path: Path) -> None:
    assert run(gold, "--check") == (0, "gold.jsonl: 20 questions and 20 spans of evidence hold\n", "")
    code, out, _ = run(gold, "--check", "--json")
    assert (code, json.loads(out)["evidence"]) == (0, 20)
    gold.write_text(gold.read_text().replace("Silver Gull in 1999", "Silver Gull in 1998"))
    code, out, err = run(gold, "--check")
    assert (code, out, len(err.splitlines())) == (2, "", 20)
    assert err.startswith("qa: q0: article does not hold the quote 'It won the Silver Gull in 1998.'\n")


def test_the_projects_own_gold_is_the_default_in_every_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder, corpus in ((ROOT, "corpus"), (ROOT / "corpus", "."), (tmp_path, str(ROOT / "corpus"))):
        monkeypatch.chdir(folder)
        code, out, _ = run("--check", "--corpus", corpus)
        assert code == 0
        assert out.startswith("missing-picture.jsonl: 288 questions")
    (tmp_path / "a.txt").write_text("The kiln is fired on Thursdays.")
    code, _, err = run("--check", "--corpus", ".")
    assert code == 2
    assert "encyclopaedia" in err


def test_a_table_json_report_and_trec_files(run: Run, gold: Path, saved: Callable[..., Path], tmp_path: Path) -> None:
    code, out, err = run(gold, "--answers", saved(5), "--html", tmp_path / "r" / "r.html", "--trec", tmp_path / "trec")
    assert (code, err) == (0, "")
    assert "headline" in out
    assert "0.500" in out
    assert "Worst failures:" in out
    assert "latency p50 9.5 ms" in out
    assert (tmp_path / "r" / "r.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in (tmp_path / "trec").iterdir()) == ["qrels.trec", "run.trec"]
    code, out, _ = run(gold, "--answers", saved(5), "--json", "--metrics", "headline,recall@3")
    assert list(json.loads(out)["metrics"]) == ["headline", "recall@3"]
    assert run(gold, "--answers", saved(5), "--json", "--metrics", "headline,recall@3") == (0, out, "")


def test_a_sample_is_drawn_by_the_seed(run: Run, gold: Path, saved: Callable[..., Path]) -> None:
    def asked(*arguments: object) -> list[str]:
        code, out, _ = run(gold, "--answers", saved(), "--json", *arguments)
        assert code == 0
        return [question["id"] for question in json.loads(out)["questions"]]

    everything, seven = asked(), asked("--sample", 7)
    assert len(seven) == 7
    assert seven == asked("--sample", 7) == [name for name in everything if name in seven]
    assert seven != asked("--sample", 7, "--seed", 1)
    assert asked("--sample", 99) == everything


def test_the_gate_passes_what_is_equal_and_stops_what_fell(
    run: Run, gold: Path, saved: Callable[..., Path], tmp_path: Path
) -> None:
    baseline = tmp_path / "baseline.json"
    assert run(gold, "--answers", saved(1), "--write-baseline", baseline)[0] == 0
    assert run(gold, "--answers", saved(1), "--gate", baseline)[0] == 0
    assert run(gold, "--answers", saved(0), "--gate", baseline)[0] == 0
    assert run(gold, "--answers", saved(3), "--gate", baseline)[0] == 0  # two questions more are not significant
    code, out, err = run(gold, "--answers", saved(12), "--gate", baseline)
    assert code == 5
    assert err.startswith("qa: below baseline.json: headline fell by 1.100")
    assert len(err.splitlines()) == 1
    assert "11 questions changed:" in out
    assert run(gold, "--answers", saved(12), "--against", baseline)[0] == 0


def test_a_renamed_gold_id_is_caught(run: Run, gold: Path, saved: Callable[..., Path], tmp_path: Path) -> None:
    baseline, answers = tmp_path / "baseline.json", saved()
    run(gold, "--answers", answers, "--write-baseline", baseline)
    gold.write_text(gold.read_text().replace('"q3"', '"q33"'))
    code, _, err = run(gold, "--answers", answers)
    assert code == 2
    assert "no answer with the id 'q33'" in err
    answers.write_text(answers.read_text().replace('"q3"', '"q33"'))
    code, _, err = run(gold, "--answers", answers, "--gate", baseline)
    assert code == 2
    assert "'q3'" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--metrics", "f2"], "unknown metric 'f2'"),
        (["--metrics", "recall@50"], "give --depth 50"),
        (["--answers", "x", "--url", "http://x"], "not both"),
        (["--answers", "none.jsonl"], "none.jsonl: cannot be read"),
        (["--url", "localhost:80"], "not an address"),
        (["--against", "none.json"], "none.json: cannot be read"),
        (["--gate", "none.json", "--metrics", "f1"], "leave --metrics out"),
        (["--ablate", "--url", "http://x"], "--ablate measures this library only"),
        (["--split", "test"], "no split 'test'; it has no splits"),
        (["--depth", "0"], "0 is not in the range"),
        (["--rounds", "3"], "3 is not in the range"),
    ],
)
def test_usage_errors_are_one_line(run: Run, gold: Path, arguments: list[str], message: str) -> None:
    code, out, err = run(gold, *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert message in err


def test_help_lists_every_measure(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for name, _ in listing():
        assert f"\n  {name} " in out, name


def test_a_separator_inside_a_saved_answer_ends_no_line(run: Run, gold: Path, saved: Callable[..., Path]) -> None:
    path = saved()
    rows = [json.loads(line) | {"note": "one\u2028two\x85three"} for line in path.read_text().splitlines()]
    path.write_bytes(b"\xef\xbb\xbf" + "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode())
    assert run(gold, "--answers", path)[0] == 0
    path.write_text("[" * 100_000)
    code, out, err = run(gold, "--answers", path)
    assert (code, out, err) == (2, "", f"qa: {path}:1: not JSON: nested too deeply\n")


@pytest.mark.real
def test_folders_run_without_code(run: Run, tmp_path: Path) -> None:
    gold = write(tmp_path / "c.json", folders())
    assert run(gold, "--check") == (0, "c.json: 3 questions and 2 spans of evidence hold\n", "")
    code, out, err = run(gold, "--quiet", "--json", "--html", tmp_path / "c.html")
    assert (code, err) == (0, "")
    assert json.loads(out)["metrics"]["success@1"]["n"] == 2
    assert "yes_no" in (tmp_path / "c.html").read_text()
    code, out, _ = run(gold, "--ablate", "--json")
    assert code == 0
    assert {len(evaluation["questions"]) for evaluation in json.loads(out).values()} == {3}


@pytest.mark.real
@pytest.mark.parametrize("form", ["squad", "beir"])
def test_sets_that_bring_their_corpus_run_without_code(run: Run, tmp_path: Path, form: str) -> None:
    gold = write(tmp_path / "dev.json", squad()) if form == "squad" else beir(tmp_path / "set")
    work = tmp_path / "work"
    code, out, err = run(gold, "--quiet", "--json", "--workdir", work, "--save-answers", tmp_path / "saved.jsonl")
    assert (code, err) == (0, "")
    assert json.loads(out)["metrics"]["success@1"]["n"] == 2
    assert sorted(path.name for path in work.iterdir()) == ["corpus", "index"]
    assert run(gold, "--quiet", "--json", "--workdir", work) == (0, out, "")
    code, again, _ = run(gold, "--quiet", "--json", "--workdir", work, "--answers", tmp_path / "saved.jsonl")
    assert json.loads(again)["metrics"]["headline"] == json.loads(out)["metrics"]["headline"]
