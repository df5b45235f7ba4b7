"""What a reader makes of judged passages, with the fake cross-encoder and with scripted judgements."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qa.ask.agreement import comparable, normalised, same_answer
from qa.ask.reader import READ_FIRST, SpanReader, finding_of, found_in, ranking, sentences_around, text_of, told
from qa.ask.text_reader import PIECE_WORDS, Judge, LargeJudge, SmallJudge, TextReader, pieces, windows
from qa.ask.wording import wording
from qa.models.card import Logistic, RankWeights, ReaderCard
from qa.models.cross_encoder import Judgement, OverlapCrossEncoder, View, whole
from qa.models.joint import OverlapJointModel
from qa.search.words import content_words
from qa.text import Mark, Span
from qa.types import Passage, Query, ScoredPassage

PARTS = {"sentence_cosine": 0.5, "coverage": 0.5}


def query(question: str, *unknown_names: str) -> Query:
    """A question whose words the corpus has."""
    return Query(
        question,
        None,
        question,
        tuple(content_words(question)),
        (),
        unknown_names,
        wording(question).kind,
        wording(question).wants,
    )


def scored(text: str, doc_id: str = "a", start: int = 0, score: float = 0.5, **parts: float) -> ScoredPassage:
    cuts = [0, *(i + 2 for i in range(len(text)) if text[i : i + 2] == ". "), len(text)]
    sentences = tuple(Span(start + a, start + (b - 1 if b < len(text) else b)) for a, b in itertools.pairwise(cuts))
    passage = Passage(
        f"{doc_id}#{start}", doc_id, f"{doc_id}.txt", "T", None, None, start, start + len(text), text, sentences
    )
    return ScoredPassage(passage, score, PARTS | parts, sentences[0])


class Scripted:
    """Judges as told: for each passage text the answer in it and a logit."""

    card: ReaderCard = OverlapCrossEncoder.card

    def __init__(self, told: Mapping[str, tuple[str, float]]) -> None:
        self.told = told

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        judged = []
        for view in views:
            answer, logit = self.told.get(view.text, ("", -9.0))
            at = view.text.find(answer)
            judged.append(Judgement(logit, logit, Span(at, at + len(answer))))
        return judged


def read(question: str, *told: tuple[str, str, str, float]) -> Any:
    """Read passages given as (document, text, answer, logit)."""
    ranked = [scored(text, doc_id, 100 * i) for i, (doc_id, text, _, _) in enumerate(told)]
    reader = SpanReader(Scripted({text: (answer, logit) for _, text, answer, logit in told}))
    return reader.read(query(question), ranked)


def words(reading: Any) -> list[list[str]]:
    groups = [reading.findings, *reading.rivals]
    return [
        [f.passage.text[f.answer.start - f.passage.start : f.answer.end - f.passage.start] for f in g] for g in groups
    ]


class Counting(Scripted):
    """Counts the passages that it judges; retrieval counts for much in its ranking."""

    card = replace(Scripted.card, rank=RankWeights(1.0, 0.0, 20.0), unread=6.0)

    def __init__(self, told: Mapping[str, tuple[str, float]]) -> None:
        super().__init__(told)
        self.judged = 0

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        self.judged += len(views)
        return super().judge(question, views, max_tokens=max_tokens)


@pytest.mark.parametrize(("first", "count"), [(5.0, READ_FIRST), (0.5, 12), (-1.0, 20)])
def test_passages_are_read_until_the_best_is_sure(first: float, count: int) -> None:
    ranked = [scored(f"Ana made {i}.", "a", 20 * i, 1 - i / 40) for i in range(20)]
    reader = Counting({"Ana made 0.": ("Ana", first)})
    assert SpanReader(reader).read(query("Who made it?"), ranked).findings[0].passage == ranked[0].passage
    assert reader.judged == count


@settings(deadline=None)
@given(st.lists(st.floats(-8, 5.9), min_size=1, max_size=20), st.data())
def test_a_passage_is_left_unread_only_if_it_would_not_have_answered(logits: list[float], data: st.DataObject) -> None:
    falls = data.draw(st.lists(st.floats(0, 0.2), min_size=len(logits), max_size=len(logits)))
    ranked = [scored(f"Ana made {i}.", "a", 20 * i, 1 - sum(falls[:i])) for i in range(len(logits))]
    reader = Counting({f"Ana made {i}.": ("Ana", logit) for i, logit in enumerate(logits)})
    judged = reader.judge("", [View("", scored.passage.text) for scored in ranked])
    best = ranking(ranked, judged, reader.card.rank)[0]
    assert SpanReader(reader).read(query("Who made it?"), ranked).findings[0].passage == ranked[best].passage


def test_the_best_judged_passage_answers_whatever_its_rank() -> None:
    reading = read("Who made it?", ("a", "It rained.", "rained", -3), ("b", "Ana made it.", "Ana", 4))
    assert words(reading) == [["Ana"]]
    assert reading.reason is None
    assert reading.confidence == pytest.approx(0.982, abs=1e-3)


def test_the_quote_is_the_sentences_around_the_answer() -> None:
    before = "It was so cold in the valley that the " + "very " * 40 + "old man wept."
    text = f"{before} Ana made it in May, {'slowly ' * 45}and with care. Then she left."
    reading = read("Who made it?", ("a", text, "Ana", 4))
    quote = reading.findings[0].quote
    assert text[quote.start : quote.end] == text[len(before) + 1 : -len(" Then she left.")]
    passage = scored(text, start=7).passage
    assert sentences_around(passage, Span(7 + 4, 7 + len(before) + 5)) == Span(
        7, 7 + len(text) - len(" Then she left.")
    )


def test_a_quote_holds_an_answer_that_begins_before_the_first_sentence() -> None:
    text = "Opening weekend: $611,030. That was much. " + "It ran for a year. " * 8
    begins = len("Opening weekend: ")
    sentences = (Span(7 + begins, 7 + begins + 9), Span(7 + begins + 10, 7 + len(text)))
    passage = Passage("d#1", "d", "d.md", "D", None, None, 7, 7 + len(text), text, sentences)
    assert sentences_around(passage, Span(7, 7 + begins + 8)).holds(Span(7, 7 + begins + 8))


def test_a_short_quote_takes_in_the_sentences_before_it_and_then_those_after() -> None:
    long = "It " + "rained and " * 30 + "rained."
    for text, quoted in (
        ("Ana had a kiln. She made it in May. She left.", "Ana had a kiln. She made it in May. She left."),
        (f"Ana had a kiln. {long} She made it in May. She left.", f"{long} She made it in May."),
        (f"She made it in May. She left. {long} It dried.", f"She made it in May. She left. {long}"),
    ):
        quote = read("When was it made?", ("a", text, "May", 4)).findings[0].quote
        assert text[quote.start : quote.end] == quoted


def test_other_sources_that_say_the_same_are_cited_once_each() -> None:
    reading = read(
        "When was it released?",
        ("a", "Released on 5 May 2013.", "5 May 2013", 4),
        ("a", "It came out on 5 May 2013.", "5 May 2013", 3),
        ("b", "Release date: 5 May 2013 (France)", "5 May 2013 (France)", 2),
        ("c", "In 2013 it rained.", "2013", -5),
    )
    assert words(reading) == [["5 May 2013", "5 May 2013 (France)"]]


def test_different_values_for_one_question_are_set_apart() -> None:
    told = [("a", "Released 5 May 2013.", "5 May 2013", 4.0), ("b", "Out since 9 June 2014.", "9 June 2014", 3.0)]
    assert words(read("When was it released?", *told)) == [["5 May 2013"], ["9 June 2014"]]
    assert words(read("Why was it released?", *told)) == [["5 May 2013"]]  # reasons add up, they do not differ
    unlikely = [told[0], ("b", "Out since 9 June 2014.", "9 June 2014", -1.0)]
    assert words(read("When was it released?", *unlikely)) == [["5 May 2013"]]


def test_another_number_differs_sooner_than_another_name() -> None:
    length = [("a", "It runs 92 minutes.", "92 minutes", 4.0), ("b", "Runtime: 1 h 36 min", "1 h 36 min", -0.2)]
    assert words(read("running time?", *length)) == [["92 minutes"], ["1 h 36 min"]]
    assert words(read("Which lengths are given?", *length)) == [["92 minutes"]]
    name = [("a", "Ana Ruiz cut it.", "Ana Ruiz", 4.0), ("b", "Cut by Tom Okri.", "Tom Okri", -0.2)]
    assert words(read("Who cut it?", *name)) == [["Ana Ruiz"]]
    assert words(read("Who cut it?", name[0], (*name[1][:3], 3.0))) == [["Ana Ruiz"], ["Tom Okri"]]
    assert words(read("editor", name[0], (*name[1][:3], 3.0))) == [["Ana Ruiz"]]


def test_the_runner_up_says_something_else_whatever_its_probability() -> None:
    told = [
        ("a", "Released 5 May 2013.", "5 May 2013", 4.0),
        ("b", "It came out on 5 May 2013.", "5 May 2013", 3.0),
        ("b", "Perhaps on 9 June 2014.", "9 June 2014", -4.0),
    ]
    found = read("When was it released?", *told).runner_up
    assert text_of(found) == "9 June 2014"
    assert read("When was it released?", *told[:2]).runner_up is None


@pytest.mark.parametrize(
    ("cosine", "names", "reason"),
    [(0.1, (), "off_topic"), (0.5, ("Spielberg",), "unknown_name"), (0.5, (), "weak_match")],
)
def test_abstention_has_a_reason(cosine: float, names: tuple[str, ...], reason: str) -> None:
    ranked = [scored("It rained.", sentence_cosine=cosine)]
    reader = SpanReader(Scripted({"It rained.": ("rained", -4)}))
    assert reader.read(query("Who was it?", *names), ranked).reason == reason


@pytest.mark.parametrize(
    ("question", "cosine", "answers", "refused"),
    [
        ("Hello!", 0.2, -1.0, True),
        ("Who are you?", 0.2, -1.0, True),
        ("Hello!", 0.4, -1.0, False),
        ("How long is it?", 0.2, 5.0, False),
        ("Where were the negatives of it developed?", 0.2, -1.0, True),
        ("Where were the first negatives developed?", 0.2, -1.0, False),
    ],
)
def test_small_talk_leads_nowhere(question: str, cosine: float, answers: float, refused: bool) -> None:
    ranked = [scored("Ana made it.", sentence_cosine=cosine)]
    reading = SpanReader(Scripted({"Ana made it.": ("Ana", answers)})).read(query(question), ranked)
    assert ((reading.reason, reading.findings, reading.confidence) == ("off_topic", (), 0.0)) is refused


def test_nothing_to_read_is_no_match() -> None:
    assert SpanReader(Scripted({})).read(query("Who was it?"), []).reason == "no_match"
    assert SpanReader(Scripted({})).read(query("Who was it?"), [scored("It rained.")]).reason == "no_match"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the César Awards", "César awards.", True),
        ("92 minutes", "92", True),
        ("85th Academy Awards", "86th Academy Awards", False),
        ("19 May 2013", "2013", True),
        ("2013-05-19", "19 May 2013", True),
        ("19 March 2014 (USA)", "March 19", True),
        ("19 May 2013", "19 March 2014", False),
        ("1 h 32 min", "92 minutes", True),
        ("1h 32m", "92", True),
        ("2 hours", "120 min", True),
        ("1 hour and 5 minutes", "1h 6m", False),
        ("3 horses", "180 minutes", False),
        ("five figures", "5", True),
        ("five weeks", "6 weeks", False),
        ("Sarith Mang", "Mang", True),
        ("Sarith Mang", "Prum Mesa", False),
        ("", "x", False),
    ],
)
def test_same_answer(one: str, other: str, same: bool) -> None:
    assert same_answer(one, other) is same
    assert same_answer(other, one) is same


def test_comparable_values() -> None:
    assert comparable("5 May", "2014")
    assert comparable("five weeks", "6 weeks")
    assert comparable("€6,215", "$7,000")
    assert not comparable("€6,215", "in spring")
    assert not comparable("5 May", "in spring")
    assert not comparable("it rained all day long and nobody came to see it", "no")


def test_normalised_is_squads() -> None:
    assert normalised("The  Missing—Picture, a film!") == "missing picture film"


def test_logistic() -> None:
    assert Logistic(0, {"x": 1}, threshold=9).probability({"x": 0, "y": 5}) == 0.5
    assert Logistic(0, {"x": 1}).probability({"x": 1e9}) == pytest.approx(1)
    with pytest.raises(KeyError):
        Logistic(0, {"z": 1}).probability({"x": 1})


JUDGES = (SmallJudge(OverlapCrossEncoder()), LargeJudge(OverlapJointModel()))


@pytest.mark.parametrize("judge", JUDGES, ids=["small", "large"])
def test_one_text_alone(judge: Judge) -> None:
    reader = TextReader(judge)
    text = "It rained in spring. The keeper folded a paper lighthouse."
    found = reader.read("Which keeper folded paper?", text)
    assert text[found.start : found.end] == found.answer == "lighthouse"
    nothing = reader.read("zebra spreadsheet quantum", text)
    assert (nothing.answer, nothing.start, nothing.end) == (None, None, None)
    assert reader.read("Which keeper?", "").answer is None


@pytest.mark.parametrize("judge", JUDGES, ids=["small", "large"])
def test_a_long_text_is_read_in_windows(judge: Judge) -> None:
    text = "Nothing here. " * 400 + "The keeper folded a paper lighthouse. " + "Nothing here. " * 400
    found = TextReader(judge).read("Which keeper folded paper?", text)
    assert found.answer is not None
    assert text[found.start : found.end] == found.answer


@given(st.lists(st.sampled_from(["word ", "End. ", "what? ", "\n\n", "  ", "x" * 40]), max_size=400).map("".join))
def test_pieces_are_the_text_in_order(text: str) -> None:
    found = pieces(text)
    assert "".join(text[piece.start : piece.end] for piece in found) == text
    assert all(len(text[piece.start : piece.end].split()) <= PIECE_WORDS for piece in found)


@given(st.text(alphabet="ab ", max_size=5000))
def test_windows_cover_the_text(text: str) -> None:
    found = windows(text)
    assert found[0].start == 0
    assert found[-1].end == len(text)
    for one, two in itertools.pairwise(found):
        assert one.start < two.start <= one.end < two.end


def test_an_answer_ends_with_its_line_unless_several_are_asked_for() -> None:
    passage = Passage(
        "a#1", "a", "a.txt", "T", None, None, 0, 25, "Tom Okri\nKelp Music Publi.", (Span(0, 8), Span(9, 25))
    )

    class Whole(Scripted):
        def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
            return [Judgement(4.0, 4.0, Span(0, 19)) for _ in views]

    ranked = [ScoredPassage(passage, 0.5, PARTS, Span(0, 8))]
    assert SpanReader(Whole({})).read(query("Who composed it?"), ranked).findings[0].answer == Span(0, 8)
    assert SpanReader(Whole({})).read(query("Who are the credited parties?"), ranked).findings[0].answer == Span(0, 19)


@pytest.mark.parametrize(
    ("text", "marked", "grown"),
    [
        ("Trailer (1:56)", "56", "1:56"),
        ("1.78 : 1 / (high definition)", "1.78 : 1 / (high definition", "1.78 : 1 / (high definition)"),
        ("on 2013-05-19 it opened", "05", "2013-05-19"),
        ("Jean-Baptiste Phou reads", "Baptiste Phou", "Jean-Baptiste Phou"),
        ("$10,148, of which", "10", "10,148"),
        ("in 1975. Then", "1975", "1975"),
        ("for a fine (well earned) prize", "fine", "fine"),
        ("Narrator (voice)", "voice)", "(voice)"),
        ('indicating "universal acclaim".', 'universal acclaim"', '"universal acclaim"'),
        ('a pipe of 12" and more', '12"', '12"'),
        ("said “no more", "“no more", "no more"),
        ("1.78 : 1 / (high definition)", "1.78 : 1 /", "1.78 : 1"),
        ("Colour | Silent |", "Colour | Silent |", "Colour | Silent"),
        ("Trailer (1:56) and 12 stills", "1:56) and 12", "1:56"),
    ],
)
def test_a_span_cuts_through_no_word_or_number(text: str, marked: str, grown: str) -> None:
    start = text.index(marked)
    span = whole(text, Span(start, start + len(marked)))
    assert text[span.start : span.end] == grown


@given(st.text(alphabet="ab1 2:.,-()'\n\"“”|/", max_size=30), st.data())
def test_a_grown_span_holds_every_word_of_the_one_it_grew_from(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = whole(text, Span(start, end))
    assert 0 <= span.start <= span.end <= len(text)
    before, after = text[start : max(span.start, start)], text[min(span.end, end) : end]
    runs_out_of_a_bracket = re.match(r"[^\w(]*\)", after) and "(" in text[: span.start]
    assert not re.search(r"\w", before)
    assert runs_out_of_a_bracket or not re.search(r"\w", after)
    assert whole(text, span) == span


ROW = "Borea | 1991 | 06:15 | 21:50 | Piet Maas"
ROW_MARKS = (
    Mark(0, 0, "Ship: ", True),
    Mark(5, 8, "; Built: ", True),
    Mark(12, 15, "; First boat: ", True),
    Mark(20, 23, "; Last boat: ", True),
    Mark(28, 31, "; Captain: ", True),
)
ROW_PASSAGE = Passage("t#1", "t", "t.md", "Ferries", None, None, 0, len(ROW), ROW, (Span(0, len(ROW)),), ROW_MARKS)


def test_a_row_is_told_in_sentences_and_its_cells_keep_their_places() -> None:
    plain = told(ROW_PASSAGE)
    assert plain.text == ("Ship is Borea. Built is 1991. First boat is 06:15. Last boat is 21:50. Captain is Piet Maas")
    at = plain.text.index("21:50")
    assert plain.source(at, at + 5) == Span(23, 28)
    assert ROW_PASSAGE.plain.text.startswith("Ship: Borea; Built: 1991; ")


def test_a_cell_ends_before_what_stands_between_it_and_the_next() -> None:
    at = ROW_PASSAGE.plain.text.index("1991")
    found = finding_of(query("When was it?"), ROW_PASSAGE, Judgement(1.0, 1.0, Span(at, at + len("1991; "))))
    assert found is not None
    assert text_of(found) == "1991"


def test_one_word_that_only_asks_is_no_question() -> None:
    assert SpanReader(Scripted({})).read(query("Why?"), [scored("It rained.")]).reason == "off_topic"


@pytest.mark.parametrize(
    ("question", "read", "answer"),
    [
        ("When does the last boat Borea leave?", "06:15", "21:50"),  # the column that is named in full
        ("Which captain has the Borea?", "1991", "Piet Maas"),  # the noun that is asked for is a column
        ("When was the Borea built?", "1991", "1991"),
        ("Who built the Borea?", "Piet Maas", "Piet Maas"),  # no year is one who does
        ("When does the last boat leave?", "06:15", "06:15"),  # the row is not named
        ("When does the Borea leave?", "06:15", "06:15"),  # no column is named
    ],
)
def test_a_question_that_names_row_and_column_is_answered_by_their_cell(question: str, read: str, answer: str) -> None:
    query = Query(question, None, question, (), (), ())
    at = told(ROW_PASSAGE).text.index(read)
    found = found_in(query, ROW_PASSAGE, Judgement(1.0, 1.0, Span(at, at + len(read))))
    assert found is not None
    assert text_of(found) == answer
