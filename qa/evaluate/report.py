"""An evaluation shown: as text on a terminal, and as tables for the README and DESIGN.md."""

from collections.abc import Mapping, Sequence

from qa.evaluate.catalogue import listing, shown_in
from qa.evaluate.evaluation import Baseline, Comparison, Evaluation, Group, QuestionRow
from qa.evaluate.statistics import Measured
from qa.render import one_line

UNMEASURED = "–"


def number(value: float | None, digits: int = 3, sign: str = "") -> str:
    """A number for people; a dash where nothing was measured."""
    return UNMEASURED if value is None else f"{value:{sign}.{digits}f}"


def probability(p: float | None) -> str:
    """A p value for people."""
    return "<0.0001" if p is not None and p < 0.0001 else number(p, 4)


def interval(measured: Measured, sign: str = "") -> str:
    """A 95 % interval for people."""
    if measured.low is None or measured.high is None:
        return UNMEASURED
    return f"[{measured.low:{sign}.3f}, {measured.high:{sign}.3f}]"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zipped)).rstrip()
        for zipped in (list(zip(row, widths, strict=True)) for row in rows)
    ]


# --- text -------------------------------------------------------------------------------------------------------


def summary(evaluation: Evaluation) -> str:
    """What was measured, in a line."""
    gold = evaluation.gold
    splits = f" ({', '.join(gold.splits)})" if gold.splits else ""
    return (
        f"{gold.name}{splits}: {gold.questions} questions, {gold.answerable} answerable; "
        f"{evaluation.answerer}; seed {evaluation.settings.seed}"
    )


def metric_rows(evaluation: Evaluation) -> list[list[str]]:
    """Name, value, interval and n of every metric, under a heading."""
    rows = [["metric", "value", "95 % interval", "n"]]
    for name, measured in evaluation.metrics.items():
        rows.append([name, number(measured.value), interval(measured), str(measured.n)])
    return rows


def breakdown_rows(groups: Mapping[str, Group], heading: str) -> list[list[str]]:
    """A row a group with its n and those of a few metrics that were measured, under a heading."""
    names = [measure.name for measure in shown_in("kinds")]
    shown = [name for name in names if any(group.values[name] is not None for group in groups.values())]
    rows = [[heading, "n", *shown]]
    for name, group in groups.items():
        rows.append([name, str(group.n), *(number(group.values[metric]) for metric in shown)])
    return rows


def said(answer: str | None) -> str:
    """An answer in a line; a word for none."""
    return "abstained" if answer is None else one_line(answer)


def failure_lines(question: QuestionRow) -> list[str]:
    """One wrong answer: question, gold, answer, citation."""
    wanted = " | ".join(question.answers[:3]) or ("a document" if question.answerable else "an abstention")
    lines = [
        f"{question.id} ({question.kind}): {question.question}",
        f"    gold    {one_line(wanted)}",
        f"    answer  {said(question.answer)} (confidence {question.confidence:.2f})",
    ]
    for cited in question.citations[:1]:
        right = "right" if cited.right else "wrong"
        place = f"{cited.doc_id}:{cited.start}-{cited.end}"
        lines.append(f"    cited   {place} ({right}): {one_line(cited.quote)[:200]}")
    return lines


def difference_rows(comparison: Comparison) -> list[list[str]]:
    """Every paired difference with its interval and tests, under a heading."""
    rows = [["change", "now - then", "95 % interval", "p", "McNemar p", "n"]]
    for name, found in comparison.differences.items():
        tests = [probability(found.p), probability(found.mcnemar_p)]
        rows.append([name, number(found.value, sign="+"), interval(found, "+"), *tests, str(found.n)])
    return rows


def comparison_lines(comparison: Comparison, most: int) -> list[str]:
    """Paired differences and the questions that changed."""
    lines = ["", f"Against {comparison.baseline}:", *columns(difference_rows(comparison))]
    changed = comparison.changed
    lines += ["", f"{len(changed)} questions changed" + (":" if changed else ".")]
    for change in changed[:most]:
        points = f"{number(change.points_was, 0, '+')} → {number(change.points_now, 0, '+')}"
        lines += [
            f"  {points}  {change.id}: {change.question}",
            f"           {said(change.was)[:60]} → {said(change.now)[:60]}",
        ]
    return lines


def text(evaluation: Evaluation, failures: int = 5) -> str:
    """The whole evaluation for a terminal."""
    lines = [summary(evaluation), "", *columns(metric_rows(evaluation))]
    if latency := evaluation.latency:
        lines += ["", f"latency p50 {latency.p50:.1f} ms, p99 {latency.p99:.1f} ms"]
    for groups, heading in ((evaluation.kinds, "kind"), (evaluation.sources, "source")):
        if groups:
            lines += ["", *columns(breakdown_rows(groups, heading))]
    if found := evaluation.worst(failures):
        lines += ["", "Worst failures:"]
        for question in found:
            lines += ["", *failure_lines(question)]
    if evaluation.against:
        lines += comparison_lines(evaluation.against, failures)
    return "\n".join(lines)


def ablation_text(steps: Sequence[tuple[str, Evaluation]]) -> str:
    """A row a step with a few metrics, and below it what the headline gained on the step before."""
    names = [measure.name for measure in shown_in("ablation")]
    rows = [["step", *names, "headline gain", "p"]]
    for step, evaluation in steps:
        values = [
            number(evaluation.metrics[name].value) if name in evaluation.metrics else UNMEASURED for name in names
        ]
        gain = evaluation.against.differences.get("headline") if evaluation.against else None
        shown = f"{number(gain.value, sign='+')} {interval(gain, '+')}" if gain else UNMEASURED
        rows.append([step, *values, shown, probability(gain.p) if gain else UNMEASURED])
    return "\n".join([summary(steps[-1][1]), "", *columns(rows)])


# --- Markdown ---------------------------------------------------------------------------------------------------


def readme_table(baseline: Baseline) -> str:
    """The README's results."""
    gold = baseline.gold
    lines = [
        f"| {gold.questions} questions ({', '.join(gold.splits) or 'all'}), {gold.answerable} answerable "
        "| value | 95 % interval | n |",
        "|---|---|---|---|",
    ]
    for measure in shown_in("readme"):
        found = baseline.metrics[measure.name]
        label = measure.label or measure.name
        lines.append(f"| {label} | {number(found.value)} | {interval(found)} | {found.n} |")
    return "\n".join(lines)


def measures_table() -> str:
    """DESIGN.md's list of the measures."""
    return "\n".join(["| name | says |", "|---|---|", *(f"| `{name}` | {says} |" for name, says in listing())])
