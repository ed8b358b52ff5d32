"""The smallest failing configuration: fewest pages, then works, then tasks, that still fail in the same way.

Every size from its least value up to the one asked for is tried, smallest first, until one fails. What is claimed is
no more than that: the least among the configurations tried, with those named that could not be explored completely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import NamedTuple

from wbviz.check.check import Tick, check_scenario
from wbviz.check.graph import MAX_STATES
from wbviz.check.limits import interrupted
from wbviz.check.report import report
from wbviz.check.verdict import INCOMPLETE, SAFE, Result
from wbviz.errors import UsageError
from wbviz.machine.scenario import Params, Scenario
from wbviz.policy.load import Policy
from wbviz.scenarios.build import MAY_BE_NONE, Recipe
from wbviz.trace.trace import Json

MOST = 20_000
"""The most configurations that are worth listing: beyond it nobody waits for the end."""


class Size(NamedTuple):
    """What makes a configuration small, the most telling first. `works` counts those that reclaim may ask for."""

    pages: int
    works: int
    tasks: int
    total: int


class Tried(NamedTuple):
    """A configuration that was checked before the smallest was found."""

    params: Params
    size: Size
    verdict: str
    states: int
    complete: bool


class Smallest(NamedTuple):
    """`result` is the smallest failing configuration's; None where none failed. `kind` is the verdict looked for.

    `given` is the result at the sizes asked for. `left` counts configurations not tried because of an interruption.
    """

    kind: str
    result: Result | None
    given: Result
    tried: tuple[Tried, ...]
    left: int

    @property
    def unsettled(self) -> tuple[Tried, ...]:
        """Smaller configurations that were not explored completely: one of them may fail as well."""
        return tuple(tried for tried in self.tried if not tried.complete)

    def to_json(self) -> Json:
        """The smallest result (the given one where none is smaller), with what was tried under "smallest"."""
        tried = [one._asdict() | {"size": one.size._asdict()} for one in self.tried]
        about = {"asked": self.given.params, "kind": self.kind, "tried": tried, "left": self.left}
        return {**(self.result or self.given).to_json(), "smallest": about}


def smallest(
    policy: Policy,
    recipe: Recipe,
    params: Params | None = None,
    max_states: int = MAX_STATES,
    tick: Callable[[Scenario], Tick] | None = None,
) -> Smallest:
    """The least sizes, none above those of `params`, at which a policy still gets the headline it gets there.

    Where the exploration at the sizes given ends without a verdict, any verdict against the policy counts.
    `tick` makes what shows the progress of one exploration. Raises `UsageError` where there are too many sizes.
    """
    asked = recipe.defaults | (params or {})
    recipe.build(asked)  # an unusable parameter is said first
    least = {key: 0 if key in MAY_BE_NONE else 1 for key in asked}
    many = prod(value - least[key] + 1 for key, value in asked.items())
    if many > MOST:
        raise UsageError(
            f"there are {many:,} configurations of {recipe.name} up to these sizes",
            expected=f"at most {MOST:,}",
            cause="several parameters are large at once",
            fix=f"python -m wbviz check {policy.given} --smallest --scenario {recipe.name} "
            + " ".join(f"--set {key}={min(value, 3)}" for key, value in asked.items()),
        )

    def check(scenario: Scenario) -> Result:
        return check_scenario(policy, scenario, max_states, tick(scenario) if tick else None)

    given = check(recipe.build(asked))
    if given.verdict == SAFE or interrupted(given):
        return Smallest(given.verdict, None, given, (), 0)
    kinds = None if given.verdict == INCOMPLETE else {given.verdict}
    order = sorted(configurations(recipe, least, asked), key=lambda one: (size_of(one), one.params))
    tried: list[Tried] = []
    for number, scenario in enumerate(order):
        sizes = dict(scenario.params)
        result = given if sizes == asked else check(scenario)
        found = {verdict.kind for verdict in result.verdicts} - {SAFE, INCOMPLETE}
        if found and (kinds is None or result.verdict in kinds):
            return Smallest(result.verdict, result, given, tuple(tried), 0)
        complete = all(verdict.kind != INCOMPLETE for verdict in result.verdicts)
        tried.append(Tried(sizes, size_of(scenario), result.verdict, result.states, complete))
        if interrupted(result):
            return Smallest(given.verdict, None, given, tuple(tried), len(order) - number - 1)
    return Smallest(given.verdict, None, given, tuple(tried), 0)


def configurations(recipe: Recipe, least: Params, most: Params) -> Iterator[Scenario]:
    """The scenario at every size between the two."""
    for values in product(*(range(least[key], value + 1) for key, value in most.items())):
        yield recipe.build(dict(zip(most, values, strict=True)))


def size_of(scenario: Scenario) -> Size:
    """How large a scenario is."""
    reclaim = [task.argument for task in scenario.tasks if task.program == "kswapd"]
    works = sum(min(len(pages) - 1, limit[1]) for _, pages, limit, _ in reclaim)
    return Size(len(scenario.pages), works, len(scenario.tasks), sum(value for _, value in scenario.params))


def sizes_text(params: Params) -> str:
    """`pages=2 flushers=1`."""
    return " ".join(f"{key}={value}" for key, value in params.items())


def smallest_text(found: Smallest) -> str:
    """The smallest failing configuration with its trace, and what the claim rests on."""
    name, asked = found.given.scenario, sizes_text(found.given.params)
    if found.given.verdict == SAFE:
        return f"{report(found.given)}\n  nothing fails at {asked}, so there is nothing to make smaller"
    lines = [f"{name} with {found.given.policy}: asked for {asked}, which is {found.given.verdict}", ""]
    lines += [f"  {tried.verdict:<15} {tried.states:>9,} states  {sizes_text(tried.params)}" for tried in found.tried]
    if found.result is None:
        lines.append(f"  no configuration up to these sizes was seen to fail; {found.left} were not tried")
        return "\n".join(lines)
    sizes = sizes_text(found.result.params)
    lines += [f"  {found.kind:<15} {found.result.states:>9,} states  {sizes}  <- the first", ""]
    lines += [report(found.result), f"  {_claim(found)}"]
    return "\n".join(lines)


def _claim(found: Smallest) -> str:
    count = len(found.tried)
    if not count:
        return "nothing smaller can be asked for: these are the least sizes of the scenario"
    if not found.unsettled and count == 1:
        return f"the one smaller configuration was explored completely: it is not {found.kind}"
    if not found.unsettled:
        return f"{count} smaller configurations were explored completely: none of them is {found.kind}"
    named = "; ".join(sizes_text(tried.params) for tried in found.unsettled)
    seen = f"of {count} smaller configurations none was seen to be {found.kind}"
    return f"{seen}, but these are not settled (incomplete): {named}"
