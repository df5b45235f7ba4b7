"""The report of a training: tables of what was measured on dev, and curves, as one HTML page.

    python -m training.report --reader runs/reader --encoder runs/encoder --out runs/report.html

It reads what the other commands leave behind: ``loss.jsonl`` of every stage, ``dev.json`` of ``training.calibrate``,
``metrics.json`` of ``training.export``, the folders of ``make curve``. What was not measured is left out.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.evaluate.evaluation import Risk
from qa.evaluate.measures import aurc, auroc, calibration, calibration_error, quantile, risk_coverage
from qa.evaluate.page import plot_html, style, table_html
from qa.evaluate.plots import Line, Plot, calibration_plot, risk_plot
from training.measure_reader import best_threshold

Row = Mapping[str, float]
STYLES = ("c1", "c2", "c3", "c4", "c5")
"""Classes of lines in the style sheet of reports, each of another colour."""
CURVE = [(part, name) for part in ("films", "gold") for name in ("right_and_cited", "auroc")]
"""Measures of the learning curve, on the dev films and on the gold set's dev part."""


def squad2(rows: Sequence[Row], threshold: float) -> dict[str, float]:
    """The measures of the SQuAD 2.0 script, in percent: an abstention is right exactly where there is no answer."""
    answered = np.array([row["confidence"] >= threshold for row in rows])
    answerable = np.array([bool(row["answerable"]) for row in rows])
    result = {}
    confidence = np.array([row["confidence"] for row in rows])
    for name in ("exact", "f1"):
        gain = np.where(answered, [float(row[name]) for row in rows], ~answerable)
        result[name] = gain.mean()
        result[f"HasAns_{name}"] = gain[answerable].mean()
        result[f"NoAns_{name}"] = gain[~answerable].mean()
    for name in ("exact", "f1"):
        gains = np.array([float(row[name]) for row in rows])
        result[f"best_{name}"], result[f"best_{name}_thresh"] = best_threshold(confidence, gains, answerable)
    return {name: float(value if name.endswith("thresh") else 100 * value) for name, value in result.items()}


def lines_plot(title: str, lines: Mapping[str, Sequence[tuple[float, float]]], x_label: str, y_label: str) -> str:
    """Several lines in one plot, named below it."""
    right = max(x for points in lines.values() for x, _ in points)
    top = max(max(y for points in lines.values() for _, y in points), 1e-9)
    drawn = [Line(points, style, name) for style, (name, points) in zip(STYLES, lines.items(), strict=False)]
    return plot_html(Plot(title, x_label, y_label, drawn, right=right, top=top))


def loss_plots(folder: Path) -> list[str]:
    """The losses of every stage over its steps."""
    plots = []
    for path in sorted(folder.glob("*/loss.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        lines = {name: [(row["step"], row[name]) for row in rows] for name in ("span", "answers", "rank")}
        plots.append(lines_plot(path.parent.name, lines, "step", "loss"))
    return plots


def dev_section(dev: Mapping[str, Any]) -> str:
    """Tables and curves of the dev films and of the SQuAD 2.0 dev articles."""
    films, card = dev["films"], dev["card"]
    asked = [row for row in films if row["answerable"]]
    confidence = np.array([row["confidence"] for row in films])
    answerable = np.array([bool(row["answerable"]) for row in films])
    wrong = np.array([not (row["answerable"] and row["cited"] and row["f1"] >= 0.5) for row in films])
    times = [row["milliseconds"] for row in films]
    rows = [
        ["dev films", "value", "n"],
        ["recall@1 of the retriever", f"{np.mean([r['retrieved_first'] for r in asked]):.3f}", str(len(asked))],
        ["recall@1 after the reader", f"{np.mean([r['cited'] for r in asked]):.3f}", str(len(asked))],
        ["exact match", f"{np.mean([r['exact'] for r in asked]):.3f}", str(len(asked))],
        ["F1", f"{np.mean([r['f1'] for r in asked]):.3f}", str(len(asked))],
        ["right and cited", f"{np.mean([r['cited'] and r['f1'] >= 0.5 for r in asked]):.3f}", str(len(asked))],
        ["AUROC of answerability", f"{auroc(confidence, answerable):.3f}", str(len(films))],
        ["expected calibration error", f"{calibration_error(confidence, answerable):.3f}", str(len(films))],
        ["AURC", f"{aurc(confidence, wrong):.3f}", str(len(films))],
        ["milliseconds a question, p50", f"{quantile(times, 0.5):.0f}", str(len(films))],
        ["milliseconds a question, p90", f"{quantile(times, 0.9):.0f}", str(len(films))],
    ]
    risks = risk_coverage(confidence, wrong)
    curve = [Risk((i + 1) / len(risks), float(risk)) for i, risk in enumerate(risks)]
    curves = plot_html(risk_plot(curve)) + plot_html(calibration_plot(calibration(confidence, answerable)))
    measures = squad2(dev["squad2"], card["paragraph"]["threshold"])
    table = [["SQuAD 2.0 dev articles, the paragraph given", "value"]]
    table += [[name, f"{value:.3f}" if name.endswith("thresh") else f"{value:.1f}"] for name, value in measures.items()]
    return (
        f"<h2>The reader on dev</h2>{table_html(rows, 'The reader on dev')}"
        f'<div class="plots">{curves}</div>'
        f"<p>n = {len(dev['squad2'])}</p>{table_html(table, 'SQuAD 2.0')}"
    )


def curve_section(folder: Path) -> str:
    """What more films gave: a row for every ``curve-N``, trained alike on N films; empty if there is none."""
    measured = {int(path.parent.name.removeprefix("curve-")): path for path in folder.glob("curve-*/dev.json")}
    rows = [["films", *(f"{part}: {name}" for part, name in CURVE)]]
    lines: dict[str, list[tuple[float, float]]] = {}
    for count, path in sorted(measured.items()):
        dev = json.loads(path.read_text())["card"]["dev"]
        rows.append([str(count), *(f"{dev[part][name]:.3f}" for part, name in CURVE)])
        for part, name in CURVE:
            lines.setdefault(f"{part} {name}", []).append((count, dev[part][name]))
    if not lines:
        return ""
    plot = lines_plot("Learning curve", lines, "films", "share")
    return f'<h2>Learning curve</h2>{table_html(rows, "Learning curve")}<div class="plots">{plot}</div>'


def precision_table(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """One precision of the weights beside the other, in every measure."""
    first = next(iter(metrics.values()))
    names = [(part, name) for part, values in first.items() if isinstance(values, Mapping) for name in values]
    rows = [["measure", *metrics]]
    rows += [
        [f"{part}: {name}", *(f"{m.get(part, {}).get(name, float('nan')):.3f}" for m in metrics.values())]
        for part, name in names
    ]
    return table_html(rows, "Precision")


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reader", type=Path, required=True, help="folder with the stages of the reader")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    parts = []
    if (options.reader / "dev.json").exists():
        parts.append(dev_section(json.loads((options.reader / "dev.json").read_text())))
    for name, folder in (("reader", options.reader), ("encoder", options.encoder)):
        if (folder / "metrics.json").exists():
            parts.append(
                f"<h2>Precision of the {name}</h2>{precision_table(json.loads((folder / 'metrics.json').read_text()))}"
            )
    parts.append(curve_section(options.reader))
    if plots := loss_plots(options.reader):
        parts.append(f'<h2>Losses</h2><div class="plots">{"".join(plots)}</div>')
    options.out.write_text(
        f"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport "
        f'content="width=device-width, initial-scale=1"><title>Training</title><style>{style()}</style></head>'
        f"<body><main><h1>Training</h1>{''.join(parts)}</main></body></html>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
