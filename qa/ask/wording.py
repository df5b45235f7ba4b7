"""What kind of question a wording is, told from its words alone: kind, what it wants, its parts, what it names.

``wording`` is one pass from the lead ("Could you tell me …") over the named source and the parts of a compound to the
kind. Nothing here knows the corpus; ``qa.ask.questions`` puts both together.
"""

import re

from msgspec.structs import replace

from qa.ask.asked.comparing import SIDES, comparison
from qa.ask.asked.compound import DOES, MOST_PARTS, needed, parts_of
from qa.ask.asked.defining import DEFINE, WHO_IS, defined
from qa.ask.asked.gist import (
    A_THING,
    ABOUT,
    BOTH_SIDES,
    COMPLAINS,
    FAULTS,
    IN_SHORT,
    IT,
    OVERVIEW,
    PRAISED,
    QUOTES,
    RECEIVED,
    SAYS_ALL,
    TELL_ABOUT,
    THING,
    THINKS,
    THINKS_OF_IT,
    THOUGHT,
    TOLD_OF,
    gist_of,
)
from qa.ask.asked.listing import LIST, OTHERS, counted, is_list, listed
from qa.ask.asked.manner import core_of
from qa.ask.asked.naming import source_of
from qa.ask.asked.recast import complaint, liking
from qa.ask.asked.words import AFTER, AUX, EARLIER, PROPER, WH, WORK, I, Wording, bare, marked
from qa.patterns import compiled
from qa.types import Kind, Wants

COUNTED_UNITS = compiled(
    r"^(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|decades?|centuries|euros?|dollars?|pounds?|"
    r"cents?|pence|"
    r"crowns|francs|marks|yen|rupees|kron(?:or|er|a)|metres?|meters?|miles?|kilometres?|kilometers?|km|feet|foot|"
    r"inches|yards?|"
    r"litres?|liters?|gallons?|pints?|tonnes?|tons?|kilos?|kilograms?|grams?|degrees?|percent|per cent|knots|"
    r"hectares?|acres?|"
    r"watts?|kilowatts?|volts?|amps?|calories|square \w+|cubic \w+|kg|cm|mm|ml|mph)\b",
    I,
)
UNIT = compiled(
    r"\b(?:in|as)\s+(?P<unit>(?:square |cubic )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|euros?|"
    r"dollars?|US dollars?|"
    r"pounds?|cents?|pence|crowns|francs|marks|yen|rupees|kron(?:or|er|a)|met(?:re|er)s?|miles?|kilomet(?:re|er)s?|"
    r"km|feet|inches|"
    r"yards?|lit(?:re|er)s?|gallons?|pints?|tonnes?|tons?|kilos?|kilograms?|grams?|celsius|fahrenheit|per ?cent|"
    r"percent|knots|"
    r"hectares?|acres?|kilowatts?|watts?|cent[a-z]*s|millimet(?:re|er)s?|centimet(?:re|er)s?|kg|cm|mm|ml|mph)"
    r"(?: (?:an?|per) (?:hour|second|minute|day|year|night|person))?)\s*\??$",
    I,
)
REASON = compiled(
    rf"^(?:so )?(?:why|how come)\b|\bwhy\b(?! not$)|\bfor (?:what|which) reasons?\b|^what(?: is|['’]s| was| were| "
    rf"are)? (?:the )?(?:\w+ )?(?:reasons?|purpose|cause|"
    rf"point|idea behind)\b|^what (?:made|makes|caused|causes|led|moved|brought|drove)\b|\bwhat for\b|"
    rf"^what(?:['’]s| (?:{AUX}))\b(?!.*\b(?:nominated|shortlisted|known|famous) for\W*$).* for\W*$|\bhow come\b|"
    rf"^(?:and )?how (?:{AUX}|to|exactly|so)\b(?! .*\b(?:called|spelt|spelled|related|old|pronounced)\b)|\bin what "
    rf"way\b|\bby what means\b",
    I,
)
EXPLAIN = compiled(r"^(?:please )?explain (?P<what>.+)$", I)
SUPERLATIVE = compiled(
    r"\b(?:most|least|fewest|(?!(?:interest|request|quest|forest|harvest|honest|west|rest|test|guest|arrest|"
    r"protest|contest|"
    r"invest|nest|best|chest|modest|conquest|suggest|priest|latest news|manifest|northwest|southwest|crest|pest|"
    r"vest|digest)\b)"
    r"\w{2,}est|first|last|best|worst|maximum|minimum|max|min)\b",
    I,
)
SUPERLATIVE_ASKED = compiled(
    r"^(?:on |in |at |by |for |from |to )?(?:which|what|who|whose|when|where|how|name|tell|give|list|the)\b", I
)
HOW_MANY = compiled(r"^(?:(?:from|in|of|on|to|by|with|for|at|about|and|over|since) )?how many\s+(?P<what>.+)$", I)
NUMBER_OF = compiled(r"^(?:what(?: is|['’]s| was)? )?(?:the )?(?:total )?(?:number|count) of (?P<what>.+)$", I)
PERIOD = compiled(rf"^(?:in |from |between |over )?(?:what|which) years (?:{AUX})\b", I)
"""A question for one period: "what years were they in power?"."""
COUNT = compiled(r"^count (?:up )?(?:the |all )", I)
YES_NO = compiled(rf"^(?:{AUX})\s+\S|^any(?:one|body)?\s+\S|^(?!.*\b{WH}\b)[^,]+,\s+{AUX}\s+(?!not\b)\w", I)
OR = compiled(r"\bor\b", I)
ANY_OF_THEM = compiled(r"^(?:any (?:other |more )?|(?:what|which) )(?P<noun>[\w'’-]+[^\Ws]s)\W*$", I)
"""Those that there are, where a single plural is asked for: "any awards?", "which languages?"."""
ANY_OF = compiled(r"\b(?:any|either|no)(?: of)? (?:[\w'’-]+ ){1,3}or\b", I)
"""A choice that is none: "any of his brothers or sisters"."""
TAG = compiled(
    rf",\s+(?:{AUX}|right|correct|no|yes|yeah)(?:\s+(?:it|he|she|they|there|you|we|i|one))?(?:\s+not)?\s*\?\W*$|"
    rf"^(?!{WH}\b|{AUX}\b)(?:\S+ ){{3,30}}(?:right|correct)\W*$|"
    rf"^(?!{WH}\b|{AUX}\b)(?:\S+ ){{2,30}}{AUX} (?:it|he|she|they|there|you|we)\W*$",
    I,
)
"""How a statement ends that is asked: "…, isn't it?", "the house is still there right"."""
STATED = compiled(
    rf"^(?:(?:it|he|she|they|there|this|that|these|those|we|i)(?:['’](?:s|re|ve|m)\b| {AUX}\b)|"
    rf"(?:the|his|her|its|their|this|that|all|every|no|any|some) (?:[\w'’-]+ "
    rf"){{1,3}}?{AUX}\b)(?!.*\b{WH}\b)[^?]*\?\W*$",
    I,
)
"""A statement with a question mark: "he is still alive?"."""
IS_THAT = compiled(
    r"[;:,–—]\s*(?:so )?(?:is|are|was|were|does|do|can|may|will|would|could) (?:that|it|this|they|he|she|i|you|we|"
    r"there)\b[^,;]*\?\W*$",
    I,
)
TRUE = compiled(r"^(?:is it (?:true|so|the case|right|correct)(?: that)?|(?:is|was) it that)\b", I)


def wording(question: str) -> Wording:
    """A question, white space single, by its wording.

    >>> found = wording("Hello! Could you tell me who all the nurses are?")
    >>> found.kind, found.wants
    ('list', 'person')
    >>> wording("When was it built and who built it?").parts
    ('When was it built?', 'who built it?')
    """
    core = core_of(question)
    if (compared := comparison(question, core)) is not None:
        return compared
    if len(wanted := needed(question)) > 1:
        return Wording(core, "several", parts=tuple(wanted))
    whole = core
    core, source = source_of(core)
    if ")" in source:  # what stands in the brackets that a follow-up is put before
        core, source = whole, ""
    if (twice := DOES.match(core)) and WHO_IS.match(twice["who"]):
        core = marked(twice["who"])
    parts = () if THINKS.match(core) else tuple(dict.fromkeys(parts_of(core)))
    if 1 < len(parts) <= MOST_PARTS:
        named = [f"According to {source}, {part}" if source else part for part in parts]
        return Wording(core, "several", source=source, parts=tuple(named))
    told = _of_kind(core, source)
    if told.kind == "yes_no" and (liked := liking(EARLIER.sub("", core))):
        return liked
    if told.kind in ("value", "list", "reason") and (blamed := complaint(EARLIER.sub("", core))):
        return blamed
    texts = (
        dict.fromkeys(SIDES.findall(question)) if told.kind == "overview" and not (told.source or told.subject) else {}
    )
    # "No time to read the letter. Main points?" names the text in front of what is asked.
    return replace(told, source=next(iter(texts))) if len(texts) == 1 else told


def _of_kind(core: str, source: str) -> Wording:
    """The kind of one question; the order is part of the rules: what is told by more words comes first."""
    wants = _wants(core)
    unit = found["unit"] if (found := UNIT.search(core)) else ""
    plain = core.rstrip(" ?.!")
    if OVERVIEW.search(core) or (core.lower().startswith("what about ") and source):
        topic = core[len("what about ") :].rstrip(" ?") if core.lower().startswith("what about ") else ""
        of = "" if topic else gist_of(core)
        if thinks := THINKS_OF_IT.match(of):
            return Wording(core, "overview", subject=THOUGHT, source=source or thinks["who"])
        if says := SAYS_ALL.match(of):
            return Wording(core, "overview", source=source or says["source"] or says["who"])
        if told := TOLD_OF.match(of) or (IN_SHORT.match(core) and THING.match(of)):
            return Wording(core, "overview", subject=told["what"], source=source)
        return Wording(core, "overview", subject=topic, source=source or of)
    asked = EARLIER.sub("", core)
    if thinks := THINKS.match(asked) or PRAISED.match(asked):
        who = next(filter(None, thinks.groupdict().values()))
        return Wording(core, "overview", subject=THOUGHT, source=who)
    if BOTH_SIDES.match(asked):
        return Wording(core, "overview", subject=THOUGHT, source=source)
    if complains := COMPLAINS.match(asked):
        who = next(group for group in complains.groups() if group)
        return Wording(core, "overview", subject=FAULTS, source=who)
    if received := RECEIVED.match(asked):
        return Wording(
            core,
            "overview",
            subject=f"how {received['what'] or received['told'] or received['thought'] or 'it'} was received",
            source=source,
        )
    if about := ABOUT.match(core):
        subject = about["subject"] or about["subject2"]
        if OTHERS.search(subject):
            return Wording(core, "list", wants, subject, source)
        work = re.search(rf"\b{WORK}\b", subject, I) or re.fullmatch(rf"this|these|that|those|they|{IT}", subject, I)
        if work or PROPER.match(subject) or subject[:1] in "\"“'‘*":
            return Wording(core, "overview", source=source or subject)
    if meant := DEFINE.search(core):
        subject = next(group for group in meant.groups() if group)
        if not re.match(rf"{WH}\b|(?:the|a) \w+ (?:of|in)\b", subject, I) or len(subject.split()) <= 2:
            return Wording(core, "definition", subject=bare(subject), source=source)
    if tell := TELL_ABOUT.match(core):
        subject = tell["subject"]
        if re.search(rf"\b{WORK}\b", subject, I):
            return Wording(core, "overview", source=source or subject)
        # A name is defined; of a thing that everybody knows, what is told of it.
        kind: Kind = "overview" if A_THING.match(subject) and not PROPER.match(bare(subject)) else "definition"
        return Wording(core, kind, subject=bare(subject), source=source or ("" if kind == "overview" else subject))
    if quotes := QUOTES.match(core):
        return Wording(core, "overview", subject=quotes["subject"], source=source)
    if explain := EXPLAIN.match(core):
        return _of_kind(explain["what"], source)
    if count := HOW_MANY.match(core) or NUMBER_OF.match(core):
        what = count["what"].rstrip(" ?")
        if measured := COUNTED_UNITS.match(what):
            return Wording(core, "value", "number", source=source, unit=measured[0] if what != measured[0] else unit)
        if SUPERLATIVE.search(what) and not re.match(r"(?:most|first|last)\b", what, I):
            return Wording(core, "superlative", "number", source=source, unit=unit)
        return Wording(core, "count", "number", counted(what), source)
    if COUNT.match(core):
        return Wording(core, "count", "number", core[COUNT.match(core).end() :].rstrip(" ?"), source)  # type: ignore[union-attr]
    if TAG.search(core) or TRUE.match(core) or IS_THAT.search(core) or STATED.match(core):
        return Wording(core, "yes_no", source=source)
    if ANY_OF_THEM.match(core):
        return Wording(core, "list", wants, listed(core), source)
    if YES_NO.match(core):
        tail = core[core.lower().find(" ") :]
        alternative = OR.search(ANY_OF.sub("", tail)) and not re.search(
            rf"\bor (?:not|no|so|more|less|other|any|later|over|under|above|only|just|merely|"
            rf"{AUX} (?:it|that|this|he|she|they|there))\b",
            tail,
            I,
        )
        return Wording(core, "value" if alternative else "yes_no", source=source)
    if REASON.search(core):
        return Wording(core, "reason", source=source)
    subject = AFTER.sub("", defined(core))
    if subject and PROPER.match(subject):
        return Wording(core, "definition", subject=subject, source=source)
    several = is_list(core) and not PERIOD.match(core)
    if SUPERLATIVE.search(plain) and SUPERLATIVE_ASKED.match(core) and not (several and LIST.search(core)):
        return Wording(core, "superlative", wants, source=source, unit=unit)
    if several:
        return Wording(core, "list", wants, listed(core), source)
    if subject:
        return Wording(core, "definition", subject=subject, source=source)
    return Wording(core, "value", wants, source=source, unit=unit)


def _wants(core: str) -> Wants | None:
    """What a question wants, where its wording tells it."""
    for wants, pattern in WANTED.items():
        if pattern.search(core):
            return wants
    return None


WANTED: dict[Wants, re.Pattern[str]] = {
    "number": compiled(
        r"\bhow (?:many|much|old|long|big|tall|far|high|large|wide|deep|heavy|fast|often|late|early|strong|thick|"
        r"hot|cold|"
        r"expensive)\b|\bwhat (?:number|age|percentage|share|price|is the (?:budget|runtime|length|age|score|"
        r"rating|price|"
        r"number|size|height|width|weight|cost|fee|fare|distance))\b|\bnumber of\b",
        I,
    ),
    "date": compiled(
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|season)\b|\bsince when\b", I
    ),
    "place": compiled(
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|village|street|river|region|state|island|"
        r"building)\b",
        I,
    ),
    "person": compiled(r"\bwho(?:m|se)?\b", I),
    "name": compiled(r"\bwhat is the (?:name|title)\b|\bwhat name\b|\bwhich (?:edition|festival|award)\b", I),
}
