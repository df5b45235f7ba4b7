"""Whether an answer can be what a question asks for, where the wording leaves no doubt."""

import re

from qa.ask.agreement import has_number, same_answer, value_of
from qa.patterns import compiled
from qa.search.words import stem, stems

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
MONEY_TOLD = compiled(
    rf"[€$£¥]|\b(?:euros?|dollars?|pounds?|crowns?|francs?|marks|lire|yen|kr|eur|usd|gbp|chf|pence|cents?|money|free|"
    rf"pays?|paid|{SUM})\b",
    re.IGNORECASE,
)
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
CONTRAST = compiled(r",? but (?=(?:on|in|at|from|for|by|with|not)\b)", re.IGNORECASE)
"""What parts a value from one that it is not."""
WINNER_ASKED = compiled(
    r"(?:who|(?:what|which)(?: [\w'’-]{1,30}){1,3}) (?:has |had )?(?:won|wins|took|takes|beats?)\b", re.IGNORECASE
)
ONLY_NAMED = compiled(
    r"[^\w.;]{0,4}(?:(?:which|who|that|and) )?(?:was|were|is|are|has been|had been|got)(?: \w+)? (?:nominat|shortlist)",
    re.IGNORECASE,
)
"""What follows somebody or something that is named for a prize and has not won it thereby."""
VOTES_ASKED = compiled(
    r"\b(?:how (?:many|much)|(?:number|count|total|sum) of|based on|reviews?|critics?|votes?|voters?|ratings|users?|"
    r"reviewers?|people)\b",
    re.IGNORECASE,
)
COUNTS_VOTES = compiled(
    r"^\W*\d[\d.,]* (?:\w+ )?(?:reviews?|critics?|votes?|ratings|users?|reviewers?)\b", re.IGNORECASE
)
"""How many voted, which is no score."""
WHO_ASKED = compiled(r"who\b(?! or what)", re.IGNORECASE)
TOLD_OF_ONE = compiled(
    r"\W*(?:I|he|she|we|they|it) "
    r"(?:\w+n['’]t|is|was|were|are|had|has|have|did|does|do|will|would|could|can|just|only)\b"
)
"""How a sentence of somebody begins, which is nobody: "I had no idea"."""
ASKING = compiled(
    r"\b(?:ask\w*|questions?|wonder\w*|inquir\w*|quer\w+|titles?|called|names?|say|says|said)\b", re.IGNORECASE
)
"""What may be answered with a question."""
SOMEWHERE = compiled(
    r"\W*(?:in|at|on|behind|under|beneath|inside|outside|near|above|below|between|after|before|during)\b", re.IGNORECASE
)
"""How a place or a time begins, which nobody is called."""
NO_PLACE = compiled(
    r"\W*(?:next|there|here|away|up|down|off|out|back|together|apart|again|then|also|everywhere|somewhere)\W*",
    re.IGNORECASE,
)
"""A word of place that tells of none."""
NATIONALITY_ASKED = compiled(r"\b(?:what|which) nationality\b|\bnationality\b.*\?", re.IGNORECASE)
NATIONALITY = compiled(r"(?:an|ese|ish|ic|ch|ek|ss|sh|er|[aeou]i|ni|qi|land|USA|UK)\W{0,9}$")
"""How a word for where somebody is from ends, which names do not all do."""
SOMEBODY_ASKED = compiled(
    r"(?:and |so )?(?:which|what) (?:[a-z]+ )?(?:[a-z]{3,}(?:ist|ian)|actor|actress|author|director|sculptor|writer|"
    r"painter|singer|composer|photographer|poet|king|queen|politician|person|man|woman)\b(?! (?:of|in|who|that)\b)",
    re.IGNORECASE,
)
"""A question for somebody by what that one is, who has a name: "Which journalist wrote of it?"."""
CAPITAL = compiled(r"[^\W\d_a-z]")
CHANGE_ASKED = compiled(
    r"(?:and |so )?how (?:do|does|did|has|have) .{2,80}\b(?:change|develop|evolve|differ|grow|alter|look)\b",
    re.IGNORECASE,
)
PURPOSE = compiled(r"(?:in order )?to [a-z]{3,}\b", re.IGNORECASE)
"""What something is for, which is not how it goes."""
CONSENSUS_ASKED = compiled(r"^(?:what|how|which)\b(?!.*\b(?:score|rating)\b).*\bconsensus\b", re.IGNORECASE)
"""A question for what critics agree on, which is no number."""
WINS = compiled(r" (?:wins?|awards?|prizes?)\b", re.IGNORECASE)
JOINING = frozenset("and but or was were is are has have had been also for as well , ;".split())
LABEL_BEFORE = compiled(r"(?:^|[\n;|•-] ?)([^:;|\n]{1,40}): (?:[^:;|\n]{1,80}, )?$")
DOING = compiled(
    r"\b(?:direct|produc|writ|edit|narrat|compos|photograph|cinematograph|conduct|illustrat|translat)"
    r"(?:or|er|ors|ers|ress|ing|ion|y|ed)\b|\b(?:music|cast|starring|screenplay|author|by)\b",
    re.IGNORECASE,
)
"""A label whose values are people."""
TELLING = (
    (
        compiled(r"\b(?:where|when|year|place|town|city|country) (?:was|were) .{1,80} born\b", re.IGNORECASE),
        compiled(r"\b(?:born|birth\w*|native|hails?|hailed|n[eé]e)\b|\(\D{0,20}\d{4}", re.IGNORECASE),
    ),
    (
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
    (
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
    (
        compiled(r"\b(?:when|(?:what|which) years?)\b.*\b(?:win|won)\b", re.IGNORECASE),
        compiled(
            r"\b(?:w[io]n|wins|winn\w+|award(?:ed|ing)|prizes?|recei\w+|honou?r\w*|took|gold|silver|medals?|champions?\w*|"
            r"victor\w+|best|first|beat\w*|top)\b",
            re.IGNORECASE,
        ),
    ),
    (
        compiled(r"\bwho (?:owns|owned|(?:is|was) the owner)\b", re.IGNORECASE),
        compiled(
            r"\b(?:own\w{0,5}|propriet\w*|belong\w*|bought|buy\w*|purchas\w*|propert\w*|landlord|copyright|rights?|"
            r"holds?|held|acquir\w*|possess\w*|inherit\w*|estate|(?-i:[A-Z])\w+['’]s)\b",
            re.IGNORECASE,
        ),
    ),
    (
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
    (
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
"""What is asked, and what a text must have: a home is no birthplace, a founder no owner, what came in was not spent."""
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
WHEN_ASKED = compiled(r"^(?:\w+ ){0,2}when\b", re.IGNORECASE)
HAPPENED_ASKED = compiled(
    r"^(?:\w+ ){0,2}what(?: else)? (?:happen|took place|occurr|(?:do|does|did) [^?]{1,60} do\W*$)", re.IGNORECASE
)
LOWER = compiled(r"\b[a-zà-ÿ]{3,}")
ARTICLE = compiled(r"^\W{0,3}(?:the|an?) ", re.IGNORECASE)
NAME_ASKED = compiled(
    r"(?:and |so )?what(?: is|['’]?s| was) the name of (?:the|this|that|his|her|their|its) (?P<what>[\w'’-]+)",
    re.IGNORECASE,
)
"""A question for a name, which "a mill of three storeys" is not of the mill."""
CALENDAR = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|spring|summer|autumn|winter"
)
A_TIME = compiled(
    rf"\d|\b(?:{CALENDAR}|fall|centur\w+|decades?|years?|months?|weeks?|"
    r"days?|hours?|minutes?|night|morning|noon|midday|evening|dawn|dusk|sunset|sunrise|today|tomorrow|yesterday|ago|"
    r"before|after|until|till|since|when\w*|while|during|once|if|time|war|age|era|easter|christmas)\b",
    re.IGNORECASE,
)
FEW_WORDS = 3
CLAUSE_WORDS = 8
"""Words above which an answer is a clause."""
UNIT = 20
"""Characters behind an answer in which its unit stands."""
YEAR_ASKED = compiled(r"\b(?:what|which) (?:years?|decades?|century|centuries)\b", re.IGNORECASE)
OF_YEARS = compiled(r"\b(?:what|which) years?\b(?!['’])", re.IGNORECASE)
ORDINAL = compiled(r"\b\d{1,3}(?:st|nd|rd|th)\b")
"""Which one of several, as a festival has it: no year."""
NUMBER_ASKED = compiled(r"\bhow (?:wide|tall|high|deep|thick|heavy|old (?:is|was|are|were))\b", re.IGNORECASE)
INEXACT = compiled(
    r"\b(?:several|few|many|dozens?|scores|hundreds|thousands|millions|half|both|all|most|some|couple|none|no|zero|as|"
    r"year|teen\w*|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|infan\w+|baby)\b",
    re.IGNORECASE,
)
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


FROM_ASKED = compiled(r"\bwhere (?:is|was|does|do|did) (?:[\w'’-]+ ){1,3}?(?:come )?from\b", re.IGNORECASE)
AWAY = compiled(
    r"\b(?:escaped|fled|moved|emigrated|settled|went|left|travelled|traveled) (?:\w+ )?(?:to|in|for)\b", re.IGNORECASE
)
"""Where somebody went, who is from elsewhere."""
WAY_ASKED = compiled(
    r"(?:so |and |but )?(?:how|by what (?:route|means|way)|which way)\b.{0,30}?\b(?:did|does|do|could|was|were)\b"
    r".{1,60}?\b(?:escape|flee|get (?:out|away|across|over|past|through)|cross|make (?:it|his|her|their) "
    r"(?:out|across|over|way)|(?:manage|managed|able) to (?:leave|reach))\b",
    re.IGNORECASE,
)
"""How somebody got away or over something, which to say whereto or that one did tells nothing of."""
WAY = compiled(
    r"\b(?:by|(?<!lived )through|via|on foot|across|over|hid\w*|walk\w*|swam|swim\w*|smuggl\w*|brib\w*|"
    r"boat|raft|train|plane|bus|truck|bicycle|horse|jungle|forest|using|thanks to|helped|paid|pretend\w*|"
    r"disguis\w*|night)\b",
    re.IGNORECASE,
)


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
    >>> [fits(f"How many did it {verb}?", "1 Oscar", " nomination") for verb in ("win", "get a nomination for")]
    [False, True]
    >>> fits("Which film beat it?", "Vey", ", which was nominated for the prize"), fits("Who won?", "Vey", " won")
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
    there = BRACKETED_NAME.match(behind)
    places = [SAID_FOR.get(place, place) for place in IN_PLACE.findall(question)]
    if there and any(not same_answer(there[1], place) for place in places):
        return False
    if WON_ASKED.search(question) and not NOT_WON.search(question) and NOT_WON.match(behind.lstrip()):
        return False
    if WINNER_ASKED.match(question) and ONLY_NAMED.match(behind):
        return False
    if NOT_WON.search(question) and not BOTH_ASKED.search(question) and WINS.match(behind):
        return False
    if not VOTES_ASKED.search(question) and COUNTS_VOTES.search(f"{answer}{behind[:UNIT]}"):
        return False
    if OLD_THEN_ASKED.search(question) and AGED.match(answer) and TELLS_NOW.match(behind):
        return False
    if WHO_ASKED.match(question) and (SOMEWHERE.match(answer) or TOLD_OF_ONE.match(answer)):
        return False
    if answer.rstrip(' "”’').endswith("?") and not ASKING.search(question):
        return False
    if WHERE_ASKED.search(question) and NO_PLACE.fullmatch(answer):
        return False
    if CONSENSUS_ASKED.search(question) and has_number(answer):
        return False
    if NATIONALITY_ASKED.search(question) and (len(answer.split()) > FEW_WORDS or not NATIONALITY.search(answer)):
        return False
    if SOMEBODY_ASKED.match(question) and not CAPITAL.search(answer):
        return False
    if CHANGE_ASKED.match(question) and PURPOSE.match(answer):
        return False
    goes_on = GOES_ON.match(behind)
    if goes_on and WHERE_ASKED.search(question) and stem(goes_on[1].lower()) in stems(question):
        return False
    if not CHOICE.search(question) and _repeats(question, answer):
        return False
    if MONEY_ASKED.search(question) and _no_money(answer, behind[:UNIT]):
        return False
    if YEAR_ASKED.search(question) and not has_number(answer):
        return False
    if OF_YEARS.search(question) and not has_number(ORDINAL.sub(" ", answer)):
        return False
    if WHERE_TO.search(question) and FROM_FIRST.match(answer):
        return False
    if FROM_ASKED.search(question) and AWAY.search(answer):
        return False
    if WAY_ASKED.match(question) and not WAY.search(answer):
        return False
    if HAPPENED_ASKED.search(question) and not LOWER.search(ARTICLE.sub("", answer)):
        return False
    named = NAME_ASKED.match(question)
    if named and _only_a_kind(named["what"].lower(), answer):
        return False
    if WHEN_ASKED.search(question) and len(answer.split()) > CLAUSE_WORDS and not A_TIME.search(answer):
        return False
    if NUMBER_ASKED.search(question) and not has_number(answer) and not INEXACT.search(answer):
        return False
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

    >>> told = "the Silver Bell and was nominated for the Golden Boat"
    >>> told[slice(*portion("What did it win?", "It won ", told))]
    'the Silver Bell'
    >>> portion("What did it win?", "It won a bell and was nominated for ", "a boat")
    (0, 0)
    >>> portion("When is it closed?", "It is closed on ", "Saturdays, but on Sundays")
    (0, 9)
    >>> portion("How old is Ada?", "The ", "46-year-old director tells of the house where she lived at 13")
    (0, 11)
    """
    whole = 0, len(answer)
    if (but := CONTRAST.search(answer)) and len(answer.split()) <= CLAUSE_WORDS:
        return 0, but.start()
    if OLD_ASKED.search(question) and len(answer.split()) > CLAUSE_WORDS:
        age = AGE.search(answer)
        return age.span() if age else whole
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


EACH_FOR = compiled(r",? (?:as well as|and|or) (?=for\b)")
"""Between what somebody is nominated for, and what else: "for Best Oar at the Boats | for Best Sail"."""


def names_in(question: str) -> set[str]:
    """The stems of the names inside a question.

    >>> sorted(names_in("Did Ana win at Lund?"))
    ['ana', 'lund']
    """
    return {name for found in PLACES.findall(question) for name in stems(found)}


PLACES = compiled(r"(?<=\w )[^\W\d_a-z][\w’'-]+")


def comes_from(question: str, before: str) -> bool:
    """Whether what stands before an answer says that somebody left it, where it is asked where to.

    >>> comes_from("Where did they have to go?", "We were sent away from "), comes_from("Where is she from?", "from ")
    (True, False)
    """
    return WHERE_TO.search(question) is not None and FROM_BEFORE.search(before) is not None


WHERE_TO = compiled(
    r"^(?!.*\bfrom where\b).*\bwhere\b.*\b(?:go|move|flee|escape|taken|sent|brought|end up|land|arrive|settle)(?:\W|$)"
    r"(?!.*\bfrom\b)",
    re.IGNORECASE,
)
FROM_FIRST = compiled(r"(?:away )?(?:from|out of)\b", re.IGNORECASE)
FROM_BEFORE = compiled(r"\b(?:from|out of)(?: the| my| his| her| their| our)? $", re.IGNORECASE)


def is_person(question: str, before: str) -> bool:
    """Whether what stands before an answer says that it is somebody, where a place is asked for.

    >>> is_person("Where was it shot?", "Cinematography: "), is_person("Where was it shot?", "Country: ")
    (True, False)
    """
    label = LABEL_BEFORE.search(before) if WHERE_ASKED.search(question) else None
    return label is not None and DOING.search(label[1]) is not None


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
    return all(by.search(told) for asked, by in TELLING if asked.search(question))


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
