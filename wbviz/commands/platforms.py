"""`python -m wbviz autograder` and `python -m wbviz nbgrader`: an exercise made ready for a platform."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wbviz.commands.grade import secret_options
from wbviz.errors import UsageError

if TYPE_CHECKING:
    from wbviz.grade.exercise import Exercise


def add_autograder(commands: Any) -> None:
    """Add `autograder` to the subcommands of argparse."""
    autograder = commands.add_parser("autograder", help="write an autograder for Gradescope")
    autograder.add_argument("exercise", metavar="EXERCISE", help="a name, a number, or a folder with a rubric.toml")
    autograder.add_argument("-o", metavar="FILE", dest="target", type=Path, default=Path("autograder.zip"))
    secret_options(autograder)
    autograder.set_defaults(command=_autograder)


def add_nbgrader(commands: Any) -> None:
    """Add `nbgrader` to the subcommands of argparse."""
    nbgrader = commands.add_parser("nbgrader", help="write an exercise as an assignment of nbgrader")
    nbgrader.add_argument("exercise", metavar="EXERCISE", help="a name, a number, or a folder with a rubric.toml")
    nbgrader.add_argument("-o", metavar="COURSE", dest="target", type=Path, required=True, help="the course's folder")
    nbgrader.set_defaults(command=_nbgrader)


def _autograder(args: argparse.Namespace) -> int:
    from wbviz.grade.batch.secret import read_secret
    from wbviz.grade.exercise import load_exercise
    from wbviz.grade.platforms.autograder_zip import write_autograder

    exercise = load_exercise(args.exercise)
    seed = read_secret(args.seed_file, args.seed_env, exercise)
    names = write_autograder(exercise, args.target, seed, official=not args.unofficial)
    print(f"wrote {args.target}: {len(names)} files; upload it as the autograder of {exercise.name}")
    if seed is None:
        print("no hidden scenarios: no secret seed was given (--seed-file FILE or --seed-env NAME)")
    else:
        print("it holds the secret seed: give it to nobody but Gradescope")
    return 0


def assignment_text(exercise: Exercise, source: bool = False) -> str:
    """The task of an exercise as the JSON of a notebook with nbgrader's metadata. UsageError if there is no task."""
    import json

    from wbviz.grade.platforms.nbgrader import assignment
    from wbviz.site.notebooks import notebook

    task = exercise.folder / "task.md"
    try:
        text = task.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the task {task}: {error}", expected="MyST with code cells") from None
    data = assignment(json.loads(notebook(text, set())), exercise, source)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _nbgrader(args: argparse.Namespace) -> int:
    from wbviz.grade.batch.store import cannot_write, write
    from wbviz.grade.exercise import load_exercise
    from wbviz.grade.platforms.nbgrader import CONFIG

    exercise = load_exercise(args.exercise)
    text = assignment_text(exercise, source=True)
    target = args.target / "source" / exercise.name / f"{exercise.name}.ipynb"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(target, error) from None
    write(target, text)
    config = args.target / "nbgrader_config.py"
    if not config.exists():
        write(config, CONFIG)
    print(f"wrote {target}; in {args.target}: nbgrader generate_assignment {exercise.name}")
    return 0
