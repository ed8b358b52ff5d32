"""Every table about operations has every operation: a new one that is forgotten somewhere is named here."""

from __future__ import annotations

import pytest

from wbviz.certify import builtin, operations
from wbviz.check.reduced.footprint import DECLARED
from wbviz.kernel.api import API
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.reasons import Wait
from wbviz.sim.costs import Costs
from wbviz.trace.narrate import SENTENCES

IDLE = {"take_work", "end_writeback"}
"""Who waits here waits for nobody: there is nothing to do."""
BESIDE = OPERATIONS.keys() - API.keys()
TABLES = {
    "wbviz/kernel/operations.py": (OPERATIONS, {*OPERATIONS, *API}),
    "wbviz/check/reduced/footprint.py": (DECLARED, set(OPERATIONS)),
    "wbviz/trace/narrate.py": (SENTENCES, {*OPERATIONS, "gather"}),  # a writepage that is not sent yet
    "wbviz/certify/operations.py": (operations.OUTCOMES, set(API)),
    "wbviz/certify/builtin.py": (builtin.OUTCOMES, {*BESIDE, "call"}),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_every_operation(table: str) -> None:
    has, needs = TABLES[table]
    assert needs - set(has) == set(), f"{table} lacks these operations"
    assert set(has) - needs == set(), f"{table} has what is no operation"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_record_is_whole(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.effort in Costs._fields or name == "end_writeback", "what it costs: a field of Costs"
    assert bool(operation.waits_for) == bool(operation.waits) or name in IDLE, "when it waits, and what for"
    assert operation.waits_for in (None, Wait.LOCK, Wait.WRITEBACK, Wait.COMPLETION), "what a task can wait for"
    assert name in BESIDE or operation.takes_info == API[name].takes_info, "whether it has keyword arguments"
    assert operation.takes or not operation.finds, "it finds something, and does not take it"
    assert name in BESIDE or not operation.called, "what a policy can do keeps its name"
