"""Cases on a local Ray cluster of three nodes; `tests/test_bulk.py` runs them.

They take a process of their own: Ray keeps threads and handlers in the one that it is started in, and warns of itself.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from conftest import ExportingHashEncoder
from ray.cluster_utils import Cluster

from qa.errors import ModelError, SourceError, UsageError
from qa.models.encoder import Vectors
from qa.search.build import build_index
from qa.search.bulk import RayWorkers
from qa.search.index import load_index
from qa.search.manifest import IndexSettings

SETTINGS = IndexSettings("hash")
FILES = 60


class MortalEncoder(ExportingHashEncoder):
    """One whose process is killed at its first text, if no other was before; what is there then stays undone."""

    def __init__(self, killed: Path) -> None:
        super().__init__()
        self._killed = killed

    def encode(self, texts: Sequence[str]) -> Vectors:
        try:
            self._killed.touch(exist_ok=False)
        except FileExistsError:
            return super().encode(texts)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("killed before")


class MissingEncoder(ExportingHashEncoder):
    """One that cannot be loaded."""

    def __init__(self) -> None:
        raise ModelError("encoder hash: its folder is not there")


class OtherEncoder(ExportingHashEncoder):
    """One of other weights."""

    def __init__(self) -> None:
        super().__init__(8)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    running = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(2):
        running.add_node(num_cpus=1)
    assert len(running.list_all_nodes()) == 3
    yield running
    running.shutdown()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A corpus of several segments, with a file that no reader can read and one in a subfolder."""
    folder = tmp_path / "many"
    (folder / "below").mkdir(parents=True)
    for number in range(FILES):
        words = f"The boat of number {number} is {number * 7 % 31} metres long. It was built by the builder {number}."
        (folder / f"{number:03}.txt").write_text(f"Boat {number}\n\n{words}\n\nIt lies in harbour {number % 9}.\n")
    (folder / "below" / "more.md").write_text("# Harbours\n\n- Harbour 1: Bar\n- Harbour 2: Kotor\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nno")
    return folder


@pytest.fixture
def built(many: Path, tmp_path: Path) -> Path:
    """The build of that corpus without Ray."""
    return build_index(many, tmp_path / "here", SETTINGS, lambda name: ExportingHashEncoder())


def build_there(
    cluster: Cluster,
    corpus: Path,
    index: Path,
    make_encoder: Callable[[str], ExportingHashEncoder] = lambda name: ExportingHashEncoder(),
    **options: object,
) -> tuple[Path, list[str], bool]:
    """The build with Ray, the texts that were not embedded there, and whether the cluster was joined."""
    here = ExportingHashEncoder()
    with RayWorkers(cluster.address, make_encoder) as workers:
        build = build_index(corpus, index, SETTINGS, lambda name: here, workers=workers, **options)
        return build, here.encoded, workers._data is not None


def files(build: Path) -> dict[str, bytes]:
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in build.rglob("*") if path.is_file()}


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    cluster: Cluster,
    many: Path,
    built: Path,
    tmp_path: Path,
) -> None:
    killed = tmp_path / "killed"
    build, embedded_here, _ = build_there(cluster, many, tmp_path / "there", lambda name: MortalEncoder(killed))
    assert killed.exists()
    assert files(build) == files(built)
    assert embedded_here == []
    index = load_index(tmp_path / "there")
    assert [one.path for one in index.manifest.skipped] == ["broken.pdf"]
    assert len(index.documents) == FILES + 1
    assert len(index.segments) > 1


def test_only_what_changed_is_read_again(
    cluster: Cluster,
    many: Path,
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = tmp_path / "there"
    shutil.copytree(built.parent, index)
    (many / "broken.pdf").unlink()  # which is no source, and so read every time
    assert build_there(cluster, many, index)[2] is False
    (many / "007.txt").write_text("Boat 7\n\nIt was sunk in 1999 by a storm.\n")
    (many / "new.txt").write_text("Boat 99\n\nIt has no harbour yet.\n")
    asked = list[str]()
    read = RayWorkers._read
    monkeypatch.setattr(
        RayWorkers, "_read", lambda self, folder, paths: asked.extend(paths) or read(self, folder, paths)
    )
    build, embedded_here, joined = build_there(cluster, many, index)
    assert (asked, embedded_here, joined) == (["007.txt", "new.txt"], [], True)
    fresh = build_index(many, tmp_path / "fresh", SETTINGS, lambda name: ExportingHashEncoder())
    assert files(build) == files(fresh)


def test_what_is_wrong_there_is_told_in_a_line(cluster: Cluster, many: Path, tmp_path: Path) -> None:
    for make_encoder, error, message in (
        (lambda name: MissingEncoder(), ModelError, "^encoder hash: its folder is not there$"),
        (
            lambda name: OtherEncoder(),
            ModelError,
            "^encoder hash: the node .* has other weights; install the same there$",
        ),
    ):
        with pytest.raises(error, match=message):
            build_there(cluster, many, tmp_path / "there", make_encoder)
    with pytest.raises(SourceError, match=r"broken\.pdf: "):
        build_there(cluster, many, tmp_path / "there", strict=True)
    with RayWorkers(cluster.address, ExportingHashEncoder) as workers:
        gone = tmp_path / "gone"
        with pytest.raises(SourceError, match=r"gone: the node .* has no such folder; mount the corpus there too"):
            list(workers.read(gone, ["a.txt"], {}))
    assert not (tmp_path / "there" / "CURRENT").exists()


def test_no_cluster_is_told_in_a_line(many: Path, tmp_path: Path) -> None:
    message = r"^ray is '127\.0\.0\.1:9': nothing answers there: .*refused; see `ray status`$"
    with RayWorkers("127.0.0.1:9", ExportingHashEncoder) as workers, pytest.raises(UsageError, match=message):
        list(workers.read(many, ["000.txt"], {}))


def test_a_node_that_is_lost_loses_and_doubles_nothing(
    cluster: Cluster,
    many: Path,
    built: Path,
    tmp_path: Path,
) -> None:
    nodes = list(cluster.worker_nodes)

    def lose(what: str, done: int, total: int) -> None:
        if what == "files" and done == total:  # read, and what was read on that node is gone before it is embedded
            cluster.remove_node(nodes.pop(), allow_graceful=False)

    build, embedded_here, _ = build_there(cluster, many, tmp_path / "there", progress=lose)
    assert (len(cluster.worker_nodes), embedded_here) == (1, [])
    assert files(build) == files(built)
