"""The reader: one cross-encoder that reranks passages, marks the answer and says whether there is one.

Input ``[CLS] question [SEP] context : passage [SEP]``; output, per passage, a start and an end logit for
every token and one ``answers`` logit. Position 0, ``[CLS]``, is the empty span. Three losses are added:

* span: cross-entropy of start and end over the passage's tokens and ``[CLS]``;
* answers: binary cross-entropy, does this passage answer the question;
* rank: cross-entropy of the ``answers`` logits over the passages of one question.

    python -m training.reader public --out runs/stage1 --minutes 40
    python -m training.reader films --start runs/stage1 --out runs/stage2 --minutes 30
"""

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import BertModel

from qa.models.cross_encoder import OUTSIDE
from training.data import MIX, Example, Group, public_groups
from training.invented import FILMS, FilmRanker, batched, film_groups, training_films
from training.templates import with_templates

MAX_TOKENS = 192
WEIGHTS = "reader.pt"
"""The file that a finished stage leaves."""
CHUNK_TOKENS = 2048
"""Padded tokens that run through the model together."""
IGNORED = -100

log = logging.getLogger("reader")


# ---------------------------------------------------------------- the model


@dataclass(frozen=True)
class Logits:
    """Start and end (views × tokens) and answers (views)."""

    start: Tensor
    end: Tensor
    answers: Tensor


class Reader(nn.Module):
    """A BERT backbone with a span head on every token and an answers head on ``[CLS]``."""

    def __init__(self, backbone: BertModel) -> None:
        super().__init__()
        self.backbone = backbone
        self.span = nn.Linear(backbone.config.hidden_size, 2)
        self.answers = nn.Linear(backbone.config.hidden_size, 1)

    @classmethod
    def from_base(cls, folder: Path, dropout: float = 0.0) -> "Reader":
        """Fresh heads on a pretrained backbone."""
        # Plain attention trains faster than the fused kernel on a CPU without bf16 tiles.
        return cls(
            BertModel.from_pretrained(
                folder,
                add_pooling_layer=False,
                attn_implementation="eager",
                hidden_dropout_prob=dropout,
                attention_probs_dropout_prob=dropout,
            )
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Logits:
        """The logits of a batch of views; each input is views × tokens."""
        hidden = self.backbone(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end = self.span(hidden).float().unbind(-1)
        return Logits(start, end, self.answers(hidden[:, 0]).float().squeeze(-1))


# ---------------------------------------------------------------- tokens


@dataclass(frozen=True)
class Encoded:
    """One question with one view, as token ids."""

    ids: list[int]
    types: list[int]
    allowed: list[bool]
    """Where a span may start or end: ``[CLS]`` and the tokens of the passage text."""
    start: int
    end: int
    """Target token positions; 0 means no answer here, IGNORED that the wording is unknown."""
    answers: bool


def encode(tokenizer: Tokenizer, question: str, view: Example) -> Encoded:
    """Tokens, span mask and targets of a question and a view."""
    pair = tokenizer.encode(question, view.lead + view.text)
    offsets = [(s - len(view.lead), e - len(view.lead)) for s, e in pair.offsets]
    in_text = [t == 1 and not m for t, m in zip(pair.type_ids, pair.special_tokens_mask, strict=True)]
    in_text = [inside and s >= 0 for inside, (s, _) in zip(in_text, offsets, strict=True)]
    start = end = IGNORED if view.answers_question else 0
    if view.span is not None:
        covered = [i for i, (s, e) in enumerate(offsets) if in_text[i] and s < view.span[1] and e > view.span[0]]
        if covered:
            start, end = covered[0], covered[-1]
    allowed = [True, *in_text[1:]]
    return Encoded(pair.ids, pair.type_ids, allowed, start, end, view.answers_question)


def padded(ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> dict[str, Tensor]:
    """The model's inputs, padded to the longest of the batch."""
    return {
        "input_ids": rows_of(ids),
        "attention_mask": rows_of([[1] * len(row) for row in ids]),
        "token_type_ids": rows_of(types),
    }


def rows_of(values: Sequence[Sequence[int]]) -> Tensor:
    """Rows of unlike length as one tensor, zeros behind the shorter."""
    width = max(len(row) for row in values)
    return torch.tensor([[*row, *[0] * (width - len(row))] for row in values])


# ---------------------------------------------------------------- losses


def by_length(views: Sequence[Encoded]) -> Iterator[list[int]]:
    """Places of views of similar length, together at most CHUNK_TOKENS with their padding."""
    rows: list[int] = []
    for i in sorted(range(len(views)), key=lambda i: len(views[i].ids)):
        if rows and (len(rows) + 1) * len(views[i].ids) > CHUNK_TOKENS:
            yield rows
            rows = []
        rows.append(i)
    if rows:
        yield rows


def group_loss(model: Reader, groups: Sequence[Sequence[Encoded]]) -> dict[str, Tensor]:
    """The three losses of a batch of groups.

    The views run in chunks of similar length, each padded by itself, and are put back in order to be ranked.
    """
    views = [view for group in groups for view in group]
    answers = torch.zeros(len(views))
    span_losses = []
    for rows in by_length(views):
        allowed = rows_of([views[i].allowed for i in rows]).bool()
        out = model(**padded([views[i].ids for i in rows], [views[i].types for i in rows]))
        answers = answers.index_copy(0, torch.tensor(rows), out.answers)
        for logits, targets in (
            (out.start, [views[i].start for i in rows]),
            (out.end, [views[i].end for i in rows]),
        ):
            masked = logits.masked_fill(~allowed, OUTSIDE)
            span_losses.append(cross_entropy(masked, torch.tensor(targets), ignore_index=IGNORED, reduction="none"))
    truth = torch.tensor([float(view.answers) for view in views])
    return {
        "span": torch.cat(span_losses).mean(),
        "answers": binary_cross_entropy_with_logits(answers, truth),
        "rank": rank_loss(answers, truth, [len(group) for group in groups]),
    }


def rank_loss(answers: Tensor, truth: Tensor, sizes: Sequence[int]) -> Tensor:
    """Softmax over each question's passages; the share of the right ones together should be 1."""
    losses = []
    for scores, right in zip(answers.split(list(sizes)), truth.split(list(sizes)), strict=True):
        if 0 < right.sum() < len(right):
            losses.append(scores.logsumexp(0) - scores[right > 0].logsumexp(0))
    return torch.stack(losses).mean() if losses else answers.sum() * 0.0


# ---------------------------------------------------------------- training


@dataclass(frozen=True)
class Settings:
    """How one stage is trained."""

    rate: float = 1e-4
    views_a_step: int = 48
    warm_up: float = 0.06
    minutes: float = 40.0
    """The learning rate falls to zero over the data or over these minutes, whichever ends first."""
    most_steps: int | None = None
    checkpoint_seconds: float = 240.0


def batches(groups: Sequence[Group], views_a_step: int) -> Iterator[list[Group]]:
    """Consecutive groups with about ``views_a_step`` views together."""
    batch: list[Group] = []
    for group in groups:
        batch.append(group)
        if sum(len(g.views) for g in batch) >= views_a_step:
            yield batch
            batch = []
    if batch:
        yield batch


def train(model: Reader, tokenizer: Tokenizer, groups: Sequence[Group], out: Path, settings: Settings) -> None:
    """One pass over ``groups``; a checkpoint every few minutes, from which a second call goes on."""
    out.mkdir(parents=True, exist_ok=True)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=settings.rate
    )
    steps = list(batches(groups, settings.views_a_step))[: settings.most_steps]
    first, spent = 0, 0.0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        first, spent = saved["step"], saved["spent"]
        log.info("going on from step %d", first)

    began, saved_at = time.monotonic() - spent, time.monotonic()
    sums: dict[str, float] = {}
    tokens = summed = 0
    model.train()
    for step in range(first, len(steps)):
        progress = max(step / len(steps), (time.monotonic() - began) / 60 / settings.minutes)
        if progress >= 1:
            break
        rate = settings.rate * min((step + 1) / (settings.warm_up * len(steps)), 1.0) * (1 - progress)
        for parameters in optimizer.param_groups:
            parameters["lr"] = rate
        encoded = [[encode(tokenizer, g.question, view) for view in g.views] for g in steps[step]]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = group_loss(model, encoded)
        sum(losses.values(), torch.zeros(())).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

        summed += 1
        tokens += sum(len(e.ids) for group in encoded for e in group)
        for name, loss in losses.items():
            sums[name] = sums.get(name, 0.0) + loss.item()
        if (step + 1) % 50 == 0:
            elapsed = time.monotonic() - began
            row = {"step": step + 1, "of": len(steps), "minutes": round(elapsed / 60, 2), "rate": rate}
            row |= {name: round(total / summed, 4) for name, total in sums.items()}
            row["tokens_a_second"] = round(tokens / (elapsed - spent))
            log.info("%s", row)
            with (out / "loss.jsonl").open("a") as lines:
                lines.write(json.dumps(row) + "\n")
            sums, summed = {}, 0
        if time.monotonic() - saved_at >= settings.checkpoint_seconds:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(state | {"step": step + 1, "spent": time.monotonic() - began}, out / "checkpoint.tmp")
            (out / "checkpoint.tmp").replace(checkpoint)
            saved_at = time.monotonic()
    torch.save(model.state_dict(), out / WEIGHTS)
    checkpoint.unlink(missing_ok=True)


def main() -> None:
    """Train one stage."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("stage", choices=("public", "films"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained backbone")
    parser.add_argument(
        "--encoder", type=Path, help="folder of the model that ranks wrong passages; the base if absent"
    )
    parser.add_argument("--start", type=Path, help="folder with the reader.pt to begin from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--most-steps", type=int, help="stop after so many steps, for a learning curve")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--films", type=Path, default=FILMS, help="folder of further invented films")
    parser.add_argument("--passes", type=int, default=2, help="passes over the films")
    parser.add_argument("--most-films", type=int, help="use only so many films, for a learning curve")
    parser.add_argument("--public-share", type=float, default=0.25, help="public questions mixed into each pass")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    rng = random.Random(options.seed)
    tokenizer = reading_tokenizer(options.base)
    model = Reader.from_base(options.base, options.dropout)
    if options.start:
        model.load_state_dict(torch.load(options.start / WEIGHTS))
    public = options.data / "reading" / "train"
    groups = public_groups(public, rng) if options.stage == "public" else mixed_groups(options, public, rng)
    log.info("%d groups, %d views", len(groups), sum(len(g.views) for g in groups))
    settings = Settings(rate=options.rate, minutes=options.minutes, most_steps=options.most_steps)
    train(model, tokenizer, groups, options.out, settings)


def mixed_groups(options: argparse.Namespace, public: Path, rng: random.Random) -> list[Group]:
    """Several passes over the invented films, public questions among them against forgetting."""
    from sentence_transformers import SentenceTransformer

    films = training_films(options.data, options.films)
    films = rng.sample(films, min(options.most_films or len(films), len(films)))
    log.info("%d films, %d questions", len(films), sum(len(film.questions) for film in films))
    films = with_templates(films, rng)
    ranker = FilmRanker(films, batched(SentenceTransformer(str(options.encoder or options.base), device="cpu")))
    passes = [film_groups(films, ranker, rng) for _ in range(options.passes)]
    wanted = options.public_share / (1 - options.public_share) * sum(map(len, passes))
    share = wanted / sum(MIX.values())
    fill = public_groups(public, rng, {name: round(count * share) for name, count in MIX.items()})
    groups: list[Group] = []
    for number, films_pass in enumerate(passes):
        mixed = films_pass + fill[number :: options.passes]
        rng.shuffle(mixed)
        groups += mixed
    return groups


def reading_tokenizer(base: Path) -> Tokenizer:
    """The base model's tokenizer: pairs are cut at MAX_TOKENS, nothing is padded."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    return tokenizer


if __name__ == "__main__":
    main()
