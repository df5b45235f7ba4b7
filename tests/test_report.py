"""The report: one page that loads nothing, fits a phone, and says what the text says."""

import html.parser
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from test_evaluation import ANSWERS, GOLD, QUESTIONS, measured, stored

from qa.evaluate.baseline import compare
from qa.evaluate.catalogue import MEASURES
from qa.evaluate.evaluation import Evaluation, Latency
from qa.evaluate.page import html_page
from qa.evaluate.plots import HEIGHT, WIDTH, Bar, Line, Plot
from qa.evaluate.report import measures_table, readme_table, text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def whole() -> Evaluation:
    """An evaluation with every section of the report."""
    changed = measured(ANSWERS | {"right": ANSWERS["silent"]})
    return replace(
        measured(), latency=Latency(1.5, 9.0, (1.0, 2.0, 9.0)), against=compare(measured(), stored(changed), "b.json")
    )


class Outside(html.parser.HTMLParser):
    """Collects what a page would load, and checks that its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_page_that_loads_nothing() -> None:
    evil = replace(QUESTIONS[0], question='<script>alert("x")</script>', kind='"><b>')
    page = html_page(measured(ANSWERS, replace(GOLD, questions=(evil, *QUESTIONS[1:]))))
    parser = Outside()
    parser.feed(page)
    assert (parser.loads, parser.open) == ([], [])
    assert "<script>alert" not in page
    assert page.count('<details class="q"') == len(QUESTIONS)
    assert page.count("<svg") == 2
    assert page.index("Risk and coverage") < page.index("Calibration; ") < page.index("<h2>Metrics</h2>")
    assert 'name="viewport"' in page
    assert "<main>" in page
    assert "url(" not in page
    assert "import" not in page


def test_readme_table_is_markdown() -> None:
    lines = readme_table(stored(measured())).splitlines()
    assert lines[1] == "|---|---|---|---|"
    assert all(line.count("|") == 5 for line in lines)


def test_every_section_is_there() -> None:
    page = html_page(whole())
    for heading in ("Kinds", "Sources", "Against b.json", "Changed answers", "Worst failures", "Questions"):
        assert f"<h2>{heading}</h2>" in page
    for measure in MEASURES:
        assert measure.meaning.replace("'", "&#39;") in page, measure.name
    assert "p50 1.5 ms" in page
    assert "Latency was not measured" in html_page(measured())
    assert "Against b.json:" in text(whole())


def test_a_measure_is_a_row_of_the_list() -> None:
    rows = measures_table().splitlines()
    assert rows[:2] == ["| name | says |", "|---|---|"]
    assert all(row.count("|") == 3 for row in rows)


def test_a_plot_stays_inside_its_picture() -> None:
    plot = Plot("t", "x", "y", right=4.0, top=2.0)
    assert 0 < plot.x(0) < plot.x(4.0) < WIDTH
    assert 0 < plot.y(2.0) < plot.y(0) < HEIGHT
    assert [tick[0] for tick in plot.ticks] == [0, 1, 2, 3, 4]
    assert plot.path(Line(((0, 0), (4, 2)))) == f"{plot.x(0)},{plot.y(0)} {plot.x(4)},{plot.y(2)}"


@pytest.mark.parametrize(("value", "start", "length"), [(1, 50, 50), (-1, 0, 50), (0, 50, 0), (-0.5, 25, 25)])
def test_a_bar_begins_in_the_middle(value: float, start: float, length: float) -> None:
    bar = Bar("kind", 3, value)
    assert (bar.start, bar.length) == (start, length)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The report in Chromium on a phone."""
    from playwright.sync_api import sync_playwright

    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html_page(whole()), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 375, "height": 740})
        opened.goto(path.as_uri())
        yield opened
        browser.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine; install Debian's package chromium")
def test_the_report_fits_a_phone_and_can_be_searched(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert Axe().run(page).violations_count == 0
    for row in page.locator(".bars tbody tr").all():
        label, bar = row.locator("th").bounding_box(), row.locator("i").bounding_box()
        assert label["x"] + label["width"] <= bar["x"]
    for meaning in page.locator(".meant .says").all():
        box = meaning.bounding_box()
        assert box["x"] + box["width"] <= 375
    page.select_option("#only", "-1")
    assert page.locator("#count").inner_text() == "2"
    page.fill("#find", "sequel")
    assert page.locator("details.q:visible").count() == 1
