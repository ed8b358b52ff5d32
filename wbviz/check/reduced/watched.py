"""The machine, watched: what a step's program reads, and who owns the pins after it.

A task is held to an honest use of pins: it drops only those it owns, and relies on nobody else's. Where it is not, the
reduced exploration declines, and the plain one decides.
"""

from __future__ import annotations

from typing import Any

from wbviz.check.reduced.footprint import Footprint
from wbviz.check.reduced.layout import Carried, Decline, Layout, Owned, Pins
from wbviz.check.reduced.ordered import InOrder, Row
from wbviz.check.reduced.reads import pages_in
from wbviz.check.reduced.variables import Log, Variables
from wbviz.kernel.operations import OPERATIONS, Thing
from wbviz.kernel.state import QUEUED, Broken, Frame, State, Value
from wbviz.machine.machine import Choice, Machine, Pending, PolicyFault
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Op, Return
from wbviz.policy.table import Arrival


class Logged(Machine):
    """The machine, telling a log what its programs read and which calls end. `ordered`: works are taken in order."""

    def __init__(self, scenario: Scenario, policy: Policy, ordered: bool = False) -> None:
        super().__init__(scenario, policy)
        self.ordered = ordered
        self.log: Log | None = None
        self.owned: Owned | None = None
        self.mover = 0
        self.declined: list[Decline] = []
        self.ended: list[int] = []
        self.layout = (Row if ordered else Layout)(scenario, self.disks)
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

    def _go_on(self, state: State, task: int, frames: tuple[Frame, ...], request: Op) -> State:
        if self.log is not None and request.name == "call" and request.args[0] == "enqueue":
            self.footprint.enqueue_begins(self.log, request.args[1][1])
        return super()._go_on(state, task, frames, request)

    def role(self, task: int, pending: Pending) -> None:
        """The disk does nothing but finish writeback, and nobody else does; only flushers take works.

        Raises `Decline` for a task that does otherwise: the search counts on it.
        """
        finishes, takes = pending.name == "end_writeback", pending.name == "take_work"
        if finishes != (task in self.disks) or (takes and task not in self.flushers):
            raise Decline(f"{self.world.task_names[task]} does {pending.name} beside what it began with")

    def lawful(self, before: State, after: State, task: int, dirtied: int) -> None:
        """What the search takes for granted of every step, looked at as each is tried: what a page's lock keeps the
        others from, and what never comes back. `dirtied` are the pages that a program is known to make dirty.

        Raises `Decline` for a step that does otherwise.
        """
        for number, (was, now) in enumerate(zip(before.pages, after.pages, strict=True)):
            mine = was.holder == task + 1
            if was is now:
                continue
            if now.attached != was.attached and (now.attached or not mine):
                raise Decline("a page comes back into its file, or leaves it without its lock")
            if now.dirty and not was.dirty and not dirtied >> number & 1:
                raise Decline("a page becomes dirty by an operation that was not known to do that")
            if now.writeback != was.writeback and not (mine if now.writeback else task in self.disks):
                raise Decline("writeback begins without the lock of the page, or ends without the disk")
            if was.holder > 0 and now.holder != was.holder and not mine:
                raise Decline("a task loses the lock of a page by a step of somebody else")
            if was.holder < 0 and now.holder != was.holder and now.holder != task + 1:
                raise Decline("a work loses the lock of its page, and not to the one who takes it")
        kept = {work.id: work.by for work in after.works}
        for work in before.works:
            by = kept.get(work.id)
            if by != work.by and (work.by != task if by is None else (work.by, by) != (QUEUED, task)):
                raise Decline("a work ends without the task that runs it, or changes hands")

    def lawful_round(self, before: State, after: State, task: int) -> None:
        """A task that is endless by nature makes pages dirty, one step a round, or ends. So it changes nothing of what
        is owed and held at rest.

        Raises `Decline` for a step that begins another kind of round.
        """
        if not self.between_rounds(before, task):
            return
        pages = tuple([now._replace(dirty=was.dirty) for was, now in zip(before.pages, after.pages, strict=True)])
        tasks = after.tasks if self.pending(after, task) is None else before.tasks
        if after._replace(pages=pages) != before._replace(tasks=tasks):
            raise Decline("a round of an endless task that does more than to make a page dirty")

    def owned_step(self, owned: Owned, task: int, pending: Pending, choice: Choice, log: Log) -> Owned:
        """The state after a step, and who owns the pins then. What the program reads after it goes into the log."""
        state = owned.state
        args = pending.args if choice is None else (choice,)
        operation = OPERATIONS[pending.name]
        extra = (pending.info,) if operation.takes_info else ()
        after, result = operation.do(self.world, state, task, args, *extra)
        tasks, works = list(owned.tasks), list(owned.works)
        name = pending.name
        if operation.takes is Thing.PIN and operation.took(result):
            tasks[task] = _add(tasks[task], result[1] if operation.finds else args[0], 1)
        elif operation.gives_back is Thing.PIN:
            tasks[task] = _add(tasks[task], args[0], -1)
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


def _add(pins: Pins, page: int, change: int) -> Pins:
    return (*pins[:page], pins[page] + change, *pins[page + 1 :])
