"""Who made a work and what each did: the lines that sources label with a job, "Editing: Ana Moe"."""

import re
from collections.abc import Iterator

from qa.ask.fitting import DOING
from qa.ask.forms.desk import Desk, finding_at, matched
from qa.ask.forms.series import LABEL, items_of, split
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import stems
from qa.text import PlainText, marks_within
from qa.types import Entry, Finding, Formed, Passage, Query, Reading

ASKED = compiled(
    r"^who(?:['’]s| is| are| was| were) (?:all )?in (?:it|(?:the|this) (?:film|movie|picture|cast|show|play|"
    r"series))\W*$|"
    r"^(?:who(?:['’]s| is| are) )?(?:in )?the cast\W*$|"
    r"\b(?:crew|(?<!\bit )(?<!\bthey )credits?|cast and crew|film ?makers|(?:people|ppl|persons|names) "
    r"(?:behind|(?:who|that) (?:made|worked)))\b|"
    r"\b(?:whole|full|entire|complete) (?:team|staff|list of (?:people|names))\b|"
    r"\b(?:team|people|names|everyone|everybody)\b.* (?:with|and|by) (?:(?:what|which job) (?:each|every\w*|they|he|"
    r"she)\b|"
    r"(?:(?:the|their|his|her|each) )?(?:jobs?|roles?|functions?|tasks?)\b)|"
    r"\b(?:everyone|everybody|every(?:one)? person|all (?:the )?(?:people|persons|names)|all those|anyone|who)(?: who)?"
    r"(?: (?:is|are|was|were))?(?: all)? (?:credited|worked|involved|named in the credits)\b",
    re.IGNORECASE,
)
BEHIND_IT_ALL = compiled(
    r"\b(?:all|everybody|everyone|people|persons|names)\b.* behind the (?:camera|scenes)\b", re.IGNORECASE
)
"""Who made a work, of whom the camera had one."""
CAST_ASKED = compiled(
    r"^who(?:['’]s| is| are| was| were) (?:all )?in\b|^(?:who(?:['’]s| is| are) )?(?:in )?the cast\W*$|"
    r"\bcast (?:names?|members?|list)\b|^(?:(?:please )?(?:list|name|give me|show) )?(?:all )?(?:of )?(?:the )?"
    r"(?:full |whole )?cast\W*$",
    re.IGNORECASE,
)
VOICES_ASKED = compiled(
    r"\b(?:lends?|lent|gives?|gave|given|provides?|provided|does|do|did) (?:(?:him|her|it|the \w+) )?(?:(?:a|the|an|"
    r"his|her|"
    r"its|their|all) )*voices?\b|\bvoice (?:cast|actors?|artists?|talents?)\b|\bvoices (?:in|of|behind|on)\b",
    re.IGNORECASE,
)
VOICES = compiled(r"\b(?:narrat|voice|spoken|speaker)", re.IGNORECASE)
"""The jobs of those who are heard in a work."""
PLAYING = compiled(r"\b(?:narrat|voice|cast|starring|stars?\b|act(?:or|ress)|perform|play)", re.IGNORECASE)
"""The jobs of those who are in a work."""
ONE_ASKED = compiled(r"\bhow many\b|\bcredits? (?:for|as)\b", re.IGNORECASE)
SAME_JOB = 5
"""First letters by which jobs are the same: "director" and "directed by"."""
LONGEST_NAME = 6
"""Words of a name at most."""
FEWEST = 3
"""Labelled lines from which on there are credits."""
CONFIDENCE = 0.7
NOTE = "These are the ones that the sources label with what they did; they may name more."


def credited(query: Query, desk: Desk) -> Formed | None:
    """Everybody that is labelled with a job, by job; None where nobody asks for them all, or there are no credits."""
    asked = query.core or query.text
    charged = None if BEHIND_IT_ALL.search(asked) else IN_CHARGE.search(asked)
    jobs = [_of_job(job, query, desk) for job in charged.group("job", "more") if job] if charged else []
    if jobs and all(jobs):
        lines = sum(jobs, ())
        found = tuple({text_of(item): Entry((item,)) for line in lines for item in items_of(line)}.values())
        reading = Reading(lines[:1], CONFIDENCE, None)
        return Formed("list", reading, (), found if len(found) > 1 else (), note=NOTE)
    some = VOICES if VOICES_ASKED.search(asked) else PLAYING if CAST_ASKED.search(asked) else None
    if not (some or ASKED.search(asked) or ASKED.search(query.question)) or ONE_ASKED.search(query.text):
        return None
    items: dict[tuple[str, ...], tuple[str, list[Finding]]] = {}
    made: list[tuple[str, Finding]] = []
    ranked = desk.search(query)
    for path in dict.fromkeys(scored.passage.path for scored in ranked):
        for passage in desk.held_to(Within(frozenset({path}))).passages():
            made += in_prose(passage)
            for label, finding in labelled(passage):
                job = tuple(word[:SAME_JOB] for word in stems(label))
                told = items.setdefault(job, (label, []))[1]
                if all(finding.passage.doc_id != other.passage.doc_id for other in told):
                    told.append(finding)
    if some is not None:
        items = {job: one for job, one in items.items() if some.search(one[0])}
        made = []
    elif len(items) < FEWEST:
        return None
    if not items:
        return None
    by_trade = {(job, text_of(finding)): Entry((finding,), label=job) for job, finding in reversed(made)}
    found = tuple(Entry(tuple(findings), label=label) for label, findings in items.values())
    found += tuple(reversed(by_trade.values()))
    return Formed("list", Reading(found[0].findings[:1], CONFIDENCE, None), ranked, found, note=NOTE)


def labelled(passage: Passage) -> Iterator[tuple[str, Finding]]:
    """The lines of a passage that have a job as their label, with their whole value as the answer."""
    for sentence in passage.sentences:
        part = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        plain = PlainText.of(part, sentence.start, marks_within(passage.marks, sentence))
        line = LABEL.match(plain.text.lstrip("-•* "))
        if line is None or not DOING.search(line["label"]) or not _are_names(value := line["value"].rstrip(" .")):
            continue
        start = len(plain.text) - len(plain.text.lstrip("-•* ")) + line.start("value")
        if (span := plain.source(start, start + len(value))) is not None:
            yield line["label"], finding_at(passage, span)


def credited_with(query: Query, desk: Desk) -> tuple[Finding, ...]:
    """The labelled line that names those of the one job a question counts: "How many people wrote it?"."""
    asked = BY_JOB.fullmatch(query.text)
    return _of_job(asked["job"], query, desk)[:1] if asked else ()


def _of_job(word: str, query: Query, desk: Desk) -> tuple[Finding, ...]:
    """The labelled lines with those of the job that a word names: "script", "camera"."""
    job = next((job for job in JOBS if job.match(word)), None)
    if job is None:
        return ()
    paths = dict.fromkeys(scored.passage.path for scored in desk.search(query))
    return tuple(
        finding
        for path in paths
        for passage in desk.held_to(Within(frozenset({path}))).passages()
        for label, finding in labelled(passage)
        if job.match(label)
    )


WORK_NAMED = r"(?:films?|movies?|pictures?|documentar(?:y|ies)|book|novel|play|series|show|album|song|piece|work)"
BY_JOB = compiled(
    r"(?:and |so )?how many (?:different |other )?(?:people|persons|folks?|men|women|names) (?:(?:who|that|there|"
    r"have|has|had|are|"
    r"were|is|was|did|do|shares?|shared|hold|get|got|listed|credited|named|given|worked|work|helped|to|as|for|with|"
    r"in|on|a|an|"
    r"the|its|this|that|his|her|their) )*(?P<job>[a-z]{3,})(?: (?:credits?|of|for|on|in|by|it|to|the|its|this|that|"
    r"together|"
    rf"text|script|screenplay|words|music|story|commentary|lines|voices?|{WORK_NAMED}))*\W*",
    re.IGNORECASE,
)
IN_CHARGE = compiled(
    r"\b(?:people|persons?|folks?|everyone|everybody|all|those|names?|who|team)\b.* (?:responsible for|in charge of|"
    r"behind|took care of|take care of|handled|looked after|signed for|credited (?:with|for)|"
    r"(?:who|that)(?: have| has)?(?= \w+(?:ed|ote|ot)\b)) (?:(?:the|its|all|doing|making) )*"
    r"(?P<job>[a-z]{3,})(?: (?:or|and) (?:the )?(?P<more>[a-z]{3,}))?"
    rf"(?: (?:of|for|on|in|to|the|its|this|that|it|work|{WORK_NAMED}))*\W*$",
    re.IGNORECASE,
)
"""A question for those of one job by what they had in their hands: "all persons responsible for the script"."""
JOBS = tuple(
    compiled(pattern, re.IGNORECASE)
    for pattern in (
        r"writ|wrote|script|screenplay|author|penn|text\b|words\b",
        r"direct",
        r"edit|cut\b",
        r"narrat|voice|spoke|speak|read\b",
        r"compos|music|score",
        r"produc",
        r"cinematograph|photograph|camera|film(?:ed|ing)|shot\b",
    )
)
"""The words for a job, in questions and in labels."""


def in_prose(passage: Passage) -> Iterator[tuple[str, Finding]]:
    """Whom the text of a passage names with the trade, where something is by them: "scenery by painter Ana Moe"."""
    for found in BY_TRADE.finditer(passage.text):
        yield found["job"], matched(passage, found, "name")


BY_TRADE = compiled(
    r"\bby (?:the )?(?P<job>(?:[a-z-]+ )?(?!(?:sist|broth|fath|moth|daught|oth|form|lat|eld|young|old|her|aft|memb|"
    r"own|lead)"
    r"(?:er|or)\b)[a-z]{3,}(?:or|er|ist|ian)) (?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,2})"
)


def _are_names(value: str) -> bool:
    """Whether the value of a label is one name or several."""
    names = [BRACKETED.sub("", value[start:end]).split() for start, end in split(value)]
    return all(0 < len(name) <= LONGEST_NAME and name[0][0].isupper() and name[-1][0].isupper() for name in names)


BRACKETED = compiled(r"\([^()]{0,60}\)")
