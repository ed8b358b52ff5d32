"""Steps on compact states, each worked out once: the machine's semantics, remembered by what a step depends on.

For each task and each stack of programs, `mask` says which bits of the state its step depends on; the outcome for these
bits is looked up, or the machine is asked. A task is held to an honest use of pins: it drops only those it owns, and
relies on nobody else's. Where it is not, the reduced exploration declines, and the plain one decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wbviz.check.reduced.footprint import Footprint, Log, Variables, pages_in
from wbviz.check.reduced.future import Places, work_node
from wbviz.check.reduced.layout import STACK_BITS, Decline, Interned, Layout, Owned, Pins
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import Broken, State, Value
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Return
from wbviz.policy.table import Arrival
from wbviz.scenarios.machine import Choice, Machine, Pending, PolicyFault
from wbviz.scenarios.scenario import Scenario

STACK = (1 << STACK_BITS) - 1
SIGN_BITS = 16
MOVES, HELD, DISK, IDLE, QUEUE, ENDED, MORE = range(7)
"""What a task does: it may step; it waits for the holder of a lock, for the disk, or for flushers to run works; it is
idle until somebody gives it work; it has ended. MORE: it depends on more bits (`More`)."""


class Bad(Exception):
    """A step breaks a rule, or the policy is not one. The task, its choice, and why."""

    def __init__(self, task: int, choice: Choice, error: Broken | PolicyFault) -> None:
        super().__init__(str(error))
        self.move = (task, choice)


class Outcome:
    """What a task may do at a stack, given the bits that it depends on.

    `deltas` are added to the state, one for each choice. `action` is all that they access. `alone` is the delta of a
    step that conflicts with nothing that anybody may do anywhere, else None. `who` is the task or the page waited for.
    `mask` are the bits that it depends on, `entry` is that of the stack, `sign` stands for the rest (`Steps.signs`).
    """

    __slots__ = ("action", "alone", "choices", "deltas", "entry", "kind", "mask", "moves", "sign", "who")
    entry: Entry

    def __init__(
        self, kind: int, who: int = -1, deltas: tuple[int, ...] = (), choices: tuple[Choice, ...] = (), action: int = 0
    ) -> None:
        self.kind, self.who = kind, who
        self.deltas, self.choices, self.action = deltas, choices, action
        self.moves = [(who, delta) for delta in deltas]
        self.alone: int | None = None
        self.mask = -1
        self.sign = 0

    def steps(self) -> Iterator[tuple[Choice, int]]:
        """Each choice with what it adds to the state."""
        return zip(self.choices, self.deltas, strict=True)


class More:
    """Which other bits matter depends on those seen so far: what a flusher reads depends on the work that it took."""

    __slots__ = ("kind", "known", "mask")

    def __init__(self, mask: int) -> None:
        self.kind, self.mask = MORE, mask
        self.known: dict[int, Outcome] = {}


class Entry:
    """The steps of a task at one stack: what they depend on, each outcome seen, and what lies ahead (`Places`).

    `sign` stands for what lies ahead (`Steps.signs`).
    """

    __slots__ = ("known", "mask", "own", "queued", "sign", "stack")

    def __init__(self, mask: int, stack: tuple[Any, ...]) -> None:
        self.mask = mask
        self.known: dict[int, Outcome | More] = {}
        self.stack = stack
        self.own = self.queued = self.sign = 0


class Watched(Machine):
    """The machine, telling a log what its programs read and which calls end."""

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        super().__init__(scenario, policy)
        self.log: Log | None = None
        self.owned: Owned | None = None
        self.mover = 0
        self.ended: list[int] = []
        self.layout = Layout(scenario)
        self.variables = Variables(self.layout)
        self.footprint = Footprint(self.layout, self.variables, self.world)

    def _read(self, state: State, target: Value, attr: str) -> Value:
        if self.log is not None:
            assert self.owned is not None
            self.footprint.read(self.log, self.owned._replace(state=state), self.mover, target, attr)
        return super()._read(state, target, attr)

    def _end_enqueue(self, state: State, task: int, result: Value) -> State:
        call = state.tasks[task].call
        if self.log is not None and call is not None:
            self.footprint.enqueue_ends(self.log, call.page, call.refused, result)
        return super()._end_enqueue(state, task, result)

    def _arrive(self, state: State, task: int, below: Any, program: str, arrival: Arrival) -> State:
        if self.log is not None and program == "execute" and isinstance(arrival.request, Return):
            self.footprint.complete(self.log)
            self.ended.append(next(i for i, work in enumerate(state.works) if work.by == task))
        return super()._arrive(state, task, below, program, arrival)

    def _clusters(self, state: State, task: int, page: int) -> bool:
        if self.log is not None and self.world.filesystem != "single":
            self.footprint.clusters(self.log, state, task, page)
        return super()._clusters(state, task, page)

    def owned_step(self, owned: Owned, task: int, pending: Pending, choice: Choice, logs: tuple[Log, Log]) -> Owned:
        """The state after a step, and who owns the pins then. What the operation accesses goes into the first log,
        what the program reads after it into the second."""
        state = owned.state
        args = pending.args if choice is None else (choice,)
        operation = OPERATIONS[pending.name]
        self.footprint.operation(logs[0], owned, task, pending, choice)
        extra = (pending.info,) if operation.takes_info else ()
        after, result = operation.do(self.world, state, task, args, *extra)
        tasks, works = list(owned.tasks), list(owned.works)
        name = pending.name
        if name == "get_page":
            tasks[task] = _add(tasks[task], args[0], 1)
        elif name == "put_page":
            tasks[task] = _add(tasks[task], args[0], -1)
        elif name in ("find_get_page", "isolate") and result is not None:
            tasks[task] = _add(tasks[task], result[1], 1)
        elif name == "queue_sync":
            works.append((0,) * self.layout.pages)
        elif name in ("queue_work", "extend_work") and result is True:
            self._pins_travel(state, after, task, pending, tasks, works)
        elif name == "take_work":
            index = next(i for i, work in enumerate(after.works) if work.id == result[1])
            for page, count in enumerate(works[index]):
                tasks[task] = _add(tasks[task], page, count)
            works[index] = (0,) * self.layout.pages
        elif name == "complete":
            self._drop(works, next(i for i, work in enumerate(state.works) if work.id == args[0]))
        self.owned, self.mover, self.ended = Owned(after, tuple(tasks), tuple(works)), task, []
        self.log = logs[1]
        try:
            after = self._answer(after, task, result)
        finally:
            self.log = None
        for index in self.ended:
            self._drop(works, index)
        return Owned(after, tuple(tasks), tuple(works))

    def _pins_travel(
        self, state: State, after: State, task: int, pending: Pending, tasks: list[Pins], works: list[Pins]
    ) -> None:
        """The caller's own pins of the pages that a work names go with it."""
        if pending.name == "queue_work":
            index, mentioned = len(works), [] if pending.args[0] is None else [pending.args[0]]
            works.append((0,) * self.layout.pages)
        else:
            index = next(i for i, work in enumerate(state.works) if work.id == pending.args[0])
            whose = after.works[index].page
            mentioned = [] if whose is None else [whose]
        mentioned += [page for _, value in pending.info for page in pages_in(value)]
        for page in dict.fromkeys(mentioned):
            call = state.tasks[task].call
            going = tasks[task][page] - (call is not None and call.page == page)
            if going > 0:
                tasks[task], works[index] = _add(tasks[task], page, -going), _add(works[index], page, going)
        for page in range(self.layout.pages):
            moved = after.pages[page].holder != state.pages[page].holder
            if moved and not works[index][page] and not after.pages[page].attached:
                raise Decline("a work carries the lock of a page that it has not pinned")

    def _drop(self, works: list[Pins], index: int) -> None:
        if any(works.pop(index)):
            raise Decline("a work ends that still owns a pin")


class Steps:
    """Outcomes of steps, remembered. `places` is told of every access and every edge between places."""

    def __init__(self, machine: Watched, places: Places) -> None:
        self.machine, self.layout, self.places = machine, machine.layout, places
        self.tables: list[dict[int, Entry]] = [{} for _ in range(self.layout.tasks)]
        self.closings = 0
        self._at = self.layout.task_at
        self.signs = Interned(SIGN_BITS, None)
        """What is looked at in an outcome, and what lies ahead of a stack, by small numbers: shifted by task, they add
        up to a number by which what is to be tried is remembered."""
        self.fresh: set[Entry] = set()
        """Stacks seen since the last choice: nothing was decided yet by what lies ahead of them."""

    def close(self) -> bool:
        """What lies ahead of each place is worked out anew. True if it is as it was for every stack but the fresh."""
        free = self.places.free
        self.closings += 1
        changed = self.places.close()
        same = free == self.places.free
        for task, table in enumerate(self.tables):
            for entry in table.values():
                before = entry.own, entry.queued
                if not changed.isdisjoint(entry.stack):
                    self._foresee(task, entry)
                same = same and (entry in self.fresh or before == (entry.own, entry.queued))
        if free != self.places.free:
            self._see_all_alone()
        return same

    def _see_all_alone(self) -> None:
        for table in self.tables:
            for entry in table.values():
                for found in entry.known.values():
                    for outcome in found.known.values() if isinstance(found, More) else (found,):
                        self._see_alone(outcome)

    def _see_alone(self, outcome: Outcome) -> None:
        single = len(outcome.deltas) == 1 and not outcome.action & self.places.free
        outcome.alone = outcome.deltas[0] if single else None

    def entry(self, task: int, number: int) -> Entry:
        """A task's entry for a stack that was not seen before."""
        stack = self.layout.stacks.values[number]
        entry = self.tables[task][number] = Entry(self.layout.task[task], stack)
        self._foresee(task, entry)
        self.fresh.add(entry)
        return entry

    def _foresee(self, task: int, entry: Entry) -> None:
        entry.own, entry.queued = ahead = self.places.of_stack(entry.stack)
        entry.sign = self.signs.number(ahead) << SIGN_BITS * (2 * task + 1)

    def outcome(self, code: int, task: int) -> Outcome:
        """What a task may do. Raises `Bad` where one of its steps ends the run, `Decline` where pins are misused."""
        number = code >> self._at[task] & STACK
        entry = self.tables[task].get(number) or self.entry(task, number)
        found = entry.known.get(code & entry.mask)
        if type(found) is More:
            found = found.known.get(code & found.mask)
        return found or self.work_out(code, task, entry)  # type: ignore[return-value]

    def work_out(self, code: int, task: int, entry: Entry) -> Outcome:
        """An outcome that is not known yet."""
        more = entry.known.get(code & entry.mask)
        first, then, outcome = self._ask(code, self.layout.decode(code), task, entry)
        self._see_alone(outcome)
        sign = self.signs.number((outcome.kind, outcome.who, outcome.action, outcome.choices))
        outcome.entry, outcome.sign = entry, sign << SIGN_BITS * 2 * task
        if first & ~entry.mask:
            entry.mask |= first
            entry.known.clear()
            more = None
        if not isinstance(more, More) and not then & ~entry.mask:
            outcome.mask = entry.mask
            entry.known[code & entry.mask] = outcome
            return outcome
        if not isinstance(more, More):
            more = entry.known[code & entry.mask] = More(entry.mask)
        if then & ~more.mask:
            more.mask |= then
            more.known.clear()
        outcome.mask = more.mask
        more.known[code & more.mask] = outcome
        return outcome

    def _ask(self, code: int, owned: Owned, task: int, entry: Entry) -> tuple[int, int, Outcome]:
        """The bits that a step depends on at first sight, those it may depend on besides, and the outcome."""
        machine, state = self.machine, owned.state
        pending = machine.pending(state, task)
        if pending is None:
            return 0, 0, Outcome(ENDED)
        node = entry.stack[-1]
        log = Log()
        machine.footprint.operation(log, owned, task, pending, None)
        waits = machine.waits(state, task)
        self.places.note(node, log.wide, pending)
        if waits is not None:
            return log.fields, 0, self._waiting(waits, pending)
        deltas, action, first, then = [], 0, log.fields, 0
        choices = machine.choices(state, task)
        for choice in choices:
            logs = Log(), Log()
            try:
                after = machine.owned_step(owned, task, pending, choice, logs)
            except (Broken, PolicyFault) as error:
                raise Bad(task, choice, error) from None
            self._note(node, owned.state, after.state, task, pending, logs)
            target = self.layout.encode_step(code, owned, after)
            declared = logs[0].fields | logs[1].fields
            if ended_works(state, task) != ended_works(after.state, task):
                declared |= self.layout.works | self.layout.envs | self.layout.carriers
            if (target ^ code) & ~(declared | self.layout.task[task]):
                raise Decline(f"{pending.name} changed what it did not declare")
            first |= logs[0].fields
            then |= declared
            deltas.append(target - code)
            reads, writes, commuting = [it | then for it, then in zip(logs[0].own, logs[1].own, strict=True)]
            action |= machine.variables.action(reads, writes, commuting, self._pages_held(state, task))
        outcome = Outcome(MOVES, task, tuple(deltas), choices, action)
        return (first, then, outcome) if pending.name == "take_work" else (first | then, 0, outcome)

    def _pages_held(self, state: State, task: int) -> list[int]:
        return [number for number, page in enumerate(state.pages) if page.holder == task + 1]

    def _note(self, node: Any, state: State, after: State, task: int, pending: Pending, logs: tuple[Log, Log]) -> None:
        """Tell the places. What comes after a work was taken belongs to the work."""
        places, frames = self.places, after.tasks[task].frames
        places.note(node, logs[0].wide, pending)
        if pending.name == "take_work":
            work = next(it for it in state.works if it.by < 0)
            places.note(work_node(work), logs[1].wide)
            places.take(work_node(work), frames if frames[0][:2] != node else ())
            return
        places.note(node, logs[1].wide)
        places.link(state.tasks[task].frames, frames)
        if pending.name in ("queue_work", "queue_sync", "extend_work"):
            before = {work.id: work for work in state.works}
            for work in after.works:
                if work.by < 0 and work != before.get(work.id):
                    places.queue(node, work_node(work))

    def _waiting(self, waits: Any, pending: Pending) -> Outcome:
        if waits == ():
            return Outcome(IDLE)
        kind, number = waits[0]
        if kind == "disk":
            return Outcome(DISK, number)
        if kind == "task":
            return Outcome(HELD, number)
        return Outcome(QUEUE)


def ended_works(state: State, task: int) -> list[int]:
    """The works that a task's programs refer to though they have ended: how others are numbered depends on these."""
    live = {work.id for work in state.works}
    return [number for frame in state.tasks[task].frames for number in frame.works if number not in live]


def _add(pins: Pins, page: int, change: int) -> Pins:
    return (*pins[:page], pins[page] + change, *pins[page + 1 :])
