"""You are the scheduler, played in the built book: by keyboard alone, by touch, from a link, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Visit
from wbviz.viz.stage.board import Board, board
from wbviz.viz.stage.levels import LEVELS, find_level

pytestmark = pytest.mark.browser
Opened = Callable[..., Visit]
NAMES = [level.name for level in LEVELS]
_FOCUS_BEFORE = """(root) => [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")]
    .filter((e) => root.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING && e.offsetParent)
    .at(-1).focus()"""
# Where the first work in the scene has been drawn, from left to right in hundredths of the scene's width.
_WATCH = """(root) => {
    const host = root.querySelector(".wb-scene");
    const work = host.querySelector(".wb-layer-works path[d^='M']");
    window.places = [];
    const note = () => {
        const [box, all] = [work.getBoundingClientRect(), host.getBoundingClientRect()];
        window.places.push(Math.round((100 * (box.x + box.width / 2 - all.x)) / all.width));
    };
    new MutationObserver(note).observe(work, {attributes: true});
}"""


@cache
def explored(name: str) -> Board:
    return board(find_level(name))


@cache
def chapter(name: str, pages: Path) -> str:
    """The page of the book that has this level."""
    found = [
        path.name
        for path in sorted(pages.glob("*.html"))
        if f'data-wb-task="game" data-wb-id="{name}"' in path.read_text(encoding="utf-8")
    ]
    assert len(found) == 1, f"level {name} is in {found or 'no chapter'}"
    return found[0]


def drawn(page: Page, name: str) -> Locator:
    """The level, once it has come up."""
    page.locator(f'.wb-place[data-id="{name}"]').scroll_into_view_if_needed()
    root = page.locator(f'.wb-game[data-game="{name}"]')
    expect(root).to_have_attribute("data-drawn", "svg", timeout=30_000)
    return root


def tab_into(page: Page, root: Locator) -> None:
    """Press Tab, from the control that stands before the level: first comes the picture, then the first move."""
    root.evaluate(_FOCUS_BEFORE)
    page.keyboard.press("Tab")
    expect(root.locator(".wb-touch")).to_be_focused()
    page.keyboard.press("Tab")
    expect(root.locator(".wb-moves button").first).to_be_focused()


def press_key_of(page: Page, root: Locator, move: str) -> None:
    """The digit that the button of this move shows."""
    page.keyboard.press(root.locator(f'.wb-moves button[data-move="{move}"] .wb-mark').inner_text())


def expect_steps(root: Locator, count: int) -> None:
    expect(root).to_have_attribute("data-steps", str(count))


def tab_to(page: Page, root: Locator, move: str) -> None:
    """Go to the button of a move by Tab, forwards or back."""
    button = root.locator(f'.wb-moves button[data-move="{move}"]')
    places = "(button) => [...button.parentElement.children].indexOf(button)"
    way = button.evaluate(places) - root.locator(".wb-moves button:focus").evaluate(places)
    for _ in range(abs(way)):
        page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
    expect(button).to_be_focused()


def win_by_keyboard(page: Page, name: str) -> None:
    """Play a level with par: every other step by its digit, the others by Tab and Enter."""
    root = drawn(page, name)
    tab_into(page, root)
    way = explored(name).shortest()
    for number, (move, says) in enumerate(way, 1):
        if number % 2:
            press_key_of(page, root, move)
        else:
            tab_to(page, root, move)
            page.keyboard.press("Enter")
        expect_steps(root, number)
        expect(root.locator(".wb-say")).to_contain_text(says)
    expect(root).to_have_attribute("data-stands", "won")
    result = root.locator(".wb-won")
    expect(result).to_be_focused()
    expect(result).to_contain_text(f"Won in {len(way)} steps (the fewest possible: par)")
    expect(result).to_contain_text(find_level(name).won)
    expect(root.locator(".wb-best")).to_have_text(f"✓ won in {len(way)} steps, par")


def test_every_level_can_be_won_by_keyboard_alone(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + "your-progress.html").page
    tasks = page.locator(".wb-progress li", has_text=re.compile("^. Level"))
    expect(tasks).to_have_count(len(NAMES))
    for address in dict.fromkeys(chapter(name, pages) for name in NAMES):
        page.goto(book + address)
        for name in NAMES:
            if chapter(name, pages) == address:
                win_by_keyboard(page, name)
    page.goto(book + "your-progress.html")
    expect(tasks).to_have_count(len(NAMES))
    for task in tasks.all():
        expect(task).to_have_attribute("data-standing", "done")


def test_before_it_is_touched_it_says_what_there_is(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages)).page
    root = drawn(page, "abba")
    expect(root.locator(".wb-caption")).to_contain_text("Nothing has run yet")
    expect(root.locator(".wb-task")).to_contain_text(find_level("abba").task)
    expect(root.locator(".wb-task")).to_contain_text("The level is won when it has gone wrong")
    expect(root.locator(".wb-task")).to_contain_text(f"Par is {len(explored('abba').shortest())}")
    expect(root.locator('.wb-moves [data-move="kswapd"]')).to_contain_text("pins A1 and asks for it to be cleaned")
    blocked = root.locator('.wb-moves [data-move="flusher"]')
    expect(blocked).to_have_attribute("aria-disabled", "true")
    expect(blocked).to_contain_text("finds the queue empty")
    expect(page.locator("#wb-game-abba")).to_be_hidden()


def test_a_blocked_task_says_why_and_does_not_run(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba-save", pages)).page
    root = drawn(page, "abba-save")
    root.locator('.wb-moves [data-move="writer"]').click()
    expect(root).to_have_attribute("data-stands", "late")
    expect(root.locator(".wb-caption")).to_contain_text("Too late")
    expect(root.locator(".wb-caption")).to_contain_text("A1 is locked by flusher")
    root.locator('.wb-moves [data-move="writer"]').click(force=True)  # it is disabled in name only, to be asked
    expect(root.locator(".wb-hint")).to_have_text(
        "writer cannot run now: it waits at lock_page(A1): A1 is locked by flusher."
    )
    expect_steps(root, 1)
    root.locator('.wb-moves [data-move="flusher"]').click()
    expect(root).to_have_attribute("data-stands", "lost")
    expect(root.locator(".wb-won")).to_contain_text("Lost")
    root.get_by_role("button", name="Undo").click()
    expect(root).to_have_attribute("data-stands", "late")
    root.get_by_role("button", name="Start again").click()
    expect(root).to_have_attribute("data-stands", "open")
    expect_steps(root, 0)
    expect(root.locator(".wb-best")).to_have_text("not won yet")


def test_a_hint_says_how_far_and_then_the_way(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages)).page
    root = drawn(page, "abba")
    help_ = root.get_by_role("button", name="Hint")
    help_.click()
    expect(root.locator(".wb-hint")).to_have_text("A deadlock is 7 steps away, at the fewest.")
    expect(root.locator("[data-hint]")).to_have_count(0)
    help_.click()
    expect(root.locator("[data-hint]")).not_to_have_count(0)
    expect(root.locator("[data-hint]").first).to_contain_text("this way")
    root.locator('.wb-moves [data-move="writer"]').click()
    expect(root.locator(".wb-hint")).to_have_text("")


def test_a_link_gives_the_position_back(book: str, pages: Path, opened: Opened) -> None:
    address = book + chapter("abba", pages)
    page = opened(address).page
    root = drawn(page, "abba")
    root.focus()
    for key in "1112":
        page.keyboard.press(key)
    expect_steps(root, 4)
    root.get_by_role("button", name="Copy link").click()
    expect(root.locator(".wb-hint")).to_have_text(re.compile("[Ll]ink to this position"))
    assert page.url.endswith("#game=abba:kswapd*3+writer")
    again = opened(page.url).page
    other = drawn(again, "abba")
    expect_steps(other, 4)
    expect(other.locator(".wb-steps button")).to_have_text([re.compile("kswapd")] * 3 + [re.compile("writer locks A0")])
    other.locator(".wb-steps button").nth(1).click()
    expect_steps(other, 2)
    again.evaluate("location.hash = 'game=abba:disk'")
    expect(other.locator(".wb-hint")).to_contain_text("does not have")
    expect_steps(other, 2)
    again.evaluate("location.hash = 'game=abba:kswapd*3+writer+flusher*3'")
    expect(other).to_have_attribute("data-stands", "won")
    expect(other.locator(".wb-best")).to_have_text("not won yet")  # somebody else's win


def test_the_next_level_is_one_step_away(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages)).page
    root = drawn(page, "abba")
    following = drawn(page, "abba-save")
    root.focus()
    for key in "1112333":
        page.keyboard.press(key)
    onward = root.get_by_role("button", name=f"Next level: {find_level('abba-save').title}")
    page.keyboard.press("Tab")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")
    expect(following).to_be_focused()
    expect(following).to_be_in_viewport()


def test_the_next_level_comes_when_it_is_asked_for(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages), viewport={"width": 1280, "height": 500}).page
    root = drawn(page, "abba")
    page.evaluate("document.querySelector('.wb-place[data-id=abba-save]').style.marginTop = '3000px'")
    root.focus()
    for key in "1112333":
        page.keyboard.press(key)
    root.get_by_role("button", name=re.compile("Next level")).click()
    expect(page.locator('.wb-game[data-game="abba-save"]')).to_be_focused()


def test_by_touch_on_a_telephone(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("queue", pages), viewport={"width": 390, "height": 844}, has_touch=True).page
    root = drawn(page, "queue")
    expect(root.locator(".wb-scene")).to_have_attribute("data-scene", "narrow")
    for number, (move, _) in enumerate(explored("queue").shortest(), 1):
        button = root.locator(f'.wb-moves button[data-move="{move}"]')
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
        button.tap()
        expect_steps(root, number)
    expect(root).to_have_attribute("data-stands", "won")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


@pytest.mark.parametrize("calm", ["reduce", "no-preference"])
def test_motion_only_where_it_is_wanted(calm: Any, book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages), reduced_motion="reduce").page
    root = drawn(page, "abba")
    root.focus()
    for key in "1112":
        page.keyboard.press(key)
    root.evaluate(_WATCH)
    page.keyboard.press("3")  # the flusher takes the work: out of the queue, into its card
    page.wait_for_function("window.places.length")
    arrived = page.evaluate("window.places.at(-1)")
    root.get_by_role("button", name="Undo").click()
    page.wait_for_function("(there) => window.places.at(-1) !== there", arg=arrived)
    page.emulate_media(reduced_motion=calm)
    root.evaluate(_WATCH)
    root.focus()
    page.keyboard.press("3")
    page.wait_for_function("(there) => window.places.at(-1) === there", arg=arrived)
    places = set(page.evaluate("window.places"))
    assert (len(places) > 1) == (calm == "no-preference"), places


def test_without_scripts_there_are_the_picture_the_task_and_the_way(book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages), java_script_enabled=False).page
    still = page.locator("#wb-game-abba")
    expect(still.locator("svg").first).to_be_visible()
    expect(still).to_contain_text(find_level("abba").task)
    expect(still).to_contain_text("writer can run: next lock_page(A0).")
    expect(still.locator("ol")).to_be_hidden()
    still.locator("summary").click()
    expect(still.locator("li")).to_have_count(7)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, book: str, pages: Path, opened: Opened) -> None:
    page = opened(book + chapter("abba", pages), color_scheme=scheme, reduced_motion="reduce").page
    root = drawn(page, "abba")
    root.focus()
    for keys in ("1hh", "112", "333"):
        for key in keys:
            page.keyboard.press(key)
        found = Axe().run(page, context=".wb-game", options={"preload": False})
        assert not found.response["violations"], found.generate_report()
    expect(root).to_have_attribute("data-stands", "won")
