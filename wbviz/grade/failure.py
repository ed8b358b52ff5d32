"""From what the checker found to what a student is shown: the smallest configuration in which a property fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wbviz.check.check import check_scenario
from wbviz.check.smallest import configurations, size_of
from wbviz.check.verdict import INCOMPLETE, Verdict
from wbviz.grade.advice import about, own_lines
from wbviz.grade.result import Failure
from wbviz.machine.scenario import Params, Scenario
from wbviz.policy.load import Policy
from wbviz.scenarios.build import MAY_BE_NONE, Recipe
from wbviz.trace.trace import Trace

SHRUNK = 3
"""So many failing scenarios are made smaller, to show the smallest of them."""

LARGEST_TRACE = 10_000
"""So many pages, inodes, works and tasks may the states of a run hold that a report shows, two megabytes or so."""


class Finding(NamedTuple):
    """A verdict against the policy in a scenario."""

    recipe: Recipe
    scenario: Scenario
    hidden: bool
    verdict: Verdict


def smallest_failure(policy: Policy, findings: Iterable[Finding], max_states: int) -> Failure:
    """The smallest failure among findings of one kind; hidden ones only where no public scenario shows it."""
    order = sorted(findings, key=lambda one: (one.hidden, size_of(one.scenario)))
    shown = [one for one in order if one.hidden == order[0].hidden][:SHRUNK]
    smaller = [_smaller(policy, one, max_states) for one in shown]
    best, held = min(smaller, key=lambda pair: (size_of(pair[0].scenario), _steps(pair[0])))
    return failure(best.scenario, best.verdict, best.hidden, held)


def _steps(finding: Finding) -> int:
    return len(finding.verdict.trace.steps) if finding.verdict.trace else 0


def _smaller(policy: Policy, finding: Finding, max_states: int) -> tuple[Finding, int]:
    """The finding at the least sizes that show it, and how many smaller ones were explored and do not.

    All that is explored for it has at most `max_states` states.
    """
    asked: Params = dict(finding.scenario.params)
    least = {key: 0 if key in MAY_BE_NONE else 1 for key in asked}
    order = sorted(configurations(finding.recipe, least, asked), key=lambda one: (size_of(one), one.params))
    held = 0
    for scenario in order:
        if scenario.params == finding.scenario.params:
            break
        result = check_scenario(policy, scenario, max_states)
        max_states -= min(max_states, result.states)
        found = [verdict for verdict in result.verdicts if verdict.kind == finding.verdict.kind]
        if found:
            return finding._replace(scenario=scenario, verdict=found[0]), held
        held += all(verdict.kind != INCOMPLETE for verdict in result.verdicts)
    return finding, held


def failure(scenario: Scenario, verdict: Verdict, hidden: bool, smaller: int) -> Failure:
    """A verdict as a report holds it."""
    trace, summary = verdict.trace, verdict.summary
    if trace is not None and _weight(trace) > LARGEST_TRACE:
        summary = f"{summary} (a run of {len(trace.steps):,} steps, too long to be shown)"
        trace = None
    return Failure(
        scenario=scenario.name,
        claim=scenario.claim,
        params=scenario.params,
        kind=verdict.kind,
        summary=summary,
        message=str(verdict.error) if verdict.error else "",
        trace=trace,
        cycle=verdict.cycle,
        lines=_lines(verdict),
        smaller=smaller,
        hidden=hidden,
        about=about(verdict.trace, verdict.kind),
    )


def _weight(trace: Trace) -> int:
    """How many things there are in all states of a run together."""
    return sum(len(things) for step in trace.steps for things in step.after.values())


def _lines(verdict: Verdict) -> tuple[tuple[int, str], ...]:
    if verdict.error is not None and verdict.error.line is not None:
        return ((verdict.error.line, verdict.error.source.strip()),)
    return own_lines(verdict.trace, verdict.kind) if verdict.trace else ()
