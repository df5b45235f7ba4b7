"""The mean of the weights of several stages of one run: it forgets less than the last and knows more than the first.

    python -m training.average runs/reader/films1 runs/reader/films2 --out runs/reader/mean2

After Wortsman et al. 2022, "Model soups".
"""

import argparse
from pathlib import Path

import torch

from training.reader import WEIGHTS


def main() -> None:
    """Write the mean of some stages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("stages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    states = [torch.load(stage / WEIGHTS) for stage in options.stages]
    options.out.mkdir(parents=True, exist_ok=True)
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    torch.save(mean, options.out / WEIGHTS)


if __name__ == "__main__":
    main()
