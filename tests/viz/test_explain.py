"""The small figures: each moment is drawn and told, and nothing needs a script, motion or a colour."""

import re

import pytest

from wbviz.viz.cells import explain
from wbviz.viz.cells.moments import WIDTH

FIGURES = {
    name: getattr(explain, name)().data
    for name in ("second_chance", "watermarks", "generations", "three_lists", "throttle_curve", "page_life", "who_pins")
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_moment_has_a_place_inside_and_words(name: str) -> None:
    text = FIGURES[name]
    moments = len(re.findall(r'<input type="radio"', text))
    (height,) = re.findall(rf'viewBox="0 0 {WIDTH} ([0-9.]+)"', text)
    places = re.findall(r"--x(\d):(-?[0-9.]+)px;--y\1:(-?[0-9.]+)px", text)
    assert moments == len(places) == text.count("<li>") > 1
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= float(height) for _, x, y in places)
    assert text.count(" checked>") == 1


@pytest.mark.parametrize("name", FIGURES)
def test_it_can_be_read_on_a_telephone_on_paper_and_aloud(name: str) -> None:
    text = FIGURES[name]
    assert all(float(size) >= 12 for size in re.findall(r'font-size="([0-9.]+)"', text))
    assert len(re.findall(r'role="img" aria-label="[^"]{60,}"', text)) == 1
    assert "prefers-reduced-motion" in text
    assert "@media print" in text
    assert "<script" not in text


@pytest.mark.parametrize("name", FIGURES)
def test_on_paper_each_moment_has_its_number_in_the_drawing_and_none_covers_another(name: str) -> None:
    """On paper nothing can be chosen: so far the picture showed the first moment only, and nobody had looked."""
    (numbers,) = re.findall(r'<g class="wb-numbers">(.*?)</g>', FIGURES[name])
    told = [int(n) for n in re.findall(r">(\d)</text>", numbers)]
    assert told == list(range(1, FIGURES[name].count("<li>") + 1))
    places = [complex(float(x), float(y)) for x, y in re.findall(r'cx="([0-9.]+)" cy="([0-9.]+)" r="10"', numbers)]
    assert len(places) == len(told)
    assert all(abs(a - b) > 22 for n, a in enumerate(places) for b in places[:n])


def test_each_has_a_name_of_its_own() -> None:
    names = [re.findall(r'id="(explain-[^"]+)"', text) for text in FIGURES.values()]
    assert len({name for (name,) in names}) == len(FIGURES)


def test_the_curve_is_the_kernels() -> None:
    """Twice the share at 15 %, once half-way, nothing at the limit: the dots lie on the axis of their factor."""
    places = {n: float(y) for n, y in re.findall(r"--y(\d):(-?[0-9.]+)px", FIGURES["throttle_curve"])}
    assert places["1"] < places["2"] < places["3"] < places["4"]
    assert places["2"] - places["1"] == pytest.approx(places["4"] - places["2"])
