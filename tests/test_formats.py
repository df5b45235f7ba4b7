"""What each format's markup and layout become: what is read, with which context, in which time."""

import textwrap
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import SourceError
from qa.ingest.corpus import document_of
from qa.ingest.formats.front_matter import read_front_matter
from qa.ingest.splitter import split
from qa.types import Document


def document(text: str, suffix: str) -> Document:
    return document_of(text.encode(), f"doc{suffix}")


def reads(text: str, suffix: str) -> list[str]:
    return [passage.plain.text for passage in split(document(text, suffix))]


def contexts(text: str, suffix: str) -> list[tuple[str, str | None, str | None]]:
    return [(passage.plain.text, passage.section, passage.cue) for passage in split(document(text, suffix))]


def test_inline_markup_of_markdown_is_what_its_parser_takes_for_markup() -> None:
    text = (
        "A [link [nested]](http://x.y/z_(w) 'title'), [ref][r], <http://auto.org> and ![a *picture*](p.png) \\$150 "
        "&micro;L `code *x* [y]` ~~gone~~ a_b_c 2*3*4 **bold _it_** <b>tag</b><!-- no --> x * y.\n\n[r]: http://ref\n"
    )
    assert reads(text, ".md") == [
        "A link [nested], ref, http://auto.org and a picture $150 µL code *x* [y] gone a_b_c 234 bold it tag x * y."
    ]


def test_markdown_lists_have_what_leads_to_them_as_their_cue() -> None:
    text = "The shop sells:\n\n- Apples\n  - Gala: 3 euros\n- Pears\n\n1. One\n2. Two\n"
    assert contexts(text, ".md") == [
        ("Apples", None, "The shop sells"),
        ("Gala: 3 euros", None, "The shop sells › Apples"),
        ("Pears", None, "The shop sells"),
        ("One", None, None),
        ("Two", None, None),
    ]


def test_a_footnote_is_known_by_what_it_explains() -> None:
    text = "It rained. The canal was dug by Josiah Trent[^t] in 1811.\n\n[^t]: Born at Newark\n    in 1774.\n"
    assert contexts(text, ".md") == [
        ("It rained. The canal was dug by Josiah Trent in 1811.", None, None),
        ("Born at Newark in 1774.", None, "The canal was dug by Josiah Trent"),
    ]


def test_other_blocks_of_markdown() -> None:
    text = (
        "Top\n===\n\nUnder\n-----\n\nTerm\n: Its meaning\n\n```py\nx = 1\ny = 2\n```\n\n"
        "> quoted *words* go\n> on here\n\n"
        "<!-- hidden\n\nstill -->\n\n<div hidden>no</div>\n\n<p>Yes</p>\n"
    )
    assert contexts(text, ".md") == [
        ("Its meaning", "Under", "Term"),
        ("x = 1 y = 2", "Under", None),
        ("quoted words go on here", "Under", None),
        ("Yes", "Under", None),
    ]


MARKDOWN = "| Boat | per hour | per day |\n|---|--:|---|\n| *Canoe* | 12 euros | 40 \\| 41 |\n| Pedalo | | 35 euros |\n"
HTML = (
    "<table><caption>Boats</caption><tr><th>Boat</th><th>per hour</th><th>per day</th></tr><tr><th><i>Canoe</i></th>"
    "<td>12 euros<td>40 | 41</tr><tr><td>Pedalo</td><td></td><td>35 euros</td></tr></table>"
)
TABS = "Boat\tper hour\tper day\nCanoe\t12 euros\t40 | 41\nPedalo\t9 euros\t35 euros\n"
SPACES = "Boat     per hour   per day\nCanoe    12 euros   40 | 41\nPedalo              35 euros\n"
RULED = "Boat | per hour | per day\n-----+----------+--------\nCanoe | 12 euros | 40\nPedalo | | 35 euros\n"


@pytest.mark.parametrize(
    ("text", "suffix"), [(MARKDOWN, ".md"), (HTML, ".html"), (TABS, ".txt"), (SPACES, ".txt"), (RULED, ".txt")]
)
def test_the_row_of_a_table_is_a_passage_and_no_answer_leaves_its_cell(text: str, suffix: str) -> None:
    passages = split(document(text, suffix))
    assert len(passages) == 2
    canoe, pedalo = (passage.plain for passage in passages)
    assert canoe.text.startswith("Boat: Canoe; per hour: 12 euros; per day: 40")
    assert pedalo.text.startswith("Boat: Pedalo; per ")
    assert pedalo.text.endswith("per day: 35 euros")
    spilling = canoe.source(canoe.text.index("12"), len(canoe.text))
    assert spilling is not None
    assert text[slice(*spilling)] == "12 euros"


def test_heads_of_html_tables_span_rows_and_columns() -> None:
    text = (
        "<table><thead><tr><th rowspan=2>Day<th colspan=2>Open</tr><tr><th>from<th>to</tr></thead><tbody>"
        "<tr><td rowspan=2>Monday<td>9<td>12<tr><td>14<td>18</table><table><tr><th>Founded<td>1904</table>"
    )
    assert reads(text, ".html") == [
        "Day: Monday; Open from: 9; Open to: 12",
        "Day: Monday; Open from: 14; Open to: 18",
        "Founded: 1904",
    ]


def test_tables_for_the_layout_are_no_rows() -> None:
    cell = "<p>One thing is told here. </p>" * 5
    assert len(reads(f"<table><tr><td>{cell}<td>{cell}</table>", ".html")) == 10


def test_hidden_parts_of_html_are_never_read() -> None:
    text = (
        "<style>.off, #gone {display : none} @media print {.p {display:none}}</style><script>var a='<p>no</p>'</script>"
        "<p hidden>no<p>yes <span style='visibility: hidden'>no</span>one<div style='DISPLAY:none'><p>no</p></div>"
        "<div aria-hidden=true>no</div><template>no</template><noscript>no</noscript><p class=off>no</p>"
        "<p id=gone>no</p><p class=p>two</p><!-- no --><textarea>no</textarea><dialog>no</dialog>"
    )
    assert reads(text, ".html") == ["yes one", "two"]


def test_what_a_wiki_puts_behind_a_heading_is_no_part_of_it() -> None:
    page = "<h2>Cast<span class='mw-editsection'>[<a href='#'>edit</a>]</span></h2><p>Ana sings.</p>"
    page += "<h2>Crew<a class='headerlink' href='#crew'>¶</a></h2><p>Bo rows.</p>"
    document = document_of(page.encode(), "a.html")
    assert [document.plain(e.span).text for e in document.elements if e.kind == "heading"] == ["Cast", "Crew"]


def test_html_entities_line_breaks_and_lists() -> None:
    text = (
        "<p>Ada&nbsp;Merrow&rsquo;s <b>19</b>04 glass&shy;maker &amp; co<p>Mon: 9<br>Tue: 10"
        "<dl><dt>Term<dd>One<dd>Two</dl>"
        "<p>We sell:</p><ul><li>Pears<ul><li>red</ul><li>Plums</ul>"
    )
    assert contexts(text, ".html") == [
        ("Ada Merrow’s 1904 glassmaker & co", None, None),
        ("Mon: 9", None, None),
        ("Tue: 10", None, None),
        ("One", None, "Term"),
        ("Two", None, "Term"),
        ("Pears", None, "We sell"),
        ("red", None, "We sell › Pears"),
        ("Plums", None, "We sell"),
    ]


PAGE = """<title>Ice house | Walks</title><header><a href=/>Walks</a></header><nav><ul><li><a>Shop</a></ul></nav>
<div class="cookie-consent">We use cookies.</div>
{before}<h1>Ice house</h1><p>It was dug in 1820 for the Earl.</p>{after}
<div class="related"><a>The snow bridge</a></div><aside>Ad</aside><footer>Registered in Cardiff.</footer>"""


@pytest.mark.parametrize(("before", "after"), [("<main>", "</main>"), ("<article>", "</article>"), ("<div>", "</div>")])
def test_furniture_of_a_page_is_left_out_and_named(before: str, after: str) -> None:
    page = document(PAGE.format(before=before, after=after), ".html")
    assert [passage.plain.text for passage in split(page)] == ["It was dug in 1820 for the Earl."]
    assert page.title == "Ice house"
    assert page.note is not None
    assert "navigation" in page.note


def test_a_page_that_is_called_a_menu_keeps_its_dishes() -> None:
    assert reads("<body class=banner><div class=menu><p>Soup costs 4 euros.</p></div>", ".html") == [
        "Soup costs 4 euros."
    ]
    assert reads("<nav><p>Only this.</p></nav>", ".html") == ["Only this."]


ARTICLE = [f"In the year 18{year} the ice of the upper lake was cut by {year} men." for year in range(20, 50)]


def test_an_article_whose_paragraphs_are_named_like_furniture_is_read() -> None:
    named = "".join(f"<p class=paywall>{words}</p>" for words in ARTICLE)
    assert reads(f"<p>It was cold.</p>{named}<div class=cookie-consent>We use cookies.</div>", ".html") == [
        "It was cold.",
        *ARTICLE,
    ]


def test_an_article_inside_what_is_called_an_advertisement_is_read_between_many_links() -> None:
    links = "".join(
        f"<ul><li><a>The ice of the year 18{year}, and where it went</a></li></ul>" for year in range(20, 50)
    )
    said = "".join(f"<p>{words}</p>" for words in ARTICLE)
    assert reads(f"<div id=page class='has ads'>{links}{said}</div><p>End.</p>", ".html") == [*ARTICLE, "End."]


def test_comments_are_no_content_of_an_article_but_are_that_of_a_page_without_one() -> None:
    said = "".join(f"<p>{words}</p>" for words in ARTICLE)
    talk = "<div id=comments><p>I think it was cut in 1700.</p></div>"
    assert reads(f"<h1>Ice</h1>{said}{talk}", ".html") == ARTICLE
    assert reads(f"<h1>Ice</h1><p>Say what you think.</p>{talk}", ".html")[-1] == "I think it was cut in 1700."


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120])
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_wrapped_paragraphs_are_read_as_paragraphs(width: int, suffix: str) -> None:
    words = (
        "The town clock was repaired in the spring of 1926 by the two brothers Anselm and Jory Tregarthen of Saltash, "
        "who asked for a fee of eleven pounds. The face is painted in a deep bottle green."
    )
    (passage,) = split(document("\n".join(textwrap.wrap(words, width)), suffix))
    assert passage.plain.text == words
    assert len(passage.sentences) == 2


def test_lines_of_lists_and_poems_stay_lines() -> None:
    for text in (
        "eggs\nmilk\nflour\n",
        "Ada Merrow\nBo Li\nCy Young\n",
        "Roses are red.\nViolets are blue.\nAll is well.\n",
    ):
        (passage,) = split(document(text, ".txt"))
        assert len(passage.sentences) == 3


def test_words_broken_at_line_ends_are_whole_and_compounds_keep_their_hyphen() -> None:
    text = (
        "The excava-\ntion was led by Pro-\nfessor Amrit So\u00ad\nlanki, who paid twenty-\nfive pounds "
        "to the Helm\u00adond\n"
        "Trust and his mother-\nin-law, a well-\nknown painter of pa-\nper.\n"
    )
    assert reads(text, ".txt") == [
        "The excavation was led by Professor Amrit Solanki, who paid twenty-five pounds to the Helmond Trust and his "
        "mother-in-law, a well-known painter of paper."
    ]


@pytest.mark.parametrize(
    "form", ["[09:14] {}: {}", "[03/06/2024, 18:02:11] {}: {}", "09:14 - {}: {}", "{} (09:14): {}", "09:14 <{}> {}"]
)
def test_a_question_in_a_chat_stands_with_its_answer(form: str) -> None:
    talk = [("Rosa", "who brings the grill?"), ("Tom", "I do"), ("Rosa", "Then I bring the salads and the bread.")]
    text = "\n".join(form.format(*turn) for turn in talk)
    assert reads(text, ".txt") == [
        "Rosa: who brings the grill? Tom: I do",
        "Rosa: Then I bring the salads and the bread.",
    ]


def test_transcripts_are_told_from_lists_of_labels() -> None:
    talk = "ROSA: It is late and we have to go.\nTOM: Not yet.\nROSA: Why do you say so?\nTOM: The ferry waits.\n"
    assert reads(talk, ".txt")[-1] == "ROSA: Why do you say so? TOM: The ferry waits."
    labels = "Name: Ada\nAge: 31\n\nName: Bo\nAge: 45\n"
    assert reads(labels, ".txt") == ["Name: Ada", "Age: 31", "Name: Bo", "Age: 45"]


def test_screenplays() -> None:
    text = (
        "          THE STAIR\n\nINT. GREENHOUSE - MORNING\n\nTilda comes in.\n\n        TILDA\n    I leave for Ghent\n"
        "    tonight.\n\n        IVO (O.S.)\n    Then take the orchid.\n"
    )
    assert contexts(text, ".txt") == [
        ("Tilda comes in.", "INT. GREENHOUSE - MORNING", None),
        ("TILDA: I leave for Ghent tonight.", "INT. GREENHOUSE - MORNING", "TILDA"),
        ("IVO: Then take the orchid.", "INT. GREENHOUSE - MORNING", "IVO"),
    ]


def test_headings_and_days_of_plain_text_are_sections() -> None:
    text = (
        "THE LOG\n\nMonday 9 March\nFog all day.\n\nTuesday 10 March\n\nClear sky.\n\n2. The Staff\n\nTwo people.\n\n"
        "2.1 The Cook\n\nUlf.\n\nChapter Three\n\nThe end.\n"
    )
    assert [(words, section) for words, section, _ in contexts(text, ".txt")] == [
        ("Fog all day.", "Monday 9 March"),
        ("Clear sky.", "Tuesday 10 March"),
        ("Two people.", "2. The Staff"),
        ("Ulf.", "2. The Staff › 2.1 The Cook"),
        ("The end.", "Chapter Three"),
    ]


def test_first_headings_beside_the_title_reach_the_section() -> None:
    text = "---\ntitle: Gazette\n---\n# Puppets return\n\nThey came.\n\n# Weather\n\n## Monday\n\nRain.\n"
    assert [section for _, section, _ in contexts(text, ".md")] == ["Puppets return", "Weather › Monday"]


@pytest.mark.parametrize(
    "lines",
    [
        "- 1",
        "just words",
        "n: " + "[" * 5000,
        "n: " + "[" * 5000 + "]" * 5000,
        "a: b: c",
        "\ta: b",
        "a: *b",
        "a: \a",
        f"a: {'x' * 70_000}",
    ],
)
def test_front_matter_that_is_no_mapping_is_named_in_one_line(lines: str) -> None:
    with pytest.raises(SourceError) as error:
        read_front_matter(f"---\n{lines}\n---\nbody")
    assert "\n" not in str(error.value)


def test_front_matter_is_words() -> None:
    bombs = "".join(
        f"{key}: &{key} [{', '.join(['*' + last] * 9)}]\n" for last, key in zip("abcdef", "bcdefg", strict=True)
    )
    text = (
        f'---\ndate: 2024-13-45\nx: !!int abc\nn: {"9" * 6000}\nl: [p, q]\ne:\nu: "\\ud800"\na: &a y\n{bombs}---\nbody'
    )
    found, at = read_front_matter(text)
    assert text[at:] == "body"
    assert (found["date"], found["x"], found["l"], len(found["n"]), found["u"]) == (
        "2024-13-45",
        "abc",
        "p, q",
        6000,
        "?",
    )
    assert "e" not in found


PIECES = (
    "# H|## |- x|  - y|1. z|> q|a | b|---|===|**b**|[l](u)|[^1]|[^1]: n|&amp;|\\|`c`|```|~~|![i](s)|"
    "<br>|<b>|</b>|<!--|-->|<p>|<table>|<tr>|<td>|<th>|</table>|<ul><li>|"
    "<div hidden>|</div>|<nav>|<script>|<title>|'|\"|<a href='|"
    "[09:14] Ro: hi?|"
    "TO (09:15): me|ROSA: No.|Monday 9 March|1.1 Aim|ALL CAPS|excava-\ntion|A  B  C|1  2  3|x\ty\tz|.... |"
    "\u00ad|\u200b|\u00a0|"
    "= W =|: d|Why?|See more »|x"
).split("|")
TEXTS = st.lists(
    st.one_of(st.sampled_from([*PIECES, "|", "\n", "\n\n", "\r\n", " ", "   "]), st.text(max_size=8)), max_size=40
).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([".txt", ".md", ".html"]))
def test_marks_are_sorted_and_apart_and_every_span_is_a_slice(text: str, suffix: str) -> None:
    try:
        doc = document(text, suffix)
    except SourceError:
        return
    assert list(doc.marks) == sorted(doc.marks)
    for one, two in zip(doc.marks, doc.marks[1:], strict=False):
        assert one.end <= two.start
    assert all(0 <= mark.start <= mark.end <= len(doc.text) for mark in doc.marks)
    assert all(0 <= e.span.start < e.span.end <= len(doc.text) for e in doc.elements)
    previous = 0
    for passage in split(doc):
        assert previous <= passage.start < passage.end
        previous = passage.end
        assert passage.text == doc.text[passage.start : passage.end] == passage.text.strip()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".html"]))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes, suffix: str) -> None:
    with suppress(SourceError):
        split(document_of(data, f"doc{suffix}"))


LONG: list[tuple[str, Callable[[int], str]]] = [
    (".txt", lambda n: "=" * n),
    (".txt", lambda n: "= " * (n // 2) + "x"),
    (".txt", lambda n: "." * n + "x"),
    (".txt", lambda n: "The film is long. It ends here. " * (n // 32)),
    (".txt", lambda n: "word " * (n // 5)),
    (".txt", lambda n: "x" * n),
    (".txt", lambda n: "A" * n + " | See" + " " * n),
    (".txt", lambda n: "- " + " " * n + "»"),
    (".txt", lambda n: "-" * n + "x\n" + "-" * n + "x\n"),
    (".txt", lambda n: "".join(f"Name Nr\n\nSome words of {i}.\n\n" for i in range(n // 26))),
    (".txt", lambda n: "a  b  c\n" * (n // 8)),
    (".txt", lambda n: f"a{' ' * n}b\nc{' ' * n}d\n"),
    (".txt", lambda n: "|" * n + "\n" + "|" * n),
    (".txt", lambda n: "excava-\n" * (n // 8)),
    (".txt", lambda n: "[09:14] Rosa: hi\n" * (n // 17)),
    (".html", lambda n: "<p>x" * (n // 4)),
    (".html", lambda n: "<div>" * min(5000, n // 10) + "x" + "</span>" * (n // 10)),
    (".html", lambda n: '<a "' * (n // 4)),
    (".html", lambda n: "<nav>x" * (n // 6)),
    (".html", lambda n: "<ul><li>x" * (n // 9)),
    (".html", lambda n: "<span>x<hr>" * (n // 11)),
    (".html", lambda n: "<a href='x" * (n // 10)),
    (".html", lambda n: "<!-- " * (n // 5)),
    (".html", lambda n: "<script>" * (n // 8)),
    (".html", lambda n: "<" * n),
    (".html", lambda n: "&" * n),
    (".html", lambda n: "<table><tr><td>a<td>b" * (n // 20)),
    (".html", lambda n: "<p>a<b>c</b>\n\n" * (n // 14)),
    (".md", lambda n: "a **b** [c](d) `e`\n\n" * (n // 20)),
    (".md", lambda n: "| a | b |\n" + "|---|---|\n" + "| c | d |\n" * (n // 10)),
]


@pytest.mark.parametrize(("suffix", "made"), LONG)
def test_the_time_is_about_linear_in_the_length(suffix: str, made: Callable[[int], str]) -> None:
    def seconds(length: int) -> float:
        text = made(length)
        taken = []
        for _ in range(3):  # the least of three is what the work takes when nothing comes between
            begin = time.process_time()
            split(document(text, suffix))
            taken.append(time.process_time() - begin)
        return min(taken)

    small, large = seconds(20_000), seconds(200_000)
    assert large < 50 * max(small, 0.01)  # ten times is linear, a hundred times quadratic


@pytest.mark.parametrize(
    ("sign", "suffix"),
    [("> ", ".txt"), ("# ", ".txt"), ("// ", ".txt"), (">> ", ".txt"), ("> ", ".md")],
)
def test_signs_before_the_lines_of_quotes_and_remarks_are_not_read(sign: str, suffix: str) -> None:
    lines = ["I leave the boat to my niece Ottilie Brand-", "vold, on the condition that she sails her to", "Lund."]
    text = "He wrote:\n\n" + "".join(f"{sign}{line}\n" for line in lines)
    assert reads(text, suffix)[-1] == (
        "I leave the boat to my niece Ottilie Brandvold, on the condition that she sails her to Lund."
    )


def test_what_style_sheets_and_styles_put_out_of_sight_is_never_read() -> None:
    text = (
        "<style>/* x */ p.a, .b .c {display:none} .d{left:-9999px} @media screen {.e{visibility:hidden}}"
        " .f{display:none} .f{display:block} small{display:none} @media print{.g{display:none}}</style>"
        "<p class=a>no<p class=a2>one<div class=b><p><span class='c x'>no</span>two</div><p class=c>three"
        "<p class=d>no<p class=e>no<p class=f>four<p>five <small>no</small><p class=g>six"
        "<p style='font-size: 0px'>no<p style='font-size: 0.9em; opacity: 0.8'>seven<p style='opacity:0'>no"
        "<p style='text-indent:-9999px'>no<p style='color:white'>no<p popover>no"
    )
    assert reads(text, ".html") == ["one", "two", "three", "four", "five", "six", "seven"]


def test_white_text_on_a_painted_ground_is_read() -> None:
    assert reads("<body style='background: #123'><p style='color: #fff'>yes<p>one", ".html") == ["yes", "one"]


def test_hidden_parts_of_html_inside_markdown() -> None:
    text = (
        "One <span hidden>no</span>two.\n\n<div style='display:none'>\n\nno\n\n- no\n\n```\nno\n```\n\n</div>\n\n"
        "<details>\n\nthree\n\n</details>\n"
    )
    assert reads(text, ".md") == ["One two.", "three"]


def test_a_footnote_of_html_is_known_by_what_it_explains_and_its_sign_is_not_read() -> None:
    text = (
        "<p>It rained. The canal was dug by Josiah Trent<sup><a href='#n1' id=r1>1</a></sup> in 1811 for 10<sup>6</sup>"
        " pounds.<a href='http://a.b/c#n2'>[2]</a><ol><li id=n1>Born in 1774. <a href='#r1'>↩</a></ol>"
        "<p><a id=n2 href='#r2'>2</a>. Half of it was lent."
    )
    assert contexts(text, ".html") == [
        ("It rained. The canal was dug by Josiah Trent in 1811 for 10^6 pounds.", None, None),
        ("Born in 1774.", None, "The canal was dug by Josiah Trent"),
        ("Half of it was lent.", None, "The canal was dug by Josiah Trent in 1811 for 10^6 pounds"),
    ]


def test_a_first_row_above_times_is_a_head_though_first_cells_are_heads_of_rows() -> None:
    text = (
        "<table><tr><th>Stop<td>Market<td>Quarry<tr><th>First bus<td>05:12<td>05:31"
        "<tr><th>Last bus<td>22:40<td>22:59</table>"
    )
    assert reads(text, ".html")[0] == "First bus; Market: 05:12; Quarry: 05:31"


def test_line_ends_in_html_are_those_of_its_author() -> None:
    text = (
        "<p>Hamish Dunbar-\nReid went to the expedi-\ntion.</p><pre>A long line that goes on in the\nnext one here.\n\n"
        "a = 1\nb = 2</pre>"
    )
    assert reads(text, ".html") == [
        "Hamish Dunbar-Reid went to the expedition.",
        "A long line that goes on in the next one here.",
        "a = 1 b = 2",
    ]


@pytest.mark.parametrize(
    ("form", "suffix"),
    [
        ("**{}:** {}\n\n", ".md"),
        ("> {}: {}\n", ".md"),
        ("> {}: {}\n", ".txt"),
        ("[09:14] **{}**: {}\n", ".md"),
        ("<p><b>{}:</b> {}</p>\n", ".html"),
    ],
)
def test_a_question_in_a_marked_chat_stands_with_its_answer(form: str, suffix: str) -> None:
    said = [
        ("Rosa", "Who has the key of the boat house?"),
        ("Jon", "I gave it to Fenna on Monday, for she asked for it."),
        ("Rosa", "Then it is in good hands, and I thank you all the same."),
        ("Jon", "It hangs behind the door."),
    ]
    chat = "".join(form.format(*turn) for turn in said)
    assert contexts(chat, suffix)[:2] == [
        (
            "Rosa: Who has the key of the boat house? Jon: I gave it to Fenna on Monday, for she asked for it.",
            None,
            "Rosa",
        ),
        ("Rosa: Then it is in good hands, and I thank you all the same.", None, "Rosa"),
    ]


def test_links_below_a_heading_that_says_so_are_left_out() -> None:
    text = (
        "<h1>The Mill</h1><p>It was bought in 1887 by Elspeth Macrae, who ran it for forty years."
        "<h2>You Might Also Like …</h2><div><a href=a>Ten mills to see</a><p>by <a href=b>Jo Li</a></div>"
        "<h2>Further reading on mills</h2><p>The book of the mill was written by Ada Lind and is <a href=c>here</a>."
        "<h2>Rebuilding</h2><p>In oak."
    )
    found = document(text, ".html")
    assert [found.plain(block.span).text for block in found.blocks] == [
        "It was bought in 1887 by Elspeth Macrae, who ran it for forty years.",
        "The book of the mill was written by Ada Lind and is here.",
        "In oak.",
    ]
    assert found.note == "left out: related links"
