"""The reader without a model: the best sentence of the best passage. The baseline that ``SpanReader`` is held to."""

import re
from collections.abc import Sequence

from qa.models.card import Logistic
from qa.types import Finding, Query, Reading, Reason, ScoredPassage, Weighed

MAX_CITATIONS = 3
NEAR_DUPLICATE = 0.8
CLOSE_SCORE = 0.9


class SentenceReader:
    """Answers with the best sentence of the best passage; abstains where the sources are about something else.

    ``confidence`` is the logistic estimate that the question is about this corpus at all, from the cosine of the
    best sentence and the share of the question's words that the passage holds. Similarity cannot tell whether
    a question on the topic is answered: on the invented films its area under the ROC curve is 0.43.
    """

    MODEL = Logistic(-4.35, {"sentence_cosine": 10.59, "coverage": 1.79}, threshold=0.20)

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match`` (nothing was retrieved) and ``off_topic``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        confidence = self.MODEL.probability(ranked[0].parts)
        findings = tuple(
            Finding(scored.passage, scored.passage.span, scored.best_sentence) for scored in distinct(ranked)
        )
        reason: Reason | None = None if confidence >= self.MODEL.threshold else "off_topic"
        return Reading(findings, confidence, reason, (), dict(ranked[0].parts))

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``."""
        found = []
        for scored in ranked:
            probability = self.MODEL.probability(scored.parts)
            finding = Finding(scored.passage, scored.passage.span, scored.best_sentence)
            found.append(Weighed(finding, probability, probability >= self.MODEL.threshold))
        return found


def distinct(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The first passages worth citing: near the first in score, and what is said twice once a source."""
    chosen: list[ScoredPassage] = []
    for scored in ranked:
        if len(chosen) == MAX_CITATIONS:
            break
        doubles = [other for other in chosen if _nearly_same(scored, other)]
        if any(other.passage.doc_id == scored.passage.doc_id for other in doubles):
            continue
        if doubles or not chosen or scored.score >= CLOSE_SCORE * chosen[0].score:
            chosen.append(scored)
    return chosen


def _nearly_same(one: ScoredPassage, other: ScoredPassage) -> bool:
    first, second = (
        set(re.findall(r"\w+", scored.passage.reads(scored.best_sentence).lower())) for scored in (one, other)
    )
    return bool(first) and len(first & second) >= NEAR_DUPLICATE * min(len(first), len(second))
