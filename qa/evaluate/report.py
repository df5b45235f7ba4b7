"""An evaluation's JSON shown: as text on a terminal, as a table for the README, as one self-contained HTML page."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qa.evaluate.run import BREAKDOWN, MEANS, MEASURES, worst
from qa.render import one_line

UNMEASURED = "–"
Evaluation = Mapping[str, Any]


def number(value: float | None, digits: int = 3, sign: str = "") -> str:
    """A number for people; a dash where nothing was measured."""
    return UNMEASURED if value is None else f"{value:{sign}.{digits}f}"


def probability(p: float | None) -> str:
    """A p value for people."""
    return "<0.0001" if p is not None and p < 0.0001 else number(p, 4)


def interval(entry: Mapping[str, Any], sign: str = "") -> str:
    """A 95 % interval for people."""
    return UNMEASURED if entry["low"] is None else f"[{entry['low']:{sign}.3f}, {entry['high']:{sign}.3f}]"


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
    gold = evaluation["gold"]
    splits = f" ({', '.join(gold['splits'])})" if gold["splits"] else ""
    return (
        f"{gold['name']}{splits}: {gold['questions']} questions, {gold['answerable']} answerable; "
        f"{evaluation['answerer']}; seed {evaluation['settings']['seed']}"
    )


def metric_rows(evaluation: Evaluation) -> list[list[str]]:
    """Name, value, interval and n of every metric, under a heading."""
    rows = [["metric", "value", "95 % interval", "n"]]
    for name, entry in evaluation["metrics"].items():
        rows.append([name, number(entry["value"]), interval(entry), str(entry["n"])])
    return rows


def breakdown_rows(groups: Mapping[str, Mapping[str, Any]], heading: str) -> list[list[str]]:
    """A row a group with its n and those of a few metrics that were measured, under a heading."""
    shown = [metric for metric in BREAKDOWN if any(group[metric] is not None for group in groups.values())]
    rows = [[heading, "n", *shown]]
    for name, group in groups.items():
        rows.append([name, str(group["n"]), *(number(group[metric]) for metric in shown)])
    return rows


def failure_lines(question: Mapping[str, Any]) -> list[str]:
    """One wrong answer: question, gold, answer, citation."""
    said = "abstained" if question["answer"] is None else one_line(question["answer"])
    wanted = " | ".join(question["answers"][:3]) or ("an abstention" if not question["answerable"] else "a document")
    lines = [
        f"{question['id']} ({question['kind']}): {question['question']}",
        f"    gold    {one_line(wanted)}",
        f"    answer  {said} (confidence {question['confidence']:.2f})",
    ]
    for cited in question["citations"][:1]:
        right = "right" if cited["right"] else "wrong"
        place = f"{cited['doc_id']}:{cited['start']}-{cited['end']}"
        lines.append(f"    cited   {place} ({right}): {one_line(cited['quote'])[:200]}")
    return lines


def comparison_lines(comparison: Mapping[str, Any], most: int) -> list[str]:
    """Paired differences and the questions that changed."""
    rows = [["change", "now - then", "95 % interval", "p", "McNemar p", "n"]]
    for name, entry in comparison["differences"].items():
        p = [probability(entry[key]) for key in ("p", "mcnemar_p")]
        rows.append([name, number(entry["value"], sign="+"), interval(entry, "+"), *p, str(entry["n"])])
    lines = ["", f"Against {comparison['baseline']}:", *columns(rows)]
    changed = comparison["changed"]
    lines += ["", f"{len(changed)} questions changed" + (":" if changed else ".")]
    for change in changed[:most]:
        points = f"{number(change['points_was'], 0, '+')} → {number(change['points_now'], 0, '+')}"
        answers = [("abstained" if a is None else one_line(a)[:60]) for a in (change["was"], change["now"])]
        lines += [f"  {points}  {change['id']}: {change['question']}", f"           {answers[0]} → {answers[1]}"]
    return lines


def text(evaluation: Evaluation, failures: int = 5) -> str:
    """The whole evaluation for a terminal."""
    lines = [summary(evaluation), "", *columns(metric_rows(evaluation))]
    if latency := evaluation.get("latency_ms"):
        lines += ["", f"latency p50 {latency['p50']:.1f} ms, p99 {latency['p99']:.1f} ms"]
    for groups, heading in ((evaluation["kinds"], "kind"), (evaluation["sources"], "source")):
        if groups:
            lines += ["", *columns(breakdown_rows(groups, heading))]
    if found := worst(evaluation, failures):
        lines += ["", "Worst failures:"]
        for question in found:
            lines += ["", *failure_lines(question)]
    if evaluation.get("against"):
        lines += comparison_lines(evaluation["against"], failures)
    return "\n".join(lines)


ABLATION_METRICS = ("headline", "right", "f1", "success@1", "mrr@10", "citation_recall", "auroc")


def ablation_text(steps: Sequence[tuple[str, Evaluation]]) -> str:
    """A row a step with a few metrics, and below it what the headline gained on the step before."""
    rows = [["step", *ABLATION_METRICS, "headline gain", "p"]]
    for name, evaluation in steps:
        found = evaluation["metrics"]
        gain = (evaluation.get("against") or {"differences": {}})["differences"].get("headline")
        rows.append(
            [
                name,
                *(number(found[metric]["value"]) if metric in found else UNMEASURED for metric in ABLATION_METRICS),
                f"{number(gain['value'], sign='+')} {interval(gain, '+')}" if gain else UNMEASURED,
                probability(gain["p"]) if gain else UNMEASURED,
            ]
        )
    return "\n".join([summary(steps[-1][1]), "", *columns(rows)])


README_METRICS = {
    "headline": "headline",
    "right": "answered right, citation right",
    "f1_answerable": "F1 of the answerable",
    "refusal_recall": "unanswerable abstained on",
    "first_citation": "first citation right, where answered",
    "quotes_equal": "quotes equal to their source",
    "success@1": "success@1 of retrieval",
    "ndcg@10": "nDCG@10 of retrieval",
    "auroc": "AUROC of the confidence",
}


def readme_table(evaluation: Evaluation) -> str:
    """The README's results as a Markdown table."""
    gold = evaluation["gold"]
    lines = [
        f"| {gold['questions']} questions ({', '.join(gold['splits']) or 'all'}), {gold['answerable']} answerable "
        "| value | 95 % interval | n |",
        "|---|---|---|---|",
    ]
    for name, label in README_METRICS.items():
        entry = evaluation["metrics"][name]
        lines.append(f"| {label} | {number(entry['value'])} | {interval(entry)} | {entry['n']} |")
    return "\n".join(lines)


# --- HTML -------------------------------------------------------------------------------------------------------

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem;color:#1c2024;background:#fff}
table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #dde}
td{white-space:nowrap}
th:first-child,td:first-child{text-align:left}th{font-weight:600}td.why,td.text{text-align:left;white-space:normal}td.why{color:#667}
.plots{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption{color:#556;font-size:13px}
svg{background:#fafbfc;border:1px solid #dde}svg text{font:11px system-ui,sans-serif;fill:#445}
details{border-bottom:1px solid #dde;padding:.3rem 0}summary{cursor:pointer}
.good{color:#176639}.bad{color:#a11}.none{color:#667}dt{font-weight:600}
dd{margin:0 0 .4rem 1rem}
#tools{position:sticky;top:0;background:inherit;padding:.5rem 0}input,select{font:inherit;padding:.2rem .4rem}
@media(prefers-color-scheme:dark){body{color:#e4e6ea;background:#16181b}svg{background:#1d2024;border-color:#333}
svg text{fill:#bbc}th,td,details{border-color:#333}.good{color:#6cd398}.bad{color:#ff8a80}
td.why,figcaption,.none{color:#9aa}}
"""
LONG_CELL = 24
"""Characters from which a cell is text rather than a number."""
FAILURES = 10
"""Worst failures that stand apart on the page."""
SCRIPT = """
const find=document.getElementById('find'),kind=document.getElementById('kind'),only=document.getElementById('only');
function show(){let n=0;for(const d of document.querySelectorAll('details.q')){
const ok=d.textContent.toLowerCase().includes(find.value.toLowerCase())&&(!kind.value||d.dataset.kind===kind.value)
&&(!only.value||d.dataset.points===only.value);d.hidden=!ok;n+=ok}document.getElementById('count').textContent=n}
for(const e of [find,kind,only])e.addEventListener('input',show);
"""
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 420, 260, 46, 34, 12
Scale = Callable[[float], float]


def esc(value: object) -> str:
    """Text as it may stand in HTML, in an attribute too."""
    return html.escape(str(value), quote=True)


def cell_html(text: str) -> str:
    """A cell; a long text stands to the left and is wrapped."""
    return f"<td{' class=text' if len(text) > LONG_CELL else ''}>{esc(text)}</td>"


def html_table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its heading."""
    head = "".join(f"<th>{esc(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(map(cell_html, row)) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def scales(right: float, top: float) -> tuple[Scale, Scale]:
    """From values, 0 to ``right`` and 0 to ``top``, to places in the picture."""
    return (
        lambda x: LEFT + x / right * (WIDTH - LEFT - 12),
        lambda y: HEIGHT - BOTTOM - y / top * (HEIGHT - BOTTOM - TOP),
    )


def svg(title: str, body: str, x_label: str, y_label: str, right: float = 1.0, top: float = 1.0) -> str:
    """A plot with two axes from 0, in quarters, around what is drawn in it."""
    x, y = scales(right, top)
    parts = []
    for quarter in range(5):
        at_x, at_y = x(right * quarter / 4), y(top * quarter / 4)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 12}" y1="{at_y:.1f}" y2="{at_y:.1f}" stroke="#8884"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{at_y + 4:.1f}" text-anchor="end">{top * quarter / 4:.3g}</text>')
        place = f'x="{at_x:.1f}" y="{HEIGHT - BOTTOM + 14}"'
        parts.append(f'<text {place} text-anchor="middle">{right * quarter / 4:.3g}</text>')
    parts.append(f'<text x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 5}" text-anchor="middle">{esc(x_label)}</text>')
    parts.append(f'<text x="10" y="{HEIGHT / 2}" transform="rotate(-90 10 {HEIGHT / 2})">{esc(y_label)}</text>')
    return (
        f'<figure><svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{esc(title)}">{"".join(parts)}{body}</svg><figcaption>{esc(title)}</figcaption></figure>'
    )


def risk_plot(evaluation: Evaluation) -> str:
    """Risk over coverage."""
    x, y = scales(1.0, 1.0)
    path = " ".join(f"{x(coverage):.1f},{y(risk):.1f}" for coverage, risk in evaluation["risk_coverage"])
    body = f'<line x1="{x(0):.1f}" x2="{x(1):.1f}" y1="{y(0.05):.1f}" y2="{y(0.05):.1f}" stroke="#c50" '
    body += f'stroke-dasharray="4 3"/><polyline points="{path}" fill="none" stroke="#27c" stroke-width="2"/>'
    return svg("Risk and coverage; the dashed line is 5 % risk", body, "coverage", "risk")


def calibration_plot(evaluation: Evaluation) -> str:
    """Share answerable over confidence; the size of a dot is its number of questions."""
    x, y = scales(1.0, 1.0)
    most = max(b["n"] for b in evaluation["calibration"])
    body = f'<line x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(1):.1f}" y2="{y(1):.1f}" stroke="#999"/>'
    for b in evaluation["calibration"]:
        place = f'cx="{x(b["probability"]):.1f}" cy="{y(b["outcome"]):.1f}" r="{3 + 7 * (b["n"] / most) ** 0.5:.1f}"'
        body += f'<circle {place} fill="#27c" fill-opacity=".6"><title>n = {b["n"]}</title></circle>'
    return svg("Calibration; on the line, confidence is the share answerable", body, "confidence", "answerable")


def kind_plot(evaluation: Evaluation) -> str:
    """The headline of each kind of question as a bar from the middle, -1 to +1."""
    kinds = [(kind, group) for kind, group in evaluation["kinds"].items() if group["headline"] is not None]
    height = 24 * len(kinds) + 30
    middle, unit = 290, 120
    body = f'<line x1="{middle}" x2="{middle}" y1="4" y2="{height - 22}" stroke="#999"/>'
    for row, (kind, group) in enumerate(kinds):
        y, value = 6 + 24 * row, group["headline"]
        start = middle + min(value, 0) * unit
        fill = "#2a7" if value >= 0 else "#c44"
        body += f'<rect x="{start:.1f}" y="{y}" width="{abs(value) * unit:.1f}" height="16" fill="{fill}"/>'
        body += f'<text x="160" y="{y + 12}" text-anchor="end">{esc(kind)} ({group["n"]})</text>'
        body += f'<text x="{WIDTH - 6}" y="{y + 12}" text-anchor="end">{value:+.2f}</text>'
    for value in (-1, 0, 1):
        body += f'<text x="{middle + value * unit}" y="{height - 6}" text-anchor="middle">{value}</text>'
    title = "Headline of each kind of question"
    return (
        f'<figure><svg width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{title}">{body}</svg><figcaption>{title}</figcaption></figure>'
    )


def latency_plot(latency: Mapping[str, Any]) -> str:
    """The share of questions answered within a time."""
    values = sorted(latency["values"])
    right = max(values[-1], 1e-9)
    x, y = scales(right, 1.0)
    path = " ".join(f"{x(value):.1f},{y((i + 1) / len(values)):.1f}" for i, value in enumerate(values))
    body = f'<polyline points="{path}" fill="none" stroke="#27c" stroke-width="2"/>'
    title = f"Latency: p50 {latency['p50']:.1f} ms, p99 {latency['p99']:.1f} ms"
    return svg(title, body, "milliseconds", "share of questions", right)


def question_html(question: Mapping[str, Any], listed_as: str = "q") -> str:
    """One question with its gold, answer and citations, folded; the search of the page looks through class q."""
    points = question["values"]["headline"]
    mark = {1: "good", -1: "bad"}.get(points, "none")
    said = "abstained" if question["answer"] is None else question["answer"]
    rows = [("asked before", " / ".join(question["history"])), ("understood as", question["interpreted_as"])]
    rows += [("acceptable answers", " | ".join(question["answers"]))]
    rows += [
        (f"gold evidence, {e['doc_id']}:{e['start']}-{e['end']}", f"“{one_line(e['quote'])}”")
        for e in question["evidence"]
    ]
    rows += [("answer", f"{one_line(said)} (confidence {question['confidence']:.3f})"), ("reason", question["reason"])]
    for cited in question["citations"]:
        right = "right" if cited["right"] else "wrong"
        rows.append(
            (f"citation, {right}, {cited['doc_id']}:{cited['start']}-{cited['end']}", f"“{one_line(cited['quote'])}”")
        )
    rows.append(("first results", ", ".join(question["first_results"])))
    measured = [f"{name} {value:.3f}" for name, value in question["values"].items() if value is not None]
    rows.append(("values", ", ".join(measured)))
    detail = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in rows if value)
    return (
        f'<details class="{listed_as}" data-kind="{esc(question["kind"])}" data-points="{number(points, 0)}">'
        f'<summary><b class="{mark}">{number(points, 0, "+")}</b> {esc(question["id"])} '
        f"<i>{esc(question['kind'])}</i> {esc(question['question'])} → {esc(one_line(said)[:80])}</summary>"
        f"<dl>{detail}</dl></details>"
    )


def html_page(evaluation: Evaluation) -> str:
    """The whole evaluation as one page: no other file, no address, nothing that is loaded."""
    why = {**MEANS, **MEASURES}
    rows = metric_rows(evaluation)
    table = "".join(
        "<tr>"
        + "".join(f"<td>{esc(cell)}</td>" for cell in row)
        + f'<td class="why">{esc(why.get(row[0], ""))}</td></tr>'
        for row in rows[1:]
    )
    head = "".join(f"<th>{esc(cell)}</th>" for cell in rows[0])
    plots = []
    if evaluation["risk_coverage"]:
        plots += [risk_plot(evaluation), calibration_plot(evaluation), kind_plot(evaluation)]
    latency = evaluation.get("latency_ms")
    if latency:
        plots.append(latency_plot(latency))
    sections = [f"<h2>{name}</h2>{html_table(rows)}" for name, rows in _tables(evaluation)]
    options = "".join(f'<option value="{esc(kind)}">{esc(kind)}</option>' for kind in evaluation["kinds"])
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Evaluation: {esc(evaluation["gold"]["name"])}</title><style>{STYLE}</style></head><body>
<h1>Evaluation</h1><p>{esc(summary(evaluation))}</p>
<table><thead><tr>{head}<th></th></tr></thead><tbody>{table}</tbody></table>
<div class="plots">{"".join(plots)}</div>
<p>{"" if latency else "Latency was not measured; <code>qa eval --latency</code> does."}</p>
{"".join(sections)}
<h2>Worst failures</h2>
{"".join(question_html(question, "worst") for question in worst(evaluation, FAILURES)) or "<p>None.</p>"}
<h2>Questions</h2>
<p id="tools"><input id="find" type="search" placeholder="find" aria-label="find"> <select id="kind"
aria-label="kind"><option value="">every kind</option>{options}</select> <select id="only" aria-label="points"><option
value="">right and wrong</option><option value="-1">wrong</option><option value="0">abstained, answerable</option>
<option value="1">right</option></select> <span id="count">{len(evaluation["questions"])}</span></p>
{"".join(question_html(question) for question in evaluation["questions"])}
<script>{SCRIPT}</script></body></html>
"""


def _tables(evaluation: Evaluation) -> list[tuple[str, list[list[str]]]]:
    tables = []
    if evaluation["kinds"]:
        tables.append(("Kinds", breakdown_rows(evaluation["kinds"], "kind")))
    if evaluation["sources"]:
        tables.append(("Sources", breakdown_rows(evaluation["sources"], "source")))
    if against := evaluation.get("against"):
        rows = [["metric", "now - then", "95 % interval", "p", "n"]]
        for name, entry in against["differences"].items():
            rows.append(
                [name, number(entry["value"], sign="+"), interval(entry, "+"), probability(entry["p"]), str(entry["n"])]
            )
        changed = [["id", "question", "then", "now", "points"]]
        for c in against["changed"]:
            points = f"{number(c['points_was'], 0, '+')} → {number(c['points_now'], 0, '+')}"
            changed.append([c["id"], c["question"], *("–" if a is None else a for a in (c["was"], c["now"])), points])
        tables += [(f"Against {esc(against['baseline'])}", rows), ("Changed answers", changed)]
    return tables
