"""Who said it: the speaker's name in front of the turn that says what the question repeats."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from qa.ask.forms.desk import Desk, alike
from qa.ask.sources import is_prompt
from qa.ingest.formats.talk import NAME
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import content_words, words
from qa.text import Span, marks_within
from qa.types import Document, Element, Finding, Formed, Passage, Query, Reading, ScoredPassage

TELLS = (
    r"say|says|said|saying|state|states|stated|claim|claims|claimed|mention|mentions|mentioned|think|thinks|thought|"
    r"believe|believes|believed|suggest|suggests|suggested|write|writes|wrote|complain|complains|complained|warn|"
    r"warns|warned|promise|promises|promised|report|reports|reported|point(?:s|ed)? out|explain|explains|explained|"
    r"admit|admits|admitted|propose|proposes|proposed|offer|offers|offered|remember|remembers|remembered"
)
ASKS = r"ask|asks|asked|asking|want(?:s|ed)? to know|inquire|inquires|inquired|wonder|wonders|wondered"
SAID = compiled(
    rf"(?:and |so )?who(?: was it that| is it that| else)? "
    rf"(?:(?P<tells>{TELLS})|(?P<asks>{ASKS})|(?:told|tells) (?:\w+|the \w+)) "
    r"(?P<link>that|about|of|for|if|whether|to|how|why|when|where|which|what|who)\b (?P<what>[^?]+)",
    re.IGNORECASE,
)
TALKED = (
    r"(?:asked|asks|questioned|questions|questioning|interviewed|interviews|interviewing|"
    r"(?:talked|talks|spoke|speaks) (?:to|with)|"
    r"(?:conducted|conducts|did|does|led|leads|held|made|carried out|conducting|doing|leading) "
    r"(?:the|this|that) (?:interview|conversation|talk)"
    r"(?: with)?)"
)
WHOM = (
    r"(?:him|her|them|the (?P<{0}_role>[a-z-]{{3,20}})|"
    r"(?P<{0}>(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){{0,4}}|(?!(?:the|a|an)\b)[a-z]{{3,}}"
    r"(?: [a-z]{{3,}})?))"
)
ASKER = r"(?:journalist|reporter|person|one|guy|man|woman|lady|girl|chap|host|presenter|critic|writer|interviewer)"
THE = "(?:the|all the|all those|these|those)"
QUESTIONED = (
    rf"(?:(?:asked|asks|asking) (?:{WHOM.format('asked')} )?{THE} questions|"
    rf"(?:put|puts|putting|posed|poses|posing) {THE} questions)(?: (?:to|of) {WHOM.format('to')})?"
)
INTERVIEWED = compiled(
    rf"(?:(?:who|what)(?:['’]?s| is| was| did)?(?: it that| it who)? |(?:which|what) (?={ASKER}))?"
    r"(?:(?:the )?name of )?"
    rf"(?:(?:(?:the|this|that) )?{ASKER}(?:['’]s name)? ?)?"
    rf"(?:(?:who|that)(?:['’]s| is| was)? )?(?:{QUESTIONED}|{TALKED}(?: {WHOM.format('name')}"
    r"(?: (?:about|on|for) [^?]+)?(?:\s(?:the|some|all the|these|those) questions)?)?)"
    r"(?: (?:in|for|during) (?:the|this|that) (?:[\w-]+ ){0,2}(?:interview|conversation|talk|piece|transcript)"
    r"(?: with [^?,]{2,40})?)?\W*|"
    r"(?:(?:who|what)(?:['’]?s| is| was) )?(?:the )?(?:name of )?(?:the )?interviewer(?:['’]?s)?(?: name| called)?\W*|"
    rf"(?:(?:to )?whom?|by whom?) (?:did|does|is|was) (?:(?:mr|mrs|ms|dr)\.? )?{WHOM.format('by')} "
    r"(?:talk(?:ing)?|speak(?:ing)?|give (?:the|this|that|an) interview|(?:being )?interviewed)(?: (?:to|with|by))?"
    r"(?: (?:for|in|during) (?:the|this|that) (?:interview|conversation|talk|piece))?\W*",
    re.IGNORECASE,
)
ME = compiled(r"(?:yes,? )?(?:me\b|i\b|i['’](?:m|ll|ve|d)\b|mine\b|my\b)", re.IGNORECASE)
NAMED = compiled(rf"(?P<name>{NAME}):(?: |$)")
FEWEST = 3
"""Paragraphs that begin with a name from which on a text is a talk."""
COVERED = 0.6
"""Share of what is repeated, in content words, that one turn must say."""
AHEAD = 0.15
"""By how much more of it than any other speaker's turn."""
CONFIDENCE = 0.75


class Unit(Struct, frozen=True):
    """What one person says in one go: ``name`` is the place where the speaker is named, ``words`` what is said.

    ``span`` is the turn with its name in front, or, where the name stands further up, the words alone.
    """

    name: Span
    span: Span
    speaker: str
    words: str

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return "?" in self.words


def speech(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> Formed | None:
    """The speaker of the turn that alone says what is asked; None where that is not sure, or not asked.

    ``ranked`` is what a search finds for the question.
    """
    if match := INTERVIEWED.fullmatch(query.core or query.text):
        name, role = (
            next((match[f"{one}{part}"] for one in ("name", "to", "asked", "by") if match[f"{one}{part}"]), "")
            for part in ("", "_role")
        )
        return _formed(desk, ranked, _interviewers(name, role, desk))
    if match := SAID.match(query.text):
        within = match["link"].lower() in ("that", "about", "of", "for", "if", "whether", "to")
        wanted = list(dict.fromkeys(content_words(match["what"] if within else match[0])))
        asking = bool(match["asks"])
        return _formed(desk, ranked, _best(wanted, (u for u in _near(desk, ranked) if u[1].asks or not asking)))
    if query.text.lower().startswith("who ") and query.kind in ("value", "definition"):
        return _formed(desk, ranked, _volunteer(query, _near(desk, ranked)))
    return None


Placed = tuple[Document, Unit]


def _near(desk: Desk, ranked: Sequence[ScoredPassage]) -> Iterator[Placed]:
    """The turns of the documents that a search finds."""
    for path in dict.fromkeys(scored.passage.path for scored in ranked):
        document = desk.documents[path]
        for unit in units(document):
            yield document, unit


def _best(wanted: Sequence[str], turns: Iterable[Placed]) -> Placed | None:
    """The turn that says the most of some words, if no other speaker says nearly as much of them."""
    told: dict[str, tuple[float, Placed]] = {}
    for document, unit in turns:
        share = _share(wanted, unit)
        if share > told.get(unit.speaker, (0.0,))[0]:
            told[unit.speaker] = share, (document, unit)
    order = sorted(told.values(), key=lambda one: -one[0])
    if not order or order[0][0] < COVERED or (len(order) > 1 and order[0][0] - order[1][0] < AHEAD):
        return None
    return order[0][1]


def _share(wanted: Sequence[str], unit: Unit) -> float:
    said = content_words(f"{unit.speaker} {unit.words}")
    return sum(any(alike(word, other) for other in said) for word in wanted) / len(wanted) if wanted else 0.0


def _volunteer(query: Query, turns: Iterable[Placed]) -> Placed | None:
    """Who answers "I do" to the question as somebody asks it in a talk."""
    wanted = list(dict.fromkeys(content_words(query.text)))
    for (document, asked), (other, answered) in pairwise(turns):
        same = document is other and asked.speaker != answered.speaker
        if same and asked.asks and ME.match(answered.words) and _share(wanted, asked) == 1:
            return other, answered
    return None


def _interviewers(name: str, role: str, desk: Desk) -> Placed | None:
    """Who puts the questions in a talk with somebody; in any talk where no name is given, and no role."""
    asked = set(words(name))
    for document in desk.documents.values():
        told = list(units(document))
        answering = {unit.speaker for unit in told if not unit.asks and asked <= set(words(unit.speaker))}
        if role:
            answering = {who for who in answering if _is_told(role, who, desk)}
        for unit in told if answering else ():
            if unit.asks and unit.speaker not in answering:
                return document, unit
    return None


def puts_the_questions(name: str, documents: Iterable[Document]) -> bool:
    """Whether all that somebody says is asked of somebody else."""
    asked = set(words(name))
    for document in documents if asked else ():
        told = list(units(document))
        own = [unit for unit in told if asked <= set(words(unit.speaker))]
        if own and all(unit.asks for unit in own) and any(not unit.asks for unit in told if unit not in own):
            return True
    return False


def _is_told(role: str, who: str, desk: Desk) -> bool:
    """Whether a document says beside a name that somebody has a role: "Director: Ana Moe", "Ana Moe, the baker"."""
    name, has = re.escape(who), re.escape(role)
    beside = re.compile(rf"\b{has}(?: by)?:?\s+{name}\b|\b{name}, (?:an?|the) (?:\w+ ){{0,2}}{has}\b", re.IGNORECASE)
    return any(beside.search(document.text) for document in desk.documents.values())


def _formed(desk: Desk, ranked: Sequence[ScoredPassage], found: Placed | None) -> Formed | None:
    """The name as the answer, with what was said as the quote, or as the second one where it stands apart."""
    if found is None:
        return None
    document, unit = found
    known = next(iter(desk.held_to(Within(frozenset({document.path}))).passages()), None)
    if known is None:
        return None

    def at(span: Span) -> Passage:
        text = document.text[span.start : span.end]
        marks = marks_within(document.marks, span)
        return replace(known, start=span.start, end=span.end, text=text, sentences=(span,), marks=marks)

    if unit.span.holds(unit.name):
        findings: tuple[Finding, ...] = (Finding(at(unit.span), unit.span, unit.name),)
    else:
        findings = (Finding(at(unit.name), unit.name, unit.name), Finding(at(unit.span), unit.span, unit.span))
    return Formed("value", Reading(findings, CONFIDENCE, None), list(ranked))


def units(document: Document) -> Iterator[Unit]:
    """The turns of a document whose speakers' names stand in its text."""
    turns = [e for e in document.elements if e.kind == "turn"]
    if turns:
        for element in turns:
            yield from _turns(document, element)
    else:
        yield from _paragraphs(document)


def _turns(document: Document, element: Element) -> Iterator[Unit]:
    """The turns of one element: every line that begins with a name, or with the element's own alone, begins one."""
    unit: Unit | None = None
    for line in lines_in(document, element.span):
        plain = document.plain(line)
        match = NAMED.match(plain.text)
        alone = element.cue is not None and plain.text.rstrip(":") == element.cue
        if match or alone:
            if unit is not None:
                yield unit
            end = match.end("name") if match else len(element.cue or "")
            name = plain.source(0, end)
            unit = name and Unit(name, line, plain.text[:end], plain.text[end + 1 :].strip())
        elif unit is not None:
            unit = replace(unit, span=Span(unit.span.start, line.end), words=f"{unit.words} {plain.text}")
    if unit is not None:
        yield unit


def _paragraphs(document: Document) -> Iterator[Unit]:
    """The turns of a printed talk: names stand in front of each, or of the first question and its answer alone."""
    told = [(e.span, document.plain(e.span)) for e in document.elements if e.kind == "paragraph"]
    begun = [NAMED.match(plain.text) for _, plain in told]
    names = Counter(match["name"] for match in begun if match)
    exchange = any(
        one and other and one["name"] != other["name"] and plain.text.endswith("?")
        for (_, plain), one, other in zip(told, begun, begun[1:], strict=False)
    )
    if not exchange and (names.total() < FEWEST or max(names.values()) < 2):
        return
    asker: tuple[Span, str] | None = None
    other: tuple[Span, str] | None = None
    for (span, plain), match in zip(told, begun, strict=True):
        prompt = is_prompt(plain.text)
        if match and (name := plain.source(*match.span("name"))):
            who = name, match["name"]
            asker, other = (who, other) if prompt else (asker, who)
            yield Unit(name, span, match["name"], plain.text[match.end() :])
        elif exchange and (speaker := asker if prompt else other):
            yield Unit(speaker[0], span, speaker[1], plain.text)


def lines_in(document: Document, span: Span) -> Sequence[Span]:
    """The lines of a span, without white space and what is not read in front of them, such as a time."""
    marks = marks_within(document.marks, span)
    found: list[Span] = []
    start = span.start
    for line in document.text[span.start : span.end].split("\n"):
        begin, end = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        begin = max((mark.end for mark in marks if mark.start <= begin < mark.end), default=begin)
        if begin < end:
            found.append(Span(begin, end))
        start += len(line) + 1
    return found
