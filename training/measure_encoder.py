"""What an encoder is worth: how often its vectors alone put what answers a question first.

    python -m training.measure_encoder runs/encoder/model

The folder is of a sentence-transformers model; the figures are printed.
"""

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.evaluate.measures import reciprocal_rank, success
from qa.models.sentence_encoder import SentenceEncoder
from qa.search.build import passage_text, sentence_text
from training.data import read_records
from training.invented import Encode, Film, read_films
from training.measure_reader import mean


def measure_films(encode: Encode, films: Sequence[Film]) -> dict[str, float]:
    """Question to evidence passage by vectors alone: passage, best sentence, and their mean."""
    gains: dict[str, list[list[int]]] = {"passage": [], "sentence": [], "mean": []}
    for film in films:
        asked = [question for question in film.questions if question.answerable]
        queries = encode([question.text for question in asked])
        whole = queries @ encode([passage_text(passage) for passage in film.passages]).T
        each = queries @ encode([sentence_text(p, sentence) for p in film.passages for sentence in p.sentences]).T
        first = np.cumsum([0, *(len(p.sentences) for p in film.passages[:-1])])
        best = np.maximum.reduceat(each, first, axis=1)
        for name, scores in (("passage", whole), ("sentence", best), ("mean", (whole + best) / 2)):
            order = np.argsort(-scores, axis=1, kind="stable")
            for question, row in zip(asked, order, strict=True):
                gains[name].append([int(at in question.right) for at in row])
    return summary(gains)


def measure_paragraphs(encode: Encode, path: Path, most: int = 240) -> dict[str, float]:
    """Question to its paragraph among ``most`` paragraphs of SQuAD 1.1."""
    records = read_records(path)
    paragraphs = list(dict.fromkeys(record.paragraph for record in records))
    paragraphs = sorted(random.Random(0).sample(paragraphs, most))
    place = {paragraph: at for at, paragraph in enumerate(paragraphs)}
    asked = [record for record in records if record.paragraph in place]
    scores = encode([record.question for record in asked]) @ encode(paragraphs).T
    order = np.argsort(-scores, axis=1, kind="stable")
    gold = [place[record.paragraph] for record in asked]
    return summary({"paragraph": [[int(found == at) for found in row] for row, at in zip(order, gold, strict=True)]})


def summary(gains: Mapping[str, Sequence[Sequence[int]]]) -> dict[str, float]:
    """Success@1, success@5 and mean reciprocal rank of each way to score, from the gains of its rankings."""
    result = {}
    for name, rankings in gains.items():
        result[f"{name}_success_at_1"] = mean([success(ranking, 1) for ranking in rankings])
        result[f"{name}_success_at_5"] = mean([success(ranking, 5) for ranking in rankings])
        result[f"{name}_mrr"] = mean([reciprocal_rank(ranking, len(ranking)) for ranking in rankings])
    return result


def measure(encode: Encode, data: Path) -> dict[str, dict[str, float]]:
    """Both retrieval measurements of an encoder."""
    return {
        "films_dev": measure_films(encode, read_films([data / "films" / "dev.json"])),
        "squad1_dev": measure_paragraphs(encode, data / "reading" / "dev" / "squad1_13_articles.jsonl.gz"),
    }


def main() -> None:
    """Measure one encoder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    print(json.dumps(measure(SentenceEncoder(str(options.model)).encode, options.data), indent=2))


if __name__ == "__main__":
    main()
