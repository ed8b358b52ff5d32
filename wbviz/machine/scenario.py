"""A scenario: inodes, pages, a filesystem, the tasks beside the policy, and what is expected of which policy."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.kernel.state import Inode, Page, Value, World

Params = dict[str, int]


class TaskSpec(NamedTuple):
    """A task: its name, the program it runs (`tasks.PROGRAMS`), and the program's argument."""

    name: str
    program: str
    argument: Value


class Scenario(NamedTuple):
    """One claim, as a small world. `expected` maps built-in policies to their verdicts."""

    name: str
    claim: str
    params: tuple[tuple[str, int], ...]
    world: World
    pages: tuple[Page, ...]
    inodes: tuple[Inode, ...]
    tasks: tuple[TaskSpec, ...]
    expected: tuple[tuple[str, str], ...]

    def page(self, name: str) -> int | None:
        """The number of the page of that name, or None."""
        for number in range(len(self.pages)):
            if self.world.page_name(number) == name:
                return number
        return None
