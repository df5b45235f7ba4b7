"""The page in Chromium: every path of a person through it, by pointer, by keyboard, on a phone, in the dark."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, ExportingHashEncoder, fakes
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import ScriptedReader, served

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.config import Settings
from qa.search.build import build_index
from qa.search.index import load_index
from qa.search.manifest import IndexSettings
from qa.web import WebSettings, create_app
from qa.web.settings import new_key

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine; install Debian's package chromium"),
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SCREENSHOTS = os.environ.get("QA_SCREENSHOTS")
WIDE, PHONE, NARROW = ({"width": w, "height": h} for w, h in ((1280, 800), (375, 740), (320, 568)))
MUSIC = "Who composed the music of The Missing Picture?"
RELEASE = "When was The Missing Picture released?"
UNANSWERED = "How many clay figures were stolen?"
SCRIPT = {
    MUSIC: [[("encyclopaedia.md", "Marc Marder"), ("film-database.md", "Marc Marder")]],
    RELEASE: [[("encyclopaedia.md", "19 May 2013")], [("film-database.md", "19 March 2014 (USA)")]],
    "Who narrates the French version?": [[("encyclopaedia.md", "Randal Douc")]],
    "Who narrates the French version in English?": [[("encyclopaedia.md", "Jean-Baptiste Phou")]],
    "Who wrote the script element?": [[("hostile.md", "Nobody 🎬 <b>wrote</b>")]],
    "How long is The Missing Picture?": [[("encyclopaedia.md", "92 minutes")]],
}
HOSTILE = """# <img src=x onerror=alert(1)> 🎭

<script>document.title = 'broken'</script> Nobody 🎬 <b>wrote</b> this 🎭 line.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The project's corpus and one source that means harm, with a reader that knows its answers."""
    folder = tmp_path_factory.mktemp("page")
    corpus = Path(shutil.copytree(ROOT / "corpus", folder / "corpus"))
    (corpus / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    (corpus / "poster.png").write_bytes(b"\x89PNG")
    encoder = ExportingHashEncoder()
    build_index(corpus, folder / "index", IndexSettings("hash"), lambda name: encoder)
    index = load_index(folder / "index")
    return assemble(index, fakes(encoder, ScriptedReader(list(index.store.scan()), SCRIPT)))


@pytest.fixture(scope="module")
def base(library: Library) -> Iterator[str]:
    with served(create_app(Settings(index=library.index.folder.parent), library=library)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Callable[..., Page]]:
    """open_page(path, **context) -> a page that has begun; afterwards no script of it may have failed."""
    contexts, failures = [], []

    def run(path: str = "/", address: str = base, **options: Any) -> Page:
        options = {"viewport": WIDE, "reduced_motion": "reduce"} | options
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address + path)
        return page

    yield run
    for context in contexts:
        context.close()
    assert failures == []


def ask(page: Page, question: str) -> None:
    before = page.locator(".answer").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(before + 1)


def marked(page: Page) -> Any:
    return page.locator("#source-text mark")


def test_asking_a_starter_shows_agreement_and_opens_the_source_at_the_answer(open_page: Any) -> None:
    page = open_page()
    page.get_by_role("button", name=MUSIC).click()
    expect(page.locator(".answer .value")).to_have_text("Marc Marder")
    expect(page.locator(".badge")).to_have_text("2 sources agree")
    expect(page.get_by_role("status")).to_contain_text("Answer: Marc Marder 2 citations.")
    expect(marked(page)).to_have_text("Marc Marder")
    expect(marked(page)).to_be_in_viewport()
    page.locator(".cite").nth(1).click()
    expect(page.locator("#source-select")).to_have_value("film-database")
    expect(marked(page)).to_have_text("Marc Marder")
    expect(page.locator("#source-text .quoted").first).to_contain_text("Composed by:")
    expect(marked(page)).to_be_in_viewport()


def test_the_sources_differ(open_page: Any) -> None:
    page = open_page()
    ask(page, RELEASE)
    expect(page.locator(".badge")).to_have_text("The sources differ: 2 values")
    expect(page.locator(".values .value")).to_have_text(["19 May 2013", "19 March 2014 (USA)"])
    page.locator(".cite").nth(1).click()
    expect(marked(page)).to_have_text("19 March 2014 (USA)")
    expect(page.get_by_role("status")).to_contain_text("The sources differ")


def test_an_abstention_is_plain_and_leads_on(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)
    ask(page, UNANSWERED)
    expect(marked(page)).to_have_count(0)
    expect(page.locator(".answer .value").last).to_have_text("The sources do not say.")
    page.get_by_text("Not an answer, but close").click()
    page.locator(".near .cite").first.click()
    expect(page.locator("#source-text .quoted").first).to_be_in_viewport()
    expect(page.locator(".answer .chips button").get_by_text(MUSIC)).to_have_count(0)
    page.locator(".answer .chips button").first.click()
    expect(page.locator(".answer").nth(2).locator(".cite").first).to_be_visible()


def test_the_parts_of_a_compound_stand_below_their_questions(open_page: Any) -> None:
    page = open_page()
    ask(page, f"{MUSIC} And {UNANSWERED[0].lower()}{UNANSWERED[1:]}")
    parts = page.get_by_role("list", name="Parts of the question").locator("> li")
    expect(parts).to_have_count(2)
    expect(parts.first.locator(".value")).to_have_text("Marc Marder")
    expect(parts.last.locator(".value")).to_have_text("The sources do not say.")


def test_a_follow_up_is_shown_as_understood_and_can_be_asked_literally(open_page: Any) -> None:
    page = open_page()
    ask(page, "Who narrates the French version?")
    ask(page, "and in English?")
    expect(page.locator(".understood")).to_contain_text("Who narrates the French version in English?")
    expect(page.locator(".answer .value").last).to_have_text("Jean-Baptiste Phou")
    page.get_by_role("button", name="Ask it literally").click()
    expect(page.locator(".answer .value").last).to_have_text("The sources do not say.")
    expect(page.locator(".turn").last.locator(".understood")).to_have_count(0)


def test_what_a_source_holds_is_text_and_offsets_count_code_points(open_page: Any) -> None:
    page = open_page()
    title = page.title()
    ask(page, "Who wrote the script element?")
    expect(marked(page)).to_have_text("Nobody 🎬 <b>wrote</b>")
    expect(page.locator(".cite mark")).to_have_text("Nobody 🎬 wrote")
    expect(page.locator("#source-text")).to_contain_text("<script>document.title = 'broken'</script>")
    assert page.locator("#source-text img, #source-text script, #source-text b, .answer img").count() == 0
    assert page.title() == title


def test_the_source_pane_says_exactly_what_the_file_says(open_page: Any, library: Library) -> None:
    page = open_page()
    for source in library.sources():
        page.locator("#source-select").select_option(source.doc_id)
        expect(page.locator("#source-meta")).to_contain_text(source.path)
        divs = page.locator("#source-text div").all_text_contents()
        assert "\n".join(divs) == library.source(source.doc_id).text


def test_a_source_reads_as_a_document_and_can_be_shown_as_it_is(open_page: Any) -> None:
    page = open_page()
    page.locator("#source-select").select_option("hostile")
    heading = page.locator("#source-text .heading").first
    expect(heading).to_contain_text("🎭")
    assert heading.locator("img").count() == 0
    page.locator("#source-select").select_option("encyclopaedia")
    expect(page.locator("#source-meta")).to_contain_text("encyclopaedia.md")
    expect(page.locator("#source-text .heading .outside").first).not_to_be_visible()
    outline = page.get_by_label("Outline")
    last = outline.locator("option").last
    outline.select_option(last.get_attribute("value"))
    expect(page.locator("#source-text .heading").last).to_be_in_viewport()
    page.get_by_label("Show the file as it is").check()
    expect(page.locator("#source-text .heading .outside").last).to_be_visible()


def test_keyboard_alone_suffices(open_page: Any) -> None:
    page = open_page(viewport=PHONE)
    expect(page.locator("#starters button").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(MUSIC)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.locator(".cite").first.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#source-close")).to_be_focused()
    expect(marked(page)).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#source")).not_to_be_visible()
    expect(page.locator(".cite").first).to_be_focused()


def test_the_sources_can_be_read_on_a_phone(open_page: Any) -> None:
    page = open_page(viewport=PHONE)
    expect(page.locator("#starters button").first).to_be_visible()
    page.get_by_role("button", name="Sources").click()
    expect(page.locator("#source-text")).to_contain_text("Catherine Dussart")
    page.locator("#source-select").select_option("interview")
    expect(page.locator("#source-text")).to_contain_text("Sheerly Avni")
    page.get_by_role("button", name="Back to the conversation").click()
    expect(page.get_by_role("button", name="Sources")).to_be_focused()


def test_the_conversation_is_kept_exported_and_cleared(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)
    ask(page, RELEASE)
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    texts = {}
    for name in ("Markdown", "JSON"):
        page.locator("#export summary").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        texts[name] = Path(download.value.path()).read_text(encoding="utf-8")
    assert "**" + MUSIC + "**" in texts["Markdown"]
    assert "(encyclopaedia.md:" in texts["Markdown"]
    assert "19 March 2014 (USA)" in texts["Markdown"]
    assert [answer["question"] for answer in json.loads(texts["JSON"])] == [MUSIC, RELEASE]
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".answer")).to_have_count(0)
    page.reload()
    expect(page.locator("#starters")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(0)


def test_a_link_asks_its_question_and_another_opens_its_place(open_page: Any, base: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, MUSIC)
    page.get_by_role("button", name="Copy with citation").click()
    expect(page.locator("#flash")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "Marc Marder" in copied
    assert "encyclopaedia.md:" in copied
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#flash")).to_have_text("The link was copied.")
    link = page.evaluate("() => navigator.clipboard.readText()")
    other = open_page(link.removeprefix(base))
    expect(other.locator(".answer .value")).to_have_text("Marc Marder")
    placed = open_page("/#source=hostile&start=2&end=30&answer_start=3&answer_end=6")
    expect(marked(placed)).to_have_text("img")


def test_errors_say_what_to_do_and_the_question_is_not_lost(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    page.get_by_label("Your question").fill("?!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("has no word in it; ask something")
    expect(page.get_by_label("Your question")).to_have_value("?!")
    page.context.set_offline(True)
    page.get_by_label("Your question").fill(MUSIC)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.get_by_label("Your question")).to_have_value(MUSIC)
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_slow_answer_shows_progress_and_can_be_stopped(open_page: Any, library: Library) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    library.reader.delay = 1.0
    try:
        page.get_by_label("Your question").fill(MUSIC)
        page.keyboard.press("Enter")
        expect(page.locator("#progress")).to_have_text("Reading the nearest passages …")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
        expect(page.get_by_label("Your question")).to_have_value(MUSIC)
    finally:
        library.reader.delay = 0.0


def test_a_server_with_keys_asks_for_one(open_page: Any, library: Library) -> None:
    key, digest = new_key()
    settings = Settings(index=library.index.folder.parent)
    with served(create_app(settings, WebSettings(keys={digest: "ana"}), library=library)) as address:
        page = open_page(address=address)
        page.get_by_label("API key").fill(key)
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator("#about")).to_contain_text("4 sources")
        ask(page, MUSIC)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_accessible_at_every_size_in_light_and_dark(open_page: Any, size: Any, scheme: str, tmp_path: Path) -> None:
    """axe finds nothing, nothing is wider than the window; the screenshots are kept in ``QA_SCREENSHOTS`` if set."""
    # The policy of the page would refuse the checker's own script.
    page = open_page(viewport=size, color_scheme=scheme, bypass_csp=True)
    expect(page.locator("#starters button").nth(1)).to_be_visible()
    folder = Path(SCREENSHOTS) if SCREENSHOTS else tmp_path

    def check(name: str) -> None:
        page.screenshot(path=folder / f"{size['width']}-{scheme}-{name}.png")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && scrollY === 0")
        assert (
            page.locator("#ask").bounding_box()["y"] + page.locator("#ask").bounding_box()["height"] <= size["height"]
        )

    check("start")
    ask(page, MUSIC)
    check("agree")
    ask(page, RELEASE)
    check("differ")
    ask(page, UNANSWERED)
    check("abstain")
    ask(page, "and in English?")
    check("follow-up")
    page.locator(".cite:visible").first.click()
    expect(page.locator("#source-text .quoted").first).to_be_visible()
    check("source")


def test_the_files_that_were_skipped_are_named(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#about")).to_contain_text("1 file skipped: poster.png (not a document (.png)).")
