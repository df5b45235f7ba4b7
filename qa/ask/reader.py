"""From ranked passages to answers: which span answers, what agrees with it, what differs, and whether to abstain.

``SpanReader`` is the heart of the system. ``SentenceReader`` needs no model and is the baseline it is held to.
"""

import math
import re
import string
from collections.abc import Mapping, Sequence
from typing import Protocol

from qa.models.cross_encoder import CrossEncoder, Judgement, View
from qa.search.lexical import content_words
from qa.types import Finding, Passage, Reading, ScoredPassage, Span, SpanAnswer

MAX_CITATIONS = 3
NEAR_DUPLICATE = 0.8
CLOSE_SCORE = 0.9


class Reader(Protocol):
    """Reads ranked passages: which spans answer, how sure that is, and whether to abstain."""

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """``reason`` is None when the reader stands by its first answer, else why it abstains."""
        ...


def logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The probability of a logistic model with an ``intercept``; every other weight names a feature.

    A ``threshold`` that is kept with the weights is not one of them.
    """
    named = {name: weight for name, weight in weights.items() if name not in ("intercept", "threshold")}
    logit = weights["intercept"] + sum(weight * features[name] for name, weight in named.items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


# --- spans ----------------------------------------------------------------------------------------------------

# Questions whose answer is one value, so that two sources can contradict one another.
ONE_VALUE = re.compile(
    r"\b(?:when|where|who|whose|how (?:many|much|long|old|big|tall|far|high|large)|what (?:year|date|age|day|number|"
    r"name|is the (?:name|title|budget|runtime|length|age|score|rating))|which (?:year|date|city|town|country|day|"
    r"month|edition|festival|award))\b",
    re.IGNORECASE,
)
WHY = re.compile(r"\bwhy\b", re.IGNORECASE)
VALUE_WORDS = 8
NUMBER_BAR = 0.4
"""Probability from which a passage counts where the answer is a number; elsewhere it needs the card's threshold.

Chosen with a reader to which 40 invented films were new: 24 of their 40 conflicts are shown, with 31 right rivals
and 14 wrong ones among all the answers (21, 28 and 10 at 0.5).
"""


def normalised(text: str) -> str:
    """SQuAD normalisation (Rajpurkar et al. 2016): lower case, no punctuation, no articles, single spaces."""
    text = "".join(" " if c in "–—-/" else c for c in text.lower() if c not in string.punctuation or c in "-/")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


MONTHS = "january february march april may june july august september october november december".split()
NUMERALS = "two three four five six seven eight nine ten eleven twelve".split()
SAME_TERM = {
    **{month: str(number) for number, month in enumerate(MONTHS, 1)},
    **{numeral: str(number) for number, numeral in enumerate(NUMERALS, 2)},
    **dict.fromkeys(("min", "mins", "minute"), "minutes"),
}
HOURS = re.compile(
    r"\b(\d+) ?h(?:(?:ou)?rs?)?(?![a-z])\.?(?: ?(?:and )?(\d+) ?m(?:in(?:ute)?s?)?(?![a-z]))?", re.IGNORECASE
)


def _terms(text: str) -> set[str]:
    """The words of an answer; months and numerals as numbers, hours as minutes, "07" and "7th" as 7."""
    text = HOURS.sub(lambda m: f"{60 * int(m[1]) + int(m[2] or 0)} minutes", text.replace("-", " "))
    terms = {SAME_TERM.get(word, word) for word in normalised(text).split()}
    return {re.sub(r"^0*(\d+)(?:st|nd|rd|th)?$", r"\1", term) for term in terms}


def same_answer(one: str, other: str) -> bool:
    """Whether two answers say the same: the words of one are among those of the other.

    >>> same_answer("2013-05-19", "19 May 2013"), same_answer("85th Academy Awards", "86th Academy Awards")
    (True, False)
    """
    fewer, more = sorted((_terms(one), _terms(other)), key=len)
    return bool(fewer) and fewer <= more


def has_number(text: str) -> bool:
    """Whether an answer holds a number, in digits or as a numeral."""
    return any(character.isdigit() for term in _terms(text) for character in term)


def comparable(one: str, other: str) -> bool:
    """Whether two different answers are values of one kind: both short, and both with a number or neither."""
    short = all(0 < len(normalised(text).split()) <= VALUE_WORDS for text in (one, other))
    return short and has_number(one) == has_number(other)


SHORT_QUOTE = 300
"""Characters below which a quote takes in neighbouring sentences: "It won there, too." proves nothing by itself."""


def sentences_around(passage: Passage, answer: Span) -> Span:
    """The sentences of a passage that an answer touches; those before, then those after, while the quote is short."""
    sentences = passage.sentences
    touched = [i for i, s in enumerate(sentences) if s.start < answer.end and answer.start < s.end]
    if not touched:
        return answer
    first, last = touched[0], touched[-1]
    while sentences[last].end - sentences[first].start < SHORT_QUOTE and (first > 0 or last + 1 < len(sentences)):
        first, last = (first - 1, last) if first > 0 else (first, last + 1)
    return Span(sentences[first].start, sentences[last].end)


class SpanReader:
    """Reads every passage with the cross-encoder; ranks, merges what agrees, sets apart what differs.

    The card of the model holds what was chosen on dev data: how logits and retrieval score rank passages
    (``rank``), the logistic model of the confidence (``confidence``), the ``threshold`` below which it abstains,
    and the model of a single passage's probability (``passage``).
    """

    def __init__(self, cross_encoder: CrossEncoder) -> None:
        self._cross_encoder = cross_encoder
        self._card = cross_encoder.card

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match``, ``off_topic``, ``unknown_name`` and ``weak_match``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        judged = self._cross_encoder.judge(question, [View(s.passage.context, s.passage.text) for s in ranked])
        if small_talk(question, ranked, judged):
            return Reading((), 0.0, "off_topic")
        order = self.order(ranked, judged, self._card["rank"])
        best = order[0]
        features = self.features(ranked, judged, order)
        confidence = logistic(self._card["confidence"], features)
        finding = _finding(question, ranked[best].passage, judged[best])
        if finding is None:
            return Reading((), 0.0, "no_match")
        findings, rivals = self._compare(question, ranked, judged, order, finding)
        reason = None if confidence >= self._card["threshold"] else _reason(features)
        return Reading(tuple(findings), confidence, reason, tuple(rivals), features)

    @staticmethod
    def order(ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], weights: Mapping[str, float]) -> list[int]:
        """Places of the passages, best first, by the weighted sum of logits and retrieval score."""

        def score(i: int) -> float:
            j = judged[i]
            return float(
                weights["answers"] * j.answers + weights["margin"] * j.margin + weights["retrieval"] * ranked[i].score
            )

        return sorted(range(len(ranked)), key=lambda i: (-round(score(i), 5), ranked[i].passage.passage_id))

    @staticmethod
    def features(
        ranked: Sequence[ScoredPassage], judged: Sequence[Judgement], order: Sequence[int]
    ) -> dict[str, float]:
        """What the confidence is made of.

        The best passage's logits and retrieval scores, the runner-up's logit, and how all the passages fare together:
        a question whose passages all seem to answer is rather one of a kind that the reader takes too lightly.
        """
        best = order[0]
        second = judged[order[1]].answers if len(order) > 1 else -10.0
        return {
            "answers": judged[best].answers,
            "margin": judged[best].margin,
            "second": second,
            "mean": sum(judgement.answers for judgement in judged) / len(judged),
            "retrieval": ranked[best].score,
            **{name: ranked[best].parts[name] for name in ("sentence_cosine", "unknown", "unknown_name")},
        }

    def _compare(
        self,
        question: str,
        ranked: Sequence[ScoredPassage],
        judged: Sequence[Judgement],
        order: Sequence[int],
        best: Finding,
    ) -> tuple[list[Finding], list[tuple[Finding, ...]]]:
        """Findings that agree with the best one, and groups of those that contradict it."""
        agreeing, rivals = [best], list[list[Finding]]()
        one_number = has_number(_text(best)) and not (FOR_SEVERAL.search(question) or WHY.search(question))
        one_value = one_number or ONE_VALUE.search(question) is not None
        threshold = self._card["passage"]["threshold"]
        bar = min(threshold, NUMBER_BAR) if one_number else threshold
        for i in order[1:]:
            features = {"answers": judged[i].answers, "margin": judged[i].margin}
            probability = logistic(self._card["passage"], features)
            finding = _finding(question, ranked[i].passage, judged[i])
            if finding is None or probability < bar:
                continue
            text = _text(finding)
            group = next((g for g in (agreeing, *rivals) if same_answer(_text(g[0]), text)), None)
            if group is not None:
                if (
                    all(finding.passage.doc_id != other.passage.doc_id for other in group)
                    and len(group) < MAX_CITATIONS
                ):
                    group.append(finding)
            elif one_value and all(
                comparable(_text(g[0]), text) and finding.passage.doc_id != g[0].passage.doc_id
                for g in (agreeing, *rivals)
            ):
                rivals.append([finding])
        return agreeing, [tuple(group) for group in rivals]


# Only a question for several things is answered over the end of a line.
FOR_SEVERAL = re.compile(
    r"\b(?:list|all|names|titles|who are|which \w+s|what \w+s|what are|each|every|both)\b", re.IGNORECASE
)


def _finding(question: str, passage: Passage, judgement: Judgement) -> Finding | None:
    start, end = judgement.span
    line_end = passage.text.find("\n", start, end)
    hard = line_end >= 0 and any(sentence.end == passage.start + line_end for sentence in passage.sentences)
    if hard and not FOR_SEVERAL.search(question):
        end = start + len(passage.text[start:line_end].rstrip())
    answer = Span(passage.start + start, passage.start + end)
    return Finding(passage, sentences_around(passage, answer), answer) if answer.end > answer.start else None


def _text(finding: Finding) -> str:
    passage = finding.passage
    return passage.text[finding.answer.start - passage.start : finding.answer.end - passage.start]


OFF_TOPIC_COSINE = 0.30
FEW_WORDS = 2


def small_talk(question: str, ranked: Sequence[ScoredPassage], judged: Sequence[Judgement]) -> bool:
    """Whether a question leads nowhere ("hello", "who are you?"), whatever the confidence makes of it.

    It has few content words, no sentence is near, and no passage answers by itself.
    """
    near = any(scored.parts["sentence_cosine"] >= OFF_TOPIC_COSINE for scored in ranked)
    return not near and all(j.answers < 0 for j in judged) and len(content_words(question)) <= FEW_WORDS


def _reason(features: Mapping[str, float]) -> str:
    if features["sentence_cosine"] < OFF_TOPIC_COSINE:
        return "off_topic"
    return "unknown_name" if features["unknown_name"] else "weak_match"


# --- one given text ---------------------------------------------------------------------------------------------

WINDOW_TOKENS = 384
WINDOW_CHARACTERS = 1300
"""A window of this length is seldom over ``WINDOW_TOKENS``; a longer text is read in overlapping windows."""


class TextReader:
    """Reads one text for one question, without search: for people who have the passage, and for measuring."""

    def __init__(self, cross_encoder: CrossEncoder) -> None:
        self._cross_encoder = cross_encoder
        self._weights = cross_encoder.card["paragraph"]

    def read(self, question: str, text: str) -> SpanAnswer:
        """The best span of the text, or none below the threshold chosen on the SQuAD 2.0 dev articles."""
        starts = windows(text)
        views = [View("", text[window.start : window.end]) for window in starts]
        judged = self._cross_encoder.judge(question, views, max_tokens=WINDOW_TOKENS)
        found = [
            (logistic(self._weights, {"answers": j.answers, "margin": j.margin}), window.start + j.span.start, j.span)
            for window, j in zip(starts, judged, strict=True)
            if j.span.end > j.span.start
        ]
        if not found:
            return SpanAnswer(None, None, None, 0.0)
        confidence, start, span = max(found, key=lambda item: (item[0], -item[1]))
        if confidence < self._weights["threshold"]:
            return SpanAnswer(None, None, None, confidence)
        end = start + span.end - span.start
        return SpanAnswer(text[start:end], start, end, confidence)


def windows(text: str) -> list[Span]:
    """The text in pieces of at most ``WINDOW_CHARACTERS`` that end between words; each overlaps the next by a half."""
    if len(text) <= WINDOW_CHARACTERS:
        return [Span(0, len(text))]
    found = []
    start = 0
    while start < len(text):
        end = min(start + WINDOW_CHARACTERS, len(text))
        if end < len(text):
            end = max(text.rfind(" ", start + WINDOW_CHARACTERS // 2, end), start + WINDOW_CHARACTERS // 2)
        found.append(Span(start, end))
        if end == len(text):
            break
        middle = start + (end - start) // 2
        start = max(text.find(" ", middle, end) + 1, middle)
    return found


# --- the baseline -----------------------------------------------------------------------------------------------


class SentenceReader:
    """Answers with the best sentence of the best passage; abstains where the sources are about something else.

    ``confidence`` is the logistic estimate that the question is about this corpus at all, from the cosine of the
    best sentence and the share of the question's words that the passage holds. Similarity cannot tell whether
    a question on the topic is answered: on the invented films its area under the ROC curve is 0.43.
    """

    WEIGHTS: Mapping[str, float] = {"intercept": -4.35, "sentence_cosine": 10.59, "coverage": 1.79}
    THRESHOLD = 0.20

    def read(self, question: str, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match`` (nothing was retrieved) and ``off_topic``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        confidence = logistic(self.WEIGHTS, ranked[0].parts)
        findings = tuple(
            Finding(scored.passage, Span(scored.passage.start, scored.passage.end), scored.best_sentence)
            for scored in distinct(ranked)
        )
        reason = None if confidence >= self.THRESHOLD else "off_topic"
        return Reading(findings, confidence, reason, (), dict(ranked[0].parts))


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
        set(re.findall(r"\w+", scored.passage.sentence_text(scored.best_sentence).lower())) for scored in (one, other)
    )
    return bool(first) and len(first & second) >= NEAR_DUPLICATE * min(len(first), len(second))
