"""A recorded load beside the simulator's run: both are drawn on one scale, from what was recorded and simulated."""

from __future__ import annotations

import re

import pytest

from wbviz.trouble.record.loads import LOADS
from wbviz.viz.cells.beside import Side, beside, sides
from wbviz.viz.cells.curves import Drawing, curves
from wbviz.viz.cells.recorded import recording
from wbviz.viz.labs.shown import Line


def drawing(values: list[float], busy: str = "") -> Drawing:
    return Drawing((Line("dirty", "dirty-line", "dashed", values),), (("limit", 4.0),), {"paused": busy}, 0.5, "MiB")


def points(picture: str) -> list[tuple[float, float]]:
    found = re.search(r'<polyline points="([^"]+)"', picture)
    assert found is not None
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[1].split())]


def test_a_curve_goes_from_side_to_side_and_up_where_there_is_more() -> None:
    (x0, y0), (x1, y1), (x2, y2) = points(curves(drawing([0.0, 8.0, 4.0]), 8.0, "one"))
    assert x0 < x1 < x2
    assert y1 < y2 < y0
    assert (y0 - y1) == pytest.approx(2 * (y0 - y2), abs=1.5)


def test_the_same_value_stands_at_the_same_height_in_both() -> None:
    low, high = drawing([2.0, 2.0]), drawing([2.0, 9.0])
    top = max(low.highest, high.highest)
    assert points(curves(low, top, "low"))[0] == points(curves(high, top, "high"))[0]


def test_a_strip_has_a_piece_for_each_stretch_that_is_alike_and_none_for_idle_ones() -> None:
    picture = curves(drawing([0.0] * 6, "099003"), 4.0, "one")
    pieces = re.findall(r'd="M[\d.]+ [\d.]+h([\d.]+)v[^"]*z".*?opacity:([\d.]+)', picture)
    assert [opacity for _, opacity in pieces] == ["0.33", "1.00"]
    assert float(pieces[1][0]) > float(pieces[0][0])


@pytest.mark.parametrize("name", LOADS)
def test_a_load_is_shown_with_its_settings_both_sides_and_their_numbers(name: str) -> None:
    shown, data = beside(name).data, recording(name)
    assert f"dirty_background_ratio {data['background']}, dirty_ratio {data['dirty']}" in shown
    assert data["recorded"]["release"] in shown
    assert shown.count("<polyline") == (6 if data["lab"] == "reclaim" else 4)
    rows = re.findall(r"<tr><th scope=\"row\">.*?</th><td>(.*?)</td><td>(.*?)</td></tr>", shown)
    assert len(rows) >= 3
    assert all(machine and simulator for machine, simulator in rows)
    assert len(shown) < 25_000


def test_both_sides_have_the_same_strips_in_the_same_order() -> None:
    machine, simulated = re.findall(r"<svg xmlns.*?</svg>", beside("throttled").data)
    names = [re.findall(r'text-anchor="end"[^>]*>([a-z ]+)</text>', picture) for picture in (machine, simulated)]
    assert names[0] == names[1]
    assert "paused" in names[0]


# What the chapter says of the shapes. A new recording, or a change of a simulator, may make it untrue.


def line(side: Side, name: str) -> list[float]:
    (found,) = [one.values for one in side.drawing.lines if one.name == name]
    return list(found)


def busy(side: Side, name: str) -> int:
    return sum(map(int, side.drawing.busy.get(name, "")))


def number(side: Side, name: str) -> float:
    found = re.search(r"[\d,.]+", side.numbers[name])
    assert found is not None
    return float(found[0].replace(",", ""))


def test_background_writeback_begins_at_the_threshold_and_nobody_pauses() -> None:
    machine, simulator = sides("background")
    for side in (machine, simulator):
        assert max(line(side, "dirty")) == pytest.approx(side.drawing.marks[0][1], rel=0.15)
        assert side.numbers["writers paused"] == "never"
    assert number(machine, "written to the disk") == pytest.approx(number(simulator, "written to the disk"), rel=0.25)
    assert machine.drawing.busy["periodic"].strip("0")


def test_the_work_of_a_sync_is_over_at_once_on_the_machine_only() -> None:
    machine, simulator = sides("sync")
    assert 5 * busy(machine, "sync") < busy(simulator, "sync")


def test_throttled_writers_go_as_fast_as_the_disk() -> None:
    machine, simulator = sides("throttled")
    assert number(machine, "written to the disk") == pytest.approx(number(simulator, "written to the disk"), rel=0.1)
    assert busy(machine, "paused") > 100
    assert busy(simulator, "paused") > 100


def test_with_a_higher_limit_both_fill_it_the_machine_with_what_is_under_writeback() -> None:
    for side in sides("throttled-40"):
        marks = dict(side.drawing.marks)
        midway = (marks["background"] + marks["limit"]) / 2
        sums = [a + b for a, b in zip(line(side, "dirty"), line(side, "under writeback"), strict=True)]
        assert midway < max(sums) < 1.15 * marks["limit"]
    machine, simulator = sides("throttled-40")
    assert max(line(simulator, "under writeback")) <= 17
    assert max(line(machine, "under writeback")) > 2 * 17


def test_with_the_usual_ratios_reclaim_is_done_in_passing() -> None:
    machine, simulator = sides("pressure")
    assert simulator.numbers["direct reclaim"] == "never"
    assert busy(simulator, "kswapd") == 0
    assert number(machine, "direct reclaim") > 0
    assert busy(machine, "kswapd") > 0
    low = dict(machine.drawing.marks)["low"], dict(simulator.drawing.marks)["low"]
    assert 2 * low[0] < low[1]


def test_with_higher_ratios_reclaim_wakes_the_flusher_and_the_simulator_stalls_longer() -> None:
    trace = recording("pressure-90")["trace"]
    assert "vmscan" in trace["works"]
    assert "background" not in trace["works"]
    machine, simulator = (
        re.match(r"([\d,]+) times, ([\d.]+) (m?s) in all", side.numbers["direct reclaim"])
        for side in sides("pressure-90")
    )
    assert machine is not None
    assert simulator is not None
    means = [float(one[2]) / (1000 if one[3] == "ms" else 1) / int(one[1]) for one in (machine, simulator)]
    assert means[1] > 3 * means[0]
