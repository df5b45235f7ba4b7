"""A question that the rules over wordings take for one kind, taken for another: what its form needs, from free wording.

The kind model says that somebody wants a list, though no rule knows the words; what it is a list of is looked for here
in whatever words there are.
"""

from collections.abc import Iterator

from qa.ask.asked.comparing import comparison
from qa.ask.asked.compound import MOST_PARTS, parts_of
from qa.ask.asked.gist import FAULTS, IT, THOUGHT
from qa.ask.asked.listing import counted, is_plural, listed
from qa.ask.asked.words import A_NAME, AUX_WORD, EARLIER, INSIDE, PROPER, WORK, I, Wording, bare, marked
from qa.patterns import compiled
from qa.search.words import STOP_WORDS
from qa.types import Kind


def recast(told: Wording, kind: Kind) -> Wording:
    """A wording as one of another kind; as it was where it has not what that kind needs.

    >>> recast(Wording("I'd like every prize that it took, if it is no trouble"), "list").subject
    'prize'
    >>> recast(Wording("nurses on the ward, how many of them?"), "count").subject
    'nurses on the ward'
    >>> recast(Wording("Mara Quist - remind me?"), "definition").subject
    'Mara Quist'
    >>> recast(Wording("ok so what's the interview even on"), "overview").source
    'the interview'
    >>> recast(Wording("do the letter and the report tell the same story about the fire"), "comparison").sides
    ('the letter', 'the report')
    >>> recast(Wording("I need the curator's name plus the year of the fire"), "several").parts
    ("I need the curator's name?", 'the year of the fire?')
    """
    core, source = told.core, told.source
    if kind in ("value", "reason", "yes_no"):
        return Wording(core, kind, source=source)
    if kind == "list":
        return Wording(core, kind, subject=_listed(core), source=source)
    if kind == "count":
        many = MANY.search(core)
        if AUX_WORD.match(core) and many and OF_THEM.match(many["what"]):
            return told  # "Did anybody come? How many?": what decides whether says how many as well
        return Wording(core, kind, "number", _counted(core), source)
    if kind == "definition":
        subject = _named(EARLIER.sub("", core))
        return Wording(core, kind, subject=subject, source=source) if subject else told
    if kind == "overview":
        return _overview(core, source)
    if kind == "comparison":
        return comparison(core, core, surely=True) or told
    parts = tuple(parts_of(core)) or tuple(_pieces(core))
    if not 1 < len(parts) <= MOST_PARTS:
        return told
    return Wording(core, kind, parts=tuple(f"According to {source}, {part}" if source else part for part in parts))


def _listed(core: str) -> str:
    """What is listed: the noun behind "every" or "all", else the first plural; the question where it has neither."""
    if each := EVERY.search(core):
        return each["noun"]
    plural = next((word for word in WORD.findall(core) if is_plural(word) and word.lower() not in STOP_WORDS), "")
    return plural or listed(core)


def _counted(core: str) -> str:
    """What is counted: what stands behind "how many", else what does not ask."""
    within = MANY.search(core)
    if within is not None and not OF_THEM.match(within["what"]):
        return counted(within["what"].rstrip(" ?"))
    rest = MANY.sub("", core) if within else core
    return rest.strip(" ,;:?.!-–—")


def _named(core: str) -> str:
    """The one name or quoted term of a question that asks what it is; nothing where it has none or several."""
    if quoted := QUOTED.findall(core):
        return str(quoted[0]) if len(quoted) == 1 else ""
    alone = core.strip(" ?!.,")
    if PROPER.match(alone) and alone.split()[0].lower() not in STOP_WORDS:
        return bare(alone)
    names = {bare(found) for found in NAMES.findall(core) if found.split()[0].lower() not in STOP_WORDS}
    return names.pop() if len(names) == 1 else ""


def _overview(core: str, source: str) -> Wording:
    """An overview of a text that is named, of what is thought of a work, or of what is wrong with it."""
    texts = TEXTS.findall(core)
    judge = JUDGE.search(core)
    if FAULT.search(core):
        return Wording(core, "overview", subject=FAULTS, source=source or (judge[0] if judge else "the reviewer"))
    if judge or OPINION.search(core):
        return Wording(core, "overview", subject=THOUGHT, source=source or (judge[0] if judge else ""))
    return Wording(core, "overview", source=source or (texts[0] if len(texts) == 1 else ""))


def liking(core: str) -> Wording | None:
    """What one who judges a work says of a side of it; None where nobody such is asked about.

    >>> found = liking("Did the reviewer like the look of the boats?")
    >>> found.subject, found.source
    ('the look of the boats', 'the reviewer')
    """
    if ANY_UNLIKED.match(core):
        return Wording(core, "overview", subject=FAULTS, source="the reviewer")
    found = LIKES.match(core)
    return Wording(core, "overview", subject=found["what"].strip(), source=found["who"]) if found else None


def complaint(core: str) -> Wording | None:
    """What is wrong with a work by one who judges it, however that is asked; None where nobody such is named.

    >>> complaint("what annoyed the man who wrote the review").source, complaint("what annoyed the keeper")
    ('the reviewer', None)
    """
    judge = JUDGE.search(core)
    if (
        HOW_IT_IS_PUT.match(core)
        or not (judge or REVIEWING.search(core))
        or not (FAULT.search(core) or UNLIKED.search(core))
    ):
        return None
    return Wording(
        core, "overview", subject=FAULTS, source="the critic" if judge and "critic" in judge[0] else "the reviewer"
    )


def _pieces(core: str) -> Iterator[str]:
    """A compound taken apart at whatever joins its parts, none shorter than two words."""
    pieces = [piece.strip(" ,.?!") for piece in JOINED.split(INTRODUCED.sub("", core))]
    if all(len(piece.split()) >= SHORTEST for piece in pieces):
        yield from map(marked, pieces)


WORD = compiled(r"[^\W\d_][\w'’-]*")
EVERY = compiled(
    r"\b(?:every|each|all(?: of)?(?: the| its| his| her| their)?|list of(?: the| its| all)?)\s+"
    r"(?!every\b|each\b|all\b|the\b|of\b|one\b|other\b|this\b|that\b|it\b|in\b|his\b|her\b|its\b)(?P<noun>[\w'’-]+)",
    I,
)
MANY = compiled(r"\bhow many\b ?(?P<what>[^?;]{0,200})", I)
OF_THEM = compiled(r"\W*$|(?:of )?(?:them|those|these|it|is|are|was|were|in (?:all|total))\b", I)
QUOTED = compiled(r"[\"“‘]([^\"“”‘’]{2,60})[\"”’]")
NAMES = compiled(rf"(?:{INSIDE}|^(?=\S+ (?-i:[^\W\d_a-z]))){A_NAME}")
"""Names inside a question, or of several words in front of it."""
TEXTS = compiled(
    rf"\b(?:the|this|that|his|her|their) (?:[\w'’-]+ ){{0,2}}?(?!films?\b|movies?\b|document\w+ ){WORK}\b", I
)
JUDGE = compiled(
    rf"\b(?:the|this|that) (?:(?:[\w'’]+ )?(?:reviewer|critic|viewer)\b|"
    rf"(?:user|person|man|woman|guy|one) (?:who|that) (?:reviewed|rated|wrote)\b(?: (?:it|(?:the|this) {WORK}))?)",
    I,
)
FAULT = compiled(
    r"\b(?:moan|complain|grumbl|dislik|annoy|bother|irritat|disappoint|weakness|fault|critici[sz]|negative|gripe|hate)",
    I,
)
ANY_UNLIKED = compiled(
    rf"(?:so |and |but )?(?:did|do|does|has|have|(?:is|are|was|were) there) any(?:one|body)?(?: of the)?"
    rf"(?: (?:reviewers?|critics?|people|viewers?|users?))?(?: who| that)? (?:did(?:n['’]t| not) like|dislike[ds]?|"
    rf"hate[ds]?|complain(?:s|ed)?(?: about)?|critici[sz]e[ds]?)(?: {IT})?(?: at all)?\W*$",
    I,
)
"""Whether anybody found fault with a work: "Did any critics dislike it?"."""
LIKES = compiled(
    rf"(?:so |and |but )?(?:do|does|did)(?:n['’]?t)? (?P<who>the (?:[\w'’]+ )?(?:reviewer|critic)) (?:\w+ly )?"
    rf"(?:like|love|enjoy|appreciate|care for) (?!(?:the|this) {WORK}\W*$)"
    rf"(?P<what>(?:the|its|his|her|their) [^?,;]{{3,60}}?)\W*$",
    I,
)
HOW_IT_IS_PUT = compiled(r"(?:and |so |but )?(?:how|in what words|with what words?)\b(?! come\b)", I)
"""What asks for the words in which something is told."""
REVIEWING = compiled(
    r"\b(?:his|her|their) (?:\w+ )?review\b|\b(?:the|that|this) (?:guy|man|woman|user|person|one) "
    r"(?:on|from) (?:the|that) (?:\w+ )?(?:site|website|page|database)\b",
    I,
)
UNLIKED = compiled(
    r"\b(?:do|does|did)(?:n['’]?t| not)\b.*\b(?:like|love|enjoy|care for)\b|"
    r"\b(?:had|have|has|find|found|see)\b.*\bproblems?\b",
    I,
)
OPINION = compiled(
    r"\b(?:critics|reviewers|audiences?|viewers|received|reception|reaction|opinions?|acclaim|praise|verdict|"
    r"people (?:think|thought|make|made|say|said|like|liked))\b",
    I,
)
JOINED = compiled(r"[?;.] |, (?:and |also |plus )?|(?<=\w) (?:and|also|plus|&) |(?<=\w)\? ?", I)
INTRODUCED = compiled(r"^[^:?]{3,40}: ", I)
"""What announces the parts: "Two things: …"."""
SHORTEST = 2
"""Words of a part."""
