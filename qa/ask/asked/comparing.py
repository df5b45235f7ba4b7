"""Whether a question compares, and what: two things, two sources, or all that speak of something.

The texts that a question names are put for marks first: "Do § and § give the same date for the fire?". Where a word
sets them beside each other, the question is a frame around what they are compared in, and what is left when the frame
is taken away is that, however it was put: "the date for the fire".
"""

import re
from collections.abc import Sequence
from functools import partial

from qa.ask.asked.listing import is_plural
from qa.ask.asked.naming import SITE, SOURCE_WORDS
from qa.ask.asked.words import EARLIER, SAYS, WH, WORK, I, Wording, marked, past
from qa.patterns import compiled
from qa.search.words import content_words

ONE, ALL = "§", "¤"
"""The marks of a text that is named, each with its number behind it, and of all that there are."""
KIND_OF_TEXT = r"(?:database|page|site|listing|entry|article|review(?:er)?)"
NO_NAME = rf"(?:same|other|others|two|three|different|and|or|about|of|is|are|was|do|does|did|has|have|{WH}|{SAYS})"
A_TEXT = (
    rf"\b(?:(?:the|my|this|that|your) (?:(?!{NO_NAME}\b)[\w'’-]+ ){{0,2}}?"
    rf"(?:{WORK}|encyclop\w+|list|poster|plaque|handout|booklet|flyer|reviewers?|critics?|director)|{SITE}|"
    r"(?<=according to )(?-i:[A-Z])[\w’'-]+(?: (?:himself|herself|(?-i:[A-Z])[\w’'-]+))?)"
    rf"(?: {KIND_OF_TEXT})?\b(?! {KIND_OF_TEXT}\b)(?!['’]s)"
)
BARE_TEXT = (
    r"\b(?:article|interview|database|listing|review(?:er)?|critic|letter|guide|report|poster|leaflet|encyclop\w+)\b"
)
JOINT = r"(?:,? and |, |,? & | ?/ ?| vs\.? | versus | against )"
TEXTS = r"(?:sources|documents|texts|papers|articles|files|reports|accounts|authors|reviews|pages|handouts|leaflets)"
TOGETHER = rf"(?:both )?(?:{A_TEXT}|{BARE_TEXT})(?:{JOINT}(?:{A_TEXT}|{BARE_TEXT})){{1,3}}"
EVERY = (
    rf"\b(?:(?:any|all|both|each|every one|the|these|those|this|your|my|our|of|other|two|three|four|five|\d+) )+"
    rf"(?:[\w'’-]+ )?{TEXTS}\b|(?:(?<=do )|(?<=does )|(?<=about ))(?:the |all the )?others\b|"
    r"^(?:sources|documents|texts|papers)\b|"
    r"\b(?:the |my |these |those |your )?(?:two|three|both) (?:[\w'’-]+ ){0,2}?[\w'’-]+s"
    r"(?= (?:(?:all|both|each) )?(?:say|tell|give|report|agree|disagree|differ|contradict)\b)|"
    r"\b(?:i(?:['’]ve| have)? (?:keep )?(?:see|seeing|saw|seen|find|found|read|get|got)|there (?:are|seem to be)) "
    r"(?=(?:two |several |some |three )?(?:different|conflicting|contradict\w+) )"
)
NAMED = compiled(rf"(?P<together>{TOGETHER})|(?P<every>{EVERY})|(?P<one>{A_TEXT})", I)
SIDES = compiled(A_TEXT, I)
EACH_OF_THEM = compiled(rf"{A_TEXT}|{BARE_TEXT}", I)
MARK = rf"(?:{ONE}\d|{ALL})"
MARKS = rf"{MARK}(?:(?:{JOINT})?{MARK})*"


def masked(question: str) -> tuple[str, tuple[str, ...]]:
    """A question with marks for the texts that it names, and those texts in order.

    >>> masked("What does the letter say, and do my papers agree with the old guide?")
    ('What does §0 say, and do ¤ agree with §1?', ('the letter', 'the old guide'))
    >>> masked("Do the letter and the guide agree on the film?")
    ('Do §0§1 agree on the film?', ('the letter', 'the guide'))
    """
    for works in (False, True):  # what all texts are about is one of them only where no others are named
        sides: list[str] = []
        text = NAMED.sub(partial(_mark, sides, works), question)
        if len(sides) > 1 or ALL in text:
            break
    return text, tuple(sides)


def _mark(sides: list[str], works: bool, found: re.Match[str]) -> str:
    """The mark for a text, which is put to the sides; the text itself where that is a work and works are none."""
    last = found[0].split()[-1]
    if found["every"] or (found["one"] and is_plural(last) and last.lower() != "critics"):
        return f"{ALL} " if found[0].endswith(" ") else ALL
    if found["one"] and not works and A_WORK.fullmatch(last):
        return found[0]
    named = [one[0] for one in EACH_OF_THEM.finditer(found[0])] or [found[0]]
    sides.extend(named)
    return "".join(f"{ONE}{len(sides) - len(named) + n}" for n in range(len(named)))


A_WORK = compiled(r"films?|movies?|documentary|picture|story|director", I)
"""What texts are about, or who made it."""
ON = r"(?:on|about|as to|in terms of|with regard to|regarding|in|by)"
VERB = (
    rf"(?:see eye to eye|line up|{SAYS}|gives?|names?|lists?|shows?|credits?|describes?|puts?|sees?|thinks?|feels?|"
    r"quotes?|has|have|talks?|speaks?|explains?|blames?|calls?|tally|square|clash|match(?:es)?|conflicts?|differs?|"
    r"agrees?|disagrees?|contradicts?|compare)"
)
HOW = r"(?:each|both|all|really|actually|respectively|(?:seem|appear)s? to|do not|don['’]?t|doesn['’]?t|not|have)(?= )"
SAME = (
    r"(?:(?:exactly|much|roughly|about|all|at all) )?(?:(?:the|an?|some|two|several|it) ){0,2}"
    r"(?:same|alike|different(?:ly)?|differing|conflicting|contradictory|diff?e?r[ea]?nt|otherwise|something else)"
)
CUE = compiled(
    rf"\b(?:(?:dis)?agree(?:s|d|ments?)?|differ(?:s|ences?)?|contradict\w*|match(?:es)?|conflict\w*|clash|tally|square|"
    rf"line up|see eye to eye|{SAME}|at odds|consistent|of one mind|discrepanc\w+|mismatch\w*|side by side|"
    rf"which (?:one )?(?:is it|is right|is true)|says? what)\b|^(?:compare|contrast)\b|"
    rf"\w\W+what (?:do|does|about) {ALL}|{MARK}{MARK}+ (?:(?:each|both|all) )?{VERB}\b|^{MARK}{MARK}+ ?[:,;–-]|"
    rf"[:;–-] ?{MARK}{MARK}+\W*$|{MARK} {VERB}\b[^?]{{1,80}}\bwhat (?:do|does|did) {MARK}|"
    rf"{VERB} (?:vs\.?|versus|against) {MARK}|{SOURCE_WORDS} {MARK}[^?]{{1,40}}{SOURCE_WORDS} |"
    rf"\bwhat {MARK} {VERB} too\b",
    I,
)
"""What sets texts beside each other."""
ITS_NOUN = (
    rf"(?:{TEXTS}|things?|names|dates|numbers|years|answers|stor(?:y|ies)|tales?|way|ones?|people|folks|person(?= who))"
)
FRAMES = tuple(
    (compiled(pattern, I), put)
    for pattern, put in (
        (r"\b(?:each|one an)other\b|,? i (?:think|believe|guess)\b", ""),
        (rf",? (?:and |but )?(?:{WH} )?{SOURCE_WORDS} (?:{MARKS}|[^,?]{{2,30}}$)", " "),
        (
            rf"(?:(?:and|but|so) )?(?:\b(?:{WH}|where|in what(?: way| respects?)?|on what) )?"
            rf"(?:do|does|did|is|are|was|were|has|have) (?={MARK})",
            " ",
        ),
        (
            rf"^(?:compare|contrast) (?:(?:what|how) (?={MARK}))?|\b(?:what|how) (?={MARKS}(?: each| both)? {VERB}\b)",
            " ",
        ),
        (
            r"(?:(?:\b(?:in|on|at|of|from|with|between|among|across|as|to|than|by|vs\.?|versus|against|that|the one|"
            rf"what|how) )+{MARKS}|"
            rf"{MARK}(?:{JOINT})?{MARKS}|{MARK}(?=(?: {HOW})* {VERB}\b)|{ALL}|^{MARK}(?=\W*$))"
            rf"(?:(?: {HOW})*(?: {VERB}(?: (?:to say|us|me|something|anything|with|it(?=\W*$)))?\b)|(?: {HOW})+)?"
            r"(?!\w)",
            "~",
        ),
        (rf"\b(?:do|does|did) they (?:(?:both|all|each) )?{VERB}\b", " "),
        (rf"\b{SAME} {ITS_NOUN}\b", " "),
        (rf"\b{SAME}(?= (?:as|from|than|to)\b)(?: \w+)?(?: the one)?|\bwhat differs\b|\bdifferently\b", " "),
        (r"\b(?:exactly )?the same (?=\w)(?!(?:on|in|about|for|of|at|or)\b)", "the "),
        (rf"\b{SAME}\b", " "),
        (r"\b(?:set )?side by side\b|\bin what (?:they|each) \w+(?: us)?\b", " "),
        (
            r"\b(?:(?:what|where)(?:['’]?s| is| are)|is there|are there) "
            r"(?=(?:(?:the|an?|any|some) )?(?:diff|contra|disc|conf|mism|disag))",
            " ",
        ),
        (
            r"\b(?:(?:the|an?|any|some) )?(?:differences?|disagreements?|discrepanc(?:y|ies)|contradictions?|"
            r"conflicts?|mismatch(?:es)?)\b",
            " ",
        ),
        (
            r"\b(?:(?:do|does|are|is|did) (?:they|these|both|it|that|the two)|what do they|where do they|who)? ?"
            r"(?:all )?"
            rf"(?:(?:dis)?agree|differ|contradict|clash|match|line up|at odds|in agreement|consistent|vs|versus|"
            rf"{SAYS} what)\b",
            " ",
        ),
        (
            r"\b(?:which|what) (?:one|ones?|of them|page|source|text|document)?(?: ?(?:is|['’]s|says))?"
            r"(?: (?:it|right|true|correct|what|which))?(?=\W*$)|"
            r"\b(?:do|don['’]?t|did|are|aren['’]?t|is) (?:they|it|that)(?=\W*$)|"
            r"\bor (?:not|no|do they|other ones)\b|, right(?=\W*$)|\bwhat do they say\b",
            " ",
        ),
    )
)
"""What is taken away from around what texts are compared in, and what is put for it."""
BEFORE = compiled(
    r"^(?:[\s,;:~–-]|(?:and|but|so|about|on|of|for|over|in|as to|as|regarding|concerning|in terms of|when it comes to|"
    r"their view of|that|both|each|us|(?:the )?(?:date|name|year|number|reason|place)s? (?:for|of) (?=(?:wh|how))|"
    r"(?:why |how come )?(?:is|are|was|were) (?=(?:the|his|her|its|their|those|these|who)\b))\b)+",
    I,
)
DANGLING = compiled(rf",?(?: (?:and|but|so))?(?: {WH})?$|,? (?:and|but|so)$", I)
CLAUSES = compiled(r"\s[-–—]+\s|[:;.?!](?:\W|$)|, (?=(?:so|and|but|do|does|did|is|are|was|were|which|what)\b)")
FILLERS = frozenset(
    "one ones which what right correct true do don doesn didn isn aren really actually anywhere anything things thing "
    "same say says tell tells give gives different differ compare compared set side does please other exactly "
    "confused confuse puzzled muddle think believe lines".split()
)
"""Words that tell nothing of what texts are compared in."""
OF_SEVERAL = compiled(
    rf"[^?]*?\b(?P<asked>{WH} .+)|.*?\b(?P<noun>[\w'’-]+)s (?:[\w'’-]+ ){{0,3}}?(?:for|of) (?P<of>.+)", I
)
"""What somebody has noted, in front of which the question is: "I have two dates for …"."""
NUMBERED = compiled(
    r"(?:(?:is|was) it )?(?:the )?\d[\w.]*(?: or (?:the )?\d[\w.]*)? (?P<what>[^,?]{3,60}?)(?: (?:but|and|while)\b.*)?",
    I,
)
"""The one of several that a text tells: "86th awards"."""


def _left(text: str, sides: Sequence[str]) -> str:
    """What is left of a question in marks without what sets texts beside each other.

    It is what the sentence around the marks has; else what another sentence asks, or tells in front of it.
    """
    for frame, put in FRAMES:
        text = frame.sub(put, text)
    text = re.sub(rf"{ONE}(\d)", lambda found: sides[int(found[1])], text)
    around: list[str] = []
    others: list[str] = []
    for clause in CLAUSES.split(text):
        bare = " ".join(BEFORE.sub("", clause).replace("~", " ").split()).strip(" ,;?.!–-")
        bare = DANGLING.sub("", bare)
        if set(content_words(bare)) - FILLERS:
            (around if "~" in clause else others).append(bare)
    asked = [one for one in (*others, *around) if ASKS.match(one)]
    if asked or around:
        return (asked or around)[0]
    noted = OF_SEVERAL.fullmatch(others[0]) if others else None
    if noted is None:
        return others[0] if others else ""
    return str(noted["asked"] or f"the {noted['noun']} of {noted['of']}")


ASKS = compiled(rf"(?:(?:in|at|on|by|for|from|with|to|of|since) )?{WH}\b", I)


def beside(question: str, *, surely: bool = False) -> Wording | None:
    """Texts that are set beside each other, and what they are compared in; None where a question does not do so.

    ``surely`` is true of a question that is known to compare.

    >>> found = beside("Who built it - what do the letter, the poem and the diary each say?")
    >>> found.subject, found.sides
    ('Who built or made it', ('the letter', 'the poem', 'the diary'))
    >>> beside("Both the letter and the diary talk about the flood as a boy saw it. What do they say?").subject
    'the flood as a boy saw it'
    >>> beside("the letter and the diary name different hospital years, which ones?").subject
    'hospital years'
    """
    text, sides = masked(SAYS_WHAT.sub(f"{ALL} differ", AS_NOTED.sub(_noted, question)))
    if not (len(sides) > 1 or ALL in text) or not (surely or CUE.search(text) or BY_EACH.search(question)):
        return None
    if not surely and OF_THEM.search(text):
        return None
    left = _left(text, sides)
    core = marked(left) if ASKS.match(left) else question
    # What is asked first, of all that there are, is answered as it is asked.
    topic = CHOICE.sub("", left) if not sides and question.startswith(left) else _asked(left)
    topic = OF_IT.sub(r"\1 of ", ONE_AND_ANOTHER.sub("", topic))
    if (numbered := NUMBERED.fullmatch(topic)) is not None:
        topic = f"which {numbered['what']}"
    if (doing := WITH_DOING.match(topic)) is not None:
        topic = f"who is credited with {doing['what']}"
    if JUDGED.search(text) and OF_THE_WORK.fullmatch(topic or "it"):
        topic = THOUGHT
    return _compared(core, topic, sides if len(sides) > 1 else ())


WITH_DOING = compiled(r"the (?:person|people|man|woman|name|one) (?:with|for|behind) (?P<what>.+)", I)
A_KIND = r"(?:of them |text |source |page |document |one )?"
AS_NOTED = compiled(
    rf"(?:(?<=[.,;?!–-] )|^)one {A_KIND}(?:{VERB}|speaks of) (?P<said>[^?]*?),? (?:(?:and|but|while) )?"
    rf"(?:the |an)?other {A_KIND}(?:{VERB}|speaks of|\d)[^?]*|"
    r"^(?:(?:is|was) it (?:the )?\d\w* or (?:the )?\d\w* (?P<which>[^?]{3,60})|"
    r"which (?P<one>[^?,]{3,60}) (?:is|was) it,? (?:the )?\d\w* or (?:the )?\d\w*)\? (?:but )?i(?:['’]ve| have)? "
    r"(?:read|seen|found|heard|see) both\b",
    I,
)
"""Two answers that somebody has read, without where: "One says Ana, another says Bo, which is it?"."""
SAYS_WHAT = compiled(
    rf"\b(?:which|what) (?:one|page|text|source|document|article) (?:{SAYS}|has|gives?) (?:what|which)(?: one)?"
    r"(?=\W*$)|"
    r"\bwho(?: is|['’]s)? (?:says|saying) what(?=\W*$)",
    I,
)
ONE_AND_ANOTHER = compiled(r",? (?:one|the first|once)\b.*$|(?<=\w) (?:it|that|this) (?:was|is)$", I)
BY_EACH = compiled(rf"{SOURCE_WORDS} (?:each|all|both)\b", I)
OF_THEM = compiled(r"\bshares?\b|^(?:why|how come)\b(?!.*\bdifferent\b)", I)
"""What is told of texts, and not by them: "Why are the letters of the same style?"."""
OF_IT = compiled(r"^(the [\w'’-]+) (?:for|on) ", I)


def _noted(found: re.Match[str]) -> str:
    """What somebody asks who has read two answers: what stands in front of them, else the first of them."""
    told = "" if found.start() else found["said"] or f"which {found['which'] or found['one']}"
    return f"{told}? {ALL} differ"


JUDGED = compiled(r"\b(?:think|feel)s?\b", I)
OF_THE_WORK = compiled(rf"(?:it|(?:the|this) {WORK})(?: overall| in general| on the whole)?", I)
THOUGHT = "what they think of it"
"""What is compared where opinions of a whole work are."""


def _compared(core: str, topic: str, sides: tuple[str, ...]) -> Wording:
    """Sides and what they are compared in; of two questions, each is compared by itself."""
    asked = [one.strip(" ,") for one in AND_ASKS.split(topic)]
    if len(asked) == 1:
        return Wording(core, "comparison", subject=topic, sides=sides)
    who = " and ".join(sides) or "the sources"
    return Wording(core, "several", parts=tuple(f"Do {who} agree on {one}?" for one in asked))


AND_ASKS = compiled(rf",? and (?:also )?(?:about |of |on )?(?=(?:(?:in|at|on|by|for|from|with|to|of) )?{WH}\b \w)", I)
CHOICE = compiled(r",\s(?:(?:the|an?) )?[\w'’ -]{1,30}? or (?:the |an? )?[\w'’ -]{1,30}(?:,|$)", I)
"""The answers that there may be, in a question: "which year, 1901 or 1902, it burnt"."""
ONESELF = compiled(
    r"^(?:did|does|do|has|have|(?P<told>whether|if)) [^?]{2,40}? (?P<verb>\w+) "
    r"(?P<what>(?:the|an?|his|her|its|their|all|every|these|those|"
    r"this|that|it|them)\b[^?]{0,60}?) (?:all )?(?:by )?(?:himself|herself|themselves|alone|on (?:his|her|their) own)"
    r"(?:,? or (?:was it |did |by |with )?(?:some|any)?(?:one|body|other|another|help)\b.*)?\W*$",
    I,
)
"""Whether somebody did a thing alone, which asks who did it."""
MAKING = compiled(
    r"^(?P<who>who(?: (?:actually|really|first))?) (?P<verb>made|built|shaped|crafted|carved|sculpted|moulded|molded|"
    r"modelled|modeled|fashioned|constructed) (?P<what>[^?]+)$",
    I,
)
"""Who made a thing with the hands, which each source says with another verb."""


def _asked(topic: str) -> str:
    """What sides are asked of a topic: without the answers that it offers, and who did what one may have done alone."""
    topic = CHOICE.sub("", topic.strip(" ,;?.!"))
    if (alone := ONESELF.match(topic)) is not None:
        verb = alone["verb"].lower()
        done = verb if alone["told"] else past(verb)
        topic = f"who {done} {alone['what']}"
    if (making := MAKING.match(topic)) is not None:
        verbs = dict.fromkeys((making["verb"].lower(), "made", "built"))
        return f"{making['who']} {', '.join(list(verbs)[:-1])} or {list(verbs)[-1]} {making['what']}"
    return topic


THING = rf"(?:{MARK}|[\w.'’&-]+(?: (?!(?:and|or|about|do|does|did|is|{SAYS})\b)[\w.'’&-]+){{0,6}}?)"
A, B = r"(?P<one>(?:the |[A-Z])[^,?]{1,50}?)", r"(?P<two>(?:the |[A-Z])[^,?]{1,50}?)"
TWO_THINGS = tuple(
    compiled(pattern, I)
    for pattern in (
        # of which one is asked for
        r"(?:which|who|what)(?: one| of (?:the two|them|both))?(?: [\w'’-]+){0,3}? (?:is|was|are|were|has|had|got|gets|"
        r"costs?|received|scored|earned|opened|came|lasts?|weighs|holds|seats) .*?\b(?:\w+er|more|less|fewer|first|"
        r"best|worse|highest|lowest|most)\b[^,:]*[,:–-]\s*(?P<one>[^,?]+?),? or (?P<two>[^,?]*\w)\W*",
        rf"(?:compare|contrast) (?:what|how) (?P<one>.+?) (?:and|with|to) (?P<two>.+?) {VERB}"
        rf"(?: {ON} (?P<topic>.+?))?\W*",
        r"(?:compare|contrast) (?P<topic>the [\w'’ -]+?) (?:of|in|at|between|for) (?P<one>.+?) (?:and|with|to) "
        r"(?P<two>.+\w)\W*",
        rf"(?:compare|contrast) (?P<one>.+?) (?:and|with|to) (?P<two>.+?)(?: {ON} (?P<topic>.+?))?\W*",
        r"(?:compare|contrast) (?P<topic>.*\w)\W*",
        rf"(?:(?:what|where)(?: is|['’]?s| are)? )?(?:the )?differences? between (?P<one>.+?) and (?P<two>.+?)"
        rf"(?: {ON} (?P<topic>.+?))?\W*",
        rf"(?:(?:how|where|on what|in what(?: way| respects?)?) )?(?:do|does|did) {A} and {B} "
        rf"(?:differ|disagree|agree|contradict)(?: {ON} (?P<topic>.+?))?\W*",
        rf"(?:do|does|did) {A} and {B} (?:(?:all|both|each) )?(?:{SAYS}|gives?|names?|lists?|credits?)(?: us)? {SAME}"
        rf"(?: {ITS_NOUN})?(?: (?P<noun>(?!{ON}\b)[\w'’ -]{{2,40}}?))?(?: {ON} (?P<topic>.+?))?\W*",
        rf"(?:what|how) (?:do|does|did) {A} and {B} (?:(?:each|both|respectively) )?(?:{SAYS}|think|feel|make)"
        rf"(?: (?:of|about|on) (?P<topic>[^?]+?))?\W*",
        rf"(?:how|where|in what(?: way| respects?)?) (?:do|does|did) (?P<one>.+?) (?:differ|compare) (?:from|with|to) "
        rf"(?P<two>.+?)(?: {ON} (?P<topic>.+?))?\W*",
        rf"^(?P<one>{THING}) (?:vs\.?|versus|against) (?P<two>{THING}) ?[,:;–-] ?(?P<topic>[^?]+?)"
        r"(?: or (?:not|no)|, right)?\W*",
    )
)
"""Two things of any sort, and what they are compared in."""
PERHAPS_TWO = compiled(
    rf"(?:do|does|did) (?P<one>.+?) (?:(?:dis)?agree with|match|contradict|differ from|square with|tally with) "
    rf"(?P<two>.+?)(?: {ON} (?P<topic>.+?))?\W*",
    I,
)
"""Two things in a question that is known to compare them: "Does my ticket match the timetable?"."""
THEY_DO = compiled(rf"^(?P<one>{THING}) and (?P<two>{THING}) ?[,:–-] ?(?P<does>do|does|did) they (?P<rest>[^?]+)", I)
"""Two sides in front of what they are asked: "The mill and the inn: do they tell the same tale?"."""

EACH_ASKED = compiled(
    rf"^(?:compare|contrast) (?P<first>{WH} [^?]+?),? (?:and|with|to|against) (?P<second>{WH} [^?]+?)\W*$", I
)
"""What two sources are asked, each in its own words: "Compare who the letter blames and what the paper says of it"."""
TOLD_BY = compiled(
    rf"^(?P<wh>{WH}(?: [\w'’-]+){{0,3}}?) (?P<source>(?:the|this|that) [^,?]{{1,40}}?|imdb|wikipedia|"
    r"(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*)*) "
    rf"(?:(?P<says>{SAYS}|thinks?|believes?|explains?)(?: that)?|(?P<names>credits|names|lists|gives|describes|calls|"
    rf"blames|shows))\b(?P<about> (?:about|of|on))? ?(?P<rest>[^?]*)$",
    I,
)
IS_NAMED = {"gives": "given", "shows": "shown"}


def comparison(question: str, core: str, *, surely: bool = False) -> Wording | None:
    """What a question compares: its sides, and what they are asked; None for one that compares nothing.

    ``core`` is the sentence of the question that asks; ``surely`` is true where something else knows that it compares.

    >>> comparison("", "Which is older, the mill or the inn?").sides
    ('the mill', 'the inn')
    >>> comparison("", "Do Ana and Bo have the same teacher?") is None
    True
    """
    if (each := EACH_ASKED.match(core)) is not None:
        told = [TOLD_BY.match(each[one]) for one in ("first", "second")]
        if told[0] is not None and told[1] is not None:
            asked = tuple(_told(one) for one in told if one is not None)
            asked = tuple(one or other for one, other in zip(asked, reversed(asked), strict=True))
            return Wording(core, "comparison", sides=(told[0]["source"], told[1]["source"]), parts=asked)
    # What is compared may be told in front of the sentence that asks.
    found = [one for text in dict.fromkeys((core, EARLIER.sub("", question))) if (one := beside(text, surely=surely))]
    if found:
        return next((one for one in found if one.subject or one.parts), found[0])
    core = THEY_DO.sub(r"\g<does> \g<one> and \g<two> \g<rest>", core)
    for pattern in (*TWO_THINGS, PERHAPS_TWO) if surely else TWO_THINGS:
        if (two := pattern.fullmatch(core)) is not None:
            groups = two.groupdict("")
            sides = tuple(groups[side].strip() for side in ("one", "two") if groups.get(side))
            topic = groups.get("topic", "")
            if noun := groups.get("noun"):
                topic = f"the {noun} of {topic}" if topic else f"the {noun}"
            return Wording(core, "comparison", subject=_asked(topic), sides=sides)
    return Wording(core, "comparison", subject=_left(core, ())) if surely else None


def _told(found: re.Match[str]) -> str:
    """What a source is asked: of "who the letter names as its keeper" who is named as its keeper."""
    if names := found["names"]:
        done = IS_NAMED.get(names.lower()) or f"{names.lower().removesuffix('s').removesuffix('e')}ed"
        return f"{found['wh']} is {done} {found['rest']}".strip() + "?"
    if not found["rest"] or found["rest"].lower() in ("it", "this", "that", "them"):
        return ""
    plain = found["about"] or found["wh"].lower() in ("what", "how")
    return found["rest"] if plain else f"{found['wh']} {found['rest']}?"
