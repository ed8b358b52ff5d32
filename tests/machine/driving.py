"""Policies from a few lines, and machines driven by a schedule's words."""

from textwrap import dedent, indent
from typing import Any

from tests.check.tiny import tiny
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy, policy_from_text
from wbviz.trace.schedule import parse

PIN_AND_QUEUE = """
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True
"""
CLEAN = """
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
KSWAPD = ("kswapd", "kswapd", ("A0",), 1, False)


def policy(enqueue: str = PIN_AND_QUEUE, execute: str = CLEAN) -> Policy:
    """A policy from the bodies of its two functions."""
    bodies = [indent(dedent(body.strip("\n")), "    ") for body in (enqueue, execute)]
    return policy_from_text(f"def enqueue(mm, page):\n{bodies[0]}\n\ndef execute(mm, work):\n{bodies[1]}\n", "made")


def machine(*tasks: tuple[Any, ...], policy: Policy | None = None, pages: int = 1, **fields: Any) -> Machine:
    """A machine of a tiny scenario."""
    return machine_of(tiny(pages, *tasks, **fields), policy)


def machine_of(scenario: Scenario, policy: Policy | None = None) -> Machine:
    """A machine of a scenario; `pin_then_lock` unless told otherwise."""
    return Machine(scenario, policy or load_policy("pin_then_lock"))


def go(machine: Machine, words: str, state: State | None = None) -> State:
    """The state after these steps; each of them is checked to be possible."""
    if state is None:
        state = machine.initial()
        for task, choice in moves_of(machine, parse(f"wb1 tiny made : {words}")):
            state = machine.step(state, task, choice)
        return state
    names = machine.world.task_names
    for move in parse(f"wb1 tiny made : {words}").moves:
        page = None if move.choice is None else machine.scenario.page(move.choice)
        assert page in machine.choices(state, names.index(move.task))
        state = machine.step(state, names.index(move.task), page)
    return state


def task(machine: Machine, name: str) -> int:
    """The number of a task."""
    return machine.world.task_names.index(name)


def ops(machine: Machine, words: str) -> list[str]:
    """Which operation each of these steps does."""
    state, done = machine.initial(), []
    for number, choice in moves_of(machine, parse(f"wb1 tiny made : {words}")):
        pending = machine.pending(state, number)
        assert pending is not None
        done.append(pending.name)
        state = machine.step(state, number, choice)
    return done
