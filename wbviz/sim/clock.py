"""Simulated time, on SimPy: who takes the next step, and when. What a step does is the machine's business.

A task spends the cost of an operation and then asks for it. If it must wait it joins the waiters, and its
plug is opened. Locks are handed over in the order of asking, in the very moment of the unlock, so that nobody
gets in between; whoever waits for something else is woken, and looks again. The disk serves one request after
another, and ends writeback for all pages of a request when it has finished it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from random import Random
from typing import Any, NamedTuple

import simpy

from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import POLICY_PROGRAMS, Choice, Machine, Pending, PolicyFault
from wbviz.sim.costs import COST_OF, Costs, Disk
from wbviz.sim.disk import START, Place, Request, requests_of, serve
from wbviz.sim.metrics import WRITES, Meter, Metrics

REST, STUCK, HORIZON = "rest", "stuck", "horizon"
BROKEN, POLICY_ERROR = "rule-violation", "policy-error"
LOCKS = ("lock_page", "lock_attached")

Process = Generator[simpy.Event, Any, None]


class Horizon(NamedTuple):
    """Where a run that does not end by itself is cut off: simulated seconds, and steps."""

    seconds: float = 10.0
    steps: int = 10_000


class Timeline(NamedTuple):
    """The steps of a run with their times in seconds, how it ended, the state then, and the error if there was one."""

    moves: tuple[tuple[int, Choice], ...]
    times: tuple[float, ...]
    ended: str
    state: State
    error: Broken | PolicyFault | None
    metrics: Metrics


class _Waiter(NamedTuple):
    task: int
    for_lock: bool
    woken: simpy.Event


def run_clock(machine: Machine, seed: int, costs: Costs, disk: Disk, horizon: Horizon) -> Timeline:
    """One run. The same arguments give the same run, on every machine."""
    return _Clock(machine, seed, costs, disk, horizon).run()


class _Clock:
    def __init__(self, machine: Machine, seed: int, costs: Costs, disk: Disk, horizon: Horizon) -> None:
        self.machine = machine
        self.random = Random(seed)
        self.costs = costs
        self.disk = disk
        self.horizon = horizon
        self.env = simpy.Environment()
        self.state = machine.initial()
        self.meter = Meter(machine.world, disk.page)
        self.moves: list[tuple[int, Choice]] = []
        self.times: list[float] = []
        self.waiting: list[_Waiter] = []
        self.plugs: dict[int, list[int]] = {}
        self.plugged_at: dict[int, float] = {}
        self.queue: deque[Request] = deque()
        self.arrival = self.env.event()
        self.ended = ""
        self.error: Broken | PolicyFault | None = None

    def run(self) -> Timeline:
        for task, spec in enumerate(self.machine.scenario.tasks):
            self.env.process(self._serve(task) if spec.program == "disk" else self._live(task))
        self._look_at_the_end()
        while not self.ended:
            if self.env.peek() > self.horizon.seconds:
                self.ended = HORIZON
                break
            self.env.step()
        now = self.horizon.seconds if len(self.moves) < self.horizon.steps and self.ended == HORIZON else self.env.now
        metrics = self.meter.finish(now, len(self.moves))
        return Timeline(tuple(self.moves), tuple(self.times), self.ended, self.state, self.error, metrics)

    # The life of a task

    def _live(self, task: int) -> Process:
        yield self.env.timeout(self.costs.start * self.random.random())
        while (pending := self.machine.pending(self.state, task)) is not None:
            yield self._pause(self._cost(task, pending))
            while self.machine.waits(self.state, task) is not None:
                self._unplug(task)
                waiter = _Waiter(task, pending.name in LOCKS, self.env.event())
                self.waiting.append(waiter)
                yield waiter.woken
                yield self._pause(self.costs.wake)
                if waiter.for_lock:
                    break  # the step was taken when the lock was handed over
            else:
                self._step(task, self._choose(task, pending))

    def _cost(self, task: int, pending: Pending) -> float:
        field = COST_OF[pending.name]
        if pending.name == "writepage" and self.machine.world.clusters:
            field = "search"  # it looks which pages follow; handing them to the disk is a step of its own
        cost: float = getattr(self.costs, field)
        if pending.name == "submit":
            cost *= len(pending.args)
        if self.machine.between_rounds(self.state, task):
            cost += self.costs.round
        return cost

    def _pause(self, seconds: float) -> simpy.Event:
        jitter = self.costs.jitter
        return self.env.timeout(seconds * (1 + jitter * (2 * self.random.random() - 1)))

    def _choose(self, task: int, pending: Pending) -> Choice:
        return self.random.choice(self.machine.choices(self.state, task)) if pending.name == "isolate" else None

    # A step, and what follows at once

    def _step(self, task: int, choice: Choice) -> None:
        """A step; then the locks that it set free are taken by those who asked first, and others are woken."""
        self._take(task, choice)
        while not self.ended and (waiter := self._first_to_go_on()):
            self.waiting.remove(waiter)
            waiter.woken.succeed()
            if waiter.for_lock:
                self._take(waiter.task, None)
        self._look_at_the_end()

    def _first_to_go_on(self) -> _Waiter | None:
        """Of the waiters, in the order of asking, the first that need not wait any more."""
        for waiter in self.waiting:
            if self.machine.waits(self.state, waiter.task) is None:
                return waiter
        return None

    def _take(self, task: int, choice: Choice) -> None:
        machine, before, now = self.machine, self.state, self.env.now
        pending = machine.pending(before, task)
        assert pending is not None
        if self.plugs.get(task) and now - self.plugged_at[task] >= self.costs.plug:
            self._unplug(task)
        self.moves.append((task, choice))
        self.times.append(now)
        try:
            self.state, result = machine.step_with_result(before, task, choice)
        except (Broken, PolicyFault) as error:
            self.error = error
            self.ended = BROKEN if isinstance(error, Broken) else POLICY_ERROR
            return
        if pending.name == "isolate" and result is not None:
            self.meter.call(now, result[1])
        if pending.name in WRITES:
            self.meter.wrote(before.pages, pending.args)
        written = self.meter.pages(now, before.pages, self.state.pages)
        if written:
            if not self.plugs.setdefault(task, []):
                self.plugged_at[task] = now
            self.plugs[task] += written
        if pending.name == "complete" or self._called(before, task) != self._called(self.state, task):
            self._unplug(task)

    def _called(self, state: State, task: int) -> str:
        """The call that the task is in, as far as merging goes: of the policy, of a built-in program, or none."""
        frames = state.tasks[task].frames
        if any(frame.program in POLICY_PROGRAMS for frame in frames):
            return "policy"
        return "built-in" if frames else ""

    # The disk

    def _unplug(self, task: int) -> None:
        """What the task has collected goes to the disk, but for what its filesystem still gathers."""
        collected = self.plugs.get(task, [])
        ready = [page for page in collected if not self.state.pages[page].request]
        if not ready:
            return
        self.plugs[task] = [page for page in collected if self.state.pages[page].request]
        self.plugged_at[task] = self.env.now
        requests = requests_of(self.machine.world, ready)
        self.queue.extend(requests)
        self.meter.issued(requests)
        if not self.arrival.triggered:
            self.arrival.succeed()

    def _serve(self, task: int) -> Process:
        head: Place = START
        while True:
            if not self.queue:
                self.arrival = self.env.event()
                yield self.arrival
            request = self.queue.popleft()
            service = serve(self.machine.world, self.disk, head, request)
            self.meter.served(self.env.now, service)
            yield self.env.timeout(service.seconds)
            head = service.head
            for page in request.pages:
                if self.ended:
                    return
                self._step(task, page)

    # The end

    def _look_at_the_end(self) -> None:
        if self.ended:
            return
        if self.machine.at_rest(self.state):
            self.ended = REST
        elif is_stuck(self.machine, self.state):
            self.ended = STUCK
        elif len(self.moves) >= self.horizon.steps:
            self.ended = HORIZON


def is_stuck(machine: Machine, state: State) -> bool:
    """Whether only endless tasks can still run, each between two rounds, though the machine is not at rest.

    A round of theirs leaves nothing behind that anybody waits for: those who are blocked are so for ever.
    """
    return not machine.at_rest(state) and all(
        machine.waits(state, task) is not None or machine.between_rounds(state, task)
        for task in range(len(state.tasks))
    )
