"""PDF, DOCX, EPUB, subtitles and tables: what is read of them, where it stands, and that no bytes do harm."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import files
import pytest
from docx import Document as WordFile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from qa.errors import SourceError
from qa.ingest.corpus import document_of
from qa.ingest.formats import MODULES, kind_of, reader_of
from qa.ingest.formats.csv import cells, find_delimiter
from qa.ingest.formats.pdf import page_image
from qa.types import Document


def read(data: bytes, name: str) -> Document:
    return document_of(data, name)


def shown(document: Document) -> list[str]:
    return [document.plain(block.span).text for block in document.blocks]


def place(document: Document, words: str) -> dict[str, object]:
    start = document.text.index(words)
    return dict(next(one.at for one in document.places if one.start <= start < one.end))


# --- PDF ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("across", [False, True])
def test_columns_are_read_one_after_the_other_and_sentences_over_the_pages_end(across: bool) -> None:
    document = read(files.two_columns(across=across), "a.pdf")
    assert document.title == "The Lighthouses of Denmark"
    one, two, head = shown(document)
    assert one.startswith("The lighthouse at Skagen was built in the year of 1747 by Philip de Lange")
    assert "The keepers lived in a small house at its foot" in one
    assert "cost nine thousand dollars, which the town paid back" in one
    assert one.endswith("no keeper at all.")
    assert two.startswith("A museum")
    assert "Almanac" in head
    assert document.text.count("Almanac") == 1
    assert "- 1 -" not in document.text
    assert (place(document, "1747")["page"], place(document, "Hamburg")["page"]) == (1, 2)


def test_columns_of_which_one_holds_code_are_no_table() -> None:
    paper = files.Paper()
    code = ["#include <R.h>", "int lens(int a) {", "int b;", "b = a;", "return b;", "}"]
    for right in ([*files.RIGHT, *files.NEXT_RIGHT, *files.RIGHT], [*code, *code, *files.RIGHT]):
        paper.add_page()
        left = [*files.LEFT, *files.NEXT_LEFT, *files.LEFT, *files.LEFT]
        for x, lines in ((20, left), (110, right)):
            for i, line in enumerate(lines):
                paper.say(x, 42 + 4.5 * i, line)
    document = read(paper.bytes(), "a.pdf")
    assert not any(element.kind == "row" for element in document.elements)
    assert sum("mirrors in 1835, which was seen from eighteen miles" in one for one in shown(document)) >= 2


def test_the_foot_of_a_first_page_and_a_note_in_a_column_part_no_sentence() -> None:
    paper = files.Paper("")
    for page, columns in enumerate(((files.LEFT, files.RIGHT), (files.NEXT_LEFT, files.NEXT_RIGHT))):
        paper.add_page()
        for x, lines in zip((20, 110), columns, strict=True):
            for i, line in enumerate([*lines] * 4 if page else [*lines]):
                paper.say(x, 42 + 4.5 * i, line)
                if line.endswith("The lens of the new"):
                    paper.say(178.7, 54.3, "1", 5)
        if page == 0:
            paper.say(110, 79, "1", 5)
            paper.say(111.5, 80, "Dollars of the province, as the ledger says.", 7)
            paper.say(110, 95, "Harbour Papers 7", 7)
            paper.say(20, 95, "https://harbour.example", 7, "B")
    document = read(paper.bytes(), "a.pdf")
    assert any("cost nine thousand dollars, which the town paid back" in one for one in shown(document))
    note = next(b for b in document.blocks if "province" in document.plain(b.span).text)
    assert document.plain(note.span).text == "Dollars of the province, as the ledger says."
    assert note.cue == "Note on: to the birds. The lens of the new"
    assert not any(block.section for block in document.blocks)


def test_a_box_holds_the_words_that_it_is_given_for() -> None:
    import pypdfium2

    data = files.two_columns()
    document = read(data, "a.pdf")
    pdf = pypdfium2.PdfDocument(data)
    for words in ("Philip de Lange", "small house", "merchants", "migration of birds"):
        at = place(document, words)
        left, bottom, right, top = at["box"]  # type: ignore[misc]
        page = pdf[int(str(at["page"])) - 1].get_textpage()
        assert words in page.get_text_bounded(left - 1, bottom - 1, right + 1, top + 1)
    pdf.close()


def test_a_table_over_two_pages_keeps_its_heads_and_a_footnote_its_place() -> None:
    document = read(files.table_over_pages(), "a.pdf")
    found = shown(document)
    assert "Boat: Canoe; Per hour: 12 euros; Deposit: 40 euros" in found
    assert "Boat: Kayak more; Per hour: 115 euros; Deposit: 150 euros" in found
    assert sum("Per hour: Per hour" in row or row == "Boat Per hour Deposit" for row in found) == 0
    assert found[-3:-1] == ["The jetty is closed in a storm that lasts.", "That is when the wind is above force seven."]
    assert place(document, "21 euros") | {"box": None} == {"page": 1, "box": None}
    assert "Canoe\t12 euros\t40 euros" in document.text


def test_heads_under_heads_of_groups_are_read_with_them_and_a_label_over_two_lines_is_one() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.say(20, 20, "All boats that were registered in the two harbours of the island, in hundreds, by kind.")
    for x, group in ((68, "North harbour"), (128, "South harbour")):
        paper.say(x, 36, group)
    rows = [
        ("Kind of boat", "Sail", "Motor", "Sail", "Motor"),
        ("Canoes . . . . . . .", "1.5", "2.5", "3.5", "4.5"),
        ("Rafts and open", "", "", "", ""),
        ("barges", "10.0", "20.0", "30.0", "40.0"),
        ("Dinghies", "5.1", "6.1", "7.1", "8.1"),
    ]
    for i, row in enumerate(rows):
        for x, cell in zip((20, 65, 90, 125, 150), row, strict=True):
            paper.say(x, 42 + 5 * i, cell)
    found = shown(read(paper.bytes(), "a.pdf"))
    heads = ("North harbour, sail", "North harbour, motor", "South harbour, sail", "South harbour, motor")
    assert found[1:] == [
        f"Kind of boat: {label}; " + "; ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True))
        for label, cells in (
            ("Canoes", ("1.5", "2.5", "3.5", "4.5")),
            ("Rafts and open barges", ("10.0", "20.0", "30.0", "40.0")),
            ("Dinghies", ("5.1", "6.1", "7.1", "8.1")),
        )
    ]


def test_a_table_of_many_columns_is_not_read_as_columns_of_text() -> None:
    paper = files.Paper("")
    paper.add_page()
    heads = ("Surname", "Name", "Number", "Code", "Date", "Kind", "Sum")
    row = ("SARRABAYROUSE", "DIEGO", "24.662.899", "20-24662899-9", "09/10/2013", "EFECTIVO", "10.000,00")
    for i in range(8):
        for x, cell in zip((15, 52, 82, 106, 136, 160, 184), heads if i == 0 else row, strict=True):
            paper.say(x, 40 + 5 * i, f"{cell[:-1]}{i}" if i and x == 82 else cell)
    found = shown(read(paper.bytes(), "a.pdf"))
    assert len(found) == 7
    assert found[0].endswith("Code: 20-24662899-9; Date: 09/10/2013; Kind: EFECTIVO; Sum: 10.000,00")


def test_heads_over_two_lines_are_one() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.say(20, 20, "All boats that were registered in the two harbours of the island, in hundreds, by kind.")
    rows = (("", "", "Open", ""), ("Harbour", "Sail", "barges", "Motor"), ("Skagen", "1.5", "2.5", "3.5"))
    for i, row in enumerate((*rows, ("Dragor", "4.5", "5.5", "6.5"), ("Korsor", "7.5", "8.5", "9.5"))):
        for x, cell in zip((20, 65, 95, 125), row, strict=True):
            paper.say(x, 40 + 5 * i, cell)
    assert shown(read(paper.bytes(), "a.pdf"))[1] == "Harbour: Skagen; Sail: 1.5; Open barges: 2.5; Motor: 3.5"


def test_feet_that_only_repeat_what_the_text_says_are_no_text() -> None:
    paper = files.Paper("")
    for page in range(3):
        paper.add_page()
        paper.say(20, 40, f"The harbour papers of Skagen, part {'abc'[page]}, are about boats and nothing else at all.")
        paper.say(20, 280, f"Harbour papers of Skagen {page + 1}")
    assert not any(one.startswith("Harbour papers") for one in shown(read(paper.bytes(), "a.pdf")))


def test_a_head_with_nothing_below_it_is_no_less_text() -> None:
    paper = files.Paper("")
    paper.add_page()
    for i, row in enumerate(
        (("Court of the", "County of Skagen", "Number"), ("Petitioner", "", "12"), ("Asked", "", "9"))
    ):
        for x, cell in zip((20, 80, 150), row, strict=True):
            paper.say(x, 40 + 8 * i, cell)
    assert any("County of Skagen" in one for one in shown(read(paper.bytes(), "a.pdf")))


def test_running_heads_that_mirror_one_another_or_were_misread_are_no_text() -> None:
    paper = files.Paper("")
    for page, head in enumerate(("THE SIEGE OF SKAGEN. 49", "50 THE SIEGE OF SKAGEM.")):
        paper.add_page()
        paper.say(70, 15, head, 8)
        for i, line in enumerate((files.LEFT, files.RIGHT)[page]):
            paper.say(20, 24 + 4.5 * i, line)
    text = read(paper.bytes(), "a.pdf").text
    assert text.endswith("\n\nTHE SIEGE OF SKAGEN. 49")  # once, where it parts no sentence
    assert text.count("SIEGE") == 1
    assert "The keepers lived in a small house at its foot" in text


def test_lines_drawn_between_rows_keep_the_lines_of_a_cell_together() -> None:
    paper = files.FPDF()
    paper.add_page()
    paper.set_font("Times", size=11)
    lots = [
        ("Lot", "Description", "Estimate"),
        ("1", "A ship's clock by Dent of London, with its key and the box in which it was delivered", "400 pounds"),
        ("2", "A sextant", "150 pounds"),
        ("3", "An oil painting of the harbour in a storm, the frame damaged at the lower left corner", "90 pounds"),
    ]
    with paper.table(col_widths=(10, 50, 25), width=130) as table:
        for lot in lots:
            row = table.row()
            for cell in lot:
                row.cell(cell)
    assert shown(read(bytes(paper.output()), "a.pdf")) == [
        "; ".join(f"{head}: {cell}" for head, cell in zip(lots[0], lot, strict=True)) for lot in lots[1:]
    ]


def test_ligatures_and_hyphens_are_resolved_and_compounds_kept() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.add_font("Serif", fname="/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf") if SERIF else pytest.skip(
        "no font"
    )
    paper.set_font("Serif", size=10)
    lines = (
        "The ﬁrst oﬃce stood near the well-",
        "known harbour, where ﬂat boats un-",
        "loaded until 1911. It was well-known.",
    )
    for i, line in enumerate(lines):
        paper.text(20, 40 + 5 * i, line)
    text = read(paper.bytes(), "a.pdf").text
    assert text.startswith("The first office stood near the well-known harbour, where flat boats unloaded until 1911.")


SERIF = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf").is_file()


def test_headings_lists_and_levels() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.say(20, 30, "Rules of the Club", 20, "B")
    paper.say(20, 42, "Members", 14, "B")
    paper.say(20, 50, "Every member has a key to the boat house and one vote.")
    paper.say(20, 58, "Guests", 14, "B")
    paper.say(20, 66, "Guests come with a member and")
    paper.say(20, 70.5, "sign the book.")
    document = read(paper.bytes(), "a.pdf")
    assert [(e.kind, e.level) for e in document.elements if e.kind == "heading"] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 2),
    ]
    assert [(document.plain(b.span).text, b.section) for b in document.blocks] == [
        ("Every member has a key to the boat house and one vote.", "Members"),
        ("Guests come with a member and sign the book.", "Guests"),
    ]


def test_scans_and_locked_and_broken_files_are_named() -> None:
    with pytest.raises(SourceError, match=r"^2 scanned pages without text$"):
        read(files.scan(), "a.pdf")
    with pytest.raises(SourceError, match="encrypted"):
        read(files.encrypted(), "a.pdf")
    with pytest.raises(SourceError, match="damaged"):
        read(b"%PDF-1.5\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n", "a.pdf")
    blank = files.FPDF()
    blank.add_page()
    data = bytes(blank.output())
    with pytest.raises(SourceError, match="no text"):
        read(data, "a.pdf")


def test_a_scanned_page_among_others_is_said() -> None:
    from PIL import Image

    paper = files.Paper()
    paper.add_page()
    paper.say(20, 40, "The club was founded in 1911.")
    paper.head = ""
    paper.header = lambda: None  # type: ignore[method-assign]
    paper.add_page()
    paper.image(Image.new("L", (40, 60), 200), 10, 10, 100, 150)
    assert read(paper.bytes(), "a.pdf").note == "scanned without text: p. 2"


def test_a_raised_letter_behind_a_name_is_no_part_of_it() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.say(20, 40, "Ada Lindgren")
    paper.say(20 + paper.get_string_width("Ada Lindgren"), 38.7, "a", 6)
    assert shown(read(paper.bytes(), "a.pdf")) == ["Ada Lindgren"]


def test_times_without_their_zeros_are_times() -> None:
    text = (
        "WEBVTT\n\n8ad/12-0\n0:0:0.0 --> 0:0:3.540\n<v Rosa Prinz>Good morning.</v>\n\n8ad/13-0\n0:1:5.2 --> 0:1:9.0\n"
    )
    document = read(f"{text}<v Jon Lee>The lens is here.</v>\n".encode(), "a.vtt")
    assert [block.cue for block in document.blocks] == ["Rosa Prinz", "Jon Lee"]
    assert place(document, "The lens") == {"time": "00:01:05"}


def test_a_cell_of_a_word_files_table_has_the_place_of_its_own_paragraph() -> None:
    document = read(files.docx(), "a.docx")
    row = [dict(one.at)["paragraph"] for one in document.places if one.start >= document.text.index("Canoe\t")][:3]
    assert row == [row[0], row[0] + 1, row[0] + 2]


def test_captions_without_a_full_stop_are_quoted_by_the_moment() -> None:
    cues = "".join(
        f"00:0{i // 12}:{i % 12 * 5:02}.000 --> 00:0{i // 12}:{i % 12 * 5 + 4:02}.000\n"
        f"and then keeper number {i} climbed up to the lamp\n\n"
        for i in range(36)
    )
    document = read(f"WEBVTT\n\n{cues}".encode(), "a.vtt")
    assert max(len(one.split()) for one in shown(document)) <= 50
    assert place(document, "number 30") == {"time": "00:02:30"}


# --- DOCX -----------------------------------------------------------------------------------------------------


def test_docx_structure() -> None:
    document = read(files.docx(), "a.docx")
    assert document.title == "The Boat Club"
    assert [(document.plain(b.span).text, b.section) for b in document.blocks] == [
        ("It was founded in 1911 by Ada Lind.", None),
        ("Canoes are cheap in the off season.", "Prices"),
        ("Bring a towel", "Prices"),
        ("Boat: Canoe; Per hour: 12 euros; Deposit: 40 euros", "Prices"),
        ("Boat: Kayak; Per hour: 15 euros; Deposit: 50 euros", "Prices"),
        ("Boat: Dinghy; Per hour: 21 euros; Deposit: 90 euros", "Prices"),
    ]
    assert place(document, "Ada Lind") == {"paragraph": 2}
    assert place(document, "12 euros")["paragraph"] == 10


def test_a_footnote_follows_with_the_words_that_it_is_on() -> None:
    document = read(files.docx_with_footnote(), "a.docx")
    assert [(document.plain(b.span).text, b.cue) for b in document.blocks] == [
        ("The lamp was lit with whale oil for years.", None),
        ("A litre cost four shillings.", "Note on: The lamp was lit with whale oil"),
    ]


# --- EPUB -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["²", "⓵", "-1", "9" * 5000, "", "x"])
def test_what_is_no_number_in_a_word_file_counts_for_none(value: str) -> None:
    body = (
        f"<w:p><w:pPr><w:outlineLvl w:val='{value}'/></w:pPr><w:r><w:t>Rain fell.</w:t></w:r></w:p>"
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='{value}'/></w:numPr></w:pPr><w:r><w:t>One towel</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='{value}'/></w:tcPr><w:p><w:r><w:t>Canoe</w:t></w:r></w:p>"
        "</w:tc><w:tc><w:p><w:r><w:t>12 euros</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    text = read(files.docx_with_body(body), "a.docx").text
    assert all(words in text for words in ("Rain fell.", "One towel", "Canoe", "12 euros"))


def test_epub_chapters() -> None:
    document = read(files.epub(), "a.epub")
    assert document.title == "Lamps"
    assert shown(document) == [
        "It was dark, and café Anna was shut.",
        "Fenna rowed out alone.",
        "The chairs were burned.",
    ]
    assert place(document, "café") == place(document, "Fenna") == {"chapter": "I. The Storm"}
    assert place(document, "burned") == {"chapter": "II. After"}
    assert "<b>" not in document.text


def test_a_file_that_a_book_names_by_its_sections_is_read_once() -> None:
    package = zipfile.ZipFile(io.BytesIO(files.epub())).read("OPS/book.opf").decode()
    twice = package.replace("</spine>", '<itemref idref="c1"/><itemref idref="s1"/></spine>')
    section = '<item id="s1" href="text/c%201.xhtml#storm" media-type="application/xhtml+xml"/>'
    twice = twice.replace("</manifest>", f"{section}</manifest>")
    assert shown(read(files.epub(**{"OPS/book.opf": twice}), "a.epub")) == shown(read(files.epub(), "a.epub"))


def test_locked_and_empty_books_are_named() -> None:
    lock = '<encryption><CipherReference URI="OPS/text/c%201.xhtml"/></encryption>'
    with pytest.raises(SourceError, match="copy protection"):
        read(files.epub(**{"META-INF/encryption.xml": lock}), "a.epub")
    with pytest.raises(SourceError, match="without text"):
        read(files.epub(["<html/>"]), "a.epub")
    with pytest.raises(SourceError, match="damaged"):
        read(files.zipped({"mimetype": "application/epub+zip"}), "a.epub")


@pytest.mark.parametrize("suffix", ["docx", "epub"])
def test_what_is_packed_to_burst_is_refused(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.ingest.formats import archive

    monkeypatch.setattr(archive, "MEMBER_BYTES", 1000)
    member = {"docx": "word/document.xml", "epub": "META-INF/container.xml"}[suffix]
    bomb = files.zipped({"[Content_Types].xml": "<Types/>", member: b"<a>" + b" " * 100_000})
    with pytest.raises(SourceError, match="unpacks to more than"):
        read(bomb, f"a.{suffix}")
    monkeypatch.setattr(archive, "TOTAL_BYTES", 1000)
    with pytest.raises(SourceError, match="unpacks to more than"):
        read(bomb, f"a.{suffix}")


def test_entities_of_xml_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    bomb = f"<!DOCTYPE container [{entities}]><container>&e11;</container>"
    started = time.monotonic()
    with pytest.raises(SourceError):
        read(files.zipped({"META-INF/container.xml": bomb}), "a.epub")
    assert time.monotonic() - started < 1


# --- subtitles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.srt", "a.srt.txt", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_srt_is_what_is_spoken(name: str, encoding: str) -> None:
    document = read(files.CUES.replace("Fenna", "Fénna").encode(encoding), name)
    assert document.kind == "subtitles"
    assert "-->" not in document.text
    assert "00:0" not in document.text
    assert [(document.plain(b.span).text, b.cue) for b in document.blocks] == [
        ("My grandfather kept the light for thirty-one years.", None),
        ("Who came after him?", None),
        ("My aunt Fénna.", "My grandfather kept the light for thirty-one years. Who came after him?"),
        ("In the great storm we burned the chairs to keep the lamp warm.", None),
    ]
    assert place(document, "thirty-one") == {"time": "00:00:02"}
    assert place(document, "chairs") == {"time": "00:01:06"}


def test_vtt_voices_are_who_speaks() -> None:
    document = read(files.VTT.encode(), "a.vtt")
    assert [(document.plain(b.span).text, b.cue) for b in document.blocks] == [
        ("The lens came from Paris & cost nine thousand dollars.", "Rosa Prinz"),
        ("I never saw it.", "Jon"),
    ]


def test_named_speakers_and_captions_that_roll_up() -> None:
    cues = ["ROSA: The boat is late.", "ROSA: The boat is late.\\nIt sank.", "It sank.\\nTOM: No!"]
    text = "\n\n".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{cue}".replace("\\n", "\n") for i, cue in enumerate(cues, 1)
    )
    document = read(text.encode(), "a.srt")
    assert [(document.plain(b.span).text, b.cue) for b in document.blocks] == [
        ("The boat is late. It sank.", "ROSA"),
        ("No!", "TOM"),
    ]


# --- tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|")])
def test_rows_are_read_with_their_heads_and_quoted_as_they_stand(name: str, delimiter: str) -> None:
    rows = ["Boat,Per hour,Note", 'Canoe,"12,50 €","with ""paddles"", dry"', "Kayak,,none", ""]
    text = "\r\n".join(row.replace(",", delimiter).replace(f"12{delimiter}", "12,") for row in rows)
    document = read(text.encode("cp1252") if delimiter == ";" else text.encode(), name)
    assert document.text == text
    assert shown(document) == [
        f'Boat: Canoe; Per hour: 12,50 €; Note: with "paddles"{delimiter.strip()} dry',
        "Boat: Kayak; Note: none",
    ]
    assert [one.at for one in document.places] == [{"row": 2}, {"row": 3}]


def test_titles_above_and_tables_without_a_head() -> None:
    document = read(b"Boats in 2020,,\n,,\nName,2001,2002\nCanoe,1,2\nKayak,3,4\n", "a.csv")
    assert document.title == "Boats in 2020"
    assert shown(document) == ["Name: Canoe; 2001: 1; 2002: 2", "Name: Kayak; 2001: 3; 2002: 4"]
    assert shown(read(b"Canoe,12\nKayak,15\n", "a.csv")) == ["Canoe; 12", "Kayak; 15"]


def test_a_wide_table_has_a_head_though_some_columns_say_their_own_name() -> None:
    text = "name_short,code,EU,seats\nAustria,40,EU,20\nBelgium,56,EU,22\nNorway,578,,0\nMalta,470,EU,6\n"
    assert shown(read(text.encode(), "a.csv"))[0] == "name short: Austria; code: 40; EU: EU; seats: 20"


simple = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=6
)


@given(
    st.lists(st.lists(simple.map(str.strip), min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(",;\t")
)
@settings(max_examples=60)
def test_cells_are_those_of_the_csv_module(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    text = out.getvalue()
    found = list(cells(text, delimiter))
    assert [[cell.text for cell in row] for row in found] == [[cell.strip() for cell in row] for row in rows]
    for row in found:
        for cell in row:
            assert text[cell.start : cell.end].replace('""', '"').strip() == cell.text


def test_a_delimiter_is_what_parts_the_rows_alike() -> None:
    assert find_delimiter("a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n") == ";"
    assert find_delimiter("name,age\nA,1\n") == ","
    assert find_delimiter("one column\nof words\n") == ","


# --- any bytes ------------------------------------------------------------------------------------------------

SAMPLES: dict[str, Callable[[], bytes]] = {
    ".pdf": files.table_over_pages,
    ".docx": files.docx_with_footnote,
    ".epub": files.epub,
    ".srt": files.CUES.encode,
    ".vtt": files.VTT.encode,
    ".csv": lambda: b'Boat;"Per ""hour"""\nCanoe;12\n',
}
MADE = {suffix: make() for suffix, make in SAMPLES.items()}


def test_every_format_has_its_reader() -> None:
    for suffix in MODULES:
        assert kind_of(suffix.upper()) == MODULES[suffix]
        assert callable(reader_of(suffix))


@pytest.mark.parametrize("suffix", sorted(MADE))
@given(data=st.data())
@example(data=None)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_bytes_never_do_more_than_be_refused(suffix: str, data: st.DataObject | None) -> None:
    content = bytearray(MADE[suffix])
    if data is not None:
        for _ in range(data.draw(st.integers(0, 8))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        content = content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    started = time.process_time()
    try:
        document = read(bytes(content), f"a{suffix}")
    except SourceError:
        pass
    else:
        for block in document.blocks:
            assert document.text[block.span.start : block.span.end]
        document.text.encode()
        assert all(0 <= one.start < one.end <= len(document.text) for one in document.places)
    assert time.process_time() - started < 1


def test_an_answer_from_a_row_is_the_cell_without_its_head() -> None:
    from qa.ask.reader import text_of
    from qa.ingest.splitter import split
    from qa.text import Span
    from qa.types import Finding

    (passage,) = split(read(b"Boat;Per hour\nCanoe;12 euros\n", "a.csv"))
    start = passage.text.index("12") + passage.start
    assert text_of(Finding(passage, passage.span, Span(start, start + 8))) == "12 euros"


def test_tables_of_two_columns_without_a_head_are_names_and_values() -> None:
    document = WordFile()
    for rows in (
        [("NID", "National Identifier"), ("LRS", "Linear System")],
        [("Boat", "Price"), ("Canoe", "12 euros")],
    ):
        table = document.add_table(0, 2)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("And then")
    stream = io.BytesIO()
    document.save(stream)
    assert [one for one in shown(read(stream.getvalue(), "a.docx")) if one != "And then"] == [
        "NID; National Identifier",
        "LRS; Linear System",
        "Boat: Canoe; Price: 12 euros",
    ]


def test_strict_word_files_are_read() -> None:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    with zipfile.ZipFile(io.BytesIO(files.docx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, data in members.items():
        for kind in (b"wordprocessingml", b"officeDocument"):
            data = data.replace(usual + kind + b"/2006/", strict + kind + b"/")
        members[name] = data
    assert "It was founded in 1911 by Ada Lind." in shown(read(files.zipped(members), "a.docx"))


def test_feet_with_a_name_and_a_roman_number_are_left_out() -> None:
    paper = files.Paper("")
    for page, number in enumerate(("iii", "iv", "v")):
        paper.add_page()
        paper.say(20, 40, f"The text of page {'abc'[page]} is about boats and nothing else at all.")
        paper.say(20, 280, f"BoatBase {number}")
    document = read(paper.bytes(), "a.pdf")
    assert [one for one in shown(document) if "BoatBase" in one] == ["BoatBase iii"]
    assert place(document, "BoatBase")["page"] == 1


def test_bold_chapters_in_a_table_of_contents_are_no_headings() -> None:
    paper = files.Paper("")
    paper.add_page()
    paper.say(20, 30, "Contents", 16, "B")
    for i, (name, style) in enumerate(
        [("1 Tools 5", "B"), ("1.1 Pens" + " ." * 40 + " 6", ""), ("1.2 Ink" + " ." * 40 + " 7", "")]
    ):
        paper.say(20, 44 + 6 * i, name, 10, style)
    headings = [e for e in read(paper.bytes(), "a.pdf").elements if e.kind == "heading"]
    assert len(headings) == 1


def test_boxes_land_on_the_words_of_turned_and_cropped_pages() -> None:
    from pypdfium2 import PdfDocument

    for turn in (0, 90, 180, 270):
        document = PdfDocument(files.two_columns())
        for page in document:
            page.set_rotation(turn)
            page.set_cropbox(30, 40, 560, 800)
        stream = io.BytesIO()
        document.save(stream)
        data = stream.getvalue()
        at = place(read(data, "a.pdf"), "Netherlands to serve")
        plain = Image.open(io.BytesIO(page_image(data, 1))).convert("L")
        boxed = Image.open(io.BytesIO(page_image(data, 1, at["box"]))).convert("L")
        left, top, right, bottom = ImageChops.difference(plain, boxed).getbbox()
        inside = plain.crop((left + 4, top + 4, right - 4, bottom - 4))
        ink = sum(inside.histogram()[:128]) / (inside.width * inside.height)
        assert ink > 0.08, turn
        long, short = max(inside.size), min(inside.size)
        assert long > 8 * short, (turn, inside.size)
