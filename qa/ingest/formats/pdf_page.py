"""A page of a PDF as lines in reading order: glyphs to segments, segments to columns and tables.

All lengths are points; a page's own axes are kept, y grows upwards. Text that runs across the page's main direction (a
stamp in the margin) is left out.
"""

import ctypes
import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

WORD_GAP = 0.6
"""In a line, so much of the font's size parts words where the file has no space."""
SEGMENT_GAP = 1.1
"""And so much parts segments: cells or columns, which meet again where neither is found."""
GUTTER = 0.35
"""The least width of the white between columns, of the font's size."""
INK = 0.6
"""Of a column's width, so much of its middle line is text where it is running text."""
PROSE_CHARACTERS = 14
NEAR = 4.0
"""Gutters no further apart are one."""
KNOWN_LINES, KNOWN_SHARE = 12, 0.15
"""So many lines, and so much of all lines, have running text on both sides of a gutter of the file's columns."""
DRAWN = 3000
"""The drawn things of a page that are looked at for the lines of tables."""
SHORTEST_RULE = 12.0
THICK = 3.0
PAGE_GLYPHS = 60_000
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NOTE_LETTERS, NAME = "abcdefgh", 4
NAME_END = re.compile(rf"[^\W\d_]{{{NAME}}}\Z")
LEADER = re.compile(r"(?:\s?\.){5,}\s*")
BULLETS = "•◦▪‣●○■□–—*·∙➢➤✓"
MARKER = re.compile(rf"(?:[{BULLETS}\-]|\(?\[?(?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,4}})[.)\]]{{1,2}})")


class Box(NamedTuple):
    """Left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    def around(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(slots=True)
class Segment:
    """Words on one baseline without a wide gap; ``place`` is its box on the page, ``box`` the same as it is read."""

    text: str
    box: Box
    place: Box
    size: float
    base: float
    bold: bool


@dataclass(slots=True)
class Line:
    """A line of running text; ``left`` and ``right`` are the bounds of its ``column``."""

    text: str
    box: Box
    place: Box
    size: float
    base: float
    bold: bool
    column: int = 0
    left: float = 0.0
    right: float = 0.0


@dataclass(slots=True)
class Table:
    """Rows of cells, each cell with its box on the page; ``bold`` says so of the first row."""

    rows: list[list[tuple[str, Box | None]]]
    bold: bool = False


@dataclass(slots=True)
class Page:
    """The segments of a page before they are ordered, its height as it is read, and whether it shows pictures.

    ``rules`` are the heights of its horizontal lines with their left and right ends.
    """

    segments: list[Segment]
    bottom: float
    top: float
    pictures: bool
    rules: list[tuple[float, float, float]] = field(default_factory=list)


class _Glyph(NamedTuple):
    char: str
    box: Box
    place: Box
    size: float
    base: float
    bold: bool
    spaced: bool


# --- glyphs to segments ---------------------------------------------------------------------------------------


def read_page(page: Any) -> Page:
    """The segments of a ``pypdfium2`` page, in the order in which the file draws them."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        glyphs, turn = _glyphs(raw, text.raw)
    finally:
        text.close()
    left, bottom, right, top = page.get_bbox()
    corners = [_turned(x, y, turn) for x, y in ((left, bottom), (right, top))]
    pictures = False
    if not glyphs:
        pictures = any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    ys = [y for _, y in corners]
    rules = list(_rules(page, raw)) if glyphs and turn == 0 else []
    return Page(_segments(glyphs), min(ys), max(ys), pictures, rules)


def _rules(page: Any, raw: Any) -> Iterator[tuple[float, float, float]]:
    """Horizontal lines, and the upper and lower edges of boxes, as around a table's cells."""
    for drawn in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2), DRAWN):
        left, bottom, right, top = drawn.get_bounds()
        if right - left < SHORTEST_RULE:
            continue
        yield (top, left, right)
        if top - bottom > THICK:
            yield (bottom, left, right)


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[turn]


def _glyphs(raw: Any, text: Any) -> tuple[list[_Glyph], int]:
    """The visible characters of a page's main direction, and that direction in degrees."""
    found: list[tuple[str, Box, float, float, float, bool, bool, int]] = []
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    styles: dict[Any, tuple[float, bool, int]] = {}
    spaced = False
    high = 0
    for i in range(min(raw.FPDFText_CountChars(text), PAGE_GLYPHS)):
        code = raw.FPDFText_GetUnicode(text, i)
        if code in (0x20, 0xA0, 0x09, 0x0A, 0x0D, 0x3000) or 0x2000 <= code <= 0x200A:
            spaced = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0), 0
        if code == 0x02:  # pdfium's sign for a hyphen where a line ends
            code = 0x2D
        if (
            code < 0x20
            or 0xE000 <= code < 0xF900
            or code in (0xFFFE, 0xFFFF, 0xFFFD, 0x200B, 0xFEFF)
            or code > 0x10FFFF
        ):
            continue
        if not raw.FPDFText_GetCharBox(text, i, left, right, bottom, top):
            continue
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        held = raw.FPDFText_GetTextObject(text, i)
        key = ctypes.cast(held, ctypes.c_void_p).value
        if key not in styles:
            styles[key] = _style(raw, text, i)
        size, bold, turn = styles[key]
        box = Box(left.value, bottom.value, right.value, top.value)
        if not all(map(math.isfinite, box)):
            continue
        found.append((chr(code), box, x.value, y.value, size, bold, spaced, turn))
        spaced = False
    turns = Counter(one[-1] for one in found)
    turn = turns.most_common(1)[0][0] if turns else 0
    turn = turn if turn in (0, 90, 180, 270) else 0
    glyphs = []
    for char, box, px, py, size, bold, space, own in found:
        if own != turn:
            continue
        (x0, y0), (x1, y1) = _turned(box.left, box.bottom, turn), _turned(box.right, box.top, turn)
        seen = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        glyphs.append(_Glyph(char, seen, box, size, _turned(px, py, turn)[1], bold, space))
    return glyphs, turn


def _style(raw: Any, text: Any, i: int) -> tuple[float, bool, int]:
    """Size, boldness and direction of a character, which all of one text object share."""
    matrix = raw.FS_MATRIX()
    scale, turn = 1.0, 0
    if raw.FPDFText_GetMatrix(text, i, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turn = round(angle / 5) * 5 % 360
    size = abs(raw.FPDFText_GetFontSize(text, i) * scale)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text, i, None, 0, flags)
    name = ctypes.create_string_buffer(max(min(length, 256), 1))
    raw.FPDFText_GetFontInfo(text, i, name, len(name), flags)
    bold = re.search(rb"bold|black|heavy|demi", name.value, re.IGNORECASE) is not None
    return (size if 1 <= size <= 1000 else 10.0), bold or raw.FPDFText_GetFontWeight(text, i) >= 650, turn


def _segments(glyphs: Sequence[_Glyph]) -> list[Segment]:
    run: list[_Glyph] = []
    found: list[Segment] = []
    for glyph in glyphs:
        if run and not _goes_on(run, glyph):
            found.append(_segment(run))
            run = []
        run.append(glyph)
    if run:
        found.append(_segment(run))
    return _merged(found)


def _goes_on(run: Sequence[_Glyph], glyph: _Glyph) -> bool:
    last = run[-1]
    if glyph.box == last.box:
        return True  # another letter of a ligature
    size = max(last.size, glyph.size)
    near = abs(glyph.base - last.base) < 0.2 * size
    # A raised or lowered sign is smaller than what it stands at.
    shifted = min(last.size, glyph.size) < 0.85 * size and abs(glyph.base - last.base) < 0.65 * size
    gap = glyph.box.left - last.box.right
    return (near or shifted) and -0.6 * size < gap < SEGMENT_GAP * size


def _segment(run: Sequence[_Glyph]) -> Segment:
    size = statistics.median_high(sorted(glyph.size for glyph in run))
    base = statistics.median_low(sorted(glyph.base for glyph in run if glyph.size >= 0.85 * size) or [run[0].base])
    parts: list[str] = []
    box, place = run[0].box, run[0].place
    before: _Glyph | None = None
    for glyph in run:
        gap = glyph.box.left - before.box.right if before else 0.0
        if before and ((glyph.spaced and gap > 0.05 * size) or gap > WORD_GAP * size):
            parts.append(" ")
        raised = glyph.size < 0.85 * size and glyph.base - base > 0.15 * size
        # A raised letter behind a name is the sign of a note, as of whom an author works for.
        if not (raised and glyph.char in NOTE_LETTERS and NAME_END.search("".join(parts[-NAME:]))):
            parts.append(glyph.char.translate(SUPERSCRIPTS) if raised else glyph.char)
        box, place, before = box.around(glyph.box), place.around(glyph.place), glyph
    words = LEADER.sub(" … ", "".join(parts)).strip()
    letters = [glyph for glyph in run if glyph.char.isalnum()]
    bold = bool(letters) and all(glyph.bold for glyph in letters)
    return Segment(words, box, place, size, base, bold)


def _merged(segments: list[Segment]) -> list[Segment]:
    """Segments of one baseline that meet, whatever the order in which the file draws them; none is said twice."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda one: (-one.base, one.box.left)):
        if rows and abs(rows[-1][0].base - segment.base) < 0.2 * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    found: list[Segment] = []
    for row in rows:
        kept: list[Segment] = []
        for segment in sorted(row, key=lambda one: one.box.left):
            gap = segment.box.left - kept[-1].box.right if kept else math.inf
            if (
                kept
                and kept[-1].text == segment.text
                and abs(kept[-1].box.left - segment.box.left) < 0.2 * segment.size
            ):
                continue  # drawn twice, a little apart, to look bold
            if -0.3 * segment.size < gap < 0.5 * segment.size:
                kept[-1] = _joined([kept[-1], segment], " " if gap > 0.12 * segment.size else "")
            else:
                kept.append(segment)
        found += kept
    return found


def _joined(parts: Sequence[Segment], between: str) -> Segment:
    box, place = parts[0].box, parts[0].place
    for part in parts[1:]:
        box, place = box.around(part.box), place.around(part.place)
    longest = max(parts, key=lambda one: len(one.text))
    bold = all(part.bold for part in parts)
    return Segment(between.join(part.text for part in parts), box, place, longest.size, longest.base, bold)


# --- segments to lines in reading order -----------------------------------------------------------------------


def bands(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments that stand beside one another, from top to bottom."""
    found: list[list[Segment]] = []
    low = math.inf
    for segment in sorted(segments, key=lambda one: -_top(one)):
        if found and _top(segment) > low:
            found[-1].append(segment)
            low = min(low, segment.base)
        else:
            found.append([segment])
            low = segment.base
    for band in found:
        band.sort(key=lambda one: one.box.left)
    return found


def _top(segment: Segment) -> float:
    return segment.base + 0.45 * segment.size


class _Layout:
    def __init__(self, rules: Sequence[tuple[float, float, float]] = (), known: Sequence[float] = ()) -> None:
        self.rules = rules
        self.known = known
        self.items: list[Line | Table] = []
        self.columns = 0
        self.splits: list[tuple[float, int]] = []

    def order(self, segments: Sequence[Segment], depth: int = 0) -> None:
        text: list[list[Segment]] = []
        width = _width(segments)
        for part, x in self._known_columns(bands(segments), depth):
            if x is not None:
                self.lines(text)
                text = []
                self._split(part, x, depth)
                continue
            for run, gutters in _band_runs(part):
                together = [segment for band in run for segment in band]
                split = next((x for x in gutters if depth < 8 and self._columns(together, x)), None)
                if split is None and not (gutters and self._is_table(run, sorted(gutters), width)):
                    text += run
                    continue
                self.lines(text)
                text = []
                if split is not None:
                    self.splits.append((split, len(run)))
                    self._split(run, split, depth)
                else:
                    self.table(run, sorted(gutters))
        self.lines(text)

    def _split(self, run: Sequence[Sequence[Segment]], x: float, depth: int) -> None:
        together = [segment for band in run for segment in band]
        self.order([one for one in together if _middle(one) < x], depth + 1)
        self.order([one for one in together if _middle(one) >= x], depth + 1)

    def _known_columns(
        self, rows: Sequence[list[Segment]], depth: int
    ) -> Iterator[tuple[list[list[Segment]], float | None]]:
        """The bands in parts, each with the known gutter that parts it in columns, one of them running text."""
        for x in self.known if depth < 8 else ():
            crossed = [any(_crosses(one, x) for one in band) for band in rows]
            parts = [
                (not across, [band for _, band in part])
                for across, part in itertools.groupby(zip(crossed, rows, strict=True), lambda pair: pair[0])
            ]
            columns = [found and self._columns([one for band in part for one in band], x, any) for found, part in parts]
            if any(columns):
                for split, (_, part) in zip(columns, parts, strict=True):
                    if split:
                        yield part, x
                    else:
                        yield from self._known_columns(part, depth + 1)
                return
        yield list(rows), None

    def _columns(self, segments: Sequence[Segment], x: float, sides: Callable[[Iterable[bool]], bool] = all) -> bool:
        """Whether both sides of a gutter are running text, or any of two that have something."""
        parts = [[one for one in segments if (_middle(one) < x) == left] for left in (True, False)]
        return all(parts) and sides(_is_prose(part) for part in parts)

    def _is_table(self, run: Sequence[Sequence[Segment]], gutters: Sequence[float], width: float) -> bool:
        grid = [_cells(band, gutters) for band in run]
        if sum(sum(cell is not None for cell in cells) > 1 for cells in grid) < 2:
            return False
        markers = [cells[0] for cells in grid if cells[0]]
        if markers and all(MARKER.fullmatch(cell.text) for cell in markers) and len(gutters) == 1:
            return False  # a list, its signs or numbers set apart
        # White that runs through a few lines of text by chance makes no table of them.
        return statistics.median(_ink(band) for band in run) < 0.8 * width

    def lines(self, run: Sequence[Sequence[Segment]]) -> None:
        if not run:
            return
        self.columns += 1
        left = min(segment.box.left for band in run for segment in band)
        right = max(segment.box.right for band in run for segment in band)
        for band in run:
            one = _joined(band, " ")
            self.items.append(
                Line(one.text, one.box, one.place, one.size, one.base, one.bold, self.columns, left, right)
            )

    def table(self, run: Sequence[Sequence[Segment]], gutters: Sequence[float]) -> None:
        grid = [_cells(band, gutters) for band in run]
        self.columns += 1
        bases = [max(one.base for one in band) for band in run]
        steps = [a - b for a, b in itertools.pairwise(bases)]
        pitch = statistics.median(steps) if steps else 0.0
        ruled = self._ruled(run, grid, bases)
        rows: list[list[Segment | None]] = []
        for i, cells in enumerate(grid):
            step = steps[i - 1] if i else math.inf
            size = run[i][0].size
            goes_on = (
                ruled[i] == ruled[i - 1] if ruled else (cells[0] is None and step < 1.7 * size) or step < 0.75 * pitch
            )
            if rows and (goes_on or _is_label_wrapped(rows[-1], cells, step, size)):
                rows[-1] = [_both(a, b) for a, b in zip(rows[-1], cells, strict=True)]
            else:
                rows.append(cells)
        bold = all(cell.bold for cell in rows[0] if cell)
        self.items.append(Table([[(c.text, c.place) if c else ("", None) for c in row] for row in rows], bold))

    def _ruled(
        self, run: Sequence[Sequence[Segment]], grid: Sequence[Sequence[Segment | None]], bases: Sequence[float]
    ) -> list[int]:
        """For each band the row that it stands in, where lines are drawn between all rows; else nothing."""
        left = min(one.box.left for band in run for one in band)
        right = max(one.box.right for band in run for one in band)
        widths: dict[int, float] = {}
        for y, start, end in self.rules:
            if bases[-1] < y < bases[0]:
                widths[round(y)] = widths.get(round(y), 0.0) + max(0.0, min(end, right) - max(start, left))
        heights = [y for y, width in widths.items() if width > 0.5 * (right - left)]
        found = [sum(y > base for y in heights) for base in bases]
        firsts = [row for row, cells in zip(found, grid, strict=True) if cells[0] is not None]
        # Lines that only part groups of rows, or the head from the rest, tell nothing of the rows.
        return found if len(set(found)) > 2 and len(set(firsts)) == len(firsts) else []


def _is_label_wrapped(
    before: Sequence[Segment | None], cells: Sequence[Segment | None], step: float, size: float
) -> bool:
    """Whether a row's label began on the line above, where nothing else stands."""
    label, rest = cells[0], cells[1:]
    alone = before[0] is not None and not any(before[1:])
    return alone and label is not None and label.text[:1].islower() and any(rest) and step < 1.7 * size


def _both(first: Segment | None, second: Segment | None) -> Segment | None:
    if first is None or second is None:
        return first or second
    if first.text.endswith("-") and second.text[:1].islower():
        first.text = first.text[:-1]
        return _joined([first, second], "")
    return _joined([first, second], " ")


def _cells(band: Sequence[Segment], gutters: Sequence[float]) -> list[Segment | None]:
    parts: list[list[Segment]] = [[] for _ in range(len(gutters) + 1)]
    for segment in band:
        parts[sum(_middle(segment) >= x for x in gutters)].append(segment)
    return [_joined(part, " ") if part else None for part in parts]


def _crosses(segment: Segment, x: float) -> bool:
    return segment.box.left < x - 1 and segment.box.right > x + 1


def _middle(segment: Segment) -> float:
    return (segment.box.left + segment.box.right) / 2


def _ink(band: Sequence[Segment]) -> float:
    return sum(segment.box.right - segment.box.left for segment in band)


def _width(segments: Sequence[Segment]) -> float:
    return max((s.box.right for s in segments), default=0.0) - min((s.box.left for s in segments), default=0.0)


def _is_open(run: Sequence[Sequence[Segment]]) -> bool:
    """Whether bands are as white as those of a table."""
    width = _width([segment for band in run for segment in band])
    return statistics.median(_ink(band) for band in run) < 0.7 * width


def _is_prose(segments: Sequence[Segment]) -> bool:
    rows = bands(segments)
    if len(rows) < 3:
        return False
    width = _width(segments)
    ink = [_ink(row) / width for row in rows if width > 0]
    # The cells of a wide table fill a line too, each of them with little.
    length = statistics.median(sum(len(s.text) for s in row) / len(row) for row in rows)
    return bool(ink) and statistics.median(ink) >= INK and length >= PROSE_CHARACTERS


Free = list[tuple[float, float]]


def _free(band: Sequence[Segment]) -> Free:
    """The parts of the page's width that a band leaves white."""
    found, at = [], -math.inf
    for segment in band:
        if segment.box.left > at:
            found.append((at, segment.box.left))
        at = max(at, segment.box.right)
    return [*found, (at, math.inf)]


def _shared(first: Free, second: Free, least: float) -> Free:
    found = []
    i = j = 0
    while i < len(first) and j < len(second):
        left, right = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if right - left >= least:
            found.append((left, right))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found


def _inner(free: Free) -> Free:
    return [(left, right) for left, right in free if left > -math.inf and right < math.inf]


def _band_runs(rows: Sequence[list[Segment]]) -> Iterator[tuple[list[list[Segment]], list[float]]]:
    """Runs of bands with the gutters that all bands of a run leave white, the widest first; none where it has none."""
    run: list[list[Segment]] = []
    free: Free = [(-math.inf, math.inf)]
    for band in rows:
        least = GUTTER * max(segment.size for segment in band)
        own = _free(band)
        shared = _shared(free, own, least)
        had, has = bool(_inner(free)), bool(_inner([gap for gap in own if gap[1] - gap[0] >= least]))
        # A line of text behind a table crosses some of its gutters, or stands well below it.
        lost = any(not _shared([gap], shared, 0) for gap in _inner(free))
        crosses = len(run) > 1 and lost and (len(band) == 1 or _is_open(run))
        steps = [a[0].base - b[0].base for a, b in itertools.pairwise(run)]
        far = max(3 * band[0].size, 2.2 * max(steps, default=0.0))
        below = had and len(band) == 1 and run[-1][0].base - band[0].base > far
        # Text goes on as text and columns as columns; where one begins or ends, so does a run.
        if run and (bool(_inner(shared)) != had or (has and not _inner(shared)) or crosses or below):
            # The first lines of a right column can stand above all of the left one's.
            moved: list[list[Segment]] = []
            if not had and has:
                edge = min(left for left, _ in _inner(own))
                while run and all(one.box.left > edge for one in run[-1]) and len(run) > 0:
                    moved.insert(0, run.pop())
            if run:
                yield run, _gutters(free, run)
            run, free = moved, [(-math.inf, math.inf)]
            for one in moved:
                free = _shared(free, _free(one), least)
            shared = _shared(free, own, least)
        run.append(band)
        free = shared
    if run:
        yield run, _gutters(free, run)


def _gutters(free: Free, run: Sequence[Sequence[Segment]]) -> list[float]:
    boxes = [segment.box for band in run for segment in band]
    gaps = [
        (left, right)
        for left, right in free
        if any(box.right <= left + 0.01 for box in boxes) and any(box.left >= right - 0.01 for box in boxes)
    ]
    return [(left + right) / 2 for left, right in sorted(gaps, key=lambda gap: gap[0] - gap[1])]


def gutters_of(pages: Sequence[Page]) -> list[float]:
    """Where the columns of a file are parted: with running text on both sides for a good part of all its lines."""
    splits: list[tuple[float, int]] = []
    total = 0
    for page in pages:
        layout = _Layout(page.rules)
        layout.order(page.segments)
        splits += layout.splits
        total += len(bands(page.segments))
    found: list[tuple[float, int]] = []
    for x, lines in sorted(splits):
        if found and x - found[-1][0] < NEAR:
            found[-1] = (found[-1][0], found[-1][1] + lines)
        else:
            found.append((x, lines))
    return [x for x, lines in found if lines >= max(KNOWN_LINES, KNOWN_SHARE * total)]


def ordered(page: Page, gutters: Sequence[float] = ()) -> list[Line | Table]:
    """The lines and tables of a page as one reads them; ``gutters`` are those of the file's columns."""
    layout = _Layout(page.rules, gutters)
    layout.order(page.segments)
    return layout.items
