"""A class graded: from submissions to records, reports and tables in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from wbviz import __version__
from wbviz.grade.batch.cluster import run_cluster
from wbviz.grade.batch.job import FAILED, Job, Outcome, failed, grade_job, no_player
from wbviz.grade.batch.late import Lateness, LatePolicy, Time, lateness
from wbviz.grade.batch.progress import Progress
from wbviz.grade.batch.row import Row, row_of
from wbviz.grade.batch.store import Store, write
from wbviz.grade.batch.tables import canvas_csv, grades_csv, moodle_csv
from wbviz.grade.batch.workers import processors, run_here
from wbviz.grade.collect.submission import Submission, internal_error
from wbviz.grade.exercise import Exercise


@dataclass(frozen=True)
class Terms:
    """On which terms a class is graded. `times` are times of submission; `dask` a scheduler's address."""

    exercise: Exercise
    seed: str | None = field(default=None, repr=False)
    official: bool = True
    late: LatePolicy | None = None
    times: Sequence[Time] = ()
    dask: str | None = None
    processes: int | None = None
    player_html: Callable[[Any], str] = field(default=no_player, repr=False)


class Graded(NamedTuple):
    """The rows of a class, in the order of the submissions, and remarks on names that mean nobody."""

    rows: list[Row]
    remarks: tuple[str, ...]


def grade_class(
    submissions: Sequence[Submission], terms: Terms, store: Store, log: TextIO | None, remarks: Sequence[str] = ()
) -> Graded:
    """Grade what has no record yet, and write the tables. remarks: on what is no submission, to be told as well.

    Progress goes to `log`, if there is one. What is finished stays finished, whatever ends this. UsageError if nothing
    can be written.
    """
    todo = [one for one in submissions if one.policy is not None and store.record(one.slug, one.digest) is None]
    usable = sum(one.policy is not None for one in submissions)
    progress = Progress(len(todo), usable - len(todo), log)
    failures: dict[str, tuple[str, str]] = {}
    for outcome in _outcomes(_jobs(todo, terms), terms):
        if not outcome.record:
            failures[outcome.slug] = (outcome.status, outcome.problem)
        else:
            store.keep(outcome)
        progress.step()
    late = lateness(terms.late, terms.times, [one.who for one in submissions])
    rows = [_row(place, one, failures.get(one.slug), terms, store, late) for place, one in enumerate(submissions)]
    graded = Graded(rows, (*remarks, *late.remarks))
    write_tables(store.folder, terms, *graded)
    return graded


def _row(
    place: int, one: Submission, failure: tuple[str, str] | None, terms: Terms, store: Store, late: Lateness
) -> Row:
    """The row of a submission; whatever is wrong with its record costs this one."""
    total = terms.exercise.total
    try:
        record = store.record(one.slug, one.digest) if one.policy else None
        return row_of(one, place, record, failure, total, late)
    except Exception as error:
        return row_of(one, place, None, (FAILED, internal_error(error)), total, late)


def _outcomes(jobs: Iterable[Job], terms: Terms) -> Iterator[Outcome]:
    def died(job: Job, why: str) -> Outcome:
        return failed(job, f"the grader's process did not survive it: {why}")

    if terms.dask is not None:
        return run_cluster(terms.dask, jobs, grade_job, died)
    return run_here(jobs, grade_job, died, terms.processes or processors())


def _jobs(todo: Iterable[Submission], terms: Terms) -> Iterator[Job]:
    """The jobs, each made when it is wanted: no more than a few policies are in memory at a time."""
    for one in todo:
        assert one.policy is not None
        policy, settings = one.policy.read_bytes(), (terms.exercise, terms.seed, terms.official, terms.player_html)
        yield Job(one.slug, one.student, one.digest, policy, one.file, *settings)


def write_tables(folder: Path, terms: Terms, rows: Sequence[Row], remarks: Sequence[str]) -> None:
    """The grades in all forms."""
    write(folder / "grades.json", grades_json(terms, rows, remarks))
    write(folder / "grades.csv", "\ufeff" + grades_csv(rows, list(terms.exercise.points)))  # so that Excel reads UTF-8
    write(folder / "canvas.csv", canvas_csv(rows, terms.exercise.name))
    write(folder / "moodle.csv", moodle_csv(rows))


def grades_json(terms: Terms, rows: Sequence[Row], remarks: Sequence[str]) -> str:
    """The table of grades as JSON text, with remarks on what is no row of it."""
    data = {
        "format": "wbviz-grades",
        "format_version": 1,
        "wbviz": __version__,
        "exercise": terms.exercise.name,
        "total": terms.exercise.total,
        "hidden": terms.seed is not None,
        "official": terms.official,
        "remarks": list(remarks),
        "rows": [row.to_json() for row in rows],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
