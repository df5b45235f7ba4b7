"""A superlative over the column of a table: its numbers decide, the row is cited. Without a table it is a value."""

import re
from collections.abc import Sequence

from msgspec import Struct

from qa.ask.forms.desk import Desk, alike
from qa.ask.forms.rows import Row, all_heads, column_for, filtered, number_of, row_of, table_of
from qa.ask.forms.value import value
from qa.patterns import compiled
from qa.search.words import content_words
from qa.types import Entry, Formed, Query, Reading

READ = 8
"""Passages among which a table is looked for."""
TIME = "year opened built founded born date since started departs departure time start first released published age"
MONEY = "price cost fare fee rate charge tariff rent amount salary wage budget"
SIZE = "size area length height width capacity seats mirror depth weight distance volume population visitors"
LENGTH = "length duration runtime distance minutes hours"
HEIGHT = "height altitude elevation"
# What adjectives measure, those of the greatest number first.
SCALES = (
    (MONEY, "expensive dear costly", "cheap"),
    (TIME, "new young late last recent", "old early first ancient"),
    (f"{LENGTH} {SIZE}", "long", ""),
    (LENGTH, "", "short"),
    (HEIGHT, "high tall", "low"),
    ("depth", "deep", "shallow"),
    ("width", "wide", "narrow"),
    ("weight mass", "heavy", "light"),
    ("speed knots", "fast", "slow"),
    (SIZE, "large big great", "small"),
    ("distance", "far", "near close"),
    ("temperature", "hot", "cold"),
    ("score rating points", "best", "worst"),
    ("", "most maximum max", "least few minimum min"),
)
MEASURES = {
    adjective: (names, greatest)
    for names, great, small in SCALES
    for adjectives, greatest in ((great, True), (small, False))
    for adjective in adjectives.split()
}
WORD = compiled(r"[^\W\d_]+")
MONEY_SIGN = compiled(r"[€£$¥]|\b(?:euros?|dollars?|pounds?|crowns?|francs?|kr)\b", re.IGNORECASE)


class Most(Struct, frozen=True):
    """The superlative of a question: the noun behind it, what it measures, and whether the greatest number has it."""

    noun: str
    measures: tuple[str, ...]
    greatest: bool
    money: bool
    words: tuple[str, ...]


def superlative(query: Query, desk: Desk) -> Formed:
    """The row of a table whose column has the greatest or the least number."""
    most = most_of(query.core or query.text)
    ranked = desk.search(query)
    for scored in ranked[:READ] if most else ():
        row = row_of(scored.passage)
        if row is None or most is None:
            continue
        rows = table_of(row, desk)
        head = measuring(most, query, rows)
        if head is None:
            continue
        asked = [w for w in content_words(query.core or query.text) if w not in most.words]
        rows = filtered(rows, asked)
        numbered = [(number, r) for r in rows if (number := number_of(r.reads(head))) is not None]
        if len(numbered) < 2 or len(numbered) < len(rows) / 2:
            continue
        # The oldest has the least year and the greatest age.
        aged = most.measures == tuple(TIME.split()) and "age" in content_words(head)
        extreme = (max if most.greatest != aged else min)(number for number, _ in numbered)
        best = [r for number, r in numbered if number == extreme]
        told = answer_column(query, most, rows, head)
        found = [r.finding(told) for r in best if r.reads(told)]
        if found:
            confidence = max(desk.read(query, ranked).confidence, SURE)
            items = tuple(Entry((finding,)) for finding in found) if len(found) > 1 else ()
            return Formed("superlative", Reading((found[0],), confidence, None), ranked, items)
    return value(query, desk)


SURE = 0.5
"""Confidence at least, where the numbers of a column decide."""


def most_of(text: str) -> Most | None:
    """The superlative of a question; None where none is known.

    >>> most_of("Which place has the smallest mirror?").noun
    'mirror'
    """
    tokens = WORD.findall(text)
    lowered = [token.lower() for token in tokens]
    for i, word in enumerate(lowered):
        if word in ("most", "least") and i + 1 < len(lowered) and lowered[i + 1] in MEASURES:
            names, greatest = MEASURES[lowered[i + 1]]
            return _most(lowered, i, i + 1, names, greatest if word == "most" else not greatest)
        base = word if word in MEASURES and word in PLAIN else _base(word)
        if base is not None:
            names, greatest = MEASURES[base]
            return _most(lowered, i, i, names, greatest)
    return None


PLAIN = frozenset("most least first last maximum max minimum min best worst".split())


def _base(word: str) -> str | None:
    """The adjective of a superlative: "oldest" → "old", "largest" → "large", "earliest" → "early"."""
    if not word.endswith("est"):
        return None
    stem = word[:-3]
    forms = (
        stem,
        stem + "e",
        stem[:-1] + "y" if stem.endswith("i") else "",
        stem[:-1] if stem[-1:] == stem[-2:-1] else "",
    )
    return next((form for form in forms if form in MEASURES), None)


def _most(words: list[str], first: int, last: int, names: str, greatest: bool) -> Most:
    noun = next((w for w in words[last + 1 : last + 3] if content_words(w)), "")
    return Most(noun, tuple(names.split()), greatest, names == MONEY, tuple(words[first : last + 1]))


def measuring(most: Most, query: Query, rows: Sequence[Row]) -> str | None:
    """The column that a superlative is of: by its noun, by what the adjective measures, by the sign of money."""
    heads = all_heads(rows)
    numeric = [h for h in heads if sum(number_of(r.reads(h)) is not None for r in rows) > len(rows) / 2]
    for words in ([most.noun], _verbs(query, most), most.measures):
        column = column_for([w for w in words if w], rows)
        if column in numeric:
            return column
    if most.money:
        return next((h for h in numeric if any(MONEY_SIGN.search(r.reads(h)) for r in rows)), None)
    if most.measures == tuple(TIME.split()):
        return next(
            (h for h in numeric if all(1000 <= (number_of(r.reads(h)) or 0) < 2200 for r in rows if r.reads(h))), None
        )
    if most.measures == tuple(SIZE.split()) and len(numeric) == 1:
        return numeric[0]
    return None


def _is_year(text: str) -> bool:
    return 1000 <= (number_of(text) or 0) < 2200


def _verbs(query: Query, most: Most) -> list[str]:
    """The other words of the question: "Which train departs first?" speaks of the column "Departs"."""
    return [w for w in content_words(query.core or query.text)[1:] if w not in most.words and w != most.noun]


def answer_column(query: Query, most: Most, rows: Sequence[Row], measured: str) -> str:
    """The column that the question asks for: the measured one itself, that of its first noun, or the rows' names."""
    core = (query.core or query.text).lower()
    if re.match(r"(?:what(?: is|['’]s| was| are)? the|how)\b", core) and _names(most.noun, measured):
        return measured
    others = [h for h in all_heads(rows) if h != measured]
    before = content_words(core.partition(most.words[0])[0])
    for word in before:
        column = next((h for h in others if any(alike(word, part) for part in content_words(h))), None)
        if column:
            return column
    return rows[0].heads[0]


def _names(noun: str, head: str) -> bool:
    return not noun or any(alike(noun, word) for word in content_words(head))
