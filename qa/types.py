"""The values that cross module boundaries: all frozen, all offsets in Unicode code points, ends exclusive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """The slice ``text[start:end]`` of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that belongs together: a paragraph, a list line, the value of a label.

    ``section`` is the heading above it; ``cue`` is the label whose value it is, or the question that it
    answers. Both are context for retrieval and never part of a quote.
    """

    span: Span
    section: str | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source file: its exact decoded text (without a byte order mark) and the structure found in it."""

    doc_id: str
    path: str
    title: str
    text: str
    sha256: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences of one block. Invariant: ``text == document.text[start:end]``.

    ``sentences`` are spans of the document, inside the passage, in order. ``context`` is what retrieval
    puts in front of the text: title, section and cue.
    """

    passage_id: str
    doc_id: str
    path: str
    title: str
    section: str | None
    cue: str | None
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    @property
    def context(self) -> str:
        """Title, section and cue in one line; the same words are not said twice."""
        parts: list[str] = []
        for part in (self.title, self.section, self.cue):
            if part and part not in parts:
                parts.append(part)
        return " – ".join(parts)

    def sentence_text(self, sentence: Span) -> str:
        """The words of one of ``sentences``."""
        return self.text[sentence.start - self.start : sentence.end - self.start]


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its fused retrieval score, 0 to 1 within one query, and the parts it was made of."""

    passage: Passage
    score: float
    parts: Mapping[str, float]
    best_sentence: Span


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands. Invariant: ``quote == document.text[start:end]``.

    ``answer_start`` and ``answer_end`` are offsets of the answer in the same document text, inside the quote.
    ``sha256`` is that of the file's bytes.
    """

    doc_id: str
    title: str
    path: str
    section: str | None
    start: int
    end: int
    quote: str
    answer_start: int | None
    answer_end: int | None
    sha256: str


class Finding(NamedTuple):
    """An answer where it stands: the quote lies inside the passage, the answer inside the quote."""

    passage: Passage
    quote: Span
    answer: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a question and its ranked passages.

    ``findings`` say the same, best first; the first of them is the answer. ``rivals`` are groups of findings
    that give another value for the same question, each group saying the same. ``confidence`` is the
    probability, 0 to 1, that the sources answer the question; ``reason`` says why the reader abstains, if it does.
    """

    findings: tuple[Finding, ...]
    confidence: float
    reason: str | None
    rivals: tuple[tuple[Finding, ...], ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpanAnswer:
    """The answer of one given text: ``answer == text[start:end]``, all three None where it does not answer.

    ``confidence`` is the probability, 0 to 1, that the text answers the question.
    """

    answer: str | None
    start: int | None
    end: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """One of several values that the sources give for the same question, with the places that give it."""

    answer: str
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one question. ``answer`` is None exactly when the system abstained.

    ``conflicts`` is empty unless the sources differ; then it holds every value, that of ``answer`` first.
    """

    question: str
    interpreted_as: str | None
    answer: str | None
    reason: str | None
    confidence: float
    citations: Sequence[Citation]
    conflicts: Sequence[Conflict]
    passages: Sequence[ScoredPassage]
    took_ms: float
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def abstained(self) -> bool:
        """Whether the sources do not say, as far as the system can tell."""
        return self.answer is None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a document that answers a gold question: ``quote == document.text[start:end]``."""

    doc_id: str
    start: int
    end: int
    quote: str
    grade: int = 1
    """Relevance, 1 and up; only gold sets with graded judgements use more than 1."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what answers it. It is answerable exactly when it has evidence.

    ``evidence`` names every span of every document that answers; ``answers`` are all acceptable strings, any of
    them right, and empty where the set judges documents only. Questions on one ``fact`` are not independent.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    kind: str = "question"
    fact: str = ""
    split: str | None = None
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.evidence)
