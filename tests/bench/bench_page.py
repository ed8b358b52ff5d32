"""How soon the first player of the chapter is seen, from a local server with an empty cache, and how much is loaded.

    python -m tests.bench.bench_page

Exits 1 when the median of five visits is over two seconds, or the chapter with all it loads over 2.2 MB compressed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, executable, visit
from wbviz.site.builder import build_book, html
from wbviz.site.server import serving, warm

VISITS = 5
SECONDS = 2.0
BYTES = 2_200_000


def first_player(browser: Browser, address: str) -> tuple[float, int]:
    """Seconds from asking for the page until its first player is seen, and the bytes loaded in the end."""
    seen = visit(browser)
    begin = time.perf_counter()
    seen.page.goto(address, wait_until="commit")
    seen.page.wait_for_selector(".wb-player[data-drawn]:visible")
    seconds = time.perf_counter() - begin
    seen.page.wait_for_load_state("networkidle")
    size = sum(seen.loaded.values())
    seen.page.context.close()
    return seconds, size


def main() -> int:
    """Build the book, visit the chapter, print the numbers."""
    root = Path(__file__).parents[2]
    path = executable()
    if path is None:
        print("Chromium is not installed. On Debian: apt-get install chromium; else set CHROMIUM.", file=sys.stderr)
        return 2
    if build_book(root):
        return 1
    warm(html(root))  # as "book serve" does
    with serving(html(root)) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        visits = [first_player(browser, f"{address}lock-ordering.html") for _ in range(VISITS)]
        browser.close()
    times, sizes = zip(*visits, strict=True)
    print(f"first player seen after {median(times):.2f} s (median of {VISITS}, worst {max(times):.2f}); goal {SECONDS}")
    print(f"the chapter and all it loads: {max(sizes) / 1e6:.2f} MB compressed; goal {BYTES / 1e6}")
    return 0 if median(times) <= SECONDS and max(sizes) < BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
