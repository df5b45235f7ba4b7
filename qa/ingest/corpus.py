"""Read a folder of source files into documents: decoding, one reader per format, then the structure found."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from qa.errors import SourceError, UsageError
from qa.ingest.formats import Layout, read_html, read_markdown, read_text
from qa.ingest.structure import find_blocks
from qa.types import Document

FORMATS: dict[str, Callable[[str], Layout]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
}
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def source_paths(folder: Path) -> list[Path]:
    """The source files below ``folder`` in order of their relative paths.

    Hidden files and folders and any ``README.md`` are not sources. A file of another format is an error rather
    than silently left out, because a person who put it there expects answers from it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such corpus folder; name one with --corpus")
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.is_dir() or path.name.lower() == "readme.md":
            continue
        if path.suffix.lower() not in FORMATS:
            known = " ".join(FORMATS)
            raise SourceError(f"{path}: not a source format ({known}); convert it or move it out of the corpus")
        found.append(path)
    if not found:
        raise SourceError(f"{folder}: the corpus holds no source document; add one, see corpus/README.md")
    return found


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one; line ends are kept."""
    encoding, offset = "utf-8", 0
    for mark, marked_encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding, offset = marked_encoding, len(mark)
            break
    try:
        text = data[offset:].decode(encoding)
    except UnicodeDecodeError as error:
        at = offset + error.start
        raise SourceError(f"{name}: byte {at} is not {encoding}; save the file as UTF-8") from error
    if "\0" in text:
        raise SourceError(f"{name}: a binary file, not text; move it out of the corpus")
    return text


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def read_document(path: Path, folder: Path) -> Document:
    """One source file as a document; its id is the front matter's ``id`` or the file name without suffix."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    text = decode(data, str(path))
    try:
        layout = FORMATS[path.suffix.lower()](text)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    relative = path.relative_to(folder)
    doc_id = layout.metadata.get("id") or relative.with_suffix("").as_posix()
    return Document(
        doc_id=doc_id,
        path=relative.as_posix(),
        title=layout.metadata.get("title") or layout.title or path.stem,
        text=text,
        sha256=sha256(data),
        blocks=find_blocks(text, layout),
        metadata=layout.metadata,
    )


def load_corpus(folder: Path) -> list[Document]:
    """Every source document of a folder, in order of path; two documents with one id are an error."""
    documents = [read_document(path, folder) for path in source_paths(folder)]
    seen: dict[str, str] = {}
    for document in documents:
        if document.doc_id in seen:
            first = seen[document.doc_id]
            raise SourceError(f"{document.path}: has the id {document.doc_id!r} of {first}; give each its own")
        seen[document.doc_id] = document.path
    return documents
