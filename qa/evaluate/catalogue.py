"""Every measure as one object: name, what it says, parameters, function. To add one, add an entry to ``MEASURES``.

The tables, ``qa eval --help``, the errors, the report and DESIGN.md's list follow from here. Conventions are those
of ``measures``; a function returns None for what it says nothing about.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from qa.errors import UsageError
from qa.evaluate import measures
from qa.evaluate.judge import RIGHT_F1, Judged, Pool
from qa.evaluate.statistics import Conditions, Measured, Rows, bootstrap_mean, bootstrap_measure

Table = Literal["kinds", "ablation", "readme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(ABC):
    """A name, what it says in a line, and a function with its ``parameters``, such as the k of recall@k.

    ``says`` may name a parameter in braces. ``yes_no`` outcomes are 0 or 1 for each question, so that McNemar's test
    applies. ``gate`` says what fails ``qa eval --gate``: a value below one, or a significant fall. ``tables`` name
    the short tables that show it, ``label`` is its name in the README's.
    """

    name: str
    says: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    yes_no: bool = False
    gate: Literal["one", "fall"] | None = None
    tables: tuple[Table, ...] = ()
    label: str = ""

    @property
    def meaning(self) -> str:
        """``says`` with the parameters in it."""
        return self.says.format(**self.parameters)

    @abstractmethod
    def measured(self, judged: Sequence[Judged], conditions: Conditions) -> Measured:
        """Its value over questions, with an interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean(Measure):
    """A mean over the questions that it says something about."""

    of: Callable[..., float | None]
    """Of a ``Judged`` question and the parameters."""

    def value(self, judged: Judged) -> float | None:
        """Its value for one question."""
        return self.of(judged, **self.parameters)

    def measured(self, judged: Sequence[Judged], conditions: Conditions) -> Measured:
        """See ``Measure``."""
        rows = [(value, j.question.fact) for j in judged if (value := self.value(j)) is not None]
        values = np.array([value for value, _ in rows], np.float64)
        interval = bootstrap_mean(values, [fact for _, fact in rows], conditions.rounds, conditions.seed)
        return Measured.of(float(values.mean()) if len(values) else None, interval, len(values))

    def mean(self, judged: Sequence[Judged]) -> float | None:
        """Its value over questions, without an interval."""
        values = [value for j in judged if (value := self.value(j)) is not None]
        return float(np.mean(values)) if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Measure):
    """A measure of all questions with an answer key at once."""

    of: Callable[..., float | None]
    """Of a ``Pool`` and the parameters."""

    def measured(self, judged: Sequence[Judged], conditions: Conditions) -> Measured:
        """See ``Measure``."""
        keyed = [j for j in judged if j.has_answer_key]
        pool = Pool.of(keyed)
        value = self.of(pool, **self.parameters)
        if value is None:
            return Measured.of(None, None, 0)

        def drawn(rows: Rows) -> float | None:
            return self.of(pool.rows(rows), **self.parameters)

        facts = [j.question.fact for j in keyed]
        return Measured.of(value, bootstrap_measure(drawn, facts, conditions.rounds, conditions.seed), len(keyed))


# --- of one question --------------------------------------------------------------------------------------------


def headline(judged: Judged) -> float | None:
    """The headline's share of a question."""
    if not judged.has_answer_key:
        return None
    return measures.points(answerable=judged.answerable, abstained=judged.abstained, right=judged.is_right)


def right(judged: Judged) -> float | None:
    """Whether an answerable question was answered right."""
    return float(judged.is_right) if judged.question.answers else None


def exact(judged: Judged) -> float | None:
    """SQuAD's exact match."""
    return measures.exact_match(judged.said, judged.question.answers) if judged.has_answer_key else None


def f1(judged: Judged) -> float | None:
    """SQuAD's token F1."""
    return measures.token_f1(judged.said, judged.question.answers) if judged.has_answer_key else None


def answerable(of: Callable[[Judged], float | None]) -> Callable[[Judged], float | None]:
    """The same of answerable questions only."""
    return lambda judged: of(judged) if judged.answerable else None


def unanswerable(of: Callable[[Judged], float | None]) -> Callable[[Judged], float | None]:
    """The same of unanswerable questions only."""
    return lambda judged: None if judged.answerable else of(judged)


def first_citation(judged: Judged) -> float | None:
    """Whether the first citation of an answered answerable question is right."""
    return float(judged.first_right) if judged.answerable and not judged.abstained else None


def citation_precision(judged: Judged) -> float | None:
    """The share of an answer's citations that are right; 0 without any."""
    if judged.abstained:
        return None
    return float(np.mean(judged.right)) if judged.right else 0.0


def citation_recall(judged: Judged) -> float | None:
    """The share of the documents with evidence that have a right citation."""
    if not judged.answerable:
        return None
    wanted = {e.doc_id for e in judged.question.evidence}
    found = {c.doc_id for c, is_right in zip(judged.response.citations, judged.right, strict=True) if is_right}
    return len(wanted & found) / len(wanted)


def quotes_equal(judged: Judged) -> float | None:
    """The share of the quotes that stand at their place."""
    return float(np.mean(judged.equal)) if judged.equal else None


def answers_quoted(judged: Judged) -> float | None:
    """Whether the answer stands in the quote of its first citation, as that reads."""
    if judged.response.answer is None:
        return None
    first = judged.response.citations[:1]
    return float(any(judged.response.answer in text for cited in first for text in (cited.quote, cited.shown)))


def refusal_precision(judged: Judged) -> float | None:
    """Whether an abstention was of an unanswerable question."""
    return float(not judged.answerable) if judged.abstained and judged.has_answer_key else None


def refusal_recall(judged: Judged) -> float | None:
    """Whether an unanswerable question was abstained on."""
    return None if judged.answerable else float(judged.abstained)


# --- the measures -----------------------------------------------------------------------------------------------


def at(ranking: Mean, k: int, *tables: Table, gate: Literal["fall"] | None = None, label: str = "") -> Mean:
    """A measure of the ranking at a cut-off."""
    return replace(ranking, name=f"{ranking.name}@{k}", parameters={"k": k}, gate=gate, tables=tables, label=label)


SUCCESS = Mean(
    name="success",
    says="answerable questions with a relevant result among the first {k}",
    of=lambda judged, k: measures.success(judged.gains, k) if judged.answerable else None,
    yes_no=True,
)
RECALL = Mean(
    name="recall",
    says="share of the relevant results that is among the first {k}; of an endpoint or a file only the returned "
    "passages are known, and the evidence that they miss",
    of=lambda judged, k: measures.recall(judged.gains, k, len(judged.qrels)) if judged.answerable else None,
)
MRR = Mean(
    name="mrr",
    says="reciprocal rank of the first relevant result among the first {k}",
    of=lambda judged, k: measures.reciprocal_rank(judged.gains, k) if judged.answerable else None,
)
NDCG = Mean(
    name="ndcg",
    says="normalised discounted cumulative gain of the first {k} results",
    of=lambda judged, k: measures.ndcg(judged.gains, k, list(judged.qrels.values())) if judged.answerable else None,
)
RANKINGS = (SUCCESS, RECALL, MRR, NDCG)
"""Measures that exist at every cut-off k."""

MEASURES: tuple[Measure, ...] = (
    Mean(
        name="headline",
        says="right +1; abstained 0, +1 when unanswerable; anything else -1",
        of=headline,
        gate="fall",
        tables=("kinds", "ablation", "readme"),
    ),
    Mean(
        name="right",
        says=f"answerable questions with F1 of at least {RIGHT_F1} whose first citation overlaps evidence",
        of=right,
        yes_no=True,
        tables=("kinds", "ablation", "readme"),
        label="answered right, citation right",
    ),
    Mean(
        name="exact",
        says="exact match of SQuAD 2.0, over the acceptable answers; abstaining is right where there are none",
        of=exact,
        yes_no=True,
    ),
    Mean(
        name="f1",
        says="token F1 of SQuAD 2.0, the best over the acceptable answers; abstaining is right where there are none",
        of=f1,
        tables=("kinds", "ablation"),
    ),
    Mean(
        name="exact_answerable",
        says="exact match over answerable questions (HasAns)",
        of=answerable(exact),
        yes_no=True,
    ),
    Mean(
        name="f1_answerable",
        says="token F1 over answerable questions (HasAns)",
        of=answerable(f1),
        tables=("readme",),
        label="F1 of the answerable",
    ),
    Mean(
        name="exact_unanswerable",
        says="exact match over unanswerable questions (NoAns), which is to abstain",
        of=unanswerable(exact),
        yes_no=True,
    ),
    at(SUCCESS, 1, "kinds", "ablation", "readme", label="success@1 of retrieval"),
    at(SUCCESS, 5),
    at(RECALL, 5),
    at(RECALL, 20),
    at(MRR, 10, "kinds", "ablation"),
    at(NDCG, 10, "readme", gate="fall", label="nDCG@10 of retrieval"),
    Mean(
        name="first_citation",
        says="of answered answerable questions, those whose first citation overlaps evidence",
        of=first_citation,
        yes_no=True,
        gate="fall",
        tables=("kinds", "readme"),
        label="first citation right, where answered",
    ),
    Mean(
        name="citation_precision",
        says="of an answer's citations, those of conflicts too, the share that overlaps evidence; none does where the "
        "question is unanswerable",
        of=citation_precision,
        gate="fall",
    ),
    Mean(
        name="citation_recall",
        says="of the documents with evidence, the share with a citation that overlaps it; 0 where abstained",
        of=citation_recall,
        gate="fall",
        tables=("ablation",),
    ),
    Mean(
        name="quotes_equal",
        says="of an answer's quotes, those equal to their place in the source; must be 1",
        of=quotes_equal,
        gate="one",
        tables=("readme",),
        label="quotes equal to their source",
    ),
    Mean(
        name="answers_quoted",
        says="answers that stand in the quote of their first citation; must be 1",
        of=answers_quoted,
        gate="one",
    ),
    Mean(name="refusal_precision", says="of abstentions, the unanswerable", of=refusal_precision),
    Mean(
        name="refusal_recall",
        says="of unanswerable questions, those abstained on",
        of=refusal_recall,
        yes_no=True,
        tables=("kinds", "readme"),
        label="unanswerable abstained on",
    ),
    Whole(
        name="auroc",
        says="chance that an answerable question gets more confidence than an unanswerable one, ties half",
        of=lambda pool: measures.auroc(pool.confidence, pool.answerable),
        tables=("ablation", "readme"),
        label="AUROC of the confidence",
    ),
    Whole(
        name="aurc",
        says="area under risk over coverage, where risk is the share not right of the questions answered in order of "
        "confidence, abstentions last and wrong; lower is better",
        of=lambda pool: measures.aurc(pool.order, pool.wrong),
    ),
    Whole(
        name="coverage@5%risk",
        says="largest share of the questions that can be answered at a risk of at most {risk}",
        of=lambda pool, risk: measures.coverage_at_risk(pool.order, pool.wrong, risk),
        parameters={"risk": 0.05},
    ),
    Whole(
        name="calibration_error",
        says="mean gap of confidence and share answerable over {bins} equal bins, weighted by n (ECE); lower is better",
        of=lambda pool, bins: measures.calibration_error(pool.confidence, pool.answerable, bins),
        parameters={"bins": 10},
    ),
)
BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}
MEANS: tuple[Mean, ...] = tuple(measure for measure in MEASURES if isinstance(measure, Mean))


def shown_in(table: Table) -> list[Measure]:
    """The measures of a short table."""
    return [measure for measure in MEASURES if table in measure.tables]


def find(name: str) -> Measure:
    """The measure of a name, a ranking's at any cut-off; raises ``UsageError`` for a name that is none.

    >>> find("recall@3").parameters
    {'k': 3}
    """
    if name in BY_NAME:
        return BY_NAME[name]
    stem, _, k = name.partition("@")
    for ranking in RANKINGS:
        if ranking.name == stem and k.isascii() and k.isdecimal() and not k.startswith("0"):
            return at(ranking, int(k))
    known, stems = ", ".join(BY_NAME), ", ".join(ranking.name for ranking in RANKINGS)
    raise UsageError(f"unknown metric {name!r}; known are {known}, and {stems} at any @k")


def choose(names: Sequence[str], depth: int) -> tuple[Measure, ...]:
    """The measures of names, each once; raises ``UsageError`` for one that is none, or that needs more depth."""
    chosen = [find(name) for name in dict.fromkeys(names)]
    for measure in chosen:
        if (k := measure.parameters.get("k", 0)) > depth:
            raise UsageError(f"{measure.name} needs more than the {depth} results that are judged; give --depth {k}")
    return tuple(chosen)


def listing() -> list[tuple[str, str]]:
    """(name, meaning) of every measure, one row for a ranking at all its cut-offs."""
    rows: dict[str, str] = {}
    for measure in MEASURES:
        ranking = next((ranking for ranking in RANKINGS if measure.name.startswith(f"{ranking.name}@")), None)
        if ranking is None:
            rows[measure.name] = measure.meaning
        else:
            rows[f"{ranking.name}@k"] = ranking.says.format(k="k")
    return list(rows.items())
