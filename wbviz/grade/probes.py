"""What a policy must do when nobody is in its way: tiny worlds in which being safe by idleness shows.

A policy that does nothing breaks no rule and blocks nobody. So each of these worlds leaves out one party, and says
what must be true wherever a run ends:

- `no-flusher`: `enqueue` must return, with both pages accepted and neither written. (Pages refused for ever, written
  by reclaim itself, an `enqueue` that waits for the flusher.)
- `alone`: reclaim, flusher and disk, nothing else. Every run must end, with nothing lost. (Works that are dropped,
  an `execute` that never ends.)
- `no-disk`: the flusher must get through its queue. (Waiting for each write before the next: one thing at a time.)
- `bystander`: a page that has nothing to do with it stays locked. (One lock for everything.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from wbviz.check.check import check_scenario
from wbviz.check.graph import Moves, explore
from wbviz.check.verdict import BROKEN, DEADLOCK, INCOMPLETE, LIVELOCK, LOST, POLICY_ERROR, STARVATION, Verdict
from wbviz.grade.exercise import Asked
from wbviz.grade.failure import failure
from wbviz.grade.lesson import About
from wbviz.grade.result import Failure
from wbviz.grade.watched import enqueues
from wbviz.kernel.state import Page, State
from wbviz.policy.load import Policy
from wbviz.scenarios.build import Plan, Recipe, assemble, span
from wbviz.scenarios.machine import Machine
from wbviz.scenarios.record import record
from wbviz.scenarios.scenario import Scenario

MAX_STATES = 50_000
NOT_LEAKS = (POLICY_ERROR, BROKEN, DEADLOCK, LOST, LIVELOCK, STARVATION, INCOMPLETE)
"""What no run of a probe may show. What is left held is a property of its own."""

WRITES_ITSELF = "enqueue writes the page itself, in reclaim's own context: that is the flusher's work"


class Wrong(NamedTuple):
    """What is wrong with a state in which nobody can go on, in a sentence without a full stop, and its lesson."""

    sentence: str
    about: str = ""


Judge = Callable[[Scenario, State], Wrong | None]
"""What is wrong with such a state; None if nothing is."""


class Probe(NamedTuple):
    """A tiny world and what must be true at the end of every run. `teaches`: what a verdict in it is about."""

    scenario: Scenario
    wrong: Judge
    teaches: Mapping[str, str] = MappingProxyType({})


class Found(NamedTuple):
    """What a probe found: the first thing that is wrong, or None; what it is about. `states` were explored."""

    verdict: Verdict | None
    states: int
    about: str = ""


def run_probe(policy: Policy, probe: Probe, name: str) -> Found:
    """Explore the world of a probe. What it alone can see is a failure of the property `name`."""
    result = check_scenario(policy, probe.scenario, MAX_STATES)
    for verdict in result.verdicts:
        if verdict.kind in NOT_LEAKS:
            return Found(verdict, result.states, probe.teaches.get(verdict.kind, ""))
    machine = Machine(probe.scenario, policy)
    graph = explore(machine, MAX_STATES)
    for number, edges in enumerate(graph.edges):
        wrong = None if edges else probe.wrong(probe.scenario, graph.states[number])
        if wrong:
            seen = _seen(machine, graph.moves_to(number), name, wrong.sentence)
            return Found(seen, result.states, wrong.about)
    return Found(None, result.states)


def _seen(machine: Machine, moves: Moves, name: str, summary: str) -> Verdict:
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
                    shown = failure(scenario, _seen(machine, moves, "duty", WRITES_ITSELF), False, 0)
                    return shown._replace(about=About.ITSELF)
    return None


# The worlds


def _world(name: str, claim: str, plan: Plan) -> Scenario:
    return assemble(Recipe(name, claim, lambda: plan, ()), {}, plan)


def _without_disk(scenario: Scenario) -> Scenario:
    """The disk stands still: what is handed to it stays under writeback."""
    kept = tuple(task for task in scenario.tasks if task.program != "disk")
    names = tuple(task.name for task in kept)
    return scenario._replace(tasks=kept, world=scenario.world._replace(task_names=names))


def _locked(scenario: Scenario, name: str) -> Scenario:
    """A page is locked, from the beginning and for ever, by a task that has ended: `stranger`."""
    holder = scenario.world.task_names.index("stranger") + 1
    number = scenario.page(name)
    pages = tuple(
        page._replace(holder=holder) if index == number else page for index, page in enumerate(scenario.pages)
    )
    return scenario._replace(pages=pages)


BOTH = ("kswapd", "kswapd", ("A1", "B0"), 2, True)
TWO_FILES = Plan(files={"A": 4, "B": 1}, clean=("A0", "A2", "A3"), tasks=(BOTH,))
STRANGER = ("stranger", "truncate", ())
SPINS = {LIVELOCK: About.RECLAIM_SPINS}


def duty_probes() -> tuple[Probe, ...]:
    """The worlds that show whether a policy does its work at all."""
    return (
        Probe(
            _world("no-flusher", "The flusher never comes.", TWO_FILES._replace(flushers=0)), _not_handed_over, SPINS
        ),
        Probe(_world("alone", "Nobody but reclaim, the flusher and the disk.", TWO_FILES), _unwritten),
        Probe(
            _without_disk(_world("no-disk", "The disk stands still.", TWO_FILES)), _unwritten, {DEADLOCK: About.DISK}
        ),
        Probe(
            _locked(
                _world(
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


def reclaim_probes() -> tuple[Probe, ...]:
    """The worlds in which reclaim must come back although it gets no room, or no lock."""
    one = ("kswapd", "kswapd", ("A0",), 1, False)
    return (
        Probe(
            _world(
                "no-room",
                "The queue is full, and the flusher never comes.",
                TWO_FILES._replace(flushers=0, queue_limit=1),
            ),
            _still_calling,
            SPINS | {DEADLOCK: About.RECLAIM_SLEEPS},
        ),
        Probe(
            _locked(
                _world(
                    "locked-page",
                    "The page stays locked, and the flusher never comes.",
                    Plan(files={"A": 1}, tasks=(one, STRANGER), flushers=0),
                ),
                "A0",
            ),
            _still_calling,
            SPINS | {DEADLOCK: About.RECLAIM_SLEEPS},
        ),
    )


def asked_probe(asked: Asked) -> Probe:
    """The world that shows whether a policy does what its task asks for."""
    pages = tuple(f"A{index}" for index in asked.wanted)
    plan = Plan(files={"A": asked.pages}, tasks=(("kswapd", "kswapd", pages, len(pages), False),))
    if asked.works is None:
        scenario = _world("alone", "Nobody but reclaim, the flusher and the disk.", plan)
        return Probe(scenario, lambda scenario, state: _but(asked, _dirty(state, asked.clean)))
    scenario = _world("late-flusher", "The flusher comes late.", plan._replace(flushers=0))
    most = asked.works
    return Probe(scenario, lambda scenario, state: _but(asked, _many(state, most, len(pages)), About.WORKS))


# What must be true where nobody can go on


def _unwritten(scenario: Scenario, state: State) -> Wrong | None:
    if state.works:
        return Wrong("a work is left, and nobody will ever run it")
    left = _names(scenario, state, lambda page: page.dirty)
    return Wrong(f"{_listed(left)} {_is(left)} still dirty, and nobody will ever write {_them(left)}") if left else None


def _not_handed_over(scenario: Scenario, state: State) -> Wrong | None:
    written = _names(scenario, state, lambda page: not page.dirty)
    if written:
        sentence = f"enqueue wrote {_listed(written)} itself, in reclaim's own context: that is the flusher's work"
        return Wrong(sentence, About.ITSELF)
    refused = _names(scenario, state, lambda page: not page.owed)
    if refused:
        sentence = f"enqueue refused {_listed(refused)}, though there was room and nobody held the lock"
        return Wrong(sentence, About.REFUSED)
    return None if state.works else Wrong("both pages were accepted, and no work was queued for them")


def _still_calling(scenario: Scenario, state: State) -> Wrong | None:
    return Wrong("enqueue has not returned") if any(task.call for task in state.tasks) else None


def _but(asked: Asked, wrong: str, about: str = "") -> Wrong | None:
    return Wrong(f"the task says: {asked.sentence} But here {wrong}", about) if wrong else None


def _dirty(state: State, indices: tuple[int, ...]) -> str:
    left = [f"A{index}" for index in indices if state.pages[index].dirty]
    return f"{_listed(left)} {_is(left)} still dirty at the end" if left else ""


def _many(state: State, most: int, calls: int) -> str:
    count = len(state.works)
    return f"{count} works are queued for {calls} pages that lie side by side" if count > most else ""


def _names(scenario: Scenario, state: State, which: Callable[[Page], bool]) -> list[str]:
    """The pages that reclaim wants, all that are dirty at the start, for which something is true now."""
    wanted = [number for number, page in enumerate(scenario.pages) if page.dirty]
    return [scenario.world.page_name(number) for number in wanted if which(state.pages[number])]


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
