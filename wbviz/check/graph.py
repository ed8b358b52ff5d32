"""The graph of everything that can happen: states, and the steps between them, breadth first.

Breadth first, so that the first path found to a state is a shortest one. Tasks and their choices are
tried in the order of the scenario: the graph, and every trace read off it, is the same on every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from wbviz.check.limits import INTERRUPTED
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Choice, Machine, PolicyFault

Moves = list[tuple[int, Choice]]

MAX_STATES = 2_000_000
"""Where an exploration ends, unless told otherwise."""

EVERY = 1024
"""After so many states an exploration tells how far it has come."""


class Progress(NamedTuple):
    """How far an exploration has come: states seen, how many of them are done with, and how deep it is."""

    seen: int
    expanded: int
    depth: int


class Edge(NamedTuple):
    """A step of a task, and the number of the state that it leads to."""

    task: int
    choice: Choice
    target: int


class End(NamedTuple):
    """A step that ends the run, because it breaks a rule or because the policy is not one."""

    source: int
    task: int
    choice: Choice
    error: Broken | PolicyFault


class Graph:
    """The explored states by number, in breadth-first order; 0 is the initial one.

    `edges[n]` are the steps out of state n. A state at or beyond `expanded` has been seen but not explored:
    a bound was reached. `why_incomplete` says which one.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.states: list[State] = [machine.initial()]
        self.parents: list[tuple[int, int, Choice]] = [(-1, -1, None)]
        self.depths: list[int] = [0]
        self.edges: list[list[Edge]] = []
        self.ends: list[End] = []
        self.why_incomplete = ""

    @property
    def expanded(self) -> int:
        """How many states have been explored: all of them, if no bound was reached."""
        return len(self.edges)

    @property
    def complete(self) -> bool:
        """Whether the whole space was covered."""
        return not self.why_incomplete

    @property
    def transitions(self) -> int:
        """How many steps were explored, those that end a run included."""
        return sum(map(len, self.edges)) + len(self.ends)

    def progress(self) -> Progress:
        """How far the exploration has come."""
        return Progress(len(self.states), self.expanded, self.depths[-1])

    def moves_to(self, number: int) -> Moves:
        """A shortest way from the initial state to a state."""
        moves: Moves = []
        while number:
            number, task, choice = self.parents[number]
            moves.append((task, choice))
        return moves[::-1]


MAX_WORKS = 100
"""A queue that grows without end makes each state larger than the one before: no bound on their number is enough."""


def explore(machine: Machine, max_states: int, tick: Callable[[Progress], None] | None = None) -> Graph:
    """Explore every interleaving, up to `max_states` states. Ctrl-C stops it with what was covered so far.

    `tick` is called now and then.
    """
    graph = Graph(machine)
    numbers: dict[State, int] = {graph.states[0]: 0}
    try:
        while graph.expanded < len(graph.states):
            if len(graph.states) > max_states:
                graph.why_incomplete = f"more than {max_states:,} states"
                break
            if len(graph.states[-1].works) > MAX_WORKS:
                graph.why_incomplete = f"more than {MAX_WORKS} works in the queue at once: it may grow without end"
                break
            if tick and graph.expanded % EVERY == 0:
                tick(graph.progress())
            _expand(graph, numbers)
    except KeyboardInterrupt:
        graph.why_incomplete = INTERRUPTED
    except MemoryError as error:  # the system's, or that of a tick that watches a limit
        graph.why_incomplete = str(error) or "out of memory"
    return graph


def _expand(graph: Graph, numbers: dict[State, int]) -> None:
    machine, source = graph.machine, graph.expanded
    state = graph.states[source]
    edges: list[Edge] = []
    for task, choice in steps_from(machine, state):
        try:
            after = machine.step(state, task, choice)
        except (Broken, PolicyFault) as error:
            error.__traceback__ = error.__context__ = None  # they would keep every frame, and this graph, alive
            graph.ends.append(End(source, task, choice, error))
            continue
        target = numbers.get(after)
        if target is None:
            target = numbers[after] = len(graph.states)
            graph.states.append(after)
            graph.parents.append((source, task, choice))
            graph.depths.append(graph.depths[source] + 1)
        edges.append(Edge(task, choice, target))
    graph.edges.append(edges)


def steps_from(machine: Machine, state: State) -> Iterator[tuple[int, Choice]]:
    """Every step that some task may take now."""
    for task in range(len(state.tasks)):
        for choice in machine.choices(state, task):
            yield task, choice
