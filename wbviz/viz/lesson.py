"""What the chapters show beside the players: a policy's code, a run that goes well, verdicts side by side."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from IPython.core.display import Markdown

from wbviz.check.check import check_scenario
from wbviz.check.verdict import SAFE
from wbviz.errors import UsageError
from wbviz.policy.load import as_policy, load_policy
from wbviz.scenarios.catalogue import build
from wbviz.sim.run import simulate
from wbviz.trace.trace import Trace

_SEEDS = 200
"""So many runs are looked through. A sentence that none of them tells is not a matter of luck."""


def listing(policy: Any, *functions: str) -> Markdown:
    """Functions of a policy as coloured code, without docstrings and comments: the prose says what is to be seen."""
    text = load_policy(policy).source
    found = [part for part in ast.parse(text).body if isinstance(part, ast.FunctionDef) and part.name in functions]
    missing = set(functions) - {part.name for part in found}
    if missing:
        raise UsageError(
            f"{policy} has no function {min(missing)}",
            came=", ".join(functions),
            expected="names of functions that stand in the file",
            fix=f'listing("{policy}", "execute")',
        )
    for part in found:
        part.body = part.body[ast.get_docstring(part) is not None :]
    code = "\n\n".join(ast.unparse(part) for part in found)
    return Markdown(f"```python\n{code}\n```")  # type: ignore[no-untyped-call]


def good_run(policy: Any, scenario: str, *sentences: str, **params: int) -> Trace:
    """The first run in simulated time, by seed, that tells these sentences in this order. It proves nothing: the
    checker does.

    Raises UsageError where none of the first 200 runs tells them.
    """
    program, scene = as_policy(policy), build(scenario, params)
    for seed in range(_SEEDS):
        trace = simulate(program, scene, seed).trace
        told = (said for step in trace.steps for said in (step.says, *step.waits))
        if all(any(sentence in said for said in told) for sentence in sentences):
            return trace
    raise UsageError(
        "no run tells this",
        came="; ".join(sentences),
        expected=f"parts of what steps of {program.name} in {scenario} say, within {_SEEDS} runs",
        cause="a sentence is misspelt, or the policy does nothing of the kind",
        fix=f"python -m wbviz run {program.name} --scenario {scenario}    shows what a run says",
    )


def verdicts(policies: Iterable[Any], scenes: Sequence[str], **params: int) -> Markdown:
    """Check each policy in each scenario: a table of verdicts, a row for each scenario.

    params: sizes that all these scenarios have, such as `flushers`.
    """
    programs = [as_policy(policy) for policy in policies]
    rows = [("", *(f"`{program.name}`" for program in programs))]
    for scene in scenes:
        place = build(scene, params)
        found = (check_scenario(program, place).verdict for program in programs)
        rows.append((f"`{scene}`", *(kind if kind == SAFE else f"**{kind}**" for kind in found)))
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> Markdown:
    """Rows of Markdown as a table; the first is its head."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return Markdown("\n".join([head, "|" + "---|" * len(rows[0]), *body]))  # type: ignore[no-untyped-call]
