"""A student's report in Chromium: from a disk, without a network, its player in a frame that shows all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.grade.batch.helping import small_exercise, source
from wbviz.commands.grade import player_html
from wbviz.grade.batch.job import judge
from wbviz.grade.exercise import load_exercise
from wbviz.grade.report import html

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_a_report_plays_its_counterexample(browser: Browser, tmp_path: Path, width: int) -> None:
    exercise = load_exercise(small_exercise(tmp_path))
    policy = "# </script></iframe><b>&quot;\n" + source("writearound")
    report = judge(policy.encode(), exercise, None, official=False)
    (tmp_path / "report.html").write_text(html(report, player_html), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto((tmp_path / "report.html").as_uri())
    frame = page.frame_locator("iframe").first
    player = frame.locator(".wb-player")
    expect(player).to_have_attribute("data-frame", "0")
    frame.locator(".wb-forward").click()
    expect(player).to_have_attribute("data-frame", "1")
    inner = page.locator("iframe").first.element_handle()
    assert inner is not None
    content = inner.content_frame()
    assert content is not None
    content.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    for _ in range(5):  # the frame follows its player, whose words are longer at some steps
        frame.locator(".wb-forward").click()
        content.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert errors == []
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()
