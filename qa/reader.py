"""From ranked passages to answers: the protocol, and the reader that answers with the best sentence."""

import math
import re
from collections.abc import Sequence
from typing import Protocol

from qa.retriever import best_sentence_text
from qa.types import Reading, ScoredPassage, Span

MAX_CITATIONS = 3
NEAR_DUPLICATE = 0.8
CLOSE_SCORE = 0.9


class Reader(Protocol):
    """Reads ranked passages: which spans answer, how sure that is, and whether to abstain."""

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """``reason`` is None when the reader stands by its first answer, else why it abstains."""
        ...


class SentenceReader:
    """Answers with the best sentence of the best passage; abstains where the sources are about something else.

    ``confidence`` is the logistic estimate that the question is about this corpus at all, from the cosine of the
    best sentence and the share of the question's words that the passage holds. Similarity cannot tell whether
    a question on the topic is answered: on the invented films its area under the ROC curve is 0.43.
    """

    COSINE, COVERAGE, INTERCEPT = 10.59, 1.79, -4.35
    THRESHOLD = 0.20

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match`` (nothing was retrieved) and ``off_topic``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        parts = ranked[0].parts
        logit = self.COSINE * parts["sentence_cosine"] + self.COVERAGE * parts["coverage"] + self.INTERCEPT
        confidence = 1 / (1 + math.exp(-logit))
        answers = tuple(
            (scored.passage, Span(scored.passage.start, scored.passage.end), scored.best_sentence)
            for scored in distinct(ranked)
        )
        reason = None if confidence >= self.THRESHOLD else "off_topic"
        return Reading(answers, confidence, reason, {"sentence_cosine": parts["sentence_cosine"], "logit": logit})


def distinct(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The first passages worth citing: near the first in score, and what is said twice once a source."""
    chosen: list[ScoredPassage] = []
    for scored in ranked:
        if len(chosen) == MAX_CITATIONS:
            break
        doubles = [other for other in chosen if _same(scored, other)]
        if any(other.passage.doc_id == scored.passage.doc_id for other in doubles):
            continue
        if doubles or not chosen or scored.score >= CLOSE_SCORE * chosen[0].score:
            chosen.append(scored)
    return chosen


def _same(one: ScoredPassage, other: ScoredPassage) -> bool:
    first, second = (set(re.findall(r"\w+", best_sentence_text(scored)[1].lower())) for scored in (one, other))
    return bool(first) and len(first & second) >= NEAR_DUPLICATE * min(len(first), len(second))
