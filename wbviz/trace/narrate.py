"""One sentence a step, as a person would say it. Everything comes in by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.reasons import Wait

Value = object


def says(task: str, operation: str, args: Sequence[Value], result: Value) -> str:
    """What one step does. `args` and `result` hold names ("A0", "work 1"), numbers, True, False or None."""
    tell = SENTENCES.get(operation)
    return tell(task, args, result) if tell else f"{task} does {operation}"


def wants(task: str, operation: str, args: Sequence[Value], holders: Sequence[str]) -> str:
    """What a task says when it begins to wait."""
    whom = " and ".join("itself" if holder == task else holder for holder in holders)
    reason = OPERATIONS[operation].waits_for
    if reason is Wait.WRITEBACK:
        if list(holders) == ["disk"]:
            return f"{task} waits until the disk has written {args[0]}"
        return f"{task} waits until {args[0]} is written: it is in the unsent request of {whom}"
    if reason is Wait.COMPLETION:
        return f"{task} waits for the completion of {whom}"
    return f"{task} wants {args[0]}: it waits for {whom}"


def _join(names: Sequence[Value]) -> str:
    words = [str(name) for name in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _lock(task: str, args: Sequence[Value], result: Value) -> str:
    if result is False:
        return f"{task} looks for {args[0]}: it is no longer in its file"
    return f"{task} locks {args[0]} and holds it"


def _trylock(task: str, args: Sequence[Value], result: Value) -> str:
    if result is None:
        return f"{task} looks for {args[0]}: it is no longer in its file"
    if result is False:
        return f"{task} tries to lock {args[0]}: it is taken, and {task} goes on without it"
    return f"{task} tries to lock {args[0]}: it was free, and {task} holds it"


def _queue(task: str, args: Sequence[Value], result: Value) -> str:
    what = f"a work for {args[0]}" if args[0] is not None else "a work"
    if result is False:
        return f"{task} asks for {what}: the queue is full, it is refused"
    return f"{task} queues {what}"


def _extend(task: str, args: Sequence[Value], result: Value) -> str:
    if result is False:
        return f"{task} wants to extend {args[0]}: too late, it has been taken"
    return f"{task} extends {args[0]}"


def _igrab(task: str, args: Sequence[Value], result: Value) -> str:
    if result is False:
        return f"{task} asks for a reference to inode {args[0]}: refused, the inode is being freed"
    return f"{task} takes a reference to inode {args[0]}"


def _iput(task: str, args: Sequence[Value], result: Value) -> str:
    if result is True:
        return f"{task} drops the last reference to inode {args[0]}: the file has no name, so {task} must evict it"
    return f"{task} drops its reference to inode {args[0]}"


def _find(task: str, args: Sequence[Value], result: Value) -> str:
    if result is None:
        return f"{task} looks for page {args[1]} of inode {args[0]}: there is none"
    return f"{task} finds {result} in its file and pins it"


def _isolate(task: str, args: Sequence[Value], result: Value) -> str:
    if result is None:
        return f"{task} finds no dirty page to clean"
    return f"{task} pins {result} and asks for it to be cleaned"


def _submit(task: str, args: Sequence[Value], result: Value) -> str:
    if result is True:
        return f"{task} asks for {args[0]} to be written: the filesystem looks which pages it takes along"
    return f"{task} hands {_join(args)} to the disk"


def _gather(task: str, args: Sequence[Value], result: Value) -> str:
    return f"{task} puts {args[0]} into its request, which is not full yet: under writeback, and not sent"


def _dirty(task: str, args: Sequence[Value], result: Value) -> str:
    if result is False:
        return f"{task} finds that {args[0]} has left its file"
    return f"{task} writes into {args[0]}: it is dirty"


SENTENCES: dict[str, Callable[[str, Sequence[Value], Value], str]] = {
    "lock_page": _lock,
    "lock_attached": _lock,
    "trylock_page": _trylock,
    "trylock_attached": _trylock,
    "unlock_page": lambda task, args, _: f"{task} unlocks {args[0]}",
    "get_page": lambda task, args, _: f"{task} pins {args[0]}",
    "put_page": lambda task, args, _: f"{task} drops its pin on {args[0]}",
    "wait_on_page_writeback": lambda task, args, _: f"{task} sees that {args[0]} is not under writeback",
    "writepage": _submit,
    "submit": _submit,
    "gather": _gather,
    "igrab": _igrab,
    "igrab_live": _igrab,
    "iput": _iput,
    "find_get_page": _find,
    "queue_work": _queue,
    "extend_work": _extend,
    "cond_resched": lambda task, args, _: f"{task} lets others run",
    "detach": lambda task, args, _: f"{task} takes {args[0]} out of its file",
    "dirty_page": _dirty,
    "end_writeback": lambda task, args, _: f"{task} finishes writing {args[0]}",
    "unlink": lambda task, args, _: f"{task} removes the last name of inode {args[0]}",
    "gone": lambda task, args, _: f"{task} has evicted inode {args[0]}: it is gone",
    "umount": lambda task, args, _: f"{task} finds every inode unreferenced",
    "queue_sync": lambda task, args, result: f"{task} queues {result}: write everything dirty in inode {args[0]}",
    "take_work": lambda task, args, result: f"{task} takes {result} from the queue",
    "complete": lambda task, args, _: f"{task} has finished {args[0]}",
    "wait_for": lambda task, args, _: f"{task} sees that {args[0]} is done",
    "isolate": _isolate,
}
