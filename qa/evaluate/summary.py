"""Judged answers measured: every measure with its interval, kinds, sources, curves and questions."""

import json
from collections.abc import Sequence

from qa.evaluate.catalogue import MEANS, MEASURES, Mean, Measure, shown_in
from qa.evaluate.evaluation import (
    CitationRow,
    Evaluation,
    EvidenceRow,
    GoldInfo,
    Group,
    Latency,
    QuestionRow,
    Risk,
)
from qa.evaluate.gold import GoldSet
from qa.evaluate.judge import Judged, Pool
from qa.evaluate.measures import Bin, calibration, quantile, risk_coverage
from qa.evaluate.statistics import Conditions, tidy
from qa.ingest.corpus import sha256
from qa.types import GoldQuestion

LONGEST_QUOTE = 1000
"""Characters of a piece of evidence that are kept; in a BEIR set it is a whole document."""
FIRST_RESULTS = 5


def summarise(
    gold: GoldSet,
    answerer: str,
    judged: Sequence[Judged],
    conditions: Conditions,
    *,
    measures: Sequence[Measure] = MEASURES,
    latency: bool = False,
) -> Evaluation:
    """The evaluation of the answers to a gold set; with ``latency`` two runs differ, for clocks do."""
    keyed = [j for j in judged if j.has_answer_key]
    pool = Pool.of(keyed)
    kinds = sorted({j.question.kind for j in judged})
    sources = sorted({e.doc_id for j in judged for e in j.question.evidence}) if gold.unit == "passage" else []
    means = {mean.name: mean for mean in (*MEANS, *measures) if isinstance(mean, Mean)}
    took = [tidy(j.response.took_ms) or 0.0 for j in judged if j.response.took_ms is not None] if latency else []
    return Evaluation(
        gold=GoldInfo(
            name=gold.name,
            form=gold.form,
            sha256=gold.sha256,
            splits=tuple(sorted({j.question.split for j in judged if j.question.split})),
            questions=len(judged),
            answerable=sum(j.answerable for j in judged),
            unit=gold.unit,
        ),
        answerer=answerer,
        settings=conditions,
        metrics={measure.name: measure.measured(judged, conditions) for measure in measures},
        kinds={kind: _group([j for j in judged if j.question.kind == kind]) for kind in kinds},
        sources={
            source: _group([j for j in judged if any(e.doc_id == source for e in j.question.evidence)])
            for source in sources
        },
        risk_coverage=_curve(pool),
        calibration=tuple(_tidy_bin(b) for b in calibration(pool.confidence, pool.answerable)),
        latency=_latency(took),
        questions=tuple(_row(j, list(means.values())) for j in judged),
    )


def _curve(pool: Pool) -> tuple[Risk, ...]:
    if not len(pool):
        return ()
    risks = risk_coverage(pool.order, pool.wrong)
    return tuple(Risk(tidy((i + 1) / len(risks)) or 0.0, tidy(risk) or 0.0) for i, risk in enumerate(risks))


def _tidy_bin(b: Bin) -> Bin:
    low, high, probability, outcome = (tidy(value) or 0.0 for value in (b.low, b.high, b.probability, b.outcome))
    return Bin(low, high, b.n, probability, outcome)


def _latency(took: Sequence[float]) -> Latency | None:
    p50, p99 = tidy(quantile(took, 0.5)), tidy(quantile(took, 0.99))
    return None if p50 is None or p99 is None else Latency(p50, p99, tuple(took))


def _group(judged: Sequence[Judged]) -> Group:
    means = [mean for mean in shown_in("kinds") if isinstance(mean, Mean)]
    return Group(len(judged), {mean.name: tidy(mean.mean(judged)) for mean in means})


def gold_digest(question: GoldQuestion) -> str:
    """The same for two gold questions exactly when they ask the same and are judged the same; 16 hex digits."""
    places = [(e.doc_id, e.start, e.end, e.grade) for e in question.evidence]
    judged = [question.question, question.history, question.answers, places]
    return sha256(json.dumps(judged).encode())[:16]


def _row(judged: Judged, means: Sequence[Mean]) -> QuestionRow:
    question, response = judged.question, judged.response
    return QuestionRow(
        id=question.id,
        fact=question.fact,
        question=question.question,
        gold_sha256=gold_digest(question),
        answer=response.answer,
        values={mean.name: tidy(mean.value(judged)) for mean in means},
        kind=question.kind,
        history=question.history,
        answerable=question.answerable,
        answers=question.answers,
        evidence=tuple(EvidenceRow(e.doc_id, e.start, e.end, e.quote[:LONGEST_QUOTE]) for e in question.evidence),
        confidence=tidy(response.confidence) or 0.0,
        reason=response.raw.get("reason"),
        interpreted_as=response.raw.get("interpreted_as"),
        citations=tuple(
            CitationRow(c.doc_id, c.start, c.end, c.quote, is_right)
            for c, is_right in zip(response.citations, judged.right, strict=True)
        ),
        first_results=judged.run[:FIRST_RESULTS],
    )
