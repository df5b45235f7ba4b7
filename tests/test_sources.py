"""The messy originals, where they are at hand."""

import re

import pytest
from conftest import ROOT, SHARED

from qa.ask.library import Library
from qa.ask.opening import open_library
from qa.ingest.corpus import load_corpus
from qa.ingest.splitter import split
from qa.types import Passage

SOURCES = SHARED / "sources"
pytestmark = pytest.mark.skipif(not SOURCES.is_dir(), reason="../shared/sources is not here (only developers have it)")


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return [passage for document in load_corpus(SOURCES).documents for passage in split(document)]


def passage_with(passages: list[Passage], words: str) -> Passage:
    found = [passage for passage in passages if words in passage.text]
    assert len(found) == 1, [passage.text for passage in found]
    return found[0]


@pytest.mark.parametrize(
    ("words", "section", "cue"),
    [
        ("$10,148", "Box Office", "Opening Weekend USA"),
        ("1.78 : 1", "Technical Specs", "Aspect Ratio"),
        ("only made approximately $3,500", "Did You Know?", None),
        ("monotone and occasionally droning", "User Reviews", None),
        ("87 out of 100", "Reception", None),
        ("Buddha", None, "How so?"),
        ("karaoke parlor", None, "How did you arrive at the idea of using clay to tell your story?"),
    ],
)
def test_context_of_a_line(passages: list[Passage], words: str, section: str | None, cue: str | None) -> None:
    passage = passage_with(passages, words)
    assert (passage.section, passage.cue) == (section, cue)


def test_values_lost_by_their_labels_are_not_invented(passages: list[Passage]) -> None:
    assert not [passage for passage in passages if passage.cue in ("Gross USA", "Cumulative Worldwide Gross")]


def test_no_crumbs_are_quoted(passages: list[Passage]) -> None:
    assert not [passage.text for passage in passages if passage.text.endswith("»")]


def test_nearly_every_word_is_in_a_passage(passages: list[Passage]) -> None:
    for document in load_corpus(SOURCES).documents:
        inside = [passage for passage in passages if passage.path == document.path]
        covered = sum(len(re.findall(r"\w+", passage.text)) for passage in inside)
        assert covered > 0.9 * len(re.findall(r"\w+", document.text))


@pytest.mark.parametrize("length", [10])
def test_our_corpus_is_in_our_own_words(length: int) -> None:
    """No run of ten words of a sentence is the originals'; label lines are, and prizes have long names."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return set(zip(*(words[i:] for i in range(length)), strict=False))

    originals = set().union(*(runs(document.text) for document in load_corpus(SOURCES).documents))
    for document in load_corpus(ROOT / "corpus").documents:
        for block in document.blocks:
            text = document.text[block.span.start : block.span.end]
            text = text.replace("Academy Award", "") if "Best Foreign Language Film" in text else text
            if len(text.split()) > 12 and not re.search(r"^- [\w ]+(?: \.\.\. |: )", text, re.MULTILINE):
                assert not runs(text) & originals


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_library(SOURCES, tmp_path_factory.mktemp("originals") / "index")


@pytest.mark.real
def test_a_part_is_not_answered_with_what_answered_another(library: Library) -> None:
    answer = library.ask("How old is the director in the interview and where was he speaking from?")
    assert [part.answer for part in answer.parts] == ["46-year-old", "his offices in Pnom Penh"]


@pytest.mark.real
def test_somebody_is_asked_about_by_name_where_a_talk_says_the_director(library: Library) -> None:
    answer = library.ask("How many years was Panh in the labour camps?")
    assert (answer.answer, answer.citations[0].doc_id) == ("four years", "002_2008fb2274473190")


@pytest.mark.real
def test_who_is_one_of_those_named_is_no_other_answer(library: Library) -> None:
    answer = library.ask("Who narrated it?")
    assert answer.answer == "Randal Douc, Jean-Baptiste Phou"
    assert not answer.conflicts
