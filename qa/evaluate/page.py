"""An evaluation as one self-contained HTML page, from the templates beside this file."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from qa.evaluate import plots
from qa.evaluate.catalogue import find
from qa.evaluate.evaluation import Evaluation
from qa.evaluate.plots import Plot
from qa.evaluate.report import breakdown_rows, difference_rows, metric_rows, number, said, summary
from qa.render import one_line
from qa.templating import environment_of

FAILURES = 10
"""Worst failures that stand apart on the page."""
Rows = Sequence[Sequence[str]]
"""A table; its first row is the heading."""


@cache
def environment() -> Environment:
    """The templates of the report."""
    templates = environment_of("qa.evaluate", number=number, said=said, one_line=one_line)
    templates.globals["plots"] = plots
    return templates


def html_page(evaluation: Evaluation) -> str:
    """The whole evaluation as one page: no other file, no address, nothing that is loaded."""
    pictures = []
    if evaluation.risk_coverage:
        pictures += [plots.risk_plot(evaluation.risk_coverage), plots.calibration_plot(evaluation.calibration)]
    if evaluation.latency:
        pictures.append(plots.latency_plot(evaluation.latency))
    head, *rows = metric_rows(evaluation)
    return (
        environment()
        .get_template("report.html")
        .render(
            evaluation=evaluation,
            summary=summary(evaluation),
            metrics=[[*head, "what it says"], *([*row, find(row[0]).meaning] for row in rows)],
            pictures=pictures,
            bars=plots.kind_bars(evaluation.kinds),
            tables=_tables(evaluation),
            worst=evaluation.worst(FAILURES),
        )
    )


def _tables(evaluation: Evaluation) -> list[tuple[str, Rows]]:
    """Titles and rows of the tables below the pictures."""
    tables: list[tuple[str, Rows]] = []
    if evaluation.kinds:
        tables.append(("Kinds", breakdown_rows(evaluation.kinds, "kind")))
    if evaluation.sources:
        tables.append(("Sources", breakdown_rows(evaluation.sources, "source")))
    if against := evaluation.against:
        changed = [["id", "question", "then", "now", "points"]]
        for c in against.changed:
            points = f"{number(c.points_was, 0, '+')} → {number(c.points_now, 0, '+')}"
            changed.append([c.id, c.question, said(c.was), said(c.now), points])
        tables += [(f"Against {against.baseline}", difference_rows(against)), ("Changed answers", changed)]
    return tables


# --- parts, for other reports -----------------------------------------------------------------------------------


def plot_html(plot: Plot) -> Markup:
    """A plot as a figure."""
    return _part("plot", plot)


def table_html(rows: Rows, title: str) -> Markup:
    """A table that scrolls inside its box where it is too wide; ``title`` names it to a screen reader."""
    return _part("table", rows, title)


def style() -> str:
    """The style sheet that both need."""
    return environment().get_template("report.css").render()


def _part(name: str, *values: object) -> Markup:
    macro = getattr(environment().get_template("parts.html").module, name)
    return Markup(macro(*values))
