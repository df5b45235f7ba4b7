"""Sentences and passages: examples of hard boundaries, and properties that hold for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.corpus import document_of
from qa.ingest.splitter import SplitterSettings, sentence_spans, split
from qa.text import Span
from qa.types import Block, Document


def sentences(text: str, *, lines: bool = False) -> list[str]:
    return [text[s.start : s.end] for s in sentence_spans(text, Block(Span(0, len(text)), lines=lines))]


def document(text: str, suffix: str = ".txt") -> Document:
    return document_of(text.encode(), f"doc{suffix}")


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Ana Ruiz met Mr. J. R. Petrov.", "They talked."],
        ["It scored 8.26/10 on Jan. 5.", "Nobody knew why."],
        ["He said “Stop it.”", "She did not."],
        ['"Was it hard?"', "It was."],
        ["It ran at 7 p.m.", "Everyone came."],
        ["I was looking for it... and found it.", "Then I left."],
        ["Wait…", "What?!", "No."],
        ["It won prizes (e.g. the Silver Gull).", "It lost others."],
        ["The U.S. Army came.", "It left."],
        ["We saw “The Missing Picture.”", "(It was late.)"],
        ["See fig. 3 and vol. 2.", "Then stop."],
        ["Ça va.", "Élan vital."],
    ],
)
def test_sentence_boundaries(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_lines_of_a_list_are_sentences_but_wrapped_lines_are_not() -> None:
    assert sentences("A ... Role\nB ... Role", lines=True) == ["A ... Role", "B ... Role"]
    wrapped = (
        "This line was wrapped by an editor at about sixty characters\n"
        "and so the sentence goes on until here. And then one more\nfollows it."
    )
    assert len(sentences(wrapped)) == 2


def test_passages_never_cross_a_section_and_are_not_too_long() -> None:
    text = "==One==\n" + "Word word word word word word word word. " * 30 + "\n\n==Two==\nLast sentence here.\n"
    passages = split(document(text), SplitterSettings(max_words=40, max_sentences=4))
    assert {p.section for p in passages} == {"One", "Two"}
    assert max(len(p.text.split()) for p in passages) <= 40
    assert max(len(p.sentences) for p in passages) <= 4


def test_a_long_sentence_stays_whole() -> None:
    text = "word " * 200 + "end."
    assert [p.text for p in split(document(text))] == [text]


def test_ids_survive_edits_elsewhere_and_tell_equal_passages_apart() -> None:
    before = {p.passage_id: p.text for p in split(document("==A==\nFirst one.\n\n==B==\nSecond one.\n"))}
    after = {p.passage_id: p.text for p in split(document("==A==\nNew words.\n\nMore.\n\n==B==\nSecond one.\n"))}
    assert [i for i in before if before[i] == "Second one."] == [i for i in after if after[i] == "Second one."]
    twice = [p.passage_id for p in split(document("==A==\nSame.\n\nSame.\n"))]
    assert len(set(twice)) == 2
    assert twice[1] == twice[0] + "-2"


STRUCTURE = (
    "= T =|== S ==|# H|Label:|Label: value|- x: y|Why?|How so?|What is it?|A. B. C.|See more »|---|Dr.|9.5".split("|")
)
MARKUP = ["<p>", "</p>", "<b>x</b>", "&amp;", "\n", "\n\n", "\r\n", " ", "\u00a0", "|", "…", "”", "“", "💡", "e\u0301"]
PROSE = ["The film is long. It ends.", "Tell us about it.", "x" * 70, "word " * 80]
PIECES = st.sampled_from(STRUCTURE + MARKUP + PROSE)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=200)).filter(
    lambda text: "\0" not in text
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([".txt", ".md", ".html"]))
def test_every_span_is_a_slice_in_order(text: str, suffix: str) -> None:
    doc = document("x" + text if suffix == ".md" and text.startswith("---") else text, suffix)
    previous = 0
    ids = set()
    for passage in split(doc):
        assert doc.text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert previous <= passage.start
        previous = passage.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for one, two in zip(passage.sentences, passage.sentences[1:], strict=False):
            assert one.start < one.end <= two.start
            assert not doc.plain(Span(one.end, two.start)).text
        assert passage.passage_id not in ids
        ids.add(passage.passage_id)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200).filter(lambda text: "\0" not in text))
def test_splitting_is_the_same_each_time(text: str) -> None:
    assert split(document(text)) == split(document(text))
