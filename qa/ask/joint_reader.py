"""Two readers in a row: the small one orders all candidates, the large one reads the best few together.

What could be answered is the large reader's span of each view and the small one's span of each passage in the views;
one weighted sum of what both say ranks them, one logistic model says how sure the first is.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from qa.ask.agreement import MONTHS
from qa.ask.reader import (
    compared,
    each_by,
    finding_of,
    found_in,
    is_small_talk,
    ranking,
    reason_of,
    runner_up,
    sentence_of,
    sentences_around,
    view_of,
)
from qa.models.card import JointCard, ReaderCard
from qa.models.cross_encoder import CrossEncoder, Judgement, View
from qa.models.joint import JointJudgement, JointModel
from qa.patterns import compiled
from qa.search.lexicon import spelt_alike
from qa.search.surroundings import Surroundings
from qa.search.words import STOP_WORDS, stem, stems, words
from qa.text import Span
from qa.types import Finding, Passage, Query, Reading, ScoredPassage, Verdict, Weighed

FOREIGN = 0.35
"""The least confidence of an answer to a question with a name or number that no source has, or not the view that
answers. On dev 3 more of each hundred answers that are not told are refused than without it, and 1 that is."""
NOT_RETRIEVED = {"small_answers": -8.0, "small_margin": -12.0, "retrieval": 0.0}
"""What a passage counts that is only seen beside another one."""


class Candidate(Struct, frozen=True):
    """Something that could be answered, and what both readers say of it.

    ``polarity`` is how much more its view says yes to a yes/no question than no.
    """

    finding: Finding
    features: Mapping[str, float]
    polarity: float


class Joint(Struct, frozen=True):
    """What both readers made of one question.

    ``order`` are places of what was retrieved, as the small one ranks it; ``held`` the ids of the passages that the
    views of the large one hold.
    """

    order: Sequence[int]
    candidates: Sequence[Candidate]
    held: frozenset[str]

    def ranking(self, weights: Mapping[str, float]) -> list[int]:
        """Places of the candidates, best first."""
        scores = [sum(w * c.features[name] for name, w in weights.items()) for c in self.candidates]
        return sorted(range(len(scores)), key=lambda i: (-round(scores[i], 5), i))


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
        found = self._judged(query, ranked[: large.enough.passages])
        if is_small_talk(query, ranked, found, small):
            found += self._judged(query, ranked[len(found) :])
        nowhere = is_small_talk(query, ranked, found, small)
        joint = self._enough(query, ranked, found)
        if not joint.candidates:
            return Reading((), 0.0, "off_topic" if nowhere else "no_match")
        order = joint.ranking(large.rank)
        wordless = not query.known and not query.unknown
        if nowhere and (wordless or joint.candidates[order[0]].features["large_answers"] < 0):
            return Reading((), 0.0, "off_topic")
        best, features = joint.candidates[order[0]].finding, joint.candidates[order[0]].features
        confidence = large.confidence.probability(features)
        others = [
            (joint.candidates[i].finding, large.candidate.probability(joint.candidates[i].features)) for i in order[1:]
        ]
        findings, rivals = compared(query, best, others, large.candidate.threshold, small.number_bar)
        # What lacks a name of the question that the first has speaks of something else, and contradicts nothing.
        lacking = [c.finding for c in joint.candidates if c.features["unnamed"] > features["unnamed"]]
        rivals = [group for group in rivals if any(finding not in lacking for finding in group)]
        foreign = query.unknown_names or features["unnamed"]
        sure = confidence >= max(large.confidence.threshold, FOREIGN if foreign else 0.0)
        sure = sure and not features["another"]
        sure = sure and not of_another_day(query, [f"{s.passage.context} {s.passage.plain.text}" for s in ranked])
        reason = None if sure else reason_of(query, ranked[joint.order[0]], small)
        told = {name: features[name] for name in large.confidence.weights}
        says = self._says(query, joint.candidates[order[0]].polarity)
        return Reading(tuple(findings), confidence, reason, tuple(rivals), told, runner_up(best, others), says)

    def _says(self, query: Query, polarity: float) -> Verdict | None:
        """What a view says to a yes/no question, where it surely says one of them."""
        if query.kind != "yes_no" or abs(polarity) < self.large.card.verdict:
            return None
        return "yes" if polarity > 0 else "no"

    def each(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Weighed]:
        """See ``Reader``; the small reader's alone, which has a probability for a passage by itself."""
        return each_by(self.small, query, ranked)

    def weigh(self, query: Query, ranked: Sequence[ScoredPassage], found: Sequence[Judgement]) -> Joint:
        """Read the best views of passages that the small reader has judged, as many as the card says."""
        return self._weigh(query, ranked, found, self.large.card.views, {}, Names.of(query, ranked))

    def _judged(self, query: Query, ranked: Sequence[ScoredPassage]) -> list[Judgement]:
        """What the small reader makes of passages."""
        return self.small.judge(query.text, [view_of(scored.passage) for scored in ranked]) if ranked else []

    def _enough(self, query: Query, ranked: Sequence[ScoredPassage], found: list[Judgement]) -> Joint:
        """Read what is enough: a few views, then those of the best of all passages, then one more at a time."""
        card, read = self.large.card, dict[tuple[str, Span], JointJudgement]()
        names = Names.of(query, ranked)
        joint = self._weigh(query, ranked, found, card.enough.views, read, names)
        if self._is_enough(joint, ranked, found):
            return joint
        found += self._judged(query, ranked[len(found) :])
        for count in range(card.enough.views, card.views + 1):
            joint = self._weigh(query, ranked, found, count, read, names)
            if self._is_enough(joint, ranked, found):
                break
        return joint

    def _is_enough(self, joint: Joint, ranked: Sequence[ScoredPassage], found: Sequence[Judgement]) -> bool:
        """See ``Enough``."""
        if not joint.candidates:
            return False
        card = self.large.card
        best = joint.candidates[joint.ranking(card.rank)[0]].features
        if len(found) == len(ranked) and card.confidence.probability(best) < card.enough.hopeless:
            return True
        ahead = sum(weight * best[name] for name, weight in card.rank.items()) - card.enough.ahead
        for i, scored in enumerate(ranked):
            told, unjudged = {"retrieval": scored.score}, card.enough.unjudged
            if i < len(found):
                told, unjudged = small_features((scored, found[i])), 0.0
            behind = unjudged + sum(card.rank.get(name, 0.0) * value for name, value in told.items())
            if behind > ahead and scored.passage.passage_id not in joint.held:
                return False
        return True

    def _weigh(
        self,
        query: Query,
        ranked: Sequence[ScoredPassage],
        found: Sequence[Judgement],
        count: int,
        read: dict[tuple[str, Span], JointJudgement],
        names: "Names",
    ) -> Joint:
        """Read the best ``count`` views that are not among those ``read`` before, by path and place."""
        small, large = self.cards
        order = ranking(ranked, found, small.rank)
        wide = self._surroundings.wide([ranked[i].passage for i in order], count, large.words)
        unread = [passage for passage, _ in wide if (passage.path, passage.span) not in read]
        views = [View(passage.context, passage.plain.text) for passage in unread]
        for passage, judgement in zip(unread, self.large.judge(query.text, views), strict=True):
            read[passage.path, passage.span] = judgement
        judged = {s.passage.passage_id: (s, j) for s, j in zip(ranked, found, strict=False)}
        candidates: list[Candidate] = []
        for passage, held in wide:
            judgement = read[passage.path, passage.span]
            said = {
                "large_answers": judgement.answers,
                "large_span": judgement.score,
                "unnamed": float(unnamed(query, passage, names.uncapitalised)),
                "unknown_names": float(len(query.unknown_names)),
                "another": float(another(query, passage)),
            }
            polarity = judgement.polarity[1] - judgement.polarity[2]
            finding = _large_finding(query, passage, held, judgement)
            if finding is None:  # what it is sure of is no answer, and says nothing for another one in the view
                said["large_answers"], said["large_span"] = (min(said[n], 0.0) for n in ("large_answers", "large_span"))
            else:
                own = small_features(judged.get(finding.passage.passage_id))
                apart = float(elsewhere(names.telling, passage, finding))
                candidates.append(Candidate(finding, {**own, **said, "elsewhere": apart, "from_small": 0.0}, polarity))
                if apart:
                    candidates += self._named(query, names.telling, held, read, said, judged)
            for inside in held:
                if (known := judged.get(inside.passage_id)) and (finding := found_in(query, inside, known[1])):
                    own, apart = small_features(known), float(elsewhere(names.telling, passage, finding))
                    candidates.append(
                        Candidate(finding, {**own, **said, "elsewhere": apart, "from_small": 1.0}, polarity)
                    )
        return Joint(order, candidates, frozenset(inside.passage_id for _, held in wide for inside in held))

    def _named(
        self,
        query: Query,
        names: Collection[str],
        held: Sequence[Passage],
        read: dict[tuple[str, Span], JointJudgement],
        said: Mapping[str, float],
        judged: Mapping[str, tuple[ScoredPassage, Judgement]],
    ) -> list[Candidate]:
        """What the large reader finds in the sentence of a view that has the names which its first answer lacks."""
        told = [(len(_told(names, p.reads(s))), -i, p, s) for p in held for i, s in enumerate(p.sentences)]
        most, _, passage, sentence = max(told, key=lambda one: one[:2])
        if not most:
            return []
        alone = passage.alone(sentence)
        key = passage.path, alone.span
        if key not in read:
            read[key] = self.large.judge(query.text, [View(alone.context, alone.plain.text)])[0]
        judgement = read[key]
        found = finding_of(query, alone, Judgement(judgement.answers, judgement.score, judgement.span))
        if found is None:
            return []
        finding = Finding(passage, sentences_around(passage, found.answer), found.answer)
        features = {
            **small_features(judged.get(passage.passage_id)),
            **said,
            "large_answers": judgement.answers,
            "large_span": judgement.score,
            "elsewhere": 0.0,
            "from_small": 0.0,
        }
        return [Candidate(finding, features, judgement.polarity[1] - judgement.polarity[2])]


class Names(NamedTuple):
    """What ``uncapitalised`` and ``telling_names`` find for a question, once for all of its views."""

    uncapitalised: frozenset[str]
    telling: frozenset[str]

    @classmethod
    def of(cls, query: Query, ranked: Sequence[ScoredPassage]) -> "Names":
        """Those of a question by what was found for it."""
        names = uncapitalised(query, ranked)
        return cls(names, telling_names(query, names, ranked))


def telling_names(query: Query, names: Collection[str], ranked: Sequence[ScoredPassage]) -> frozenset[str]:
    """The stems of the names of a question that few of the passages that were found have: they tell these apart."""
    named = _named_in(query, names)
    told = [set(stems(scored.passage.plain.text)) for scored in ranked] if named else []
    return frozenset(name for name in named if 0 < sum(name in one for one in told) <= FEW * len(told))


FEW = 1 / 3
"""Share of the passages that were found up to which a name tells them apart."""


def elsewhere(names: Collection[str], view: Passage, finding: Finding) -> int:
    """How many of some names a view has in other sentences than those of an answer, and not in these."""
    if not names:
        return 0
    own = _told(names, f"{finding.passage.context} {sentence_of(finding)}")
    return len(_told(names, view.plain.text) - own)


def _told(names: Collection[str], text: str) -> set[str]:
    """Those of some names that a text has."""
    return set(names) & set(stems(text))


def uncapitalised(query: Query, ranked: Sequence[ScoredPassage]) -> frozenset[str]:
    """The words of a question in small letters that what was found writes as names, and never otherwise.

    People type "rotten tomatoes"; a passage without them is as little of that as one without "Rotten Tomatoes".
    """
    asked = [word for word in dict.fromkeys(SMALL.findall(query.text)) if word not in STOP_WORDS]
    told = "\n".join(scored.passage.plain.text for scored in ranked) if asked else ""
    return frozenset(word for word in asked if _is_name(word, told))


def _is_name(word: str, told: str) -> bool:
    """Whether a text has a word inside its sentences, and with a capital wherever it has it."""
    inside = re.search(rf"[a-z,] {re.escape(word[0].upper() + word[1:])}(?!\w)", told) is not None
    return inside and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) is None


SMALL = compiled(r"(?<![\w'’-])[a-zà-ÿ]{3,}(?![\w'’-])")
"""A word in small letters."""


def unnamed(query: Query, view: Passage, names: Collection[str] = ()) -> int:
    """How many of a question's words that are written as names or have digits a view and its context have not.

    A view without them speaks of something else, or says it in a way that only its neighbours tell. ``names`` are
    further words of the question that are names.
    """
    named = _named_in(query, names)
    if not named:
        return 0
    told = set(stems(f"{view.context} {view.plain.text}"))
    return sum(name not in told for name in named)


def _named_in(query: Query, names: Collection[str]) -> set[str]:
    """The stems of the words of a question that are written as names or have digits, and of further ``names``."""
    written = [word for match in NAME.finditer(query.text) for word in words(match[0])]
    return {stem(word) for word in (*written, *names)}


NAME = compiled(r"(?<=\w[ ,;:(])(?:[^\W\d_a-zà-ÿ][\w'’-]*|[\w'’-]*\d[\w'’-]*)")
"""A word inside a question that is capitalised or has a digit."""


def another(query: Query, view: Passage) -> bool:
    """Whether a view has half of a name of the question with another half: "Harnley Top" for "Harnley Bottom".

    Or another day of the month that is asked for, and not this one.
    """
    told = f"{view.context} {view.plain.text}"
    if of_another_day(query, [told]):
        return True
    known, asked = set(words(told)), {*words(query.text), *TITLES, *STOP_WORDS}
    for name in WHOLE_NAME.finditer(query.text):
        parts = [part.removesuffix("'s").removesuffix("’s") for part in name[0].split()]
        while parts and parts[0].lower().rstrip(".") in TITLES:
            parts = parts[1:]  # "Mr Vey" is no other than "Ana Vey"
        for one, other in pairwise(parts):
            if other[0].isdigit():
                # "17 April 1975" is "April 17, 1975".
                if not IS_MONTH.fullmatch(one) and _numbered_otherwise(one, other, told):
                    return True
                continue
            has_one, has_other = (known.issuperset(words(part)) for part in (one, other))
            if has_one == has_other:
                continue
            if has_one:
                beside = re.finditer(rf"(?<!\w){re.escape(one)} ([^\W\d_a-z][\w’-]*|\d+)", told)
            else:
                beside = re.finditer(rf"(?<!\w)([^\W\d_a-z][\w’-]*) {re.escape(other)}(?!\w)", told)
            wanted = other if has_one else one
            if any(not asked.issuperset(words(m[1])) and not spelt_alike(m[1], wanted) for m in beside):
                return True
    return False


def of_another_day(query: Query, texts: Sequence[str]) -> bool:
    """Whether a question is of a day that none of some texts names, though they name days of that month."""
    asked = dates_in(query.text)
    told = {date for text in texts for date in dates_in(text)} if asked else set()
    return any(date not in told and any(month == date[1] for _, month in told) for date in asked)


def dates_in(text: str) -> frozenset[tuple[int, str]]:
    """The days of months that a text names, as (day, first letters of the month).

    >>> sorted(dates_in("From 4 August, or on May 3rd, to the 12th of August 2004, not 2005-02-01"))
    [(1, 'feb'), (3, 'may'), (4, 'aug'), (12, 'aug')]
    """
    named = ((m["day"] or m["after"], m["month"] or m["first"]) for m in DAY_OF_MONTH.finditer(text))
    written = {(int(day), month[:3].lower()) for day, month in named}
    for found in IN_NUMBERS.finditer(text):
        one, other = int(found["one"] or found["month"]), int(found["other"] or found["date"])
        # Which of two numbers is the month, people write differently where no year is in front.
        pairs = [(other, one)] if found["month"] else [(one, other), (other, one)]
        written |= {(day, FIRST[month]) for day, month in pairs if month in FIRST}
    return frozenset(written)


FIRST = {number: month[:3] for number, month in enumerate(MONTHS, 1)}
"""The first letters of a month by its number."""
IN_NUMBERS = compiled(r"\b(?:\d{4}-(?P<month>\d\d)-(?P<date>\d\d)|(?P<one>[0-3]?\d)[./](?P<other>[01]?\d)[./]\d\d)")
MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
IS_MONTH = compiled(MONTH, re.IGNORECASE)
DAY_OF_MONTH = compiled(
    rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?(?P<month>{MONTH})\b|"
    rf"\b(?P<first>{MONTH})\.? (?:the )?(?P<after>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d)",
    re.IGNORECASE,
)


def _numbered_otherwise(name: str, number: str, told: str) -> bool:
    """Whether a text has the name with another number, and this number nowhere: "Ferry 11" for "Ferry 12"."""
    for found in NUMBER.finditer(told):
        named = told.endswith(name, 0, max(found.start() - 1, 0))
        if _same_number(found[0], number) and (named or not COUNTS.match(told, found.end())):
            return False
    beside = re.finditer(rf"(?<!\w){re.escape(name)} (?={NUMBER.pattern})", told)
    return next(beside, None) is not None


def _same_number(one: str, other: str) -> bool:
    return one.removesuffix(".0") == other.removesuffix(".0")


NUMBER = compiled(r"(?<![\w.])\d{1,6}(?:\.\d{1,4}){0,3}(?!\w|\.\d)")
"""A number that stands by itself, as that of a version does: not that of a date, "12th"."""
COUNTS = compiled(r" (?!(?:and|or|was|were|is|are|has|had)\b)[a-zà-ÿ]{3,}")
"""What follows a number that counts something: "12 boats"."""
WHOLE_NAME = compiled(
    r"(?<=\w[ ,;:(])[^\W\d_a-z][\w’'-]{0,30}"
    r"(?: (?:[^\W\d_a-z][\w’'-]{0,30}|\d{1,6}(?:\.\d{1,4}){0,3})){1,4}"
)
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir lady lord captain king queen saint st president mayor director father mother "
    "sister brother minister judge sergeant aunt uncle madame monsieur".split()
)


def small_features(known: tuple[ScoredPassage, Judgement] | None) -> dict[str, float]:
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
