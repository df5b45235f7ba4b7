"""Run and qrels as trec_eval and ir_measures read them."""

import re
from collections.abc import Iterable
from pathlib import Path

from qa.evaluate.judge import Judged


def write_trec(judged: Iterable[Judged], folder: Path) -> None:
    """Write ``run.trec`` and ``qrels.trec``; recomputing from them gives the metrics that were reported.

    White space in an id becomes ``%20``. The score is the rank counted from behind, so that there are no ties for a
    tool to break in its own way. Questions that have nothing relevant are not judged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run, qrels = [], []
    for j in judged:
        query = _token(j.question.id)
        for rank, unit in enumerate(j.run, 1):
            run.append(f"{query} Q0 {_token(unit)} {rank} {len(j.run) - rank + 1} qa\n")
        qrels += [f"{query} 0 {_token(unit)} {grade}\n" for unit, grade in j.qrels.items()]
    (folder / "run.trec").write_text("".join(run), encoding="utf-8")
    (folder / "qrels.trec").write_text("".join(qrels), encoding="utf-8")


def _token(text: str) -> str:
    return re.sub(r"\s", "%20", text)
