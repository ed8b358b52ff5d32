"""The generated appendices: complete, and in step with the code."""

from __future__ import annotations

import wbviz
from wbviz.check.verdict import MEANINGS, ORDER
from wbviz.cli import parser
from wbviz.kernel.api import API
from wbviz.policy.arguments import ATTRIBUTES
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.viz.cells import reference


def first_column(table: reference.Table) -> list[str]:
    return [row[0].strip("`") for row in table.rows[1:]]


def test_every_operation_is_there_and_says_when_it_waits() -> None:
    table = reference.operations()
    assert [call.partition("(")[0] for call in first_column(table)] == list(API)
    waiting = {call.partition("(")[0] for call, _, when, _ in table.rows[1:] if when != "never"}
    assert waiting == {"`lock_page", "`wait_on_page_writeback", "`writepage", "`iput"}


def test_everything_that_can_be_read_is_there() -> None:
    read = [f"{kind}.{name}" for kind, names in ATTRIBUTES.items() for name in names]
    assert first_column(reference.views()) == read


def test_every_verdict_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ORDER)
    assert first_column(reference.meanings()) == list(ORDER)


def test_every_scenario_is_there_with_its_expectations() -> None:
    text = reference.scenarios().data
    for name, recipe in SCENARIOS.items():
        assert f"**{name}.** {recipe.claim}" in text
        assert all(f"`{policy}`: {kind}" in text for policy, kind in recipe.expected)


def test_every_function_of_a_notebook_is_there() -> None:
    text = reference.functions().data
    for name in wbviz.__all__:
        if name != "__version__":
            assert f"**`wbviz.{name}(" in text, name
    assert "<" not in text.replace("`<", ""), "a docstring that looks like HTML"


def test_every_built_in_policy_has_a_first_sentence() -> None:
    rows = reference.policies().rows
    assert {policy for recipe in SCENARIOS.values() for policy, _ in recipe.expected} <= set(
        first_column(reference.policies())
    )
    assert all(about for _, about in rows)


def test_every_command_is_there() -> None:
    text = reference.commands(parser()).data
    for name in ("scenarios", "check", "run", "replay", "grade", "book", "doctor"):
        assert f"**{name}**: " in text
        assert f"python -m wbviz {name} " in text
