"""The values that cross module boundaries: all frozen, all offsets in Unicode code points, ends exclusive."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from qa.text import Mark, PlainText, Span, marks_within

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total) while something long is done."""


class Element(Struct, frozen=True):
    """One piece of a document's layout; ``level`` is 1 to 6 for a heading, the depth from 0 for an item.

    A ``paragraph`` is running text that may be wrapped over lines; in ``lines`` and ``code`` a line end ends a thought.
    A ``row`` of a table and a ``turn`` of a talk stand for themselves; ``cue`` is what is known of them from elsewhere:
    the table's caption, who speaks. A ``label`` names what follows it.
    """

    kind: Literal["heading", "label", "paragraph", "lines", "code", "item", "row", "turn"]
    span: Span
    level: int = 0
    cue: str | None = None


class Place(NamedTuple):
    """Where in the original file the slice ``text[start:end]`` stands, as far as offsets do not say it.

    ``at`` has the keys ``page`` (from 1), ``box`` (left, bottom, right, top in points), ``time`` ("00:01:06"),
    ``paragraph`` (from 1), ``chapter`` or ``row`` (from 1).
    """

    start: int
    end: int
    at: Mapping[str, Any]


class Block(Struct, frozen=True):
    """A run of text that belongs together: a paragraph, a list line, the value of a label, the row of a table.

    ``section`` is the heading above it; ``cue`` is the label whose value it is, the question that it answers or who
    says it. Both are context for retrieval and never part of a quote. In ``lines`` each line end ends a thought; what
    is ``whole``, the row of a table, is one sentence whatever signs stand in it.
    """

    span: Span
    section: str | None = None
    cue: str | None = None
    lines: bool = False
    whole: bool = False


class Document(Struct, frozen=True):
    """One source file: its text and the structure found in it.

    ``text`` is what offsets count in: the decoded file without a byte order mark, or what was extracted from a file
    whose bytes are no text. ``sha256`` is that of the file's bytes. ``marks`` and ``places`` are sorted, marks apart.
    """

    doc_id: str
    path: str
    title: str
    text: str
    sha256: str
    kind: str = "text"
    note: str | None = None
    elements: tuple[Element, ...] = ()
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    places: tuple[Place, ...] = ()

    def plain(self, span: Span) -> PlainText:
        """How a span of the text reads."""
        return PlainText.of(self.text[span.start : span.end], span.start, marks_within(self.marks, span))


class Source(Struct, frozen=True):
    """A source document of an index, for listings; ``note`` is what a person should know of how it was read."""

    doc_id: str
    title: str
    path: str
    kind: str
    characters: int
    words: int
    passages: int
    sha256: str
    note: str | None


class Skipped(Struct, frozen=True):
    """A file of the corpus that is not a document of it, and why."""

    path: str
    reason: str


class Passage(Struct, frozen=True):
    """A few sentences of one block. Invariant: ``text == document.text[start:end]``.

    ``sentences`` are spans of the document, inside the passage, in order; ``marks`` are the document's inside it.
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
    marks: tuple[Mark, ...] = ()

    @property
    def span(self) -> Span:
        """Its place in the document."""
        return Span(self.start, self.end)

    @property
    def context(self) -> str:
        """Title, section and cue in one line, for models only; the same words are not said twice."""
        parts: list[str] = []
        for part in (self.title, self.section, self.cue):
            if part and part not in parts:
                parts.append(part)
        return " – ".join(parts)

    @property
    def plain(self) -> PlainText:
        """How it reads."""
        return PlainText.of(self.text, self.start, self.marks)

    def reads(self, span: Span) -> str:
        """How one of ``sentences``, or another span inside the passage, reads."""
        part = self.text[span.start - self.start : span.end - self.start]
        return PlainText.of(part, span.start, marks_within(self.marks, span)).text

    def alone(self, sentence: Span) -> "Passage":
        """One of ``sentences`` as a passage of its own."""
        return replace(
            self,
            passage_id=f"{self.passage_id}:{sentence.start}",
            start=sentence.start,
            end=sentence.end,
            text=self.text[sentence.start - self.start : sentence.end - self.start],
            sentences=(sentence,),
            marks=marks_within(self.marks, sentence),
        )


Kind = Literal[
    "value",
    "definition",
    "list",
    "count",
    "superlative",
    "yes_no",
    "reason",
    "overview",
    "comparison",
    "several",
    "talk",
]
"""What kind of question is asked, and so the form of its answer; ``several`` are questions in one."""
Wants = Literal["person", "place", "date", "number", "name"]
"""What the wording of a question wants."""


class Query(Struct, frozen=True):
    """A question as it is understood, made once: see ``qa.ask.questions.analyse``.

    ``stand_alone`` is the question that a follow-up was taken for, None where the question stands by itself. ``text``
    is what is searched and read: stand-alone, misspelt words put right. ``known`` and ``unknown`` are its content words
    that the corpus has and has not; ``unknown_names`` those of the unknown ones that are written as names.

    ``core`` is ``text`` without greeting, lead and named source. ``kind`` decides the form of the answer and ``wants``
    what one value of it is, where the wording tells that. ``subject`` is what is defined, listed, counted or compared;
    ``sides`` what it is compared between; ``unit`` the unit that the answer shall have; ``parts`` the questions of a
    compound; ``source`` what is named as the source.
    """

    question: str
    stand_alone: str | None
    text: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    unknown_names: tuple[str, ...]
    kind: Kind = "value"
    wants: Wants | None = None
    core: str = ""
    subject: str = ""
    source: str = ""
    sides: tuple[str, ...] = ()
    unit: str = ""
    parts: tuple[str, ...] = ()


class ScoredPassage(Struct, frozen=True):
    """A passage with its fused retrieval score, 0 to 1 within one query, and the parts it was made of."""

    passage: Passage
    score: float
    parts: Mapping[str, float]
    best_sentence: Span


class Citation(Struct, frozen=True):
    """A quote and where it stands. Invariant: ``quote == document.text[start:end]``.

    ``shown`` is how the quote reads, without markup. ``answer_start`` and ``answer_end`` are offsets of the answer in
    the same document text, inside the quote; ``shown_start`` and ``shown_end`` say where it reads in ``shown``.
    ``sha256`` is that of the file's bytes. ``place`` says where in a file whose bytes are no text: ``page`` and
    ``box``, ``time``, ``paragraph``, ``chapter``, ``row``. ``astral`` is how many characters before the quote UTF-16
    counts twice.
    """

    doc_id: str
    title: str
    path: str
    section: str | None
    start: int
    end: int
    quote: str
    shown: str
    answer_start: int | None
    answer_end: int | None
    shown_start: int | None
    shown_end: int | None
    sha256: str
    place: Mapping[str, Any] = field(default_factory=dict)
    astral: int = 0

    @property
    def span(self) -> Span:
        """Where the quote stands in its document."""
        return Span(self.start, self.end)


class Finding(NamedTuple):
    """An answer where it stands: the quote lies inside the passage, the answer inside the quote."""

    passage: Passage
    quote: Span
    answer: Span


Reason = Literal["no_match", "off_topic", "unknown_name", "weak_match", "small_talk", "instruction", "other_language"]
"""Why there is no answer.

A reader found nothing, nothing near, a name that no source has, nothing sure enough; or nothing was read, since what
was said asks nothing of the sources, or asks in a language that they have not.
"""


class Reading(Struct, frozen=True):
    """What a reader makes of a question and its ranked passages.

    ``findings`` say the same, best first; the first of them is the answer. ``rivals`` are groups of findings
    that give another value for the same question, each group saying the same. ``confidence`` is the
    probability, 0 to 1, that the sources answer the question; ``reason`` says why the reader abstains, if it does.
    ``runner_up`` is the best finding that says something else, however unlikely. ``says`` is what the place of the
    first finding says to a yes/no question, where the reader is sure of it.
    """

    findings: tuple[Finding, ...]
    confidence: float
    reason: Reason | None
    rivals: tuple[tuple[Finding, ...], ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    runner_up: Finding | None = None
    says: "Verdict | None" = None


class Weighed(NamedTuple):
    """What a reader finds in one passage: ``probability`` that it answers, and whether that is enough to be shown."""

    finding: Finding
    probability: float
    sure: bool


class Entry(NamedTuple):
    """One of several answers before it is cited: findings that say the same, groups that say otherwise, its label."""

    findings: tuple[Finding, ...]
    rivals: tuple[tuple[Finding, ...], ...] = ()
    label: str | None = None


Verdict = Literal["yes", "no"]


class Formed(Struct, frozen=True):
    """An answer in the form of its question's kind, before it is cited; see ``Answer`` for what it becomes.

    The findings of ``reading`` are the headline; ``ranked`` is what was read for it.
    """

    kind: Kind
    reading: Reading
    ranked: Sequence[ScoredPassage] = ()
    items: tuple[Entry, ...] = ()
    parts: "tuple[tuple[Query, Formed], ...]" = ()
    verdict: Verdict | None = None
    complete: bool = False
    note: str | None = None


class SpanAnswer(Struct, frozen=True):
    """The answer of one given text: ``answer == text[start:end]``, all three None where it does not answer.

    ``confidence`` is the probability, 0 to 1, that the text answers the question.
    """

    answer: str | None
    start: int | None
    end: int | None
    confidence: float


class Conflict(Struct, frozen=True):
    """One of several values that the sources give for the same question, with the places that give it."""

    answer: str
    citations: Sequence[Citation]


class Item(Struct, frozen=True):
    """One of several answers, with the places that give it; ``label`` says of whom or what it is, where that helps."""

    answer: str
    citations: Sequence[Citation]
    conflicts: Sequence[Conflict] = ()
    label: str | None = None


class Answer(Struct, frozen=True):
    """The result of one question. ``answer`` is None exactly when the system abstained.

    ``conflicts`` is empty unless the sources differ; then it holds every value, that of ``answer`` first.
    ``interpreted_as`` is the question that was answered, where a follow-up was made whole or a name put right;
    ``readings`` are the other questions that it may have meant. ``language`` names that of a question in another
    language than the sources'.

    ``kind`` is what kind of question was answered. ``items`` are the things of a list, the sentences of an overview or
    of a definition, or what each source says, in order; ``complete`` says that a list was read whole. ``parts`` are the
    answers to the questions of a compound. ``verdict`` is given only where the quoted sentence decides. ``note`` is one
    fixed sentence on the answer. ``runner_up`` is what else could have been answered, next after ``answer``.
    """

    question: str
    interpreted_as: str | None
    answer: str | None
    reason: Reason | None
    confidence: float
    citations: Sequence[Citation]
    conflicts: Sequence[Conflict]
    passages: Sequence[ScoredPassage]
    took_ms: float
    scores: Mapping[str, float] = field(default_factory=dict)
    readings: Sequence[str] = ()
    language: str | None = None
    kind: Kind = "value"
    items: Sequence[Item] = ()
    complete: bool = False
    parts: "Sequence[Answer]" = ()
    verdict: Verdict | None = None
    note: str | None = None
    runner_up: Citation | None = None

    @property
    def abstained(self) -> bool:
        """Whether the sources do not say, as far as the system can tell."""
        return self.answer is None


class Evidence(Struct, frozen=True):
    """A span of a document that answers a gold question: ``quote == document.text[start:end]``."""

    doc_id: str
    start: int
    end: int
    quote: str
    grade: int = 1
    """Relevance, 1 and up; only gold sets with graded judgements use more than 1."""

    @property
    def span(self) -> Span:
        """Where it stands in its document."""
        return Span(self.start, self.end)


class GoldQuestion(Struct, frozen=True):
    """A question with what answers it. It is answerable exactly when it has evidence.

    ``evidence`` names every span of every document that answers; ``answers`` are all acceptable strings, any of
    them right, and empty where the set judges documents only. Questions on one ``fact`` are not independent.
    ``folder`` names the documents that it is asked of, in a set that brings several folders of them.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    kind: str = "question"
    fact: str = ""
    split: str | None = None
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    folder: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.evidence)
