"""Yes or no to whether a quantity is above or below a bound: "Is it longer than two hours?"."""

import re
from typing import NamedTuple

from qa.ask.agreement import ISO_DATE, value_of
from qa.patterns import compiled
from qa.search.words import stem
from qa.types import Verdict

ABOVE = (
    r"longer|more|higher|taller|bigger|larger|greater|heavier|wider|broader|deeper|thicker|older|faster|warmer|hotter|"
    r"farther|further|later"
)
BELOW = (
    r"shorter|less|fewer|lower|smaller|lighter|narrower|shallower|thinner|younger|cheaper|slower|colder|cooler|nearer|"
    r"closer|earlier|sooner"
)
HELD_TO = compiled(
    rf"\b(?:(?P<above>(?:{ABOVE})(?: [a-z]+){{0,2}} than|over|above|after|in excess of|at least)|"
    rf"(?P<below>(?:{BELOW})(?: [a-z]+){{0,2}} than|under|below|before|at most|up to)) "
    r"(?P<bound>(?:an? |the year )?[$€£]? ?(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|"
    r"[a-z]{2,6}teen\b|twelve\b|[a-z]{3,5}ty\b|half\b|hundred\b|thousand\b|million\b|hour\b|day\b|week\b|year\b|"
    r"metre\b|kilo\w*)[^?]{0,40}?)\W*$",
    re.IGNORECASE,
)
LOOSE = compiled(
    r"\b(?:at least|at most|up to|more than|less than|fewer than|over|under|from|between|minimum|maximum|to|or|and)\b|"
    r"\d ?[–—-] ?\d",
    re.IGNORECASE,
)
"""What makes a told quantity no single number."""
ABOUT = compiled(r"\b(?:about|around|nearly|almost|roughly|some|approximately|circa)\b|~", re.IGNORECASE)
NEAR = 0.2
"""The part of a bound by which a quantity that is told as "about" so much must be off it."""
YEAR = compiled(r"(?<![\d,.])(?:1[0-9]|20)\d\d(?![\d,.]\d|\d)")
SIZE = compiled(r" (?P<size>long|high|tall|wide|deep|thick|heavy|old|big|large|far)$", re.IGNORECASE)
SIZES = "longer long|shorter long|higher high|lower high|taller tall|bigger big|larger large|smaller big|heavier heavy|"
SIZES += (
    "lighter heavy|wider wide|narrower wide|deeper deep|thicker thick|older old|younger old|farther far|further far"
)
HOW = {one: f"How {size}" for one, size in (pair.split() for pair in SIZES.split("|"))}
OPENS = compiled(r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would) (?!there\b)(?=\w)", re.IGNORECASE)


def measured(question: str) -> str | None:
    """The question for the quantity itself; None where it cannot be told from the wording.

    >>> measured("Was the mill built before 1900?"), measured("Is the bridge over 60 metres long?")
    ('When was the mill built?', 'How long is the bridge?')
    >>> measured("Is it longer than two hours?"), measured("Are there more than 50 boats?")
    ('How long is it?', None)
    >>> measured("Did over 50 critics review it?"), measured("Was she older than ten when it rained?")
    ('How many critics review it?', 'How old was she when it rained?')
    """
    asked = HELD_TO.search(question)
    opens = OPENS.match(question)
    if asked is None or opens is None or asked.start() < opens.end():
        return None
    rest = f"{question[0].lower()}{question[1 : asked.start()]}".strip()
    bound, tail = _cut(asked["bound"])
    if (counted := COUNTED.fullmatch(bound)) and _counts(bound):
        told = tail if asked.start() == opens.end() else f" {rest}{tail}"
        return f"How many {counted['noun']}{told}?"
    if asked.start() == opens.end():
        return None
    size = SIZE.search(bound)
    word = (asked["above"] or asked["below"]).split()[0].lower()
    if size:
        how = f"How {size['size'].lower()}"
    elif word in ("before", "after", "earlier", "later", "sooner") and YEAR.search(bound):
        how = "When"
    elif word in HOW:
        how = HOW[word]
    elif MONEY.search(bound) or EARNS.search(rest) or GRAND.search(bound):
        how = "How much"
    else:
        return None
    return f"{how} {rest}{tail}?"


def _cut(bound: str) -> tuple[str, str]:
    """A quantity with what it counts, and what is said of it behind: ("50 critics", " review it on Metacritic")."""
    counted = COUNTED.match(bound)
    found = BEHIND.search(bound)
    ends = [counted.end()] if counted and _counts(counted[0]) else []
    ends += [found.start()] if found else []
    end = min(ends, default=len(bound))
    return bound[:end], bound[end:].rstrip(" ?")


def _counts(text: str) -> bool:
    """Whether a text is a number of things, not of a unit or of money."""
    number = _number(text)
    return number is not None and not number.measures and not MONEY.search(text)


COUNTED = compiled(r"(?:\d[\d,.]*|[a-z]+) (?P<noun>(?:[a-z][\w’'-]* )?[a-z]{2,}s)(?= |$)")
"""A number with what it counts: "50 critics", "twelve user reviews"."""
MONEY = compiled(r"[$€£]|\b(?:euros?|dollars?|pounds?|cents?)\b", re.IGNORECASE)
GRAND = compiled(r"\bgrand\b", re.IGNORECASE)
BEHIND = compiled(
    r" (?:when|while|in|on|at|by|from|with|for|during|after|before|if|since|as|last|this|next)\b", re.IGNORECASE
)
EARNS = compiled(r"\b(?:make|makes|made|earn|earned|gross|grossed|cost|costs|spend|spent|raise|raised|pay|paid)\s*$")


def bounded(question: str, answer: str, sentence: str = "") -> Verdict | None:
    """What an answer's quantity says to a question that holds it to a bound; None where that is not sure.

    ``sentence`` is where the answer stands; it may name what the number counts.

    >>> bounded("Is it longer than two hours?", "92 minutes"), bounded("Was it open before 1990?", "12 May 1987")
    ('no', 'yes')
    >>> bounded("Is it over 100 metres long?", "64 tonnes"), bounded("Is it cheaper than 10 euros?", "8 to 12 euros")
    (None, None)
    >>> bounded("Are there more than 50 critic reviews?", "100", "Critic reviews: 100")
    'yes'
    """
    asked = HELD_TO.search(question)
    if asked is None or LOOSE.search(ISO_DATE.sub(" ", answer)):
        return None
    limit, told = _number(_cut(asked["bound"])[0]), _number(OUT_OF.sub("", answer))
    if limit is None or told is None or not _of_one_kind(limit, told, sentence):
        return None
    apart = abs(told.number - limit.number)
    if apart <= (NEAR * limit.number if ABOUT.search(answer) else 0):
        return None
    return "yes" if (told.number > limit.number) == bool(asked["above"]) else "no"


class Number(NamedTuple):
    """A number, and what it measures: a length, a time, a ``year``; of what it counts the ``words``."""

    number: float
    measures: str
    words: frozenset[str] = frozenset()


def _of_one_kind(limit: Number, told: Number, sentence: str) -> bool:
    if not limit.measures and not limit.words:  # "older than ten", "over a million"
        return told.measures != "year"
    if limit.measures or told.measures:
        return limit.measures == told.measures
    return limit.words <= told.words | frozenset(map(stem, value_of(sentence).words))


def _number(text: str) -> Number | None:
    """The one number of a text; None where it has several or none."""
    years = set(YEAR.findall(text))
    if len(years) == 1 and not re.search(r"[$€£%]", text):
        return Number(float(years.pop()), "year")
    if HALVES.search(text):
        return None
    text = THOUSANDS.sub(" thousand", text)
    value = value_of(re.sub(r"^an? (?=\w)", "one ", text.strip(), flags=re.IGNORECASE))
    if len(value.quantities) != 1:
        return None
    told = value.quantities[0]
    words = frozenset(stem(word) for word in value.words if word not in ABOUT_IT)
    return Number(told.number, told.measures, words)


THOUSANDS = compiled(r"(?<=\d) ?(?:grand|k)\b", re.IGNORECASE)
OUT_OF = compiled(r" ?(?:out of|/) ?\d[\d.,]*\b", re.IGNORECASE)
"""The scale of a score: "87 out of 100"."""
HALVES = compiled(r"\b(?:half|halves|quarters?)\b", re.IGNORECASE)
ABOUT_IT = frozenset("long high deep wide old tall thick heavy big large far only just".split())
