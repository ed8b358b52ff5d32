"""How many frames a second the player holds with 64 pages, drawn by bqplot in headless Chromium.

    python -m tests.bench.bench_player

Steps through a trace of 64 pages and eight tasks, the next step as soon as the last one has come to rest, so that
something moves all the time, and measures the time from one animation frame of the browser to the next. Exits 1 when
the median falls below 60 a second.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import CDPSession, sync_playwright

from tests.browser.chromium import FLAGS, executable
from tests.browser.players import embed, runtime_present, serving
from tests.viz.samples import crowd
from wbviz.viz.stage.player import player

SECONDS = 8
_MEASURE = """
(seconds) => new Promise((resolve) => {
  const times = [];
  const forward = document.querySelector(".wb-forward");
  const stepping = setInterval(() => forward.click(), 430);
  const begin = performance.now();
  const tick = (now) => {
    times.push(now);
    if (performance.now() - begin < seconds * 1000) requestAnimationFrame(tick);
    else { clearInterval(stepping); resolve(times); }
  };
  requestAnimationFrame(tick);
})
"""


def frames_per_second(seconds: int = SECONDS) -> dict[str, float]:
    """Median and fifth percentile of the frame rate while playing, and the rate on the whole."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        embed([player(crowd(64, 160))], Path(folder))
        browser = driver.chromium.launch(executable_path=executable(), args=FLAGS)
        with serving(Path(folder)) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            page.wait_for_selector('.wb-player[data-drawn="bqplot"]')
            page.wait_for_selector(".wb-player .bqplot .curve path")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            before = _busy(session)
            times = page.evaluate(_MEASURE, seconds)
            busy = _busy(session) - before
            shown = page.locator(".wb-player").get_attribute("data-frame")
        browser.close()
    gaps = [b - a for a, b in pairwise(times) if b > a]
    return {
        "median": 1000 / median(gaps),
        "p5": 1000 / quantiles(gaps, n=20)[-1],
        "overall": 1000 * len(gaps) / (times[-1] - times[0]),
        "longest_ms": max(gaps),
        "busy_ms": 1000 * busy / len(gaps),
        "frames_played": float(shown or 0),
    }


def _busy(session: CDPSession) -> float:
    """Seconds that the page's main thread has worked so far, layout and painting included."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def main() -> int:
    if not runtime_present():
        print("The widget runtime is not installed: run `npm ci` first.", file=sys.stderr)
        return 2
    if executable() is None:
        print("There is no Chromium. On Debian: apt-get install chromium; else set CHROMIUM.", file=sys.stderr)
        return 2
    rate = frames_per_second()
    print(
        f"player, 64 pages, bqplot: median {rate['median']:.1f} frames/s, 5th percentile {rate['p5']:.1f}, "
        f"overall {rate['overall']:.1f}, longest gap {rate['longest_ms']:.0f} ms; "
        f"{rate['busy_ms']:.1f} ms of work a frame (16.7 are available), {rate['frames_played']:.0f} steps"
    )
    return 0 if rate["median"] >= 59 else 1


if __name__ == "__main__":
    sys.exit(main())
