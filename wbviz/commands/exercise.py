"""`python -m wbviz exercise new` and `check`: an exercise of one's own, without a change to the package.

Exit status of `check`: 0 it grades what it means to, 1 something is wrong with it, 3 it cannot be read.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError, printable

WELL, FINDINGS = 0, 1


def add_command(commands: Any) -> None:
    """Add `exercise` to the subcommands of argparse."""
    exercise = commands.add_parser("exercise", help="write an exercise of your own, and see whether it grades well")
    actions = exercise.add_subparsers(title="what to do", required=True, metavar="new | check")
    for name, help, command in (
        ("new", "write a small whole exercise into a new folder, to change", _new),
        ("check", "grade the starter, the reference, wrong policies and mutants, and say what is odd", _check),
    ):
        action = actions.add_parser(name, help=help)
        action.add_argument("folder", metavar="FOLDER", type=Path)
        action.set_defaults(command=command)


def _new(args: argparse.Namespace) -> int:
    folder: Path = args.folder
    if folder.exists():
        raise UsageError(
            f"{folder} is there already",
            expected="the name of a folder that is not there yet",
            fix=_line("new", "11-mine"),
        )
    try:
        shutil.copytree(Path(__file__).parents[1] / "grade" / "own" / "template", folder)
    except OSError as error:
        from wbviz.grade.batch.store import cannot_write

        raise cannot_write(folder, error) from None
    print(f"{folder} holds a whole exercise. Change it to yours:")
    for name, what in (
        ("task.md", "what students read, a notebook in MyST"),
        ("policy.py", "what they start from"),
        ("rubric.toml", "what counts, and how much"),
        ("writer-below.toml", "a scenario of its own, which rubric.toml names"),
        ("instructor/reference.py", "a policy that gets all points; nothing in instructor/ goes to students"),
        ("instructor/wrong/", "policies that must lose points"),
    ):
        print(f"  {name:<24} {what}")
    print(f"Then: {_line('check', str(folder))}")
    return WELL


def _check(args: argparse.Namespace) -> int:
    from wbviz.grade.own.trials import Finding, tried

    findings: list[Finding] = []
    count = 0
    for one in tried(args.folder):
        if not isinstance(one, Finding):
            count += 1
            print(printable(f"{one.points:5g} of {one.total}  {one.name}"), flush=True)
        finding = one if isinstance(one, Finding) else one.finding
        findings += [finding] if finding else []
    print()
    for finding in sorted(findings, key=lambda one: not one.wrong):
        print(printable(f"{'wrong:' if finding.wrong else 'look: '} {finding.sentence}"))
    wrong = sum(one.wrong for one in findings)
    print(f"{count} policies graded; {wrong} thing{'s' * (wrong != 1)} wrong, {len(findings) - wrong} to look at")
    if not wrong:
        print(f"Hand it out, and grade: python -m wbviz grade {args.folder} SUBMISSIONS")
    return FINDINGS if wrong else WELL


def _line(action: str, folder: str) -> str:
    return f"python -m wbviz exercise {action} {folder}"
