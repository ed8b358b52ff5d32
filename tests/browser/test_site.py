"""Every page of the built book: asks no third party, has no error, can be searched, fits a telephone, stays small."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Visit
from tests.browser.read import NARROW, WIDE, Read, read, room, show_all
from tests.drawn import SEED, WHOLE
from tests.grade.policies import REFERENCES

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
TEXT, CHAPTER, TO_ITS_END = 60_000, 160_000, 260_000
"""Bytes, compressed, and all that a page loads: of a page of text; of a chapter as it opens; of one read to its end."""

LABS = {"reclaim.html", "flushers.html"}

Opened = Callable[..., Visit]


def names() -> list[str]:
    """The pages that the table of contents names, and the search page."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    parts = [toc, *toc.get("parts", [])]
    listed = [chapter for part in parts for chapter in part.get("chapters", [])]
    chapters = [chapter["file"] for chapter in listed if "file" in chapter]
    for chapter in listed:
        chapters += (
            f"design/{path.stem}" for path in sorted((ROOT / "book").glob(chapter.get("glob", "none/*") + ".md"))
        )
    return [f"{name}.html" for name in [toc["root"], *chapters, "search"]]


def alive() -> list[str]:
    """The pages that have widgets."""
    shown = re.compile(r"wbviz\.(?:play|replay|check|quiz|game|lab|progress)\(")
    return [
        name
        for name in names()
        if name != "search.html" and shown.search((ROOT / "book" / name).with_suffix(".md").read_text("utf-8"))
    ]


NOTES = "design/pages.html"
"""One of the pages in a folder, where it is the frame that is looked at."""


def schemes() -> list[tuple[str, str]]:
    """Each page of text in light; what has widgets in a scheme that changes from day to day, or in both."""
    two = [*alive(), NOTES]
    first = Random(SEED).randrange(2)
    drawn = [(name, ("light", "dark")[(number + first) % 2]) for number, name in enumerate(two)]
    both = [(name, scheme) for name in two for scheme in ("light", "dark")]
    return [*((name, "light") for name in names() if name not in two), *(both if WHOLE else drawn)]


SCHEMES = schemes()


def test_the_site_holds_no_solution(pages: Path) -> None:
    """Nor do the archives that Python in the page is made of: students get all of it."""
    first = [path.read_text(encoding="utf-8").splitlines()[0].strip('"').encode() for path in REFERENCES.glob("*.py")]
    assert len(first) == 10
    for path in pages.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".bin" else content
            assert not [line for line in first if line in content], path


@pytest.fixture(scope="module")
def reading(browser: Browser, book: str) -> Callable[[str], Read]:
    """A page, read from top to bottom when the first test asks about it."""
    return cache(lambda name: read(browser, book + name, [scheme for page, scheme in SCHEMES if page == name]))


@pytest.mark.parametrize("name", names())
def test_page_is_quiet_and_fits(name: str, reading: Callable[[str], Read]) -> None:
    page = reading(name)
    assert not page.outside, "asked for what is not on this machine"
    assert not page.errors
    assert len(page.titles) == 1, "one title, on paper too"
    assert page.titles[0]
    assert page.bars == 0
    assert page.reach <= 390, f"{name} scrolls sideways on a telephone: {page.reach} pixels wide, {page.sticks_out}"


@pytest.mark.parametrize("name", ["intro.html", "lock-ordering.html", NOTES])
def test_one_search_box(name: str, book: str, opened: Opened) -> None:
    page = opened(book + name).page
    assert page.locator("input[type=search]").count() == 1
    assert page.locator(".search-button__button:visible").count() == 1
    page.locator(".search-button__button:visible").click()
    box = page.locator("input[type=search]:visible")
    box.fill("flusher")
    box.press("Enter")
    page.wait_for_selector("#search-results li a", state="attached")


@pytest.mark.parametrize(("name", "scheme"), SCHEMES)
def test_axe_finds_nothing(name: str, scheme: str, reading: Callable[[str], Read]) -> None:
    """The whole page: the frame, the article, every widget.

    Its contrast is most of the work. What has two schemes is looked at in one of them each day, its neighbours in the
    other one, so that each kind of widget is seen in both; all in both with `WBVIZ_WHOLE=1`.
    """
    page = reading(name)
    assert page.unnamed == 0, "without a value it hides nothing, and axe does not mind"
    assert page.axe[scheme].violations_count == 0, page.axe[scheme].generate_report()


def terms() -> list[str]:
    """The terms of the glossary."""
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    listed = text.partition("```{glossary}")[2].partition("```")[0]
    return [line for line in listed.splitlines() if line and not line.startswith(" ")]


def found(page: Page, address: str, query: str) -> list[str]:
    """Where the hits of a search lead to, best first."""
    page.goto(f"{address}search.html?q={quote(query)}")
    page.wait_for_selector("#search-results [role=status]")
    return [str(link.get_attribute("href")) for link in page.locator("#search-results li a").all()]


def test_the_search_finds_every_term_of_the_glossary(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    missed = [term for term in terms() if not any("glossary" in hit for hit in found(page, book, term)[:6])]
    assert not missed


def test_the_search_begins_with_the_chapter_about_it_and_leads_into_it(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    hits = found(page, book, "lock ordering")
    assert hits[0] == "lock-ordering.html"
    assert any(hit.startswith("lock-ordering.html#") for hit in hits[:4])
    assert found(page, book, "progress")[0] == "progress.html"


def test_one_letter_may_be_wrong(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    assert "glossary.html#term-ABBA-deadlock" in found(page, book, "deadlok")[:5]
    assert found(page, book, "fluhser")[0] == "flushers.html"
    assert not found(page, book, "zeppelin")


def test_excerpts_are_prose_with_the_words_marked(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    found(page, book, "trylock")
    for excerpt in page.locator("#search-results .search-summary").all():
        text = excerpt.inner_text()
        assert "Search the book" not in text
        assert "<svg" not in text
    marked = page.locator("#search-results mark").all_inner_texts()
    assert marked
    assert all(word.lower().startswith("trylock") for word in marked), marked


def test_a_search_costs_little(book: str, opened: Opened) -> None:
    seen = opened(f"{book}search.html?q=deadlock")
    seen.page.wait_for_selector("#search-results li")
    seen.page.wait_for_load_state("networkidle")
    assert sum(seen.loaded.values()) < 180_000, seen.loaded
    assert not [address for address in seen.loaded if "/notes." in address], "nobody has asked for the design notes"


def test_the_design_notes_are_searched_when_they_are_asked_for(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    assert not [hit for hit in found(page, book, "reductions") if hit.startswith("design/")]
    page.get_by_role("button", name="design notes").click()
    expect(page.get_by_role("heading", name="In the design notes")).to_be_focused()
    links = page.locator("#search-results h2 ~ ul a")
    assert str(links.first.get_attribute("href")).startswith("design/reductions.html")
    # Where no chapter has the words, nobody has to ask.
    hits = found(page, book, "chromium")
    assert hits
    assert all(hit.startswith("design/") for hit in hits)


def test_no_advertisement_and_no_buttons_that_lead_outside(book: str, opened: Opened) -> None:
    page = opened(book).page
    assert page.locator("h1").count() == 1, "the first address is the first page"
    assert page.locator("#ethical-ad-placement, .dropdown-launch-buttons").count() == 0


@pytest.mark.parametrize("name", [*alive(), "glossary.html", "bibliography.html", NOTES])
def test_a_page_stays_within_its_budget(name: str, reading: Callable[[str], Read]) -> None:
    """Bytes and requests of a page that nobody has scrolled yet, and of the same page read to its end."""
    page = reading(name)
    budget = CHAPTER if page.places else TEXT
    assert sum(page.opened.values()) < budget, heaviest(page.opened)
    assert len(page.opened) <= 7, sorted(page.opened)
    assert name in LABS or sum(page.whole.values()) < TO_ITS_END, heaviest(page.whole)


def heaviest(loaded: dict[str, int]) -> str:
    """For the message: how many bytes they are, and what most of them are."""
    listed = sorted(((size, address) for address, size in loaded.items()), reverse=True)[:8]
    return f"{sum(loaded.values())} bytes compressed; the largest: {listed}"


def test_a_chapter_can_be_downloaded_as_a_notebook(book: str, opened: Opened) -> None:
    page = opened(book + "lock-ordering.html").page
    page.get_by_role("button", name="Download this page").click()
    address = page.get_by_role("link", name=".ipynb").evaluate("link => link.href")
    cells = page.request.get(address).json()["cells"]
    assert any("wbviz.check" in "".join(cell["source"]) for cell in cells)
    assert opened(book + "glossary.html").page.locator(".btn-download-notebook-button").count() == 0


def test_chapter_plays_from_the_file_system(pages: Path, opened: Opened) -> None:
    page = opened((pages / "lock-ordering.html").as_uri()).page
    page.locator(".wb-place[data-kind=player]").first.scroll_into_view_if_needed()
    page.wait_for_selector(".wb-player:visible")


def test_only_pages_with_widgets_load_their_code(book: str, opened: Opened) -> None:
    seen = opened(book + "glossary.html")
    seen.page.wait_for_load_state("networkidle")
    assert not [address for address in seen.loaded if "/live." in address]


@pytest.mark.parametrize("name", alive())
def test_every_widget_has_just_the_room_that_was_kept_for_it(
    name: str, browser: Browser, book: str, reading: Callable[[str], Read]
) -> None:
    most = 30 if name in LABS else 2
    kept, came = room(browser, book + name), reading(name).heights
    for width in (NARROW, WIDE):
        pairs = enumerate(zip(kept[width], came[width], strict=True))
        assert not [(width, i, a, b) for i, (a, b) in pairs if abs(a - b) > most]


def test_a_question_is_asked_at_the_moment_that_it_tells_of(pages: Path) -> None:
    # Thirteen questions told of locks above a picture in which nothing was locked: the moment was tested where a
    # chapter named one, and nobody asked which chapters do.
    at_once = {"reading"}  # it is about a table that the reader has before him
    found = 0
    for file in (*pages.glob("_static/player.*.js"), *pages.glob("_static/recorded.*.js")):
        data = json.loads(file.read_text(encoding="utf-8").partition(",")[2].rstrip().removesuffix(");"))
        if data.get("question"):
            found += 1
            assert data["question"]["at"] > 0 or data["bundle"]["id"] in at_once, data["question"]["text"]
    assert found > 20


def test_page_says_everything_without_scripts(book: str, opened: Opened) -> None:
    page = opened(book + "lock-ordering.html", java_script_enabled=False).page
    figures = page.locator("main figure:visible, main svg:visible")
    assert figures.count() >= 2, "no still figure stands in for the players"
    assert "it waits for" in page.locator("main").inner_text(), "the narration is not in the page as text"
    assert page.locator("nav.bd-links a:visible").count() >= 1
    assert page.locator(".search-button__button:visible").count() == 0
    assert page.locator("html").get_attribute("data-theme") == "light"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_colours_of_the_system(scheme: str, book: str, opened: Opened) -> None:
    page = opened(book + "intro.html", color_scheme=scheme).page
    assert page.locator("html").get_attribute("data-theme") == scheme
    page.locator(".theme-switch-button").click()
    chosen = page.locator("html").get_attribute("data-theme")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == chosen, "the choice was forgotten"


def test_a_word_of_the_glossary_says_what_it_means(book: str, opened: Opened) -> None:
    page = opened(book + "lock-ordering.html").page
    word = page.locator("a.wb-term").first
    tip = page.locator("[role=tooltip]")
    word.scroll_into_view_if_needed()
    word.hover()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    word.focus()
    expect(tip).to_have_text(str(word.get_attribute("data-tip")))
    expect(word).to_have_attribute("aria-describedby", "wb-tip")
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    word.click()
    page.wait_for_url("**/glossary.html#term-*")


@pytest.mark.parametrize("name", alive())
def test_a_chapter_links_each_term_once(name: str, book: str, pages: Path) -> None:
    html = (pages / name).read_text(encoding="utf-8")
    found = re.findall(r'class="wb-term" href="(?:\.\./)*glossary\.html#([^"]*)"', html)
    assert len(found) == len(set(found))
    assert found or name == "your-progress.html"


def test_an_address_that_leads_nowhere_has_a_page_for_it(pages: Path, opened: Opened, book: str) -> None:
    page = opened(book + "404.html").page
    assert page.locator("h1").inner_text() == "There is no such page"
    assert page.locator("nav.bd-links a").count() > 10
    assert (pages / "robots.txt").read_text().startswith("User-agent: *")
    assert not (pages / "sitemap.xml").exists(), "no address is configured, so there is nothing to list"


@pytest.mark.parametrize("name", ["lock-ordering.html", "reclaim.html", "today.html", "search.html"])
def test_what_is_pressed_has_room_for_a_finger(name: str, book: str, opened: Opened) -> None:
    # The widgets had it, the theme's frame and the small figures had not: their tests measure what they have made.
    page = opened(book + name, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce").page
    show_all(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, input, textarea")].filter((control) => {
             const { width, height } = (control.closest("label") ?? control).getBoundingClientRect();
             const seen = control.checkVisibility({ visibilityProperty: true }) && width > 0;
             return seen && !control.matches(".wb-copy") && (width < 43.5 || height < 43.5);
           }).map((control) => control.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_floats_over_the_text(width: int, book: str, opened: Opened) -> None:
    page = opened(book + "lock-ordering.html", viewport={"width": width, "height": 800}).page
    page.evaluate("scrollTo(0, 5000)")
    page.evaluate("scrollTo(0, 4000)")
    floats = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((e) => {
             if (getComputedStyle(e).position !== "fixed") return false;
             if (!e.checkVisibility({ visibilityProperty: true })) return false;
             const { left, top, right, bottom } = e.getBoundingClientRect();
             return right > left && bottom > top && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
           }).map((e) => e.id || e.className)"""
    )
    assert floats == []  # what waits outside the view, for the focus or a press, floats over nothing
    page.get_by_role("link", name="Back to top").click()
    page.wait_for_function("scrollY < 100")
