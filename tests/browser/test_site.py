"""Every page of the built book: asks no third party, has no error, can be searched, fits a telephone, stays small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import Visit

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
BUDGET = 2_200_000
"""Bytes, compressed: the chapter and all it loads. A bare page with bqplot has 2.06 million when nothing is trimmed."""

Opened = Callable[..., Visit]


def names() -> list[str]:
    """The pages that the table of contents names, and the search page."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    parts = [toc, *toc.get("parts", [])]
    chapters = [chapter["file"] for part in parts for chapter in part.get("chapters", [])]
    return [f"{name}.html" for name in [toc["root"], *chapters, "search"]]


@pytest.mark.parametrize("name", names())
def test_page_is_quiet_and_fits(name: str, book: str, opened: Opened) -> None:
    page = opened(book + name).page
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").first.inner_text()
    assert page.locator("#pst-header:visible, .bd-header__inner:visible").count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_load_state("networkidle")
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390, f"{name} scrolls sideways on a telephone: {width} pixels wide, {too_wide(page)}"


def too_wide(page: object) -> list[str]:
    """What sticks out on the right, for the message."""
    return page.evaluate(  # type: ignore[attr-defined, no-any-return]
        """() => [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > 391)
           .slice(0, 8).map((e) => e.tagName + "." + e.className)"""
    )


@pytest.mark.parametrize("name", [name for name in names() if name != "search.html"])
def test_one_search_box(name: str, book: str, opened: Opened) -> None:
    page = opened(book + name).page
    assert page.locator("input[type=search]").count() == 1
    assert page.locator(".search-button__button:visible").count() == 1
    page.locator(".search-button__button:visible").click()
    box = page.locator("input[type=search]:visible")
    box.fill("flusher")
    box.press("Enter")
    page.wait_for_selector("#search-results li a", state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [name for name in names() if name != "search.html"])
def test_axe_finds_nothing_on_what_is_ours(name: str, scheme: str, book: str, opened: Opened) -> None:
    """Our own content and widgets; the theme's frame around the article is not ours."""
    page = opened(book + name, color_scheme=scheme, reduced_motion="reduce").page
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, context="article.bd-article", options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


def terms() -> list[str]:
    """The terms of the glossary."""
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    listed = text.partition("```{glossary}")[2].partition("```")[0]
    return [line for line in listed.splitlines() if line and not line.startswith(" ")]


def test_the_search_finds_every_term_of_the_glossary(book: str, opened: Opened) -> None:
    page = opened(book + "search.html").page
    page.wait_for_function("typeof Search !== 'undefined' && Search.hasIndex()")
    missed = []
    for term in terms():
        page.goto(book + "search.html?q=" + quote(f'"{term}"' if " " in term else term))
        page.wait_for_selector("#search-results p.search-summary:not(:empty)")
        if not page.locator("#search-results li a[href*='glossary']").count():
            missed.append(term)
    assert not missed


def test_no_advertisement_and_no_buttons_that_lead_outside(book: str, opened: Opened) -> None:
    page = opened(book).page
    page.wait_for_url("**/intro.html")  # the first address leads on to the first page
    assert page.locator("#ethical-ad-placement, .dropdown-launch-buttons").count() == 0


def test_chapter_stays_within_its_budget(book: str, opened: Opened) -> None:
    seen = opened(book + "lock-ordering.html")
    seen.page.wait_for_selector(".wb-player")
    seen.page.wait_for_load_state("networkidle")
    total = sum(seen.loaded.values())
    largest = sorted(((size, address) for address, size in seen.loaded.items()), reverse=True)[:8]
    assert total < BUDGET, f"{total} bytes compressed; the largest: {largest}"


def test_a_chapter_can_be_downloaded_as_a_notebook(book: str, opened: Opened) -> None:
    page = opened(book + "lock-ordering.html").page
    page.get_by_role("button", name="Download this page").click()
    address = page.get_by_role("link", name=".ipynb").evaluate("link => link.href")
    cells = page.request.get(address).json()["cells"]
    assert any("wbviz.check" in "".join(cell["source"]) for cell in cells)
    assert opened(book + "glossary.html").page.locator(".btn-download-notebook-button").count() == 0


def test_chapter_plays_from_the_file_system(pages: Path, opened: Opened) -> None:
    seen = opened((pages / "lock-ordering.html").as_uri())
    seen.page.wait_for_selector(".wb-player:visible")


def test_only_pages_with_widgets_load_their_runtime(book: str, opened: Opened) -> None:
    seen = opened(book + "glossary.html")
    seen.page.wait_for_load_state("networkidle")
    assert not [address for address in seen.loaded if "/widgets/" in address]
    assert sum(seen.loaded.values()) < 400_000


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
