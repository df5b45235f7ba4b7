"""Turn a follow-up question into one that stands alone, from the earlier questions, by rule."""

import re
from collections.abc import Sequence

from qa.lexical import content_words

LEAD = re.compile(r"^\s*(?:(?:and|but|or|so|also|ok|okay|then)\b[\s,]*)+", re.IGNORECASE)
WHAT_ABOUT = re.compile(r"^\s*(?:what|how)\s+about\s+", re.IGNORECASE)
PREPOSITION = re.compile(r"(?:in|at|on|by|for|from|with|of|to|about|during|after|before|as|under)\b", re.IGNORECASE)
DETERMINER = re.compile(r"\b(?:the|a|an|his|her|its|their|this|that|these|those)\b", re.IGNORECASE)
ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|that|this|those|these|there|one|ones|same|"
    r"the (?:first|second|third|last|other|others|former|latter))\b",
    re.IGNORECASE,
)
# "it is true that she …", "that which": no anaphor without a noun before it in the same question.
ASKING = re.compile(
    r"^\s*(?:in |at |on |by |for |from |with |to )?"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|"
    r"should|name|list|tell|describe|explain|give)\b",
    re.IGNORECASE,
)
SELF_CONTAINED_WORDS = 4


def stand_alone(question: str, history: Sequence[str]) -> str | None:
    """The question with what it takes from the earlier ones (oldest first); None if it stands alone as it is."""
    previous: str | None = None
    for earlier in history:
        previous = _resolve(earlier, previous) or earlier
    return _resolve(question, previous)


def _resolve(question: str, previous: str | None) -> str | None:
    if not previous or not content_words(previous):
        return None
    body = LEAD.sub("", question).strip()
    fragment = WHAT_ABOUT.sub("", body).strip().rstrip("?.! ")
    if not fragment:
        return None
    if fragment != body.rstrip("?.! ") or not ASKING.match(body):
        led = fragment != question.strip().rstrip("?.! ")
        return _replace(previous, fragment) if led or len(content_words(fragment)) <= 2 else None
    if _depends(body):
        return f"{body[0].upper()}{body[1:]} ({previous.rstrip('?.! ')})"
    return None


def _depends(question: str) -> bool:
    """Whether a whole question points back: a pronoun with nothing before it that it could mean, or no noun."""
    anaphor = ANAPHOR.search(question)
    if anaphor is None:
        return len(content_words(question)) == 0
    before = content_words(question[: anaphor.start()])
    names = re.findall(r"(?<=\s)[A-Z][\w’'-]+", question)
    return not names and len(before) < SELF_CONTAINED_WORDS and len(content_words(question)) <= 2 * SELF_CONTAINED_WORDS


def _replace(previous: str, fragment: str) -> str:
    """The earlier question with its matching end exchanged for the fragment: "… in France" for "in Japan"."""
    stem = previous.rstrip("?.! ")
    preposition = PREPOSITION.match(fragment)
    if preposition:
        same = list(re.finditer(rf"\b{preposition[0]}\b", stem, re.IGNORECASE))
        if same and same[-1].start() > 0:
            stem = stem[: same[-1].start()].rstrip()
        return f"{stem} {fragment}?"
    determiners = list(DETERMINER.finditer(stem))
    if determiners and determiners[-1].start() > 0:
        return f"{stem[: determiners[-1].start()].rstrip()} {fragment}?"
    return f"{stem}, {fragment}?"
