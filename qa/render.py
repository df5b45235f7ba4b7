"""Answers for machines: the JSON of ``answer.schema.json``. What people read is made of it in ``qa.lines``.

The JSON's shape is said once, in the ``…Json`` types: what makes it is checked against them, the schema and the web's
models are generated from them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, NotRequired

from annotated_types import Ge, Le
from typing_extensions import TypedDict

from qa.types import Answer, Citation, Conflict, Item, Kind, Reason, ScoredPassage, Verdict

Offset = Annotated[int, Ge(0)]
Probability = Annotated[float, Ge(0), Le(1)]


class Utf16Json(TypedDict):
    """Offsets of a citation in UTF-16 code units, in which JavaScript, Java and C# slice."""

    start: Offset
    end: Offset
    answer_start: Offset | None
    answer_end: Offset | None
    shown_start: Offset | None
    shown_end: Offset | None


class CitationJson(TypedDict):
    """A quote and where it stands: ``quote == text[start:end]`` of the source's text; ends are exclusive."""

    doc_id: str
    title: str
    path: str
    """Relative to the corpus folder, with forward slashes."""
    section: str | None
    start: Offset
    end: Offset
    quote: str
    """``text[start:end]`` of the source."""
    shown: str
    """How the quote reads, without markup."""
    answer_start: Offset | None
    """Where the answer starts in the source, inside the quote."""
    answer_end: Offset | None
    shown_start: Offset | None
    """Where the answer reads in ``shown``."""
    shown_end: Offset | None
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
    citations: list[CitationJson]


class ItemJson(TypedDict):
    """One of several answers: a thing of a list, a sentence of an overview, what one source says."""

    answer: str
    """How the slice ``answer_start:answer_end`` of its first citation reads."""
    label: str | None
    """Of whom or what it is, such as the source, where that helps."""
    citations: list[CitationJson]
    conflicts: list[ConflictJson]


class PassageJson(TypedDict):
    """A passage near the question; not an answer."""

    passage_id: str
    doc_id: str
    path: str
    start: Offset
    end: Offset
    text: str
    """``text[start:end]`` of the source."""
    shown: str
    """How the passage reads, without markup."""
    score: float
    scores: NotRequired[dict[str, float]]
    """With explain: what the score was made of."""


class AnswerJson(TypedDict):
    """The answer to one question, the same from the command line, Python and the web.

    Offsets count Unicode code points of the source's text (without a byte order mark); ends are exclusive.
    """

    id: NotRequired[str]
    """The id of the batch line."""
    question: str
    interpreted_as: str | None
    """The question that was answered, where a follow-up was made whole or a name put right."""
    readings: list[str]
    """Other questions that a follow-up may have meant."""
    answer: str | None
    """How the slice ``answer_start:answer_end`` of the first citation reads; null exactly when abstained."""
    message: str | None
    """What is said in place of an answer: fixed words, no quotation; null where there is an answer."""
    abstained: bool
    reason: Reason | None
    """Why the system abstained."""
    language: str | None
    """The language of a question in another language than the sources', in English."""
    confidence: Probability
    citations: list[CitationJson]
    """Best first, at most three; empty when abstained."""
    conflicts: list[ConflictJson]
    """Empty unless the sources give different values; then every value, that of the answer first."""
    passages: list[PassageJson]
    """The nearest passages, best first; not answers."""
    took_ms: Annotated[float, Ge(0)]
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
    scores: NotRequired[dict[str, float]]
    """With explain: what the decision was made of."""
    notice: NotRequired[str]
    """From a server: in what the sources are no longer as they were when the index was built."""


ABSTENTION = "The sources do not say."
SMALL_TALK = "You are welcome. Ask me anything about the sources."
INSTRUCTION = "I follow no instructions; I quote the sources. Ask a question about them."

for _shape in (Utf16Json, CitationJson, ConflictJson, ItemJson, PassageJson, AnswerJson):
    # For pydantic, where the schema is made: no other keys, and the words under a key describe it.
    setattr(_shape, "__pydantic_config__", {"extra": "forbid", "use_attribute_docstrings": True})  # noqa: B010


def citation_json(citation: Citation) -> CitationJson:
    """A citation; the keys of its place stand beside the others."""
    fields: CitationJson = {
        "doc_id": citation.doc_id,
        "title": citation.title,
        "path": citation.path,
        "section": citation.section,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "shown": citation.shown,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "shown_start": citation.shown_start,
        "shown_end": citation.shown_end,
        "sha256": citation.sha256,
        "utf16": utf16_json(citation),
    }
    fields.update(citation.place)  # type: ignore[typeddict-item]
    return fields


def astral(text: str) -> int:
    """How many characters of a text UTF-16 counts twice.

    >>> astral("a 🎬")
    1
    """
    return sum(character > "\uffff" for character in text)


def utf16_json(citation: Citation) -> Utf16Json:
    """The offsets of a citation in UTF-16 code units."""

    def within(text: str, at: int | None, start: int, extra: int) -> int | None:
        return None if at is None else at + extra + astral(text[: at - start])

    return {
        "start": citation.start + citation.astral,
        "end": citation.end + citation.astral + astral(citation.quote),
        "answer_start": within(citation.quote, citation.answer_start, citation.start, citation.astral),
        "answer_end": within(citation.quote, citation.answer_end, citation.start, citation.astral),
        "shown_start": within(citation.shown, citation.shown_start, 0, 0),
        "shown_end": within(citation.shown, citation.shown_end, 0, 0),
    }


def passage_json(scored: ScoredPassage, *, explain: bool = False) -> PassageJson:
    """A ranked passage; ``explain`` adds the scores that its own was made of."""
    passage = scored.passage
    fields: PassageJson = {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "path": passage.path,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "shown": passage.plain.text,
        "score": round(scored.score, 6),
    }
    if explain:
        fields["scores"] = rounded(scored.parts)
    return fields


def conflicts_json(conflicts: Sequence[Conflict]) -> list[ConflictJson]:
    """The values that the sources give for one question."""
    return [
        {"answer": conflict.answer, "citations": [citation_json(citation) for citation in conflict.citations]}
        for conflict in conflicts
    ]


def item_json(item: Item) -> ItemJson:
    """One of several answers."""
    return {
        "answer": item.answer,
        "label": item.label,
        "citations": [citation_json(citation) for citation in item.citations],
        "conflicts": conflicts_json(item.conflicts),
    }


def answer_json(answer: Answer, *, id: str | None = None, explain: bool = False) -> AnswerJson:
    """An answer as the JSON that CLI, Python and web share."""
    fields: AnswerJson = {
        "question": answer.question,
        "interpreted_as": answer.interpreted_as,
        "readings": list(answer.readings),
        "answer": answer.answer,
        "message": no_answer(answer) if answer.abstained else None,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "language": answer.language,
        "confidence": round(answer.confidence, 6),
        "citations": [citation_json(citation) for citation in answer.citations],
        "conflicts": conflicts_json(answer.conflicts),
        "passages": [passage_json(scored, explain=explain) for scored in answer.passages],
        "took_ms": round(answer.took_ms, 3),
        "kind": answer.kind,
        "items": [item_json(item) for item in answer.items],
        "complete": answer.complete,
        "parts": [answer_json(part, explain=explain) for part in answer.parts],
        "verdict": answer.verdict,
        "note": answer.note,
    }
    if id is not None:
        fields = {"id": id, **fields}
    if explain:
        fields["scores"] = rounded(answer.scores)
    return fields


def rounded(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as they are written."""
    return {name: round(value, 6) for name, value in scores.items()}


def one_line(text: str) -> str:
    """A quote with its line breaks and wide spaces shown as single spaces."""
    return " ".join(text.split())


UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What commands a terminal, turns the order of letters or cannot be written: control characters but tab and line feed,
line separators, the Bidi_Control characters of Unicode, lone surrogates."""


def printable(text: str) -> str:
    """The text with every such character as its escape, which means the same inside JSON.

    >>> print(printable("a\N{ESCAPE}]0;title\a"))
    a\\u001b]0;title\\u0007
    """
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def no_answer(answer: Answer) -> str:
    """What is said in place of an answer: fixed words, no quotation."""
    if answer.reason == "small_talk":
        return SMALL_TALK
    if answer.reason == "instruction":
        return INSTRUCTION
    if answer.reason == "other_language":
        return (
            f"The question seems to be in {answer.language}, which no source is in. Ask in the language of the sources."
        )
    return ABSTENTION
