"""On paper: what is words and pictures stays, what has to be played gives way to its still picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.chromium import Visit
from tests.browser.test_site import show_all

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("today", ".wb-locks-report"),
        ("today", ".wb-timeline"),
        ("write-your-own", ".wb-result"),
        ("progress", ".wb-table"),
    ],
)
def test_words_and_tables_stay(name: str, stays: str, book: str, opened: Callable[..., Visit]) -> None:
    page = opened(f"{book}{name}.html", color_scheme="dark").page
    show_all(page)
    page.emulate_media(media="print")
    assert page.locator(stays).first.is_visible()
    assert page.locator(".wb-player:visible").count() == 0
    assert page.locator("figure.wb-still:visible").count() >= 1
