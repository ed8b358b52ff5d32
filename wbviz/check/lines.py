"""The lines of the policy that a verdict is about."""

from __future__ import annotations

from wbviz.check.taken import left_over
from wbviz.check.verdict import DEADLOCK, LEAK, LIVELOCK, STARVATION
from wbviz.kernel.operations import POLICY_LOCKS
from wbviz.policy.source import shown
from wbviz.trace.trace import Step, Trace


def own_lines(trace: Trace, kind: str) -> tuple[tuple[int, str], ...]:
    """The lines of the policy that a verdict of this kind is about, with their numbers, ascending.

    Of a deadlock, those that wait, and those that took a lock which is held; of a leak, those that took what is left;
    of an endless run, those of the loop; else the last.
    """
    steps = trace.steps
    if kind in (LIVELOCK, STARVATION) and trace.loop is not None:
        numbers = {line for step in steps[trace.loop :] for line in step.lines}
    elif kind == LEAK:
        numbers = {line for taken in left_over(trace).values() for _, step in taken for line in step.lines[-1:]}
    elif kind == DEADLOCK:
        blocked = [task for task in steps[-1].after["tasks"] if task["status"] == "blocked"] if steps else []
        numbers = {task["line"] for task in blocked if task["line"] is not None}
        numbers |= {line for step in steps if _locked_for_good(trace, step) for line in step.lines[-1:]}
    else:
        numbers = set(steps[-1].lines) if steps else set()
    return quoted(trace, numbers)


def quoted(trace: Trace, numbers: set[int]) -> tuple[tuple[int, str], ...]:
    """Lines by their numbers, ascending; without any, those of the last step that the policy did."""
    numbers = numbers or set(next((step.lines for step in reversed(trace.steps) if step.lines), ()))
    source = trace.source.splitlines()
    return tuple((number, shown(source[number - 1].strip())) for number in sorted(numbers) if 0 < number <= len(source))


def _locked_for_good(trace: Trace, step: Step) -> bool:
    """Whether a step of the policy took a lock that is held at the end."""
    held = {page["name"] for page in trace.steps[-1].after["pages"] if page["holder"]}
    return bool(step.lines) and step.op in POLICY_LOCKS and step.args[0] in held
