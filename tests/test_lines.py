"""Answers for people: every form as text and as Markdown, whose words read as they stand in the sources."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.ask.library import Library
from qa.ask.opening import LARGE, reader_card
from qa.lines import SCORES, answer_markdown, answer_text, escaped, explanation, search_lines, search_markdown
from qa.models.card import JointCard
from qa.types import Answer, Citation, Conflict, Item


def citation(doc: str, quote: str, answer: str | None) -> Citation:
    at = quote.index(answer) if answer else None
    end = at + len(answer) if at is not None and answer else None
    return Citation(doc, doc.title(), f"{doc}.md", None, 0, len(quote), quote, quote, at, end, at, end, "")


def answer(**fields: object) -> Answer:
    values: dict[str, object] = {"answer": "92 minutes", "reason": None, "citations": (), "conflicts": ()}
    return Answer(question="How long?", interpreted_as=None, confidence=0.9, passages=(), took_ms=1, **values | fields)


ONE = citation("boat", "Runtime: 92 minutes", "92 minutes")
OTHER = citation("list", "It lasts 81_minutes.", "81_minutes")
FORMS = {
    "value": answer(citations=(ONE,)),
    "conflict": answer(
        citations=(ONE,), conflicts=(Conflict("92 minutes", (ONE, ONE)), Conflict("81_minutes", (OTHER,)))
    ),
    "items": answer(items=(Item("92 minutes", (ONE,), label="Boat"), Item("81_minutes", (OTHER,), label="List"))),
    "verdict": answer(citations=(ONE,), verdict="no", note="Fixed words."),
    "parts": answer(parts=(answer(citations=(ONE,)), answer(citations=(OTHER,)))),
    "abstention": answer(answer=None, reason="weak_match", note="Fixed words."),
}


@pytest.mark.parametrize("name", FORMS)
def test_text_and_markdown_say_the_same(name: str) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", re.sub(r"^\s*(?:\[?\d+[\].]) ", "", text, flags=re.MULTILINE))

    html = MarkdownIt().render(answer_markdown(FORMS[name]))
    assert words(re.sub(r"<[^>]+>", " ", html)) == words(answer_text(FORMS[name]))


@pytest.mark.parametrize(
    ("second", "agree"),
    [("Rithy Panh and Christophe Bataille", True), ("Bataille, Christophe; Panh, Rithy", True), ("Rithy Panh", False)],
)
def test_sources_agree_only_where_each_shows_the_whole_answer(second: str, agree: bool) -> None:
    one = citation("article", "Writers: Rithy Panh, Christophe Bataille", "Rithy Panh, Christophe Bataille")
    other = citation("list", f"Writer: {second}", second)
    said = answer_text(answer(answer="Rithy Panh, Christophe Bataille", citations=(one, other)))
    assert ("2 sources agree" in said) is agree


def test_markdown_of_a_conflict() -> None:
    assert answer_markdown(FORMS["conflict"]) == (
        "*The sources differ.*\n\n"
        "**92 minutes**\n\n"
        "1. “Runtime: **92 minutes**” — Boat (boat.md:0-19)\n"
        "2. “Runtime: **92 minutes**” — Boat (boat.md:0-19)\n\n"
        "**81\\_minutes**\n\n"
        "3. “It lasts **81\\_minutes**.” — List (list.md:0-20)"
    )


def test_the_answer_is_marked_inside_its_quote() -> None:
    told = answer_text(FORMS["value"], style=lambda text, role, path=None: f"<{role}:{text}:{path}>")
    assert "[1] <quote:“Runtime: :None><mark:92 minutes:None><quote:”:None>" in told
    assert "<source:Boat (boat.md:0-19):boat.md>" in told


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" *_`[]<>#-+.1)&~|\\!:$=“”"), max_size=40)


@given(TEXT)
@example("1. a")
@example("- a")
@example("a_b_ **c** <i> &amp; [d](e) ~~f~~")
def test_markdown_shows_text_as_it_is(text: str) -> None:
    shown = " ".join(text.split())
    parser = MarkdownIt("gfm-like", {"linkify": False})
    for before, tag in (("", "p"), ("- ", "li"), ("### a ", "h3")):
        html = parser.render(before + escaped(shown))
        inner = re.search(rf"<{tag}>(.*)</{tag}>", html, re.DOTALL) if shown or tag != "p" else None
        found = inner[1].removeprefix("a" if tag == "h3" else "") if inner else ""
        unescaped = found.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
        assert unescaped.strip() == shown


def test_an_explanation_is_a_table_in_words() -> None:
    told = explanation(answer(citations=(ONE,), scores={"large_span": 6.5, "mean": -0.25, "unheard": 1.0}))
    table = told[1 : told.index("")]
    assert len({len(line) for line in table}) == 1
    assert re.search(r"large reader: the span rather than none +6\.500$", table[1])
    assert re.search(r"unheard +1\.000$", table[3])


def test_every_number_that_decides_has_words(library: Library) -> None:
    decides = set(reader_card().confidence.weights) | set(JointCard.load(LARGE).confidence.weights)
    assert decides | set(library.search("lake")[0].parts) <= SCORES.keys()


def test_ranked_passages_stand_in_columns(library: Library) -> None:
    found = library.search("lake film")
    plain, explained = search_lines(found), search_lines(found, explain=True)
    assert len(plain) == len(explained) - 1 == 2 * len(found)
    assert explained[0].split() == ["score", "passage", "sentence", "words", "shared"]
    ends = [match.end() for match in re.finditer(r"\S+", explained[0])]
    assert [match.end() for match in re.finditer(r"\d\.\d{3}(?= )", explained[1])] == ends
    assert search_markdown(found).count("\n") == len(found) - 1
