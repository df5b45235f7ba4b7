"""Time and memory beside peers in the same run, and how they grow with the corpus; `make bench` runs it.

    python benchmarks/bench.py [--runs 9] [--sizes 100,1000,10000,100000] [--peers txtai,haystack,langchain]
                               [--out artefacts]

Processor seconds of user and system, since other programs of a machine change how long a question takes, and much less
how much it works. One question as a whole process runs in turn with the floor (`floor.py`), a plain script of
sentence-transformers and FAISS (`plain.py`), and txtai, Haystack and LangChain with the same encoder (`peer.py`), each
of these three in an environment of its own, which is made below OUT/peers once. Ratios are taken round by round. What
cannot be installed or run is named with the reason, and no figure of it is given. All peers find the nearest paragraph;
only `qa` reads, cites and abstains. Modules have their bytecode, as an installed package has. Warm is one more question
in a process that has answered one.

Growth is measured on generated files of 100 passages each, with the real encoder for the query and drawn vectors for
the passages: what a vector holds changes no time, and to embed 100,000 passages takes an hour. Each figure is of a
process of its own. The exponent is that of the power law through the smallest and the largest size; beside it that of
the last step.

OUT/bench.json has every figure; README.md gets the tables between its marks with --readme.
"""

import argparse
import json
import math
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

from figures import ROOT, between

from qa.models.sentence_encoder import BASE_ENCODER, model_folder

QUESTION = "Who made the clay figures?"
MARKS = "<!-- bench: `make bench` writes it -->", "<!-- end of bench -->"
HERE = Path(__file__).parent
PASSAGES_A_FILE = 100


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PEERS = {
    "txtai": ("txtai",),
    "haystack": ("haystack-ai", "sentence-transformers-haystack"),
    "langchain": ("langchain-core", "langchain-huggingface", "sentence-transformers"),
}
"""What each peer is installed from, after torch, of which any other version brings gigabytes."""
WARM = 5
"""Questions to an open process."""


def processor_seconds(command: Sequence[str]) -> tuple[float, str]:
    """What a command took of the processors, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


# --- the peers -------------------------------------------------------------------------------------------------


def silent(command: Sequence[str]) -> None:
    """Run a command; what it says is in the ``CalledProcessError`` of one that fails."""
    subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT)


def peers(names: Sequence[str], folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The commands of the peers that can be installed, without the place where they save, and why the others cannot."""
    commands, failed = {}, {}
    for name in names:
        at = folder / name
        try:
            if not (at / "installed").exists():
                subprocess.run(
                    [sys.executable, "-m", "venv", "--clear", at], check=True, capture_output=True, text=True
                )
                for wanted in (("torch==2.13.0",), PEERS[name]):
                    install = [at / "bin" / "pip", "install", "--quiet", *wanted]
                    subprocess.run(install, check=True, capture_output=True, text=True)
                (at / "installed").touch()
            model = str(model_folder(BASE_ENCODER))
            command = [str(at / "bin" / "python"), str(HERE / "peer.py"), name, model, f"{ROOT}/corpus", QUESTION]
            with tempfile.TemporaryDirectory() as scratch:
                silent([*command, f"{scratch}/saved"])
            commands[name] = command
        except subprocess.CalledProcessError as error:
            failed[name] = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
    return commands, failed


# --- one question as a whole process, and one more in it -------------------------------------------------------


def one_shot(runs: int, folder: Path, others: dict[str, list[str]]) -> dict[str, dict[str, list[float]]]:
    """Processor seconds of each peer, round by round: of a whole process, and of one question in an open one."""
    index = f"{folder}/index"
    ask = [sys.executable, "-m", "qa", "ask", QUESTION, "--corpus", f"{ROOT}/corpus", "--index", index]
    plain = [sys.executable, str(HERE / "plain.py"), f"{ROOT}/corpus", QUESTION, f"{folder}/plain.faiss"]
    saving = {name: [*command, f"{folder}/{name}"] for name, command in others.items()}
    whole = {
        "floor": [sys.executable, str(HERE / "floor.py")],
        "qa ask --reader small": [*ask, "--reader", "small"],
        "qa ask": ask,
        "plain script": plain,
        **saving,
    }
    part = [sys.executable, __file__, "--part"]
    warm = {
        "qa ask --reader small": [*part, "warm-small", f"{ROOT}/corpus", index],
        "qa ask": [*part, "warm-large", f"{ROOT}/corpus", index],
        **{name: [*command, str(WARM)] for name, command in {"plain script": plain, **saving}.items()},
    }
    for _ in range(2):  # the first builds, the second is the first that finds files old enough to be known again
        for command in whole.values():
            processor_seconds(command)
        time.sleep(2.5)
    rounds = [{name: processor_seconds(command)[0] for name, command in whole.items()} for _ in range(runs)]
    asked = [
        {
            name: statistics.median(json.loads(processor_seconds(command)[1].splitlines()[-1]))
            for name, command in warm.items()
        }
        for _ in range(max(1, runs // 3))
    ]
    return {
        "whole": {name: [round_[name] for round_ in rounds] for name in whole},
        "warm": {name: [round_[name] for round_ in asked] for name in warm},
    }


def warm(reader: str, corpus: Path, index: Path) -> list[float]:
    """Processor seconds of further questions to an open library; runs in a process of its own."""
    from qa.ask.opening import open_library

    library = open_library(corpus, index, reader=reader)
    library.ask(QUESTION)
    took = []
    for number in range(WARM):
        began = time.process_time()
        library.ask(f"{QUESTION} {number}")
        took.append(time.process_time() - began)
    return took


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median with smallest and largest."""
    middle, low, high = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low} to {high})"


def one_shot_table(found: dict[str, dict[str, list[float]]], failed: dict[str, str]) -> str:
    """The peers with their ratios to the floor and to the plain script, and a question more in an open process."""
    whole, warm = found["whole"], found["warm"]
    runs, more = len(whole["floor"]), len(warm["plain script"])
    rows = [
        f"| one question, a process, n={runs} | processor seconds | × floor | × plain script | warm, n={more} |",
        "|---|---|---|---|---|",
    ]
    for name, seconds in whole.items():
        ratios = [
            spread([a / b for a, b in zip(seconds, whole[peer], strict=True)]) if name != peer else "1"
            for peer in ("floor", "plain script")
        ]
        further = spread(warm[name], 3) if name in warm else ""
        rows.append(f"| {name} | {spread(seconds)} | {' | '.join(ratios)} | {further} |")
    return "\n".join(
        rows + [f"\n{name}: not measured, it cannot be installed here: {why}" for name, why in failed.items()]
    )


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
    kinds = {
        "definition_s": f"Who or what is {said[4]}?",
        "overview_s": "Summarise the documents.",
        "misspelt_s": f"When was the {said[2][:-1]}{said[2][-1:] * 2}q {said[3]} made?",
    }
    of_kind = {}
    for name, question in kinds.items():
        one = time.process_time()
        library.ask(question)
        of_kind[name] = time.process_time() - one
    return {
        "open_s": opened - began,
        "first_question_s": first - opened,
        "question_s": statistics.median(warm),
        "search_s": statistics.median(search),
        **of_kind,
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
    "definition_s": "definition, s",
    "overview_s": "overview, s",
    "misspelt_s": "misspelt, s",
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
    parser.add_argument("--peers", default=",".join(PEERS), help="of these; none where it is empty")
    parser.add_argument("--out", type=Path, default=Path("artefacts"))
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        what, *places = given.part
        parts = {"warm-small": partial(warm, "small"), "warm-large": partial(warm, "large")}
        print(json.dumps({"build": build, "settle": settle, "ask": ask, **parts}[what](*map(Path, places))))
        return
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        others, failed = peers([name for name in given.peers.split(",") if name], given.out.resolve() / "peers")
        shot = one_shot(given.runs, Path(name), others)
        print(one_shot_table(shot, failed), flush=True)
        sizes = [int(size) for size in given.sizes.split(",") if size]
        grown = growth(sizes, Path(name), max(1, given.runs // 3))
    tables = one_shot_table(shot, failed) + ("\n\n" + growth_table(grown) if grown else "")
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
