"""The appendices that are made from the code: operations, functions, scenarios, verdicts, built-in policies, commands.

Each function gives what a cell of the book shows. What it says stands in docstrings and in `wbviz.policy.reference`.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

from IPython.core.display import Markdown

import wbviz
from wbviz.argument_errors import bare
from wbviz.check.verdict import MEANINGS, ORDER
from wbviz.kernel.api import API
from wbviz.policy.load import load_policy
from wbviz.policy.reference import ATTRIBUTES, call
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.viz.cells.chapter import Table

NEVER = "never"


def operations() -> Table:
    """Every operation that a policy may yield: the call, what it gives, when it waits, which rule it can break."""
    rows = [("call", "gives", "waits while", "breaks a rule when")]
    for name, told in API.items():
        rows.append((f"`{call(name)}`", told.gives, told.waits or NEVER, told.broken or NEVER))
    return Table(rows)


def views() -> Table:
    """What a policy can read of pages, inodes and works."""
    rows = [("read", "it says")]
    for kind, names in ATTRIBUTES.items():
        rows.extend((f"`{kind}.{name}`", meaning) for name, meaning in names.items())
    return Table(rows)


def scenarios() -> Markdown:
    """Every scenario: the claim, its parameters with their defaults, and which policy gets which verdict in it."""
    parts = []
    for name, recipe in SCENARIOS.items():
        sizes = ", ".join(f"`{key}={value}`" for key, value in recipe.defaults.items())
        expected = "; ".join(f"`{policy}`: {kind}" for policy, kind in recipe.expected)
        parts.append(f"**{name}.** {recipe.claim}\n\n- Parameters: {sizes}\n- Verdicts: {expected}\n")
    return Markdown("\n".join(parts))  # type: ignore[no-untyped-call]


def meanings() -> Table:
    """Every verdict, in the order in which the headline is chosen."""
    return Table([("verdict", "it means"), *((f"`{kind}`", MEANINGS[kind]) for kind in ORDER)])


def policies() -> Table:
    """The built-in policies, each by the first sentence of its docstring."""
    rows = [("policy", "what it does")]
    for file in sorted(resources.files("wbviz.policy.builtin").iterdir(), key=lambda file: file.name):
        name = file.name.removesuffix(".py")
        if file.name.endswith(".py") and not name.startswith("_"):
            rows.append((f"`{name}`", _first(ast.get_docstring(ast.parse(load_policy(name).source)) or "")))
    return Table(rows)


def functions() -> Markdown:
    """What a notebook can call, with signatures and docstrings."""
    return Markdown("\n".join(_function(name) for name in wbviz.__all__ if name != "__version__"))  # type: ignore[no-untyped-call]


def commands(parser: argparse.ArgumentParser) -> Markdown:
    """The commands of the command line, each with how it is called."""
    parts = []
    for name, command, about in _subcommands(parser):
        usage = re.sub(r"\n +", "\n    ", command.format_usage().removeprefix("usage: ").rstrip())
        parts.append(f"**{name}**: {about}\n\n```text\n{usage}\n```\n")
    return Markdown("\n".join(parts))  # type: ignore[no-untyped-call]


def _subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            about = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                yield name, command, about.get(name, "")


def _function(name: str) -> str:
    function = wbviz.exported(name)
    return f"**`wbviz.{name}{bare(inspect.signature(function))}`**\n\n{_paragraphs(inspect.getdoc(function) or '')}\n"


def _paragraphs(text: str) -> str:
    """A docstring as Markdown: a line that names a parameter is an entry of a list."""
    return re.sub(r"^(\w+): ", r"- `\1`: ", text, flags=re.MULTILINE)


def _sentence(thing: Any) -> str:
    return _first(inspect.getdoc(thing) or "")


def _first(docstring: str) -> str:
    """The first paragraph, in one line."""
    return " ".join(docstring.split("\n\n")[0].split())
