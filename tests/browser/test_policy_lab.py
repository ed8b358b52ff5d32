"""The policy lab in Chromium: a policy is written in the page, checked, played, graded, shared; offline as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Visit
from wbviz.check.check import check_scenario
from wbviz.grade.exercise import load_exercise
from wbviz.grade.score import grade_policy
from wbviz.policy.load import Policy, load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SLOW = 90_000
"""Milliseconds that a busy machine may take to start Python, or to check everything."""

Opened = Callable[..., Visit]


def lines_of(name: str) -> list[str]:
    """The functions of a built-in policy, without docstrings and comments: what somebody would type."""
    tree = ast.parse(load_policy(name).source)
    parts = [part for part in tree.body if isinstance(part, ast.FunctionDef)]
    for part in parts:
        part.body = part.body[ast.get_docstring(part) is not None :]
    return "\n\n\n".join(ast.unparse(part) for part in parts).splitlines()


def write(page: Page, lines: list[str]) -> None:
    """Write the lines letter by letter, in place of what is there."""
    editor = page.locator(".wb-policy-lab .cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    for number, line in enumerate(lines):
        if number:
            page.keyboard.press("Enter")
            page.keyboard.press("Shift+Home")  # what the editor indents by itself, the writer writes
            page.keyboard.type(line) if line else page.keyboard.press("Delete")
        else:
            page.keyboard.type(line)
    page.keyboard.press("Escape")


def start(page: Page) -> Locator:
    """Press Start; the lab, once Python has listed the scenarios."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")  # what comes from now on is kept for later
    page.get_by_role("button", name="Start the lab").click()
    expect(page.locator(".wb-scenarios button")).to_have_count(len(SCENARIOS), timeout=SLOW)
    return page.locator(".wb-policy-lab")


def chip(page: Page, name: str) -> Locator:
    """The chip of a scenario."""
    return page.locator(f'.wb-scenarios button[data-scenario="{name}"]')


def settled(page: Page) -> dict[str, str]:
    """The verdicts by scenario, once each is of the text as it is."""
    fresh = page.locator('.wb-scenarios button[data-fresh="true"]')
    expect(fresh).to_have_count(len(SCENARIOS), timeout=SLOW)
    expect(page.locator(".wb-policy-lab")).to_have_attribute("data-busy", "false", timeout=SLOW)
    return {str(one.get_attribute("data-scenario")): str(one.get_attribute("data-verdict")) for one in fresh.all()}


def judged(policy: Policy) -> dict[str, str]:
    """The same verdicts from this Python."""
    return {name: check_scenario(policy, build(name)).verdict for name in SCENARIOS}


def test_write_break_repair_be_graded_share_and_again_offline(book: str, opened: Opened, tmp_path: Path) -> None:
    seen = opened(book + "lab.html", reduced_motion="reduce")
    page = seen.page
    assert not [address for address in seen.loaded if "python" in address or "/editor." in address], "not asked for yet"
    start(page)

    write(page, lines_of("writearound"))
    expect(chip(page, "abba")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    expect(chip(page, "abba")).to_contain_text("deadlock")
    chip(page, "abba").click()
    player = page.locator(".wb-found .wb-player")
    player.locator("button.wb-last").click()
    expect(player.locator(".wb-chip")).to_contain_text("Deadlock")
    expect(page.locator(".cm-content .wb-margin-here").first).to_contain_text("flusher")

    repaired = "\n".join(lines_of("range_around"))
    file = tmp_path / "policy.py"
    file.write_text(repaired, encoding="utf-8")
    write(page, repaired.splitlines())
    assert settled(page) == judged(load_policy(str(file)))
    expect(chip(page, "abba")).to_contain_text("safe")

    graded(page, book, file)
    page.get_by_role("button", name="Copy link").first.click()
    link = str(page.locator(".wb-shared").get_attribute("href"))
    assert "#lab=" in link

    other = opened(link, reduced_motion="reduce")
    fresh = other.page
    expect(fresh.locator("[data-said]").first).to_contain_text("Nothing of it has run")
    assert "pin_range" in fresh.locator("[data-lab] pre").inner_text()
    assert not [address for address in other.loaded if "python." in address], "a link must not start anything"
    start(fresh)
    assert settled(fresh) == judged(load_policy(str(file)))

    fresh.context.set_offline(True)
    fresh.reload()
    start(fresh)
    assert settled(fresh) == judged(load_policy(str(file)))


def graded(page: Page, book: str, file: Path) -> None:
    """Exercise 05, with the policy of the file: the points of the page are those of this Python."""
    page.goto(book + "exercises/05-write-around.html")
    start(page)
    write(page, file.read_text(encoding="utf-8").splitlines())
    settled(page)
    page.locator('[data-do="grade"]').last.click()
    report = grade_policy(load_exercise("05-write-around"), load_policy(str(file)))
    points = page.locator(".wb-grading")
    expect(points).to_have_attribute("data-points", f"{report.points:g}", timeout=SLOW)
    lost = [one.name for one in report.properties if one.points < one.possible]
    assert lost, "range_around writes one neighbour, and the exercise asks for two"
    expect(points.locator(f'[data-property="{lost[0]}"] details')).to_have_count(1)


def test_what_was_written_is_there_again_and_can_be_undone(book: str, opened: Opened) -> None:
    page = opened(book + "lab.html", reduced_motion="reduce").page
    start(page)
    write(page, ["def enqueue(mm, page):", "    yield mm.lock_pages(page)"])
    expect(page.locator(".wb-scenarios [data-verdict=policy-error]").first).to_be_visible(timeout=SLOW)
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    expect(page.locator(".wb-policy-lab")).to_have_attribute("data-kept", "true")
    page.reload()
    start(page)
    editor = page.locator(".wb-policy-lab .cm-content")
    expect(editor).to_contain_text("lock_pages")
    editor.click()
    for _ in range(8):
        page.keyboard.press("ControlOrMeta+z")
    expect(editor).to_contain_text("write_neighbour")


def test_a_scenario_of_ones_own_is_kept_as_it_was_written(book: str, opened: Opened) -> None:
    """The form wrote over what stood beside it, and a reload over both: no test had changed a field, nor come back."""
    page = opened(book + "lab.html", reduced_motion="reduce").page
    start(page)
    lab = page.get_by_role("group", name="Policy lab")
    lab.get_by_text("A scenario of your own").click()
    text, flushers = page.get_by_label("As text (TOML)"), page.get_by_role("spinbutton", name="Flushers")
    flushers.fill("2")
    flushers.press("Tab")
    expect(text).to_have_value(re.compile("flushers = 2"))
    mine = "# two flushers\n" + text.input_value()
    text.fill(mine)
    expect(flushers).to_be_disabled()
    page.get_by_role("button", name="Check in this scenario").click()
    expect(chip(page, "your own")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    expect(page.locator(".wb-policy-lab")).to_have_attribute("data-kept", "true")
    page.reload()
    page.get_by_role("button", name="Start the lab").click()
    expect(chip(page, "your own")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    expect(text).to_have_value(mine)


def test_a_second_link_takes_the_place_of_an_open_lab_and_what_was_printed_is_shown(book: str, opened: Opened) -> None:
    page = opened(book + "lab.html", reduced_motion="reduce").page
    start(page)
    head, *body = lines_of("writearound")
    write(page, [head, "    print('seen', page.index)", *body])
    expect(chip(page, "abba")).to_have_attribute("data-fresh", "true", timeout=SLOW)
    chip(page, "abba").click()
    expect(page.locator(".wb-printed pre")).to_contain_text("line 2: seen")
    page.get_by_role("button", name="Copy link").first.click()
    link = str(page.locator(".wb-shared").get_attribute("href"))
    write(page, ["# another text"])
    page.evaluate("location.hash = ''")
    page.evaluate("(link) => { location.href = link; }", link)
    expect(page.locator(".wb-policy-lab")).to_have_count(0)
    expect(page.locator("[data-lab] pre").first).to_contain_text("seen")
    expect(page.locator("[data-said]").first).to_contain_text("Nothing of it has run")
    page.get_by_role("button", name="Start the lab").click()
    expect(chip(page, "abba")).to_have_attribute("aria-pressed", "true", timeout=SLOW)
    expect(page.locator(".wb-policy-lab .cm-content")).to_contain_text("seen")
    page.get_by_text("What you tried", exact=True).click()
    expect(page.locator(".wb-tried")).to_contain_text("what stood here before the link came")


def test_a_link_whose_lab_does_not_load_says_so(book: str, opened: Opened) -> None:
    """Whoever pressed a button was told; whoever followed a link looked at a policy that was not the link's."""
    seen = opened(book + "index.html")
    page = seen.page
    page.route("**/policylab.*.js", lambda route: route.abort())
    page.goto(book + "lab.html#lab=x")
    expect(page.locator("[data-said]").first).to_have_text("The lab did not load. Is there a connection?")
    assert len(seen.errors) == 2, "the script that was not got, and its address"
    seen.errors.clear()


def test_the_corrected_form_is_put_in_and_the_proof_stands_beside_the_lines(book: str, opened: Opened) -> None:
    page = opened(book + "lab.html", reduced_motion="reduce").page
    start(page)
    source = "\n".join(lines_of("pin_then_lock"))
    write(page, source.replace("yield mm.unlock_page(page)", "mm.unlock_page(page)", 1).splitlines())
    expect(chip(page, "cleaned")).to_have_attribute("data-verdict", "policy-error", timeout=SLOW)
    expect(page.locator(".wb-scenarios [data-fresh=false], .wb-scenarios [data-running=true]")).to_have_count(
        0, timeout=SLOW
    )
    page.locator(".cm-lint-marker-error").first.hover()
    page.get_by_role("button", name="Apply the corrected form").click()
    expect(chip(page, "cleaned")).to_have_attribute("data-verdict", "safe", timeout=SLOW)
    page.get_by_role("button", name="Prove it for every size").click()
    expect(page.locator(".wb-proof [role=status]")).to_contain_text("certified", timeout=SLOW)
    expect(page.locator(".wb-margin-good", has_text="locked").first).to_be_visible()


def test_the_scheduler_and_a_scenario_of_ones_own(book: str, opened: Opened) -> None:
    page = opened(book + "lab.html", reduced_motion="reduce").page
    start(page)
    expect(chip(page, "abba")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    page.get_by_role("button", name="Be the scheduler here").click()
    expect(page.locator(".wb-own-game .wb-game")).to_be_visible(timeout=SLOW)
    page.locator(".wb-policy-lab .cm-content").press("ControlOrMeta+End")
    page.keyboard.type("# another policy, another game")
    expect(page.locator(".wb-own-game .wb-game")).to_have_count(0)
    page.get_by_role("group", name="Policy lab").get_by_text("A scenario of your own").click()
    page.get_by_role("button", name="Check in this scenario").click()
    expect(chip(page, "your own")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    page.get_by_label("As text (TOML)").fill("[files]\nA = 0\n")
    page.get_by_role("button", name="Check in this scenario").click()
    expect(page.locator(".wb-verdict")).to_contain_text("needs a number of pages", timeout=SLOW)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_it_fits_a_telephone_and_axe_finds_nothing(width: int, scheme: str, book: str, opened: Opened) -> None:
    size = {"width": width, "height": 844}
    page = opened(book + "lock-ordering.html", color_scheme=scheme, reduced_motion="reduce", viewport=size).page
    lab = page.locator('[data-lab="lock-ordering/writearound"]')
    lab.get_by_role("button", name="Try it").click()
    expect(chip(page, "abba")).to_have_attribute("data-verdict", "deadlock", timeout=SLOW)
    chip(page, "abba").click()
    expect(page.locator(".wb-found .wb-player")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll(".wb-policy-lab button")].filter((b) => b.checkVisibility())
           .filter((b) => b.getBoundingClientRect().height < 43.5).map((b) => b.textContent)"""
    )
    assert not small, "too small for a finger"
    found = Axe().run(page, context='[data-lab="lock-ordering/writearound"]', options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
