"""What a build says of itself: its sources, what it was made with, its files and their hashes.

An index folder holds ``CURRENT`` with the name of the build in use, and builds, each a folder named after the first
12 hex digits of its manifest's SHA-256.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field, to_builtins

from qa.errors import IndexUnusable, SourceError, UsageError
from qa.ingest.corpus import read_bytes, sha256, source_files
from qa.ingest.splitter import SplitterSettings
from qa.models.onnx import file_sha256
from qa.patterns import compiled
from qa.types import Skipped

SCHEMA_VERSION = 3
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
BUILD_NAME = compiled(r"[0-9a-f]{12}")
PACKAGE = Path(__file__).parent.parent


class IndexSettings(Struct, frozen=True):
    """What an index is made of; another value asks for another build.

    Without ``context`` passages are embedded and counted as they stand, which only ablation wants.
    """

    encoder: str
    splitter: SplitterSettings = field(default_factory=SplitterSettings)
    context: bool = True


class Encoded(Struct, frozen=True):
    """The encoder of a build: its name, the name that was asked for, the SHA-256 of its weights, a vector's length."""

    name: str
    asked_for: str
    sha256: str
    dimension: int


class Counts(Struct, frozen=True):
    """How much a build holds."""

    documents: int
    passages: int
    sentences: int


class File(Struct, frozen=True):
    """A file of a build."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True):
    """A build's manifest; ``sources`` gives the SHA-256 of every source file by its path, ``files`` the build's own.

    ``segments`` are the names of its segments in order.
    """

    sources: Mapping[str, str]
    skipped: tuple[Skipped, ...]
    code_sha256: str
    splitter: SplitterSettings
    context: bool
    encoder: Encoded
    counts: Counts
    segments: tuple[str, ...]
    files: Mapping[str, File]
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> bytes:
        """The manifest as it is written; the same values give the same bytes."""
        return (json.dumps(to_builtins(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is no manifest of this schema."""
        loaded: dict[str, Any] = json.loads(data)
        return cls(
            sources={str(path): str(digest) for path, digest in loaded["sources"].items()},
            skipped=tuple(Skipped(**entry) for entry in loaded["skipped"]),
            code_sha256=str(loaded["code_sha256"]),
            splitter=SplitterSettings(**loaded["splitter"]),
            context=bool(loaded["context"]),
            encoder=Encoded(**loaded["encoder"]),
            counts=Counts(**loaded["counts"]),
            segments=tuple(map(str, loaded["segments"])),
            files={str(name): File(**entry) for name, entry in loaded["files"].items()},
        )


def version_of(manifest: bytes) -> str:
    """The name of the build that has this manifest."""
    return sha256(manifest)[:12]


def current_build(folder: Path) -> Path:
    """The folder of the build in use."""
    pointer = folder / CURRENT
    try:
        name = pointer.read_bytes()[:100].decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise IndexUnusable(f"{pointer}: names no build: damaged; run `qa index`") from None
        raise IndexUnusable(f"{folder}: no index here; run `qa index`") from None
    if not BUILD_NAME.fullmatch(name) or not (folder / name).is_dir():
        raise IndexUnusable(f"{pointer}: names the build {name!r}, which is not there; run `qa index`")
    return folder / name


def read_manifest(build: Path) -> Manifest:
    """The manifest of a build, its schema and its version checked."""
    path = build / MANIFEST
    try:
        data = path.read_bytes()
        schema = json.loads(data)["schema_version"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexUnusable(f"{path}: cannot be read ({type(error).__name__}); run `qa index`") from error
    if schema != SCHEMA_VERSION:
        raise IndexUnusable(f"{path}: has schema {schema}, this version reads {SCHEMA_VERSION}; run `qa index`")
    if version_of(data) != build.name:
        raise IndexUnusable(f"{path}: was changed after the build {build.name}; run `qa index`")
    try:
        return Manifest.from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexUnusable(f"{path}: is not a manifest ({error}); run `qa index`") from error


SEEN = "SEEN"
SETTLED_NS = 2 * 10**9
"""So old must a file be for its times to tell it apart: they are coarse, and what was written this moment may be
written again and look the same."""


class Seen:
    """The SHA-256 of files, as long as their times, size and number are what they were when it was taken.

    A file that is written to gets another time of change, which only the system's clock sets; so what this does not
    notice is a disk that gives other bytes than were written, and ``qa index`` reads them all. Kept in a file of JSON
    if one is given; where that cannot be read or written every file is read instead.
    """

    def __init__(self, kept_in: Path | None = None) -> None:
        self._kept_in = kept_in
        self._known: dict[str, list[Any]] = {}
        self._changed = False
        with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
            if kept_in is not None:
                self._known = dict(json.loads(kept_in.read_bytes()))

    def sha256(self, path: Path, read: Callable[[Path], str] | None = None) -> str:
        """The hash of a file, read only if it is not known; raises what ``read`` and its stat raise."""
        name, found = os.fspath(path), os.stat(path)  # noqa: PTH116
        seen = [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]
        kept = self._known.get(name)
        if isinstance(kept, list) and kept[:4] == seen and len(kept) == 5:
            return str(kept[4])
        digest = (read or file_sha256)(path)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) >= SETTLED_NS:
            self._known[name] = [*seen, digest]
            self._changed = True
        return digest

    def forget(self, path: Path) -> None:
        """Read a file anew when its hash is asked for again."""
        self._known.pop(os.fspath(path), None)

    def keep(self) -> None:
        """Write what is known into the file, if anything is new."""
        if self._changed and self._kept_in is not None:
            with contextlib.suppress(OSError):
                beside = self._kept_in.with_name(f".{SEEN}")
                beside.write_text(json.dumps(self._known), encoding="utf-8")
                beside.replace(self._kept_in)
                self._changed = False


def verify_files(build: Path, manifest: Manifest, seen: Seen) -> None:
    """Hold every file of a build to the size and SHA-256 of its manifest."""
    for name, entry in manifest.files.items():
        path = build / name
        try:
            size, digest = os.stat(path).st_size, seen.sha256(path)  # noqa: PTH116
            if digest != entry.sha256:  # of a damaged file, or of damaged knowledge of it
                seen.forget(path)
                digest = seen.sha256(path)
        except OSError as error:
            raise IndexUnusable(f"{path}: index file is missing; run `qa index`") from error
        if size != entry.bytes:
            raise IndexUnusable(f"{path}: has {size} bytes, not {entry.bytes}: damaged; run `qa index`")
        if digest != entry.sha256:
            raise IndexUnusable(f"{path}: its content differs from the manifest: damaged; run `qa index`")


INGREDIENTS = (
    "text.py",
    "ingest/**/*.py",
    "search/words.py",
    "search/bm25.py",
    "search/build.py",
    "search/mapped.py",
    "search/segment.py",
    "models/weights/encoder/card.json",
)
"""What decides, beside the sources, what an index holds: passages, words, and the vectors of the encoder that ships."""


def code_sha256(folder: Path = PACKAGE) -> str:
    """SHA-256 of the files that ``INGREDIENTS`` names, by name and content."""
    found = sorted({path for pattern in INGREDIENTS for path in folder.glob(pattern)})
    named = (path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() for path in found)
    return sha256(b"\0".join(named))


def source_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a source file."""
    return sha256(read_bytes(path))


def source_hashes(corpus: Path, seen: Seen, skipped: frozenset[str] = frozenset()) -> dict[str, str]:
    """SHA-256 of every file that may be a source by its path in the corpus; ``skipped`` ones are hashed too."""
    hashes = {}
    for path in source_files(corpus)[0]:
        relative = path.relative_to(corpus).as_posix()
        try:
            hashes[relative] = seen.sha256(path, source_sha256)
        except (OSError, SourceError) as error:
            if relative not in skipped:
                raise SourceError(f"{path}: {error}") from error
    return hashes


def first_difference(built: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """The first source, by path, whose SHA-256 is another than in the build, in a line."""
    for path in sorted(built.keys() | now.keys()):
        if path not in now:
            return f"index is stale: the source {path} is gone; run `qa index`"
        if path not in built:
            return f"index is stale: the source {path} is new; run `qa index`"
        if built[path] != now[path]:
            return f"index is stale: the source {path} was changed; run `qa index`"
    return None


class SourceWatch:
    """Tells again and again whether the sources are those of a build, at the cost of one stat a file; see ``Seen``."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._seen = Seen()

    def difference(self, manifest: Manifest) -> str | None:
        """The first difference in a line; None where there is none."""
        try:
            found = self._difference(manifest)
            if found is not None:
                source_files(self._corpus)  # a folder that went away on the way is missing as a whole
        except UsageError as error:
            return f"index is stale: {error}"
        return found

    def _difference(self, manifest: Manifest) -> str | None:
        skipped = frozenset(one.path for one in manifest.skipped)
        now: dict[str, str] = {}
        for path in source_files(self._corpus)[0]:
            relative = path.relative_to(self._corpus).as_posix()
            try:
                now[relative] = self._seen.sha256(path, source_sha256)
            except (OSError, SourceError):
                if relative not in skipped:
                    return f"index is stale: the source {relative} cannot be read; run `qa index`"
        return first_difference(manifest.sources, now)


def check_fresh(corpus: Path, manifest: Manifest, settings: IndexSettings, seen: Seen | None = None) -> None:
    """Raise ``IndexUnusable`` naming the first thing in which corpus or settings differ from the build."""
    now = source_hashes(corpus, seen or Seen(), frozenset(one.path for one in manifest.skipped))
    if (stale := first_difference(manifest.sources, now)) is not None:
        raise IndexUnusable(stale)
    if manifest.code_sha256 != code_sha256():
        raise IndexUnusable("index is stale: it was built by another version of qa; run `qa index`")
    if manifest.splitter != settings.splitter:
        raise IndexUnusable("index is stale: it was built with other splitter settings; run `qa index`")
    if manifest.context != settings.context:
        raise IndexUnusable("index is stale: it was built with or without context lines; run `qa index`")
    if manifest.encoder.asked_for != settings.encoder:
        asked = manifest.encoder.asked_for
        raise IndexUnusable(f"index is stale: built with encoder {asked}, not {settings.encoder}; run `qa index`")
