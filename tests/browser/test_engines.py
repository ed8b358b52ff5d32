"""One smoke suite in three engines: no page has an error; a player, a level, an answer, a heading, dark mode.

An engine that is not installed is skipped for a person, who is told so, and fails in CI.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.engines import ENGINES, Engine, Missing
from tests.browser.test_site import names
from wbviz.site.server import serving

pytestmark = pytest.mark.browser

# Into every page, before anything else of it: whatever goes wrong, in any engine.
_NOTED = """<head><script>
window.noted = [];
addEventListener("error", (e) => {
  // Firefox fetches rel="next" ahead when it has time, and gives that up when the page is left.
  if (e.target.rel !== "next") noted.push(e.message ?? `not got: ${e.target.src ?? e.target.href}`);
}, true);
addEventListener("unhandledrejection", (e) => noted.push(String(e.reason)));
console.error = (...words) => noted.push(words.join(" "));
</script>"""
_SHOW_ALL = """
for (const folded of document.querySelectorAll("details")) folded.open = true;
for (const place of document.querySelectorAll(".wb-place[data-kind]")) {
  place.scrollIntoView({ behavior: "instant" });
  for (let waits = 0; !place.dataset.live; waits += 1) {
    if (waits > 600) throw new Error(`${place.dataset.kind} ${place.dataset.id} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
"""
OTHERS = [name for name in ENGINES if name != "chromium"]
"""In Chromium, test_site.py reads every page. They come first, as in `ENGINES`, so that each is started only once."""

_PLAYER = '.wb-player[data-player="abba-writearound"]'


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn."""
    try:
        with ENGINES[request.param]() as found:
            yield found
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{request.param}: {missing}")
        pytest.skip(f"{request.param} was not tested: {missing}")


@pytest.fixture(scope="module")
def noted(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built book, whose pages note what goes wrong in them."""
    folder = tmp_path_factory.mktemp("noted")
    (folder / "exercises").mkdir()
    for path in (*pages.iterdir(), *(pages / "exercises").iterdir()):
        there = folder / path.relative_to(pages)
        if path.suffix == ".html":  # the notes on the design stay as they are
            there.write_text(path.read_text(encoding="utf-8").replace("<head>", _NOTED, 1), encoding="utf-8")
        elif not there.exists():
            there.symlink_to(path)
    with serving(folder, "/course/") as address:
        yield address


def until(engine: Engine, condition: str, seconds: float = 20) -> None:
    """Wait until a condition holds in the page."""
    end = time.monotonic() + seconds
    while not engine.run(f"return Boolean({condition})"):
        assert time.monotonic() < end, f"never true: {condition}"
        time.sleep(0.05)


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("design/")])
def test_a_page_has_no_error_and_all_its_widgets(engine: Engine, name: str, noted: str) -> None:
    engine.open(noted + name)
    engine.run(_SHOW_ALL)
    assert engine.run("return document.querySelector('h1').textContent")
    assert engine.run("return noted") == []
    assert engine.run("return [...document.querySelectorAll('.wb-place[data-live=no]')].length") == 0


def test_a_player_by_click_and_by_key(engine: Engine, noted: str) -> None:
    engine.open(f"{noted}lock-ordering.html#play=abba-writearound:0")
    frame = f"document.querySelector('{_PLAYER}')?.dataset.frame"
    until(engine, f"{frame} === '0'")
    engine.click(f"{_PLAYER} .wb-forward")
    until(engine, f"{frame} === '1'")
    engine.press("ArrowRight")
    until(engine, f"{frame} === '2'")
    engine.press("Home")
    until(engine, f"{frame} === '0'")
    engine.press("ArrowRight")
    until(engine, f"{frame} === '1'")
    assert engine.run(f"return document.querySelectorAll('{_PLAYER} .wb-svg text').length") > 5


def test_a_level_is_won(engine: Engine, noted: str) -> None:
    engine.open(f"{noted}lock-ordering.html#game=abba:")
    engine.run(_SHOW_ALL)
    level = "document.querySelector('.wb-game[data-game=abba]')"
    for _ in range(40):
        if engine.run(f"return {level}.dataset.stands") == "won":
            break
        engine.click(".wb-game[data-game=abba] .wb-help")
        engine.click(".wb-game[data-game=abba] .wb-help")
        engine.click(".wb-game[data-game=abba] .wb-moves button[data-hint]")
    assert engine.run(f"return {level}.dataset.stands") == "won"
    assert "Won in" in engine.run(f"return {level}.querySelector('.wb-won').textContent")


def test_an_answer_is_kept(engine: Engine, noted: str) -> None:
    place = "document.querySelector('.wb-place[data-id=why-this-book-1]')"
    for visit in ("first", "second"):
        engine.open(noted + "why-this-book.html")
        engine.run(f"{place}.scrollIntoView({{ behavior: 'instant' }})")
        until(engine, f"{place}.dataset.live === 'yes'")
        if visit == "first":
            engine.click(".wb-place[data-id=why-this-book-1] button[data-answer]")
        until(engine, f"{place}.querySelector('.wb-feedback').textContent")
        assert engine.run(f"return {place}.querySelectorAll('[aria-pressed=true]').length") == 1


@pytest.mark.parametrize("place", ["queue.html#lock-at-execution", "progress.html#key-points"])
def test_a_link_to_a_heading_stays(engine: Engine, place: str, noted: str) -> None:
    engine.open(noted + place)
    top = f"document.getElementById('{place.partition('#')[2]}').getBoundingClientRect().top"
    until(engine, f"Math.abs({top} - parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)) < 40")
    # Whatever is near the view comes, above the heading and below it.
    until(
        engine,
        """[...document.querySelectorAll('.wb-place[data-kind]')].every((place) => {
             const box = place.getBoundingClientRect();
             return place.dataset.live || box.bottom < -0.7 * innerHeight || box.top > 1.7 * innerHeight;
           })""",
    )
    assert -5 < engine.run(f"return {top}") < 150
    engine.run(_SHOW_ALL)  # what lay above has its final height now: the same link leads to the same place
    engine.run("location.hash = '#'; location.hash = " + repr("#" + place.partition("#")[2]))
    until(engine, f"-5 < {top} && {top} < 150")


def test_dark_mode(engine: Engine, noted: str) -> None:
    engine.open(noted + "why-this-book.html")
    engine.run(_SHOW_ALL)
    html = "document.documentElement"
    for _ in range(3):
        engine.click(".theme-switch-button")
        if engine.run(f"return {html}.dataset.mode") == "dark":
            break
    assert engine.run(f"return {html}.dataset.theme") == "dark"
    brightness = """
      const [r, g, b] = getComputedStyle(document.querySelector(SELECTOR)).backgroundColor.match(/[0-9.]+/g);
      return (Number(r) + Number(g) + Number(b)) / 3;
    """
    for selector in ("'body'", "'.wb-player'"):
        assert engine.run(brightness.replace("SELECTOR", selector)) < 60
    engine.open(noted + "glossary.html")
    assert engine.run(f"return {html}.dataset.theme") == "dark", "the choice was forgotten"
    engine.run("localStorage.clear()")
