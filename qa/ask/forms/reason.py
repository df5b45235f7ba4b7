"""Why and how: the explanation, and where it is spread over several passages, each of them with its place.

Where the reader is not sure of the one that it chose, the next one stands beside it: a reason is seldom told in the
words that ask for it, and whoever reads both sees which of them explains.
"""

import re

from msgspec.structs import replace

from qa.ask.agreement import same_answer
from qa.ask.forms.desk import Desk, finding_at, following
from qa.ask.forms.value import value
from qa.ask.reader import sentence_of, text_of
from qa.patterns import compiled
from qa.search.words import content_words, stems
from qa.types import Entry, Finding, Formed, Query

CONTRAST = compiled(
    r"(?<=\w\w),? (?:(?:and|but) not|not|instead of|rather than)(?: just| simply)? (?P<what>[^,?]{3,60}?)"
    r"(?: or (?:something|so|whatever)(?: like that)?)?\W*$",
    re.IGNORECASE,
)
"""What something was not: "… and not actors"."""
WEAK = 0.65
"""Confidence below which the next place is told too."""
SPREAD = "The explanation is spread; these are the places that were found."
MOST = 3


def reason(query: Query, desk: Desk) -> Formed:
    """What a value is for other questions; every other passage belongs to it that the reader is sure of by itself."""
    contrast = CONTRAST.search(query.text)
    if contrast and all(word in query.unknown for word in content_words(contrast["what"])):
        query = desk.understand(f"{query.text[: contrast.start()]}?", ())  # of what no source speaks, none says why not
    formed = value(query, desk)
    if formed.reading.reason is not None:
        return replace(formed, kind="reason")
    first = _beyond(query, desk, formed.reading.findings[0])
    if first != formed.reading.findings[0]:
        formed = replace(formed, reading=replace(formed.reading, findings=(first,)))
    told: list[Finding] = [first]
    weak = formed.reading.confidence < WEAK
    beside = _conclusion(desk, first)
    if weak and not beside and formed.reading.runner_up:
        beside = [formed.reading.runner_up]
    for finding in [*beside, *(weighed.finding for weighed in desk.each(query, formed.ranked) if weighed.sure)]:
        fresh = all(
            not finding.quote.overlaps(one.quote) or finding.passage.path != one.passage.path for one in told
        ) and not any(same_answer(text_of(finding), text_of(one)) for one in told)
        if fresh:
            told.append(finding)
    if len(told) < 2:
        return replace(formed, kind="reason")
    # A few words of a place that may not explain it say too little to be judged; its sentences do.
    shown = [finding._replace(answer=finding.quote) if weak else finding for finding in told[:MOST]]
    items = tuple(Entry((finding,)) for finding in shown)
    return replace(formed, kind="reason", items=items, note=formed.note or SPREAD)


def _conclusion(desk: Desk, finding: Finding) -> list[Finding]:
    """What is drawn from an explanation right behind it: "… . I guess this is how films are made, …"."""
    found: list[Finding] = []
    after = finding
    for _ in range(BEHIND):
        told = following(desk, after)
        if told is None:
            break
        after = finding_at(*told)
        if DRAWN.match(after.passage.reads(after.answer)):
            found.append(after)
    return found


BEHIND = 2
"""Sentences behind an explanation in which something is drawn from it."""
DRAWN = compiled(
    r"(?:(?:so|and|but) )?(?:(?:i|we) (?:guess|think|believe|suppose|feel) )?(?:that )?(?:this|that|it) "
    r"(?:is|was)(?: also)? (?:how|why|the reason|the way)\b|(?:that|this)['’]s (?:how|why|the reason|the way)\b",
    re.IGNORECASE,
)


def _beyond(query: Query, desk: Desk, finding: Finding) -> Finding:
    """The sentence behind an answer that only says again what is asked: "It was important that …. I wanted …"."""
    said, asked = stems(text_of(finding)), set(stems(query.text))
    again = bool(said) and sum(word in asked for word in said) >= AGAIN * len(said)
    told = sentence_of(finding)
    # "Why was it so important?" "It was important that …." "I wanted …": the whole question is said again.
    whole = WHY.match(query.text) and len(asked) > 1 and asked <= set(stems(told)) and not GIVES.search(told)
    whole = whole or (IMPORTANT_ASKED.match(query.text) and IMPORTANT.search(told) and not GIVES.search(told))
    if not whole and (not again or GIVES.search(text_of(finding))):
        return finding
    after = following(desk, finding)
    return finding if after is None else finding_at(*after)


IMPORTANT = compiled(r"\b(?:important|crucial|vital|essential|matters?|mattered)\b", re.IGNORECASE)
IMPORTANT_ASKED = compiled(rf"(?:so |and |but )?why (?:is|was|did|does|were) .*{IMPORTANT.pattern}", re.IGNORECASE)
"""Why something was important, which to say that it was does not tell."""
WHY = compiled(r"(?:so |and |but )?(?:why|how come|what for)\b", re.IGNORECASE)
AGAIN = 0.4
"""Share of the words of an answer that the question has, from which it says nothing new."""
GIVES = compiled(
    r"\b(?:because|so that|in order|so as|as|since|due|to|for|by|through|with|after|when)\b", re.IGNORECASE
)
"""What begins a reason or a manner."""
