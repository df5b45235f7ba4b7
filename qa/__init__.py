"""Ask a handful of source documents: every answer is a quotation with its place, or an honest no.

>>> from qa import open_library
>>> library = open_library("corpus")                       # doctest: +SKIP
>>> library.ask("Who made the clay figures?").citations[0].quote  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from qa.errors import IndexUnusable, ModelError, QaError, SourceError, UsageError
from qa.text import Span
from qa.types import Answer, Block, Citation, Document, Passage, Reading, ScoredPassage

if TYPE_CHECKING:
    from qa.ask.library import Library
    from qa.ask.opening import open_library

__all__ = [
    "Answer",
    "Block",
    "Citation",
    "Document",
    "IndexUnusable",
    "Library",
    "ModelError",
    "Passage",
    "QaError",
    "Reading",
    "ScoredPassage",
    "SourceError",
    "Span",
    "UsageError",
    "open_library",
]


def __getattr__(name: str) -> Any:
    """Import the pipeline, and with it numpy and onnxruntime, only when it is asked for."""
    if name in ("Library", "open_library"):
        from qa.ask import opening

        return getattr(opening, name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
