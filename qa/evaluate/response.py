"""What can be asked, and what it says, as far as measuring needs it: read from JSON as in ``answer.schema.json``."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from qa.text import Span
from qa.types import Evidence, GoldQuestion


class Located(Struct, frozen=True):
    """A span of a document."""

    doc_id: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands in its document."""
        return Span(self.start, self.end)

    def overlaps(self, evidence: Evidence) -> bool:
        """Whether it has a character of the evidence in it."""
        return self.doc_id == evidence.doc_id and self.span.overlaps(evidence.span)


class Cited(Located, frozen=True):
    """A citation as an answerer gave it; ``shown`` is how its quote reads without markup."""

    quote: str
    shown: str


class Retrieved(Located, frozen=True):
    """A passage by its place and id."""

    passage_id: str


class Response(Struct, frozen=True):
    """What an answerer says to one question; ``raw`` is all of it.

    ``citations`` are the answer's, best first, then those of the other values where the sources differ. ``verdict``
    is what the answer says to a yes/no question, where it says so.
    """

    answer: str | None
    confidence: float
    citations: tuple[Cited, ...]
    passages: tuple[Retrieved, ...]
    took_ms: float | None
    raw: Mapping[str, Any]
    verdict: str | None = None

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return self.answer is None


class Answerer(Protocol):
    """Anything that can be measured."""

    @property
    def name(self) -> str:
        """What was asked, for the report; the same on every run."""
        ...

    def passages(self) -> Sequence[Retrieved] | None:
        """Everything that can be retrieved, where that is known; then recall is over all of it."""
        ...

    def answer(self, question: GoldQuestion) -> Response:
        """The answer to one question with the passages ranked for it."""
        ...


def read_response(data: object) -> Response:
    """An answer's JSON, checked as far as measuring needs it; raises ``ValueError`` with what is wrong."""
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    try:
        answer, confidence = data["answer"], data["confidence"]
        groups = [data["citations"], *(conflict["citations"] for conflict in data.get("conflicts") or ())]
        cited = [
            Cited(c["doc_id"], c["start"], c["end"], c["quote"], c.get("shown", c["quote"]))
            for group in groups
            for c in group
        ]
        passages = tuple(
            Retrieved(p["doc_id"], p["start"], p["end"], p["passage_id"]) for p in data.get("passages") or ()
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an answer as in answer.schema.json ({type(error).__name__}: {error})") from error
    if not isinstance(answer, str | None) or type(confidence) not in (int, float) or not 0 <= confidence <= 1:
        raise ValueError("answer must be a string or null, confidence a number from 0 to 1")
    places: list[Located] = [*cited, *passages]
    for place in places:
        if type(place.start) is not int or type(place.end) is not int or not isinstance(place.doc_id, str):
            raise ValueError("start and end must be whole numbers and doc_id a string")
    if not all(isinstance(text, str) for citation in cited for text in (citation.quote, citation.shown)):
        raise ValueError("quote and shown must be strings")
    verdict = data.get("verdict")
    if verdict not in (None, "yes", "no"):
        raise ValueError(f"verdict must be yes or no, not {verdict!r}")
    took = data.get("took_ms")
    if took is not None and type(took) not in (int, float):
        raise ValueError(f"took_ms must be a number, not {took!r}")
    return Response(answer, float(confidence), tuple(dict.fromkeys(cited)), passages, took, data, verdict)
