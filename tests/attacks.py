"""Attacks on an index, for tests and for ``benchmarks/campaign.py``: kills in the middle of a build, and damages.

A kill is one: the build runs in a forked process that ends without a word before its n-th call of the system, with all
that it had not yet written lost.
"""

import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tqdm
import tqdm.auto

CALLS = frozenset(
    "open write writelines flush fsync truncate tofile close rename replace link mkdir rmdir unlink remove chmod "
    "copyfile sendfile".split()
)
"""What is counted: the calls of C functions by which a program changes files, by name."""
KILLED = 9


def free_bars() -> None:
    """Give the progress bars under bm25s locks of this process: theirs outlive who is killed and stop all others."""
    tqdm.tqdm.monitor_interval = 0
    for bar in (tqdm.tqdm, tqdm.auto.tqdm):
        bar.set_lock(threading.RLock())


free_bars()


def begin() -> None:
    """The first thing in a forked process: it has no more than a minute."""
    signal.alarm(60)
    free_bars()


def count_calls(action: Callable[[], object]) -> int:
    """How many calls that change files an action makes."""
    made = 0

    def hook(frame: Any, event: str, called: Any) -> None:
        nonlocal made
        made += event == "c_call" and called.__name__ in CALLS

    sys.setprofile(hook)
    try:
        action()
    finally:
        sys.setprofile(None)
    return made


def killed(action: Callable[[], object], after: int) -> bool:
    """Run an action in a process that is killed before its next call once ``after`` were made; whether it was."""
    child = os.fork()
    if child == 0:
        begin()
        made = 0

        def hook(frame: Any, event: str, called: Any) -> None:
            nonlocal made
            if event == "c_call" and called.__name__ in CALLS:
                if made == after:
                    os._exit(KILLED)
                made += 1

        try:
            sys.setprofile(hook)
            action()
        except BaseException:
            sys.setprofile(None)
            os._exit(1)
        sys.setprofile(None)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED), "the action failed by itself"
    return status == KILLED


def damages(folder: Path, number: int, seed: int) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Seeded damages of the files below a folder: (what it is, do it, undo it), over all files in turn."""
    draw = random.Random(seed)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for i in range(number):
        path = files[i % len(files)]
        if not path.is_file():  # what a build removes and an opening makes anew
            continue
        data = path.read_bytes()
        at = draw.randrange(max(len(data), 1))
        kind = draw.choice(("flip", "cut", "grow", "zero", "empty", "gone", "swap"))
        if kind == "flip":
            bad = data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :] if data else b"\1"
        elif kind == "cut":
            bad = data[:at]
        elif kind == "grow":
            bad = data + draw.randbytes(draw.randrange(1, 9))
        elif kind == "zero":
            bad = data[:at] + b"\0" * min(512, len(data) - at) + data[at + 512 :]
        elif kind == "swap":
            bad = draw.choice(files).read_bytes()
        else:
            bad = b""
        what = f"{kind} {path.relative_to(folder).as_posix()} at {at} of {len(data)}"
        if kind == "gone":
            yield what, path.unlink, lambda path=path, data=data: path.write_bytes(data)  # type: ignore[misc]
        elif bad != data:
            yield (
                what,
                lambda path=path, bad=bad: path.write_bytes(bad),  # type: ignore[misc]
                lambda path=path, data=data: path.write_bytes(data),  # type: ignore[misc]
            )
