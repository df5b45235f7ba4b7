"""Answers that say the same, that differ, and that speak of different things."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.ask.agreement import comparable, has_number, of_another, parallel, same_answer, value_of
from qa.types import Passage

SAME = """
ten = 10
twelve people = 12 people
twenty-five = 25
one hundred and twenty = 120
a dozen = 12
4 million = 4,000,000
2 million cubic metres of water = 2,000,000 cubic metres
€4m = 4 million euros
1,500 lire = 1500 lire
$4 million = 4,000,000 dollars
4 euros = €4
3 km = 3000 m
2000 metres long = 2 km long
1.5 kg = 1500 g
38 metres = 125 feet
USA = United States
the U.S. = United States of America
United Kingdom = UK
19 May 2013 = 2013-05-19
May 19, 2013 = 19.05.2013
9 Oct 1936 = 9 October 1936
1 hour 15 minutes = 75 minutes
1h 32min = 92 minutes
two weeks = 14 days
1 second = 1 sec
6 pm = 18:00
6:30 p.m. = 18:30
01865 724 111 = 01865 724111
+44 1865 724111 = +44 (1865) 724-111
75 % = 75 percent
seventh = 7th
R. Penhallow = Ruth Penhallow
Dr Piet Okonjo = Piet Okonjo
José = Jose
"""
DIFFERENT = """
free | 4 euros
slate | copper
01865 724111 | 01865 724112
85th Academy Awards | 86th Academy Awards
92 minutes | 96 minutes
8.2 | 82
8.2 | 8.3
nine minutes | fourteen minutes
19 May 2013 | 19 March 2014
4 euros | 4 pounds
6 pm | 6 am
3 km | 3 m
Ruth Penhallow | Rita Sool
first | second
"""


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_one_value_in_two_dresses(line: str) -> None:
    one, other = line.split(" = ")
    assert same_answer(one, other)
    assert same_answer(other, one)


@pytest.mark.parametrize("line", DIFFERENT.strip().splitlines())
def test_two_values(line: str) -> None:
    one, other = line.split(" | ")
    assert not same_answer(one, other)
    assert not same_answer(other, one)
    assert comparable(one, other)


@pytest.mark.parametrize(("one", "other"), [("64 metres", "92 minutes"), ("1890", "Corin Dace"), ("", "5")])
def test_values_of_two_kinds(one: str, other: str) -> None:
    assert not comparable(one, other)


def passage(title: str, cue: str | None = None, section: str | None = None) -> Passage:
    return Passage("a#1", "a", "a.md", title, section, cue, 0, 1, "x", ())


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("How long is it?", passage("Film", "Runtime"), passage("Listing", "Trailer"), True),
        ("How long is the trailer?", passage("Film", "Runtime"), passage("Listing", "Trailer"), False),
        ("How many reviews?", passage("Film", "User reviews"), passage("Listing", "Critics"), True),
        ("When was it released?", passage("Film", "Released"), passage("Listing", "Release date"), False),
        ("How much is parking?", passage("Prices 2023"), passage("Prices 2024"), True),
        ("How much is parking?", passage("Prices"), passage("Prices 2024"), False),
        ("How old is she?", passage("Talk", "How old is she?"), passage("Listing", "Age"), False),
    ],
)
def test_different_things_are_no_conflict(question: str, one: Passage, other: Passage, expected: bool) -> None:
    assert of_another(question, one, other) is expected


def test_sentences_alike_but_for_their_answers() -> None:
    asked, painted = "What colour are the cabins painted?", "The cabins are painted"
    assert parallel(asked, f"{painted} yellow.", "yellow", f"{painted} red.", "red")
    assert not parallel(asked, f"{painted} yellow.", "yellow", "Its driver wears red.", "red")
    assert not parallel("editor", "Ana Ruiz cut it.", "Ana Ruiz", "Cut by Tom Okri.", "Tom Okri")


@given(st.text(max_size=80), st.text(max_size=80))
@example("⓵", "²")  # digits in their kind, but no decimal ones
def test_agreement_is_mutual(one: str, other: str) -> None:
    assert same_answer(one, other) is same_answer(other, one)
    assert comparable(one, other) is comparable(other, one)


@pytest.mark.parametrize("piece", ["1", "0", "1,", "1,000", "two ", "1 ", "+1 ", "1:", "1.", "(", "hundred and ", "1h"])
def test_time_does_not_grow_with_the_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        same_answer(text, text + "b")
        comparable(text, text + "c")
        return time.process_time() - started

    short, long = (min(seconds(length) for _ in range(3)) for length in (10**3, 10**5))
    assert long < 20 * short + 0.05
    assert has_number(piece * 10**5) is has_number(piece * 10)
    assert value_of("9" * 5000).quantities


@pytest.mark.parametrize(
    ("one", "other", "rivals"),
    [
        ("2 million cubic metres", "1500 lire", False),
        ("4 euros", "4 pounds", True),
        ("120 seats", "140 seats", True),
        ("$5", "12 people", False),
    ],
)
def test_a_sum_of_money_contradicts_no_other_count(one: str, other: str, rivals: bool) -> None:
    assert comparable(one, other) == rivals
