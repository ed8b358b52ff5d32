"""Steps on compact states, each worked out once: the machine's semantics, remembered by what a step depends on.

For each task and each stack of programs, `mask` says which bits of the state its step depends on; the outcome for these
bits is looked up, or the machine is asked (`watched`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wbviz.check.reduced.future import Node, Places, work_node
from wbviz.check.reduced.layout import STACK_BITS, Decline, Interned
from wbviz.check.reduced.variables import Log
from wbviz.check.reduced.watched import Logged
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Choice, Pending, PolicyFault

STACK = (1 << STACK_BITS) - 1
SIGN_BITS = 16
MOVES, STILL, HELD, DISK, IDLE, QUEUE, ENDED = range(7)
"""What a task does: it may step; it may, and nothing changes; it waits for the holder of a lock, for the disk, or for
flushers to run works; it is idle until somebody gives it work; it has ended."""
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


class Steps:
    """Outcomes of steps, remembered. `places` is told of every access and every edge between places."""

    def __init__(self, machine: Logged, places: Places) -> None:
        self.machine, self.layout, self.places = machine, machine.layout, places
        self.tables: list[dict[int, Entry]] = [{} for _ in range(self.layout.tasks)]
        self.closings = 0
        self.still = False
        """Whether any task was seen to go on without changing anything."""
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
        if any(deltas):
            outcome = Outcome(MOVES, task, tuple(deltas), asked, action)
        else:
            outcome = Outcome(STILL, task, action=action)
            self.still = True
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
        machine.role(task, pending)
        if pending.name == "dirty_page":
            self.places.dirties(pending.args[0])
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
        machine.lawful(owned.state, after.state, task, self.places.dirtied)
        machine.lawful_round(owned.state, after.state, task)
        if task == self.layout.disk and any(then.wide):
            raise Decline("the disk looks at what it finishes")
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
