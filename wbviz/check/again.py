"""A schedule made again: its trace, with what can be seen where it ends."""

from __future__ import annotations

from wbviz.check.lasso import loop_of
from wbviz.check.verdict import INCOMPLETE, LEAK, MEANINGS, ORDER, SAFE
from wbviz.check.walk import CUT, REST, follow, run_verdict
from wbviz.errors import TraceError
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of, record
from wbviz.policy.load import Policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schedule import Schedule
from wbviz.trace.trace import Trace


def again(plan: Schedule, policy: Policy) -> Trace:
    """The trace of a schedule, with a policy, in the scenario that it names.

    The end is judged on its own: a broken rule, a deadlock, what is lost or left at rest. What the schedule says that
    it shows comes first, if it is there. Whether an endless loop is a livelock takes all other runs; so it is called
    one only where the schedule says so, it is fair, and something that was promised never happens in it; otherwise it
    is shown, and called nothing. Raises `TraceError` where the schedule does not fit the policy.
    """
    if plan.shows and plan.shows not in MEANINGS:
        raise TraceError(
            "no run shows that",
            came=f"= {plan.shows}",
            expected="one of: " + ", ".join(kind for kind in ORDER if kind not in (SAFE, INCOMPLETE)),
            fix=str(plan._replace(shows=LEAK)),
        )
    machine = Machine(build(plan.scenario, dict(plan.params)), policy)
    run = follow(machine, moves_of(machine, plan), plan.shows)
    loop = loop_of(run.states) if run.error is None else None
    if run.kind in (REST, CUT):
        return record(machine, run.moves, loop=loop)
    shown = run_verdict(machine, run, loop).trace
    assert shown is not None
    return shown
