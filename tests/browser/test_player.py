"""The player in Chromium: in a page of its own from a disk, and drawn by bqplot through the widget runtime."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.players import drag, embed, runtime_present, serving
from tests.viz.samples import abba, crowd, lasso, sync_ahead
from wbviz.viz.stage.page import write_page
from wbviz.viz.stage.player import player

pytestmark = pytest.mark.browser
needs_runtime = pytest.mark.skipif(not runtime_present(), reason="needs the widget runtime: npm ci")

QUESTION = {
    "text": "Who will wait for whom?",
    "before": "kswapd queue_work(A0)",
    "options": [
        {"text": "Nobody", "right": False, "feedback": "Look at what each of them holds."},
        {"text": "Each for the other", "right": True, "feedback": "Two locks in opposite orders."},
    ],
}


class Tab:
    """A page that notes every error and every request that leaves this machine."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), self._block)

    def _block(self, route: Any) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def open(self, address: str, drawn: str, count: int = 1) -> Locator:
        self.page.goto(address)
        players = self.page.locator(f'.wb-player[data-drawn="{drawn}"]')
        expect(players).to_have_count(count)
        return players.first


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Tab]:
    options = getattr(request, "param", {})
    tab = Tab(browser, **options)
    yield tab
    assert tab.errors == []
    assert tab.outside == []
    tab.context.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of exported pages, on the disk."""
    folder = tmp_path_factory.mktemp("exported pages")
    samples = {"abba": abba, "sync-ahead": sync_ahead, "crowd": crowd, "lasso": lasso}
    return {name: write_page(make(), folder / f"{name}.html").as_uri() for name, make in samples.items()}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page with three players in the widget runtime."""
    folder = tmp_path_factory.mktemp("embedded")
    embed([player(abba()), player(sync_ahead(), QUESTION), player(crowd())], folder)
    with serving(folder) as address:
        yield address


# Heights of the letters in the pictures, in pixels of the screen.
_LETTERS = """() => [...document.querySelectorAll(".wb-player .wb-scene text")]
    .filter((text) => text.textContent.trim() && text.getAttribute("display") !== "none")
    .map((text) => {
        const svg = text.ownerSVGElement;
        const scale = svg.viewBox.baseVal?.width ? svg.clientWidth / svg.viewBox.baseVal.width : 1;
        return parseFloat(getComputedStyle(text).fontSize) * scale;
    })"""


# A second view of the first player, through the page's own widget manager.
_SECOND_VIEW = """async () => {
    const state = JSON.parse(document.querySelector('script[type$="widget-state+json"]').textContent).state;
    const id = Object.keys(state).find((key) => state[key].state.bundle?.id === "abba-writearound");
    const model = await window.managers[0].get_model(id);
    window.second = await window.managers[0].create_view(model);
    document.body.append(window.second.el);
}"""


def control(root: Locator, name: str) -> Locator:
    return root.get_by_role("button", name=name, exact=True)


def says(root: Locator, text: str | re.Pattern[str]) -> None:
    expect(root.locator(".wb-say")).to_have_text(text)


def holder(root: Locator) -> Locator:
    """The words on lock bands, as they are drawn."""
    return root.locator(".wb-scene text").filter(has_text=re.compile("^(writer|flusher)$"))


KINDS = ["exported", pytest.param("embedded", marks=needs_runtime)]


@pytest.fixture(params=KINDS)
def abba_player(request: pytest.FixtureRequest, tab: Tab) -> Locator:
    """The same player, once from a disk and once drawn by bqplot."""
    address = request.getfixturevalue(request.param)
    if request.param == "exported":
        return tab.open(address["abba"], "svg")
    return tab.open(address, "bqplot", count=3)


def test_before_it_is_touched_it_says_what_there_is(abba_player: Locator) -> None:
    says(abba_player, re.compile("^At the start nothing has run yet. kswapd, writer and flusher will take 8 steps"))
    expect(abba_player.locator(".wb-scene text").filter(has_text=re.compile("^A[01]$"))).to_have_count(2)
    expect(control(abba_player, "Restart")).to_be_disabled()
    expect(control(abba_player, "One step back")).to_be_disabled()


def test_forwards_and_back_by_click(abba_player: Locator) -> None:
    forward, back = control(abba_player, "One step on"), control(abba_player, "One step back")
    forward.click()
    says(abba_player, "kswapd picks A1, pins it and calls enqueue")
    for _ in range(6):
        forward.click()
    says(abba_player, "writer locks A0 and holds it")
    expect(abba_player.locator(".wb-scene text").filter(has_text=re.compile("^writer$"))).to_have_count(2)
    back.click()
    says(abba_player, "flusher locks A1 and holds it")
    expect(abba_player.locator(".wb-scene text").filter(has_text=re.compile("^writer$"))).to_have_count(1)
    control(abba_player, "To the end").click()
    says(abba_player, "Deadlock: flusher waits for writer (A0) → writer waits for flusher (A1).")
    expect(abba_player.locator(".wb-chip")).to_have_text("Deadlock")
    expect(forward).to_be_disabled()
    expect(abba_player.locator(".wb-layer-cycle path").first).to_be_attached()
    control(abba_player, "Restart").click()
    says(abba_player, re.compile("^At the start"))


def test_keys_work_while_the_focus_is_inside(abba_player: Locator) -> None:
    page = abba_player.page
    page.keyboard.press("ArrowRight")
    says(abba_player, re.compile("^At the start"))
    abba_player.locator(".wb-caption").click()
    page.keyboard.press("ArrowRight")
    says(abba_player, "kswapd picks A1, pins it and calls enqueue")
    page.keyboard.press("ArrowLeft")
    says(abba_player, re.compile("^At the start"))
    page.keyboard.press("End")
    says(abba_player, re.compile("^Deadlock"))
    page.keyboard.press("Home")
    says(abba_player, re.compile("^At the start"))
    page.keyboard.press("k")
    expect(abba_player).to_have_attribute("data-playing", "true")
    page.keyboard.press(" ")
    expect(abba_player).to_have_attribute("data-playing", "false")
    control(abba_player, "Play").focus()
    page.keyboard.press(" ")
    expect(abba_player).to_have_attribute("data-playing", "true")


def test_it_plays_to_the_end_by_itself(abba_player: Locator) -> None:
    abba_player.get_by_label("Speed").select_option("4")
    control(abba_player, "Play").click()
    expect(control(abba_player, "Pause")).to_be_visible()
    expect(abba_player.locator(".wb-say")).not_to_have_text(re.compile("^At the start"))
    expect(abba_player.locator(".wb-say")).to_have_text(re.compile("^Deadlock"), timeout=15_000)
    expect(control(abba_player, "Play")).to_be_visible()


def test_scrubbing(abba_player: Locator) -> None:
    slider = abba_player.get_by_role("slider")
    slider.fill("6")
    says(abba_player, "flusher locks A1 and holds it")
    expect(slider).to_have_attribute("aria-valuetext", "Step 6 of 8: flusher locks A1 and holds it")
    slider.press("ArrowRight")
    says(abba_player, "writer locks A0 and holds it")


def test_the_line_beside_a_step_is_the_one_that_it_ran(abba_player: Locator) -> None:
    abba_player.get_by_role("slider").fill("6")
    says(abba_player, "flusher locks A1 and holds it")
    line = abba_player.locator(".wb-lines li").nth(12)
    expect(line).to_contain_text("yield mm.lock_page(page)")
    expect(line).to_have_attribute("data-here", "acting")
    expect(line.locator(".wb-badge")).to_have_text("flusher")
    abba_player.get_by_role("slider").fill("0")
    expect(line.locator(".wb-badge")).to_have_count(0)


def test_a_line_tells_the_steps_at_which_it_ran(abba_player: Locator) -> None:
    line = abba_player.locator(".wb-lines li").nth(12)
    line.click()
    expect(abba_player.locator(".wb-ran-told")).to_have_text("Line 13 ran in step 6.")
    says(abba_player, "flusher locks A1 and holds it")
    expect(line.locator(".wb-code-k")).to_have_text("yield")
    control(abba_player, "Restart").click()
    abba_player.locator(".wb-box").first.focus()
    abba_player.page.keyboard.press("ArrowDown")
    expect(abba_player.locator(".wb-ran-told")).to_have_text(re.compile("^Line 15 ran in step 8"))
    abba_player.page.keyboard.press("Enter")
    says(abba_player, "flusher finds A0 and pins it")


def test_the_state_can_be_read(abba_player: Locator) -> None:
    abba_player.get_by_role("slider").fill("6")
    abba_player.get_by_text("The state in words").click()
    expect(abba_player.locator(".wb-more p").first).to_contain_text("A1 dirty, locked by flusher, 1 pin")
    expect(abba_player.get_by_role("img", name="flusher locks A1 and holds it")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(abba_player: Locator, scheme: Any) -> None:
    abba_player.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for summary in abba_player.locator("summary").all():
        summary.click()
    for frame in ("0", "8", "11"):
        abba_player.get_by_role("slider").fill(frame)
        found = Axe().run(abba_player.page, context=".wb-player")
        assert found.violations_count == 0, found.generate_report()


def test_the_step_list_goes_to_a_step(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    root.get_by_role("button", name="… writer wants A1: it waits for flusher").click()
    says(root, "writer wants A1: it waits for flusher")
    expect(root.locator(".wb-steps [aria-current]")).to_have_text("…writer wants A1: it waits for flusher")


@pytest.mark.parametrize("tab", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_links_to_a_step(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"] + "#play=abba-writearound:6", "svg")
    says(root, "flusher locks A1 and holds it")
    control(root, "One step on").click()
    control(root, "Copy link").click()
    expect(root.locator(".wb-status")).to_have_text(re.compile("link|Link"))
    assert tab.page.url.endswith("#play=abba-writearound:7")
    tab.page.evaluate("location.hash = 'play=abba-writearound:11'")
    says(root, re.compile("^Deadlock"))
    tab.page.evaluate("location.hash = 'play=abba-writearound:999'")
    says(root, re.compile("^Deadlock"))
    tab.page.evaluate("location.hash = 'play=another:1'")
    says(root, re.compile("^Deadlock"))


@needs_runtime
@pytest.mark.parametrize(
    "tab", [{}, {"viewport": {"width": 390, "height": 844}}], ids=["wide", "narrow"], indirect=True
)
def test_bqplot_fills_the_scene(tab: Tab, embedded: str) -> None:
    """Whatever the page around it does to widgets: nothing is cut off."""
    root = tab.open(embedded, "bqplot", count=3)
    expect(root.locator(".bqplot .curve path").first).to_be_visible()
    scene = root.locator(".wb-scene").bounding_box()
    for part in (".bqplot .svg-figure", ".bqplot .plotarea_events"):
        box = root.locator(part).bounding_box()
        assert scene is not None
        assert box is not None
        assert all(abs(box[side] - scene[side]) < 1 for side in ("x", "y", "width", "height"))


@needs_runtime
def test_a_question_is_asked_at_its_moment_and_the_answer_is_kept(tab: Tab, embedded: str) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    tab.open(embedded, "bqplot", count=3)
    root = tab.page.locator(".wb-player").nth(1)
    gate = root.get_by_role("group", name="Who will wait for whom?")
    expect(gate).to_be_hidden()
    expect(root.locator(".wb-coming")).to_contain_text("After step 2 you are asked")
    expect(root.locator(".wb-steps")).to_be_hidden()
    root.get_by_label("Speed").select_option("4")
    control(root, "Play up to the question").click()
    expect(gate).to_be_visible()
    says(root, "kswapd locks A0 and holds it")
    expect(root).to_have_attribute("data-playing", "false")
    control(gate, "Nobody").click()
    expect(gate.locator(".wb-feedback")).to_have_text("Not quite. Look at what each of them holds.")
    expect(root.locator(".wb-steps")).to_be_visible()
    says(root, re.compile("^kswapd queues work 2"))
    tab.page.reload()
    root = tab.page.locator('.wb-player[data-drawn="bqplot"]').nth(1)
    expect(root.locator(".wb-feedback")).to_have_text("Not quite. Look at what each of them holds.")
    expect(root.locator("[aria-pressed=true]")).to_have_text("Nobody")
    root.get_by_label("Speed").select_option("4")
    control(root, "Play").click()
    says(root, re.compile("^kswapd queues work 2"))


@needs_runtime
def test_a_question_never_blocks(tab: Tab, embedded: str) -> None:
    tab.open(embedded, "bqplot", count=3)
    root = tab.page.locator(".wb-player").nth(1)
    control(root, "To the end").click()
    says(root, re.compile("^Deadlock"))
    expect(root.get_by_role("group", name="Who will wait for whom?")).to_be_visible()
    control(root, "Just show me").click()
    expect(root).to_have_attribute("data-playing", "true")
    expect(root.locator(".wb-steps")).to_be_visible()


@needs_runtime
def test_players_of_one_page_do_not_disturb_each_other(tab: Tab, embedded: str) -> None:
    tab.open(embedded, "bqplot", count=3)
    players = tab.page.locator(".wb-player")
    control(players.nth(1), "To the end").click()
    says(players.nth(1), re.compile("^Deadlock: flusher waits for work 2"))
    says(players.nth(0), re.compile("^At the start"))
    expect(players.nth(0).locator(".wb-scene")).not_to_contain_text("work 2")
    styles = "[...document.head.querySelectorAll('style')].filter((s) => s.textContent.includes('.wb-scene')).length"
    assert tab.page.evaluate(styles) == 1
    expect(tab.page.locator(".wb-still:visible")).to_have_count(0)


@needs_runtime
def test_a_second_view_and_one_that_goes_away(tab: Tab, embedded: str) -> None:
    """A player that is shown twice draws its second picture itself; a view that is removed leaves nothing behind."""
    tab.open(embedded, "bqplot", count=3)
    players = tab.page.locator(".wb-player")
    tab.page.evaluate(_SECOND_VIEW)
    expect(players).to_have_count(4)
    expect(players.nth(3)).to_have_attribute("data-drawn", "svg")
    control(players.nth(3), "To the end").click()
    says(players.nth(3), re.compile("^Deadlock"))
    says(players.nth(0), re.compile("^At the start"))
    tab.page.evaluate("window.second.remove()")
    expect(players).to_have_count(3)
    control(players.nth(0), "To the end").click()
    says(players.nth(0), re.compile("^Deadlock"))


def test_a_run_that_repeats_goes_round(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["lasso"], "svg")
    root.get_by_role("slider").fill("4")
    expect(root.locator(".wb-chip")).to_have_text("repeats for ever")
    control(root, "Play").click()
    says(root, re.compile("^Livelock"))
    says(root, "flusher locks A1 and holds it")
    expect(root).to_have_attribute("data-playing", "true")


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_telephone(tab: Tab, kind: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue(kind)
    addresses = [(address[name], "svg", 1) for name in address] if kind == "exported" else [(address, "bqplot", 3)]
    for where, drawn, count in addresses:
        root = tab.open(where, drawn, count)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(root.locator(".wb-scene")).to_have_attribute("data-scene", "narrow")
        for button in root.locator("button:visible, select:visible, summary:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        assert min(tab.page.evaluate(_LETTERS)) >= 9.5


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_a_drag_over_the_picture_goes_through_the_steps(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    scene = root.locator(".wb-touch")
    scene.scroll_into_view_if_needed()
    width, frames = scene.evaluate("(scene) => scene.clientWidth"), 12
    drag(scene, 3.2 * width / frames, 10)
    expect(root).to_have_attribute("data-frame", "3")
    drag(scene, 20, 90)
    expect(root).to_have_attribute("data-frame", "3")
    drag(scene, -2.2 * width / frames, 0)
    expect(root).to_have_attribute("data-frame", "1")


def test_a_drag_that_was_let_go_where_nobody_told_us_is_over(tab: Tab, exported: dict[str, str]) -> None:
    """As when the button comes up outside of the window before the drag has begun. Tests that made up their own
    events let every press go."""
    root = tab.open(exported["abba"], "svg")
    moved = """(scene) => {
        const at = (type, x, buttons) =>
            scene.dispatchEvent(new PointerEvent(type, {bubbles: true, clientX: x, clientY: 100, buttons}));
        at("pointerdown", 20, 1);
        at("pointermove", 20 + scene.clientWidth / 2, 0);
        at("pointermove", 20 + scene.clientWidth / 2, 1);
    }"""
    root.locator(".wb-touch").evaluate(moved)
    expect(root).to_have_attribute("data-frame", "0")


def told(root: Locator) -> Locator:
    return root.locator(".wb-told")


def middle(root: Locator, words: str) -> tuple[float, float]:
    """Where something is written in the picture."""
    box = root.locator(".wb-scene text").filter(has_text=re.compile(f"^{words}$")).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_is_under_the_pointer_says_what_it_is(tab: Tab, exported: dict[str, str]) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    root = tab.open(exported["abba"], "svg")
    control(root, "To the end").click()
    tab.page.mouse.move(*middle(root, "A1"))
    expect(told(root)).to_have_text(
        "Page A1: dirty, locked by flusher since step 6, 1 pin. writer waits for it since step 7."
    )
    assert root.locator(".wb-lit").count() >= 4, "its holder, who waits, and the arrows are lit"
    tab.page.mouse.move(*middle(root, "wants A0"))
    expect(told(root)).to_have_text("flusher wants A0 since step 8.")
    tab.page.mouse.move(5, 5)
    expect(told(root)).to_be_hidden()
    expect(root.locator(".wb-lit")).to_have_count(0)


def test_what_was_touched_goes_on_telling_while_time_goes_on(tab: Tab, exported: dict[str, str]) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    root = tab.open(exported["abba"], "svg")
    tab.page.mouse.click(*middle(root, "A1"))
    expect(told(root)).to_contain_text("Page A1: dirty. Nobody waits for it.")
    control(root, "One step on").click()
    tab.page.mouse.click(*middle(root, "A1"))
    root.get_by_role("slider").fill("6")
    tab.page.mouse.click(*middle(root, "A1"))
    expect(told(root)).to_contain_text("locked by flusher since step 6")


def test_the_things_in_the_picture_by_keyboard(abba_player: Locator) -> None:
    page = abba_player.page
    page.emulate_media(reduced_motion="reduce")
    abba_player.get_by_role("slider").fill("8")
    scene = abba_player.get_by_role("listbox")
    control(abba_player, "Restart").focus()
    page.keyboard.press("Shift+Tab")
    expect(scene).to_be_focused()
    expect(told(abba_player)).to_be_visible()
    heard = set()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        active = scene.evaluate(
            "(scene) => document.getElementById(scene.getAttribute('aria-activedescendant'))?.ariaLabel"
        )
        assert active == told(abba_player).inner_text()
        heard.add(active)
    assert len(heard) >= 3
    expect(abba_player).to_have_attribute("data-frame", "8")
    page.keyboard.press("Escape")
    expect(told(abba_player)).to_be_hidden()
    page.keyboard.press("k")
    expect(abba_player).to_have_attribute("data-playing", "true")


def test_keys_go_on_working_at_the_ends(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    control(root, "To the end").focus()
    tab.page.keyboard.press("Enter")
    says(root, re.compile("^Deadlock"))
    tab.page.keyboard.press("Home")
    says(root, re.compile("^At the start"))
    tab.page.keyboard.press("ArrowRight")
    says(root, "kswapd picks A1, pins it and calls enqueue")


def test_the_picture_follows_the_width(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    scene = root.locator(".wb-scene")
    expect(scene).to_have_attribute("data-scene", "wide")
    control(root, "To the end").click()
    tab.page.set_viewport_size({"width": 500, "height": 800})
    expect(scene).to_have_attribute("data-scene", "narrow")
    expect(root.locator(".wb-layer-cycle path")).to_have_count(4)


@pytest.mark.parametrize("tab", [{"reduced_motion": "reduce"}], indirect=True)
def test_reduced_motion(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    root.get_by_role("slider").fill("4")
    places = (
        "() => [...document.querySelectorAll('.wb-player .wb-layer-works path')].map((p) => p.getAttribute('d')).join()"
    )
    control(root, "One step on").click()
    at_once = tab.page.evaluate(places)
    control(root, "To the end").click()
    assert tab.page.evaluate(places) == at_once, "the work is in its place at once"
    assert root.locator(".wb-layer-cycle path").first.evaluate("(p) => getComputedStyle(p).animationName") == "none"


@pytest.mark.parametrize(
    "tab", [{}, {"viewport": {"width": 390, "height": 844}}], ids=["wide", "narrow"], indirect=True
)
@pytest.mark.parametrize("name", ["abba", "sync-ahead", "lasso"])
def test_nothing_moves_when_the_verdict_comes(tab: Tab, name: str, exported: dict[str, str]) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    root = tab.open(exported[name], "svg")
    slider, scene, seen = root.get_by_role("slider"), root.locator(".wb-scene"), set()
    for frame in range(int(slider.get_attribute("max") or 0) + 1):
        slider.fill(str(frame))
        box, whole = scene.bounding_box(), root.bounding_box()
        assert box
        assert whole
        seen.add((box["y"] - whole["y"], whole["height"]))
    assert root.locator(".wb-chip").is_visible()
    assert len(seen) == 1, seen


def test_works_slide_when_motion_is_welcome(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    work = root.locator(".wb-layer-works path").first
    tab.page.emulate_media(reduced_motion="reduce")
    root.get_by_role("slider").fill("5")
    arrived, there = work.bounding_box(), work.get_attribute("d")
    root.get_by_role("slider").fill("4")
    before = work.bounding_box()
    assert before
    assert arrived
    assert there
    assert arrived["x"] - before["x"] > 60, "the flusher takes it from the queue"
    tab.page.emulate_media(reduced_motion="no-preference")
    control(root, "One step on").click()
    middle = work.bounding_box()
    assert middle
    assert middle["x"] - before["x"] < 60, "it has hardly left yet"
    expect(work).to_have_attribute("d", there)


@pytest.mark.parametrize(
    ("attribute", "expected"), [("dark", "rgb(20, 24, 31)"), ("light", "rgb(255, 255, 255)")], ids=["dark", "light"]
)
def test_it_follows_the_theme_of_the_page(tab: Tab, exported: dict[str, str], attribute: str, expected: str) -> None:
    root = tab.open(exported["abba"], "svg")
    tab.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", attribute)
    expect(root).to_have_css("background-color", expected)
    tab.page.evaluate("() => delete document.documentElement.dataset.theme")
    tab.page.evaluate("(light) => (document.body.dataset.jpThemeLight = light)", str(attribute == "light").lower())
    expect(root).to_have_css("background-color", expected)


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_there_is_a_picture_and_the_story(tab: Tab, exported: dict[str, str]) -> None:
    tab.page.goto(exported["abba"])
    still = tab.page.locator(".wb-still")
    expect(still.locator("svg")).to_be_visible()
    expect(still.locator("li")).to_have_count(10)
    expect(still.locator(".wb-verdict")).to_have_text(re.compile("^Deadlock"))


def test_on_paper_there_is_the_still_picture(tab: Tab, exported: dict[str, str]) -> None:
    root = tab.open(exported["abba"], "svg")
    expect(tab.page.locator(".wb-still")).to_be_hidden()
    tab.page.emulate_media(media="print")
    expect(root).to_be_hidden()
    expect(tab.page.locator(".wb-still")).to_be_visible()
