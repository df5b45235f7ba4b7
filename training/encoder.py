"""The encoder: all-MiniLM-L6-v2 taught which of two near passages answers, by contrast.

Pairs are a question with its answer's sentence and with its answer's passage, each beside the most easily
mistaken other one; every other passage of the batch is a wrong one, too (multiple negatives ranking loss,
Henderson et al. 2017). Vectors stay 384 wide and of unit length.

    python encoder.py train --base MODEL --out runs/encoder --minutes 15
    python encoder.py measure --base MODEL --out runs/encoder
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from data import MIX, Group, public_groups, read_records, sentences
from invented import Encode, Film, FilmRanker, read_films, says_answer
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from qa.index import passage_texts, sentence_texts

Triplet = tuple[str, str, str]
"""Question, a text that answers it, a near text that does not."""

BATCH = 48
WARM_UP = 40
"""Steps."""
SCALE = 20.0
"""Cosines are multiplied by this before the softmax, as in the base model's own training."""

log = logging.getLogger("encoder")


# ---------------------------------------------------------------- triplets


def film_triplets(films: Sequence[Film], ranker: FilmRanker, rng: random.Random) -> Iterator[Triplet]:
    """Of every answerable question its passage and its sentence, as the index writes them."""
    for film in films:
        texts = passage_texts(film.passages)
        for question in film.questions:
            marked = [at for at, span in question.right.items() if span is not None]
            if not marked:
                continue
            at = rng.choice(marked)
            near = [
                i
                for i in ranker.order(film, question)[:12]
                if i not in question.right and not says_answer(film.passages[i], question)
            ]
            if not near:
                continue
            wrong = near[min(int(rng.expovariate(0.5)), len(near) - 1)]
            yield question.text, texts[at], texts[wrong]
            passage, span = film.passages[at], question.right[at]
            holding = [
                i
                for i, s in enumerate(passage.sentences)
                if s.start < passage.start + span[1] and s.end > passage.start + span[0]
            ]
            if len(passage.sentences) > 1 and holding:
                others = sentence_texts([film.passages[near[0]]])
                yield question.text, sentence_texts([passage])[holding[0]], rng.choice(others)


def public_triplets(groups: Sequence[Group], rng: random.Random) -> Iterator[Triplet]:
    """The crop that answers with the one that does not; sometimes sentences of one crop instead."""
    for group in groups:
        right = [view for view in group.views if view.span is not None]
        wrong = [view for view in group.views if not view.answers_question]
        if not right:
            continue
        view = right[0]
        parts = sentences(view.text)
        inside = [view.text[s:e] for s, e in parts if s < view.span[1] and e > view.span[0]]
        outside = [view.text[s:e] for s, e in parts if e <= view.span[0] or s >= view.span[1]]
        lead = f"{view.context}: " if view.context else ""
        if inside and outside and rng.random() < 0.5:
            nearest = max(outside, key=lambda text: shared_words(group.question, text))
            yield group.question, lead + inside[0], lead + nearest
        elif wrong:
            yield group.question, lead + view.text, lead + wrong[0].text


def shared_words(question: str, text: str) -> int:
    """How many different words of the question stand in the text."""
    return len(set(question.lower().split()) & set(text.lower().split()))


# ---------------------------------------------------------------- training


def train(model: SentenceTransformer, triplets: Sequence[Triplet], options: argparse.Namespace) -> None:
    """One pass over the triplets, or so many minutes of it."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.01)
    steps = [triplets[at : at + BATCH] for at in range(0, len(triplets) - BATCH + 1, BATCH)]
    began = time.monotonic()
    total = 0.0
    model.train()
    for step, batch in enumerate(steps):
        progress = max(step / len(steps), (time.monotonic() - began) / 60 / options.minutes)
        if progress >= 1:
            break
        for parameters in optimizer.param_groups:
            parameters["lr"] = options.rate * min((step + 1) / WARM_UP, 1.0) * (1 - progress)
        questions, right, wrong = (list(column) for column in zip(*batch, strict=True))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = embed(model, [*questions, *right, *wrong])
        loss = contrast(vectors[:BATCH], vectors[BATCH:], right, [*right, *wrong])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        total += loss.item()
        if (step + 1) % 25 == 0:
            minutes = (time.monotonic() - began) / 60
            log.info("step %d of %d, %.1f min, loss %.4f", step + 1, len(steps), minutes, total / 25)
            total = 0.0


def embed(model: SentenceTransformer, texts: Sequence[str], chunk: int = 48) -> Tensor:
    """Unit vectors of the texts with gradients; texts of similar length run together."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows: list[Tensor] = [torch.empty(0)] * len(texts)
    for at in range(0, len(order), chunk):
        places = order[at : at + chunk]
        vectors = model(model.preprocess([texts[i] for i in places]))["sentence_embedding"].float()
        for place, vector in zip(places, nn.functional.normalize(vectors, dim=1), strict=True):
            rows[place] = vector
    return torch.stack(rows)


def contrast(questions: Tensor, candidates: Tensor, right: Sequence[str], texts: Sequence[str]) -> Tensor:
    """Cross-entropy of every question's own text among all candidates; copies of that text do not compete."""
    scores = questions @ candidates.T * SCALE
    copies = torch.tensor([[i != j and text == own for j, text in enumerate(texts)] for i, own in enumerate(right)])
    return nn.functional.cross_entropy(scores.masked_fill(copies, -1e4), torch.arange(len(right)))


# ---------------------------------------------------------------- measuring


def measure_films(encode: Encode, films: Sequence[Film]) -> dict[str, float]:
    """Question to evidence passage by vectors alone: passage, best sentence, and their mean."""
    ranks: dict[str, list[int]] = {"passage": [], "sentence": [], "mean": []}
    for film in films:
        asked = [question for question in film.questions if question.answerable]
        queries = encode([question.text for question in asked])
        whole = queries @ encode(passage_texts(film.passages)).T
        each = queries @ encode(sentence_texts(film.passages)).T
        first = np.cumsum([0, *(len(p.sentences) for p in film.passages[:-1])])
        best = np.maximum.reduceat(each, first, axis=1)
        for name, scores in (("passage", whole), ("sentence", best), ("mean", (whole + best) / 2)):
            order = np.argsort(-scores, axis=1, kind="stable")
            for question, row in zip(asked, order, strict=True):
                ranks[name].append(next(r for r, at in enumerate(row, 1) if at in question.right))
    return summary(ranks)


def measure_paragraphs(encode: Encode, path: Path, most: int = 240) -> dict[str, float]:
    """Question to its paragraph among `most` paragraphs of SQuAD 1.1."""
    records = read_records(path)
    paragraphs = list(dict.fromkeys(record.paragraph for record in records))
    paragraphs = sorted(random.Random(0).sample(paragraphs, most))
    place = {paragraph: at for at, paragraph in enumerate(paragraphs)}
    asked = [record for record in records if record.paragraph in place]
    scores = encode([record.question for record in asked]) @ encode(paragraphs).T
    order = np.argsort(-scores, axis=1, kind="stable")
    gold = [place[record.paragraph] for record in asked]
    return summary({"paragraph": [int(np.where(row == at)[0][0]) + 1 for row, at in zip(order, gold, strict=True)]})


def summary(ranks: dict[str, list[int]]) -> dict[str, float]:
    """Success@1, success@5 and mean reciprocal rank of each way to score."""
    result = {}
    for name, values in ranks.items():
        array = np.array(values)
        result[f"{name}_success_at_1"] = round(float((array == 1).mean()), 4)
        result[f"{name}_success_at_5"] = round(float((array <= 5).mean()), 4)
        result[f"{name}_mrr"] = round(float((1 / array).mean()), 4)
    return result


def measure(encode: Encode, data: Path) -> dict[str, dict[str, float]]:
    """Both retrieval measurements of an encoder."""
    return {
        "films_dev": measure_films(encode, read_films([data / "films" / "dev.json"])),
        "squad1_dev": measure_paragraphs(encode, data / "reading" / "dev" / "squad1_13_articles.jsonl.gz"),
    }


def batched(model: SentenceTransformer) -> Encode:
    """The model as a function from texts to unit rows."""
    return lambda texts: model.encode(list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False)


def main() -> None:
    """Train the encoder, or compare it with its base."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=("train", "measure"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--films", type=Path, default=Path("films"), help="folder of further invented films")
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--public-share", type=float, default=0.35, help="of the public questions, for one pass")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.action == "measure":
        compared = {"base": options.base, "trained": options.out / "model"}
        measures = {
            name: measure(batched(SentenceTransformer(str(folder), device="cpu")), options.data)
            for name, folder in compared.items()
            if folder.exists()
        }
        (options.out / "measures.json").write_text(json.dumps(measures, indent=2) + "\n")
        print(json.dumps(measures, indent=2))
        return

    rng = random.Random(options.seed)
    model = SentenceTransformer(str(options.base), device="cpu")
    films = read_films([options.data / "films" / "train.json", *sorted(options.films.glob("*.json"))])
    triplets = list(film_triplets(films, FilmRanker(films, batched(model)), rng))
    log.info("%d films, %d triplets", len(films), len(triplets))
    mix = {name: round(count * options.public_share) for name, count in MIX.items()}
    triplets += public_triplets(public_groups(options.data / "reading" / "train", rng, mix), rng)
    rng.shuffle(triplets)
    log.info("%d triplets with the public ones", len(triplets))
    train(model, triplets, options)
    model.save(str(options.out / "model"))


if __name__ == "__main__":
    main()
