"""``/docs`` in Chromium: readable at every size, in light and dark, by whoever and whatever reads it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from serving import served

from qa.ask.library import Library
from qa.config import Settings
from qa.web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENSHOTS = os.environ.get("QA_SCREENSHOTS")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine; install Debian's package chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_docs_are_accessible(
    browser: Browser, library: Library, corpus: Path, tmp_path: Path, width: int, scheme: Any
) -> None:
    app = create_app(Settings(corpus=corpus, index=tmp_path / "index"), library=library)
    with served(app) as address:
        told: list[str] = []
        # The policy of the page would refuse the checker's own script.
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{address}/docs#AnswerJson")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_text("What it answers").first.click()
        assert page.locator("details[open] pre").first.is_visible()
        page.screenshot(path=Path(SCREENSHOTS or tmp_path) / f"docs-{width}-{scheme}.png")
        page.close()
        assert told == []
