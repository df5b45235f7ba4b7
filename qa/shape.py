"""The JSON of an answer, said once: what makes it is checked against these types, schema and the web's models follow.

Only pydantic looks at them while a program runs, so that a question on the command line does without this module.
"""

from typing import Annotated, Literal, NotRequired

from annotated_types import Ge, Le
from typing_extensions import TypedDict

from qa.types import Kind, Reason, Verdict

Offset = Annotated[int, Ge(0)]
Probability = Annotated[float, Ge(0), Le(1)]


class Utf16Json(TypedDict):
    """Offsets of a citation in UTF-16 code units, in which JavaScript, Java and C# slice."""

    start: Offset
    """Where the quote begins in the source's text."""
    end: Offset
    """Where it ends, exclusive."""
    answer_start: Offset | None
    """Where the answer begins in the source's text."""
    answer_end: Offset | None
    """Where it ends, exclusive."""
    shown_start: Offset | None
    """Where the answer begins in ``shown``."""
    shown_end: Offset | None
    """Where it ends, exclusive."""


class CitationJson(TypedDict):
    """A quote and where it stands: ``quote == text[start:end]`` of the source's text; ends are exclusive."""

    doc_id: str
    """The id of the source."""
    title: str
    """Its title."""
    path: str
    """Relative to the corpus folder, with forward slashes."""
    section: str | None
    """The heading, label or question that the quote stands under."""
    start: Offset
    """Where the quote begins in the source's text."""
    end: Offset
    """Where it ends, exclusive."""
    quote: str
    """``text[start:end]`` of the source."""
    shown: str
    """How the quote reads, without markup."""
    answer_start: Offset | None
    """Where the answer starts in the source, inside the quote."""
    answer_end: Offset | None
    """Where it ends, exclusive."""
    shown_start: Offset | None
    """Where the answer reads in ``shown``."""
    shown_end: Offset | None
    """Where it ends, exclusive."""
    sha256: str
    """Of the source file's bytes."""
    utf16: Utf16Json
    """The six offsets once more, for languages that slice in UTF-16."""
    page: NotRequired[int]
    """The page of a PDF, from 1."""
    box: NotRequired[list[float]]
    """Left, bottom, right and top of the place on its page, in points."""
    time: NotRequired[str]
    """When it is said, in subtitles: ``00:01:06``."""
    paragraph: NotRequired[int]
    """The paragraph of a word processor's file, from 1."""
    chapter: NotRequired[str]
    """The chapter of a book."""
    row: NotRequired[int]
    """The row of a table file, from 1."""


class ConflictJson(TypedDict):
    """One of the values that the sources give."""

    answer: str
    """The value."""
    citations: list[CitationJson]
    """The places that give it."""


class ItemJson(TypedDict):
    """One of several answers: a thing of a list, a sentence of an overview, what one source says."""

    answer: str
    """How the slice ``answer_start:answer_end`` of its first citation reads."""
    label: str | None
    """Of whom or what it is, such as the source, where that helps."""
    citations: list[CitationJson]
    """The places that give it."""
    conflicts: list[ConflictJson]
    """Other values that the sources give for it."""


class PassageJson(TypedDict):
    """A passage near the question; not an answer."""

    passage_id: str
    """The id of the passage, the same as long as its words are."""
    doc_id: str
    """The id of its source."""
    path: str
    """Of the source's file, relative to the corpus folder."""
    start: Offset
    """Where it begins in the source's text."""
    end: Offset
    """Where it ends, exclusive."""
    text: str
    """``text[start:end]`` of the source."""
    shown: str
    """How the passage reads, without markup."""
    score: float
    """How near it is, 0 to 1 within one question."""
    scores: NotRequired[dict[str, float]]
    """With explain: what the score was made of."""


class AnswerJson(TypedDict):
    """The answer to one question, the same from the command line, Python and the web.

    Offsets count Unicode code points of the source's text (without a byte order mark); ends are exclusive.
    """

    id: NotRequired[str]
    """The id of the batch line."""
    schema_version: Literal[2]
    """Of this form. A field that is added leaves it; one that goes, or means something else, raises it."""
    question: str
    """The question as it was asked."""
    interpreted_as: str | None
    """The question that was answered, where a follow-up was made whole or a name put right."""
    readings: list[str]
    """Other questions that a follow-up may have meant."""
    answer: str | None
    """How the slice ``answer_start:answer_end`` of the first citation reads; null exactly when abstained."""
    message: str | None
    """What is said in place of an answer: fixed words, no quotation; null where there is an answer."""
    abstained: bool
    """Whether the sources do not say, as far as the system can tell."""
    reason: Reason | None
    """Why the system abstained."""
    language: str | None
    """The language of a question in another language than the sources', in English."""
    confidence: Probability
    """The probability that the answer is right."""
    citations: list[CitationJson]
    """Best first, at most three; empty when abstained."""
    conflicts: list[ConflictJson]
    """Empty unless the sources give different values; then every value, that of the answer first."""
    passages: list[PassageJson]
    """The nearest passages, best first; not answers."""
    took_ms: Annotated[float, Ge(0)]
    """Milliseconds that it took."""
    kind: Kind
    """What kind of question was answered; it decides the form of the answer."""
    items: list[ItemJson]
    """Each thing of a list or a count, each sentence of an overview, what each source says; ``answer`` is the first of
    them, or all that stand together. Empty where one answer is all."""
    complete: bool
    """Whether a list was read whole, as far as the sources say."""
    parts: list["AnswerJson"]
    """The questions of a compound, each with its answer, in order; or, where a source that was named does not say, the
    question without that source."""
    verdict: Verdict | None
    """What the quoted sentence says to a yes/no question, where that is sure."""
    note: str | None
    """One fixed sentence on the form of the answer; never a statement of a source."""
    runner_up: CitationJson | None
    """What else could have been answered, next after `answer`: no answer, and shown only to who asks for it."""
    scores: NotRequired[dict[str, float]]
    """With explain: what the decision was made of."""
    notice: NotRequired[str]
    """From a server: in what the sources are no longer as they were when the index was built."""


for _shape in (Utf16Json, CitationJson, ConflictJson, ItemJson, PassageJson, AnswerJson):
    # For pydantic, where the schema is made: no other keys, and the words under a key describe it.
    setattr(_shape, "__pydantic_config__", {"extra": "forbid", "use_attribute_docstrings": True})  # noqa: B010
