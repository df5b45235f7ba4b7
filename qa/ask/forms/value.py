"""One value: the reader's span, or the quantity beside it that has the unit which was asked for."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from qa.ask.agreement import VALUE_WORDS, has_number
from qa.ask.forms.byline import bylined, is_title
from qa.ask.forms.denial import denied
from qa.ask.forms.desk import Desk, alike, finding_at, holding, matched, refused, sentences_of
from qa.ask.forms.kinship import kinship
from qa.ask.forms.lookup import looked_up
from qa.ask.forms.role import ONESELF
from qa.ask.forms.series import LABEL, grown
from qa.ask.forms.speech import speech
from qa.ask.prizes import NOT_WON, WON_ASKED, nominated_there, won_there
from qa.ask.reader import ASKS_WHO, sentence_of, text_of
from qa.patterns import compiled
from qa.search.words import content_words, words
from qa.text import Span
from qa.types import Finding, Formed, Passage, Query, Reading, ScoredPassage

KIND_OF_WORK = "What kind of film is it?"
OTHER_UNIT = "The sources do not give it in that unit."
NAMES = {
    "dollar": r"(?:US )?dollars?|USD",
    "euro": r"euros?|EUR",
    "pound": r"pounds?(?: sterling)?|GBP|lbs?",
    "pence": r"pence|p",
    "cent": r"cents?",
    "met": r"met(?:re|er)s?|m",
    "kilomet": r"kilomet(?:re|er)s?|km",
    "centimet": r"centimet(?:re|er)s?|cm",
    "millimet": r"millimet(?:re|er)s?|mm",
    "feet": r"feet|foot|ft",
    "inch": r"inch(?:es)?",
    "mile": r"miles?",
    "lit": r"lit(?:re|er)s?|l",
    "gallon": r"gallons?",
    "kilo": r"kilos?|kilograms?|kg",
    "gram": r"gram(?:me)?s?|g",
    "ton": r"ton(?:ne)?s?|t",
    "minute": r"minutes?|mins?",
    "hour": r"hours?|hrs?|h",
    "second": r"seconds?|secs?|s",
    "percent": r"per ?cent|%",
    "kron": r"kron(?:or|er|a)|kr",
    "kilowatt": r"kilowatts?|kW",
}
SIGNS = {"dollar": r"(?:US)?\$", "euro": "€", "pound": "£", "yen": "¥"}
PER = compiled(r" (?:an?|per) (?P<time>hour|second|minute|day|year|night|person)$", re.IGNORECASE)
COUNTED = r"(?:(?:about|around|only|over|almost|nearly|roughly|some) )*"
DIGITS = r"(?:\d[\d.,]*\d|\d)(?:[ \u00a0]?(?:thousand|million|billion|m|bn)\b)?"
WORDED = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|half|a)\b[ -]?(?:and )?)+"
)


def value(query: Query, desk: Desk) -> Formed:
    """The value that answers, agreeing and differing places with it."""
    query = _in_plain_words(query, desk)
    ranked = desk.search(query)
    if (said := speech(query, desk, ranked) or bylined(query, desk, ranked)) is not None:
        return said
    reading = desk.read(query, ranked)
    if query.unit:
        return _in_unit(query, desk, ranked, reading)
    reading = _share_before_average(query, _other_title(query, reading))
    reading = _won_where_asked(query, _ended(query, _whole_period(query, reading)))
    reading = kinship(query, desk, ranked, _all_named(query, looked_up(query, desk, reading)))
    reading = _of_the_author(query, desk, ranked, reading)
    if reading.reason is not None and (quoted := _quoted(query, ranked)) is not None:
        reading = Reading((quoted,), QUOTED, None)
    return Formed("value", denied(query, desk, ranked, reading), ranked)


def _quoted(query: Query, ranked: list[ScoredPassage]) -> Finding | None:
    """What is quoted in the one sentence that has the word for what is asked: "The motto reads: "Row or rest"."."""
    asked = SAYING_ASKED.search(query.core or query.text)
    if asked is None:
        return None
    said = re.compile(
        rf"\b{re.escape(asked['what'])}\b[^.\"“”]{{0,60}}[\"“](?P<told>[^\"“”]{{3,400}})[\"”]", re.IGNORECASE
    )
    found = [(s.passage, match) for s in ranked for match in said.finditer(s.passage.text)]
    return matched(*found[0], "told") if len(found) == 1 else None


SAYING_ASKED = compiled(
    r"^(?:and |so )?(?:what|how|which)\b.*"
    r"\b(?P<what>consensus|motto|slogan|tag ?line|inscription|caption|dedication)\b",
    re.IGNORECASE,
)
"""How a sentence that somebody has put somewhere is asked for."""
QUOTED = 0.6


def _in_plain_words(query: Query, desk: Desk) -> Query:
    """A question in the words that sources have for what it asks; as it was where it asks nothing such."""
    asked = (query.core or query.text).strip()
    if "genre" in query.unknown:
        return desk.understand(KIND_OF_WORK, ())
    if (of := TITLE_IN.fullmatch(asked)) is not None:
        told = desk.read(spoken := desk.understand(LANGUAGE_OF_WORK, ()), desk.search(spoken))
        if told.reason is None and re.search(
            rf"\b{of['language'] or of['called']}\b", text_of(told.findings[0]), re.IGNORECASE
        ):
            return desk.understand(ORIGINAL_TITLE, ())
    if BEHIND_IT.fullmatch(asked):
        return desk.understand(PRODUCER, ())
    if (made := WHO_MADE.fullmatch(asked)) is not None:
        ours = is_title(made["title"], desk.documents.values())
        return desk.understand(f"Who directed {made['title']}?", ()) if ours else query
    return query


LANGUAGE_OF_WORK, ORIGINAL_TITLE = "What language is it in?", "What is the original title?"
PRODUCER = "Who is the producer?"
TITLE_IN = compiled(
    r"(?:and |so )?what(?:['’]s| is| was) (?:the |its )?(?:title|name)(?: of (?:it|(?:the|this) \w+))?,? in "
    r"(?P<language>[a-z]{4,12})(?: again| originally)?\W*|"
    r"what(?:['’]s| is| was) (?:it|(?:the|this) \w+) called in (?P<called>[a-z]{4,12})\W*",
    re.IGNORECASE,
)
"""How a title is asked for in a language; where that is the work's own it is the original one."""
BEHIND_IT = compiled(
    r"(?:and |so )?who(?: is|['’]s| was)(?: actually| really)? behind (?:the|its) production\W*", re.IGNORECASE
)
WHO_MADE = compiled(r"(?:and |so )?who (?:made|has made|is behind|was behind) (?P<title>[^?]{3,80})\W*", re.IGNORECASE)


def _all_named(query: Query, reading: Reading) -> Reading:
    """The reading with everybody whom a label names, where a question asks who and nothing that tells them apart."""
    if reading.reason is not None or not ASKS_WHO.search(query.text):
        return reading
    best = reading.findings[0]
    labelled = LABEL.match(best.passage.plain.text)
    label = content_words(labelled["label"]) if labelled else []
    apart = [w for w in content_words(query.text) if w not in OF_A_WORK and not any(alike(w, one) for one in label)]
    if not label or len(apart) > 1:
        return reading
    all_named = best._replace(answer=grown(best))
    told = set(words(text_of(all_named)))
    # Who is one of them is no other answer, nor is a firm where a person did it.
    rivals = tuple(g for g in reading.rivals if not set(words(text_of(g[0]))) <= told and not _is_firm(g[0]))
    return replace(reading, findings=(all_named, *reading.findings[1:]), rivals=rivals)


def _other_title(query: Query, reading: Reading) -> Reading:
    """The reading with the title in brackets, where the one in another language is asked for and the first was read."""
    if reading.reason is not None or not OTHER_TITLE_ASKED.search(query.text):
        return reading
    passage, place = reading.findings[0].passage, reading.findings[0].answer
    told = OTHER_TITLE.match(passage.text, place.end - passage.start)
    if told is None or set(words(told["title"])) <= set(words(query.text)):  # "L'etain (original title)"
        return reading
    return replace(reading, findings=(matched(passage, told, "title"),), rivals=())


def _share_before_average(query: Query, reading: Reading) -> Reading:
    """The reading with the share of all that a sentence tells first, where its average is read and not asked for."""
    if reading.reason is not None or not MARK_ASKED.match(query.text):
        return reading
    passage, place = reading.findings[0].passage, reading.findings[0].answer
    before = passage.text[: place.start - passage.start]
    share = next((found for found in SHARE.finditer(before)), None) if AN_AVERAGE.search(before) else None
    return replace(reading, findings=(matched(passage, share),), rivals=()) if share else reading


def _won_where_asked(query: Query, reading: Reading) -> Reading:
    """The reading; no answer where a prize is read that was won elsewhere, and only a nomination is told of there."""
    if reading.reason is None and WON_ASKED.search(query.text) and not NOT_WON.search(query.text):
        told = sentence_of(reading.findings[0])
        if nominated_there(query.text, told) and not won_there(query.text, told):
            return refused(reading)
    return reading


def _whole_period(query: Query, reading: Reading) -> Reading:
    """The reading with the period that something lasted, where its first day was read and another place tells both."""
    if reading.reason is not None or not LASTING.match(query.text) or A_PERIOD.search(text_of(reading.findings[0])):
        return reading
    others = [*reading.findings[1:], *(group[0] for group in reading.rivals)]
    others += [reading.runner_up] if reading.runner_up else []
    whole = next((finding for finding in others if A_PERIOD.search(text_of(finding))), None)
    return replace(reading, findings=(whole,), rivals=()) if whole else reading


def _of_the_author(query: Query, desk: Desk, ranked: list[ScoredPassage], reading: Reading) -> Reading:
    """The reading; where a question asks what the author of a review lived or learned, of a sentence that says "I".

    What such a text says to "you", or of others, is not told of who wrote it.
    """
    if reading.reason is not None or not BY_THE_AUTHOR.search(query.text):
        return reading
    if ONESELF.search(sentence_of(reading.findings[0])):
        return reading
    own = [one for scored in ranked for one in sentences_of(scored) if ONESELF.search(one.passage.plain.text)]
    weighed = desk.each(query, own)
    if not weighed or weighed[0].probability < OF_ONESELF:
        return refused(reading)
    sure = min(reading.confidence, QUOTED)
    found = weighed[0].finding._replace(answer=weighed[0].finding.quote)
    return replace(reading, findings=(found,), rivals=(), confidence=sure)


BY_THE_AUTHOR = compiled(
    r"\b(?:do|does|did|has|have|had|was|were|is) (?:the|this|that) (?:\w+ )?(?:reviewer|critic) "
    r"(?:(?:first|ever|even|really|already|originally|once|actually) )*"
    r"(?:learn\w*|hear\w*|know\w*|known|taught|read|studied|study|come (?:across|from)|grow\w*|grew|live\w*|go|"
    r"meet|met|discover\w*|find out|found out)\b",
    re.IGNORECASE,
)
"""What a reviewer lived or learned, which is no opinion: "Where had the reviewer first heard of it?"."""
OF_ONESELF = 0.1
"""Probability from which a sentence that says "I" tells what is asked of who wrote it."""


def _ended(query: Query, reading: Reading) -> Reading:
    """The reading; no answer where a question asks when something ended and the sentence tells of no end."""
    if reading.reason is None and END_ASKED.search(query.text) and not AN_END.search(sentence_of(reading.findings[0])):
        return refused(reading)
    return reading


END_ASKED = compiled(
    r"(?:\bwhen|\bwhat (?:year|date|day)) (?:did|does|will|was|is) [^?]{1,60}\b(?:end|finish|stop|over|collapse|fall)"
    r"(?: for good)?\W*(?:\([^()]*\)\W*)?$",
    re.IGNORECASE,
)
"""When something was over: "When did the rule of the dukes end?"."""
AN_END = compiled(
    r"\b(?:end\w*|finish\w*|stop\w*|over|until|till|to|last\w*|fall\w*|fell|collaps\w*|clos\w*|ceas\w*|conclu\w*|"
    r"through|final\w*|no longer|drove|defeat\w*|overthr\w*|between)\b|\d ?[–—-] ?\d",
    re.IGNORECASE,
)
LASTING = compiled(
    r"(?:and |so )?(?:when|in (?:what|which) years?|during (?:what|which) (?:years|time)|what years)\b.{0,60}"
    r"\b(?:rul(?:e|ed|ing)|reign\w*|govern\w*|in (?:power|charge|control|office)|last(?:ed)?|dominat\w*|run the \w+)\W*"
    r"(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
"""When something was that lasted: "When did the dukes rule?"."""
A_PERIOD = compiled(r"\b\d{4} ?(?:to|and|until|till|through|[–—-]) ?(?:[a-z]+ )?\d{2,4}\b", re.IGNORECASE)


MARK_ASKED = compiled(
    r"(?!.*\b(?:average|mean|out of|ten|how many|number of|user)\b)"
    r".*\b(?:score|rating|mark|percentage|approval|number)\b",
    re.IGNORECASE,
)
AN_AVERAGE = compiled(r"\baverage (?:rating|score|mark|grade)(?: (?:of|is|was))?\W{0,3}$", re.IGNORECASE)
SHARE = compiled(r"\b\d{1,3}(?:\.\d)? ?%")
OTHER_TITLE_ASKED = compiled(
    r"\b(?:original|native|foreign|(?-i:[A-Z])[a-z]{2,12}(?:an|ish|ch|ese|ic|ek)|french|german|spanish) "
    r"(?:title|name)\b",
    re.IGNORECASE,
)
OTHER_TITLE = compiled(r"['\"”’*_]{0,2} \((?P<title>(?!(?:original|working|english) title\b)[^()\d]{2,80})\)", re.I)
"""What stands behind a title that has another one: "The Tin Horse | (L'etain)"."""


def _is_firm(finding: Finding) -> bool:
    """Whether a name is that of a firm, as it says or what stands behind it: "Gannet and Moe | Music Ltd"."""
    behind = finding.passage.text[finding.answer.end - finding.passage.start :]
    return FIRM.search(text_of(finding)) is not None or FIRM_BEHIND.match(behind) is not None


FIRM = compiled(r"\b(?:Ltd|LTD|Inc|GmbH|LLC|Publ\w*|Productions?|Company|Records|Studios?)\b")
FIRM_BEHIND = compiled(rf"(?: [A-Z][\w.]*){{0,3}} {FIRM.pattern}")
OF_A_WORK = frozenset("film movie picture documentary book play work name names person people".split())
"""Words of a question that tell nobody apart."""


def quantity_in(unit: str) -> re.Pattern[str]:
    """A quantity in a unit: "125 feet", "$3,500", "22 kilometres an hour"."""
    per = PER.search(unit)
    bare = PER.sub("", unit).lower()
    # The longest beginning is the unit's own: "kilometres" begins with "kilo" too.
    key = max((name for name in NAMES if bare.startswith(name)), key=len, default="")
    name = NAMES.get(key, rf"{re.escape(bare.removesuffix('s'))}s?")
    if per:
        short = {"hour": "h", "second": "s", "minute": "min"}.get(per["time"].lower(), per["time"])
        name = rf"(?:{name}) ?(?:an?|per|/) ?(?:{per['time']}|{short})|kmh|kph|mph"
    forms = rf"{COUNTED}(?:{DIGITS}|{WORDED})(?: ?\(\d{{1,6}}\))?[ \u00a0-]?(?:{name})(?!\w)"
    if sign := SIGNS.get(key or bare.removesuffix("s")):
        forms = rf"{COUNTED}{sign} ?{DIGITS}|{forms}"
    return compiled(rf"(?<![\w.,]){forms}" if not SIGNS.get(key) else forms, re.IGNORECASE)


def _in_unit(query: Query, desk: Desk, ranked: list[ScoredPassage], reading: Reading) -> Formed:
    pattern = quantity_in(query.unit)
    if reading.reason is not None:
        # What is asked without the unit is asked more often, and read better.
        plain = re.sub(rf"(?<!\s)\s+(?:in|as) {re.escape(query.unit)}(?=\W*$)", "", query.text, flags=re.IGNORECASE)
        reading = max(reading, desk.read(replace(query, text=plain), ranked), key=lambda r: r.confidence)
    if not reading.findings:
        return Formed("value", reading, ranked)
    best = reading.findings[0]
    if reading.reason is not None:
        # The only quantity in this unit, and the reader's own choice: the unit makes it sure.
        everywhere = [span for scored in ranked for span in quantities(scored.passage, pattern)]
        named = best.passage in [scored.passage for scored in holding(query, ranked)]
        if len(everywhere) != 1 or not best.answer.overlaps(everywhere[0]) or not named:
            return Formed("value", reading, ranked)
        reading = replace(reading, reason=None)
    told = list(quantities(best.passage, pattern))
    if not told and (not has_number(text_of(best)) or len(text_of(best).split()) > VALUE_WORDS):
        return Formed("value", refused(reading), ranked)
    if not told:
        return Formed("value", reading, ranked, note=OTHER_UNIT)
    inside = [span for span in told if best.answer.overlaps(span)]
    nearest = min(inside or told, key=lambda span: (_gap(span, best.answer), span.start))
    finding = finding_at(best.passage, nearest)
    agreeing = tuple(f for f in reading.findings[1:] if pattern.search(text_of(f)))
    rivals = tuple(group for group in reading.rivals if pattern.search(text_of(group[0])))
    return Formed("value", replace(reading, findings=(finding, *agreeing), rivals=rivals), ranked)


def quantities(passage: Passage, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Where a passage gives a quantity of a pattern, as spans of the document."""
    plain = passage.plain
    for match in pattern.finditer(plain.text):
        if span := plain.source(*match.span()):
            yield span


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
