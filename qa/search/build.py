"""Build the index of a corpus: read, split, embed, write, and switch the result in.

A build is written into a hidden folder beside the others and switched in by replacing ``CURRENT``, so that a reader
sees the old index or the new one, whole, whenever a build is stopped. Only what this module made is ever removed: a
folder that is named after its own manifest, and the one that ``.building`` names. An index folder that holds anything
else is left alone.
"""

import dataclasses
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from qa.errors import IndexUnusable, SourceError, UsageError
from qa.ingest.corpus import Corpus, load_corpus, sha256
from qa.ingest.splitter import split
from qa.jsonl import json_line
from qa.models.encoder import Encoder
from qa.search.index import DOCUMENTS, ENCODER, STORE, WORDS, Index, load_index
from qa.search.manifest import (
    BUILD_NAME,
    CURRENT,
    MANIFEST,
    Counts,
    Encoded,
    File,
    IndexSettings,
    Manifest,
    code_sha256,
    read_manifest,
    verify_files,
    version_of,
)
from qa.search.store import Entry
from qa.search.words import stems, words
from qa.text import Span
from qa.types import Document, Passage, Progress

LOCK = ".lock"
BUILDING = ".building"
"""Names the folder of a build that is being written, so that what a killed one left can be told from other files."""
CORPUS = "CORPUS"
"""Names the index folder and, in a second line, the corpus that it belongs to."""
OURS = frozenset((CURRENT, f".{CURRENT}", CORPUS, f".{CORPUS}", LOCK, BUILDING, "README.md", ".gitignore"))
AT_ONCE = 256
"""Passages that are embedded together."""


class IndexEncoder(Encoder, Protocol):
    """An encoder that can write the folder which encodes queries at run time."""

    def export(self, folder: Path) -> None:
        """Write everything that loading the query encoder needs."""
        ...


# --- what models and words see of a passage -------------------------------------------------------------------


def with_context(context: str, text: str) -> str:
    """What the encoder sees: the context line in front of the words."""
    return f"{context}: {text}" if context else text


def without_context(passage: Passage) -> Passage:
    """The passage with nothing but its own words."""
    return dataclasses.replace(passage, title="", section=None, cue=None)


def passage_text(passage: Passage) -> str:
    """The encoder's view of a passage."""
    return with_context(passage.context, passage.plain.text)


def sentence_text(passage: Passage, sentence: Span) -> str:
    """The encoder's view of a sentence of a passage."""
    return with_context(passage.context, passage.reads(sentence))


def lexical_text(passage: Passage) -> str:
    """BM25's view of a passage: section and cue, not the title, which all passages of a file share."""
    return " ".join(filter(None, (passage.section, passage.cue, passage.plain.text)))


# --- embedding ------------------------------------------------------------------------------------------------


class _Embedder:
    """Embeds texts, each once; those of an earlier build by the same encoder not at all."""

    def __init__(self, encoder: Encoder, known: dict[str, NDArray[np.float32]]) -> None:
        self._encoder = encoder
        self._known = known

    def embed(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """A vector a text; those of equal texts are the same."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return [self._known[text] for text in texts]


def _known_vectors(old: Index | None) -> dict[str, NDArray[np.float32]]:
    """The vectors of an earlier build by their text."""
    known: dict[str, NDArray[np.float32]] = {}
    for entry in old.store.entries() if old else ():
        known[passage_text(entry.passage)] = entry.vector
        for sentence, vector in zip(entry.passage.sentences, entry.sentence_vectors, strict=True):
            known[sentence_text(entry.passage, sentence)] = vector
    return known


def _entries(
    passages: Sequence[Passage], seen: Sequence[Passage], embedder: _Embedder, progress: Progress | None
) -> Iterator[Entry]:
    """The store's entries of passages, embedded and counted as ``seen``."""
    for begin in range(0, len(passages), AT_ONCE):
        views = seen[begin : begin + AT_ONCE]
        texts = [
            [passage_text(view), *(sentence_text(view, sentence) for sentence in view.sentences)] for view in views
        ]
        vectors = iter(embedder.embed([text for part in texts for text in part]))
        for passage, view in zip(passages[begin : begin + AT_ONCE], views, strict=True):
            vector = next(vectors)
            sentences = np.stack(list(islice(vectors, len(passage.sentences))))
            yield Entry(passage, vector, sentences, tuple(stems(lexical_text(view))))
        if progress:
            progress("passages", begin + len(views), len(passages))


# --- writing --------------------------------------------------------------------------------------------------


def _write_documents(path: Path, documents: Iterable[Document]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            file.write(json_line(dataclasses.replace(document, blocks=())))


def _write_build(
    build: Path,
    corpus: Corpus,
    passages: Sequence[Passage],
    settings: IndexSettings,
    encoder: IndexEncoder,
    old: Index | None,
    progress: Progress | None,
) -> None:
    if old is not None and old.manifest.encoder.sha256 != encoder.sha256:
        old = None
    seen = passages if settings.context else [without_context(passage) for passage in passages]
    embedder = _Embedder(encoder, _known_vectors(old))
    STORE.of(_entries(passages, seen, embedder, progress), encoder.dimension).save(build)
    vocabulary = sorted({word for passage in seen for word in words(lexical_text(passage))})
    (build / WORDS).write_text("".join(f"{word}\n" for word in vocabulary), encoding="utf-8", newline="\n")
    _write_documents(build / DOCUMENTS, corpus.documents)
    if old is not None:
        shutil.copytree(old.encoder_folder, build / ENCODER)
    else:
        encoder.export(build / ENCODER)
    files = {}
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        data = path.read_bytes()
        files[path.relative_to(build).as_posix()] = File(len(data), sha256(data))
    manifest = Manifest(
        sources=corpus.hashes,
        skipped=corpus.skipped,
        code_sha256=code_sha256(),
        splitter=settings.splitter,
        context=settings.context,
        encoder=Encoded(encoder.name, settings.encoder, encoder.sha256, encoder.dimension),
        counts=Counts(len(corpus.documents), len(passages), sum(len(passage.sentences) for passage in passages)),
        files=files,
    )
    (build / MANIFEST).write_bytes(manifest.to_json())


def _kept_documents(old: Index | None, settings: IndexSettings) -> dict[str, Document]:
    """The documents of an earlier build by path, where the same code read and split them."""
    if old is None or old.manifest.code_sha256 != code_sha256() or old.manifest.splitter != settings.splitter:
        return {}
    return dict(old.documents)


def _passages(corpus: Corpus, old: Index | None, settings: IndexSettings) -> Iterator[Passage]:
    """The passages of every document in order; those of a document of the earlier build as they are there."""
    kept: dict[int, list[Passage]] = {}
    if old is not None:
        kept = {id(document): [] for document in old.documents.values()}
        for passage in old.store.scan():
            kept[id(old.documents[passage.path])].append(passage)
    for document in corpus.documents:
        known = kept.get(id(document))
        yield from split(document, settings.splitter) if known is None else known


def _is_whole(build: Path) -> bool:
    try:
        verify_files(build, read_manifest(build))
    except IndexUnusable:
        return False
    return True


def _is_build(path: Path) -> bool:
    """Whether a folder is a build of ours: named after the hash of its own manifest."""
    try:
        return BUILD_NAME.fullmatch(path.name) is not None and version_of((path / MANIFEST).read_bytes()) == path.name
    except OSError:
        return False


def _refuse_foreign(folder: Path, corpus: Path) -> None:
    """Raise ``UsageError`` for an index folder that lies in the corpus or holds what no build put there."""
    if folder.resolve().is_relative_to(corpus.resolve()):
        raise UsageError(f"{folder}: the index lies inside the corpus {corpus}; name another folder with --index")
    left = _left_over(folder)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in OURS and path not in left and not (path.is_dir() and BUILD_NAME.fullmatch(path.name)):
            raise UsageError(
                f"{folder}: holds {path.name!r}, which is not of an index; name another folder with --index"
            )


def _refuse_other_corpus(folder: Path, corpus: Path) -> None:
    """Raise ``UsageError`` where the folder holds the index of another corpus that is still there."""
    try:
        where, owner = (Path(os.fsdecode(line)) for line in (folder / CORPUS).read_bytes().split(b"\n")[:2])
    except (OSError, ValueError):
        return
    # A folder that was copied or moved with its index belongs to what it is used with.
    if where == folder.resolve() and owner.is_dir() and owner != corpus.resolve():
        raise UsageError(
            f"{folder}: is the index of {owner}, not of {corpus}; name another with --index, or use `qa index --force`"
        )


def _left_over(folder: Path) -> list[Path]:
    """The folders of builds that were killed, or of which something could not be removed."""
    try:
        names = (folder / BUILDING).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    ours = {name for name in names if name.startswith(".build-") and "/" not in name and "\0" not in name}
    return sorted(folder / name for name in ours if (folder / name).is_dir())


def _sweep(folder: Path) -> None:
    """Remove what ``.building`` names, and that file when nothing is left."""
    for left in _left_over(folder):
        shutil.rmtree(left, ignore_errors=True)
    if not _left_over(folder):
        (folder / BUILDING).unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Replace a file by another, so that a reader sees one or the other, whatever stops the writing."""
    beside = path.with_name(f".{path.name}")
    with beside.open("wb") as file:
        file.write(os.fsencode(text))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _new_name(folder: Path) -> Path:
    """A folder that is not there yet; ``.building`` names it first, so that it can be told from other files."""
    path = folder / f".build-{secrets.token_hex(6)}"
    with (folder / BUILDING).open("a", encoding="utf-8") as file:
        file.write(f"\n{path.name}\n")  # on a line of its own whatever a killed build left there
    return path


def _clear(build: Path) -> None:
    """Remove a build. It is renamed first, so that what is left of a half-removed one is known as such."""
    left = _new_name(build.parent)
    build.rename(left)
    shutil.rmtree(left, ignore_errors=True)


def build_index(
    corpus: Path,
    folder: Path,
    settings: IndexSettings,
    make_encoder: Callable[[str], IndexEncoder],
    progress: Progress | None = None,
    *,
    strict: bool = False,
    force: bool = False,
) -> Path:
    """Index a corpus and switch the result in; returns the folder of the build.

    Unchanged documents, vectors of unchanged texts and the query encoder are taken over from the build before. Whatever
    goes wrong or stops it, the build in use stays as it was. With ``strict`` a file that cannot be read is an error.
    With ``force`` every file is read again, and an index that belongs to another corpus is replaced. Raises
    ``IndexUnusable`` where the folder cannot be written.
    """
    try:
        return _build_index(corpus, folder, settings, make_encoder, progress, strict=strict, force=force)
    except OSError as error:
        reason = error.strerror or str(error)
        raise IndexUnusable(f"{folder}: no index can be written: {reason}; name another with --index") from error


def _build_index(
    corpus: Path,
    folder: Path,
    settings: IndexSettings,
    make_encoder: Callable[[str], IndexEncoder],
    progress: Progress | None,
    *,
    strict: bool,
    force: bool,
) -> Path:
    _refuse_foreign(folder, corpus)
    if not force:
        _refuse_other_corpus(folder, corpus)
    old = _previous(folder)
    kept = {} if force else _kept_documents(old, settings)
    found = load_corpus(corpus, strict=strict, known=kept, progress=progress)
    passages = list(_passages(found, old if kept else None, settings))
    if not passages:
        raise SourceError("the sources hold no text that could be cited; add a document with words in it")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        if old is not None and not old.folder.is_dir():  # another build was switched in
            old = _previous(folder)
        _sweep(folder)
        encoder = make_encoder(settings.encoder)
        build = _new_name(folder)
        try:
            build.mkdir()
            _write_build(build, found, passages, settings, encoder, old, progress)
            target = folder / version_of((build / MANIFEST).read_bytes())
            if not _is_whole(target):
                if target.exists():
                    _clear(target)
                build.rename(target)
            write_whole(folder / CURRENT, target.name + "\n")
            write_whole(folder / CORPUS, f"{folder.resolve()}\n{corpus.resolve()}\n")
            for other in sorted(folder.iterdir()):
                if other != target and _is_build(other):
                    _clear(other)
        finally:
            _sweep(folder)
    return target


def _previous(folder: Path) -> Index | None:
    try:
        return load_index(folder)
    except IndexUnusable:
        return None
