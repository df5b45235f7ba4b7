"""Whom a question speaks of by what that one does: "the carver", "the guy who built the boats"."""

import re
from collections.abc import Iterable

from qa.ask.asked.words import AUX
from qa.ask.forms.desk import Desk, sentences_of
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.words import stem, stems
from qa.types import Passage, ScoredPassage

PERSON = r"(?:guy|man|woman|chap|fellow|bloke|lady|person|one|artist|kid|boy|girl)"
BY_TRADE = compiled(
    rf"^(?:{AUX}) (?:the|that|this) (?:[a-z-]+ )?(?P<role>[a-z]{{3,}}(?:or|er|ist|ian))\b(?! of\b)", re.IGNORECASE
)
BY_DEED = compiled(
    rf"^(?:(?:{AUX}) )?(?:the|that|this) (?:[a-z-]+ )?{PERSON} (?:who|that|behind) (?P<did>[^?,]{{4,60}}?)"
    rf"(?:,? (?:{AUX}) (?:he|she)\b.*| (?:himself|herself|live|survive|know|come|see|go|have|ever|still|also|alive|an?)"
    r"\b.*)\W*$",
    re.IGNORECASE,
)
NAME = r"(?-i:[^\W\d_a-z])[\w'’-]+"
ONESELF = compiled(r"\b(?:[Ii]|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|us|[Oo]ur)\b")
"""What somebody says of himself."""
FULL_NAME = compiled(rf"{NAME}(?: {NAME}){{0,3}}")
BY_NAME = compiled(rf"^(?:and |so |but )?(?:{AUX}) (?P<who>{NAME}(?: {NAME}){{1,3}}) ", re.IGNORECASE)
SELDOM = 2
"""Passages that name somebody of whom the sources say little."""
NO_TRADE = frozenset(
    "character number paper letter river water winter summer weather theater member matter order power chapter cover "
    "other former latter never ever after over under trailer poster offer answer center border computer "
    "reviewer critic viewer author writer narrator speaker interviewer reader user editor".split()
)
"""Words that end like trades and are none, and those whose own text says "I"."""


TRADE = compiled(r"[a-z]{3,}(?:or|er|ist|ian)", re.IGNORECASE)


def is_trade(word: str) -> bool:
    """Whether a word is that of what somebody is: "sculptor", not "character".

    >>> is_trade("sculptor"), is_trade("weather"), is_trade("song")
    (True, False, False)
    """
    return TRADE.fullmatch(word) is not None and word.lower() not in NO_TRADE


def spoken_of(question: str, desk: Desk) -> frozenset[str]:
    """The stems of which a sentence has one that is about whom a question speaks of; none where it names nobody so.

    Of a trade these are its word and the names that stand with it; of a deed the name of who did it, and its trade; of
    a name that the sources seldom have the same.
    """
    if (found := BY_TRADE.match(question)) and found["role"].lower() not in NO_TRADE:
        role = found["role"].lower()
        told = desk.about(role)
        proper = re.compile(rf"(?<=[a-z] ){re.escape(role.capitalize())}\b")
        if any(proper.search(passage.plain.text) for passage in told):
            return frozenset()  # "the Khmer" ends like a trade, and is a name
        named = re.compile(rf"\b{re.escape(role)}(?: by)?:? ({NAME}(?: {NAME}){{0,3}})", re.IGNORECASE)
        return frozenset({stem(role), *_names(named, told)})
    if (called := BY_NAME.match(question)) is not None:
        who = called["who"]
    elif (found := BY_DEED.match(question)) is not None:
        did = found["did"] if " " in found["did"] else f"made {found['did']}"
        read = desk.answer(desk.understand(f"Who {did}?", ()), desk).reading
        who = text_of(read.findings[0]) if read.reason is None and read.findings else ""
    else:
        return frozenset()
    if not FULL_NAME.fullmatch(who):
        return frozenset()
    told = [passage for passage in desk.about(who) if stems(who)[-1] in stems(passage.plain.text)]
    if called and len(told) > SELDOM:  # whom all sources are about, they call "he" for most of the time
        return frozenset()
    trade = re.compile(rf"\b([a-z]{{3,}}(?:or|er|ist|ian))(?: by)?:? {re.escape(who)}", re.IGNORECASE)
    return frozenset({*stems(who), *_names(trade, told)})


def _names(pattern: re.Pattern[str], passages: Iterable[Passage]) -> set[str]:
    """The stems of what a pattern finds in passages."""
    return {word for passage in passages for found in pattern.findall(passage.plain.text) for word in stems(found)}


def about_them(whom: frozenset[str], ranked: Iterable[ScoredPassage]) -> list[ScoredPassage]:
    """The sentences of passages that have one of some stems, as passages of their own."""
    sentences = (one for scored in ranked for one in sentences_of(scored))
    return [one for one in sentences if is_about(whom, one.passage.plain.text)]


WITH_WHOM = compiled(
    rf"\b(?:by|with|from|of) (?:the |a )?(?:[a-z-]+ ){{0,2}}(?:{NAME}(?: {NAME}){{0,3}})", re.IGNORECASE
)
"""Whose a thing is, which a sentence on the thing tells in passing."""


def is_about(whom: frozenset[str], told: str) -> bool:
    """Whether a text has one of some stems, and not only in passing."""
    return not whom.isdisjoint(stems(WITH_WHOM.sub(" ", told)))


def names_only(whom: frozenset[str], told: str) -> bool:
    """Whether a text only says who somebody is: every word of it is one of some stems."""
    return whom.issuperset(stems(told))
