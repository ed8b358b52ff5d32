"""A class graded: from submissions to records, reports and tables in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from wbviz import __version__
from wbviz.grade.batch.cluster import run_cluster
from wbviz.grade.batch.job import FAILED, Job, Outcome, failed, grade_job, no_player
from wbviz.grade.batch.late import LatePolicy
from wbviz.grade.batch.progress import Progress
from wbviz.grade.batch.row import Row, row_of
from wbviz.grade.batch.store import Store, write
from wbviz.grade.batch.tables import canvas_csv, grades_csv, moodle_csv
from wbviz.grade.batch.workers import processors, run_here
from wbviz.grade.collect.submission import Submission
from wbviz.grade.exercise import Exercise


@dataclass(frozen=True)
class Terms:
    """On which terms a class is graded. `times` are times of submission by student; `dask` a scheduler's address."""

    exercise: Exercise
    seed: str | None = field(default=None, repr=False)
    official: bool = True
    late: LatePolicy | None = None
    times: Mapping[str, datetime | None] = field(default_factory=dict)
    dask: str | None = None
    processes: int | None = None
    player_html: Callable[[Any], str] = field(default=no_player, repr=False)


def grade_class(submissions: Sequence[Submission], terms: Terms, store: Store, log: TextIO | None) -> list[Row]:
    """Grade what has no record yet, and write the tables; the rows, in the order of the submissions.

    Progress goes to `log`, if there is one. What is finished stays finished, whatever ends this. UsageError if nothing
    can be written.
    """
    todo = [one for one in submissions if one.policy is not None and store.record(one.slug, one.digest) is None]
    usable = sum(one.policy is not None for one in submissions)
    progress = Progress(len(todo), usable - len(todo), log)
    failures: dict[str, tuple[str, str]] = {}
    for outcome in _outcomes(_jobs(todo, terms), terms):
        if outcome.status == FAILED:
            failures[outcome.slug] = (FAILED, outcome.problem)
        else:
            store.keep(outcome)
        progress.step()
    total = terms.exercise.total
    rows = []
    for one in submissions:
        record = store.record(one.slug, one.digest) if one.policy else None
        rows.append(row_of(one, record, failures.get(one.slug), total, terms.times, terms.late))
    write_tables(store.folder, terms, rows)
    return rows


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
        yield Job(one.slug, one.student, one.digest, policy, *settings)


def write_tables(folder: Path, terms: Terms, rows: Sequence[Row]) -> None:
    """The grades in all forms."""
    write(folder / "grades.json", grades_json(terms, rows))
    write(folder / "grades.csv", grades_csv(rows, list(terms.exercise.points)))
    write(folder / "canvas.csv", canvas_csv(rows, terms.exercise.name))
    write(folder / "moodle.csv", moodle_csv(rows))


def grades_json(terms: Terms, rows: Sequence[Row]) -> str:
    """The table of grades as JSON text."""
    data = {
        "format": "wbviz-grades",
        "format_version": 1,
        "wbviz": __version__,
        "exercise": terms.exercise.name,
        "total": terms.exercise.total,
        "hidden": terms.seed is not None,
        "official": terms.official,
        "rows": [row.to_json() for row in rows],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
