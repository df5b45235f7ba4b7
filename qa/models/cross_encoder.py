"""The reader's model: one cross-encoder that scores a passage for a question and marks the answer in it.

The protocol, the ONNX model that ships with the package, and a fake for tests. The model reads
``[CLS] question [SEP] context : passage [SEP]`` and gives a start and an end logit for every token and one logit
for the passage; the empty span at ``[CLS]`` stands for "no answer here" (as in SQuAD 2.0, Rajpurkar et al. 2018).
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from qa.models.card import FusionWeights, Logistic, RankWeights, ReaderCard
from qa.models.onnx import Tokens, file_sha256, open_model
from qa.patterns import compiled
from qa.text import Span

SEPARATOR = " : "
"""Between the context line and the passage, as in training."""
LONGEST_ANSWER = 60
"""Tokens of an answer at most."""
OUTSIDE = -1e4


class View(Struct, frozen=True):
    """A passage as the model sees it; the answer lies in ``text``, never in ``context``."""

    context: str
    text: str

    @property
    def lead(self) -> str:
        """What stands in front of the text: the context line with its separator, or nothing."""
        return self.context + SEPARATOR if self.context else ""


class Judgement(Struct, frozen=True):
    """What the model makes of one view.

    ``answers`` is the logit that the passage answers the question; ``margin`` by how many logits the best span
    beats the empty one; ``span`` is that span in the view's text.
    """

    answers: float
    margin: float
    span: Span


class CrossEncoder(Protocol):
    """Judges views of passages for one question."""

    @property
    def card(self) -> ReaderCard:
        """What was fitted with the model, and its provenance."""
        ...

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        """One judgement a view, in order; longer views are cut at ``max_tokens`` (default: as in training).

        What it makes of a view does not depend on the others.
        """
        ...


class OnnxCrossEncoder:
    """A reader folder: ``model.onnx`` or ``model.ort``, ``tokenizer.json`` and ``card.json`` with the files' SHA-256.

    ``sha256`` hashes a file, or knows its hash.
    """

    def __init__(self, folder: Path, sha256: Callable[[Path], str] = file_sha256) -> None:
        # On one thread, whatever the machine has: two take a third more of the processors' time, which whoever asks
        # beside, or the large reader that is opened meanwhile, makes better use of.
        self.card = ReaderCard.load(folder)
        ours = self.card.precision == "int8"
        self._tokenizer, self._session = open_model(folder, self.card, threads=1, sha256=sha256, ours=ours)

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        """See ``CrossEncoder``."""
        # A question may fill the model by itself; half of it at most leaves room for the passage.
        most = max_tokens or self.card.max_tokens
        asked = self._tokenizer.cut(question, most // 2)
        pairs = [self._tokenizer.encode(asked, view.lead + view.text, most=most) for view in views]
        return [self._judged(view, pair) for view, pair in zip(views, pairs, strict=True)]

    def _judged(self, view: View, pair: Tokens) -> Judgement:
        """Of one view, which runs by itself: beside others one scale for all activations would change its logits."""
        start, end, answers = self._session.run(
            None,
            {
                "input_ids": np.array([pair.ids], np.int64),
                "attention_mask": np.ones((1, len(pair.ids)), np.int64),
                "token_type_ids": np.array([kinds(pair)], np.int64),
            },
        )
        return judgement(pair, view, start[0], end[0], float(answers[0]))


def kinds(pair: Tokens) -> list[int]:
    """0 for each token up to the end of the question, 1 for those of the text and for its end."""
    first = pair.parts.index(1) if 1 in pair.parts else len(pair.parts) - 1
    return [0] * first + [1] * (len(pair.parts) - first)


def judgement(
    pair: Tokens, view: View, start: NDArray[np.float32], end: NDArray[np.float32], answers: float
) -> Judgement:
    """The best span of at most ``LONGEST_ANSWER`` tokens in the view's text, grown to whole words.

    ``pair`` is the question with the view's lead and text; ``start`` and ``end`` have a logit for each of its tokens.
    """
    inside = tokens_inside(pair, view)
    if not inside:  # the context line filled the model
        return Judgement(OUTSIDE, OUTSIDE, Span(0, 0))
    score, span = best_span(pair, view, inside, start, end)
    return Judgement(answers, float(score - start[0] - end[0]), span)


def tokens_inside(pair: Tokens, view: View) -> list[int]:
    """The places of the tokens that are of a view's text, and not of its lead."""
    lead = len(view.lead)
    return [
        i
        for i, (part, (begins, _)) in enumerate(zip(pair.parts, pair.offsets, strict=True))
        if part == 1 and begins >= lead
    ]


def best_span(
    pair: Tokens, view: View, inside: Sequence[int], start: NDArray[np.float32], end: NDArray[np.float32]
) -> tuple[np.float32, Span]:
    """The highest sum of a start and an end logit at the tokens ``inside`` a view's text, and the whole span there."""
    first, last = inside[0], inside[-1] + 1
    scores = start[first:last, None] + end[None, first:last]
    steps = np.arange(last - first)[None, :] - np.arange(last - first)[:, None]
    scores = np.where((steps >= 0) & (steps < LONGEST_ANSWER), scores, np.float32(4 * OUTSIDE))
    a, b = divmod(int(scores.argmax()), last - first)
    lead = len(view.lead)
    span = Span(pair.offsets[first + a][0] - lead, pair.offsets[first + b][1] - lead)
    return scores[a, b], whole(view.text, span)


# What a span may not cut through: a number with its separators ("1:56", "2013-05-19"), a word with its hyphens.
UNCUT = compiled(r"\d+(?:[.,:/–-]\d+)+|\w+(?:[-'’]\w+)*")


PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"), ("‘", "’"), ('"', '"'))
PARTING = " \t\n\u00a0/|;,:–—"
"""What parts one thing from the next, and belongs to neither."""


def whole(text: str, span: Span) -> Span:
    """The span grown to whole words and numbers, with both brackets or quotation marks of a pair or neither.

    >>> whole("Trailer (1:56)", Span(11, 13)), whole('called "a fine book".', Span(8, 20))
    (Span(start=9, end=13), Span(start=7, end=20))
    """
    for _ in range(ROUNDS):
        grown = _grown(text, span)
        if grown == span:
            break
        span = grown
    return span


ROUNDS = 20
"""What one rule takes away or adds may be for another to go on from, a few times."""


def _grown(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    if not (kept := inside.strip(PARTING)):
        return span
    start, end = span.start + inside.index(kept), span.start + inside.index(kept) + len(kept)
    for word in UNCUT.finditer(text):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
    for opening, closing in PAIRS:
        start, end = _paired(text, start, end, opening, closing)
    return Span(start, end)


def _paired(text: str, start: int, end: int, opening: str, closing: str) -> tuple[int, int]:
    """A span with the other sign of a pair, where that is next to it; without the one at its edge, where it is not."""
    inside = text[start:end]
    opened, closed = inside.count(opening), inside.count(closing)
    if opening == closing:
        first = inside.startswith(opening)
        opened, closed = (opened % 2, 0) if first else (0, closed % 2)
        if closed and inside[-2:-1].isdigit():  # 12", in inches
            return start, end
    if opened > closed:
        if text[end : end + 1] == closing:
            return start, end + 1
        return (start + 1, end) if inside.startswith(opening) and end - start > 1 else (start, end)
    if opening in "([" and text[:start].rfind(opening) > text[:start].rfind(closing):
        # It begins inside a bracket: where it runs out of it, it ends there.
        out = _unopened(inside, opening, closing)
        if 0 < out < len(inside) - 1:
            return start, start + out
    if closed > opened and inside.endswith(closing) and closing != "’":
        if start and text[start - 1] == opening:
            return start - 1, end
        return (start, end - 1) if end - start > 1 else (start, end)
    return start, end


def _unopened(text: str, opening: str, closing: str) -> int:
    """The place of the first closing bracket that nothing before it opens; -1 where there is none."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == opening) - (sign == closing)
        if depth < 0:
            return place
    return -1


class OverlapCrossEncoder:
    """A fake for tests: a view answers as far as it shares words with the question; the span is its rarest word."""

    card = ReaderCard(
        name="overlap",
        precision="none",
        files={},
        max_tokens=192,
        encoder_sha256="",
        fusion=FusionWeights(passage=0.2, sentence=0.7, bm25=0.1),
        rank=RankWeights(answers=1.0, margin=0.0, retrieval=0.0),
        confidence=Logistic(0.0, {"answers": 1.0}),
        passage=Logistic(0.0, {"answers": 1.0, "margin": 0.0}),
        paragraph=Logistic(0.0, {"answers": 1.0, "margin": 0.0}),
        number_bar=0.4,
        off_topic_cosine=0.3,
        unread=10.0,
    )

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        """See ``CrossEncoder``; logits are 4 × shared share − 2."""
        overlaps = [overlap(question, view) for view in views]
        return [Judgement(logit, logit, span) for logit, span in overlaps]


def overlap(question: str, view: View) -> tuple[float, Span]:
    """What the fakes judge by: 4 × the share of the longer words asked that a view has − 2; its longest new word."""
    asked = {word for word in re.findall(r"\w+", question.lower()) if len(word) > 3}
    words = list(re.finditer(r"\w+", view.text))
    held = asked & {match[0].lower() for match in (*words, *re.finditer(r"\w+", view.context))}
    new = [match for match in words if match[0].lower() not in asked] or words
    longest = max(new, key=lambda match: len(match[0]), default=None)
    return 4 * len(held) / max(len(asked), 1) - 2, Span(*longest.span()) if longest else Span(0, 0)
