"""The built book in Chromium: built once, served under a path of its own, the network blocked.

Without Chromium these tests are skipped for a person, who is told so, and fail in CI.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, Visit, executable, visit
from tests.once import once
from wbviz.site.builder import html
from wbviz.site.server import serving

ROOT = Path(__file__).parents[2]
SUBPATH = "/course/wbviz/"
_MISSING = "No Chromium, so the pages were not tested. On Debian: apt-get install chromium; else set CHROMIUM."


@pytest.fixture(scope="module")  # no longer: Playwright is there once at a time, and a test may start its own
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    path = executable()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built book. Building it is a test too: any warning and any failed cell fails here."""
    wrong = once(tmp_path_factory, "book", _built)
    if wrong:
        pytest.fail(wrong, pytrace=False)
    return html(ROOT)


def _built() -> str:
    """Builds the book; what went wrong, or nothing."""
    build = [sys.executable, "-m", "wbviz", "book", "build"]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.returncode:
        return ""
    return f"python -m wbviz book build: exit {done.returncode}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="session")
def book(pages: Path) -> Iterator[str]:
    """The address of the built book, below a path, as a course would serve it."""
    with serving(pages, SUBPATH) as address:
        yield address


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages in an empty cache: ``opened(address, **options of the context)``.

    At the end of the test, none of them may have asked anybody else for anything, nor have had any error.
    """
    visits: list[Visit] = []

    def open_page(address: str, **options: object) -> Visit:
        seen = visit(browser, **options)
        visits.append(seen)
        seen.page.goto(address)
        return seen

    yield open_page
    for seen in visits:
        seen.page.context.close()
    for seen in visits:
        seen.assert_quiet()
