"""Charts of a page: as long as their numbers, lines named where they end."""

from __future__ import annotations

import re

import pytest

from wbviz.viz.cells.charts import Curve, bar_chart, log_chart


def test_a_bar_is_as_long_as_its_number() -> None:
    html = bar_chart({"whole": 200.0, "half <": 100.0}, "KiB")
    assert re.findall(r"<dt>(.*?)</dt><dd style=\"--part: ([\d.]+)\">(\d+)</dd>", html) == [
        ("whole", "1.000", "200"),
        ("half &lt;", "0.500", "100"),
    ]


@pytest.mark.parametrize("same", [1.0, 10.0])
def test_lines_are_named_a_line_of_text_apart(same: float) -> None:
    curves = [Curve(f"curve {i}", ((1, 1.0), (4, same))) for i in range(5)]
    html = log_chart(curves, "size", "states", [1.0, 10.0, 100.0])
    assert html.count("<svg") == 2
    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>curve \d<', html)][:5]
    assert all(b - a >= 13 for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False))
    assert all(0 < height < 320 for height in heights)


def test_a_power_of_ten_is_as_far_as_the_next() -> None:
    html = log_chart([Curve("one", ((1, 1.0), (2, 10.0), (3, 100.0)))], "size", "states", [1.0, 10.0, 100.0])
    points = re.findall(r'points="([^"]*)"', html)[0].split()
    xs, ys = zip(*(map(float, point.split(",")) for point in points), strict=True)
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.2)
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.2)
