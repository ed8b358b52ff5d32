"""What is checked again elsewhere, in a browser's Python and compiled: every verdict that the scenarios promise."""

from typing import Any

from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build

SMALLER = {"storm": {"pages": 1}, "random-order": {"pages": 2}}
"""Where the default takes seconds."""
JOBS = [
    (policy, recipe.name, SMALLER.get(recipe.name, {}))
    for recipe in SCENARIOS.values()
    for policy, _ in recipe.expected
]
"""A policy, a scenario, and its sizes."""
NAMES = [f"{scenario}-{policy}" for policy, scenario, _ in JOBS]


def is_the_same_here(number: int, there: dict[str, Any]) -> None:
    """A job's result from elsewhere is what this Python says, seconds aside."""
    policy, scenario, params = JOBS[number]
    here = check_scenario(load_policy(policy), build(scenario, params)).to_json()
    assert {key: there[key] for key in here if key != "seconds"} == {key: here[key] for key in here if key != "seconds"}
