"""What every form of answer works with: the search, the reader and the documents of one library."""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qa.ask.fitting import CALENDAR
from qa.ask.reader import Reader, sentences_around
from qa.models.encoder import Encoder
from qa.patterns import compiled
from qa.search.retriever import Retriever
from qa.search.store import Store, Within
from qa.search.words import content_words, stem, words
from qa.text import Span
from qa.types import Document, Finding, Formed, Passage, Query, Reading, ScoredPassage, Weighed

CANDIDATES = 24
"""Passages that the reader sees."""
ABOUT = 200
"""Passages by each score that may say what a phrase is."""


class Desk(Struct, frozen=True):
    """A library's parts, and the way back into it for a part of a question: it is understood and answered as any is.

    ``within`` holds every search to some passages, such as those of a source that was named.
    """

    store: Store
    retriever: Retriever
    reader: Reader
    encoder: Encoder
    documents: Mapping[str, Document]
    understand: Callable[[str, Sequence[str]], Query]
    answer: "Callable[[Query, Desk], Formed]"
    within: Within | None = None
    depth: int = CANDIDATES

    def held_to(self, within: Within | None) -> "Desk":
        """The same desk, its searches held to these passages as well."""
        if self.within is None or within is None:
            return replace(self, within=within or self.within)
        return replace(self, within=self.within & within)

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages nearest to a query, best first."""
        return self.retriever.retrieve(query, self.depth, self.within)

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """What the reader makes of the best of them."""
        return self.reader.read(query, ranked[:CANDIDATES])

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """Every passage's finding with the reader's probability, best first."""
        return self.reader.each(query, ranked[:CANDIDATES])

    def passages(self) -> list[Passage]:
        """Every passage that is searched, in order."""
        return list(self.store.scan(self.within))

    def about(self, phrase: str) -> list[Passage]:
        """The passages that have the words of a phrase or are near to it, ``ABOUT`` by each score, in order.

        In a corpus of fewer all of them: what a form looks for must not take longer in a larger one.
        """
        terms = [stem(word) for word in words(phrase)]
        found = self.store.search(self.encoder.encode([phrase]), terms, ABOUT, self.within)
        return sorted((one.passage for one in found), key=lambda passage: (passage.path, passage.start))

    def section(self, passage: Passage) -> list[Passage]:
        """Every passage that is searched of the section of one, in order."""
        near = self.held_to(Within(frozenset({passage.path}))).passages()
        return [other for other in near if other.section == passage.section]


def sentences_of(scored: ScoredPassage) -> list[ScoredPassage]:
    """The sentences of a passage as passages of their own, which the reader judges one by one."""
    passage = scored.passage
    if len(passage.sentences) == 1:
        return [scored]
    return [replace(scored, passage=passage.alone(span), best_sentence=span) for span in passage.sentences]


def finding_at(passage: Passage, answer: Span) -> Finding:
    """An answer at its place, with its sentences as the quote."""
    return Finding(passage, sentences_around(passage, answer), answer)


def matched(passage: Passage, match: re.Match[str], group: int | str = 0) -> Finding:
    """What a pattern found in the text of a passage, at its place."""
    return finding_at(passage, Span(*(passage.start + at for at in match.span(group))))


def following(desk: Desk, finding: Finding) -> tuple[Passage, Span] | None:
    """The sentence behind an answer in its section, with its passage."""
    told = ((passage, sentence) for passage in desk.section(finding.passage) for sentence in passage.sentences)
    return next((one for one in told if one[1].start >= finding.answer.end), None)


def as_finding(scored: ScoredPassage, sentence: Span | None = None) -> Finding:
    """A whole sentence as answer and quote."""
    span = sentence or scored.best_sentence
    return Finding(scored.passage, span, span)


def refused(reading: Reading) -> Reading:
    """A reading whose answer is withheld: it is not what was asked for."""
    return replace(reading, findings=(), rivals=(), reason="weak_match")


def alike(one: str, other: str) -> bool:
    """Whether two words are of one stem, or one begins the other: "keeper" and "keeps"."""
    a, b = stem(one.lower()), stem(other.lower())
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3)


DAY = rf"{CALENDAR}|weekends?|weekdays?"
QUALIFIER = compiled(rf"\b(?:{DAY}|\d+)\b", re.IGNORECASE)
NAME = compiled(r"(?<=[\w,] )[A-Z][\w'’-]+")


def qualifiers(query: Query) -> list[str]:
    """The words of a question that hold its answer to a day, a year or a name."""
    found = [match[0] for match in QUALIFIER.finditer(query.text)]
    found += [word for name in NAME.findall(query.text) for word in content_words(name)]
    return list(dict.fromkeys(stem(word.lower()) for word in found))


def holding(query: Query, ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The passages that hold each day, year and name of the question that any of them holds."""
    wanted = qualifiers(query)
    held = {s.passage.passage_id: {stem(w) for w in content_words(read_whole(s.passage))} for s in ranked}
    told = [word for word in wanted if any(word in known for known in held.values())]
    return [s for s in ranked if all(word in held[s.passage.passage_id] for word in told)] or list(ranked)


def not_told(query: Query, ranked: Sequence[ScoredPassage]) -> bool:
    """Whether the question is held to a weekday or a year that nothing near it speaks of."""
    wanted = [stem(match[0].lower()) for match in HELD_TO.finditer(query.text)]
    held = {stem(word) for s in ranked for word in words(read_whole(s.passage))}
    return any(word not in held for word in wanted)


HELD_TO = compiled(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:1[5-9]|20)\d\d)\b", re.IGNORECASE)


def read_whole(passage: Passage) -> str:
    """A passage with its context, as models read it."""
    return f"{passage.context} {passage.plain.text}"
