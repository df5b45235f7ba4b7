"""Spans of a text, and how a span reads once its markup is resolved.

``PlainText`` is what models and people read; every character of it knows the slice of the source that it stands for, so
that an answer found in it can be cited from the source as it is. All offsets are Unicode code points, ends exclusive.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from qa.patterns import compiled


class Span(NamedTuple):
    """The slice ``text[start:end]`` of a document's text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the other lies in this one."""
        return self.start <= other.start and other.end <= self.end


class Mark(NamedTuple):
    """The slice ``text[start:end]`` reads as ``shown``: markup as nothing, an entity as its character.

    What is ``added`` is not in the source at all (the head of a column in front of a cell); no answer takes it in.
    """

    start: int
    end: int
    shown: str = ""
    added: bool = False


def marks_within(marks: Sequence[Mark], span: Span) -> tuple[Mark, ...]:
    """Those of the marks, sorted and apart from one another, that lie wholly in the span."""
    first = bisect_left(marks, (span.start, span.start))
    last = bisect_right(marks, (span.end, span.end, "\U0010ffff", True))
    return tuple(mark for mark in marks[first:last] if mark.end <= span.end)


WIDE_SPACE = compiled(r"[^\S ]|  ")
ADDED = -1


class PlainText(Struct, frozen=True):
    """A slice of a document as it reads: marks resolved, white space single, none at the ends.

    Character i stands for ``document.text[starts[i]:ends[i]]``; both are ``ADDED`` for one that the source lacks.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, part: str, start: int = 0, marks: Sequence[Mark] = ()) -> "PlainText":
        """How a slice reads that begins at ``start`` of its document; ``marks`` are sorted and lie in it.

        >>> PlainText.of("**Fish** &amp; chips", 0, [Mark(0, 2), Mark(6, 8), Mark(9, 14, "&")]).text
        'Fish & chips'
        """
        if not marks and not WIDE_SPACE.search(part) and part == part.strip():
            return cls(part, range(start, start + len(part)), range(start + 1, start + len(part) + 1))
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for letter, begin, end in _letters(part, start, marks):
            if letter.isspace():
                if not letters or letters[-1] == " ":
                    continue
                letter = " "
            letters.append(letter)
            starts.append(begin)
            ends.append(end)
        if letters and letters[-1] == " ":
            letters.pop()
        return cls("".join(letters), starts[: len(letters)], ends[: len(letters)])

    def shows(self, span: Span) -> Span | None:
        """Where in ``text`` a span of the document reads; None where nothing of it is shown."""
        inside = [i for i, start in enumerate(self.starts) if span.start <= start and self.ends[i] <= span.end]
        return Span(inside[0], inside[-1] + 1) if inside else None

    def source(self, start: int, end: int) -> Span | None:
        """The span of the document that ``text[start:end]`` stands for; None where that is nothing of the source.

        It ends before what was added inside it, so that no answer spills from one cell of a table into the next.
        """
        while start < end and (self.starts[start] == ADDED or self.text[start].isspace()):
            start += 1
        end = next((i for i in range(start, end) if self.starts[i] == ADDED), end)
        while start < end and self.text[end - 1].isspace():
            end -= 1
        return Span(self.starts[start], self.ends[end - 1]) if start < end else None


class Shown(Struct, frozen=True):
    """A slice of a document with its marks resolved and its white space as it is, and where each offset stands."""

    text: str
    offsets: Sequence[int]
    """Where in ``text`` each piece begins."""
    pieces: Sequence[tuple[int, bool]]
    """Where in the document each piece begins, and whether it is the source's own words."""
    end: int

    @classmethod
    def of(cls, text: str, span: Span, marks: Sequence[Mark]) -> "Shown":
        """How ``text[span]`` is shown; ``marks`` are sorted and lie in the span."""
        parts: list[str] = []
        offsets: list[int] = []
        pieces: list[tuple[int, bool]] = []
        length, at = 0, span.start
        for start, end, shown in (*((mark.start, mark.end, mark.shown) for mark in marks), (span.end, span.end, "")):
            for part, begin, own in ((text[at:start], at, True), (shown, start, False)):
                if part:
                    parts.append(part)
                    offsets.append(length)
                    pieces.append((begin, own))
                    length += len(part)
            at = end
        return cls("".join(parts), offsets, pieces, span.end)

    def source(self, offset: int) -> int:
        """Where in the document the character at ``offset`` of ``text`` begins; its end for the length of ``text``."""
        if offset >= len(self.text):
            return self.end
        piece = bisect_right(self.offsets, offset) - 1
        begin, own = self.pieces[piece]
        return begin + offset - self.offsets[piece] if own else begin


def reading(text: str, span: Span, marks: Sequence[Mark] = ()) -> str:
    """How a span of a text reads, without the places of its characters: ``PlainText.text``, made faster.

    ``marks`` are sorted; those that lie in the span are resolved.
    """
    return " ".join(Shown.of(text, span, marks_within(marks, span)).text.split())


def _letters(part: str, base: int, marks: Sequence[Mark]) -> Iterator[tuple[str, int, int]]:
    """Every character as it reads, with the slice of the document behind it."""
    at = base
    for mark in marks:
        for i in range(at, mark.start):
            yield part[i - base], i, i + 1
        for letter in mark.shown:
            yield letter, *((ADDED, ADDED) if mark.added else (mark.start, mark.end))
        at = mark.end
    for i in range(at, base + len(part)):
        yield part[i - base], i, i + 1


def strip(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))
