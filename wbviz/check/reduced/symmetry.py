"""Equal tasks are interchangeable: of states that differ only in which of them does what, one is explored.

Two tasks are equal when they run the same program with the same argument. A state names a task in three ways only: by
its place in the row, as the holder of a lock, and as the one that made a work or runs it. So two equal tasks of which
neither holds a lock or knows a work can change places, and everything that can happen afterwards changes places with
them.
"""

from __future__ import annotations

from wbviz.check.reduced.layout import ENV_BITS, FREE_BITS, OWN_BITS, TASK_ONES, Layout
from wbviz.machine.scenario import Scenario


class Symmetry:
    """Sorts equal tasks."""

    def __init__(self, scenario: Scenario, layout: Layout) -> None:
        specs = scenario.tasks
        self._layout = layout
        self.pairs = [
            (number, number + 1) for number in range(len(specs) - 1) if specs[number][1:] == specs[number + 1][1:]
        ]
        self.mask = 0
        """The fields of equal tasks: a state in which these are as in a sorted one is sorted."""
        for task in {task for pair in self.pairs for task in pair}:
            self.mask |= layout.task[task]

    def sort(self, code: int, order: list[int] | None = None) -> int:
        """The state with equal tasks sorted; `order` (who stands where) is sorted along with them."""
        at = self._layout.task_at
        swapped = True
        while swapped:
            swapped = False
            for first, second in self.pairs:
                mine, its = code >> at[first] & TASK_ONES, code >> at[second] & TASK_ONES
                if mine > its and not self._named(mine) and not self._named(its):
                    code += (its - mine << at[first]) + (mine - its << at[second])
                    swapped = True
                    if order is not None:
                        order[first], order[second] = order[second], order[first]
        return code

    def _named(self, task: int) -> bool:
        """Whether something else than its place names a task."""
        rest = task >> FREE_BITS
        owns = rest >> ENV_BITS & (1 << OWN_BITS) - 1
        return bool(rest & (1 << ENV_BITS) - 1 or rest >> ENV_BITS + OWN_BITS or self._layout.owns.values[owns][1])
