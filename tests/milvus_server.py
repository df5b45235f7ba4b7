"""Cases for a real Milvus server of 2.3, which knows vectors alone; `tests/test_milvus_server.py` runs them.

They take a network of their own, since that server listens on every address, and so a process of their own.
"""

import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_cases import (
    ENCODER,
    ENTRIES,
    WORDS,
    entry,
    same,
    test_a_search_finds_what_one_in_memory_finds,  # noqa: F401
    test_putting_in_again_changes_nothing_and_replaces,  # noqa: F401
    test_what_is_deleted_is_found_no_more,  # noqa: F401
    test_what_is_put_in_is_there,  # noqa: F401
)

from qa.config import Server
from qa.errors import StoreError
from qa.search import milvus_store
from qa.search.milvus_store import MilvusStore
from qa.search.store import LiveStore, MemoryStore

COMMAND = Path(sys.prefix) / "milvus" / "bin" / "milvus-server"
SERVER = Server("http://127.0.0.1:19530", "qa", "root:Milvus", consistency="Strong", dense_only=True)
START_S = 120.0
MANY = [entry(f"d#{i}", f"The {WORDS[i % 9]} of number {i}.", f"A {WORDS[i // 9 % 9]}.") for i in range(600)]


class Process:
    """The server, which can be killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.start()

    def start(self) -> None:
        command = [COMMAND, "--data", self._data, "--authorization-enabled", "1"]
        with Path(f"{self._data}.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        while listens():
            time.sleep(0.05)


def listens() -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", 19530)) == 0


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:  # "lo" up: SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x41))
    data = tmp_path_factory.mktemp("milvus") / "data"
    running = Process(data)
    yield running
    running.kill()
    shutil.rmtree(data)


@pytest.fixture(scope="session")
def opened(process: Process) -> MilvusStore:
    return MilvusStore(SERVER, ENCODER.dimension, wait=START_S)


@pytest.fixture
def store(opened: MilvusStore) -> LiveStore:
    opened.delete([passage.passage_id for passage in opened.scan()])
    return opened


@pytest.fixture
def words() -> bool:
    return False


def test_it_has_no_words_and_says_so(opened: MilvusStore) -> None:
    with pytest.raises(StoreError, match=r"v2\.3\.5\S* has no full-text search, .*; run a newer server, or set"):
        MilvusStore(Server(SERVER.uri, "qa", SERVER.token), ENCODER.dimension)


@pytest.mark.parametrize("token", ["", "root:wrong"])
def test_a_wrong_token_is_told_in_a_line(opened: MilvusStore, token: str) -> None:
    with pytest.raises(StoreError, match=r"no answer in 0\.3 s; the server is down, .* or refuses"):
        MilvusStore(Server(SERVER.uri, "qa", token, dense_only=True), ENCODER.dimension, wait=0.3)


def test_killed_in_the_middle_of_writing_it_loses_and_doubles_nothing(
    process: Process, opened: MilvusStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.delete([e.passage.passage_id for e in ENTRIES])
    told, failed = 0, list[StoreError]()

    def put_in() -> None:
        nonlocal told
        try:
            for first in range(0, len(MANY), 50):
                opened.upsert(MANY[first : first + 50])
                told = first + 50
        except StoreError as error:
            failed.append(error)

    writing = threading.Thread(target=put_in)
    writing.start()
    while told < 200 and writing.is_alive():
        time.sleep(0.001)
    for name in ("READ_S", "WRITE_S"):  # the client would try again by itself until then
        monkeypatch.setattr(milvus_store, name, 2.0)
    process.kill()
    writing.join()
    assert told < len(MANY)
    assert "\n" not in str(failed[0])
    with pytest.raises(StoreError):
        opened.count()
    monkeypatch.undo()

    process.start()
    again = MilvusStore(SERVER, ENCODER.dimension, wait=START_S)
    there = {passage.passage_id for passage in again.scan()}
    assert {e.passage.passage_id for e in MANY[:told]} <= there
    again.upsert(MANY)
    holds_all(again)


def holds_all(store: MilvusStore) -> None:
    """Every one of ``MANY`` is there once, and found as a store in memory finds it."""
    assert store.count() == len(MANY)
    assert store._counted("qa_sentences") == 2 * len(MANY)
    assert list(store.scan()) == [e.passage for e in MANY]
    memory = MemoryStore()
    memory.upsert(MANY)
    for asked in ("the boat of number 77", "a prize", "number 500"):
        vector = ENCODER.encode([asked])
        same(memory.search(vector, [], 5), store.search(vector, [], 5), 5)
