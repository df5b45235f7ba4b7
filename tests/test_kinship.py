"""Relatives that one sentence tells, and two together, and the whole path to them."""

import pytest

from qa.ask.forms.kinship import family_of
from qa.ask.library import Library
from qa.ask.opening import open_library

FAMILY = """\
The Lindqvist press

Agnes Lindqvist was the sister of Oskar Lindqvist. In 1921 Oskar married Beata Holm, and their daughter Sigrid learnt \
the trade from him. Sigrid's husband Pelle sold the paper. When Sigrid fell ill, her son Anton ran the press alone.

Anton's uncle, Gustav Ek, lent him the money for a new building.
"""
PLAY = """\
THE WINTER QUAY

EXT. HARBOUR - DAY

MORTEN (60s) mends a net. His granddaughter LINE (9) carries a bucket.

               LINE
     The water is frozen.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    corpus = tmp_path_factory.mktemp("families")
    (corpus / "press.txt").write_text(FAMILY)
    (corpus / "play.txt").write_text(PLAY)
    return open_library(corpus, tmp_path_factory.mktemp("index") / "index")


@pytest.mark.real
def test_what_a_family_is_told_to_be(library: Library) -> None:
    passages = [p for p in library.index.store.scan() if p.path == "press.txt"]
    told = {(s.one.name, s.kin, s.other.name) for s in family_of(passages).stated}
    assert told == {
        ("Agnes Lindqvist", "sibling", "Oskar Lindqvist"),
        ("Oskar", "spouse", "Beata Holm"),
        ("Sigrid", "child", "Oskar"),
        ("Sigrid", "child", "Beata Holm"),
        ("Pelle", "spouse", "Sigrid"),
        ("Anton", "child", "Sigrid"),
        ("Gustav Ek", "parent's sibling", "Anton"),
    }


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "answer", "quotes"),
    [
        ("Who was Oskar's sister?", "Agnes Lindqvist", 1),
        ("Who was the wife of Oskar?", "Beata Holm", 1),
        ("Who is the mother of Anton?", "Sigrid", 1),
        ("Who is Anton's father?", "Pelle", 2),
        ("Who was Anton's uncle?", "Gustav Ek", 1),
        ("Who is Gustav Ek's nephew?", "Anton", 1),
        ("Who was the husband of Agnes?", None, 0),
        ("How are Agnes and Oskar related?", "sister", 1),
        ("How is Pelle related to Sigrid?", "husband", 1),
        ("How are Morten and Line related?", "granddaughter", 1),
    ],
)
def test_the_relative_is_quoted(library: Library, question: str, answer: str | None, quotes: int) -> None:
    found = library.ask(question)
    assert (found.answer, len(found.citations)) == (answer, quotes)
    for citation in found.citations:
        text = library.source(citation.doc_id).text
        assert citation.quote == text[citation.start : citation.end]
