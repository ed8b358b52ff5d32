"""Grading a submission in sandboxed children: one for what is public, one for what is hidden, and who asks again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wbviz.errors import PolicyError
from wbviz.grade.exercise import Exercise
from wbviz.grade.judge import Limits, judged
from wbviz.grade.judge.again import differs
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.result import Report, impure
from wbviz.grade.score import grade_policy


def grade_judged(
    path: Path, tier: str, exercise: Exercise, seed: str | None, given: str = "", limits: Limits | None = None
) -> Report:
    """The report on the policy in a file. `given` is what schedules call it.

    Raises what `judged` raises, and `Unjudged`.
    """
    asked: list[ChildPolicy] = []

    @contextmanager
    def opened() -> Iterator[ChildPolicy]:
        with judged(path, tier, limits or Limits()) as submission:
            submission.policy.given = given or path.name
            asked.append(submission.policy)
            yield submission.policy

    with opened() as policy:
        report = grade_policy(exercise, policy, seed=seed, fresh=opened)._replace(tier=tier)
    if policy.plain or not report.gradable:
        return report
    for number, one in enumerate(tuple(asked)):
        error = _again(one, path, tier, limits or Limits(), seed or "")
        if error is not None:
            return impure(report, error, hidden=number > 0)
    return report


def _again(policy: ChildPolicy, path: Path, tier: str, limits: Limits, seed: str) -> PolicyError | None:
    with judged(path, tier, limits) as other:
        return differs(policy, other.policy, seed)
