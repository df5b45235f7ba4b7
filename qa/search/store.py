"""What a retriever searches: passages with their vectors and words. The protocol, and a store in memory for tests.

A store may lie in the folder of a build (``qa.search.segment_store``), be changed in place, or live on another machine;
ids are the passages' own, so that putting an entry in again changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct

from qa.models.encoder import Vectors
from qa.search.bm25 import Bm25, Postings
from qa.types import Passage


class Entry(Struct, frozen=True):
    """A passage with what it is searched by.

    ``vector`` has shape (dimension,), ``sentence_vectors`` (sentences, dimension), all of unit length; ``terms`` are
    the stems that BM25 counts.
    """

    passage: Passage
    vector: Vectors
    sentence_vectors: Vectors
    terms: tuple[str, ...]


class Candidate(Struct, frozen=True):
    """A passage that a query found, with all three of its scores; ``best_sentence`` counts the passage's sentences."""

    passage: Passage
    passage_cosine: float
    sentence_cosine: float
    bm25: float
    best_sentence: int


class Within(Struct, frozen=True):
    """Which passages are searched: those of some documents, by path, and there of one section if one is named."""

    paths: frozenset[str]
    section: str | None = None

    def holds(self, passage: Passage) -> bool:
        """Whether a passage is searched."""
        return passage.path in self.paths and (self.section is None or passage.section == self.section)

    def __and__(self, other: "Within") -> "Within":
        sections = {self.section, other.section} - {None}
        return Within(frozenset() if len(sections) > 1 else self.paths & other.paths, next(iter(sections), None))


class Store(Protocol):
    """Passages by id, searched by vector and by words."""

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """The best ``k`` passages by each of the three scores, together, in order of passage id.

        ``vector`` is the query's, shape (1, dimension). Every candidate has all three scores, whichever found it.
        ``within`` says which passages are searched; None is all of them.
        """
        ...

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in this order; raises ``KeyError`` for one that is not there."""
        ...

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        """Every passage, or those that a search is held to, in order of path and of their places in a document."""
        ...

    def count(self) -> int:
        """How many passages there are."""
        ...


class LiveStore(Store, Protocol):
    """A store that is changed in place."""

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Put entries in, each in the place of one with the same passage id."""
        ...

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Take passages out; ids that are not there change nothing."""
        ...


class MemoryStore:
    """A store for tests that looks at every entry; what others find faster must be what it finds."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def upsert(self, entries: Sequence[Entry]) -> None:
        """See ``LiveStore``."""
        self._entries.update({entry.passage.passage_id: entry for entry in entries})

    def delete(self, passage_ids: Iterable[str]) -> None:
        """See ``LiveStore``."""
        for passage_id in passage_ids:
            self._entries.pop(passage_id, None)

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """See ``Store``."""
        entries = list(self._entries.values())
        words = Bm25([Postings.build([entry.terms for entry in entries])]).scores(terms)
        lexical = dict(zip(words.rows.tolist(), words.scores.tolist(), strict=True))
        found = []
        for row, entry in enumerate(entries):
            if within is not None and not within.holds(entry.passage):
                continue
            sentences = entry.sentence_vectors @ vector[0]
            best = int(np.argmax(sentences))
            cosine = float(entry.vector @ vector[0])
            found.append(Candidate(entry.passage, cosine, float(sentences[best]), lexical.get(row, 0.0), best))
        return union_of_best(found, k)

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """See ``Store``."""
        return [self._entries[passage_id].passage for passage_id in passage_ids]

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        """See ``Store``."""
        passages = sorted((entry.passage for entry in self._entries.values()), key=lambda p: (p.path, p.start))
        return (passage for passage in passages if within is None or within.holds(passage))

    def count(self) -> int:
        """See ``Store``."""
        return len(self._entries)


def union_of_best(candidates: Sequence[Candidate], k: int) -> list[Candidate]:
    """Those among the first ``k`` by any of the three scores; of equal ones the smaller id, no words find nothing."""
    chosen: dict[str, Candidate] = {}
    for name in ("passage_cosine", "sentence_cosine", "bm25"):
        ranked = sorted(candidates, key=lambda c: (-round(getattr(c, name), 6), c.passage.passage_id))
        hits = [candidate for candidate in ranked[:k] if name != "bm25" or candidate.bm25 > 0]
        chosen |= {candidate.passage.passage_id: candidate for candidate in hits}
    return [chosen[passage_id] for passage_id in sorted(chosen)]
