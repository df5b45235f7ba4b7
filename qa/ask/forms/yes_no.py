"""Yes or no, where the polarity of the deciding sentence is sure; else that sentence alone."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from qa.ask.agreement import has_number
from qa.ask.asked.words import AUX
from qa.ask.fitting import DOING, tells
from qa.ask.forms.attribute import attribute, held, of_a_version, part, taken
from qa.ask.forms.bound import bounded, measured
from qa.ask.forms.desk import Desk, finding_at, following, refused, sentences_of
from qa.ask.forms.polarity import denies, opposites, verdict
from qa.ask.forms.role import NAME, ONESELF, about_them, is_about, names_only, spoken_of
from qa.ask.forms.scope import REVIEWS
from qa.ask.forms.series import LABEL, grown, split
from qa.ask.forms.speech import units
from qa.ask.prizes import NOT_WON, WON, names_in, nominated_apart, nominated_there, won_there
from qa.ask.reader import text_of
from qa.patterns import compiled
from qa.search.words import stems
from qa.text import Span
from qa.types import Finding, Formed, Passage, Query, Reading, ScoredPassage, Verdict

ALONE = "The sentence that bears on it; whether it says yes or no is left to the reader."
PUT_UP_ONLY = "What is told of it is a nomination; of a win nothing is said."
ADVICE = compiled(r"(?:should|could|would) (?:i|we|you|one)\b", re.IGNORECASE)
"""A question for advice, which no sentence that shares its words decides."""
NAME_WORDS = 3
"""Words of a line's value that only names something."""
ABOUT_THEM = 0.05
"""Probability from which a sentence about whom a question speaks of bears on what it asks."""
LEAST = 0.03
"""Confidence of the reader below which no sentence near a question is of what it asks."""
SURE = 0.6
"""Confidence below which a sentence that decides nothing by its words is not told: it may bear on something else.

What is told of such is no surer: on dev 2 of 29 were right, at a mean confidence of .80.
"""
STILL = compiled(r"\bstill\b|\bany ?more\b|\btoday\b|\bnowadays\b", re.IGNORECASE)
NOW = compiled(r"\b(?:still|today|now|nowadays|remains?|any ?more|no longer|is|are|stands?|lives?)\b", re.IGNORECASE)
"""What a sentence needs that says whether something is so today."""
GOT = compiled(r"\b(?:win|wins|won|winning|get|got|receive|take|bag|land)\b", re.IGNORECASE)
"""What asks whether an award was won."""
READ = 6
"""Passages in which a sentence is looked for that decides by itself."""


def yes_no(query: Query, desk: Desk) -> Formed:
    """The deciding sentence, with its verdict where that is sure; two sentences that differ give none."""
    question = query.core or query.text
    for of_a_fact in (_of_an_attribute, _of_a_part, _of_a_rating):
        if (told_of := of_a_fact(question, query, desk)) is not None:
            return told_of
    ranked = desk.search(query)
    reading = desk.read(query, ranked)
    if (held_to := _held_to_a_bound(question, query, desk, ranked, reading)) is not None:
        return held_to
    said: Verdict | None
    if reading.reason is not None or not reading.findings:
        near = not ADVICE.match(question) and reading.confidence >= LEAST
        if GOT.search(question) and (prize := _of_a_prize(question, ranked)) is not None:
            won = won_there(question, prize.passage.reads(prize.answer))
            reading = replace(reading, findings=(prize,), reason=None, rivals=(), confidence=SURE)
            return Formed("yes_no", reading, ranked, verdict="yes" if won else None, note=None if won else PUT_UP_ONLY)
        decided = _decided(question, ranked) if near else None
        if decided is None and (decided := _denied(question, query, desk)):
            reading = replace(reading, confidence=SURE)
        if decided is not None:
            finding, said = decided
            return Formed("yes_no", replace(reading, findings=(finding,), reason=None, rivals=()), ranked, verdict=said)
        return Formed("yes_no", reading, ranked)
    whom = spoken_of(question, desk)
    if whom and not is_about(whom, reading.findings[0].passage.reads(_sentence(reading))):
        # What was read may be of somebody else.
        own = [one for one in desk.each(query, about_them(whom, ranked)) if not names_only(whom, text_of(one.finding))]
        if not own or own[0].probability < ABOUT_THEM:
            return Formed("yes_no", refused(reading), ranked)
        reading = replace(reading, findings=(own[0].finding,), rivals=(), confidence=SURE, says=None)
    of_another, without = _of_another(question, desk), _without_the_thing(question)
    for apart in filter(None, (of_another, without)):
        if apart(reading.findings[0]):
            fit = [one for one in desk.each(query, _each_sentence(ranked)) if not apart(one.finding)]
            if fit and fit[0].probability >= ABOUT_THEM:
                reading = replace(reading, findings=(fit[0].finding,), rivals=(), confidence=SURE, says=None)
            elif apart is of_another:
                return Formed("yes_no", refused(reading), ranked)
    if GIVES_A_MARK.match(question) and not REVIEWS.search(reading.findings[0].passage.section or ""):
        return Formed("yes_no", refused(reading), ranked)  # what a work has got from all is nobody's own mark
    if contrary := _contrary(question, ranked):
        both = replace(reading, findings=contrary[:1], rivals=(contrary[1:],))
        return Formed("yes_no", both, ranked)
    best = reading.findings[0]
    sentence = sentence_at(best.passage, best.answer)
    put = best.passage.reads(sentence)
    asked = _asks(put) and not EXISTS.match(question)
    if asked and (said_to_it := _reply(query, desk, ranked, best)) is not None:
        best = said_to_it  # what somebody asks is said by who answers, but that there is such a thing
        sentence = sentence_at(best.passage, best.answer)
    told = best.passage.reads(sentence)
    asks = _asks(told)
    put = put if asked else best.passage.cue or ""  # what stands above a reply: a question, or a name
    said = None if asks else verdict(question, told, best.passage.context) or _answered(question, told, put)
    finding = Finding(best.passage, best.quote, sentence)
    if (said is None and _only_labels(question, told)) or _only_value(question, told, best.passage.context):
        return Formed("yes_no", refused(reading), ranked)
    if said is None and (decided := _decided(question, [s for s in ranked if s.passage == best.passage])):
        finding, said = decided
    if whom and I_DID_NOT.search(told) and not _says_it(whom, finding, desk):
        return Formed("yes_no", refused(reading), ranked)  # whoever says it did not, and nobody else
    still = STILL.search(question) is not None and NOW.search(told) is None
    said = said or (None if asks or asked else reading.says)
    said = None if still and said == "yes" else said
    note = ALONE
    got, put_up = GOT.search(question) is not None, NOT_WON.search(question) is not None
    if put_up and nominated_apart(question, told):
        said = None
    elif (got and won_there(question, told)) or (put_up and not got and nominated_there(question, told)):
        said = "yes"
    elif got and NOT_WON.search(told) and (not WON.search(told) or nominated_there(question, told)):
        said, note = None, PUT_UP_ONLY  # to be nominated is not to win, and says nothing of who won
    elif said is None and (denied := _denied(question, query, desk)):
        finding, said = denied
    elif OF_THE_AUTHOR.match(question) and not ONESELF.search(told) and (said is None or YOU.search(told)):
        return Formed("yes_no", refused(reading), ranked)  # who writes a review says "I"
    elif said is None and (
        reading.confidence < SURE
        or not tells(question, told)
        or BEGINS.match(told)
        or (query.unknown and not query.known)
    ):
        return Formed("yes_no", refused(reading), ranked)
    sure = reading.confidence if said else min(reading.confidence, SURE)
    reading = replace(reading, findings=(finding,), rivals=(), confidence=sure)
    return Formed("yes_no", reading, ranked, verdict=said, note=None if said else note)


GIVES_A_MARK = compiled(
    rf"(?:and |so |but )?{AUX} (?:he|she|(?:the|this|that) (?:\w+ )?(?:reviewer|critic|user|guy|person)) (?:\w+ )?"
    r"(?:give|gave|award|rate|score)\b",
    re.IGNORECASE,
)
"""Whether somebody gives a work a mark: "Did he give it any stars?"."""


def _each_sentence(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Every sentence of the best passages as a passage of its own."""
    return [one for scored in ranked[:READ] for one in sentences_of(scored)]


def _of_another(question: str, desk: Desk) -> Callable[[Finding], bool] | None:
    """Whether whom a question speaks of says a sentence, and says it of somebody else: "He was not born yet then."."""
    called = OF_SOMEBODY.match(question)
    if called is None:
        return None
    last = stems(called["who"])[-1]

    def apart(finding: Finding) -> bool:
        told = finding.passage.reads(sentence_at(finding.passage, finding.answer))
        if HE.search(told) is None or ONESELF.search(told) or last in stems(told):
            return False
        return _says_it(frozenset({last}), finding, desk)

    return apart


def _says_it(whom: frozenset[str], finding: Finding, desk: Desk) -> bool:
    """Whether somebody whose name has one of some stems says what was found, in a talk."""
    turns = units(desk.documents[finding.passage.path])
    return any(not whom.isdisjoint(stems(turn.speaker)) for turn in turns if turn.span.overlaps(finding.answer))


I_DID_NOT = compiled(r"\b(?:I|[Ww]e) (?:\w+ )?(?:did|do|had|was|were|could|can|would|have)(?:n['’]t| not| never| no)\b")
"""What whoever says it denies of himself: "I did not know at all"."""


OF_SOMEBODY = compiled(rf"(?:and |so |but )?{AUX} (?P<who>{NAME}(?: {NAME}){{0,3}}) ", re.IGNORECASE)
"""A question of somebody by the name or the last name: "Was Moe a child then?"."""
HE = compiled(r"\b(?:he|she)(?:['’]s|['’]d)?\b", re.IGNORECASE)


def _without_the_thing(question: str) -> Callable[[Finding], bool] | None:
    """Whether a sentence has nothing of what a question asks whether there is: "Is there old footage in it?"."""
    there = THERE.match(question)
    if there is None:
        return None
    thing = stems(there["what"])[-1:]
    return lambda finding: (
        not set(thing) & set(stems(finding.passage.reads(sentence_at(finding.passage, finding.answer))))
    )


THERE = compiled(
    r"(?:and |so |but )?(?:is|are|was|were) there (?P<what>[^?,]{3,60}?)(?: (?:in|of|on|at|about|with|from|for|to|by|"
    r"inside|anywhere|too|also|that|who|which|as|left|or|and|among|between|during|after|before)\b[^?]*|,[^?]*)?\W*$",
    re.IGNORECASE,
)


def _of_a_prize(question: str, ranked: Sequence[ScoredPassage]) -> Finding | None:
    """The sentence that tells a win or a nomination at what a question names, though the reader is not sure of it."""
    names = names_in(question) or {word for found in PRIZE.findall(question) for word in stems(found)}
    for scored in ranked if names else ():
        for one in sentences_of(scored):
            told = one.passage.plain.text
            if names <= set(stems(told)) and (WON.search(told) or NOT_WON.search(told)):
                return finding_at(scored.passage, one.passage.span)
    return None


PRIZE = compiled(r"\b(?:oscars?|emmys?|grammys?|césars?|cesars?|golden globes?|academy awards?)\b", re.IGNORECASE)


def _asks(sentence: str) -> bool:
    """Whether a sentence is a question, which says neither yes nor no."""
    return sentence.rstrip(' "”’').endswith("?")


def _reply(query: Query, desk: Desk, ranked: Sequence[ScoredPassage], asked: Finding) -> Finding | None:
    """Where somebody who is asked something says what a question wants: likeliest, or at once, in the same section."""
    after = following(desk, asked)
    if after is None:
        return None
    first = finding_at(*after)
    if BEGINS.match(first.passage.reads(first.answer)):
        return first
    section = [passage for passage in desk.section(asked.passage) if passage.start >= first.passage.start]
    end = next((passage.start for passage in section if _asks(passage.plain.text)), asked.passage.start + LONGEST_REPLY)
    reply = {passage.passage_id for passage in section if passage.start < end}
    weighed = desk.each(query, [scored for scored in ranked if scored.passage.passage_id in reply])
    return weighed[0].finding if weighed else first


LONGEST_REPLY = 4000
"""Characters in which somebody who is asked answers."""


def _answered(question: str, told: str, put: str) -> Verdict | None:
    """Yes or no where the one who is asked begins with it: "Oh yes, especially at first.".

    ``put`` is what that one was asked, which must have most of the question's words.

    >>> [_answered(asked, "Oh yes.", "Was oak hard to carve?") for asked in ("Was oak hard?", "Did she like oak?")]
    ['yes', None]
    """
    begun, asked = BEGINS.match(told), set(stems(question))
    if _asks(put) and len(asked & set(stems(put))) < SAME_ASKED * len(asked):
        return None
    if begun is None or NEGATED.search(question) or EXISTS.match(question) or OF_A_WORK.search(question):
        return None
    return "yes" if begun["yes"] else "no"


SAME_ASKED = 0.6
"""Share of the words of a question that another one has which asks the same."""
BEGINS = compiled(
    r"(?:[^\W\d_][\w.’'-]*(?: (?-i:[^\W\d_a-z])[\w.’'-]*){0,3}: )?\W*(?:(?:oh|ah|well|and|but)\b[ ,]*){0,2}"
    r"(?:(?P<yes>yes|yeah|yep|of course|certainly|definitely|absolutely)|no|nope|not at all|never)\b"
    r"(?=[,.!;–—-]| [–—-])",
    re.IGNORECASE,
)
OF_THE_AUTHOR = compiled(rf"{AUX} (?:the|this|that) (?:\w+ )?(?:reviewer|critic|author)\b", re.IGNORECASE)
YOU = compiled(r"\byou\b", re.IGNORECASE)
OF_A_WORK = compiled(r"\b(?:film|movie|picture|documentary|book|play)\b", re.IGNORECASE)
"""What is asked of a work, where the one who is asked in a talk may say yes to how it was to make it."""
EXISTS = compiled(r"(?:any|(?:is|are|was|were) there|(?:does|do|did|has|have) (?:it|they) have|with)\b", re.IGNORECASE)
"""Whether there is something, which somebody who was asked how it was says neither yes nor no to."""
NEGATED = compiled(r"n['’]t\b|\b(?:not|never|no|without)\b", re.IGNORECASE)


def _only_labels(question: str, told: str) -> bool:
    """Whether a sentence has of a question only the label of a value: "Head: Ana Moe" for "Does the head sing?"."""
    line = LABEL.match(told)
    if line is None or not DOING.search(line["label"]) or has_number(line["value"]):
        return False
    return not set(stems(line["value"])) & set(stems(question))


def _only_value(question: str, told: str, context: str) -> bool:
    """Whether a line has of a question only its value, and of what else is asked of it nothing.

    >>> [_only_value(f"Is {who} French?", "Language: French", "The Mill") for who in ("Ana Moe", "it")]
    [True, False]
    """
    line = LABEL.match(told)
    if line is None or len(line["value"].split()) > NAME_WORDS:
        return False
    value, asked = set(stems(line["value"])), set(stems(question))
    return value <= asked and bool(asked - value) and asked.isdisjoint(stems(f"{line['label']} {context}"))


def _held_to_a_bound(
    question: str, query: Query, desk: Desk, ranked: Sequence[ScoredPassage], reading: Reading
) -> Formed | None:
    """Whether what a question asks is above or below a bound, by the quantity as it is told; None where that is not."""
    for read in _of_the_quantity(question, query, desk, reading):
        if read.reason is None and read.findings and not read.rivals:
            best = read.findings[0]
            sentence = sentence_at(best.passage, best.answer)
            if said := bounded(question, text_of(best), best.passage.reads(sentence)):
                found = replace(read, findings=(Finding(best.passage, best.quote, sentence),))
                return Formed("yes_no", found, list(ranked), verdict=said)
    return None


def _of_an_attribute(question: str, query: Query, desk: Desk) -> Formed | None:
    """Whether something is of the language or country that a question names, by the one that is told of it."""
    if (asked := attribute(question)) is None:
        return None
    plain = replace(query, text=asked.asked, kind="value")
    ranked = desk.search(plain)
    read = desk.read(plain, ranked)
    if read.reason is not None or not read.findings:
        return None
    best = read.findings[0]
    told = best._replace(answer=grown(best))
    if (said := held(asked, text_of(told))) is None:
        return None
    whole = Finding(best.passage, best.quote, sentence_at(best.passage, best.answer))
    return Formed("yes_no", replace(read, findings=(whole,), rivals=()), ranked, verdict=said)


def _of_a_rating(question: str, query: Query, desk: Desk) -> Formed | None:
    """Whether a work has a rating, by the line that gives it; None where nothing else is asked or none does."""
    asked = HAS_RATING.match(question)
    if asked is None and AGE_LIMIT.search(question) is None:
        return None
    plain = desk.understand(f"What is the {asked['what'] if asked else 'age rating'}?", ())
    read = desk.answer(plain, desk).reading
    if read.reason is not None or not read.findings:
        return None
    return Formed("yes_no", replace(read, rivals=()), desk.search(plain), note=ALONE)


AGE_LIMIT = compiled(
    r"\bage (?:rating|limit|restriction|classification)\b|\brated for (?:kids|children|minors|teens)\b|"
    r"^(?:is|was) (?:it|(?:the|this) \w+) (?:age[ -])?rated(?: at all| yet)?\W*$",
    re.IGNORECASE,
)
HAS_RATING = compiled(
    r"(?:is|was|has|does|did|do|are)(?:n['’]t)? (?:there|it|they|(?:the|this) \w+) "
    r"(?:(?:been|have|had|get|got|given|carry) )*(?:an? |any |the |its )?"
    r"(?P<what>(?:age |film |us |uk |official |parental |mpaa |bbfc |fsk )*(?:rating|certificate|classification))"
    r"(?: (?:for|on|of) (?:it|(?:the|this) \w+)| in (?:the )?[\w ]{2,20})?(?:,[^?]*| and (?:if so|what)\b[^?]*)?\W*$",
    re.IGNORECASE,
)


def _of_a_part(question: str, query: Query, desk: Desk) -> Formed | None:
    """Whether somebody did something, by the line that names who did; None where no line does."""
    if (asked := part(question)) is None:
        return None
    plain = desk.understand(asked.asked, ())
    ranked = desk.search(plain)
    read = desk.read(plain, ranked)
    if read.reason is not None or not read.findings:
        return None
    best = read.findings[0]
    whole = best._replace(answer=sentence_at(best.passage, best.answer))
    line = LABEL.match(text_of(whole))
    if of_a_version(asked.asked):
        names = text_of(best)
    elif line is not None and DOING.search(line["label"]):
        names = line["value"]
    else:
        return None
    who = asked.who
    if who.lower().startswith("the "):
        called = desk.answer(desk.understand(f"Who is {who}?", ()), desk).reading
        if called.reason is not None or not called.findings:
            return None
        who = text_of(called.findings[0])
    others = asked.alone and len(split(names)) > 1
    said: Verdict = "yes" if taken(who, names) and not others else "no"
    return Formed("yes_no", replace(read, findings=(whole,), rivals=()), ranked, verdict=said)


def _of_the_quantity(question: str, query: Query, desk: Desk, reading: Reading) -> Iterator[Reading]:
    """The reading of the question, then, where that is not enough, of the question for the quantity itself."""
    yield reading
    if (asked := measured(question)) is not None:
        plain = replace(query, text=asked, kind="value")
        yield desk.read(plain, desk.search(plain))


def _sentence(reading: Reading) -> Span:
    """The sentence of the first answer of a reading."""
    return sentence_at(reading.findings[0].passage, reading.findings[0].answer)


def sentence_at(passage: Passage, answer: Span) -> Span:
    """The sentence of a passage that holds an answer."""
    return next((s for s in passage.sentences if s.overlaps(answer)), answer)


def _contrary(question: str, ranked: list[ScoredPassage]) -> tuple[Finding, ...]:
    """A sentence that says yes and one of another source that says no; nothing where the sources do not differ so."""
    found: dict[Verdict, Finding] = {}
    for finding, said in _verdicts(question, ranked):
        found.setdefault(said, finding)
    told = tuple(found.values())
    return told if len({finding.passage.doc_id for finding in told}) == 2 else ()


def _decided(question: str, ranked: list[ScoredPassage]) -> tuple[Finding, Verdict] | None:
    """The one sentence near the question that decides it, though the reader is not sure of it."""
    found = list(_verdicts(question, ranked))
    return found[0] if found and len({said for _, said in found}) == 1 else None


def _denied(question: str, query: Query, desk: Desk) -> tuple[Finding, Verdict] | None:
    """The sentence that says no in the opposite of the question's own words, by which alone it is found."""
    if not (words := opposites(question)):
        return None
    told = desk.search(replace(query, text=f"{question} {' '.join(words)}"))
    alone = (one.passage for scored in told for one in sentences_of(scored))
    found = next((one for one in alone if denies(question, one.plain.text)), None)
    return (finding_at(found, found.span), "no") if found else None


def _verdicts(question: str, ranked: list[ScoredPassage]) -> Iterator[tuple[Finding, Verdict]]:
    """The sentences of the best passages that decide by themselves."""
    for scored in ranked[:READ]:
        for single in sentences_of(scored):
            passage = single.passage
            said = None if _asks(passage.plain.text) else verdict(question, passage.plain.text, passage.context)
            if said is not None:
                yield finding_at(scored.passage, passage.span), said
