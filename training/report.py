"""Print what training gave: one table of readers, one of encoders, from the JSON files beside the models.

    python report.py runs/reader/stage1 runs/reader/stage2 --encoder runs/encoder
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

READER_COLUMNS = {
    "success@1": ("films_dev", "success_at_1"),
    "EM": ("films_dev", "exact_match"),
    "F1": ("films_dev", "f1"),
    "F1 given passage": ("films_dev", "f1_given_passage"),
    "right and cited": ("films_dev", "right_and_cited"),
    "AUROC": ("films_dev", "auroc_answers"),
    "SQuAD 2.0 F1": ("squad2_dev", "f1_answers_and_margin"),
    "SQuAD 2.0 AUROC": ("squad2_dev", "auroc_answers_and_margin"),
}
ENCODER_COLUMNS = {
    "films success@1": ("films_dev", "sentence_success_at_1"),
    "films success@5": ("films_dev", "sentence_success_at_5"),
    "films MRR": ("films_dev", "sentence_mrr"),
    "SQuAD success@1": ("squad1_dev", "paragraph_success_at_1"),
    "SQuAD MRR": ("squad1_dev", "paragraph_mrr"),
}
Measures = Mapping[str, Mapping[str, float]]


def table(rows: Mapping[str, Measures], columns: Mapping[str, tuple[str, str]]) -> str:
    """A Markdown table with a row a model: `| stage2 | 0.712 | …`."""
    lines = ["| model | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, measures in rows.items():
        cells = [f"{measures[part][key]:.3f}" for part, key in columns.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def reader_rows(folders: Sequence[Path]) -> dict[str, Measures]:
    """The measured readers: `measures.json` of a trained one, `metrics.json` of an exported one."""
    rows: dict[str, Measures] = {}
    for folder in folders:
        if (folder / "measures.json").exists():
            rows[folder.name] = json.loads((folder / "measures.json").read_text())
        if (folder / "metrics.json").exists():
            for precision, measures in json.loads((folder / "metrics.json").read_text()).items():
                rows[f"{folder.name} {precision}"] = measures
    return rows


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("readers", type=Path, nargs="*")
    parser.add_argument("--encoder", type=Path)
    options = parser.parse_args()
    if options.readers:
        print(table(reader_rows(options.readers), READER_COLUMNS))
    if options.encoder:
        rows = {}
        for name in ("measures.json", "metrics.json"):
            if (options.encoder / name).exists():
                rows |= json.loads((options.encoder / name).read_text())
        print(table(rows, ENCODER_COLUMNS))


if __name__ == "__main__":
    main()
