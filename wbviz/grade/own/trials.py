"""What is graded to see whether an exercise grades what it means to, and what its author should know of the points.

A policy that is there by itself is vacuous, a mutant of the reference, or built in: nobody needs to write those.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import UsageError
from wbviz.grade.exercise import INSTRUCTOR, Exercise, load_exercise
from wbviz.grade.own.mutants import mutants
from wbviz.grade.result import HOLDS, UNSETTLED, Report
from wbviz.grade.score import grade_policy
from wbviz.policy.load import Policy, builtin_names, load_policy, policy_from_text

HALF, GIVEN = 0.5, 0.7
"""The starter stays below half; what every student has anyway should not be worth more than this share."""

_NOTHING = "def execute(mm, work):\n    yield mm.cond_resched()\n"
_CALLED = {
    "says yes and does nothing": "    yield mm.cond_resched()\n    return True\n",
    "refuses every page": "    yield mm.cond_resched()\n    return False\n",
    "queues, and never writes": "    return (yield mm.queue_work(page=page))\n",
    "writes in reclaim itself": (
        "    yield mm.lock_page(page)\n    if page.mapping is not None and page.dirty:\n"
        "        yield mm.writepage(page)\n    yield mm.unlock_page(page)\n    return True\n"
    ),
}
VACUOUS = {name: f"def enqueue(mm, page):\n{body}\n\n{_NOTHING}" for name, body in _CALLED.items()}
"""Policies that do not do the work: an exercise that gives them points gives points for nothing."""


class Finding(NamedTuple):
    """`wrong`: the exercise should not be handed out so. Else it is worth a look."""

    wrong: bool
    sentence: str


class Trial(NamedTuple):
    """One policy that was graded, and what its points say about the exercise; `finding` is None where all is well."""

    name: str
    points: float
    total: int
    finding: Finding | None


def tried(folder: Path) -> Iterator[Trial | Finding]:
    """Look at the exercise in a folder, one policy after another. Raises `UsageError` where it cannot be read."""
    exercise = load_exercise(folder)
    yield from _there(exercise)
    yield _starter(exercise)
    reference = folder / INSTRUCTOR / "reference.py"
    yield _reference(exercise, reference)
    for file in sorted((folder / INSTRUCTOR / "wrong").glob("*.py")):
        yield _wrong(exercise, file)
    for name, text in VACUOUS.items():
        yield _below(exercise, f"a policy that {name}", policy_from_text(text), HALF, True)
    for name in builtin_names():
        yield _below(exercise, f"the built-in {name}", load_policy(name), GIVEN, False)
    for mutant in mutants(reference.read_text(encoding="utf-8")):
        yield _mutant(exercise, mutant.what, mutant.text)


def _there(exercise: Exercise) -> Iterator[Finding]:
    task = exercise.folder / "task.md"
    if not task.is_file() or not task.read_text(encoding="utf-8").strip():
        yield Finding(True, f"there is no task: write {task}")
    for file, what in ((exercise.starter, "policy to start from"), (exercise.folder / INSTRUCTOR / "reference.py", "")):
        if not file.is_file():
            raise UsageError(
                f"the exercise has no {what or 'reference, a policy that gets all points'}",
                expected=f"a file {file}",
                fix=f"python -m wbviz exercise new {exercise.folder}-new    # a whole one to compare with",
            )
    if not any((exercise.folder / INSTRUCTOR / "wrong").glob("*.py")):
        place = exercise.folder / INSTRUCTOR / "wrong"
        yield Finding(False, f"no wrong policy is listed: put those that you want caught into {place}")


def _starter(exercise: Exercise) -> Trial:
    return _below(exercise, "the starter", load_policy(exercise.starter), HALF, True)


def _reference(exercise: Exercise, file: Path) -> Trial:
    report = grade_policy(exercise, load_policy(file))
    lost = [f"{one.title}: {one.sentence}" for one in report.properties if one.verdict != HOLDS]
    told = report.problem or "\n".join(lost)
    finding = None if report.points == report.total else Finding(True, f"the reference loses points.\n{told}")
    return Trial("the reference", report.points, report.total, finding)


def _wrong(exercise: Exercise, file: Path) -> Trial:
    report = grade_policy(exercise, load_policy(file))
    return _caught(exercise, f"{INSTRUCTOR}/wrong/{file.name}", report, True)


def _mutant(exercise: Exercise, what: str, text: str) -> Trial:
    return _caught(
        exercise, f"the reference with one change ({what})", grade_policy(exercise, policy_from_text(text)), False
    )


def _caught(exercise: Exercise, name: str, report: Report, wrong: bool) -> Trial:
    unsettled = [one.title for one in report.properties if one.verdict == UNSETTLED]
    finding = None
    if report.points == report.total:
        help = "add a scenario in which it fails" if wrong else "harmless, or a scenario is missing in which it matters"
        finding = Finding(wrong, f"{name} gets all points: {help}")
    elif unsettled and wrong:
        finding = Finding(False, f"{name} was not settled ({', '.join(unsettled)}): smaller scenarios would tell")
    return Trial(name, report.points, exercise.total, finding)


def _below(exercise: Exercise, name: str, policy: Policy, share: float, wrong: bool) -> Trial:
    report = grade_policy(exercise, policy)
    bound = share * exercise.total
    finding = None
    if report.points >= bound:
        help = "give fewer points for what it has" if wrong else "every student has it; ask for something more"
        finding = Finding(wrong, f"{name} gets {report.points:g} of {exercise.total} points, {bound:g} or more: {help}")
    return Trial(name, report.points, exercise.total, finding)
