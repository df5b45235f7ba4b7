"""What is asked: one analysis of a question, made before anything is searched."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from qa.ask.asked.manner import core_of, trimmed
from qa.ask.asked.naming import SITE
from qa.ask.asked.recast import recast
from qa.ask.asked.words import EARLIER, TITLE
from qa.ask.wording import wording
from qa.models.kind import ByWording, Kinds
from qa.patterns import compiled
from qa.search.lexicon import Lexicon
from qa.types import Query

NAME = compiled(r"(?<=[^\W.?!] )[A-Z][^\W\d_]+")
NO_NAME = compiled(rf"{TITLE}|{SITE}", re.IGNORECASE)
"""How somebody is called before a name, and where people read of things."""
BY_WORDING = ByWording()


def analyse(question: str, history: Sequence[str], lexicon: Lexicon, kinds: Kinds = BY_WORDING) -> Query:
    """A question with the earlier ones (oldest first) as a query of a corpus with this lexicon.

    What ``wording`` tells of it, and ``kinds`` where that is surely something else, decides the form of the answer; the
    text that is searched and read lacks only what says nothing, such as thanks.
    """
    interpreted = None
    if history:
        from qa.ask.conversation import stand_alone

        interpreted = stand_alone(question, history)
    asked = interpreted or question
    spelt = lexicon.spelt(asked)
    text = trimmed(spelt)
    known, unknown = lexicon.split(text)
    strange = (name for name in NAME.findall(asked) if name.lower() in unknown and not NO_NAME.fullmatch(name))
    names = tuple(name for name in strange if not lexicon.glued(name.lower()))
    told = wording(spelt)
    if (kind := kinds.kind(EARLIER.sub("", spelt), told.kind)) != told.kind:
        # The rules may have kept only what their kind needs of the words.
        other = recast(told if told.kind == "value" else replace(told, core=core_of(spelt)), kind)
        told = other if other.kind == kind else told
    return Query(
        question=question,
        stand_alone=interpreted,
        text=text,
        known=known,
        unknown=unknown,
        unknown_names=names,
        kind=told.kind,
        wants=told.wants,
        subject=told.subject,
        source=told.source,
        sides=told.sides,
        unit=told.unit,
        parts=told.parts,
        core=told.core,
    )
