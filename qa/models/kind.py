"""What kind of question is asked: a multinomial logistic model over the encoder's vector of it and over its words.

The vector knows wordings that mean the same; words and pairs of them (hashed, Weinberger et al. 2009) know what the
vector does not part, as "how many minutes" and "how many people". What the rules over wordings say is a feature too:
they are seldom wrong where they say something, and often say nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.models.card import Card
from qa.models.encoder import Encoder, Vectors
from qa.patterns import compiled
from qa.types import Kind

WEIGHTS_FILE = "weights.npy"


class KindCard(Card, frozen=True, kw_only=True):
    """A kind model's: the ``encoder_sha256`` that it was fitted with, the ``kinds`` that it tells apart.

    ``worded`` are the kinds that a wording may say, as many features behind those of the vector. Below the probability
    that ``sure`` has for a kind it does not say that one where the wording says another.
    """

    encoder_sha256: str
    kinds: Sequence[Kind]
    worded: Sequence[Kind]
    sure: Mapping[Kind, float]


class Kinds(Protocol):
    """Says what kind of question is asked."""

    def kind(self, question: str, worded: Kind) -> Kind:
        """The kind of a question that ``worded`` is the kind of by its wording alone."""
        ...


class ByWording:
    """Every question is of the kind that its wording says; for an encoder that no kind model was fitted with."""

    def kind(self, question: str, worded: Kind) -> Kind:
        """See ``Kinds``."""
        return worded


class KindModel:
    """Folder of a kind model: ``weights.npy`` and ``card.json``; raises ``ModelError`` for one that does not fit.

    Weights have the shape (features, kinds): of the encoder's dimensions, of ``card.worded``, of ``HASHED`` words and
    pairs, of the constant 1.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.card = KindCard.load(folder)
        self._encoder = encoder
        shape = encoder.dimension + len(self.card.worded) + HASHED + 1, len(self.card.kinds)
        try:
            self._weights: Vectors = np.load(folder / WEIGHTS_FILE).astype(np.float32)
        except (OSError, ValueError) as error:
            raise ModelError(f"{folder / WEIGHTS_FILE}: not the weights of a kind model: {error}") from error
        if self._weights.shape != shape:
            raise ModelError(f"{folder / WEIGHTS_FILE}: has the shape {self._weights.shape}, not {shape}")

    def kind(self, question: str, worded: Kind) -> Kind:
        """See ``Kinds``."""
        shares = self.probabilities(question, worded)
        likeliest = int(shares.argmax())
        return decided(self.card.kinds[likeliest], float(shares[likeliest]), worded, self.card.sure)

    def probabilities(self, question: str, worded: Kind) -> Vectors:
        """Shape (len(card.kinds),); they sum to 1."""
        vector = self._encoder.encode([question])[0]
        places, strength = hashed(question)
        weights, behind = self._weights, len(vector) + len(self.card.worded)
        logits = vector @ weights[: len(vector)] + weights[-1]
        logits += WORDED * weights[len(vector) + self.card.worded.index(worded)]
        logits += strength * weights[behind + places].sum(axis=0)
        shares = np.exp(logits - logits.max())
        return np.asarray(shares / shares.sum(), np.float32)


def decided(likeliest: Kind, probability: float, worded: Kind, sure: Mapping[Kind, float]) -> Kind:
    """The kind by the model's likeliest where that is sure enough, else by the wording.

    A superlative is a value, of which only the wording says that it is the most of some; and why somebody finds fault
    is asked after all that is found.
    """
    if (worded, likeliest) in (("superlative", "value"), ("overview", "reason")):
        return worded
    against = AGAINST.get(worded, 0.0 if worded in ("value", "superlative") else RULED)
    bar = max(sure[likeliest], against)
    return likeliest if probability >= bar else worded


RULED, AGAINST = 0.7, {"list": 0.9, "overview": 0.9}
"""The least probability from which the model is believed where the wording says something else than a value.

It is higher where rules that say so know more of what is asked than its kind.
"""


def kind_features(vectors: Vectors, questions: Sequence[str], worded: Sequence[Kind], known: Sequence[Kind]) -> Vectors:
    """What kinds are told from, but for the constant: shape (len(questions), dimension + len(known) + HASHED)."""
    said = np.array([[WORDED * (kind == one) for one in known] for kind in worded], np.float32)
    words = np.zeros((len(questions), HASHED), np.float32)
    for row, question in zip(words, questions, strict=True):
        places, strength = hashed(question)
        row[places] = strength
    return np.concatenate([vectors, said.reshape(len(questions), len(known)), words], axis=1)


def hashed(question: str) -> tuple[NDArray[np.int64], float]:
    """Where the words of a question and its pairs of neighbours have their weights, each once, and what each counts.

    A long question has more of them, and each counts less.
    """
    said = ["<", *TOKEN.findall(question.lower().replace("’", "'")), ">"]
    found = {crc32(text.encode()) % HASHED for text in (*said, *map(" ".join, pairwise(said)))}
    return np.array(sorted(found), np.int64), STRENGTH / float(np.sqrt(len(found)))


TOKEN = compiled(r"[\w']+|[?,;:.!-]")
HASHED = 16_384
WORDED = 0.5
"""How much the kind of a wording counts beside a vector of unit length, before its weight."""
STRENGTH = 1.5
"""Length of the vector of a question's words and pairs."""
