"""What each format's structure becomes: blocks with section and cue, and nothing of it in a quote."""

from contextlib import suppress

import pytest

from qa.errors import SourceError
from qa.ingest.corpus import document_of
from qa.ingest.formats import MODULES, html, markdown, plain, reader_of
from qa.ingest.structure import find_blocks, is_bare_heading, label_of


def blocks(text: str, module=plain) -> list[tuple[str, str | None, str | None]]:
    layout = module.read(text.encode())
    return [(text[b.span.start : b.span.end], b.section, b.cue) for b in find_blocks(layout)]


def test_wiki_text() -> None:
    text = "= Film =\n\nFilm\n- Director: X Y\n- Runtime: 90 minutes\n\n==Cast==\n- A as B\n- C as D\n"
    assert blocks(text) == [
        ("Film", None, None),
        ("Director: X Y", None, None),
        ("Runtime: 90 minutes", None, None),
        ("A as B\n- C as D", "Cast", None),
    ]


def test_label_line_gives_its_value_after_a_blank_line_the_cue() -> None:
    text = "Release Date:\n\n19 March 2014 (USA) See more\u00a0»\n\nAlso Known As:\n\nOne (France)\nTwo (Spain)\n"
    assert blocks(text) == [
        ("19 March 2014 (USA)", None, "Release Date"),
        ("One (France)\nTwo (Spain)", None, "Also Known As"),
    ]


def test_label_without_value_takes_nothing_from_what_follows() -> None:
    text = "Gross USA:\n\n\nWorldwide Gross:\n\nSee more on Pro\u00a0»\n\nThe camera was lost twice in the river.\n"
    assert blocks(text) == [("The camera was lost twice in the river.", None, None)]


def test_bare_headings_of_a_listing_become_sections_but_names_that_recur_do_not() -> None:
    text = "Ana Ruiz\n\nUser Reviews\n\nA fine film.\n\nIt is long and Ana Ruiz knows it, yet never dull to watch.\n"
    found = blocks(text)
    assert ("Ana Ruiz", None, None) in found
    assert found[-1][1] == "User Reviews"


def test_unmarked_questions_become_the_cue_of_their_answers_and_can_be_quoted() -> None:
    text = "Intro.\n\nWhy clay?\n\nIt is earth.\n\nIt dries.\n\nHow so?\n\nIn the sun.\n\nAnd then?\n\nNothing.\n"
    assert blocks(text) == [
        ("Intro.", None, None),
        ("Why clay?", None, None),
        ("It is earth.", None, "Why clay?"),
        ("It dries.", None, "Why clay?"),
        ("How so?", None, None),
        ("In the sun.", None, "How so?"),
        ("And then?", None, None),
        ("Nothing.", None, "And then?"),
    ]


def test_speaker_names_are_not_part_of_the_cue() -> None:
    text = "Q: Why clay?\n\nA: Earth.\n\n**Jo Li: Was it hard?**\n\nYes, very.\n\nJo Li: How so?\n\nCold hands.\n"
    found = blocks(text, markdown)
    assert [cue for _, _, cue in found if cue] == ["Why clay?", "Was it hard?", "How so?"]
    asked = [words for words, _, cue in found if not cue]
    assert asked == ["Q: Why clay?", "**Jo Li: Was it hard?**", "Jo Li: How so?"]


def test_markdown_structure_and_offsets() -> None:
    text = "---\ntitle: T\n---\n# T\n\n- Music: M\n\n> quoted words\n\n## Prizes\n\n1. First\n2. Second\n\n"
    text += "| a | b |\n|---|---|\n| c | d |\n"
    assert blocks(text, markdown) == [
        ("Music: M", None, None),
        ("quoted words", None, None),
        ("First", "Prizes", None),
        ("Second", "Prizes", None),
        ("| c | d |", "Prizes", None),
    ]


def test_html_structure_and_offsets() -> None:
    text = (
        "<html><head><title>A &amp; B</title><style>p {}</style></head><body><h2>Cast</h2><p>One <b>two</b> three.</p>"
        "<dl><dt>Music</dt><dd>M. Marder</dd></dl><script>alert('x')</script><p>Caf&eacute;</p></body></html>"
    )
    assert html.read(text.encode()).title == "A & B"
    assert blocks(text, html) == [
        ("One <b>two</b> three.", "Cast", None),
        ("M. Marder", "Cast", "Music"),
        ("Caf&eacute;", "Cast", None),
    ]


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "<p>", "</div></div>", "<", "a<b", "&", "<!-- x", "<p a='", "# ", "---\n---"]
)
def test_any_text_is_read_without_error(text: str) -> None:
    for suffix in MODULES:
        with suppress(SourceError):
            find_blocks(reader_of(suffix)(text.encode()))


@pytest.mark.parametrize(
    "line", ["1:56 | Trailer", "https://example.org", "A long sentence that only later has one: here"]
)
def test_not_a_label(line: str) -> None:
    assert label_of(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Technical Specs", True),
        ("Did You Know?", True),
        ("Not a heading at all", False),
        ("It rained.", False),
        ("", False),
    ],
)
def test_bare_heading(line: str, expected: bool) -> None:
    assert is_bare_heading(line) is expected


def test_markup_and_wide_space_are_not_read() -> None:
    layout = markdown.read("A **bold**\u00a0<i>and</i>\n[linked](http://x) &amp; snake_case".encode())
    assert layout.reads(layout.elements[0].span) == "A bold and linked & snake_case"


LEAD = "A long first line that says what is told below it, and that is no title at all.\n\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mia Lie: Why boats?\n\nAna Moe: They last.\n\nAnd now?\n\nA barge.\n", "Ana Moe"),
        # A question alone names nobody who answers, nor does one that nobody else answers; of three it is no one's.
        ("Mia Lie: Why boats?\n\nMia Lie: Do they last?\n", "talk"),
        ("Mia Lie: Why boats?\n", "talk"),
        ("Mia Lie: Why boats?\n\nAna Moe: They last.\n\nBo Lind: They sink, and one should not build them.\n", "talk"),
    ],
)
def test_a_talk_without_a_title_goes_by_the_one_who_answers(text: str, title: str) -> None:
    assert document_of(f"{LEAD}{text}".encode(), "talk.txt").title == title
