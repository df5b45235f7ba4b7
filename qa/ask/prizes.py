"""What was won, and what was only put up for a prize: by the words of a question and of a sentence."""

import re

from qa.patterns import compiled
from qa.search.words import stem, stems

WON_ASKED = compiled(r"\b(?:win|wins|won|winning|winners?)\b", re.IGNORECASE)
WON = compiled(r"\b(?:win|wins|won|winning|winners?|awarded|received|receives|took|takes)\b", re.IGNORECASE)
NOT_WON = compiled(
    r"\b(?:(?:nominat|nominee|shortlist|submi(?:t|ssion))\w{0,9}|entry|entries|up for|in the running)\b", re.IGNORECASE
)
BOTH_ASKED = compiled(
    r"\b(?:awards?|prizes?|wins?|won|honours?)\b(?:,| and| or|/|&|\+)+ ?(?:all |the |any |its |was )*"
    r"(?:nominat|shortlist)\w*|"
    r"\bnominations?(?:,| and| or|/|&|\+)+ ?(?:all |the |any |its )*(?:awards?|prizes?|wins?)\b",
    re.IGNORECASE,
)
"""A question for what was won and for what was only nominated."""
WINNER_ASKED = compiled(
    r"(?:who|(?:what|which)(?: [\w'’-]{1,30}){1,3}) (?:has |had )?(?:won|wins|took|takes|beats?)\b", re.IGNORECASE
)
ONLY_NAMED = compiled(
    r"[^\w.;]{0,4}(?:(?:which|who|that|and) )?(?:was|were|is|are|has been|had been|got)(?: \w+)? (?:nominat|shortlist)",
    re.IGNORECASE,
)
"""What follows somebody or something that is named for a prize and has not won it thereby."""
WINS = compiled(r" (?:wins?|awards?|prizes?)\b", re.IGNORECASE)
JOINING = frozenset("and but or was were is are has have had been also for as well , ;".split())
EACH_FOR = compiled(r",? (?:as well as|and|or) (?=for\b)")
"""Between what somebody is nominated for, and what else: "for Best Oar at the Boats | for Best Sail"."""
PLACES = compiled(r"(?<=\w )[^\W\d_a-z][\w’'-]+")


def of_that_kind(question: str, behind: str) -> bool:
    """Whether what stands behind an answer says that it was not won, or not only put up, where the other is asked for.

    >>> [of_that_kind(f"How many did it {verb}?", " nomination") for verb in ("win", "get a nomination for")]
    [False, True]
    >>> of_that_kind("Which film beat it?", ", which was nominated for the prize"), of_that_kind("Who won?", " won")
    (False, True)
    """
    put_up = NOT_WON.search(question)
    if WON_ASKED.search(question) and not put_up and NOT_WON.match(behind.lstrip()):
        return False
    if WINNER_ASKED.match(question) and ONLY_NAMED.match(behind):
        return False
    return not (put_up and not BOTH_ASKED.search(question) and WINS.match(behind))


def prize(question: str, before: str, answer: str) -> tuple[int, int]:
    """The part of an answer that was won, or only put up for a prize, as a question asks; from and to a character.

    >>> told = "the Silver Bell and was nominated for the Golden Boat"
    >>> told[slice(*prize("What did it win?", "It won ", told))]
    'the Silver Bell'
    >>> prize("What did it win?", "It won a bell and was nominated for ", "a boat")
    (0, 0)
    """
    whole = 0, len(answer)
    if BOTH_ASKED.search(question):
        return whole
    if NOT_WON.search(question):
        wanted, other = NOT_WON, WON
    elif WON_ASKED.search(question):
        wanted, other = WON, NOT_WON
    else:
        return whole
    said = max((match.start() for match in wanted.finditer(before)), default=-1)
    if any(match.start() > said for match in other.finditer(before)):
        return 0, 0
    if (cut := other.search(answer)) is None:
        return whole
    kept = re.findall(r"\w+|[,;]|[^\w,;]", answer[: cut.start()])
    while kept and (kept[-1].isspace() or kept[-1].lower() in JOINING):
        kept.pop()
    return 0, len("".join(kept))


def won_there(question: str, told: str) -> bool:
    """Whether a sentence tells a prize at what a question names, and not a nomination alone.

    >>> told = "It won the Bell at the 2nd Festival of Lund and was nominated at the Boats"
    >>> [won_there(f"Did it get anything at the {name}?", told) for name in ("Festival of Lund", "Boats")]
    [True, False]
    """
    only = NOT_WON.search(told)
    won = told[: only.start()] if only else told
    names = names_in(question)
    return bool(names) and WON.search(won) is not None and names <= set(stems(won))


def nominated_there(question: str, told: str) -> bool:
    """Whether a sentence tells a nomination at what a question names, and for what it names beside.

    >>> told = "It won the Bell at the Festival of Lund and was nominated for Best Oar at the Boats and for Best Sail"
    >>> [nominated_there(f"Was it up for anything at the {name}?", told) for name in ("Festival of Lund", "Boats")]
    [False, True]
    >>> [nominated_there(f"Was it up for best {what} at the Boats?", told) for what in ("sail", "oar")]
    [False, True]
    """
    names = names_in(question)
    return bool(names) and any(names <= one for one in _nominations(told)) and not nominated_apart(question, told)


def nominated_apart(question: str, told: str) -> bool:
    """Whether a sentence tells of several nominations, and no single one has all that a question names of them.

    >>> told = "It was nominated for Best Oar at the Boats and for Best Sail at the Bells"
    >>> [nominated_apart(f"Was it nominated for best {what} at the boats?", told) for what in ("oar", "sail")]
    [False, True]
    """
    each = _nominations(told)
    asked = set(stems(question)) & set().union(*each) - {stem(word) for word in NOT_WON.findall(question)}
    return len(each) > 1 and not any(asked <= one for one in each)


def _nominations(told: str) -> list[set[str]]:
    """The stems of each nomination that a sentence tells of."""
    only = NOT_WON.search(told)
    put_up = told[only.start() :] if only else ""
    if won := WON.search(put_up):
        put_up = put_up[: won.start()]
    return [set(stems(one)) for one in EACH_FOR.split(put_up)]


def names_in(question: str) -> set[str]:
    """The stems of the names inside a question.

    >>> sorted(names_in("Did Ana win at Lund?"))
    ['ana', 'lund']
    """
    return {name for found in PLACES.findall(question) for name in stems(found)}
