"""A cell of a table: where the question names one row by its cells, the cell that is asked of it."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from qa.ask.agreement import has_number
from qa.ask.fitting import fits
from qa.ask.forms.desk import Desk
from qa.ask.forms.rows import Row, all_heads, row_of, table_of
from qa.ask.reader import ASKED_NOUN, ASKS_WHO
from qa.search.words import stem, stems
from qa.types import Query, Reading

CONFIDENCE = 0.6


def looked_up(query: Query, desk: Desk, reading: Reading) -> Reading:
    """The reading, or the cell that is asked for in the one row of its table that the question names.

    "Which train leaves from platform 2?" names a row by its platform, and asks for what the table lists in its first
    column; "When does the train to Dunsel leave?" names a row by that, and a column.
    """
    first = row_of(reading.findings[0].passage) if reading.findings else None
    if first is None:
        return reading
    rows = table_of(first, desk)
    asked = stems(query.text)
    held = [_held(row, asked) for row in rows]
    most = max(map(len, held), default=0)
    named = [row for row, heads in zip(rows, held, strict=True) if len(heads) == most]
    if not most or len(named) != 1:
        return reading
    row = named[0]
    head = _asked_for(query, all_heads(rows), held[rows.index(row)])
    if head is None or head not in row.heads or row.finding(head).answer.overlaps(reading.findings[0].answer):
        return reading
    told = row.reads(head)
    if (ASKS_WHO.search(query.text) and has_number(told)) or not fits(query.text, told):
        return reading
    confidence = max(CONFIDENCE, reading.confidence)
    return replace(reading, findings=(row.finding(head),), confidence=confidence, reason=None, rivals=())


def _held(row: Row, asked: Sequence[str]) -> list[str]:
    """The heads of the cells that a question names: by their words, or by their number behind a word of the head."""
    found = []
    for head, _ in row.cells:
        cell = stems(row.reads(head))
        behind = any(one in stems(head) and other in cell for one, other in pairwise(asked))
        if cell and set(cell) <= set(asked) and (behind or not has_number(row.reads(head))):
            found.append(head)
    return found


def _asked_for(query: Query, heads: Sequence[str], held: Sequence[str]) -> str | None:
    """The column whose head the question names; its first where it asks which one, and names no column but by cells."""
    asked = set(stems(query.text))
    others = [head for head in heads if head not in held]
    noun = ASKED_NOUN.search(query.text.lower())
    whole = [head for head in others if stems(head) and set(stems(head)) <= asked]
    named = [head for head in others if noun and stem(noun[1]) in stems(head)] or whole
    if len(named) == 1:
        return named[0]
    return heads[0] if not named and heads[0] in others and (noun or ASKS_WHO.search(query.text)) else None
