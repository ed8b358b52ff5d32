"""A trace as a table, as a story, and its cycle in words."""

import ast
import re

import pytest

from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.called import called
from wbviz.trace.text import WIDEST, cell, cycle_words, snippet, story, table
from wbviz.trace.trace import Step, Trace


def trace_of(policy: str, scenario: str) -> Trace:
    trace = check_scenario(load_policy(policy), build(scenario)).trace
    assert trace is not None
    return trace


def test_the_table_has_a_row_a_step_and_a_column_for_whoever_takes_part() -> None:
    trace = trace_of("writearound", "abba")
    lines = table(trace).splitlines()
    assert lines[0].split() == ["step", "kswapd", "writer", "flusher"], "the disk takes no part"
    numbers = [int(number) for line in lines if (number := line[:4].strip()).isdigit()]
    assert numbers == list(range(1, len(trace.steps) + 1))
    column = lines[0].index("writer")
    assert [line[column:].split()[0] for line in lines if "lock_page(A0)" in line] == ["lock_page(A0)"]
    assert all(len(line) <= 5 + 3 * (WIDEST + 2) for line in lines)


def test_the_table_calls_things_as_the_book_does() -> None:
    """What only built-in tasks do has a name of the machine's own: no reader meets it."""
    for policy, scenario in [("lock_at_enqueue", "final-iput"), ("leaky", "full-queue"), ("backoff", "polite")]:
        trace = trace_of(policy, scenario)
        shown = table(trace)
        own = {step.op for step in trace.steps if called(step.op) != step.op}
        assert own
        assert not [name for name in own if name in shown], shown
        assert "take work 1" in shown


@pytest.mark.parametrize(
    ("op", "args", "result", "words"),
    [
        ("isolate", (), "A0", "pick A0"),
        ("isolate", (), None, "no dirty page"),
        ("lock_attached", ("A0",), True, "lock_page(A0)"),
        ("lock_attached", ("A0",), False, "A0 has left its file"),
        ("trylock_attached", ("A0",), False, "trylock_page(A0) = no"),
        ("trylock_attached", ("A0",), None, "A0 has left its file"),
        ("dirty_page", ("A0",), True, "write into A0"),
        ("queue_sync", ("A", True), "work 2", "queue work 2: sync A"),
        ("queue_work", ("A0", None), False, "queue_work(A0) = no"),
        ("queue_work", ("A0", "A"), True, "queue_work(A0, A)"),
        ("find_get_page", ("A", 0), "A0", "find_get_page(A, 0) = A0"),
        ("find_get_page", ("A", 7), None, "find_get_page(A, 7) = None"),
        ("iput", ("A",), True, "iput(A), the last one"),
    ],
)
def test_a_cell_says_what_was_done_and_what_came_of_it(
    op: str, args: tuple[object, ...], result: object, words: str
) -> None:
    step = Step("any", None, op, args, result, "", (), (), None, {})
    assert cell(step) == words


def test_a_loop_is_marked_from_where_it_begins() -> None:
    trace = trace_of("own_range", "piggyback")
    assert trace.loop is not None
    marked = [int(mark[1:]) for line in table(trace).splitlines() if (mark := line.split()[0]).startswith(">")]
    assert marked == list(range(trace.loop + 1, len(trace.steps) + 1))
    told = story(trace).splitlines()
    assert told[told.index("      from here on, for ever:") + 1].split()[0] == str(trace.loop + 1)


def test_the_story_tells_every_step_and_every_wait() -> None:
    trace = trace_of("writearound", "abba")
    told = story(trace)
    assert [line.split("  ")[-1] for line in told.splitlines() if re.match(" *[0-9]", line)] == [
        step.says for step in trace.steps
    ]
    assert "      flusher wants A0: it waits for writer" in told.splitlines()


def test_the_cycle_says_since_when() -> None:
    trace = trace_of("writearound", "abba")
    assert trace.verdict is not None
    said = cycle_words(trace, trace.verdict["cycle"])
    for edge in trace.verdict["cycle"]:
        (step,) = re.findall(rf"{edge['from']} waits for {edge['to']}: .*, since step (\d+)", said)
        taken = trace.steps[int(step) - 1]
        assert (taken.task, taken.args[0]) == (edge["to"], edge["page"]), "the step with which it took the lock"


def test_the_cycle_through_the_queue_and_with_oneself() -> None:
    queue = trace_of("lock_at_enqueue", "random-order")
    assert queue.verdict is not None
    assert "work 2 waits for flusher: it is queued for flusher" in cycle_words(queue, queue.verdict["cycle"])
    alone = trace_of("writearound", "piggyback")
    assert alone.verdict is not None
    assert cycle_words(alone, alone.verdict["cycle"]).startswith(
        "  flusher waits for itself: A1 is locked by flusher, since"
    )


def test_the_snippet_is_a_line_of_python_with_the_schedule_in_it() -> None:
    trace = trace_of("writearound", "abba")._replace(schedule="wb1 abba 'my \"own\" \\\\ policy' : kswapd")
    (call,) = ast.parse(snippet(trace)).body
    assert isinstance(call, ast.Expr)
    assert ast.unparse(call).startswith("wbviz.replay(")
    assert [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)] == [trace.schedule]


@pytest.fixture(scope="module")
def wide() -> list[Trace]:
    """Traces with many tasks."""
    pairs = [("lock_at_enqueue", "final-iput"), ("igrab_at_enqueue", "iput-in-flusher"), ("backoff", "polite")]
    return [trace_of(policy, scenario) for policy, scenario in pairs]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_table_keeps_to_its_width_and_loses_nothing(wide: list[Trace], width: int) -> None:
    """Also where a column for each task would be too narrow: then there is one for all of them."""
    for trace in wide:
        shown = table(trace, width)
        assert max(map(len, shown.splitlines())) <= width, shown
        rows = {int(number) for number in re.findall(r"^>?(\d+) ", shown, re.MULTILINE)}
        assert rows == set(range(1, len(trace.steps) + 1)), shown
        head = shown.splitlines()[0].split()
        assert ("who" in head) == ("kswapd" not in head)
