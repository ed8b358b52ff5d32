"""One run in a fixed order: of those who can go on, whoever comes first in it does."""

from __future__ import annotations

from collections.abc import Sequence

from wbviz.check.graph import Moves, steps_from
from wbviz.check.verdict import BROKEN, POLICY_ERROR
from wbviz.check.walk import CUT, STALE, Move, Run
from wbviz.kernel.operations import POLICY_LOCKS
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Machine, PolicyFault


class Order:
    """A scheduler (`wbviz.check.walk`): tasks by their names, those that are not named last, in the scenario's order.

    Whoever only leads back to where the run has been goes behind all others, until something is new.
    """

    def __init__(self, machine: Machine, names: Sequence[str]) -> None:
        every = machine.world.task_names
        ranked = [name for name in names if name in every] + [name for name in every if name not in names]
        self._rank = {every.index(name): rank for rank, name in enumerate(ranked)}
        self._sunk: dict[int, int] = {}

    def pick(self, able: Moves) -> Move:
        """The first move of the task that comes first."""
        return min(able, key=lambda move: self._sunk.get(move[0], self._rank[move[0]]))

    def repeated(self, move: Move) -> None:
        """It spins: others first."""
        self._sunk[move[0]] = len(self._rank) + len(self._sunk)

    def new(self) -> None:
        """Something has changed."""
        self._sunk.clear()


def run_in_order(
    machine: Machine, names: Sequence[str], limit: int, late: Sequence[str] = (), until: int | None = None
) -> Run:
    """The whole run, up to where nobody can go on, a rule is broken, or nothing new comes; otherwise not judged.

    The tasks of `late` wait until a flusher is about to lock the page of the number `until`, or nobody else can go on.
    """
    state = machine.initial()
    scheduler, states, moves, seen, stale = Order(machine, names), [state], Moves(), {state}, 0
    waiting = {machine.world.task_names.index(name) for name in late}
    while len(moves) < limit and stale < STALE:
        able = list(steps_from(machine, state))
        if not able:
            break
        if waiting and any(_about_to_lock(machine, state, flusher, until) for flusher in machine.flushers):
            waiting = set()
        move = scheduler.pick([one for one in able if one[0] not in waiting] or able)
        moves.append(move)
        try:
            state = machine.step(state, *move)
        except (Broken, PolicyFault) as error:
            return Run(POLICY_ERROR if isinstance(error, PolicyFault) else BROKEN, moves, states, error)
        states.append(state)
        stale = stale + 1 if state in seen else 0
        if stale:
            scheduler.repeated(move)
        else:
            scheduler.new()
        seen.add(state)
    return Run(CUT, moves, states)


def _about_to_lock(machine: Machine, state: State, task: int, page: int | None) -> bool:
    pending = machine.pending(state, task)
    return pending is not None and pending.name in POLICY_LOCKS and pending.args == (page,)
