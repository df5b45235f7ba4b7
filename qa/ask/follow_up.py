"""A follow-up question answered in the way of taking it that the reader is surest of.

It may stand for what ``qa.ask.conversation`` makes of it, mean what it says by itself, or speak of whom the question
before was answered with.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from qa.ask.agreement import normalised
from qa.ask.conversation import of_the_review, together
from qa.ask.correction import SORRY
from qa.ask.fitting import CALENDAR
from qa.ask.forms.answering import form
from qa.ask.forms.desk import Desk, alike, read_whole, refused
from qa.ask.forms.scope import REVIEWS
from qa.ask.reader import text_of
from qa.ask.wording import wording
from qa.patterns import compiled
from qa.search.words import content_words
from qa.text import Span
from qa.types import Formed, Query, Reading

SURE = 0.5
"""Confidence from which the first way is taken without trying another, and which another needs to be taken."""
MOST = 2
"""Other ways that are told at most."""
PERSON = compiled(r"\b(?:(?P<whose>his|her(?= [a-z]))|he|she|him|her)\b(?!['’])", re.IGNORECASE)
WHO = compiled(r"(?:[\w,]+ ){0,2}who\b", re.IGNORECASE)
DOES_IT = compiled(r"\bwho (?:has |had |have )?(?!is\b|was\b|are\b|were\b)\w{4,} (?:it|them)\W*$", re.IGNORECASE)
"""Who did something to what a text is about, which says enough by itself: "and who wrote it?"."""
WHO_IS = compiled(r"(?i:who)(?:['’]?s| is| was) (?P<who>[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*){1,3}?)\W*")
NAME = compiled(r"[^\W\d_a-z][\w'’.-]*(?: (?:[^\W\d_a-z][\w'’.-]*|de|da|di|van|von|der|bin|al)){0,4}")


class Taken(NamedTuple):
    """A question as it was taken, its answer, and the other ways to take it."""

    query: Query
    formed: Formed
    others: Sequence[str] = ()


def taken(query: Query, history: Sequence[str], desk: Desk) -> Taken:
    """The answer to a question, in a conversation by the way of taking it that is the surest.

    ``query`` is what was made of the question with the earlier ones, ``history``, oldest first.
    """
    if not history:
        return Taken(query, form(query, desk))
    ways = []
    before = cache(lambda: form(desk.understand(history[-1], history[:-1]), desk).reading)
    meant = _of_whom(query.question, history, before, desk)
    if meant is not None:
        ways.append(_taken(meant, query, desk))
        # A sentence that says yes or no may be of anybody, and of whom it is asked is known here.
        if _sure(ways[0]) or ways[0].formed.kind == "yes_no":
            return ways[0]
    both = together(history[-1], query.question)
    ways.append(_of_a_time(Taken(query, form(query, desk))))
    if ways[-1].formed.reading.rivals and DOES_IT.search(query.question):
        # What the question before was of is no rival of who did something to it.
        alone = _taken(query.question, query, desk)
        if _sure(alone) and text_of(alone.formed.reading.findings[0]) == text_of(ways[-1].formed.reading.findings[0]):
            return alone
    if query.stand_alone not in (None, both) and not SORRY.match(query.question):
        ways[-1] = _elsewhere(ways[-1], before)
    ways[-1] = _of_them(_in_that_text(_of_that_one(ways[-1], meant), before), before)
    if query.stand_alone == both or SORRY.match(query.question):
        ways[-1] = _of_its_own(ways[-1], before)
    if _sure(ways[-1]):
        return ways[-1]
    for text in () if SORRY.match(query.question) else _others(query, both):
        way = _taken(text, query, desk)
        way = way if text == query.question else _of_its_own(way, before)
        ways.append(_of_them(_in_that_text(_of_that_one(way, meant), before), before))
    sure = [way for way in ways if _sure(way)]
    # Nothing that is sure: what the rule made of it stands, or the person's name in it.
    best = max(sure, key=lambda way: way.formed.reading.confidence) if sure else next(iter(ways))
    told = dict.fromkeys(way.query.stand_alone or way.query.question for way in sure if way is not best)
    return best._replace(others=tuple(told)[:MOST])


def _sure(way: Taken) -> bool:
    reading = way.formed.reading
    return reading.reason is None and reading.confidence >= SURE


def _of_its_own(way: Taken, before: Callable[[], Reading]) -> Taken:
    """Two questions taken together; no answer where they are answered with what the first of them is, or as two.

    ``before`` tells what the first is answered with.
    """
    reading = way.formed.reading
    # The sentence that says yes or no may well be the one that answered before.
    if reading.reason is not None or way.formed.kind == "yes_no":
        return way
    if way.query.kind == "several" and wording(way.query.question).kind != "several":
        again = True
    else:
        found, known = reading.findings[0], (before().findings if before().reason is None else ())[:1]
        again = any(
            (found.passage.path == k.passage.path and found.answer.holds(k.answer))
            or normalised(text_of(found)) == normalised(text_of(k))
            for k in known
        )
    return _withheld(way) if again else way


def _of_a_time(way: Taken) -> Taken:
    """A way to take a question; no answer where it asks when and is answered with a name alone."""
    reading = way.formed.reading
    asked = way.query.stand_alone or way.query.question
    if reading.reason is None and WHEN.match(asked) and (name := NAME.fullmatch(text_of(reading.findings[0]).strip())):
        return way if TIME.search(name[0]) else _withheld(way)
    return way


def _elsewhere(way: Taken, before: Callable[[], Reading]) -> Taken:
    """What was asked of one thing asked of another; no answer where it is the same and names nothing of the other."""
    reading = way.formed.reading
    if reading.reason is not None or way.formed.kind != "value" or before().reason is not None:
        return way
    found, known = reading.findings[0], before().findings[0]
    if found.passage.path != known.passage.path or not found.answer.overlaps(known.answer):
        return way
    told = content_words(read_whole(found.passage))
    asked = content_words(way.query.question)
    return way if any(alike(word, other) for word in asked for other in told) else _withheld(way)


def _of_that_one(way: Taken, meant: str | None) -> Taken:
    """What is asked of somebody whom the question before was answered with; no answer where nothing in front names him.

    ``meant`` is the question with the name; None where there is none.
    """
    if meant is None or way.formed.reading.reason is not None:
        return way
    whom = set(content_words(meant)) - set(content_words(way.query.question))
    found = way.formed.reading.findings[0]
    if "reviewer" in whom and REVIEWS.search(found.passage.section or ""):
        return way  # who says "I" there
    end = next((s.end for s in found.passage.sentences if s.overlaps(found.answer)), found.answer.end)
    before = found.passage.reads(Span(found.passage.start, end))
    return way if whom & set(content_words(f"{found.passage.context} {before}")) else _withheld(way)


def _of_them(way: Taken, before: Callable[[], Reading]) -> Taken:
    """Which of several is asked for; no answer where it is none of what the question before was answered with."""
    if way.formed.reading.reason is not None or before().reason is not None or not WHICH_OF.match(way.query.question):
        return way
    told = normalised(" ".join(map(text_of, before().findings)))
    return way if normalised(text_of(way.formed.reading.findings[0])) in told else _withheld(way)


WHICH_OF = compiled(
    r"(?:and |so |but )?which (?:one )?of (?:the (?:two|three|four)|them|these|those|both)\b", re.IGNORECASE
)


def _in_that_text(way: Taken, before: Callable[[], Reading]) -> Taken:
    """What is asked of "that piece"; no answer where it is told in another text than what was answered before."""
    reading = way.formed.reading
    if reading.reason is not None or before().reason is not None or THAT_TEXT.search(way.query.question) is None:
        return way
    return way if reading.findings[0].passage.path == before().findings[0].passage.path else _withheld(way)


THAT_TEXT = compiled(
    r"\b(?:that|this|the same) (?:piece|article|text|interview|conversation|talk|letter|document|essay|report)\b",
    re.IGNORECASE,
)


def _withheld(way: Taken) -> Taken:
    return way._replace(formed=Formed(way.formed.kind, refused(way.formed.reading), way.formed.ranked))


WHEN = compiled(r"\W*(?:(?:and|but|so) )?(?:when\b|(?:in|on) (?:what|which) (?:year|month|day|date)\b)", re.IGNORECASE)
TIME = compiled(rf"\d|\b(?:{CALENDAR})\b", re.IGNORECASE)


def _taken(text: str, query: Query, desk: Desk) -> Taken:
    """A question in other words; as it was asked, it stands alone."""
    alone = desk.understand(text, ())
    meant = None if text == query.question else text
    told = replace(alone, question=query.question, stand_alone=meant)
    return Taken(told, form(told, desk))


def _others(query: Query, both: str) -> Iterator[str]:
    """The question by itself where it says something, and together with the one before."""
    seen = {query.stand_alone or query.question}
    for text in (query.question, both):
        if text not in seen and (len(content_words(text)) > 1 or DOES_IT.search(text)):
            seen.add(text)
            yield text


def _of_whom(question: str, history: Sequence[str], before: Callable[[], Reading], desk: Desk) -> str | None:
    """The question with the name that one before was answered with: "How old was he?" after "Who …?" and "When?".

    ``before`` tells what the last one is answered with.
    """
    if len(NAME.findall(question, 1)) > 1:
        return None
    asked = next((at for at in range(len(history) - 1, -1, -1) if not _goes_on(history[at])), -1)
    earlier = history[asked]
    if (of_it := of_the_review(question, history[-1]) or of_the_review(question, earlier)) is not None:
        return of_it
    if asked < 0 or len(history) - asked > BACK:
        return None
    if not PERSON.search(question) or not WHO.match(earlier):
        return None
    if (defined := WHO_IS.fullmatch(earlier)) is not None:
        return _named(defined["who"], question)
    last = asked == len(history) - 1
    reading = before() if last else form(desk.understand(earlier, history[:asked]), desk).reading
    name = text_of(reading.findings[0]).strip() if reading.reason is None and reading.findings else ""
    if reading.confidence < SURE or not NAME.fullmatch(name):
        return None
    return _named(name, question)


def _named(who: str, question: str) -> str:
    """A question with a name for whom it calls "he" or "her"."""
    return PERSON.sub(lambda match: f"{who}’s" if match["whose"] else who, question)


BACK = 4
"""Questions back to the one that asks who at most."""


def _goes_on(earlier: str) -> bool:
    """Whether a question only asks more of whom the one before it was about: "When?", "Where did he go?"."""
    if WHO.match(earlier) or NAME.search(earlier, 1):
        return False
    return PERSON.search(earlier) is not None or not content_words(earlier)
