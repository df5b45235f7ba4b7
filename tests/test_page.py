"""The page in Chromium: every path of a person through it, by pointer, by keyboard, on a phone, in the dark."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, ExportingHashEncoder, fakes
from files import Paper
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import ScriptedReader, served

from qa.ask.library import Library
from qa.ask.opening import assemble
from qa.config import Settings
from qa.evaluate.gold.load import load_gold
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
expect.set_options(timeout=30_000)
SCREENSHOTS = os.environ.get("QA_SCREENSHOTS")
WIDE, PHONE, NARROW = ({"width": w, "height": h} for w, h in ((1280, 800), (375, 740), (320, 568)))
MUSIC = "Who composed the music of The Missing Picture?"
RELEASE = "When was The Missing Picture released?"
DIRECTOR = "Who directed The Missing Picture?"
UNANSWERED = "How many clay figures were stolen?"
SCRIPT = {
    DIRECTOR: [[("encyclopaedia.md", "Rithy Panh"), ("film-database.md", "Rithy Panh")]],
    MUSIC: [[("encyclopaedia.md", "Marc Marder"), ("film-database.md", "Marc Marder")]],
    RELEASE: [[("encyclopaedia.md", "19 May 2013")], [("film-database.md", "19 March 2014 (USA)")]],
    "Who narrates the French version?": [[("encyclopaedia.md", "Randal Douc")]],
    "Who narrates the French version in English?": [[("encyclopaedia.md", "Jean-Baptiste Phou")]],
    "Who wrote the script element?": [[("hostile.md", "Nobody 🎬 <b>wrote</b>")]],
    "What is the film made of?": [[("encyclopaedia.md", "small clay figures")]],
    "When was the lighthouse built?": [[("lighthouse.pdf", "1747")]],
    "When was Aurora built?": [[("boats.md", "1974")]],
    "How long is The Missing Picture?": [[("encyclopaedia.md", "92 minutes")]],
    "Who wrote The Missing Picture?": [
        [("encyclopaedia.md", "Rithy Panh, Christophe Bataille"), ("film-database.md", "Rithy Panh")]
    ],
}
NEXT_BEST = {"How long is The Missing Picture?": ("film-database.md", "1:56")}
BOATS = """---
url: https://example.org/boats
---

# Boats

| Boat | Built |
|---|---|
| **Aurora** | 1974 |
| Bea | [1980](https://example.org/a "a page") |

More [of them](javascript:alert(1)) at <https://example.org/b>.
"""
HOSTILE = """# <img src=x onerror=alert(1)> 🎭

<script>document.title = 'broken'</script> Nobody 🎬 <b>wrote</b> this 🎭 line.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The project's corpus and one source that means harm, with a reader that knows its answers."""
    folder = tmp_path_factory.mktemp("page")
    corpus = Path(shutil.copytree(ROOT / "corpus", folder / "corpus"))
    (corpus / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    paper = Paper("")
    paper.add_page()
    paper.say(20, 100, "The lighthouse was built in 1747 by Philip de Lange, who came from the Netherlands.")
    (corpus / "lighthouse.pdf").write_bytes(paper.bytes())
    (corpus / "boats.md").write_text(BOATS, encoding="utf-8")
    (corpus / "poster.png").write_bytes(b"\x89PNG")
    encoder = ExportingHashEncoder()
    build_index(corpus, folder / "index", IndexSettings("hash"), lambda name: encoder)
    index = load_index(folder / "index")
    return assemble(index, fakes(encoder, ScriptedReader(list(index.store.scan()), SCRIPT, next_best=NEXT_BEST)))


@pytest.fixture(scope="module")
def base(library: Library) -> Iterator[str]:
    folder = library.index.folder.parent
    settings = Settings(corpus=folder.parent / "corpus", index=folder)
    web = WebSettings(feedback=folder.parent / "feedback.jsonl")
    with served(create_app(settings, web, library=library)) as address:
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
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address + path)
        return page

    yield run
    for context in contexts:
        context.close()
    assert failures == []


def ask(page: Page, question: str) -> None:
    before = page.locator("article.answer").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_have_count(before + 1)


def marked(page: Page) -> Any:
    return page.locator("#source-text mark")


def test_asking_a_starter_shows_agreement_and_opens_the_source_at_the_answer(open_page: Any) -> None:
    page = open_page()
    page.get_by_role("button", name=DIRECTOR).click()
    expect(page.locator(".answer .value")).to_have_text("Rithy Panh")
    expect(page.locator(".badge")).to_have_text("2 sources agree")
    expect(page.get_by_role("status")).to_contain_text("Answer: Rithy Panh 2 citations.")
    expect(marked(page)).to_have_text("Rithy Panh")
    expect(marked(page)).to_be_in_viewport()
    page.locator(".cite").nth(1).click()
    expect(page.locator("#source-select")).to_have_value("film-database")
    expect(marked(page)).to_have_text("Rithy Panh")
    expect(page.locator("#source-text .quoted").first).to_contain_text("Director:")
    expect(marked(page)).to_be_in_viewport()


def test_a_question_that_is_asked_before_the_sources_are_known_is_answered_when_they_are(open_page: Any) -> None:
    page = open_page("/static/icon.svg")
    page.route("**/v1/sources", lambda route: (time.sleep(1), route.continue_()))
    page.goto(page.url.removesuffix("/static/icon.svg"))
    page.get_by_label("Your question").fill(MUSIC)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .value")).to_have_text("Marc Marder")
    page.reload()
    expect(page.locator(".asked")).to_have_text(MUSIC)


def test_the_sources_differ(open_page: Any) -> None:
    page = open_page()
    ask(page, RELEASE)
    expect(page.locator(".differ")).to_have_text(
        "The sources differ: The Missing Picture says 19 May 2013; The Missing Picture (2013) says 19 March 2014 (USA)."
    )
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
    expect(page.locator(".understood").last).to_contain_text("Who narrates the French version in English?")
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
        divs = page.locator("#source-text .line").all_text_contents()
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
    expect(page.locator("article.answer")).to_be_visible()
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
    page.get_by_role("button", name="Sources", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="The Missing Picture encyclopaedia.md").click()
    expect(page.locator("#source-text")).to_contain_text("Catherine Dussart")
    page.locator("#source-select").select_option("interview")
    expect(page.locator("#source-text")).to_contain_text("Sheerly Avni")
    page.get_by_role("button", name="Back to the conversation").click()
    expect(page.get_by_role("button", name="Sources", exact=True)).to_be_focused()


def test_the_conversation_is_kept_and_exported(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)
    ask(page, RELEASE)
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    texts = {}
    for name in ("Markdown", "JSON"):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        texts[name] = Path(download.value.path()).read_text(encoding="utf-8")
    assert "**" + MUSIC + "**" in texts["Markdown"]
    assert "(encyclopaedia.md:" in texts["Markdown"]
    assert "19 March 2014 (USA)" in texts["Markdown"]
    assert [answer["question"] for answer in json.loads(texts["JSON"])] == [MUSIC, RELEASE]


def test_a_link_asks_its_question_and_another_opens_its_place(open_page: Any, base: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, MUSIC)
    page.get_by_role("button", name="Copy with citation").click()
    page.get_by_role("button", name="Markdown").click()
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
    library.reader.delay = 3.0
    try:
        page.get_by_label("Your question").fill(MUSIC)
        page.keyboard.press("Enter")
        expect(page.locator(".progress")).to_have_text("Reading the nearest passages …")
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
        expect(page.locator("#about")).to_contain_text("6 sources")
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
        lists = "[...document.querySelectorAll('dialog[open], .rows')]"
        assert page.evaluate(f"{lists}.every((node) => node.scrollWidth <= node.clientWidth)")
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
    page.get_by_text("Very likely").first.click()
    page.get_by_text("Not an answer, but close").last.click()
    check("opened")
    for button, name in (("Export", "export"), ("Sources", "sources"), ("Conversations", "conversations")):
        page.get_by_role("button", name=button, exact=True).click()
        check(name)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Copy with citation").first.click()
    check("copy")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Wrong? Say what is right").first.click()
    check("wrong")
    page.keyboard.press("Escape")
    ask(page, "When was the lighthouse built?")
    page.locator(".cite:visible").last.click()
    expect(page.locator("#source-text .quoted").first).to_be_visible()
    page.get_by_role("button", name="Page 1 as printed").click()
    expect(page.get_by_role("img", name="Page 1 as printed")).to_be_visible()
    page.get_by_label("Find in this source").fill("lighthouse")
    check("page")
    page.locator("#source-select").select_option("boats")
    expect(page.get_by_role("table")).to_be_visible()
    check("table")


def test_the_files_that_were_skipped_are_named(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#about")).to_contain_text("1 file skipped: poster.png (not a document (.png)).")


# --- conversations ---


def test_a_new_conversation_leaves_the_old_one_in_the_list_where_it_can_be_named_opened_and_deleted(
    open_page: Any,
) -> None:
    page = open_page()
    page.on("dialog", lambda dialog: dialog.accept())
    ask(page, MUSIC)
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    ask(page, RELEASE)
    page.get_by_role("button", name="Conversations").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    expect(dialog.locator(".row-name .title")).to_have_text([RELEASE, MUSIC])
    dialog.get_by_role("button", name=f"Rename {MUSIC}").click()
    dialog.get_by_label("Name of the conversation").fill("About the music")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="About the music 1 question").click()
    expect(page.locator(".asked")).to_have_text(MUSIC)
    page.reload()
    expect(page.locator(".asked")).to_have_text(MUSIC)
    page.get_by_role("button", name="Conversations").click()
    dialog.get_by_role("button", name="Delete About the music").click()
    expect(dialog.locator(".row-name .title")).to_have_text([RELEASE])
    page.keyboard.press("Escape")
    expect(page.locator(".turn")).to_have_count(0)


def test_two_tabs_have_conversations_of_their_own_and_share_one_that_both_open(open_page: Any, base: str) -> None:
    page = open_page()
    ask(page, MUSIC)
    other = page.context.new_page()
    other.goto(base)
    expect(other.locator("#starters button").first).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)
    ask(other, RELEASE)
    page.reload()
    expect(page.locator(".asked")).to_have_text(MUSIC)
    other.get_by_role("button", name="Conversations").click()
    other.get_by_role("dialog").get_by_role("button", name=f"{MUSIC} 1 question").click()
    ask(other, "Who narrates the French version?")
    expect(page.locator(".asked")).to_have_text([MUSIC, "Who narrates the French version?"])
    ask(page, "How long is The Missing Picture?")
    expect(other.locator(".asked")).to_have_count(3)
    page.reload()
    expect(page.locator(".asked")).to_have_count(3)


def test_each_corpus_has_its_conversations_and_a_quote_from_another_version_is_said_to_be_one(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)

    def of_another_folder(route: Any) -> None:
        listed = route.fetch().json()
        route.fulfill(json=listed | {"corpus": {"id": "another", "name": "another"}})

    page.route("**/v1/sources", of_another_folder)
    page.reload()
    expect(page.locator("#starters button").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    page.unroute("**/v1/sources")
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) if (key.startsWith("qa.conversation"))
            localStorage.setItem(key, localStorage.getItem(key)
                .replace(/"doc_id":"film-database"/g, '"doc_id":"lost"').replace(/"sha256":"./g, '"sha256":"x')) }"""
    )
    page.reload()
    expect(page.locator(".standing")).to_have_text(
        ["this source has changed since; the quote is from before", "this source is no longer here"]
    )


def test_a_link_has_a_conversation_of_its_own_and_stays_in_the_address(open_page: Any, base: str) -> None:
    page = open_page()
    ask(page, RELEASE)
    page.goto(f"{base}/#q=Who+composed+the+music+of+The+Missing+Picture%3F")
    expect(page.locator(".asked")).to_have_text(MUSIC)
    expect(page.locator("article.answer")).to_have_count(1)
    page.reload()
    expect(page.locator("article.answer")).to_have_count(1)
    assert "#q=" in page.url
    page.get_by_role("button", name="New", exact=True).click()
    assert "#" not in page.url
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("dialog").locator(".row-name .title")).to_have_text([MUSIC, RELEASE])


# --- what stays as it was ---


def test_the_keyboard_goes_on_from_the_question_that_a_starter_asked(open_page: Any) -> None:
    page = open_page()
    page.get_by_role("button", name=DIRECTOR).focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.answer")).to_have_count(1)
    expect(page.locator(".asked")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".cite").first).to_be_focused()


def test_what_was_opened_stays_open_when_the_next_answer_comes(open_page: Any) -> None:
    page = open_page()
    ask(page, UNANSWERED)
    page.get_by_text("Not an answer, but close").click()
    expect(page.locator(".near .cite").first).to_be_visible()
    ask(page, MUSIC)
    expect(page.locator(".near .cite").first).to_be_visible()


def test_on_a_phone_back_closes_the_source_and_what_it_covers_is_inert(open_page: Any) -> None:
    page = open_page(viewport=PHONE)
    ask(page, MUSIC)
    page.locator(".cite").first.click()
    expect(page.locator("#source-close")).to_be_focused()
    assert page.locator("#chat").evaluate("node => node.inert")
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#chat, .top')")
    page.go_back()
    expect(page.locator("#source")).not_to_be_visible()
    expect(page.locator(".cite").first).to_be_focused()
    expect(page.locator("article.answer")).to_have_count(1)
    assert not page.locator("#chat").evaluate("node => node.inert")


def test_export_closes_with_escape_and_is_out_of_reach_while_there_is_nothing(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_disabled()
    ask(page, MUSIC)
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("button", name="JSON")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="JSON")).not_to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_focused()


def test_what_is_typed_while_an_answer_is_stopped_stays_and_the_stopped_question_too(
    open_page: Any, library: Library
) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    library.reader.delay = 3.0
    try:
        page.get_by_label("Your question").fill(MUSIC)
        page.keyboard.press("Enter")
        page.get_by_label("Your question").fill(RELEASE)
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".answer")).to_contain_text("Stopped.")
        expect(page.get_by_label("Your question")).to_have_value(RELEASE)
    finally:
        library.reader.delay = 0.0
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".answer .value")).to_have_text("Marc Marder")
    expect(page.get_by_label("Your question")).to_have_value(RELEASE)


def test_sources_agree_only_where_each_shows_the_whole_answer(open_page: Any) -> None:
    page = open_page()
    ask(page, "Who wrote The Missing Picture?")
    expect(page.locator(".cite")).to_have_count(2)
    expect(page.locator(".badge")).to_have_count(0)
    ask(page, MUSIC)
    expect(page.locator(".badge")).to_have_text("2 sources agree")


def test_without_colours_the_quote_is_underlined(open_page: Any) -> None:
    page = open_page(forced_colors="active")
    ask(page, MUSIC)
    for kind in (".quoted", "mark"):
        style = page.locator(f"#source-text {kind}").first.evaluate("node => getComputedStyle(node).textDecorationLine")
        assert style == "underline"


def test_the_whole_conversation_is_printed_with_every_citation_and_its_place(open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    questions = [MUSIC, RELEASE, UNANSWERED, "Who narrates the French version?", "How long is The Missing Picture?"]
    for question in questions:
        ask(page, question)
    page.emulate_media(media="print")
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / "print.png", full_page=True)
    printed = pdfium.PdfDocument(page.pdf(width="105mm", height="148mm"))
    assert len(printed) > 1
    text = " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in printed).split())
    for words in (*questions, "Marc Marder", "19 March 2014 (USA)", "encyclopaedia.md", "film-database.md"):
        assert words in text
    for words in ("Ask a question", "Conversations", "Copy"):
        assert words not in text


# --- typing ---


def test_the_arrow_recalls_questions_and_a_slash_comes_back_to_the_box(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)
    ask(page, RELEASE)
    box = page.get_by_label("Your question")
    box.fill("half a thought")
    for key, value in (("Up", RELEASE), ("Up", MUSIC), ("Up", MUSIC), ("Down", RELEASE), ("Down", "half a thought")):
        page.keyboard.press(f"Arrow{key}")
        expect(box).to_have_value(value)
    page.locator(".cite").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("/")
    expect(box).to_have_value("half a thought/")


def test_only_the_chosen_sources_are_asked(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    page.get_by_role("button", name="Sources", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sources")
    expect(dialog.get_by_role("list").first).to_contain_text("interview.md · interview")
    dialog.get_by_text("1 file skipped").click()
    expect(dialog).to_contain_text("poster.png: not a document (.png)")
    for source in ("boats", "encyclopaedia", "film-database", "hostile", "lighthouse"):
        dialog.locator(f"input[value={source}]").uncheck()
    dialog.get_by_role("button", name="Ask only these").click()
    expect(page.locator("#only")).to_contain_text("Asking only: Rithy Panh on The Missing Picture")
    with page.expect_request("**/v1/chat") as request:
        ask(page, UNANSWERED)
    assert json.loads(request.value.post_data)["sources"] == ["interview"]
    page.reload()
    expect(page.locator("#only")).to_be_visible()
    page.get_by_role("button", name="Ask all").click()
    expect(page.locator("#only")).not_to_be_visible()


# --- the evidence ---


def test_the_panel_says_which_citation_it_shows_and_steps_to_the_next(open_page: Any) -> None:
    page = open_page()
    ask(page, RELEASE)
    expect(page.locator("#cited-count")).to_have_text("Citation 1 of 2")
    expect(page.get_by_role("button", name="Citation before")).to_be_disabled()
    page.get_by_role("button", name="Next citation").click()
    expect(page.locator("#cited-count")).to_have_text("Citation 2 of 2")
    expect(marked(page)).to_have_text("19 March 2014 (USA)")
    expect(page.locator(".cite").nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".tick")).to_have_count(1)
    tick, pane = page.locator(".tick").bounding_box(), page.locator("#source-text").bounding_box()
    assert pane["y"] <= tick["y"] <= pane["y"] + pane["height"]
    page.locator("#source-select").select_option("interview")
    expect(page.locator("#cited")).not_to_be_visible()


def test_words_are_found_in_the_source_as_it_reads(open_page: Any) -> None:
    page = open_page()
    page.locator("#source-select").select_option("encyclopaedia")
    expect(page.locator("#source-meta")).to_contain_text("encyclopaedia.md")
    box = page.get_by_label("Find in this source")
    box.fill("rithy  PANH")
    count = page.locator("#find-count")
    expect(count).to_contain_text("1 of ")
    total = int(count.text_content().split()[-1])
    assert total > 3
    page.keyboard.press("Enter")
    expect(count).to_have_text(f"2 of {total}")
    page.get_by_role("button", name="Find the one before").click()
    expect(count).to_have_text(f"1 of {total}")
    assert page.evaluate("CSS.highlights.get('found').size") == total
    assert page.evaluate("[...CSS.highlights.get('found-now')][0].toString()") == "Rithy Panh"
    box.fill("L'Image manquante) is a")  # without the signs of emphasis that the file has
    expect(count).to_have_text("1 of 1")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")


def test_the_paragraph_around_a_citation_is_shown_while_the_pointer_rests_on_it(open_page: Any) -> None:
    page = open_page()
    ask(page, RELEASE)
    page.locator(".cite").nth(1).hover()
    preview = page.locator("#preview")
    expect(preview).to_be_visible()
    expect(preview.locator("mark")).to_have_text("19 March 2014 (USA)")
    expect(preview).to_contain_text("Original title: L'image manquante")
    page.get_by_label("Your question").hover()
    expect(preview).not_to_be_visible()


def test_a_table_is_one_and_links_lead_on_while_the_text_stays_what_it_is(open_page: Any, library: Library) -> None:
    page = open_page()
    page.locator("#source-select").select_option("boats")
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Boat", "Built"])
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("row").last.get_by_role("cell").first).to_contain_text("Bea")
    expect(page.locator("#source-text .strong")).to_have_text("Aurora")
    links = page.locator("#source-text a")
    expect(links).to_have_text(["1980", "https://example.org/b"])
    assert [link.get_attribute("href") for link in links.all()] == ["https://example.org/a", "https://example.org/b"]
    assert "\n".join(page.locator("#source-text .line").all_text_contents()) == library.source("boats").text
    original = page.get_by_role("link", name="Open the original")
    assert original.get_attribute("href") == "https://example.org/boats"
    ask(page, "When was Aurora built?")
    expect(marked(page)).to_have_text("1974")
    assert original.get_attribute("href") == "https://example.org/boats#:~:text=Boat%3A%20Aurora%3B%20Built%3A%201974"


# --- the answer ---


def test_the_quote_leads_where_the_answer_says_nothing_by_itself(open_page: Any) -> None:
    page = open_page()
    ask(page, "What is the film made of?")
    expect(page.locator(".answer .value")).to_have_count(0)
    expect(page.locator(".cite.lead mark")).to_have_text("small clay figures")
    ask(page, MUSIC)
    expect(page.locator(".answer .value")).to_have_text("Marc Marder")
    expect(page.locator(".turn").last.locator(".cite.lead")).to_have_count(0)


def test_certainty_is_said_in_words(open_page: Any) -> None:
    page = open_page()
    ask(page, MUSIC)
    page.get_by_text("Very likely").click()
    expect(page.locator(".sure")).to_contain_text("about 90 in 100 are right")
    expect(page.get_by_role("list", name="The next best")).not_to_be_visible()
    ask(page, "How long is The Missing Picture?")
    page.get_by_text("Very likely").last.click()
    page.get_by_role("list", name="The next best").locator(".cite").click()
    expect(marked(page)).to_have_text("1:56")
    expect(page.locator("#cited-count")).to_have_text("Citation 1 of 1")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("Markdown", ["> Music: Marc Marder", "— The Missing Picture (encyclopaedia.md:"]),
        ("Plain text", ["“Music: Marc Marder” — The Missing Picture (encyclopaedia.md:"]),
        ("BibTeX", ["@misc{encyclopaedia,", "publisher = {Wikipedia}", "@misc{film-database,", "year = {2014}"]),
        ("CSL-JSON", ['"publisher": "IMDb"', '"note": "“Composed by: Marc Marder”']),
    ],
)
def test_an_answer_is_copied_with_its_citations(open_page: Any, form: str, words: list[str]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, MUSIC)
    page.get_by_role("button", name="Copy with citation").click()
    page.get_by_role("button", name=form).click()
    expect(page.locator("#flash")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    for part in words:
        assert part in copied
    if form == "CSL-JSON":
        assert [entry["id"] for entry in json.loads(copied)] == ["encyclopaedia", "film-database"]


# --- the layout ---


def test_the_divider_is_moved_by_pointer_and_keys_and_remembered(open_page: Any) -> None:
    page = open_page()
    divider = page.get_by_role("separator", name="Width of the conversation")
    expect(page.locator("#starters button").first).to_be_visible()
    box = divider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(512, box["y"] + 200)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "40")
    assert abs(page.locator("#chat").bounding_box()["width"] - 512) < 3
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "42")
    page.reload()
    expect(divider).to_have_attribute("aria-valuenow", "42")
    divider.focus()
    page.keyboard.press("Enter")
    expect(divider).to_have_attribute("aria-valuenow", "50")


LONGEST_LINE = """(selector) => Math.max(...[...document.querySelectorAll(selector)].map((node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const lines = new Map();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    for (let i = 0; i < text.length; i += 1) {
      const range = new Range();
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const box = range.getBoundingClientRect();
      if (box.width) lines.set(Math.round(box.bottom / 8), (lines.get(Math.round(box.bottom / 8)) ?? 0) + 1);
    }
  }
  return Math.max(0, ...lines.values());
}))"""


def test_no_line_is_longer_than_can_be_read_and_the_conversation_keeps_its_width(open_page: Any) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080})
    ask(page, "What is the film made of?")
    expect(marked(page)).to_be_visible()
    assert page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].some((font) => font.status === 'loaded'))"
    )
    for selector in ("#source-text .paragraph", ".cite .quote"):
        assert 40 < page.evaluate(LONGEST_LINE, selector) <= 68
    assert page.locator("#chat").bounding_box()["width"] <= 768
    assert page.locator("#turns").bounding_box()["width"] == 704


def test_the_page_begins_with_a_card_for_each_source(open_page: Any) -> None:
    page = open_page()
    card = page.get_by_role("list", name="The sources").get_by_role("button", name="Rithy Panh on The Missing Picture")
    expect(card).to_contain_text("interview · 682 words · 4 kB")
    card.click()
    expect(page.locator("#source-select")).to_have_value("interview")


def test_a_page_of_a_pdf_stands_beside_its_text_with_the_quote_marked(open_page: Any) -> None:
    page = open_page()
    ask(page, "When was the lighthouse built?")
    expect(page.locator("#cited-count")).to_have_text("Citation 1 of 1 · p. 1")
    expect(page.locator("#paper")).not_to_be_visible()
    page.get_by_role("button", name="Page 1 as printed").click()
    picture = page.get_by_role("img", name="Page 1 as printed, the quote marked")
    expect(picture).to_be_visible()
    tinted = picture.evaluate(
        """node => { const data = node.getContext("2d").getImageData(0, 0, node.width, node.height).data; let found = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] > 240 && data[i + 2] < 210) found += 1; return found }"""
    )
    assert tinted > 1000
    page.reload()
    page.locator(".cite").click()
    expect(picture).to_be_visible()
    page.get_by_role("button", name="Page 1 as printed").click()
    expect(picture).not_to_be_visible()
    ask(page, MUSIC)
    expect(page.get_by_role("button", name="Page 1 as printed")).not_to_be_visible()


SELECT = """(words) => {
  const walker = document.createTreeWalker(document.getElementById("source-text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
    return true;
  }
  return false;
}"""


def test_a_wrong_answer_is_reported_with_the_words_that_are_right(open_page: Any, library: Library) -> None:
    page = open_page()
    ask(page, "Who narrates the French version?")
    ask(page, "and in English?")
    page.locator("#source-select").select_option("hostile")
    expect(page.locator("#source-meta")).to_contain_text("hostile.md")
    assert page.evaluate(SELECT, "this 🎭 line")
    flag = page.get_by_role("button", name="Wrong? Say what is right").last
    flag.click()
    dialog = page.get_by_role("dialog", name="What is right?")
    expect(dialog).to_contain_text("“this 🎭 line”")
    dialog.get_by_role("button", name="The words that I selected").click()
    expect(page.locator("#flash")).to_have_text("Written into feedback.jsonl. Thank you.")
    page.evaluate("getSelection().removeAllRanges()")
    flag.click()
    expect(dialog.get_by_role("button", name="The words that I selected")).to_be_disabled()
    dialog.get_by_role("button", name="The sources do not say").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator("#flash")).to_be_visible()
    gold = load_gold(library.index.folder.parent.parent / "feedback.jsonl")
    assert [question.answers for question in gold.questions] == [("this 🎭 line",), ()]
    assert gold.questions[0].history == ("Who narrates the French version?",)
    evidence = gold.questions[0].evidence[0]
    assert library.source("hostile").text[evidence.start : evidence.end] == "this 🎭 line"


DROP = """(name) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["# Pier\\n\\nThe pier is long.\\n"], name));
  document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""


def test_a_file_that_is_dropped_is_added_and_one_that_is_none_is_named(open_page: Any, tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "boats.md").write_text(BOATS, encoding="utf-8")
    encoder = ExportingHashEncoder()

    def rebuilt() -> Library:
        build_index(corpus, index, IndexSettings("hash"), lambda name: encoder)
        loaded = load_index(index)
        return assemble(loaded, fakes(encoder, ScriptedReader(list(loaded.store.scan()), SCRIPT)))

    settings = Settings(corpus=corpus, index=index)
    web = WebSettings(allow_add=True, poll_seconds=0.05)
    app = create_app(settings, web, library=rebuilt(), opener=rebuilt, builder=rebuilt)
    with served(app) as address:
        page = open_page(address=address)
        expect(page.locator("#about")).to_contain_text("1 source.")
        page.get_by_role("button", name="Sources", exact=True).click()
        page.get_by_label("Add files").set_input_files(
            [
                {"name": "ferry.md", "mimeType": "text/markdown", "buffer": b"# Ferry\n\nIt leaves at nine.\n"},
                {"name": "poster.png", "mimeType": "image/png", "buffer": b"\x89PNG"},
            ]
        )
        expect(page.locator("#flash")).to_have_text("1 file was added.", timeout=15_000)
        expect(page.get_by_role("alert")).to_have_text("Poster.png was not added: not a document (.png).")
        expect(page.get_by_role("dialog").locator("#sources-list li")).to_have_count(2)
        page.keyboard.press("Escape")
        expect(page.locator("#about")).to_contain_text("2 sources.")
        page.evaluate(DROP, "pier.md")
        expect(page.locator("#about")).to_contain_text("3 sources.", timeout=15_000)


def test_a_file_dropped_where_none_is_taken_does_not_take_the_page_away(open_page: Any) -> None:
    page = open_page()
    expect(page.locator("#starters button").first).to_be_visible()
    page.evaluate(DROP, "pier.md")
    expect(page.get_by_role("alert")).to_contain_text("start it with --allow-add")
