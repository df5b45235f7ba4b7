"""A count: the number where the sources tell it, else what they name, counted."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from qa.ask.asked.words import AUX
from qa.ask.fitting import INEXACT
from qa.ask.forms.credits import CONFIDENCE, credited_with
from qa.ask.forms.desk import Desk, alike, as_finding, finding_at, holding, matched, read_whole, refused, sentences_of
from qa.ask.forms.listing import TALLY, awards_asked, entries, listing, names_listed
from qa.ask.forms.rows import CLOCK, number_of, row_of
from qa.ask.forms.series import LABEL, items_of
from qa.ask.prizes import NOT_WON, WON_ASKED
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.words import content_words, stem, stems, words
from qa.text import Span
from qa.types import Finding, Formed, Query, Reading, ScoredPassage

COUNTED = "The sources tell no number; these are the ones that they name, counted: {}."
NOT_COUNTED = "No number of them was found; this is what was found, and there may be more."
NUMBER = compiled(
    r"\d[\d.,' \u00a0]*\d|\d|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    r"thousand|"
    r"dozen)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|dozen))*\b",
    re.IGNORECASE,
)
AMOUNT = compiled(rf"\W*(?:[^\W\d]+\W+){{0,3}}?(?:{NUMBER.pattern})(?!\w)", re.IGNORECASE)
"""A number, with few words in front: "about 40 boats", not "the 3rd of May"."""
BETWEEN = 2
"""Words that may stand between a number and what it counts."""
IN_ALL = frozenset(
    "many award awards prize prizes altogether together total overall tally combined all far "
    "win wins won winning count counts database page site imdb film movie".split()
)
"""Words of such a question that need not be of the corpus."""
GOT = compiled(r"\b(?:get|gets|got|gotten|receive[sd]?|pick(?:ed)? up|take home|collect(?:ed)?)\b", re.IGNORECASE)
"""How somebody says "win" of prizes."""
NOMINATIONS = compiled(r"(?:(?:award|other|more) )?(?:nominations?|noms)", re.IGNORECASE)
AWARDS = ("award", "prize", "honour", "win")
APART = compiled(
    r"(?:,? ?\b(?:besides|beside|apart from|aside from|other than|not counting|leaving|setting|putting) "
    r"(?:the |its |an? )?(?:oscars?|academy awards?)(?: nom\w*)?(?: aside)?\b,? ?)",
    re.IGNORECASE,
)
"""What shall not be counted, which a tally of the others leaves aside itself: "another 13 wins"."""
READ = 8
"""Passages in which a number beside the noun is looked for."""


def count(query: Query, desk: Desk) -> Formed:
    """How many: a told number, or the list of what is counted."""
    if (apart := APART.search(query.text)) is not None:
        rest = f"{query.text[: apart.start()]}{query.text[apart.end() :]}".strip(" ,")
        alone = desk.understand(rest.replace(" other ", " "), ())
        told = desk.answer(replace(alone, kind="count", subject=alone.subject or "wins"), desk)
        if _is_told(told):
            return told
    if names := credited_with(query, desk):
        listed = entries([item for name in names for item in items_of(name)])
        reading = Reading(names[:1], CONFIDENCE, None)
        return Formed("count", reading, (), listed if len(listed) > 1 else (), note=COUNTED.format(len(listed)))
    found = _counted(query, desk)
    reviews = REVIEWS.search(query.text)
    if reviews and (reviews["people"] or not _is_told(found)) and (asked := told_otherwise(query.text)):
        other = desk.answer(desk.understand(asked, ()), desk)
        return other if _is_told(other) and _is_amount(text_of(other.reading.findings[0])) else found
    return found


def _is_told(formed: Formed) -> bool:
    return formed.reading.reason is None and bool(formed.reading.findings)


def told_otherwise(text: str) -> str | None:
    """A question for a count in the words that pages use for it, where people use others.

    >>> told_otherwise("how many ordinary people have posted a review of it on imdb?")
    'How many user reviews are there of it on imdb?'
    >>> told_otherwise("How many viewer write-ups does it have on its Filmbase page?")
    'How many user reviews does it have on its Filmbase page?'
    >>> told_otherwise("How many user reviews does its Filmbase page count?")
    'How many user reviews are there on its Filmbase page?'
    >>> told_otherwise("How many boats have people seen?")
    """
    if (found := REVIEWS.search(text)) is None:
        return None
    rest = text[found.end() :].partition("?")[0]
    if found["people"]:
        rest = f" are there{' of' if found['people'].endswith('reviewed') else ''}{rest}"
    elif page := PAGE_HAS.fullmatch(rest.strip()):
        rest = f" are there on {page[1]}"
    return f"How many user reviews{rest}?"


USERS = r"(?:ordinary|normal|regular|private|user|viewer|visitor|audience|reader|member|amateur|customer)"
REVIEWS = compiled(
    rf"\bhow many (?P<people>(?:{USERS}s? )?(?:people|persons|folks|users|viewers|visitors|readers|members) (?:have |"
    rf"had )?"
    r"(?:reviewed\b|(?:posted|written|wrote|left|published|put up|given|shared)(?: (?:a|an|their|user|own))* "
    r"(?:reviews?|"
    rf"write-?ups?)\b))|\bhow many {USERS}s?(?:['’]s?)? (?:reviews?|write-?ups?|comments|opinions)\b",
    re.IGNORECASE,
)
"""A question for the reviews of those that are no critics."""
PAGE_HAS = compiled(
    r"(?:does|do|did|has) ((?:its |the )?[\w.]+ (?:page|site|website|entry|listing)) (?:count|list|show|have|give|"
    r"hold|tell)\w*",
    re.IGNORECASE,
)


def _counted(query: Query, desk: Desk) -> Formed:
    """How many, as it is asked."""
    ranked = desk.search(query)
    reading = desk.read(query, ranked)
    if reading.reason is None and (
        _labelled_otherwise(query, reading.findings[0])
        or _tells_other(query, reading.findings[0])
        or _of_another_name(query, reading.findings[0])
    ):
        reading = refused(reading)
    told = (
        _helped(query, desk, ranked, reading)
        or _tally(query, ranked, reading)
        or _wins(query, ranked, reading)
        or _told(query, ranked, reading)
    )
    if told is not None:
        return Formed(
            "count", replace(told, findings=(_nominated(query, told.findings[0]), *told.findings[1:])), ranked
        )
    listed = listing(replace(query, text=asked_by_name(query.text)), desk)
    if listed.reading.reason is not None and (people := PEOPLE.fullmatch(query.subject)):
        listed = listing(replace(query, text=f"Who are the {people[0]}?"), desk)
    if len(listed.items) == 1 and listed.complete and NUMBER.fullmatch(text_of(listed.reading.findings[0])):
        return Formed("count", listed.reading, ranked)  # the one cell of a column is a number that is told
    if any(NO_NUMBER.search(text_of(entry.findings[0])) for entry in listed.items) or _of_others(query, listed):
        listed = replace(listed, items=(), reading=refused(listed.reading))
    if listed.items and (listed.complete or _together(query, listed)) and not _tells_numbers(query, listed):
        return replace(listed, kind="count", note=COUNTED.format(len(listed.items)))
    if not listed.items and listed.reading.reason is None and _is_the_one(query, listed.reading.findings[0]):
        return replace(listed, kind="count", note=COUNTED.format(1))
    # Nothing is there to be counted: what the reader read stands, unless it counts something else.
    if reading.reason is None and _counts_other(query, reading.findings[0]):
        return Formed("count", refused(reading), ranked)
    if reading.reason is None and NO_NUMBER.search(text_of(reading.findings[0])):
        return Formed("count", refused(reading), ranked)
    if reading.reason is None and not _is_amount(text_of(reading.findings[0])):
        return replace(listed, kind="count", complete=False, note=NOT_COUNTED)
    return Formed("count", reading, ranked)


NO_NUMBER = compiled(
    r"^\W*(?:(?:so|too|very|not|a great|a good) )?(?:many|much|some|most|including)\b(?!.*\d)|"
    r"^\W*\d+(?:st|nd|rd|th)\W*$",
    re.IGNORECASE,
)
"""Words that tell no number, though they say of how many something is true."""


PEOPLE = compiled(r"(?:[a-z-]+ )?[a-z-]{2,}(?:ors|ers|ists|ians)", re.IGNORECASE)
"""Those of a trade, whom a label or a sentence may name: "directors"."""


def _is_the_one(query: Query, finding: Finding) -> bool:
    """Whether an answer is all that a label says that names what is counted: "Director: Ana Moe"."""
    plain = finding.passage.plain
    labelled, shown = LABEL.match(plain.text), plain.shows(finding.answer)
    if labelled is None or shown is None or number_of(text_of(finding)) is not None:
        return False
    return (
        names_listed(labelled["label"], query)
        and not plain.text[labelled.start("value") : shown.start].strip()
        and not plain.text[shown.end :].strip(" .")
    )


def _is_amount(text: str) -> bool:
    """Whether a text says how many, if only nearly."""
    return AMOUNT.match(text) is not None or INEXACT.search(text) is not None


def _tells_numbers(query: Query, listed: Formed) -> bool:
    """Whether the listed are numbers of a table, or what those are of: kinds of crime, where arrests are counted."""
    finding = listed.items[0].findings[0]
    if (row := row_of(finding.passage)) is None:
        return False
    if NUMBER.fullmatch(text_of(finding)):
        return True
    noun = content_words(query.subject)[:1]
    head = next((head for head, span in row.cells if span == finding.answer), "")
    named = any(alike(word, other) for word in noun for other in content_words(head))
    return not named and all(number_of(row.reads(head)) is not None for head in row.heads[1:])


def _of_others(query: Query, listed: Formed) -> bool:
    """Whether what was listed is something else: no names, and told without the noun of what is counted."""
    noun = content_words(query.subject)[-1:]
    texts = [text_of(entry.findings[0]) for entry in listed.items]
    told = [word for entry in listed.items[:1] for word in content_words(read_whole(entry.findings[0].passage))]
    return bool(texts and noun) and all(map(str.islower, texts)) and not any(alike(noun[0], word) for word in told)


def _together(query: Query, listed: Formed) -> bool:
    """Whether one passage names several of what is counted: by names, or by its noun.

    What is gathered from several passages is not known to be all there is.
    """
    noun = content_words(query.subject)[-1:]
    texts = [text_of(entry.findings[0]).lstrip('"“*_ ') for entry in listed.items]
    named = all(t[:1].isupper() or any(alike(noun[0], w) for w in content_words(t) if noun) for t in texts)
    return named and len(texts) > 1 and len({e.findings[0].passage.passage_id for e in listed.items}) == 1


PEOPLE_DO = compiled(
    rf"\bhow many (?:people|persons|men and women) (?!(?:{AUX}|in|on|at|of|who|there|"
    rf"per)\b)(?P<verb>[a-z]{{2,}}[^s\W])(?<!ed)\b",
    re.IGNORECASE,
)


def asked_by_name(text: str) -> str:
    """The question for the things themselves.

    >>> asked_by_name("How many people sing on it?"), asked_by_name("How many people were there?")
    ('Who sings on it?', 'Who were there?')
    >>> asked_by_name("How many films were shown on Friday?")
    'Which films were shown on Friday?'
    """
    text = PEOPLE_DO.sub(lambda match: f"Who {match['verb']}s", text)
    text = re.sub(r"\bhow many (?:people|persons|men and women)\b", "Who", text, count=1, flags=re.IGNORECASE)
    return re.sub(r"\bhow many\b", "Which", text, count=1, flags=re.IGNORECASE)


def _told(query: Query, ranked: list[ScoredPassage], reading: Reading) -> Reading | None:
    """The reading whose answer is the number of what is counted; None where no number is told of it."""
    if reading.reason is not None or not reading.findings:
        return None
    kept = {scored.passage.passage_id for scored in holding(query, ranked)}
    noun = content_words(query.subject)[-1:]
    best = reading.findings[0]
    if best.passage.passage_id not in kept:
        return None
    if (other := _of_its_qualifier(query, best)) is not None:
        if best.answer.overlaps(other):
            return replace(reading, findings=(best._replace(answer=other), *reading.findings[1:]))
        return replace(reading, findings=(finding_at(best.passage, other),), rivals=())
    if AMOUNT.match(text_of(best)) and (_is_of(best, noun) or not _elsewhere(best, noun)):
        return reading if row_of(best.passage) is None or _is_of(best, noun) else None
    for span in beside(best, noun):
        return replace(reading, findings=(finding_at(best.passage, span),), rivals=())
    return None


def _of_its_qualifier(query: Query, best: Finding) -> Span | None:
    """The one number beside a word that says which are counted, or else beside any: "14 user 100 critic"."""
    counted = content_words(query.subject)
    for named in (counted[:-1], counted if len(counted) > 1 else []):
        near = {span for word in named for span in beside(best, [word])}
        if len(near) == 1:
            return near.pop()
    return None


def _wins(query: Query, ranked: Sequence[ScoredPassage], reading: Reading) -> Reading | None:
    """The number of wins or nominations, where it is asked how many there were and a passage about awards tells it."""
    noun = content_words(query.subject)[-1:]
    put_up = NOMINATIONS.fullmatch(query.subject) is not None
    if not put_up and (
        set(query.unknown) - IN_ALL
        or not (WON_ASKED.search(query.text) or GOT.search(query.text))
        or not any(alike(word, award) for word in noun for award in AWARDS)
    ):
        return None
    # "How many Lumière awards?" counts none of the others.
    of_which = {stem(word) for word in content_words(query.subject)[:-1] if word not in IN_ALL}
    wholes = [(s, t) for s in ranked[:READ] if of_which <= set(stems(t := read_whole(s.passage)))]
    near = [as_finding(s) for s, t in wholes if NOT_WON.search(t) or any(alike(noun[0], w) for w in content_words(t))]
    counted = "nominations" if put_up else "wins"
    if of_which:  # of "1 Oscar … and 6 nominations" one is an Oscar's
        behind = ((f, f.passage.text[f.answer.end - f.passage.start :]) for n in near for f in _numbers(n))
        told = [f for f, text in behind if of_which & set(stems(" ".join(text.split()[:BETWEEN])))]
    else:
        told = [finding_at(finding.passage, span) for finding in near for span in beside(finding, [counted])]
    if put_up and not of_which:  # "1 Oscar nomination" is one of them
        told = [f for f in told if f.passage.text[f.answer.end - f.passage.start :].lstrip().startswith(counted)]
    return replace(reading, findings=(told[0],), reason=None, rivals=()) if len(told) == 1 else None


def _of_another_name(query: Query, finding: Finding) -> bool:
    """Whether what is counted has a name that the passage of a number has not: "How many Bell nominations?"."""
    # Behind what is counted a follow-up has the question before it.
    names = {stem(name.lower()) for name in NAMED.findall(query.subject.partition("(")[0])}
    return not names <= set(stems(read_whole(finding.passage)))


NAMED = compiled(r"\b[^\W\d_a-z][a-z][\w’'-]+(?= \w)")
"""A name in front of what is counted: "Bell | nominations"."""


def _numbers(finding: Finding) -> list[Finding]:
    """Every number of a passage, at its place."""
    return [matched(finding.passage, found) for found in NUMBER.finditer(finding.passage.text)]


def _tally(query: Query, ranked: Sequence[ScoredPassage], reading: Reading) -> Reading | None:
    """Wins and nominations as one sentence counts both, where both are asked: "13 wins and 15 nominations"."""
    if len(awards_asked(TALLY.sub("all the ", query.text))) < 2:
        return None
    for whole, finding in ((scored.passage, as_finding(s)) for scored in ranked for s in sentences_of(scored)):
        wins, put_up = (beside(finding, [noun]) for noun in ("wins", "nominations"))
        if wins and put_up:
            first, last = min(wins[0], put_up[-1]), max(wins[0], put_up[-1])
            text = whole.text[last.end - whole.start :]
            end = last.end + re.match(r"\W*\w*", text).end()  # type: ignore[union-attr]
            more = BESIDE_THEM.search(whole.text[: first.start - whole.start])
            start = whole.start + more.start() if more else first.start
            return replace(reading, findings=(finding_at(whole, Span(start, end)),), reason=None, rivals=())
    return None


BESIDE_THEM = compiled(
    r"\b(?:nominated|shortlisted|won)\b[^.;\n]{1,60}[.;,]? (?:and )?(?:another|a further|plus) $", re.IGNORECASE
)
"""What a tally leaves aside, as it is said in front of it: "Nominated for 1 Oscar. Another | 13 wins"."""


def _nominated(query: Query, finding: Finding) -> Finding:
    """A number with what says that it was not won, where awards are counted: "Nominated for 1 Oscar"."""
    passage, place = finding.passage, finding.answer
    if NOT_WON.search(query.text):
        return finding
    before = UP_FOR.search(passage.text[: place.start - passage.start])
    behind = re.match(r" \w+", passage.text[place.end - passage.start :])
    if before is None or behind is None:
        return finding
    return finding_at(passage, Span(passage.start + before.start(), place.end + behind.end()))


UP_FOR = compiled(r"\b(?:nominated|shortlisted) for $", re.IGNORECASE)


def _tells_other(query: Query, finding: Finding) -> bool:
    """Whether an answer is a time of day, or how many found a review helpful, where that is not asked."""
    passage, place = finding.passage, finding.answer
    if CLOCK.match(passage.text, place.start - passage.start):
        return True
    helped = HELPED.search(passage.text)
    return (
        helped is not None
        and place.overlaps(Span(passage.start + helped.start(), passage.start + helped.end()))
        and not HELPED_ASKED.search(query.text)
    )


def _helped(query: Query, desk: Desk, ranked: Sequence[ScoredPassage], reading: Reading) -> Reading | None:
    """How many found a review helpful, which pages tell in one way, of the one that is named if any is."""
    if not HELPED_ASKED.search(query.text):
        return None
    found = [
        matched(scored.passage, told, "told")
        for scored in ranked
        for told in HELPED.finditer(scored.passage.text)
        if all(name.lower() in desk.documents[scored.passage.path].text.lower() for name in query.unknown_names)
    ]
    if len(found) != 1:
        return None
    return replace(
        reading, findings=(found[0],), reason=None, confidence=max(CONFIDENCE, reading.confidence), rivals=()
    )


HELPED_ASKED = compiled(
    r"\bhow many\b.*\b(?:helpful|useful|of (?:use|help)|of any (?:use|help)|helped|worth reading)\b", re.IGNORECASE
)
HELPED = compiled(
    r"\b(?P<told>\d[\d,.]* (?:out )?of \d[\d,.]*) (?:people|users|readers|members|customers|viewers|visitors)? "
    r"?found (?:this|the)"
    r"(?: \w+)? (?:helpful|useful)",
    re.IGNORECASE,
)


def _labelled_otherwise(query: Query, finding: Finding) -> bool:
    """Whether an answer is the value of a label without a word of the question: "Reviews: 100" counts no awards."""
    labelled = LABEL.match(finding.passage.plain.text)
    label = content_words(labelled["label"]) if labelled else []
    return bool(label) and not any(alike(word, asked) for word in label for asked in content_words(query.text))


def beside(finding: Finding, noun: list[str]) -> list[Span]:
    """The numbers right before a noun in the sentences of a finding, as spans of the document."""
    plain = finding.passage.plain
    found = []
    for match in NUMBER.finditer(plain.text):
        if plain.text[match.end() : match.end() + 1].isalpha():
            continue  # "the 21st Awards" counts nothing
        following = re.findall(r"[^\W_]+|[^\w\s]", plain.text[match.end() :])[: BETWEEN + 2]
        for i, word in enumerate(following[: BETWEEN + 1]):
            if not word[0].isalnum():
                break
            if noun and alike(word, noun[0]):
                # "1 Oscar nomination" counts nominations.
                after = following[i + 1] if i + 1 < len(following) else ""
                if not (after.isalpha() and not word.lower().endswith("s") and content_words(after)):
                    span = plain.source(match.start(), match.end())
                    found += [span] if span else []
                break
    return found


def _is_of(finding: Finding, noun: list[str]) -> bool:
    """Whether the number of an answer is said of the noun: beside it, or as the value of its label or column."""
    if not noun or any(span.overlaps(finding.answer) for span in beside(finding, noun)):
        return True
    row = row_of(finding.passage)
    if row is not None:
        heads = [head for head, span in row.cells if span.overlaps(finding.answer)]
        return any(alike(noun[0], word) for head in heads for word in content_words(head))
    labelled = LABEL.match(finding.passage.plain.text)
    label = [*words(labelled["label"] if labelled else ""), *words(finding.passage.cue or "")]
    return any(alike(noun[0], word) for word in label) and not _counts_other(None, finding)


def _elsewhere(finding: Finding, noun: list[str]) -> bool:
    """Whether the sentence speaks of the noun, but not of this number of them."""
    return bool(noun) and any(alike(noun[0], word) for word in content_words(finding.passage.plain.text))


def _counts_other(query: Query | None, finding: Finding) -> bool:
    """Whether the answer's number is directly followed by another noun in the plural: "13 wins"."""
    plain = finding.passage.plain
    shown = plain.shows(finding.answer)
    if shown is None:
        return False
    counted = re.match(r"\D*\d[\d.,]*\s+(?P<word>[a-z]+s)\b", plain.text[shown.start :])
    noun = content_words(query.subject)[-1:] if query else []
    if counted is None:
        return False
    return not noun or (_elsewhere(finding, noun) and not alike(counted["word"], noun[0]))
