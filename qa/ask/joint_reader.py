"""Two readers in a row: the small one orders all candidates, the large one reads the best few together.

What could be answered is the large reader's span of each view and the small one's span of each passage in the views;
one weighted sum of what both say ranks them, one logistic model says how sure the first is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.ask.agreement import same_answer
from qa.ask.reader import (
    compared,
    each_by,
    finding_of,
    found_in,
    is_small_talk,
    ranking,
    reason_of,
    runner_up,
    sentences_around,
    text_of,
    view_of,
)
from qa.models.card import JointCard, ReaderCard
from qa.models.cross_encoder import CrossEncoder, Judgement, View
from qa.models.joint import JointJudgement, JointModel
from qa.search.surroundings import Surroundings
from qa.types import Finding, Passage, Query, Reading, ScoredPassage, Weighed

NOT_RETRIEVED = {"small_answers": -8.0, "small_margin": -12.0, "retrieval": 0.0}
"""What a passage counts that is only seen beside another one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be answered, and what both readers say of it; ``view`` is the place of its view."""

    finding: Finding
    features: Mapping[str, float]
    view: int
    from_small: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """What both readers made of one question. ``found`` is the small one's judgements, ``read`` the large one's."""

    ranked: Sequence[ScoredPassage]
    found: Sequence[Judgement]
    order: Sequence[int]
    read: Sequence[JointJudgement]
    candidates: Sequence[Candidate]

    def ranking(self, weights: Mapping[str, float]) -> list[int]:
        """Places of the candidates, best first."""
        scores = [sum(w * c.features[name] for name, w in weights.items()) for c in self.candidates]
        return sorted(range(len(scores)), key=lambda i: (-round(scores[i], 5), i))

    def features(self, order: Sequence[int], weights: Mapping[str, float]) -> dict[str, float]:
        """What the confidence is made of, for candidates in this order.

        What both say of the first; how far the next that says something else is behind; the large reader's share of
        "none of the views" and its second view; whether the readers agree; how all passages fare with the small one.
        """
        best = self.candidates[order[0]]
        text = text_of(best.finding)
        others = [i for i in order[1:] if not same_answer(text_of(self.candidates[i].finding), text)]
        score = {i: sum(w * self.candidates[i].features[n] for n, w in weights.items()) for i in order}
        same = set(order) - set(others)
        views = [judgement.answers for judgement in self.read]
        scored = self.ranked[self.order[0]]
        return {
            **best.features,
            "none": -math.log(1 + sum(math.exp(min(view, 50.0)) for view in views)),
            "lead": min(score[order[0]] - score[others[0]], 10.0) if others else 10.0,
            "second_view": max((view for i, view in enumerate(views) if i != best.view), default=-10.0),
            "agree": float(any(self.candidates[i].from_small != best.from_small for i in same)),
            "mean": sum(judgement.answers for judgement in self.found) / len(self.found),
            "first": float(
                scored.passage.span.overlaps(best.finding.answer) and scored.passage.path == best.finding.passage.path
            ),
            "sentence_cosine": scored.parts["sentence_cosine"],
        }


class JointReader:
    """Reads with the ``small`` reader's model, then with the ``large`` one's; each has its card."""

    def __init__(self, small: CrossEncoder, large: JointModel, surroundings: Surroundings) -> None:
        self.small, self.large = small, large
        self._surroundings = surroundings

    @property
    def cards(self) -> tuple[ReaderCard, JointCard]:
        """The small reader's and the large one's."""
        return self.small.card, self.large.card

    def read(self, query: Query, ranked: Sequence[ScoredPassage]) -> Reading:
        """See ``Reader``; reasons are ``no_match``, ``off_topic``, ``unknown_name`` and ``weak_match``."""
        if not ranked:
            return Reading((), 0.0, "no_match")
        small, large = self.cards
        found = self.small.judge(query.text, [view_of(s.passage) for s in ranked])
        if is_small_talk(query, ranked, found, small):
            return Reading((), 0.0, "off_topic")
        joint = self.weigh(query, ranked, found)
        if not joint.candidates:
            return Reading((), 0.0, "no_match")
        order = joint.ranking(large.rank)
        features = joint.features(order, large.rank)
        confidence = large.confidence.probability(features)
        best = joint.candidates[order[0]].finding
        others = [
            (joint.candidates[i].finding, large.candidate.probability(joint.candidates[i].features)) for i in order[1:]
        ]
        findings, rivals = compared(query, best, others, large.candidate.threshold, small.number_bar)
        sure = confidence >= large.confidence.threshold
        reason = None if sure else reason_of(query, ranked[joint.order[0]], small)
        told = {name: features[name] for name in large.confidence.weights}
        return Reading(tuple(findings), confidence, reason, tuple(rivals), told, runner_up(best, others))

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``; the small reader's alone, which has a probability for a passage by itself."""
        return each_by(self.small, query, ranked)

    def weigh(self, query: Query, ranked: Sequence[ScoredPassage], found: Sequence[Judgement]) -> Joint:
        """Read the best views of passages that the small reader has judged."""
        small, large = self.cards
        order = ranking(ranked, found, small.rank)
        wide = self._surroundings.wide([ranked[i].passage for i in order], large.views, large.words)
        read = self.large.judge(query.text, [View(passage.context, passage.plain.text) for passage, _ in wide])
        judged = {s.passage.passage_id: (s, j) for s, j in zip(ranked, found, strict=True)}
        candidates: list[Candidate] = []
        for at, ((passage, held), judgement) in enumerate(zip(wide, read, strict=True)):
            said = {"large_answers": judgement.answers, "large_span": judgement.score}
            if finding := _large_finding(query, passage, held, judgement):
                own = small_features(judged.get(finding.passage.passage_id))
                candidates.append(Candidate(finding, {**own, **said, "from_small": 0.0}, at, False))
            for inside in held:
                if (known := judged.get(inside.passage_id)) and (finding := found_in(query, inside, known[1])):
                    candidates.append(
                        Candidate(finding, {**small_features(known), **said, "from_small": 1.0}, at, True)
                    )
        return Joint(ranked, found, order, read, candidates)


def small_features(known: tuple[ScoredPassage, Judgement] | None) -> Mapping[str, float]:
    """What the small reader and the retriever say of a passage."""
    if known is None:
        return NOT_RETRIEVED
    scored, judgement = known
    return {"small_answers": judgement.answers, "small_margin": judgement.margin, "retrieval": scored.score}


def _large_finding(query: Query, wide: Passage, held: Sequence[Passage], judgement: JointJudgement) -> Finding | None:
    """The large reader's span, in the passage that holds it; over the end of one it is the wide passage's."""
    finding = finding_of(query, wide, Judgement(judgement.answers, judgement.score, judgement.span))
    if finding is None:
        return None
    inside = next((passage for passage in held if passage.span.holds(finding.answer)), None)
    return finding if inside is None else Finding(inside, sentences_around(inside, finding.answer), finding.answer)
