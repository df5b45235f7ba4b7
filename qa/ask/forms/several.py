"""Several questions in one: each is answered by itself, in order; one that is not is named."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from qa.ask.asked.compound import MORE_OF_THAT
from qa.ask.asked.words import AUX
from qa.ask.conversation import of_the_review, of_whom, stand_alone
from qa.ask.forms.desk import Desk, alike, refused
from qa.ask.forms.series import LABEL
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.words import content_words
from qa.types import Formed, Query, Reading

AT_A_PLACE = compiled(r" (?P<place>(?:in|on|at) (?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)\W*$")
NAMED = compiled(r"(?<=\S )[A-Z]")
GOES_ON = compiled(rf"^(?:{MORE_OF_THAT})", re.IGNORECASE)
OF_WHICH = compiled(
    rf"^(?:at|in|from|by|with|on|under) (?:which|what) (?:(?!{AUX}\b)[\w'’-]+ ?){{1,3}}\W*$", re.IGNORECASE
)
"""What asks more of what is asked in front of it: "… and at which school?"."""
NOT_ALL = "The sources answer only a part of the question."
POINTS_BACK = compiled(r"\b(?:it|its|they|them|their|he|him|his|she|her|that|those|these|there)\b", re.IGNORECASE)


OF_A_WHOLE = compiled(
    r"(?:what|who)(?:['’]s| is| was) (?:the|its) (?!.*\b(?:of|for|in|on|at)\b)[^,?]{2,40}\W*$", re.IGNORECASE
)
"""A question for what belongs to something that is not named, which "it" then means: "Who's the director?"."""
OF_IT = compiled(r"^(?!.*\b(?:he|him|his|she|her|they|them|their|that|those|these|there)\b).*\bits?\b", re.IGNORECASE)


def several(query: Query, desk: Desk) -> Formed:
    """The parts with their answers; the headline is the first that is answered."""
    parts: list[tuple[Query, Formed]] = []
    earlier: tuple[str, ...] = ()
    for text in query.parts:
        # What points back may mean what the part before it names; a part that points nowhere names nothing.
        text = of_the_review(text, query.parts[0]) or of_whom(text, query.parts[0]) or text
        leans = _leans(text.replace(query.source, ""))
        part = _understood(text, earlier if leans else (), f"According to {query.source}, ", desk)
        told = None
        if part.stand_alone and OF_A_WHOLE.match(query.parts[0]) and OF_IT.match(text):
            whole = desk.understand(text, ())
            told = whole, desk.answer(whole, desk)
        elif place := _place(query.parts[0], text):
            there = desk.understand(f"{text.rstrip(' ?.!')} {place}?", ())
            told = there, desk.answer(there, desk)
        told = told if told and told[1].reading.reason is None else _said_anew(text, part, parts, desk)
        parts.append(_if_sure(told, parts))
        earlier = earlier if leans else (text,)
    parts = [_unless_told(_unless_of_another(_unless_beside(part), parts), parts[:i]) for i, part in enumerate(parts)]
    answered = [formed for _, formed in parts if formed.reading.reason is None]
    headline = answered[0].reading if answered else parts[0][1].reading
    ranked = [scored for _, formed in parts for scored in formed.ranked[:3]]
    note = NOT_ALL if 0 < len(answered) < len(parts) else None
    reading = Reading(headline.findings, headline.confidence, headline.reason, (), headline.scores)
    return Formed("several", reading, ranked or parts[0][1].ranked, parts=tuple(parts), note=note)


def _if_sure(part: tuple[Query, Formed], before: Sequence[tuple[Query, Formed]]) -> tuple[Query, Formed]:
    """A part, refused where it is unsure and points back to parts of which none is answered."""
    query, formed = part
    lost = query.stand_alone is not None and all(one.reading.reason is not None for _, one in before)
    if lost and formed.reading.reason is None and formed.reading.confidence < SURE:
        return query, Formed(formed.kind, refused(formed.reading), formed.ranked)
    return part


SURE = 0.5
"""Confidence from which a part is answered that points back to what was not."""


def _understood(text: str, earlier: Sequence[str], lead: str, desk: Desk) -> Query:
    """A part as it is understood after the one before; the source that both are asked of is no subject of its own."""
    asked = text.removeprefix(lead)
    if asked == text or not earlier:
        return desk.understand(text, earlier)
    alone = stand_alone(asked, [one.removeprefix(lead) for one in earlier])
    return replace(
        desk.understand(f"{lead}{alone or asked}", ()), question=text, stand_alone=alone and f"{lead}{alone}"
    )


def _said_anew(text: str, part: Query, before: Sequence[tuple[Query, Formed]], desk: Desk) -> tuple[Query, Formed]:
    """A part with its answer; by its own words alone where that only says again what answered a part before, or none.

    What "it" is may be what all is about, and not what the part before names.
    """
    formed = desk.answer(part, desk)
    told = {
        text_of(one.reading.findings[0]) for _, one in before if one.reading.reason is None and one.reading.findings
    }
    found = formed.reading.findings if formed.reading.reason is None else ()
    lost = not found and OF_IT.match(text)
    if part.stand_alone is None or not (lost or (found and text_of(found[0]) in told)):
        return part, formed
    alone = desk.understand(text, ())
    again = desk.answer(alone, desk)
    return (alone, again) if again.reading.reason is None and again.reading.findings else (part, formed)


def _leans(part: str) -> bool:
    """Whether a part needs those before it: it points back, or says only what it asks otherwise."""
    return any(pattern.search(part) for pattern in (POINTS_BACK, GOES_ON, OF_WHICH))


def _place(first: str, text: str) -> str:
    """The place that the first part names last, for a later one that names nothing: "… on Metacritic and of whom?"."""
    found = AT_A_PLACE.search(first)
    return found["place"] if found and text != first and not NAMED.search(text) else ""


def _unless_told(part: tuple[Query, Formed], before: Sequence[tuple[Query, Formed]]) -> tuple[Query, Formed]:
    """A part that asks for a reason, refused where it is answered with what answered another part."""
    query, formed = part
    if formed.kind != "reason" or formed.reading.reason is not None:
        return part
    found = formed.reading.findings[0]
    told = [other.reading.findings[0] for _, other in before if other.reading.reason is None]
    if any(found.passage.path == one.passage.path and found.answer.overlaps(one.answer) for one in told):
        return query, Formed(formed.kind, refused(formed.reading), formed.ranked)
    return part


def _unless_beside(part: tuple[Query, Formed]) -> tuple[Query, Formed]:
    """A part, refused where it points back to a sentence with no word of it, or is told what it leaves out."""
    query, formed = part
    if formed.parts and all(_unless_beside(one)[1].reading.reason is not None for one in formed.parts):
        return query, replace(formed, parts=(), note=None)
    if formed.reading.reason is not None or not formed.reading.findings:
        return part
    found = formed.reading.findings[0]
    said = content_words(found.passage.reads(found.quote))
    vague = formed.kind == "yes_no" and formed.verdict is None and POINTS_BACK.search(query.text)
    if vague and not any(alike(word, other) for word in content_words(query.text) for other in said):
        return query, Formed(formed.kind, refused(formed.reading), formed.ranked)
    but = LEFT_OUT.search(query.text) if formed.kind == "value" else None
    if but and any(alike(word, other) for word in content_words(but["what"]) for other in said):
        return query, Formed(formed.kind, refused(formed.reading), formed.ranked)
    return part


LEFT_OUT = compiled(
    r"\b(?:besides|apart from|aside from|other than|except(?: for| at| in)?) (?:at |in |on |for )?(?:the )?"
    r"(?P<what>[\w'’-]+(?: [\w'’-]+){0,3}?)(?=\W*$|,| (?:did|was|is|were|has)\b)",
    re.IGNORECASE,
)
"""What an answer shall not be: "Where was it shown besides Oslo?"."""


def _unless_of_another(part: tuple[Query, Formed], others: Sequence[tuple[Query, Formed]]) -> tuple[Query, Formed]:
    """A part, refused where its answer is the value of a label that only another part names: "edited" or "shot"."""
    query, formed = part
    reading = formed.reading
    if reading.reason is not None:
        return part
    found = reading.findings[0]
    labelled = LABEL.match(found.passage.plain.text)
    label = content_words(labelled["label"]) if labelled else []
    for asked, told in others:
        same = told.reading.reason is None and told.reading.findings[0].passage.passage_id == found.passage.passage_id
        if same and _names(asked, label) and not _names(query, label):
            return query, Formed(formed.kind, refused(reading), formed.ranked)
    return part


def _names(query: Query, label: Sequence[str]) -> bool:
    return any(alike(word, other) for word in content_words(query.text) for other in label)
