"""``qa serve`` as a process, with the real models: it opens, answers, picks up a new index and ends cleanly."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from conftest import ROOT

pytestmark = pytest.mark.real
Serve = Callable[..., tuple[subprocess.Popen[str], str]]
PATIENCE = 60
"""Seconds for an answer: four at once take a slow machine longer than a client's usual five."""


@pytest.fixture
def serve(real_copy: Path, tmp_path: Path) -> Iterator[Serve]:
    """serve(*arguments) -> (process, address), over a copy of corpus and index."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    environment = os.environ | {"QA_CORPUS": str(tmp_path / "corpus"), "QA_INDEX": str(real_copy)}
    started = []

    def run(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        # A pipe that nobody reads would fill up and stop the server.
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "qa", "serve", "--port", "0", *arguments], env=environment, stderr=log, text=True
            )
        started.append(process)
        deadline = time.monotonic() + 120
        while not (lines := (tmp_path / "log").read_text().splitlines()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", lines[0]), lines
        return process, lines[0]

    yield run
    for process in started:
        process.kill()
        process.wait()


def wait_ready(address: str) -> str:
    for _ in range(100):
        try:
            return str(httpx.get(f"{address}readyz").json()["index_version"])
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server never became ready")


def test_sigterm_lets_what_is_in_flight_end(serve: Serve, tmp_path: Path) -> None:
    process, address = serve()
    wait_ready(address)
    statuses: list[int] = []

    def ask() -> None:
        asked = {"question": "Who composed the music?"}
        statuses.append(httpx.post(f"{address}v1/ask", json=asked, timeout=PATIENCE).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    while not statuses:
        time.sleep(0.001)
    process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert process.wait(20) == 0
    log = (tmp_path / "log").read_text()
    assert len(re.findall(r"POST /v1/ask 200 [\d.]+ms outcome=\w+ index=[0-9a-f]{12}$", log, re.MULTILINE)) == 4
    assert "composed" not in log
    assert "Traceback" not in log


def test_a_rebuild_while_clients_ask_fails_none(serve: Serve, tmp_path: Path) -> None:
    process, address = serve("--json")
    before = wait_ready(address)
    seen: list[tuple[int, str]] = []
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while not over.is_set():
                response = client.post(f"{address}v1/ask", json={"question": "Who poured the plaster for the harbour?"})
                seen.append((response.status_code, response.headers["x-index-version"]))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    note = "# Harbour\n\nIn the harbour Olga Brandt poured the plaster.\n"
    (tmp_path / "corpus" / "harbour.md").write_text(note, encoding="utf-8")
    command = [sys.executable, "-m", "qa", "index", "--corpus", str(tmp_path / "corpus")]
    subprocess.run([*command, "--index", str(tmp_path / "index")], check=True, capture_output=True)
    deadline = time.monotonic() + 20
    while (not seen or seen[-1][1] == before) and time.monotonic() < deadline:
        time.sleep(0.05)
    over.set()
    for thread in threads:
        thread.join()
    assert {status for status, _ in seen} == {200}
    assert seen[-1][1] != before
    asked = {"question": "Who poured the plaster for the harbour?"}
    answer = httpx.post(f"{address}v1/ask", json=asked, timeout=PATIENCE).json()
    assert "Olga Brandt" in answer["answer"]
    process.terminate()
    assert process.wait(20) == 0
    first = json.loads((tmp_path / "log").read_text().splitlines()[1])
    assert first.keys() == {"time", "level", "message"}


def test_a_port_in_use_is_one_line(serve: Serve, real_copy: Path) -> None:
    _, address = serve()
    port = address.rstrip("/").rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", port, "--corpus", str(ROOT / "corpus"), "--index", real_copy],
        capture_output=True,
        text=True,
    )
    assert second.returncode == 2
    assert second.stderr == (
        f"qa: 127.0.0.1:{port} cannot be listened on: Address already in use; give another --host or --port\n"
    )
