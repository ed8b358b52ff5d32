"""One submission graded: what a worker is given, on this machine or another, and what it gives back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wbviz.errors import UsageError, WbvizError
from wbviz.grade.collect.submission import POLICY, internal_error
from wbviz.grade.exercise import Exercise
from wbviz.grade.result import Report
from wbviz.trace.schedule import FUNCTIONS

if TYPE_CHECKING:
    from wbviz.grade.judge import Tier

FORMAT = 1
GRADED, UNGRADABLE, UNUSABLE = "graded", "ungradable", "unusable"
"""Has points; is no policy, which costs nothing; there was no policy to grade."""

FAILED, UNJUDGED = "failed", "not judged"
"""The grader itself failed; a clock ran out. Neither has a record, so both are tried again."""


def no_player(trace: Any) -> str:
    """In the place of a player: nothing."""
    return ""


@dataclass(frozen=True)
class Job:
    """A submission, and all that it takes to grade it on another machine.

    file: the name that the student gave the policy, "" for cells of a notebook. seed: the instructor's secret for
    hidden scenarios; no message shows it. official: only in a sandbox whose points count. player_html: makes the HTML
    that plays a trace; it is passed in, since the grader draws nothing itself.
    """

    slug: str
    student: str
    digest: str
    policy: bytes
    file: str
    exercise: Exercise
    seed: str | None = field(default=None, repr=False)
    official: bool = True
    player_html: Callable[[Any], str] = field(default=no_player, repr=False)


class Outcome(NamedTuple):
    """What came of a job: the record as it is kept, and the student's reports. All of it depends on the job alone."""

    slug: str
    status: str
    problem: str
    record: str
    markdown: str
    html: str


def grade_job(job: Job) -> Outcome:
    """Grade one submission. Whatever goes wrong, an outcome comes back that says so."""
    from wbviz.grade.judge import Unjudged

    try:
        return _graded(job)
    except Unjudged as error:
        return Outcome(job.slug, UNJUDGED, str(error), "", "", "")
    except WbvizError as error:
        return failed(job, str(error))
    except Exception as error:  # a fault of the grader's own: this submission is not graded, the others are
        return failed(job, internal_error(error))


def failed(job: Job, problem: str) -> Outcome:
    """The outcome of a job that could not be done."""
    return Outcome(job.slug, FAILED, problem, "", "", "")


def _graded(job: Job) -> Outcome:
    from wbviz.grade.report import html, markdown

    report = judge(job.policy, job.exercise, job.seed, job.official, job.file)
    public = report.public()._replace(policy=job.student)
    status = GRADED if report.gradable else UNGRADABLE
    record = {
        "format": "wbviz-result",
        "format_version": FORMAT,
        "student": job.student,
        "sha256": job.digest,
        "status": status,
        "report": report.to_json(),
    }
    return Outcome(
        job.slug,
        status,
        report.problem,
        json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n",
        markdown(public),
        html(public, job.player_html),
    )


def judge(policy: bytes, exercise: Exercise, seed: str | None, official: bool = True, file: str = POLICY) -> Report:
    """The report on a policy that ran in a sandbox of its own.

    file: what the student calls it, for messages and for what plays a run; "" for cells of a notebook.
    UsageError if an official score is asked for and this machine has no sandbox that one may rest on.
    """
    from wbviz.grade.judge import best_tier
    from wbviz.grade.judged import grade_judged

    tier = best_tier()
    if official and not tier.official:
        raise no_sandbox(tier)
    with tempfile.TemporaryDirectory(prefix="wbviz-") as folder:
        path = Path(folder) / (file or POLICY)
        path.write_bytes(policy)
        # a schedule names the student's own file, not this copy of it
        return grade_judged(path, tier.name, exercise, seed, file or FUNCTIONS)


def no_sandbox(tier: Tier) -> UsageError:
    """What to say where points would not be official."""
    return UsageError(
        "this machine has no sandbox that an official score may rest on",
        came=f"the sandbox {tier.name!r}: {tier.why}",
        expected="bubblewrap or landlock; python -m wbviz doctor says what there is",
        fix=f"{tier.how_to_improve}\n# or, for points that do not count: --unofficial".strip(),
    )
