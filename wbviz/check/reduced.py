"""The reduced exploration: of steps that nobody can tell apart in their order it tries one order.

It answers one question: is the policy safe here in a graph without a cycle? Then every interleaving comes to the same
ends as one that was explored (`book/design/reductions.md`). Whatever else it meets, a broken rule, a task blocked at
the
end, something owed or held, a cycle, a pin that is somebody else's, it stops, and the plain exploration decides.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from wbviz.check.future import Places
from wbviz.check.layout import OWN_BITS, STACK_BITS, TASK_BITS, Decline, Owned
from wbviz.check.steps import Bad, Move, Outcome, Steps, Waiting, Watched
from wbviz.kernel.state import Broken
from wbviz.policy.load import Policy
from wbviz.scenarios.machine import PolicyFault
from wbviz.scenarios.scenario import Scenario

PERSISTENT, SYMMETRY = "persistent", "symmetry"
ALL = frozenset((PERSISTENT, SYMMETRY))
WALKS, WALK_LENGTH = 24, 400


class Covered(NamedTuple):
    """A clean, complete exploration without a cycle: how many states and steps it took."""

    states: int
    transitions: int


class Stop(Exception):
    """Something was found that only the plain exploration settles, or a bound was reached."""


def explore_reduced(
    scenario: Scenario, policy: Policy, max_states: int, reductions: frozenset[str] = ALL
) -> Covered | None:
    """The reduced exploration, if it proves the policy safe; None where the plain one must decide."""
    try:
        search = Search(Watched(scenario, policy), reductions)
        search.warm_up()
        while True:
            search.places.close()
            covered = search.run(max_states)
            if not search.places.changed or PERSISTENT not in reductions:
                return covered
    except (Stop, Bad, Decline, Broken, PolicyFault, MemoryError, KeyboardInterrupt):
        return None


class Search:
    """Depth first, so that a cycle shows at once: a step back to a state that is still on the way."""

    def __init__(self, machine: Watched, reductions: frozenset[str]) -> None:
        self.machine, self.layout = machine, machine.layout
        self.places = Places(machine.variables)
        self.steps = Steps(machine, self.places)
        self.persistent = PERSISTENT in reductions
        specs = machine.scenario.tasks
        self.disk = next(number for number, spec in enumerate(specs) if spec.program == "disk")
        self.disk_future = machine.variables.future(0, 0, sum(machine.variables.page["WC"]))
        self.appends = machine.variables.queue["QT"]
        self.equal: list[tuple[int, int]] = []
        if SYMMETRY in reductions:
            self.equal = [
                (number, number + 1)
                for number in range(len(specs) - 1)
                if specs[number][1:] == specs[number + 1][1:] and specs[number].program not in ("flusher", "disk")
            ]
        self._outside: dict[int, int] = {}

    def start(self) -> int:
        """The initial state."""
        state = self.machine.initial()
        nothing = (0,) * self.layout.pages
        return self.canonical(self.layout.encode(Owned(state, (nothing,) * self.layout.tasks, ())))

    def outcomes(self, code: int) -> list[Outcome]:
        """What each task may do."""
        outcome = self.steps.outcome
        return [outcome(code, task) for task in range(self.layout.tasks)]

    def warm_up(self) -> None:
        """Walk at random, to see most places before the first exploration."""
        random = Random(1)
        for _ in range(WALKS if self.persistent else 0):
            code = self.start()
            for _ in range(WALK_LENGTH):
                moves = [
                    move for outcome in self.outcomes(code) if not isinstance(outcome, Waiting) for move in outcome
                ]
                if not moves:
                    break
                code = self.canonical(code + random.choice(moves).delta)

    def canonical(self, code: int) -> int:
        """Equal tasks in a fixed order, where neither holds a lock (a lock names its holder)."""
        if not self.equal:
            return code
        layout, ones = self.layout, (1 << TASK_BITS) - 1
        swapped = True
        while swapped:
            swapped = False
            for first, second in self.equal:
                at, then = layout.task_at[first], layout.task_at[second]
                mine, its = code >> at & ones, code >> then & ones
                if mine > its and not self._holds(mine) and not self._holds(its):
                    code += (its - mine << at) + (mine - its << then)
                    swapped = True
        return code

    def _holds(self, task: int) -> tuple[int, ...]:
        held: tuple[int, ...] = self.layout.owns.values[task >> TASK_BITS - OWN_BITS][1]
        return held

    def run(self, max_states: int) -> Covered:
        """Explore. Raises `Stop` at the first thing that is not clean, or a cycle."""
        first = self.start()
        on_way = {first: True}
        transitions = 0
        way = [(first, iter(self.moves(first)))]
        while way:
            code, moves = way[-1]
            for move in moves:
                transitions += 1
                target = self.canonical(code + move.delta)
                seen = on_way.get(target)
                if seen is None:
                    if len(on_way) >= max_states:
                        raise Stop("bound")
                    on_way[target] = True
                    way.append((target, iter(self.moves(target))))
                    break
                if seen:
                    raise Stop("cycle")
            else:
                on_way[code] = False
                way.pop()
        return Covered(len(on_way), transitions)

    def moves(self, code: int) -> tuple[Move, ...]:
        """The steps to explore from a state: one that may go first alone, or all."""
        outcomes = self.outcomes(code)
        if self.persistent:
            single = self.single(code, outcomes)
            if single is not None:
                return (single,)
        found = tuple([move for outcome in outcomes if not isinstance(outcome, Waiting) for move in outcome])
        if not found:
            self._end(code)
        return found

    def _end(self, code: int) -> None:
        from wbviz.check.check import leaks, lost_pages

        state = self.layout.decode(code).state
        machine = self.machine
        if not machine.at_rest(state) or lost_pages(machine, state) or leaks(machine, state):
            raise Stop("the end is not clean")

    def single(self, code: int, outcomes: list[Outcome]) -> Move | None:
        """A step that nothing of what the others can do before it would change, or be changed by."""
        layout = self.layout
        futures: list[tuple[int, int]] = []
        for at in layout.task_at:
            stack = code >> at & (1 << STACK_BITS) - 1
            futures.append(self.places.of_stack(layout.stacks.values[stack]))
        futures[self.disk] = (self.disk_future, 0)
        for task, outcome in enumerate(outcomes):
            if isinstance(outcome, Waiting) or (len(outcome) > 1 and task != self.disk):
                continue
            outside = self._not_held(code >> layout.task_at[task])
            others: list[int] | None = None
            for move in outcome:
                action = move.action
                if task == self.disk:
                    others = None
                hit = False
                for other, (free, locked) in enumerate(futures):
                    if other != task and action & (free | locked & outside):
                        hit = True
                        break
                if not hit:
                    return move
                if others is None:
                    others = self._movable(task, move, outcomes, futures)
                if not any(action & (futures[other][0] | futures[other][1] & outside) for other in others):
                    return move
        return None

    def _not_held(self, task: int) -> int:
        """The variables, in a packed future, that a task's locks keep others from."""
        own = task >> TASK_BITS - OWN_BITS & (1 << OWN_BITS) - 1
        found = self._outside.get(own)
        if found is None:
            variables = self.machine.variables
            held = self.layout.owns.values[own][1]
            found = self._outside[own] = ~variables.thrice(sum(variables.of_page[page] for page in held))
        return found

    def _movable(self, task: int, move: Move, outcomes: list[Outcome], futures: list[tuple[int, int]]) -> list[int]:
        """The other tasks that may take a step before this one does."""
        movable = 0
        waiting: list[tuple[int, Waiting]] = []
        for other, outcome in enumerate(outcomes):
            if isinstance(outcome, Waiting):
                waiting.append((other, outcome))
            elif other != task:
                movable |= 1 << other
        if self.disk != task:
            movable |= 1 << self.disk
        grown = True
        while grown:
            grown = False
            for other, waits in waiting:
                if movable >> other & 1 or other == task:
                    continue
                free = waits.tasks & movable != 0
                if waits.idle:
                    free = any(movable >> who & 1 and future[0] & self.appends for who, future in enumerate(futures))
                if waits.disk is not None:
                    free = task != self.disk or waits.disk != move.choice
                if free:
                    movable |= 1 << other
                    grown = True
        return [other for other in range(len(outcomes)) if movable >> other & 1]
