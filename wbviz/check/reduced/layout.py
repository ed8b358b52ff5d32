"""A state as one whole number: fields of bits at fixed positions, so that a step is an addition.

Beside the kernel's state it holds who *owns* each pin: whoever took it; pins travel with a work as its page's lock
does.
The number of pins of a page is the sum over its owners and so needs no field of its own.
Works are numbered by age here, for a program knows them only as symbols: states that differ in numbers alone are one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.kernel.state import Call, Frame, Inode, Page, State, Task, Work
from wbviz.scenarios.scenario import Scenario

Pins = tuple[int, ...]
"""How many pins of each page somebody owns."""


class Decline(Exception):
    """The reduced exploration cannot say anything; the plain one must. The message says why."""


class Owned(NamedTuple):
    """A state, and who owns the pins: `tasks[t]` and `works[w]` (in the order of the state's works) are by page."""

    state: State
    tasks: tuple[Pins, ...]
    works: tuple[Pins, ...]


class Interned:
    """Values by small numbers, given on first sight; `width` bits must hold them."""

    def __init__(self, width: int, first: Any) -> None:
        self.limit = 1 << width
        self.values: list[Any] = [first]
        self._numbers = {first: 0}

    def number(self, value: Any) -> int:
        """The number of a value. Raises `Decline` where there are too many of them."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(value)
            if number >= self.limit:
                raise Decline(f"more than {self.limit:,} different values in one field")
        return number


PAGE = ("attached", "dirty", "writeback", "owed", "detaching")
HOLDER_BITS, STACK_BITS, ENV_BITS, CALL_BITS, OWN_BITS, WORKS_BITS, INODE_BITS = 6, 16, 10, 8, 14, 18, 8
PAGE_ONES, INODE_ONES = (1 << len(PAGE) + 2 * HOLDER_BITS) - 1, (1 << INODE_BITS) - 1
TASK_BITS = STACK_BITS + ENV_BITS + CALL_BITS + OWN_BITS


class Layout:
    """Where each field lies. Masks by name: `page[field][p]`, `holder[p]`, `carrier[p]`, `inode[i]`, `task[t]`, ..."""

    def __init__(self, scenario: Scenario) -> None:
        self.pages, self.tasks, self.inodes = len(scenario.pages), len(scenario.tasks), len(scenario.inodes)
        if self.tasks >= 1 << HOLDER_BITS:
            raise Decline("too many tasks")
        if sum(spec.program == "disk" for spec in scenario.tasks) > 1:
            raise Decline("more than one disk")
        self._at = 0
        self.page_at = [self._field(len(PAGE) + 2 * HOLDER_BITS) for _ in range(self.pages)]
        self.page = {name: [1 << at + bit for at in self.page_at] for bit, name in enumerate(PAGE)}
        ones = (1 << HOLDER_BITS) - 1
        self.holder = [ones << at + len(PAGE) for at in self.page_at]
        self.carrier = [ones << at + len(PAGE) + HOLDER_BITS for at in self.page_at]
        self.carriers = sum(self.carrier)
        self.inode_at = [self._field(INODE_BITS) for _ in range(self.inodes)]
        self.inode = [((1 << INODE_BITS) - 1) << at for at in self.inode_at]
        self.works_at = self._field(WORKS_BITS)
        self.works = ((1 << WORKS_BITS) - 1) << self.works_at
        self.count_at = self._field(HOLDER_BITS)
        self.count = ((1 << HOLDER_BITS) - 1) << self.count_at
        """How many works are live: their numbers by age are 1 and on."""
        self.works |= self.count
        self.task_at = [self._field(TASK_BITS) for _ in range(self.tasks)]
        self.task = [((1 << TASK_BITS) - 1) << at for at in self.task_at]
        self.envs = sum(((1 << ENV_BITS) - 1) << at + STACK_BITS for at in self.task_at)
        self.calls = sum(((1 << CALL_BITS) - 1) << at + STACK_BITS + ENV_BITS for at in self.task_at)
        nothing = (0,) * self.pages
        self.stacks = Interned(STACK_BITS, ())
        self._tasks: dict[int, tuple[Task, Pins]] = {}
        self._envs = Interned(ENV_BITS, ())
        self._calls = Interned(CALL_BITS, None)
        self.owns = Interned(OWN_BITS, (nothing, ()))
        """Pins that a task owns, and the pages whose locks it holds."""
        self._works = Interned(WORKS_BITS, ())
        self._inodes = Interned(INODE_BITS, Inode())

    def _field(self, bits: int) -> int:
        at = self._at
        self._at += bits
        return at

    def encode(self, owned: Owned) -> int:
        """The number of a state, its works renumbered by age."""
        state = owned.state
        names = work_names(state)
        code = 0
        for page, at in zip(state.pages, self.page_at, strict=True):
            code |= page_bits(page, names) << at
        for number, inode in enumerate(state.inodes):
            code |= self._inodes.number(inode) << self.inode_at[number]
        code |= self._works_bits(owned, names) << self.works_at
        if len(names) >= 1 << HOLDER_BITS:
            raise Decline("too many works")
        for number, at in enumerate(self.task_at):
            code |= self._task_bits(owned, number, names) << at
        return code

    def encode_step(self, code: int, before: Owned, owned: Owned) -> int:
        """As `encode`, for the state after a step from `before`, of which `code` is the number: what a step leaves is
        the same object afterwards."""
        old, state = before.state, owned.state
        names = work_names(state)
        if any(name != number for number, name in names.items()):
            return self.encode(owned)
        touched = {
            number
            for number, task in enumerate(state.tasks)
            if task is not old.tasks[number] or owned.tasks[number] is not before.tasks[number]
        }
        target = code
        for page, was, at in zip(state.pages, old.pages, self.page_at, strict=True):
            if page is not was:
                target ^= (page_bits(page, names) << at) ^ code & PAGE_ONES << at
                touched |= {holder - 1 for holder in (page.holder, was.holder) if holder > 0}
        for inode, was_inode, at in zip(state.inodes, old.inodes, self.inode_at, strict=True):
            if inode is not was_inode:
                target ^= (self._inodes.number(inode) << at) ^ code & INODE_ONES << at
        if state.works is not old.works or owned.works != before.works:
            target ^= (self._works_bits(owned, names) << self.works_at) ^ code & self.works
        if len(names) >= 1 << HOLDER_BITS:
            raise Decline("too many works")
        for number in touched:
            target ^= (self._task_bits(owned, number, names) << self.task_at[number]) ^ code & self.task[number]
        return target

    def _works_bits(self, owned: Owned, names: dict[int, int]) -> int:
        both = zip(owned.state.works, owned.works, strict=True)
        works = tuple([(work._replace(id=names[work.id]), pins) for work, pins in both])
        return self._works.number(works) | len(works) << self.count_at - self.works_at

    def _task_bits(self, owned: Owned, number: int, names: dict[int, int]) -> int:
        task = owned.state.tasks[number]
        stack = tuple([(frame.program, frame.place) for frame in task.frames])
        env = tuple([tuple([names[work] for work in frame.works]) for frame in task.frames])
        held = tuple([page for page, its in enumerate(owned.state.pages) if its.holder == number + 1])
        bits = self._envs.number(env if any(env) else ())
        bits |= self._calls.number(task.call) << ENV_BITS
        bits |= self.owns.number((owned.tasks[number], held)) << ENV_BITS + CALL_BITS
        return self.stacks.number(stack) | bits << STACK_BITS

    def queued(self, number: int) -> list[Work]:
        """The works that wait in the queue, where `works` is a number."""
        return [work for work, _ in self._works.values[number] if work.by < 0]

    def decode(self, code: int) -> Owned:
        """The state of a number."""
        works = self._works.values[code >> self.works_at & (1 << WORKS_BITS) - 1]
        tasks, owned = [], []
        for at in self.task_at:
            bits = code >> at & (1 << TASK_BITS) - 1
            task, pins = self._tasks.get(bits) or self._task(bits)
            tasks.append(task)
            owned.append(pins)
        carried = [pins for _, pins in works]
        pinned = [its for its in (*owned, *carried) if any(its)]
        pages = []
        for number, at in enumerate(self.page_at):
            bits = code >> at
            ones = (1 << HOLDER_BITS) - 1
            holder = (bits >> len(PAGE) & ones) or -(bits >> len(PAGE) + HOLDER_BITS & ones)
            count = sum([its[number] for its in pinned])
            pages.append(Page(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0, holder, count, bits & 8 > 0, bits & 16 > 0))
        inodes = tuple(self._inodes.values[code >> at & (1 << INODE_BITS) - 1] for at in self.inode_at)
        alive: tuple[Work, ...] = tuple(work for work, _ in works)
        return Owned(State(tuple(pages), inodes, alive, tuple(tasks)), tuple(owned), tuple(carried))

    def _task(self, bits: int) -> tuple[Task, Pins]:
        """A task by its bits, and the pins that it owns."""
        stack = self.stacks.values[bits & (1 << STACK_BITS) - 1]
        rest = bits >> STACK_BITS
        env = self._envs.values[rest & (1 << ENV_BITS) - 1] or ((),) * len(stack)
        call: Call | None = self._calls.values[rest >> ENV_BITS & (1 << CALL_BITS) - 1]
        frames = [Frame(frame[0], frame[1], names) for frame, names in zip(stack, env, strict=True)]
        pins: Pins = self.owns.values[rest >> ENV_BITS + CALL_BITS & (1 << OWN_BITS) - 1][0]
        found = self._tasks[bits] = Task(tuple(frames), call), pins
        return found


def page_bits(page: Page, names: dict[int, int]) -> int:
    """A page's field; `names` are the numbers of works."""
    bits = page.attached | page.dirty << 1 | page.writeback << 2 | page.owed << 3 | page.detaching << 4
    if page.holder >= 0:
        return bits | page.holder << len(PAGE)
    return bits | names[-page.holder] << len(PAGE) + HOLDER_BITS


def work_names(state: State) -> dict[int, int]:
    """Works by age: the live ones, then those that have ended and that a program still refers to."""
    names: dict[int, int] = {}
    for work in state.works:
        names[work.id] = len(names) + 1
    for task in state.tasks:
        for frame in task.frames:
            for number in frame.works:
                names.setdefault(number, len(names) + 1)
    return names
