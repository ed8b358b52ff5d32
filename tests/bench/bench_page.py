"""What every page weighs and how soon it lives on a telephone: 390 × 844, CPU four times slower, 1.44 Mbit/s, 150 ms.

    python -m tests.bench page [NAME…]

For each page: kB loaded as it opens (gzip), first contentful paint, the first live widget, blocking (what tasks of more than
50 ms take beyond that), layout shift while it opens and while it is read to its end; and what Lighthouse says, if it is
installed (npm ci). "Live" counts from the opening where the first widget is near the view, else from when it comes near.
Exits 1 when a page misses a goal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, executable, visit
from wbviz.site.builder import build_book, html
from wbviz.site.server import serving, warm
from wbviz.site.tasks import in_order

ROOT = Path(__file__).parents[2]
LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.44e6 / 8, "uploadThroughput": 0.675e6 / 8}
KB, PAINT, LIVE, BLOCKING, SHIFT = 260, 1.8, 2.5, 0.6, 0.02
SCORES = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}

_WATCH = """
window.wbSeen = { paint: 0, live: 0, blocking: 0, shift: 0, asked: 0 };
const watch = (type, then) => new PerformanceObserver((list) => list.getEntries().forEach(then)).observe({ type, buffered: true });
watch("paint", (e) => { if (e.name === "first-contentful-paint") wbSeen.paint = e.startTime; });
watch("longtask", (e) => { wbSeen.blocking += Math.max(0, e.duration - 50); });
watch("layout-shift", (e) => { if (!e.hadRecentInput) wbSeen.shift += e.value; });
new MutationObserver(() => {
  if (!wbSeen.live && document.querySelector('.wb-place[data-live="yes"]')) wbSeen.live = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-live"] });
"""
_TO_FIRST = "() => { wbSeen.asked = performance.now(); document.querySelector('.wb-place').scrollIntoView(); }"
_READ = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}"""


class Measured(NamedTuple):
    """A page: kB, seconds until the first paint and until a widget lives (None: it has none), seconds of blocking as it
    opens and until it has been read to its end, and the layout shift of all that."""

    kb: float
    paint: float
    live: float | None
    blocking: float
    read: float
    shift: float

    def good(self) -> bool:
        """Within the goals?"""
        live = self.live or 0.0
        return self.kb <= KB and self.paint < PAINT and live < LIVE and self.blocking < BLOCKING and self.shift < SHIFT


def measure(browser: Browser, address: str) -> Measured:
    """Open a page as a telephone would, then read it to its end."""
    seen = visit(browser, **PHONE)
    page = seen.page
    page.add_init_script(_WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    size = sum(seen.loaded.values())
    opened = page.evaluate("wbSeen")
    if page.locator(".wb-place[data-kind]").count():
        if not opened["live"]:
            page.evaluate(_TO_FIRST)
        page.wait_for_function("wbSeen.live")
    live = page.evaluate("wbSeen")
    page.evaluate(_READ)
    page.wait_for_load_state("networkidle")
    done = page.evaluate("wbSeen")
    page.context.close()
    return Measured(
        size / 1e3,
        opened["paint"] / 1e3,
        (live["live"] - live["asked"]) / 1e3 if live["live"] else None,
        opened["blocking"] / 1e3,
        done["blocking"] / 1e3,
        done["shift"],
    )


def lighthouse(address: str) -> dict[str, int]:
    """Lighthouse's scores of a page, of 100. Raises CalledProcessError where it cannot run."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        flags = f"--chrome-flags=--headless=new {' '.join(FLAGS)}"
        command = ["node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={file.name}", flags]
        environment = {**os.environ, "CHROME_PATH": executable() or ""}
        subprocess.run([*command, f"--only-categories={','.join(SCORES)}"], env=environment, check=True)
        found = json.loads(Path(file.name).read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in SCORES}


def main(names: list[str]) -> int:
    """Build the book, visit every page, or those named, print the numbers."""
    path = executable()
    if path is None:
        print("Chromium is not installed. On Debian: apt-get install chromium; else set CHROMIUM.", file=sys.stderr)
        return 2
    if build_book(ROOT):
        return 1
    warm(html(ROOT))  # as "book serve" does
    names = [f"{name}.html" for name in names] or in_order(html(ROOT))
    missed = []
    print(
        f"{'':26} kB<={KB} paint<{PAINT} live<{LIVE} blocking<{BLOCKING} (read) shift<{SHIFT}  Lighthouse: perf a11y best seo"
    )
    with serving(html(ROOT)) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        for name in names:
            got = measure(browser, address + name)
            scores = lighthouse(address + name) if LIGHTHOUSE.is_file() else {}
            live = "   -" if got.live is None else f"{got.live:4.2f}"
            print(
                f"{name.removesuffix('.html'):26} {got.kb:7.0f} {got.paint:9.2f} {live:>8} {got.blocking:12.2f} {got.read:6.2f} "
                f"{got.shift:10.3f}  {'  '.join(map(str, scores.values()))}",
                flush=True,
            )
            if not got.good() or any(scores[what] < goal for what, goal in SCORES.items() if what in scores):
                missed.append(name)
        browser.close()
    if not LIGHTHOUSE.is_file():
        print("Lighthouse was not asked: npm ci installs it.")
    print(f"pages that miss a goal: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
