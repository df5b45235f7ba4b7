"""Build the index of a corpus: read, split, embed, write, and switch the result in.

A build is written into a hidden folder beside the others and switched in by replacing ``CURRENT``, so that a reader
sees the old index or the new one, whole, whenever a build is stopped. Only what this module made is ever removed: a
folder that is named after its own manifest, and the one that ``.building`` names. An index folder that holds anything
else is left alone.

The documents of a corpus are built in segments of neighbouring files. Which files are neighbours follows from their
paths alone, so that the same sources give the same bytes; a segment none of whose files changed is taken over from the
build before as it is, and so a changed file costs its own segment.
"""

import math
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock
from msgspec.structs import replace
from numpy.typing import NDArray

from qa.errors import IndexUnusable, SourceError, UsageError
from qa.ingest.corpus import Corpus, Read, load_corpus, read_files, sha256
from qa.ingest.splitter import split
from qa.models.encoder import Encoder
from qa.models.onnx import file_sha256
from qa.search.index import ENCODER, SEGMENTS, WORDS, Index, load_index
from qa.search.manifest import (
    BUILD_NAME,
    CURRENT,
    MANIFEST,
    SEEN,
    Counts,
    Encoded,
    File,
    IndexSettings,
    Manifest,
    Seen,
    code_sha256,
    read_manifest,
    verify_files,
    version_of,
)
from qa.search.segment import Segment, write_segment
from qa.search.store import Entry, Within
from qa.search.words import stems, words
from qa.text import Span
from qa.types import Document, Passage, Progress, Source

LOCK = ".lock"
BUILDING = ".building"
"""Names the folder of a build that is being written, so that what a killed one left can be told from other files."""
CORPUS = "CORPUS"
"""Names the index folder and, in a second line, the corpus that it belongs to."""
OURS = frozenset(
    (CURRENT, f".{CURRENT}", CORPUS, f".{CORPUS}", LOCK, BUILDING, SEEN, f".{SEEN}", "README.md", ".gitignore")
)
AT_ONCE = 256
"""Passages that are embedded together."""


Seeing = Callable[[Passage], Passage]
"""What of a passage is embedded and counted."""
FEWEST = 16
"""Files of a segment on average, at least."""


class IndexEncoder(Encoder, Protocol):
    """An encoder that can write the folder which encodes queries at run time."""

    def export(self, folder: Path) -> None:
        """Write everything that loading the query encoder needs."""
        ...


VectorOf = Mapping[str, NDArray[np.float32]]
"""Vectors by the text that was embedded."""


class Workers(Protocol):
    """Reads and embeds the files of a build elsewhere; ``qa.search.bulk`` does by Ray."""

    def read(self, folder: Path, paths: Sequence[str], known: Mapping[str, Source]) -> Iterable[Read]:
        """See ``qa.ingest.corpus.Reading``."""
        ...

    def embed(self, groups: Sequence[Collection[str]], settings: IndexSettings, sha256: str) -> Iterator[VectorOf]:
        """Of each group of paths in turn the vectors of what is embedded of the documents that ``read`` found there.

        ``sha256`` is that of the encoder's weights. A text that is missing is embedded by who asks.
        """
        ...


# --- what models and words see of a passage -------------------------------------------------------------------


def with_context(context: str, text: str) -> str:
    """What the encoder sees: the context line in front of the words."""
    return f"{context}: {text}" if context else text


def without_context(passage: Passage) -> Passage:
    """The passage with nothing but its own words."""
    return replace(passage, title="", section=None, cue=None)


def seeing(context: bool) -> Seeing:
    """What of a passage is seen with or without its context line."""
    return (lambda passage: passage) if context else without_context


def passage_text(passage: Passage) -> str:
    """The encoder's view of a passage."""
    return with_context(passage.context, passage.plain.text)


def sentence_text(passage: Passage, sentence: Span) -> str:
    """The encoder's view of a sentence of a passage."""
    return with_context(passage.context, passage.reads(sentence))


def embedded_texts(view: Passage) -> list[str]:
    """What is embedded of a passage as it is seen: itself, then each of its sentences."""
    return [passage_text(view), *(sentence_text(view, sentence) for sentence in view.sentences)]


def lexical_text(passage: Passage) -> str:
    """BM25's view of a passage: section and cue, not the title, which all passages of a file share."""
    return " ".join(filter(None, (passage.section, passage.cue, passage.plain.text)))


# --- embedding ------------------------------------------------------------------------------------------------


class _Embedder:
    """Embeds texts, each once in a call; those of an earlier build by the same encoder not at all."""

    def __init__(self, encoder: Encoder, known: VectorOf) -> None:
        self._encoder = encoder
        self._known = known

    def embed(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """A vector a text; those of equal texts are the same."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        made = dict(zip(new, self._encoder.encode(new), strict=True))
        return [made[text] if text in made else self._known[text] for text in texts]


def _known_vectors(old: Index | None, paths: Collection[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors that an earlier build has of documents, by their text."""
    known: dict[str, NDArray[np.float32]] = {}
    for segment in old.segments if old else ():
        for entry in (entry for path in segment.places if path in paths for entry in segment.entries(path)):
            known[passage_text(entry.passage)] = entry.vector
            for sentence, vector in zip(entry.passage.sentences, entry.sentence_vectors, strict=True):
                known[sentence_text(entry.passage, sentence)] = vector
    return known


def _entries(passages: Iterable[Passage], seen: Seeing, embedder: _Embedder, vocabulary: set[str]) -> Iterator[Entry]:
    """The store's entries of passages, embedded and counted as they are seen; their words go to the vocabulary."""
    coming = iter(passages)
    while together := list(islice(coming, AT_ONCE)):
        views = [seen(passage) for passage in together]
        vectors = iter(embedder.embed([text for view in views for text in embedded_texts(view)]))
        for passage, view in zip(together, views, strict=True):
            vector = next(vectors)
            sentences = np.stack(list(islice(vectors, len(passage.sentences))))
            text = lexical_text(view)
            vocabulary.update(words(text))
            yield Entry(passage, vector, sentences, tuple(stems(text)))


# --- writing --------------------------------------------------------------------------------------------------


def grouped(paths: Sequence[str]) -> list[list[str]]:
    """Paths in runs, each a segment: about as many runs as a run has paths, and no run for fewer than ``FEWEST``.

    A run begins at a path whose hash says so, so that a path that comes or goes changes one run. Only where the number
    of paths passes a power of four do all change.
    """
    size = max(FEWEST, 1 << math.ceil(math.log2(max(len(paths), 1)) / 2))
    runs: list[list[str]] = []
    for path in paths:
        if not runs or int(sha256(path.encode())[:8], 16) % size == 0:
            runs.append([])
        runs[-1].append(path)
    return runs


def _segment_name(documents: Sequence[Document | Source]) -> str:
    """The name of the segment of some documents: the same for the same documents."""
    told = (f"{document.path}\0{document.doc_id}\0{document.sha256}\n" for document in documents)
    return sha256("".join(told).encode())[:12]


def _link(old: Path, new: Path) -> None:
    """Take a folder over as it is. Its files are never changed, so that both builds can have the same."""
    new.mkdir(parents=True)
    for path in sorted(old.iterdir()):
        try:
            os.link(path, new / path.name)
        except OSError:  # not every file system has hard links
            shutil.copyfile(path, new / path.name)


class _Plan:
    """What a build is made of: a corpus, and of the build before, ``old``, what it need not read and split again."""

    def __init__(self, corpus: Corpus, settings: IndexSettings, old: Index | None) -> None:
        self.corpus, self.settings, self.old = corpus, settings, old
        # New documents are split twice: it takes next to nothing beside embedding, and no passages are held meanwhile.
        new = sum(len(split(document, settings.splitter)) for document in corpus.documents)
        self.passages = new + sum(source.passages for source in corpus.kept)

    def groups(self) -> list[list[Document | Source]]:
        """The documents of each segment; of those that are kept the sources."""
        every: tuple[Document | Source, ...] = (*self.corpus.documents, *self.corpus.kept)
        by_path = {one.path: one for one in every}
        return [[by_path[path] for path in run] for run in grouped([p for p in self.corpus.hashes if p in by_path])]

    def document(self, found: Document | Source) -> Document:
        """The document itself, read from the build before where it is kept."""
        if isinstance(found, Document):
            return found
        assert self.old is not None
        return self.old.documents[found.path]

    def passages_of(self, found: Document | Source) -> Iterable[Passage]:
        """The passages of a document."""
        if isinstance(found, Document):
            return split(found, self.settings.splitter)
        assert self.old is not None
        return self.old.store.scan(Within(frozenset({found.path})))


def _lacking(old: Index | None, found: Sequence[Document | Source], settings: IndexSettings) -> set[str]:
    """The paths of new documents of a segment for which the build before has not all vectors."""
    known, seen = _known_vectors(old, {one.path for one in found}), seeing(settings.context)
    return {
        one.path
        for one in found
        if isinstance(one, Document)
        and not (
            known
            and all(text in known for each in split(one, settings.splitter) for text in embedded_texts(seen(each)))
        )
    }


def _write_build(
    build: Path, plan: _Plan, encoder: IndexEncoder, progress: Progress | None, workers: Workers | None
) -> None:
    old = plan.old if plan.old is not None and plan.old.manifest.encoder.sha256 == encoder.sha256 else None
    same = bool(plan.corpus.kept) and old is not None and old.manifest.context == plan.settings.context
    there = set(old.manifest.segments) if old is not None and same else set()
    seen = seeing(plan.settings.context)
    names, linked = list[str](), set[str]()
    done, total = 0, plan.passages
    vocabulary = set[str]()
    groups = {_segment_name(found): found for found in plan.groups()}
    elsewhere: Iterator[VectorOf] = repeat({})
    if workers is not None:
        lacking = [_lacking(old, found, plan.settings) for name, found in groups.items() if name not in there]
        elsewhere = workers.embed(lacking, plan.settings, encoder.sha256)
    for name, found in groups.items():
        folder = build / SEGMENTS / name
        if old is not None and name in there:
            _link(old.folder / SEGMENTS / name, folder)
            linked.add(f"{SEGMENTS}/{name}/")
        else:
            own = set[str]()
            vectors = {**_known_vectors(old, {one.path for one in found}), **next(elsewhere)}
            embedder = _Embedder(encoder, vectors)
            coming = chain.from_iterable(map(plan.passages_of, found))
            documents = list(map(plan.document, found))
            write_segment(folder, documents, _told(_entries(coming, seen, embedder, own), done, total, progress), own)
        names.append(name)
        written = Segment(folder)
        done += len(written)
        vocabulary.update(written.words())
    if progress:
        progress("passages", total, total)
    (build / WORDS).write_text("".join(f"{word}\n" for word in sorted(vocabulary)), encoding="utf-8", newline="\n")
    if old is not None:
        _link(old.encoder_folder, build / ENCODER)
        linked.add(f"{ENCODER}/")
    else:
        encoder.export(build / ENCODER)
    files = {}
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        relative = path.relative_to(build).as_posix()
        known = old.manifest.files.get(relative) if old and relative.startswith(tuple(linked)) else None
        files[relative] = known or File(path.stat().st_size, file_sha256(path))
    segments = [Segment(build / SEGMENTS / name) for name in names]
    sentences = sum(int(segment.first_sentences[-1]) for segment in segments)
    manifest = Manifest(
        sources=plan.corpus.hashes,
        skipped=plan.corpus.skipped,
        code_sha256=code_sha256(),
        splitter=plan.settings.splitter,
        context=plan.settings.context,
        encoder=Encoded(encoder.name, plan.settings.encoder, encoder.sha256, encoder.dimension),
        counts=Counts(sum(len(segment.sources) for segment in segments), total, sentences),
        segments=tuple(names),
        files=files,
    )
    (build / MANIFEST).write_bytes(manifest.to_json())


def _told(entries: Iterable[Entry], done: int, total: int, progress: Progress | None) -> Iterator[Entry]:
    """Entries, of which the progress is told in steps."""
    for number, entry in enumerate(entries, done):
        if progress and number % AT_ONCE == 0:
            progress("passages", number, total)
        yield entry


def _known_sources(old: Index | None, settings: IndexSettings) -> Mapping[str, Source]:
    """The sources of an earlier build by path, where the same code read and split them."""
    if old is None or old.manifest.code_sha256 != code_sha256() or old.manifest.splitter != settings.splitter:
        return {}
    return {source.path: source for source in old.sources}


def _is_whole(build: Path) -> bool:
    try:
        verify_files(build, read_manifest(build), Seen())
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
    workers: Workers | None = None,
) -> Path:
    """Index a corpus and switch the result in; returns the folder of the build.

    Unchanged documents, vectors of unchanged texts and the query encoder are taken over from the build before. Whatever
    goes wrong or stops it, the build in use stays as it was. With ``strict`` a file that cannot be read is an error.
    With ``force`` every file is read again, and an index that belongs to another corpus is replaced. With ``workers``
    these read and embed, for the same bytes. Raises ``IndexUnusable`` where the folder cannot be written.
    """
    try:
        return _build_index(
            corpus, folder, settings, make_encoder, progress, strict=strict, force=force, workers=workers
        )
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
    workers: Workers | None,
) -> Path:
    _refuse_foreign(folder, corpus)
    if not force:
        _refuse_other_corpus(folder, corpus)

    def planned() -> _Plan:
        old = _previous(folder)
        known = {} if force else _known_sources(old, settings)
        if workers is not None and old is not None and old.manifest.encoder.asked_for != settings.encoder:
            known = {}  # workers embed what they read
        reading = read_files if workers is None else workers.read
        found = load_corpus(corpus, strict=strict, known=known, reading=reading, progress=progress)
        return _Plan(found, settings, old)

    plan = planned()
    if not plan.passages:
        raise SourceError("the sources hold no text that could be cited; add a document with words in it")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        if plan.old is not None and not plan.old.folder.is_dir():  # another build was switched in
            plan = planned()
        _sweep(folder)
        encoder = make_encoder(settings.encoder)
        build = _new_name(folder)
        try:
            build.mkdir()
            _write_build(build, plan, encoder, progress, workers)
            target = folder / version_of((build / MANIFEST).read_bytes())
            if not _is_whole(target):
                if target.exists():
                    _clear(target)
                build.rename(target)
            write_whole(folder / CURRENT, target.name + "\n")
            write_whole(folder / CORPUS, f"{folder.resolve()}\n{corpus.resolve()}\n")
            (folder / SEEN).unlink(missing_ok=True)
            for other in sorted(folder.iterdir()):
                if other != target and _is_build(other):
                    _clear(other)
        finally:
            _sweep(folder)
    return target


def _previous(folder: Path) -> Index | None:
    try:
        return load_index(folder, Seen(folder / SEEN))
    except IndexUnusable:
        return None
