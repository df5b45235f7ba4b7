"""Hold an evaluation to an earlier one: paired differences with their p, the questions that changed, and the gate."""

import numpy as np

from qa.errors import UsageError
from qa.evaluate.catalogue import MEASURES, find
from qa.evaluate.evaluation import Baseline, Change, Comparison, Difference, Evaluation, Outcome
from qa.evaluate.statistics import Conditions, Measured, bootstrap_mean, mcnemar, randomisation_test, tidy

SIGNIFICANT = 0.05


def compare(evaluation: Evaluation, baseline: Baseline, name: str) -> Comparison:
    """Paired differences from an earlier evaluation of the same questions, and the questions that changed.

    Raises ``UsageError`` when the two did not ask the same questions.
    """
    now: dict[str, Outcome] = {q.id: q for q in evaluation.questions}
    then = {q.id: q for q in baseline.questions}
    if strangers := sorted(now.keys() ^ then.keys()):
        where = "only the gold set" if strangers[0] in now else f"only {name}"
        raise UsageError(f"{where} has the question {strangers[0]!r} ({len(strangers)} such); measure {name} anew")
    for key in now:
        if now[key].gold_sha256 != then[key].gold_sha256:
            raise UsageError(f"{name}: the gold of {key!r} was changed since; measure {name} anew")
    pairs = [(outcome, then[key]) for key, outcome in now.items()]
    differences = {}
    for measure in evaluation.metrics:
        if (difference := _difference(measure, pairs, evaluation.settings)) is not None:
            differences[measure] = difference
    changed = [
        Change(now.id, now.question, was.answer, now.answer, was.values.get("headline"), now.values.get("headline"))
        for now, was in pairs
    ]
    changed = [change for change in changed if change.was != change.now or change.points_was != change.points_now]
    changed.sort(key=lambda change: ((change.points_now or 0) - (change.points_was or 0), change.id))
    return Comparison(name, differences, tuple(changed))


def _difference(name: str, outcomes: list[tuple[Outcome, Outcome]], conditions: Conditions) -> Difference | None:
    """The difference of one mean over the questions where both sides have it; None without any."""
    pairs = [
        (value, before, now.fact)
        for now, was in outcomes
        if (value := now.values.get(name)) is not None and (before := was.values.get(name)) is not None
    ]
    if not pairs:
        return None
    facts = [fact for *_, fact in pairs]
    differences = np.array([value - before for value, before, _ in pairs], np.float64)
    interval = bootstrap_mean(differences, facts, conditions.rounds, conditions.seed)
    mean = Measured.of(float(differences.mean()), interval, len(pairs))
    yes_no = mcnemar([value == 1 for value, *_ in pairs], [before == 1 for _, before, _ in pairs])
    return Difference(
        value=mean.value,
        low=mean.low,
        high=mean.high,
        n=mean.n,
        p=tidy(randomisation_test(differences, facts, conditions.rounds, conditions.seed)),
        mcnemar_p=tidy(yes_no) if find(name).yes_no else None,
    )


def gate(evaluation: Evaluation, comparison: Comparison) -> list[str]:
    """Why the evaluation must not pass, a line a reason: a broken citation, or a significant fall."""
    reasons = []
    for measure in MEASURES:
        value = evaluation.metrics[measure.name].value
        change = comparison.differences.get(measure.name)
        if measure.gate == "one" and value is not None and value < 1:
            reasons.append(f"{measure.name} is {value:.4f}, and must be 1")
        if measure.gate == "fall" and change is not None and _fell(change):
            reasons.append(
                f"{measure.name} fell by {-(change.value or 0):.3f} [{change.low:+.3f}, {change.high:+.3f}], "
                f"p = {change.p:.4f}"
            )
    if evaluation.metrics["headline"].value is None:
        reasons.append("headline was not measured; the gate needs a gold set with answers")
    return reasons


def _fell(change: Difference) -> bool:
    return change.value is not None and change.value < 0 and change.p is not None and change.p < SIGNIFICANT
