"""A build that is open: its manifest, its segments of documents and what is searched in them, the words.

::

    manifest.json           see ``qa.search.manifest``
    segments/NAME/          some documents and their passages, see ``qa.search.segment``
    words.txt               the words of the corpus, one a line
    encoder/                the query encoder as ONNX with its tokenizer

Opening reads what grows with the number of files, not with their length: a document or a passage is read when a
question comes to it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from qa.errors import IndexUnusable
from qa.ingest.corpus import sha256
from qa.search.manifest import Manifest, Seen, current_build, read_manifest, verify_files
from qa.search.segment import Segment
from qa.search.segment_store import SegmentStore
from qa.search.store import Store
from qa.types import Document, Source

SEGMENTS = "segments"
WORDS = "words.txt"
ENCODER = "encoder"
KEPT = 64
"""Documents that are kept after they were read."""


class Documents(Mapping[str, Document]):
    """The documents of segments by path, in order, each read when it is asked for."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = {path: segment for segment in segments for path in segment.places}
        self._read = lru_cache(KEPT)(lambda path: self._segments[path].document(path))

    def __getitem__(self, path: str) -> Document:
        return self._read(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)


class Index(Struct, frozen=True, dict=True):
    """A build in use; ``documents`` are by path, in order; ``seen`` knows the hashes of files, of models' too."""

    folder: Path
    manifest: Manifest
    segments: Sequence[Segment]
    documents: Mapping[str, Document]
    vocabulary: Sequence[str]
    store: Store
    seen: Seen = field(default_factory=Seen)

    @property
    def version(self) -> str:
        """The build's name: it changes with the sources, the settings and the encoder, and with nothing else."""
        return self.folder.name

    @property
    def encoder_folder(self) -> Path:
        """Where the query encoder of this build lies."""
        return self.folder / ENCODER

    @property
    def parts(self) -> dict[str, Segment]:
        """The segments by names that say all that decides what is in them: documents, code, settings, encoder."""
        of = self.manifest
        made = [of.code_sha256, asdict(of.splitter), of.context, of.encoder.sha256]
        digest = sha256(json.dumps(made).encode())[:12]
        return {f"{name}-{digest}": part for name, part in zip(of.segments, self.segments, strict=True)}

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What listings say of the documents, in order of path."""
        return tuple(source for segment in self.segments for source in segment.sources)


def load_index(folder: Path, seen: Seen | None = None) -> Index:
    """The build in use, every file held to its manifest; ``seen`` knows of files whose hash need not be taken again."""
    build = current_build(folder)
    manifest = read_manifest(build)
    seen = seen or Seen()
    verify_files(build, manifest, seen)
    try:
        segments = [Segment(build / SEGMENTS / name) for name in manifest.segments]
        vocabulary = (build / WORDS).read_text(encoding="utf-8").split("\n")[:-1]
    except Exception as error:  # only another version of a library can get here: the bytes are those written
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise IndexUnusable(f"{build}: cannot be loaded: {reason}; run `qa index`") from error
    return Index(build, manifest, segments, Documents(segments), vocabulary, SegmentStore(segments), seen)
