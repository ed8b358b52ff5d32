"""One run from start to end, some scheduler deciding who goes next, and what was wrong with it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from wbviz.check.graph import MAX_STATES, Moves, steps_from
from wbviz.check.lasso import goes_round, shown_by
from wbviz.check.rest import leaks, lost_pages
from wbviz.check.stuck import cycle_of, dead_by_circle, dead_by_closure, dead_words
from wbviz.check.taken import rest_words
from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LIVELOCK, LOST, POLICY_ERROR, STARVATION, Verdict
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Choice, Machine, PolicyFault
from wbviz.machine.record import edge_json, record
from wbviz.machine.waiting import Edge

REST, CUT = "rest", "cut off"
STALE = 300
"""A run that has come to no new state for so many steps goes round, and is ended as if at its limit."""

LOOKS = 100
"""At how many states a deadlock without a circle of blocked tasks is looked for before the end of the run."""

Move = tuple[int, Choice]


class Scheduler(Protocol):
    """Decides who goes next."""

    def pick(self, able: Moves) -> Move:
        """One of the moves that are possible; there is at least one."""

    def repeated(self, move: Move) -> None:
        """The move led to a state that this run has had before: whoever made it spins, and others must come first."""

    def new(self) -> None:
        """The last move led to a state that this run has not had before."""


class Run(NamedTuple):
    """A run. `kind` is a verdict, "rest" (it came to rest, all was well) or "cut off" (the limit was reached,
    or it went round).

    `moves` ends where the verdict can be seen; `steps` counts what was run to be sure of it. `states` are all the
    states of the run, the initial one first.
    """

    kind: str
    moves: Moves
    states: list[State]
    error: Broken | PolicyFault | None = None
    dead: tuple[int, ...] = ()
    cycle: tuple[Edge, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.states) - 1

    @property
    def news(self) -> int:
        """How many steps led to a state that was new in this run."""
        return len(set(self.states)) - 1

    @property
    def switches(self) -> int:
        """How often another task went on than the one before."""
        return sum(a[0] != b[0] for a, b in zip(self.moves, self.moves[1:], strict=False))


def follow(machine: Machine, moves: Moves, shows: str = "") -> Run:
    """The run of these moves, judged where they end; "cut off" where the end shows nothing wrong and is not rest.

    `shows`: the kind of verdict that the run is to show. It is found wherever it is there, also beside another.
    """
    state = machine.initial()
    states = [state]
    for number, move in enumerate(moves, 1):
        try:
            state = machine.step(state, *move)
        except (Broken, PolicyFault) as error:
            kind = POLICY_ERROR if isinstance(error, PolicyFault) else BROKEN
            return Run(kind, moves[:number], states, error)
        states.append(state)
    if machine.at_rest(state):
        return Run(_at_rest(machine, state, shows), moves, states)
    if shows in (LIVELOCK, STARVATION):
        found = shown_by(machine, moves, states)
        if found and found[0] == shows:
            return Run(shows, moves, states)
    # Who is said to be blocked for ever was so in a complete exploration: its bound is enough here too.
    dead = dead_by_closure(machine, state, MAX_STATES) if shows == DEADLOCK else ()
    dead = dead or dead_by_circle(machine, state) or dead_by_closure(machine, state)
    cycle = cycle_of(machine, state, dead) if dead else ()
    return Run(DEADLOCK if dead else CUT, moves, states, None, dead, cycle)


def _at_rest(machine: Machine, state: State, shows: str = "") -> str:
    wrong = [kind for kind, find in ((LOST, lost_pages), (LEAK, leaks)) if find(machine, state)]
    return shows if shows in wrong else wrong[0] if wrong else REST


def walk(machine: Machine, scheduler: Scheduler, limit: int) -> Run:
    """Run until rest, a broken rule, a state where only endless tasks can go on, or the limit of steps.

    A deadlock of some tasks does not end the run: the others may yet break a rule, which counts for more.
    """
    state = machine.initial()
    states, moves, seen, stale = [state], Moves(), {state}, 0
    while True:
        if machine.at_rest(state):
            return Run(_at_rest(machine, state), moves, states)
        able = list(steps_from(machine, state))
        if not [move for move in able if not machine.between_rounds(state, move[0])] and (
            not able or dead_by_circle(machine, state)
        ):
            return _stuck(machine, moves, states)
        if len(moves) == limit or stale == STALE:
            return _stuck(machine, moves, states)
        move = scheduler.pick(able)
        moves.append(move)
        try:
            state = machine.step(state, *move)
        except (Broken, PolicyFault) as error:
            kind = POLICY_ERROR if isinstance(error, PolicyFault) else BROKEN
            return Run(kind, moves, states, error)
        states.append(state)
        stale = stale + 1 if state in seen else 0
        if stale:
            scheduler.repeated(move)
        else:
            scheduler.new()
        seen.add(state)


def _stuck(machine: Machine, moves: Moves, states: list[State]) -> Run:
    """The run ends here: with a deadlock, shown where its cycle is complete, or, cut off, with nothing."""
    dead = dead_by_circle(machine, states[-1]) or dead_by_closure(machine, states[-1])
    if not dead:
        return Run(CUT, moves, states)
    for number, state in enumerate(states):
        early = dead_by_circle(machine, state)
        cycle = cycle_of(machine, state, early) if early else ()
        if cycle:
            return Run(DEADLOCK, moves[:number], states, None, early, cycle)
    since = len(moves)
    while since and all(machine.waits(states[since - 1], task) for task in dead):
        since -= 1
    found: Run | None = None
    for number in range(since, min(since + LOOKS, len(states))):
        early = dead_by_circle(machine, states[number]) or dead_by_closure(machine, states[number])
        if set(dead) <= set(early):
            cycle = cycle_of(machine, states[number], early)
            if cycle or found is None:  # the first with a circle, through somebody who asks again; else the first
                found = Run(DEADLOCK, moves[:number], states, None, early, cycle)
            if cycle:
                break
    return found or Run(DEADLOCK, moves, states, None, dead, cycle_of(machine, states[-1], dead))


def run_verdict(machine: Machine, run: Run, loop: int | None = None) -> Verdict:
    """The verdict that a run shows, for any but one at rest or cut off. `loop`: where its loop begins, if any."""
    last = run.states[len(run.moves)] if run.error is None else run.states[-1]
    names: tuple[str, ...] = ()
    edges = tuple(edge_json(machine, edge) for edge in run.cycle)
    error = run.error.error if isinstance(run.error, PolicyFault) else None
    if run.kind == DEADLOCK:
        names, summary = dead_words(machine, last, run.dead, run.cycle)
    elif run.kind in (LOST, LEAK):
        summary = rest_words(machine, run.kind, last, run.moves)
    elif run.kind in (LIVELOCK, STARVATION):
        found = shown_by(machine, run.moves, run.states)
        assert found is not None
        names, summary = goes_round(machine.world, run.moves[loop:], found[1])
    else:
        assert isinstance(run.error, Broken | PolicyFault)
        names = (machine.world.task_names[run.moves[-1][0]],)
        summary = error.what if error else str(run.error)
    about = {"kind": run.kind, "summary": summary, "cycle": list(edges), "tasks": list(names)}
    return Verdict(run.kind, summary, record(machine, run.moves, about, loop), edges, names, error)
