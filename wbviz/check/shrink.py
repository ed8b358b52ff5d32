"""Make a failing schedule readable: fewer steps, then fewer switches between tasks.

A shorter schedule is tried by making its moves as far as they are possible, and going on without any switch that
is not forced. What fails in the same way and is shorter is kept. The steps spent on it are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from wbviz.check.graph import Moves
from wbviz.check.walk import Move, Run, walk
from wbviz.machine.machine import Machine

EFFORT = 30_000
"""How many steps of the machine shrinking may take."""


class Guided:
    """Makes given moves where they are possible, then goes on with the same task for as long as it can."""

    def __init__(self, machine: Machine, moves: Moves) -> None:
        self._moves = iter(moves)
        self._tasks = list(range(len(machine.scenario.tasks)))
        self._spun = False
        self._last = -1

    def pick(self, able: Moves) -> Move:
        """The next of the given moves that is possible; after them, no switch that is not forced."""
        chosen = next((move for move in self._moves if move in able), None)
        if chosen is None:
            chosen = min(able, key=lambda move: (move[0] != self._last, self._tasks.index(move[0])))
        self._last = chosen[0]
        return chosen

    def repeated(self, move: Move) -> None:
        """It spins: it goes behind all others."""
        self._tasks.remove(move[0])
        self._tasks.append(move[0])
        self._last = -1
        self._spun = True

    def new(self) -> None:
        """Something has changed: whoever spun comes in its old turn again."""
        if self._spun:
            self._tasks.sort()
            self._spun = False


def shorten(machine: Machine, run: Run, limit: int, effort: int = EFFORT) -> Run:
    """A run that fails in the same way, in fewer steps, or in as many with fewer switches."""
    best, spent = run, 0
    again = True
    while again and spent < effort:
        again = False
        for moves in _shorter(best.moves):
            found = walk(machine, Guided(machine, moves), min(limit, 2 * len(run.states) + 100))
            spent += found.steps + 1
            if found.kind == best.kind and _length(found) < _length(best):
                best, again = found, True
                break
            if spent >= effort:
                break
    return best


def _length(run: Run) -> tuple[int, int]:
    return len(run.moves), run.switches


def _shorter(moves: Moves) -> Iterator[Moves]:
    """Schedules to try instead, the boldest first."""
    yield []
    for task in sorted({task for task, _ in moves}):
        yield [move for move in moves if move[0] != task]
    size = len(moves) // 2
    while size:
        for begin in range(0, len(moves), size):
            yield moves[:begin] + moves[begin + size :]
        size //= 2
    for task in sorted({task for task, _ in moves}):
        own = [number for number, move in enumerate(moves) if move[0] == task]
        for width in range(2, 7):
            for begin in range(len(own) - width + 1):
                gone = set(own[begin : begin + width])
                yield [move for number, move in enumerate(moves) if number not in gone]
    blocks = [list(block) for _, block in groupby(moves, key=lambda move: move[0])]
    for number, block in enumerate(blocks):
        for other in range(number + 2, len(blocks)):
            if blocks[other][0][0] == block[0][0]:
                between, rest = blocks[number + 1 : other], blocks[other + 1 :]
                yield _flat([*blocks[:number], block, blocks[other], *between, *rest])
                yield _flat([*blocks[:number], *between, block, blocks[other], *rest])
                break


def _flat(blocks: list[Moves]) -> Moves:
    return [move for block in blocks for move in block]
