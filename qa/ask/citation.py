"""Citations: made from spans of a source's text, and checked against it before anyone sees them."""

from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from qa.errors import CitationMismatch, SourceError
from qa.ingest.corpus import document_of, read_bytes, sha256
from qa.render import astral
from qa.text import Span
from qa.types import Citation, Document, Passage

Status = Literal["unchanged", "source changed since", "quote differs", "source missing"]


def cite(passage: Passage, quote: Span, answer: Span | None, documents: Mapping[str, Document]) -> Citation:
    """The citation of a span; raises ``CitationMismatch`` unless every part of it is a slice of the source.

    ``documents`` are those of the index by their paths.
    """
    document = documents[passage.path]
    text = document.text
    if text[passage.start : passage.end] != passage.text:
        raise CitationMismatch(f"{passage.passage_id}: the passage is not in {passage.path}; run `qa index`")
    inside = answer is None or (quote.holds(answer) and answer.start < answer.end)
    if not (0 <= quote.start < quote.end <= len(text) and inside):
        raise CitationMismatch(f"{passage.passage_id}: the span {tuple(quote)} cannot be cited from {passage.path}")
    plain = document.plain(quote)
    read = plain.shows(answer) if answer else None
    return Citation(
        doc_id=passage.doc_id,
        title=passage.title,
        path=passage.path,
        section=passage.section or passage.cue,
        start=quote.start,
        end=quote.end,
        quote=text[quote.start : quote.end],
        shown=plain.text,
        answer_start=answer.start if answer else None,
        answer_end=answer.end if answer else None,
        shown_start=read.start if read else None,
        shown_end=read.end if read else None,
        sha256=document.sha256,
        place=place_of(document, answer or quote),
        astral=astral(text[: quote.start]),
    )


def place_of(document: Document, span: Span) -> Mapping[str, Any]:
    """Where in its original file a span begins: page, time and the like; nothing where offsets say it all."""
    before = bisect_right(document.places, span.start, key=lambda place: place.start)
    place = document.places[before - 1] if before else None
    return place.at if place is not None and span.start < place.end else {}


def check(citation: Mapping[str, Any], corpus: Path) -> Status:
    """How a saved citation, as JSON, stands to its source file as it is now; text is extracted from the file again."""
    try:
        path = (corpus / citation["path"]).resolve()
        if not path.is_relative_to(corpus.resolve()) or not path.is_file():
            return "source missing"
    except (OSError, ValueError, RuntimeError):  # no path at all: a zero byte, too long, a ring of links
        return "source missing"
    try:
        data = read_bytes(path)
        if sha256(data) != citation["sha256"]:
            return "source changed since"
        text = document_of(data, citation["path"]).text
    except SourceError:
        return "source changed since"
    return "unchanged" if text[citation["start"] : citation["end"]] == citation["quote"] else "quote differs"
