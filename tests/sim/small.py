"""Small worlds with costs in whole seconds, so that every time can be worked out by hand."""

from typing import Any

from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, policy_from_text
from wbviz.scenarios.build import Plan, Recipe, assemble
from wbviz.sim import Costs, Disk, Horizon, Run, simulate

COSTS = Costs(step=1, search=10, submit=100, wake=1000, round=0, start=0, plug=1e9, jitter=0)
DISK = Disk(seek=1_000_000, rate=1, page=10_000)  # one page: 10,000 seconds
HORIZON = Horizon(seconds=1e9)

ENQUEUE = """
def enqueue(mm, page):
    yield mm.get_page(page)
    yield mm.queue_work(page=page)
    return True

"""
ONE = (
    ENQUEUE
    + """
def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is not None and page.dirty and not page.writeback:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
)
"""Writes the wanted page, as long as nobody else is about."""

WHOLE_FILE = (
    ENQUEUE
    + """
ORDER = (0, 1, 2)
WAIT_AT = None

def execute(mm, work):
    inode = work.page.mapping
    yield mm.put_page(work.page)
    if inode is None:
        return
    first = None
    for index in ORDER:
        page = yield mm.find_get_page(inode, index)
        if first is None:
            first = page
        yield mm.lock_page(page)
        if page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
        if index == WAIT_AT:
            yield mm.wait_on_page_writeback(first)
        if page is not first:
            yield mm.put_page(page)
    yield mm.put_page(first)
"""
)
"""Writes the pages of ORDER, and after page WAIT_AT waits for the first of them."""


def small(files: dict[str, int], *tasks: tuple[Any, ...], **fields: Any) -> Scenario:
    """A scenario with these tasks beside a flusher and the disk."""
    plan = Plan(files=files, tasks=tasks, **fields)
    return assemble(Recipe("small", "a world made for a test", lambda: plan, ()), {}, plan)


def policy(text: str) -> Policy:
    return policy_from_text(text, "small")


def run(text: str, scenario: Scenario, costs: Costs = COSTS) -> Run:
    """A run with the costs in whole seconds."""
    return simulate(policy(text), scenario, costs=costs, disk=DISK, horizon=HORIZON)


def steps(result: Run) -> list[tuple[str, str, float | None]]:
    """Who did what to what, and when."""
    return [(step.task, " ".join([step.op, *map(str, step.args)]), step.time) for step in result.trace.steps]
