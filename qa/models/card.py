"""What a model folder says of its model: provenance, file hashes, and every number that was fitted with it.

A reader's numbers hold for the encoder that ranked the passages which they were fitted on, so its card names that
encoder by the SHA-256 of its weights.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from msgspec import Struct, field, to_builtins

from qa.errors import ModelError

CARD_FILE = "card.json"


class Logistic(Struct, frozen=True):
    """A logistic model: the probability is that of ``intercept`` plus the weighted features.

    What lies below ``threshold`` does not count: an answer is withheld, a passage is no rival.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float = 0.5

    def probability(self, features: Mapping[str, float]) -> float:
        """From 0 to 1; raises ``KeyError`` where a weighted feature is missing."""
        logit = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


class FusionWeights(Struct, frozen=True):
    """Shares of the three scores of retrieval, each stretched to 0..1 over the candidates of one query."""

    passage: float
    sentence: float
    bm25: float


class RankWeights(Struct, frozen=True):
    """What ranks the passages that were read: a weighted sum of their two logits and their retrieval score."""

    answers: float
    margin: float
    retrieval: float


class Enough(Struct, frozen=True):
    """When two readers in a row have read enough of a question.

    The small one judges ``passages`` before the large one reads ``views``. That is enough where the first candidate is
    ``ahead`` of what the small reader makes of each passage that no view holds (of one that it has not judged, at most
    ``unjudged`` beside its retrieval score), and where the small one has judged all and the confidence is less than
    ``hopeless``.
    """

    passages: int
    views: int
    ahead: float
    unjudged: float
    hopeless: float


class Card(Struct, frozen=True, kw_only=True):
    """The card of any model; ``files`` gives the SHA-256 of each file of its folder, ``dev`` what was measured."""

    name: str
    precision: str
    files: Mapping[str, str]
    dev: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder's card; raises ``ModelError`` for one that is missing, damaged or of another kind of model."""
        path = folder / CARD_FILE
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path}: not the card of a model ({type(error).__name__}: {error})") from error

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The card of its JSON; an unknown key is a ``ValueError``."""
        known = set(cls.__struct_fields__)
        if unknown := fields.keys() - known:
            raise ValueError(f"unknown key {min(unknown)!r}")
        return cls(**fields)

    def to_json(self) -> str:
        """The card as its file holds it."""
        return json.dumps(to_builtins(self), indent=2) + "\n"


class EncoderCard(Card, frozen=True, kw_only=True):
    """An encoder's: ``sha256`` of its weights, the length of its vectors, the most tokens that it takes."""

    sha256: str
    dimension: int
    max_length: int


class ReaderCard(Card, frozen=True, kw_only=True):
    """A reader's, with all that was fitted on dev with it.

    ``encoder_sha256`` are the weights of the encoder that it was fitted with. ``confidence`` is that the sources
    answer, ``passage`` that one passage answers, ``paragraph`` the same without retrieval. ``number_bar`` is the
    threshold of ``passage`` where the answer is a number. Below ``off_topic_cosine`` no sentence is near the question.
    ``unread`` is what the logits of a passage behind the first few add to its rank at most, as far as matters.
    """

    max_tokens: int
    encoder_sha256: str
    fusion: FusionWeights
    rank: RankWeights
    confidence: Logistic
    passage: Logistic
    paragraph: Logistic
    number_bar: float
    off_topic_cosine: float
    unread: float

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """See ``Card``."""
        logistic = {name: Logistic(**fields[name]) for name in ("confidence", "passage", "paragraph")}
        weights = {"fusion": FusionWeights(**fields["fusion"]), "rank": RankWeights(**fields["rank"])}
        return super().from_json({**fields, **logistic, **weights})


class JointCard(Card, frozen=True, kw_only=True):
    """A large reader's, with all that was fitted on dev with it and with the small reader in front of it.

    ``encoder_sha256`` and ``reader_sha256`` are the weights of the encoder and of the small reader that it was fitted
    with. It reads ``views`` views of at most ``words`` words, fewer where that is ``enough``. ``rank`` weighs the
    features of a candidate answer, ``candidate`` is the probability that one is right, ``confidence`` that the first
    is. ``bars`` are the confidences from which so large a share of the answers was right: ``{"0.9": 0.71}``.
    ``paragraph`` is the probability that a text read alone answers. From a difference of ``verdict`` between its logits
    of yes and no on, a view says one of them.
    """

    max_tokens: int
    encoder_sha256: str
    reader_sha256: str
    views: int
    words: int
    rank: Mapping[str, float]
    confidence: Logistic
    candidate: Logistic
    paragraph: Logistic
    bars: Mapping[str, float]
    enough: Enough
    verdict: float

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """See ``Card``."""
        logistic = {name: Logistic(**fields[name]) for name in ("confidence", "candidate", "paragraph")}
        return super().from_json({**fields, **logistic, "enough": Enough(**fields["enough"])})
