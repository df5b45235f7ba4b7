"""A list: every item with its own place, over lines, passages and sources; a column or an enumeration read whole."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from qa.ask.agreement import same_answer
from qa.ask.asked.listing import EXCEPT, OTHERS
from qa.ask.asked.words import WORK
from qa.ask.fitting import LOWER, portion
from qa.ask.forms.byline import is_title
from qa.ask.forms.credits import credited
from qa.ask.forms.denial import denied
from qa.ask.forms.desk import Desk, alike, finding_at, holding, matched, not_told, qualifiers, refused, sentences_of
from qa.ask.forms.rows import column_for, filtered, is_named, row_of, table_of
from qa.ask.forms.series import LABEL, grown, items_of, made_of
from qa.ask.prizes import NOT_WON, WON, WON_ASKED
from qa.ask.reader import CLAUSE, sentence_of, text_of
from qa.patterns import compiled
from qa.search.words import content_words, stem, words
from qa.text import Span
from qa.types import Entry, Finding, Formed, Passage, Query, Reading, ScoredPassage, Weighed

WHOLE = "As far as the sources say, this is the whole list."
PERHAPS_MORE = "These are the ones that were found; the sources may name more."
CLOSELY_READ = 8
"""Passages that are read sentence by sentence."""
MOST = 60
"""Items of a list at most."""
WORTH_READING, LEAST_NAMING = 0.05, 0.01
"""Probability of a passage from which its sentences are read one by one; the second where people are listed."""
SHORT_LINE = 25
"""Words up to which a line below a heading is an item of it."""
POINTERS = compiled(r"(?:^|› )(?:see also|references|external links|further reading|notes|related)$", re.IGNORECASE)
"""A section that names other texts, and says nothing."""
EITHER = compiled(r"^(?P<head>.*?)\b(?P<one>\w+) (?:or|and) (?P<two>\w+(?:ed|ote|ung|ade|ang|uilt|rew))\b(?P<tail>.*)$")


def listing(query: Query, desk: Desk) -> Formed:
    """The items that a question asks for; the first of them, or all that stand together, is the headline."""
    if (told_else := _all_but(query, desk) or credited(query, desk) or _other_works(query, desk)) is not None:
        return told_else
    if TALLY.search(query.text) and len(awards_asked(TALLY.sub("all the ", query.text))) > 1:
        return desk.answer(replace(query, kind="count", subject="wins", source=""), desk)
    if (best := AS_BEST.search(query.text)) and AWARDS_ASKED.search(query.text[: best.start()]):
        return _of_best(best["what"], listing(replace(query, text=WHICH_WON, core=WHICH_WON), desk))
    if len(awards := awards_asked(query.text) or awards_asked(query.core)) > 1:
        return _together([listing(replace(query, text=text, core=text), desk) for text in awards])
    if awards:
        query = replace(query, text=awards[0], subject="awards")
    elif NOT_WON.search(query.text):  # what was nominated is told from what was won by its own sentence
        query = replace(query, text=IN_VAIN.sub("", query.text))
    ranked = desk.search(query)
    if not_told(query, ranked):
        return Formed("list", Reading((), 0.0, "weak_match"), ranked)
    if (cells := column(query, desk, ranked)) and not query.unknown_names:
        reading = Reading(tuple(cells[:1]), desk.read(query, ranked).confidence, None)
        return Formed("list", reading, ranked, entries(cells), complete=True, note=WHOLE)
    lines = under_heading(query, desk, ranked)
    reading = desk.read(query, ranked)
    others = OTHERS.search(query.text) is not None
    itself = others and reading.findings and is_title(text_of(reading.findings[0]), desk.documents.values())
    if itself or (not lines and reading.confidence < OF_OTHERS and others):
        return Formed("list", refused(reading), ranked)  # what is near to it is the one work that all sources are about
    if not lines and (told := denied(query, desk, ranked, reading)) is not reading:
        return Formed("list", told, ranked)
    if lines:
        return Formed(
            "list",
            replace(reading, findings=tuple(lines[:1]), reason=None, rivals=()),
            ranked,
            entries(lines),
            complete=True,
            note=WHOLE,
        )
    if (rest := _of_the_label(query, ranked)) != ranked:
        return _read(query, desk, rest, desk.read(query, rest))
    return _read(query, desk, ranked, reading)


WHICH_WON = "Which awards did it win?"
AS_BEST = compiled(
    r"\b(?:honou?red|named|called|judged|voted|chose|chosen|declared|recogni[sz]ed|crowned|picked|singled out) "
    r"(?:it |him |her |them |the \w+ |this \w+ )?(?:as |to be )?(?:the |a |an |its |their )?(?:top|best|finest|"
    r"greatest|outstanding) (?P<what>[\w -]+?)(?: of (?:the|its|that) \w+)?\W*$",
    re.IGNORECASE,
)
"""A question for the awards to the best of a kind: "Which prizes named it the best picture?"."""


def _of_best(what: str, formed: Formed) -> Formed:
    """The awards of a list whose names say that they are for the best of a kind."""
    kind = content_words(what)
    found = formed.items or tuple(Entry((finding,)) for finding in formed.reading.findings[:1])
    items = tuple(
        entry
        for entry in found
        if (text := text_of(entry.findings[0]))
        and BEST.search(text)
        and all(any(alike(word, other) for other in content_words(text)) for word in kind)
    )
    if not items:
        return replace(formed, reading=refused(formed.reading), items=())
    reading = replace(formed.reading, findings=items[0].findings)
    return replace(formed, reading=reading, items=items if len(items) > 1 else (), complete=False, note="")


BEST = compiled(r"\b(?:best|top|finest|outstanding|greatest)\b", re.IGNORECASE)


def _other_works(query: Query, desk: Desk) -> Formed | None:
    """What somebody's other works deal with, where a sentence goes through them; None where nobody asks for that.

    What else is near to such a question is of the one work that all sources are about.
    """
    if not OTHERS_ASKED.search(query.text):
        return None
    near = desk.about(query.text)
    for passage in near:
        for sentence in passage.sentences:
            if through := WHETHER.match(passage.text, sentence.start - passage.start):
                found = [matched(passage, through, one) for one in (1, 2, 3)]
                return Formed("list", Reading((found[0],), OF_OTHERS, None), (), entries(found), note=PERHAPS_MORE)
    if any(OTHERS.search(passage.text) for passage in near):
        return None
    return Formed("list", Reading((), 0.0, "weak_match"), desk.search(query))


OTHERS_ASKED = compiled(
    rf"\b(?:subjects?|topics?|themes?)\b.* {OTHERS.pattern}(?! (?:that|which|who)\b)|"
    rf"^(?:and |so )?what\b.* {OTHERS.pattern}.* about\b",
    re.IGNORECASE,
)
WHETHER = compiled(
    r"Whether ([a-z]+ing [^,;.]{2,120}), ([a-z]+ing [^,;.]{2,120}),? or ([a-z]+ing [^,;.]{2,120}),", re.IGNORECASE
)
"""How a sentence goes through what somebody has done: "Whether carving boats, painting mills, or mending nets, …"."""
OF_OTHERS = 0.5


def _of_the_label(query: Query, ranked: list[ScoredPassage]) -> list[ScoredPassage]:
    """The passages without those of another label, where one is labelled as what is listed: "Directors: …"."""
    labels = [_label_of(scored.passage) for scored in ranked]
    named = [label is not None and names_listed(label, query) for label in labels]
    if not any(named):
        return ranked
    return [s for s, label, is_named in zip(ranked, labels, named, strict=True) if label is None or is_named]


def names_listed(label: str, query: Query) -> bool:
    """Whether a label names what is listed: "Editing" who "edited it", "Country" which countries made it."""
    which = WHICH_OF_THEM.match(query.subject)
    noun = content_words(which["noun"] if which else query.subject)[-1:]
    return any(alike(word, one) for word in content_words(label) for one in noun)


WHICH_OF_THEM = compiled(r"(?:which|what) (?P<noun>[a-z][\w'’-]*s|people|men|women|children)\b", re.IGNORECASE)


def _label_of(passage: Passage) -> str | None:
    """The label of a line, in front of it or above it; None where a passage has none."""
    if labelled := LABEL.match(passage.plain.text):
        return labelled["label"]
    cue = (passage.cue or "").rstrip(": ")
    return cue if cue and not cue.endswith("?") and len(cue.split()) <= LONGEST_LABEL else None


LONGEST_LABEL = 4


def _read(query: Query, desk: Desk, ranked: list[ScoredPassage], reading: Reading) -> Formed:
    """The list that the reader finds, passage by passage and sentence by sentence."""
    asked = [replace(query, text=text) for text in either(query.text)]
    likely = [w for one in asked for w in _likely(one, desk, ranked)]
    if reading.reason is not None and not (likely and likely[0].sure):
        return _by_words(query, ranked, reading)
    labelled = [w.finding for w in likely if names_listed(_label_of(w.finding.passage) or "", query)]
    best = _in_a_sentence(reading.findings[0] if reading.reason is None else likely[0].finding)
    if labelled and not names_listed(_label_of(best.passage) or "", query):
        best = labelled[0]
    kept = {s.passage.passage_id for s in holding(query, ranked)}
    found = [
        f
        for f in (best, *_of_its_name(query, best), *(w.finding for w in likely))
        if f is best or (_owner(f.passage) in kept and not POINTERS.search(f.passage.section or ""))
    ]
    if (label := _label_of(best.passage)) and names_listed(label, query):
        # What a label lists is all of it, where it is the label of what is listed; others may say the same.
        told = [text_of(item) for item in items_of(best)]
        found = [
            f
            for f in found
            if f is best
            or names_listed(_label_of(f.passage) or "", query)
            or all(any(_same(text_of(item), one) for one in told) for item in items_of(f))
        ]
    if query.subject == "awards":
        found += _won_by_it(ranked)
    sure = [w.finding for w in likely if w.sure]
    listed = [
        _without_lead(item)
        for finding in _held_to_series(query, _like_the_first(query, found), sure, ranked)
        for item in items_of(_person_in(query, _in_a_sentence(finding)))
        if _is_asked(query, item)
    ]
    if AWARDS_ASKED.search(query.subject):
        listed = [_with_event(item) for item in listed]
    items = entries(listed)
    if not items and OBTAINED.search(query.text):
        return Formed("list", refused(reading), ranked)
    whole = best._replace(answer=grown(best))
    of_the_first = [item.answer for item in items_of(best)]
    complete = (
        len(items) > 1
        and not DONE_ASKED.search(query.text)
        and [entry.findings[0].answer for entry in items] == of_the_first
    )
    if items and AWARDS_ASKED.search(query.subject) and NOT_WON.search(text_of(whole)):
        whole = items[0].findings[0]  # what was only nominated is no award
    elif len(items) == 1 and AWARDS_ASKED.search(query.subject):
        whole = items[0].findings[0]
    reading = replace(reading, findings=(whole, *reading.findings[1:]), reason=None, rivals=())
    if len(items) < 2:
        return Formed("list", reading, ranked)
    return Formed("list", reading, ranked, items, complete=complete, note=WHOLE if complete else PERHAPS_MORE)


def _held_to_series(
    query: Query, found: list[Finding], sure: Sequence[Finding], ranked: Sequence[ScoredPassage]
) -> list[Finding]:
    """Those that enumerate what is asked, where one does so that has the best answer in it, and what is sure.

    A sentence that tells several things tells them all; what lies far from it is rarely another of them.
    """
    if PEOPLE.search(query.text) or AWARDS_ASKED.search(query.subject):
        return found
    told = [text_of(item) for item in items_of(found[0])]
    several = [f for f in found if len(items_of(f)) >= SERIES and _shares(f, told)]
    if not several:
        return found
    kept = [f for f in found if f is found[0] or f in several or f in sure]
    if any(made_of(f.passage) for f in several):
        # What another sentence mixes with one of them is one of them too.
        told += [text_of(item) for f in several for item in items_of(f)]
        mixed = [finding_at(s.passage, span) for s in ranked for span in made_of(s.passage)]
        kept += [f for f in mixed if _shares(f, told)]
    return kept


def _shares(finding: Finding, told: Sequence[str]) -> bool:
    """Whether an enumeration has one of some items."""
    return any(_same(text_of(item), text) for item in items_of(finding) for text in told)


SERIES = 3
"""Items from which on a sentence enumerates."""


def _won_by_it(ranked: Sequence[ScoredPassage]) -> list[Finding]:
    """What "it" or "the film" is said to have won, of an award's name."""
    return [
        matched(scored.passage, won, "what")
        for scored in ranked
        for won in IT_WON.finditer(scored.passage.text)
        if AWARD.search(won["what"])
    ]


IT_WON = compiled(
    rf"\b(?:it|(?:the|this) {WORK}) (?:(?:has|had|also|later|then) ){{0,2}}(?:won|received|took(?: home)?|was awarded|"
    r"picked up|was given|earned) (?P<what>(?:the |an? )?(?-i:[A-Z]|main|top|first|grand|jury|prize)[^,;.()\n]{2,80}?)"
    r"(?= (?:at|from|in|by|on|where|when|which|for|and(?! (?:the |an? )?(?-i:[A-Z])))\b|[,;.()\n]|$)",
    re.IGNORECASE,
)


def _in_a_sentence(finding: Finding) -> Finding:
    """A finding whose answer ends with the sentence that it begins in: the next ones are read by themselves."""
    passage, answer = finding.passage, finding.answer
    for sentence in passage.sentences:
        if sentence.start <= answer.start < sentence.end < answer.end:
            told = passage.text[answer.start - passage.start : sentence.end - passage.start].rstrip()
            if told.endswith((".", "!", "?")):
                return finding_at(passage, Span(answer.start, answer.start + len(told.rstrip(".!? "))))
    return finding


def _without_lead(item: Finding) -> Finding:
    """An item without what only says that it was nominated: "was nominated for the Silver Bell"."""
    passage, place = item.passage, item.answer
    text = passage.text[place.start - passage.start : place.end - passage.start]
    lead = NOMINATED_FOR.match(text)
    return finding_at(passage, Span(place.start + lead.end(), place.end)) if lead and lead.end() < len(text) else item


NOMINATED_FOR = compiled(
    r"\W*(?:(?:which|who|that|and|it) )?(?:was|were|is|are|has been)(?: also)? "
    r"(?:nominated|shortlisted) (?:for|in|as) |\W*(?:an? )?(?:nominees?|nominations?) for ",
    re.IGNORECASE,
)


def _with_event(item: Finding) -> Finding:
    """An award with where it was given, where its sentence says so right before or behind it."""
    passage, place = item.passage, item.answer
    sentence = next((s for s in passage.sentences if s.holds(place)), place)
    before = passage.text[sentence.start - passage.start : place.start - passage.start]
    behind = passage.text[place.end - passage.start : sentence.end - passage.start]
    if given := GIVEN_AT.match(behind):
        return finding_at(passage, Span(place.start, place.end + given.end()))
    if event := EVENT_WHERE.search(before):
        return finding_at(passage, Span(sentence.start + event.start(), place.end))
    return item


EVENT = (
    r"(?:(?:[A-Z]|\d{4}\b|\d+(?:st|nd|rd|th)\b)[\w'’.-]* ){1,8}?(?:Festival|Awards|Prizes|Biennale|Fair|Days|Ceremony|"
    r"Competition|Contest)\b(?: (?:of|in|de) [A-Z][\w'’-]+)?"
)
GIVEN_AT = compiled(rf" (?:at|of|from) (?:the )?{EVENT}")
EVENT_WHERE = compiled(
    rf"(?<![\w'’.-]){EVENT},? (?:where|at which) (?:it|he|she|they) (?:also )?(?:won|received|got|took) $"
)
"""How the event stands around an award: "at the Norland Awards", "the Holm Festival, where it won"."""


def _is_asked(query: Query, item: Finding) -> bool:
    """Whether an item is what is asked of its kind: an award; won, not only nominated."""
    awards = AWARDS_ASKED.search(query.subject) is not None
    if awards and not _may_be_award(item):
        return False
    if awards and NOT_WON.search(query.text) and not WON_ASKED.search(query.text):
        told = f"{item.passage.context} {sentence_of(item)}"
        if not NOT_WON.search(told) or NAMED_BEST.search(text_of(item)):
            return False
    if DONE_ASKED.search(query.text) and not LOWER.search(text_of(item)):
        return False
    if OBTAINED.search(query.text) and SOUGHT.search(sentence_of(item)) and not SOUGHT.search(query.text):
        return False
    passage, place = item.passage, item.answer
    before = passage.text[max(item.quote.start, place.start - CLAUSE) - passage.start : place.start - passage.start]
    first, last = portion(_won(query.text) if awards else query.text, before, text_of(item))
    return last > first


OBTAINED = compiled(
    r"\b(?:obtained|found|got|gotten|taken|c[oa]me|drawn|sourced|recovered|discovered|retrieved|acquired|supplied|"
    r"provided|borrowed|collected|gathered)\b",
    re.IGNORECASE,
)
SOUGHT = compiled(
    r"\b(?:vainly|in vain|to no avail|without (?:success|luck|result)|fruitless(?:ly)?|unsuccessful(?:ly)?|"
    r"(?:could|did)(?: not|n['’]t) find|never found|found nothing|still missing)\b",
    re.IGNORECASE,
)
"""What says that something was looked for and not found, which is not where it was obtained."""
DONE_ASKED = compiled(
    r"\b(?:things?|stuff|everything|all|acts?|deeds?)\b.* (?:did|do|does|done|doing)\b", re.IGNORECASE
)
"""A question for what was done, which is no name."""
NAMED_BEST = compiled(r"\b(?:named|voted|chose|chosen|crowned|declared)\b", re.IGNORECASE)
"""What says in other words that something was won."""
AWARDS_ASKED = compiled(r"\b(?:awards?|prizes?|nominations?|honours?|troph(?:y|ies))\b", re.IGNORECASE)
AWARD = compiled(
    r"\b(?:awards?|prizes?|prix|best|jury|oscars?|palme?|medals?|bears?|lions?|trophy|honou?rs?|cups?|golden|silver|"
    r"bronze|grand|"
    r"top|certificate|nominat\w+|wins?|citation|mention|césars?|emmys?|globes?|stars?|ribbons?|plaque|title|place|"
    r"first)\b",
    re.IGNORECASE,
)
"""What an award is called."""


def _may_be_award(item: Finding) -> bool:
    """Whether an item is called what awards are called, or stands behind what says that something was won."""
    text = text_of(item)
    if AWARD.search(text):
        return CEREMONY.fullmatch(text) is None
    passage = item.passage
    before = passage.text[item.quote.start - passage.start : item.answer.start - passage.start]
    return WON.search(before) is not None or NOT_WON.search(before) is not None


CEREMONY = compiled(r"\W*(?:the )?\d{1,3}(?:st|nd|rd|th) (?:[\w'’-]+ ){0,4}(?:awards|oscars|prizes)\W*", re.IGNORECASE)
"""Where awards are given, which is none of them."""


def _won(text: str) -> str:
    """A question for awards as one for what was won, where it does not ask for nominations too."""
    return text if NOT_WON.search(text) or WON_ASKED.search(text) else f"{text} (won)"


def _all_but(query: Query, desk: Desk) -> Formed | None:
    """What answers less what the question leaves out, "besides Panh"; None where it leaves out nothing."""
    if (but := LEFT_OUT.search(query.text)) is None:
        return None
    asked = replace(query, text=f"{query.text[: but.start()].rstrip()}{query.text[but.end() :]}")
    ranked = desk.search(asked)
    reading = desk.read(asked, ranked)
    if reading.reason is not None:
        return Formed("list", reading, ranked)
    out = set(words(but["but"]))
    items = entries([item for item in items_of(reading.findings[0]) if not out & set(words(text_of(item)))])
    if not items:
        return Formed("list", refused(reading), ranked)
    return Formed("list", replace(reading, findings=items[0].findings), ranked, items if len(items) > 1 else ())


LEFT_OUT = compiled(EXCEPT, re.IGNORECASE)
IN_VAIN_WORDS = (
    r"(?:only|just|merely) (?:up for|nominated|shortlisted|put)|(?:did|do|was|were|has|have)(?:n['’]?t| not)|never|"
    r"without|"
    r"lost|fail(?:ed)?|in vain"
)
IN_VAIN = compiled(rf",? (?:(?:but|and|yet) (?:(?:it|he|she|they) )?)?(?:{IN_VAIN_WORDS})\b.*?(?=\?|$)", re.IGNORECASE)
"""What a question for nominations adds: "but didn't win"."""


def _like_the_first(query: Query, found: Sequence[Finding]) -> list[Finding]:
    """Those in a sentence that has what the first one's has of the question: its names, and that something was won."""
    told = [{stem(word) for word in content_words(sentence_of(finding))} for finding in found]
    held = set(qualifiers(query)) & told[0]
    is_won = WON_ASKED.search(query.text) and WON.search(sentence_of(found[0]))
    return [
        finding
        for finding, words in zip(found, told, strict=True)
        if held <= words and (not is_won or WON.search(sentence_of(finding)))
    ]


def either(text: str) -> list[str]:
    """A question about one or another thing done as a question each: "who wrote or edited it".

    >>> either("List everyone who wrote or edited the film")
    ['List everyone who wrote the film', 'List everyone who edited the film']
    """
    found = EITHER.match(text)
    if found is None:
        return [text]
    return [f"{found['head']}{verb}{found['tail']}" for verb in (found["one"], found["two"])]


def awards_asked(text: str) -> list[str]:
    """A question for awards by none but its words as what the reader is asked: what was won, nominated for, or both.

    >>> awards_asked("all the awards and nominations it got in Rome")
    ['Which awards did it win in Rome?', 'Which awards was it nominated for in Rome?']
    >>> awards_asked("what prizes was it only up for but didnt get"), awards_asked("which awards did the cook win?")
    (['Which awards was it nominated for?'], [])
    >>> awards_asked("list what the film is nominated for"), awards_asked("what the cook is nominated for")
    (['Which awards was it nominated for?'], [])
    >>> awards_asked("every prize it won, not the nominations")
    ['Which awards did it win?']
    """
    at = WHERE_GIVEN.search(text)
    bare = f"{text[: at.start()]}{text[at.end() :]}" if at else text
    bare = EACH_WITH.sub("", BRACKETED.sub("", bare))
    named = AWARDS_ASKED.search(bare) or UP_FOR_WHAT.search(bare)
    if not named and not (PUT_UP.search(bare) and WON_ASKED.search(bare)):
        return []
    bare, left_out = WITHOUT.subn("", bare)
    said = IN_VAIN.sub("", bare)
    if not all(word in AWARD_TALK or word.startswith(("nominat", "shortlist")) for word in content_words(said)):
        return []
    of = f" {at[0].strip()}" if at else ""
    won, nominated = f"Which awards did it win{of}?", f"Which awards was it nominated for{of}?"
    if not PUT_UP.search(bare):
        return [won] if left_out or not IN_VAIN.search(bare) else []
    only = IN_VAIN.search(bare) or not WON_OR_AWARDED.search(bare)
    return [nominated] if only else [won, nominated]


UP_FOR_WHAT = compiled(r"\bwhat\b.*\b(?:nominated|shortlisted) for\W*$", re.IGNORECASE)
"""What is listed by what it was put up for: "what the film is nominated for"."""
BRACKETED = compiled(r" ?\([^()]{0,60}\)")
WITHOUT = compiled(
    r",? (?:and )?(?:but )?(?:not|no|without|excluding|except|leaving out)(?: just| only| the| any| its| mere)* "
    r"nom(?:ination|inee)?s?\b",
    re.IGNORECASE,
)
"""What leaves nominations out: "…, not nominations"."""
EACH_WITH = compiled(
    r",? (?:each|all|and|every one|along)?,? ?(?:together )?with (?:the|its|their|his|her|where|when) [\w ,]+?\W*$",
    re.IGNORECASE,
)
"""What shall be told beside each award: ", each with its festival"."""
TALLY = compiled(
    r"\b(?:how many|(?:(?:overall|total|combined|full|whole) )*(?:tally|number|count|total|sum) of|(?:overall|total)) ",
    re.IGNORECASE,
)
"""What asks for how many there are, in front of what is counted."""
WHERE_GIVEN = compiled(
    r" (?:at|in|from|by|on) (?:the )?(?-i:(?:[A-Z]|\d+(?:st|nd|rd|th)\b)[\w'’.-]*)(?: (?:of|the|de|"
    r"(?-i:[A-Z])[\w'’.-]*))*",
    re.IGNORECASE,
)
"""At what an award was given."""
PUT_UP = compiled(
    r"\b(?:nominat\w*|nominees?|noms?|shortlist\w*|(?:was|were|is|been|only|just|merely) up for|put (?:up|"
    r"forward)(?: for)?|"
    r"in (?:the running|contention)(?: for)?)\b",
    re.IGNORECASE,
)
WON_OR_AWARDED = compiled(
    r"\b(?:win|wins|won|winning|awarded|took home|taken home|prizes? (?:and|or|&|\+)|"
    r"awards? (?:and|or|&|\+)|honou?rs? (?:and|or|&|\+))|"
    r"\b(?:and|or|&|\+|plus) (?:all |the |its |any )*(?:awards?|prizes?|honou?rs?)\b",
    re.IGNORECASE,
)
AWARD_TALK = frozenset(
    "please could would can you kindly told re far know known heard actually home "
    "altogether overall i list name enumerate give show tell me us a an all "
    "both the every each any "
    "everything "
    "anything which what of its it this that these those is are was were been be has have had did do does to didn "
    "hasn wasn "
    "didnt wasnt hasnt t s not never without only just merely lost fail failed in vain but and or plus as well also "
    "too yet "
    "so far for up put forward running contention get gets got gotten receive received receives win wins won winning "
    "earn "
    "earned collect collected pick picked took take turn turned into become became lead led award awards awarded "
    "prize prizes "
    "honour honours honor honors trophy trophies accolades noms nom nominee nominees film movie picture documentary "
    "book "
    "novel play series show album song work title one going by know on record together total there actually really "
    "ever full "
    "complete whole home bring brings brought scoop scooped bag bagged land landed".split()
)
"""The words of a question that speaks of awards only, and of nobody."""


def _together(lists: Sequence[Formed]) -> Formed:
    """Two lists as one, the first that has an answer as its head."""
    answered = [formed for formed in lists if formed.reading.reason is None] or lists[:1]
    findings = [
        finding
        for formed in answered
        for finding in ([f for entry in formed.items for f in entry.findings] or formed.reading.findings[:1])
    ]
    items = entries(findings)
    head = answered[0]
    return replace(
        head, items=items if len(items) > 1 else (), complete=False, note=PERHAPS_MORE if items else head.note
    )


def _likely(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
    """What answers, of the passages and of the single sentences of the likeliest of them; best first.

    Beside a sure answer others of its kind need less: another member of a list is no rival of the first.
    """
    weighed = desk.each(query, ranked)
    worth = LEAST_NAMING if PEOPLE.search(query.text) else WORTH_READING
    close = {w.finding.passage.passage_id for w in weighed[:CLOSELY_READ] if w.probability >= worth}
    single = [s for scored in ranked if scored.passage.passage_id in close for s in sentences_of(scored)]
    several = [s for s in single if s.passage.passage_id != _owner(s.passage)]
    sentences = desk.reader.each(query, several) if several else []
    best = max((w.probability for w in (*weighed, *sentences)), default=0.0)
    bar = max(LEAST, (BESIDE_AWARD if AWARDS_ASKED.search(query.subject) else BESIDE) * best)
    likely = [w for w in (*weighed, *sentences) if w.sure or w.probability >= bar]
    if PEOPLE.search(query.text):
        # A person's name says by itself that it is of the list's kind.
        people = [w for w in sentences if w.probability >= BESIDE_NAME * best and PERSON.search(text_of(w.finding))]
        likely += [w for w in people if w not in likely]
    framed = _of_one_frame(likely[0].finding, ranked) if likely else []
    return likely + [Weighed(finding, bar, True) for finding in framed]


PEOPLE = compiled(r"\b(?:who|everyone|everybody|people|persons|staff|members|names)\b", re.IGNORECASE)
PERSON = compiled(
    r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof|Sir)\.? )?[A-Z][\w'’-]+(?: (?:[A-Z][\w'’.-]*|de|van|von|da|di|al|bin))*"
    r" [A-Z][\w'’-]+"
)
LEAST = 0.1
BESIDE, BESIDE_NAME, BESIDE_AWARD = 0.3, 0.04, 0.2
"""Share of the best answer's probability from which another belongs to the list, a person's name does, an award."""


def _person_in(query: Query, finding: Finding) -> Finding:
    """A finding whose answer is a clause, held to the person that it names where people are listed."""
    text = text_of(finding)
    names = PERSON.findall(text)
    if not PEOPLE.search(query.text) or len(names) != 1 or len(text.split()) <= len(names[0].split()) + 1:
        return finding
    part = finding.passage.text[
        finding.answer.start - finding.passage.start : finding.answer.end - finding.passage.start
    ]
    at = part.find(names[0])
    if at < 0:
        return finding
    start = finding.answer.start + at
    return finding._replace(answer=Span(start, start + len(names[0])))


def _of_one_frame(best: Finding, ranked: Sequence[ScoredPassage]) -> list[Finding]:
    """What stands in the place of the answer in sentences worded like its own: "Shown were A", "Shown was B"."""
    sentence = next((s for s in best.passage.sentences if s.holds(best.answer)), None)
    if sentence is None:
        return []
    lead = _lead(best.passage, Span(sentence.start, best.answer.start))
    found = []
    for scored in ranked if lead else ():
        passage = scored.passage
        for other in passage.sentences:
            text = passage.text[other.start - passage.start : other.end - passage.start]
            match = re.match(rf"\W*{lead}\s+", text, re.IGNORECASE)
            if match and not (passage.path == best.passage.path and other.overlaps(best.answer)):
                rest = Span(other.start + match.end(), other.start + len(text.rstrip(" .;\n")))
                if rest.start < rest.end:
                    found.append(finding_at(passage, rest))
    return found


def _of_its_name(query: Query, best: Finding) -> list[Finding]:
    """The other names of a passage that are called what is listed, where the answer is: "Holm Film Festival".

    Their sentence has to share a word with that of the answer, which tells what became of both.
    """
    noun = content_words(query.subject)[:1]
    if not noun or not any(alike(noun[0], word) for word in words(text_of(best))):
        return []
    passage = best.passage
    told = {stem(word) for word in content_words(sentence_of(best)) if word not in words(text_of(best))}
    found = []
    for sentence in passage.sentences:
        text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        if not told & {stem(word) for word in content_words(NAMES_IN.sub("", text))}:
            continue
        for match in NAMES_IN.finditer(text):
            span = Span(sentence.start + match.start(), sentence.start + match.end())
            if any(alike(noun[0], word) for word in words(match[0])) and not span.overlaps(best.answer):
                found.append(finding_at(passage, span))
    return found


NAMES_IN = compiled(r"\b(?:[A-Z][\w'’-]{0,30}|\d{4}\b)(?: [A-Z][\w'’-]{0,30}){1,8}")


def _lead(passage: Passage, span: Span) -> str:
    """The first words of a sentence as a pattern, a form of "to be" as any; nothing where they are one word or many."""
    lead = words(passage.text[span.start - passage.start : span.end - passage.start])
    if not 2 <= len(lead) <= 4 or not content_words(" ".join(lead)):
        return ""
    return r"\s+".join(BE if word in BE_WORDS else re.escape(word) for word in lead)


BE_WORDS = frozenset("is are was were".split())
BE = "(?:is|are|was|were)"


def _by_words(query: Query, ranked: Sequence[ScoredPassage], reading: Reading) -> Formed:
    """The sentences that hold all that is asked of the list's things; an abstention where they are not several."""
    noun = content_words(query.subject)[:1]
    asked = {stem(w) for w in content_words(query.core or query.text) if w not in noun and w not in COMMANDS}
    asked -= {stem(word) for word in noun}
    found = [
        finding_at(scored.passage, sentence)
        for scored in sorted(ranked, key=lambda s: (s.passage.path, s.passage.start))
        for sentence in scored.passage.sentences
        if asked and asked <= {stem(word) for word in content_words(scored.passage.reads(sentence))}
    ]
    items = entries(found)
    if not 2 <= len(items) <= FEW:
        return Formed("list", reading, ranked)
    told = replace(reading, findings=(found[0],), reason=None, rivals=())
    return Formed("list", told, ranked, items, note=PERHAPS_MORE)


COMMANDS = frozenset("list name give show tell all every each please else".split())
FEW = 12
"""Sentences with the words of a question, above which those words tell nothing."""


def _owner(passage: Passage) -> str:
    """The id of the passage that a sentence was taken from."""
    return passage.passage_id.partition(":")[0]


def entries(found: Sequence[Finding]) -> tuple[Entry, ...]:
    """Findings as the items of a list, what is said again with what it repeats."""
    groups: list[list[Finding]] = []
    said: dict[str, list[Finding]] = {}
    for finding in found:
        text = text_of(finding)
        group = said.get(text) or next((g for g in groups if _same(text_of(g[0]), text)), None)
        if group is None:
            if len(groups) == MOST:
                break
            groups.append(said.setdefault(text, [finding]))
        elif all(finding.passage.doc_id != other.passage.doc_id for other in group):
            group.append(finding)
    return tuple(Entry(tuple(group)) for group in groups)


def _same(one: str, other: str) -> bool:
    """Whether two items name one thing, if by forms of a word or by another name of a prize.

    >>> _same("clay figures", "clay figurines"), _same("clay figures", "clay pots"), _same("Ana Moe", "Ana Moen")
    (True, False, False)
    >>> _same("Best Song at the 7th Academy Awards", "the Best Song Oscar"), _same("Best Song", "Best Sound")
    (True, False)
    """
    if same_answer(one, other):
        return True
    if one.islower() and other.islower():
        a, b = content_words(one), content_words(other)
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    few, many = sorted((set(words(OSCAR.sub("Academy Awards", text))) - ARTICLES for text in (one, other)), key=len)
    return {"academy", "awards"} < few <= many


OSCAR = compiled(r"\b(?:oscars?|academy awards?)\b", re.IGNORECASE)
ARTICLES = frozenset("the a an for at".split())


def column(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> list[Finding]:
    """The cells of the column that a question lists; none where no table near it has one."""
    noun = content_words(query.subject)[:3]
    if not noun:
        return []
    for scored in ranked[:CLOSELY_READ]:
        row = row_of(scored.passage)
        if row is None:
            continue
        rows = table_of(row, desk)
        head = column_for(noun[:1], rows) or column_for(noun, rows)
        if head is None and is_named(noun[:1], row):
            head = rows[0].heads[0]
        if head is not None:
            return [r.finding(head) for r in filtered(rows, _telling(query, head)) if r.reads(head)]
    return []


def _telling(query: Query, head: str) -> list[str]:
    return [word for word in content_words(query.text) if not any(alike(word, part) for part in content_words(head))]


def under_heading(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> list[Finding]:
    """The lines below a heading that names what is listed; none where there is no such heading near."""
    noun = content_words(query.subject)
    if not noun:
        return []
    for scored in ranked[:CLOSELY_READ]:
        section = (scored.passage.section or "").rpartition(" › ")[2]
        head = content_words(section)
        if not head or len(head) > 3 or not any(alike(noun[0], word) for word in head):
            continue
        block = desk.section(scored.passage)
        short = [p for p in block if len(p.text.split()) <= SHORT_LINE and len(p.sentences) == 1]
        if len(short) == len(block) > 1 and all(row_of(p) is None for p in short):
            return [finding_at(p, p.span) for p in short]
    return []
