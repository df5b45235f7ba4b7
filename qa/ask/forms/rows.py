"""Tables as people ask of them: the rows of a table by their columns, and the numbers in a column."""

import re
from collections.abc import Sequence

from msgspec import Struct

from qa.ask.forms.desk import Desk, alike
from qa.patterns import compiled
from qa.search.words import content_words, stem
from qa.text import Span
from qa.types import Finding, Passage


class Row(Struct, frozen=True):
    """One row of a table: its passage and the cells by the heads of their columns, in order."""

    passage: Passage
    cells: tuple[tuple[str, Span], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of its columns."""
        return tuple(head for head, _ in self.cells)

    def reads(self, head: str) -> str:
        """How the cell of a column reads; nothing where the row has none."""
        return next((self.passage.reads(span) for name, span in self.cells if name == head), "")

    def finding(self, head: str) -> Finding:
        """The cell of a column, the row as its quote."""
        return Finding(self.passage, self.passage.span, dict(self.cells)[head])


def row_of(passage: Passage) -> Row | None:
    """The row that a passage is, None where it is none with heads."""
    added = [mark for mark in passage.marks if mark.added]
    if len(added) < 2 or not all(mark.shown.rstrip().endswith(":") for mark in added):
        return None
    ends = [mark.start for mark in added[1:]] + [passage.end]
    cells = []
    for mark, end in zip(added, ends, strict=True):
        head = mark.shown.strip().rstrip(":").rpartition("; ")[2].strip()
        inside = [m for m in passage.marks if mark.end <= m.start and m.end <= end and not m.added]
        # What separates two cells is taken away right before the next begins.
        if inside and inside[-1].end == end:
            end = inside[-1].start
        text = passage.text[mark.end - passage.start : end - passage.start]
        span = Span(mark.end + len(text) - len(text.lstrip()), mark.end + len(text.rstrip()))
        if head and span.start < span.end:
            cells.append((head, span))
    return Row(passage, tuple(cells)) if len(cells) > 1 else None


def table_of(row: Row, desk: Desk) -> list[Row]:
    """Every row of the table that a row is of, in order."""
    passage = row.passage
    found = (row_of(p) for p in desk.section(passage) if p.cue == passage.cue)
    rows = [other for other in found if other is not None]
    main = rows[0].heads[0] if rows else ""
    return [other for other in rows if other.heads[0] == main and set(other.heads) & set(row.heads)]


def all_heads(rows: Sequence[Row]) -> list[str]:
    """The heads of a table's columns, in order; a row lacks those of its empty cells."""
    return list(dict.fromkeys(head for row in rows for head in row.heads))


def column_for(words: Sequence[str], rows: Sequence[Row]) -> str | None:
    """The column whose head is the likest to some words; None where none shares one."""
    scored = []
    for place, head in enumerate(all_heads(rows)):
        shared = sum(any(alike(word, part) for part in content_words(head)) for word in words)
        if shared:
            scored.append((-shared, len(content_words(head)), place, head))
    return min(scored)[3] if scored else None


def is_named(words: Sequence[str], row: Row) -> bool:
    """Whether the table of a row is of what some words name: its title, section or caption says so."""
    context = content_words(row.passage.context)
    return bool(words) and any(alike(words[-1], word) for word in context)


NUMBER = compiled(r"[-−]?\d+(?:[.,’' \u00a0\u202f]\d{3})+(?:[.,]\d+)?|[-−]?\d+(?:[.,]\d+)?")
CLOCK = compiled(r"\b(\d{1,2})[:h](\d{2})(?::(\d{2}))?\b(?!\d)")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DATE = compiled(r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\.? )?([A-Za-z]{3,9})\.?,? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})\b")
SCALE = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
ISO = compiled(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")


def number_of(text: str) -> float | None:
    """The number, time or date of a cell, for comparing within one column; None where it has none.

    >>> number_of("£11.50"), number_of("8,200"), number_of("06:52"), number_of("3 May 1999")
    (11.5, 8200.0, 24720.0, 1999.3408333333332)
    """
    if found := ISO.search(text):
        return int(found[1]) + (int(found[2]) - 1) / 12 + int(found[3] or 0) / 400
    found = DATE.search(text)
    if found and found[2][:3].lower() in MONTHS:
        month, day = MONTHS.index(found[2][:3].lower()), int(found[1] or found[3] or 0)
        return int(found[4]) + month / 12 + day / 400
    if found := CLOCK.search(text):
        return 3600.0 * int(found[1]) + 60 * int(found[2]) + int(found[3] or 0)
    if found := NUMBER.search(text):
        digits = found[0].replace("−", "-")
        scale = re.match(r"\s*([a-z]+)\b", text[found.end() :], re.IGNORECASE)
        return _plain(digits) * SCALE.get(scale[1].lower() if scale and len(scale[1]) > 1 else "", 1.0)
    return None


def _plain(digits: str) -> float:
    """A number whose thousands may be set apart and whose fraction may follow a comma."""
    digits = re.sub(r"[’' \u00a0\u202f]", "", digits)
    if "," in digits and "." in digits:
        last = max(digits.rfind(","), digits.rfind("."))
        return float(re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :])
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", digits) and not re.fullmatch(r"-?0[.,]\d+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))


def filtered(rows: Sequence[Row], words: Sequence[str]) -> list[Row]:
    """The rows that hold each of some words which one of them holds and not all do."""
    held = {row.passage.passage_id: {stem(w) for w in content_words(row.passage.plain.text)} for row in rows}
    heads = {stem(word) for head in all_heads(rows) for word in content_words(head)}
    telling = [
        w
        for w in (stem(word) for word in words)
        if w not in heads and 0 < sum(w in h for h in held.values()) < len(rows)
    ]
    return [row for row in rows if all(word in held[row.passage.passage_id] for word in telling)] or list(rows)
