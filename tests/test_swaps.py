"""Near misses: one word of a question exchanged, in it alone or in its views too."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("bm25s")

from qa.text import Span
from training.large.examples import YES, JointExample, JointGroup
from training.large.swaps import KINDS, Swap, Swapper, exchanged, holds, names, renamed_view, unlike

SWAPPER = Swapper(["Where did Dermot Hale study?", "How long is the bridge at Stonham?", "What costs the Thistle 40?"])
BRIDGE = JointGroup(
    "How long is the bridge at Ollerby?",
    (
        JointExample("Bridges", "Ollerby: 64 metres, opened in 1958.", True, (Span(9, 18),), (Span(0, 34),)),
        JointExample("Bridges", "The ferry at Ollerby is closed."),
    ),
)


def test_no_word_stands_in_two_kinds() -> None:
    words = [word for kind in KINDS for word in kind]
    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_answers_a_near_miss(seed: int) -> None:
    made = SWAPPER.near_miss(BRIDGE, random.Random(seed))
    assert made is not None
    assert made.question != BRIDGE.question
    assert [(view.context, view.text) for view in made.views] == [(v.context, v.text) for v in BRIDGE.views]
    assert not any(view.answers or view.spans or view.evidence for view in made.views)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_renamed_everywhere_has_the_same_answer(seed: int) -> None:
    made = SWAPPER.renamed(BRIDGE, random.Random(seed))
    assert made is not None
    assert made.question != BRIDGE.question
    view = made.views[0]
    assert [view.text[span.start : span.end] for span in view.spans] == ["64 metres"]
    assert view.evidence == (Span(0, len(view.text) - 1),)


def test_a_word_of_the_answer_or_a_yes_is_not_exchanged() -> None:
    answer = JointExample("", "Ollerby", True, (Span(0, 7),), ())
    assert SWAPPER.near_miss(JointGroup("Is it Ollerby?", (answer,)), random.Random(1)) is None
    said = JointExample("", "The bridge at Ollerby is open.", True, (), (Span(0, 30),), YES)
    assert SWAPPER.near_miss(JointGroup("Is the bridge at Ollerby open?", (said,)), random.Random(1)) is None


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Where did Ruth Penhallow study?", ["Ruth Penhallow"]),
        ("What costs the Thistle 20?", ["Thistle 20"]),
        ("Who keeps the lighthouse?", []),
        ("Is it shut on Monday?", []),
        ("Is Ruth's boat older than Karl's?", ["Ruth", "Karl"]),
    ],
)
def test_names_of_a_question(question: str, found: list[str]) -> None:
    assert names(question) == found


def test_a_likely_misspelling_is_no_other_name() -> None:
    assert not unlike("Rithy", "Rity")
    assert not unlike("Stonham", "Stoneham")
    assert unlike("Stonham", "Ollerby")


@given(st.text("ab ", max_size=30), st.text("ab ", max_size=30), st.sampled_from(["a", "ab", "bba"]))
def test_ranges_move_with_the_text(before: str, after: str, new: str) -> None:
    text = f"{before} OLD|answer|OLD {after}"
    at = text.index("|answer|")
    moved = renamed_view(JointExample("", text, True, (Span(at, at + 8),), None), Swap("OLD", new))
    assert [moved.text[span.start : span.end] for span in moved.spans] == ["|answer|"]
    assert moved.text == exchanged(text, Swap("OLD", new))
    assert not holds(moved.text, "OLD")
