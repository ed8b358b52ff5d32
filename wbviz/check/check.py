"""Check a policy in a scenario: explore everything, then judge what was found.

First with reductions, which can only say "safe". Where they do not, step by step and
breadth first, which knows every kind of verdict and shows the shortest traces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from time import perf_counter
from typing import TYPE_CHECKING

from wbviz.check.cross import cross_check
from wbviz.check.graph import MAX_STATES, Moves, Progress
from wbviz.check.limits import INTERRUPTED
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.reduced.ends import Covered, Stopped
from wbviz.check.reduced.search import prove
from wbviz.check.verdict import INCOMPLETE, WELL, Result, Verdict, not_covered
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy

if TYPE_CHECKING:
    from wbviz.check.walk import Run

Tick = Callable[[Progress], None]


def check_scenario(
    policy: Policy,
    scenario: Scenario,
    max_states: int = MAX_STATES,
    tick: Tick | None = None,
    reductions: Collection[str] = REDUCTIONS,
    cross: bool = True,
) -> Result:
    """Check every interleaving of a policy in a scenario.

    `max_states` bounds each exploration: a bound reached is `incomplete`, never `safe`. `tick` is called now
    and then, for showing progress; it may raise MemoryError to stop. `reductions` are those to try first, names from
    `REDUCTIONS`; with none, every step of every interleaving is taken. `cross`: a small proof of theirs is held against
    the plain exploration as well (`cross`); were the two ever to differ, the verdict is `incomplete`, and says so.
    """
    began = perf_counter()
    proof = prove(scenario, policy, max_states, reductions, tick) if reductions else None
    return concluded(policy, scenario, proof, max_states, tick, cross)._replace(seconds=perf_counter() - began)


def concluded(
    policy: Policy,
    scenario: Scenario,
    proof: Covered | Stopped | None,
    max_states: int = MAX_STATES,
    tick: Tick | None = None,
    cross: bool = True,
) -> Result:
    """What `check_scenario` says, where the reductions have been tried already: `proof` is what came of it."""
    began = perf_counter()
    machine = Machine(scenario, policy)
    if isinstance(proof, Covered):
        verdict = _crossed(machine, proof, tick) if cross else WELL
        verdicts, states, transitions = [verdict], proof.states, proof.transitions
        fairness = "fair" if proof.fair else "none"
    elif proof and proof.why == INTERRUPTED:
        verdicts = [not_covered(proof.why, f"{proof.states:,} states explored with reductions, nothing wrong by then")]
        states, transitions, fairness = proof.states, proof.transitions, "none"
    else:
        # What only the plain exploration needs is not waited for where there is none.
        from wbviz.check.components import components, is_loop
        from wbviz.check.graph import explore
        from wbviz.check.judge import judge

        graph = explore(machine, max_states, tick)
        order = components(range(graph.expanded), lambda number: [edge.target for edge in graph.edges[number]])
        verdicts, states, transitions = judge(graph, order), len(graph.states), graph.transitions
        fairness = "fair" if any(is_loop(graph, component) for component in order) else "none"
        if proof and proof.violation is not None and {verdict.kind for verdict in verdicts} == {INCOMPLETE}:
            verdicts.insert(0, made_short(machine, as_found(machine, proof.violation)))
    return Result(
        scenario=scenario.name,
        policy=policy.name,
        params=dict(scenario.params),
        verdicts=tuple(verdicts),
        states=states,
        transitions=transitions,
        seconds=perf_counter() - began,
        fairness=fairness,
        reductions=proof.reductions if isinstance(proof, Covered) else (),
    )


def _crossed(machine: Machine, proof: Covered, tick: Tick | None) -> Verdict:
    """The verdict on a proof, where it is small held against the plain exploration."""
    found = cross_check(machine, proof, tick)
    covered = f"{proof.states:,} states explored with reductions, nothing wrong in them"
    if found.interrupted:
        return not_covered(INTERRUPTED, covered)
    if not found.against:
        return WELL
    return not_covered(
        "the two explorations differ: a mistake of wbviz, unless the policy answers one question in two ways; please "
        f"report it. The plain one finds {found.against}: --reductions none shows it",
        covered,
    )


def as_found(machine: Machine, moves: Moves) -> Run:
    """The run that the reduced exploration ended with, where the plain one did not reach it, as it was found."""
    from wbviz.check.shrink import Guided
    from wbviz.check.walk import walk

    return walk(machine, Guided(machine, moves), _patience(moves))


def made_short(machine: Machine, run: Run) -> Verdict:
    """The verdict of such a run, which is made short. That takes longer than to find it."""
    from wbviz.check.shrink import shorten
    from wbviz.check.walk import run_verdict

    return run_verdict(machine, shorten(machine, run, _patience(run.moves)))


def _patience(moves: Moves) -> int:
    return 2 * len(moves) + 1000
