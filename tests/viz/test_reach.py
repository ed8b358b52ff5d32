"""The appendix on cost: what the benchmarks wrote, and nothing else, becomes curves and tables."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wbviz.viz.cells import reach

SIZES = {"kswapd": 1, "pages": 3, "works": 1, "writers": 1}
POINT = {"value": 1, "states": 1234, "seconds": 0.5, "mib": 20.4, "search": 20.4}
SPIN = POINT | {"seconds": 2.25, "search": 6.2}
MEASURED: dict[str, Any] = {
    "reach": {
        "machine": "a machine",
        "start": {"pages": 3, "kswapd": 1, "works": 1, "writers": 1},
        "longest": 20,
        "curves": {
            "pages": [POINT, POINT | {"value": 2, "states": 5678}],
            "kswapd": [POINT],
            "works": [POINT],
            "writers": [],
        },
    },
    "peers": {
        "machine": "a machine",
        "versions": ["Spin 6"],
        "rounds": 5,
        "abba": 0.121,
        "rows": [
            {
                "sizes": SIZES | {"kswapd": 2},
                "tools": {
                    "Harmony, fused": POINT | {"seconds": 0.4, "states": 15_308},
                    "Spin, plain": SPIN,
                    "wbviz": POINT,
                    "wbviz, compiled": POINT | {"seconds": 0.25},
                },
            },
            {"sizes": SIZES | {"pages": 9}, "tools": {"Spin, plain": POINT | {"seconds": 0.75, "states": 1_411_397}}},
        ],
    },
    "farthest": {
        "machine": "a machine",
        "versions": ["Spin 6"],
        "tools": {
            "wbviz": {"pages": {"value": 17, "states": 123_456, "cpu": 9.87, "mib": 99.5, "ends": "seconds"}},
            "Spin": {"pages": {"value": 8, "states": 999, "cpu": 5.0, "mib": 99.5, "ends": "model"}},
            "Harmony": {"pages": {"value": 0, "ends": "failed"}},
        },
        "certificate": 0.123,
    },
    "pyodide": {
        "machine": "a machine",
        "rounds": 5,
        "pyodide": "0.29",
        "python": "3.13",
        "node": "v20",
        "rows": [{"what": "whole process", "native": 0.5, "pyodide": 1.0, "ratio": 2.0}],
    },
}


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "reach.json"
    file.write_text(json.dumps(MEASURED), encoding="utf-8")
    monkeypatch.setattr(reach, "FILE", file)
    return file


def test_curves_with_a_table_of_the_same_numbers(measured: Path) -> None:
    growth = reach.growth()
    assert growth.table().rows[1:3] == [("pages", "1", "1,234", "0.50", "20"), ("pages", "2", "5,678", "0.50", "20")]
    assert [list(mark.y) for mark in growth.figures[0].marks][:2] == [[1234, 5678], [1234]]
    assert growth.figures[0].axes[1].tick_values.tolist() == [1000, 10000]
    looks = [(mark.marker, mark.line_style) for mark in growth.figures[0].marks]
    assert len(set(looks)) == 3, "told apart without colour"


def test_how_far_each_tool_comes(measured: Path) -> None:
    assert reach.farthest().rows == [
        ("", "pages"),
        ("wbviz", "17 (123k states, 9.9\u00a0s)"),
        ("Spin", "8+ (999 states, 5.0\u00a0s)"),
        ("Harmony", "none"),
        ("certificate", "every size (0.12\u00a0s)"),
    ]


def test_the_tools_stand_side_by_side(measured: Path) -> None:
    head = ("", "3,2, 1,1", "9,1, 1,1")
    assert reach.peers("seconds").rows == [
        head,
        ("wbviz", "0.50", "–"),
        ("wbviz, compiled", "0.25", "–"),
        ("Spin, plain", "2.25", "0.75"),
        ("Harmony, fused", "0.40", "–"),
    ]
    assert reach.peers("times").rows == [head, ("wbviz", "4.5", "–"), ("wbviz, compiled", "9.0", "–")]
    assert reach.peers("MiB").rows[3] == ("Spin, plain", "20 (6)", "20")
    states = reach.peers("states").rows
    assert states[1] == ("wbviz", "1,234", "–")
    assert states[3][2] == "1.4M"
    assert states[4][1] == "15k"


def test_each_question_has_its_time(measured: Path) -> None:
    assert "takes 0.12 s" in reach.abba().data
    assert reach.browser().rows[1] == ("whole process", "0.500\xa0s", "1.000\xa0s", "2.00")
    assert reach.machines().data.count("a machine") == 4
    assert "Pyodide 0.29 (Python 3.13), Node v20; medians of 5" in reach.machines().data


def test_what_was_not_measured_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "FILE", tmp_path / "reach.json")
    shows = (reach.growth, partial(reach.peers, "seconds"), reach.browser, reach.abba, reach.machines)
    for show in shows:
        assert "Not measured yet: `make bench`" in show().data
