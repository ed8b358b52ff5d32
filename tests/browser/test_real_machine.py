"""The chapter on a real machine: the recorded log comes with the steps, and a pasted report is read in the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chromium import Visit

pytestmark = pytest.mark.browser
Opened = Callable[..., Visit]
STARTS = 120_000
"""Milliseconds that Python in a page may take to be there, on a machine that has much else to do."""


def place(visit: Visit, selector: str) -> Locator:
    """A widget of the page, mounted."""
    found = visit.page.locator(f".wb-place{selector}")
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("data-live", "yes")
    return found


def test_lines_of_the_log_come_with_the_steps(book: str, opened: Opened) -> None:
    player = place(opened(book + "real-machine.html", reduced_motion="reduce"), '[data-id="recorded-abba"]')
    lines = player.locator(".wb-log li:visible")
    expect(lines).to_have_text(["Nothing yet."])
    for _ in range(4):
        player.locator("button.wb-forward").click()
    expect(lines).to_have_count(4)
    expect(player.locator(".wb-log [data-now]")).to_contain_text("writer lock_page A0")
    # Whom the kernel reports first is asked when both of them sleep, and before the report is there.
    onward = player.get_by_role("button", name="Play up to the question")
    player.get_by_label("Speed").select_option("4")
    onward.click()
    expect(player.get_by_role("group", name="Whom does the kernel report first?")).to_be_visible(timeout=20_000)
    expect(player.locator(".wb-log")).to_contain_text("flusher waits for A0")
    expect(player.locator(".wb-log li:visible", has_text="INFO: task")).to_have_count(0)
    player.locator("button.wb-last").click()
    expect(player.locator(".wb-log")).to_contain_text("INFO: task flusher")
    player.locator("button.wb-first").click()
    expect(lines).to_have_text(["Nothing yet."])


def test_a_pasted_report_is_read_here(book: str, opened: Opened) -> None:
    paste = place(opened(book + "real-machine.html"), '[data-kind="paste"]')
    paste.get_by_role("button", name="Take the report of f2fs").click()
    paste.get_by_role("button", name="Read it").click()
    expect(paste.get_by_role("button", name="Read it")).to_be_focused()  # while Python comes, and after it
    expect(paste.get_by_role("status")).to_have_text("Read:", timeout=STARTS)
    expect(paste.get_by_role("button", name="Read it")).to_be_focused()
    expect(paste.locator(".wb-told")).to_contain_text("may be in a cycle")
    paste.locator("textarea").fill("nothing of the kind")
    paste.get_by_role("button", name="Read it").click()
    expect(paste.locator(".wb-told")).to_contain_text("no sleeping task and no trace event found", timeout=STARTS)


_WORDS = """els => els.map(t => {
  const own = t.getBoundingClientRect(), all = t.ownerSVGElement.getBoundingClientRect();
  return [t.textContent, parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a, own.left - all.left];
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_curves_beside_a_machine_can_be_read(width: int, book: str, opened: Opened) -> None:
    """Text at least 12 pixels high, and none cut off at the left. Sizes were looked at in scenes only."""
    page = opened(book + "real-machine.html", viewport={"width": width, "height": 900}).page
    words = page.locator(".wb-beside .wb-two text").evaluate_all(_WORDS)
    assert len(words) > 50
    assert not [word for word in words if word[1] < 12 or word[2] < 0]
