"""A small world, and operations on it by name."""

from typing import Any

from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import Call, Frame, Inode, Page, State, Task, Work, World

FLUSHER, WRITER = 0, 1
A0, A1, A2, B0 = 0, 1, 2, 3
A, B = 0, 1


def world(**fields: Any) -> World:
    """Files A (three pages) and B (one), tasks flusher and writer."""
    return World(("A", "B"), ((A, 0), (A, 1), (A, 2), (B, 0)), ("flusher", "writer"), **fields)


WORLD = world()


def state(
    pages: dict[int, Page] | None = None,
    inodes: dict[int, Inode] | None = None,
    works: tuple[Work, ...] = (),
    calls: dict[int, Call] | None = None,
    refers: dict[int, tuple[int, ...]] | None = None,
) -> State:
    """Clean unlocked pages, live linked inodes, nothing queued; but for what is given.

    `calls` are enqueue calls in progress, `refers` the works that a task's suspended program refers to.
    """
    pages, inodes, calls, refers = pages or {}, inodes or {}, calls or {}, refers or {}
    return State(
        tuple(pages.get(number, Page()) for number in range(4)),
        tuple(inodes.get(number, Inode()) for number in range(2)),
        works,
        tuple(Task((Frame("kswapd", 0, refers.get(task, ())),), calls.get(task)) for task in range(2)),
    )


def held_by(task: int, **fields: Any) -> Page:
    """A page whose lock a task holds."""
    return Page(holder=task + 1, **fields)


FREED = Page(attached=False)
DETACHED = Page(attached=False, pins=1)


def waits(operation: str, before: State, *args: Any, task: int = FLUSHER, where: World = WORLD) -> Any:
    """Whom the operation would wait for; None if it may proceed."""
    asked = OPERATIONS[operation].waits
    return asked(where, before, task, args) if asked else None


def do(
    operation: str, before: State, *args: Any, task: int = FLUSHER, where: World = WORLD, **info: Any
) -> tuple[State, Any]:
    """The state after the operation, and its result."""
    known = OPERATIONS[operation]
    if known.takes_info:
        return known.do(where, before, task, args, tuple(sorted(info.items())))
    return known.do(where, before, task, args)
