"""Kills, damages, full disks: whatever stops a build, no file is lost and no wrong answer given."""

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attacks import begin, count_calls, damages, killed
from conftest import ARTICLE, ExportingHashEncoder, fakes
from msgspec.structs import replace

from qa.ask.opening import assemble
from qa.errors import IndexUnusable, UsageError
from qa.ingest.manage import add
from qa.models.onnx import file_hashes
from qa.render import answer_json
from qa.search.build import build_index
from qa.search.index import load_index
from qa.search.manifest import CURRENT, SEEN, IndexSettings, Seen, current_build

SETTINGS = IndexSettings("hash")
QUESTION = "Which prize did the film win in 1999, the Silver Gull?"
KILLS = 24
"""In each scenario, spread over all calls; ``benchmarks/campaign.py`` makes every one."""


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def answered(folder: Path) -> Any:
    seen = Seen(folder / SEEN)
    library = assemble(load_index(folder, seen), fakes(ExportingHashEncoder()))
    seen.keep()
    answer = answer_json(replace(library.ask(QUESTION), took_ms=0))
    return library.version, answer


class Scenario:
    """A corpus, an index folder as it is before a build, and the build."""

    def __init__(self, folder: Path, before: str) -> None:
        self.corpus, self.before, self.index = folder / "corpus", folder / "before", folder / "index"
        self.corpus.mkdir(parents=True)
        (self.corpus / "article.md").write_text(ARTICLE, encoding="utf-8")
        # Once before anything is counted: what is imported meanwhile is no call of a build.
        build_index(self.corpus, folder / "warm", SETTINGS, lambda name: ExportingHashEncoder())
        if before != "nothing":
            build_index(self.corpus, self.before, SETTINGS, lambda name: ExportingHashEncoder())
        if before == "an older one":
            (self.corpus / "note.txt").write_text("The Silver Gull is made of tin.\n")
        if before == "a damaged one":
            next(current_build(self.before).glob("segments/*/passages.jsonl")).write_text("half")
        shutil.copytree(self.before, self.index) if self.before.exists() else None
        self.calls = count_calls(self.build)
        self.after = answered(self.index)
        self.old = answered(self.before) if before == "an older one" else None
        self.sources = files_of(self.corpus)

    def build(self) -> Path:
        return build_index(self.corpus, self.index, SETTINGS, lambda name: ExportingHashEncoder(), force=True)

    def kill(self, after: int) -> None:
        """Kill a build, and hold what it leaves to what is promised."""
        shutil.rmtree(self.index, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, self.index)
        assert killed(self.build, after)
        assert files_of(self.corpus) == self.sources
        try:
            found = answered(self.index)
        except IndexUnusable:
            assert self.old is None, "the index in use was lost"
        else:
            assert found in (self.old, self.after)
        self.build()
        assert answered(self.index) == self.after
        left = {path.name for path in self.index.iterdir()}
        assert left - {"SEEN"} == {self.after[0], "CURRENT", "CORPUS", ".lock"}


@pytest.mark.parametrize("before", ["nothing", "an older one", "a damaged one"])
def test_a_build_may_be_killed_at_every_call(tmp_path: Path, before: str) -> None:
    scenario = Scenario(tmp_path, before)
    assert scenario.calls > 50
    for number in range(KILLS):
        scenario.kill(number * scenario.calls // KILLS)


def test_a_file_that_is_replaced_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    corpus, new = tmp_path / "corpus", tmp_path / "article.md"
    corpus.mkdir()
    new.write_text(ARTICLE + "It is long.\n" * 2000, encoding="utf-8")
    target = corpus / "article.md"

    def put() -> None:
        assert add(str(new), corpus, replace=True)[0].path

    target.write_text(ARTICLE, encoding="utf-8")
    calls = count_calls(put)
    for after in range(calls):
        target.write_text(ARTICLE, encoding="utf-8")
        assert killed(put, after)
        assert target.read_text(encoding="utf-8") in (ARTICLE, new.read_text(encoding="utf-8"))


def test_every_damage_is_noticed_or_harmless_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that the files which are not damaged are known by their times, as they are when an index is some seconds old.
    monkeypatch.setattr("qa.search.manifest.SETTLED_NS", 5 * 10**7)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "article.md").write_text(ARTICLE, encoding="utf-8")

    def build() -> None:
        build_index(corpus, index, SETTINGS, lambda name: ExportingHashEncoder(), force=True)

    build()
    time.sleep(0.1)
    good = answered(index)
    assert (index / SEEN).is_file()
    noticed = 0
    for number, (what, do, undo) in enumerate(damages(index, 96, seed=16)):
        do()
        try:
            assert answered(index) == good, what
        except IndexUnusable:
            noticed += 1
        if number % 8 == 0:
            build()
            assert answered(index) == good, what
        undo()
    assert noticed > 60


# --- full disks and folders that cannot be written ------------------------------------------------------------


def limited(action: Callable[[], object], size: int) -> bool:
    """Run an action in a process that can write no file over ``size`` bytes; whether it said so as is promised."""
    child = os.fork()
    if child == 0:
        begin()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            action()
        except IndexUnusable as error:
            os._exit(4 if "\n" not in str(error) and "None" not in str(error) else 1)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 4)
    return status == 4


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    scenario = Scenario(tmp_path, "an older one")
    sizes = sorted({path.stat().st_size for path in scenario.index.rglob("*") if path.is_file()})
    refused = 0
    for size in {0, 1, *sizes, *(size - 1 for size in sizes if size), *(size // 2 for size in sizes)}:
        shutil.rmtree(scenario.index)
        shutil.copytree(scenario.before, scenario.index)
        refused += limited(scenario.build, size)
        assert answered(scenario.index) in (scenario.old, scenario.after)
        scenario.build()
        assert answered(scenario.index) == scenario.after
        assert not [path for path in scenario.index.iterdir() if path.name.startswith(".build")]
    assert refused > 10


@pytest.mark.parametrize("place", ["/proc/qa/index", "/sys/index", "file/index", "file"])
def test_a_folder_that_cannot_be_written_is_one_line(corpus: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises((IndexUnusable, UsageError)) as raised:
        build_index(corpus, tmp_path / place, SETTINGS, lambda name: ExportingHashEncoder())
    assert raised.value.exit_code == 4
    assert "None" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_model_file_is_held_to_its_card_when_it_is_opened(tmp_path: Path) -> None:
    from qa.ask.opening import WEIGHTS
    from qa.errors import ModelError
    from qa.models.cross_encoder import OnnxCrossEncoder
    from qa.models.encoder import OnnxEncoder

    for kind, opened in (("encoder", OnnxEncoder), ("reader", OnnxCrossEncoder)):
        for name in ("model.ort", "tokenizer.json"):
            folder = tmp_path / kind / name
            folder.mkdir(parents=True)
            for path in (WEIGHTS / kind).iterdir():
                (folder / path.name).symlink_to(path)
            data = bytearray((folder / name).read_bytes())
            data[len(data) // 2] ^= 1
            (folder / name).unlink()
            (folder / name).write_bytes(data)
            with pytest.raises(ModelError, match="differs from its card"):
                opened(folder)
        assert file_hashes(WEIGHTS / kind)


def test_the_pointer_survives_its_own_damage(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index", SETTINGS, lambda name: ExportingHashEncoder())
    pointer = tmp_path / "index" / CURRENT
    pointer.unlink()
    pointer.mkdir()
    with pytest.raises(IndexUnusable):
        load_index(tmp_path / "index")
    with pytest.raises(IndexUnusable, match="no index can be written"):
        build_index(corpus, tmp_path / "index", SETTINGS, lambda name: ExportingHashEncoder())
