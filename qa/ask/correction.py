"""A question put right: "no, I meant the narrator" takes the place of what was meant wrongly in the question before."""

import re

from qa.patterns import compiled
from qa.search.words import content_words

I = re.IGNORECASE  # noqa: E741
SORRY = compiled(
    r"\A(?:(?:no|nope|nah|sorry|oops|wait|actually|hm+|ah|oh|apologies|my mistake|my bad|correction|pardon|rather|"
    r"i mean(?:t)?(?: to (?:ask|say|write)(?: about)?)?|i was (?:asking|talking) about|i wanted to know(?: about)?|"
    r"make (?:that|it))(?![\w'’])[\s,.!:;–—-]*)+",
    I,
)
NOT_THIS = compiled(r"not (?P<old>[^,;.]{1,80}?)(?:\s*[,;.–—-]+\s*(?:but )?|\s+but\s+)(?P<new>\S.*)", I)
BUT_NOT = compiled(r"(?P<new>.{1,200}?),? (?:and )?(?:not|instead of|rather than) (?P<old>\S.{0,80})", I)
ABOUT = compiled(r"(?:about|for)\s+(?=(?:the|an?|his|her|its|their)\b|[A-Z])", I)
ONE = compiled(r"(?:(?:the|an?|that|this)\s+)?(?P<which>\S.{0,60}?)\s+ones?", I)
ASKING = compiled(
    r"(?:(?:in|at|on|by|for|from|with|to|of) )?(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|"
    r"does|did|has|have|had|can|could|will|would|should|name|list|tell)\b",
    I,
)
ROLE = compiled(
    r"(?:the|its|his|her|their) (?:\w+ )?\w*(?:er|or|ist|ian|ant|ess|man|woman|head|chief|cook|nurse|king|queen)", I
)
WHO_DID = compiled(r"who (?!is\b|are\b|was\b|were\b)", I)
DETERMINERS = r"(?:the|an?|his|her|its|their|our|my|your|this|that|these|those)"
WORD = r"[\w'’-]+"
NAMED = compiled(rf"(?<=\S )(?:[A-Z0-9]{WORD}|[A-Z0-9])(?: (?:[A-Z0-9]{WORD}|[A-Z0-9])(?!{WORD}))*")
OF_A_KIND = compiled(r"(?<=\bthe )(?P<which>[a-z][\w'’-]{2,})(?= [a-z][\w'’-]{2,}(?: (?:of|in|on|at|for|by)\b|$))")
"""What tells one thing of a kind from another: "english" in "the english version"."""
PAIR = compiled(rf"(?<![\w'’-]){WORD} (?:and|or) {WORD}")


def corrected(question: str, previous: str) -> str | None:
    """The question that a correction of the one before asks; None where it is no correction.

    >>> corrected("no, I meant the Bramble 20", "What does the check for the Bramble 40 cost?")
    'What does the check for the Bramble 20 cost?'
    >>> corrected("sorry, i meant the french one", "who reads the english version")
    'who reads the french version?'
    >>> corrected("sorry no, I meant the one who cut it", "who was the cameraman?")
    'who cut it?'
    >>> corrected("No, not the museum, the archive", "When was the town museum founded?")
    'When was the town archive founded?'
    """
    asked = question.strip()
    said = SORRY.sub("", asked)
    replaced = NOT_THIS.fullmatch(said.strip(" ?.!"))
    if said == asked and replaced is None:
        return None
    said = said.strip(" ,?.!")
    if not said or ASKING.match(said):
        return None
    old = ""
    if found := replaced or BUT_NOT.fullmatch(said):
        old, said = _bare(found["old"]), SORRY.sub("", found["new"]).strip(" ,?.!")
    said = ABOUT.sub("", said)
    if not old and (doer := WHO_DOES.fullmatch(said)):
        return f"who {doer['did']}?"
    if not old and ROLE.fullmatch(said) and WHO_DID.match(previous):
        return f"Who is {said}?"
    return _exchanged(previous.rstrip(" ?.!"), said, old)


WHO_DOES = compiled(
    r"(?:the|that) (?:one|person|guy|man|woman|people|folks) (?:who|that) "
    r"(?P<did>(?!is\b|was\b|are\b|were\b)[^?]{3,60})",
    re.IGNORECASE,
)
"""Somebody by what that one does, in place of another: "no, I meant the one who cut it"."""


def other_one(fragment: str, previous: str) -> str | None:
    """The question before about "the Tarn one"; None where the fragment names no such one.

    >>> other_one("the Marlow one", "When was the Tarn wind pump put up?")
    'When was the Marlow wind pump put up?'
    """
    return _exchanged(previous.rstrip(" ?.!"), fragment, "") if ONE.fullmatch(fragment) else None


def _exchanged(stem: str, new: str, old: str) -> str | None:
    """The question before with what fits the new words exchanged for them: the first of these that there is.

    What was said to be wrong; a name, number or noun that shares a word; a pair for a pair; the last name for a name.
    """
    one = ONE.fullmatch(new)
    bare = one["which"] if one else _bare(new)
    if old:
        head = old if re.search(rf"(?<!\w){re.escape(old)}(?!\w)", stem, I) else old.split()[-1]
        return _with(stem, rf"(?<!\w){re.escape(head)}(?!\w)", bare)
    named = list(NAMED.finditer(stem))
    if one and bare[0].islower() and len(kinds := list(OF_A_KIND.finditer(stem))) == 1:
        return _put(stem, kinds[0], bare) if kinds[0]["which"] != bare else None
    if one:
        return _with_name(stem, named, bare) if bare[0].isupper() or not named else None
    words = {word.lower() for word in content_words(bare)}
    for match in named:
        if words & {word.lower() for word in match[0].split()}:
            return _put(stem, match, bare)
    for word in sorted(words, key=len, reverse=True):
        phrase = rf"{DETERMINERS} (?:{WORD} ){{0,2}}?{re.escape(word)}(?!\w)"
        if found := re.search(rf"(?<!\w){phrase}", stem, I):
            return _put(stem, found, new)
    if pair := re.search(r" (and|or) ", bare):
        return _with(stem, PAIR.pattern.replace("(?:and|or)", pair[1]), bare)
    if bare[0].isupper() or bare[0].isdigit():
        return _with_name(stem, named, bare)
    return None


def _bare(phrase: str) -> str:
    return re.sub(rf"^{DETERMINERS}\s+", "", phrase.strip(), count=1, flags=I)


def _with_name(stem: str, named: list[re.Match[str]], name: str) -> str | None:
    """The question with its last name, or number for a number, as another one."""
    alike = [match for match in named if match[0][0].isdigit() == name[0].isdigit()]
    return _put(stem, alike[-1], name) if alike else None


def _with(stem: str, pattern: str, name: str) -> str | None:
    found = re.search(pattern, stem, I)
    return _put(stem, found, name) if found else None


def _put(stem: str, match: re.Match[str], name: str) -> str:
    return f"{stem[: match.start()]}{name}{stem[match.end() :]}?"
