"""The life of a page, for the chapter on pages: one file, one page, from the first write to the freed memory.

Not a claim of the mail, so it stands beside the catalogue: nothing is checked in it, one run of it is shown.
"""

from __future__ import annotations

from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of, record
from wbviz.policy.load import load_policy
from wbviz.scenarios.build import Plan, Recipe
from wbviz.trace.schedule import parse
from wbviz.trace.trace import Trace

SCHEDULE = "wb1 life pin_then_lock : program kswapd*4 flusher*6 disk:A0 program*7"
"""Whose turn it is: the write, reclaim's call, the flusher's work, the disk, then the end of the file."""


def life() -> Plan:
    """A program writes into a page and later removes the file; reclaim has the page cleaned in between."""
    return Plan(
        files={"A": 1},
        clean=("A0",),
        owners=("A",),
        tasks=(("program", "unlink", "A", ("A0",)), ("kswapd", "kswapd", ("A0",), 1, False)),
    )


def life_of_a_page() -> Trace:
    """The run to show. Raises `TraceError` where a change of the model no longer allows it."""
    recipe = Recipe("life", life.__doc__ or "", life, ())
    machine = Machine(recipe.build(), load_policy("pin_then_lock"))
    return record(machine, moves_of(machine, parse(SCHEDULE)))
