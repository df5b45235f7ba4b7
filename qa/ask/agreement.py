"""Which answers say the same and which contradict one another."""

import re
import string

VALUE_WORDS = 8
"""Words above which two answers are no values that could contradict one another."""


def normalised(text: str) -> str:
    """SQuAD normalisation (Rajpurkar et al. 2016): lower case, no punctuation, no articles, single spaces."""
    text = "".join(" " if c in "–—-/" else c for c in text.lower() if c not in string.punctuation or c in "-/")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


MONTHS = "january february march april may june july august september october november december".split()
NUMERALS = "two three four five six seven eight nine ten eleven twelve".split()
SAME_TERM = {
    **{month: str(number) for number, month in enumerate(MONTHS, 1)},
    **{numeral: str(number) for number, numeral in enumerate(NUMERALS, 2)},
    **dict.fromkeys(("min", "mins", "minute"), "minutes"),
}
HOURS = re.compile(
    r"\b(\d+) ?h(?:(?:ou)?rs?)?(?![a-z])\.?(?: ?(?:and )?(\d+) ?m(?:in(?:ute)?s?)?(?![a-z]))?", re.IGNORECASE
)


def _terms(text: str) -> set[str]:
    """The words of an answer; months and numerals as numbers, hours as minutes, "07" and "7th" as 7."""
    text = HOURS.sub(lambda m: f"{60 * int(m[1]) + int(m[2] or 0)} minutes", text.replace("-", " "))
    terms = {SAME_TERM.get(word, word) for word in normalised(text).split()}
    return {re.sub(r"^0*(\d+)(?:st|nd|rd|th)?$", r"\1", term) for term in terms}


def same_answer(one: str, other: str) -> bool:
    """Whether two answers say the same: the words of one are among those of the other.

    >>> same_answer("2013-05-19", "19 May 2013"), same_answer("85th Academy Awards", "86th Academy Awards")
    (True, False)
    """
    fewer, more = sorted((_terms(one), _terms(other)), key=len)
    return bool(fewer) and fewer <= more


def has_number(text: str) -> bool:
    """Whether an answer holds a number, in digits or as a numeral."""
    return any(character.isdigit() for term in _terms(text) for character in term)


def comparable(one: str, other: str) -> bool:
    """Whether two different answers are values of one kind: both short, and both with a number or neither."""
    short = all(0 < len(normalised(text).split()) <= VALUE_WORDS for text in (one, other))
    return short and has_number(one) == has_number(other)
