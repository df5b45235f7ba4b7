"""Sample files of every format whose bytes are not the text, made anew for each test."""

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from fpdf import FPDF

BOAT_ROWS = [("Canoe", "12 euros", "40 euros"), ("Kayak", "15 euros", "50 euros"), ("Dinghy", "21 euros", "90 euros")]
CUES = """1
00:00:02,500 --> 00:00:05,000
My grandfather kept the light
for thirty-one years.

2
00:00:06,100 --> 00:00:09,400
- Who came after him?
- My aunt Fenna.

3
00:00:11,000 --> 00:00:15,200
<i>In the great storm we burned</i>

4
00:01:06,000 --> 00:01:08,000
{\\an8}the chairs to keep the lamp warm.
"""
VTT = """WEBVTT - made by hand

NOTE a remark that no one hears

1
00:00:01.000 --> 00:00:03.000 align:start position:10%
<v Rosa Prinz>The lens came from <b>Paris</b> &amp; cost

2
00:00:03.000 --> 00:00:05.000
<v Rosa Prinz>nine thousand dollars.</v>

00:10.000 --> 00:12.000
<v.loud Jon>I <00:10.500><c>never</c> saw it.
"""


class Paper(FPDF):
    """A4 with a running head and page numbers; ``say`` puts a line where it is told, in millimetres from the top."""

    def __init__(self, head: str = "The Harbour Almanac") -> None:
        super().__init__()
        self.head = head
        self.set_auto_page_break(False)

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.text(20, 12, self.head or " ")
        self.text(104, 286, f"- {self.page_no()} -")

    def say(self, x: float, y: float, text: str, size: float = 10, style: str = "") -> None:
        self.set_font("Times", style, size)
        self.text(x, y, text)

    def bytes(self) -> bytes:
        return bytes(self.output())


LEFT = (
    "The lighthouse at Skagen was built in the year of",
    "1747 by Philip de Lange, who had come from the",
    "Netherlands to serve the king. It burned coal until it",
    "was given an oil lamp with mirrors in 1835, which was",
    "seen from eighteen miles. The keepers lived in a",
)
RIGHT = (
    "small house at its foot, and four of them shared the",
    "watches of the night. In 1858 a new and much taller",
    "tower was raised half a mile to the south, and the",
    "old one was left to the birds. The lens of the new",
    "tower came from Paris and cost nine thousand dol-",
)
NEXT_LEFT = (
    "lars, which the town paid back over thirty years to",
    "the merchants of Hamburg. Since 1990 it has needed",
    "no keeper at all.",
)
NEXT_RIGHT = (
    "A museum was opened in the old tower in the year",
    "of 2017, and it is about the migration of birds along",
    "the coast of Jutland.",
)


def two_columns(*, across: bool = False) -> bytes:
    """A title over two columns whose last sentence goes on over the page; ``across`` draws it line by line."""
    paper = Paper()
    for page, columns in enumerate(((LEFT, RIGHT), (NEXT_LEFT, NEXT_RIGHT))):
        paper.add_page()
        if page == 0:
            paper.say(20, 30, "The Lighthouses of Denmark", 20, "B")
        places = [
            (x, 42 + 4.5 * i, line) for x, lines in zip((20, 110), columns, strict=True) for i, line in enumerate(lines)
        ]
        for x, y, line in sorted(places, key=lambda place: place[1]) if across else places:
            paper.say(x, y, line)
    return paper.bytes()


def table_over_pages() -> bytes:
    """A table of three columns whose head stands on both pages, text with a footnote behind it."""
    paper = Paper()
    for page in (0, 1):
        paper.add_page()
        paper.say(20, 34, "All boats can be hired at the jetty, on every day but Christmas.") if page == 0 else None
        for i, row in enumerate([("Boat", "Per hour", "Deposit"), *BOAT_ROWS]):
            for j, cell in enumerate(row):
                paper.say(
                    20 + j * 55, 42 + i * 6, cell if page == 0 or i == 0 else f"{cell} more" if j == 0 else f"1{cell}"
                )
        if page == 1:
            paper.say(20, 85, "The jetty is closed in a storm")
            x = 20 + paper.get_string_width("The jetty is closed in a storm")
            paper.say(x + 0.2, 83.8, "1", 6)
            paper.say(x + 2, 85, "that lasts.")
            paper.say(20, 255, "1 That is when the wind is above force seven.", 8)
    return paper.bytes()


def scan(pages: int = 2) -> bytes:
    """Pages with a picture and nothing else."""
    from PIL import Image

    paper = FPDF()
    for _ in range(pages):
        paper.add_page()
        paper.image(Image.new("L", (40, 60), 200), 10, 10, 100, 150)
    return bytes(paper.output())


def encrypted() -> bytes:
    """A PDF that opens with a password only."""
    paper = Paper()
    paper.set_encryption("owner", "user")
    paper.add_page()
    paper.say(20, 40, "Secret words.")
    return paper.bytes()


def docx() -> bytes:
    """Title, heading, list, table, bold words and a core property."""
    document = Document()
    document.core_properties.title = "Word Document"
    document.add_heading("The Boat Club", 0)
    document.add_paragraph("It was founded in 1911 by Ada Lind.")
    document.add_heading("Prices", 1)
    paragraph = document.add_paragraph("Canoes are ")
    paragraph.add_run("cheap").bold = True
    paragraph.add_run(" in the o\u00adff season.")
    document.add_paragraph("Bring a towel", style="List Bullet")
    table = document.add_table(0, 3)
    for row in [("Boat", "Per hour", "Deposit"), *BOAT_ROWS]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_with_body(body: str) -> bytes:
    """A document with this XML as its body."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx())) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            made = f"<w:document xmlns:w='{NAMESPACE}'><w:body>{body}</w:body></w:document>".encode()
            new.writestr(name, made if name == "word/document.xml" else old.read(name))
    return stream.getvalue()


def docx_with_footnote() -> bytes:
    """A paragraph with a footnote, deleted words and an inserted one."""
    body = (
        "<w:p><w:r><w:t>The lamp was lit with whale oil</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:ins><w:r><w:t> for years.</w:t></w:r></w:ins></w:p>"
    )
    notes = "<w:footnote w:id='2'><w:p><w:r><w:t>A litre cost four shillings.</w:t></w:r></w:p></w:footnote>"
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_with_body(body))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                relation = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", relation.encode())
            new.writestr(name, data)
        new.writestr("word/footnotes.xml", f"<w:footnotes xmlns:w='{NAMESPACE}'>{notes}</w:footnotes>")
    return stream.getvalue()


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


CHAPTERS = (
    "<html><body><h1>The Storm</h1><p>It was <b>dark</b>, and caf&#233; Anna\nwas shut.</p></body></html>",
    "<html><body><p>Fenna rowed out alone.</p></body></html>",
    "<html><body><h1>After</h1><p>The chairs were burned.</p></body></html>",
)


def epub(chapters: Sequence[str] = CHAPTERS, **more: str) -> bytes:
    """A book with a table of contents that names its first and third file."""
    ids = range(1, len(chapters) + 1)
    items = "".join(f'<item id="c{i}" href="text/c%20{i}.xhtml" media-type="application/xhtml+xml"/>' for i in ids)
    spine = "".join(f'<itemref idref="c{i}"/>' for i in ids)
    points = "".join(
        f'<navPoint><navLabel><text>{name}</text></navLabel><content src="text/c%20{i}.xhtml#top"/></navPoint>'
        for i, name in ((1, "I. The Storm"), (3, "II. After"))
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Lamps</dc:title>'
            f'</metadata><manifest>{items}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            f"</manifest><spine>{spine}</spine></package>",
            "OPS/toc.ncx": f"<ncx><navMap>{points}</navMap></ncx>",
            **{f"OPS/text/c {i}.xhtml": chapter for i, chapter in enumerate(chapters, 1)},
            **more,
        }
    )
