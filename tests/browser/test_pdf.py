"""The book on paper: every page is there, and the pictures tell their story in words."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from tests.browser.chromium import executable
from wbviz.site.pdf import write_pdf
from wbviz.site.tasks import in_order

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


def test_every_page_is_printed_with_its_pictures_and_solutions(pages: Path) -> None:
    if executable() is None:
        needs = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        needs("No Chromium, so the book was not printed. On Debian: apt-get install chromium; else set CHROMIUM.")
    printed = PdfReader(write_pdf(ROOT))
    titles = [mark["/Title"] for mark in printed.outline]
    assert len(titles) == len(in_order(pages))
    assert any("Lock ordering" in title for title in titles)
    text = " ".join(page.extract_text() for page in printed.pages)
    words = " ".join(normalize("NFKC", text).split())  # ligatures apart
    assert "flusher locks A1 and holds it" in words, "the narration of a run"
    solution = words.index("The writer waits for the flusher (page 8)")  # folded on the screen
    assert words.index("4. A filesystem that helps.") < solution, "an answer stands after all that is asked"
