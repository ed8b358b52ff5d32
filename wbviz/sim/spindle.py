"""A disk with one head, as a process in simulated time: requests wait in a queue with room for a few."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import simpy

from wbviz.sim.costs import Disk

Wait = Generator[simpy.Event, Any, None]
ESTIMATED_OVER = 0.2
"""Seconds over which the speed of writing is estimated (Linux 3.3: BANDWIDTH_INTERVAL, HZ/5)."""


class Request(NamedTuple):
    """Neighbouring pages to be written in one go: where they begin on the disk, how many, for whom, what to do then."""

    place: int
    pages: int
    by: str
    submitted: float
    done: Callable[[], None]


class Served(NamedTuple):
    """A request that was written, with its times in simulated seconds, and whether the head had to move for it."""

    submitted: float
    ended: float
    pages: int
    by: str
    seeks: bool


class Spindle:
    """Serves requests in the order of their arrival. `served` has all that are done; `depth` may wait.

    `written` happens when the next request is done, `relieved` when the queue, congested before, has some room again.
    """

    def __init__(self, env: simpy.Environment, disk: Disk, depth: int) -> None:
        self.served: list[Served] = []
        self.written = env.event()
        self.relieved = env.event()
        self.pages_per_second = disk.rate / disk.page  # an estimate, before anything is known
        self._env = env
        self._disk = disk
        self._depth = depth
        self._queue = simpy.Store(env, capacity=depth)
        env.process(self._serve())
        env.process(self._estimate())

    @property
    def congested(self) -> bool:
        """Whether the queue is so full that nobody should add to it who need not (Linux: 7/8 of it)."""
        return len(self._queue.items) * 8 >= self._depth * 7

    def submit(self, place: int, pages: int, by: str, done: Callable[[], None]) -> Wait:
        """Put a request into the queue; waits while that is full."""
        yield self._queue.put(Request(place, pages, by, self._env.now, done))

    def _serve(self) -> Wait:
        head = 0
        while True:
            request: Request = yield self._queue.get()
            seeks = request.place != head
            yield self._env.timeout(self._disk.seek * seeks + self._disk.transfer(request.pages))
            head = request.place + request.pages
            self.served.append(Served(request.submitted, self._env.now, request.pages, request.by, seeks))
            request.done()
            if len(self._queue.items) * 16 < self._depth * 13:
                relieved, self.relieved = self.relieved, self._env.event()
                relieved.succeed()
            ended, self.written = self.written, self._env.event()
            ended.succeed()

    def _estimate(self) -> Wait:
        known = 0
        while True:
            yield self._env.timeout(ESTIMATED_OVER)
            if len(self.served) > known:
                pages = sum(served.pages for served in self.served[known:])
                self.pages_per_second = (self.pages_per_second + pages / ESTIMATED_OVER) / 2
                known = len(self.served)
