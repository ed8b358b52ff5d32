"""Request sizes as bars and as a table: the means are right, and nothing is drawn from nothing."""

import pytest

from wbviz.errors import UsageError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.sim import compare
from wbviz.viz.cells.plots import request_sizes


def rows(*policies, seeds=(0, 1)):
    scene = build("scattered", {"pages": 12, "works": 3, "apart": 4})
    return compare([load_policy(policy) for policy in policies], scene, seeds)


def test_a_bar_for_each_policy_in_the_order_of_the_runs():
    sizes = request_sizes(rows("write_ahead", "pin_then_lock"))
    assert [bar.policy for bar in sizes.bars] == ["write_ahead", "pin_then_lock"]
    assert [bar.request_kib for bar in sizes.bars] == [8.0, 4.0]  # two pages a request, and one
    assert [bar.pages for bar in sizes.bars] == [6.0, 3.0]
    assert sizes.runs == 2


def test_the_first_bar_is_drawn_on_top():
    mark = request_sizes(rows("write_ahead", "pin_then_lock")).figure.marks[0]
    assert list(mark.x) == ["pin_then_lock", "write_ahead"]  # bqplot counts from below
    assert list(mark.y) == [4.0, 8.0]


def test_the_numbers_can_be_read_without_the_plot():
    sizes = request_sizes(rows("write_ahead", "pin_then_lock"))
    table = sizes.table()
    assert '<th scope="row">write_ahead</th><td>3</td><td>8.0</td><td>6</td>' in table
    assert "Means of 2 runs in simulated time; 3 requests each." in table
    assert "8.0 KiB a request" in repr(sizes)


def test_nothing_to_draw():
    with pytest.raises(UsageError, match="nothing to draw"):
        request_sizes([])
