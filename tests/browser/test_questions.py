"""Questions, the page of progress, and a player that plays at once, in Chromium through the widget runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chromium import Visit
from tests.browser.players import embed, runtime_present, serving
from tests.viz.samples import abba
from wbviz.viz.cells.progress import progress
from wbviz.viz.question import quiz
from wbviz.viz.stage.player import player

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not runtime_present(), reason="needs the widget runtime: npm ci")]
OPTIONS = [
    {"text": "Nobody", "right": False, "feedback": "Look at the arrows."},
    {"text": "Both", "right": True, "feedback": "Each for the other."},
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with a question, a player that plays at once, and the list of what was done."""
    folder: Path = tmp_path_factory.mktemp("questions")
    embed([quiz("abba-1", "Who waits?", OPTIONS), player(abba(), at_once=True), progress()], folder)
    with serving(folder) as found:
        yield found


def answer(page: Page, name: str) -> None:
    """Answer by keyboard alone."""
    button = page.locator(".wb-quiz").get_by_role("button", name=name)
    button.focus()
    button.press("Enter")


def test_every_answer_gets_its_feedback(address: str, opened: Callable[..., Visit]) -> None:
    page = opened(address, reduced_motion="reduce").page
    feedback = page.locator(".wb-quiz .wb-feedback")
    answer(page, "Nobody")
    expect(feedback).to_have_text("Not quite. Look at the arrows.")
    answer(page, "Both")
    expect(feedback).to_have_text("Right. Each for the other.")
    expect(page.locator(".wb-quiz [aria-pressed=true]")).to_have_text("Both")


def test_answers_are_kept_counted_and_forgotten_in_this_browser(address: str, opened: Callable[..., Visit]) -> None:
    page = opened(address, reduced_motion="reduce").page
    done = page.locator(".wb-progress [role=status]")
    expect(done).to_have_text("0 answers and wins are kept in this browser.")
    answer(page, "Nobody")
    answer(page, "Both")
    expect(done).to_have_text("1 answers and wins are kept in this browser.")
    page.reload()
    expect(page.locator(".wb-quiz .wb-feedback")).to_have_text("Right. Each for the other.")
    page.get_by_role("button", name="Forget everything").click()
    page.reload()
    expect(done).to_have_text("0 answers and wins are kept in this browser.")
    expect(page.locator(".wb-quiz .wb-feedback")).to_be_empty()


REASON = "Each holds what the other wants."


def test_a_reason_can_be_given_after_the_answer_and_stands_beside_the_books_after_a_reload(
    address: str, opened: Callable[..., Visit]
) -> None:
    """By keyboard alone, in a notebook's runtime."""
    page = opened(address, reduced_motion="reduce").page
    field = page.locator(".wb-quiz").get_by_role("textbox", name="Why?")
    expect(page.locator(".wb-quiz .wb-gate")).to_be_visible()
    expect(field).to_be_hidden()  # first the answer
    answer(page, "Nobody")
    while not field.evaluate("node => node === document.activeElement"):
        assert page.evaluate("document.activeElement !== document.body"), "the Tab key does not lead to the field"
        page.keyboard.press("Tab")
    page.keyboard.type(REASON)
    answer(page, "Both")
    expect(field).to_have_value(REASON)
    page.reload()
    expect(field).to_have_value(REASON)
    expect(page.locator(".wb-quiz .wb-feedback")).to_have_text("Right. Each for the other.")
    page.get_by_role("button", name="Forget everything").click()
    page.reload()
    expect(page.locator(".wb-quiz .wb-gate")).to_be_visible()
    expect(field).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_reason_in_a_page_of_the_book(width: int, book: str, opened: Callable[..., Visit]) -> None:
    address = book + "why-this-book.html"
    page = opened(address, reduced_motion="reduce", viewport={"width": width, "height": 844}).page
    quiz = page.locator('.wb-place[data-id="why-this-book-1"]')
    quiz.scroll_into_view_if_needed()
    quiz.locator("button[data-answer]").first.click()
    field = quiz.get_by_role("textbox", name="Why?")
    field.fill(REASON)
    page.reload()
    quiz.scroll_into_view_if_needed()
    expect(field).to_have_value(REASON)
    told, own = quiz.locator(".wb-feedback").bounding_box(), field.bounding_box()
    assert told is not None
    assert own is not None
    if width == 390:
        assert own["y"] > told["y"]  # one below the other
    else:
        assert own["x"] > told["x"] + told["width"]  # beside each other
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context=".wb-quiz")
    assert found.violations_count == 0, found.generate_report()


def test_writing_a_reason_in_the_final_test_is_not_read_out_as_a_new_result(
    book: str, opened: Callable[..., Visit]
) -> None:
    page = opened(book + "final-test.html", reduced_motion="reduce").page
    quiz = page.locator('.wb-place[data-id="final-test-1"]')
    quiz.scroll_into_view_if_needed()
    quiz.locator("button[data-answer]").first.click()
    page.locator(".wb-place[data-kind=certificate]").scroll_into_view_if_needed()
    expect(page.locator(".wb-certificate [role=status]")).to_contain_text(" of 20 right")
    page.evaluate(
        """() => {
            window.said = 0;
            const status = document.querySelector(".wb-certificate [role=status]");
            new MutationObserver(() => window.said++).observe(status, {childList: true, subtree: true});
        }"""
    )
    quiz.get_by_role("textbox", name="Why?").press_sequentially("abc")
    assert page.evaluate("window.said") == 0


def test_the_page_of_progress_knows_what_the_book_asks(book: str, opened: Callable[..., Visit]) -> None:
    page = opened(book + "why-this-book.html", reduced_motion="reduce").page
    quiz = page.locator('.wb-place[data-id="why-this-book-1"]')
    quiz.scroll_into_view_if_needed()
    quiz.locator("button[data-answer]").first.click()
    page.goto(book + "your-progress.html")
    expect(page.locator(".wb-progress [role=status]")).to_contain_text(" done.")
    tried = page.locator(".wb-progress section", has_text="Why this book").locator("li").first
    expect(tried).not_to_have_attribute("data-standing", "open")
    assert page.locator(".wb-progress section").count() >= 9


def test_it_plays_at_once_when_motion_is_welcome(address: str, opened: Callable[..., Visit]) -> None:
    page = opened(address).page
    page.locator(".wb-player .wb-scene").scroll_into_view_if_needed()
    expect(page.locator(".wb-player")).to_have_attribute("data-playing", "true")
    expect(page.locator(".wb-player")).to_have_attribute("data-frame", "2")


def test_it_stands_still_where_motion_is_not_wanted(address: str, opened: Callable[..., Visit]) -> None:
    page = opened(address, reduced_motion="reduce").page
    page.locator(".wb-player[data-drawn] .wb-scene").scroll_into_view_if_needed()
    expect(page.locator(".wb-player")).to_have_attribute("data-playing", "false")
    page.locator(".wb-player").get_by_role("button", name="One step on").click()
    expect(page.locator(".wb-player")).to_have_attribute("data-frame", "1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, address: str, opened: Callable[..., Visit]) -> None:
    page = opened(address, color_scheme=scheme, reduced_motion="reduce").page
    answer(page, "Both")
    expect(page.locator(".wb-quiz").get_by_role("textbox", name="Why?")).to_be_visible()
    found = Axe().run(page, context=".wb-quiz, .wb-progress")
    assert found.violations_count == 0, found.generate_report()
