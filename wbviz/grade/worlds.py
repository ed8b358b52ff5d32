"""Small worlds that no scenario of the catalogue is: without a flusher, without a disk, with a page locked for ever."""

from __future__ import annotations

from wbviz.machine.scenario import Scenario
from wbviz.scenarios.build import Plan, Recipe, assemble

STRANGER = ("stranger", "truncate", ())
"""A task that has nothing to do: it has ended before it began, and whatever it holds, it holds for ever."""


def world(name: str, claim: str, plan: Plan) -> Scenario:
    """A world under its own name."""
    return assemble(Recipe(name, claim, lambda: plan, ()), {}, plan)


def without_disk(scenario: Scenario) -> Scenario:
    """The disk stands still: what is handed to it stays under writeback."""
    kept = tuple(task for task in scenario.tasks if task.program != "disk")
    names = tuple(task.name for task in kept)
    return scenario._replace(tasks=kept, world=scenario.world._replace(task_names=names))


def locked(scenario: Scenario, *names: str) -> Scenario:
    """These pages are locked, from the beginning and for ever, by `stranger`, which must be among the tasks."""
    holder = scenario.world.task_names.index("stranger") + 1
    numbers = {scenario.page(name) for name in names}
    pages = tuple(
        page._replace(holder=holder) if number in numbers else page for number, page in enumerate(scenario.pages)
    )
    return scenario._replace(pages=pages)


def under_writeback(scenario: Scenario, name: str) -> Scenario:
    """That page is under writeback, and dirty again."""
    number = scenario.page(name)
    pages = tuple(
        page._replace(dirty=True, writeback=True) if index == number else page
        for index, page in enumerate(scenario.pages)
    )
    return scenario._replace(pages=pages)
