"""The store in a folder: exact inner products by FAISS, BM25 from mapped arrays. The only importer of faiss.

::

    passages.jsonl          one passage a line, for people and for loading
    passages.faiss          row i: passage i with its context
    sentences.faiss         a row a sentence with its passage's context, in order of passages
    bm25/                   see ``qa.search.bm25``
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.jsonl import json_line
from qa.models.encoder import Vectors
from qa.search.bm25 import Bm25, Scored
from qa.search.store import Candidate, Entry, Within
from qa.text import Mark, Span
from qa.types import Passage

AT_ONCE = 1024
"""Entries whose vectors are put in together."""
SENTENCES_A_PASSAGE = 4
"""So many sentences are searched for each passage that is wanted, since several may be of one passage."""


class FaissStore:
    """See ``Store``. What changes it rebuilds its arrays; opened from a folder it only maps them."""

    def __init__(
        self,
        passages: Sequence[Passage],
        passage_vectors: faiss.Index,
        sentence_vectors: faiss.Index,
        bm25: Bm25,
        terms: Sequence[tuple[str, ...]] | None = None,
    ) -> None:
        self._fill(passages, passage_vectors, sentence_vectors, bm25, terms)

    def _fill(
        self,
        passages: Sequence[Passage],
        passage_vectors: faiss.Index,
        sentence_vectors: faiss.Index,
        bm25: Bm25,
        terms: Sequence[tuple[str, ...]] | None,
    ) -> None:
        self._passages = list(passages)
        self._passage_vectors = passage_vectors
        self._sentence_vectors = sentence_vectors
        self._bm25 = bm25
        self._terms = terms
        self._rows = {passage.passage_id: row for row, passage in enumerate(self._passages)}
        counts = [len(passage.sentences) for passage in self._passages]
        self._first_sentence = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @classmethod
    def of(cls, entries: Iterable[Entry], dimension: int) -> "FaissStore":
        """A store of entries, whose vectors have this dimension."""
        return cls(*_parts(entries, dimension))

    def save(self, folder: Path) -> None:
        """Write the store into a folder that is there."""
        for name, vectors in (("passages", self._passage_vectors), ("sentences", self._sentence_vectors)):
            # Into a file of our own: FAISS says nothing where a full disk takes only a part.
            with (folder / f"{name}.faiss").open("wb") as file:
                faiss.write_index(vectors, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
        self._bm25.save(folder / "bm25")
        with (folder / "passages.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            for passage in self._passages:
                file.write(json_line(passage))

    @classmethod
    def load(cls, folder: Path) -> "FaissStore":
        """Read what ``save`` wrote."""
        with (folder / "passages.jsonl").open(encoding="utf-8", newline="\n") as lines:
            passages = [read_passage(line) for line in lines]
        passage_vectors, sentence_vectors = (
            faiss.read_index(str(folder / name)) for name in ("passages.faiss", "sentences.faiss")
        )
        return cls(passages, passage_vectors, sentence_vectors, Bm25.load(folder / "bm25"))

    def entries(self) -> Iterator[Entry]:
        """What the store was made of; of one that was loaded the terms are not known, and are empty."""
        passages = self._passage_vectors.reconstruct_n(0, len(self._passages))
        sentences = self._sentence_vectors.reconstruct_n(0, self._sentence_vectors.ntotal)
        for row, passage in enumerate(self._passages):
            first, last = self._first_sentence[row : row + 2]
            yield Entry(passage, passages[row], sentences[first:last], self._terms[row] if self._terms else ())

    def upsert(self, entries: Sequence[Entry]) -> None:
        """See ``Store``."""
        kept = {entry.passage.passage_id: entry for entry in self.entries()}
        self._become(kept | {entry.passage.passage_id: entry for entry in entries})

    def delete(self, passage_ids: Iterable[str]) -> None:
        """See ``Store``."""
        gone = frozenset(passage_ids)
        self._become({e.passage.passage_id: e for e in self.entries() if e.passage.passage_id not in gone})

    def _become(self, entries: dict[str, Entry]) -> None:
        if self._terms is None and self._passages:
            raise ValueError("a store that was loaded from a build is not changed; build another")
        self._fill(*_parts(list(entries.values()), self._passage_vectors.d))

    def search(self, vector: Vectors, terms: Sequence[str], k: int, within: Within | None = None) -> list[Candidate]:
        """See ``Store``; only the exact search of the vectors looks at every passage."""
        allowed = self._allowed(within)
        if not self._passages or (allowed is not None and not len(allowed)):
            return []
        near = _nearest(self._passage_vectors, vector, k, allowed)
        sentences = _nearest(self._sentence_vectors, vector, k * SENTENCES_A_PASSAGE, self._sentence_rows(allowed))
        owners = list(dict.fromkeys((np.searchsorted(self._first_sentence, sentences, "right") - 1).tolist()))
        words = self._bm25.scores(terms)
        if allowed is not None:
            kept = np.isin(words.rows, allowed)
            words = Scored(words.rows[kept], words.scores[kept])
        order = np.lexsort((words.rows, -words.scores))[:k]
        lexical = dict(zip(words.rows.tolist(), words.scores.tolist(), strict=True))
        rows = {*near.tolist(), *owners[:k], *words.rows[order].tolist()}
        return [
            self._candidate(row, vector, lexical.get(row, 0.0))
            for row in sorted(rows, key=lambda row: self._passages[row].passage_id)
        ]

    def _allowed(self, within: Within | None) -> NDArray[np.int64] | None:
        """The rows of the passages that are searched; None is all of them."""
        if within is None:
            return None
        return np.array([row for row, passage in enumerate(self._passages) if within(passage)], np.int64)

    def _sentence_rows(self, allowed: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
        if allowed is None:
            return None
        firsts, lasts = self._first_sentence[allowed], self._first_sentence[allowed + 1]
        return np.concatenate([np.arange(first, last) for first, last in zip(firsts, lasts, strict=True)])

    def _candidate(self, row: int, vector: Vectors, bm25: float) -> Candidate:
        first, last = (int(edge) for edge in self._first_sentence[row : row + 2])
        sentences = self._sentence_vectors.reconstruct_n(first, last - first) @ vector[0]
        best = int(np.argmax(sentences))
        cosine = float(self._passage_vectors.reconstruct(row) @ vector[0])
        return Candidate(self._passages[row], cosine, float(sentences[best]), bm25, best)

    def get(self, passage_ids: Sequence[str]) -> list[Passage]:
        """See ``Store``."""
        return [self._passages[self._rows[passage_id]] for passage_id in passage_ids]

    def scan(self) -> Iterator[Passage]:
        """See ``Store``."""
        return iter(self._passages)

    def count(self) -> int:
        """See ``Store``."""
        return len(self._passages)


def _parts(
    entries: Iterable[Entry], dimension: int
) -> tuple[list[Passage], faiss.Index, faiss.Index, Bm25, list[tuple[str, ...]]]:
    """What a store is made of; entries are taken as they come, so that their vectors are held once."""
    passages: list[Passage] = []
    terms: list[tuple[str, ...]] = []
    vectors, sentences = faiss.IndexFlatIP(dimension), faiss.IndexFlatIP(dimension)
    waiting: list[Entry] = []
    for entry in chain(entries, (None,)):
        if waiting and (entry is None or len(waiting) == AT_ONCE):
            vectors.add(np.stack([one.vector for one in waiting]))
            sentences.add(np.concatenate([one.sentence_vectors for one in waiting]))
            waiting = []
        if entry is not None:
            waiting.append(entry)
            passages.append(entry.passage)
            terms.append(entry.terms)
    return passages, vectors, sentences, Bm25.build(terms), terms


def _nearest(
    index: faiss.Index, vector: Vectors, k: int, allowed: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """The rows of the nearest vectors, nearest first, of the allowed rows if some are named."""
    if allowed is None:
        _, rows = index.search(vector, min(k, index.ntotal))
    else:
        only = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        _, rows = index.search(vector, min(k, len(allowed)), params=only)
    return np.asarray(rows[0], np.int64)


def read_passage(line: str) -> Passage:
    """A passage from its line of ``passages.jsonl``."""
    fields = json.loads(line)
    fields["sentences"] = tuple(Span(*span) for span in fields["sentences"])
    fields["marks"] = tuple(Mark(*mark) for mark in fields["marks"])
    return Passage(**fields)
