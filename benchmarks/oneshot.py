"""One question as a whole process: `qa ask` beside a plain sentence-transformers and FAISS script, in one run.

    python benchmarks/oneshot.py [--runs 10]

Both have their index on disk. The two run in turn, and the ratio is taken pair by pair, so that a machine that
slows down slows both. Prints medians with minimum and maximum.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUESTION = "Who made the clay figures?"


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def line(name: str, values: list[float], unit: str) -> str:
    return f"{name:<26} median {statistics.median(values):.2f}{unit}  ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    corpus = str(ROOT / "corpus")
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "qa", "ask", QUESTION, "--corpus", corpus, "--index", f"{folder}/index"]
        plain = [sys.executable, str(ROOT / "benchmarks" / "plain.py"), corpus, QUESTION, f"{folder}/plain.faiss"]
        for command in (ours, plain):  # build both, and warm the disk cache
            seconds(command)
        pairs = [(seconds(ours), seconds(plain)) for _ in range(runs)]
    print(line("qa ask", [a for a, _ in pairs], " s"))
    print(line("plain script", [b for _, b in pairs], " s"))
    print(line("ratio, pair by pair", [a / b for a, b in pairs], ""), f" n={runs}")


if __name__ == "__main__":
    main()
