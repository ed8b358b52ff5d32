"""Which failed obligation explains a failure that a check has found: its verdict, and how its shortest run ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wbviz.certify.findings import OBLIGATION, ONLY_BESIDE, ONLY_ON, Finding, Kind, Obligation
from wbviz.certify.result import Certificate, Refusals
from wbviz.kernel.reasons import Rule
from wbviz.machine.scenario import Scenario

BROKEN_BY = {
    "rule-violation": (Obligation.TOUCH, Obligation.WRITE, Obligation.BALANCE, Obligation.DUTY),
    "deadlock": (Obligation.QUEUE, Obligation.ORDER, Obligation.BALANCE, Obligation.PROGRESS),
    "lost-work": (Obligation.DUTY,),
    "leak": (Obligation.BALANCE,),
    "livelock": (Obligation.PROGRESS,),
    "starvation": (Obligation.PROGRESS,),
}
"""Which obligations may be to blame for a verdict, the likeliest first."""

OF_RULE = {
    Rule.FREED: {Kind.PAGE_MAY_BE_FREED, Kind.LOCKED_AND_UNKEPT, Kind.NOT_PINNED},
    Rule.FREES_LOCKED: {Kind.LOCKED_AND_UNKEPT},
    Rule.NO_PIN: {Kind.NOT_PINNED},
    Rule.NO_REFERENCE: {Kind.NOT_REFERENCED},
    Rule.NOT_LOCKED: {Kind.NOT_LOCKED},
    Rule.LOCK_OF_ANOTHER: {Kind.NOT_LOCKED},
    Rule.LOCK_WENT_AWAY: {Kind.NOT_LOCKED},
    Rule.WRITTEN_UNLOCKED: {Kind.WRITES_UNLOCKED, Kind.TAKEN_OUT_UNLOCKED},
    Rule.TRUNCATED: {Kind.WRITES_GONE},
    Rule.UNDER_WRITEBACK: {Kind.WRITES_TWICE},
    Rule.BUSY: {Kind.BUSY},
    Rule.INODE_GONE: {Kind.INODE_MAY_BE_GONE},
    Rule.WORK_ENDED: {Kind.WORK_MAY_HAVE_ENDED},
    Rule.REFUSED: {Kind.NO_REASON},
}
"""What breaks each rule of the model."""

BY_ITSELF = frozenset({Kind.LOCKS_TWICE, Kind.ADDED_PAGES, Kind.EVICTS_LOCKED})
"""What makes a task wait for itself. The first makes nobody else wait in a circle."""


class Ending(NamedTuple):
    """How a run ends: the policy's lines it ends at, the rule that is broken, whether somebody waits for itself, and
    what is left behind."""

    lines: frozenset[int] = frozenset()
    rule: Rule | None = None
    alone: bool = False
    left: frozenset[Kind] = frozenset()


def ending(verdict: Mapping[str, Any], lines: Sequence[int], after: Mapping[str, Any]) -> Ending:
    """How a run ends, by its trace: the verdict, the lines of its last step, and what it left.

    The lines are those of the last step, and those that tasks stand on after it.
    """
    standing = {task["line"] for task in after["tasks"] if task["line"] is not None}
    rule = verdict.get("broken", {}).get("rule")
    left = {
        Kind.LOCK_LEFT: any(page["holder"] for page in after["pages"]),
        Kind.PIN_LEFT: any(page["pins"] for page in after["pages"]),
        Kind.REFERENCE_LEFT: any(inode["refs"] for inode in after["inodes"]),
    }
    return Ending(
        frozenset({*lines, *standing}),
        Rule(rule) if rule else None,
        any(edge["from"] == edge["to"] for edge in verdict.get("cycle", ())),
        frozenset(kind for kind, is_left in left.items() if is_left),
    )


def broken(
    result: Certificate | Refusals, verdict: str, scenario: Scenario, end: Ending | None = None
) -> Finding | None:
    """The obligation that explains a verdict in a scenario; None where none does.

    With `end`, how the run ends that shows the verdict: only what fits it, and a finding at one of its lines first.
    """
    order = BROKEN_BY.get(verdict, ())
    filesystem = scenario.world.filesystem
    programs = {task.program for task in scenario.tasks}
    apt = [
        finding
        for finding in result.findings
        if finding.obligation in order
        and filesystem in ONLY_ON.get(finding.kind, {filesystem})
        and not ONLY_BESIDE.get(finding.kind, frozenset(programs)).isdisjoint(programs)
        and (end is None or _fits(finding.kind, verdict, end))
    ]
    lines = end.lines if end else frozenset()
    return min(apt, key=lambda one: (one.line not in lines, order.index(one.obligation), one.line), default=None)


def _fits(kind: Kind, verdict: str, end: Ending) -> bool:
    """Whether what fails may be what the run shows."""
    if verdict == "rule-violation":
        return end.rule is not None and kind in OF_RULE[end.rule]
    if verdict == "leak":
        return kind in end.left
    if verdict == "deadlock" and OBLIGATION[kind] == Obligation.BALANCE:
        return kind == Kind.LOCK_LEFT
    if verdict == "deadlock":
        return kind in BY_ITSELF if end.alone else kind != Kind.LOCKS_TWICE
    return True
