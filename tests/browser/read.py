"""A page of the book read once, from top to bottom, and all that is measured on the way: several tests ask about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import visit

NARROW, WIDE = 390, 1280

_TOO_WIDE = """(width) => [...document.querySelectorAll("main *")]
    .filter((e) => e.getBoundingClientRect().right > width + 1).slice(0, 8).map((e) => e.tagName + "." + e.className)"""
_HEIGHTS = """() => [...document.querySelectorAll(".wb-place[data-kind]")]
    .map((place) => place.getBoundingClientRect().height)"""
_UNFOLD = """() => document.querySelectorAll("details:not(.wb-place details)")
    .forEach((folded) => { folded.open = true; })"""  # what a widget folds away stays so
_KEPT = "globalThis.wbvizState = () => {};"
"""Instead of the script that brings the widgets."""


class Read(NamedTuple):
    """What was seen of a page.

    ``bars``: headers of the theme that are in sight; ``opened`` and ``whole``: the bytes that it had loaded before the
    first scroll, and at the end, by address; ``reach``: how wide it is on a telephone, and what sticks out there;
    ``heights``: of its widgets, by the width of the window; ``unnamed``: how much has an ``aria-hidden`` without a
    value; ``axe``: what it finds, by colour scheme.
    """

    titles: list[str]
    bars: int
    places: int
    opened: dict[str, int]
    whole: dict[str, int]
    reach: int
    sticks_out: list[str]
    heights: dict[int, list[float]]
    unnamed: int
    axe: dict[str, AxeResults]
    outside: list[str]
    errors: list[str]


def read(browser: Browser, address: str, schemes: Iterable[str]) -> Read:
    """Open a page on a telephone, in an empty cache, and scroll to each widget; again in a wide window; then axe."""
    size = {"width": NARROW, "height": 844}
    seen = visit(browser, viewport=size, color_scheme="light", reduced_motion="reduce")
    page = seen.page
    try:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        opened, first = seen.loaded, page.evaluate("document.scrollingElement.scrollWidth")
        bars = page.locator("#pst-header:visible, .bd-header__inner:visible").count()
        show_all(page)
        page.wait_for_load_state("networkidle")
        reach = max(first, page.evaluate("document.scrollingElement.scrollWidth"))
        sticks_out = page.evaluate(_TOO_WIDE, NARROW) if reach > NARROW else []
        whole, heights = seen.loaded, {NARROW: page.evaluate(_HEIGHTS)}
        widen(page)
        show_all(page)
        heights[WIDE] = page.evaluate(_HEIGHTS)
        bars += page.locator("#pst-header:visible, .bd-header__inner:visible").count()
        return Read(
            titles=page.locator("h1").all_inner_texts(),
            bars=bars,
            places=page.locator(".wb-place[data-kind]").count(),
            opened=opened,
            whole=whole,
            reach=reach,
            sticks_out=sticks_out,
            heights=heights,
            unnamed=page.locator('[aria-hidden=""]').count(),
            axe={scheme: looked_at(page, scheme) for scheme in schemes},
            outside=seen.outside,
            errors=seen.errors,
        )
    finally:
        page.context.close()


def room(browser: Browser, address: str) -> dict[int, list[float]]:
    """The heights that a page keeps for its widgets, which do not come, by the width of the window."""
    page = visit(browser, viewport={"width": NARROW, "height": 844}, reduced_motion="reduce").page
    try:
        page.route("**/_static/live.*", lambda route: route.fulfill(body=_KEPT))
        page.goto(address)
        page.evaluate(_UNFOLD)
        kept = {NARROW: page.evaluate(_HEIGHTS)}
        widen(page)
        page.evaluate(_UNFOLD)
        return kept | {WIDE: page.evaluate(_HEIGHTS)}
    finally:
        page.context.close()


def widen(page: Page) -> None:
    """The page in a wide window, opened anew: what has another size only now may take its time to be laid out."""
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.reload()


def looked_at(page: Page, scheme: str) -> AxeResults:
    """What axe finds in the whole page, the frame, the article, every widget, in this colour scheme."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    return Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})


def show_all(page: Page) -> None:
    """Scroll to every widget of the page, until it is there."""
    page.evaluate(_UNFOLD)
    for place in page.locator(".wb-place[data-kind]").all():
        place.scroll_into_view_if_needed()
        expect(place).to_have_attribute("data-live", "yes")
