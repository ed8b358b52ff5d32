"""The lock-order report, on worlds where every nesting can be read off the tasks."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.check.tiny import graph_of, tiny
from wbviz.check.check import check_scenario
from wbviz.check.locks import ACROSS, DOWN, QUEUE, SAME, TRIED, UP, WANTED, LockReport, lock_orders
from wbviz.check.locks_text import locks_dot, locks_text
from wbviz.check.orders import circles
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schedule import parse


def clean(pages: int, *tasks: tuple[Any, ...], **fields: Any) -> Scenario:
    return tiny(pages, *tasks, clean=tuple(f"A{index}" for index in range(pages)), **fields)


def report_of(scenario: Scenario, policy: str = "pin_then_lock") -> LockReport:
    return lock_orders(graph_of(scenario, policy))


def pairs(report: LockReport, kind: str = WANTED) -> set[tuple[str, str, str]]:
    return {(order.task, order.held, order.wanted) for order in report.orders if order.kind == kind}


def end_of(scenario: Scenario, schedule: str) -> dict[str, int]:
    """How many steps each task takes in a schedule that the machine accepts."""
    machine = Machine(scenario, load_policy("pin_then_lock"))
    moves = moves_of(machine, parse(schedule))
    names = [machine.world.task_names[task] for task, _ in moves]
    return {name: names.count(name) for name in names}


OPPOSITE = clean(2, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")))


def test_two_writers_in_opposite_order() -> None:
    report = report_of(OPPOSITE)
    assert pairs(report) == {("u", "A0", "A1"), ("d", "A1", "A0")}
    assert [order.direction for order in report.orders] == [UP, DOWN]
    assert report.by_class == {UP: 1, DOWN: 1, SAME: 0, ACROSS: 0}
    (circle,) = report.inversions
    assert circle.pages == ("A0", "A1")
    assert end_of(OPPOSITE, circle.meets) == {"u": 1, "d": 1}, "each has its first lock, and wants the other's"
    (wrong,) = report.violations
    assert (wrong.task, wrong.held, wrong.wanted, wrong.operation) == ("d", "A1", "A0", "lock_attached")
    assert end_of(OPPOSITE, wrong.schedule) == {"d": 1}
    text = locks_text(report)
    assert "A0 → A1 (u) and A1 → A0 (d): they wait for each other, and none of them can go on" in text
    assert "d wants A0 while it holds A1" in text
    assert "lockdep says: nothing. Up to Linux 6.19" in text


def test_an_inversion_that_another_lock_keeps_apart() -> None:
    """Both take A0 first, so they never hold A1 and A2 against each other; lockdep's rule finds it all the same."""
    scenario = clean(3, ("u", "writer", ("A0", "A1", "A2")), ("d", "writer", ("A0", "A2", "A1")))
    assert check_scenario(load_policy("pin_then_lock"), scenario).verdict == "safe"
    report = report_of(scenario)
    assert [(circle.pages, circle.meets) for circle in report.inversions] == [(("A1", "A2"), "")]
    assert "in no interleaving at once" in locks_text(report)
    assert [(order.task, order.held, order.wanted) for order in report.violations] == [("d", "A2", "A1")]


def test_a_circle_of_three() -> None:
    scenario = clean(3, ("a", "writer", ("A0", "A1")), ("b", "writer", ("A1", "A2")), ("c", "writer", ("A2", "A0")))
    (circle,) = report_of(scenario).inversions
    assert circle.pages == ("A0", "A1", "A2")
    assert end_of(scenario, circle.meets) == {"a": 1, "b": 1, "c": 1}


def test_trylocks_are_noted_and_close_no_circle() -> None:
    report = report_of(clean(2, ("p", "polite", ("A1", "A0")), ("u", "writer", ("A0", "A1"))))
    assert pairs(report, TRIED) == {("p", "A1", "A0")}
    assert pairs(report) == {("u", "A0", "A1")}
    assert not report.inversions
    assert not report.violations
    assert "(never waits)" in locks_text(report)


def test_one_lock_at_a_time_nests_nothing() -> None:
    report = report_of(clean(2, ("t", "truncate", ("A0", "A1"))))
    assert not report.orders
    assert "nobody ever wants a page lock while holding one" in locks_text(report)


def test_the_policy_is_named_with_its_line() -> None:
    report = report_of(build("abba"), "writearound")
    (down,) = report.violations
    assert (down.task, down.operation) == ("flusher", "lock_page")
    source = load_policy("writearound").source.splitlines()
    assert down.line is not None
    assert "lock_page" in source[down.line - 1]
    assert f"writearound.py line {down.line}" in locks_text(report)


def test_a_page_that_its_holder_wants() -> None:
    report = report_of(build("piggyback"), "writearound")
    own = [order for order in report.violations if order.direction == SAME]
    assert [(order.held, order.wanted, order.operation) for order in own] == [("A1", "A1", "writepage")]
    assert ("A1",) in [circle.pages for circle in report.inversions]


def test_what_the_queue_holds_is_held_against_the_flusher() -> None:
    report = report_of(build("random-order"), "lock_at_enqueue")
    assert ("A0", "A2") in {(order.held, order.wanted) for order in report.orders if order.kind == QUEUE}
    circle = next(circle for circle in report.inversions if circle.pages == ("A1", "A2"))
    assert {(order.task, order.holder) for order in circle.orders} == {("writer", "writer"), ("flusher", "the queue")}
    assert circle.meets
    assert not report.violations, "no task holds a higher index: even a lockdep with indices is blind"
    assert "Even that one is blind to A2 → A1" in locks_text(report)


def test_with_two_flushers_the_other_one_may_help() -> None:
    report = report_of(build("sync-ahead", {"flushers": 2}), "lock_at_enqueue")
    assert all(order.holder == "the queue" for circle in report.inversions for order in circle.orders)
    assert "none of them can go on" not in locks_text(report)


def test_what_was_not_explored_is_said() -> None:
    early = locks_text(lock_orders(graph_of(OPPOSITE, max_states=1)))  # the start, and one first lock or the other
    assert "only what was explored: more than 1 states" in early
    assert "not yet at once in what was explored" in early
    nothing = locks_text(lock_orders(graph_of(clean(1, ("r", "reader", "A0", False)), max_states=1)))
    assert nothing.count("so far") == 2, "no inversion so far, and no violation"


def test_as_data_and_as_a_drawing() -> None:
    report = report_of(OPPOSITE)
    data = json.loads(json.dumps(report.to_json()))
    assert [data["orders"][place]["task"] for place in data["inversions"][0]["orders"]] == ["u", "d"]
    drawing = report.drawing()
    assert [node["page"] for node in drawing["nodes"]] == ["A0", "A1"]
    assert [(edge["from"], edge["to"], edge["by"], edge["inverted"]) for edge in drawing["edges"]] == [
        ("A0", "A1", ["u"], True),
        ("A1", "A0", ["d"], True),
    ]
    assert '"A0" -> "A1" [label="u", style="solid", color="red3", penwidth="2"];' in locks_dot(report)


@pytest.mark.parametrize(
    ("given_pairs", "expected"),
    [
        (set(), []),
        ({(0, 1), (1, 2), (0, 2)}, []),
        ({(1, 1)}, [(1,)]),
        ({(0, 1), (1, 0)}, [(0, 1)]),
        ({(2, 0), (0, 1), (1, 2)}, [(0, 1, 2)]),
        ({(0, 1), (1, 0), (1, 2), (2, 1)}, [(0, 1), (1, 2)]),
        ({(0, 1), (1, 0), (1, 2), (2, 0)}, [(0, 1), (0, 1, 2)]),
    ],
)
def test_circles(given_pairs: set[tuple[int, int]], expected: list[tuple[int, ...]]) -> None:
    assert circles(given_pairs) == expected


RANGES = st.lists(st.permutations(("A0", "A1", "A2")).map(tuple), min_size=1, max_size=3)


@settings(max_examples=25)
@given(ranges=RANGES, cut=st.integers(1, 3))
def test_writers_nest_as_they_are_written(ranges: list[tuple[str, ...]], cut: int) -> None:
    """Each can run alone, so each nesting in its text is seen; a circle that closes is a deadlock, and needs one."""
    ranges = [pages[:cut] if number else pages for number, pages in enumerate(ranges)]
    scenario = clean(3, *((f"w{number}", "writer", pages) for number, pages in enumerate(ranges)))
    report = report_of(scenario)
    assert pairs(report) == {
        (f"w{number}", held, wanted)
        for number, pages in enumerate(ranges)
        for place, wanted in enumerate(pages)
        for held in pages[:place]
    }
    verdict = check_scenario(load_policy("pin_then_lock"), scenario).verdict
    if any(circle.meets for circle in report.inversions):
        assert verdict == "deadlock"
    if verdict == "deadlock":
        assert report.inversions
