"""What the rules over wordings are made of: the words that ask, and a question as they tell it."""

import re

from msgspec import Struct

from qa.patterns import compiled
from qa.types import Kind, Wants

I = re.IGNORECASE  # noqa: E741


class Wording(Struct, frozen=True):
    """A question by its wording.

    ``core`` is the question without greeting, lead and named source. ``subject`` is what a definition or an overview
    is of, what a list or a count is a list of; ``source`` what was named as the source, if something was; ``sides``
    what is compared; ``unit`` the unit that the answer shall have. ``parts`` are the questions of a compound, each
    with the named source.
    """

    core: str
    kind: Kind = "value"
    wants: Wants | None = None
    subject: str = ""
    source: str = ""
    sides: tuple[str, ...] = ()
    unit: str = ""
    parts: tuple[str, ...] = ()


WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
AUX = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|isn['’]t|"
    r"aren['’]t|"
    r"wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|hasn['’]t|haven['’]t|hadn['’]t|can['’]t|couldn['’]t|"
    r"won['’]t|"
    r"wouldn['’]t|shouldn['’]t|mustn['’]t)"
)
INTERROGATIVE = compiled(
    rf"^(?:(?:and|but|also|or|then)\s+)?(?:(?:in|at|on|by|for|from|with|to|of|about|after|under|during|since|"
    rf"until) )?"
    rf"(?:{WH}(?:['’]s|['’]re|s)?|{AUX}|list|name|compare|summari[sz]e|describe|define|explain|enumerate)\b",
    I,
)
SAYS = r"(?:say|says|said|tell|tells|state|states|mention|mentions|report|reports|write|writes|claim|claims)"
NUMERAL = r"(?:two|three|four|five|six|seven|eight|nine|ten|both|\d+)"
SINGULAR_DET = r"(?:a|an|one|this|that|another)"
WORK = (
    r"(?:films?|movies?|books?|texts?|documents?|docs?|articles?|papers?|essays?|reports?|pages?|stor(?:y|ies)|"
    r"plays?|reviews?|"
    r"interviews?|conversations?|sources?|files?|letters?|novels?|talks?|podcasts?|chapters?|sections?|folders?|corpus|series|"
    r"episodes?|study|"
    r"studies|memos?|emails?|e-mails?|notes?|minutes|transcripts?|speech|speeches|presentations?|contracts?|"
    r"manuals?|guides?|"
    r"leaflets?|brochures?|newsletters?|diary|diaries|poems?|documentary|documentaries|material|collection|posts?|"
    r"blog|database|listing|website|article)"
)
EARLIER = compiled(r" \([^()]{1,300}\)\W*$")
"""What a follow-up is put behind, which says nothing of its kind."""
DOCUMENT = r"(?:sources?|documents?|files?|texts?|papers?)"
THESE = r"(?:the|this|that|these|those|each|every|all|both)"
AUX_WORD = compiled(AUX, I)
PREPOSITIONS = frozenset("in on at for from to as by under behind over with of about into like that who else".split())
TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor|Sir|Lady|Lord|Captain|Saint|St|King|Queen|Father|Sister|Brother|"
    r"Aunt|Uncle)\.?"
)
NAME_WORD = r"(?:[^\W\d_a-z][\w.'’-]*|de|da|di|do|du|van|von|der|den|la|le|al|bin|ibn|of|the|and|y|\d+)"
INSIDE, A_NAME = r"(?<=[\w,:] )", r"(?-i:[^\W\d_a-z])[\w.'’-]{1,30}(?: (?-i:[^\W\d_a-z])[\w.'’-]{1,30}){0,4}"
"""Where a name stands inside a question, and words with capitals that are one."""
PROPER = compiled(rf"^(?:{TITLE} )?[^\W\d_a-z][\w.'’-]*(?: {NAME_WORD})*$")
POSSESSIVE = compiled(r"['’]s\b|s['’] ", I)
PREPOSITION = compiled(
    r"\b(?:of|in|on|at|for|from|with|by|to|behind|during|after|before|under|that|who|which|when)\b", I
)
ASKING_WORD = compiled(rf"^(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\b|^{AUX}\b", I)


def marked(part: str) -> str:
    """A part of a question as a question of its own."""
    return part.strip(" ,;?.!") + "?"


PAST = dict(
    pair.split(":")
    for pair in "make:made build:built write:wrote draw:drew sing:sang shoot:shot cut:cut tell:told "
    "find:found pay:paid do:did bring:brought".split()
)


def past(verb: str) -> str:
    """The past tense of a verb that tells what somebody made.

    >>> past("write"), past("compose"), past("edit")
    ('wrote', 'composed', 'edited')
    """
    return PAST.get(verb) or f"{verb.removesuffix('e')}ed"


def bare(subject: str) -> str:
    """A term without article, quotes and what it was seen in."""
    subject = re.sub(
        r"^(?:the (?:word|term|name|letters?|abbreviation|expression) |an? |the )", "", subject.strip(), flags=I
    )
    return untitled(AFTER.sub("", subject.strip(" \"“”'‘’*?.!,:")))


AFTER = compiled(r"(?:,? (?:then|again|anyways?|actually))+$", I)
"""What somebody adds who asks what a term is: "Who is Ana Ruiz then?"."""


def untitled(name: str) -> str:
    """A whole name without what somebody is called before it, which a text need not say.

    >>> untitled("Mr Ivo Roe"), untitled("Mr Roe")
    ('Ivo Roe', 'Mr Roe')
    """
    return TITLED.sub("", name)


TITLED = compiled(r"^(?i:mr|mrs|ms|miss|dr)\.? (?=[^\W\d_a-z][\w.'’-]* [^\W\d_a-z])")
