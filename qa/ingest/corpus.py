"""Read a folder of source files into documents; a file that cannot be read is skipped and named, never the folder."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qa.errors import SourceError, UsageError
from qa.ingest.formats import kind_of, reader_of
from qa.types import Document, Progress, Skipped, Source


class Corpus(Struct, frozen=True):
    """The documents of a folder in order of path, and the files that are none.

    ``hashes`` gives the SHA-256 of every file that was read by its path, of skipped ones too. ``kept`` are those of the
    known sources that are as they were, and so no ``documents``.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]
    hashes: Mapping[str, str]
    kept: tuple[Source, ...] = ()


class Read(Struct, frozen=True):
    """What became of a file: the document, or the reason why it is none; neither where it is as it was known.

    ``sha256`` is that of its bytes, empty where they could not be read.
    """

    sha256: str
    document: Document | None = None
    reason: str = ""


Reading = Callable[[Path, Sequence[str], Mapping[str, Source]], Iterable[Read]]
"""Called as reading(folder, paths, known): what became of each file, in order. ``known`` is that of ``load_corpus``."""


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def source_files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """The files below ``folder`` that may be sources, in order of their relative paths, and those that cannot be.

    Hidden files and folders and any ``README.md`` are neither. Links that lead out of the folder, and what is no
    regular file, are skipped: a corpus quotes what lies in it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such corpus folder; name one with --corpus")
    root = folder.resolve()
    found: list[Path] = []
    skipped: list[Skipped] = []
    for path, problem in _walk(folder):
        relative = path.relative_to(folder)
        if path.name.startswith(".") or path.name.lower() == "readme.md":
            continue
        reason = problem or _unreadable(path, root)
        if reason is None:
            found.append(path)
        else:
            skipped.append(Skipped(_name(relative), reason))
    order = sorted(found, key=lambda path: path.relative_to(folder).as_posix())
    return order, sorted(skipped, key=lambda one: one.path)


def _name(relative: Path) -> str:
    """The path as text that can be written anywhere: bytes that are no UTF-8 are shown as such."""
    return relative.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder, and every subfolder that cannot be listed with the reason."""
    failed: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in list(folders):
            if Path(where, name).is_symlink():
                folders.remove(name)
                yield Path(where, name), "a link to a folder"
        for name in names:
            yield Path(where, name), None
    for error in failed:
        yield Path(os.fsdecode(error.filename)), f"a folder that cannot be read: {error.strerror}"


def _unreadable(path: Path, root: Path) -> str | None:
    """Why a file is no source, as far as its name and kind tell."""
    try:
        if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(root):
            return "a link that leads out of the corpus"
        mode = path.stat().st_mode
    except (OSError, RuntimeError):
        return "a link that leads nowhere" if path.is_symlink() else "cannot be read"
    if not stat.S_ISREG(mode):
        return "not a regular file"
    if kind_of(path.suffix) is None:
        return f"not a document ({path.suffix.lower()})" if path.suffix else "not a document (no suffix)"
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return "a name that is not UTF-8"
    return None


def read_bytes(path: Path) -> bytes:
    """The bytes of a source file; raises ``SourceError`` with the reason alone."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from error


def document_of(data: bytes, path: str) -> Document:
    """The document in the bytes of a file that stands at ``path`` of its corpus.

    Its id is the front matter's ``id`` or the file name without suffix. Raises ``SourceError`` with the reason alone,
    for the path is known to the one who asks.
    """
    from qa.ingest.formats.talk import interviewed  # here, so that asking pays for none of it
    from qa.ingest.structure import find_blocks

    suffix = Path(path).suffix
    kind = kind_of(suffix, data)
    if kind is None:
        raise SourceError(f"not a document ({suffix.lower()})")
    layout = reader_of(suffix, data)(data)
    return Document(
        doc_id=_own_id(path, layout.metadata),
        path=path,
        title=layout.metadata.get("title") or layout.title or interviewed(layout.text) or Path(path).stem,
        text=layout.text,
        sha256=sha256(data),
        kind=kind,
        note=layout.note,
        elements=layout.elements,
        blocks=find_blocks(layout),
        metadata=layout.metadata,
        marks=layout.marks,
        places=layout.places,
    )


def read_file(folder: Path, path: str, known: Mapping[str, Source]) -> Read:
    """What became of the file at a path of a corpus; what is wrong with it is its reason and never raised."""
    try:
        data = read_bytes(folder / path)
    except SourceError as error:
        return Read("", reason=str(error))
    digest = sha256(data)
    if path in known and known[path].sha256 == digest:
        return Read(digest)
    try:
        return Read(digest, document_of(data, path))
    except SourceError as error:
        return Read(digest, reason=str(error))


def read_files(folder: Path, paths: Sequence[str], known: Mapping[str, Source]) -> Iterator[Read]:
    """``Reading`` in this process."""
    return (read_file(folder, path, known) for path in paths)


def load_corpus(
    folder: Path,
    *,
    strict: bool = False,
    known: Mapping[str, Source] | None = None,
    reading: Reading = read_files,
    progress: Progress | None = None,
) -> Corpus:
    """Every document of a folder, in order of path; with ``strict`` a skipped file is a ``SourceError``.

    Where two file names differ in their suffix alone, the later one's id keeps it (``report.pdf`` beside ``report``).
    ``known`` are sources read before, by path: one whose file has the same bytes is kept as it is.
    """
    files, skipped = source_files(folder)
    paths = [path.relative_to(folder).as_posix() for path in files]
    known = known or {}
    documents: dict[str, Document | Source] = {}
    hashes: dict[str, str] = {}
    for number, (path, found) in enumerate(zip(paths, reading(folder, paths, known), strict=True), 1):
        read = found
        if not (read.document or read.reason):
            if _is_own(known[path], documents):
                documents[known[path].doc_id] = known[path]
            else:
                read = read_file(folder, path, {})
        if read.sha256:
            hashes[path] = read.sha256
        reason = read.reason
        if read.document is not None:
            doc_id = _free_id(read.document, documents)
            if doc_id in documents:
                reason = f"has the id {doc_id!r} of {documents[doc_id].path}; give each its own"
            else:
                documents[doc_id] = replace(read.document, doc_id=doc_id)
        if reason:
            skipped.append(Skipped(path, reason))
        if progress:
            progress("files", number, len(files))
    skipped.sort(key=lambda one: one.path)
    if strict and skipped:
        raise SourceError(f"{folder / skipped[0].path}: {skipped[0].reason}")
    if not documents:
        why = f"; skipped: {skipped[0].path} ({skipped[0].reason})" if skipped else "; add one, see corpus/README.md"
        raise SourceError(f"{folder}: the corpus holds no source document{why}")
    read_now = tuple(one for one in documents.values() if isinstance(one, Document))
    kept = tuple(one for one in documents.values() if isinstance(one, Source))
    return Corpus(read_now, tuple(skipped), hashes, kept)


def _own_id(path: str, metadata: Mapping[str, str]) -> str:
    return metadata.get("id") or Path(path).with_suffix("").as_posix()


def _is_own(source: Source, others: Mapping[str, Document | Source]) -> bool:
    """Whether a source has its own id and would have it again; one that had to take its path may be free of that."""
    return source.doc_id != source.path and source.doc_id not in others


def _free_id(document: Document, others: Mapping[str, Document | Source]) -> str:
    """The id of a document beside others: its own, or its path where that is taken and it names none itself."""
    own = _own_id(document.path, document.metadata)
    return document.path if own in others and not document.metadata.get("id") else own
