"""The encoder: all-MiniLM-L6-v2 taught which of two near passages answers, by contrast.

Pairs are a question with its answer's sentence and with its answer's passage, each beside the most easily
mistaken other one; every other passage of the batch is a wrong one, too (multiple negatives ranking loss,
Henderson et al. 2017). Vectors stay 384 wide and of unit length.

    python -m training.encoder --base MODEL --out runs/encoder

``OUT/model`` is the trained model, a sentence-transformers folder.
"""

import argparse
import json
import logging
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from datasets import Dataset, DatasetDict
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.training_args import MultiDatasetBatchSamplers

from qa.search.build import passage_text, sentence_text
from training.data import MIX, Group, noisy, public_groups, sentences
from training.invented import FILMS, Film, FilmRanker, batched, says_answer, training_films

Triplet = tuple[str, str, str]
"""Question, a text that answers it, a near text that does not."""

MAX_TOKENS = 128
"""Of a text in training; a passage is seldom longer."""
BATCH = 48
WARM_UP = 40
"""Steps."""
SHUFFLED_CHARACTERS = 60
"""Texts whose lengths differ by less can fall into one batch."""
NOISE = 0.1
"""Share of a film's questions written as a hurried person types."""
SCALE = 20.0
"""Cosines are multiplied by this before the softmax, as in the base model's own training."""

log = logging.getLogger("encoder")


# ---------------------------------------------------------------- triplets


def film_triplets(films: Sequence[Film], ranker: FilmRanker, rng: random.Random) -> Iterator[tuple[str, Triplet]]:
    """Of every answerable question its passage and its sentence, as the index writes them, each with its kind."""
    for film in films:
        texts = [passage_text(passage) for passage in film.passages]
        for question in film.questions:
            marked = [(at, span) for at, span in question.right.items() if span is not None]
            if not marked:
                continue
            at, span = rng.choice(marked)
            near = [
                i
                for i in ranker.order(film, question)[:12]
                if i not in question.right and not says_answer(film.passages[i], question)
            ]
            if not near:
                continue
            wrong = near[min(int(rng.expovariate(0.5)), len(near) - 1)]
            text = noisy(question.text, rng) if rng.random() < NOISE and question.kind != "typo" else question.text
            yield "passage", (text, texts[at], texts[wrong])
            passage = film.passages[at]
            source = passage.plain.source(*span)
            holding = [sentence for sentence in passage.sentences if source is not None and sentence.overlaps(source)]
            if len(passage.sentences) > 1 and holding:
                other = film.passages[near[0]]
                others = [sentence_text(other, sentence) for sentence in other.sentences]
                yield "sentence", (question.text, sentence_text(passage, holding[0]), rng.choice(others))


def public_triplets(groups: Sequence[Group], rng: random.Random) -> Iterator[tuple[str, Triplet]]:
    """The crop that answers with the one that does not; sometimes sentences of one crop instead."""
    for group in groups:
        right = [(view, view.span) for view in group.views if view.span is not None]
        wrong = [view for view in group.views if not view.answers_question]
        if not right:
            continue
        view, span = right[0]
        parts = sentences(view.text)
        inside = [view.text[s.start : s.end] for s in parts if s.overlaps(span)]
        outside = [view.text[s.start : s.end] for s in parts if not s.overlaps(span)]
        lead = f"{view.context}: " if view.context else ""
        if inside and outside and rng.random() < 0.5:
            nearest = max(outside, key=lambda text: shared_words(group.question, text))
            yield "sentence", (group.question, lead + inside[0], lead + nearest)
        elif wrong:
            yield "passage", (group.question, lead + view.text, lead + wrong[0].text)


def shared_words(question: str, text: str) -> int:
    """How many different words of the question stand in the text."""
    return len(set(question.lower().split()) & set(text.lower().split()))


# ---------------------------------------------------------------- training


class ByLength(DefaultBatchSampler):
    """Batches of texts of similar length, in random order; a text stands only once in a batch."""

    def __iter__(self) -> Iterator[list[int]]:
        rng = random.Random(f"{self.seed}-{self.epoch}")
        rows = [tuple(row.values()) for row in cast(Iterable[dict[str, str]], self.sampler)]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][1]) + rng.random() * SHUFFLED_CHARACTERS)
        batches: list[list[int]] = [[]]
        seen: set[str] = set()
        for i in order:
            if not seen.isdisjoint(rows[i]):
                continue
            batches[-1].append(i)
            seen.update(rows[i])
            if len(batches[-1]) == self.batch_size:
                batches.append([])
                seen = set()
        full = [batch for batch in batches if len(batch) == self.batch_size]
        rng.shuffle(full)
        yield from full

    def __len__(self) -> int:
        return sum(1 for _ in self)


def train(model: SentenceTransformer, triplets: Mapping[str, Sequence[Triplet]], options: argparse.Namespace) -> None:
    """One pass over the triplets; a second call goes on from the last checkpoint.

    A batch holds triplets of one kind, so that its texts are of similar length and rival each other.
    """
    columns = ("question", "right", "wrong")
    trainer = SentenceTransformerTrainer(
        model=model,
        train_dataset=DatasetDict(
            {
                kind: Dataset.from_list([dict(zip(columns, row, strict=True)) for row in rows])
                for kind, rows in triplets.items()
            }
        ),
        loss=MultipleNegativesRankingLoss(model, scale=SCALE),
        args=SentenceTransformerTrainingArguments(
            output_dir=str(options.out / "checkpoints"),
            per_device_train_batch_size=BATCH,
            num_train_epochs=1,
            learning_rate=options.rate,
            warmup_steps=WARM_UP,
            bf16=True,
            use_cpu=True,
            batch_sampler=ByLength,
            multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
            seed=options.seed,
            save_steps=50,
            save_total_limit=1,
            logging_steps=10,
            disable_tqdm=True,
            report_to="none",
        ),
    )
    trainer.train(resume_from_checkpoint=bool(list(options.out.glob("checkpoints/checkpoint-*"))))
    log.info("%s", trainer.state.log_history)


def mined(model: SentenceTransformer, options: argparse.Namespace, rng: random.Random) -> dict[str, list[Triplet]]:
    """The triplets of each kind, their wrong texts found with the base model."""
    films = training_films(options.data, options.films)
    found = list(film_triplets(films, FilmRanker(films, batched(model)), rng))
    mix = {name: round(count * options.public_share) for name, count in MIX.items()}
    found += public_triplets(public_groups(options.data / "reading" / "train", rng, mix), rng)
    triplets: dict[str, list[Triplet]] = {"passage": [], "sentence": []}
    for kind, triplet in found:
        triplets[kind].append(triplet)
    return triplets


def main() -> None:
    """Train the encoder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--films", type=Path, default=FILMS, help="folder of further invented films")
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--public-share", type=float, default=0.25, help="of the public questions, for one pass")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    # Plain attention trains faster than the fused kernel on a CPU without bf16 tiles.
    model = SentenceTransformer(
        str(options.base),
        device="cpu",
        model_kwargs={"attn_implementation": "eager"},
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    )
    longest = model.max_seq_length
    model.max_seq_length = MAX_TOKENS
    kept = options.out / "triplets.json"
    if not kept.exists():
        kept.write_text(json.dumps(mined(model, options, rng)), encoding="utf-8")
    triplets = json.loads(kept.read_text(encoding="utf-8"))
    log.info("%s", {kind: len(rows) for kind, rows in triplets.items()})
    train(model, triplets, options)
    model.max_seq_length = longest
    model.save(str(options.out / "model"))


if __name__ == "__main__":
    main()
