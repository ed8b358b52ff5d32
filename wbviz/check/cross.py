"""Belt and braces: where it costs little, the plain exploration is asked whether a reduced proof is right.

A mistake in the reductions could do harm in one way only, by a wrong `safe`. So a proof that was small is held against
every step of every interleaving, up to a bound. What such a proof denies shows in three ways: a step that ends a run, a
run that comes back to where it was, and an end where not all is well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from wbviz.check.graph import Progress, explore
from wbviz.check.limits import INTERRUPTED
from wbviz.check.reduced.ends import Covered
from wbviz.check.rest import leaks, lost_pages
from wbviz.machine.machine import Machine

SMALL = 100
"""A reduced exploration that kept no more states than these is taken for one whose plain one is small."""
AFFORDABLE = 4_000
"""So many states are explored plainly at most: some 0.2 s. Less may have been covered, and that still counts."""


class Crossed(NamedTuple):
    """What the plain exploration says to a proof: `against` is what it found, in words; "" if nothing."""

    against: str = ""
    interrupted: bool = False


def cross_check(machine: Machine, proof: Covered, tick: Callable[[Progress], None] | None = None) -> Crossed:
    """Look for anything that a proof says there is not. Nothing is looked for where the proof is large."""
    if proof.states > SMALL:
        return Crossed()
    from wbviz.check.components import components, is_loop

    graph = explore(machine, AFFORDABLE, tick)
    if graph.why_incomplete == INTERRUPTED:
        return Crossed(interrupted=True)
    if graph.ends:
        return Crossed(f"a step that ends the run ({graph.ends[0].error})")
    order = components(range(graph.expanded), lambda number: [edge.target for edge in graph.edges[number]])
    if any(len(component) > 1 or (is_loop(graph, component) and not proof.fair) for component in order):
        return Crossed("a run that comes back to where it was")
    for number, edges in enumerate(graph.edges):
        state = graph.states[number]
        ends = all(edge.target == number for edge in edges)
        if ends and not (machine.at_rest(state) and not lost_pages(machine, state) and not leaks(machine, state)):
            return Crossed("an end where not all is well")
    return Crossed()
