"""Turn a follow-up question into one that stands alone, from the earlier questions, by rule.

Either the follow-up puts the question before right ("no, I meant the narrator"), or it is a fragment that takes the
place of a part of it ("and in Japan?"), or it points back ("who made them?") and is asked together with what it points
to. Anything else stands alone.
"""

import re
from collections.abc import Sequence

from qa.ask.correction import SORRY, corrected, other_one
from qa.config import LONGEST_QUESTION
from qa.patterns import compiled
from qa.search.words import content_words

LEAD = compiled(r"^\s*(?:(?:and|but|or|so|also)\b[\s,]*)+", re.IGNORECASE)
WHAT_ABOUT = compiled(r"^\s*(?:what|how)\s+about\s+", re.IGNORECASE)
PREPOSITION = compiled(r"(?:in|at|on|by|for|from|with|to|during|after|before|as|under)\b", re.IGNORECASE)
# A question that ends in such a phrase can have it exchanged: "Who wrote | the script?"
OBJECT = compiled(r"(?P<stem>.+?) (?:the|a|an|his|her|its|their)(?: [\w'’-]+){1,3}$", re.IGNORECASE)
# "How much is | blade sharpening | for the Bramble 40?"
ASKED_OF = compiled(
    r"(?P<head>(?:how (?:much|long|often|far|old) |what |when |where )(?:is|are|was|were|does|do|did|will)) "
    r"(?!it\b|he\b|she\b|they\b|there\b)[^?]{2,60}? (?P<of>(?:for|of|in|at|on|with|from) (?:the )?[A-Z0-9][^?]{1,60})",
    re.IGNORECASE,
)
NAMED = compiled(r"(?:^|\s)(?:[A-Z][\w'’-]*|\w*\d[\w'’-]*)")
AUXILIARY = compiled(r"\b(?:do|does|did|has|have|had|can|could|will|would)$", re.IGNORECASE)
WHO_DID = compiled(r"who (?:did|does|has)", re.IGNORECASE)
"""What asks who did a thing, not what somebody does: "Who did the music?"."""
# What a question can point back with, and what shows that it speaks of something by itself.
ANAPHOR = compiled(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|that|this|those|these|there|ones?|same|so|"
    r"the (?:first|second|third|last|other|others|former|latter)(?: one)?)\b",
    re.IGNORECASE,
)
OWN_SUBJECT = compiled(
    r"\b(?:the (?!(?:first|second|third|last|others?) (?:one|ones)?\b)\w+|films?|movie)\b", re.IGNORECASE
)
# What stands in the middle of a question and can have another of its kind put in its place.
WHOLE_NAME = compiled(r" (?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
DEFINITE = compiled(r" the [\w'’-]+(?= \w)| the [\w'’-]+$")
# "… on Rotten Tomatoes", which "and metacritic?" exchanges without a preposition or a capital.
AT_A_PLACE = compiled(r" (?:in|on|at|for|from|by) (?P<place>(?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)$")
IN_A_PLACE = compiled(
    r" (?:in|at) (?:the (?:[\w'’-]+)|(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+)*)(?=$| (?!of\b))", re.IGNORECASE
)
EVERYWHERE = compiled(
    r"(?:worldwide|overseas|abroad|nation ?wide|internationally|domestically|globally|locally|at home|"
    r"(?:in|over|around|across) (?:all )?the (?:whole )?world)",
    re.IGNORECASE,
)
"""Where something is, in words that need no preposition."""
IN_THE_ONE = compiled(r"(?:in|on|at|for|of) the (?P<adjective>[\w'’-]+) (?:one|version)", re.IGNORECASE)
IN_THE_KIND = compiled(
    r" (?:in|on|at|for|of) the (?P<adjective>[\w'’-]+) (?!of\b|in\b)[\w'’-]+(?=\W*$| )", re.IGNORECASE
)
"""One of several of a kind, and another one: "in the English version", "and in the French one?"."""
OTHER_VERSION = compiled(
    r"(?:(?:in|of|for) )?the (?P<adjective>[\w'’-]+)(?: (?:one|version|cut|edition|dub))?", re.IGNORECASE
)
VERSION = compiled(r"\bthe (?P<adjective>[\w'’-]+) (?:version|cut|edition|dub)\b", re.IGNORECASE)
"""A version of a work, and another one without a preposition: "the English version", "and the French one?"."""
CALLED = {"down under": "in Australia", "stateside": "in the USA"}
"""What people call countries."""
RATED_BY = compiled(
    r"(?P<head>\W*(?:what(?: is|['’]?s| was)|how (?:high|good) (?:is|was)) (?:its|the|his|her|their)) "
    r"(?!(?:average|overall|total|final|users?|critics?|audience|mean|star|current|best|worst|approval)\b)"
    r"(?:[\w'’-]+ ){1,3}?(?P<what>(?:(?:average|user|critics?['’]?|audience|approval) )?"
    r"(?:score|rating|number|grade|mark|ranking|rank|percentage|price))",
    re.IGNORECASE,
)
"""Who gives a thing its number, in front of it: "What is its Metacritic score?"."""
NAME = compiled(r"(?<=[^\W?!.:] )[A-Z][^\W\d_]+")
ASKING = compiled(
    r"^\s*(?:\w+ ){0,2}(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should|name|list|tell|describe|explain|give)\b",
    re.IGNORECASE,
)
AUXILIARIES = r"(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would)"
OF_IT = compiled(
    r"(?:out of|from|of|by|for|with|in|on|at|since|until|to) (?:how (?:many|much)|what|which|whom)\b", re.IGNORECASE
)
"""How a question begins that asks more of what was answered: "from how many critics"."""
VERB = compiled(rf"\b{AUXILIARIES}\b", re.IGNORECASE)
FEW_WORDS = 2
LONG_QUESTION = 8
"""Content words from which a question is long enough to hold what its pronouns mean."""


def stand_alone(question: str, history: Sequence[str]) -> str | None:
    """The question with what it takes from the earlier ones (oldest first); None if it stands alone as it is.

    >>> stand_alone("and in Japan?", ["When was it released in France?"])
    'When was it released in Japan?'
    >>> stand_alone("Who made them?", ["What are the figures?"])
    'Who made them? (What are the figures)'
    """
    previous: str | None = None
    for earlier in history:
        previous = _bounded(_resolve(earlier, previous)) or earlier
    return _bounded(_resolve(question, previous))


def _bounded(text: str | None) -> str | None:
    """What was put together, if it is not longer than a question may be, which else is taken as it was asked."""
    return text if text is not None and len(text) <= LONGEST_QUESTION else None


def _resolve(question: str, previous: str | None) -> str | None:
    if not previous or not content_words(previous) or not question.strip():
        return None
    if (meant := corrected(question, previous)) is not None:
        return meant
    # A correction that names nothing of the question before is asked as any other follow-up is.
    put_right = SORRY.sub("", question.strip())
    if put_right != question.strip() and ASKING.match(put_right) and (meant := of_whom(put_right, previous)):
        return meant
    question = put_right if content_words(put_right) else question
    body = LEAD.sub("", question).strip()
    led = body != question.strip()
    fragment = WHAT_ABOUT.sub("", body).strip(" ?.!")
    if not fragment:
        return together(previous, question)
    if not ASKING.match(body) or WHAT_ABOUT.match(body):
        if not led and not WHAT_ABOUT.match(body) and len(content_words(fragment)) > FEW_WORDS:
            return None  # a few keywords typed as a query
        return _exchanged(previous, fragment) or together(previous, question)
    return together(previous, question) if _depends(body, led) else None


def _depends(question: str, led: bool) -> bool:
    """Whether a whole question points back: by a pronoun or by a lead, with nothing of its own to speak of."""
    words = content_words(question)
    if NAME.search(question) or len(words) >= LONG_QUESTION:
        return False
    if OF_IT.match(question) and not VERB.search(question):
        return True
    anaphor = ANAPHOR.search(question)
    if anaphor is None:
        return not OWN_SUBJECT.search(question) and (led or len(words) < FEW_WORDS)
    # "What does the reviewer say of his school?": the pronoun has its noun before it.
    return led or not OWN_SUBJECT.search(question[: anaphor.start()])


def _exchanged(previous: str, fragment: str) -> str | None:
    """The earlier question with its matching end exchanged for the fragment, where there is one."""
    stem = previous.rstrip(" ?.!")
    if (other := other_one(fragment, previous)) is not None:
        return other
    if (one := IN_THE_ONE.fullmatch(fragment)) and (versions := list(IN_THE_KIND.finditer(stem))):
        start, end = versions[-1].span("adjective")
        return f"{stem[:start]}{one['adjective']}{stem[end:]}?"
    if (one := OTHER_VERSION.fullmatch(fragment)) and len(versions := list(VERSION.finditer(stem))) == 1:
        start, end = versions[0].span("adjective")
        return f"{stem[:start]}{one['adjective']}{stem[end:]}?"
    if ANAPHOR.search(fragment):
        return None
    asked = ASKED_OF.fullmatch(stem)
    if asked and NAMED.search(asked["of"]) and not NAMED.search(fragment) and not PREPOSITION.match(fragment):
        # What is asked about stays; another thing is asked of it.
        return f"{asked['head']} {fragment} {asked['of']}?"
    fragment = CALLED.get(fragment.lower(), fragment)
    if EVERYWHERE.fullmatch(fragment):
        inside = list(IN_A_PLACE.finditer(stem))
        return f"{stem[: inside[0].start()]} {fragment}{stem[inside[0].end() :]}?" if len(inside) == 1 else None
    preposition = PREPOSITION.match(fragment)
    if preposition:
        fragment = fragment[0].lower() + fragment[1:]
        if preposition[0].lower() == "in" and len(inside := list(IN_A_PLACE.finditer(stem))) == 1:
            return f"{stem[: inside[0].start()]} {fragment}{stem[inside[0].end() :]}?"
        if preposition[0].lower() in ("on", "at") and (rated := RATED_BY.fullmatch(stem)):
            what = "score" if rated["what"].lower() == "number" else rated["what"]
            return f"{rated['head']} {what} {fragment}?"
        places = list(re.finditer(rf"\s{preposition[0]}\s", stem, re.IGNORECASE))
        if places and len(stem[places[-1].end() :].split()) <= 4:
            stem = stem[: places[-1].start()]
        return f"{stem} {fragment}?"
    place = AT_A_PLACE.search(stem)
    if place and " " not in fragment:
        return f"{stem[: place.start('place')]}{fragment}?"
    for kind in (WHOLE_NAME, DEFINITE):
        inside = list(kind.finditer(stem))
        if kind.fullmatch(" " + fragment) and len(inside) == 1:
            return f"{stem[: inside[0].start()]} {fragment}{stem[inside[0].end() :]}?"
    found = OBJECT.fullmatch(stem)
    if found is None or (AUXILIARY.search(found["stem"]) and not WHO_DID.fullmatch(found["stem"])) or "?" in stem:
        return None
    return f"{found['stem']} {fragment}?"


def of_whom(question: str, previous: str) -> str | None:
    """A question about "he" or "she" with whom the one before names as the one who does something; None without one.

    >>> of_whom("how old was he in 1975?", "Where did Ana Moe and her son go?")
    >>> of_whom("how old was he in 1975?", "where did panh flee")
    'how old was panh in 1975?'
    """
    named = OF_WHOM.match(previous)
    if named is None or len({word.lower() for word in HE.findall(question)}) != 1:
        return None
    return HE.sub(named["who"], question, count=1)


OF_WHOM = compiled(
    rf"\W*(?:in |at |on |from |to )?(?:who|what|which|when|where|why|how) (?:[\w-]+ )?{AUXILIARIES} "
    r"(?P<who>(?:(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+)*|"
    r"(?!(?:the|an?|it|its|he|she|they|you|i|we|there|this|that|his|"
    r"her|their|my|your|one|any|some|all|people|films?|movies?|critics?)\b)[a-z]{3,}))(?= (?!and\b)(?-i:[a-z])|\W*$)",
    re.IGNORECASE,
)
HE = compiled(r"\b(?:he|she)\b(?!['’])", re.IGNORECASE)


def of_the_review(question: str, previous: str) -> str | None:
    """A question about a review, or about who wrote it, with what it is about; None where the one before asks not so.

    >>> of_the_review("did they like it?", "Who wrote the user review?")
    'did the reviewer like it?'
    >>> [of_the_review(asked, "Who wrote the review?") for asked in ("what's the title of it?", "when?")]
    ["what's the title of the review?", None]
    """
    of_review = REVIEWED.fullmatch(previous) or (BY_REVIEWER.search(previous) and not NAME.search(previous))
    if not of_review:
        return None
    if TITLE_OF_IT.search(question):
        return TITLE_OF_IT.sub(r"\g<title> of the review", question)
    if OF_THE_TEXT.search(question) or not THEY.search(question) or NAME.search(question):
        return None
    return THEY.sub(lambda found: "the reviewer’s" if found["whose"] else "the reviewer", question)


REVIEWED = compiled(
    r"(?:and |so |but )?who (?:wrote|writes|posted|published|did|made|is behind|signed) "
    r"(?:the|this|that) (?:[\w'’]+ ){0,2}?review(?: (?:on|of|in|at|for) [^?]+)?\W*",
    re.IGNORECASE,
)
"""A question for the author of a review, of whom nothing else is told than what that one says there."""
BY_REVIEWER = compiled(r"\bthe (?:\w+ )?reviewer\b|\bthe (?:\w+ )?review\b.*\b(?:he|she|him|her)\b", re.IGNORECASE)
THEY = compiled(r"\b(?:(?P<whose>his|their|her(?= [a-z]))|he|she|they|him|her|them)\b(?!['’])", re.IGNORECASE)
TITLE_OF_IT = compiled(r"\b(?P<title>title|headline|heading|name) of (?:it|that|this)\b", re.IGNORECASE)
OF_THE_TEXT = compiled(r"\b(?:call\w*|titles?|head\w*|post\w*|publish\w*|writ\w+|wrote|sign\w*)\b", re.IGNORECASE)
"""What is asked of the text itself, which has its author's name under it."""


def together(previous: str, question: str) -> str:
    """This question with the one before it in brackets, and what that one needed if it says little by itself."""
    last, _, needed = previous.strip().partition(" (")
    told = [last.rstrip(" ?.!")]
    if needed and len(content_words(last)) <= FEW_WORDS:
        told.append(needed.rstrip(" )?.!"))
    return f"{question.strip()} ({', '.join(told)})"
