"""CSV and TSV: each row is a row that reads ``Head: value; Head: value``; the text is the file's own.

Delimiter and head are found out; rows above the head that fill one cell alone are taken for the title.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from qa.errors import SourceError
from qa.ingest.formats.encoding import decode
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.writer import has_head
from qa.text import Mark, Span
from qa.types import Element, Place

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 60
SAMPLE_CHARACTERS = 65_536


class Cell(NamedTuple):
    """``text[start:end]`` is the content of a cell without the quotes around it."""

    start: int
    end: int
    text: str


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    text, note = decode(data)
    delimiter = find_delimiter(text)
    # Excel names the delimiter in a line of its own, which is no row.
    start = match.end() if (match := re.match(r"sep=(.)\r?\n", text)) else 0
    rows = [(number, row) for number, row in enumerate(cells(text, delimiter, start), 1) if any(c.text for c in row)]
    width = max((len(row) for _, row in rows), default=0)
    titles: list[str] = []
    while width > 2 and len(rows) > 2 and len(filled := [cell for cell in rows[0][1] if cell.text]) == 1:
        titles.append(filled[0].text)
        rows.pop(0)
    heads: list[str] = []
    if has_head([[cell.text for cell in row] for _, row in rows[:SAMPLE_ROWS]]):
        heads = [" ".join(cell.text.replace("_", " ").split()) for cell in rows.pop(0)[1]]
    title = titles[0] if titles else None
    elements: list[Element] = []
    marks: list[Mark] = []
    places: list[Place] = []
    for number, row in rows:
        full = [(i, cell) for i, cell in enumerate(row) if cell.text]
        span = Span(full[0][1].start, full[-1][1].end)
        elements.append(Element("row", span))
        places.append(Place(*span, {"row": number}))
        marks += _marks(text, full, heads)
    return Layout(text, tuple(elements), title, {}, tuple(marks), tuple(places), note=note)


def _marks(text: str, row: Sequence[tuple[int, Cell]], heads: Sequence[str]) -> Iterator[Mark]:
    """How a row reads: delimiters as semicolons, heads in front, no quotes."""
    before: int | None = None
    for i, cell in row:
        if before is not None:
            yield Mark(before, cell.start, "; ")
        if i < len(heads) and heads[i]:
            yield Mark(cell.start, cell.start, f"{heads[i]}: ", True)
        for match in re.finditer('""', text[cell.start : cell.end]) if text[cell.start - 1 : cell.start] == '"' else ():
            yield Mark(cell.start + match.start(), cell.start + match.end(), '"')
        before = cell.end


def find_delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have the same number of cells, more than one."""
    if match := re.match(r"sep=(.)\r?\n", text):
        return match[1] if match[1] in DELIMITERS else ","
    sample = text[:SAMPLE_CHARACTERS]
    best, chosen = (0.0, 0), ","
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter), SAMPLE_ROWS))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if any(row))
        widths.pop(1, None)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = (round(count / sum(1 for row in rows if any(row)), 1), width)
        if score > best:
            best, chosen = score, delimiter
    return chosen


def cells(text: str, delimiter: str, start: int = 0) -> Iterator[list[Cell]]:
    """The rows of a file with the place of each cell; blanks around a cell are no part of it."""
    # A quote counts only where a cell begins; a cell whose quote never ends is read as it stands.
    d = re.escape(delimiter)
    cell = re.compile(rf'[ ]*"((?:[^"]|"")*)"[^{d}\r\n"]*(?={d}|[\r\n]|\Z)|([^{d}\r\n]*)')
    at = start
    row: list[Cell] = []
    while at < len(text):
        match = cell.match(text, at)
        if match is None:  # pragma: no cover - the second form matches anything
            raise SourceError("a cell cannot be read")
        if match[1] is not None:
            row.append(_trimmed(text, *match.span(1), quoted=True))
        else:
            row.append(_trimmed(text, *match.span(2)))
        at = match.end()
        if text[at : at + 1] == delimiter:
            at += 1
            if at == len(text):
                row.append(Cell(at, at, ""))
            continue
        yield row
        row = []
        at += 2 if text[at : at + 2] == "\r\n" else 1
    if row:
        yield row


def _trimmed(text: str, start: int, end: int, *, quoted: bool = False) -> Cell:
    content = text[start:end]
    if not quoted:
        start, end = start + len(content) - len(content.lstrip()), end - len(content) + len(content.rstrip())
        end = max(start, end)
    content = text[start:end]
    return Cell(start, end, content.replace('""', '"').strip() if quoted else content)
