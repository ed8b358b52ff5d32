"""Steps on compact states, each worked out once: the machine's semantics, remembered by what a step depends on.

For each task and each stack of programs, `mask` says which bits of the state its step depends on; the outcome for these
bits is looked up, or the machine is asked. A task is held to an honest use of pins: it drops only those it owns, and
relies on nobody else's. Where it is not, the reduced exploration declines, and the plain one decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wbviz.check.reduced.footprint import Footprint, Log, Variables, pages_in
from wbviz.check.reduced.future import Node, Places, work_node
from wbviz.check.reduced.layout import STACK_BITS, Carried, Decline, Interned, Layout, Owned, Pins
from wbviz.check.reduced.ordered import InOrder, Row
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import Broken, State, Value
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Return
from wbviz.policy.table import Arrival
from wbviz.scenarios.machine import Choice, Machine, Pending, PolicyFault
from wbviz.scenarios.scenario import Scenario

STACK = (1 << STACK_BITS) - 1
SIGN_BITS = 16
MOVES, HELD, DISK, IDLE, QUEUE, ENDED = range(6)
"""What a task does: it may step; it waits for the holder of a lock, for the disk, or for flushers to run works; it is
idle until somebody gives it work; it has ended."""
QUEUES = ("queue_work", "queue_sync", "take_work")
"""Operations that change how many works of a kind wait, whatever else is in the queue."""


class Bad(Exception):
    """A step breaks a rule, or the policy is not one. The move, as the machine has it, and why."""

    def __init__(self, move: tuple[int, Choice], error: Broken | PolicyFault) -> None:
        super().__init__(str(error))
        self.move = move


class Outcome:
    """What a task may do at a stack, given the bits of `mask`.

    `kind` as above; `who` is the task that moves, the holder waited for, or the page that the disk has to finish.
    A step adds one of `deltas` to the state; `choices` are the machine's, or the kind of work that is taken.
    `action` is what they access.
    `only`: what the step adds, if there is one alone. `parts`: what each step accesses, where each may go by itself.
    `entry` is that of the stack, `sign` stands for the rest (`Steps.signs`).
    """

    __slots__ = ("action", "choices", "deltas", "entry", "kind", "mask", "moves", "only", "parts", "sign", "who")
    entry: Entry

    def __init__(
        self, kind: int, who: int = -1, deltas: tuple[int, ...] = (), choices: tuple[Choice, ...] = (), action: int = 0
    ) -> None:
        self.kind, self.who = kind, who
        self.deltas, self.choices, self.action = deltas, choices, action
        self.moves = [(who, delta) for delta in deltas]
        self.only = deltas[0] if len(deltas) == 1 else None
        self.parts: tuple[int, ...] = ()
        self.mask = -1
        self.sign = 0

    def steps(self) -> Iterator[tuple[Choice, int]]:
        """Each choice with what it adds to the state."""
        return zip(self.choices, self.deltas, strict=True)

    def move(self, which: int) -> tuple[int, Choice]:
        """A step as the machine has it: which work is taken is no choice there."""
        return self.who, None if self.entry.taking else self.choices[which]


class Known:
    """Values by the bits that each depends on: for each mask, by the state under it."""

    __slots__ = ("by_mask",)

    def __init__(self) -> None:
        self.by_mask: dict[int, dict[int, tuple[int, Any, int]]] = {}

    def get(self, code: int) -> tuple[int, Any, int] | None:
        """What is known for a state, with its mask first."""
        for mask, known in self.by_mask.items():
            found = known.get(code & mask)
            if found:
                return found
        return None

    def put(self, code: int, mask: int, *value: Any) -> tuple[int, Any, int]:
        """Remember a value for all states that are the same under the mask."""
        found = self.by_mask.setdefault(mask, {})[code & mask] = (mask, *value)
        return found


class Entry:
    """The steps of a task at one stack: what they depend on, each outcome seen, and what lies ahead (`Places`).

    `asked` has what the choices were, `ways` what each choice does. `sign` stands for what lies ahead (`Steps.signs`).
    """

    __slots__ = ("asked", "known", "mask", "own", "queued", "sign", "stack", "taking", "ways")

    def __init__(self, mask: int, stack: tuple[Any, ...]) -> None:
        self.mask = mask
        self.known: dict[int, Outcome] = {}
        self.asked, self.ways = Known(), dict[Choice, Known]()
        self.taking = 0
        self.stack = stack
        self.own = self.queued = self.sign = 0


class Watched(Machine):
    """The machine, telling a log what its programs read and which calls end. `ordered`: works are taken in order."""

    def __init__(self, scenario: Scenario, policy: Policy, ordered: bool = False) -> None:
        super().__init__(scenario, policy)
        self.ordered = ordered
        self.log: Log | None = None
        self.owned: Owned | None = None
        self.mover = 0
        self.declined: list[Decline] = []
        self.ended: list[int] = []
        self.layout = Row(scenario) if ordered else Layout(scenario)
        self.variables = Variables(self.layout)
        self.footprint = (InOrder if ordered else Footprint)(self.layout, self.variables, self.world)

    def _read(self, state: State, target: Value, attr: str) -> Value:
        if self.log is not None:
            assert self.owned is not None
            try:
                self.footprint.read(self.log, self.owned._replace(state=state), self.mover, target, attr)
            except Decline as decline:  # said after the turn: who answers may be a process, which must end its turn
                self.declined.append(decline)
        return super()._read(state, target, attr)

    def _end_enqueue(self, state: State, task: int, result: Value) -> State:
        call = state.tasks[task].call
        if self.log is not None and call is not None:
            self.footprint.enqueue_ends(self.log, call.page, call.refused, result)
        return super()._end_enqueue(state, task, result)

    def _arrive(self, state: State, task: int, below: Any, program: str, arrival: Arrival) -> State:
        if self.log is not None and program == "execute" and isinstance(arrival.request, Return):
            assert self.owned is not None
            self.footprint.complete(self.log, self.owned._replace(state=state), task)
            self.ended.append(next(i for i, work in enumerate(state.works) if work.by == task))
        return super()._arrive(state, task, below, program, arrival)

    def _clusters(self, state: State, task: int, page: int) -> bool:
        if self.log is not None and self.world.filesystem != "single":
            self.footprint.clusters(self.log, state, task, page)
        return super()._clusters(state, task, page)

    def owned_step(self, owned: Owned, task: int, pending: Pending, choice: Choice, log: Log) -> Owned:
        """The state after a step, and who owns the pins then. What the program reads after it goes into the log."""
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
            works.append(Carried((0,) * self.layout.pages, task))
        elif name in ("queue_work", "extend_work") and result is True:
            self._pins_travel(state, after, task, pending, tasks, works)
        elif name == "take_work":
            index = next(i for i, work in enumerate(after.works) if work.id == result[1])
            for page, count in enumerate(works[index].pins):
                if count:
                    tasks[task] = _add(tasks[task], page, count)
            works[index] = Carried((0,) * self.layout.pages, works[index].maker)
        elif name == "complete":
            self._drop(works, next(i for i, work in enumerate(state.works) if work.id == args[0]))
        after = self._listen(log, Owned(after, tuple(tasks), tuple(works)), task, result)
        for index in self.ended:
            self._drop(works, index)
        return Owned(after, tuple(tasks), tuple(works))

    def _listen(self, log: Log, owned: Owned, task: int, result: Value) -> State:
        """Give the program its answer, and log what it reads. Raises `Decline` if a read was declined, at the end."""
        self.log, self.owned, self.mover = log, owned, task
        self.declined, self.ended = [], []
        try:
            after = self._answer(owned.state, task, result)
            if not self.declined:
                return after
        except (Broken, PolicyFault):
            if not self.declined:
                raise
        finally:
            self.log = None
        raise self.declined[0]

    def _pins_travel(
        self, state: State, after: State, task: int, pending: Pending, tasks: list[Pins], works: list[Carried]
    ) -> None:
        """The caller's own pins of the pages that a work names go with it."""
        if pending.name == "queue_work":
            works.append(Carried((0,) * self.layout.pages))
            index, page_of = len(works) - 1, pending.args[0]
        else:
            index = next(i for i, work in enumerate(state.works) if work.id == pending.args[0])
            page_of = after.works[index].page
        pins = works[index].pins
        mentioned = [] if page_of is None else [page_of]
        mentioned += [page for _, value in pending.info for page in pages_in(value)]
        for page in dict.fromkeys(mentioned):
            call = state.tasks[task].call
            going = tasks[task][page] - (call is not None and call.page == page)
            if going > 0:
                tasks[task], pins = _add(tasks[task], page, -going), _add(pins, page, going)
        for page in range(self.layout.pages):
            moved = after.pages[page].holder != state.pages[page].holder
            if moved and not pins[page] and not after.pages[page].attached:
                raise Decline("a work carries the lock of a page that it has not pinned")
        works[index] = works[index]._replace(pins=pins)

    def _drop(self, works: list[Carried], index: int) -> None:
        if any(works.pop(index).pins):
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
        self._stacks: dict[Node, list[tuple[int, int]]] = {}
        """Where a place is in a stack: the task, and the stack's number."""
        self.fresh: set[Entry] = set()
        """Stacks seen since the last choice: nothing was decided yet by what lies ahead of them."""

    def close(self) -> bool:
        """What lies ahead of each place is worked out anew. True if it is as it was for every stack but the fresh."""
        self.closings += 1
        changed = {key: None for node in self.places.close() for key in self._stacks.get(node, ())}
        same = True
        for task, number in changed:
            entry = self.tables[task][number]
            before = entry.own, entry.queued
            self._foresee(task, entry)
            same = same and (entry in self.fresh or before == (entry.own, entry.queued))
        return same

    def entry(self, task: int, number: int) -> Entry:
        """A task's entry for a stack that was not seen before."""
        stack = self.layout.stacks.values[number]
        entry = self.tables[task][number] = Entry(self.layout.task[task], stack)
        self._foresee(task, entry)
        self.fresh.add(entry)
        for node in stack:
            self._stacks.setdefault(node, []).append((task, number))
        return entry

    def _foresee(self, task: int, entry: Entry) -> None:
        entry.own, entry.queued = ahead = self.places.of_stack(entry.stack)
        entry.sign = self.signs.number(ahead) << SIGN_BITS * (2 * task + 1)

    def outcome(self, code: int, task: int) -> Outcome:
        """What a task may do. Raises `Bad` where one of its steps ends the run, `Decline` where pins are misused."""
        number = code >> self._at[task] & STACK
        entry = self.tables[task].get(number) or self.entry(task, number)
        return entry.known.get(code & entry.mask) or self.work_out(code, task, entry)

    def work_out(self, code: int, task: int, entry: Entry) -> Outcome:
        """An outcome that is not known yet."""
        outcome = self._compose(code, task, entry)
        sign = self.signs.number((outcome.kind, outcome.who, outcome.action, outcome.choices))
        outcome.entry, outcome.sign = entry, sign << SIGN_BITS * 2 * task
        if outcome.mask & ~entry.mask:
            entry.mask |= outcome.mask
            entry.known.clear()
        entry.known[code & entry.mask] = outcome
        return outcome

    def _compose(self, code: int, task: int, entry: Entry) -> Outcome:
        """An outcome, of what the machine said before where it can be."""
        mask, action = self.layout.task[task] | self.layout.queue, entry.taking
        asked: Any = self.layout.takeable(code) if action else ()  # every queue is another: that is not remembered
        if not asked:
            mask, asked, action = entry.asked.get(code) or self._ask(code, task, entry)
        if type(asked) is Outcome:
            return asked
        deltas, parts = [], []
        for choice in asked:
            known = entry.ways.get(choice)
            if known is None:
                known = entry.ways[choice] = Known()
            its, delta, accesses = known.get(code) or self._try(code, task, choice, known)
            deltas.append(delta)
            parts.append(action | accesses)
            mask |= its
        for part in parts:
            action |= part
        outcome = Outcome(MOVES, task, tuple(deltas), asked, action)
        outcome.mask = mask
        if self.layout.disk == task:
            outcome.parts = tuple(parts)
        return outcome

    def _ask(self, code: int, task: int, entry: Entry) -> tuple[int, Any, int]:
        """The choices that a task has, and what it accesses whatever it chooses; or the outcome, if it has none."""
        machine, owned, mask = self.machine, self.layout.decode(code), self.layout.task[task]
        state = owned.state
        pending = machine.pending(state, task)
        if pending is None:
            return self._settle(code, mask, entry, Outcome(ENDED))
        log = Log()
        machine.footprint.operation(log, owned, task, pending, None)
        self.places.note(entry.stack[-1], log.wide, pending)
        waits = machine.waits(state, task)
        mask |= log.fields
        if waits is not None:
            return self._settle(code, mask, entry, self._waiting(waits, pending))
        action = machine.variables.action(log.own, held_by(state, task))
        if pending.name == "take_work":
            entry.taking = action
            return mask, self.layout.takeable(code), action
        return entry.asked.put(code, mask, machine.choices(state, task), action)

    def _settle(self, code: int, mask: int, entry: Entry, outcome: Outcome) -> tuple[int, Any, int]:
        outcome.mask = mask
        return entry.asked.put(code, mask, outcome, 0)

    def _try(self, code: int, task: int, choice: Choice, known: Known) -> tuple[int, Any, int]:
        """What a step that was not tried yet adds, and accesses."""
        machine, owned, mask = self.machine, self.layout.decode(code), self.layout.task[task]
        pending = machine.pending(owned.state, task)
        assert pending is not None
        held = held_by(owned.state, task)
        first, then = Log(), Log()
        machine.footprint.operation(first, owned, task, pending, choice)
        if pending.name == "take_work":
            assert choice is not None
            owned, choice = self.layout.in_front(owned, choice), None
        try:
            after = machine.owned_step(owned, task, pending, choice, then)
        except (Broken, PolicyFault) as error:
            raise Bad((task, choice), error) from None
        self._note(owned.state, after.state, task, pending, (first, then))
        target = self.layout.encode(after, owned, code)
        mask |= first.fields | then.fields
        if pending.name in ("queue_work", "queue_sync"):
            mask |= self.layout.room(code, target)
        if (target ^ code) & ~(mask | self.layout.queue if pending.name in QUEUES else mask):
            raise Decline(f"{pending.name} changed what it did not declare")
        own = [one | two for one, two in zip(first.own, then.own, strict=True)]
        return known.put(code, mask, target - code, machine.variables.action(own, held))

    def _note(self, state: State, after: State, task: int, pending: Pending, logs: tuple[Log, Log]) -> None:
        """Tell the places. What comes after a work was taken belongs to the work."""
        places, node, frames = self.places, state.tasks[task].frames[-1][:2], after.tasks[task].frames
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


def held_by(state: State, task: int) -> list[int]:
    """The pages that a task has locked."""
    return [number for number, page in enumerate(state.pages) if page.holder == task + 1]


def _add(pins: Pins, page: int, change: int) -> Pins:
    return (*pins[:page], pins[page] + change, *pins[page + 1 :])
