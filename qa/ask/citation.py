"""Citations: made from spans of a source's text, and checked against the file before anyone sees them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from qa.errors import CitationMismatch, SourceError
from qa.ingest.corpus import decode, sha256
from qa.types import Citation, Passage, Span

Sources = Mapping[str, tuple[str, str]]
"""Of every source file by its path: the decoded text and the SHA-256 of its bytes."""

Status = Literal["unchanged", "source changed since", "quote differs", "source missing"]


def cite(passage: Passage, quote: Span, answer: Span | None, sources: Sources) -> Citation:
    """The citation of a span; raises ``CitationMismatch`` unless every part of it is a slice of the source."""
    text, digest = sources[passage.path]
    if text[passage.start : passage.end] != passage.text:
        raise CitationMismatch(f"{passage.passage_id}: the passage is not in {passage.path}; run `qa index`")
    inside = answer is None or (quote.start <= answer.start < answer.end <= quote.end)
    if not (0 <= quote.start < quote.end <= len(text) and inside):
        raise CitationMismatch(f"{passage.passage_id}: the span {tuple(quote)} cannot be cited from {passage.path}")
    return Citation(
        doc_id=passage.doc_id,
        title=passage.title,
        path=passage.path,
        section=passage.section or passage.cue,
        start=quote.start,
        end=quote.end,
        quote=text[quote.start : quote.end],
        answer_start=answer.start if answer else None,
        answer_end=answer.end if answer else None,
        sha256=digest,
    )


def check(citation: Mapping[str, Any], corpus: Path) -> Status:
    """How a saved citation, as JSON, stands to its source file as it is now."""
    path = (corpus / citation["path"]).resolve()
    if not path.is_relative_to(corpus.resolve()) or not path.is_file():
        return "source missing"
    data = path.read_bytes()
    try:
        text = decode(data, str(path))
    except SourceError:
        return "source changed since"
    if sha256(data) != citation["sha256"]:
        return "source changed since"
    return "unchanged" if text[citation["start"] : citation["end"]] == citation["quote"] else "quote differs"
