"""Beyond the exhaustive: schedules drawn at random, for sizes that no exploration covers. Never a proof.

What a sample can find: broken rules, policy-errors, deadlocks, and at rest lost works and leaks. It does not look for
livelocks and starvation: no run that ends shows one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import NamedTuple

from wbviz.check.limits import INTERRUPTED
from wbviz.check.pct import Pct, actors_of, chance
from wbviz.check.report import report
from wbviz.check.shrink import shorten
from wbviz.check.verdict import INCOMPLETE, Result, Verdict
from wbviz.check.walk import CUT, REST, STALE, Run, run_verdict, walk
from wbviz.errors import UsageError
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.trace.trace import Json

DEPTH = 3
LIMIT = 5_000
"""How many steps a run may have."""
PILOTS = 10
RIVALS, HEATS = 60, 3
"""Of how many more schedules the shortest failing ones, so many of them, are shortened as well."""

Tick = Callable[[int, int], None]


class Sample(NamedTuple):
    """What a sample found. `result` is `incomplete`, or the first verdict against the policy; never `safe`.

    Of `asked` schedules, `drawn` were run; `cut` of these reached the limit of steps, or went round. `actors`,
    `steps` and `depth` are PCT's n, k and d; `longest` is the longest run, in steps that led to a new state.
    `found` is the number of the schedule that failed (from 1), `before` its steps and switches as it was drawn.
    """

    result: Result
    seed: int
    asked: int
    drawn: int
    cut: int
    longest: int
    actors: int
    steps: int
    depth: int
    found: int | None
    before: tuple[int, int] | None

    @property
    def chance(self) -> float:
        """The least probability that the drawn schedules would have shown a bug of depth d within k steps."""
        return chance(self.actors, self.steps, self.depth, self.drawn)

    def to_json(self) -> Json:
        """The result, with what was sampled under "sample", as JSON-able data."""
        return {**self.result.to_json(), "sample": {**self._asdict(), "result": None, "chance": self.chance}}


def sample(
    policy: Policy,
    scenario: Scenario,
    count: int,
    seed: int = 0,
    depth: int = DEPTH,
    limit: int = LIMIT,
    tick: Tick | None = None,
) -> Sample:
    """Draw `count` schedules; stop at the first that fails, and shorten it. The same seed draws the same ones.

    `tick` is called before each schedule, with how many were drawn and how many steps taken; it may raise
    MemoryError to stop. Raises `UsageError` for a depth above `limit`, the most steps of a run.
    """
    if depth > limit:
        raise UsageError(
            "a bug cannot be deeper than a run is long",
            came=f"a depth of {depth:,}",
            expected=f"at most {limit:,}, the steps that a run may have; bugs are seldom deeper than {DEPTH}",
            fix=f"python -m wbviz check {policy.given} --scenario {scenario.name} --sample {count} --depth {DEPTH}",
        )
    began = perf_counter()
    machine = Machine(scenario, policy)
    seen: set[int] = set()
    taken = longest = cut = drawn = 0
    steps, failed, why = 1, None, ""
    try:
        for pilot in range(PILOTS):  # k is not known beforehand: the longest of a few runs without a drop
            trial = walk(machine, Pct(machine, Random(f"{seed}:pilot:{pilot}"), 1, limit), limit)
            steps = max(steps, trial.news)
        for number in range(1, count + 1):
            if tick:
                tick(drawn, taken)
            run = walk(machine, Pct(machine, Random(f"{seed}:{number}"), depth, steps), limit)
            drawn, taken, longest = number, taken + run.steps, max(longest, run.news)
            cut += run.kind == CUT
            seen.update(map(hash, run.states))
            if run.kind not in (REST, CUT):
                failed = run
                break
    except KeyboardInterrupt:
        why = INTERRUPTED
    except MemoryError as error:
        why = str(error) or "out of memory"
    verdicts = (
        [] if failed is None else [run_verdict(machine, _readable(machine, failed, f"{seed}:{drawn}", depth, limit))]
    )
    verdicts.append(Verdict(INCOMPLETE, _covered(drawn, count, cut, limit, why), interrupted=why == INTERRUPTED))
    result = Result(
        scenario=scenario.name,
        policy=policy.name,
        params=dict(scenario.params),
        verdicts=tuple(verdicts),
        states=len(seen),
        transitions=taken,
        seconds=perf_counter() - began,
        fairness="fair",
    )
    return Sample(
        result=result,
        seed=seed,
        asked=count,
        drawn=drawn,
        cut=cut,
        longest=longest,
        actors=len(actors_of(machine)),
        steps=steps,
        depth=depth,
        found=drawn if failed else None,
        before=(len(failed.moves), failed.switches) if failed else None,
    )


def _readable(machine: Machine, failed: Run, seed: str, depth: int, limit: int) -> Run:
    """The shortest that the failing run, and others that fail in the same way, can be made.

    A run that failed late is hard to shorten: what came before it is tangled up with it. Another may fail early.
    """
    steps = max(1, len(failed.moves))
    rivals = [failed]
    for number in range(RIVALS):
        run = walk(machine, Pct(machine, Random(f"{seed}:rival:{number}"), depth, steps), limit)
        if run.kind == failed.kind:
            rivals.append(run)
    rivals.sort(key=lambda run: (len(run.moves), run.switches))
    shortened = [shorten(machine, run, limit) for run in rivals[:HEATS]]
    return min(shortened, key=lambda run: (len(run.moves), run.switches))


def _covered(drawn: int, count: int, cut: int, limit: int, why: str) -> str:
    text = (
        f"not everything was covered: {why + '; ' if why else ''}{drawn:,} of {count:,} schedules were drawn at random"
    )
    return f"{text}, {cut:,} of them cut off (after {limit:,} steps, or {STALE:,} with nothing new)" if cut else text


def sample_text(found: Sample) -> str:
    """The verdict with its trace, and what was sampled, with the guarantee and its terms."""
    lines = [report(found.result)]
    lines.append(f"  seed {found.seed}: the same seed draws the same schedules")
    if found.found is not None and found.before is not None and found.result.trace is not None:
        steps, switches = found.before
        lines.append(
            f"  schedule {found.found:,} of {found.asked:,} failed, in {steps:,} steps with {switches:,} switches; "
            f"the shortest like it has {len(found.result.trace.steps):,} steps"
        )
        return "\n".join(lines)
    n, k, d = found.actors, found.steps, found.depth
    lines += [
        f"  PCT (Burckhardt et al., ASPLOS 2010) with d={d}, n={n} actors, k={k} steps "
        f"(the longest run had {found.longest:,})",
        f"  a bug of depth {d} within {k} steps is in one schedule with a probability of at least "
        f"1/(n k^{d - 1}) = {chance(n, k, d):.2g}, in all of these {found.chance:.2g},",
        "  given the pages that reclaim picks, and tasks that do not spin; livelocks and starvation are not looked for",
        "  nothing was found, which proves nothing",
    ]
    if found.cut:
        lines.append(
            "  some runs did not come to rest: perhaps a livelock, which a small size explored completely shows"
        )
    return "\n".join(lines)
