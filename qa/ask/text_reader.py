"""The reader alone on one given text, without search: for people who have the passage, and for measuring."""

from qa.errors import UsageError
from qa.models.cross_encoder import CrossEncoder, View
from qa.text import Span
from qa.types import SpanAnswer

MAX_TEXT = 100_000
"""Characters of a text; a longer one is a corpus, and is searched."""
WINDOW_TOKENS = 384
WINDOW_CHARACTERS = 1300
"""A window of this length is seldom over ``WINDOW_TOKENS``; a longer text is read in overlapping windows."""


class TextReader:
    """Reads one text for one question, without search: for people who have the passage, and for measuring."""

    def __init__(self, cross_encoder: CrossEncoder) -> None:
        self._cross_encoder = cross_encoder
        self._model = cross_encoder.card.paragraph

    def read(self, question: str, text: str) -> SpanAnswer:
        """The best span of the text, or none below the threshold chosen on the SQuAD 2.0 dev articles.

        Raises ``UsageError`` for a text over ``MAX_TEXT``.
        """
        if len(text) > MAX_TEXT:
            size = f"the passage has {len(text)} characters; at most {MAX_TEXT} are read"
            raise UsageError(f"{size}: put it into a folder, and ask that with --corpus")
        starts = windows(text)
        views = [View("", text[window.start : window.end]) for window in starts]
        judged = self._cross_encoder.judge(question, views, max_tokens=WINDOW_TOKENS)
        found = [
            (self._model.probability({"answers": j.answers, "margin": j.margin}), window.start + j.span.start, j.span)
            for window, j in zip(starts, judged, strict=True)
            if j.span.end > j.span.start
        ]
        if not found:
            return SpanAnswer(None, None, None, 0.0)
        confidence, start, span = max(found, key=lambda item: (item[0], -item[1]))
        if confidence < self._model.threshold:
            return SpanAnswer(None, None, None, confidence)
        end = start + span.end - span.start
        return SpanAnswer(text[start:end], start, end, confidence)


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
