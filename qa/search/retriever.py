"""Rank passages for a query: dense on the passage, dense on its best sentence, BM25, fused into one score."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from qa.models.card import FusionWeights
from qa.models.encoder import Encoder
from qa.search.store import Candidate, Store, Within
from qa.search.words import stem, words
from qa.types import Passage, Query, ScoredPassage


class Retriever(Protocol):
    """Ranks passages of one corpus."""

    def retrieve(self, query: Query, top_k: int, within: Within | None = None) -> list[ScoredPassage]:
        """The best ``top_k`` passages, best first; the order is total: score, then passage id.

        ``within`` holds the search to some passages.
        """
        ...


class HybridRetriever(Struct, frozen=True):
    """Takes the best passages by each of three scores and fuses the scores over all of those."""

    store: Store
    encoder: Encoder
    weights: FusionWeights

    def retrieve(self, query: Query, top_k: int, within: Within | None = None) -> list[ScoredPassage]:
        """See ``Retriever``."""
        vector, terms = self.encoder.encode([query.text]), [stem(word) for word in query.known]
        found = self.store.search(vector, terms, top_k, within)
        if not found:
            return []
        fused = self._fused(found)
        ranked = sorted(range(len(found)), key=lambda i: (-round(float(fused[i]), 6), found[i].passage.passage_id))
        return [self._scored(found[i], float(fused[i]), query) for i in ranked[:top_k]]

    def _fused(self, found: Sequence[Candidate]) -> NDArray[np.float32]:
        """One score a candidate: each of the three stretched to 0..1 over the candidates, then weighted."""
        scores = np.array([(c.passage_cosine, c.sentence_cosine, c.bm25) for c in found], np.float32)
        shares = np.array([self.weights.passage, self.weights.sentence, self.weights.bm25], np.float32)
        return np.asarray(np.stack([normalise(column) for column in scores.T], axis=1) @ shares, np.float32)

    @staticmethod
    def _scored(candidate: Candidate, score: float, query: Query) -> ScoredPassage:
        parts = {
            "passage_cosine": candidate.passage_cosine,
            "sentence_cosine": candidate.sentence_cosine,
            "bm25": candidate.bm25,
            "coverage": coverage(query, candidate.passage),
        }
        passage = candidate.passage
        return ScoredPassage(passage, score, parts, passage.sentences[candidate.best_sentence])


def coverage(query: Query, passage: Passage) -> float:
    """The share of the query's content words that a passage and its context hold."""
    asked = {stem(word) for word in (*query.known, *query.unknown)}
    held = {stem(word) for word in words(f"{passage.context} {passage.plain.text}")}
    return len(asked & held) / len(asked) if asked else 0.0


def normalise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores moved and stretched to 0..1; all zero where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.zeros_like(scores)
    return (scores - low) / (high - low)
