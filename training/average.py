"""The mean of the weights of several stages of one run: it forgets less than the last and knows more than the first.

    python -m training.average runs/stage2 runs/stage3 --out runs/average

After Wortsman et al. 2022, "Model soups".
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    states = [torch.load(stage / "reader.pt") for stage in options.stages]
    options.out.mkdir(parents=True, exist_ok=True)
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    torch.save(mean, options.out / "reader.pt")


if __name__ == "__main__":
    main()
