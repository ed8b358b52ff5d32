"""Operations on the queue of works, and the two ways in which built-in tasks choose. Form: see `pages`."""

from __future__ import annotations

from wbviz.kernel.info import info_of
from wbviz.kernel.inodes import touch as touch_inode
from wbviz.kernel.pages import Args, Done, Waits, refused, sent, touch
from wbviz.kernel.state import (
    PAGEOUT,
    QUEUED,
    SYNC,
    State,
    Value,
    Work,
    World,
    find_work,
    queued,
    with_page,
    with_works,
)

Info = tuple[tuple[str, Value], ...]


def free_number(state: State) -> int:
    """The smallest number that no live work has and no suspended program still refers to."""
    used = {work.id for work in state.works}
    for task in state.tasks:
        for frame in task.frames:
            used.update(frame.works)
    number = 1
    while number in used:
        number += 1
    return number


def full(world: World, state: State) -> bool:
    """Whether the queue has no room for another pageout work."""
    if world.queue_limit is None:
        return False
    return sum(work.kind == PAGEOUT for work in queued(state)) >= world.queue_limit


def do_queue_work(world: World, state: State, task: int, args: Args, info: Info = ()) -> Done:
    """Append a pageout work: True; False where the queue is full.

    If the caller holds the lock of the work's page, that lock travels with the work.
    """
    page_number, inode = args
    page = None if page_number is None else touch(world, state, page_number)
    if inode is not None:
        touch_inode(world, state, inode)
    if full(world, state):
        return refused(state, task), False
    number = free_number(state)
    state = with_works(state, (*state.works, Work(number, PAGEOUT, page_number, inode, info_of(info))))
    if page is not None and page.holder == task + 1:
        state = with_page(state, page_number, page._replace(holder=-number))
    return state, True


def do_extend_work(world: World, state: State, task: int, args: Args, info: Info = ()) -> Done:
    """Replace what a queued work holds, key by key: True; False once it has been taken or has ended."""
    work = find_work(state, args[0])
    if work is None or work.by != QUEUED:
        return state, False
    given = dict(info)
    page, inode = given.pop("page", None), given.pop("inode", None)
    if page is not None:
        touch(world, state, page[1])
    if inode is not None:
        touch_inode(world, state, inode[1])
    changed = work._replace(
        page=work.page if page is None else page[1],
        inode=work.inode if inode is None else inode[1],
        info=info_of(tuple(sorted((dict(work.info) | given).items()))),
    )
    return with_works(state, tuple(changed if w is work else w for w in state.works)), True


def do_queue_sync(world: World, state: State, task: int, args: Args) -> Done:
    """Append a sync work for an inode, never refused; the result is the work. args: inode, whether it writes."""
    number = free_number(state)
    work = Work(number, SYNC, None, args[0], writes=args[1])
    return with_works(state, (*state.works, work)), ("work", number)


def waits_take(world: World, state: State, task: int, args: Args) -> Waits:
    """Idle, not blocked, while nothing is queued."""
    return None if any(work.by == QUEUED for work in state.works) else ()


def do_take_work(world: World, state: State, task: int, args: Args) -> Done:
    """Take the oldest queued work; the lock that travelled with it, and no other, is the caller's now."""
    work = queued(state)[0]
    for number, page in enumerate(state.pages):
        if page.holder == -work.id:
            state = with_page(state, number, page._replace(holder=task + 1))
    taken = work._replace(by=task)
    return with_works(state, tuple(taken if w is work else w for w in state.works)), ("work", work.id)


def do_complete(world: World, state: State, task: int, args: Args) -> Done:
    """The work has ended: what was gathered for it is sent, and whoever waits for it may go on."""
    state = sent(world, state, task)
    return with_works(state, tuple(work for work in state.works if work.id != args[0])), None


def waits_for_work(world: World, state: State, task: int, args: Args) -> Waits:
    """Blocked until the work has ended."""
    return None if find_work(state, args[0]) is None else (("work", args[0]),)


def do_nothing(world: World, state: State, task: int, args: Args) -> Done:
    """An operation without an effect: others may run."""
    return state, None


def wanted(state: State, pages: Args) -> Args:
    """The pages that reclaim would like cleaned: attached and dirty, in the order given."""
    return tuple(n for n in pages if state.pages[n].attached and state.pages[n].dirty)


def choices_isolate(state: State, args: Args) -> tuple[int | None, ...]:
    """The pages of which reclaim may take one, in any order; None where it takes the first, or finds none."""
    pages, any_order = args
    return (wanted(state, pages) if any_order else ()) or (None,)


def do_isolate(world: World, state: State, task: int, args: Args) -> Done:
    """Reclaim takes a page and pins it; None where none is left.

    args: the page chosen; or the candidates in their order, of which the first wanted one is taken.
    """
    first = wanted(state, args[:1] if type(args[0]) is int else args[0])[:1]
    if not first:
        return state, None
    page = state.pages[first[0]]
    return with_page(state, first[0], page._replace(pins=page.pins + 1)), ("page", first[0])


def waits_retry(world: World, state: State, task: int) -> Waits:
    """What a task waits for that was refused room and asks again: the queued works, though it runs."""
    call = state.tasks[task].call
    if call is None or not call.refused or not full(world, state):
        return None
    return tuple(("work", work.id) for work in queued(state) if work.kind == PAGEOUT)


def waits_of_work(world: World, state: State, number: int, flushers: tuple[int, ...]) -> Waits:
    """What a work waits for: the task that runs it; or, queued, every queued work before it and the flushers."""
    work = find_work(state, number)
    if work is None:
        return None
    if work.by != QUEUED:
        return (("task", work.by),)
    before = []
    for other in queued(state):
        if other.id == number:
            break
        before.append(("work", other.id))
    return (*before, *(("task", flusher) for flusher in flushers))
