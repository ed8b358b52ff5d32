"""What a check found, as text for a terminal."""

from __future__ import annotations

from os import environ
from typing import TYPE_CHECKING

from wbviz.check.verdict import INCOMPLETE, POLICY_ERROR, SAFE, Result, Verdict

if TYPE_CHECKING:
    from wbviz.trace.trace import Trace


def report(result: Result) -> str:
    """The verdict, the shortest trace as a table, the cycle in words, and what was covered."""
    head = result.headline
    lines = [f"{titled(result)}: {result.policy} is {words(head.kind)}"]
    if head.error is not None:
        lines += ["", _indent(str(head.error))]
    else:
        lines.append(f"  {head.summary}")
    if head.trace is not None and head.trace.steps:  # a proof has none, and does not wait for what shows one
        from wbviz.scenarios.catalogue import SCENARIOS
        from wbviz.trace.text import cycle_words, snippet, table

        lines += ["", _indent(table(head.trace, columns() - 2))]
        if head.cycle:
            lines += ["", "  the cycle:", _indent(cycle_words(head.trace, head.cycle))]
        if head.kind != POLICY_ERROR:
            lines += ["", *_own_lines(head.trace, head.kind)]
            lines += [f"  play it:  {snippet(head.trace)}"] if result.scenario in SCENARIOS else []
    others = [verdict for verdict in result.verdicts if verdict is not head]
    lines += ["", *(f"  also {words(verdict.kind)}: {verdict.summary}" for verdict in others)] if others else []
    lines.append(covered(result))
    return "\n".join(lines)


def titled(result: Result) -> str:
    """The scenario with its sizes; one of somebody's own has none."""
    params = ", ".join(f"{key}={value}" for key, value in result.params.items())
    return f"{result.scenario} ({params})" if params else result.scenario


def columns() -> int:
    """How wide the text may be: COLUMNS, if the environment says that, else 80."""
    given = environ.get("COLUMNS", "")
    return int(given) if given.isdecimal() and 20 <= int(given) <= 1000 else 80


def _own_lines(trace: Trace, kind: str) -> list[str]:
    """The policy's lines that a verdict is about."""
    from wbviz.check.lines import own_lines

    shown = own_lines(trace, kind)
    return ["  the lines:", *(f"    {number:>4} | {text}" for number, text in shown), ""] if shown else []


def words(kind: str) -> str:
    """A verdict as the end of a sentence."""
    return "safe" if kind == SAFE else "not settled (incomplete)" if kind == INCOMPLETE else f"not safe: {kind}"


def covered(result: Result) -> str:
    """States, steps, seconds, and what a proof rests on."""
    states = "1 state" if result.states == 1 else f"{result.states:,} states"
    steps = "1 step" if result.transitions == 1 else f"{result.transitions:,} steps"
    text = f"  {states}, {steps} between them, {result.seconds:.2f} s"
    if result.verdict == SAFE:
        text += "; every interleaving at this size"
        text += ", given a fair scheduler" if result.fairness == "fair" else ", whatever the scheduler does"
        text += f" (reduced: {', '.join(result.reductions)})" if result.reductions else ""
    return text


def summary_line(result: Result) -> str:
    """One line of a table over scenarios."""
    head: Verdict = result.headline
    unit = "state " if result.states == 1 else "states"
    return f"{result.scenario:<16} {head.kind:<15} {result.states:>9,} {unit} {result.seconds:>7.2f} s"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
