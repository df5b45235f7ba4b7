"""A comparison: what each side says, side by side; agreement and difference are marked where both are values."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise

from msgspec.structs import replace

from qa.ask.agreement import comparable, has_number, same_answer, value_of
from qa.ask.asked.comparing import THOUGHT
from qa.ask.asked.words import WH
from qa.ask.forms.byline import works
from qa.ask.forms.desk import Desk, alike, as_finding
from qa.ask.forms.overview import carrying, judging, topic_of
from qa.ask.forms.role import is_trade
from qa.ask.forms.scope import REVIEWS, sections_of
from qa.ask.forms.series import LABEL, grown
from qa.ask.reader import NAMES_ALONE, text_of
from qa.ask.sources import Scope, resolve
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import content_words
from qa.text import Span
from qa.types import Entry, Finding, Formed, Passage, Query, Reading

AGREE = "Side by side: they agree."
DIFFER = "Side by side: they differ."
BESIDE = "Side by side; whether they agree is left to the reader."
ONE_SIDE = "Only one side says something of it."
SILENT = "Nothing found on it: {}."
"""What is said of a side that is named and says nothing."""
MOST_SOURCES = 6
SENTENCES = 2
"""Sentences of each of two sources that are compared as wholes."""
LIKELY = 0.15
"""Probability from which a source that nobody named is one of the sides."""
NEAR = 0.35
"""Cosine from which a sentence that shares no word with what a side is asked speaks of it."""
CONFIDENCE = 0.5
"""Of a comparison: what is quoted is each side's, how well it fits nobody has measured."""
# What a comparative asks of each side.
MEASURES = (
    (r"older|younger|newer|earlier|later|first", "When was {} built, founded or born? How old is it?"),
    (r"longer|shorter", "How long is {}?"),
    (r"taller|higher|lower", "How high is {}?"),
    (r"cheaper|dearer|expensive|costs? (?:more|less)", "What does {} cost?"),
    (r"bigger|larger|smaller", "How big is {}?"),
    (r"heavier|lighter", "How heavy is {}?"),
    (r"faster|slower|quicker", "How fast is {}?"),
    (r"deeper", "How deep is {}?"),
)


def comparison(query: Query, desk: Desk) -> Formed:
    """One entry a side: a source that is named, a thing that is, or each source near the question."""
    sides = _sides(query, desk)
    topic = question_of(query)
    entries: list[Entry] = []
    ranked = desk.search(replace(query, text=topic))
    if people := _of_people(query, desk, [scope for _, scope, _ in sides]):
        return Formed("comparison", Reading(people[0].findings, CONFIDENCE, None), ranked, people, note=_note(people))
    whole = not query.subject and not query.parts and not any(_measured(query, side) for side in query.sides)
    silent: list[str] = []
    unsure: list[Entry] = []
    for label, scope, asked in sides:
        held = desk.held_to(scope.within) if scope else desk
        if scope is not None and query.sides and (whole or query.subject == THOUGHT):
            told = carrying if whole else judging
            entries += [Entry((finding,), label=label) for finding in told(held.passages(), held, SENTENCES)]
            continue
        said_of_it = SAY_OF_IT.search(query.text) and not SOMEBODY.match(query.subject)
        if scope is not None and query.sides and not query.parts and said_of_it:
            near = carrying(held.passages(), held, SENTENCES, topic_of(query, held))
            entries += [Entry((finding,), label=label) for finding in near]
            if near:
                continue
        finding, sure = _said(held, replace(desk.understand(asked, ()), kind="value"), named=bool(query.sides))
        if finding is not None and (query.sides or not _is_bare(finding)):
            entry = Entry((finding,), label=label or finding.passage.title)
            entries.append(entry)
            unsure += [] if sure or query.sides else [entry]
        elif label:
            silent.append(label)
    # Of a source that nobody named, what is likely is said beside a value of its kind that is sure.
    values = [text_of(entry.findings[0]) for entry in entries if entry not in unsure]
    entries = [e for e in entries if e not in unsure or any(comparable(v, text_of(e.findings[0])) for v in values)]
    entries = [_whole_cast(entry) for entry in _apart(entries)]
    topics = query.parts or (query.subject,)
    if all(t and not ASKS.match(t) for t in topics) and not all(map(_is_value, entries)):
        entries = [_whole(entry) for entry in entries]
    if not entries:
        return Formed("comparison", Reading((), 0.0, "weak_match"), ranked)
    reading = Reading(entries[0].findings, CONFIDENCE, None)
    note = " ".join([_note(entries), *(SILENT.format(label) for label in silent)])
    return Formed("comparison", reading, ranked, tuple(entries), note=note)


def _of_people(query: Query, desk: Desk, scopes: Sequence[Scope | None]) -> tuple[Entry, ...]:
    """Who each is of those that are compared by name and nothing else; none where the sources do not say it of each."""
    if query.subject or any(scopes) or len(query.sides) < 2 or not all(map(NAME.fullmatch, query.sides)):
        return ()
    told = [desk.answer(desk.understand(f"Who is {side}?", ()), desk).reading for side in query.sides]
    if any(reading.reason is not None for reading in told):
        return ()
    return tuple(Entry(r.findings[:1], label=side) for side, r in zip(query.sides, told, strict=True))


NAME = compiled(r"(?<!\w)[^\W\d_a-z][\w.'’-]{1,30}(?: [^\W\d_a-z][\w.'’-]{1,30}){1,4}")


SAY_OF_IT = compiled(
    r"\b(?:say|tell|talk|speak|report|write|mention|learn|read|hear)s?\b(?: us| me| in \w+)? (?:about|of|on)\b|"
    r"\bdescribes?\b",
    re.IGNORECASE,
)
"""How what is said of a thing is asked for, in which no single value answers."""
DIFFERING = frozenset("differ differs disagree agree match contradict conflict same different compare".split())
"""Words of a question that says nothing of what is compared: "Where do they differ?"."""


def question_of(query: Query) -> str:
    """What each side is asked: the topic as a question, or as it stands."""
    topic = query.subject.strip()
    if not topic:
        return query.core if set(content_words(query.core)) - DIFFERING else query.text
    if re.match(rf"(?:(?:for|in|at|on|by|from|to|of|with) )?{WH}\b", topic, re.IGNORECASE):
        return f"{topic}?"
    if (aged := AGE_OF.fullmatch(topic)) is not None:
        return f"How old was {aged['who'] or aged['whom']}{aged['when'] or aged['then'] or ''}?"
    if AN_EVENT.fullmatch(topic):
        return f"Which {topic[4:]}?"
    if topic.lower().startswith("the "):
        return f"{'Who' if is_trade(topic.split()[-1]) else 'What'} is {topic}?"
    return f"Which {topic}?" if OF_NO_ONE.fullmatch(topic) else topic


AN_EVENT = compiled(
    r"the (?:[\w'’-]+ )?(?:ceremony|edition|number|year|festival|award|prize|place|person|people)", re.IGNORECASE
)
AGE_OF = compiled(
    r"(?P<who>[^?]{2,40}?)['’]s? age(?P<when> [^?]+)?|"
    r"(?:the )?age of (?P<whom>[^?]{2,40}?)(?P<then> (?:when|at|in|during) [^?]+)?",
    re.IGNORECASE,
)
"""How old somebody was, as a thing that is compared: "Ana's age when it began"."""
OF_NO_ONE = compiled(r"[a-z][\w'’-]*(?: [\w'’-]+)?", re.IGNORECASE)
"""A noun alone: "hospital years"."""


def _sides(query: Query, desk: Desk) -> list[tuple[str, Scope | None, str]]:
    """Label, documents and question of each side."""
    topic = question_of(query)
    if len(query.sides) > 1:
        sections = cache(partial(sections_of, desk))
        named = [_named(side, desk, sections, judges=query.subject == THOUGHT) for side in query.sides]
        told = [one for one in named if one is not None]
        if len(told) == len(named) and all(one[1] != other[1] for one, other in pairwise(told)):
            asked = query.parts or [_measured(query, side) or topic for side in query.sides]
            return [(label, scope, asks) for (label, scope), asks in zip(told, asked, strict=True)]
        return [(side, None, _measured(query, side) or _of_side(topic, side, query)) for side in query.sides]
    near = dict.fromkeys(scored.passage.path for scored in desk.search(replace(query, text=topic)))
    scopes = [scope for path in sorted(list(near)[:MOST_SOURCES]) for scope in _voices(path, desk)]
    return [("", scope, topic) for scope in scopes]


def _voices(path: str, desk: Desk) -> list[Scope]:
    """A document, and by itself each of its sections that holds what its readers wrote."""
    told = (p.section for p in desk.held_to(Within(frozenset({path}))).passages())
    return [
        Scope(frozenset({path}), section)
        for section in (None, *dict.fromkeys(filter(None, told)))
        if section is None or REVIEWS.search(section)
    ]


def _named(
    side: str, desk: Desk, sections: Callable[[], Mapping[str, str]], *, judges: bool
) -> tuple[str, Scope] | None:
    """A side that is documents, with its label: those it names, or the text that it signed.

    Of critics who judge a work it is what tells of their opinion.
    """
    scope = resolve(side, desk.documents, sections)
    scope = scope if scope is not None and scope.named else None
    if judges and CRITICS.search(side):
        held = desk.held_to(scope.within) if scope is not None and scope.section is None else desk
        told = (p for p in held.about("critics reviews reception") if CRITICAL.search(p.section or ""))
        if (found := next(told, None)) is not None:
            return side, Scope(frozenset({found.path}), found.section)
    if scope is not None:
        return side, scope
    for passage in desk.about(side):
        for work in works(desk.documents[passage.path], passage):
            if _is_by(side, name := passage.reads(work.name)):
                return name, Scope(frozenset({passage.path}), passage.section)
    return None


def _is_by(side: str, name: str) -> bool:
    """Whether the name under a text is that of a side, written together or apart, or with the link behind it."""
    one, other = (re.sub(r"\W", "", text).lower() for text in (side, name))
    return len(other) >= SHORTEST_NAME and one.startswith(other)


SHORTEST_NAME = 4
CRITICS = compiled(r"\bcritics\b", re.IGNORECASE)
CRITICAL = compiled(r"\b(?:reception|critics|critical|criticism|response|acclaim)\b", re.IGNORECASE)


def _of_side(topic: str, side: str, query: Query) -> str:
    return f"{topic.rstrip('?')} of {side}?" if query.subject else f"What is {side}?"


def _measured(query: Query, side: str) -> str | None:
    """What a comparative asks of one side; None where the question compares nothing."""
    if query.subject:
        return None
    core = query.core or query.text
    if scored := OF_TWO.match(core):
        return f"What is the {scored['what'] or scored['got']} on {side}?"
    for words, form in MEASURES:
        if re.search(rf"\b(?:{words})\b", core, re.IGNORECASE):
            return form.format(side)
    return None


OF_TWO = compiled(
    r"which (?:(?P<what>score|rating|price|fee|fare|date|time) (?:is|was) \w+|\w+ (?:the |a )?\w+ (?P<got>score|rating|"
    r"price|grade)\b)",
    re.IGNORECASE,
)
"""What two things have, of which one is asked for: "Which score is better"."""


def _said(desk: Desk, query: Query, *, named: bool) -> tuple[Finding | None, bool]:
    """What a side says, and whether that is sure: the reader's answer, else its likeliest span.

    Of a side that is named it is else its nearest sentence, where that speaks of what is asked at all; of who did
    something a sentence tells nothing in which the reader finds nobody.
    """
    ranked = desk.search(query)
    reading = desk.read(query, ranked)
    said = [finding for finding in reading.findings[:1] if not _asks(finding.passage)]
    if said and reading.reason is None:
        return said[0], True
    weighed = desk.each(query, ranked)
    if weighed and (weighed[0].sure or weighed[0].probability >= LIKELY):
        return weighed[0].finding, True
    if said and reading.confidence >= LIKELY:
        return said[0], len(desk.documents) <= 2
    if not ranked or (not named and len(desk.documents) > 2) or SOMEBODY.match(query.text):
        return None, False
    best = max(
        [s for s in ranked if not _asks(s.passage)] or ranked, key=lambda s: (round(s.score, 6), s.passage.passage_id)
    )
    asked, told = content_words(query.text), content_words(best.passage.plain.text)
    near = best.parts["sentence_cosine"] >= NEAR or any(alike(word, other) for word in asked for other in told)
    return (as_finding(best) if near else None), True


def _asks(passage: Passage) -> bool:
    """Whether a passage is a question, as in a talk, which tells nothing."""
    return passage.plain.text.rstrip().endswith("?")


def _is_bare(finding: Finding) -> bool:
    """Whether a passage is the answer alone, such as a caption with a name, and nothing tells what it answers."""
    passage = finding.passage
    beside = set(content_words(passage.plain.text)) - set(content_words(text_of(finding)))
    return not beside and not passage.section and not passage.cue


ASKS = compiled(
    r"(?:(?:in|at|on|by|from|with|to|of) )?(?:who|whom|whose|when|where|which|what(?! (?:the|an?|his|her|its|their|"
    r"it|he|she|they)\b)|how (?:many|much|long|old|far|high|tall|big|deep|often|late))\b",
    re.IGNORECASE,
)
"""How a topic begins that asks for a value; what it is for, how and why are told in sentences."""


SOMEBODY = compiled(r"(?:(?:by|from|with|to|of) )?(?:who|whom|whose)\b", re.IGNORECASE)


def _is_value(entry: Entry) -> bool:
    """Whether a side says a number or a name, which can be set beside another by itself."""
    text = text_of(entry.findings[0])
    return has_number(text) or NAME.fullmatch(text) is not None or text[:1].isupper()


def _whole(entry: Entry) -> Entry:
    """A side with the sentence that says it: words of a thing tell nothing alone."""
    finding = entry.findings[0]
    held = [s for s in finding.passage.sentences if s.overlaps(finding.answer)]
    span = Span(held[0].start, held[-1].end) if held else finding.answer
    return entry._replace(findings=(Finding(finding.passage, finding.quote, span),))


def _whole_cast(entry: Entry) -> Entry:
    """A side with all that a label names, or every line of a cast that has the part of the one that was read."""
    finding = entry.findings[0]
    line = LABEL.match(finding.passage.plain.text)
    if line is not None and NAMES_ALONE.fullmatch(line["value"]):
        return entry._replace(findings=(finding._replace(answer=grown(finding)),))
    parts = [found["part"] for found in CAST.finditer(finding.passage.plain.text)]
    if len(parts) < 2 or len(set(parts)) > 1:
        return entry
    return entry._replace(findings=(finding._replace(answer=finding.passage.span, quote=finding.passage.span),))


CAST = compiled(r"(?<=\w) ?\.{3} ?(?P<part>[^\W\d_][\w ]{1,30}?)(?= \(|\s*$|\n)", re.MULTILINE)


def _apart(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without those that quote the same place again."""
    found: list[Entry] = []
    for entry in entries:
        if all(entry.findings[0].quote != other.findings[0].quote for other in found):
            found.append(entry)
    return found


def _note(entries: Sequence[Entry]) -> str:
    if len(entries) < 2:
        return ONE_SIDE
    texts = [text_of(entry.findings[0]) for entry in entries]
    if all(same_answer(texts[0], text) for text in texts[1:]):
        return AGREE
    pairs = [(a, b) for i, a in enumerate(texts) for b in texts[i + 1 :]]
    apart = [(a, b) for a, b in pairs if not _alike(a, b)]
    return DIFFER if apart and all(comparable(a, b) for a, b in apart) else BESIDE


def _alike(one: str, other: str) -> bool:
    """Whether two values are the same, or tell the same otherwise."""
    if has_number(one) and has_number(other):
        return same_answer(one, other) or _same_numbers(one, other)
    return same_answer(one, other) or _share_a_name(one, other)


def _share_a_name(one: str, other: str) -> bool:
    """Whether two values name one person or thing: "Ana Moe, Jon Vey" and "Ana Moe (voice)"."""
    return any(name in other for name in NAME.findall(one))


def _same_numbers(one: str, other: str) -> bool:
    """Whether two values differ in words alone: "86th Academy Awards" and "86th Annual"."""
    numbers = [[quantity.number for quantity in value_of(text).quantities] for text in (one, other)]
    return numbers[0] == numbers[1] != []
