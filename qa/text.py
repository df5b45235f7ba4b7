"""Spans of a text, and how a span reads once its markup is resolved.

``PlainText`` is what models and people read; every character of it knows the slice of the source that it stands for, so
that an answer found in it can be cited from the source as it is. All offsets are Unicode code points, ends exclusive.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


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


WIDE_SPACE = re.compile(r"[^\S ]|  ")
ADDED = -1


@dataclass(frozen=True, slots=True)
class PlainText:
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

    def source(self, start: int, end: int) -> Span | None:
        """The span of the document that ``text[start:end]`` stands for; None where that is nothing of the source."""
        while start < end and (self.starts[start] == ADDED or self.text[start].isspace()):
            start += 1
        while start < end and (self.starts[end - 1] == ADDED or self.text[end - 1].isspace()):
            end -= 1
        return Span(self.starts[start], self.ends[end - 1]) if start < end else None


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
