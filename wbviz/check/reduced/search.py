"""The search: depth first, so that a cycle shows at once, over the states in which more than one step must be tried.

It answers one question: is the policy safe here, in a graph in which no run comes back to a state that it has
left? Whatever else it meets, a broken rule, a task blocked at the end, something owed or held, a cycle, a pin that is
somebody else's, it stops, and the plain exploration decides. See `book/design/reductions.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sized

from wbviz.check.graph import EVERY, Progress
from wbviz.check.graph import Moves as Way
from wbviz.check.limits import INTERRUPTED
from wbviz.check.reduced import PERSISTENT, REDUCTIONS, SYMMETRY, UNORDERED
from wbviz.check.reduced.ends import BadEnd, Bound, Covered, Stop, Stopped, Violation
from wbviz.check.reduced.future import Places
from wbviz.check.reduced.layout import NOBODY, Decline, Owned
from wbviz.check.reduced.persistent import UNKNOWN, Move, Moves, Persistent
from wbviz.check.reduced.steps import ENDED, STILL, Bad, Outcome, Steps
from wbviz.check.reduced.symmetry import Symmetry
from wbviz.check.reduced.watched import Logged
from wbviz.check.rest import leaks, lost_pages
from wbviz.kernel.state import Broken
from wbviz.machine.machine import PolicyFault
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy

STALE = 3
"""After so many walks that saw nothing new the exploration begins."""
STRIDE = 7
"""Prime to most numbers of steps that there are."""
PATIENCE = 25
"""What an exploration decided before it was surprised is worth nothing, but it may be surprised again: it goes on for a
quarter as many states and so many more, and then begins anew."""
LONGEST = 600
"""How many steps a walk may have; a run that is longer may have no end. So may so many steps without a choice."""

ON_WAY, DONE = 1, 0
CYCLE = "a run comes back to where it was"


class Base:
    """A state that was looked at, for those that follow: what each task may do there, the sum of the signs, and what
    anybody else may ever do (`Persistent.rest`, by task), as all this was after so many closings."""

    __slots__ = ("closings", "code", "outcomes", "rest", "signs")

    def __init__(self, code: int, outcomes: list[Outcome], signs: int, closings: int, rest: list[int]) -> None:
        self.code, self.outcomes, self.signs, self.closings, self.rest = code, outcomes, signs, closings, rest


def prove(
    scenario: Scenario,
    policy: Policy,
    max_states: int,
    reductions: Collection[str] = REDUCTIONS,
    tick: Callable[[Progress], None] | None = None,
) -> Covered | Stopped:
    """Try to prove the policy safe: with the queue as a bag, if asked, and where that proves nothing, in its order.

    Ctrl-C stops it, and so does a MemoryError of the system or of `tick`.
    """
    ways = (False, True) if UNORDERED in reductions else (True,)
    for ordered in ways:
        search = None
        try:
            search = Search(Logged(scenario, policy, ordered), reductions, tick)
            return search.cover(max_states)
        except KeyboardInterrupt:
            return Stopped(INTERRUPTED, None, *(search.covered() if search else (0, 0)))
        except MemoryError:
            return Stopped("out of memory")
        except Bound as bound:
            return Stopped(str(bound))
        except (Stop, Decline) as stop:
            stopped = Stopped(str(stop))
        except Violation as violation:
            stopped = Stopped(str(violation), violation.way)
        except (Broken, PolicyFault) as error:  # before the first step: there is no way to show
            return Stopped(str(error))
    return stopped


class Search:
    """An exploration, repeated until no place is new."""

    def __init__(
        self, machine: Logged, reductions: Collection[str], tick: Callable[[Progress], None] | None = None
    ) -> None:
        self.machine, self.layout, self.tick = machine, machine.layout, tick
        self._used = tuple(sorted(it for it in reductions if it != UNORDERED or not machine.ordered))
        self.places = Places(machine.variables)
        self.steps = Steps(machine, self.places)
        self.persistent = Persistent(machine, self.places) if PERSISTENT in reductions else None
        symmetry = Symmetry(machine.scenario, machine.layout)
        self.symmetry = symmetry if SYMMETRY in reductions and symmetry.pairs else None
        self._colours: dict[int, int] = {}
        self._led: dict[int, int] = {}
        self._surprised = self._transitions = 0
        self._nothing = Base(0, [Outcome(ENDED)] * machine.layout.tasks, 0, NOBODY, [])

    def start(self) -> int:
        """The initial state."""
        nothing = (0,) * self.layout.pages
        return self.layout.encode(Owned(self.machine.initial(), (nothing,) * self.layout.tasks, ()))

    def covered(self) -> tuple[int, int]:
        """How many states the exploration under way has kept, and moves it has tried."""
        return len(self._colours), self._transitions

    def cover(self, max_states: int) -> Covered:
        """Explore until the future is as it was foreseen. Raises `Stop`, `Decline` or `Violation`."""
        if self.tick:
            self.tick(Progress(1, 0, 0))
        if self.persistent:
            self._walk()
            self._as_foreseen(self.persistent)
        while True:
            self._surprised = 0
            picked: Moves = []
            try:
                covered = self._explore(max_states, picked)
            except (Bad, BadEnd) as bad:
                if self._surprised or (self.persistent and not self._as_foreseen(self.persistent)):
                    continue  # the way there could not be found again, for other choices would be made on it now
                raise Violation(self._way(picked)) from bad
            if covered and not self._surprised and (not self.persistent or self._as_foreseen(self.persistent)):
                return covered

    def _as_foreseen(self, persistent: Persistent) -> bool:
        """Whether the future that the exploration relied on is the one that it saw."""
        steps, queues = self.steps.close(), persistent.close()
        return steps and queues

    def _walk(self) -> None:
        """Walk to see most places before the first exploration, until some walks have seen nothing new. Of the steps
        that are possible the one goes next that went least often, so that each walk is another."""
        went: dict[Move, int] = {}
        stale = turn = 0
        while stale < STALE:
            code, steps, seen = self.start(), list[tuple[Outcome, int]](), set[int]()
            self.places.changed = False
            while True:
                if code in seen:
                    raise Stop(CYCLE)
                if len(steps) > LONGEST:
                    raise Stop("a run does not come to its end")
                seen.add(code)
                try:
                    outcomes = [self.steps.outcome(code, task) for task in range(self.layout.tasks)]
                    moves = [move for outcome in outcomes for move in outcome.moves]
                    self._look(code, moves)
                except Bad as bad:
                    raise Violation([*_as_moves(steps), bad.move]) from bad
                except BadEnd as end:
                    raise Violation(_as_moves(steps)) from end
                if not moves:
                    break
                turn += STRIDE  # of those that went equally often not always the first
                first = turn % len(moves)
                move = min(moves[first:] + moves[:first], key=lambda move: went.get(move, 0))
                went[move] = went.get(move, 0) + 1
                task, delta = move
                steps.append((outcomes[task], delta))
                code += delta
            stale = 0 if self.places.changed else stale + 1

    def _explore(self, max_states: int, picked: Moves) -> Covered | None:
        """Depth first. `picked` are the moves on the way to where the search is. None where it was surprised
        and its patience is over: time to begin anew."""
        self._transitions = 0
        self._led.clear()
        self._colours.clear()
        code, moves, base = self._advance(self.start(), NOBODY, self._nothing)
        self._look(code, moves)
        colours = self._colours
        colours[code] = ON_WAY
        way = [(code, iter(moves), base)]
        while way:
            code, rest, base = way[-1]
            for move in rest:
                self._transitions += 1
                picked[len(way) - 1 :] = [move]
                target, moves, reached = self._advance(code + move[1], move[0], base)
                colour = colours.get(target)
                if colour == ON_WAY:
                    raise Stop(CYCLE)
                if colour is None:
                    self._look(target, moves)
                    if len(colours) >= max_states:
                        raise Bound(f"more than {max_states:,} states")
                    if self.tick and len(colours) % EVERY == 0:
                        self.tick(Progress(len(colours), len(colours) - len(way), len(way)))
                    if self._surprised and len(colours) > 1.25 * self._surprised + PATIENCE:
                        return None
                    colours[target] = ON_WAY
                    way.append((target, iter(moves), reached))
                    break
            else:
                colours[code] = DONE
                way.pop()
        return Covered(*self.covered(), self._used, self.steps.still)

    def _advance(self, code: int, mover: int, base: Base, trail: Trail | None = None) -> tuple[int, Moves, Base]:
        """Walk on while one step is enough; the state where it is not, the steps to try there if it is new, and a base
        for the states that follow.

        `mover` went last. `trail` is told of every step.
        """
        steps, persistent, symmetry = self.steps, self.persistent is not None, self.symmetry
        passed: list[int] = []
        its: Outcome | None = None
        same = persistent and base is not self._nothing  # who stands where as in the base
        for _ in range(LONGEST):
            if mover != NOBODY and same:
                its = steps.outcome(code, mover)
                only = its.only
                if only is not None and not its.action & self._rest(base, mover):
                    if trail:
                        trail.step(self, code, mover, only)
                    code += only
                    continue
            if symmetry and (code ^ base.code) & symmetry.mask:  # else it is as sorted as the base
                unsorted = code
                code = symmetry.sort(code, trail.order if trail else None)
                if code != unsorted:
                    its, same = None, False
            if not trail:
                if code in self._colours:
                    return self._arrived(passed, code), [], base
                led = self._led.get(code)
                if led is not None:
                    return self._arrived(passed, led), [], base
            moves, reached = self._moves(code, base, mover, its, same)
            if len(moves) != 1 or not persistent:
                return (code if trail else self._arrived(passed, code)), moves, reached
            if reached is not base:
                base, same = reached, True
            passed.append(code)
            mover, delta = moves[0]
            if trail:
                trail.step(self, code, mover, delta)
            code += delta
        raise Stop("a step leads to another for ever")

    def _rest(self, base: Base, task: int) -> int:
        """What anybody but the task may ever do from a base on."""
        if base.closings != self.steps.closings:
            base.closings, base.rest, base.signs = self.steps.closings, [UNKNOWN] * len(base.outcomes), UNKNOWN
        rest = base.rest[task]
        if rest == UNKNOWN:
            assert self.persistent
            rest = base.rest[task] = self.persistent.rest(base.outcomes, base.code, task)
        return rest

    def _arrived(self, passed: list[int], last: int) -> int:
        """Remember that the states passed, where one step was enough, led to `last`."""
        for code in passed:
            self._led[code] = last
        return last

    def _moves(self, code: int, base: Base, mover: int, its: Outcome | None, same: bool) -> tuple[Moves, Base]:
        """The steps to try in a state, and a base for those that follow. `its` is what the mover may do, if that is
        known; `same`: who stands where as in the base."""
        steps, persistent = self.steps, self.persistent
        changed = code ^ base.code
        outcomes = base.outcomes.copy()
        fresh: list[int] = []
        for task, outcome in enumerate(base.outcomes):
            if changed & outcome.mask:
                now = outcomes[task] = its if its and task == mover else steps.outcome(code, task)
                fresh.append(task)
                only = now.only if same and task != mover else None
                if only is not None and not now.action & self._rest(base, task):
                    return [(task, only)], base
        if not persistent:
            return [move for outcome in outcomes for move in outcome.moves], Base(code, outcomes, 0, NOBODY, [])
        if self.places.changed and not self._as_foreseen(persistent):
            self._surprised = len(self._colours) + 1
        steps.fresh.clear()
        if base.closings == steps.closings and base.signs != UNKNOWN:
            signs = base.signs
            for task in fresh:
                now, old = outcomes[task], base.outcomes[task]
                signs += now.sign + now.entry.sign - old.sign - old.entry.sign
        else:
            signs = sum([outcome.sign + outcome.entry.sign for outcome in outcomes])
        moves, rest = persistent.choose(code, outcomes, signs)
        return moves, Base(code, outcomes, signs, steps.closings, rest)

    def _look(self, code: int, moves: Sized) -> None:
        """Raise `BadEnd` where nobody can go on and not all is well; `Stop` if somebody can, and nothing changes."""
        if not moves:
            state, machine = self.layout.decode(code).state, self.machine
            if not machine.at_rest(state) or lost_pages(machine, state) or leaks(machine, state):
                if any(self.steps.outcome(code, task).kind == STILL for task in range(self.layout.tasks)):
                    raise Stop(CYCLE)
                raise BadEnd

    def _way(self, picked: Moves) -> Way:
        """The moves of the machine's tasks that lead to where the search was when it met something bad."""
        trail = Trail(self.layout.tasks)
        try:
            code, _, base = self._advance(self.start(), NOBODY, self._nothing, trail)
            for task, delta in picked:
                trail.step(self, code, task, delta)
                code, _, base = self._advance(code + delta, task, base, trail)
        except Bad as bad:
            task, choice = bad.move
            trail.way.append((trail.order[task], choice))
        return trail.way


def _as_moves(steps: list[tuple[Outcome, int]]) -> Way:
    """Steps, each by what its task may do and what it adds, as the machine has them."""
    return [outcome.move(outcome.deltas.index(delta)) for outcome, delta in steps]


class Trail:
    """The steps of a search, as the machine would make them: `order` says which task stands where."""

    def __init__(self, tasks: int) -> None:
        self.order = list(range(tasks))
        self.way: Way = []

    def step(self, search: Search, code: int, task: int, delta: int) -> None:
        """A task's step adds this to the state."""
        outcome = search.steps.outcome(code, task)
        _, choice = outcome.move(outcome.deltas.index(delta))
        self.way.append((self.order[task], choice))
