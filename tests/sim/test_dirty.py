"""How much dirty data is put up with, and how long writers pause."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wbviz.sim.dirty import MAX_PAUSE, dirty_limits, pause_seconds, position_ratio


def test_the_defaults_let_writers_run_freely_up_to_fifteen_percent() -> None:
    assert dirty_limits(1000, 10, 20) == (100, 150, 200)


def test_a_background_threshold_that_is_not_below_the_limit_counts_as_half_of_it() -> None:
    assert dirty_limits(1000, 60, 20).background == 100
    assert dirty_limits(1000, 20, 20).background == 100


def test_the_fair_share_is_doubled_at_the_end_of_free_run_and_nothing_at_the_limit() -> None:
    limits = dirty_limits(1000, 10, 20)
    assert position_ratio(limits, 150) == 2
    assert position_ratio(limits, 175) == 1
    assert position_ratio(limits, 200) == 0


@given(st.integers(1, 99), st.integers(1, 100), st.integers(0, 2000), st.integers(0, 2000))
def test_the_more_is_dirty_the_longer_the_pause(background: int, ratio: int, one: int, other: int) -> None:
    limits = dirty_limits(1000, background, ratio)
    less, more = sorted((one, other))
    assert 0 <= pause_seconds(limits, less, 1, 500.0) <= pause_seconds(limits, more, 1, 500.0) <= MAX_PAUSE


@given(st.integers(0, 150))
def test_nobody_pauses_up_to_the_end_of_free_run(dirty: int) -> None:
    assert pause_seconds(dirty_limits(1000, 10, 20), dirty, 1, 500.0) == 0
    assert pause_seconds(dirty_limits(1000, 10, 20), dirty + 151, 1, 500.0) > 0
