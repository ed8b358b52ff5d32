"""The keyboard's place: no button of a widget loses the focus when it is pressed, and the keys go on working there.

A button that is disabled or hidden by its own press drops the focus onto the body, silently: the player's tests pressed
buttons with a pointer, and looked at what came, not at where the keyboard was after it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visit
from tests.browser.read import show_all
from tests.browser.test_site import alive

pytestmark = pytest.mark.browser
Opened = Callable[..., Visit]

# Reading a report starts Python, and is a test of its own: test_real_machine.py
_BUTTONS = ".wb-place[data-live=yes] button:not(.wb-read, .wb-sheet ~ button)"
_PRESS_ALL = """async (selector) => {
  const lost = [];
  for (const button of document.querySelectorAll(selector)) {
    if (!button.isConnected || !button.checkVisibility({ visibilityProperty: true })) continue;
    button.focus({ preventScroll: true });
    if (document.activeElement !== button) continue;
    button.click();
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    if (document.activeElement === document.body) lost.push(`${button.className} ${button.textContent.slice(0, 40)}`);
  }
  return lost;
}"""


@pytest.mark.parametrize("name", alive())
def test_no_button_loses_the_focus(name: str, book: str, opened: Opened) -> None:
    page = opened(book + name, reduced_motion="reduce").page
    show_all(page)
    assert page.evaluate(_PRESS_ALL, _BUTTONS) == []


def test_who_plays_up_to_the_question_by_keyboard_is_led_to_it(book: str, opened: Opened) -> None:
    page = opened(book + "write-your-own.html", reduced_motion="reduce").page
    show_all(page)
    player = page.locator(".wb-player", has_text="Play up to the question").first
    player.get_by_label("Speed").select_option("4")
    onward = player.get_by_role("button", name="Play up to the question")
    onward.focus()
    onward.press("Enter")
    question = player.locator("fieldset.wb-gate")
    expect(question).to_be_focused(timeout=20_000)
    frame = str(player.get_attribute("data-frame"))
    page.keyboard.press("ArrowLeft")
    expect(player).to_have_attribute("data-frame", str(int(frame) - 1))
    page.keyboard.press("Tab")
    expect(question.get_by_role("button").first).to_be_focused()
