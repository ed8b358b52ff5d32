"""Tiny worlds, made for counting by hand."""

from typing import Any

from wbviz.check.graph import Graph, explore
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.build import Plan, Recipe, assemble


def tiny(pages: int, *tasks: tuple[Any, ...], **fields: Any) -> Scenario:
    """A scenario of one file A with these tasks beside an idle flusher and the disk."""
    plan = Plan(files={"A": pages}, tasks=tasks, **fields)
    recipe = Recipe("tiny", "a world made for a test", lambda: plan, ())
    return assemble(recipe, {}, plan)


def graph_of(scenario: Scenario, policy: str = "pin_then_lock", max_states: int = 10_000) -> Graph:
    """Everything that can happen in it."""
    return explore(Machine(scenario, load_policy(policy)), max_states)
