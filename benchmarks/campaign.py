"""Attack everything that docs/guarantees.md promises, with seeds of its own, and print what came of it as JSON.

    python benchmarks/campaign.py [--seed 7] [--kills 330] [--damages 420] [--corpora 64] [--questions 5100]

The questions are spread over Python, the command line and HTTP. The models are fakes: they are fast and never in doubt.
Exit code 1 if anything broke.
"""

import argparse
import contextlib
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import pytest
from attacks import damages
from fastapi.testclient import TestClient
from hostile import by_command, by_http, by_python, corpus, indexed
from patterns import slowest, used_patterns
from test_attacks import Scenario, answered

from qa.ask.library import Library
from qa.config import Settings
from qa.errors import IndexUnusable
from qa.web import WebSettings, create_app

LIMIT_S = 10.0


class Tally:
    """What was tried, what broke, and the slowest of each kind in seconds of processor time."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.broken: list[str] = []
        self.slowest: dict[str, float] = {}

    @contextlib.contextmanager
    def attack(self, kind: str, what: object) -> Iterator[None]:
        """Count an attack; whatever it raises is a fault, and so is one over the limit."""
        self.tried[kind] += 1
        started = time.process_time()
        try:
            yield
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            last = "".join(traceback.format_exception_only(error)).strip()[:300]
            self.broken.append(f"{kind} {what}: {last}")
        took = time.process_time() - started
        self.slowest[kind] = max(self.slowest.get(kind, 0.0), took)
        if took > LIMIT_S:
            self.broken.append(f"{kind} {what}: {took:.1f} s")


@contextlib.contextmanager
def opened(library: Library) -> Iterator[None]:
    """Have the commands open this library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.ask.opening.open_with", lambda *_, **__: library)
        yield


def kills(tally: Tally, folder: Path, number: int, draw: random.Random) -> None:
    """Kill builds at calls drawn without repetition."""
    states = ("nothing", "an older one", "a damaged one")
    for i, before in enumerate(states):
        scenario = Scenario(folder / str(i), before)
        share = min(number // len(states), scenario.calls)
        for after in draw.sample(range(scenario.calls), share):
            with tally.attack("kill", (before, after)):
                scenario.kill(after)


def damage(tally: Tally, folder: Path, number: int, seed: int) -> None:
    """Damage the files of an index; what is not noticed must change no answer."""
    scenario = Scenario(folder, "nothing")
    for i, (what, do, undo) in enumerate(damages(scenario.index, number, seed)):
        with tally.attack("damage", what):
            do()
            try:
                assert answered(scenario.index) == scenario.after
                tally.tried["damage without harm"] += 1
            except IndexUnusable:
                tally.tried["damage noticed"] += 1
            if i % 20 == 0:
                scenario.build()
                assert answered(scenario.index) == scenario.after
        undo()


def ask(tally: Tally, library: Library, asked: Path, number: int, draw: random.Random) -> None:
    """Ask a library of the corpus at ``asked`` by all three ways in turn."""
    app = create_app(Settings(corpus=asked, index=library.index.folder.parent), WebSettings(), library=library)
    with TestClient(app, raise_server_exceptions=False) as client:
        ways: list[tuple[str, Any]] = [
            ("question in Python", lambda: by_python(library, draw)),
            ("question on the command line", lambda: by_command(library, draw, opened)),
            ("question over HTTP", lambda: by_http(client, library, draw)),
        ]
        for i in range(number):
            kind, way = ways[i % 3]
            with tally.attack(kind, i):
                way()


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("seed", 7), ("kills", 330), ("damages", 420), ("corpora", 64), ("questions", 5100)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--size", type=int, default=1_000_000, help="characters of the longest adversarial strings")
    given = parser.parse_args()
    tally, draw = Tally(), random.Random(given.seed)
    started = time.perf_counter()

    def told(what: str) -> None:
        print(
            f"{time.perf_counter() - started:6.0f} s  {what}  {len(tally.broken)} broken", file=sys.stderr, flush=True
        )

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        libraries: list[tuple[Library, Path]] = []
        for number in range(given.corpora):
            with tally.attack("corpus", f"{given.seed}:{number}"):
                corpus(folder / f"c{number}", random.Random(f"{given.seed}:{number}"))
                libraries.append((indexed(folder / f"c{number}", folder / f"i{number}"), folder / f"c{number}"))
        told("corpora")
        asked = libraries[: max(1, min(12, len(libraries)))]
        for library, at in asked:
            ask(tally, library, at, given.questions // len(asked), draw)
        told("questions")
        kills(tally, folder / "kills", given.kills, draw)
        told("kills")
        damage(tally, folder / "damages", given.damages, given.seed)
        told("damages")
    for used in used_patterns(Path(__file__).parent.parent / "qa"):
        with tally.attack("pattern", used.where):
            seconds, text = slowest(used, given.size // 10, most=12)
            assert seconds < 1, f"{seconds:.1f} s over {text}"
            seconds, text = slowest(used, given.size, most=5)
            assert seconds < LIMIT_S, f"{seconds:.1f} s over {text}"
    told("patterns")
    slow = {kind: round(seconds, 2) for kind, seconds in tally.slowest.items()}
    print(json.dumps({"seed": given.seed, "tried": tally.tried, "broken": tally.broken, "slowest_s": slow}, indent=1))
    sys.exit(1 if tally.broken else 0)


if __name__ == "__main__":
    main()
