"""A build whose files are read and embedded elsewhere is the same build, whatever happens there."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, ExportingHashEncoder, fakes

from qa.ask.opening import rebuild
from qa.config import Settings
from qa.errors import UsageError
from qa.ingest.corpus import Read, read_files
from qa.search.build import VectorOf, build_index
from qa.search.bulk import ALONE, QUIET
from qa.search.manifest import IndexSettings
from qa.types import Source

SETTINGS = IndexSettings("hash")


def files(build: Path) -> dict[str, bytes]:
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in build.rglob("*") if path.is_file()}


class Forgetful:
    """Workers that give no vectors back."""

    def __init__(self) -> None:
        self.asked = list[list[str]]()

    def read(self, folder: Path, paths: Sequence[str], known: Mapping[str, Source]) -> Iterator[Read]:
        return read_files(folder, paths, known)

    def embed(self, groups: Sequence[Collection[str]], settings: IndexSettings, sha256: str) -> Iterator[VectorOf]:
        self.asked += [sorted(group) for group in groups]
        return iter([{} for _ in groups])


def test_what_workers_lose_is_embedded_here_and_what_is_known_not_asked_of_them(
    corpus: Path, tmp_path: Path, encoder: ExportingHashEncoder
) -> None:
    def build(index: str, workers: Forgetful | None) -> dict[str, bytes]:
        return files(build_index(corpus, tmp_path / index, SETTINGS, lambda name: encoder, workers=workers))

    first, second, other = Forgetful(), Forgetful(), Forgetful()
    assert build("a", first) == build("b", None)
    assert first.asked == [["article.md", "interview.txt"]]
    (corpus / "article.md").write_text((corpus / "article.md").read_text() + "\nIt was restored in 2020.\n")
    (corpus / "again.txt").write_text((corpus / "interview.txt").read_text())
    assert build("a", second) == build("c", None)
    assert second.asked == [["again.txt", "article.md"]]
    (corpus / "interview.txt").write_bytes((corpus / "interview.txt").read_bytes() + b"\n\n")  # no other text in it
    assert build("a", other) == build("d", None)
    assert other.asked == [[]]


def test_without_ray_a_line_says_how_to_get_it(
    corpus: Path, tmp_path: Path, encoder: ExportingHashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    settings = Settings(corpus, tmp_path / "index", "hash", ray="local")
    with pytest.raises(UsageError, match=r"^ray is 'local': that takes Ray; pip install 'qa\[ray\]'$"):
        rebuild(settings, parts=fakes(encoder))
    assert not settings.index.exists()
    rebuild(replace(settings, ray=""), parts=fakes(encoder))


@pytest.mark.real
@pytest.mark.timeout(600)
def test_three_nodes_lose_and_double_nothing(tmp_path: Path) -> None:
    """See `tests/ray_cases.py`."""
    pytest.importorskip("ray")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=8"]
    # Ray warns of its own settings; here nothing else is imported that could warn.
    cases = ["-o", "filterwarnings=default", f"--basetemp={tmp_path / 'cases'}", str(ROOT / "tests" / "ray_cases.py")]
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))  # for the workers too
    environ = os.environ | QUIET | ALONE | {"RAY_AUTH_TOKEN": secrets.token_hex(16), "PYTHONPATH": paths}
    done = subprocess.run([*command, *cases], capture_output=True, text=True, cwd=ROOT, env=environ, timeout=560)
    print(done.stdout[-6000:], done.stderr[-2000:])
    assert done.returncode == 0, "see what the cases printed"


def qa_index(tmp_path: Path, *options: str, corpus: Path = ROOT / "corpus") -> "subprocess.Popen[str]":
    folder = tmp_path / "home"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "qa", "index", "--corpus", str(corpus), "--index", str(tmp_path / "index")]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.Popen(
        [*command, "--ray", "local", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=environ, start_new_session=True,
    )  # fmt: skip


def left_of(session: int) -> list[str]:
    """The processes of a session that was begun for a command, but for those that wait for their parent to look."""
    command = ["ps", "-s", str(session), "-o", "stat=,args="]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return [line for line in found if not line.startswith("Z")]


def ends(session: int, within_s: float = 100.0) -> bool:
    """Whether no process of a session is left in time; those that lost their cluster give it a minute to come back."""
    until = time.monotonic() + within_s
    while left_of(session) and time.monotonic() < until:
        time.sleep(0.2)
    return not left_of(session)


@pytest.mark.real
def test_the_command_builds_the_same_and_says_no_more(real_index: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    running = qa_index(tmp_path, "--json", "--quiet")
    out, err = running.communicate(timeout=280)
    assert (running.returncode, err) == (0, "")
    version = (real_index / "CURRENT").read_text().strip()
    assert json.loads(out)["version"] == version
    assert files(tmp_path / "index" / version) == files(real_index / version)
    assert not (tmp_path / "home" / ".ray").exists()
    assert ends(running.pid)


@pytest.mark.real
def test_a_command_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    running = qa_index(tmp_path)
    until = time.monotonic() + 200
    while (
        not any("ray::IDLE" in line or "ray::Map" in line for line in left_of(running.pid)) and time.monotonic() < until
    ):
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err.splitlines()[-1]) == (130, "qa: stopped")
    assert ends(running.pid)
    assert not (tmp_path / "index" / "CURRENT").exists()
