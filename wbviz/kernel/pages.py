"""Operations on pages: the lock, the pins, writeback, truncation.

An operation is a pair of pure functions over (world, state, task, arguments):
`waits_…` says what it waits for (None: it may proceed; an empty tuple: idle) and
`do_…` returns the state after it and its result, or raises `Broken`.
An operation that would break a rule never waits: it may proceed, and breaks it.
"""

from __future__ import annotations

from typing import Any

from wbviz.kernel.reasons import Rule
from wbviz.kernel.state import UNLOCKED, Broken, Page, State, Task, Value, World, with_page, with_task

Args = tuple[Any, ...]
Node = tuple[str, int]
"""Who is waited for: ("task", number), ("work", number of the work) or ("disk", number of the page)."""

Waits = tuple[Node, ...] | None
Done = tuple[State, Value]


def holder_node(page: Page) -> Node:
    """Who holds the lock of a locked page."""
    return ("task", page.holder - 1) if page.holder > 0 else ("work", -page.holder)


def holder_name(world: World, holder: int) -> str:
    """The holder of a lock in words: a task's name, or `work N`."""
    return world.task_names[holder - 1] if holder > 0 else f"work {-holder}"


def touch(world: World, state: State, number: int) -> Page:
    """The page, or `Broken` where its memory has been freed."""
    page = state.pages[number]
    if page.freed:
        raise Broken(
            Rule.FREED,
            f"{world.page_name(number)} was freed: it is detached and nobody pins it, so its memory may be anybody's",
        )
    return page


def _changed(page: Page, **fields: Any) -> Page:
    return page._replace(**fields)


# The page lock


def waits_lock(world: World, state: State, task: int, args: Args) -> Waits:
    """Blocked while the page is locked by anyone, the caller included."""
    page = state.pages[args[0]]
    if page.holder == UNLOCKED or page.freed:
        return None
    return (holder_node(page),)


def do_lock_page(world: World, state: State, task: int, args: Args) -> Done:
    """Take the lock of a page that the caller keeps alive by a pin."""
    page = touch(world, state, args[0])
    return with_page(state, args[0], _changed(page, holder=task + 1)), None


def do_trylock_page(world: World, state: State, task: int, args: Args) -> Done:
    """Take the lock if it is free: True; otherwise change nothing: False.

    A lock that the caller holds itself is no refusal: `enqueue` would have a reason to say False whenever it likes.
    """
    page = touch(world, state, args[0])
    if page.holder == task + 1:
        return state, False
    if page.holder != UNLOCKED:
        return refused(state, task), False
    return with_page(state, args[0], _changed(page, holder=task + 1)), True


def refused(state: State, task: int) -> State:
    """`state` with the `enqueue` in progress, if any, told that it was refused a lock or room."""
    current = state.tasks[task]
    if current.call is None or current.call.refused:
        return state
    return with_task(state, task, Task(current.frames, current.call._replace(refused=True)))


def do_unlock_page(world: World, state: State, task: int, args: Args) -> Done:
    """Release a lock that the caller holds; the only operation allowed on a freed page."""
    page, name = state.pages[args[0]], world.page_name(args[0])
    if page.holder == UNLOCKED:
        raise Broken(Rule.NOT_LOCKED, f"{name} is not locked, so it cannot be unlocked")
    if page.holder < 0:
        raise Broken(
            Rule.LOCK_WENT_AWAY,
            f"the lock of {name} went with work {-page.holder} when the work was queued: "
            f"{world.task_names[task]} does not hold it any more and cannot unlock it",
        )
    if page.holder != task + 1:
        raise Broken(
            Rule.LOCK_OF_ANOTHER,
            f"{name} is locked by {holder_name(world, page.holder)}, so {world.task_names[task]} cannot unlock it",
        )
    return with_page(state, args[0], _changed(page, holder=UNLOCKED, detaching=False)), None


def waits_lock_attached(world: World, state: State, task: int, args: Args) -> Waits:
    """Blocked while the page is attached and locked."""
    page = state.pages[args[0]]
    if not page.attached or page.holder == UNLOCKED:
        return None
    return (holder_node(page),)


def do_lock_attached(world: World, state: State, task: int, args: Args) -> Done:
    """Look a page up in its file and lock it, in one step; False where it is no longer in the file."""
    page = state.pages[args[0]]
    if not page.attached:
        return state, False
    return with_page(state, args[0], _changed(page, holder=task + 1)), True


def do_trylock_attached(world: World, state: State, task: int, args: Args) -> Done:
    """As `do_lock_attached`, but never waiting: None where the page is gone, False where it is locked."""
    page = state.pages[args[0]]
    if not page.attached:
        return state, None
    if page.holder != UNLOCKED:
        return state, False
    return with_page(state, args[0], _changed(page, holder=task + 1)), True


# References to the page


def do_get_page(world: World, state: State, task: int, args: Args) -> Done:
    """Pin the page: its memory stays, though not its place in the file."""
    page = touch(world, state, args[0])
    return with_page(state, args[0], _changed(page, pins=page.pins + 1)), None


def do_put_page(world: World, state: State, task: int, args: Args) -> Done:
    """Drop a pin. The last one of a detached page frees it.

    A truncation that has detached the page and is about to unlock it holds a reference of its own in
    the kernel (its lookup took it), so its lock does not make this a broken rule; any other lock does.
    """
    page, name = touch(world, state, args[0]), world.page_name(args[0])
    if not page.pins:
        raise Broken(Rule.NO_PIN, f"{name} has no pin to drop: put_page without its get_page")
    left = _changed(page, pins=page.pins - 1)
    if left.freed and left.holder != UNLOCKED and not left.detaching:
        raise Broken(
            Rule.FREES_LOCKED,
            f"dropping the last pin of {name} frees it while {holder_name(world, left.holder)} holds its lock",
        )
    return with_page(state, args[0], left), None


# Writing


def waits_writeback(world: World, state: State, task: int, args: Args) -> Waits:
    """Blocked while the page is under writeback: by the disk, or by the task whose request was not sent."""
    page = state.pages[args[0]]
    if not page.writeback or page.freed:
        return None
    return (("task", page.request - 1) if page.request else ("disk", args[0]),)


def do_wait_on_page_writeback(world: World, state: State, task: int, args: Args) -> Done:
    """The disk has finished the page."""
    touch(world, state, args[0])
    return state, None


def excused(state: State, number: int) -> tuple[Task, ...]:
    """The tasks, with every `enqueue` in progress told that its page became clean or gone."""
    return tuple(
        task._replace(call=task.call._replace(cleaned=True)) if task.call and task.call.page == number else task
        for task in state.tasks
    )


def may_write(world: World, state: State, task: int, number: int) -> Page:
    """The page, or `Broken` where the task may not hand it to the disk."""
    page, name = touch(world, state, number), world.page_name(number)
    if page.holder != task + 1:
        held = f"{holder_name(world, page.holder)} holds its lock" if page.holder else "nobody holds its lock"
        raise Broken(Rule.WRITTEN_UNLOCKED, f"{world.task_names[task]} writes {name} without holding its lock ({held})")
    if not page.attached:
        raise Broken(
            Rule.TRUNCATED,
            f"{name} was truncated: it is no longer part of its file, and writing it is a write after truncation",
        )
    if page.writeback:
        raise Broken(
            Rule.UNDER_WRITEBACK, f"{name} is already under writeback: wait for it under the lock before writing again"
        )
    return page


def do_submit(world: World, state: State, task: int, args: Args) -> Done:
    """Hand locked pages to the disk as one request: each dirty one goes under writeback.

    A clean page is a wasted request, counted by the simulator; no rule is broken.
    """
    for number in args:
        page = may_write(world, state, task, number)
        if page.dirty:
            written = _changed(page, dirty=False, writeback=True, owed=False)
            state = with_page(state._replace(tasks=excused(state, number)), number, written)
    return state, None


def do_writepage(world: World, state: State, task: int, args: Args) -> Done:
    """What a policy may ask for. A single filesystem writes the page there and then.

    A gathering one puts it into the caller's request, which it sends when it is full. A clustering one first
    looks which pages it takes along: the result is True there, and the caller goes on with that.
    """
    if world.filesystem == "single":
        return do_submit(world, state, task, args)
    dirty = may_write(world, state, task, args[0]).dirty
    if world.clusters:
        return state, dirty or None
    if dirty:
        state, _ = do_submit(world, state, task, args)
        state = with_page(state, args[0], _changed(state.pages[args[0]], request=task + 1))
        if sum(page.request == task + 1 for page in state.pages) >= world.cluster:
            state = sent(world, state, task)
    return state, None


def sent(world: World, state: State, task: int) -> State:
    """`state` with the request of a task, if it has one, sent to the disk."""
    if world.filesystem != "gather":
        return state
    for number, page in enumerate(state.pages):
        if page.request == task + 1:
            state = with_page(state, number, _changed(page, request=0))
    return state


def waits_for_a_request(world: World, state: State, task: int, args: Args) -> Waits:
    """Idle while no page is at the disk."""
    return None if choices_at_the_disk(state, args) else ()


def choices_at_the_disk(state: State, args: Args) -> tuple[int, ...]:
    """The pages of which the disk may finish one.

    Asked in every state: `writeback` first, a field, spares most calls.
    """
    return tuple([number for number, page in enumerate(state.pages) if page.writeback and page.at_disk])


def do_end_writeback(world: World, state: State, task: int, args: Args) -> Done:
    """The disk has written the page."""
    page = state.pages[args[0]]
    return with_page(state, args[0], _changed(page, writeback=False)), None


def do_dirty_page(world: World, state: State, task: int, args: Args) -> Done:
    """Somebody writes into the mapped page, without its lock. False once it has left its file."""
    page = state.pages[args[0]]
    if not page.attached:
        return state, False
    return with_page(state, args[0], _changed(page, dirty=True)), True


def do_detach(world: World, state: State, task: int, args: Args) -> Done:
    """Take a locked page out of its file. Its dirt is dropped; its index stays."""
    page = state.pages[args[0]]._replace(attached=False, dirty=False, owed=False, detaching=True)
    return with_page(state._replace(tasks=excused(state, args[0])), args[0], page), None
