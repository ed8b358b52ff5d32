"""The queue in its order, where that matters: for a policy that looks at it, or is wrong if works overtake each other.

Then every state holds the works one after another, a step that appends depends on all of them, and a program may know
works that are not its own: in the queue by their position, under way by the task that runs them.
"""

from __future__ import annotations

from wbviz.check.reduced.footprint import Doing, Footprint
from wbviz.check.reduced.layout import MOST, OTHER, Decline, Layout, Owned
from wbviz.check.reduced.reads import pages_in
from wbviz.check.reduced.variables import C, Log, R, W
from wbviz.kernel.state import QUEUED, State, Task, Work

KIND_BITS = 12


class Row(Layout):
    """A layout with a queue in its order: the kind of each work plus one, the oldest lowest."""

    def _queue_bits(self, contents: list[int]) -> int:
        if len(contents) > MOST or len(self.contents) >= 1 << KIND_BITS:
            raise Decline(f"more than {MOST} works in the queue")
        return sum([number + 1 << KIND_BITS * position for position, number in enumerate(contents)])

    def waiting(self, code: int) -> list[int]:
        """The works that wait, the oldest first, each by the number of its kind."""
        code >>= self.queue_at
        found = []
        while code:
            found.append((code & (1 << KIND_BITS) - 1) - 1)
            code >>= KIND_BITS
        return found

    def takeable(self, code: int) -> tuple[int, ...]:
        """The kind of the oldest work."""
        return tuple(self.waiting(code)[:1])

    def room(self, code: int, target: int) -> int:
        """A step that appends is looked up by the whole queue: nothing can come unseen."""
        return 0

    def _other(self, state: State, work_id: int) -> int:
        waiting = [work.id for work in state.works if work.by == QUEUED]
        if work_id in waiting:
            return OTHER + 2 * (self.tasks + waiting.index(work_id))
        return OTHER + 2 * next(work.by for work in state.works if work.id == work_id)

    def _decode(self, code: int) -> Owned:
        owned = super()._decode(code)
        tasks = tuple([self._resolved(task, owned.state.works) for task in owned.state.tasks])
        return owned._replace(state=owned.state._replace(tasks=tasks))

    def _resolved(self, task: Task, works: tuple[Work, ...]) -> Task:
        """A task whose programs know the works of others by their numbers in this state."""
        if not any(number < -OTHER for frame in task.frames for number in frame.works):
            return task
        numbers = {work.by: work.id for work in works} | {
            self.tasks + position: work.id
            for position, work in enumerate([work for work in works if work.by == QUEUED])
        }
        frames = [
            frame._replace(works=tuple([self._number(name, numbers) for name in frame.works])) for frame in task.frames
        ]
        return task._replace(frames=tuple(frames))

    def _number(self, number: int, numbers: dict[int, int]) -> int:
        """The number of a work that `decode` left as a name, below zero."""
        name = -1 - number
        return numbers[(name - OTHER) // 2] if name >= OTHER and (name - OTHER) % 2 == 0 else number


class InOrder(Footprint):
    """What operations on the queue access if it has an order: WK what works hold, CO works end, QT its end, QH its
    head."""

    def _append(self, log: Log) -> None:
        log.fields |= self.layout.queue
        log.note(W, self.variables.queue["QT"])

    def _take(self, log: Log, choice: int | None) -> None:
        super()._take(log, choice)
        log.fields |= self.layout.queue | sum(self.layout.env)
        log.note(R, self.variables.queue["WK"])

    def _extend(self, it: Doing) -> None:
        it.log.fields |= self.layout.queue
        it.log.note(W, self.variables.queue["WK"])  # which whoever takes a work reads
        for _, value in it.pending.info:
            for page in pages_in(value):
                self.touch(it.log, it.owned, it.task, page)
            if type(value) is tuple and value[0] == "inode":
                self._inode(it.log, value[1], R)

    def complete(self, log: Log, owned: Owned, task: int) -> None:
        """Whoever knew the work learns of its end."""
        log.fields |= sum(self.layout.env)
        log.note(C, self.variables.queue["CO"])

    def _look(self, log: Log) -> None:
        log.fields |= self.layout.queue
        for name in ("QT", "QH"):
            log.note(R, self.variables.queue[name])

    def _look_at_other(self, log: Log) -> None:
        log.fields |= self.layout.queue | sum(self.layout.run)
        for name in ("WK", "CO"):
            log.note(R, self.variables.queue[name])
