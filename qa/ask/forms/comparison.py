"""A comparison: what each side says, side by side; agreement and difference are marked where both are values."""

import re
from collections.abc import Sequence
from functools import cache, partial

from msgspec.structs import replace

from qa.ask.agreement import comparable, has_number, same_answer, value_of
from qa.ask.asked.words import WH
from qa.ask.forms.desk import Desk, as_finding
from qa.ask.forms.overview import carrying
from qa.ask.forms.scope import sections_of
from qa.ask.reader import text_of
from qa.ask.sources import Scope, resolve
from qa.patterns import compiled
from qa.search.words import content_words
from qa.text import Span
from qa.types import Entry, Finding, Formed, Query, Reading

AGREE = "Side by side: they agree."
DIFFER = "Side by side: they differ."
BESIDE = "Side by side; whether they agree is left to the reader."
ONE_SIDE = "Only one side says something of it."
MOST_SOURCES = 6
SENTENCES = 2
"""Sentences of each of two sources that are compared as wholes."""
LIKELY = 0.15
"""Probability from which a source that nobody named is one of the sides."""
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
    whole = not query.subject and not any(_measured(query, side) for side in query.sides)
    for label, scope, asked in sides:
        held = desk.held_to(scope.within) if scope else desk
        if scope is not None and query.sides and whole:
            entries += [Entry((finding,), label=label) for finding in carrying(held.passages(), held, SENTENCES)]
            continue
        finding = _said(held, replace(query, text=asked, kind="value"), named=bool(query.sides))
        if finding is not None and (query.sides or not _is_bare(finding)):
            entries.append(Entry((finding,), label=label or finding.passage.title))
    entries = _apart(entries)
    if query.subject and not ASKS.match(query.subject) and not all(_is_value(entry) for entry in entries):
        entries = [_whole(entry) for entry in entries]
    if not entries:
        return Formed("comparison", Reading((), 0.0, "weak_match"), ranked)
    reading = Reading(entries[0].findings, CONFIDENCE, None)
    return Formed("comparison", reading, ranked, tuple(entries), note=_note(entries))


def _of_people(query: Query, desk: Desk, scopes: Sequence[Scope | None]) -> tuple[Entry, ...]:
    """Who each is of those that are compared by name and nothing else; none where the sources do not say it of each."""
    if query.subject or any(scopes) or len(query.sides) < 2 or not all(map(NAME.fullmatch, query.sides)):
        return ()
    told = [desk.answer(desk.understand(f"Who is {side}?", ()), desk).reading for side in query.sides]
    if any(reading.reason is not None for reading in told):
        return ()
    return tuple(Entry(r.findings[:1], label=side) for side, r in zip(query.sides, told, strict=True))


NAME = compiled(r"(?<!\w)[^\W\d_a-z][\w.'’-]{1,30}(?: [^\W\d_a-z][\w.'’-]{1,30}){1,4}")


def question_of(query: Query) -> str:
    """What each side is asked: the topic as a question, or as it stands."""
    topic = query.subject.strip()
    if not topic:
        return query.core or query.text
    if re.match(rf"(?:{WH})\b", topic, re.IGNORECASE):
        return f"{topic}?"
    return f"What is {topic}?" if topic.lower().startswith("the ") else topic


def _sides(query: Query, desk: Desk) -> list[tuple[str, Scope | None, str]]:
    """Label, documents and question of each side."""
    topic = question_of(query)
    if len(query.sides) == 2:
        sections = cache(partial(sections_of, desk))
        scopes = [resolve(side, desk.documents, sections) for side in query.sides]
        told = [scope for scope in scopes if scope is not None and scope.named]
        if len(told) == 2 and told[0] != told[1]:
            asked = [_measured(query, side) or topic for side in query.sides]
            return list(zip(query.sides, told, asked, strict=True))
        return [(side, None, _measured(query, side) or _of_side(topic, side, query)) for side in query.sides]
    near = dict.fromkeys(scored.passage.path for scored in desk.search(replace(query, text=topic)))
    paths = list(near)[:MOST_SOURCES]
    return [("", Scope(frozenset({path})), topic) for path in sorted(paths)]


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


def _said(desk: Desk, query: Query, *, named: bool) -> Finding | None:
    """What a side says: the reader's answer, else its likeliest span; of a side that is named, its nearest sentence."""
    ranked = desk.search(query)
    reading = desk.read(query, ranked)
    if reading.reason is None and reading.findings:
        return reading.findings[0]
    weighed = desk.each(query, ranked)
    if weighed and (weighed[0].sure or weighed[0].probability >= LIKELY):
        return weighed[0].finding
    if not named and len(desk.documents) > 2:
        return None
    if not ranked:
        return None
    best = max(ranked, key=lambda s: (round(s.score, 6), s.passage.passage_id))
    return as_finding(best)


def _is_bare(finding: Finding) -> bool:
    """Whether a passage is the answer alone, such as a caption with a name, and nothing tells what it answers."""
    passage = finding.passage
    beside = set(content_words(passage.plain.text)) - set(content_words(text_of(finding)))
    return not beside and not passage.section and not passage.cue


ASKS = compiled(rf"(?:{WH})\b", re.IGNORECASE)


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
    apart = all(comparable(a, b) and not _same_numbers(a, b) and not _share_a_name(a, b) for a, b in pairs)
    return DIFFER if apart else BESIDE


def _share_a_name(one: str, other: str) -> bool:
    """Whether two values name one person or thing: "Ana Moe, Jon Vey" and "Ana Moe (voice)"."""
    return any(name in other for name in NAME.findall(one))


def _same_numbers(one: str, other: str) -> bool:
    """Whether two values differ in words alone: "86th Academy Awards" and "86th Annual"."""
    numbers = [[quantity.number for quantity in value_of(text).quantities] for text in (one, other)]
    return numbers[0] == numbers[1] != []
