"""Steps on compact states, each worked out once: the machine's semantics, remembered by what a step depends on.

For each task and each stack of programs, `mask` says which bits of the state its step depends on; the outcome for these
bits is looked up, or the machine is asked. A task is held to an honest use of pins: it drops only those it owns, and
relies on nobody else's. Where it is not, the reduced exploration declines, and the plain one decides.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.check.footprint import Footprint, Log, Variables, pages_in
from wbviz.check.layout import STACK_BITS, Decline, Layout, Owned, Pins
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import Broken, State, Value
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Return
from wbviz.policy.table import Arrival
from wbviz.scenarios.machine import Choice, Machine, Pending, PolicyFault
from wbviz.scenarios.scenario import Scenario

Node = tuple[str, int]
"""A program at a place."""


class Move(NamedTuple):
    """A step: the choice, what it adds to the state, its accesses packed by `Variables.action`."""

    choice: Choice
    delta: int
    action: int


class Waiting(NamedTuple):
    """The tasks of which one must move first: by a lock, a work or the disk; `idle`: until somebody queues a work."""

    tasks: int
    idle: bool
    disk: int | None = None


Outcome = tuple[Move, ...] | Waiting


class Bad(Exception):
    """A step breaks a rule, or the policy is not one."""


class Watched(Machine):
    """The machine, telling a log what its programs read and which calls end."""

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        super().__init__(scenario, policy)
        self.log: Log | None = None
        self.pins: tuple[tuple[Pins, ...], tuple[Pins, ...]] = ((), ())
        self.mover = 0
        self.ended: list[int] = []
        self.layout = Layout(scenario)
        self.variables = Variables(self.layout)
        self.footprint = Footprint(self.layout, self.variables, self.world)

    def _read(self, state: State, target: Value, attr: str) -> Value:
        if self.log is not None:
            self.footprint.read(self.log, Owned(state, *self.pins), self.mover, target, attr)
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
            self.log.fields |= self.layout.page["writeback"][page] | self.layout.page["attached"][page]
            self.log.fields |= self.layout.holder[page] | self.layout.carrier[page]
            self.log.note(0, self.variables.page["A"][page], True)
            self.log.may(0, self.variables.page["WC"][page], True)
        return super()._clusters(state, task, page)

    def owned_step(self, owned: Owned, task: int, pending: Pending, choice: Choice) -> Owned:
        """The state after a step, and who owns the pins then."""
        state = owned.state
        args = pending.args if choice is None else (choice,)
        operation = OPERATIONS[pending.name]
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
            if name == "queue_work":
                index, mentioned = len(works), [] if args[0] is None else [args[0]]
                works.append((0,) * self.layout.pages)
            else:
                index = next(i for i, work in enumerate(state.works) if work.id == args[0])
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
        elif name == "take_work":
            index = next(i for i, work in enumerate(after.works) if work.id == result[1])
            for page, count in enumerate(works[index]):
                tasks[task] = _add(tasks[task], page, count)
            works[index] = (0,) * self.layout.pages
        elif name == "complete":
            self._drop(works, next(i for i, work in enumerate(state.works) if work.id == args[0]))
        self.pins, self.mover, self.ended = (tuple(tasks), tuple(works)), task, []
        after = self._answer(after, task, result)
        for index in self.ended:
            self._drop(works, index)
        return Owned(after, tuple(tasks), tuple(works))

    def _drop(self, works: list[Pins], index: int) -> None:
        if any(works.pop(index)):
            raise Decline("a work ends that still owns a pin")


class Entry:
    """The steps of a task at one stack: what they depend on, and each outcome seen."""

    __slots__ = ("known", "mask", "top")

    def __init__(self, mask: int, top: Node | None) -> None:
        self.mask = mask
        self.known: dict[int, Outcome] = {}
        self.top = top


class Steps:
    """Outcomes of steps, remembered. `places` (`future`) is told of every access and every edge between places."""

    def __init__(self, machine: Watched, places: Any) -> None:
        self.machine, self.layout, self.places = machine, machine.layout, places
        self.tables: list[dict[int, Entry]] = [{} for _ in range(self.layout.tasks)]
        self.flushers = sum(1 << flusher for flusher in machine.flushers)

    def outcome(self, code: int, task: int) -> Outcome:
        """What a task may do. Raises `Bad` where one of its steps ends the run, `Decline` where pins are misused."""
        stack = code >> self.layout.task_at[task] & (1 << STACK_BITS) - 1
        entry = self.tables[task].get(stack)
        if entry is None:
            frames = self.layout.stacks.values[stack]
            entry = self.tables[task][stack] = Entry(self.layout.task[task], frames[-1] if frames else None)
        found = entry.known.get(code & entry.mask)
        return self._work_out(code, task, entry) if found is None else found

    def _work_out(self, code: int, task: int, entry: Entry) -> Outcome:
        owned = self.layout.decode(code)
        fields, outcome = self._ask(code, owned, task, entry)
        if fields & ~entry.mask:
            entry.mask |= fields
            entry.known.clear()
        entry.known[code & entry.mask] = outcome
        return outcome

    def _ask(self, code: int, owned: Owned, task: int, entry: Entry) -> tuple[int, Outcome]:
        machine, state = self.machine, owned.state
        pending = machine.pending(state, task)
        if pending is None:
            return 0, Waiting(0, False)
        assert entry.top is not None
        log = Log()
        machine.footprint.operation(log, owned, task, pending, None)
        fields = log.fields
        waits = machine.waits(state, task)
        if waits is not None:
            self.places.note(entry.top, log, pending)
            disk = next((number for kind, number in waits if kind == "disk"), None)
            tasks = sum(1 << number for kind, number in waits if kind == "task")
            tasks |= self.flushers if any(kind == "work" for kind, _ in waits) else 0
            return fields, Waiting(tasks, waits == () and pending.name == "take_work", disk)
        moves = []
        for choice in machine.choices(state, task):
            log = machine.log = Log()
            try:
                machine.footprint.operation(log, owned, task, pending, choice)
                machine.footprint.operation(log, owned, task, pending, None)
                after = machine.owned_step(owned, task, pending, choice)
            except (Broken, PolicyFault) as error:
                raise Bad(str(error)) from None
            finally:
                machine.log = None
            self.places.note(entry.top, log, pending)
            self.places.link(state.tasks[task].frames, after.state.tasks[task].frames)
            target = self.layout.encode(after)
            if env_of(state, task) != env_of(after.state, task):
                log.fields |= self.layout.works | self.layout.envs | self.layout.carriers
            changed = (target ^ code) & ~(log.fields | self.layout.task[task])
            if changed:
                raise Decline(f"{pending.name} changed what it did not declare")
            fields |= log.fields
            moves.append(Move(choice, target - code, machine.variables.action(*log.own)))
        return fields, tuple(moves)


def env_of(state: State, task: int) -> list[tuple[int, ...]]:
    """The works that a task's programs refer to."""
    return [frame.works for frame in state.tasks[task].frames if frame.works]


def _add(pins: Pins, page: int, change: int) -> Pins:
    return (*pins[:page], pins[page] + change, *pins[page + 1 :])
