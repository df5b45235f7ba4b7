"""Ask every question of a gold set and measure the answers: no model judges, and one seed gives the same bytes.

``evaluate`` gives one ``Result`` a question; ``measure`` makes of them the evaluation's JSON, which ``report`` shows
and ``baseline`` holds to an earlier one. The measures are defined in DESIGN.md.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import UsageError
from qa.evaluate import measures as metrics
from qa.evaluate.answerer import DEPTH, Answerer, Cited, Response, Retrieved
from qa.evaluate.gold import GoldSet
from qa.evaluate.measures import Interval
from qa.ingest.corpus import sha256
from qa.types import Document, GoldQuestion

SCHEMA_VERSION = 1
RIGHT_F1 = 0.5
"""Token F1 with an acceptable answer from which an answer counts as right."""
RISK = 0.05
DIGITS = 8
"""Decimals of every number that is written: enough to agree to 1e-6, few enough to be the same everywhere."""

MEANS: Mapping[str, str] = {
    "headline": "right and cited +1, abstained 0 (+1 when unanswerable), wrong -1",
    "right": f"answerable questions with a right first citation and F1 of {RIGHT_F1} or more",
    "exact": "exact match (SQuAD), all questions",
    "f1": "token F1 (SQuAD), all questions",
    "exact_answerable": "exact match, answerable questions (HasAns)",
    "f1_answerable": "token F1, answerable questions (HasAns)",
    "exact_unanswerable": "abstained, unanswerable questions (NoAns)",
    "success@1": "a relevant result first",
    "success@5": "a relevant result among the first 5",
    "recall@5": "share of the relevant results among the first 5",
    "recall@20": "share of the relevant results among the first 20",
    "mrr@10": "reciprocal rank of the first relevant result among 10",
    "ndcg@10": "normalised discounted cumulative gain of the first 10",
    "first_citation": "answered answerable questions whose first citation is right",
    "citation_precision": "share of an answer's citations that are right; 0 on an unanswerable question",
    "citation_recall": "share of the documents that answer with a right citation; 0 where abstained",
    "quotes_equal": "share of quotes equal to their source; must be 1",
    "answers_quoted": "answers that their first citation's quote holds; must be 1",
    "refusal_precision": "abstentions that were unanswerable",
    "refusal_recall": "unanswerable questions abstained on",
}
MEASURES: Mapping[str, str] = {
    "auroc": "chance that an answerable question gets more confidence than an unanswerable one",
    "aurc": "area under the risk-coverage curve; lower is better",
    "coverage@5%risk": "largest share answered with at most 5 % wrong",
    "calibration_error": "expected gap of confidence and share answerable, 10 bins; lower is better",
}
RANKED = re.compile(r"(success|recall|mrr|ndcg)@([1-9]\d*)")
BREAKDOWN = ("headline", "right", "f1", "success@1", "mrr@10", "first_citation", "refusal_recall")


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """``rounds`` is for bootstrap and randomisation; with ``latency`` two runs differ, for clocks do."""

    seed: int = 0
    rounds: int = 2000
    depth: int = DEPTH
    latency: bool = False
    names: tuple[str, ...] = (*MEANS, *MEASURES)


def check_names(names: Sequence[str], depth: int) -> tuple[str, ...]:
    """The names of metrics, each known; raises ``UsageError`` for one that is not, or that needs more depth."""
    for name in names:
        ranked = RANKED.fullmatch(name)
        if not ranked and name not in (*MEANS, *MEASURES):
            known = ", ".join((*MEANS, *MEASURES))
            raise UsageError(f"unknown metric {name!r}; known are {known}, and success, recall, mrr, ndcg at any @k")
        if ranked and int(ranked[2]) > depth:
            raise UsageError(f"{name} needs more than the {depth} results that are judged; give --depth {ranked[2]}")
    return tuple(dict.fromkeys(names))


# --- one question -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """One question, its answer, and what it is worth; ``values`` of what it says nothing about are None.

    ``run`` are the ids of what was retrieved, best first, each once; ``qrels`` the grades of all that is relevant.
    """

    question: GoldQuestion
    response: Response
    values: Mapping[str, float | None]
    run: tuple[str, ...]
    qrels: Mapping[str, int]


def overlaps(place: Cited | Retrieved, question: GoldQuestion) -> int:
    """The highest grade of the gold evidence that a place overlaps, 0 without any."""
    return max(
        (
            e.grade
            for e in question.evidence
            if e.doc_id == place.doc_id and place.start < e.end and e.start < place.end
        ),
        default=0,
    )


def relevant(
    question: GoldQuestion, gold: GoldSet, known: Mapping[str, Sequence[Retrieved]], response: Response
) -> dict[str, int]:
    """The grades of everything relevant to a question, by id.

    Documents are graded by the set. A passage is relevant when it overlaps evidence; ``known`` are all passages by
    document, and where nobody knows them all, those that were returned. Evidence that no passage overlaps counts
    as one that was not found.
    """
    if gold.unit == "document":
        return {gold.names.get(e.doc_id, e.doc_id): e.grade for e in question.evidence}
    found: dict[str, int] = {}
    passages = [p for e in question.evidence for p in known.get(e.doc_id, ())] if known else response.passages
    for passage in passages:
        if grade := overlaps(passage, question):
            found[passage.passage_id] = grade
    for e in question.evidence:
        if not any(p.doc_id == e.doc_id and p.start < e.end and e.start < p.end for p in passages):
            found[f"{e.doc_id}:{e.start}-{e.end}"] = e.grade
    return found


def judge(
    question: GoldQuestion,
    response: Response,
    gold: GoldSet,
    documents: Mapping[str, Document],
    known: Mapping[str, Sequence[Retrieved]],
    settings: EvaluationSettings,
) -> Result:
    """What one answer is worth in every metric that is a mean over questions."""
    qrels = relevant(question, gold, known, response)
    units = (gold.names.get(p.doc_id, p.doc_id) if gold.unit == "document" else p.passage_id for p in response.passages)
    run = tuple(dict.fromkeys(units))[: settings.depth]
    values: dict[str, float | None] = dict.fromkeys(MEANS)
    gains = [qrels.get(unit, 0) for unit in run]
    for name in (*MEANS, *settings.names):
        if question.answerable and (ranked := RANKED.fullmatch(name)):
            values[name] = _ranking(ranked[1], int(ranked[2]), gains, qrels)
    abstained = response.answer is None
    right_citations = [overlaps(citation, question) > 0 for citation in response.citations]
    first_right = bool(right_citations) and right_citations[0]
    f1 = metrics.token_f1(response.answer, question.answers)
    if question.answers or not question.answerable:
        right = question.answerable and not abstained and first_right and f1 >= RIGHT_F1
        exact = metrics.exact_match(response.answer, question.answers)
        values |= {
            "headline": metrics.points(answerable=question.answerable, abstained=abstained, right=right),
            "exact": exact,
            "f1": f1,
        }
        if question.answerable:
            values |= {"right": float(right), "exact_answerable": exact, "f1_answerable": f1}
        else:
            values |= {"exact_unanswerable": exact, "refusal_recall": float(abstained)}
        if abstained:
            values["refusal_precision"] = float(not question.answerable)
    if question.answerable:
        docs = {e.doc_id for e in question.evidence}
        cited = {c.doc_id for c, is_right in zip(response.citations, right_citations, strict=True) if is_right}
        values["citation_recall"] = len(docs & cited) / len(docs)
    if not abstained:
        values["citation_precision"] = float(np.mean(right_citations)) if right_citations else 0.0
        values["answers_quoted"] = float(
            bool(response.citations) and str(response.answer) in response.citations[0].quote
        )
        if question.answerable:
            values["first_citation"] = float(first_right)
    if response.citations:
        equal = [
            c.doc_id in documents and 0 <= c.start < c.end and documents[c.doc_id].text[c.start : c.end] == c.quote
            for c in response.citations
        ]
        values["quotes_equal"] = float(np.mean(equal))
    return Result(question, response, values, run, qrels)


def _ranking(name: str, k: int, gains: Sequence[int], qrels: Mapping[str, int]) -> float:
    if name == "success":
        return metrics.success(gains, k)
    if name == "recall":
        return metrics.recall(gains, k, len(qrels))
    if name == "mrr":
        return metrics.reciprocal_rank(gains, k)
    return metrics.ndcg(gains, k, list(qrels.values()))


def sample(gold: GoldSet, most: int, seed: int) -> GoldSet:
    """At most so many questions, drawn by the seed and left in their order."""
    if most >= len(gold.questions):
        return gold
    rows = np.random.default_rng(seed).choice(len(gold.questions), most, replace=False)
    return replace(gold, questions=tuple(gold.questions[row] for row in sorted(rows)))


def evaluate(
    gold: GoldSet,
    documents: Mapping[str, Document],
    answerer: Answerer,
    settings: EvaluationSettings | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Result]:
    """Ask every question of a grounded gold set, in its order; ``documents`` are those it was grounded on."""
    settings = settings or EvaluationSettings()
    known: dict[str, list[Retrieved]] = {}
    for passage in answerer.passages() or ():
        known.setdefault(passage.doc_id, []).append(passage)
    results = []
    for number, question in enumerate(gold.questions, 1):
        results.append(judge(question, answerer.answer(question), gold, documents, known, settings))
        if progress:
            progress("questions", number, len(gold.questions))
    return results


# --- all questions ----------------------------------------------------------------------------------------------


def tidy(value: float | None) -> float | None:
    """A number as it is written."""
    return None if value is None else round(float(value), DIGITS)


def _mean(results: Sequence[Result], name: str) -> tuple[NDArray[np.float64], list[str]]:
    """The measured values of one metric, and the facts of their questions."""
    rows = [(value, r.question.fact) for r in results if (value := r.values.get(name)) is not None]
    return np.array([value for value, _ in rows], np.float64), [fact for _, fact in rows]


class _Selection:
    """Confidence and outcome of all questions as arrays, for the measures that are not means.

    Abstentions come after all answers, and count as wrong when they are made to answer.
    """

    def __init__(self, results: Sequence[Result]) -> None:
        judged = [r for r in results if r.values["headline"] is not None]
        self.facts = [r.question.fact for r in judged]
        self.answerable = np.array([r.question.answerable for r in judged], bool)
        self.confidence = np.array([r.response.confidence for r in judged], np.float64)
        abstained = np.array([r.response.answer is None for r in judged], bool)
        self.order = self.confidence - 2.0 * abstained
        self.wrong = ~np.array([bool(r.values["right"]) for r in judged], bool)

    def measure(self, name: str, rows: NDArray[np.int64]) -> float | None:
        if name == "auroc":
            return metrics.auroc(self.confidence[rows], self.answerable[rows])
        if name == "aurc":
            return metrics.aurc(self.order[rows], self.wrong[rows])
        if name == "calibration_error":
            return metrics.calibration_error(self.confidence[rows], self.answerable[rows])
        return metrics.coverage_at_risk(self.order[rows], self.wrong[rows], RISK)


def entry(value: float | None, interval: Interval | None, n: int) -> dict[str, Any]:
    """A metric as it is written: its value, its interval, and over how many questions."""
    low, high = interval or (None, None)
    return {"value": tidy(value), "low": tidy(low), "high": tidy(high), "n": n}


def measure(
    gold: GoldSet, answerer: str, results: Sequence[Result], settings: EvaluationSettings | None = None
) -> dict[str, Any]:
    """The evaluation as JSON: metrics with intervals, kinds, sources, curves, and every question."""
    settings = settings or EvaluationSettings()
    found: dict[str, Any] = {}
    selection = _Selection(results)
    everything = np.arange(len(selection.facts))
    for name in settings.names:
        if name in MEASURES:
            value = selection.measure(name, everything)

            def drawn(rows: NDArray[np.int64], name: str = name) -> float | None:
                return selection.measure(name, rows)

            interval = None
            if value is not None:
                interval = metrics.bootstrap_measure(drawn, selection.facts, settings.rounds, settings.seed)
            found[name] = entry(value, interval, len(everything) if value is not None else 0)
        else:
            values, facts = _mean(results, name)
            interval = metrics.bootstrap_mean(values, facts, settings.rounds, settings.seed)
            found[name] = entry(float(values.mean()) if len(values) else None, interval, len(values))
    kinds = {result.question.kind for result in results}
    sources = {e.doc_id for result in results for e in result.question.evidence} if gold.unit == "passage" else set()
    risks = metrics.risk_coverage(selection.order, selection.wrong) if len(everything) else ()
    took = [r.response.took_ms for r in results if r.response.took_ms is not None] if settings.latency else []
    return {
        "schema_version": SCHEMA_VERSION,
        "gold": {
            "name": gold.name,
            "form": gold.form,
            "sha256": gold.sha256,
            "splits": sorted({r.question.split for r in results if r.question.split}),
            "questions": len(results),
            "answerable": sum(r.question.answerable for r in results),
            "unit": gold.unit,
        },
        "answerer": answerer,
        "settings": {"seed": settings.seed, "rounds": settings.rounds, "depth": settings.depth},
        "metrics": found,
        "kinds": {kind: _breakdown([r for r in results if r.question.kind == kind]) for kind in sorted(kinds)},
        "sources": {
            source: _breakdown([r for r in results if any(e.doc_id == source for e in r.question.evidence)])
            for source in sorted(sources)
        },
        "risk_coverage": [[tidy((i + 1) / len(risks)), tidy(risk)] for i, risk in enumerate(risks)],
        "calibration": [
            {field: tidy(value) if field != "n" else value for field, value in b._asdict().items()}
            for b in metrics.calibration(selection.confidence, selection.answerable)
        ],
        "latency_ms": {
            "p50": tidy(metrics.quantile(took, 0.5)),
            "p99": tidy(metrics.quantile(took, 0.99)),
            "values": [tidy(value) for value in took],
        }
        if took
        else None,
        "questions": [_question_json(result) for result in results],
    }


def _breakdown(results: Sequence[Result]) -> dict[str, Any]:
    row: dict[str, Any] = {"n": len(results)}
    for name in BREAKDOWN:
        values, _ = _mean(results, name)
        row[name] = tidy(values.mean()) if len(values) else None
    return row


def gold_digest(question: GoldQuestion) -> str:
    """The same for two gold questions exactly when they ask the same and are judged the same; 16 hex digits."""
    places = [(e.doc_id, e.start, e.end, e.grade) for e in question.evidence]
    judged = [question.question, question.history, question.answers, places]
    return sha256(json.dumps(judged).encode())[:16]


def _question_json(result: Result) -> dict[str, Any]:
    question, response = result.question, result.response
    return {
        "id": question.id,
        "gold_sha256": gold_digest(question),
        "kind": question.kind,
        "fact": question.fact,
        "question": question.question,
        "history": list(question.history),
        "answerable": question.answerable,
        "answers": list(question.answers),
        "evidence": [
            {"doc_id": e.doc_id, "start": e.start, "end": e.end, "quote": e.quote[:1000]} for e in question.evidence
        ],
        "answer": response.answer,
        "confidence": tidy(response.confidence),
        "reason": response.raw.get("reason"),
        "interpreted_as": response.raw.get("interpreted_as"),
        "citations": [
            {
                "doc_id": c.doc_id,
                "start": c.start,
                "end": c.end,
                "quote": c.quote,
                "right": overlaps(c, question) > 0,
            }
            for c in response.citations
        ],
        "first_results": list(result.run[:5]),
        "values": {name: tidy(value) for name, value in result.values.items()},
    }


def worst(evaluation: Mapping[str, Any], most: int) -> list[Mapping[str, Any]]:
    """The wrong answers, the most confident first, then the answerable questions it abstained on."""
    wrong = [q for q in evaluation["questions"] if q["values"]["headline"] is not None and q["values"]["headline"] < 0]
    silent = [q for q in evaluation["questions"] if q["values"]["headline"] == 0]
    wrong.sort(key=lambda q: (-q["confidence"], q["id"]))
    silent.sort(key=lambda q: (-q["confidence"], q["id"]))
    return [*wrong, *silent][:most]


def write_trec(results: Iterable[Result], folder: Path) -> None:
    """Write ``run.trec`` and ``qrels.trec``; recomputing from them gives the metrics that were reported.

    White space in an id becomes ``%20``. The score is the rank counted from behind, so that there are no ties for a
    tool to break in its own way. Questions that have nothing relevant are not judged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run, qrels = [], []
    for result in results:
        query = _token(result.question.id)
        for rank, unit in enumerate(result.run, 1):
            run.append(f"{query} Q0 {_token(unit)} {rank} {len(result.run) - rank + 1} qa\n")
        qrels += [f"{query} 0 {_token(unit)} {grade}\n" for unit, grade in result.qrels.items()]
    (folder / "run.trec").write_text("".join(run), encoding="utf-8")
    (folder / "qrels.trec").write_text("".join(qrels), encoding="utf-8")


def _token(text: str) -> str:
    return re.sub(r"\s", "%20", text)
