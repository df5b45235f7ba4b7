"""Read, split and embed the files of a build by Ray Data. The only importer of ray.

A file is read where a task of Ray runs, under the same path as here, and what was read stays there: the documents come
here to be listed, their texts go to the encoders, one actor a processor, and come back with their vectors in the order
of the files. What a build writes it still writes itself, from the same functions, so nothing can be lost or doubled: a
worker that is killed has its task done again by another, and a text without a vector would be embedded here.
"""

import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexUnusable, ModelError, QaError, SourceError, UsageError
from qa.ingest.corpus import Read, read_file
from qa.ingest.splitter import split
from qa.models.encoder import Encoder
from qa.models.onnx import processors
from qa.search.build import AT_ONCE, VectorOf, embedded_texts, seeing
from qa.search.manifest import IndexSettings, code_sha256, source_sha256
from qa.types import Source

LOCAL = "local"
ANSWER_S = 5.0
BLOCK_BYTES = 1 << 20
"""About what a task gives at once: some thousand texts, so that what a killed worker had is soon done again."""
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # else it reports to its makers
    "RAY_DATA_LOG_LEVEL": "CRITICAL",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else it tells of graphics cards
}
ALONE = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # whatever its name says: everywhere, listen on 127.0.0.1 alone
    "RAY_AUTH_MODE": "token",
}


class RayWorkers:
    """``qa.search.build.Workers`` on a Ray cluster at an address, or on one that is started here for ``local``.

    Nothing is started or joined before there is something to read. Raises ``UsageError`` where Ray is not installed or
    no cluster answers, ``IndexUnusable`` where that fails on the way.
    """

    def __init__(self, address: str, make_encoder: Callable[[str], Encoder]) -> None:
        self._address = address
        self._make_encoder = make_encoder
        self._started = contextlib.ExitStack()
        self._data: Any = None
        self._files: Any = None
        for name, value in (QUIET | (ALONE if address == LOCAL else {})).items():
            os.environ.setdefault(name, value)
        try:
            import ray.data
        except ImportError as error:
            raise UsageError(f"ray is {address!r}: that takes Ray; pip install 'qa[ray]'") from error
        self._ray = ray

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files = None
        self._started.close()

    def read(self, folder: Path, paths: Sequence[str], known: Mapping[str, Source]) -> Iterator[Read]:
        """What became of each file, in order. Known ones are hashed here, and read elsewhere only if they differ."""
        same = {path for path in paths if path in known and _is_same(folder / path, known[path])}
        found = self._read(folder.resolve(), [path for path in paths if path not in same])
        return (Read(known[path].sha256) if path in same else next(found) for path in paths)

    def _read(self, folder: Path, paths: Sequence[str]) -> Iterator[Read]:
        if not paths:
            return
        with self._failing():
            self._start()
            rows = self._data.from_items(list(paths), override_num_blocks=min(len(paths), 4 * self._processors()))
            where = {"folder": str(folder), "code": code_sha256()}
            self._files = rows.map(_read, fn_kwargs=where).materialize()
            for row in self._files.iter_rows():
                read: Read = row["read"]
                # What cannot be opened there may be so here: a network's file system is not always there.
                yield read if read.sha256 else read_file(folder, row["path"], {})

    def embed(self, groups: Sequence[Collection[str]], settings: IndexSettings, sha256: str) -> Iterator[VectorOf]:
        """See ``Workers``."""
        rows = self._embed(frozenset(path for group in groups for path in group), settings, sha256)
        row = next(rows, None)
        for group in groups:
            vectors: dict[str, NDArray[np.float32]] = {}
            while row is not None and row[0] in group:
                vectors[row[1]] = row[2]
                row = next(rows, None)
            yield vectors

    def _embed(
        self, paths: frozenset[str], settings: IndexSettings, sha256: str
    ) -> Iterator[tuple[str, str, NDArray[np.float32]]]:
        """Path, text and vector of all that is embedded of files, in the order in which they were read."""
        if not paths or self._files is None:
            return
        with self._failing():
            texts = self._files.flat_map(_texts, fn_kwargs={"paths": paths, "settings": settings})
            made = texts.map_batches(
                _Encoding,
                fn_constructor_args=(self._make_encoder, settings.encoder, sha256),
                batch_size=AT_ONCE,
                batch_format="numpy",
                compute=self._data.ActorPoolStrategy(min_size=1, max_size=self._processors()),
                num_cpus=1,
            )
            for batch in made.iter_batches(batch_size=None, batch_format="numpy"):
                yield from zip(map(str, batch["path"]), map(str, batch["text"]), batch["vector"], strict=True)

    def _processors(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _start(self) -> None:
        """Join the cluster, or start one."""
        if self._data is not None:
            return
        asked: dict[str, Any] = {"address": self._address}
        host, _, port = self._address.rpartition(":")
        try:  # Ray itself would go on trying for minutes
            if host:
                socket.create_connection((host.strip("[]"), int(port)), ANSWER_S).close()
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"ray is {self._address!r}: nothing answers there: {_line(error)}; see `ray status`"
            ) from error
        if self._address == LOCAL:
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(16))
            # Sockets lie in it, whose paths must be short.
            made = tempfile.TemporaryDirectory("", "qa-", "/tmp", ignore_cleanup_errors=True)
            folder = self._started.enter_context(made)
            asked |= {"num_cpus": processors(), "include_dashboard": False, "_temp_dir": folder}
        self._started.enter_context(_unprinted())
        self._started.callback(self._ray.shutdown)
        try:
            with _silent():
                self._ray.init(**asked, log_to_driver=False, configure_logging=False)
        except Exception as error:
            raise UsageError(
                f"ray is {self._address!r}: no cluster answers: {_line(error)}; see `ray status`"
            ) from error
        self._data = self._ray.data
        context = self._data.DataContext.get_current()
        context.enable_progress_bars = False
        context.raise_original_map_exception = True
        context.target_max_block_size = BLOCK_BYTES
        context.execution_options.preserve_order = True

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Tell what goes wrong on the cluster in a line."""
        try:
            yield
        except Exception as error:  # of Ray, of Arrow, or ours, which Ray hands on in one of its own
            ours = getattr(error, "cause", error)
            if isinstance(ours, QaError):
                raise type(ours)(str(ours).splitlines()[0]) from error  # Ray Data adds lines of its own
            raise IndexUnusable(f"ray is {self._address!r}: {_line(error)}; run `qa index` again") from error


# --- what runs on the cluster ---------------------------------------------------------------------------------


def _read(row: Mapping[str, Any], folder: str, code: str) -> dict[str, Any]:
    """What became of a file, beside its path."""
    _same_code(code)
    if not Path(folder).is_dir():
        raise SourceError(f"{folder}: the node {socket.gethostname()} has no such folder; mount the corpus there too")
    return {"path": row["item"], "read": read_file(Path(folder), row["item"], {})}


def _texts(row: Mapping[str, Any], paths: frozenset[str], settings: IndexSettings) -> list[dict[str, Any]]:
    """The texts that are embedded of a file, each once."""
    if row["path"] not in paths or row["read"].document is None:
        return []
    seen = seeing(settings.context)
    passages = split(row["read"].document, settings.splitter)
    texts = dict.fromkeys(text for passage in passages for text in embedded_texts(seen(passage)))
    return [{"path": row["path"], "text": text} for text in texts]


class _Encoding:
    """An encoder in an actor of its own, which gives a batch of texts with their vectors."""

    def __init__(self, make_encoder: Callable[[str], Encoder], name: str, sha256: str) -> None:
        self._made_by, self._name, self._sha256 = make_encoder, name, sha256

    @cached_property  # for of what is raised while an actor is made nothing but text arrives
    def _encoder(self) -> Encoder:
        encoder = self._made_by(self._name)
        if encoder.sha256 != self._sha256:
            where = socket.gethostname()
            raise ModelError(f"encoder {self._name}: the node {where} has other weights; install the same there")
        return encoder

    def __call__(self, batch: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        # One at a time, for an actor has one processor.
        vectors = [self._encoder.encode([str(text)])[0] for text in batch["text"]]
        return batch | {"vector": np.stack(vectors)}


@cache
def _same_code(code: str) -> None:
    """Raise ``UsageError`` where another version of this package runs than where the build is written."""
    if code_sha256() != code:
        raise UsageError(f"the node {socket.gethostname()} has another version of qa; install the same there")


# --- at home --------------------------------------------------------------------------------------------------


def _is_same(path: Path, source: Source) -> bool:
    """Whether a file has the bytes that it was known by."""
    with contextlib.suppress(SourceError):
        return source_sha256(path) == source.sha256
    return False


def _line(error: Exception) -> str:
    """What an error says in its last line, the one that names the cause where the others are where it came from."""
    return ([type(error).__name__] + [line.strip() for line in str(error).splitlines() if line.strip()])[-1]


@contextlib.contextmanager
def _unprinted() -> Iterator[None]:
    """Keep off stdout what Ray prints there of workers that died."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep off stderr what Ray's own libraries write there, past Python, while they start."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
