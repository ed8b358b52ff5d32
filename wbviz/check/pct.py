"""Random schedules with a guarantee: PCT, probabilistic concurrency testing.

Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs,
ASPLOS 2010. Every actor gets a random priority above d; the one with the highest always goes on; at d - 1 random
steps among the first k, whoever is to run next drops to priority d - 1, ..., 1. A bug of depth d, one that needs d
orderings between steps, in runs of n actors and at most k steps, is in one schedule with a probability of at least
1/(n k^(d-1)).

Beside the paper, for tasks that spin: whoever leads back to a state that the run has had goes behind all others,
until somebody comes to a new state. Such a step is no part of a shortest way to a bug; the guarantee holds for runs
in which it does not come to that.
"""

from __future__ import annotations

from random import Random

from wbviz.check.graph import Moves
from wbviz.check.walk import Move
from wbviz.machine.machine import Machine

Actor = tuple[int, int]


def actors_of(machine: Machine) -> list[Actor]:
    """Who is scheduled: every task, and of the disk every page, since it finishes them in any order."""
    found: list[Actor] = []
    for number in range(len(machine.scenario.tasks)):
        pages = range(len(machine.scenario.pages))
        found += [(number, page) for page in pages] if number in machine.disks else [(number, -1)]
    return found


class Pct:
    """One random schedule. `depth` is d, `steps` is k. What a task chooses (a page) is drawn evenly."""

    def __init__(self, machine: Machine, random: Random, depth: int, steps: int) -> None:
        self._random = random
        self._actors = set(actors_of(machine))
        ranked = sorted(self._actors)
        random.shuffle(ranked)
        self._priority = {actor: depth + rank for rank, actor in enumerate(ranked)}
        self._sunk: dict[Actor, int] = {}
        self._drops = {random.randint(1, steps): depth - 1 - number for number in range(depth - 1)}
        self._made = 0
        self._lowest = 0
        self._last: Actor = ranked[0]
        self._stretch = 0
        self._patience = max(100, steps)

    def pick(self, able: Moves) -> Move:
        """A move of the actor with the highest priority."""
        self._made += 1
        best = self._best(able)
        if self._made in self._drops:  # before the step, so that even the first step of an actor can be put off
            self._priority[best] = self._drops[self._made]
            best = self._best(able)
        moves = [move for move in able if self._actor(move) == best]
        self._stretch = self._stretch + 1 if best == self._last else 0
        self._last = best
        if self._stretch > self._patience:  # it spins, and counts while it does: no state comes back
            self._priority[best] = self._next_lowest()
            self._stretch = 0
        return moves[0] if len(moves) == 1 else self._random.choice(moves)

    def _best(self, able: Moves) -> Actor:
        return max((self._actor(move) for move in able), key=lambda actor: self._sunk.get(actor, self._priority[actor]))

    def repeated(self, move: Move) -> None:
        """It spins: it goes behind all others."""
        self._sunk[self._actor(move)] = self._next_lowest()

    def new(self) -> None:
        """Something has changed: whoever spun may have something else to do now."""
        self._sunk.clear()

    def _next_lowest(self) -> int:
        self._lowest -= 1
        return self._lowest

    def _actor(self, move: Move) -> Actor:
        task, choice = move
        own = (task, -1)
        return own if own in self._actors or choice is None else (task, choice)


def chance(actors: int, steps: int, depth: int, schedules: int = 1) -> float:
    """The least probability that a bug of that depth is in at least one of so many schedules."""
    each = float(steps) ** (1 - depth) / actors  # 0.0 where a float holds nothing so small
    return 1.0 - (1.0 - each) ** schedules if each > 1e-9 else min(1.0, each * schedules)
