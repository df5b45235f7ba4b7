"""What a reader is worth: reranking, answers, and knowing when there is none.

Conventions. Exact match and F1 are SQuAD's, best over the acceptable answers. *Success@1*: the best passage
overlaps gold evidence. *Right and cited*: that, and F1 of at least 0.5. *AUROC*: the chance that an answerable
question scores above one that is not. SQuAD 2.0 F1 counts an abstention on an unanswerable question as 1.

    python -m training.measure_reader --base MODEL --start runs/reader/average
"""

import argparse
import collections
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from qa.ask.text_reader import WINDOW_TOKENS
from qa.evaluate.measures import Flags, Floats, auroc, exact_match, reciprocal_rank, token_f1
from qa.models.cross_encoder import CrossEncoder, Judgement, View, judgement
from qa.models.onnx import Tokens
from training.data import read_records
from training.invented import Film, read_films
from training.package import UNCALIBRATED
from training.reader import MAX_TOKENS, WEIGHTS, Reader, padded, reading_tokenizer

MARGIN_SHARE = 0.3
"""Of the margin beside the answers logit, in the signal of both."""


class TorchCrossEncoder:
    """A reader in training as a ``CrossEncoder``, so that it is measured as it will be used."""

    card = UNCALIBRATED

    def __init__(self, reader: Reader, tokenizer: Tokenizer) -> None:
        self._reader = reader.eval()
        self._tokenizer = tokenizer

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        """See ``CrossEncoder``; all views run together."""
        self._tokenizer.enable_truncation(max_tokens or MAX_TOKENS, strategy="only_second")
        pairs = [self._tokenizer.encode(question, view.lead + view.text) for view in views]
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self._reader(**padded([pair.ids for pair in pairs], [pair.type_ids for pair in pairs]))
        return [
            judgement(
                Tokens(pair.ids, pair.sequence_ids, pair.offsets), view, start.numpy(), end.numpy(), float(answers)
            )
            for pair, view, start, end, answers in zip(
                pairs, views, logits.start, logits.end, logits.answers, strict=True
            )
        ]


# ---------------------------------------------------------------- metrics


def best_threshold(confidence: Floats, gain: Floats, answerable: Flags) -> tuple[float, float]:
    """The best mean over all thresholds, and the lowest confidence that is still answered there.

    Answering an answerable question earns its ``gain``; leaving one alone that is not answerable earns 1.
    """
    order = np.argsort(-confidence)
    earned = np.concatenate([[0.0], np.cumsum(gain[order] - ~answerable[order])]) + (~answerable).sum()
    best = int(earned.argmax())
    return float(earned[best] / len(gain)), float(confidence[order[best - 1]]) if best else 1.0


def mean(values: Sequence[float] | Floats) -> float:
    """Arithmetic mean, rounded for the report."""
    return round(float(np.mean(values)), 4)


def rounded(value: float | None) -> float | None:
    """A measure as the report gives it; None where there is nothing to measure."""
    return None if value is None else round(value, 4)


# ---------------------------------------------------------------- the two measurements


def measure_films(reader: CrossEncoder, films: Sequence[Film]) -> dict[str, float | None]:
    """Every question against every passage of its film, with context lines; ranked by the answers logit."""
    measures: dict[str, list[float]] = collections.defaultdict(list)
    signals: dict[str, list[float]] = collections.defaultdict(list)
    answerable = []
    for film in films:
        views = [View(passage.context, passage.plain.text) for passage in film.passages]
        for question in film.questions:
            judged = reader.judge(question.text, views)
            answerable.append(question.answerable)
            for name, values in signals_of(judged).items():
                signals[name].append(max(values))
            if not question.answerable:
                continue
            ranked = sorted(range(len(judged)), key=lambda i: -judged[i].answers)
            best = ranked[0]
            gains = [int(i in question.right) for i in ranked]
            text = views[best].text[slice(*judged[best].span)]
            cited = bool(gains[0])
            score = token_f1(text, question.answers)
            measures["success_at_1"].append(cited)
            measures["exact_match"].append(exact_match(text, question.answers))
            measures["f1"].append(score)
            measures["right_and_cited"].append(cited and score >= 0.5)
            measures[f"right_and_cited_{question.kind}"].append(cited and score >= 0.5)
            measures["mrr"].append(reciprocal_rank(gains, len(gains)))
            marked = [i for i, span in question.right.items() if span is not None]
            if marked:
                given = max(token_f1(views[i].text[slice(*judged[i].span)], question.answers) for i in marked)
                measures["f1_given_passage"].append(given)
    result: dict[str, float | None] = {name: mean(values) for name, values in measures.items()}
    return result | aurocs(signals, answerable)


def measure_squad2(reader: CrossEncoder, path: Path) -> dict[str, float | None]:
    """SQuAD 2.0 F1 on whole paragraphs, abstaining below the best threshold of each signal."""
    records = read_records(path)
    judged = [reader.judge(r.question, [View("", r.paragraph)], max_tokens=WINDOW_TOKENS)[0] for r in records]
    answerable = np.array([bool(r.answers) for r in records])
    gain = np.array(
        [
            token_f1(r.paragraph[slice(*j.span)], [r.paragraph[s:e] for s, e in r.answers]) if r.answers else 0.0
            for r, j in zip(records, judged, strict=True)
        ]
    )
    signals = signals_of(judged)
    result: dict[str, float | None] = {"f1_answerable": mean(gain[answerable])}
    for name, values in signals.items():
        result[f"f1_{name}"] = round(best_threshold(np.asarray(values), gain, answerable)[0], 4)
    return result | aurocs(signals, answerable)


def signals_of(judged: Sequence[Judgement]) -> dict[str, list[float]]:
    """What may tell that a passage answers, of each judgement."""
    return {
        "answers": [j.answers for j in judged],
        "margin": [j.margin for j in judged],
        "answers_and_margin": [j.answers + MARGIN_SHARE * j.margin for j in judged],
    }


def aurocs(signals: Mapping[str, Sequence[float]], answerable: Sequence[bool] | Flags) -> dict[str, float | None]:
    """How well each signal tells answerable questions from the others."""
    return {f"auroc_{name}": rounded(auroc(np.asarray(s), np.asarray(answerable))) for name, s in signals.items()}


def measure_reader(reader: CrossEncoder, data: Path) -> dict[str, dict[str, float | None]]:
    """The reader's measures on the dev films and on whole paragraphs."""
    return {
        "films_dev": measure_films(reader, read_films([data / "films" / "dev.json"])),
        "squad2_dev": measure_squad2(reader, data / "reading" / "dev" / "squad2_articles.jsonl.gz"),
    }


def main() -> None:
    """Measure a trained reader; the figures go to ``measures.json`` beside it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained backbone")
    parser.add_argument("--start", type=Path, required=True, help="folder of the trained reader")
    options = parser.parse_args()
    reader = Reader.from_base(options.base)
    reader.load_state_dict(torch.load(options.start / WEIGHTS))
    measures = measure_reader(TorchCrossEncoder(reader, reading_tokenizer(options.base)), options.data)
    (options.start / "measures.json").write_text(json.dumps(measures, indent=2) + "\n")
    print(json.dumps(measures, indent=2))


if __name__ == "__main__":
    main()
