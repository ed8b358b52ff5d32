"""The labs: what a page gets is what the simulator did, and only what exists can be asked for."""

from __future__ import annotations

import itertools
import re
from html import escape
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.errors import UsageError
from wbviz.sim.reclaim import Settings, simulate_reclaim
from wbviz.viz.labs import reclaim
from wbviz.viz.labs.known import LABS
from wbviz.viz.labs.pack import column, numbers, pack, unpack
from wbviz.viz.labs.shown import BINS, grid, histogram
from wbviz.viz.labs.widget import PREPARE, Lab, lab


@given(st.lists(st.integers(0, 40_000)))
def test_columns_come_back_as_they_were(values: list[int]) -> None:
    assert numbers(unpack(pack(column(values)))) == values


def test_a_request_counts_for_the_largest_size_that_it_reaches() -> None:
    counts = histogram([(0, 1), (0, 3), (1, 128), (1, 127)], ticks=2)
    assert counts == [*(1, 1, 0, 0, 0, 0, 0, 0), *(0, 0, 0, 0, 0, 0, 1, 1)]
    assert len(BINS) == 8


def test_the_lives_of_pages_are_packed_without_loss() -> None:
    run = simulate_reclaim(Settings(memory=200, seconds=0.6), seed=2)
    heads, births, steps, codes = map(numbers, reclaim.lives(run))
    lives, born = [], 0
    for head, birth in zip(heads, births, strict=True):
        born += birth
        tick, life = born, []
        for number in range(head // 2):
            tick += steps.pop(0) if number else 0
            life.append((tick, codes.pop(0)))
        lives.append((head % 2, tuple(life)))
    assert not steps
    assert not codes
    assert lives == [(zone, life) for zone, life in run.lives if life]


@pytest.fixture(scope="module", params=LABS)
def prepared(request: pytest.FixtureRequest) -> tuple[ModuleType, Lab]:
    """A lab as the book's build makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PREPARE, "1")
        return LABS[request.param], lab(request.param)


def test_a_page_carries_a_run_for_all_that_its_controls_can_be_set_to(prepared: tuple[ModuleType, Lab]) -> None:
    kind, widget = prepared
    combinations = 1
    for control in kind.CONTROLS:
        combinations *= len(control.options)
    assert len(widget.index) == len(grid(kind.CONTROLS)) == combinations
    assert ",".join(str(value) for value in widget.chosen.values()) in widget.index


def test_every_prepared_run_is_the_simulators(prepared: tuple[ModuleType, Lab]) -> None:
    kind, widget = prepared
    runs = unpack(widget.runs)
    for settings in grid(kind.CONTROLS):
        run = runs[widget.index[",".join(str(value) for value in settings.values())]]
        again = unpack(pack(kind.simulate(settings, 1).to_json()))
        assert {**run, "settings": None} == {**again, "settings": None}


def test_all_runs_of_a_lab_take_the_same_time(prepared: tuple[ModuleType, Lab]) -> None:
    _, widget = prepared
    assert len({(run["ticks"], len(run["lines"]), len(run["marks"])) for run in unpack(widget.runs)}) == 1


def test_a_lab_is_small_enough_for_a_page(prepared: tuple[ModuleType, Lab]) -> None:
    _, widget = prepared
    assert len(widget.runs) * 3 / 4 < 150_000


@pytest.mark.parametrize("name", LABS)
def test_in_a_notebook_a_change_of_a_control_runs_the_simulator(name: str) -> None:
    widget = lab(name, seed=5)
    assert widget.index == {}
    control = widget.controls[0]
    wanted = {**widget.chosen, control["name"]: control["options"][1][0]}
    widget.wanted = wanted
    (run,) = unpack(widget.runs)
    assert widget.chosen == wanted
    assert run == unpack(pack(LABS[name].simulate(wanted, 5).to_json()))


def test_settings_without_a_control_stay_when_a_control_is_changed() -> None:
    widget = lab("reclaim", sequential=True, memory=300)
    assert any(option[0] == 300 for option in widget.controls[1]["options"])
    widget.wanted = {**widget.chosen, "who": "6.19"}
    (run,) = unpack(widget.runs)
    assert run["settings"]["sequential"] is True
    assert run["settings"]["memory"] == 300


@pytest.mark.parametrize("name", LABS)
def test_the_picture_says_what_the_first_run_came_to(name: str) -> None:
    widget = lab(name)
    picture = widget.picture()
    assert f'id="{widget.still}"' in picture
    for what, much in widget.first.table:
        assert escape(what) in picture
        assert escape(much) in picture
    for line in widget.first.lines:
        assert line.name in picture


@pytest.mark.parametrize("name", LABS)
def test_where_python_is_at_hand_everything_but_the_length_can_be_set(name: str) -> None:
    kind = LABS[name]
    assert {field.name for field in kind.FIELDS} == {*kind.SETTINGS._fields} - {"seconds"}
    for field in kind.FIELDS:
        for value in [option.value for option in field.options] or [field.least, field.most]:
            kind.simulate({"seconds": 0.1, field.name: value}, 1)
    shown = {field["name"]: field["value"] for field in lab(name, seed=5).fields}
    first = {**kind.SETTINGS()._asdict(), **kind.START, "seed": 5}
    assert shown == {key: value for key, value in first.items() if key != "seconds"}


@pytest.mark.parametrize("name", LABS)
def test_the_names_of_the_lines_do_not_lie_over_each_other(name: str) -> None:
    # "free" and "under writeback" did. The test above finds a name in the text wherever it is drawn.
    labels: dict[str, list[float]] = {}
    for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)" (?:font-size="11" )?style', lab(name).picture()):
        labels.setdefault(x, []).append(float(y))
    assert any(len(heights) > 1 for heights in labels.values())
    for heights in labels.values():
        above = sorted(heights)
        assert all(low - high >= 12 for high, low in itertools.pairwise(above)), labels


def test_two_labs_find_their_own_pictures() -> None:
    assert lab("reclaim").still != lab("reclaim", seed=2).still != lab("reclaim", memory=1024).still


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [("swap", {}, "no such lab"), ("reclaim", {"size": 5}, "no setting size"), ("reclaim", {"rate": -1}, "this rate")],
)
def test_what_does_not_exist_is_refused(name: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        lab(name, **settings)
