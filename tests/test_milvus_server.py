"""The store on a real Milvus server that is killed and started again; skipped where none can run."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from milvus_server import COMMAND

APART = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user"]
"""A network of its own, since the server listens on every address, and no process of it outlives the test."""


@pytest.mark.real
@pytest.mark.timeout(600)
def test_a_real_server_keeps_to_the_protocol_and_outlives_kills(tmp_path: Path) -> None:
    if not COMMAND.is_file():
        pytest.skip(f"no {COMMAND}; `make .venv/milvus/installed` installs it")
    if shutil.which("unshare") is None or subprocess.run([*APART, "true"], capture_output=True).returncode:
        pytest.skip(f"no network of its own for a server that listens on every address: {' '.join(APART)} fails")
    command = [*APART, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=5"]
    cases = [f"--basetemp={tmp_path / 'cases'}", "--rootdir", str(ROOT), str(ROOT / "tests" / "milvus_server.py")]
    done = subprocess.run([*command, *cases], capture_output=True, text=True, cwd=ROOT, timeout=560)
    print(done.stdout[-6000:], done.stderr[-2000:])
    assert done.returncode == 0, "see what the cases printed"
