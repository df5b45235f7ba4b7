"""Measuring answers, by hand and over every answerer; baseline, gate, ablation and report."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from conftest import ROOT, ExportingHashEncoder, fakes
from msgspec.structs import replace
from test_gold import beir, squad, write

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.config import Settings
from qa.errors import GoldError, QaError, UsageError
from qa.evaluate.ablation import STEPS, ablation
from qa.evaluate.answerer import HttpAnswerer, LibraryAnswerer, SavedAnswers
from qa.evaluate.baseline import compare, gate
from qa.evaluate.catalogue import MEANS, find
from qa.evaluate.evaluation import (
    Baseline,
    Evaluation,
    baseline_from_json,
    baseline_json,
    load_baseline,
    to_json,
)
from qa.evaluate.gold import GoldSet, ground, load_gold, write_corpus
from qa.evaluate.judge import Judged, ask
from qa.evaluate.page import html_page
from qa.evaluate.report import ablation_text, text
from qa.evaluate.response import Response, Retrieved, read_response
from qa.evaluate.run import Plan, ablate
from qa.evaluate.statistics import DEPTH, Conditions
from qa.evaluate.summary import summarise
from qa.evaluate.trec import write_trec
from qa.models.card import FusionWeights
from qa.search.build import build_index
from qa.search.index import Index, load_index
from qa.search.manifest import IndexSettings
from qa.types import Document, Evidence, GoldQuestion

FAST = Conditions(rounds=100)
TEXT = "Runtime: 81 minutes. It won the Silver Gull in 1999. The music is by Tom Okri."
DOCUMENT = Document("film", "film.txt", "Film", TEXT, "0" * 64)
OTHER = replace(DOCUMENT, doc_id="other", path="other.txt")


def span(quote: str, doc_id: str = "film") -> Evidence:
    start = TEXT.index(quote)
    return Evidence(doc_id, start, start + len(quote), quote)


QUESTIONS = (
    GoldQuestion("right", "How long?", answers=("81 minutes",), evidence=(span("81 minutes"),), fact="a"),
    GoldQuestion(
        "wrong", "Who?", answers=("Tom Okri",), evidence=(span("Tom Okri"), span("Tom Okri", "other")), fact="b"
    ),
    GoldQuestion("silent", "Which prize?", answers=("Silver Gull",), evidence=(span("Silver Gull"),), fact="c"),
    GoldQuestion("refused", "What budget?", kind="unanswerable", fact="d"),
    GoldQuestion("invented", "Which sequel?", kind="unanswerable", fact="e"),
)
GOLD = GoldSet("small", "qa", "0" * 64, QUESTIONS)


def cited(words: str, quote: str | None = None, **change: Any) -> dict[str, Any]:
    e = span(words)
    return {"doc_id": "film", "start": e.start, "end": e.end, "quote": quote or words} | change


def said(answer: str | None, confidence: float, *citations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"answer": answer, "confidence": confidence, "citations": list(citations)} | more


def passages(*quotes: str) -> list[dict[str, Any]]:
    return [
        {"passage_id": f"film#{TEXT.index(quote)}", **{k: v for k, v in cited(quote).items() if k != "quote"}}
        for quote in quotes
    ]


SENTENCES = ("Runtime: 81 minutes.", "It won the Silver Gull in 1999.", "The music is by Tom Okri.")
ANSWERS = {
    "right": said("81 minutes", 0.9, cited("Runtime: 81 minutes."), passages=passages(*SENTENCES)),
    "wrong": said("Silver Gull", 0.7, cited("Silver Gull"), cited("Tom Okri"), passages=passages(*SENTENCES)),
    "silent": said(None, 0.2, passages=passages(*SENTENCES[::-1])),
    "refused": said(None, 0.1),
    "invented": said("1999", 0.8, cited("in 1999", "in 1998")),
}


class Fixed:
    """An answerer that says what it was made with."""

    name = "fixed"

    def __init__(self, answers: dict[str, dict[str, Any]] = ANSWERS, known: list[Retrieved] | None = None) -> None:
        self._answers = answers
        self._known = known

    def passages(self) -> list[Retrieved] | None:
        return self._known

    def answer(self, question: GoldQuestion) -> Response:
        return read_response(self._answers[question.id])


DOCUMENTS = {"film": DOCUMENT, "other": OTHER}


def measured(answers: dict[str, dict[str, Any]] = ANSWERS, gold: GoldSet = GOLD) -> Evaluation:
    return summarise(gold, "fixed", ask(gold, DOCUMENTS, Fixed(answers), DEPTH), FAST)


def value(name: str, judged: Judged) -> float | None:
    return find(name).value(judged)  # type: ignore[attr-defined]


def stored(evaluation: Evaluation) -> Baseline:
    """What is left of an evaluation after its baseline was written and read."""
    return baseline_from_json(json.loads(json.dumps(baseline_json(evaluation))))


def test_every_metric_by_hand() -> None:
    found = {name: (entry.value, entry.n) for name, entry in measured().metrics.items()}
    assert found == {
        "headline": (0.0, 5),  # +1, -1, 0, +1, -1
        "right": (pytest.approx(1 / 3), 3),
        "exact": (0.4, 5),
        "f1": (0.4, 5),
        "exact_answerable": (pytest.approx(1 / 3), 3),
        "f1_answerable": (pytest.approx(1 / 3), 3),
        "exact_unanswerable": (0.5, 2),
        "success@1": (pytest.approx(1 / 3), 3),
        "success@5": (1.0, 3),
        "recall@5": (pytest.approx((1 + 0.5 + 1) / 3), 3),  # what no passage overlaps counts as not found
        "recall@20": (pytest.approx((1 + 0.5 + 1) / 3), 3),
        "mrr@10": (pytest.approx((1 + 1 / 3 + 1 / 2) / 3), 3),
        "ndcg@10": (pytest.approx((1 + 0.5 / (1 + 0.63092975) + 0.63092975) / 3), 3),
        "first_citation": (0.5, 2),
        "citation_precision": (0.5, 3),  # 1, 1/2, 0
        "citation_recall": (0.5, 3),  # 1, one of two documents, 0
        "quotes_equal": (pytest.approx(2 / 3), 3),
        "answers_quoted": (pytest.approx(2 / 3), 3),
        "refusal_precision": (0.5, 2),
        "refusal_recall": (0.5, 2),
        "auroc": (pytest.approx(4 / 6), 5),
        "aurc": (pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 5), 5),
        "coverage@5%risk": (0.2, 5),
        "calibration_error": (pytest.approx((0.1 + 0.3 + 0.8 + 0.1 + 0.8) / 5), 5),
    }


@pytest.mark.parametrize(
    ("verdict", "gold", "right"), [("no", "no", True), ("yes", "no", False), (None, "no", False), ("no", "81", False)]
)
def test_a_gold_answer_of_yes_or_no_is_held_to_the_verdict(verdict: str | None, gold: str, right: bool) -> None:
    question = replace(QUESTIONS[0], question="Is it longer than two hours?", answers=(gold,))
    answer = said("Runtime: 81 minutes.", 0.9, cited("Runtime: 81 minutes."), verdict=verdict)
    if gold == "81":
        answer["answer"] = "no"  # what it says is its answer, where the gold is no verdict
    (result,) = ask(replace(GOLD, questions=(question,)), DOCUMENTS, Fixed({"right": answer}), DEPTH)
    assert result.is_right is right
    assert value("exact", result) == float(right)


def test_a_verdict_is_yes_or_no() -> None:
    with pytest.raises(ValueError, match="verdict must be yes or no, not 'maybe'"):
        read_response(said("x", 0.5, verdict="maybe"))


def test_conflicts_count_as_citations() -> None:
    other = cited("Tom Okri", doc_id="other")
    answer = said(
        "Tom Okri", 0.9, cited("Tom Okri"), conflicts=[{"answer": "x", "citations": [cited("Tom Okri"), other]}]
    )
    (result,) = ask(replace(GOLD, questions=QUESTIONS[1:2]), DOCUMENTS, Fixed({"wrong": answer}), DEPTH)
    assert (value("citation_recall", result), value("citation_precision", result)) == (1.0, 1.0)
    assert len(result.response.citations) == 2


def test_recall_is_over_all_passages_where_they_are_known() -> None:
    known = [Retrieved("film", 0, len(TEXT), f"film#{i}") for i in range(4)]
    answers = {
        "right": said("81 minutes", 1, cited("81 minutes"), passages=[{**passages(TEXT)[0], "passage_id": "film#0"}])
    }
    one = replace(GOLD, questions=QUESTIONS[:1])
    (result,) = ask(one, DOCUMENTS, Fixed(answers, known), DEPTH)
    assert value("recall@5", result) == 0.25
    (result,) = ask(one, DOCUMENTS, Fixed(answers), DEPTH)
    assert value("recall@5", result) == 1.0


def test_unmeasured_is_null_everywhere() -> None:
    nothing = {question.id: said(None, 0.0) for question in QUESTIONS}
    evaluation = measured(nothing)
    for name in ("first_citation", "citation_precision", "quotes_equal", "answers_quoted"):
        assert to_json(evaluation)["metrics"][name] == {"value": None, "low": None, "high": None, "n": 0}
    only = measured(ANSWERS, replace(GOLD, questions=QUESTIONS[:3]))
    assert only.metrics["auroc"].value is None
    assert to_json(only)["latency_ms"] is None
    json.dumps([to_json(evaluation), to_json(only)], allow_nan=False)
    assert not re.search(r"\bnan\b", text(evaluation) + html_page(evaluation) + text(only), re.IGNORECASE)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert json.dumps(to_json(measured())) == json.dumps(to_json(measured()))
    assert html_page(measured()) == html_page(measured())


def test_worst_failures_are_confident_wrong_answers_then_silence() -> None:
    assert [q.id for q in measured().worst(9)] == ["invented", "wrong", "silent"]


# --- answerers --------------------------------------------------------------------------------------------------


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    rows = [
        {"id": "b 1", "question": "Who composed the music?", "answers": ["Tom Okri"], "kind": "factoid"},
        {"id": "b2", "question": "Silver Gull", "answers": ["Silver Gull"], "kind": "keyword"},
        {"id": "b3", "question": "Who won the football match?"},
    ]
    rows[0]["evidence"] = [
        {"doc_id": "article", "quote": "Music: Tom Okri"},
        {"doc_id": "interview", "quote": "Tom Okri"},
    ]
    rows[1]["evidence"] = [{"doc_id": "article", "quote": "It won the Silver Gull in 1999."}]
    return write(tmp_path / "gold.jsonl", *rows)


def test_library_and_trec_files_agree_with_ir_measures(
    library: Library, corpus: Path, gold_file: Path, tmp_path: Path
) -> None:
    gold, documents = ground(load_gold(gold_file), corpus)
    results = ask(gold, documents, LibraryAnswerer(library, gold), DEPTH)
    evaluation = summarise(gold, "library", results, FAST)
    hold_to_ir_measures(evaluation, results, tmp_path)
    assert evaluation.metrics["quotes_equal"].value == 1
    assert evaluation.metrics["answers_quoted"].value == 1


def hold_to_ir_measures(evaluation: Evaluation, results: list[Judged], folder: Path) -> None:
    write_trec(results, folder / "trec")
    qrels = list(ir_measures.read_trec_qrels(str(folder / "trec" / "qrels.trec")))
    run = list(ir_measures.read_trec_run(str(folder / "trec" / "run.trec")))
    names = {"success@1": "Success@1", "success@5": "Success@5", "recall@5": "R@5", "recall@20": "R@20"}
    names |= {"mrr@10": "RR@10", "ndcg@10": "nDCG@10"}
    theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in names.values()], qrels, run)
    for ours, name in names.items():
        found = evaluation.metrics[ours].value
        assert found == pytest.approx(theirs[ir_measures.parse_measure(name)], abs=1e-6), ours


@pytest.mark.parametrize("form", ["squad", "beir"])
def test_sets_that_bring_their_corpus(form: str, tmp_path: Path, encoder: ExportingHashEncoder) -> None:
    gold = load_gold(write(tmp_path / "dev.json", squad()) if form == "squad" else beir(tmp_path / "set"))
    write_corpus(gold, tmp_path / "made")
    gold, documents = ground(gold, tmp_path / "made")
    build_index(tmp_path / "made", tmp_path / "index", IndexSettings("hash"), lambda name: encoder)
    library = assemble(load_index(tmp_path / "index"), fakes(encoder))
    results = ask(gold, documents, LibraryAnswerer(library, gold), DEPTH)
    evaluation = summarise(gold, "library", results, FAST)
    hold_to_ir_measures(evaluation, results, tmp_path)
    assert (evaluation.metrics["headline"].value is None) == (form == "beir")
    assert "<svg" in html_page(evaluation) or form == "beir"
    json.dumps(to_json(evaluation), allow_nan=False)
    if form == "beir":
        assert results[0].run[0] == "d 1"
        assert "d%201" in (tmp_path / "trec" / "run.trec").read_text()


def test_a_question_that_cannot_be_asked_counts_as_abstained(library: Library, corpus: Path) -> None:
    answerer = LibraryAnswerer(library, GOLD)
    assert answerer.answer(GoldQuestion("x", "?!")).answer is None
    assert answerer.answer(GoldQuestion("x", "boat " * 1000)).passages


def test_saved_answers_are_measured_as_the_library_was(
    library: Library, corpus: Path, gold_file: Path, tmp_path: Path
) -> None:
    gold, documents = ground(load_gold(gold_file), corpus)
    results = ask(gold, documents, LibraryAnswerer(library, gold), DEPTH)
    saved = write(tmp_path / "saved.jsonl", *({"id": r.question.id, **r.response.raw} for r in results))
    again = ask(gold, documents, SavedAnswers(saved), DEPTH)
    ranked = ("recall@5", "recall@20", "ndcg@10")  # over the passages that were returned, for no others are known
    for one, other in zip(results, again, strict=True):
        for mean in MEANS:
            assert mean.name in ranked or mean.value(one) == mean.value(other), mean.name


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "right", "answer": "x"}], "saved.jsonl:1: not an answer as in answer.schema.json"),
        ([said(None, 0)], "saved.jsonl:1: an answer must have an id"),
        ([{"id": "right", **said(None, 0)}] * 2, "saved.jsonl:2: an answer must have an id of its own"),
        ([{"id": "right", **said(None, 2)}], "confidence a number from 0 to 1"),
        ([{"id": "right", **said("x", 1, cited("in 1999", start="3"))}], "whole numbers"),
        ([{"id": "right", **said(None, 1, took_ms="3")}], "took_ms must be a number"),
    ],
)
def test_malformed_saved_answers(tmp_path: Path, rows: list[Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        SavedAnswers(write(tmp_path / "saved.jsonl", *rows))


def test_a_renamed_id_is_caught(tmp_path: Path) -> None:
    saved = SavedAnswers(write(tmp_path / "saved.jsonl", *({"id": k, **v} for k, v in ANSWERS.items())))
    with pytest.raises(UsageError, match="no answer with the id 'renamed'"):
        saved.answer(replace(QUESTIONS[0], id="renamed"))
    renamed = replace(GOLD, questions=(replace(QUESTIONS[0], id="renamed"), *QUESTIONS[1:]))
    with pytest.raises(UsageError, match=r"only the gold set has the question 'renamed' \(2 such\)"):
        compare(measured(ANSWERS | {"renamed": ANSWERS["right"]}, renamed), stored(measured()), "b.json")


class Endpoint(BaseHTTPRequestHandler):
    """POST /v1/ask over ``ANSWERS`` by question; ``asked`` are the bodies."""

    asked: list[dict[str, Any]]
    reply: Callable[[str], tuple[int, bytes]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append({"path": self.path, **body})
        status, data = type(self).reply(body["question"])
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[tuple[type[Endpoint], str]]:
    class Here(Endpoint):
        asked: list[dict[str, Any]] = []  # noqa: RUF012, one a test

        @staticmethod
        def reply(question: str) -> tuple[int, bytes]:
            found = next(q.id for q in QUESTIONS if q.question == question)
            return 200, json.dumps(ANSWERS[found]).encode()

    server = HTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Here, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_is_measured(endpoint: tuple[type[Endpoint], str]) -> None:
    here, url = endpoint
    results = ask(GOLD, DOCUMENTS, HttpAnswerer(url), DEPTH)
    evaluation = summarise(GOLD, "fixed", results, FAST, latency=True)
    assert evaluation.metrics == measured().metrics
    assert here.asked[0] == {"path": "/v1/ask", "question": "How long?", "history": [], "top_k": 20}
    assert to_json(evaluation)["latency_ms"]["p50"] > 0
    assert "milliseconds" in html_page(evaluation)
    assert HttpAnswerer(f"{url}/v1/ask").answer(QUESTIONS[0]).answer == "81 minutes"


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((500, b"oh no"), "status 500 on question right: oh no"),
        ((200, b"oh no"), "on question right: "),
        ((200, b"{}"), "not an answer as in answer.schema.json"),
    ],
)
def test_an_endpoint_that_fails(endpoint: tuple[type[Endpoint], str], reply: tuple[int, bytes], message: str) -> None:
    here, url = endpoint
    here.reply = staticmethod(lambda question: reply)  # type: ignore[method-assign]
    with pytest.raises(QaError, match=message):
        HttpAnswerer(url).answer(QUESTIONS[0])


def test_an_endpoint_that_is_not_there() -> None:
    with pytest.raises(QaError, match=r"127\.0\.0\.1:1: cannot be asked"):
        HttpAnswerer("http://127.0.0.1:1").answer(QUESTIONS[0])
    with pytest.raises(UsageError, match="not an address"):
        HttpAnswerer("ftp://x")


# --- against an earlier one -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[FusionWeights], Evaluation]:
    """Measure the fake encoder with given weights on the project's corpus and test split."""
    gold, documents = ground(load_gold(ROOT / "tests" / "gold" / "missing-picture.jsonl", "test"), ROOT / "corpus")
    folder = tmp_path_factory.mktemp("project")
    encoder = ExportingHashEncoder()
    build_index(ROOT / "corpus", folder, IndexSettings("hash"), lambda name: encoder)
    index = load_index(folder)

    def run(weights: FusionWeights) -> Evaluation:
        library = assemble(index, fakes(encoder), fusion=weights)
        results = ask(gold, documents, LibraryAnswerer(library, gold), DEPTH)
        return summarise(gold, "hash", results, Conditions(rounds=500))

    return run


def test_zeroed_weights_fail_the_gate_and_no_change_passes(project: Callable[[FusionWeights], Evaluation]) -> None:
    before, after = project(FusionWeights(0.2, 0.7, 0.1)), project(FusionWeights(0, 0, 0))
    baseline = stored(before)
    assert gate(before, compare(before, baseline, "b.json")) == []
    comparison = compare(after, baseline, "b.json")
    reasons = gate(after, comparison)
    assert any(reason.startswith("ndcg@10 fell by") for reason in reasons)
    assert comparison.changed
    assert comparison.differences["right"].mcnemar_p is not None
    assert comparison.differences["ndcg@10"].mcnemar_p is None
    shown = text(replace(after, against=comparison))
    assert "Against b.json:" in shown
    assert f"{len(comparison.changed)} questions changed:" in shown
    assert "Changed answers" in html_page(replace(after, against=comparison))


def test_a_broken_quote_fails_the_gate_whatever_the_baseline() -> None:
    evaluation = measured()
    reasons = gate(evaluation, compare(evaluation, stored(evaluation), "b.json"))
    assert reasons == ["quotes_equal is 0.6667, and must be 1", "answers_quoted is 0.6667, and must be 1"]


def test_changed_gold_is_not_compared() -> None:
    changed = replace(GOLD, questions=(replace(QUESTIONS[0], answers=("81",)), *QUESTIONS[1:]))
    with pytest.raises(UsageError, match="the gold of 'right' was changed"):
        compare(measured(ANSWERS, changed), stored(measured()), "b.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "not an evaluation"), ('{"schema_version": 1}', "not an evaluation"), ('{"schema_version": 9}', "schema 9")],
)
def test_unusable_baselines(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=f"b.json: .*{message}"):
        load_baseline(path)
    with pytest.raises(UsageError, match="cannot be read"):
        load_baseline(tmp_path / "none.json")


def test_a_baseline_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    for saved in (baseline_json(measured()), to_json(measured())):
        path.write_text(json.dumps(saved))
        comparison = compare(measured(), load_baseline(path), "b.json")
        assert comparison.changed == ()
        assert all(difference.value == 0 for difference in comparison.differences.values())


# --- ablation ----------------------------------------------------------------------------------------


def test_ablation_puts_in_one_part_after_the_other(
    build: Callable[[], Index], corpus: Path, tmp_path: Path, encoder: ExportingHashEncoder, gold_file: Path
) -> None:
    build()

    def steps_of(settings: Settings, scratch: Path) -> Iterator[tuple[str, Library]]:
        for step in ablation(settings, scratch, parts=fakes(encoder)):
            assert load_index(scratch).manifest.context is False
            yield step

    settings = Settings(corpus=corpus, index=tmp_path / "index", encoder="hash")
    steps = ablate(Plan(gold_file, conditions=FAST), settings, steps=steps_of)
    assert tuple(name for name, _ in steps) == STEPS
    shown = ablation_text(steps)
    assert all(step in shown for step in STEPS)
    assert steps[0][1].against is None
    assert all(evaluation.against for _, evaluation in steps[1:])
    assert load_index(tmp_path / "index").manifest.context is True
