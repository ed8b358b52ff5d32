"""A run of a policy in a scenario in simulated time, and many runs for a plot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from wbviz.errors import UsageError
from wbviz.machine.machine import Machine
from wbviz.machine.record import edge_json, record
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.sim.clock import Horizon, run_clock
from wbviz.sim.costs import Costs, Disk
from wbviz.sim.ending import explain, wait_edges
from wbviz.sim.metrics import Metrics
from wbviz.trace.trace import Json, Trace


class Run(NamedTuple):
    """One simulated run.

    `ended` is "rest", "stuck" (somebody is blocked for ever), "horizon" (cut off: it says nothing about
    what would have come), "rule-violation" or "policy-error"; `why` says it in a sentence. `waits` are the
    wait-for edges at the end, by names. The trace has the time of each step in seconds, and replays in
    the checker's semantics. Its verdict is None where the run ended at rest or at the horizon.
    """

    trace: Trace
    metrics: Metrics
    seed: int
    ended: str
    why: str
    waits: tuple[Json, ...]

    def to_json(self) -> Json:
        """The run as JSON-able data, trace included."""
        return {
            "scenario": self.trace.scenario,
            "policy": self.trace.policy,
            "params": self.trace.params,
            "seed": self.seed,
            "ended": self.ended,
            "why": self.why,
            "waits": list(self.waits),
            "metrics": self.metrics.to_json(),
            "trace": self.trace.to_json(),
        }


class Row(NamedTuple):
    """One run of many: what was run, how it ended, what was measured."""

    policy: str
    seed: int
    ended: str
    metrics: Metrics


def simulate(
    policy: Policy,
    scenario: Scenario,
    seed: int = 0,
    *,
    costs: Costs | None = None,
    disk: Disk | None = None,
    horizon: Horizon | None = None,
) -> Run:
    """Run a policy in a scenario once. The same seed gives the same run.

    Raises `UsageError` for costs, a disk or a horizon that no run can have.
    """
    costs, disk, horizon = usable(costs or Costs(), disk or Disk(), horizon or Horizon())
    machine = Machine(scenario, policy)
    timeline = run_clock(machine, seed, costs, disk, horizon)
    edges = wait_edges(machine, timeline.state)
    why, verdict = explain(machine, timeline)
    trace = record(machine, timeline.moves, verdict, times=timeline.times)
    waits = tuple(edge_json(machine, edge) for edge in edges)
    return Run(trace, timeline.metrics, seed, timeline.ended, why, waits)


def compare(
    policies: Iterable[Policy],
    scenario: Scenario,
    seeds: Iterable[int],
    *,
    costs: Costs | None = None,
    disk: Disk | None = None,
    horizon: Horizon | None = None,
) -> tuple[Row, ...]:
    """Run each policy with each seed, without recording traces: one row a run, policy by policy."""
    costs, disk, horizon = usable(costs or Costs(), disk or Disk(), horizon or Horizon())
    chosen = tuple(seeds)
    rows = []
    for policy in policies:
        machine = Machine(scenario, policy)
        for seed in chosen:
            timeline = run_clock(machine, seed, costs, disk, horizon)
            rows.append(Row(policy.name, seed, timeline.ended, timeline.metrics))
    return tuple(rows)


def usable(costs: Costs, disk: Disk, horizon: Horizon) -> tuple[Costs, Disk, Horizon]:
    """The same, or `UsageError`: times that are negative, or an endless run that no horizon would ever end."""
    for name, value in costs._asdict().items():
        if not 0 <= value < float("inf"):
            raise _out_of_range("Costs", name, value, "0 or more, in seconds", Costs())
    if costs.jitter > 1:
        raise _out_of_range("Costs", "jitter", costs.jitter, "a fraction from 0 to 1", Costs())
    for name, value in disk._asdict().items():
        least = name == "seek"
        if not 0 <= value < float("inf") or (value == 0 and not least):
            raise _out_of_range("Disk", name, value, "0 or more" if least else "more than 0", Disk())
    for name, value in horizon._asdict().items():
        if not 0 < value < float("inf"):
            raise _out_of_range("Horizon", name, value, "more than 0, and not endless", Horizon())
    return costs, disk, horizon


def _out_of_range(kind: str, name: str, value: float, expected: str, default: Any) -> UsageError:
    return UsageError(
        f"{kind} with {name} out of range",
        came=f"{name}={value!r}",
        expected=expected,
        fix=f"{kind}({name}={getattr(default, name)!r})",
    )
