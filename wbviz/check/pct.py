"""Random schedules with a guarantee: PCT, probabilistic concurrency testing.

Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs,
ASPLOS 2010. Every actor gets a random priority above d; the one with the highest always goes on; at d - 1 random
steps among the first k, whoever has just run drops to priority d - 1, ..., 1. A bug of depth d, one that needs d
orderings between steps, in runs of n actors and at most k steps, is in one schedule with a probability of at least
1/(n k^(d-1)).

Beside the paper, for tasks that spin: whoever comes back to a state of its own run goes behind all others. Such a
step is no part of a shortest way to a bug; the guarantee holds for runs in which it does not come to that.
"""

from __future__ import annotations

from random import Random

from wbviz.check.graph import Moves
from wbviz.check.walk import Move
from wbviz.scenarios.machine import Machine

Actor = tuple[int, int]


def actors_of(machine: Machine) -> list[Actor]:
    """Who is scheduled: every task, and of the disk every page, since it finishes them in any order."""
    found: list[Actor] = []
    for number, task in enumerate(machine.scenario.tasks):
        pages = range(len(machine.scenario.pages))
        found += [(number, page) for page in pages] if task.program == "disk" else [(number, -1)]
    return found


class Pct:
    """One random schedule. `depth` is d, `steps` is k. What a task chooses (a page) is drawn evenly."""

    def __init__(self, machine: Machine, random: Random, depth: int, steps: int) -> None:
        self._random = random
        self._actors = set(actors_of(machine))
        ranked = sorted(self._actors)
        random.shuffle(ranked)
        self._priority = {actor: depth + rank for rank, actor in enumerate(ranked)}
        self._drops = {random.randint(1, steps): depth - 1 - number for number in range(depth - 1)}
        self._made = 0
        self._lowest = 0
        self._last: Actor = ranked[0]
        self._stretch = 0
        self._patience = max(100, steps)

    def pick(self, able: Moves) -> Move:
        """A move of the actor with the highest priority."""
        best = max((self._actor(move) for move in able), key=self._priority.__getitem__)
        moves = [move for move in able if self._actor(move) == best]
        self._made += 1
        if self._made in self._drops:
            self._priority[best] = self._drops[self._made]
        self._stretch = self._stretch + 1 if best == self._last else 0
        self._last = best
        if self._stretch > self._patience:  # it spins, and counts while it does
            self._put_last(best)
        return moves[0] if len(moves) == 1 else self._random.choice(moves)

    def repeated(self, move: Move) -> None:
        """It spins: it goes behind all others."""
        self._put_last(self._actor(move))

    def _put_last(self, actor: Actor) -> None:
        self._lowest -= 1
        self._priority[actor] = self._lowest
        self._stretch = 0

    def _actor(self, move: Move) -> Actor:
        task, choice = move
        own = (task, -1)
        return own if own in self._actors or choice is None else (task, choice)


def chance(actors: int, steps: int, depth: int, schedules: int = 1) -> float:
    """The least probability that a bug of that depth is in at least one of so many schedules."""
    each = 1.0 / (actors * float(steps) ** (depth - 1))
    return 1.0 - (1.0 - each) ** schedules if each > 1e-9 else min(1.0, each * schedules)
