"""From the kind of a question to the form of its answer, held to the source that it names."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from qa.ask.forms.desk import Desk
from qa.ask.forms.mentions import mentions
from qa.ask.forms.scope import sections_of
from qa.ask.forms.value import value
from qa.ask.sources import resolve
from qa.types import Formed, Kind, Query

Form = Callable[[Query, Desk], Formed]
FORMS: Mapping[Kind, str] = {
    "comparison": "comparison",
    "count": "count",
    "definition": "definition",
    "list": "listing",
    "overview": "overview",
    "several": "several",
    "superlative": "superlative",
    "yes_no": "yes_no",
}
"""The module of each kind's form, and its function in it; what is not here is answered by a value."""
SCOPED_BY_ITSELF = frozenset({"overview", "comparison", "several"})
SILENT = "That source does not say."
ELSEWHERE = "That source does not say; this is what others say."


def form(query: Query, desk: Desk) -> Formed:
    """The answer to a query in the form of its kind."""
    if (told := mentions(query, desk)) is not None:
        return told
    make = form_of(query.kind)
    if query.kind in SCOPED_BY_ITSELF or not query.source:
        return _of(query, make(query, desk))
    scope = resolve(query.source, desk.documents, sections_of(desk))
    if scope is None or not scope.named:
        return _of(query, make(query, desk))
    asked = desk.understand(query.core, ())
    asked = replace(asked, kind=query.kind, wants=query.wants, subject=query.subject, unit=query.unit, source="")
    found = make(asked, desk.held_to(scope.within))
    if found.reading.reason is None:
        return _of(query, found)
    # The confidence was fitted over whole corpora; in a few passages the likeliest stands by itself.
    alone = desk.held_to(scope.within).each(asked, found.ranked) if make is value else []
    if alone and _stands_out([w.probability for w in alone]):
        reading = replace(found.reading, findings=(alone[0].finding,), reason=None, confidence=alone[0].probability)
        return _of(query, replace(found, reading=reading))
    others = make(asked, desk)
    if others.reading.reason is not None:
        return _of(query, replace(found, note=SILENT))
    return replace(_of(query, found), parts=((asked, _of(query, others)),), note=ELSEWHERE)


def form_of(kind: Kind) -> Form:
    """The form of a kind, imported when a question asks for it."""
    if (name := FORMS.get(kind)) is None:
        return value
    make: Form = getattr(importlib.import_module(f"qa.ask.forms.{name}"), name)
    return make


def _stands_out(probabilities: Sequence[float]) -> bool:
    """Whether the first of some probabilities, best first, is far ahead of the next."""
    second = probabilities[1] if len(probabilities) > 1 else 0.0
    return probabilities[0] >= max(LEAST, AHEAD * second)


LEAST, AHEAD = 0.1, 4
"""Probability, and how many times that of the next, from which a passage of a named source answers."""


def _of(query: Query, found: Formed) -> Formed:
    """What was found under the kind that was asked, a reason also where it has the form of a value."""
    return replace(found, kind="reason") if query.kind == "reason" else found
