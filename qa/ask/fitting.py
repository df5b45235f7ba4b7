"""Whether an answer can be what a question asks for, where the wording leaves no doubt."""

import re
from functools import lru_cache
from typing import NamedTuple

from qa.ask.agreement import has_number, same_answer, value_of
from qa.ask.prizes import of_that_kind, prize
from qa.patterns import compiled
from qa.search.words import stem, stems


class Rule(NamedTuple):
    """What an answer needs, or must not have, to a question that is asked so; all of it is searched for.

    Where a ``number`` will do, it needs that or what else it ``needs``; with False it must have none. Below ``longer``
    words an answer need have nothing.
    """

    asked: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    bars: re.Pattern[str] | None = None
    number: bool | None = None
    longer: int = 0

    def allows(self, answer: str) -> bool:
        """Whether an answer keeps the rule."""
        if self.longer and len(answer.split()) <= self.longer:
            return True
        if self.bars is not None and self.bars.search(answer):
            return False
        if self.number is False:
            return not has_number(answer)
        if self.number and has_number(answer):
            return True
        return self.needs.search(answer) is not None if self.needs is not None else not self.number


CHOICE = compiled(
    r" or |^(?:[\w,]+ ){0,2}?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|how|why)\b|"
    r"^(?:list|name|tell|explain|describe)\b",
    re.IGNORECASE,
)
"""A question that its own words may answer, as it gives some to choose from, or says what may be so."""
DENIES = compiled(r"\b(?:not|no|never|without)\b", re.IGNORECASE)
SUM = r"(?:price|fee|fare|cost|rent|wage|salary|budget|admission|deposit|fine|tariff|charge)s?"
MONEY_ASKED = compiled(
    rf"\b(?:what|how much|how high)(?:['’]s| is| was| are| were) (?:(?:the|its|his|her|their) )?"
    rf"(?:[\w'’-]+ ){{0,3}}?{SUM}\b|"
    r"\b(?:what|how much) (?:does|did|do|would|will) [^?]{1,80} cost\b",
    re.IGNORECASE,
)
MONEY_TOLD = compiled(
    rf"[€$£¥]|\b(?:euros?|dollars?|pounds?|crowns?|francs?|marks|lire|yen|kr|eur|usd|gbp|chf|pence|cents?|money|free|"
    rf"pays?|paid|{SUM})\b",
    re.IGNORECASE,
)
IN_PLACE = compiled(r"\b(?:in|for|at) (?:the )?([A-Z][\w.]+(?: [A-Z][\w.]+)*)")
BRACKETED_NAME = compiled(r" \(([A-Z][\w.]*(?: [A-Z][\w.]*)*)\)")
"""Where a value holds: "19 March (USA)"."""
SAID_FOR = {
    "America": "USA",
    "American": "USA",
    "States": "USA",
    "Britain": "UK",
    "British": "UK",
    "England": "UK",
}
"""Countries by what people call them."""
COLOUR_ASKED = compiled(r"\b(?:what|which) colou?rs?\b", re.IGNORECASE)
MODIFIERS = compiled(r"\b(?:an?|the) (?P<words>(?:[a-z-]{1,20} ){1,3})$")
WHERE_ASKED = compiled(r"^(?:\w+ ){0,2}where\b", re.IGNORECASE)
GOES_ON = compiled(r" +([^\W\d_a-z][\w'’-]+)")
"""What makes an answer the first part of a name: "Rithy" before "Panh"."""
CONTRAST = compiled(r",? but (?=(?:on|in|at|from|for|by|with|not)\b)", re.IGNORECASE)
"""What parts a value from one that it is not."""
VOTES_ASKED = compiled(
    r"\b(?:how (?:many|much)|(?:number|count|total|sum) of|based on|reviews?|critics?|votes?|voters?|ratings|users?|"
    r"reviewers?|people)\b",
    re.IGNORECASE,
)
COUNTS_VOTES = compiled(
    r"^\W*\d[\d.,]* (?:\w+ )?(?:reviews?|critics?|votes?|ratings|users?|reviewers?)\b", re.IGNORECASE
)
"""How many voted, which is no score."""
LABEL_BEFORE = compiled(r"(?:^|[\n;|•-] ?)([^:;|\n]{1,40}): (?:[^:;|\n]{1,80}, )?$")
DOING = compiled(
    r"\b(?:direct|produc|writ|edit|narrat|compos|photograph|cinematograph|conduct|illustrat|translat)"
    r"(?:or|er|ors|ers|ress|ing|ion|y|ed)\b|\b(?:music|cast|starring|screenplay|author|by)\b",
    re.IGNORECASE,
)
"""A label whose values are people."""
OLD_ASKED = compiled(r"\b(?:how old|(?:what|which) age)\b", re.IGNORECASE)
OLD_THEN_ASKED = compiled(
    r"\b(?:how old|(?:what|which) age) (?:was|were)\b(?!.*\b(?:interview\w*|talk\w*|told|spoke|film(?:ed|ing)|made|"
    r"shot|wrote)\b).*\b(?:when|while|as|then|at (?:the|that)|back|during)\b",
    re.IGNORECASE,
)
TELLS_NOW = compiled(r"\W?(?:[\w'’-]+ ){1,3}?(?:is|has|(?!was\b|has\b|his\b)[a-z]{3,}[^s]s) (?!of\b)", re.IGNORECASE)
"""How it goes on behind the age of somebody who tells of it today: "46-year-old | director shares his memories"."""
AGED = compiled(r"(?:the |a )?\w+(?:-\w+)?[- ]years?-old\W*$", re.IGNORECASE)
AGE = compiled(r"\b\d{1,3}(?:[- ](?:years?|months?|weeks?|days?))?(?:[- ](?:old|of age))?\b", re.IGNORECASE)
LOWER = compiled(r"\b[a-zà-ÿ]{3,}")
CAPITAL = compiled(r"[^\W\d_a-z]")
NAME_ASKED = compiled(
    r"(?:and |so )?what(?: is|['’]?s| was) the name of (?:the|this|that|his|her|their|its) (?P<what>[\w'’-]+)",
    re.IGNORECASE,
)
"""A question for a name, which "a mill of three storeys" is not of the mill."""
CALENDAR = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|spring|summer|autumn|winter"
)
CLAUSE_WORDS = 8
"""Words above which an answer is a clause."""
UNIT = 20
"""Characters behind an answer in which its unit stands."""
INEXACT = compiled(
    r"\b(?:several|few|many|dozens?|scores|hundreds|thousands|millions|half|both|all|most|some|couple|none|no|zero|as|"
    r"year|teen\w*|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|infan\w+|baby)\b",
    re.IGNORECASE,
)
WHERE_TO = compiled(
    r"^(?!.*\bfrom where\b).*\bwhere\b.*\b(?:go|move|flee|escape|taken|sent|brought|end up|land|arrive|settle)(?:\W|$)"
    r"(?!.*\bfrom\b)",
    re.IGNORECASE,
)
FROM_BEFORE = compiled(r"\b(?:from|out of)(?: the| my| his| her| their| our)? $", re.IGNORECASE)

RULES = (
    # Nobody is called after a place or a time, and no sentence about one is one.
    Rule(
        compiled(r"^who\b(?! or what)", re.IGNORECASE),
        bars=compiled(
            r"^\W*(?i:in|at|on|behind|under|beneath|inside|outside|near|above|below|between|after|before|during)\b|"
            r"^\W*(?:I|he|she|we|they|it) "
            r"(?:\w+n['’]t|is|was|were|are|had|has|have|did|does|do|will|would|could|can|just|only)\b"
        ),
    ),
    # Somebody who is asked for by what that one is has a name: "Which journalist wrote of it?".
    Rule(
        compiled(
            r"^(?:and |so )?(?:which|what) (?:[a-z]+ )?(?:[a-z]{3,}(?:ist|ian)|actor|actress|author|director|sculptor|"
            r"writer|painter|singer|composer|photographer|poet|king|queen|politician|person|man|woman)\b"
            r"(?! (?:of|in|who|that)\b)",
            re.IGNORECASE,
        ),
        needs=CAPITAL,
    ),
    # Words for where somebody is from end so, as names do not all do.
    Rule(
        compiled(r"\b(?:what|which) nationality\b|\bnationality\b.*\?", re.IGNORECASE),
        needs=compiled(
            r"^\W{0,9}(?:\S{1,30} ){0,2}\S{0,30}(?:an|ese|ish|ic|ch|ek|ss|sh|er|[aeou]i|ni|qi|land|USA|UK)\W{0,9}$"
        ),
    ),
    # A question answers what was asked or called, and else nothing.
    Rule(
        compiled(
            r"^(?!.*\b(?:ask\w*|questions?|wonder\w*|inquir\w*|quer\w+|titles?|called|names?|say|says|said)\b)",
            re.IGNORECASE,
        ),
        bars=compiled(r"\?[ \"”’]*$"),
    ),
    # What was done is not told by whom, or to whom: "to the duke".
    Rule(
        compiled(
            r"^(?:and |so )?what (?:was|is|were|did|does|do|has|had)\b"
            r"(?!.*\b(?:to|for|in|by|from|with|at|on|of|about|into|like)\W*$)",
            re.IGNORECASE,
        ),
        bars=compiled(r"^(?:to|by|of|from) (?:the|an?|his|her|their)\b(?!.* and )", re.IGNORECASE),
    ),
    # "next" tells of no place.
    Rule(
        WHERE_ASKED,
        bars=compiled(
            r"^\W*(?:next|there|here|away|up|down|off|out|back|together|apart|again|then|also|everywhere|somewhere)\W*$",
            re.IGNORECASE,
        ),
    ),
    # Where somebody goes, or is from.
    Rule(WHERE_TO, bars=compiled(r"^(?:away )?(?:from|out of)\b", re.IGNORECASE)),
    Rule(
        compiled(r"\bwhere (?:is|was|does|do|did) (?:[\w'’-]+ ){1,3}?(?:come )?from\b", re.IGNORECASE),
        bars=compiled(
            r"\b(?:escaped|fled|moved|emigrated|settled|went|left|travelled|traveled) (?:\w+ )?(?:to|in|for)\b",
            re.IGNORECASE,
        ),
    ),
    # How somebody got away or over something is not told by whereto, nor by that one did.
    Rule(
        compiled(
            r"^(?:so |and |but )?(?:how|by what (?:route|means|way)|which way)\b.{0,30}?"
            r"\b(?:did|does|do|could|was|were)\b.{1,60}?"
            r"\b(?:escape|flee|get (?:out|away|across|over|past|through)|cross|make (?:it|his|her|their) "
            r"(?:out|across|over|way)|(?:manage|managed|able) to (?:leave|reach))\b",
            re.IGNORECASE,
        ),
        needs=compiled(
            r"\b(?:by|(?<!lived )through|via|on foot|across|over|hid\w*|walk\w*|swam|swim\w*|smuggl\w*|brib\w*|"
            r"boat|raft|train|plane|bus|truck|bicycle|horse|jungle|forest|using|thanks to|helped|paid|pretend\w*|"
            r"disguis\w*|night)\b",
            re.IGNORECASE,
        ),
    ),
    # What something is for is not how it goes.
    Rule(
        compiled(
            r"^(?:and |so )?how (?:do|does|did|has|have) .{2,80}\b(?:change|develop|evolve|differ|grow|alter|look)\b",
            re.IGNORECASE,
        ),
        bars=compiled(r"^(?:in order )?to [a-z]{3,}\b", re.IGNORECASE),
    ),
    # What happened takes a verb, which a name has not.
    Rule(
        compiled(
            r"^(?:\w+ ){0,2}what(?: else)? (?:happen|took place|occurr|(?:do|does|did) [^?]{1,60} do\W*$)",
            re.IGNORECASE,
        ),
        needs=compiled(r"\b(?!the\b)[a-zà-ÿ]{3,}"),
    ),
    # When, in a clause, is told by a word of time.
    Rule(
        compiled(r"^(?:\w+ ){0,2}when\b", re.IGNORECASE),
        needs=compiled(
            rf"\d|\b(?:{CALENDAR}|fall|centur\w+|decades?|years?|months?|weeks?|"
            r"days?|hours?|minutes?|night|morning|noon|midday|evening|dawn|dusk|sunset|sunrise|today|tomorrow|yesterday|"
            r"ago|before|after|until|till|since|when\w*|while|during|once|if|time|war|age|era|easter|christmas)\b",
            re.IGNORECASE,
        ),
        longer=CLAUSE_WORDS,
    ),
    # A year has a number, and not the one of a festival alone.
    Rule(compiled(r"\b(?:what|which) (?:years?|decades?|century|centuries)\b", re.IGNORECASE), number=True),
    Rule(
        compiled(r"\b(?:what|which) years?\b(?!['’])", re.IGNORECASE),
        bars=compiled(r"^\D{0,200}\b\d{1,3}(?:st|nd|rd|th)\b\D{0,200}$"),
    ),
    # How wide something is, or how old.
    Rule(
        compiled(r"\bhow (?:wide|tall|high|deep|thick|heavy|old (?:is|was|are|were))\b", re.IGNORECASE),
        needs=INEXACT,
        number=True,
    ),
    # What critics agree on is no number.
    Rule(compiled(r"^(?:what|how|which)\b(?!.*\b(?:score|rating)\b).*\bconsensus\b", re.IGNORECASE), number=False),
)
"""What answers to some questions can be, and what not."""
TELLING = (
    Rule(
        compiled(r"\b(?:where|when|year|place|town|city|country) (?:was|were) .{1,80} born\b", re.IGNORECASE),
        compiled(r"\b(?:born|birth\w*|native|hails?|hailed|n[eé]e)\b|\(\D{0,20}\d{4}", re.IGNORECASE),
    ),
    Rule(
        compiled(
            r"\b(?:based (?:up)?on|adapted from|inspired by)"
            r"(?: (?:his|her|their|an?|the|real|true) (?:[\w'’]+ )?(?:life|stor(?:y|ies)|events?|childhood|"
            r"memor(?:y|ies)|experiences?))?\W*(?:\([^()]*\)\W*)?$",
            re.IGNORECASE,
        ),
        compiled(
            r"\b(?:based|basis|adapt\w*|inspir\w*|draw[ns]?|(?:true|own|life) stor(?:y|ies)|memoirs?|novels?|"
            r"diar(?:y|ies)|autobiograph\w*|memor(?:y|ies)|model\w*|source\w*)\b",
            re.IGNORECASE,
        ),
    ),
    Rule(
        compiled(
            r"\bwhere (?:can|could|do|may|should|would|will|is) (?:i|we|you|one|people|it) (?:\w+ )?"
            r"(?:watch|stream|rent|download)"
            r"(?: (?:it|(?:the|this) (?:\w+ )?(?:film|movie|documentary|series|show|talk)))?"
            r"(?: at home| online| tonight| now| on tv)?\W*$|"
            r"\bhow (?:can|could|do|would|may) (?:i|we|you|one|people) (?:\w+ )?"
            r"(?:watch|stream|rent|download|find|get|see) (?:it|(?:the|this) (?:film|movie|documentary|series|show))"
            r"(?: online| at home| on tv| on dvd)\W*$",
            re.IGNORECASE,
        ),
        compiled(
            r"\b(?:stream\w*|dvds?|blu-?ray|rent\w*|buy|sale|sold|online|download\w*|available|theat(?:er|re)s|cinemas|"
            r"tickets?|www|https?|watch\w*|view\w*)\b",
            re.IGNORECASE,
        ),
    ),
    Rule(
        compiled(r"\b(?:when|(?:what|which) years?)\b.*\b(?:win|won)\b", re.IGNORECASE),
        compiled(
            r"\b(?:w[io]n|wins|winn\w+|award(?:ed|ing)|prizes?|recei\w+|honou?r\w*|took|gold|silver|medals?|champions?\w*|"
            r"victor\w+|best|first|beat\w*|top)\b",
            re.IGNORECASE,
        ),
    ),
    Rule(
        compiled(r"\bwho (?:owns|owned|(?:is|was) the owner)\b", re.IGNORECASE),
        compiled(
            r"\b(?:own\w{0,5}|propriet\w*|belong\w*|bought|buy\w*|purchas\w*|propert\w*|landlord|copyright|rights?|"
            r"holds?|held|acquir\w*|possess\w*|inherit\w*|estate|(?-i:[A-Z])\w+['’]s)\b",
            re.IGNORECASE,
        ),
    ),
    Rule(
        compiled(
            r"\bwhere\b.*\b(?:shot|shoot|shooting|filmed|filming|(?:he|she|they|you|one) film)\b|"
            r"^(?:is|was|were|did) (?:it|they|he|she|(?:the|this|any|some) [\w ]{2,30}?) (?:shot|filmed|shoot) "
            r"(?:\w+ )?(?:in|at|on) (?-i:[A-Z])",
            re.IGNORECASE,
        ),
        compiled(
            r"\b(?:shot|shoot\w*|film(?:ed|ing)|locations?|set (?:in|on|at)|scenes?|studios?|camera\w*|took place|"
            r"takes place)\b",
            re.IGNORECASE,
        ),
    ),
    Rule(
        compiled(
            r"\b(?:spent on|spend on|cost to (?:make|build|produce)|production cost|budget|"
            r"how (?:expensive|costly|pricey))\b|"
            r"\bhow much\b[^?]*\b(?:s[aiu]nk|put|pour(?:ed)?|plough(?:ed)?|invest(?:ed)?|went|gone|go|spen[dt])"
            r"(?: \w+){0,3} (?:into|in|on|to) (?:making|building|producing|make|it|(?:the|this|that|its|their) "
            r"(?:making|films?|movie|documentary|picture|production|project))\b",
            re.IGNORECASE,
        ),
        compiled(
            r"\b(?:spen[dt]\w*|cost\w*|budget\w*|pa(?:y|ys|id|ying)|invest\w*|fund\w*|financ\w*|expens\w*|pric\w*|"
            r"grant\w*|worth|s[aiu]nk|put|pour\w*|plough\w*)\b",
            re.IGNORECASE,
        ),
    ),
)
"""What the text around an answer needs: a home is no birthplace, a founder no owner, what came in was not spent."""
DIMENSIONS = {
    "length": r"long|length",
    "width": r"wide|width|across|breadth|broad",
    "height": r"high|tall|height",
    "depth": r"deep|depth",
    "thickness": r"thick|thickness",
    "weight": r"heavy|weigh|weighs|weight",
    "age": r"old|age",
}
ASKED = {
    name: compiled(rf"\b(?:how (?:{words})|(?:{words}) of|what (?:is|was) (?:the|its) (?:{words}))\b", re.IGNORECASE)
    for name, words in DIMENSIONS.items()
}
BRACKETED = compiled(r"\([^()]{0,40}\)")
TOLD = {name: compiled(rf"(?:in )?(?:{words})\b", re.IGNORECASE) for name, words in DIMENSIONS.items()}
TELLS = {name: compiled(rf"\b(?:{words})$", re.IGNORECASE) for name, words in DIMENSIONS.items()}


@lru_cache(64)
def _rules(question: str, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that a question falls under, found once for all the answers that are tried."""
    return tuple(rule for rule in rules if rule.asked.search(question))


def fits(question: str, answer: str, behind: str = "") -> bool:
    """Whether ``answer``, with ``behind`` as the words that follow it, can be what a question wants.

    >>> fits("How wide is it?", "64 metres", " long and was opened"), fits("How long is it?", "64 metres", " long")
    (False, True)
    >>> fits("In which year did she go?", "a botanist"), fits("How deep is it?", "several feet")
    (False, True)
    >>> fits("What is the fee?", "120", " cm | 1998"), fits("Who made the clay figures?", "clay figures")
    (False, False)
    >>> fits("What happened in 1902?", "Rode"), fits("What happened in 1902?", "the mill of Rode burned")
    (False, True)
    >>> fits("What happened then?", "the Duke"), fits("What was the name of the mill?", "Moe’s wind mills")
    (False, False)
    >>> fits("What did Ana Vey do?", "Doctor"), fits("What did Ana Vey do?", "mapped the bay")
    (False, True)
    >>> fits("Where was Vey born?", "Anton", " Vey was born in Lund"), fits("Where was Vey born?", "Lund", ".")
    (False, True)
    >>> fits("Who asks where they are?", "Behind the door"), fits("Who asks?", "Milo")
    (False, True)
    >>> fits("Who told her?", "I had no idea"), fits("What annoyed her?", "Was it hard?")
    (False, False)
    >>> [fits("Where does she come from?", told) for told in ("fled to Lund and settled in Rode", "Ystad")]
    [False, True]
    >>> [fits("How did she flee?", told) for told in ("fled to Lund", "in a boat by night")]
    [False, True]
    >>> fits("Where did she sit?", "next", " to him while he carved"), fits("Where did she sit?", "at the back")
    (False, True)
    >>> fits("What is its score?", "88 reviews"), fits("What is its score?", "99%", " of 88 reviews")
    (False, True)
    >>> [fits("What nationality is the carver?", told) for told in ("Sarith Mo", "Norwegian")]
    [False, True]
    >>> fits("Which journalist wrote of it?", "the dull voice"), fits("Which journalist wrote of it?", "Ana Vey")
    (False, True)
    >>> [fits("How do the boats change?", told) for told in ("to show the flood", "their sails fade")]
    [False, True]
    >>> [fits(asked, "46-year-old", " keeper tells it") for asked in ("How old was she then?", "How old is she?")]
    [False, True]
    >>> [fits(f"When was it shown in {place}?", "19 March", " (USA)") for place in ("France", "the States", "America")]
    [False, True, True]
    """
    if not all(rule.allows(answer) for rule in _rules(question, RULES)) or not of_that_kind(question, behind):
        return False
    there = BRACKETED_NAME.match(behind)
    places = [SAID_FOR.get(place, place) for place in IN_PLACE.findall(question)]
    if there and any(not same_answer(there[1], place) for place in places):
        return False
    if not VOTES_ASKED.search(question) and COUNTS_VOTES.search(f"{answer}{behind[:UNIT]}"):
        return False
    if OLD_THEN_ASKED.search(question) and AGED.match(answer) and TELLS_NOW.match(behind):
        return False
    goes_on = GOES_ON.match(behind)
    if goes_on and WHERE_ASKED.search(question) and stem(goes_on[1].lower()) in stems(question):
        return False
    if not CHOICE.search(question) and _repeats(question, answer):
        return False
    if MONEY_ASKED.search(question) and _no_money(answer, behind[:UNIT]):
        return False
    named = NAME_ASKED.match(question)
    if named and _only_a_kind(named["what"].lower(), answer):
        return False
    return _is_of_the_dimension(question, answer, behind)


def _is_of_the_dimension(question: str, answer: str, behind: str) -> bool:
    """Whether a number measures what is asked, where it says what it measures: "64 metres long" is no width."""
    asked = {name for name, pattern in ASKED.items() if pattern.search(question)}
    if not asked or not has_number(answer):
        return True
    behind = BRACKETED.sub(" ", behind).lstrip(" ).,0123456789")
    told = {name for name in DIMENSIONS if TOLD[name].match(behind) or TELLS[name].search(answer.rstrip(" .,;"))}
    return not told or bool(told & asked)


def modifiers(question: str, before: str) -> int:
    """How many characters in front of an answer belong to it: all behind the article in "a deep bottle green".

    >>> modifiers("What colour is the door?", "It is painted in a deep bottle "), modifiers("Who sang?", "a deep ")
    (12, 0)
    """
    found = MODIFIERS.search(before) if COLOUR_ASKED.search(question) else None
    return len(found["words"]) if found else 0


def portion(question: str, before: str, answer: str) -> tuple[int, int]:
    """The part of an answer that tells what is asked, from and to a character; ``before`` stands before the answer.

    What was won or only nominated, where a question asks for one of them; an age alone, where it asks how old.

    >>> portion("When is it closed?", "It is closed on ", "Saturdays, but on Sundays")
    (0, 9)
    >>> portion("How old is Ada?", "The ", "46-year-old director tells of the house where she lived at 13")
    (0, 11)
    """
    if (but := CONTRAST.search(answer)) and len(answer.split()) <= CLAUSE_WORDS:
        return 0, but.start()
    if OLD_ASKED.search(question) and len(answer.split()) > CLAUSE_WORDS:
        age = AGE.search(answer)
        return age.span() if age else (0, len(answer))
    return prize(question, before, answer)


def comes_from(question: str, before: str) -> bool:
    """Whether what stands before an answer says that somebody left it, where it is asked where to.

    >>> comes_from("Where did they have to go?", "We were sent away from "), comes_from("Where is she from?", "from ")
    (True, False)
    """
    return WHERE_TO.search(question) is not None and FROM_BEFORE.search(before) is not None


def is_person(question: str, before: str) -> bool:
    """Whether what stands before an answer says that it is somebody, where a place or a tool is asked for.

    >>> is_person("Where was it shot?", "Cinematography: "), is_person("Where was it shot?", "Country: ")
    (True, False)
    """
    of_no_one = WHERE_ASKED.search(question) or EQUIPMENT_ASKED.match(question)
    label = LABEL_BEFORE.search(before) if of_no_one else None
    return label is not None and DOING.search(label[1]) is not None


EQUIPMENT_ASKED = compiled(
    r"(?:and |so )?(?:what|which) (?:[a-z]+ )?(?:cameras?|lens(?:es)?|equipment|software|programs?|machines?|tools?|"
    r"instruments?)\b",
    re.IGNORECASE,
)


def tells(question: str, told: str) -> bool:
    """Whether a text has what it takes to tell what is asked; see ``TELLING``.

    >>> [tells("Where was Ada born?", told) for told in ("Ada, a native of Lund", "She went to Lund")]
    [True, False]
    >>> tells("Is the whole film in colour?", "Color | Black and White"), tells("Was it shot in Lund?", "Lund burnt")
    (True, False)
    >>> [tells("Which book is it based on?", told) for told in ("Adapted from Reeds by Ana Vey", "A film by Ana Vey")]
    [True, False]
    >>> [tells("Where was it filmed?", told) for told in ("Shot in Lund", "A film on the fire of Lund")]
    [True, False]
    """
    return all(rule.allows(told) for rule in _rules(question, TELLING))


def may_be_paid(question: str, cell: str) -> bool:
    """Whether a table's cell, with its head and what stands above the table, can be the sum that a question asks for.

    >>> may_be_paid("What is the fee?", "Observatories Visitors 21,400"), may_be_paid("What is the fee?", "Fees Day 3")
    (False, True)
    """
    return MONEY_ASKED.search(question) is None or MONEY_TOLD.search(cell) is not None


def _only_a_kind(what: str, answer: str) -> bool:
    """Whether an answer has the word for a thing without a name, or for several such: "two old mills" for a mill."""
    return any(stem(word) == stem(what) and (word != what or not CAPITAL.search(answer)) for word in answer.split())


def _repeats(question: str, answer: str) -> bool:
    """Whether an answer says nothing that its question does not."""
    told = stems(answer)
    return bool(told) and set(told) <= set(stems(question)) and DENIES.search(answer) is None


def _no_money(answer: str, behind: str) -> bool:
    """Whether all numbers of an answer, by the unit that may stand behind it, measure something else than money."""
    told = len(value_of(answer).quantities)
    return told > 0 and all(quantity.measures for quantity in value_of(f"{answer} {behind}").quantities[:told])
