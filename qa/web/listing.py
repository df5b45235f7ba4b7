"""What a listing says of sources beside their text: the size, the date and the web address of each, the corpus."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from qa.ingest.manage import provenance
from qa.types import Document, Source
from qa.web.models import CorpusBody, SourceBody

ADDRESSES = ("url", "address", "source", "original")
"""The front matter that may hold the address of the original."""


def corpus_body(corpus: Path) -> CorpusBody:
    """The folder's name, and an id that another folder has not; it tells nothing of where the folder is."""
    place = corpus.resolve()
    return CorpusBody(id=hashlib.sha256(str(place).encode()).hexdigest()[:12], name=place.name)


def source_body(source: Source, document: Document, corpus: Path) -> SourceBody:
    """A source with what its file and its front matter say; None for what neither does. Blocks."""
    path = corpus / source.path
    try:
        stat = path.stat()
    except OSError:
        size, day = None, None
    else:
        size, day = stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC).date().isoformat()
    return SourceBody(
        doc_id=source.doc_id,
        title=source.title,
        path=source.path,
        kind=source.kind,
        genre=document.metadata.get("kind"),
        characters=source.characters,
        words=source.words,
        passages=source.passages,
        bytes=size,
        date=document.metadata.get("published") or day,
        address=address_of(document.metadata, path),
        sha256=source.sha256,
        note=source.note,
    )


def address_of(metadata: Mapping[str, str], path: Path) -> str | None:
    """The web address of the original: where a snapshot was fetched from, or what the front matter names."""
    snapshot = provenance(path) or {}
    found = [snapshot.get("final_url", ""), *(metadata.get(name, "") for name in ADDRESSES)]
    return next((one for one in found if one.startswith(("http://", "https://")) and not one.split()[1:]), None)
