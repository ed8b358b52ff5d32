"""The book as one PDF: ``python -m wbviz.site.pdf`` prints every built page with Chromium into ``_build/book.pdf``.

On paper a still picture stands in place of each widget (the pages' print styles see to that). Hints, solutions and what
each answer is worth stand at the end of their page (js/answers.js), and whatever else is folded is open. LaTeX, Jupyter
Book's own way to a PDF, would show none of the pictures: they are HTML and SVG.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from wbviz.errors import UsageError, WbvizError
from wbviz.site.builder import build_book, checkout, html
from wbviz.site.server import serving
from wbviz.site.tasks import in_order

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ANSWERS = Path(__file__).parent / "js" / "answers.js"
_ACROSS, _ALONG = "16mm", "18mm"
_FOOT = '<div style="width: 100%; text-align: center; font-size: 8pt">{} · <span class="pageNumber"></span></div>'


def write_pdf(root: Path) -> Path:
    """Print the built book of the checkout `root`; gives back the path of the PDF, which has a bookmark for each page.

    Raises ``UsageError`` when there is no Chromium.
    """
    from playwright.sync_api import sync_playwright
    from pypdf import PdfWriter

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise UsageError(
            "the book cannot be printed",
            came="no Chromium on the PATH",
            expected="a Chromium that can run without a window",
            fix="on Debian: apt-get install chromium; elsewhere: CHROMIUM=/path/to/chromium make pdf",
        )
    whole = PdfWriter()
    with serving(html(root), "/") as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(color_scheme="light", reduced_motion="reduce")
        for name in in_order(html(root)):
            page.goto(address + name)
            page.wait_for_load_state("networkidle")
            page.evaluate(_ANSWERS.read_text(encoding="utf-8"))
            title = page.locator("h1").first.inner_text().rstrip("#")
            foot = _FOOT.format(title)
            sheet = page.pdf(
                format="A4",
                margin={"top": _ALONG, "bottom": _ALONG, "left": _ACROSS, "right": _ACROSS},
                display_header_footer=True,
                header_template="<i></i>",
                footer_template=foot,
            )
            whole.append(BytesIO(sheet), outline_item=title)
        browser.close()
    whole.compress_identical_objects()
    target = root / "_build" / "book.pdf"
    whole.write(target)
    return target


def main() -> int:
    """Build the book and print it."""
    root = checkout()
    try:
        if build_book(root):
            return 1
        print(write_pdf(root))
    except WbvizError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
