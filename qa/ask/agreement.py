"""Which answers say the same, which contradict one another, and which only speak of different things.

An answer is taken apart into quantities (a number with what it measures) and words.
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from qa.patterns import compiled
from qa.search.words import folded, stems
from qa.types import Passage

VALUE_WORDS = 8
"""Words above which two answers are no values that could contradict one another."""
LONGEST_VALUE = 300
"""Code points of an answer that are looked at."""
ROUNDED = 0.015
"""How far apart the same length may be in two units: "38 metres" and "125 feet"."""
ALIKE = 0.5
"""The share of two sentences' other words that they have in common where both tell the same thing, each its way."""


def normalised(text: str) -> str:
    """SQuAD normalisation (Rajpurkar et al. 2016): lower case, no punctuation, no articles, single spaces."""
    text = "".join(" " if c in "–—-/" else c for c in text.lower() if c not in string.punctuation or c in "-/")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMERALS = {word: number for number, word in enumerate(SMALL.split())} | {
    word: 10 * number for number, word in enumerate(TENS.split(), 2)
}
ORDINALS = {
    word: number
    for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
SCALES = {"hundred": 100, "dozen": 12, "thousand": 1000, "k": 1000, "million": 10**6, "mn": 10**6, "mio": 10**6}
SCALES |= {"billion": 10**9, "bn": 10**9}
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SAME_WORD = {
    **{month: str(number) for number, month in enumerate(MONTHS, 1)},
    **{month[:3]: str(number) for number, month in enumerate(MONTHS, 1)},
    **{day[:3]: day for day in WEEKDAYS},
    **{"sept": "9", "tues": "tuesday", "thur": "thursday", "thurs": "thursday"},
    **dict.fromkeys(("usd", "dollar", "us$"), "dollars"),
    **dict.fromkeys(("eur", "euro"), "euros"),
    **dict.fromkeys(("gbp", "pound", "sterling", "quid"), "pounds"),
    **dict.fromkeys(("yen", "jpy"), "yens"),
    **dict.fromkeys(("percent", "pct"), "%"),
    **{"&": "and", "saint": "st", "street": "st", "mount": "mt", "doctor": "dr", "professor": "prof"},
}
SIGNS = {"€": " euros ", "$": " dollars ", "£": " pounds ", "¥": " yens ", "%": " % ", "²": "2", "³": "3"}
# What a unit measures and how much of it: metres, grams, litres, minutes. "Pound" is not here: it is oftener money.
MEASURES = {
    "length": "mm millimetre 0.001|cm centimetre 0.01|m metre 1|km kilometre 1000|inch inches 0.0254|"
    "ft foot feet 0.3048|yd yard 0.9144|mi mile 1609.344",
    "mass": "mg milligram 0.001|g gram 1|kg kilo kilogram 1000|t tonne 1000000|oz ounce 28.3495|lb 453.592",
    "volume": "ml millilitre 0.001|cl centilitre 0.01|dl decilitre 0.1|l litre 1|hl hectolitre 100|gallon 4.546",
    "time": "s sec second 0.0166666667|min minute 1|h hr hour 60|day 1440|week 10080",
}


def _units() -> Iterator[tuple[str, tuple[str, float]]]:
    for measures, table in MEASURES.items():
        for entry in table.split("|"):
            *names, size = entry.split()
            for name in names:
                for spelt in {name, name.replace("metre", "meter").replace("litre", "liter")}:
                    yield spelt, (measures, float(size))
                    yield spelt + "s", (measures, float(size))


UNITS = dict(_units())
COUNTRIES = [
    (compiled(pattern), name)
    for pattern, name in (
        (r"\bU\.?S\.?(?:A\.?)?(?![\w$])|\b[Uu]nited [Ss]tates(?: of [Aa]merica)?\b", " unitedstates "),
        (r"\bU\.?K\.?(?!\w)|\b[Uu]nited [Kk]ingdom\b|\b[Gg]reat [Bb]ritain\b", " unitedkingdom "),
    )
]
NOTHING = compiled(r"\b(?:free|gratis|for nothing|no charge|without charge|complimentary)\b", re.IGNORECASE)
ISO_DATE = compiled(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
SHORT_DATE = compiled(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4})(?![\d])")
CLOCK = compiled(r"(?<![\d:.,])(\d{1,2})(?:[:.](\d{2}))? ?([ap])\.? ?m\b\.?", re.IGNORECASE)
CLOCK_24 = compiled(r"(?<![\d:.,])(\d{1,2}):(\d{2})(?![\d:])")
PHONE = compiled(r"(?<![\d.,])(?:\+ ?\d|\(?0)[\d ()/-]{5,24}\d(?!\d)")
THOUSANDS = compiled(r"(?<![\d.,])\d{1,3}(?:[,'’\u00a0\u202f]\d{3}){1,6}(?![\d])")
TOKEN = compiled(r"\d+(?:\.\d+)?|[^\W\d_]+|[%&]")
MILLIONS = compiled(r"([€$£] ?\d{1,9}(?:\.\d{1,9})?) ?m\b", re.IGNORECASE)
ORDINAL_END = frozenset(("st", "nd", "rd", "th"))


class Quantity(NamedTuple):
    """A number with what it measures: ``length`` in metres and so on, else nothing; ``unit`` is as it was written."""

    number: float
    measures: str
    unit: str

    @property
    def written(self) -> float:
        """The number in its unit, as it was written."""
        return self.number / UNITS[self.unit][1] if self.unit else self.number


class Value(NamedTuple):
    """An answer taken apart."""

    quantities: tuple[Quantity, ...]
    words: frozenset[str]


def value_of(text: str) -> Value:
    """The quantities and the other words of an answer; numerals, scales, months and signs as what they stand for.

    >>> value_of("2 million cubic metres").quantities, value_of("1 h 15 min").quantities
    ((Quantity(number=2000000.0, measures='', unit=''),), (Quantity(number=75.0, measures='time', unit=''),))
    """
    return _value_of(text[:LONGEST_VALUE])


@lru_cache(4096)
def _value_of(text: str) -> Value:
    quantities = list[Quantity]()
    others = set[str]()
    for token in _measured(list(_numbered(list(_tokens(text))))):
        if isinstance(token, Quantity):
            last = quantities[-1] if quantities else None
            if last is not None and token.measures == "time" == last.measures and token.number < last.number:
                # "1 hour 15 minutes" is one time
                quantities[-1] = Quantity(last.number + token.number, "time", "")
            else:
                quantities.append(token)
        else:
            others.add(token)
    return Value(tuple(quantities), frozenset(others))


def _tokens(text: str) -> Iterator[str]:
    """Words and numbers as they are written, spellings of one thing made one."""
    for country, name in COUNTRIES:
        text = country.sub(name, text)
    for date in (ISO_DATE, SHORT_DATE):
        text = date.sub(lambda m: f" {int(m[1])} {int(m[2])} {int(m[3])} ", text)
    text = MILLIONS.sub(r"\1 million", text)
    text = CLOCK.sub(lambda m: f" clock{_hour(m[1], m[3])}h{m[2] or '00'} ", text)
    text = CLOCK_24.sub(lambda m: f" clock{int(m[1])}h{m[2]} ", text)
    text = PHONE.sub(lambda m: " phone" + re.sub(r"\D", "", m[0]) + " ", text)
    text = THOUSANDS.sub(lambda m: re.sub(r"\D", "", m[0]), text)
    text = "".join(SIGNS.get(character, character) for character in text)
    for word in re.findall(r"clock\d+h\d+|phone\d+|" + TOKEN.pattern, folded(text)):
        yield SAME_WORD.get(word, word)


def _hour(hour: str, half: str) -> int:
    return int(hour) % 12 + (12 if half.lower() == "p" else 0)


def _numbered(tokens: list[str]) -> Iterator[float | str]:
    """Numbers in digits or as numerals, scales multiplied in; everything else as it is."""
    at = 0
    while at < len(tokens):
        number, after = _number(tokens, at)
        if number is None:
            yield tokens[at]
            at += 1
        else:
            yield number
            at = after + 1 if after < len(tokens) and tokens[after] in ORDINAL_END else after
            if at < len(tokens) and tokens[at] == "second":  # "1 second" is no ordinal
                yield tokens[at]
                at += 1


def _number(tokens: list[str], at: int) -> tuple[float | None, int]:
    """The number that begins at a token, and where it ends: "two hundred and five thousand" is one."""
    first = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if first[0].isdecimal():
        number, at = float(first[:18]), at + 1
    elif first in NUMERALS and (first != "one" or following not in ("of", "the")):
        number, at = float(NUMERALS[first]), at + 1
        if number >= 20 and at < len(tokens) and 0 < NUMERALS.get(tokens[at], 0) < 10:
            number, at = number + NUMERALS[tokens[at]], at + 1
    elif first in ("a", "an") and following in SCALES:
        number, at = 1.0, at + 1
    elif first in ORDINALS:
        return float(ORDINALS[first]), at + 1
    else:
        return None, at
    while at < len(tokens) and tokens[at] in SCALES:
        number, at = number * SCALES[tokens[at]], at + 1
    if (
        number >= 100
        and number % 100 == 0
        and at + 1 < len(tokens)
        and tokens[at] == "and"
        and tokens[at - 1] in SCALES
    ):
        rest, after = _number(tokens, at + 1)
        if rest is not None and rest < 100:
            return number + rest, after
    return number, at


def _measured(tokens: list[float | str]) -> Iterator[Quantity | str]:
    """Numbers with the unit behind them."""
    at, hours = 0, False
    while at < len(tokens):
        token, at = tokens[at], at + 1
        if isinstance(token, str):
            if token not in ("a", "an", "the", "about", "approximately", "around", "roughly", "some", "and"):
                yield token
            continue
        following = tokens[at] if at < len(tokens) else ""
        unit = following if isinstance(following, str) and following in UNITS else ""
        if unit == "m" and hours:  # "1h 32m"
            unit = "min"
        measures, size = UNITS[unit] if unit else ("", 1.0)
        at += bool(unit)
        hours = measures == "time" and size == UNITS["h"][1]
        yield Quantity(token * size, measures, unit)


def same_answer(one: str, other: str) -> bool:
    """Whether two answers say the same: what one of them holds is among what the other holds.

    >>> same_answer("2013-05-19", "19 May 2013"), same_answer("85th Academy Awards", "86th Academy Awards")
    (True, False)
    >>> same_answer("2 km long", "2000 metres"), same_answer("4 million euros", "€4,000,000")
    (True, True)
    """
    fewer, more = sorted((value_of(one), value_of(other)), key=lambda v: len(v.quantities) + len(v.words))
    if not fewer.quantities and not fewer.words:
        return False
    if not all(any(_same_quantity(q, r) for r in more.quantities) for q in fewer.quantities):
        return False
    if fewer.quantities and not _measure_words(fewer) and all(q.measures for q in fewer.quantities):
        return True
    return all(any(_same_word(word, w) for w in more.words) for word in _measure_words(fewer))


DIMENSION_WORDS = frozenset("long wide tall high deep old far away in length height".split())


def _measure_words(value: Value) -> frozenset[str]:
    """The words that say something beside a quantity: "long" says nothing beside "2 km"."""
    return value.words - DIMENSION_WORDS if value.quantities else value.words


def _same_quantity(one: Quantity, other: Quantity) -> bool:
    if one.measures and other.measures and one.measures != other.measures:
        return False
    within = ROUNDED if one.measures == other.measures == "length" and one.unit != other.unit else 1e-9
    near = abs(one.number - other.number) <= within * max(one.number, other.number)
    return near or (not (one.measures and other.measures) and one.written == other.written)


def _same_word(one: str, other: str) -> bool:
    """Equal, an initial of the other, or the same word in another number."""
    return (
        one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]) or one.rstrip("s") == other.rstrip("s")
    )


def has_number(text: str) -> bool:
    """Whether an answer holds a number, in digits or as a numeral, or says that something costs nothing."""
    value = value_of(text)
    held = any(character.isdigit() for word in value.words for character in word)
    return bool(value.quantities) or held or NOTHING.search(text[:LONGEST_VALUE]) is not None


def comparable(one: str, other: str) -> bool:
    """Whether two different answers are values of one kind: both short, and both with a number or neither.

    Two numbers that measure different things, as a length and a time, are none of one kind.
    """
    if not all(0 < len(normalised(text[:LONGEST_VALUE]).split()) <= VALUE_WORDS for text in (one, other)):
        return False
    if has_number(one) != has_number(other):
        return False
    first, second = value_of(one), value_of(other)
    measured = [{q.measures for q in value.quantities if q.measures} for value in (first, second)]
    if all(measured):
        return bool(measured[0] & measured[1])
    if first.quantities and second.quantities and first.words and second.words:
        # "2 million cubic metres" and "1500 lire": one is a sum of money, the other is none.
        return _is_money(first) == _is_money(second)
    return True


MONEY = frozenset(
    "euro dollar pound pence penny cent crown franc mark yen rupee lira lire peso krona kroner rouble zloty baht riel "
    "usd eur gbp chf".split()
)


def _is_money(value: Value) -> bool:
    return any(word in MONEY or word.rstrip("s") in MONEY for word in value.words)


YEAR = compiled(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


def of_another(question: str, one: Passage, other: Passage) -> bool:
    """Whether two passages with different values speak of different things, so that they cannot contradict each other.

    They stand under different years (last year's list and this year's), or are values of labels that share no word,
    neither of which the question names: a runtime and the length of a trailer.
    """
    years = [set(YEAR.findall(f"{passage.title} {passage.section or ''} {passage.path}")) for passage in (one, other)]
    if all(years) and not years[0] & years[1]:
        return True
    if not (one.cue and other.cue) or one.cue.rstrip().endswith("?") or other.cue.rstrip().endswith("?"):
        return False
    asked, first, second = (set(stems(text)) for text in (question, one.cue, other.cue))
    return bool(first and second) and not first & second and not second & asked


def parallel(question: str, one: str, answer: str, other: str, rival: str) -> bool:
    """Whether two sentences tell the same of what the question names, each with its answer.

    >>> parallel("What is the roof made of?", "The roof is slate.", "slate", "Its roof is copper.", "copper")
    True
    """
    answers = set(stems(f"{answer} {rival}"))
    first, second = (set(stems(text)) - answers for text in (one, other))
    common = first & second
    return bool(common & set(stems(question))) and len(common) >= ALIKE * min(len(first), len(second))
