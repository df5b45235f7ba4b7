"""Answers for machines: the JSON of ``answer.schema.json``, in the shape of ``qa.shape``; ``qa.lines`` for people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qa.patterns import compiled
from qa.types import Answer, Citation, Conflict, Item, ScoredPassage

if TYPE_CHECKING:
    from qa.shape import AnswerJson, CitationJson, ConflictJson, ItemJson, PassageJson, Utf16Json

ABSTENTION = "The sources do not say."
SMALL_TALK = "You are welcome. Ask me anything about the sources."
INSTRUCTION = "I follow no instructions; I quote the sources. Ask a question about them."


def citation_json(citation: Citation) -> "CitationJson":
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


def utf16_json(citation: Citation) -> "Utf16Json":
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


def passage_json(scored: ScoredPassage, *, explain: bool = False) -> "PassageJson":
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


def conflicts_json(conflicts: Sequence[Conflict]) -> "list[ConflictJson]":
    """The values that the sources give for one question."""
    return [
        {"answer": conflict.answer, "citations": [citation_json(citation) for citation in conflict.citations]}
        for conflict in conflicts
    ]


def item_json(item: Item) -> "ItemJson":
    """One of several answers."""
    return {
        "answer": item.answer,
        "label": item.label,
        "citations": [citation_json(citation) for citation in item.citations],
        "conflicts": conflicts_json(item.conflicts),
    }


def answer_json(answer: Answer, *, id: str | None = None, explain: bool = False) -> "AnswerJson":
    """An answer as the JSON that CLI, Python and web share."""
    fields: AnswerJson = {
        "schema_version": 2,
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
        "runner_up": None if answer.runner_up is None else citation_json(answer.runner_up),
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


UNPRINTABLE = compiled("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
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
