"""`python -m wbviz grade`: what it is given, and what it prints.

Exit status: 0 every submission was graded, 1 some were not, 2 interrupted, 3 the call or a file is unusable.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wbviz.errors import UsageError, WbvizError, printable

if TYPE_CHECKING:
    from wbviz.grade.batch.grading import Terms
    from wbviz.grade.batch.roster import Listed
    from wbviz.grade.batch.row import Row
    from wbviz.grade.batch.store import Store
    from wbviz.grade.collect.submission import Submission

ALL_GRADED, SOME_NOT, INTERRUPTED = 0, 1, 2
FORMATS = ("text", "json", "csv", "gradescope", "prairielearn")


def add_command(commands: Any, positive: Callable[[str], int]) -> None:
    """Add it to the subcommands of argparse."""
    grade = commands.add_parser("grade", help="grade submissions: files, folders, archives, exports")
    grade.add_argument("exercise", metavar="EXERCISE", help="a name, a number, or a folder with a rubric.toml")
    grade.add_argument("paths", metavar="SUBMISSION", nargs="+", type=Path, help="files, folders, zip, tar, exports")
    grade.add_argument("--out", metavar="DIR", type=Path, help="keep all results here; the same again resumes")
    grade.add_argument("--format", choices=FORMATS, default="text", help="what is printed (default text)")
    secret_options(grade)
    grade.add_argument("--late", metavar="FILE", type=Path, help="the late policy, a TOML file")
    grade.add_argument("--times", metavar="FILE", type=Path, help="when each student handed in, a CSV file")
    grade.add_argument("--roster", metavar="FILE", type=Path, help="who should have handed in, a CSV file")
    grade.add_argument("--against", metavar="PATH", type=Path, help="an earlier result: print what differs")
    grade.add_argument("--dask", metavar="ADDRESS", help="use a Dask cluster: the address of its scheduler")
    grade.add_argument("--processes", metavar="N", type=positive, help="so many at a time (default: all processors)")
    grade.set_defaults(command=_grade)


def secret_options(parser: argparse.ArgumentParser) -> None:
    """The options that say where the secret seed is, and whether points must be official."""
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--seed-file", metavar="FILE", type=Path, help="the secret seed of the hidden scenarios")
    secret.add_argument("--seed-env", metavar="NAME", help="the variable that holds it")
    parser.add_argument("--unofficial", action="store_true", help="grade without a sandbox if there is none")


def player_html(trace: Any) -> str:
    """A player for a report, in a frame of its own: its styles and scripts do not meet the report's."""
    from html import escape

    from wbviz.viz.stage.page import page

    fit = "const b = this.contentDocument.body; new ResizeObserver(() => this.height = b.offsetHeight + 4).observe(b)"
    words = f'title="The run, step by step" height="1100" onload="{fit}"'
    return f'<iframe {words} srcdoc="{escape(page(trace))}"></iframe>'


def _grade(args: argparse.Namespace) -> int:
    import tempfile

    from wbviz.grade.batch.compare import load_earlier
    from wbviz.grade.batch.grading import Terms
    from wbviz.grade.batch.late import load_late_policy, load_times
    from wbviz.grade.batch.roster import load_roster
    from wbviz.grade.batch.secret import read_secret
    from wbviz.grade.exercise import load_exercise

    exercise = load_exercise(args.exercise)
    terms = Terms(
        exercise=exercise,
        seed=read_secret(args.seed_file, args.seed_env, exercise),
        official=not args.unofficial,
        late=load_late_policy(args.late) if args.late else None,
        times=load_times(args.times) if args.times else (),
        dask=args.dask,
        processes=args.processes,
        player_html=player_html,
    )
    roster = load_roster(args.roster) if args.roster else None
    earlier = load_earlier(args.against) if args.against else None
    _possible(args, terms)
    try:
        if args.out is not None:
            return _graded(args, terms, args.out, roster, earlier)
        with tempfile.TemporaryDirectory(prefix="wbviz-") as folder:
            return _graded(args, terms, Path(folder), roster, earlier)
    except KeyboardInterrupt:
        kept = f"what is finished is kept in {args.out}; the same command goes on from there"
        print(f"interrupted; {kept if args.out else 'nothing was kept: with --out DIR it is'}", file=sys.stderr)
        return INTERRUPTED


def _graded(
    args: argparse.Namespace,
    terms: Terms,
    folder: Path,
    roster: Sequence[Listed] | None,
    earlier: dict[str, Any] | None,
) -> int:
    from wbviz.grade.batch.grading import grade_class
    from wbviz.grade.batch.roster import with_roster
    from wbviz.grade.batch.store import Store, cannot_write
    from wbviz.grade.collect.collect import collect
    from wbviz.grade.collect.wanted import wanted_by

    store = Store(folder, terms.exercise, terms.seed)
    for_platform = args.format in ("gradescope", "prairielearn")
    try:
        submissions, remarks = collect(args.paths, store.submissions, wanted_by(terms.exercise), single=for_platform)
    except OSError as error:
        raise cannot_write(store.submissions, error) from None
    if for_platform:
        return _for_platform(args.format, submissions, terms)
    if roster is not None:
        submissions, unmatched = with_roster(submissions, roster)
        remarks = [*remarks, *unmatched]
    log = sys.stderr if len(submissions) > 1 else None
    rows, told = grade_class(submissions, terms, store, log, remarks)
    _print(args, terms, store, rows, told)
    if earlier is not None:
        _print_differences(rows, earlier)
    return SOME_NOT if any(row.points is None for row in rows) else ALL_GRADED


def _print(args: argparse.Namespace, terms: Terms, store: Store, rows: Sequence[Row], remarks: Sequence[str]) -> None:
    if args.format != "text":
        print(*remarks, sep="\n", end="\n" * bool(remarks), file=sys.stderr)
    from wbviz.grade.batch.summary import NO_SEED, summary
    from wbviz.grade.report import text
    from wbviz.grade.result import Report

    if args.format == "json":
        print((store.folder / "grades.json").read_text(encoding="utf-8"), end="")
    elif args.format == "csv":
        print((store.folder / "grades.csv").read_text(encoding="utf-8-sig"), end="")
    elif len(rows) == 1 and (record := store.any_record(rows[0].slug)) is not None:
        print(text(Report.from_json(record["report"])))
        for note in (*rows[0].notes, *remarks):
            print(f"  {printable(note)}")
        if terms.seed is None and terms.exercise.hidden.draws:
            print(f"  {NO_SEED}")
    else:
        print(summary(terms.exercise, rows, terms.seed is not None, terms.official, remarks))
    if args.out is not None and args.format == "text":
        print(f"wrote {args.out}: grades.csv, canvas.csv, moodle.csv, grades.json, reports/, results/, submissions/")
    elif len(rows) > 1 and args.format == "text":
        print("nothing was kept; to keep the tables and a report for each student: --out DIR")


def _print_differences(rows: Sequence[Row], earlier: dict[str, Any]) -> None:
    from wbviz.grade.batch.compare import differences

    lines = differences(rows, earlier)
    print(f"\n{len(lines)} differ from the earlier result" if lines else "\nnothing differs from the earlier result")
    for line in lines:
        print(f"  {line}")


def _for_platform(form: str, submissions: Sequence[Submission], terms: Terms) -> int:
    import json

    from wbviz.grade.batch.job import judge
    from wbviz.grade.collect.submission import internal_error
    from wbviz.grade.platforms.gradescope import broken, gradescope, not_graded
    from wbviz.grade.platforms.prairielearn import grader_failed, not_gradable, prairielearn

    if len(submissions) != 1:
        raise UsageError(
            f"--format {form} is for one submission",
            came=f"{len(submissions)} submissions",
            fix=f"python -m wbviz grade {terms.exercise.name} submissions/ada --format {form}",
        )
    one = submissions[0]
    status = ALL_GRADED
    results: dict[str, Any]
    if one.policy is None:
        results = not_gradable(one.problem) if form == "prairielearn" else not_graded(one.problem)
    else:
        policy, exercise, official = one.policy.read_bytes(), terms.exercise, terms.official
        try:
            if form == "prairielearn":
                results = prairielearn(judge(policy, exercise, terms.seed, official, one.file))
            else:
                public = judge(policy, exercise, None, official, one.file)
                whole = judge(policy, exercise, terms.seed, official, one.file) if terms.seed else None
                results = gradescope(public, whole)
        except UsageError:
            raise
        except WbvizError as error:  # a clock ran out, a sandbox did not start: no points, and what to do
            print(error, file=sys.stderr)
            results = not_gradable(str(error)) if form == "prairielearn" else not_graded(str(error))
            status = SOME_NOT
        except Exception as error:  # the platform waits for its answer, and the student must not pay
            print(internal_error(error), file=sys.stderr)
            results = grader_failed() if form == "prairielearn" else broken(type(error).__name__)
            status = SOME_NOT
    print(json.dumps(results, indent=1, ensure_ascii=False))
    return status


def _possible(args: argparse.Namespace, terms: Terms) -> None:
    """Raises UsageError where the options do not go together, or no official score can be had here."""
    from importlib.util import find_spec

    if args.times and not args.late:
        raise UsageError("--times says when, and no --late what that costs", fix="--late late.toml --times times.csv")
    for path in args.paths if args.out else ():
        if Path(os.path.realpath(args.out)).is_relative_to(os.path.realpath(path)):
            raise UsageError(
                f"--out {args.out} lies in {path}: its files would be taken for submissions",
                expected="a folder outside of the submissions",
                fix=f"python -m wbviz grade {args.exercise} {path} --out ../results",
            )
    if args.dask and args.processes:
        raise UsageError("--processes is for this machine, and --dask for another", fix="leave one of them out")
    if args.dask is None and find_spec("simpy") is None:  # before it fails once for each student
        raise ModuleNotFoundError("simpy", name="simpy")
    if args.dask is None and terms.official:
        from wbviz.grade.batch.job import no_sandbox
        from wbviz.grade.judge import best_tier

        if not best_tier().official:
            raise no_sandbox(best_tier())
