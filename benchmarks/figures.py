"""Write what follows from the code and the baseline into the documents; `make baseline` runs it.

python benchmarks/figures.py

README.md gets the results of the committed baseline, DESIGN.md the list of the measures.
"""

from pathlib import Path

from qa.evaluate.evaluation import load_baseline
from qa.evaluate.report import measures_table, readme_table

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "tests" / "gold" / "baseline.json"
FIGURES = "<!-- figures: `make baseline` writes them -->", "<!-- end of figures -->"
MEASURES = "<!-- measures: `python benchmarks/figures.py` writes them -->", "<!-- end of measures -->"
PLACEHOLDER = "@FIGURES@"


def between(text: str, marks: tuple[str, str], table: str) -> str:
    """The text with a table between its marks."""
    begin, end = marks
    before, rest = text.split(begin)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"


def written(readme: str) -> str:
    """The README with the table that fits the baseline, between its marks or in the place of the placeholder."""
    readme = readme.replace(PLACEHOLDER, "\n".join(FIGURES))
    return between(readme, FIGURES, readme_table(load_baseline(BASELINE)))


def listed(design: str) -> str:
    """DESIGN.md with the list of the measures."""
    return between(design, MEASURES, measures_table())


def main() -> None:
    for name, write in (("README.md", written), ("DESIGN.md", listed)):
        path = ROOT / name
        path.write_text(write(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
