"""Which tasks must be tried in a state: a persistent set (Godefroid 1996), found by closure as stubborn sets are.

A set of tasks is enough if no step that the others may take before one of them moves conflicts with what they do now.
Whoever waits for somebody else cannot move before that one does, and counts for him: so the others fall into *groups*,
one for each task that can step, one for each page that the disk may finish, and one for what nothing keeps from going.
"""

from __future__ import annotations

from wbviz.check.reduced.future import Places
from wbviz.check.reduced.layout import NOBODY
from wbviz.check.reduced.steps import DISK, ENDED, HELD, IDLE, MOVES, QUEUE, STILL, Outcome
from wbviz.check.reduced.watched import Logged

Move = tuple[int, int]
"""A step: the task, and what is added to the state."""
Moves = list[Move]
Choice = tuple[tuple[int, int], ...]
"""What to try: tasks, each with the number of its step, or `ALL`."""

ALL = UNKNOWN = -1
REMEMBERED = 1 << 14
"""So many choices are remembered at once: some megabytes."""


class Persistent:
    """Chooses what to try. Everything it needs to know of the future it asks of `places`."""

    def __init__(self, machine: Logged, places: Places) -> None:
        self.layout, self.variables, self.places = machine.layout, machine.variables, places
        self.tasks = self.layout.tasks
        self.disk = self.layout.disk
        self.flusher = machine.flushers[0] if len(machine.flushers) == 1 else NOBODY
        self.always = self.tasks + self.layout.pages
        self._dirtied = 0
        """The pages that may become dirty again, as far as was known when the places were worked out."""
        variables = self.variables
        ends = [variables.page["WC"][page] for page in range(self.layout.pages)]
        self.disk_future = places.pack((0, 0, sum(ends), 0, 0, 0))
        self.flags = sum(self.layout.page["attached"]) | sum(self.layout.page["dirty"])
        self._open: dict[int, int] = {}
        self._queues: dict[int, int] = {}
        self._chosen: dict[tuple[int, int, int], tuple[Choice, list[int]]] = {}

    def close(self) -> bool:
        """The places were worked out anew. True if what was decided by them was rightly decided: what may be done with
        the queues seen is as it was. (Where a page may become dirty that was thought to stay clean, more lies ahead of
        whoever makes it so: `Steps.close` sees that.)"""
        before, dirtied = dict(self._queues), self._dirtied
        self._queues.clear()
        self._dirtied = self.places.dirtied
        if self._dirtied != dirtied:
            self._open.clear()
        return all(self._works(number) == bits for number, bits in before.items())

    def choose(self, code: int, outcomes: list[Outcome], signs: int) -> tuple[Moves, list[int]]:
        """The steps to try; one is enough if the list has one. Empty where nobody can step. And a list for what
        `rest` finds, by task, the same wherever it must be the same.

        `signs` is the sum of the signs of the outcomes and of their stacks.
        """
        works = self._works(code >> self.layout.queue_at)
        key = signs, works, self._still_open(code)
        found = self._chosen.get(key)
        if found is None:
            if len(self._chosen) == REMEMBERED:
                self._chosen.clear()
            found = self._chosen[key] = self._choice(outcomes, works, key[2]), [UNKNOWN] * self.tasks
        choice, rest = found
        if len(choice) == 1:
            task, which = choice[0]
            moves = outcomes[task].moves
            return (moves if which == ALL else [moves[which]]), rest
        moves = []
        for task, which in choice:
            moves += outcomes[task].moves if which == ALL else outcomes[task].moves[which : which + 1]
        return moves, rest

    def rest(self, outcomes: list[Outcome], code: int, task: int) -> int:
        """What anybody else may ever do, from a state in which these are the outcomes: a task's step that conflicts
        with none of it is enough, there and later on. Not so for the disk: what waits for it counts only as long as it
        waits, so there is more of that later on, and anything may conflict."""
        if task == self.disk:
            return ALL
        bits = self.disk_future
        works = task != self.flusher  # else it will run itself what waits and what others may queue
        if works:
            bits |= self._works(code >> self.layout.queue_at)
        for other, outcome in enumerate(outcomes):
            if works:
                bits |= outcome.entry.queued
            if other not in (task, self.disk):
                bits |= outcome.entry.own
        return bits & self._still_open(code)

    def _choice(self, outcomes: list[Outcome], works: int, still_open: int) -> Choice:
        """The persistent set with the fewest steps."""
        disk, always = self.disk, self.always
        # what each group may do, and what a flusher may do with the works that it may queue
        direct, queued = {always: self.disk_future}, dict[int, int]()
        for task, outcome in enumerate(outcomes):
            kind = outcome.kind
            if kind == ENDED or task == disk:
                continue
            root = self._root(outcomes, task)
            if root != NOBODY:
                entry = outcome.entry
                direct[root] = direct.get(root, 0) | entry.own
                if entry.queued and root == always:
                    direct[root] |= entry.queued
                elif entry.queued:
                    queued[root] = queued.get(root, 0) | entry.queued
        flusher = NOBODY if self.flusher == NOBODY else self._root(outcomes, self.flusher)
        if flusher == NOBODY:
            flusher = always
        direct[flusher] = direct.get(flusher, 0) | works
        return self._least(outcomes, still_open, direct, queued, flusher)

    def _least(
        self, outcomes: list[Outcome], still_open: int, direct: dict[int, int], queued: dict[int, int], flusher: int
    ) -> Choice:
        able: list[int] = []
        steps: dict[int, tuple[int, int]] = {}
        sizes: dict[int, int] = {}
        meets: dict[int, int] = {}
        meets_works: dict[int, int] = {}
        for task, outcome in enumerate(outcomes):
            if outcome.kind not in (MOVES, STILL):
                continue
            of_disk = task == self.disk
            for which in range(len(outcome.moves)) if of_disk else (ALL,):
                group, action, size = task, outcome.action, len(outcome.moves)
                if of_disk:
                    page, size = outcome.choices[which] or 0, 1
                    group, action = self.tasks + page, outcome.parts[which]
                action &= still_open
                hits = works = 0
                for other, bits in direct.items():
                    if action & bits and other != group:
                        hits |= 1 << other
                if flusher != group:
                    for other, bits in queued.items():
                        if action & bits and other != group:
                            works |= 1 << other
                if not hits and not works and size == 1:
                    return ((task, which),)
                able.append(group)
                steps[group], sizes[group], meets[group], meets_works[group] = (task, which), size, hits, works
        best = self._closure(able, sizes, meets, meets_works, flusher)
        return tuple([steps[group] for group in able if best >> group & 1])

    def _closure(
        self,
        able: list[int],
        sizes: dict[int, int],
        meets: dict[int, int],
        meets_works: dict[int, int],
        flusher: int,
    ) -> int:
        """The closure with the fewest steps, as bits; `sizes` are how many steps each group has."""
        everybody = sum([1 << group for group in able])
        best, fewest = everybody, sum(sizes.values())
        for first in [group for group in able if sizes[group]]:
            inside, todo, count = 0, 1 << first, 0
            while todo:
                inside |= todo
                need = 0
                for group in able:
                    if todo >> group & 1:
                        count += sizes[group]
                        need |= meets[group]
                    if inside >> group & 1 and not inside >> flusher & 1:
                        need |= meets_works[group]
                todo = need & ~inside
                if todo & ~everybody or count >= fewest:
                    break
            else:
                if count < fewest:
                    best, fewest = inside, count
        return best

    def _root(self, outcomes: list[Outcome], task: int, seen: int = 0) -> int:
        """The group that must move before a task does; `NOBODY` where it waits for itself or for who has ended."""
        kind = outcomes[task].kind
        if kind in (MOVES, STILL):
            return task
        if seen >> task & 1 or kind == ENDED:
            return NOBODY
        if kind == DISK:
            return self.tasks + outcomes[task].who
        if kind == HELD:
            return self._root(outcomes, outcomes[task].who, seen | 1 << task)
        if kind == QUEUE and self.flusher != NOBODY and outcomes[self.flusher].kind != IDLE:
            return self._root(outcomes, self.flusher, seen | 1 << task)
        return self.always

    def _still_open(self, code: int) -> int:
        """Variables that may still change, in all parts of an action. Nothing is ever attached again, and a clean page
        stays so if no program makes it dirty (`Logged.lawful`): to look at it conflicts with nothing."""
        found = self._open.get(code & self.flags)
        if found is None:
            fields, variables = self.layout.page, self.variables
            fixed = 0
            for page in range(self.layout.pages):
                if not code & fields["attached"][page]:
                    fixed |= variables.page["A"][page] | variables.page["LB"][page]
                if not code & fields["dirty"][page] and not self._dirtied >> page & 1:
                    fixed |= variables.page["D"][page]
            half = variables.thrice(fixed)
            found = self._open[code & self.flags] = ~(half | half << variables.half)
        return found

    def _works(self, queue: int) -> int:
        """What may be done with the works that wait in a queue."""
        found = self._queues.get(queue)
        if found is None:
            found = 0
            for number in self.layout.waiting(queue << self.layout.queue_at):
                found |= self.places.of_work(self.layout.contents[number].work)
            self._queues[queue] = found
        return found
