"""What a policy costs in simulated time, against a built-in policy that everybody can read, in bands."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import fmean
from typing import NamedTuple

from wbviz.check.rest import leaks, lost_pages
from wbviz.machine.machine import Machine
from wbviz.policy.load import Policy, load_policy
from wbviz.scenarios.catalogue import build
from wbviz.sim.clock import REST, Horizon, Timeline, run_clock
from wbviz.sim.costs import Costs, Disk
from wbviz.sim.metrics import Metrics
from wbviz.sim.run import usable


class Measure(NamedTuple):
    """`of` gives the value of a run (None: there is none), `words` what it is, `unit` a number of it in words."""

    of: Callable[[Metrics], float | None]
    words: str
    unit: Callable[[float], str]
    more_is_better: bool = False


def _microseconds(value: float) -> str:
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


MEASURES = {
    "requests": Measure(lambda m: float(m.requests), "requests to the disk", lambda v: f"{v:.3g}"),
    "mean_size": Measure(lambda m: m.mean_request_pages, "pages in a request", lambda v: f"{v:.3g}", True),
    "latency": Measure(lambda m: m.clean_p95_seconds, "time until a page is clean (95th percentile)", _microseconds),
    "wasted": Measure(lambda m: 1.0 + m.wasted, "writes of clean pages in a run", lambda v: f"{v - 1:.3g}"),
    "lock": Measure(
        lambda m: m.longest_lock.seconds if m.longest_lock else 0.0, "longest time a page stays locked", _microseconds
    ),
}
"""`wasted` counts from one, so that a ratio can be made of it."""


class Measured(NamedTuple):
    """A measure of the policy and of the yardstick, as means over the seeds, and how many times worse it is.

    `trouble` says why there is no number, "" where there is one.
    """

    own: float
    yardstick: float
    times: float
    trouble: str = ""


Runs = tuple[tuple[str, Metrics], ...]
"""What is wrong with each run, "" if nothing is, and what was measured in it."""

Pairs = tuple[tuple[str, int], ...]


class Bench:
    """Measures one policy with the same seeds throughout; each scenario is run once, whatever is measured in it.

    With `before`, another bench, its runs count as well.
    """

    def __init__(self, policy: Policy, seeds: tuple[int, ...], before: Bench | None = None) -> None:
        self._policy = policy
        self._own = seeds
        self.before = before
        self.seeds: tuple[int, ...] = (before.seeds if before else ()) + seeds
        self._runs: dict[tuple[str, Pairs], Runs] = {}

    def further(self, policy: Policy, seeds: tuple[int, ...]) -> Bench:
        """A bench with more seeds, whose runs `policy` makes: the same one, asked elsewhere."""
        return Bench(policy, seeds, self)

    def measure(self, name: str, scenario: str, params: Pairs, against: str) -> Measured:
        """A measure in a scenario, and the yardstick's."""
        own = _mean(self.runs(scenario, params), name)
        yardstick = _yardstick(against, name, scenario, params, self.seeds)
        if isinstance(own, str):
            return Measured(0.0, yardstick, float("inf"), own)
        worse, better = (yardstick, own) if MEASURES[name].more_is_better else (own, yardstick)
        return Measured(own, yardstick, worse / better if better else 1.0 if not worse else float("inf"))

    def runs(self, scenario: str, params: Pairs) -> Runs:
        """All runs in a scenario."""
        if (scenario, params) not in self._runs:
            self._runs[scenario, params] = _runs(self._policy, scenario, params, self._own)
        before = self.before.runs(scenario, params) if self.before else ()
        return before + self._runs[scenario, params]


def _runs(policy: Policy, scenario: str, params: Pairs, seeds: tuple[int, ...]) -> Runs:
    machine = Machine(build(scenario, dict(params)), policy)
    runs = (run_clock(machine, seed, *usable(Costs(), Disk(), Horizon())) for seed in seeds)
    return tuple((_trouble(machine, run), run.metrics) for run in runs)


def _trouble(machine: Machine, run: Timeline) -> str:
    """Why a run counts for nothing: it did not end, or it ended with something lost or held. "" for a good one."""
    if run.ended != REST:
        return f"a simulated run did not come to rest, but ended with: {run.ended}"
    lost, held = lost_pages(machine, run.state), [left.words for left in leaks(machine, run.state)]
    if lost:
        return f"a simulated run cleaned too little: {_first(lost)}"
    return f"a simulated run left something held: {_first(held)}" if held else ""


def _first(found: list[str]) -> str:
    more = len(found) - 1
    return f"{found[0]}" + (f", and {more} more like it" if more else "")


def _mean(runs: Runs, name: str) -> float | str:
    """The mean over the runs, or why there is none."""
    for trouble, _ in runs:
        if trouble:
            return trouble
    values = [MEASURES[name].of(metrics) for _, metrics in runs]
    numbers = [value for value in values if value is not None]
    return fmean(numbers) if numbers and len(numbers) == len(values) else "in a simulated run nothing was written"


@cache
def _yardstick(against: str, name: str, scenario: str, params: Pairs, seeds: tuple[int, ...]) -> float:
    value = _mean(_runs(load_policy(against), scenario, params, seeds), name)
    assert isinstance(value, float), f"{against} in {scenario}: {value}"
    return value
