"""The large reader: what it is shown, and what both readers together make of it."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qa.ask.joint_reader import JointReader, another, elsewhere, telling_names, uncapitalised, unnamed
from qa.ask.library import Library
from qa.ask.opening import bar
from qa.ask.reader import text_of, view_of
from qa.ask.wording import wording
from qa.ingest.corpus import document_of
from qa.ingest.splitter import split
from qa.models.card import JointCard
from qa.models.cross_encoder import Judgement, OverlapCrossEncoder, View
from qa.models.joint import JointJudgement, OverlapJointModel, joint_judgement
from qa.models.onnx import Tokens
from qa.search.store import Within
from qa.search.surroundings import Surroundings
from qa.text import Span
from qa.types import Document, Passage, Query, ScoredPassage

TALK = """# The mill

Rosa: Who rents it now?

Ines: A baker from Ghent. He pays by the quarter.

## Prices

A sack of flour is 12 euros.

A sack of bran is 4 euros.
"""


class Passages:
    """A store of passages in no order."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages

    def scan(self, within: Within) -> Sequence[Passage]:
        return [passage for passage in self.passages[::-1] if within.holds(passage)]


def opened(text: str, path: str = "mill.md") -> tuple[Document, list[Passage], Surroundings]:
    document = document_of(text.encode(), path)
    passages = split(document)
    return document, passages, Surroundings(Passages(passages), {path: document})  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["# Head", "One two three.", "Name: Ana", "- an item", "A longer one. Of two."]), max_size=12
    ),
    st.integers(1, 5),
    st.integers(1, 30),
    st.randoms(),
)
def test_wide_passages_are_slices_of_the_text_that_share_nothing(
    lines: list[str], count: int, words: int, order: Any
) -> None:
    document, passages, surroundings = opened("\n\n".join(lines))
    order.shuffle(passages)
    found = surroundings.wide(passages, count, words)
    assert len(found) <= count
    held = [passage.passage_id for _, run in found for passage in run]
    assert len(held) == len(set(held))
    assert len(held) == len(passages) or len(found) == count
    for wide, run in found:
        assert wide.text == document.text[wide.start : wide.end]
        assert all(wide.span.holds(passage.span) and passage.section == wide.section for passage in run)
        assert len(run) == 1 or sum(len(passage.plain.text.split()) for passage in run) <= words


def test_the_width_of_a_table_is_that_of_what_is_read_of_it() -> None:
    rows = "\n".join(f"Ana{i},Bo,{i}0,Lane {i}" for i in range(1, 9))
    _, passages, surroundings = opened(f"first name,last name,age,street\n{rows}\n", "people.csv")
    ((wide, run),) = surroundings.wide(passages[3:], 1, 40)
    assert 1 < len(run) < 5  # of eleven words each: "first name: Ana4; last name: Bo; …"
    assert len(wide.plain.text.split()) <= 40


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            "a.html",
            "<body><p>One is here.</p>\n<div class='x'><!-- no --></div><p>Two is here.</p><dl><dt>Price</dt>"
            "<dd>12 euros</dd><dt>Size</dt><dd>40 feet</dd></dl></body>",
            "One is here. Two is here. Price: 12 euros Size: 40 feet",
        ),
        (
            "a.md",
            "One is here.\n\n<!-- no -->\n\n| Boat | Feet |\n|---|---|\n| Tern | 11 |\n\n1. Row it.\n2. Dry it.\n",
            "One is here. Boat: Tern; Feet: 11 1. Row it. 2. Dry it.",
        ),
    ],
)
def test_no_markup_stands_between_the_passages_of_a_view(path: str, text: str, told: str) -> None:
    _, passages, surroundings = opened(text, path)
    ((wide, _),) = surroundings.wide(passages[:1], 1, 60)
    assert wide.plain.text == told


def test_a_passage_takes_in_its_neighbours_and_who_speaks_first() -> None:
    _, passages, surroundings = opened(TALK)
    answer = next(passage for passage in passages if "Ghent" in passage.text)
    ((wide, run),) = surroundings.wide([answer], 1, 40)
    assert len(run) > 1
    assert wide.text.startswith("Rosa: Who rents it now?")
    assert wide.text.endswith("by the quarter.")  # the next section is another matter
    assert wide.cue is None


class Told:
    """A large model that answers as told: for a word of the text, the answer in it and a logit."""

    card: JointCard = OverlapJointModel.card

    def __init__(self, told: Mapping[str, float], polarity: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> None:
        self.told = told
        self.polarity = polarity
        self.seen: list[str] = []

    def judge(self, question: str, views: Sequence[View]) -> list[JointJudgement]:
        self.seen += [view.text for view in views]
        judged = []
        for view in views:
            answer = next((answer for answer in self.told if answer in view.text), "")
            at = view.text.find(answer)
            logit = self.told.get(answer, -9.0)
            judged.append(JointJudgement(logit, logit, Span(at, at + len(answer)), self.polarity))
        return judged


def query(question: str) -> Query:
    told = wording(question)
    return Query(question, None, question, tuple(question.lower().split()), (), (), told.kind, told.wants)


def ranked(passages: Sequence[Passage]) -> list[ScoredPassage]:
    parts = {"sentence_cosine": 0.5, "coverage": 0.5}
    return [ScoredPassage(p, 1 - i / 10, parts, p.sentences[0]) for i, p in enumerate(passages)]


@pytest.mark.parametrize(
    ("question", "polarity", "says"),
    [
        ("Does a sack of flour cost 4 euros?", (0.0, 2.0, -2.0), "yes"),
        ("Does a sack of flour cost 4 euros?", (0.0, -2.0, 2.0), "no"),
        ("Does a sack of flour cost 4 euros?", (3.0, 0.2, -0.2), None),
        ("What does a sack of flour cost?", (0.0, 2.0, -2.0), None),
    ],
)
def test_a_view_says_yes_or_no_where_that_is_asked_and_sure(
    question: str, polarity: tuple[float, float, float], says: str | None
) -> None:
    _, passages, surroundings = opened(TALK)
    reader = JointReader(OverlapCrossEncoder(), Told({"4 euros": 5.0}, polarity), surroundings)
    assert reader.read(query(question), ranked(passages)).says == says


def test_the_large_reader_has_the_last_word() -> None:
    document, passages, surroundings = opened(TALK)
    large = Told({"4 euros": 5.0, "12 euros": -1.0})
    reader = JointReader(OverlapCrossEncoder(), large, surroundings)
    reading = reader.read(query("What does a sack of flour cost?"), ranked(passages))
    assert reading.reason is None
    best = reading.findings[0]
    assert document.text[best.answer.start : best.answer.end] == "4 euros"
    assert best.quote.holds(best.answer)
    assert best.passage in passages  # a citation names the narrow one
    assert len(large.seen) <= large.card.views
    assert reading.confidence == pytest.approx(1 / (1 + np.exp(-5)), abs=1e-6)


def test_a_span_over_two_passages_is_cited_from_both() -> None:
    text = "The mill burned down.\n\nIt was built again."
    document, passages, surroundings = opened(text, "mill.txt")
    reader = JointReader(OverlapCrossEncoder(), Told({"burned down. It was built": 3.0}), surroundings)
    best = reader.read(query("List all that happened to the mill."), ranked(passages)).findings[0]
    assert document.text[best.quote.start : best.quote.end] == text


@pytest.mark.parametrize(("logit", "reason"), [(1.0, None), (-1.0, "weak_match")])
def test_what_is_not_sure_is_withheld(logit: float, reason: str | None) -> None:
    _, passages, surroundings = opened(TALK)
    reader = JointReader(OverlapCrossEncoder(), Told({"baker": logit}), surroundings)
    assert reader.read(query("Who rents the old mill now?"), ranked(passages)).reason == reason


DIARY = """# Diary of the mill

## 4 August

The baker came.

## 6 August 2021

Nobody came, since 2021-09-12 was near.
"""


@pytest.mark.parametrize(
    ("question", "withheld"),
    [
        ("Who came on 4 August?", False),
        ("Who came on August 4th?", False),
        ("Who came on 9 August?", True),
        ("Who came on 12 September?", False),
        ("Who came on 2 May?", False),  # of May nothing is told, so that it may be told otherwise
    ],
)
def test_what_is_asked_of_a_day_is_not_answered_by_other_days_of_its_month(question: str, withheld: bool) -> None:
    _, passages, surroundings = opened(DIARY)
    large = Told({"baker": 4.0})
    reading = JointReader(OverlapCrossEncoder(), large, surroundings).read(query(question), ranked(passages))
    assert (reading.reason is not None) is withheld


@pytest.mark.parametrize(
    ("question", "names", "withheld"),
    [
        ("Who rents the old mill now?", (), False),
        ("Who rents the old mill now?", ("Thistle",), True),
        ("Who rents the mill at Thistle?", (), True),
    ],
)
def test_a_name_that_no_source_or_not_the_view_has_takes_more_to_be_answered(
    question: str, names: tuple[str, ...], withheld: bool
) -> None:
    _, passages, surroundings = opened(TALK)
    large = Told({"baker": -0.7})  # a confidence of 0.33
    large.card = replace(large.card, confidence=replace(large.card.confidence, threshold=0.3))
    asked = replace(query(question), unknown_names=names)
    reading = JointReader(OverlapCrossEncoder(), large, surroundings).read(asked, ranked(passages))
    assert reading.confidence == pytest.approx(0.332, abs=0.001)
    assert (reading.reason is not None) is withheld


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Who is the keeper at Harnley Bottom?", "Harnley Top: Yusuf Demir", True),
        ("Who was Sigrid Thoroddsen?", "The leader was Sigurdur Thoroddsen.", True),
        ("What does the Bramble 60 cost?", "The Bramble 40 costs 24 euros.", True),
        ("Who is Selma Vranich?", "Dr Selma Vranić runs it.", False),
        ("Where did Marie Curie teach?", "Professor Curie taught in Paris.", False),
        ("Where did Marie Curie teach?", "Curie taught in Paris.", False),
        ("Where did Marie Curie teach?", "Marie Curie taught in Paris, Pierre Curie beside her.", False),
        ("Who is Jean-Baptiste Phou?", "Jean-Baptiste Phou speaks.", False),
        ("What did the Lumière Awards name it?", "The 21st Lumière Awards named it.", False),
        ("When was Rode 12 shown?", "Rode 11.0 was shown on July 12th, 2019, with 12 boats.", True),
        ("When was Rode 3.1 shown?", "Rode 3.0 came first, and 3.1 (Heron) was shown in 2004.", False),
        ("When was Rode 11 shown?", "Rode 11.0 was shown in 2019.", False),
        ("What happened on 17 April 1975?", "It was April 17, 1975 that the duke seized Rode.", False),
    ],
)
def test_half_of_a_name_with_another_half_is_another(question: str, text: str, found: bool) -> None:
    _, passages, _ = opened(text)
    assert another(query(question), passages[0]) is found


SCORES = """# The Tin Horse

At the Fair of Vik it scores 99 points in all. It also has 87 points on Norland Plates, from 23 judges.

The horse of tin stands in a barn.

The Fair has a wheel.
"""


def test_names_in_small_letters_are_told_by_what_is_found() -> None:
    _, passages, _ = opened(SCORES)
    found = uncapitalised(query("what is its score on norland plates, and who judges at the fair?"), ranked(passages))
    assert found == {"norland", "plates", "fair"}
    assert unnamed(query("is it shown on norland plates?"), passages[-1], {"norland", "plates"}) == 2


def test_a_name_that_few_passages_have_is_looked_for_in_the_answers_own_sentence() -> None:
    document, passages, surroundings = opened(SCORES)
    asked = query("What is its score on Norland Plates?")
    names = telling_names(asked, (), ranked(passages))
    assert names == {"norland", "plate"}
    large = Told({"99 points": 5.0, "87 points": 4.0})
    reader = JointReader(OverlapCrossEncoder(), large, surroundings)
    joint = reader.weigh(asked, ranked(passages), reader.small.judge(asked.text, [view_of(p) for p in passages]))
    wide = next(c for c in joint.candidates if text_of(c.finding) == "99 points")
    alone = next(c for c in joint.candidates if text_of(c.finding) == "87 points")
    assert (wide.features["elsewhere"], alone.features["elsewhere"]) == (2.0, 0.0)
    assert document.text[alone.finding.answer.start : alone.finding.answer.end] == "87 points"
    assert elsewhere(names, alone.finding.passage, alone.finding) == 0
    assert any(view.startswith("It also has 87") for view in large.seen)


MILLS = "\n\n".join(
    f"# Mill {i}\n\nMill number {i} grinds {'wheat for bread' if i < 2 else 'oats'}." for i in range(12)
)


class Counting(OverlapCrossEncoder):
    """Counts the passages that it judges."""

    def __init__(self) -> None:
        self.judged = 0

    def judge(self, question: str, views: Sequence[View], *, max_tokens: int | None = None) -> list[Judgement]:
        self.judged += len(views)
        return super().judge(question, views, max_tokens=max_tokens)


@pytest.mark.parametrize(
    ("told", "enough", "passages", "views"),
    [
        ({"wheat": 9.0}, {}, 8, 2),  # far ahead
        ({"wheat": 1.0}, {}, 12, 2),  # a passage that is not judged could come before it
        ({"wheat": 1.0}, {"ahead": 9.0}, 12, 3),  # a view that is not read could, too
        ({"wheat": 1.0}, {"unjudged": -9.0, "ahead": 0.1}, 8, 2),
        ({"wheat": -3.0}, {"hopeless": 0.2}, 12, 2),  # of all passages the best, and no answer
        ({"wheat": 9.0}, {"passages": 5, "views": 1}, 5, 1),
    ],
)
def test_no_more_is_read_than_it_takes(
    told: Mapping[str, float], enough: Mapping[str, Any], passages: int, views: int
) -> None:
    _, found, surroundings = opened(MILLS)
    small, large = Counting(), Told(told)
    rank = {"large_answers": 1.0, "small_answers": 1.0, "from_small": -99.0}
    large.card = replace(large.card, rank=rank, enough=replace(large.card.enough, **enough))
    reading = JointReader(small, large, surroundings).read(query("What is ground for bread?"), ranked(found))
    assert text_of(reading.findings[0]) == "wheat"
    assert (small.judged, len(large.seen)) == (passages, views)


def test_nothing_to_read_is_no_match() -> None:
    _, _, surroundings = opened(TALK)
    reader = JointReader(OverlapCrossEncoder(), OverlapJointModel(), surroundings)
    assert reader.read(query("Who?"), []).reason == "no_match"


def test_the_best_span_lies_in_the_text_and_is_whole() -> None:
    view = View("Title", "The film won in Cannes.")
    offsets = [
        (0, 0),
        (0, 3),
        (0, 0),
        (0, 0),
        (0, 5),
        (6, 7),
        (8, 11),
        (12, 16),
        (17, 20),
        (21, 23),
        (24, 27),
        (27, 30),
    ]
    parts = [None, 0, None, None, 1, 1, 1, 1, 1, 1, 1, 1]
    pair = Tokens([0] * len(parts), parts, offsets)
    tokens = np.full((14, 3), -5.0, np.float32)
    tokens[4] = 9.0  # the context line is no answer
    tokens[13] = 9.0  # padding neither
    tokens[10, 0] = 2.0
    tokens[10, 1] = 1.0
    judged = joint_judgement(pair, view, tokens, np.array([0.5, 0.0, 1.0, -1.0], np.float32))
    assert view.text[slice(*judged.span)] == "Cannes"
    assert judged.score == pytest.approx(3.0)
    assert judged.answers == pytest.approx(0.5)
    assert judged.polarity == (0.0, 1.0, -1.0)


def test_precision_withholds_what_is_less_sure(library: Library) -> None:
    sure = library.ask("Who made the clay figures?")
    assert not sure.abstained
    above = replace(library, at_least=sure.confidence + 1e-6).ask("Who made the clay figures?")
    assert (above.answer, above.reason, above.citations) == (None, "weak_match", ())
    assert replace(library, at_least=sure.confidence).ask("Who made the clay figures?").answer == sure.answer


def test_the_bar_of_a_precision_is_the_next_that_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JointCard, "load", lambda folder: SimpleNamespace(bars={"0.8": 0.5, "0.9": 0.7}))
    assert [bar("large", share) for share in (0, 0.8, 0.85, 0.9, 0.95)] == [0, 0.5, 0.7, 0.7, 0.95]
    assert bar("small", 0.9) == 0.9


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What does a sack of flour cost at the mill?", 0),
        ("What does flour cost at the mill of Stonham?", 1),
        ("Is it 12 euros or 14?", 1),
        ("Stonham: how much is flour?", 0),  # what begins a question may be any word
    ],
)
def test_the_names_of_a_question_that_a_view_lacks(question: str, lacking: int) -> None:
    _, passages, _ = opened(TALK)
    flour = next(passage for passage in passages if "flour" in passage.text)
    assert unnamed(Query(question, None, question, (), (), ()), flour) == lacking


@pytest.mark.parametrize(("asked", "differing"), [("at Leigh", 0), ("here", 1)])
def test_what_lacks_the_name_of_the_question_contradicts_nothing(asked: str, differing: int) -> None:
    leigh = document_of(b"# The mill of Leigh\n\nIt was built in 1887.\n", "leigh.md")
    dale = document_of(b"# The mill of Dale\n\nIt was built in 1902.\n", "dale.md")
    passages = [*split(leigh), *split(dale)]
    surroundings = Surroundings(Passages(passages), {"leigh.md": leigh, "dale.md": dale})  # type: ignore[arg-type]
    reader = JointReader(OverlapCrossEncoder(), Told({"1887": 9.0, "1902": 8.0}), surroundings)
    reading = reader.read(query(f"When was the mill built {asked}?"), ranked(passages))
    assert text_of(reading.findings[0]) == "1887"
    assert len(reading.rivals) == differing
