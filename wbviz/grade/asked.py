"""What a task asks for beyond safety, as worlds in which it shows whether a policy does it.

Most are seen where nobody else is about: which pages are clean at the end, which are left alone, how many works are
queued. What needs somebody at a certain moment is seen in one run, in which one task after another goes as far as it
can:

- `passes-over`: of two pages that wait, somebody cleans one and then keeps its lock; the other stays dirty and locked.
  The flusher must pass over the clean one, and wait for the dirty one.
- `slow-disk`: the page is dirty again while it is still being written. Until the disk has done with it, others must
  get its lock.
- `no-spinning`: the page below the wanted one stays locked. The flusher must write the wanted one without it, or wait
  in line.
- `comes-back`: the first page stays locked. The flusher must write the second meanwhile, and wait for the first in the
  end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wbviz.grade.advice import About
from wbviz.grade.exercise import Asked
from wbviz.grade.probes import Judge, Probe, Wrong, is_or_are, listed
from wbviz.grade.worlds import STRANGER, locked, under_writeback, without_disk, world
from wbviz.kernel.state import QUEUED, UNLOCKED, State
from wbviz.machine.machine import Machine
from wbviz.scenarios.build import Plan

Words = Callable[[Asked, Machine, Sequence[State]], str]
"""What the task does not allow in a run, as the end of a sentence; "" if nothing."""


def asked_probe(asked: Asked) -> Probe:
    """The world that shows whether a policy does what its task asks for."""
    if asked.world:
        return WORLDS[asked.world](asked)
    pages = tuple(f"A{index}" for index in asked.wanted)
    plan = Plan(files={"A": asked.pages}, tasks=(("kswapd", "kswapd", pages, len(pages), False),))
    if asked.works is None:
        scenario = world("alone", "Nobody but reclaim, the flusher and the disk.", plan)
        return Probe(scenario, _judge(asked, {"": _dirty, About.TOO_MANY: _left}))
    scenario = world("late-flusher", "The flusher comes late.", plan._replace(flushers=0))
    return Probe(scenario, _judge(asked, {About.WORKS: _many}), order=("kswapd",))


def _judge(asked: Asked, looks: Mapping[str, Words]) -> Judge:
    """`looks`: what is looked for, by what it is about."""

    def judge(machine: Machine, states: Sequence[State]) -> Wrong | None:
        for about, words in looks.items():
            if wrong := words(asked, machine, states):
                return Wrong(f"the task says: {asked.sentence} But here {wrong}", about)
        return None

    return judge


def _dirty(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
    dirty = [f"A{index}" for index in asked.clean if states[-1].pages[index].dirty]
    return f"{listed(dirty)} {is_or_are(dirty)} still dirty at the end" if dirty else ""


def _left(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
    written = [f"A{index}" for index in asked.left if not states[-1].pages[index].dirty]
    return f"{listed(written)} {'was' if len(written) == 1 else 'were'} written as well" if written else ""


def _many(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
    if any(task.call for task in states[-1].tasks):
        return "enqueue has not returned"
    if any(page.holder < UNLOCKED for page in states[-1].pages):
        return "a page is locked as long as its work waits, and reclaim is refused its lock when it asks again"
    count, names = len(states[-1].works), listed([f"A{index}" for index in asked.wanted])
    works = "work is" if count == 1 else "works are"
    asks = f"{count} {works} queued when reclaim has asked for {names}, one after another"
    return asks if count > (asked.works or 0) else ""


# Runs in which one task after another goes as far as it can


def _passes_over(asked: Asked) -> Probe:
    plan = Plan(
        files={"A": 1, "B": 1, "C": 1},
        tasks=(
            ("kswapd", "kswapd", ("A0", "B0"), 2, False),
            ("cleaner", "cleaner", "A0"),
            ("writer", "writer", ("A0", "C0")),
            STRANGER,
        ),
    )
    claim = (
        "Reclaim asks for A0 and B0. Then A0 is cleaned, and a writer holds its lock and waits for another page; B0 "
        "stays locked too. Then the flusher comes."
    )
    scenario = locked(world("passes-over", claim, plan), "B0", "C0")

    def wrong(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
        flusher = machine.flushers[0]
        taken = next((state for state in states if any(work.by == flusher for work in state.works)), states[-1])
        if taken.pages[0].dirty:
            return "A0 could not be cleaned while its work waited: the work has its lock"
        if not states[-1].pages[1].dirty or not machine.waits(states[-1], flusher):
            return "the flusher does not wait for the lock of B0, which is dirty"
        return "the flusher waits for the lock of A0, which is clean" if len(states[-1].works) > 1 else ""

    return Probe(
        scenario, _judge(asked, {About.CLEAN: wrong}), order=("kswapd", "cleaner", "disk", "writer", "flusher")
    )


def _slow_disk(asked: Asked) -> Probe:
    plan = Plan(files={"A": 1}, tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("reader", "reader", "A0", False)))
    claim = "A0 is dirty again while the disk still writes it, and the disk is slow. The flusher comes, then a reader."
    scenario = under_writeback(without_disk(world("slow-disk", claim, plan)), "A0")

    def wrong(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
        reader = machine.world.task_names.index("reader")
        return (
            "the reader waits for the lock of A0 as long as the disk takes" if states[-1].tasks[reader].frames else ""
        )

    return Probe(scenario, _judge(asked, {About.BUSY_DISK: wrong}), order=("kswapd", "flusher", "reader"))


def _comes_back(asked: Asked) -> Probe:
    plan = Plan(files={"A": 1, "B": 1}, tasks=(("kswapd", "kswapd", ("A0", "B0"), 2, False), STRANGER))
    claim = "Reclaim asks for A0 and B0. A0 is locked, and stays so. Then the flusher comes."
    scenario = locked(world("comes-back", claim, plan), "A0")

    def wrong(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
        end, flusher = states[-1], machine.flushers[0]
        if end.pages[1].dirty:
            return "B0 is still dirty: it waits behind A0"
        if not any(work.by != QUEUED for work in end.works) or not machine.waits(end, flusher):
            return "nobody waits in line for A0 in the end, which is dirty"
        return ""

    return Probe(scenario, _judge(asked, {About.BEHIND: wrong}), order=("kswapd", "flusher", "disk"))


def _no_spinning(asked: Asked) -> Probe:
    plan = Plan(files={"A": 2}, tasks=(("kswapd", "kswapd", ("A1",), 1, False), STRANGER))
    claim = "Reclaim asks for A1. A0 is locked, and stays so. Then the flusher comes."
    scenario = locked(world("no-spinning", claim, plan), "A0")

    def wrong(asked: Asked, machine: Machine, states: Sequence[State]) -> str:
        done = not states[-1].pages[1].dirty or machine.waits(states[-1], machine.flushers[0])
        return "" if done else "the flusher tries the lock of A0 again and again, and writes nothing"

    return Probe(scenario, _judge(asked, {About.BUSY_LOCK: wrong}), order=("kswapd", "flusher", "disk"))


WORLDS: dict[str, Callable[[Asked], Probe]] = {
    "passes-over": _passes_over,
    "slow-disk": _slow_disk,
    "no-spinning": _no_spinning,
    "comes-back": _comes_back,
}
