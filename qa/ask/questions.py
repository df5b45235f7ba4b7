"""What is asked: one analysis of a question, made before anything is searched."""

import re
from collections.abc import Sequence

from qa.ask.conversation import stand_alone
from qa.search.lexicon import Lexicon
from qa.types import Asks, Query

# Questions whose answer is one value, so that two sources can contradict one another.
ONE_VALUE = re.compile(
    r"\b(?:when|where|who|whose|how (?:many|much|long|old|big|tall|far|high|large)|what (?:year|date|age|day|number|"
    r"name|is the (?:name|title|budget|runtime|length|age|score|rating))|which (?:year|date|city|town|country|day|"
    r"month|edition|festival|award))\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(
    r"\b(?:list|all|names|titles|who are|which \w+s|what \w+s|what are|each|every|both)\b", re.IGNORECASE
)
REASON = re.compile(r"\bwhy\b", re.IGNORECASE)
NAME = re.compile(r"(?<=[^\W.?!] )[A-Z][^\W\d_]+")


def analyse(question: str, history: Sequence[str], lexicon: Lexicon) -> Query:
    """A question with the earlier ones (oldest first) as a query of a corpus with this lexicon."""
    interpreted = stand_alone(question, history)
    asked = interpreted or question
    text = lexicon.spelt(asked)
    known, unknown = lexicon.split(text)
    names = tuple(name for name in NAME.findall(asked) if name.lower() in unknown)
    return Query(question, interpreted, text, known, unknown, names, asks(text))


def asks(question: str) -> frozenset[Asks]:
    """What a question asks for, by its wording.

    >>> sorted(asks("Which years are named, and why?"))
    ['reason', 'several']
    """
    kinds: dict[Asks, re.Pattern[str]] = {"value": ONE_VALUE, "several": SEVERAL, "reason": REASON}
    return frozenset(kind for kind, pattern in kinds.items() if pattern.search(question))
