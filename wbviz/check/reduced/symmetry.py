"""Equal tasks are interchangeable: of states that differ only in which of them does what, one is explored.

Two tasks are equal when they run the same program with the same argument. A state names a task in two ways only: by its
place in the row, and as the holder of a lock. So two equal tasks of which neither holds a lock can change places, and
everything that can happen afterwards changes places with them. Flushers are left out, for a work names who runs it.
"""

from __future__ import annotations

from wbviz.check.reduced.layout import OWN_BITS, TASK_BITS, Layout
from wbviz.scenarios.scenario import Scenario

ONES = (1 << TASK_BITS) - 1


class Symmetry:
    """Sorts equal tasks."""

    def __init__(self, scenario: Scenario, layout: Layout) -> None:
        specs = scenario.tasks
        self._layout = layout
        self.pairs = [
            (number, number + 1)
            for number in range(len(specs) - 1)
            if specs[number][1:] == specs[number + 1][1:] and specs[number].program not in ("flusher", "disk")
        ]

    def sort(self, code: int, order: list[int] | None = None) -> int:
        """The state with equal tasks sorted; `order` (who stands where) is sorted along with them."""
        at = self._layout.task_at
        swapped = True
        while swapped:
            swapped = False
            for first, second in self.pairs:
                mine, its = code >> at[first] & ONES, code >> at[second] & ONES
                if mine > its and not self._holds(mine) and not self._holds(its):
                    code += (its - mine << at[first]) + (mine - its << at[second])
                    swapped = True
                    if order is not None:
                        order[first], order[second] = order[second], order[first]
        return code

    def _holds(self, task: int) -> bool:
        """Whether a task holds a lock."""
        return bool(self._layout.owns.values[task >> TASK_BITS - OWN_BITS][1])
