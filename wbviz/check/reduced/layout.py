"""A state as one whole number: fields of bits at fixed positions, so that a step is an addition.

Beside the kernel's state it holds who *owns* each pin: whoever took it; pins travel with a work as its page's lock
does. The number of pins of a page is the sum over its owners and so needs no field of its own.

The queue is a bag here: for each kind of work, how many of it wait. Whoever takes a work may take any of them, which
is more than the machine can do, so what is safe here is safe there (`book/design/reductions.md`). So putting a work
into the queue is an addition that depends on nothing else in it. A program knows a work only as its own: the one that
its task runs, or the sync work that its task waits for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.kernel.state import QUEUED, Call, Frame, Inode, Page, State, Task, Work
from wbviz.machine.scenario import Scenario

Pins = tuple[int, ...]
"""How many pins of each page somebody owns."""

NOBODY = -1


class Decline(Exception):
    """The reduced exploration cannot say anything; the plain one must. The message says why."""


class Carried(NamedTuple):
    """What a work has with it: pins by page, and the task that made it, if it may wait for its end."""

    pins: Pins
    maker: int = NOBODY


class Owned(NamedTuple):
    """A state, and who owns the pins: `tasks[t]` are by page, `works[w]` in the order of the state's works."""

    state: State
    tasks: tuple[Pins, ...]
    works: tuple[Carried, ...]


class Content(NamedTuple):
    """All there is to know of a work but who runs it: `locks` are the pages whose locks travel with it."""

    work: Work
    carried: Carried
    locks: tuple[int, ...]


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
HOLDER_BITS, INODE_BITS = 6, 8
STACK_BITS, ENV_BITS, CALL_BITS, OWN_BITS, RUN_BITS = 16, 8, 8, 14, 10
PAGE_BITS = len(PAGE) + HOLDER_BITS
TASK_BITS = STACK_BITS + ENV_BITS + CALL_BITS + OWN_BITS + RUN_BITS
PAGE_ONES, INODE_ONES, TASK_ONES = (1 << PAGE_BITS) - 1, (1 << INODE_BITS) - 1, (1 << TASK_BITS) - 1
FREE_BITS = STACK_BITS + CALL_BITS
"""So many bits of a task say nothing that names it elsewhere: those of its stack and its call, lowest."""
TRAVELS = (1 << HOLDER_BITS) - 1
"""The holder of a lock that travels with a work."""
COUNT_BITS = 6
MOST = 1 << COUNT_BITS - 1
"""So many equal works may wait at once."""

RUNS, MADE, ENDED, OTHER = range(4)
"""How a program's works are named: the one that its task runs, the one that it made; `ENDED` and every second number
from there, those that have ended; `OTHER` and every second number from there, those of others (`ordered`)."""


class Layout:
    """Where each field lies. Masks by name: `page[field][p]`, `holder[p]`, `inode[i]`, `task[t]`, `env[t]`, ..."""

    def __init__(self, scenario: Scenario, disks: tuple[int, ...]) -> None:
        self.pages, self.tasks, self.inodes = len(scenario.pages), len(scenario.tasks), len(scenario.inodes)
        if self.tasks >= TRAVELS:
            raise Decline("too many tasks")
        if scenario.world.filesystem == "gather":
            raise Decline("requests that wait to be full: sending one touches pages that the step does not name")
        if len(disks) > 1:
            raise Decline("more than one disk")
        self.disk = disks[0] if disks else NOBODY
        self._at = 0
        self.page_at = [self._field(PAGE_BITS) for _ in range(self.pages)]
        self.page = {name: [1 << at + bit for at in self.page_at] for bit, name in enumerate(PAGE)}
        self.holder = [TRAVELS << at + len(PAGE) for at in self.page_at]
        self.inode_at = [self._field(INODE_BITS) for _ in range(self.inodes)]
        self.inode = [INODE_ONES << at for at in self.inode_at]
        self.task_at = [self._field(TASK_BITS) for _ in range(self.tasks)]
        self.task = [TASK_ONES << at for at in self.task_at]
        self.calls = sum(((1 << CALL_BITS) - 1) << at + STACK_BITS for at in self.task_at)
        self.env = [((1 << ENV_BITS) - 1) << at + FREE_BITS for at in self.task_at]
        self.run = [((1 << RUN_BITS) - 1) << at + TASK_BITS - RUN_BITS for at in self.task_at]
        self.queue_at = self._at
        self.queue = -1 << self._at
        """The queue lies above all else, for it grows with every kind of work that is seen."""
        self.contents: list[Content] = []
        self._content_numbers: dict[Content, int] = {}
        self.stacks = Interned(STACK_BITS, ())
        self._tasks: dict[int, tuple[Task, Pins]] = {}
        self._envs = Interned(ENV_BITS, ())
        self._calls = Interned(CALL_BITS, None)
        self.owns = Interned(OWN_BITS, ((0,) * self.pages, ()))
        """Pins that a task owns, and the pages whose locks it holds."""
        self._runs = Interned(RUN_BITS, None)
        self._inodes = Interned(INODE_BITS, Inode())
        self._decoded = NOBODY, Owned(State((), (), (), ()), (), ())
        """The last number that was decoded: often the same is asked for again."""

    def _field(self, bits: int) -> int:
        at = self._at
        self._at += bits
        return at

    # From a state to its number

    def encode(self, owned: Owned, before: Owned | None = None, code: int = 0) -> int:
        """The number of a state; quicker if it comes from a step, and `code` is the number of the state `before` it.

        What a step leaves is the same object afterwards.
        """
        state = owned.state
        was = before.state if before else State((), (), (), ())
        touched = set(range(self.tasks)) if not before else set()
        for number, page in enumerate(state.pages):
            if not before or page is not was.pages[number]:
                at = self.page_at[number]
                code += (page_bits(page) << at) - (code & PAGE_ONES << at)
                if before:
                    touched |= {holder - 1 for holder in (page.holder, was.pages[number].holder) if holder > 0}
        for number, inode in enumerate(state.inodes):
            if not before or inode is not was.inodes[number]:
                at = self.inode_at[number]
                code += (self._inodes.number(inode) << at) - (code & INODE_ONES << at)
        if before:
            touched |= {
                number
                for number, task in enumerate(state.tasks)
                if task is not was.tasks[number] or owned.tasks[number] is not before.tasks[number]
            }
        if not before or state.works is not was.works or owned.works != before.works:
            waiting = [self._content(owned, index) for index, work in enumerate(state.works) if work.by == QUEUED]
            code += (self._queue_bits(waiting) << self.queue_at) - (code & self.queue)
            runs = {work.by for works in (state.works, was.works) for work in works if work.by != QUEUED}
            touched |= runs | {n for n, task in enumerate(state.tasks) if any(frame.works for frame in task.frames)}
        for number in touched:
            at = self.task_at[number]
            code += (self._task_bits(owned, number) << at) - (code & TASK_ONES << at)
        return code

    def _queue_bits(self, contents: list[int]) -> int:
        """The queue's field: how many of each kind there are."""
        bits = 0
        for number in contents:
            bits += 1 << number * COUNT_BITS
            if bits >> number * COUNT_BITS & 2 * MOST - 1 > MOST:
                raise Decline(f"more than {MOST} equal works in the queue")
        return bits

    def _other(self, state: State, work_id: int) -> int:
        """The name of somebody else's work."""
        raise Decline("a program refers to a work that is not its own")

    def _content(self, owned: Owned, index: int) -> int:
        """The number of a work's content among those seen."""
        work = owned.state.works[index]
        locks = tuple([number for number, page in enumerate(owned.state.pages) if page.holder == -work.id])
        content = Content(work._replace(id=0), owned.works[index], locks)
        number = self._content_numbers.get(content)
        if number is None:
            number = self._content_numbers[content] = len(self.contents)
            self.contents.append(content)
        return number

    def _task_bits(self, owned: Owned, number: int) -> int:
        state = owned.state
        task = state.tasks[number]
        stack = tuple([(frame.program, frame.place) for frame in task.frames])
        held = tuple([page for page, its in enumerate(state.pages) if its.holder == number + 1])
        bits = self.owns.number((owned.tasks[number], held)) << ENV_BITS
        mine = [(work, its.maker) for work, its in zip(state.works, owned.works, strict=True) if work.by == number]
        if mine:
            (work, maker), *others = mine
            if others:
                raise Decline("a task runs two works at once")
            bits |= self._runs.number((work._replace(id=0, by=QUEUED), maker)) << ENV_BITS + OWN_BITS
        if any(frame.works for frame in task.frames):
            bits |= self._envs.number(self._names(owned, number))
        bits = bits << CALL_BITS | self._calls.number(task.call)
        return self.stacks.number(stack) | bits << STACK_BITS

    def _names(self, owned: Owned, number: int) -> tuple[tuple[int, ...], ...]:
        """The works that a task's programs refer to, as it names them."""
        names: dict[int, int] = {}
        for work, its in zip(owned.state.works, owned.works, strict=True):
            names[work.id] = RUNS if work.by == number else MADE if its.maker == number else NOBODY
        if list(names.values()).count(MADE) > 1:
            raise Decline("a task has made two works that have not ended")
        frames = owned.state.tasks[number].frames
        ended = ENDED
        for work_id in [work for frame in frames for work in frame.works]:
            if work_id not in names:
                names[work_id] = ended
                ended += 2
            elif names[work_id] == NOBODY:
                names[work_id] = self._other(owned.state, work_id)
        return tuple([tuple([names[work] for work in frame.works]) for frame in frames])

    # And back

    def decode(self, code: int) -> Owned:
        """The state of a number, its works under way first, then those in the queue; a taker takes the first."""
        if code != self._decoded[0]:
            self._decoded = code, self._decode(code)
        return self._decoded[1]

    def _decode(self, code: int) -> Owned:
        tasks, owned, works, carried = [], [], [], []
        nothing = (0,) * self.pages
        for number, at in enumerate(self.task_at):
            bits = code >> at & TASK_ONES
            task, pins = self._tasks.get(number << TASK_BITS | bits) or self._task(number, bits)
            tasks.append(task)
            owned.append(pins)
            run = bits >> TASK_BITS - RUN_BITS
            if run:
                work, maker = self._runs.values[run]
                works.append(work._replace(id=self._id(number, maker), by=number))
                carried.append(Carried(nothing, maker))
        holders: dict[int, int] = {}
        for position, kind in enumerate(self.waiting(code)):
            content = self.contents[kind]
            maker = content.carried.maker
            its_id = 2 * self.tasks + position + 1 if maker == NOBODY else self._id(maker, maker)
            works.append(content.work._replace(id=its_id))
            carried.append(content.carried)
            holders |= dict.fromkeys(content.locks, -its_id)
        pinned = [its for its in (*owned, *[it.pins for it in carried]) if its != nothing]
        pages = []
        for number, at in enumerate(self.page_at):
            bits = code >> at
            holder = bits >> len(PAGE) & TRAVELS
            if holder == TRAVELS:
                holder = holders[number]
            count = sum([its[number] for its in pinned])
            pages.append(Page(bits & 1 > 0, bits & 2 > 0, bits & 4 > 0, holder, count, bits & 8 > 0, bits & 16 > 0))
        inodes = tuple([self._inodes.values[code >> at & INODE_ONES] for at in self.inode_at])
        return Owned(State(tuple(pages), inodes, tuple(works), tuple(tasks)), tuple(owned), tuple(carried))

    def waiting(self, code: int) -> list[int]:
        """The works that wait, each by the number of its kind."""
        code >>= self.queue_at
        found, number = [], 0
        while code:
            found += [number] * (code & (1 << COUNT_BITS) - 1)
            code >>= COUNT_BITS
            number += 1
        return found

    def takeable(self, code: int) -> tuple[int, ...]:
        """The kinds of work of which one may be taken."""
        return tuple(dict.fromkeys(self.waiting(code)))

    def in_front(self, owned: Owned, content: int) -> Owned:
        """The same state, a work of this kind in front of all others."""
        waiting = [index for index, work in enumerate(owned.state.works) if work.by == QUEUED]
        index = next(index for index in waiting if self._content(owned, index) == content)
        works, carried = list(owned.state.works), list(owned.works)
        works.insert(0, works.pop(index))
        carried.insert(0, carried.pop(index))
        return Owned(owned.state._replace(works=tuple(works)), owned.tasks, tuple(carried))

    def room(self, code: int, target: int) -> int:
        """A step adds a work: the bit that shows whether so many of its kind wait that no more may come; 0 if none."""
        changed = (code ^ target) >> self.queue_at
        lowest = changed.bit_length() - 1
        return MOST << lowest - lowest % COUNT_BITS + self.queue_at if changed else 0

    def _id(self, task: int, maker: int) -> int:
        """A number for a work that a task runs or has made."""
        return self.tasks + maker + 1 if maker != NOBODY else task + 1

    def _task(self, number: int, bits: int) -> tuple[Task, Pins]:
        """A task by its number and bits, and the pins that it owns."""
        stack = self.stacks.values[bits & (1 << STACK_BITS) - 1]
        rest = bits >> STACK_BITS
        call: Call | None = self._calls.values[rest & (1 << CALL_BITS) - 1]
        env = self._envs.values[rest >> CALL_BITS & (1 << ENV_BITS) - 1] or ((),) * len(stack)
        pins: Pins = self.owns.values[rest >> CALL_BITS + ENV_BITS & (1 << OWN_BITS) - 1][0]
        run = bits >> TASK_BITS - RUN_BITS
        maker = self._runs.values[run][1] if run else NOBODY
        ids = [self._id(number, maker), self._id(number, number)]
        frames = [
            Frame(program, place, tuple([ids[name] if name < ENDED else -1 - name for name in names]))
            for (program, place), names in zip(stack, env, strict=True)
        ]
        found = self._tasks[number << TASK_BITS | bits] = Task(tuple(frames), call), pins
        return found


def page_bits(page: Page) -> int:
    """A page's field."""
    bits = page.attached | page.dirty << 1 | page.writeback << 2 | page.owed << 3 | page.detaching << 4
    return bits | (page.holder if page.holder >= 0 else TRAVELS) << len(PAGE)
