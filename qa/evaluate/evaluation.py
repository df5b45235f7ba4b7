"""An evaluation as values, and the one place where they become JSON and come back from it.

Every number is kept as it is written (``statistics.tidy``), so that what was read compares equal to what was measured.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from qa.errors import UsageError
from qa.evaluate.measures import Bin
from qa.evaluate.statistics import Conditions, Measured
from qa.jsonl import parse

SCHEMA_VERSION = 1
Values = Mapping[str, float | None]
"""Of every mean by its name the value for one question; None where it says nothing about it."""


class GoldInfo(Struct, frozen=True):
    """Which questions were asked."""

    name: str
    form: str
    sha256: str
    splits: tuple[str, ...]
    questions: int
    answerable: int
    unit: str


class Group(Struct, frozen=True):
    """A few means over the questions of one kind or source."""

    n: int
    values: Values


class Risk(Struct, frozen=True):
    """The share of wrong answers when a share of the questions is answered, in order of confidence."""

    coverage: float
    risk: float


class Latency(Struct, frozen=True):
    """Milliseconds of each answer in order of the questions, and two quantiles of them."""

    p50: float
    p99: float
    values: tuple[float, ...]


class EvidenceRow(Struct, frozen=True):
    """Gold evidence as it is shown; a long quote is cut."""

    doc_id: str
    start: int
    end: int
    quote: str


class CitationRow(Struct, frozen=True):
    """A citation, and whether it overlaps evidence."""

    doc_id: str
    start: int
    end: int
    quote: str
    right: bool


class Outcome(Struct, frozen=True):
    """One question's answer and values: what a later evaluation is compared with.

    ``gold_sha256`` is the same for two questions exactly when they ask the same and are judged the same.
    """

    id: str
    fact: str
    question: str
    gold_sha256: str
    answer: str | None
    values: Values


class QuestionRow(Outcome, frozen=True):
    """One question with its gold, its answer and what it is worth."""

    kind: str
    history: tuple[str, ...]
    answerable: bool
    answers: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]
    confidence: float
    reason: str | None
    interpreted_as: str | None
    citations: tuple[CitationRow, ...]
    first_results: tuple[str, ...]


class Difference(Measured, frozen=True):
    """A paired difference, now - then; ``p`` by randomisation, ``mcnemar_p`` where outcomes are yes or no."""

    p: float | None
    mcnemar_p: float | None


class Change(Struct, frozen=True):
    """A question whose answer or points changed; None is an abstention, or not measured."""

    id: str
    question: str
    was: str | None
    now: str | None
    points_was: float | None
    points_now: float | None


class Comparison(Struct, frozen=True):
    """An evaluation beside an earlier one, ``baseline``, of the same questions."""

    baseline: str
    differences: Mapping[str, Difference]
    changed: tuple[Change, ...]


class Baseline(Struct, frozen=True):
    """The part of an evaluation that later ones are compared with: small enough to be committed."""

    gold: GoldInfo
    answerer: str
    settings: Conditions
    metrics: Mapping[str, Measured]
    questions: Sequence[Outcome]


class Evaluation(Baseline, frozen=True):
    """Measures with intervals, kinds, sources, curves, and every question."""

    questions: tuple[QuestionRow, ...]
    kinds: Mapping[str, Group]
    sources: Mapping[str, Group]
    risk_coverage: tuple[Risk, ...]
    calibration: tuple[Bin, ...]
    latency: Latency | None
    against: Comparison | None = None

    def worst(self, most: int) -> list[QuestionRow]:
        """The wrong answers, the most confident first, then the answerable questions it abstained on."""
        points = [(q.values["headline"], q) for q in self.questions]
        wrong = [q for value, q in points if value is not None and value < 0]
        silent = [q for value, q in points if value == 0]
        return [q for part in (wrong, silent) for q in sorted(part, key=lambda q: (-q.confidence, q.id))][:most]


# --- JSON -------------------------------------------------------------------------------------------------------

QUESTION_KEYS = (
    "id gold_sha256 kind fact question history answerable answers evidence answer confidence reason interpreted_as "
    "citations first_results values".split()
)


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON."""
    found: dict[str, Any] = {
        **_head(evaluation),
        "kinds": {name: {"n": group.n, **group.values} for name, group in evaluation.kinds.items()},
        "sources": {name: {"n": group.n, **group.values} for name, group in evaluation.sources.items()},
        "risk_coverage": [[point.coverage, point.risk] for point in evaluation.risk_coverage],
        "calibration": [b._asdict() for b in evaluation.calibration],
        "latency_ms": to_builtins(evaluation.latency) if evaluation.latency else None,
        "questions": [],
    }
    for question in evaluation.questions:
        fields = to_builtins(question)
        found["questions"].append({key: fields[key] for key in QUESTION_KEYS})
    if evaluation.against:
        found["against"] = to_builtins(evaluation.against)
    return found


def baseline_json(baseline: Baseline) -> dict[str, Any]:
    """What later evaluations are compared with as JSON; values that were not measured are left out."""
    questions = [
        {
            "id": question.id,
            "fact": question.fact,
            "question": question.question,
            "gold_sha256": question.gold_sha256,
            "answer": question.answer,
            "values": {name: value for name, value in question.values.items() if value is not None},
        }
        for question in baseline.questions
    ]
    return {**_head(baseline), "questions": questions}


def _head(baseline: Baseline) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "gold": to_builtins(baseline.gold),
        "answerer": baseline.answerer,
        "settings": to_builtins(baseline.settings),
        "metrics": {name: to_builtins(measured) for name, measured in baseline.metrics.items()},
    }


def baseline_from_json(data: Any) -> Baseline:
    """What ``baseline_json`` or ``to_json`` made.

    Raises ``UsageError`` for another version's, and ``ValueError`` for what is no evaluation.
    """
    try:
        if data["schema_version"] != SCHEMA_VERSION:
            raise UsageError(f"has schema {data['schema_version']}, this version reads {SCHEMA_VERSION}")
        return Baseline(
            gold=GoldInfo(**{**data["gold"], "splits": tuple(data["gold"]["splits"])}),
            answerer=data["answerer"],
            settings=Conditions(**data["settings"]),
            metrics={name: Measured(**measured) for name, measured in data["metrics"].items()},
            questions=tuple(
                Outcome(q["id"], q["fact"], q["question"], q["gold_sha256"], q["answer"], dict(q["values"]))
                for q in data["questions"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def load_baseline(path: Path) -> Baseline:
    """An evaluation's JSON, as `qa eval --json` or `--write-baseline` wrote it; raises ``UsageError``."""
    try:
        return baseline_from_json(parse(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    except ValueError as error:
        raise UsageError(f"{path}: not an evaluation as `qa eval --write-baseline` writes it ({error})") from error
