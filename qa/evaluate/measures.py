"""Measures of retrieval, reading and abstention: pure functions of numbers and strings.

Conventions are those of the field's tools. Retrieval follows trec_eval as ir_measures runs it: linear gain and a
log2 discount, grade 1 and up is relevant, a query without results scores 0. Reading follows the official script of
SQuAD 2.0 (Rajpurkar et al. 2016, 2018). What cannot be measured is None, never NaN and never 0.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# --- retrieval: gains are the grades of the ranked results, best rank first; 0 is not relevant ------------------


def success(gains: Sequence[int], k: int) -> float:
    """1 if a relevant result is among the first ``k``, else 0.

    >>> success([0, 1, 0], 1), success([0, 1, 0], 2)
    (0.0, 1.0)
    """
    return float(any(gain > 0 for gain in gains[:k]))


def recall(gains: Sequence[int], k: int, relevant: int) -> float:
    """The share of the ``relevant`` results that is among the first ``k``; ``relevant`` is at least 1."""
    return sum(gain > 0 for gain in gains[:k]) / relevant


def reciprocal_rank(gains: Sequence[int], k: int) -> float:
    """1 / rank of the first relevant result among the first ``k``, else 0."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], 1) if gain > 0), 0.0)


def ndcg(gains: Sequence[int], k: int, grades: Sequence[int]) -> float:
    """Discounted gain of the first ``k`` over that of the best ranking of all judged ``grades``."""

    def dcg(ranked: Sequence[int]) -> float:
        return sum(max(gain, 0) / math.log2(rank + 1) for rank, gain in enumerate(ranked[:k], 1))

    return dcg(gains) / dcg(sorted(grades, reverse=True))


# --- reading ----------------------------------------------------------------------------------------------------


def squad_normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces: the official normalisation.

    >>> squad_normalise("The clay-figure,  a house!")
    'clayfigure house'
    """
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _acceptable(answers: Sequence[str]) -> list[str]:
    """Answers that say something after normalisation; a question without any wants the empty answer."""
    return [answer for answer in answers if squad_normalise(answer)] or [""]


def exact_match(answer: str | None, answers: Sequence[str]) -> float:
    """1 if the answer is an acceptable one after normalisation; an abstention is right where there are none."""
    return float(squad_normalise(answer or "") in {squad_normalise(gold) for gold in _acceptable(answers)})


def token_f1(answer: str | None, answers: Sequence[str]) -> float:
    """The best harmonic mean of token precision and recall over the acceptable answers."""
    return max(_token_f1(answer or "", gold) for gold in _acceptable(answers))


def _token_f1(answer: str, gold: str) -> float:
    found, wanted = squad_normalise(answer).split(), squad_normalise(gold).split()
    if not found or not wanted:
        return float(found == wanted)
    common = sum((Counter(found) & Counter(wanted)).values())
    if not common:
        return 0.0
    precision, sensitivity = common / len(found), common / len(wanted)
    return 2 * precision * sensitivity / (precision + sensitivity)


# --- abstaining -------------------------------------------------------------------------------------------------


def points(*, answerable: bool, abstained: bool, right: bool) -> float:
    """The headline's share of one question: right +1, wrong -1, abstained 0, rightly abstained +1."""
    if abstained:
        return 0.0 if answerable else 1.0
    return 1.0 if right else -1.0


def auroc(scores: Floats, positive: Flags) -> float | None:
    """The chance that a positive one scores above a negative one, ties half; None without both."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    _, which, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[which]
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def risk_coverage(confidence: Floats, wrong: Flags) -> Floats:
    """The risk (share of wrong answers) of answering the first 1, 2, … n questions in order of confidence.

    Shape (n,); entry i is the risk at coverage (i + 1) / n. Of equal confidences the expected risk is taken, so
    that the order of the questions does not matter (Geifman & El-Yaniv 2017).
    """
    _, which, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    share_wrong = np.bincount(which, weights=wrong.astype(np.float64)) / counts
    expected = np.repeat(share_wrong, counts)
    return np.asarray(np.cumsum(expected) / np.arange(1, len(wrong) + 1), np.float64)


def aurc(confidence: Floats, wrong: Flags) -> float | None:
    """The mean of the risk-coverage curve; lower is better. None without questions."""
    return float(np.mean(risk_coverage(confidence, wrong))) if len(wrong) else None


def coverage_at_risk(confidence: Floats, wrong: Flags, risk: float) -> float | None:
    """The largest share of the questions that can be answered at a risk of at most ``risk``."""
    if not len(wrong):
        return None
    allowed = np.flatnonzero(risk_coverage(confidence, wrong) <= risk + 1e-12)
    return float((allowed[-1] + 1) / len(wrong)) if len(allowed) else 0.0


class Bin(NamedTuple):
    """A bin of probabilities, ``low`` < p <= ``high`` (the first takes 0 too), with means over its n questions."""

    low: float
    high: float
    n: int
    probability: float
    outcome: float


def calibration(probability: Floats, outcome: Flags, bins: int = 10) -> list[Bin]:
    """The mean probability and the share of true outcomes in ``bins`` equal steps of 0..1; empty ones are left out."""
    which = np.clip(np.ceil(probability * bins).astype(int) - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        inside = which == number
        if n := int(inside.sum()):
            means = float(probability[inside].mean()), float(outcome[inside].mean())
            found.append(Bin(number / bins, (number + 1) / bins, n, *means))
    return found


def calibration_error(probability: Floats, outcome: Flags, bins: int = 10) -> float | None:
    """Expected calibration error (Naeini et al. 2015): |probability - outcome| of each bin, weighted by its n."""
    if not len(outcome):
        return None
    return sum(b.n * abs(b.probability - b.outcome) for b in calibration(probability, outcome, bins)) / len(outcome)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The ``share`` quantile by linear interpolation; None without values."""
    return float(np.quantile(np.asarray(values, np.float64), share)) if values else None
