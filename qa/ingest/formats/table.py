"""How the row of a table reads: every cell with the head of its column, "Canoe; per hour: 12 euros"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.text import Mark, Span


class Cell(NamedTuple):
    """The words of a cell, where they stand, and the head of its column."""

    span: Span
    head: str = ""


def separators(row: Span, cells: Sequence[Cell], beside: str = "") -> Iterator[Mark]:
    """The marks between the cells of a row: what separates them is taken away, the heads of their columns are added.

    Everything that is shown is ``added``, so that no answer reaches from one cell into the next. Two cells without
    heads are a name and its value. ``beside`` is what a cell of an earlier row says of this one too. Cells without
    words are left out by the caller.
    """
    at = row.start
    pair = len(cells) == 2 and not any(cell.head for cell in cells)
    for i, cell in enumerate(cells):
        before = (": " if pair else "; ") if i else (f"{beside}; " if beside else "")
        shown = before + (f"{cell.head}: " if cell.head else "")
        if shown or at < cell.span.start:
            yield Mark(at, cell.span.start, shown, added=bool(shown))
        at = cell.span.end
    if at < row.end:
        yield Mark(at, row.end)


LONGEST_HEAD = 60
"""Characters of a cell above which it heads no column."""


def is_head(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether the first row of a table that marks no heads is one: words above columns of which one has numbers."""
    if not others or not all(0 < len(word) <= LONGEST_HEAD for word in first[1:]):
        return False
    if any(c.isdigit() for word in first for c in word):
        return False
    columns = [[row[i] for row in others if i < len(row) and row[i]] for i in range(len(first))]
    return any(column and all(any(c.isdigit() for c in word) for word in column) for column in columns)
