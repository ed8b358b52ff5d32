"""What the chapters show beside the players: a policy's code, a run that goes well, verdicts side by side."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from IPython.core.display import HTML, Markdown

from wbviz.check.check import check_scenario
from wbviz.check.verdict import SAFE
from wbviz.errors import UsageError
from wbviz.machine.machine import Choice, Machine
from wbviz.machine.record import record
from wbviz.policy.load import load_policy
from wbviz.policy.notebook import as_policy
from wbviz.scenarios.catalogue import build
from wbviz.sim.ending import cycle_verdict
from wbviz.sim.run import simulate
from wbviz.trace.trace import Step, Trace
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.notebook import Checked, told
from wbviz.viz.stage.figure import svg
from wbviz.viz.stage.frames import film

_SEEDS = 200
"""So many runs are looked through. A sentence that none of them tells is not a matter of luck."""
_LONGEST = 200
"""No reader follows more steps: a turn that takes longer goes round for ever."""

# Names break after an underscore, and nowhere else; a table that is still too wide scrolls by itself.
_STYLE = """
.wb-table { overflow-x: auto; font-size: 0.92em; }
.wb-table table { width: auto; min-width: min(100%, 24rem); }
.wb-table code { overflow-wrap: normal !important; background: none; border: 0; padding: 0 !important; }
.wb-table :is(th, td) { text-align: start; vertical-align: top; }
.wb-table tbody th { font-weight: 600; }
@media (max-width: 600px) {
  .wb-table { font-size: 0.82em; }
  .wb-table .table :is(th, td) { padding: 0.4rem; }
}
"""


_COVER = """
.wb-cover { margin: 1.5rem 0 0.5rem; padding: 0.75rem; background: var(--wb-paper); color: var(--wb-ink);
  border: 1px solid var(--wb-edge); border-radius: 12px; }
.wb-cover svg { display: block; width: 100%; max-width: 44rem; height: auto; margin: auto;
  font-family: var(--wb-font); }
.wb-cover svg + svg { display: none; }
@media (max-width: 600px) {
  .wb-cover svg { display: none; max-width: 27rem; }
  .wb-cover svg + svg { display: block; }
}
.wb-cover .wb-layer-cycle polyline { stroke-dasharray: 12px 7px; }
.wb-cover figcaption { margin: 0.6rem 0 0; font-weight: 650; color: var(--wb-cycle); text-align: start; }
"""


def listing(policy: Any, *functions: str) -> Markdown:
    """Functions of a policy as coloured code, without docstrings and comments: the prose says what is to be seen.

    policy: the name of a built-in one. The comment below says where the book offers to try it (`wbviz.site.labs`).
    """
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
    code = re.sub(r"^( *\w+ = )\((yield .*)\)$", r"\1\2", code, flags=re.MULTILINE)  # unparse adds these
    return Markdown(f"```python\n{code}\n```\n\n<!-- wb-try {policy} -->")  # type: ignore[no-untyped-call]


def good_run(policy: Any, scenario: str, sentence: str, **params: int) -> Trace:
    """The first run in simulated time, by seed, that tells `sentence`. It proves nothing: the checker does.

    Raises UsageError where none of the first 200 runs tells it.
    """
    program, scene = as_policy(policy), build(scenario, params)
    for seed in range(_SEEDS):
        trace = simulate(program, scene, seed).trace
        if any(_told(sentence, step) for step in trace.steps):
            return trace
    raise UsageError(
        "no run tells this sentence",
        came=sentence,
        expected=f"a part of what some step of {program.name} in {scenario} says, within {_SEEDS} runs",
        cause="the sentence is misspelt, or the policy does nothing of the kind",
        fix=f'wbviz.play(good_run(policy, "{scenario}", "kswapd"))    # shows what a run says',
    )


def staged(policy: Any, scenario: str, *turns: str, **params: int) -> Trace:
    """A run by stage directions: in each turn, "task: sentence", the task steps until a step of it tells the sentence.

    So a chapter names what is to be seen, and not how many steps it takes. If the run ends with tasks that wait in a
    cycle, the trace says so. Raises UsageError where a task cannot get as far as its sentence.
    """
    machine = Machine(build(scenario, params), as_policy(policy))
    moves: list[tuple[int, Choice]] = []
    state = machine.initial()
    for turn in turns:
        name, _, sentence = turn.partition(": ")
        task = machine.world.task_names.index(name) if name in machine.world.task_names else None
        while True:
            able = () if task is None else machine.choices(state, task)
            if task is None or not able or len(moves) > _LONGEST:
                raise _not_playable(turn, machine, moves)
            moves.append((task, able[0]))
            state = machine.step(state, *moves[-1])
            if _told(sentence, record(machine, moves).steps[-1]):
                break
    return record(machine, moves, cycle_verdict(machine, state))


def _told(sentence: str, step: Step) -> bool:
    return any(sentence in said for said in (step.says, *step.waits))


def _not_playable(turn: str, machine: Machine, moves: Sequence[tuple[int, Choice]]) -> UsageError:
    last = record(machine, moves).steps[-1:]
    return UsageError(
        "this turn cannot be played",
        came=turn,
        expected='"task: a part of what it says", the task one of ' + ", ".join(machine.world.task_names),
        cause=f"before it: {last[0].says}" if last else "it is the first",
        fix='wbviz.play(good_run("writearound", "abba", "kswapd"))    # shows what a run says',
    )


def cover(checked: Checked) -> HTML:
    """The end of a check's counterexample as a picture, for wide and for narrow pages, with its verdict in words."""
    source = film(checked.trace)
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{_COVER}</style><figure class="wbviz wb-cover">'
        f"{svg(source)}{svg(source, narrow=True)}<figcaption>{escape(source.frames[-1].say)}</figcaption></figure>"
    )


class Table:
    """Rows of text as a table: HTML in a notebook and in the book, columns in a terminal. The first row is the head.

    Words between backquotes are code, words between double asterisks are strong, in every cell.
    """

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.rows = [tuple(row) for row in rows]

    def __repr__(self) -> str:
        plain = [[cell.replace("`", "").replace("**", "") for cell in row] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in plain)

    def _repr_html_(self) -> str:
        head, *body = self.rows
        top = "".join(f'<th scope="col">{_inline(cell)}</th>' if cell else "<td></td>" for cell in head)
        rows = "".join(
            f'<tr><th scope="row"{_whole(row[0])}>{_inline(row[0])}</th>'
            f"{''.join(f'<td>{_inline(cell)}</td>' for cell in row[1:])}</tr>"
            for row in body
        )
        return (
            f'<style>{_STYLE}</style><div class="wb-table" tabindex="0" role="group" '
            'aria-label="table, scrolls sideways where it is wide">'
            f'<table class="table"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div>'
        )


def _breakable(code: str) -> str:
    """A name may break after an underscore; a call breaks at its spaces."""
    return code if "(" in code else code.replace("_", "_<wbr>")


def _whole(cell: str) -> str:
    """A short name in one piece, hyphens and all."""
    return ' style="white-space: nowrap"' if len(cell) < 20 else ""


def _inline(cell: str) -> str:
    coded = re.sub(r"`([^`]+)`", lambda code: f"<code>{_breakable(code[1])}</code>", escape(cell))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", coded)


def verdict(checked: Checked) -> HTML:
    """The verdict of a check as a notebook shows it, without the player."""
    return HTML(told(checked.result))  # type: ignore[no-untyped-call]


def verdicts(policies: Iterable[Any], scenes: Sequence[str], **params: int) -> Table:
    """Check each policy in each scenario: a table of verdicts, a row for each scenario.

    params: sizes that all these scenarios have, such as `flushers`.
    """
    programs = [as_policy(policy) for policy in policies]
    rows = [("", *(f"`{program.name}`" for program in programs))]
    for scene in scenes:
        place = build(scene, params)
        found = (check_scenario(program, place).verdict for program in programs)
        rows.append((f"`{scene}`", *(kind if kind == SAFE else f"**{kind}**" for kind in found)))
    return Table(rows)
