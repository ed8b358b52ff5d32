"""The timeline in the built chapter: by keyboard, by touch, in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.chromium import Visit
from wbviz.viz.cells.timeline import CHANGES, SUBJECTS

pytestmark = pytest.mark.browser
Opened = Callable[..., Visit]


def test_a_subject_is_chosen_by_keyboard(book: str, opened: Opened) -> None:
    page = opened(book + "today.html").page
    entries = page.locator(".wb-timeline li:visible")
    assert entries.count() == len(CHANGES)
    page.get_by_role("radio", name="everything").focus()
    for subject in SUBJECTS:
        page.keyboard.press("ArrowDown")
        assert entries.count() == sum(change.subject == subject for change in CHANGES)
    page.keyboard.press("ArrowDown")  # round again
    assert entries.count() == len(CHANGES)


def test_an_entry_opens_by_keyboard_and_leads_to_its_source(book: str, opened: Opened) -> None:
    page = opened(book + "today.html").page
    last = page.locator(".wb-timeline details").last
    reason = last.locator("p").first
    assert not reason.is_visible()
    last.locator("summary").focus()
    page.keyboard.press("Enter")
    assert reason.inner_text() == CHANGES[-1].why
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href").startswith("https://")


def test_it_works_by_touch_on_a_telephone_without_scripts(book: str, opened: Opened) -> None:
    page = opened(
        book + "today.html", java_script_enabled=False, has_touch=True, viewport={"width": 390, "height": 800}
    ).page
    page.get_by_role("radio", name=SUBJECTS["locks"]).tap()
    assert page.locator(".wb-timeline li:visible").count() == sum(change.subject == "locks" for change in CHANGES)
    page.locator(".wb-timeline summary:visible").first.tap()
    assert page.locator(".wb-timeline details[open] p").first.is_visible()
