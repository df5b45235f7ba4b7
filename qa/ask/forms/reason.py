"""Why and how: the explanation, and where it is spread over several passages, each of them with its place."""

from msgspec.structs import replace

from qa.ask.agreement import same_answer
from qa.ask.forms.desk import Desk
from qa.ask.forms.value import value
from qa.ask.reader import text_of
from qa.types import Entry, Finding, Formed, Query

SPREAD = "The explanation is spread; these are the places that were found."
MOST = 3


def reason(query: Query, desk: Desk) -> Formed:
    """What a value is for other questions; every other passage belongs to it that the reader is sure of by itself."""
    formed = value(query, desk)
    if formed.reading.reason is not None:
        return replace(formed, kind="reason")
    first = formed.reading.findings[0]
    told: list[Finding] = [first]
    for weighed in desk.each(query, formed.ranked):
        finding = weighed.finding
        fresh = all(
            not finding.quote.overlaps(one.quote) or finding.passage.path != one.passage.path for one in told
        ) and not any(same_answer(text_of(finding), text_of(one)) for one in told)
        if weighed.sure and fresh:
            told.append(finding)
    if len(told) < 2:
        return replace(formed, kind="reason")
    items = tuple(Entry((finding,)) for finding in told[:MOST])
    return replace(formed, kind="reason", items=items, note=formed.note or SPREAD)
