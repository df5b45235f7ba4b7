"""An overview: for each source the few sentences that carry it. Nothing is put in other words."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from qa.ask.asked.gist import COMPLAINS, FAULTS, SOMEBODY, THOUGHT
from qa.ask.asked.words import AUX_WORD
from qa.ask.forms.byline import OF_TEXT, works
from qa.ask.forms.desk import Desk, alike
from qa.ask.forms.rows import row_of
from qa.ask.forms.scope import sections_of
from qa.ask.forms.speech import Unit, units
from qa.ask.sources import DEFINING, Scope, resolve
from qa.ingest.formats.talk import NAME
from qa.patterns import compiled
from qa.search.store import Within
from qa.search.words import content_words, words
from qa.text import Span
from qa.types import Document, Entry, Finding, Formed, Kind, Passage, Query, Reading, ScoredPassage

NOTE = "I can only quote; this is what each source says of itself."
ON_TOPIC = "I can only quote; these are the sentences nearest to it."
MOST_SOURCES = 8
SENTENCES = {1: 4, 2: 3, 3: 2, 4: 2}
"""Sentences a source, by the number of sources; one where there are more."""
READ = 48
"""Sentences of a source that are weighed: its first."""
SHORTEST, LONGEST, LONGEST_OF_SIDE = 5, 80, 120
"""Words of a sentence that can carry a text; the last of one that says what is thought of one side of a work."""
TELLING = compiled(
    r"\b(?:is|are|was) about\b|\bsubject (?:is|was)\b|\b(?:describes?|argues?|tells?|explains?|shows?|recreates?|"
    r"examines?|"
    r"deals? with|concerns?|portrays?|reports? on|looks? at|explores?|presents?|investigates?|in short|in summary|"
    r"to sum up|(?:speaks?|spoke|talks?|talked) (?:with|to) (?:[\w’'-]+ ){1,12}about|"
    r"the main|this (?:paper|essay|article|report|study|guide|document|letter|page|text|film|book))\b",
    re.IGNORECASE,
)
TELLING_SECTION = compiled(
    r"\b(?:abstract|overview|summary|introduction|storyline|plot|synopsis|about|in brief|key points|main points|"
    r"conclusions?|"
    r"highlights|findings|results|purpose|scope)\b",
    re.IGNORECASE,
)
OF_SIDE = 0.22
"""The cosine with one side of a work from which on a sentence gains by it."""
DOUBLE = 0.85
"""Cosine from which a sentence says what another one says."""
CONFIDENCE = 0.5
"""Of an overview: what is quoted is the source's, whether it is the gist nobody has measured."""


class Topic(Struct, frozen=True):
    """What sentences should speak of: ``vectors`` (n × D), its ``words``, and the one that they are all about.

    The nearest vector counts. ``head`` is empty where no source has one of the words; ``section`` is what a heading of
    the topic adds. ``told`` is where answers begin if it is what was asked and answered, of which sentences stand by
    themselves, or with those that they lean on. ``side`` (1 × D) is the one side of a work that sentences should be
    about as well.
    """

    vectors: NDArray[np.float32]
    words: tuple[str, ...] = ()
    head: str = ""
    section: float = 0.0
    told: frozenset[int] | None = None
    side: NDArray[np.float32] | None = None

    def nearness(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosines of sentences, given by their vectors (m × D), with what is nearest to each."""
        found: NDArray[np.float32] = (vectors @ self.vectors.T).max(axis=1)
        if self.side is not None:
            found = found + (vectors @ self.side.T)[:, 0] - np.float32(OF_SIDE)
        return found

    def share(self, text: str) -> float:
        """The share of the words that a text has; less than none where it lacks the "smell" of "a house's smell"."""
        if not self.words:
            return 0.0
        told = content_words(text)
        has = {word: any(alike(word, other) for other in told) for word in self.words}
        return sum(has.values()) / len(has) if has.get(self.head) else LACKING

    def heads(self, passage: Passage) -> bool:
        """Whether a passage stands under a heading that names the topic."""
        return any(alike(self.head, word) for word in content_words(passage.section or "") if self.head)


def topic_of(query: Query, desk: Desk) -> Topic:
    """What an overview is of."""
    if OPINIONS.search(query.subject):
        return _of_opinions(desk)
    if query.subject == FAULTS:
        side = _side(query)
        return Topic(desk.encoder.encode(AS_FAULTS), side=desk.encoder.encode([side]) if side else None)
    asked = tuple(content_words(query.subject))
    head = content_words(OF.split(query.subject)[0])[-1:] if not set(asked) & set(query.unknown) else []
    return Topic(desk.encoder.encode([query.subject]), asked, "".join(head))


def _side(query: Query) -> str | None:
    """The side of a work that a question after complaints is about: "the spoken commentary"."""
    complains = COMPLAINS.match(query.core) if query.subject == FAULTS else None
    return complains["with"] if complains else None


def _of_opinions(desk: Desk) -> Topic:
    return Topic(desk.encoder.encode(AS_OPINIONS), section=OF_OPINIONS)


OPINIONS = compiled(
    r"\b(?:what|how) (?:the |all |most |other )?(?:people|critics?|reviewers?|audiences?|viewers?|everyone|others|"
    r"they) "
    r"(?:think|thought|say|said|like|liked|felt|feel|found|made|received|rated|saw|took|reviewed)\b|"
    r"\bhow (?:well )?(?:it|they|the \w+|this \w+) "
    r"(?:was|is|were|has been) (?:received|reviewed|rated)\b",
    re.IGNORECASE,
)
AS_OPINIONS = (
    "The reviewers liked it and praised it, though one found fault with it.",
    "It is a beautifully made and original work with great qualities.",
    "It has great qualities and one weakness: a fault that is distracting.",
)
AS_FAULTS = (
    "The one thing that I did not like is its fault, a weakness.",
    "If it has one weakness, it is this: it is boring and annoying.",
)
"""Sentences that are near to those that tell opinions, and complaints."""
OPINION_HEAD = compiled(
    r"\b(?:reception|received|reviews?|critics|criticism|response|ratings?|opinions?)\b", re.IGNORECASE
)
OF_OPINIONS = 0.1
"""What a heading of opinions adds to a sentence."""


def overview(query: Query, desk: Desk) -> Formed:
    """The sentences that carry each source, or that are nearest to a topic, in the order of the sources."""
    about = {passage.path: desk.documents[passage.path] for passage in desk.about(query.source)} if query.source else {}
    said = spoken(query.source, about)
    lead = LEAD_ASKED.search(query.question) is not None
    # Who speaks in a talk is that person, though the talk's title has the name too.
    scope = Scope(frozenset(said)) if said else _named(query.source, desk)
    if query.subject in (THOUGHT, FAULTS) and not REVIEW.search(query.source):
        # Whether "he" or a name is of one who judges, the sources tell; of anybody else it is a question as any.
        scope = _named("the review", desk) if UNNAMED.fullmatch(query.source) else _signed(query.source, desk)
        if scope is None or not scope.named:
            asks_why = query.core.lower().startswith("why")
            other: Kind = "yes_no" if AUX_WORD.match(query.core) else "reason" if asks_why else "value"
            return desk.answer(replace(query, kind=other, subject="", source=""), desk)
    if lead and (talks := frozenset(path for path, one in desk.documents.items() if any(units(one)))):
        scope, said = Scope(talks), {}
    held = desk.held_to(scope.within) if scope is not None and scope.named else desk
    ranked = held.search(query)
    near = dict.fromkeys(scored.passage.path for scored in ranked)
    paths = [path for path in held.documents if held.within is None or path in held.within.paths]
    if len(paths) > MOST_SOURCES:
        paths = list(near | dict.fromkeys(paths))
    by_source: dict[str, list[Passage]] = {}
    for path in paths:
        if len(by_source) < MOST_SOURCES and (told := held.held_to(Within(frozenset({path}))).passages()):
            by_source[path] = told
    paths = list(by_source)
    topic = topic_of(query, held) if query.subject else None
    each = 1 if ONE.search(query.question) else SENTENCES.get(len(paths), 1)
    items: list[Entry] = []
    for path in paths:
        if topic is None and REVIEW.search(f"{query.source} {scope.section if scope else ''}"):
            chosen = _of_review(by_source[path], held, each)
        else:
            chosen = _of_source(
                held.documents[path], by_source[path], held, each, topic, said.get(path), lead_asked=lead
            )
        answers = _answers_to(held.documents[path]) if topic is None else {}
        items += [Entry((f,), label=_heard_for(f, answers) or f.passage.title) for f in chosen]
    if query.subject and not items and not _side(query):
        items = _read(query, held, ranked)
    if not items:
        return Formed("overview", Reading((), 0.0, "weak_match" if query.subject else "no_match"), ranked)
    reading = Reading(items[0].findings, CONFIDENCE, None)
    return Formed("overview", reading, ranked, tuple(items), note=ON_TOPIC if query.subject else NOTE)


def _answers_to(document: Document) -> dict[Span, str]:
    """The turns of a talk that answer, each with the question before it."""
    answers: dict[Span, str] = {}
    question = ""
    for unit in _from_first_question(document):
        if not unit.asks:
            answers[unit.span] = question
        elif GOES_ON.fullmatch(unit.words) is None:
            question = unit.words.strip()
    return answers


def _heard_for(finding: Finding, answers: Mapping[Span, str]) -> str:
    """The question that a sentence of a talk answers; a summary of answers alone would not say what they are about."""
    return next((question for span, question in answers.items() if span.holds(finding.answer)), "")


def _of_source(
    document: Document,
    passages: Sequence[Passage],
    desk: Desk,
    most: int,
    topic: Topic | None,
    within: Sequence[Span] | None,
    *,
    lead_asked: bool,
) -> list[Finding]:
    """What carries one source; of a talk one sentence as of any text, and else what those say who are asked.

    Where it is asked for, only what stands in front of the talk.
    """
    told = _from_first_question(document) if topic is None and within is None else []
    answered = [unit.span for unit in told if not unit.asks]
    if lead_asked and answered:
        return carrying([p for p in passages if p.end <= told[0].span.start], desk, most)
    if most < 2 or len(answered) < FEWEST_ANSWERS:
        by_section = most == SENTENCES[1] and topic is None and within is None
        found = _of_sections(document, passages, desk) if by_section else []
        return found or carrying(passages, desk, most, topic, within)
    before = [p for p in passages if p.end <= told[0].span.start]
    if before and most <= OF_LEAD:
        return carrying(before, desk, most)
    lead = carrying(before, desk, 1) if before else []
    most = OF_TALK if most >= SENTENCES[1] else most
    return sorted(lead + _exchanged(document, passages, desk, most - len(lead)), key=lambda f: f.answer.start)


def _of_sections(document: Document, passages: Sequence[Passage], desk: Desk) -> list[Finding]:
    """What carries one source by itself: a sentence of each of its longest sections, then of further paragraphs.

    Its most central sentences alone would all be of one section. Nothing where it has no two sections with prose.
    """
    prose = [p for p in passages if any(_is_sentence(p.reads(sentence)) for sentence in p.sentences)]
    sections: dict[str, list[Passage]] = {}
    paragraphs: dict[Span, list[Passage]] = {}
    for passage in prose:
        sections.setdefault(passage.section or "", []).append(passage)
        span = next((e.span for e in document.elements if e.span.holds(passage.span)), passage.span)
        paragraphs.setdefault(span, []).append(passage)
    if len(sections) < 2:
        return []
    found: dict[Span, Finding] = {}
    for parts in (sections.values(), paragraphs.values()):
        for part in sorted(parts, key=lambda one: -sum(len(p.text) for p in one)):
            if len(found) < OF_SECTIONS and not any(p.span.overlaps(told) for p in part for told in found):
                found |= {finding.answer: finding for finding in carrying(part, desk, 1)}
    return sorted(found.values(), key=lambda finding: finding.answer.start)


OF_SECTIONS = 6
"""Sentences of a source by itself that has sections."""
LEAD_ASKED = compiled(
    r"\b(?:before|until|ahead of) (?:the |his |her |their |any )?(?:(?:first|actual) )?(?:questions?|q ?(?:&|and) "
    r"?a|interview|conversation|"
    r"talk)(?: (?:begins?|starts?|began|started|is put|are put|itself|proper|gets? going)| is asked| are "
    r"asked)?(?=[?.!,]|$)|"
    r"\b(?:introduction|intro|introductory (?:part|paragraphs?|text)|lead-in|preamble|opening) (?:to|of|in|before) "
    r"(?:the|this|that) "
    r"(?:interview|conversation|talk|q ?& ?a)\b|\b(?:the |this )?interview['’]s (?:introduction|intro|opening|"
    r"lead-in)\b",
    re.IGNORECASE,
)
"""How somebody asks for what stands in front of a talk alone."""
REVIEW = compiled(r"\b(?:review(?:s|er|ers|ed)?|critics?|critiques?|write-?ups?)\b", re.IGNORECASE)
UNNAMED = compiled(rf"he|she|his|her|their|{SOMEBODY}", re.IGNORECASE)
ONE = compiled(
    r"(?:,|\b(?:in|just|only|with|give me)) (?:one|1|a) (?:\w+ )?(?:line|sentence)\b|\bone[- ]liner\b", re.IGNORECASE
)
"""How somebody asks for one sentence."""


def _of_review(passages: Sequence[Passage], desk: Desk, most: int) -> list[Finding]:
    """What carries a review, and, for the other half, what it thinks of its subject."""
    opinions = judging(passages, desk, most // 2)
    told = {finding.answer for finding in opinions}
    lead = [f for f in carrying(passages, desk, most - len(opinions)) if f.answer not in told]
    return sorted([*lead, *opinions], key=lambda finding: finding.answer.start)


def judging(passages: Sequence[Passage], desk: Desk, most: int) -> list[Finding]:
    """The sentences that say what is thought of a work."""
    return carrying(passages, desk, most, _of_opinions(desk))


def _from_first_question(document: Document) -> list[Unit]:
    """The turns of a talk without what somebody says in front of the first question; all where nobody asks."""
    told = list(units(document))
    return told[next((i for i, unit in enumerate(told) if unit.asks), 0) :]


def _exchanged(document: Document, passages: Sequence[Passage], desk: Desk, most: int) -> list[Finding]:
    """One sentence of what follows each question of a talk, then another, until there are as many as wanted.

    What was talked of is what was asked; a talk's most central sentences would all be of one answer. Of each they are
    the nearest to the question and to what was said of it.
    """
    exchanges: list[list[Unit]] = []
    for unit in _from_first_question(document):
        if not exchanges or unit.asks:
            # "How so?" asks for more of what was said last.
            more = bool(exchanges) and GOES_ON.fullmatch(unit.words) is not None
            exchanges.append([exchanges[-1].pop()] if more and len(exchanges[-1]) > 2 else [])
        exchanges[-1].append(unit)
    exchanges = [told for told in exchanges if not all(unit.asks for unit in told)]
    if len(exchanges) > most:  # the longest are what it is about
        longest = sorted(exchanges, key=lambda told: told[0].span.start - told[-1].span.end)[:most]
        exchanges = [told for told in exchanges if told in longest]
    found: list[Finding] = []
    for i, told in enumerate(exchanges):
        vectors = desk.encoder.encode([told[0].words, " ".join(unit.words for unit in told)])
        after = frozenset(unit.span.start for unit in (told[0], *(b for a, b in pairwise(told) if a.asks)))
        gist = Topic(vectors.mean(axis=0, keepdims=True), told=after)
        count = most // len(exchanges) + (i < most % len(exchanges))
        found += carrying(passages, desk, count, gist, [unit.span for unit in told if not unit.asks])
    return found


GOES_ON = compiled(
    r"\W*(?:and |but |so )?(?:how (?:so|come|exactly)|in what (?:way|sense)|why(?: (?:is that|not|so))?|really|"
    r"what do you mean|for example|such as|like what|meaning|what else|anything else|then what)\W*",
    re.IGNORECASE,
)
"""How somebody asks to hear more of the same."""
OF_TALK = 7
"""Sentences of a talk by itself: what was asked, and what was told of it."""
OF_LEAD = 2
"""Sentences up to which those in front of a talk tell best what it is about."""
FEWEST_ANSWERS = 3
"""Turns from which on a text is a talk."""


def _read(query: Query, desk: Desk, ranked: Sequence[ScoredPassage]) -> list[Entry]:
    """What the reader takes for an answer to what an overview is asked of, told in other words than the topic's."""
    asked = replace(query, text=f"{query.subject}?", kind="value")
    likely = [w.finding for w in desk.each(asked, ranked) if w.probability >= LIKELY][:MOST_TOLD]
    return [Entry((_whole(finding.passage, finding.quote),), label=finding.passage.title) for finding in likely]


LIKELY, MOST_TOLD = 0.15, 4
"""Probability from which a passage answers what an overview is asked of in other words, and how many do."""


def _named(phrase: str, desk: Desk) -> Scope | None:
    """What a phrase names: a text by who signed it, a document, or a section; a talk by any word for one."""
    if not phrase:
        return None
    found = _signed(phrase, desk) or resolve(phrase, desk.documents, partial(sections_of, desk))
    if (found is None or not found.named) and CONVERSATION.search(phrase):
        return resolve(CONVERSATION.sub("interview", phrase), desk.documents, partial(sections_of, desk)) or found
    return found


CONVERSATION = compiled(
    r"\b(?:conversation|chat|discussion|dialogue|exchange|q ?(?:&|and|n) ?a|sit-down)\b", re.IGNORECASE
)


def _signed(phrase: str, desk: Desk) -> Scope | None:
    """The section with the text of somebody whom a phrase names: "the TomReed write-up"."""
    asked = "".join(words(phrase))
    for passage in desk.about(phrase):
        for work in works(desk.documents[passage.path], passage):
            name = "".join(words(passage.reads(work.name)))
            if work.made in OF_TEXT and len(name) >= SHORTEST and name in asked:
                return Scope(frozenset({passage.path}), passage.section)
    return None


def spoken(name: str, documents: Mapping[str, Document]) -> dict[str, list[Span]]:
    """By path, the turns of whoever has this name in a talk."""
    asked = set(words(name))
    turns = {
        path: [unit.span for unit in units(document) if asked <= set(words(unit.speaker))]
        for path, document in documents.items()
        if asked
    }
    return {path: spans for path, spans in turns.items() if spans}


def carrying(
    passages: Sequence[Passage],
    desk: Desk,
    most: int,
    topic: Topic | None = None,
    within: Sequence[Span] | None = None,
) -> list[Finding]:
    """The sentences of one source that carry it, or that speak of a topic, in their order there.

    ``within`` holds them to what one person says.
    """
    told = [(p, s) for p in passages if row_of(p) is None for s in p.sentences]
    if within is not None:
        told = [(p, s) for p, s in told if any(span.holds(s) for span in within)]
    often = Counter(p.reads(s) for p, s in told)
    # What is said again in the same words is a caption or a head, if it is no sentence.
    told = [(p, s) for p, s in told if often[p.reads(s)] == 1 or _is_sentence(p.reads(s))] or told
    # What is asked tells nothing of what is answered.
    told = [(p, s) for p, s in told if not p.reads(s).rstrip(" \"”’'").endswith("?")] or told
    under = {p.passage_id for p, _ in told if topic and topic.heads(p)}
    longest = LONGEST if topic is None or topic.side is None else LONGEST_OF_SIDE
    sentences = [(p, s) for p, s in told if p.passage_id in under or SHORTEST <= len(p.reads(s).split()) <= longest][
        :READ
    ] or told[:most]
    if not sentences and within is None:
        sentences = [(p, s) for p in passages for s in p.sentences][:most]
    if not sentences:
        return []
    texts = [passage.reads(span) for passage, span in sentences]
    vectors = desk.encoder.encode(texts)
    begins = list(range(len(sentences)))
    dangling: set[int] = set()
    if topic and topic.told is not None:
        turn = [next((span.start for span in within or () if span.holds(s)), -1) for _, s in sentences]
        first = {next((s.start for p in passages for s in p.sentences if span.holds(s)), -1) for span in within or ()}
        said = [SPEAKER.sub("", text) for text in texts]
        for i in range(len(begins)):
            while i - begins[i] < BEFORE and LEANS.search(said[begins[i]]) and _follows(sentences, turn, begins[i]):
                begins[i] -= 1
        leaning = {i for i, begin in enumerate(begins) if LEANS.search(said[begin])}
        opening = {i for i, begin in enumerate(begins) if sentences[begin][1].start in first}
        dangling = leaning - {i for i in opening if turn[i] in topic.told}
        scores = [
            near
            + (OF_FIRST if i in opening - leaning else -OF_LEANING if i in dangling else -OF_ANSWER * (i in leaning))
            if END.search(said[i]) and len(said[i].split()) >= SHORTEST
            else -1.0
            for i, near in enumerate(topic.nearness(vectors).tolist())
        ]
    elif topic and not topic.words:
        scores = [
            near + topic.section * bool(OPINION_HEAD.search(p.section or "")) if _is_sentence(t) else -1.0
            for (p, _), near, t in zip(sentences, topic.nearness(vectors).tolist(), texts, strict=True)
        ]
    elif topic:
        nearness = topic.nearness(vectors).tolist()
        read = [
            f"{p.section} {text}" if p.passage_id in under else text
            for (p, _), text in zip(sentences, texts, strict=True)
        ]
        scores = [cosine + OF_WORDS * topic.share(text) for cosine, text in zip(nearness, read, strict=True)]
    else:
        centrality = (vectors @ vectors.mean(axis=0)).tolist()
        whole = [bool(END.search(text)) for text in texts]
        scores = [
            central + _bonus(place, passage, text) if is_whole or not any(whole) else -1.0
            for central, (passage, _), text, is_whole, place in zip(
                centrality, sentences, texts, whole, accumulate(whole, initial=0), strict=False
            )
        ]
    chosen: list[int] = []
    for i in sorted(range(len(scores)), key=lambda i: (-round(scores[i], 5), i)):
        if topic and scores[i] < (NEAR if topic.told is None else 0):
            break
        if chosen and i in dangling:
            continue
        apart = all(float(vectors[i] @ vectors[j]) < DOUBLE and (i < begins[j] or j < begins[i]) for j in chosen)
        if len(chosen) < most and apart:
            chosen.append(i)
    return [_whole(sentences[i][0], Span(sentences[begins[i]][1].start, sentences[i][1].end)) for i in sorted(chosen)]


def _follows(sentences: Sequence[tuple[Passage, Span]], turn: Sequence[int], i: int) -> bool:
    """Whether a sentence goes on in the same turn and passage as the one before it."""
    return i > 0 and turn[i - 1] == turn[i] and sentences[i - 1][0] is sentences[i][0]


OF = compiled(r" (?:of|in|at|on|for|from|with|about) ")
LACKING = -1 / 3
OF_WORDS = 0.3
NEAR = 0.3
"""What all words of the topic add to a sentence's cosine, and from which sum on it speaks of the topic."""


def _bonus(place: int, passage: Passage, text: str) -> float:
    """What speaks for a sentence beside its centrality: it comes first, says what the text does, is of the abstract.

    Against it speaks that it leans on the one before.
    """
    first = 0.25 if place == 0 else 0.12 if place == 1 else 0.0
    section = 0.2 if TELLING_SECTION.search(passage.section or "") else 0.0
    telling = 0.3 if TELLING.search(text) or (place == 0 and DEFINING.match(text)) else 0.0
    return first + section + telling - (0.3 if LEANING.match(SPEAKER.sub("", text)) else 0.0)


def _is_sentence(text: str) -> bool:
    """Whether a text is a sentence of prose."""
    return len(text.split()) >= PROSE and END.search(text) is not None


PROSE = 10
END = compiled(r"[.!?…][\"”’')\]]*$")
"""How a sentence ends, and a line such as "Runtime: 92 minutes" does not."""
LEANING = compiled(r"[\"“']?(?:he|she|they|him|her|his|its|their|and|but|so|then|or|also|yes|no|oh)\b", re.IGNORECASE)
"""How a sentence begins that leans on the one before it."""
LEANS = compiled(
    rf"^(?:{LEANING.pattern}|[\"“']?(?:you|well|besides|really|just|especially|such|that|there|yet)\b)|\b(?:him|he|"
    rf"she)\b",
    re.IGNORECASE,
)
"""How one does that is said in a talk, or whom else it is about only the one before says."""
SPEAKER = compiled(rf"^{NAME}:\s+")
BEFORE = 3
"""Sentences at most that are quoted with one that leans on them."""
OF_FIRST, OF_ANSWER, OF_LEANING = 0.2, 0.1, 0.3
"""What speaks for the first sentence of a turn, against one that leans on its question, and on more than that."""


def _whole(passage: Passage, span: Span) -> Finding:
    return Finding(passage, span, span)
