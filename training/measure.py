"""What a reader is worth: reranking, answers, and knowing when there is none.

Conventions. Exact match and F1 are SQuAD's, best over the acceptable answers. *Success@1*: the best passage
overlaps gold evidence. *Right and cited*: that, and F1 of at least 0.5. *AUROC*: the chance that an answerable
question scores above one that is not. SQuAD 2.0 F1 counts an abstention on an unanswerable question as 1.

    python -m training.measure --base MODEL --start runs/stage2
"""

from __future__ import annotations

import argparse
import collections
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from training.data import View, read_records
from training.invented import Film, read_films
from numpy.typing import NDArray
from training.reader import OUTSIDE, Reader, encode, padded, reading_tokenizer
from tokenizers import Tokenizer

from qa.evaluate.measures import auroc, exact_match, token_f1

Floats = NDArray[np.float32]
Run = Callable[[Mapping[str, NDArray[np.int64]]], tuple[Floats, Floats, Floats]]
"""Model inputs to start, end and answers logits: a trained model or its ONNX twin."""

LONGEST_ANSWER = 60
"""Tokens."""


@dataclass(frozen=True)
class Reading:
    """What a reader makes of one question and one passage."""

    answers: float
    """The logit that the passage answers the question."""
    margin: float
    """By how much the best span beats the empty one."""
    span: tuple[int, int]
    """Range of the best span in the passage text."""


def read(run: Run, tokenizer: Tokenizer, pairs: Sequence[tuple[str, View]], batch: int = 32) -> list[Reading]:
    """Read every pair, batched by length, in the order given."""
    encoded = [encode(tokenizer, question, view) for question, view in pairs]
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
    readings: dict[int, Reading] = {}
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        inputs = {name: tensor.numpy() for name, tensor in padded([encoded[i] for i in rows]).items()}
        allowed = inputs.pop("allowed")
        allowed[:, 0] = False
        start, end, answers = run(inputs)
        best, score = best_spans(np.where(allowed, start, OUTSIDE), np.where(allowed, end, OUTSIDE))
        for row, i in enumerate(rows):
            first, last = best[row]
            offsets = encoded[i].offsets
            readings[i] = Reading(
                answers=float(answers[row]),
                margin=float(score[row] - start[row, 0] - end[row, 0]),
                span=(offsets[first][0], offsets[last][1]),
            )
    return [readings[i] for i in range(len(pairs))]


def best_spans(start: Floats, end: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Of every row the first and last token of the best span, and its score."""
    width = start.shape[1]
    scores = start[:, :, None] + end[:, None, :]
    steps = np.arange(width)[None, :] - np.arange(width)[:, None]
    scores = np.where((steps >= 0) & (steps < LONGEST_ANSWER), scores, 4 * OUTSIDE)
    flat = scores.reshape(len(scores), -1).argmax(1)
    best = np.stack([flat // width, flat % width], 1)
    return best, scores.reshape(len(scores), -1)[np.arange(len(scores)), flat]


# ---------------------------------------------------------------- metrics


def best_threshold(confidence: Floats, gain: Floats, answerable: NDArray[np.bool_]) -> tuple[float, float]:
    """The best mean over all thresholds, and the lowest confidence that is still answered there.

    Answering an answerable question earns its ``gain``; leaving one alone that is not answerable earns 1.
    """
    order = np.argsort(-confidence)
    earned = np.concatenate([[0.0], np.cumsum(gain[order] - ~answerable[order])]) + (~answerable).sum()
    best = int(earned.argmax())
    return float(earned[best] / len(gain)), float(confidence[order[best - 1]]) if best else 1.0


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean, rounded for the report."""
    return round(float(np.mean(values)), 4)


# ---------------------------------------------------------------- the two measurements


def measure_films(run: Run, tokenizer: Tokenizer, films: Sequence[Film], margin_share: float = 0.0) -> dict[str, float]:
    """Every question against every passage of its film, with context lines.

    Passages are ranked by ``answers + margin_share * margin``.
    """
    asked = [(film, question) for film in films for question in film.questions]
    pairs = [
        (question.text, View(passage.context, passage.text)) for film, question in asked for passage in film.passages
    ]
    readings = read(run, tokenizer, pairs)
    measures: dict[str, list[float]] = collections.defaultdict(list)
    signals: dict[str, list[float]] = collections.defaultdict(list)
    at = 0
    for film, question in asked:
        found = readings[at : at + len(film.passages)]
        at += len(film.passages)
        best = max(range(len(found)), key=lambda i: found[i].answers + margin_share * found[i].margin)
        signals["answers"].append(max(r.answers for r in found))
        signals["margin"].append(max(r.margin for r in found))
        signals["answers_and_margin"].append(max(r.answers + 0.3 * r.margin for r in found))
        if not question.answerable:
            continue
        text = film.passages[best].text[slice(*found[best].span)]
        cited = best in question.right
        score = token_f1(text, question.answers)
        measures["success_at_1"].append(cited)
        measures["exact_match"].append(exact_match(text, question.answers))
        measures["f1"].append(score)
        measures["right_and_cited"].append(cited and score >= 0.5)
        measures[f"right_and_cited_{question.kind}"].append(cited and score >= 0.5)
        ranked = sorted(range(len(found)), key=lambda i: -found[i].answers)
        measures["mrr"].append(1 / (1 + min(ranked.index(i) for i in question.right)))
        marked = [i for i, span in question.right.items() if span is not None]
        if marked:
            given = max(token_f1(film.passages[i].text[slice(*found[i].span)], question.answers) for i in marked)
            measures["f1_given_passage"].append(given)
    answerable = np.array([question.answerable for _, question in asked])
    result = {name: mean(values) for name, values in measures.items()}
    return result | {
        f"auroc_{name}": round(auroc(np.asarray(values), answerable), 4) for name, values in signals.items()
    }


def measure_squad2(run: Run, tokenizer: Tokenizer, path: Path) -> dict[str, float]:
    """SQuAD 2.0 F1 on whole paragraphs, abstaining below the best threshold of each signal."""
    records = read_records(path)
    tokenizer.enable_truncation(384, strategy="only_second")
    readings = read(run, tokenizer, [(r.question, View("", r.paragraph)) for r in records], batch=16)
    answerable = np.array([bool(r.answers) for r in records])
    gain = np.array(
        [
            token_f1(r.paragraph[slice(*reading.span)], [r.paragraph[s:e] for s, e in r.answers]) if r.answers else 0.0
            for r, reading in zip(records, readings, strict=True)
        ]
    )
    result = {"f1_answerable": mean(gain[answerable])}
    for name, signal in (
        ("answers", [r.answers for r in readings]),
        ("margin", [r.margin for r in readings]),
        ("answers_and_margin", [r.answers + 0.3 * r.margin for r in readings]),
    ):
        result[f"f1_{name}"] = round(best_threshold(np.asarray(signal), gain, answerable)[0], 4)
        result[f"auroc_{name}"] = round(auroc(np.asarray(signal), answerable), 4)
    return result


def measure_reader(run: Run, tokenizer: Tokenizer, data: Path) -> dict[str, dict[str, float]]:
    """The reader's measures on the dev films and on whole paragraphs."""
    films = measure_films(run, tokenizer, read_films([data / "films" / "dev.json"]))
    return {
        "films_dev": films,
        "squad2_dev": measure_squad2(run, tokenizer, data / "reading/dev/squad2_articles.jsonl.gz"),
    }


def torch_run(reader: Reader) -> Run:
    """A trained reader as the same function."""

    def run(inputs: Mapping[str, NDArray[np.int64]]) -> tuple[NDArray[np.float32], ...]:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits = reader(**{name: torch.from_numpy(array) for name, array in inputs.items()})
        return logits.start.numpy(), logits.end.numpy(), logits.answers.numpy()

    reader.eval()
    return run


def main() -> None:
    """Measure a trained reader; the figures go to ``measures.json`` beside it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained backbone")
    parser.add_argument("--start", type=Path, required=True, help="folder of the trained reader")
    options = parser.parse_args()
    reader = Reader.from_base(options.base)
    reader.load_state_dict(torch.load(options.start / "reader.pt"))
    measures = measure_reader(torch_run(reader), reading_tokenizer(options.base), options.data)
    (options.start / "measures.json").write_text(json.dumps(measures, indent=2) + "\n")
    print(json.dumps(measures, indent=2))


if __name__ == "__main__":
    main()
