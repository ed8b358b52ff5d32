"""What pages, inodes, works and tasks are: immutable, hashable, compared by value.

Everything that changes during a run is in `State`; everything that does not is in `World`.
Pages, inodes and tasks are named by their number in the world's tuples. A work carries its own
number, because works come and go.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.kernel.reasons import Rule

Value = Any
"""A value as programs and machine exchange it, JSON-able: None, True, False, a bare str, ("int", n),
("page", i), ("inode", i), ("work", s), ("tuple", v, ...). Tagged, so that True and 1 stay apart."""

UNLOCKED = 0
QUEUED = -1

LIVE, FREEING, GONE = "live", "freeing", "gone"
PAGEOUT, SYNC = "pageout", "sync"


class Page(NamedTuple):
    """One page of the page cache.

    `holder` is `UNLOCKED`, task number + 1, or minus the number of the work that holds the lock.
    `pins` counts the references beyond the page cache's own. `owed` is the checker's note that an
    `enqueue` accepted the page and nothing has cleaned or detached it since. `detaching`: the holder
    of the lock is the one who detached the page, and is about to let go. `request`: task number + 1 of
    the task in whose unsent request the page is, else 0 (`book/design/requests.md`).
    """

    attached: bool = True
    dirty: bool = False
    writeback: bool = False
    holder: int = UNLOCKED
    pins: int = 0
    owed: bool = False
    detaching: bool = False
    request: int = 0

    @property
    def at_disk(self) -> bool:
        """Under writeback, and sent: the disk may finish it."""
        return self.writeback and not self.request

    @property
    def freed(self) -> bool:
        """Detached and unpinned: the memory may be anybody's, even while the page is locked."""
        return not self.attached and not self.pins


class Inode(NamedTuple):
    """One file: references beyond the cache's own, whether a name still links to it, its state."""

    refs: int = 0
    linked: bool = True
    state: str = LIVE


class Work(NamedTuple):
    """An entry of the device's queue; `by` is `QUEUED`, or the number of the task that took it.

    `writes` is False for the sync work of an eviction that only waits for journal space.
    """

    id: int
    kind: str
    page: int | None
    inode: int | None
    info: tuple[tuple[str, Value], ...] = ()
    by: int = QUEUED
    writes: bool = True


class Frame(NamedTuple):
    """A program suspended at a place; `works` are the works that it still refers to, in its order."""

    program: str
    place: int
    works: tuple[int, ...]


class Call(NamedTuple):
    """The `enqueue` in progress: its page, and what happened since it began."""

    page: int
    cleaned: bool = False
    refused: bool = False


class Task(NamedTuple):
    """A task is its stack of programs, innermost last; an empty stack has ended."""

    frames: tuple[Frame, ...]
    call: Call | None = None


class State(NamedTuple):
    """Everything that changes. `works` are the live ones, oldest first, the running ones included."""

    pages: tuple[Page, ...]
    inodes: tuple[Inode, ...]
    works: tuple[Work, ...]
    tasks: tuple[Task, ...]


class World(NamedTuple):
    """Everything that stays: names, sizes, and the kind of filesystem.

    `pages[i]` is (number of the inode, index in it). `filesystem` is "single", "cluster", "cluster-try" or
    "gather"; `cluster` is how many pages one writes together, or gathers before it sends a request.
    `queue_limit` counts queued pageout works; None is no limit.
    """

    inode_names: tuple[str, ...]
    pages: tuple[tuple[int, int], ...]
    task_names: tuple[str, ...]
    filesystem: str = "single"
    cluster: int = 1
    journalled: bool = False
    queue_limit: int | None = None

    @property
    def clusters(self) -> bool:
        """Whether `writepage` takes further pages along."""
        return self.filesystem in ("cluster", "cluster-try")

    def page_name(self, page: int) -> str:
        """`A3` is index 3 of inode `A`."""
        inode, index = self.pages[page]
        return f"{self.inode_names[inode]}{index}"

    def pages_of(self, inode: int) -> tuple[int, ...]:
        """Numbers of the inode's pages, in ascending order of index."""
        return tuple(i for i, (owner, _) in enumerate(self.pages) if owner == inode)

    def page_at(self, inode: int, index: int) -> int | None:
        """Number of the page at `index`, or None where the file has no such index."""
        for i, place in enumerate(self.pages):
            if place == (inode, index):
                return i
        return None


class Broken(Exception):
    """An operation broke a rule of the model: which one, and in words what happened.

    `attr` is what was read where reading broke it, else ""; `line` is where the policy reads it, else 0.
    """

    def __init__(self, rule: Rule, words: str, attr: str = "", line: int = 0) -> None:
        super().__init__(words)
        self.rule = rule
        self.words = words
        self.attr = attr
        self.line = line

    def __str__(self) -> str:
        if self.line:
            return f"{self.words} (line {self.line} reads .{self.attr} of it)"
        return f"{self.words} (.{self.attr} of it was read)" if self.attr else self.words


def queued(state: State) -> tuple[Work, ...]:
    """The works that wait in the queue, oldest first."""
    return tuple(work for work in state.works if work.by == QUEUED)


def find_work(state: State, number: int) -> Work | None:
    """The live work of that number, or None once it has ended."""
    for work in state.works:
        if work.id == number:
            return work
    return None


def with_page(state: State, number: int, page: Page) -> State:
    """`state` with one page replaced."""
    pages = state.pages
    return State((*pages[:number], page, *pages[number + 1 :]), state.inodes, state.works, state.tasks)


def with_inode(state: State, number: int, inode: Inode) -> State:
    """`state` with one inode replaced."""
    inodes = state.inodes
    return State(state.pages, (*inodes[:number], inode, *inodes[number + 1 :]), state.works, state.tasks)


def with_task(state: State, number: int, task: Task) -> State:
    """`state` with one task replaced."""
    tasks = state.tasks
    return State(state.pages, state.inodes, state.works, (*tasks[:number], task, *tasks[number + 1 :]))


def with_works(state: State, works: tuple[Work, ...]) -> State:
    """`state` with other works."""
    return State(state.pages, state.inodes, works, state.tasks)
