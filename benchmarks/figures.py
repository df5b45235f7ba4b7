"""Write the README's table of results from the committed baseline; `make baseline` runs it.

python benchmarks/figures.py
"""

from pathlib import Path

from qa.evaluate.baseline import load_baseline
from qa.evaluate.report import readme_table

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "tests" / "gold" / "baseline.json"
BEGIN, END = "<!-- figures: `make baseline` writes them -->", "<!-- end of figures -->"
PLACEHOLDER = "@FIGURES@"


def written(readme: str) -> str:
    """The README with the table that fits the baseline, between its markers or in the place of the placeholder."""
    table = f"{BEGIN}\n{readme_table(load_baseline(BASELINE))}\n{END}"
    if PLACEHOLDER in readme:
        return readme.replace(PLACEHOLDER, table)
    before, rest = readme.split(BEGIN)
    return before + table + rest.split(END)[1]


def main() -> None:
    path = ROOT / "README.md"
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
