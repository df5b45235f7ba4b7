"""Who is whose mother, and how two people are related: what the family words of a document say, also together."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from qa.ask.forms.desk import Desk
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.store import Within
from qa.text import PlainText, Span, marks_within
from qa.types import Finding, Passage, Query, Reading, ScoredPassage

Kin = Literal[
    "parent", "child", "sibling", "spouse", "sibling's child", "parent's sibling", "grandparent", "grandchild"
]
Gender = Literal["f", "m", ""]
WORDS: dict[str, tuple[Kin, Gender]] = {
    "mother": ("parent", "f"),
    "father": ("parent", "m"),
    "parent": ("parent", ""),
    "daughter": ("child", "f"),
    "son": ("child", "m"),
    "child": ("child", ""),
    "sister": ("sibling", "f"),
    "brother": ("sibling", "m"),
    "sibling": ("sibling", ""),
    "wife": ("spouse", "f"),
    "widow": ("spouse", "f"),
    "husband": ("spouse", "m"),
    "widower": ("spouse", "m"),
    "spouse": ("spouse", ""),
    "niece": ("sibling's child", "f"),
    "nephew": ("sibling's child", "m"),
    "aunt": ("parent's sibling", "f"),
    "uncle": ("parent's sibling", "m"),
    "grandmother": ("grandparent", "f"),
    "grandfather": ("grandparent", "m"),
    "granddaughter": ("grandchild", "f"),
    "grandson": ("grandchild", "m"),
}
TURNED: dict[Kin, Kin] = {
    "parent": "child",
    "child": "parent",
    "sibling": "sibling",
    "spouse": "spouse",
    "sibling's child": "parent's sibling",
    "parent's sibling": "sibling's child",
    "grandparent": "grandchild",
    "grandchild": "grandparent",
}
WORD = rf"(?P<word>(?i:{'|'.join(WORDS)}))"
NAME = r"(?<!\w)[^\W\d_a-z][\w’-]{0,30}(?: [^\W\d_a-z][\w’-]{0,30}){0,3}"
MANNER = r"(?:[a-z-]+ ){0,2}"
AT = r",? (?:(?:who|now|then) )?"
STATED = tuple(
    compiled(pattern)
    for pattern in (
        # "Henrik was the brother of Marthe", "Tilda, the niece of Ivo"
        rf"(?P<one>{NAME})(?: \([^)]*\))?(?:,| is| was| became) (?:the |an? )?{MANNER}{WORD} (?:of|to) "
        rf"(?P<other>{NAME})",
        # "the mother of Basil was Clemency"
        rf"{WORD} of (?P<other>{NAME}) (?:is|was|were) (?P<one>{NAME})",
        # "Basil's wife Rosalind", "Basil's wife was Rosalind"
        rf"(?P<other>{NAME})['’]s? {MANNER}{WORD}(?:,| is| was| called| named)? (?P<one>{NAME})",
        # "Rosalind is Basil's wife"
        rf"(?P<one>{NAME}) (?:is|was|became) (?P<other>{NAME})['’]s? {MANNER}{WORD}\b",
        # "his daughter Winifred", "their son Basil"
        rf"(?P<whose>(?i:his|her|their)) {MANNER}{WORD}(?:,| is| was| called| named)? (?P<one>{NAME})",
        rf"(?P<one>{NAME}) (?:(?:is|was|had been) )?(?P<wed>married)(?: to)? (?P<other>{NAME})",
    )
)
NAMED = compiled(rf"(?<![\w’']){NAME}")
NO_NAME = compiled(
    r"(?:The|An?|In|On|At|When|While|After|Before|His|Her|Their|He|She|They|It|And|But|As|If|Since|Then|There|This|That|"
    r"Later|Here|By|For|From|With|Who|What|I|We|You|My|Our|INT|EXT)(?: |$)"
)
WHOSE = (
    compiled(
        rf"who(?:['’]s| is| was| are| were) (?:the )?{MANNER}{WORD} (?:of|to) (?P<name>[^?]{{1,60}}?)\W*$",
        re.IGNORECASE,
    ),
    compiled(rf"who(?:['’]s| is| was| are| were) (?P<name>[^?]{{1,60}}?)['’]s? {MANNER}{WORD}\W*$", re.IGNORECASE),
)
RELATED = (
    compiled(
        r"how (?:is|are|was|were) (?P<one>[^?]{1,60}?) (?:and|related to) (?P<other>[^?]{1,60}?)(?: related)?\W*$",
        re.IGNORECASE,
    ),
    compiled(
        r"(?:what is|what['’]s|what was) the (?:relation|relationship|kinship) (?:between|of) "
        r"(?P<one>[^?]{1,60}?) (?:and|to) (?P<other>[^?]{1,60}?)\W*$",
        re.IGNORECASE,
    ),
)
MOST = 400
"""Passages of a document that are looked through."""
CONFIDENCE, INFERRED = 0.7, 0.5


class Person(Struct, frozen=True):
    """A person at a place of a passage."""

    name: str
    passage: Passage
    span: Span

    def is_called(self, name: str) -> bool:
        """Whether a name is this one's, or a part of it, or the other way round."""
        own, other = set(self.name.casefold().split()), set(name.casefold().split())
        return own <= other or other <= own


class Stated(Struct, frozen=True):
    """``one`` is of a kin to ``other``, as a sentence says at ``word``."""

    one: Person
    kin: Kin
    other: Person
    word: Span
    sentence: Span

    def finding(self, answer: Span) -> Finding:
        """A part of the sentence as the answer, the sentence as its quote."""
        return Finding(self.one.passage, self.sentence, answer)


class Family(Struct):
    """What a document states, and who is a woman or a man by its words."""

    stated: list[Stated]
    women: set[str]
    men: set[str]

    def gender(self, person: Person) -> Gender:
        """As far as the words tell."""
        if any(person.is_called(name) for name in self.women):
            return "f"
        return "m" if any(person.is_called(name) for name in self.men) else ""

    def of(self, name: str, kin: Kin, gender: Gender) -> list[tuple[Person, Stated]]:
        """Who is of a kin to somebody: those whose gender is told, or else those that it may be."""
        found = [(s.one, s) for s in self.stated if s.kin == kin and s.other.is_called(name)]
        found += [(s.other, s) for s in self.stated if TURNED[s.kin] == kin and s.one.is_called(name)]
        sure = [one for one in found if not gender or self.gender(one[0]) == gender]
        return sure or [one for one in found if not self.gender(one[0])]


def kinship(query: Query, desk: Desk, ranked: Sequence[ScoredPassage], reading: Reading) -> Reading:
    """The reading, or the relative whom the sentences of one document tell, also where it takes two of them."""
    related = next((match for pattern in RELATED if (match := pattern.fullmatch(query.text))), None)
    whose = next((match for pattern in WHOSE if (match := pattern.fullmatch(query.text))), None)
    if related is None and whose is None:
        return reading
    for path in dict.fromkeys(scored.passage.path for scored in ranked):
        family = family_of(desk.held_to(Within(frozenset({path}))).passages()[:MOST])
        told = _how(family, related["one"], related["other"]) if related else None
        if whose is not None:
            told = _who(family, whose["name"], *WORDS[whose["word"].lower()])
        if told is not None:
            findings, confidence = told
            return Reading(findings, max(confidence, reading.confidence), None)
        if whose is not None and reading.findings and _of_other_kin(family, whose, text_of(reading.findings[0])):
            return replace(reading, reason="weak_match")
    return reading


def _of_other_kin(family: Family, whose: re.Match[str], answer: str) -> bool:
    """Whether the document tells the answer as a relative of another kin, or as the wife or husband of another."""
    spouse = WORDS[whose["word"].lower()][0] == "spouse"
    told = [(s.one, s.kin, s.other) for s in family.stated] + [(s.other, s.kin, s.one) for s in family.stated]
    return any(
        one.is_called(answer) and (other.is_called(whose["name"]) or (spouse and kin == "spouse"))
        for one, kin, other in told
    )


def _how(family: Family, one: str, other: str) -> tuple[tuple[Finding, ...], float] | None:
    """The word for what two people are to each other."""
    for stated in family.stated:
        first, second = stated.one, stated.other
        if (first.is_called(one) and second.is_called(other)) or (first.is_called(other) and second.is_called(one)):
            return (stated.finding(stated.word),), CONFIDENCE
    return None


def _who(family: Family, name: str, kin: Kin, gender: Gender) -> tuple[tuple[Finding, ...], float] | None:
    """The one relative of that kin; a parent also as whom the other parent is married to."""
    name = re.sub(r"^(?:the|his|her) ", "", name, flags=re.IGNORECASE)
    found, behind = family.of(name, kin, gender), list[Stated]()
    if not found and kin == "parent":
        for parent, stated in family.of(name, "parent", ""):
            if gender != family.gender(parent):
                found = family.of(parent.name, "spouse", gender)
                behind = [stated]
    if not found or any(not person.is_called(found[0][0].name) for person, _ in found):
        return None
    # The fullest name is the best answer.
    person, stated = max(found, key=lambda one: len(one[0].name.split()))
    more = tuple(other.finding(other.sentence) for other in behind if other.sentence != stated.sentence)
    return (stated.finding(person.span), *more), INFERRED if behind else CONFIDENCE


def family_of(passages: Sequence[Passage]) -> Family:
    """What the sentences of a document's passages state."""
    family = Family([], set(), set())
    before: list[Person] = []
    for passage in passages:
        for sentence in passage.sentences:
            part = passage.text[sentence.start - passage.start : sentence.end - passage.start]
            plain = PlainText.of(part, sentence.start, marks_within(passage.marks, sentence))
            people = list(_people(plain, passage))
            for pattern in STATED:
                for match in pattern.finditer(plain.text):
                    _state(family, match, plain, passage, sentence, people, before)
            before = people or before
    return family


def _people(plain: PlainText, passage: Passage) -> Iterator[Person]:
    for match in NAMED.finditer(plain.text):
        if (person := _person(plain, passage, *match.span())) is not None:
            yield person


def _person(plain: PlainText, passage: Passage, start: int, end: int) -> Person | None:
    while skipped := NO_NAME.match(plain.text[start:end]):
        start += skipped.end()
    start += len(plain.text[start:end]) - len(plain.text[start:end].lstrip())
    name = re.sub(r"['’]s$", "", plain.text[start:end])
    span = plain.source(start, start + len(name)) if name else None
    return Person(name, passage, span) if span is not None else None


def _state(
    family: Family,
    match: re.Match[str],
    plain: PlainText,
    passage: Passage,
    sentence: Span,
    people: Sequence[Person],
    before: Sequence[Person],
) -> None:
    groups = match.groupdict()
    one = _person(plain, passage, *match.span("one"))
    what = "wed" if groups.get("wed") else "word"
    word = plain.source(*match.span(what))
    if one is None or word is None:
        return
    kin, gender = WORDS.get(groups.get("word", "") and groups["word"].lower(), ("spouse", ""))
    whose = (groups.get("whose") or "").lower()
    if groups.get("other"):
        others = [other] if (other := _person(plain, passage, *match.span("other"))) else []
    else:
        earlier = [person for person in people if person.span.end <= word.start] or list(before[:1])
        others = earlier[-2:] if whose == "their" else earlier[-1:]
        (family.women if whose == "her" else family.men if whose == "his" else set()).update(p.name for p in others)
    (family.women if gender == "f" else family.men if gender == "m" else set()).add(one.name)
    family.stated += [Stated(one, kin, other, word, sentence) for other in others if not other.is_called(one.name)]
