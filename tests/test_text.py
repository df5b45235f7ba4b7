"""Marks and plain text: every character that is read has its place in the source."""

from hypothesis import given
from hypothesis import strategies as st

from qa.text import Mark, PlainText, Span, marks_within, reading


def test_markup_is_not_read_and_its_answer_is_cited_from_the_source() -> None:
    source = "xx **Owner:** Charlene &amp; *sons*"
    marks = [Mark(3, 5), Mark(11, 13), Mark(23, 28, "&"), Mark(29, 30), Mark(34, 35)]
    plain = PlainText.of(source[3:], 3, marks)
    assert plain.text == "Owner: Charlene & sons"
    at = plain.text.index("Charlene & sons")
    cited = plain.source(at, len(plain.text))
    assert source[slice(*cited)] == "Charlene &amp; *sons"
    assert plain.text[slice(*plain.shows(cited))] == "Charlene & sons"
    assert plain.shows(Span(3, 5)) is None


def test_an_answer_takes_in_nothing_that_was_added() -> None:
    row = "| Canoe | 12 euros |"
    marks = [Mark(0, 2), Mark(7, 10, "; per hour: ", added=True), Mark(18, 20)]
    plain = PlainText.of(row, 0, marks)
    assert plain.text == "Canoe; per hour: 12 euros"
    at = plain.text.index("per hour")
    assert row[slice(*plain.source(at, len(plain.text)))] == "12 euros"
    assert plain.source(at, at + len("per hour")) is None


def test_white_space_is_single_and_words_without_any_are_themselves() -> None:
    assert PlainText.of("  one\n\ttwo\u00a0 three ").text == "one two three"
    assert PlainText.of("one two", 7).source(4, 7) == Span(11, 14)


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), st.sampled_from(["", "&", " "]))),
    st.data(),
)
def test_what_is_read_comes_from_where_it_says(
    text: str, cuts: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    marks: list[Mark] = []
    for start, length, shown in sorted(cuts):
        if (not marks or start >= marks[-1].end) and start + length <= len(text) and length:
            marks.append(Mark(start, start + length, shown))
    begin = data.draw(st.integers(0, len(text)))
    span = Span(begin, data.draw(st.integers(begin, len(text))))
    inside = marks_within(marks, span)
    assert all(span.start <= mark.start and mark.end <= span.end for mark in inside)
    plain = PlainText.of(text[span.start : span.end], span.start, inside)
    assert plain.text == " ".join(plain.text.split()) == reading(text, span, marks)
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
    shown = {mark.start: mark.shown for mark in inside}
    for letter, start, end in zip(plain.text, plain.starts, plain.ends, strict=True):
        assert span.start <= start < end <= span.end
        assert letter in shown.get(start, text[start:end]) or (letter == " " and text[start:end].isspace())
    assert list(plain.starts) == sorted(plain.starts)
