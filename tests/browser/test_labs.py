"""The labs in Chromium, as in a static page: no kernel, prepared runs, keys, touch, dark mode, no script at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Visit
from tests.browser.players import drag, embed, runtime_present, serving
from tests.browser.read import show_all
from wbviz.viz.labs.known import LABS
from wbviz.viz.labs.widget import PREPARE, Lab, lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not runtime_present(), reason="needs the widget runtime: npm ci"),
]
Opened = Callable[..., Visit]
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STARTS = 120_000
"""Milliseconds that Python in a page may take to be there, on a machine that has much else to do."""
PICTURE = "canvas => canvas.toDataURL()"


@pytest.fixture(scope="module")
def labs() -> dict[str, Lab]:
    """Both labs as the book's build makes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PREPARE, "1")
        return {name: lab(name) for name in LABS}


@pytest.fixture(scope="module")
def page_address(labs: dict[str, Lab], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("labs")
    embed(list(labs.values()), folder)
    with serving(folder) as address:
        yield address


def opened_lab(opened: Opened, address: str, name: str, **options: object) -> Locator:
    page = opened(address, **options).page
    root = page.get_by_role("group", name=LABS[name].TITLE, exact=True)
    expect(root).to_have_attribute("data-drawn", "bqplot")
    return root


def button(root: Locator, name: str) -> Locator:
    return root.get_by_role("button", name=name, exact=True)


def choose(root: Locator, control: str, value: object) -> None:
    root.locator(f'input[data-control="{control}"][value="{value}"]').check()


def numbers_of(root: Locator) -> list[str]:
    return root.locator(".wb-came tbody tr td:nth-of-type(1)").all_text_contents()


@pytest.mark.parametrize("name", LABS)
def test_before_it_is_touched_it_says_what_there_is(
    name: str, page_address: str, labs: dict[str, Lab], opened: Opened
) -> None:
    root = opened_lab(opened, page_address, name)
    expect(root).to_have_attribute("data-live", "false")
    expect(root.locator(".wb-source")).to_contain_text("Prepared: this page has no kernel")
    expect(root.locator(".wb-source")).to_contain_text("Seed 1.")
    assert numbers_of(root) == [much for _, much in labs[name].first.table]
    expect(root.locator(".wb-came")).to_be_hidden()
    expect(root.locator(".wb-later")).to_be_visible()
    expect(root.locator(".wb-keyed li b").first).not_to_be_empty()
    for line in labs[name].first.lines:
        expect(root.locator(f".wb-chart path[style*='--wb-{line.role}']").first).to_be_attached()
    expect(button(root, "Restart")).to_be_disabled()


@pytest.mark.parametrize("name", LABS)
def test_by_keyboard_alone(name: str, page_address: str, labs: dict[str, Lab], opened: Opened) -> None:
    root = opened_lab(opened, page_address, name)
    keys = root.page.keyboard
    root.focus()
    before = root.locator(".wb-lab-picture canvas").evaluate(PICTURE)
    keys.press("k")
    expect(root).to_have_attribute("data-playing", "true")
    expect(root).to_have_attribute("data-tick", re.compile("[3-9]|[1-9][0-9]"))
    keys.press("k")
    expect(root).to_have_attribute("data-playing", "false")
    assert root.locator(".wb-lab-picture canvas").evaluate(PICTURE) != before
    keys.press("End")
    expect(root).to_have_attribute("data-tick", str(labs[name].first.ticks - 1))
    keys.press("ArrowLeft")
    expect(root).to_have_attribute("data-tick", str(labs[name].first.ticks - 2))
    keys.press("Home")
    expect(root).to_have_attribute("data-tick", "0")
    keys.press("ArrowRight")
    expect(root).to_have_attribute("data-tick", "1")
    root.get_by_role("slider").focus()
    keys.press("End")
    expect(root).to_have_attribute("data-tick", str(labs[name].first.ticks - 1))
    root.locator("input[data-control]:checked").first.focus()
    keys.press("ArrowDown")
    expect(root.locator(".wb-came thead th").last).to_have_text("the run before")
    # It was said here as well, where bqplot draws one run: no test read the title.
    expect(root.locator(".wb-chart-title").first).not_to_contain_text("thin")


@pytest.mark.parametrize("name", LABS)
def test_every_control_chooses_another_run(name: str, page_address: str, labs: dict[str, Lab], opened: Opened) -> None:
    root = opened_lab(opened, page_address, name)
    kind = LABS[name]
    for control in kind.CONTROLS:
        for option in control.options:
            choose(root, control.name, option.value)
            run = kind.simulate({**kind.START, control.name: option.value}, 1)
            expect(root.locator(".wb-came tbody tr td:nth-of-type(1)")).to_have_text([much for _, much in run.table])
            root.get_by_role("slider").press("End")  # the button for it is off in a run that was played to its end
            expect(root.locator(".wb-say")).to_have_text(run.moments[-1][1])
            expect(root.locator(".wb-keyed li b").first).to_have_text(f"{run.lines[0].values[-1]:g}")
        choose(root, control.name, kind.START[control.name])


@pytest.mark.parametrize("name", LABS)
def test_what_happens_is_told_and_can_be_gone_to(
    name: str, page_address: str, labs: dict[str, Lab], opened: Opened
) -> None:
    root = opened_lab(opened, page_address, name)
    tick, said = labs[name].first.moments[-1]
    expect(root.locator(".wb-steps button").last).to_be_hidden()
    button(root, "To the end").click()
    expect(root.locator(".wb-came")).to_be_visible()
    button(root, "Restart").click()
    root.locator(".wb-steps button").last.click()
    expect(root).to_have_attribute("data-tick", str(tick))
    say = root.locator(".wb-say")
    expect(say).to_have_text(said)
    expect(say).to_have_attribute("aria-live", "polite")
    assert root.locator(".wb-lab-picture canvas").get_attribute("aria-labelledby") == say.get_attribute("id")
    root.get_by_text("The state in words").click()
    expect(root.locator(".wb-more details p")).not_to_be_empty()


@pytest.mark.parametrize("name", LABS)
def test_a_telephone(name: str, page_address: str, opened: Opened) -> None:
    root = opened_lab(opened, page_address, name, **TELEPHONE)
    assert root.page.evaluate("document.documentElement.scrollWidth") <= 390
    for control in root.locator("button:visible, select:visible, summary:visible, .wb-segments label").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    button(root, "Play").tap()
    expect(root).to_have_attribute("data-tick", re.compile("[2-9]"))
    button(root, "Pause").tap()
    button(root, "Restart").tap()
    picture = root.locator(".wb-lab-picture")
    picture.scroll_into_view_if_needed()
    drag(picture, picture.evaluate("(picture) => picture.clientWidth") / 2, 0)
    ticks = int(root.get_by_role("slider").get_attribute("max") or 0) + 1
    expect(root).to_have_attribute("data-tick", re.compile(f"^({ticks // 2}|{ticks // 2 + 1})$"))


@pytest.mark.parametrize("name", LABS)
def test_a_curve_goes_no_further_than_it_has_been_played(
    name: str, page_address: str, labs: dict[str, Lab], opened: Opened
) -> None:
    root = opened_lab(opened, page_address, name, reduced_motion="reduce")
    curve = root.locator(f".wb-chart path[style*='--wb-{labs[name].first.lines[0].role}']").first
    expect(curve).to_be_attached()
    width = "(curve) => curve.getBBox().width"
    assert curve.evaluate(width) < 40, "nothing has been played"
    button(root, "To the end").click()
    expect(root.locator(".wb-came")).to_be_visible()
    root.page.wait_for_function(f"(curve) => ({width})(curve) > 100", arg=curve.element_handle())


@pytest.mark.parametrize("name", LABS)
def test_reduced_motion_shows_each_tick_at_once(name: str, page_address: str, opened: Opened) -> None:
    root = opened_lab(opened, page_address, name, reduced_motion="reduce")
    canvas = root.locator(".wb-lab-picture canvas")
    root.focus()
    for _ in range(6):
        root.page.keyboard.press("ArrowRight")
    at_once = canvas.evaluate(PICTURE)
    root.page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    assert canvas.evaluate(PICTURE) == at_once


@pytest.mark.parametrize("name", LABS)
def test_the_picture_follows_the_theme(name: str, page_address: str, opened: Opened) -> None:
    root = opened_lab(opened, page_address, name, color_scheme="light")
    canvas = root.locator(".wb-lab-picture canvas")
    light = canvas.evaluate(PICTURE)
    root.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    root.page.wait_for_function(
        "light => document.querySelector('.wb-lab-picture canvas').toDataURL() !== light", arg=light
    )
    root.page.evaluate("document.documentElement.dataset.theme = 'light'")
    if name == "reclaim":  # the first on the page
        root.page.wait_for_function(
            "light => document.querySelector('.wb-lab-picture canvas').toDataURL() === light", arg=light
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, page_address: str, opened: Opened) -> None:
    page: Page = opened(page_address, color_scheme=scheme, reduced_motion="reduce").page
    expect(page.locator(".wb-lab[data-drawn]")).to_have_count(len(LABS))
    for root in page.locator(".wb-lab").all():
        root.get_by_text("The state in words").click()
        button(root, "To the end").click()
    found = Axe().run(page, context=".wb-lab", options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


def test_without_scripts_the_numbers_and_the_curves_are_there(
    page_address: str, labs: dict[str, Lab], opened: Opened
) -> None:
    page = opened(page_address, java_script_enabled=False).page
    for widget in labs.values():
        picture = page.locator(f"#{widget.still}")
        expect(picture.locator("svg polyline")).to_have_count(len(widget.first.lines))
        for what, much in widget.first.table:
            expect(picture).to_contain_text(what)
            expect(picture).to_contain_text(much)


@pytest.mark.parametrize(
    ("chapter", "name", "wanted", "control"),
    [
        ("reclaim", "reclaim", {"memory": 700, "sequential": True, "seed": 7}, ("background", 10)),
        ("flushers", "flusher", {"rate": 35, "interval": 300, "seed": 7}, ("sync", 10)),
    ],
)
def test_any_setting_runs_in_the_page(
    chapter: str, name: str, wanted: dict[str, int], control: tuple[str, int], book: str, opened: Opened
) -> None:
    """In a chapter, too, the first run is that of the controls: there the data's keys are sorted, and elsewhere not."""
    seen = opened(f"{book}{chapter}.html", reduced_motion="reduce")
    page, kind = seen.page, LABS[name]
    show_all(page)
    root = page.locator(".wb-lab")
    numbers, source = root.locator(".wb-came tbody tr td:nth-of-type(1)"), root.locator(".wb-source")
    expect(numbers).to_have_text([much for _, much in kind.simulate({}, 1).table])
    choose(root, *control)
    prepared = kind.simulate(dict([control]), 1)
    expect(numbers).to_have_text([much for _, much in prepared.table])
    expect(source).to_contain_text("Prepared")
    assert not [address for address in seen.loaded if "python." in address], "nobody had asked for it"
    root.get_by_text("Any setting, any seed").click()
    for field, value in wanted.items():
        at = root.locator(f'.wb-any-fields [data-field="{field}"]')
        at.select_option(label="in order") if value is True else at.fill(str(value))
    assert not axe(page).violations_count
    button(root, "Run it").click()
    expect(source).to_have_text("Run in this page. Seed 7.", timeout=STARTS)
    settings = {**kind.START, **{key: value for key, value in wanted.items() if key != "seed"}}
    first = kind.simulate({**settings, control[0]: control[1]}, 7)
    expect(numbers).to_have_text([much for _, much in first.table])
    expect(root.locator(".wb-came thead th").last).to_have_text("the run before")

    choose(root, control[0], kind.START[control[0]])  # what has no control stays as it is
    again = kind.simulate(settings, 7)
    assert again.table != first.table
    expect(numbers).to_have_text([much for _, much in again.table], timeout=STARTS)

    root.locator('.wb-any-fields [data-field="seed"]').fill("-1")
    button(root, "Run it").click()
    assert root.locator(".wb-any-fields :invalid").count() == 1
    expect(source).to_have_text("Run in this page. Seed 7.")


def axe(page: Page) -> Any:
    return Axe().run(page, context=".wb-any", options={"preload": False})


@pytest.mark.parametrize("chapter", ["reclaim", "flushers"])
def test_the_chapters_carry_their_lab(chapter: str, book: str, opened: Opened) -> None:
    page = opened(f"{book}{chapter}.html").page
    show_all(page)
    root = page.locator(".wb-lab")
    expect(root).to_have_attribute("data-drawn", "svg")
    assert root.locator(".wb-chart path").count() > 4
    expect(root.locator(".wb-source")).to_contain_text("Prepared")
    expect(page.locator(".wb-place .wb-still:visible")).to_have_count(0)
    root.focus()
    page.keyboard.press("ArrowRight")
    expect(root).to_have_attribute("data-tick", "1")
    keys = page.keyboard
    cursor = root.locator(".wb-cursor")
    before = cursor.get_attribute("transform")
    keys.press("End")
    assert cursor.get_attribute("transform") != before
    heights = "bars => bars.filter(bar => Number(bar.getAttribute('height')) > 0).length"
    assert root.locator(".wb-chart rect").evaluate_all(heights) >= 1
