"""The reader alone on one given text, without search: for people who have the passage, and for measuring.

The small reader reads long windows one by one, as it was trained on whole paragraphs; the large one short pieces
together, as it was trained on views.
"""

import re
from collections.abc import Mapping
from typing import Protocol

from qa.errors import UsageError
from qa.models.card import Logistic
from qa.models.cross_encoder import CrossEncoder, View
from qa.models.joint import JointModel
from qa.patterns import compiled
from qa.text import Span
from qa.types import SpanAnswer

MAX_TEXT = 100_000
"""Characters of a text; a longer one is a corpus, and is searched."""
WINDOW_TOKENS = 384
WINDOW_CHARACTERS = 1300
"""A window of this length is seldom over ``WINDOW_TOKENS``; a longer text is read in overlapping windows."""
PIECE_WORDS = 60
"""Words of a piece, if no sentence is longer."""
SENTENCE_END = compiled(r"[.!?][\"”’)\]]*(?=\s)|\n(?=[^\S\n]*\n)")

Found = tuple[Mapping[str, float], Span]
"""What a model says of a window's best span, by name, and that span in the text."""


class Judge(Protocol):
    """How a model reads a text, and what its logits mean."""

    model: Logistic

    def read(self, question: str, text: str) -> list[Found]:
        """The best span of each window that has one."""
        ...


class SmallJudge:
    """Reads windows of a paragraph's length by themselves."""

    def __init__(self, cross_encoder: CrossEncoder) -> None:
        self._cross_encoder = cross_encoder
        self.model = cross_encoder.card.paragraph

    def read(self, question: str, text: str) -> list[Found]:
        """See ``Judge``."""
        places = windows(text)
        views = [View("", text[place.start : place.end]) for place in places]
        judged = self._cross_encoder.judge(question, views, max_tokens=WINDOW_TOKENS)
        return [
            ({"answers": j.answers, "margin": j.margin}, Span(place.start + j.span.start, place.start + j.span.end))
            for place, j in zip(places, judged, strict=True)
        ]


class LargeJudge:
    """Reads pieces of a few sentences together."""

    def __init__(self, joint: JointModel) -> None:
        self._joint = joint
        self.model = joint.card.paragraph

    def read(self, question: str, text: str) -> list[Found]:
        """See ``Judge``."""
        places = pieces(text)
        judged = self._joint.judge(question, [View("", text[place.start : place.end]) for place in places])
        return [
            ({"answers": j.answers, "score": j.score}, Span(place.start + j.span.start, place.start + j.span.end))
            for place, j in zip(places, judged, strict=True)
        ]


class TextReader:
    """Reads one text for one question, without search: for people who have the passage, and for measuring."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def read(self, question: str, text: str) -> SpanAnswer:
        """The best span of the text, or none below the threshold chosen on the SQuAD 2.0 dev articles.

        Raises ``UsageError`` for a text over ``MAX_TEXT``.
        """
        if len(text) > MAX_TEXT:
            size = f"the passage has {len(text)} characters; at most {MAX_TEXT} are read"
            raise UsageError(f"{size}: put it into a folder, and ask that with --corpus")
        model = self._judge.model
        found = [(model.probability(said), span) for said, span in self._judge.read(question, text)]
        found = [(confidence, span) for confidence, span in found if span.end > span.start]
        if not found:
            return SpanAnswer(None, None, None, 0.0)
        confidence, span = max(found, key=lambda item: (item[0], -item[1].start))
        if confidence < model.threshold:
            return SpanAnswer(None, None, None, confidence)
        return SpanAnswer(text[span.start : span.end], *span, confidence)


def pieces(text: str) -> list[Span]:
    """The text in pieces of whole sentences of at most ``PIECE_WORDS`` words together; a longer sentence is cut.

    >>> [*pieces("One. Two.")]
    [Span(start=0, end=9)]
    """
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    found: list[Span] = []
    start = end = counted = 0
    for place in (*ends, len(text)):
        words = [match.end() for match in re.finditer(r"\S+", text[end:place])]
        if counted and counted + len(words) > PIECE_WORDS:
            found.append(Span(start, end))
            start, counted = end, 0
        while len(words) > PIECE_WORDS:
            cut = end + words[PIECE_WORDS - 1]
            found.append(Span(start, cut))
            words = [at - (cut - end) for at in words[PIECE_WORDS:]]
            start = end = cut
        counted += len(words)
        end = place
    return [*found, Span(start, len(text))]


def windows(text: str) -> list[Span]:
    """The text in pieces of at most ``WINDOW_CHARACTERS`` that end between words; each overlaps the next by a half."""
    if len(text) <= WINDOW_CHARACTERS:
        return [Span(0, len(text))]
    found = []
    start = 0
    while start < len(text):
        end = min(start + WINDOW_CHARACTERS, len(text))
        if end < len(text):
            end = max(text.rfind(" ", start + WINDOW_CHARACTERS // 2, end), start + WINDOW_CHARACTERS // 2)
        found.append(Span(start, end))
        if end == len(text):
            break
        middle = start + (end - start) // 2
        start = max(text.find(" ", middle, end) + 1, middle)
    return found
