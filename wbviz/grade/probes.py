"""What a policy must do when nobody is in its way: tiny worlds in which being safe by idleness shows.

A policy that does nothing breaks no rule and blocks nobody. So each of these worlds leaves out one party, and says
what must be true wherever a run ends:

- `no-flusher`: `enqueue` must return, with both pages accepted and neither written. (Pages refused for ever, written
  by reclaim itself, an `enqueue` that waits for the flusher.)
- `just-room`: the same where the queue has room for as many works as there are pages. (Works for nothing, which take
  the room from others.)
- `alone`: reclaim, flusher and disk, nothing else. Every run must end, with nothing lost. (Works that are dropped,
  an `execute` that never ends.)
- `no-disk`: the flusher must get through its queue. (Waiting for each write before the next: one thing at a time.)
- `bystander`: a page that has nothing to do with it stays locked. (One lock for everything.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from wbviz.check.check import check_scenario
from wbviz.check.graph import Moves, explore
from wbviz.check.verdict import BROKEN, DEADLOCK, INCOMPLETE, LIVELOCK, LOST, POLICY_ERROR, STARVATION, Verdict
from wbviz.check.walk import run_verdict
from wbviz.grade.advice import About
from wbviz.grade.failure import failure
from wbviz.grade.moved import Place, moved
from wbviz.grade.order import run_in_order
from wbviz.grade.result import Failure
from wbviz.grade.watched import enqueues
from wbviz.grade.worlds import STRANGER, locked, without_disk, world
from wbviz.kernel.state import Page, State
from wbviz.machine.machine import Machine
from wbviz.machine.record import record
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.scenarios.build import Plan, span

MAX_STATES, LONGEST = 50_000, 5_000
NOT_LEAKS = (POLICY_ERROR, BROKEN, DEADLOCK, LOST, LIVELOCK, STARVATION, INCOMPLETE)
"""What no run of a probe may show. What is left held is a property of its own."""

WRITES_ITSELF = "enqueue writes the page itself, in reclaim's own context: that is the flusher's work"


class Wrong(NamedTuple):
    """What is wrong with a state in which nobody can go on, in a sentence without a full stop, and its lesson."""

    sentence: str
    about: str = ""


Judge = Callable[[Machine, Sequence[State]], Wrong | None]
"""What is wrong with a run, of which these are the states, or the last alone; None if nothing is."""


class Probe(NamedTuple):
    """A tiny world and what must be true at the end of every run. `teaches`: what a verdict in it is about.

    With `order`, names of tasks, one run is made instead: of those who can go on, whoever comes first in it does. What
    is wrong is then told by `wrong` alone, and by a broken rule.
    """

    scenario: Scenario
    wrong: Judge
    teaches: Mapping[str, str] = MappingProxyType({})
    order: tuple[str, ...] = ()


class Found(NamedTuple):
    """What a probe found: the first thing that is wrong, or None; what it is about. `states` were explored."""

    verdict: Verdict | None
    states: int
    about: str = ""


def run_probe(policy: Policy, probe: Probe, name: str) -> Found:
    """Explore the world of a probe. What it alone can see is a failure of the property `name`."""
    if probe.order:
        return _run_once(policy, probe, name)
    result = check_scenario(policy, probe.scenario, MAX_STATES, cross=False)  # all of it is explored plainly below
    for verdict in result.verdicts:
        if verdict.kind in NOT_LEAKS:
            return Found(verdict, result.states, probe.teaches.get(verdict.kind, ""))
    machine = Machine(probe.scenario, policy)
    graph = explore(machine, MAX_STATES)
    for number, edges in enumerate(graph.edges):
        wrong = None if edges else probe.wrong(machine, graph.states[number : number + 1])
        if wrong:
            seen = seen_verdict(machine, graph.moves_to(number), name, wrong.sentence)
            return Found(seen, result.states, wrong.about)
    return Found(None, result.states)


def _run_once(policy: Policy, probe: Probe, name: str) -> Found:
    machine = Machine(probe.scenario, policy)
    run = run_in_order(machine, probe.order, LONGEST)
    if run.error is not None:
        return Found(run_verdict(machine, run), run.news)
    wrong = probe.wrong(machine, run.states)
    if wrong is None:
        return Found(None, run.news)
    return Found(seen_verdict(machine, run.moves, name, wrong.sentence), run.news, wrong.about)


def seen_verdict(machine: Machine, moves: Moves, name: str, summary: str) -> Verdict:
    """What only a probe can see, as a verdict."""
    about = {"kind": name, "summary": summary, "cycle": [], "tasks": []}
    return Verdict(name, summary, record(machine, moves, about))


def reclaim_writes(policy: Policy, scenarios: Iterable[Scenario], max_states: int) -> Failure | None:
    """The first run, in one of the scenarios, in which `enqueue` writes a page. None where none of them shows one."""
    for scenario in scenarios:
        machine = Machine(scenario, policy)
        table = policy.table()
        graph = explore(machine, max_states)
        for number, state in enumerate(graph.states[: graph.expanded]):
            for task, current in enumerate(state.tasks):
                if any(enqueues(frame, table, "writepage") for frame in current.frames):
                    moves = graph.moves_to(number)
                    if machine.choices(state, task):
                        moves = [*moves, (task, machine.choices(state, task)[0])]
                    shown = failure(scenario, seen_verdict(machine, moves, "duty", WRITES_ITSELF), False, 0)
                    return shown._replace(about=About.ITSELF)
    return None


# The worlds


BOTH = ("kswapd", "kswapd", ("A1", "B0"), 2, True)
TWO_FILES = Plan(files={"A": 4, "B": 1}, clean=("A0", "A2", "A3"), tasks=(BOTH,))
ONE = ("kswapd", "kswapd", ("A0",), 1, False)
SYNCS_FIRST = ("sync", "sync2", "kswapd")
SPINS = {LIVELOCK: About.RECLAIM_SPINS}


def duty_probes() -> tuple[Probe, ...]:
    """The worlds that show whether a policy does its work at all."""
    return (
        Probe(world("no-flusher", "The flusher never comes.", TWO_FILES._replace(flushers=0)), _not_handed_over, SPINS),
        Probe(
            world(
                "just-room",
                "The queue has just enough room for all, and the flusher never comes.",
                moved(TWO_FILES, Place(ahead=1))._replace(flushers=0, queue_limit=3),
            ),
            _not_handed_over,
            SPINS,
        ),
        Probe(world("alone", "Nobody but reclaim, the flusher and the disk.", TWO_FILES), _unwritten),
        Probe(without_disk(world("no-disk", "The disk stands still.", TWO_FILES)), _unwritten, {DEADLOCK: About.DISK}),
        Probe(
            locked(
                world(
                    "bystander",
                    "A page of the same file, far away, stays locked.",
                    Plan(
                        files={"A": 6},
                        clean=span("A", 0, 5),
                        tasks=(("kswapd", "kswapd", ("A5",), 1, False), STRANGER),
                    ),
                ),
                "A0",
            ),
            _unwritten,
            {DEADLOCK: About.FAR_AWAY},
        ),
    )


def reclaim_probes(places: Sequence[Place] = ()) -> tuple[Probe, ...]:
    """The worlds in which reclaim must come back although it gets no room, or no lock; at these places as well."""
    about = SPINS | {DEADLOCK: About.RECLAIM_SLEEPS}
    first = Plan(files={"A": 1}, tasks=(STRANGER, ONE), flushers=0)
    no_room = "The queue is full, and the flusher never comes."
    locked_page = "The page stays locked, and the flusher never comes."
    probes = [
        Probe(world("no-room", no_room, TWO_FILES._replace(flushers=0, queue_limit=1)), _still_calling, about),
        Probe(locked(world("locked-page", locked_page, first), "A0"), _still_calling, about),
    ]
    for place in places:
        there = moved(first, place)
        full = world("no-room", no_room, there._replace(queue_limit=place.ahead))
        shut = locked(world("locked-page", locked_page, there), place.page(0))
        probes += [Probe(one, _still_calling, about, SYNCS_FIRST) for one in (full, shut)]
    return tuple(probes)


# What must be true where nobody can go on


def _unwritten(machine: Machine, states: Sequence[State]) -> Wrong | None:
    state = states[-1]
    if state.works:
        return Wrong("a work is left, and nobody will ever run it")
    left = _names(machine.scenario, state, lambda page: page.dirty)
    return (
        Wrong(f"{listed(left)} {is_or_are(left)} still dirty, and nobody will ever write {it_or_them(left)}")
        if left
        else None
    )


def _not_handed_over(machine: Machine, states: Sequence[State]) -> Wrong | None:
    state = states[-1]
    written = _names(machine.scenario, state, lambda page: not page.dirty)
    if written:
        sentence = f"enqueue wrote {listed(written)} itself, in reclaim's own context: that is the flusher's work"
        return Wrong(sentence, About.ITSELF)
    refused = _names(machine.scenario, state, lambda page: not page.owed)
    if refused:
        sentence = f"enqueue refused {listed(refused)}, though there was room and nobody held the lock"
        return Wrong(sentence, About.REFUSED)
    return None if state.works else Wrong("all pages were accepted, and no work was queued for them")


def _still_calling(machine: Machine, states: Sequence[State]) -> Wrong | None:
    return Wrong("enqueue has not returned") if any(task.call for task in states[-1].tasks) else None


def _names(scenario: Scenario, state: State, which: Callable[[Page], bool]) -> list[str]:
    """The pages that reclaim wants, all that are dirty at the start, for which something is true now."""
    wanted = [number for number, page in enumerate(scenario.pages) if page.dirty]
    return [scenario.world.page_name(number) for number in wanted if which(state.pages[number])]


def listed(names: list[str]) -> str:
    """`A0, A1 and A2`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def is_or_are(names: list[str]) -> str:
    """The verb that goes with so many."""
    return "is" if len(names) == 1 else "are"


def it_or_them(names: list[str]) -> str:
    """The pronoun that goes with so many."""
    return "it" if len(names) == 1 else "them"
