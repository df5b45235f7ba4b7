"""Writes the kept text of a file whose bytes are none: elements in order, with where each piece of them stands."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from qa.ingest.formats.layout import Layout
from qa.ingest.formats.table import is_head
from qa.text import Mark, PlainText, Span
from qa.types import Element, Place

Kind = Literal["heading", "label", "paragraph", "lines", "code", "item", "row", "turn"]
At = Mapping[str, Any]
Piece = tuple[str, At | None]
"""Some text and where it stands in the file, if that is known."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CLEAN = str.maketrans(LIGATURES | {"\u00ad": "", "\u200b": "", "\ufeff": "", "\u00a0": " "})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
HEAD_LENGTH = 60


def clean(text: str) -> str:
    """Text without ligatures, soft hyphens, control characters and half characters, which JSON could not carry."""
    return _CONTROL.sub("", text.translate(_CLEAN))


class Writer:
    """Collects elements; they stand a blank line apart in the text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.elements: list[Element] = []
        self.marks: list[Mark] = []
        self.places: list[Place] = []

    @property
    def text(self) -> str:
        """What is written so far."""
        return "".join(self._parts)

    def _put(self, text: str, at: At | None = None) -> Span:
        span = Span(self._length, self._length + len(text))
        self._parts.append(text)
        self._length = span.end
        if at and text:
            self.places.append(Place(span.start, span.end, at))
        return span

    def add(self, kind: Kind, pieces: Sequence[Piece], level: int = 0, cue: str | None = None) -> None:
        """An element of some pieces, written one behind the other as they are."""
        if not any(text.strip() for text, _ in pieces):
            return
        if self._length:
            self._put("\n\n")
        start = self._length
        for text, at in pieces:
            self._put(text, at)
        self.elements.append(Element(kind, Span(start, self._length), level, cue))

    def row(self, cells: Sequence[Piece], heads: Sequence[str] = (), cue: str | None = None) -> None:
        """A row of a table: its cells with tabs between, each read with the head of its column in front."""
        filled = [(i, text, at) for i, (text, at) in enumerate(cells) if text.strip()]
        if not filled:
            return
        if self._length:
            self._put("\n" if self.elements and self.elements[-1].kind == "row" else "\n\n")
        start = self._length
        for i, text, at in filled:
            if self._length > start:
                tab = self._put("\t")
                self.marks.append(Mark(*tab, "; "))
            if i < len(heads) and heads[i]:
                self.marks.append(Mark(self._length, self._length, f"{heads[i]}: ", True))
            self._put(" ".join(text.split()), at)
        self.elements.append(Element("row", Span(start, self._length), cue=cue))

    def plain(self, kind: Kind, plain: PlainText, at: At | None = None, level: int = 0, cue: str | None = None) -> None:
        """An element as it reads in another text; what is added to that text is added here."""
        if not any(start >= 0 for start in plain.starts):
            return
        if self._length:
            self._put("\n\n")
        start = self._length
        for added, begin, end in _runs(plain):
            if added:
                self.marks.append(Mark(self._length, self._length, plain.text[begin:end], True))
            else:
                self._put(plain.text[begin:end])
        if at:
            self.places.append(Place(start, self._length, at))
        self.elements.append(Element(kind, Span(start, self._length), level, cue))

    def layout(self, title: str | None, note: str | None = None) -> Layout:
        """What was written."""
        return Layout(
            "".join(self._parts), tuple(self.elements), title, {}, tuple(self.marks), tuple(self.places), note=note
        )


def _runs(plain: PlainText) -> list[tuple[bool, int, int]]:
    """Runs of characters that are all added or all of the text: (added, start, end)."""
    runs: list[tuple[bool, int, int]] = []
    for i, start in enumerate(plain.starts):
        added = start < 0
        if runs and runs[-1][0] == added:
            runs[-1] = (added, runs[-1][1], i + 1)
        else:
            runs.append((added, i, i + 1))
    return runs


NUMBERED = 2
"""Columns of numbers below a word from which on a first row surely is a head."""


def has_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row of a table names its columns: short words, all different, none a number or a date."""
    if len(rows) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if not named or len(set(named)) < len(named) or 2 * len(named) < len(first):
        return False
    if any(len(cell) > HEAD_LENGTH or not re.search(r"[^\W\d_]", cell) for cell in named if not _is_year(cell)):
        return False
    if all(_is_year(cell) for cell in named):
        return False
    # What stands in its column again is a value, unless numbers stand below words: the column "EU" may say "EU".
    columns = [[row[i].strip() for row in rows[1:] if i < len(row)] for i in range(len(first))]
    if sum(bool(cell) and _are_numbers(column) for cell, column in zip(first, columns, strict=True)) >= NUMBERED:
        return True
    return not any(cell and cell in column for cell, column in zip(first, columns, strict=True))


def _are_numbers(column: Sequence[str]) -> bool:
    """Whether a column has several values and all of them are numbers."""
    told = [cell for cell in column if cell]
    return len(told) > 2 and all(re.fullmatch(r"[-+]?\d[\d.,]*", cell) for cell in told)


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """``has_head``, where a table may as well have no head: two columns are often a name and its value in every row."""
    return has_head(rows) and (len(rows[0]) > 2 or is_head(rows[0], rows[1:]))


def _is_year(cell: str) -> bool:
    return re.fullmatch(r"(?:1[5-9]|20)\d\d", cell) is not None
