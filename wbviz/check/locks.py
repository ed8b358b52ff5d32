"""The lock-order report: in which orders page locks nest, and which of these orders contradict each other.

An order is a pair of pages: one is *held*, the other *wanted*. It is read off every explored state, whether or not
the one who wants had to wait: that is how lockdep finds an inversion that no run has turned into a deadlock.

A lock that travels with a work is held by the work. A queued work goes on only when a flusher takes it, so once
every flusher is busy, what a flusher wants is wanted while the queue holds what the works in it hold.

The report needs every state, so it does its own exploration, without reductions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wbviz.check.graph import Graph
from wbviz.check.orders import circles
from wbviz.kernel.operations import OPERATIONS, Thing
from wbviz.kernel.state import UNLOCKED, State, queued
from wbviz.machine.machine import Machine
from wbviz.machine.record import move_name
from wbviz.trace.schedule import Schedule
from wbviz.trace.trace import Json

WANTED, TRIED, QUEUE = "wanted", "tried", "queued"
UP, DOWN, SAME, ACROSS = "ascending", "descending", "itself", "across files"
THE_QUEUE = "the queue"
LOCKING = tuple(name for name, operation in OPERATIONS.items() if operation.takes is Thing.LOCK)
BLOCKING = tuple(name for name in LOCKING if OPERATIONS[name].waits)
LONGER = tuple(name for name, operation in OPERATIONS.items() if operation.goes_on)
"""Operations that take page locks of their own, as steps: they are named instead of the lock they take."""

LOCKDEP = (
    "nothing. Up to Linux 6.19 lockdep does not track PG_locked: it is a bit in the page's flags, which may be "
    "released by another context than the one that took it (a read's end, in an interrupt), and a lockdep map in each "
    "page would about double the size of struct page. All page locks would be one class besides, in which nesting "
    "counts as an error unless it is annotated: it would have to know the indices."
)


class Order(NamedTuple):
    """One page lock wanted while another is held, by instance.

    `kind` is "wanted" (a blocking lock), "tried" (a trylock: it never waits, so it closes no cycle) or "queued"
    (two works in the queue hold a lock each, taken in that order; nobody waits). `holder` is the task itself, or
    "the queue". `line` is the line of the policy, None in a built-in task. `direction` compares the indices.
    `states` counts the states where it was seen; `schedule` is a shortest way to the first of them.
    """

    kind: str
    held: str
    wanted: str
    task: str
    holder: str
    operation: str
    line: int | None
    direction: str
    states: int
    schedule: str

    @property
    def violates(self) -> bool:
        """Whether it breaks the ascending rule in a way that a lockdep that knew page indices would see."""
        return self.kind == WANTED and self.direction in (DOWN, SAME) and self.holder == self.task


class Inversion(NamedTuple):
    """Orders that form a circle: A0 → A1 and A1 → A0; a page wanted by the one who holds it is a circle of one.

    `meets` is a shortest schedule to a state where every order of the circle waits at once, "" where no explored
    state has that: then nothing but luck, or another lock, keeps the deadlock away.
    """

    pages: tuple[str, ...]
    orders: tuple[Order, ...]
    meets: str


class LockReport(NamedTuple):
    """What the explored states tell about the order of page locks.

    `why_incomplete` is "" if that was all of them. `ended` counts the steps that break a rule, or show that the policy
    is none: those runs go no further.
    """

    scenario: str
    policy: str
    path: str
    params: dict[str, int]
    flushers: int
    states: int
    why_incomplete: str
    ended: int
    orders: tuple[Order, ...]
    inversions: tuple[Inversion, ...]

    @property
    def violations(self) -> tuple[Order, ...]:
        """What a lockdep that knew page indices would report."""
        return tuple(order for order in self.orders if order.violates)

    @property
    def by_class(self) -> dict[str, int]:
        """How many orders, by instance, make up "page lock wanted while a page lock is held", by direction."""
        pairs = {(order.held, order.wanted, order.direction) for order in self.orders if order.kind == WANTED}
        return {way: sum(pair[2] == way for pair in pairs) for way in (UP, DOWN, SAME, ACROSS)}

    def to_json(self) -> Json:
        """The report as JSON-able data."""
        return {
            **self._asdict(),
            "orders": [order._asdict() | {"violates": order.violates} for order in self.orders],
            "inversions": [
                {
                    "pages": list(circle.pages),
                    "orders": [self.orders.index(order) for order in circle.orders],
                    "meets": circle.meets,
                }
                for circle in self.inversions
            ],
            "by_class": self.by_class,
            "lockdep": LOCKDEP,
        }

    def drawing(self) -> Json:
        """The orders as a graph: `nodes` are pages, `edges` go from the page held to the page wanted."""
        inverted = {edge for circle in self.inversions for edge in steps_of(circle.pages)}
        pages = sorted({page for order in self.orders for page in (order.held, order.wanted)})
        edges: dict[tuple[str, str, str], list[Order]] = {}
        for order in self.orders:
            edges.setdefault((order.held, order.wanted, order.kind), []).append(order)
        return {
            "nodes": [{"page": page} for page in pages],
            "edges": [
                {
                    "from": held,
                    "to": wanted,
                    "kind": kind,
                    "direction": orders[0].direction,
                    "by": sorted({who(order) for order in orders}),
                    "inverted": kind == WANTED and (held, wanted) in inverted,
                }
                for (held, wanted, kind), orders in edges.items()
            ],
        }


def who(order: Order) -> str:
    """Whose order it is, in words."""
    if order.kind == QUEUE:
        return THE_QUEUE
    return order.task if order.holder == order.task else f"{order.task} and the queue behind it"


def steps_of(pages: tuple[str, ...]) -> list[tuple[str, str]]:
    """The pairs along a circle of pages."""
    return list(zip(pages, (*pages[1:], pages[0]), strict=True))


class _Seen(NamedTuple):
    """What makes two sightings the same order: all but where it was seen."""

    kind: str
    held: int
    wanted: int
    task: int
    by_task: bool
    operation: str
    line: int | None


def lock_orders(graph: Graph) -> LockReport:
    """The lock-order report of an explored graph; of what was explored, if a bound was reached."""
    machine = graph.machine
    first: dict[_Seen, int] = {}
    count: dict[_Seen, int] = {}
    waiting: list[tuple[int, set[tuple[int, int]]]] = []
    for number, state in enumerate(graph.states[: len(graph.parents)]):
        blocked = set()
        for seen in sightings(machine, state):
            first.setdefault(seen, number)
            count[seen] = count.get(seen, 0) + 1
            if seen.kind == WANTED and state.pages[seen.wanted].holder != UNLOCKED:
                blocked.add((seen.held, seen.wanted))
        if blocked:
            waiting.append((number, blocked))
    named = {seen: _order(graph, seen, first[seen], count[seen]) for seen in sorted(first, key=_position)}
    return LockReport(
        scenario=machine.scenario.name,
        policy=machine.policy.name,
        path=machine.policy.path,
        params=dict(machine.scenario.params),
        flushers=len(machine.flushers),
        states=len(graph.states),
        why_incomplete=graph.why_incomplete,
        ended=len(graph.ends),
        orders=tuple(named.values()),
        inversions=tuple(_inversions(graph, named, waiting)),
    )


def _position(seen: _Seen) -> tuple[int, int, int, int, bool, str, int]:
    kind = (WANTED, TRIED, QUEUE).index(seen.kind)
    return kind, seen.held, seen.wanted, seen.task, not seen.by_task, seen.operation, seen.line or 0


def sightings(machine: Machine, state: State) -> Iterator[_Seen]:
    """The orders that one state shows."""
    if not any(page.holder for page in state.pages):
        return
    in_queue = [number for work in queued(state) for number, page in enumerate(state.pages) if page.holder == -work.id]
    for place, earlier in enumerate(in_queue):
        for later in in_queue[place + 1 :]:
            yield _Seen(QUEUE, earlier, later, -1, False, "queue_work", None)
    busy = all(any(work.by == flusher for work in state.works) for flusher in machine.flushers)
    for task in range(len(state.tasks)):
        pending = machine.pending(state, task)
        if pending is None or pending.name not in LOCKING:
            continue
        wanted = pending.args[0]
        page = state.pages[wanted]
        if page.freed or (pending.name.endswith("attached") and not page.attached):
            continue  # no lock is taken: it breaks a rule, or finds the page gone
        program = state.tasks[task].frames[-1].program
        operation = program if program in LONGER else pending.name
        lines = machine.policy_lines(state, task)
        line = lines[-1] if lines else None
        kind = WANTED if pending.name in BLOCKING else TRIED
        for held, other in enumerate(state.pages):
            if other.holder == task + 1:
                yield _Seen(kind, held, wanted, task, True, operation, line)
        if kind == WANTED and task in machine.flushers and busy:
            for held in in_queue:
                yield _Seen(kind, held, wanted, task, False, operation, line)


def _order(graph: Graph, seen: _Seen, number: int, states: int) -> Order:
    machine, world = graph.machine, graph.machine.world
    (file, index), (other_file, other_index) = world.pages[seen.held], world.pages[seen.wanted]
    way = UP if index < other_index else DOWN if index > other_index else SAME
    task = THE_QUEUE if seen.task < 0 else world.task_names[seen.task]
    return Order(
        kind=seen.kind,
        held=world.page_name(seen.held),
        wanted=world.page_name(seen.wanted),
        task=task,
        holder=task if seen.by_task else THE_QUEUE,
        operation=seen.operation,
        line=seen.line,
        direction=way if file == other_file else ACROSS,
        states=states,
        schedule=_schedule(graph, number, machine),
    )


def _schedule(graph: Graph, number: int, machine: Machine) -> str:
    moves = tuple(move_name(machine, task, choice) for task, choice in graph.moves_to(number))
    return str(Schedule(machine.scenario.name, machine.policy.given, machine.scenario.params, moves))


def _inversions(
    graph: Graph, named: dict[_Seen, Order], waiting: list[tuple[int, set[tuple[int, int]]]]
) -> Iterator[Inversion]:
    machine = graph.machine
    orders: dict[tuple[int, int], list[Order]] = {}
    for seen, order in named.items():
        if seen.kind == WANTED:
            orders.setdefault((seen.held, seen.wanted), []).append(order)
    for circle in circles(set(orders)):
        edges = set(zip(circle, (*circle[1:], circle[0]), strict=True))
        meets = next((number for number, blocked in waiting if edges <= blocked), None)
        yield Inversion(
            pages=tuple(machine.world.page_name(page) for page in circle),
            orders=tuple(order for edge in sorted(edges) for order in orders[edge]),
            meets="" if meets is None else _schedule(graph, meets, machine),
        )
