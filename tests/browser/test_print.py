"""On paper: what is words and pictures stays, what has to be played gives way to its still picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visit
from tests.browser.read import show_all

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("today", ".wb-locks-report"),
        ("today", ".wb-timeline"),
        ("write-your-own", ".wb-result"),
        ("progress", ".wb-table"),
    ],
)
def test_words_and_tables_stay(name: str, stays: str, book: str, opened: Callable[..., Visit]) -> None:
    page = opened(f"{book}{name}.html", color_scheme="dark").page
    show_all(page)
    page.emulate_media(media="print")
    assert page.locator(stays).first.is_visible()
    assert page.locator(".wb-player:visible").count() == 0
    assert page.locator("figure.wb-still:visible").count() >= 1


def test_no_answer_is_printed_that_nobody_has_asked_for(book: str, opened: Callable[..., Visit]) -> None:
    # The tests looked for what has to stay on paper, and at a widget by itself, never for what must not be there.
    page = opened(f"{book}lock-ordering.html").page
    page.emulate_media(media="print")
    solution = page.locator("details.sd-dropdown", has_text="Solution").first
    for answer in (page.get_by_text("What each answer is worth").first, page.get_by_text("Which?").first, solution):
        expect(answer).to_be_hidden()
    expect(page.locator("details:not([open]) :is(.sd-summary-content, ol, ul):visible")).to_have_count(0)
    solution.evaluate("folded => { folded.open = true; }")
    expect(solution).to_be_visible()
    page = opened(f"{book}today.html").page
    page.emulate_media(media="print")
    expect(page.locator(".wb-timeline details p").first).to_be_visible()


def test_a_dark_page_is_printed_in_the_colours_of_paper(book: str, opened: Callable[..., Visit]) -> None:
    """Its drawn lines were pale on white. Tests had looked at what is visible on paper, and not in which colours."""
    page = opened(f"{book}lifetimes.html", color_scheme="dark").page
    colour = "getComputedStyle(document.querySelector('figure.align-center svg')).color"
    dark = page.evaluate(colour)
    page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = {colour} }})")
    page.pdf()
    printed = page.evaluate("window.printed")
    assert sum(map(int, printed[4:-1].split(","))) < 300, printed
    assert page.evaluate(colour) == dark != printed
