"""Time and memory beside peers in the same run, and how they grow with the corpus; `make bench` runs it.

    python benchmarks/bench.py [--runs 9] [--sizes 100,1000,10000,100000] [--out artefacts]

Processor seconds of user and system, since other programs of a machine change how long a question takes, and much less
how much it works. One question as a whole process runs in turn with the floor (`floor.py`) and a plain script of
sentence-transformers and FAISS (`plain.py`), and ratios are taken round by round.

Growth is measured on generated files of 100 passages each, with the real encoder for the query and drawn vectors for
the passages: what a vector holds changes no time, and to embed 100,000 passages takes an hour. Each figure is of a
process of its own. The exponent is that of the power law through the smallest and the largest size; beside it that of
the last step.

OUT/bench.json has every figure; README.md gets the tables between its marks with --readme.
"""

import argparse
import json
import math
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from figures import ROOT, between

QUESTION = "Who made the clay figures?"
MARKS = "<!-- bench: `make bench` writes it -->", "<!-- end of bench -->"
HERE = Path(__file__).parent
PASSAGES_A_FILE = 100


def processor_seconds(command: Sequence[str], **options: Any) -> tuple[float, str]:
    """What a command took of the processors, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


# --- one question as a whole process ---------------------------------------------------------------------------


def one_shot(runs: int, folder: Path) -> dict[str, list[float]]:
    """Processor seconds of each peer, round by round."""
    ask = [sys.executable, "-m", "qa", "ask", QUESTION, "--corpus", f"{ROOT}/corpus", "--index", f"{folder}/index"]
    commands = {
        "floor": [sys.executable, str(HERE / "floor.py")],
        "qa ask --reader small": [*ask, "--reader", "small"],
        "qa ask": ask,
        "plain script": [sys.executable, str(HERE / "plain.py"), f"{ROOT}/corpus", QUESTION, f"{folder}/plain.faiss"],
    }
    for _ in range(2):  # the first builds, the second is the first that finds files old enough to be known again
        for command in commands.values():
            processor_seconds(command)
        time.sleep(2.5)
    rounds = [{name: processor_seconds(command)[0] for name, command in commands.items()} for _ in range(runs)]
    return {name: [round_[name] for round_ in rounds] for name in commands}


def spread(values: Sequence[float]) -> str:
    """Median with smallest and largest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def one_shot_table(found: dict[str, list[float]]) -> str:
    """The peers with their ratios to the floor and to the plain script."""
    runs = len(found["floor"])
    rows = [
        f"| one question, a process, n={runs} | processor seconds | × floor | × plain script |",
        "|---|---|---|---|",
    ]
    for name, seconds in found.items():
        ratios = [
            spread([a / b for a, b in zip(seconds, found[peer], strict=True)]) if name != peer else "1"
            for peer in ("floor", "plain script")
        ]
        rows.append(f"| {name} | {spread(seconds)} | {' | '.join(ratios)} |")
    return "\n".join(rows)


# --- growth ----------------------------------------------------------------------------------------------------


def write_corpus(folder: Path, passages: int) -> None:
    """Generated prose of so many passages; words are as frequent as those of a language."""
    draw = random.Random(f"bench {passages}")
    syllables = [a + b for a in "bdfghklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "ol")]
    words = ["".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(200 * int(math.sqrt(passages)))]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    for number in range(-(-passages // PASSAGES_A_FILE)):
        paragraphs = []
        for _ in range(min(passages, PASSAGES_A_FILE)):
            said = draw.choices(words, cum_weights=weights, k=40)
            paragraphs.append(f"{' '.join(said[:20]).capitalize()}. {' '.join(said[20:]).capitalize()}.")
        path = folder / f"{number // 100:03d}" / f"file-{number:05d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def build(corpus: Path, index: Path) -> dict[str, float]:
    """Build an index with drawn vectors; runs in a process of its own."""
    import numpy as np

    from qa.ask.opening import WEIGHTS, Parts, rebuild
    from qa.config import Settings
    from qa.models.encoder import OnnxEncoder, Vectors

    class Drawn(OnnxEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            draw = np.random.default_rng(len(texts[0]) if texts else 0)
            rows = draw.standard_normal((len(texts), self.dimension), np.float32)
            return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    began = time.process_time()
    rebuild(Settings(corpus=corpus, index=index), parts=Parts(make_encoder=lambda name: Drawn(WEIGHTS / "encoder")))
    return {"cpu_s": time.process_time() - began, "peak_mib": peak_mib()}


def ask(corpus: Path, index: Path) -> dict[str, float]:
    """Open an index and ask; runs in a process of its own."""
    import onnxruntime
    import tokenizers

    from qa.ask.opening import Parts, open_with, small_reader
    from qa.config import Settings

    del onnxruntime, tokenizers  # what they take to import is of no corpus
    began = time.process_time()
    library = open_with(Settings(corpus=corpus, index=index), build=False, parts=Parts(reader=small_reader))
    opened = time.process_time()
    said = next(iter(library.index.store.scan())).text.split()
    questions = [f"When was the {' '.join(said[place : place + 3])} made?" for place in range(1, 18, 3)]
    library.ask(questions[0])
    first = time.process_time()
    warm, search = [], []
    for measured, call, asked in ((warm, library.ask, questions[1:3]), (search, library.search, questions[1:])):
        for question in asked:
            one = time.process_time()
            call(question)
            measured.append(time.process_time() - one)
    return {
        "open_s": opened - began,
        "first_question_s": first - opened,
        "question_s": statistics.median(warm),
        "search_s": statistics.median(search),
        "passages": library.index.store.count(),
        "peak_mib": peak_mib(),
    }


def settle(corpus: Path, index: Path) -> dict[str, float]:
    """Open an index whose files are old enough to be known by their times from now on."""
    from qa.ask.opening import Parts, open_with, small_reader
    from qa.config import Settings

    open_with(Settings(corpus=corpus, index=index), build=False, parts=Parts(reader=small_reader))
    return {}


def peak_mib() -> float:
    """The most memory that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth(sizes: Sequence[int], folder: Path, runs: int) -> list[dict[str, float]]:
    """For each size what building, opening, asking and a changed file take; medians over processes."""

    def own(what: str, *places: Path) -> dict[str, float]:
        command = [sys.executable, __file__, "--part", what, *map(str, places)]
        return dict(json.loads(processor_seconds(command)[1]))

    found = []
    for size in sizes:
        corpus, index = folder / f"corpus-{size}", folder / f"index-{size}"
        write_corpus(corpus, size)
        built = own("build", corpus, index)
        time.sleep(2.5)
        own("settle", corpus, index)
        asked = [own("ask", corpus, index) for _ in range(runs)]
        path = next(iter(sorted(corpus.rglob("*.txt"))))
        path.write_text(path.read_text(encoding="utf-8") + "\nOne line more.\n", encoding="utf-8")
        changed = own("build", corpus, index)
        told = {name: statistics.median(one[name] for one in asked) for name in asked[0]}
        told |= {"build_s": built["cpu_s"], "build_peak_mib": built["peak_mib"], "changed_file_s": changed["cpu_s"]}
        found.append({"size": size, **told})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    return found


COLUMNS = {
    "open_s": "opening, s",
    "question_s": "question, s",
    "search_s": "search alone, s",
    "changed_file_s": "one changed file, s",
    "build_s": "whole build, s",
    "peak_mib": "memory to ask, MiB",
    "build_peak_mib": "memory to build, MiB",
}


def exponent(small: dict[str, float], large: dict[str, float], name: str) -> float:
    """By which power of the size a figure grows from one size to the other."""
    return math.log(large[name] / small[name]) / math.log(large["size"] / small["size"])


def growth_table(found: Sequence[dict[str, float]]) -> str:
    """A column for each figure, a row for each size, and the exponents."""
    rows = [f"| passages | {' | '.join(COLUMNS.values())} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for one in found:
        cells = [f"{one[name]:.0f}" if name.endswith("mib") else f"{one[name]:.3f}" for name in COLUMNS]
        rows.append(f"| {one['size']:,} | {' | '.join(cells)} |")
    if len(found) > 1:
        for what, small in (("exponent", found[0]), ("exponent of the last step", found[-2])):
            rows.append(f"| {what} | {' | '.join(f'{exponent(small, found[-1], name):.2f}' for name in COLUMNS)} |")
    return "\n".join(rows)


def plot(found: Sequence[dict[str, float]], path: Path) -> None:
    """A line for each figure over the number of passages, both axes by powers of ten, as SVG."""
    values = [one[name] for one in found for name in COLUMNS]
    low, high = (edge(map(math.log10, values)) for edge in (min, max))
    left, right = math.log10(found[0]["size"]), math.log10(found[-1]["size"])
    drawn = []
    for place, (name, label) in enumerate(COLUMNS.items()):
        points = [
            (
                60 + 480 * (math.log10(one["size"]) - left) / (right - left),
                360 - 340 * (math.log10(one[name]) - low) / (high - low),
            )
            for one in found
        ]
        colour = f"hsl({place * 360 // len(COLUMNS)} 70% 40%)"
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        drawn.append(f'<polyline fill="none" stroke="{colour}" points="{line}"/>')
        drawn.append(f'<text x="548" y="{points[-1][1] + 4:.0f}" fill="{colour}">{label}</text>')
    for one in found:
        x = 60 + 480 * (math.log10(one["size"]) - left) / (right - left)
        drawn.append(f'<text x="{x:.0f}" y="385" text-anchor="middle">{one["size"]:,}</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="400" font-family="sans-serif" font-size="12">'
    path.write_text(f"{head}{''.join(drawn)}</svg>\n", encoding="utf-8")


def main() -> None:
    """Measure, print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sizes", default="100,1000,10000,100000")
    parser.add_argument("--out", type=Path, default=Path("artefacts"))
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        what, *places = given.part
        print(json.dumps({"build": build, "settle": settle, "ask": ask}[what](*map(Path, places))))
        return
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        shot = one_shot(given.runs, Path(name))
        print(one_shot_table(shot), flush=True)
        sizes = [int(size) for size in given.sizes.split(",") if size]
        grown = growth(sizes, Path(name), max(1, given.runs // 3))
    tables = one_shot_table(shot) + ("\n\n" + growth_table(grown) if grown else "")
    print(tables)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    (given.out / "bench.json").write_text(json.dumps({"machine": machine, "one_shot": shot, "growth": grown}, indent=1))
    if len(grown) > 1:
        plot(grown, given.out / "bench.svg")
    if given.readme:
        path = ROOT / "README.md"
        path.write_text(between(path.read_text(encoding="utf-8"), MARKS, tables), encoding="utf-8")


if __name__ == "__main__":
    main()
