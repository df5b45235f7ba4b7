"""Yes or no to whether something is of a language or a country, by what the sources say that it is of.

"Isn't it in English?" shares no word with "Language: French", which answers it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from qa.ask.language import NAMES
from qa.patterns import compiled
from qa.types import Verdict

COUNTRIES: Mapping[str, tuple[str, ...]] = {
    adjective: tuple(names.split("|"))
    for adjective, _, names in (
        entry.partition(" ")
        for entry in (
            "American United States|USA|US|U.S.|America,Argentine Argentina,Australian Australia,Austrian Austria,"
            "Belgian Belgium,Brazilian Brazil,British United Kingdom|UK|Great Britain|Britain|England,"
            "Cambodian Cambodia,Canadian Canada,Chilean Chile,Chinese China,Czech Czech Republic|Czechia,"
            "Danish Denmark,Dutch Netherlands|Holland,Egyptian Egypt,English England|United Kingdom|UK,Finnish Finland,"
            "French France,German Germany,Greek Greece,Hungarian Hungary,Indian India,Iranian Iran,Irish Ireland,"
            "Israeli Israel,Italian Italy,Japanese Japan,Kenyan Kenya,Korean Korea|South Korea,Mexican Mexico,"
            "Nigerian Nigeria,Norwegian Norway,Pakistani Pakistan,Polish Poland,Portuguese Portugal,Romanian Romania,"
            "Russian Russia,Scottish Scotland,Spanish Spain,Swedish Sweden,Swiss Switzerland,Thai Thailand,"
            "Turkish Turkey,Ukrainian Ukraine,Vietnamese Vietnam,Welsh Wales"
        ).split(",")
    )
}
LANGUAGES = "|".join(sorted({*NAMES.values(), "Latin", "Welsh", "Irish", "Gaelic"}))
BE = r"(?:is|was|are|were|isn['’]t|wasn['’]t|aren['’]t|weren['’]t)"
DOING = r"(?:(?:spoken|filmed|shot|written|told|narrated|made|recorded|sung|all|only|entirely) )*"
IN_LANGUAGE = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,60}}?) {DOING}in (?P<language>{LANGUAGES})(?P<only> (?:only|alone))?\W*$",
    re.IGNORECASE,
)
OF_COUNTRY = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,40}}?) an? (?:purely |all-?)?(?P<country>{'|'.join(COUNTRIES)}) "
    r"(?:film|movie|documentary|picture|production|book|novel|company|band|firm|paper|newspaper|magazine|series|show)"
    r"\W*$",
    re.IGNORECASE,
)
MADE_BY = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,40}}?) (?:made|produced|financed|funded) (?:by|in) "
    rf"(?P<country>{'|'.join(re.escape(name) for names in COUNTRIES.values() for name in names)})"
    r"(?P<only> (?:only|alone|by itself))?\W*$",
    re.IGNORECASE,
)
APART = compiled(r"[,;/|]| and | & ")


class Attribute(NamedTuple):
    """What a question holds something to be of: the question for it, the names of it, whether of nothing else."""

    asked: str
    names: tuple[str, ...]
    known: frozenset[str]
    alone: bool


def attribute(question: str) -> Attribute | None:
    """The language or the country that a question asks about; None for any other question.

    >>> attribute("Isn't it in English?").asked, attribute("is the film an american movie?").asked
    ('What language is it in?', 'Which country is the film from?')
    """
    if found := IN_LANGUAGE.match(question):
        known = frozenset(name.lower() for name in LANGUAGES.split("|"))
        return Attribute(f"What language is {found['what']} in?", (found["language"],), known, bool(found["only"]))
    known = frozenset(name.lower() for adjective, names in COUNTRIES.items() for name in (adjective, *names))
    if found := OF_COUNTRY.match(question):
        adjective = found["country"].capitalize()
        return Attribute(f"Which country is {found['what']} from?", (adjective, *COUNTRIES[adjective]), known, False)
    if found := MADE_BY.match(question):
        alike = next((a, *names) for a, names in COUNTRIES.items() if found["country"].lower() in map(str.lower, names))
        return Attribute(f"Which country is {found['what']} from?", alike, known, bool(found["only"]))
    return None


def held(asked: Attribute, told: str) -> Verdict | None:
    """What the sources' answer says to it; None where that is no language or country.

    >>> held(attribute("Isn't it in English?"), "French")
    'no'
    >>> held(attribute("Was it made by France alone?"), "China, France")
    'no'
    >>> held(attribute("Is it in French?"), "French"), held(attribute("Is it in French?"), "a karaoke bar")
    ('yes', None)
    """
    values = [part.strip(" .()").lower() for part in APART.split(told) if part.strip(" .()")]
    if not values or not any(_names(value, asked.known) for value in values):
        return None
    if not any(_names(value, asked.names) for value in values):
        return "no"
    return "no" if asked.alone and len(values) > 1 else "yes"


def _names(value: str, names: "frozenset[str] | tuple[str, ...]") -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", value) for name in names)
