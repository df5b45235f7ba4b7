"""Build, save, verify, load and search the index of a corpus: the only importer of faiss.

An index folder holds::

    CURRENT                 the name of the build in use
    <version>/              one build; the version is the first 12 hex digits of its manifest's SHA-256
        manifest.json       schema, sources, files, splitter, encoder, counts
        passages.jsonl      one passage a line, for people and for loading
        passages.faiss      row i: passage i with its context
        sentences.faiss     a row a sentence with its passage's context, in order of passages
        bm25/               the BM25 index over the passages' words
        encoder/            the query encoder as ONNX with its tokenizer

A build is written into a hidden folder beside the others and switched in by replacing ``CURRENT``, so that a
reader sees the old index or the new one, whole, whenever a build is stopped.
"""

import contextlib
import dataclasses
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexUnusable, SourceError
from qa.ingest.corpus import decode, load_corpus, sha256, source_paths
from qa.ingest.splitter import SplitterSettings, model_text, split
from qa.models.encoder import Encoder, Vectors
from qa.models.onnx import file_sha256
from qa.search.lexical import LexicalIndex
from qa.types import Document, Passage, Span

SCHEMA_VERSION = 1
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
MANIFEST_KEYS = frozenset(
    ("schema_version", "sources", "code_sha256", "splitter", "context", "encoder", "counts", "files")
)
Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total)."""


class IndexEncoder(Encoder, Protocol):
    """An encoder that can write the folder which encodes queries at run time."""

    def export(self, folder: Path) -> None:
        """Write everything that loading the query encoder needs."""
        ...


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What an index is made of; another value asks for another build.

    Without ``context`` passages are embedded and counted as they stand, which only ablation wants.
    """

    encoder: str
    splitter: SplitterSettings = field(default_factory=SplitterSettings)
    context: bool = True


class Index:
    """A loaded build: passages in order, and the scores of a query against all of them."""

    def __init__(
        self,
        folder: Path,
        manifest: Mapping[str, Any],
        passages: Sequence[Passage],
        passage_vectors: faiss.Index,
        sentence_vectors: faiss.Index,
        lexical: LexicalIndex,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.passages = passages
        self.lexical = lexical
        self._passage_vectors = passage_vectors
        self._sentence_vectors = sentence_vectors
        counts = [len(passage.sentences) for passage in passages]
        self._first_sentence = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)

    @property
    def version(self) -> str:
        """The build's name: it changes with the sources, the settings and the encoder, and with nothing else."""
        return self.folder.name

    @property
    def encoder_folder(self) -> Path:
        """Where the query encoder of this build lies."""
        return self.folder / "encoder"

    def passage_scores(self, query: Vectors) -> NDArray[np.float32]:
        """Cosine of one query vector, shape (1, dimension), with every passage, shape (passages,)."""
        return _all_scores(self._passage_vectors, query)

    def sentence_scores(self, query: Vectors) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Of every passage the cosine of its best sentence, and which sentence that is; shapes (passages,)."""
        scores = _all_scores(self._sentence_vectors, query)
        best = np.maximum.reduceat(scores, self._first_sentence)
        ends = np.append(self._first_sentence[1:], len(scores))
        which = np.array(
            [np.argmax(scores[a:b]) for a, b in zip(self._first_sentence, ends, strict=True)], dtype=np.int64
        )
        return best, which


def _all_scores(index: faiss.Index, query: Vectors) -> NDArray[np.float32]:
    scores, rows = index.search(query, index.ntotal)
    ordered = np.empty(index.ntotal, np.float32)
    ordered[rows[0]] = scores[0]
    return ordered


# --- what an index was built from ---------------------------------------------------------------------------


def source_hashes(corpus: Path) -> dict[str, str]:
    """SHA-256 of every source file by its path relative to the corpus."""
    hashes = {}
    for path in source_paths(corpus):
        try:
            hashes[path.relative_to(corpus).as_posix()] = sha256(path.read_bytes())
        except OSError as error:
            raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    return hashes


DECIDING = (
    "ingest/corpus.py",
    "ingest/formats.py",
    "ingest/structure.py",
    "ingest/splitter.py",
    "search/lexical.py",
    "models/weights/encoder/encoder.json",
)
"""What decides, beside the sources, what an index holds: passages, words, and the vectors of the encoder that ships."""


def code_sha256(folder: Path = Path(__file__).parent.parent) -> str:
    """SHA-256 of the files in ``DECIDING``."""
    return sha256(b"".join((folder / name).read_bytes() for name in DECIDING))


def current_build(folder: Path) -> Path:
    """The folder of the build in use."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        raise IndexUnusable(f"{folder}: no index here; run `qa index`") from None
    build = folder / name
    if not name or not build.is_dir():
        raise IndexUnusable(f"{folder / CURRENT}: names the build {name!r}, which is not there; run `qa index`")
    return build


def read_manifest(build: Path) -> dict[str, Any]:
    """The manifest of a build, its schema and its version checked."""
    path = build / MANIFEST
    try:
        data = path.read_bytes()
        manifest = json.loads(data)
        schema = manifest["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{path}: cannot be read ({type(error).__name__}); run `qa index`") from error
    if schema != SCHEMA_VERSION:
        raise IndexUnusable(f"{path}: has schema {schema}, this version reads {SCHEMA_VERSION}; run `qa index`")
    if _version(data) != build.name:
        raise IndexUnusable(f"{path}: was changed after the build {build.name}; run `qa index`")
    if missing := MANIFEST_KEYS - manifest.keys():
        raise IndexUnusable(f"{path}: has no {min(missing)!r}; run `qa index`")
    return dict(manifest)


def verify_files(build: Path, manifest: Mapping[str, Any]) -> None:
    """Hold every file of a build to the size and SHA-256 of its manifest."""
    for name, entry in manifest["files"].items():
        path = build / name
        try:
            size, digest = path.stat().st_size, file_sha256(path)
        except OSError as error:
            raise IndexUnusable(f"{path}: index file is missing; run `qa index`") from error
        if size != entry["bytes"]:
            raise IndexUnusable(f"{path}: has {size} bytes, not {entry['bytes']}: damaged; run `qa index`")
        if digest != entry["sha256"]:
            raise IndexUnusable(f"{path}: its content differs from the manifest: damaged; run `qa index`")


def check_fresh(corpus: Path, manifest: Mapping[str, Any], settings: IndexSettings) -> None:
    """Raise ``IndexUnusable`` naming the first thing in which corpus or settings differ from the build."""
    built = {path: entry["sha256"] for path, entry in manifest["sources"].items()}
    now = source_hashes(corpus)
    for path in sorted(built.keys() | now.keys()):
        if path not in now:
            raise IndexUnusable(f"index is stale: the source {path} is gone; run `qa index`")
        if path not in built:
            raise IndexUnusable(f"index is stale: the source {path} is new; run `qa index`")
        if built[path] != now[path]:
            raise IndexUnusable(f"index is stale: the source {path} was changed; run `qa index`")
    if manifest["code_sha256"] != code_sha256():
        raise IndexUnusable("index is stale: it was built by another version of qa; run `qa index`")
    if manifest["splitter"] != dataclasses.asdict(settings.splitter):
        raise IndexUnusable("index is stale: it was built with other splitter settings; run `qa index`")
    if manifest["context"] != settings.context:
        raise IndexUnusable("index is stale: it was built with or without context lines; run `qa index`")
    if manifest["encoder"]["asked_for"] != settings.encoder:
        asked = manifest["encoder"]["asked_for"]
        raise IndexUnusable(f"index is stale: built with encoder {asked}, not {settings.encoder}; run `qa index`")


# --- loading ------------------------------------------------------------------------------------------------


def load_index(folder: Path) -> Index:
    """The build in use, every file verified against its manifest."""
    build = current_build(folder)
    manifest = read_manifest(build)
    verify_files(build, manifest)
    try:
        passages = read_passages(build / "passages.jsonl")
        passage_vectors = faiss.read_index(str(build / "passages.faiss"))
        sentence_vectors = faiss.read_index(str(build / "sentences.faiss"))
        lexical = LexicalIndex.load(build / "bm25")
    except Exception as error:  # only another version of a library can get here: the bytes are those written
        raise IndexUnusable(f"{build}: cannot be loaded: {str(error).splitlines()[0]}; run `qa index`") from error
    return Index(build, manifest, passages, passage_vectors, sentence_vectors, lexical)


def read_passages(path: Path) -> list[Passage]:
    """The passages of a build in order of rows."""
    passages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        fields["sentences"] = tuple(Span(*span) for span in fields["sentences"])
        passages.append(Passage(**fields))
    return passages


def load_sources(corpus: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Of every source of a build its path: (text, SHA-256 of the file as it is now)."""
    sources = {}
    for path in manifest["sources"]:
        try:
            data = (corpus / path).read_bytes()
        except OSError as error:
            raise IndexUnusable(f"{corpus / path}: source cannot be read: {error.strerror}") from error
        sources[path] = (decode(data, path), sha256(data))
    return sources


# --- building -----------------------------------------------------------------------------------------------


def _version(manifest: bytes) -> str:
    return sha256(manifest)[:12]


@contextlib.contextmanager
def _only_builder(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two builds follow one another."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _known_vectors(folder: Path, encoder_sha256: str) -> tuple[dict[str, NDArray[np.float32]], Path | None]:
    """Vectors of an earlier build with the same encoder by their text, and its encoder folder."""
    try:
        old = load_index(folder)
    except IndexUnusable:
        return {}, None
    if old.manifest["encoder"]["sha256"] != encoder_sha256:
        return {}, None
    known: dict[str, NDArray[np.float32]] = {}
    for index, texts in (
        (old._passage_vectors, passage_texts(old.passages)),
        (old._sentence_vectors, sentence_texts(old.passages)),
    ):
        known.update(zip(texts, index.reconstruct_n(0, index.ntotal), strict=True))
    return known, old.encoder_folder


def with_context(passage: Passage, text: str) -> str:
    """What the encoder sees: the context line in front of the words."""
    context = passage.context
    return f"{context}: {model_text(text)}" if context else model_text(text)


def without_context(passage: Passage) -> Passage:
    """The passage with nothing but its own words."""
    return dataclasses.replace(passage, title="", section=None, cue=None)


def passage_texts(passages: Sequence[Passage]) -> list[str]:
    """The encoder's view of every passage."""
    return [with_context(passage, passage.text) for passage in passages]


def sentence_texts(passages: Sequence[Passage]) -> list[str]:
    """The encoder's view of every sentence, in order of passages."""
    return [with_context(p, p.sentence_text(sentence)) for p in passages for sentence in p.sentences]


def lexical_texts(passages: Sequence[Passage]) -> list[str]:
    """BM25's view of every passage: section and cue, not the title, which all passages of a file share."""
    return [" ".join(filter(None, (p.section, p.cue, model_text(p.text)))) for p in passages]


def _embed(
    encoder: Encoder, texts: Sequence[str], known: dict[str, NDArray[np.float32]], what: str, progress: Progress | None
) -> Vectors:
    rows = np.zeros((len(texts), encoder.dimension), np.float32)
    for i, text in enumerate(texts):
        if text not in known:
            known[text] = encoder.encode([text])[0]
        rows[i] = known[text]
        if progress:
            progress(what, i + 1, len(texts))
    return rows


def _write_vectors(path: Path, vectors: Vectors) -> None:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(path))


def _is_whole(build: Path) -> bool:
    try:
        verify_files(build, read_manifest(build))
    except IndexUnusable:
        return False
    return True


def _write_build(
    build: Path,
    documents: Sequence[Document],
    settings: IndexSettings,
    encoder: IndexEncoder,
    folder: Path,
    progress: Progress | None,
) -> None:
    passages = [passage for document in documents for passage in split(document, settings.splitter)]
    if not passages:
        raise SourceError("the sources hold no text that could be cited; add a document with words in it")
    known, encoder_folder = _known_vectors(folder, encoder.sha256)
    seen = passages if settings.context else [without_context(passage) for passage in passages]
    _write_vectors(build / "passages.faiss", _embed(encoder, passage_texts(seen), known, "passages", progress))
    _write_vectors(build / "sentences.faiss", _embed(encoder, sentence_texts(seen), known, "sentences", progress))
    (build / "bm25").mkdir()
    LexicalIndex.build(lexical_texts(seen)).save(build / "bm25")
    with (build / "passages.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for passage in passages:
            file.write(json.dumps(dataclasses.asdict(passage), ensure_ascii=False) + "\n")
    if encoder_folder is not None:
        shutil.copytree(encoder_folder, build / "encoder")
    else:
        encoder.export(build / "encoder")
    files = {}
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        data = path.read_bytes()
        files[path.relative_to(build).as_posix()] = {"bytes": len(data), "sha256": sha256(data)}
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "sources": {d.path: {"doc_id": d.doc_id, "title": d.title, "sha256": d.sha256} for d in documents},
        "code_sha256": code_sha256(),
        "splitter": dataclasses.asdict(settings.splitter),
        "context": settings.context,
        "encoder": {
            "name": encoder.name,
            "asked_for": settings.encoder,
            "sha256": encoder.sha256,
            "dimension": encoder.dimension,
        },
        "counts": {
            "documents": len(documents),
            "passages": len(passages),
            "sentences": sum(len(passage.sentences) for passage in passages),
        },
        "files": files,
    }
    (build / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def build_index(
    corpus: Path,
    folder: Path,
    settings: IndexSettings,
    make_encoder: Callable[[str], IndexEncoder],
    progress: Progress | None = None,
) -> Path:
    """Index a corpus and switch the result in; returns the folder of the build.

    Vectors of unchanged texts and the query encoder are taken over from the build before. Whatever goes wrong
    or stops it, the build in use stays as it was.
    """
    documents = load_corpus(corpus)
    with _only_builder(folder):
        for left_over in folder.glob(".build-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        encoder = make_encoder(settings.encoder)
        build = Path(tempfile.mkdtemp(prefix=".build-", dir=folder))
        try:
            _write_build(build, documents, settings, encoder, folder, progress)
            target = folder / _version((build / MANIFEST).read_bytes())
            build.chmod(0o755)
            if _is_whole(target):
                shutil.rmtree(build)
            else:
                shutil.rmtree(target, ignore_errors=True)
                build.rename(target)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        pointer = folder / f".{CURRENT}"
        pointer.write_text(target.name + "\n", encoding="utf-8")
        with pointer.open() as file:
            os.fsync(file.fileno())
        pointer.replace(folder / CURRENT)
        for other in folder.iterdir():
            if other.is_dir() and other != target and (other / MANIFEST).exists():
                shutil.rmtree(other, ignore_errors=True)
    return target
