"""What `python -m wbviz check` can be asked for, each as one function: from a policy and a scenario to an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from wbviz.check.check import check_scenario
from wbviz.check.graph import MAX_STATES
from wbviz.check.limits import interrupted, memory_limit
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.report import report, summary_line
from wbviz.check.verdict import Result
from wbviz.check.watch import ProgressLine
from wbviz.errors import UsageError
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy

if TYPE_CHECKING:
    from wbviz.trace.trace import Json


class Answer(NamedTuple):
    """What was found: the verdict's kind, one line, the whole text, JSON-able data. `stop`: Ctrl-C was pressed.

    `problem`: what makes the policy no policy, with its line; "" if nothing does.
    """

    verdict: str
    line: str
    text: str
    data: Json
    stop: bool
    problem: str


class Bounds(NamedTuple):
    """How an exploration goes: up to so many states, and MiB of memory (None: as far as the system lets it), with which
    reductions, and whether a small proof by them is held against the plain exploration."""

    states: int = MAX_STATES
    mib: int | None = None
    reductions: tuple[str, ...] = REDUCTIONS
    cross: bool = True

    def tick(self, scenario: Scenario) -> Callable[[Any], None]:
        """Shows the progress of one exploration, and ends it at the limit of memory."""
        return self._with_limit(ProgressLine(scenario.name).exploring)

    def sampling(self, scenario: Scenario, count: int) -> Callable[[int, int], None]:
        """The same for a sample."""
        return self._with_limit(ProgressLine(scenario.name).sampling(count))

    def _with_limit(self, show: Callable[..., None]) -> Callable[..., None]:
        if self.mib is None:
            return show
        limit = memory_limit(self.mib)

        def tick(*progress: Any) -> None:
            show(*progress)
            limit(progress)

        return tick


Mode = Callable[[Policy, Scenario, Bounds], Answer]


def verdict_mode(policy: Policy, scenario: Scenario, bounds: Bounds) -> Answer:
    """The verdict, over every interleaving."""
    result = _check(policy, scenario, bounds)
    return _answer(result, report(result), result.to_json())


def _check(policy: Policy, scenario: Scenario, bounds: Bounds) -> Result:
    return check_scenario(policy, scenario, bounds.states, bounds.tick(scenario), bounds.reductions, cross=bounds.cross)


def locks_mode(policy: Policy, scenario: Scenario, bounds: Bounds) -> Answer:
    """The verdict, and the order of page locks."""
    from wbviz.check.graph import explore
    from wbviz.check.locks import lock_orders
    from wbviz.check.locks_text import locks_text
    from wbviz.machine.machine import Machine

    result = _check(policy, scenario, bounds)
    found = lock_orders(explore(Machine(scenario, policy), bounds.states, bounds.tick(scenario)))
    return _answer(result, f"{report(result)}\n\n{locks_text(found)}", {**result.to_json(), "locks": found.to_json()})


def smallest_mode(policy: Policy, scenario: Scenario, bounds: Bounds) -> Answer:
    """The smallest sizes that still fail."""
    from wbviz.check.smallest import smallest, smallest_text
    from wbviz.scenarios.catalogue import SCENARIOS

    found = smallest(policy, SCENARIOS[scenario.name], dict(scenario.params), bounds.states, bounds.tick)
    result = found.result or found.given
    return _answer(result, smallest_text(found), found.to_json(), interrupted(found.given) or bool(found.left))


def sample_mode(count: int, seed: int, depth: int) -> Mode:
    """Schedules drawn at random."""
    from wbviz.check.sample import sample, sample_text

    def mode(policy: Policy, scenario: Scenario, bounds: Bounds) -> Answer:
        found = sample(policy, scenario, count, seed, depth, tick=bounds.sampling(scenario, count))
        return _answer(found.result, sample_text(found), found.to_json())

    return mode


def graph_mode(policy: Policy, scenario: Scenario, bounds: Bounds, form: str) -> tuple[str, str]:
    """The explored graph in a form, "json" or "dot", and the headline's kind."""
    import json

    from wbviz.check.export import MOST, export, graph_dot

    data = export(policy, scenario, min(MOST, bounds.states), bounds.tick(scenario))
    text = graph_dot(data) if form == "dot" else json.dumps(data, separators=(",", ":")) + "\n"
    return text, data["verdicts"][0]["kind"]


def form_of(name: str) -> str:
    """The form that a graph's file name asks for. Raises `UsageError` for any but .json and .dot."""
    for form in ("json", "dot"):
        if name.lower().endswith(f".{form}"):
            return form
    raise UsageError(
        f"a graph cannot be written as {name!r}",
        expected="a file name that ends in .json (for the game) or .dot (for Graphviz)",
        fix="python -m wbviz check writearound --scenario abba --graph abba.dot",
    )


def _answer(result: Result, text: str, data: Json, stop: bool = False) -> Answer:
    problem = str(result.headline.error or "")
    return Answer(result.verdict, summary_line(result), text, data, stop or interrupted(result), problem)
