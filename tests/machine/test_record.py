"""A run as a trace: what each step says, who begins to wait, and the way back from a schedule."""

import pytest

from tests.machine.driving import KSWAPD, go, machine, machine_of, policy
from wbviz.errors import TraceError
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of, record, snapshot
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schedule import parse
from wbviz.trace.trace import Trace

ABBA = "kswapd*3 writer flusher*3"


def abba() -> Machine:
    return machine_of(build("abba"), load_policy("writearound"))


def recorded(machine: Machine, words: str) -> Trace:
    return record(machine, moves_of(machine, parse(f"wb1 {machine.scenario.name} {machine.policy.name} : {words}")))


def test_the_sentences_of_the_first_deadlock_word_for_word() -> None:
    trace = recorded(abba(), ABBA)
    assert [step.says for step in trace.steps] == [
        "kswapd pins A1 and asks for it to be cleaned",
        "kswapd pins A1",
        "kswapd queues a work for A1",
        "writer locks A0 and holds it",
        "flusher takes work 1 from the queue",
        "flusher locks A1 and holds it",
        "flusher finds A0 in its file and pins it",
    ]
    assert [step.waits for step in trace.steps[5:]] == [
        ("writer wants A1: it waits for flusher",),
        ("flusher wants A0: it waits for writer",),
    ]
    assert not any(step.waits for step in trace.steps[:5])


def test_steps_hold_what_was_done_and_the_state_after_it() -> None:
    m = abba()
    trace = recorded(m, ABBA)
    assert [(step.task, step.op, step.args, step.result) for step in trace.steps[2:]] == [
        ("kswapd", "queue_work", ("A1", None), True),
        ("writer", "lock_attached", ("A0",), True),
        ("flusher", "take_work", (), "work 1"),
        ("flusher", "lock_page", ("A1",), None),
        ("flusher", "find_get_page", ("A", 0), "A0"),
    ]
    assert trace.initial == snapshot(m, m.initial())
    assert trace.steps[-1].after == snapshot(m, go(m, ABBA))


def test_a_snapshot_says_everything_by_name() -> None:
    m = abba()
    picture = snapshot(m, go(m, ABBA))
    a0, a1 = picture["pages"]
    assert (a0["holder"], a0["pins"], a1["holder"], a1["pins"]) == ("writer", 1, "flusher", 2)
    assert picture["works"] == [{"id": 1, "kind": "pageout", "page": "A1", "inode": None, "info": {}, "by": "flusher"}]
    tasks = {task["name"]: task for task in picture["tasks"]}
    assert {name: task["status"] for name, task in tasks.items()} == {
        "kswapd": "ready",
        "writer": "blocked",
        "flusher": "blocked",
        "disk": "idle",
    }
    assert (tasks["flusher"]["next"], tasks["writer"]["next"]) == ("lock_page(A0)", "lock_attached(A1)")
    assert tasks["flusher"]["waits"] == [
        {"from": "flusher", "to": "writer", "wait": "lock", "why": "A0 is locked by writer", "page": "A0"}
    ]


def test_the_line_is_that_of_the_policy_innermost_call() -> None:
    m = abba()
    source = m.policy.source.splitlines()
    line = {task["name"]: task["line"] for task in snapshot(m, go(m, ABBA))["tasks"]}
    assert source[line["flusher"] - 1].strip() == "yield mm.lock_page(neighbour)"
    assert line["writer"] is None
    lines = recorded(m, ABBA + " kswapd").steps
    assert lines[3].lines == (), "a built-in task stands on no line"
    assert len(lines[6].lines) == 2, "execute, and the helper it is in"


def test_a_step_that_breaks_a_rule_says_so_and_changes_nothing() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.get_page(page)\nyield mm.unlock_page(page)"))
    trace = recorded(m, "kswapd*3")
    assert trace.steps[-1].says == "kswapd does unlock_page(A0): A0 is not locked, so it cannot be unlocked"
    assert trace.steps[-1].after == trace.steps[-2].after


def test_a_policy_error_is_the_last_step_too() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.get_page(page)\nyield 3"))
    trace = recorded(m, "kswapd*2")
    assert trace.steps[-1].after == trace.steps[-2].after
    assert trace.steps[-1].says.startswith("kswapd does get_page(A0): ")


def test_who_goes_on_waiting_is_not_told_again() -> None:
    m = machine(("r", "reader", "A0", False), ("s", "reader", "A0", False), ("t", "reader", "A0", False))
    waits = [step.waits for step in recorded(m, "r*2 s*2 t*2").steps]
    wants = "s wants A0: it waits for r", "t wants A0: it waits for r"
    assert waits == [wants, (), ("t wants A0: it waits for s",), (), (), ()]


def test_the_disk_names_its_page_and_the_choice_is_in_the_schedule() -> None:
    m = machine(("writer", "writer", ("A0", "A1")), pages=2)
    trace = recorded(m, "writer*5 disk:A1 disk:A0")
    assert [step.says for step in trace.steps[5:]] == ["disk finishes writing A1", "disk finishes writing A0"]
    assert trace.steps[5].choice == "A1"
    assert trace.schedule == "wb1 tiny pin_then_lock : writer*5 disk:A1 disk:A0"


def test_moves_of_is_the_inverse_of_the_schedule() -> None:
    m = abba()
    moves = moves_of(m, parse(f"wb1 abba writearound : {ABBA}"))
    assert moves_of(m, parse(record(m, moves).schedule)) == moves


@pytest.mark.parametrize(
    ("words", "what", "came", "expected"),
    [
        ("flusher", "step 1", "flusher", "one of: kswapd, writer"),
        ("nobody", "step 1", "nobody", "one of: kswapd, writer"),
        ("writer writer:A0", "step 2", "writer:A0", "one of: kswapd, writer"),
        ("writer*5 disk", "step 6", "disk", "one of: kswapd, writer, disk:A0, disk:A1"),
        (ABBA + " writer", "step 8", "writer", "one of: kswapd"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused_with_those_that_can(
    words: str, what: str, came: str, expected: str
) -> None:
    with pytest.raises(TraceError, match=what) as caught:
        moves_of(abba(), parse(f"wb1 abba writearound : {words}"))
    assert (caught.value.came, caught.value.expected) == (came, expected)


def test_nothing_comes_after_a_broken_rule() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.unlock_page(page)"))
    assert len(moves_of(m, parse("wb1 tiny made : kswapd*2"))) == 2
    with pytest.raises(TraceError, match="step 2 of the schedule ends the run") as caught:
        moves_of(m, parse("wb1 tiny made : kswapd*2 flusher"))
    assert caught.value.came == "1 more step after it"


def test_info_is_named() -> None:
    holds = policy("yield mm.queue_work(page=page, n=2, on=page, of=page.mapping, both=(page, None, True, 'x'))")
    m = machine(KSWAPD, policy=holds)
    (work,) = snapshot(m, go(m, "kswapd*2"))["works"]
    assert work["info"] == {"n": 2, "on": "A0", "of": "A", "both": ["A0", None, True, "x"]}
