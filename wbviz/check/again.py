"""A schedule made again: its trace, with what can be seen where it ends."""

from __future__ import annotations

from wbviz.check.walk import CUT, REST, follow, run_verdict
from wbviz.policy.load import Policy
from wbviz.scenarios.catalogue import build
from wbviz.scenarios.machine import Machine
from wbviz.scenarios.record import moves_of, record
from wbviz.trace.schedule import Schedule
from wbviz.trace.trace import Trace


def again(plan: Schedule, policy: Policy) -> Trace:
    """The trace of a schedule, with a policy, in the scenario that it names.

    The end is judged on its own: a broken rule, a deadlock, what is lost or left at rest. Whether an endless loop is a
    livelock takes all other runs, so a loop is shown, and called nothing. Raises `TraceError` where the schedule does
    not fit the policy.
    """
    machine = Machine(build(plan.scenario, dict(plan.params)), policy)
    run = follow(machine, moves_of(machine, plan))
    if run.kind not in (REST, CUT):
        shown = run_verdict(machine, run).trace
        assert shown is not None
        return shown
    before = run.states[:-1]
    loop = before.index(run.states[-1]) if run.states[-1] in before else None
    return record(machine, run.moves, loop=loop)
