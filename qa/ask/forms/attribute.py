"""Yes or no to whether something is of a language or a country, or by somebody, by what the sources say that it is of.

"Isn't it in English?" shares no word with "Language: French", which answers it; "Did Ana Moe edit it?" is answered by
who did.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from qa.ask.asked.words import past
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
JOBS = (
    r"director|producer|writer|author|editor|narrator|composer|photographer|cinematographer|illustrator|translator|"
    r"screenwriter|designer|distributor"
)
BE = r"(?:is|was|are|were|isn['’]t|wasn['’]t|aren['’]t|weren['’]t)"
DOING = r"(?:(?:spoken|filmed|shot|written|told|narrated|made|recorded|sung|all|only|entirely) )*"
IN_LANGUAGE = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,60}}?) {DOING}in (?P<language>{LANGUAGES})(?P<only> (?:only|alone))?\W*$",
    re.IGNORECASE,
)
OF_COUNTRY = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,40}}?) "
    rf"(?P<only>(?:an? )?(?:(?:purely|entirely|wholly|completely|only) (?:an? )?|all-?))?"
    rf"(?:an? )?(?P<country>{'|'.join(COUNTRIES)}) "
    r"(?:film|movie|documentary|picture|production|book|novel|company|band|firm|paper|newspaper|magazine|series|show)"
    r"(?P<alone> (?:only|alone))?\W*$",
    re.IGNORECASE,
)
MADE_BY = compiled(
    rf"^{BE} (?!there\b)(?P<what>[^?]{{1,40}}?) (?:made|produced|financed|funded) (?:by|in) "
    rf"(?P<country>{'|'.join(re.escape(name) for names in COUNTRIES.values() for name in names)})"
    r"(?P<only> (?:only|alone|by itself))?\W*$",
    re.IGNORECASE,
)
VERSION = compiled(r"\b(?:versions?|subtitles?|dub\w*|translations?)\b", re.IGNORECASE)
"""What there may be in another language than that of the work."""
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
    if (found := IN_LANGUAGE.match(question)) and not VERSION.search(found["what"]):
        known = frozenset(name.lower() for name in LANGUAGES.split("|"))
        return Attribute(f"What language is {found['what']} in?", (found["language"],), known, bool(found["only"]))
    known = frozenset(name.lower() for adjective, names in COUNTRIES.items() for name in (adjective, *names))
    if found := OF_COUNTRY.match(question):
        adjective = found["country"].capitalize()
        return Attribute(
            f"Which country is {found['what']} from?",
            (adjective, *COUNTRIES[adjective]),
            known,
            bool(found["only"] or found["alone"]),
        )
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


class Part(NamedTuple):
    """Whom a question holds to have done something, or ``alone`` to have, and the question for who did."""

    who: str
    asked: str
    alone: bool = False


WHO = (
    r"(?P<who>(?:the (?:director|film-?maker|author|writer|producer|composer|sculptor|artist)|(?!(?:the|an?|it|he|she|"
    r"they|there|this|that|any|some|one|you|we|i)\b)[\w.'’-]+(?: [\w.'’-]+){0,2}?))"
)
SELF = r"(?: (?:himself|herself|themselves|alone|personally|really|actually|also|too|as well))*"
HAS_JOB = compiled(
    rf"^{BE} {WHO}{SELF} (?:one of |among )?(?:the|its) (?P<job>[\w -]{{3,30}}?)(?: (?:of|in|for|on) (?:it|the \w+|"
    rf"this \w+))?{SELF}\W*$",
    re.IGNORECASE,
)
JOB_IS = compiled(rf"^{BE} (?:the|its) (?P<job>{JOBS}) (?:of (?:it|(?:the|this) \w+) )?{WHO}{SELF}\W*$", re.IGNORECASE)
DID = compiled(
    rf"^(?:did|does|didn['’]t|doesn['’]t) {WHO}{SELF} (?:help(?: to)? )?(?P<verb>direct|write|edit|narrate|"
    rf"compose|produce|film|shoot|"
    rf"cut|score|design|illustrate|translate|do) (?P<what>[^?]{{2,40}}?){SELF}\W*$",
    re.IGNORECASE,
)
IT_IS = compiled(
    rf"^(?:is|was) (?:(?:it|that) )?{WHO}(?:['’]s)?{SELF}(?: own)? (?:the (?:one|person|man|woman|voice) )?"
    rf"(?:(?:who|that|whom|we|you|i|one|is|was|does|do|did|can|hear|hears|heard|the) )*"
    rf"(?P<voice>talk|speak|narrat|read|voice|hear|commentary)\w*"
    rf"(?: (?:in|on|throughout|all|over|through) (?P<where>[^?]{{1,40}}))?\W*$",
    re.IGNORECASE,
)


SPEAKS = compiled(
    rf"^(?:is|was|does|did) {WHO}{SELF} (?:speak|narrat|read|voic)\w* (?:the|all|his|her)(?: the)? "
    rf"(?:\w+ )?(?:text|commentary|narration|voice-?over|words|story|lines)(?: (?:in|on|of) [^?]{{1,40}})?{SELF}\W*$",
    re.IGNORECASE,
)


def part(question: str) -> Part | None:
    """Who is held to have a job or to have done its work; None for any other question.

    >>> part("Was Ana Moe the only editor?"), part("did jon ask write it himself?").asked
    (Part(who='Ana Moe', asked='Who is the editor?', alone=True), 'Who wrote it?')
    >>> part("is it the director himself who is speaking in the film?").asked, part("Was the mill one of the towers?")
    ('Who is the narrator?', None)
    >>> part("Is Ana Moe speaking the text herself?")
    Part(who='Ana Moe', asked='Who is the narrator?', alone=False)
    >>> part("Is the narrator Moe himself?"), part("Is it Moe that we hear in the Czech version?").asked
    (Part(who='Moe', asked='Who is the narrator?', alone=False), 'Who is the narrator in the Czech version?')
    """
    if (found := HAS_JOB.match(question)) and DOING_JOB.fullmatch(found["job"]):
        job = ONLY.sub("", found["job"])
        return Part(found["who"], f"Who is the {job.removesuffix('s')}?", job != found["job"])
    if (found := JOB_IS.match(question)) is not None:
        return Part(found["who"], f"Who is the {found['job']}?")
    if (found := DID.match(question)) is not None:
        what = re.sub(r"^(?:his|her|their)(?: own)? ", "the ", found["what"], flags=re.IGNORECASE)
        return Part(found["who"], f"Who {past(found['verb'].lower())} {what}?")
    if (found := SPEAKS.match(question)) is not None:
        return Part(found["who"], "Who is the narrator?")
    if (found := IT_IS.match(question)) is not None:
        version = f" in {found['where']}" if found["where"] and VERSION.search(found["where"]) else ""
        return Part(found["who"].removesuffix("'s").removesuffix("’s"), f"Who is the narrator{version}?")
    return None


ONLY = compiled(r"^(?:only|sole|single) ", re.IGNORECASE)
DOING_JOB = compiled(rf"(?:[a-z]+ )?(?:{JOBS})s?", re.IGNORECASE)


def of_a_version(asked: str) -> bool:
    """Whether a question is of one version of a work, whose names stand elsewhere than in the line for all of them."""
    return VERSION.search(asked) is not None


def taken(who: str, told: str) -> bool:
    """Whether somebody is among those that are told, by the last name.

    >>> taken("ana moe", "Bo Lind, Ana Moe"), taken("Ana Moe", "Ana Lind")
    (True, False)
    """
    last = who.split()[-1].lower()
    return re.search(rf"(?<![\w-]){re.escape(last)}(?![\w-])", told.lower()) is not None


def _names(value: str, names: "frozenset[str] | tuple[str, ...]") -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", value) for name in names)
