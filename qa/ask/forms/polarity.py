"""Whether a sentence says yes or no to a question: negation words, antonyms, exceptions; None where that is unsure."""

import re
from itertools import permutations

from qa.ask.prizes import names_in
from qa.patterns import compiled
from qa.search.words import content_words, stem, words
from qa.types import Verdict

NEGATION = compiled(
    r"\b(?:not|never|nobody|none|nothing|nowhere|neither|nor|without|cannot|no longer|prohibited|forbidden|banned|"
    r"barred|refused|refuses|lacks?|lacked|excluded|impossible)\b|n['’]t\b",
    re.IGNORECASE,
)
NO = compiled(r"\bno (?!longer\b)((?:[\w-]+ ?){1,2})", re.IGNORECASE)
DOUBLE = compiled(
    r"\bnot only\b|\bno (?:doubt|problem|matter|sooner|less|fewer|more than|later than|wonder)\b|\bnot "
    r"un\w+\b",
    re.IGNORECASE,
)
UNSURE = compiled(
    r"\b(?:if|only|perhaps|maybe|might|probably|possibly|likely|may have|could have|should have|would have|planned|"
    r"plans|"
    r"supposed|said to|almost|nearly|partly|sometimes|usually|mostly|some|depends?|until|till|when|whether|once|"
    r"provided|"
    r"must|should|rather than|instead|at least|at most|up to|more than|less than|all but|but)\b",
    re.IGNORECASE,
)
EXCEPT = compiled(
    r"\b(?:every|all|any|each|daily|always|everyone|everybody|everything)\b[^.;:]*?\b(?:but(?: not)?|except(?: "
    r"for)?|excepting|excluding|apart from|other than|save)\s+(?:on |in |for |the "
    r")*(?P<what>[\w-]+)",
    re.IGNORECASE,
)
OPPOSITES = (
    "open closed|open shut|opens closes|allowed forbidden|allowed prohibited|allowed banned|permitted forbidden|"
    "permitted prohibited|"
    "may forbidden|can forbidden|exist gone|exist vanished|exist demolished|standing demolished|standing gone|"
    "standing destroyed|"
    "alive dead|alive died|alive deceased|alive killed|living dead|living deceased|survive died|survive deceased|"
    "survive dead|survive killed|included extra|included excluded|"
    "free charged|accepted refused|"
    "accept refuse|win lost|won lost|same different|present absent|possible impossible|true false|legal illegal|"
    "full empty|complete incomplete|necessary unnecessary|available unavailable|indoors outdoors|inside outside|"
    "before after|"
    "increase decrease|increased decreased|rose fell|more fewer|more less|first last|early late|public private|"
    "with without|"
    "safe dangerous|hot cold|wet dry|new old|cheap expensive|long short|heavy light|large small"
)
OPPOSED = [(word, stem(other)) for pair in OPPOSITES.split("|") for word, other in permutations(pair.split(), 2)]
"""Words, each with the stem of one that says the opposite."""
OPPOSITE: dict[str, set[str]] = {}
for _word, _other in OPPOSED:
    OPPOSITE.setdefault(_other, set()).add(stem(_word))
CLAUSE = compiled(r"[,;:]|\s[–—-]\s|\b(?:but|and|while|whereas|although|though|because|so that)\b", re.IGNORECASE)
FAINT = frozenset(
    "there any some still yet already really also ever even actually just may can could will would shall should "
    "must might "
    "please true case long one ones thing allowed possible take get go make use".split()
)
CONDITIONS = compiled(r"[.;]\s|, wh|\b(?:if|even|also|already|that (?:is|was|were|are|has)|still a)\b", re.IGNORECASE)
DOTS = compiled(r"\.{3}|\d [A-Z(].*\d [A-Z(]|\d \(|[.!?]\s+[A-Z]")
LONGEST = 14
"""Words of a question above which its conditions are too many to be sure of."""
IN_MAY = compiled(r"(?<=\w )May\b(?! (?:i|we|he|she|they|you|it)\b)", re.IGNORECASE)
COVERED = 0.75
"""Share of a question's content words that a sentence must hold with its context before it decides anything."""
COVERED_BY_YES = 1.0
"""The same for a yes, which no negation word supports."""


STILL_THERE = compiled(
    r"\b(?:(?:still|to be) (?:with us|around|living|there)|(?:make|makes|made) it(?: through| out)?(?: of \w+)?"
    r"(?: alive)?|(?:come|came|get|got) (?:out|through)(?: of it)? alive|pull(?:ed)? through)\b",
    re.IGNORECASE,
)
"""How people ask whether somebody is alive."""


def opposites(question: str) -> list[str]:
    """The words that say the opposite of one in a question: what denies it may be told in these alone.

    >>> opposites("Did her aunt make it?")
    ['dead', 'deceased', 'died', 'killed']
    """
    asked = {stem(word) for word in content_words(STILL_THERE.sub("survive", question))}
    return sorted(word for word, other in OPPOSED if other in asked)


def denies(question: str, sentence: str) -> bool:
    """Whether a sentence says no in the opposite of a word, and has every other word of the question itself.

    >>> denies("Did her aunt survive?", "She wept for her deceased aunt."), denies("Did the mill survive?", "He died.")
    (True, False)
    """
    said = {stem(word) for word in content_words(sentence)}
    asked = {stem(word) for word in content_words(STILL_THERE.sub("survive", question)) if word not in FAINT}
    opposed = {word for word in asked - said if OPPOSITE.get(word, set()) & _predicated(sentence)}
    return bool(opposed) and asked - opposed <= said and asked != opposed and verdict(question, sentence) == "no"


def verdict(question: str, sentence: str, context: str = "") -> Verdict | None:
    """What a sentence says to a yes/no question, where its polarity is sure.

    ``context`` are the words above the sentence, which may name what it speaks of.

    >>> verdict("Is the lake watched in winter?", "In winter the lake is not watched.")
    'no'
    >>> [verdict("Is Ana Vey alive?", f"Ana Vey {did}.") for did in ("wrote on the killings", "was killed")]
    [None, 'no']
    """
    question = STILL_THERE.sub("survive", question)
    asked = [stem(word) for word in content_words(question) if word not in FAINT and word not in CONTRACTED]
    asked += ["may"] if IN_MAY.search(question) else []
    said = {stem(word) for word in content_words(sentence)}
    around = {stem(word) for word in content_words(context)}
    if not asked or len(question.split()) > LONGEST or CONDITIONS.search(question) or DOTS.search(sentence):
        return None
    if any(
        told["what"].lower() in words(question) or stem(told["what"].lower()) in asked
        for told in EXCEPT.finditer(sentence)
    ):
        covered = [word for word in asked if word in said | around]
        return "no" if len(covered) / len(asked) >= COVERED / 2 else None
    opposed = [word for word in asked if word not in said and OPPOSITE.get(word, set()) & _predicated(sentence)]
    held = [word for word in asked if word in said or word in opposed]
    covered = [word for word in asked if word in held or word in around]
    if not held or len(covered) / len(asked) < COVERED:
        return None
    named = names_in(question)
    if any(word in named for word in asked if word not in covered):
        return None  # of another place or person it may say the same
    clause = deciding(sentence, asked)
    none = NO.findall(clause)
    if any(not {stem(word) for word in content_words(noun)} & set(asked) for noun in none):
        return None  # "no time limit" says nothing of the rest
    if UNSURE.search(clause) and not UNSURE.search(question):
        return None
    negations = len(NEGATION.findall(DOUBLE.sub(" ", clause))) + len(none) + len(opposed)
    asked_so = len(re.findall(r"\b(?:not|never|no|without)\b", question, re.IGNORECASE))
    if negations > 1:
        return None
    positive = negations % 2 == asked_so % 2
    if positive and len(covered) / len(asked) < COVERED_BY_YES:
        return None
    together = around | {stem(word) for word in content_words(clause)}
    if positive and sum(word in together for word in asked) / len(asked) < TOGETHER:
        return None
    return "yes" if positive else "no"


def _predicated(sentence: str) -> set[str]:
    """The stems of a sentence that can say something of somebody, which "the killings" do of nobody."""
    return {stem(word) for word in content_words(sentence) if not word.endswith(("ing", "ings"))}


TOGETHER = 0.6
"""Share that the deciding clause must hold for a yes: words of several clauses say nothing together."""
CONTRACTED = frozenset("isn aren wasn weren don doesn didn hasn haven hadn can couldn won wouldn shouldn mustn".split())


def deciding(sentence: str, asked: list[str]) -> str:
    """The clause of a sentence that holds the most of what is asked, with a label in front of it."""
    pieces = [piece for piece in CLAUSE.split(sentence) if piece.strip()]
    if len(pieces) < 2:
        return sentence
    wanted = set(asked)
    scored = [(len(wanted & {stem(w) for w in content_words(piece)}), -i) for i, piece in enumerate(pieces)]
    best = -max(scored)[1]
    # "Dogs: not allowed on the meadow" is one clause.
    return f"{pieces[0]} {pieces[1]}" if ":" in sentence and best <= 1 else pieces[best]
