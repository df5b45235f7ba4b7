"""The store of a build: its segments searched as one, exactly, by inner products and BM25 over mapped arrays."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from qa.models.encoder import Vectors
from qa.search.bm25 import Bm25, Scored
from qa.search.segment import Segment
from qa.search.store import Candidate, Within
from qa.types import Passage

PRESELECTED = 4096
"""Passages by each of the other scores whose sentences are compared with the query; in a corpus of fewer, all are."""


class SegmentStore:
    """See ``Store``. A row is counted through all segments in their order."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._firsts = list(accumulate(map(len, segments), initial=0))

    @cached_property
    def _bm25(self) -> Bm25:
        return Bm25([segment.postings for segment in self._segments])

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """See ``Store``; every passage vector is looked at, and the sentences of the ``PRESELECTED`` passages."""
        allowed = None if within is None else np.array(list(self._rows(within)), np.int64)
        if not self.count() or (allowed is not None and not len(allowed)):
            return []
        # Not by ``@``: its library wakes a thread for each processor and lets them wait in loops, which costs ten times
        # the processor time of the sums.
        cosines = np.concatenate([np.vecdot(part.vectors, vector[0]) for part in self._segments if len(part)])
        words = self._bm25.scores(terms)
        if allowed is not None:
            kept = np.isin(words.rows, allowed)
            words = Scored(words.rows[kept], words.scores[kept])
        near = Scored(np.arange(len(cosines)), cosines) if allowed is None else Scored(allowed, cosines[allowed])
        preselected = union(best(near, PRESELECTED), best(words, PRESELECTED))
        sentences, starts = self._sentences(preselected, vector)
        said = Scored(preselected, np.maximum.reduceat(sentences, starts[:-1]))
        rows = union(best(near, k), best(said, k), best(words, k))
        lexical = dict(zip(words.rows.tolist(), words.scores.tolist(), strict=True))
        found = []
        for row, place in zip(rows.tolist(), np.searchsorted(preselected, rows).tolist(), strict=True):
            own = sentences[starts[place] : starts[place + 1]]
            first = int(np.argmax(own))
            found.append(
                Candidate(self._passage(row), float(cosines[row]), float(own[first]), lexical.get(row, 0.0), first)
            )
        return sorted(found, key=lambda candidate: candidate.passage.passage_id)

    def _sentences(self, rows: NDArray[np.int64], vector: Vectors) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The cosines of the sentences of some rows' passages, one passage after another, and where each begins."""
        cosines, counts = list[NDArray[np.float32]](), list[NDArray[np.int64]]()
        for segment, first, last in zip(self._segments, self._firsts, self._firsts[1:], strict=False):
            here = rows[np.searchsorted(rows, first) : np.searchsorted(rows, last)] - first
            if not len(here):
                continue
            begins = segment.first_sentences[here]
            count = segment.first_sentences[here + 1] - begins
            ends = np.cumsum(count)
            places = np.repeat(begins - ends + count, count) + np.arange(ends[-1])
            cosines.append(np.vecdot(segment.sentence_vectors[places], vector[0]))
            counts.append(count)
        return np.concatenate(cosines), np.concatenate([[0], np.cumsum(np.concatenate(counts))])

    def _rows(self, within: Within) -> Iterator[int]:
        """The rows of the passages that a search is held to."""
        for segment, first in zip(self._segments, self._firsts, strict=False):
            for path in segment.places:
                if path in within.paths:
                    for row in segment.rows(path):
                        if within.section is None or segment.passage(row).section == within.section:
                            yield first + row

    def _passage(self, row: int) -> Passage:
        place = int(np.searchsorted(self._firsts, row, "right")) - 1
        return self._segments[place].passage(row - self._firsts[place])

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """See ``Store``; reads every passage."""
        found = {passage.passage_id: passage for passage in self.scan()}
        return [found[passage_id] for passage_id in passage_ids]

    def find(self, path: str, start: int) -> Passage | None:
        """The passage of a document that begins at a place of its text."""
        for segment in self._segments:
            if path in segment.places:
                rows = segment.rows(path)
                at = bisect_left(rows, start, key=lambda row: segment.passage(row).start)
                found = segment.passage(rows[at]) if at < len(rows) else None
                return found if found is not None and found.start == start else None
        return None

    def scan(self, within: Within | None = None) -> Iterator[Passage]:
        """See ``Store``."""
        return map(self._passage, range(self.count()) if within is None else self._rows(within))

    def count(self) -> int:
        """See ``Store``."""
        return self._firsts[-1]


def union(*rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows that are in any, each once, in order."""
    # Without the inverse numpy imports its masked arrays, which takes longer than to search.
    return np.unique(np.concatenate(rows), return_inverse=True)[0]


def best(scored: Scored, k: int) -> NDArray[np.int64]:
    """The ``k`` rows of the highest scores, in order of row; of equal scores the smaller row."""
    if len(scored.rows) <= k:
        return scored.rows
    bar = np.partition(scored.scores, -k)[-k]
    above = scored.rows[scored.scores > bar]
    return np.sort(np.concatenate([above, scored.rows[scored.scores == bar][: k - len(above)]]))
