"""The same machine as the checker's, in simulated time: what a policy costs in requests, seeks and waiting.

    run = simulate(policy, build("scattered", {"pages": 64}), seed=1)
    print(run_text(run))

Importing this package imports SimPy; nothing else in wbviz does.
"""

from wbviz.sim.clock import Horizon
from wbviz.sim.costs import Costs, Disk
from wbviz.sim.metrics import LockHold, Metrics
from wbviz.sim.report import format_metrics, run_text
from wbviz.sim.run import Row, Run, compare, simulate

__all__ = [
    "Costs",
    "Disk",
    "Horizon",
    "LockHold",
    "Metrics",
    "Row",
    "Run",
    "compare",
    "format_metrics",
    "run_text",
    "simulate",
]
