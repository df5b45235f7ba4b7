"""Word processor files, by python-docx: headings by style, lists, tables as rows, footnotes behind their paragraph."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from qa.errors import SourceError
from qa.ingest.formats.archive import open_zip, parse_xml, read_member
from qa.ingest.formats.layout import Layout
from qa.ingest.formats.writer import Piece, Writer, clean, names_columns

HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
NOTES = re.compile(r"/(?:footnotes|endnotes)\Z")
STRICT, USUAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
NOTE_WORDS = 8
"""How many words in front of a footnote's sign are said with the footnote."""
BOLD_HEADING_WORDS = 12
DEPTH = 8
"""The tables in tables that are read."""
GENERIC_TITLE = re.compile(r"(?:word document|document\d*|untitled.*|microsoft word\b.*)?", re.IGNORECASE)


def read(data: bytes) -> Layout:
    """See ``qa.ingest.formats``; ``paragraph`` counts the paragraphs with words, those in tables too."""
    archive = open_zip(data)
    names = archive.namelist()
    if "EncryptedPackage" in names or "[Content_Types].xml" not in names:
        raise SourceError("damaged: not a word processor's file")
    # python-docx unpacks everything: each part is held to its limit first.
    strict = STRICT in b"".join(read_member(archive, name) or b"" for name in names if name.endswith(".rels"))
    for name in names:
        read_member(archive, name)
    if strict:
        data = _transitional(archive)
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        document = Document(io.BytesIO(data))
        return _Reader(document).layout()
    except SourceError:
        raise
    except RecursionError as error:
        raise SourceError("nested too deeply") from error
    except (OpcError, KeyError, ValueError, AttributeError, TypeError, IndexError, OSError, SyntaxError) as error:
        # python-docx and lxml raise whatever a damaged part leads them to; lxml's own errors are SyntaxErrors.
        raise SourceError("damaged: not a word processor's file") from error


def _transitional(archive: zipfile.ZipFile) -> bytes:
    """A file in the standard's strict form with the names of the form that everyone writes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for name in archive.namelist():
            part = read_member(archive, name) or b""
            if name.endswith((".xml", ".rels")):
                for kind in (b"wordprocessingml", b"officeDocument", b"drawingml"):
                    part = part.replace(STRICT + kind + b"/", USUAL + kind + b"/2006/")
            copy.writestr(name, part)
    return written.getvalue()


class _Reader:
    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self.qn = qn
        self.document = document
        self.writer = Writer()
        self.styles = {style.style_id: style for style in document.styles}
        self.number = 0
        self.notes = dict(self._footnotes())
        self.title: str | None = None
        body = list(self._blocks(document.element.body))
        styled = any(self._level(element) for element in body if element.tag == qn("w:p"))
        for element in body:
            if element.tag == qn("w:p"):
                self._paragraph(element, bold_headings=not styled)
            else:
                self._table(element, 0)

    def layout(self) -> Layout:
        """What was read; the title is the title's paragraph, else the file's property, else the first heading."""
        if not self.writer.elements:
            raise SourceError("a file without text")
        stated = " ".join((self.document.core_properties.title or "").split())
        layout = self.writer.layout(None)
        first = next((layout.reads(e.span) for e in layout.elements if e.kind == "heading" and e.level <= 2), None)
        title = self.title or (None if GENERIC_TITLE.fullmatch(stated) else stated) or first
        return self.writer.layout(title)

    def _blocks(self, parent: Any) -> Iterator[Any]:
        """Paragraphs and tables in order, those in content controls and text boxes too."""
        for child in parent:
            if child.tag in (self.qn("w:p"), self.qn("w:tbl")):
                yield child
            elif child.tag == self.qn("w:sdt"):
                content = child.find(self.qn("w:sdtContent"))
                if content is not None:
                    yield from self._blocks(content)
            elif child.tag in (self.qn("w:ins"), self.qn("w:customXml")):
                yield from self._blocks(child)

    def _style(self, element: Any) -> Any:
        found = element.find(f"{self.qn('w:pPr')}/{self.qn('w:pStyle')}")
        if found is None:
            return None
        wanted = found.get(self.qn("w:val"))
        return self.styles.get(wanted)

    def _level(self, element: Any) -> int:
        """1 for a title, 2 and up for headings, 0 for anything else."""
        outline = element.find(f"{self.qn('w:pPr')}/{self.qn('w:outlineLvl')}")
        style, seen = self._style(element), 0
        while style is not None and seen < 10:
            name = style.name or ""
            if name.lower() == "title":
                return 1
            if match := HEADING.fullmatch(name):
                return min(int(match[1]) + 1, 6)
            if outline is None:
                outline = style.element.find(f"{self.qn('w:pPr')}/{self.qn('w:outlineLvl')}")
            style, seen = getattr(style, "base_style", None), seen + 1
        value = outline.get(self.qn("w:val")) if outline is not None else None
        level = _number(value)
        return min(level + 2, 6) if level is not None and level < 9 else 0

    def _is_item(self, element: Any) -> int | None:
        """The depth of a list's item from 0; None for what is none."""
        numbering = element.find(f"{self.qn('w:pPr')}/{self.qn('w:numPr')}")
        if numbering is not None:
            depth = numbering.find(self.qn("w:ilvl"))
            value = depth.get(self.qn("w:val")) if depth is not None else None
            return _number(value) or 0
        style = self._style(element)
        return 0 if style is not None and (style.name or "").lower().startswith("list") else None

    def _runs(self, element: Any) -> Iterator[tuple[str, str]]:
        """What is shown of a paragraph as ("text", words), and the footnotes that it names as ("note", id)."""
        for child in element:
            tag = child.tag
            if tag == self.qn("w:t"):
                yield "text", child.text or ""
            elif tag in (self.qn("w:tab"), self.qn("w:br"), self.qn("w:cr")):
                yield "text", " "
            elif tag == self.qn("w:noBreakHyphen"):
                yield "text", "-"
            elif tag in (self.qn("w:footnoteReference"), self.qn("w:endnoteReference")):
                yield "note", f"{tag}{child.get(self.qn('w:id'))}"
            elif tag in (self.qn("w:del"), self.qn("w:pPr"), self.qn("w:moveFrom"), self.qn("w:instrText")):
                continue
            elif isinstance(tag, str) and tag.endswith("}Fallback"):
                continue  # what a text box says a second time, for old readers
            elif tag == self.qn("w:r") and child.find(f"{self.qn('w:rPr')}/{self.qn('w:vanish')}") is not None:
                continue
            elif tag == self.qn("w:p"):
                yield from self._runs(child)
                yield "text", " "
            else:
                yield from self._runs(child)

    def _paragraph(self, element: Any, *, bold_headings: bool) -> None:
        words, notes = "", []
        for kind, value in self._runs(element):
            if kind == "text":
                words += value
            else:
                notes.append((" ".join(words.split()[-NOTE_WORDS:]), value))
        words = " ".join(clean(words).split())
        if not words:
            return
        self.number += 1
        at = {"paragraph": self.number}
        level, depth = self._level(element), self._is_item(element)
        if not level and depth is None and bold_headings and self._is_bold_line(element, words):
            level = 3
        if level == 1 and self.title is None:
            self.title = words
        if level:
            self.writer.add("heading", [(words, at)], level)
        elif depth is not None:
            self.writer.add("item", [(words, at)], depth)
        else:
            self.writer.add("paragraph", [(words, at)])
        for about, key in notes:
            if note := self.notes.get(key):
                self.writer.add("paragraph", [(note, at)], cue=f"Note on: {clean(about)}" if about else None)

    def _is_bold_line(self, element: Any, words: str) -> bool:
        if len(words.split()) > BOLD_HEADING_WORDS or words[-1] in ".,;:":
            return False
        runs = [run for run in element.iter(self.qn("w:r")) if "".join(run.itertext()).strip()]
        bold = [run.find(f"{self.qn('w:rPr')}/{self.qn('w:b')}") for run in runs]
        return bool(runs) and all(b is not None and b.get(self.qn("w:val")) not in ("0", "false") for b in bold)

    def _table(self, table: Any, depth: int) -> None:
        """A table's rows; a cell that spans rows is said in each, one that spans columns once."""
        if depth > DEPTH:
            return
        rows: list[list[str]] = []
        places: list[list[int]] = []
        above: list[str] = []
        for line in table.iter(self.qn("w:tr")):
            if line.getparent() is not table and not self._belongs(line, table):
                continue
            row: list[str] = []
            place: list[int] = []
            for cell in line.iter(self.qn("w:tc")):
                if not self._belongs(cell, line):
                    continue
                first = self.number + 1
                text = self._cell(cell)
                merge = cell.find(f"{self.qn('w:tcPr')}/{self.qn('w:vMerge')}")
                if (
                    merge is not None
                    and merge.get(self.qn("w:val")) != "restart"
                    and not text
                    and len(row) < len(above)
                ):
                    text, first = above[len(row)], places[-1][len(row)]
                row.append(text)
                place.append(first)
                span = cell.find(f"{self.qn('w:tcPr')}/{self.qn('w:gridSpan')}")
                value = span.get(self.qn("w:val")) if span is not None else None
                row += [""] * (min(_number(value) or 1, 64) - 1)
                place += [first] * (len(row) - len(place))
            rows.append(row)
            places.append(place)
            above = row
        self._write_rows(rows, places)

    def _belongs(self, element: Any, ancestor: Any) -> bool:
        """Whether no other table lies between an element and its ancestor."""
        parent = element.getparent()
        while parent is not None and parent is not ancestor:
            if parent.tag in (self.qn("w:tbl"), self.qn("w:tc")):
                return False
            parent = parent.getparent()
        return parent is ancestor

    def _cell(self, cell: Any) -> str:
        texts = []
        for paragraph in cell.iter(self.qn("w:p")):
            words = " ".join(clean("".join(v for kind, v in self._runs(paragraph) if kind == "text")).split())
            if words:
                self.number += 1
                texts.append(words)
        return " ".join(texts)

    def _write_rows(self, rows: Sequence[Sequence[str]], places: Sequence[Sequence[int]]) -> None:
        if all(len([cell for cell in row if cell]) <= 1 for row in rows):
            # One cell a row is a frame around text, not a table.
            for row, place in zip(rows, places, strict=True):
                if text := "".join(row):
                    self.writer.add("paragraph", [(text, {"paragraph": place[row.index(text)]})])
            return
        heads: Sequence[str] = rows[0] if names_columns(rows) else ()
        for row, place in list(zip(rows, places, strict=True))[1 if heads else 0 :]:
            cells: list[Piece] = [(cell, {"paragraph": number}) for cell, number in zip(row, place, strict=True)]
            self.writer.row(cells, heads)

    def _footnotes(self) -> Iterator[tuple[str, str]]:
        for relation in self.document.part.rels.values():
            match = NOTES.search(relation.reltype)
            if match is None or relation.is_external:
                continue
            root = parse_xml(relation.target_part.blob, "footnotes")
            kind = "footnote" if match[0] == "/footnotes" else "endnote"
            for note in root.iter(self.qn(f"w:{kind}")):
                words = clean("".join(value for what, value in self._runs(note) if what == "text"))
                yield f"{self.qn(f'w:{kind}Reference')}{note.get(self.qn('w:id'))}", " ".join(words.split())


def _number(value: str | None) -> int | None:
    """A number of an attribute; None for what is none, and for one with more digits than any has a use for."""
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else None
