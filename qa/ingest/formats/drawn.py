"""Tables that are drawn in plain text with tabs, with signs like ``|`` or with spaces between columns."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from qa.ingest.formats.prose import apart
from qa.ingest.formats.table import Cell, is_head, separators
from qa.text import Mark, Span, strip
from qa.types import Element

RULE_SIGNS = frozenset(" \t|+:=_─━│┼-")
TAB = re.compile(r"(?<![ \t])[ ]*+\t[\t ]*+")
PIPE = re.compile(r"[|│]")
# Two spaces part columns, but not two sentences; dots may lead from a name to its value.
GAP = re.compile(r"(?<![.!?\s]) {2,}+(?=\S)|(?<=[.!?]) {3,}+(?=\S)| ?\.{4,} ?|(?<=\S) ?(?:\. ){3,}")
WIDEST_CELL = 60
"""Characters of a cell on the average above which lines with gaps are no table."""


def table_rows(text: str, lines: Sequence[Span], caption: str | None) -> list[tuple[Element, list[Mark]]]:
    """The lines of a table as rows with their marks, in order; empty where they are none.

    Lines before and after the table, which have no columns, are paragraphs of their own; one before it is its caption.
    """
    if len(lines) < 2:
        return []
    for pattern, split in ((PIPE, _by_signs), (TAB, _by_gaps), (GAP, _by_gaps)):
        if sum(pattern.search(text, *line) is not None for line in lines) < 2:
            continue
        if found := _rows(text, lines, caption, lambda line, p=pattern, s=split: s(text, line, p)):  # type: ignore[misc]
            return found
    return []


def _is_rule(line: str) -> bool:
    """Whether a line is only drawn, as below the heads of columns."""
    return RULE_SIGNS.issuperset(line) and any(signs in line for signs in ("--", "==", "__", "──", "━━"))


def _by_signs(text: str, line: Span, pattern: re.Pattern[str]) -> list[Span]:
    edges = [line.start, *(edge for match in pattern.finditer(text, *line) for edge in match.span()), line.end]
    cells = [strip(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if cells and cells[0].end == cells[0].start and text[line.start] in "|│":
        cells = cells[1:]
    if cells and cells[-1].end == cells[-1].start and text[line.end - 1] in "|│":
        cells = cells[:-1]
    return cells


def _by_gaps(text: str, line: Span, pattern: re.Pattern[str]) -> list[Span]:
    edges = [line.start, *(edge for match in pattern.finditer(text, *line) for edge in match.span()), line.end]
    cells = [strip(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    # Several tabs or spaces in a row line columns up, so that only the first of cells can be empty.
    return [cell for cell in cells if cell.end > cell.start]


def _rows(
    text: str, lines: Sequence[Span], caption: str | None, split: Callable[[Span], list[Span]]
) -> list[tuple[Element, list[Mark]]]:
    ruled = [_is_rule(text[line.start : line.end]) for line in lines]
    cells = [[] if rule else split(line) for line, rule in zip(lines, ruled, strict=True)]
    inside = [i for i, row in enumerate(cells) if len(row) > 1]
    if len(inside) < 2:
        return []
    first, last = inside[0], inside[-1]
    counts = Counter(len(cells[i]) for i in inside)
    columns = counts.most_common(1)[0][0]
    columns = max(columns, max((n for n, count in counts.items() if count > 1), default=columns))
    outside = [i for i in range(first, last + 1) if len(cells[i]) < 2 and not ruled[i]]
    near = sum(count for n, count in counts.items() if columns - 2 <= n <= columns)
    sizes = [cell.end - cell.start for i in inside for cell in cells[i]]
    if first > 2 or 3 * len(outside) > len(inside) or 5 * near < 4 * len(inside):
        return []
    if sum(sizes) > WIDEST_CELL * len(sizes) or any(
        text[c.start : c.end].count(". ") > 2 for i in inside for c in cells[i]
    ):
        return []
    found: list[tuple[Element, list[Mark]]] = []
    for i in range(first):
        if not ruled[i]:
            found.append((Element("paragraph", lines[i]), []))
            caption = " ".join(text[lines[i].start : lines[i].end].split()).rstrip(":")
    places = _places(lines, [cells[i] for i in inside if len(cells[i]) == columns], columns)
    rows = {i: _aligned(lines[i], cells[i], columns, places, lines) for i in inside}
    words = {i: {n: " ".join(text[c.start : c.end].split()) for n, c in rows[i].items()} for i in inside}
    listed = [[words[i].get(n, "") for n in range(columns)] for i in inside]
    ruled_below = first + 1 < len(lines) and ruled[first + 1]
    capitals = all(word == word.upper() and word != word.lower() for word in words[first].values())
    shout = capitals and not all(word == word.upper() for row in listed[1:] for word in row)
    above_numbers = (len(inside) > 2 or columns > 2) and is_head(listed[0], listed[1:])
    headed = len(inside) > 1 and (ruled_below or shout or above_numbers)
    heads = words[first] if headed else {}
    group = None
    for i in range(first + headed, last + 1):
        if ruled[i]:
            continue
        if i not in rows:
            group = " ".join(text[lines[i].start : lines[i].end].split()).rstrip(":")
            found.append((Element("paragraph", lines[i]), []))
            continue
        row = [Cell(cell, heads.get(n, "")) for n, cell in sorted(rows[i].items())]
        cue = " › ".join(filter(None, (caption, group))) or None
        found.append((Element("row", lines[i], cue=cue), list(apart(separators(lines[i], row)))))
    found += [(Element("paragraph", lines[i]), []) for i in range(last + 1, len(lines)) if not ruled[i]]
    return found


def _places(lines: Sequence[Span], rows: Sequence[Sequence[Span]], columns: int) -> list[tuple[int, int]]:
    """From where to where each column reaches, counted from the beginning of the line."""
    starts = {line.end: line.start for line in lines}
    places = []
    for n in range(columns):
        bounds = [(row[n].start - _line_start(starts, row), row[n].end - _line_start(starts, row)) for row in rows]
        places.append((min(a for a, _ in bounds), max(b for _, b in bounds)))
    return places


def _line_start(starts: dict[int, int], row: Sequence[Span]) -> int:
    return starts.get(row[-1].end, row[0].start)


def _aligned(
    line: Span, cells: Sequence[Span], columns: int, places: Sequence[tuple[int, int]], lines: Sequence[Span]
) -> dict[int, Span]:
    """The cells of a row by their columns: in order where none is missing, else by where they stand."""
    if len(cells) >= columns:
        return {n: cell for n, cell in enumerate(cells) if cell.end > cell.start}
    aligned: dict[int, Span] = {}
    least = 0
    for left, cell in enumerate(cells):
        start, end = cell.start - line.start, cell.end - line.start
        most = columns - (len(cells) - left)
        free = range(least, most + 1)
        column = max(free, key=lambda n: (min(end, places[n][1]) - max(start, places[n][0]), -n))
        if cell.end > cell.start:
            aligned[column] = cell
        least = column + 1
    return aligned
