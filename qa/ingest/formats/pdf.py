"""PDF, by pypdfium2: paragraphs rebuilt over lines, columns and pages, with page and box of every line.

Running heads and feet and page numbers are no part of the text: what recurs at one place of several pages. What only
they say ("Revised: May 2016") is said once, at its end. A hyphen where a line
ends is resolved, and a footnote's sign goes where the note is on the page. Rows of tables read with their column heads.
"""

import functools
import io
import itertools
import re
import statistics
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from qa.errors import SourceError
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.pdf_page import (
    BULLETS,
    SUPERSCRIPTS,
    Box,
    Line,
    Page,
    Segment,
    Table,
    bands,
    gutters_of,
    ordered,
    read_page,
)
from qa.ingest.formats.prose import is_compound, words_of
from qa.ingest.formats.writer import Piece, Writer, clean, names_columns

PAGES = 5000
"""The most pages that are read."""
MARGIN = 0.15
"""Of a page's height, at the top and at the bottom, where heads and feet are looked for."""
EDGE = 0.08
APART = 1.8
"""In the margin, what stands nearer to the edge than this or so many sizes from the text is looked at."""
MARGIN_BANDS = 3
LARGER = 1.12
"""A heading's size over that of the text."""
HEADING_WORDS = 25
BOLD_WORDS = 14
ERRORS = {3: "damaged: not a PDF that can be opened", 4: "encrypted; save it without a password", 5: "encrypted"}
GENERIC_TITLE = re.compile(
    r"\W*|(?:microsoft (?:word|powerpoint)|untitled|title|document\d*|slide \d+)\b.*"
    r"|.*\.(?:docx?|rtf|tex|dvi|indd|qx[dp]|pptx?|pdf|html?|xlsx?)",
    re.IGNORECASE,
)
ENDS = re.compile(r"[.!?:;…][\"'”’»)\]⁰¹²³⁴-⁹*†]*\Z")
NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\[\d{1,3}\])\s+\S")
LEADERS = re.compile(r"…|\.\.|\s\.")
"""The dots between the label of a row and its first cell."""
CONTENTS = re.compile(r" … [\divxl]{1,5}\Z")
"""How a line of a table of contents ends."""
HYPHEN = re.compile(r"[^\W\d_][-\u2010\u00ad]\Z")
NOTE = re.compile(r"([⁰¹²³⁴-⁹]+|[*†‡§]|\[?\d{1,2}[.\])]?)\s*(?=[\w\"“‘'(])")
SIGN = re.compile(r"[⁰¹²³⁴-⁹]+|\d{1,2}|[*†‡§]")
ROMAN = re.compile(r"(?:\A|(?<=\s))[ivxlc]{1,7}(?=\s|\Z)")
NOTE_WORDS = 8
"""How many words in front of a footnote's sign are said with the footnote."""
PAGE_NUMBER = re.compile(r"[^\w]*(?:(?:page|seite|p\.|s\.)\s*)?#[^\w]*(?:(?:of|/|von|de)\s*\d+[^\w]*)?")


def without_leaders(text: str) -> str:
    """A cell without the dots that lead from it to the next.

    >>> without_leaders("Arson . . ."), without_leaders("Weapons, etc.")
    ('Arson', 'Weapons, etc.')
    """
    kept = text.rstrip(" .…")
    return kept if LEADERS.search(text[len(kept) :]) else text


_LOCK = threading.Lock()
"""pdfium keeps state of its own: one file at a time."""


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``."""
    with _LOCK:
        pages, stated, count = _pages(data)
    if not any(page.segments for page in pages):
        scans = sum(page.pictures for page in pages)
        if scans:
            raise SourceError(f"{scans} scanned page{'s' * (scans != 1)} without text")
        raise SourceError("no text in it")
    furniture = _drop_furniture(pages)
    gutters = gutters_of(pages)
    builder = _Builder([ordered(page, gutters) for page in pages])
    scanned = [str(number) for number, page in enumerate(pages, 1) if page.pictures]
    notes = []
    if scanned:
        shown = ", ".join(scanned[:10]) + (", …" if len(scanned) > 10 else "")
        notes.append(f"scanned without text: p. {shown}")
    if count > len(pages):
        notes.append(f"only the first {len(pages)} of {count} pages are read")
    return builder.layout(stated, "; ".join(notes) or None, furniture)


def _pages(data: bytes) -> tuple[list[Page], str | None, int]:
    """The pages' segments, the title that the file states, and how many pages it has."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SourceError(ERRORS.get(getattr(error, "err_code", None) or 3, ERRORS[3])) from error
    try:
        count = len(document)
        pages: list[Page] = []
        broken = 0
        for number in range(min(count, PAGES)):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:
                broken += 1
                pages.append(Page([], 0, 0, False))
                continue
            try:
                pages.append(read_page(page))
            finally:
                page.close()
        if count == 0 or broken == len(pages):
            raise SourceError("damaged: no page of it can be read")
        title = " ".join(clean(document.get_metadata_value("Title")).split())
        return pages, None if GENERIC_TITLE.fullmatch(title) else title, count
    except pypdfium2.PdfiumError as error:
        raise SourceError("damaged: a page of it cannot be read") from error
    finally:
        document.close()


# --- running heads and feet -----------------------------------------------------------------------------------


def _drop_furniture(pages: Sequence[Page]) -> list[Piece]:
    """Take out what recurs in the margins: the same words, or the same but for a number that counts the pages.

    Returns what was taken out, where it stands first; of what differs in numbers alone the first.
    """
    dropped: dict[str, Piece] = {}
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    margins = [list(_margin_bands(page)) for page in pages]
    for number, found in enumerate(margins):
        for band in found:
            for key in _keys(band, number):
                seen[key].add(number)
    for number, (page, found) in enumerate(zip(pages, margins, strict=True)):
        gone: set[int] = set()
        for band in found:
            if (
                any(
                    len(seen[(text, y)] | seen[(text, y - 1)] | seen[(text, y + 1)]) > 1
                    for text, y in _keys(band, number)
                )
                or _is_page_number(band, number)
                or _is_misread(number, band, margins)
            ):
                gone |= {id(segment) for segment in band}
                text = clean(" ".join(segment.text for segment in band))
                box = functools.reduce(Box.around, (segment.place for segment in band))
                dropped.setdefault(re.sub(r"\d+", "#", text.casefold()), (text, _at(number + 1, box)))
        if gone:
            page.segments = [segment for segment in page.segments if id(segment) not in gone]
    return [piece for text, piece in dropped.items() if " " in _words(text)]


def _margin_bands(page: Page) -> Iterator[list[Segment]]:
    """The first and last bands of a page, as far as they stand at its edge or apart from the text."""
    height = page.top - page.bottom
    rows = bands(page.segments)
    for side in (rows[:MARGIN_BANDS], rows[: -MARGIN_BANDS - 1 : -1]):
        found: list[list[Segment]] = []
        apart = 0
        for i, band in enumerate(side):
            edge = min(page.top - band[0].base, band[0].base - page.bottom) / height
            if edge > MARGIN:
                break
            found.append(band)
            inner = side[i + 1] if i + 1 < len(side) else None
            if edge < EDGE or inner is None or abs(band[0].base - inner[0].base) > APART * band[0].size:
                apart = len(found)
        # The heads of a table that fills its pages recur too, close above its rows.
        yield from found[:apart]


def _keys(band: Sequence[Segment], page: int) -> list[tuple[str, int]]:
    """The words of a band at their height: as they stand, and with each number as its distance from the page's."""
    text = " ".join(segment.text for segment in band).casefold()
    y = round(band[0].base / 4)
    keys = [(text, y)] if re.search(r"[^\W\d_]{2}", text) else []
    for match in re.finditer(r"\d{1,4}", text):
        # Where left and right pages mirror one another, the number is before or behind the words.
        rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
        keys.append((f"{rest} #{int(match[0]) - page}", y))
    for match in ROMAN.finditer(text):
        keys.append((text[: match.start()] + f"roman#{_roman(match[0]) - page}" + text[match.end() :], y))
    return keys


def _is_misread(page: int, band: Sequence[Segment], margins: Sequence[Sequence[Sequence[Segment]]]) -> bool:
    """Whether a page next to it has almost the same words at the same height, with the number that counts its page."""
    own = [(key.rpartition(" #"), y) for key, y in _keys(band, page) if " #" in key]
    for other in (page - 1, page + 1):
        for beside in margins[other] if 0 <= other < len(margins) else ():
            for key, height in _keys(beside, other):
                words, sign, count = key.rpartition(" #")
                if any(
                    sign and count == mine[2] and abs(height - y) <= 1 and _are_near(words, mine[0]) for mine, y in own
                ):
                    return True
    return False


def _are_near(first: str, second: str) -> bool:
    """Whether a scanner's reading of words may be that of the others."""
    return len(first) > 6 and SequenceMatcher(None, first, second).ratio() >= 0.85


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _is_page_number(band: Sequence[Segment], page: int) -> bool:
    """Whether a band says the number of its page and nothing else, as on the only page of its kind."""
    text = " ".join(segment.text for segment in band).casefold()
    if re.fullmatch(r"[^\w]*[ivxl]{1,7}[^\w]*", text):
        return True
    return PAGE_NUMBER.fullmatch(re.sub(rf"\b{page + 1}\b", "#", text, count=1)) is not None


# --- lines to paragraphs --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Paragraph:
    lines: list[tuple[int, Line]] = field(default_factory=list)
    foot: bool = False
    """Whether it stands below the text of its page."""
    about: str | None = None
    """The words before the sign of the note that it is."""

    @property
    def text(self) -> str:
        return " ".join(line.text for _, line in self.lines)


@dataclass(slots=True)
class _Rows:
    page: int
    table: Table


class _Builder:
    """Takes the pages' items in order; what stands between the parts of an open sentence waits until its end."""

    def __init__(self, pages: Sequence[Sequence[Line | Table]]) -> None:
        lines = [item for items in pages for item in items if isinstance(item, Line)]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
        self.body = sizes.most_common(1)[0][0] if sizes else 10.0
        steps = [
            (a.base - b.base) / a.size
            for a, b in itertools.pairwise(lines)
            if a.column == b.column and abs(a.size - b.size) < 0.5 and 0 < a.base - b.base < 3 * a.size
        ]
        self.leading = statistics.median(steps) if steps else 1.2
        self.words = words_of("\n".join(line.text for line in lines))
        self.done: list[_Paragraph | _Rows] = []
        self.open: _Paragraph | None = None
        self.waiting: list[_Paragraph | _Rows] = []
        for page, items in enumerate(pages, 1):
            body, notes = self._split_notes(page, items)
            for item in body:
                if isinstance(item, Line):
                    self._line(page, item)
                else:
                    self._aside(_Rows(page, item))
            for note in notes:
                self._aside(note)
        self._close()

    def _aside(self, item: "_Paragraph | _Rows") -> None:
        if self.open is not None and not ENDS.search(self.open.text) and not self._is_heading(self.open):
            self.waiting.append(item)
        else:
            self._close()
            self.done.append(item)

    def _close(self) -> None:
        if self.open is not None:
            self.done.append(self.open)
        self.open = None
        self.done += self.waiting
        self.waiting = []

    def _line(self, page: int, line: Line) -> None:
        if self.open is None:
            self.open = _Paragraph([(page, line)])
        elif self._breaks(self.open, page, line):
            self._close()
            self.open = _Paragraph([(page, line)])
        else:
            self.open.lines.append((page, line))

    def _breaks(self, paragraph: _Paragraph, page: int, line: Line) -> bool:
        """Whether a line begins a paragraph of its own."""
        last_page, last = paragraph.lines[-1]
        size = max(line.size, last.size)
        if CONTENTS.search(last.text):
            return True
        ended = ENDS.search(last.text) is not None
        if line.text[:1] in BULLETS and len(line.text) > 1 and (ended or line.text[1:2] == " "):
            return True
        if NUMBERED.match(line.text) and (ended or NUMBERED.match(paragraph.lines[0][1].text)):
            return True
        first = line.text[:1]
        if abs(line.size - last.size) > 0.08 * size and (ended or first.isdigit() or first.isupper()):
            return True
        if abs(line.size - last.size) > 0.25 * size:
            return True
        if line.bold != last.bold and (last.bold or ended) and not line.text[:1].islower():
            return True
        width = max(last.right - last.left, 1.0)
        short = last.box.right < last.right - max(0.12 * width, 2 * size)
        if page != last_page or line.column != last.column:
            return (
                ended
                or self._is_heading(paragraph)
                or (short and not line.text[:1].islower() and not HYPHEN.search(last.text))
            )
        if last.base - line.base > max(1.3 * self.leading, self.leading + 0.25) * size:
            return True
        if short and ended:
            return True
        indent, before = line.box.left - line.left, last.box.left - last.left
        if ended and indent > 0.8 * size and indent - before > 0.8 * size:
            return True
        # A hanging indent: the next entry begins left of where this one went on.
        return ended and len(paragraph.lines) > 1 and before - indent > 0.8 * size

    def _split_notes(self, page: int, items: Sequence[Line | Table]) -> tuple[list[Line | Table], list[_Paragraph]]:
        """The items of a page without its footnotes, and these; their signs are taken out of the text."""
        body: list[Line | Table] = []
        notes: list[_Paragraph] = []
        lowest = min((i.base for i in items if isinstance(i, Line) and i.size > 0.93 * self.body), default=0.0)
        noted: set[int] = set()
        for i, item in enumerate(items):
            if not isinstance(item, Line) or item.size >= 0.93 * self.body:
                body.append(item)
                continue
            following = items[i + 1] if i + 1 < len(items) else None
            if SIGN.fullmatch(item.text) and isinstance(following, Line) and _is_beside(item, following):
                following.text = f"{item.text} {following.text}"  # the sign alone, raised above the note's first line
                continue
            low = self._stands_low(item, items)
            if low and (NOTE.match(item.text) or self._stands_apart(item, items)):
                notes.append(_Paragraph([(page, item)], foot=True))
                noted.add(item.column)
            elif notes and notes[-1].lines[-1][1].base > item.base and (item.column in noted or item.base < lowest):
                notes[-1].lines.append((page, item))
            else:
                body.append(item)
        for note in notes:
            match = NOTE.match(note.text)
            sign = match[1].translate(SUPERSCRIPTS) if match else ""
            if match is None or not re.fullmatch(r"[⁰¹²³⁴-⁹]+|[*†‡§]", sign):
                continue
            for item in body:
                if not isinstance(item, Line):
                    continue
                if found := re.search(rf"(?<=\S){re.escape(sign)}(?![⁰¹²³⁴-⁹])", item.text):
                    note.about = note.about or " ".join(item.text[: found.start()].split()[-NOTE_WORDS:])
                    item.text = item.text[: found.start()] + item.text[found.end() :]
            if note.about:
                first = note.lines[0][1]
                first.text = first.text[match.end() :]
        return body, notes

    def _stands_low(self, line: Line, items: Sequence[Line | Table]) -> bool:
        """Whether nothing of the text's size stands below a line in its column."""
        return not any(
            isinstance(other, Line)
            and other.base < line.base
            and other.size > 0.93 * self.body
            and other.box.left < line.box.right
            and line.box.left < other.box.right
            for other in items
        )

    def _stands_apart(self, line: Line, items: Sequence[Line | Table]) -> bool:
        """Whether a line below the text stands further from what is above it than lines of a paragraph do."""
        above = [other.base for other in items if isinstance(other, Line) and other.base > line.base]
        tables = any(isinstance(other, Table) for other in items)
        return not tables and bool(above) and min(above) - line.base > 1.5 * self.leading * self.body

    def _is_heading(self, paragraph: _Paragraph) -> bool:
        if paragraph.foot:
            return False
        text, first = paragraph.text, paragraph.lines[0][1]
        words = len(text.split())
        if not re.search(r"[^\W\d_]", text) or words > HEADING_WORDS or CONTENTS.search(text):
            return False
        if first.size >= LARGER * self.body:
            return len(paragraph.lines) <= 4
        bold = all(line.bold for _, line in paragraph.lines)
        return bold and words <= BOLD_WORDS and len(paragraph.lines) <= 2 and text[-1] not in ".,;:"

    # --- paragraphs to text -----------------------------------------------------------------------------------

    def layout(self, stated: str | None, note: str | None, furniture: Sequence[Piece] = ()) -> Layout:
        """The text with its elements and places; ``furniture`` is what its margins say, of which the new is added."""
        heads = [
            one
            for one, before, following in zip(self.done, [None, *self.done], [*self.done[1:], None], strict=False)
            if isinstance(one, _Paragraph) and self._is_heading(one) and not _is_listed(one, before, following)
        ]
        largest = max(
            (one for one in heads if one.lines[0][0] == 1 and one.lines[0][1].size >= LARGER * self.body),
            key=lambda one: one.lines[0][1].size,
            default=None,
        )
        title = stated
        if largest is not None and stated is None:
            title = clean("".join(text for text, _ in self._pieces(largest)))
        sizes = sorted({_rounded(one) for one in heads if one is not largest}, reverse=True)
        writer = Writer()
        columns: Sequence[str] = ()
        for item in self.done:
            if isinstance(item, _Rows):
                columns = self._table(writer, item, columns)
                continue
            pieces = self._pieces(item)
            if item in heads:
                level = 1 if item is largest else min(2 + sizes.index(_rounded(item)), 6)
                writer.add("heading", pieces, level)
            elif item.lines[0][1].text[:1] in BULLETS:
                words, at = pieces[0]
                pieces[0] = (words.lstrip(BULLETS + " "), at)
                writer.add("item", pieces)
            else:
                writer.add("paragraph", pieces, cue=f"Note on: {item.about}" if item.about else None)
            if len(item.text.split()) > HEADING_WORDS or item in heads:
                columns = ()
        said = [_words(writer.text)]
        for piece in furniture:
            told = _words(piece[0])
            if told not in said[0] and not any(_are_near(told, other) for other in said[1:]):
                writer.add("paragraph", [piece])
                said.append(told)
        return writer.layout(title, note)

    def _pieces(self, paragraph: _Paragraph) -> list[Piece]:
        """The lines of a paragraph as they join, with page and box of each."""
        pieces: list[Piece] = []
        lines = paragraph.lines
        for i, (page, line) in enumerate(lines):
            text = line.text.strip()
            following = lines[i + 1][1].text.strip() if i + 1 < len(lines) else ""
            if following and HYPHEN.search(text):
                text = text[:-1] if self._is_split(text, following) else text[:-1] + "-"
            elif following and (text.endswith(" -") or not text.endswith(("-", "—", "/"))):
                text += " "
            pieces.append((clean(text), _at(page, line.place)))
        return pieces

    def _is_split(self, text: str, following: str) -> bool:
        """Whether the hyphen where a line ends only parts a word: as the rest of the file writes it, else so."""
        first = re.split(r"[\W\d_]", text[:-1])[-1] if text[-1:] in ("-", "\u2010", "\u00ad") else ""
        second = re.match(r"[^\W\d_]+", following)
        if not first or second is None or not second[0][0].islower():
            return False
        return not is_compound(first.lower(), second[0].lower(), self.words)

    def _table(self, writer: Writer, item: _Rows, columns: Sequence[str]) -> Sequence[str]:
        """Write a table's rows; returns the heads of its columns, for it may go on on the next page."""
        rows = [[(without_leaders(clean(text)), box) for text, box in row] for row in item.table.rows]
        rows = _under_groups(rows)
        texts = [[text for text, _ in row] for row in rows]
        if len(columns) == len(texts[0]):
            if list(columns) == texts[0]:
                rows = rows[1:]
        elif names_columns(texts) or (item.table.bold and len(texts) > 1):
            heads, columns, rows = rows[0], texts[0], rows[1:]
            # A head without a value below it may be none: no more than such a row says it.
            if any(text and not any(row[i] for row in texts[1:]) for i, text in enumerate(columns)):
                writer.row(_cells(item.page, heads))
        else:
            columns = ()
        for row in rows:
            writer.row(_cells(item.page, row), columns)
        return columns


def _cells(page: int, row: Sequence[tuple[str, Box | None]]) -> list[Piece]:
    """The cells of a row with their places."""
    return [(text, _at(page, box) if box else None) for text, box in row]


def _words(text: str) -> str:
    """The words of a text without its numbers, for comparing."""
    return " ".join(re.findall(r"[^\W\d_]{2,}", text.casefold()))


def _under_groups(rows: list[list[tuple[str, Box | None]]]) -> list[list[tuple[str, Box | None]]]:
    """A table whose heads stand under those of groups of columns ("Male": "Total", "Under 18"), with both in one row.

    The second row of such a table says the same words again in every group, none of them a number.
    """
    if len(rows) < 3:
        return rows
    groups, heads = rows[0], rows[1]
    named = [text for text, _ in heads[1:] if text]
    middles = [((box.left + box.right) / 2, text) for text, box in groups if text and box]
    if len(set(named)) == len(named) and not groups[0][0] and 0 < len(middles) < len(named):
        # The first lines of heads over several lines.
        above = [(f"{a} {b}".strip(), place) for (a, _), (b, place) in zip(groups, heads, strict=True)]
        wordy = not any(re.search(r"\d", text) for text, _ in above)
        return [above, *rows[2:]] if wordy and any(re.search(r"\d", text) for text, _ in rows[2][1:]) else rows
    if (
        len(set(named)) == len(named)
        or not 1 < len(middles) < len(named)
        or any(not re.search(r"[^\W\d_]", text) for text, _ in (*groups, *heads) if text)
        or not all(re.search(r"\d", text) for text, _ in rows[2][1:] if text and len(text) > 1)
    ):
        return rows
    joined = [heads[0]]
    for text, box in heads[1:]:
        if text and box:
            middle = (box.left + box.right) / 2
            group = min(middles, key=lambda one: abs(one[0] - middle))[1]
            joined.append((text if text == group else f"{group}, {text[:1].lower()}{text[1:]}", box))
        else:
            joined.append((text, box))
    return [joined, *rows[2:]]


def _is_beside(sign: Line, line: Line) -> bool:
    """Whether a line begins right behind a sign that is raised a little above it."""
    rise = sign.base - line.base
    return 0 <= rise < line.size and -line.size < line.box.left - sign.box.right < 2 * line.size


def _is_listed(paragraph: _Paragraph, *around: "_Paragraph | _Rows | None") -> bool:
    """Whether a line is the bold entry of a chapter in a table of contents: beside others, and with a page too."""
    beside = any(isinstance(one, _Paragraph) and CONTENTS.search(one.text) for one in around)
    return beside and re.search(r"\s[\divxl]{1,5}\Z", paragraph.text) is not None


def _rounded(paragraph: _Paragraph) -> float:
    return round(paragraph.lines[0][1].size * 2) / 2


def _at(page: int, box: Box) -> dict[str, Any]:
    return {"page": page, "box": [round(edge, 1) for edge in box]}


# --- a page as a picture --------------------------------------------------------------------------------------

SCALE = 2.0
"""Pixels a point."""
MOST_PIXELS = 4_000_000
TINT, EDGE_COLOUR = (245, 197, 66, 90), (122, 62, 29, 255)
"""Of the box on a page: red, green, blue, opacity."""


def page_image(data: bytes, number: int, box: Sequence[float] | None = None) -> bytes:
    """A page as PNG, ``number`` from 1, with a box (left, bottom, right, top in points) tinted on it.

    Raises ``SourceError`` for a file that is none and for a page that it has not.
    """
    import pypdfium2
    from PIL import Image, ImageDraw

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                if not 1 <= number <= len(document):
                    raise SourceError(f"it has no page {number}, only {len(document)}")
                page = document[number - 1]
                width, height = page.get_size()
                scale = min(SCALE, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
                bitmap = page.render(scale=scale)
                picture = bitmap.to_pil().convert("RGBA")
                if box is not None:
                    place = bitmap.get_posconv(page)
                    (a, b), (c, d) = place.to_bitmap(box[0], box[1]), place.to_bitmap(box[2], box[3])
                    corners = (min(a, c) - 3, min(b, d) - 3, max(a, c) + 3, max(b, d) + 3)
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            raise SourceError(ERRORS.get(getattr(error, "err_code", None) or 3, ERRORS[3])) from error
    if box is not None:
        sheet = Image.new("RGBA", picture.size)
        ImageDraw.Draw(sheet).rectangle(corners, fill=TINT, outline=EDGE_COLOUR, width=2)
        picture = Image.alpha_composite(picture, sheet)
    written = io.BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return written.getvalue()
