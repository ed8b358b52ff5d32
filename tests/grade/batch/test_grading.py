"""A class, graded on this machine and on a cluster, killed and taken up again: always the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import pytest

from tests.grade.batch.helping import SEED, small_exercise, source, students
from wbviz.grade.batch.job import FAILED, UNJUDGED, Job, grade_job
from wbviz.grade.batch.late import lateness
from wbviz.grade.batch.row import row_of
from wbviz.grade.batch.store import Store
from wbviz.grade.batch.summary import summary
from wbviz.grade.collect.submission import Submission, Who
from wbviz.grade.exercise import load_exercise
from wbviz.grade.judge import Unjudged

ROOT = Path(__file__).parents[3]
COUNT = 10
Run = Callable[..., subprocess.CompletedProcess[str]]


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "wbviz", *map(str, args)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "WBVIZ_SEED": SEED}


def run(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*args), cwd=cwd, env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def results(folder: Path) -> dict[str, bytes]:
    """Every file of a result, by name: what two runs must agree on to the byte."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small exercise, a class of students, and one result of an undisturbed run."""
    place = tmp_path_factory.mktemp("class")
    small_exercise(place)
    students(place / "in", COUNT)
    (place / "in/syntax.py").write_text("def enqueue(:\n", encoding="utf-8")
    (place / "in/empty").mkdir()
    done = run(*GRADE, "--out", "once", cwd=place)
    assert done.returncode == 1, done.stderr
    return place


GRADE = ("grade", "90-small", "in", "--seed-env", "WBVIZ_SEED", "--unofficial")


def test_everybody_is_in_the_tables(place: Path) -> None:
    data = json.loads((place / "once/grades.json").read_text(encoding="utf-8"))
    assert data["hidden"] is True
    rows = {row["who"]["student"]: row for row in data["rows"]}
    assert set(rows) == {*(f"student{n:03}" for n in range(COUNT)), "syntax", "empty"}
    assert rows["student000"]["points"] == 100
    assert rows["student001"]["points"] < 100
    assert (rows["syntax"]["status"], rows["syntax"]["points"]) == ("ungradable", None)
    assert (rows["empty"]["status"], rows["empty"]["points"]) == ("unusable", None)


def test_each_student_has_reports_that_stand_alone(place: Path) -> None:
    page = (place / "once/reports/student001.html").read_text(encoding="utf-8")
    assert "srcdoc" in page
    assert not [word for word in ('src="http', "src='http", 'href="http', "@import") if word in page]
    assert (place / "once/reports/student001.md").read_text(encoding="utf-8").startswith("# 90")


def test_the_secret_is_in_no_file_and_no_output(place: Path) -> None:
    for name, data in results(place / "once").items():
        assert SEED.encode() not in data, name
    for name, data in results(place / "once/reports").items():
        assert b"hidden-1" not in data, f"{name} tells a student what a hidden scenario is"


def test_the_same_again_grades_nothing_twice(place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (place / "once/results").iterdir()}
    done = run(*GRADE, "--out", "once", cwd=place)
    assert f"{COUNT + 1} finished before and kept" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in (place / "once/results").iterdir()} == before


def test_killed_on_the_way_and_taken_up_again(place: Path) -> None:
    reports = place / "killed/reports"
    reports.mkdir(parents=True)
    # The fourth student's report goes into a pipe that nobody empties: whoever writes it is in the midst of it.
    pipe = reports / ".student003.html.part"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with subprocess.Popen(
        command(*GRADE, "--out", "killed", "--processes", "1"), cwd=place, env=environment(), start_new_session=True
    ) as process:
        assert select([reader], [], [], 120)[0], "the report was not begun"
        process.kill()
    os.close(reader)
    assert process.returncode == -signal.SIGKILL
    pipe.unlink()
    pipe.write_text("<p>half of a repo", encoding="utf-8")  # what a disk would hold in place of the pipe
    finished = len(list((place / "killed/results").glob("*.json")))
    assert 0 < finished < COUNT
    done = run(*GRADE, "--out", "killed", cwd=place)
    assert f"{finished} finished before and kept" in done.stderr
    assert results(place / "killed") == results(place / "once")


def test_an_interrupt_ends_it_with_a_word(place: Path) -> None:
    students(place / "many", 300)  # a class that is not done before this test sees its first result, however slow
    many = [word if word != "in" else "many" for word in GRADE]
    process = subprocess.Popen(
        command(*many, "--out", "interrupted", "--processes", "1"),
        cwd=place,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    folder = place / "interrupted/results"
    _until(lambda: folder.is_dir() and len(list(folder.glob("*.json"))) >= 1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "interrupted" in err
    assert "Traceback" not in err


def test_a_changed_submission_is_graded_again_and_compared(place: Path) -> None:
    folder = place / "in/student001"
    before = (folder / "policy.py").read_text(encoding="utf-8")
    (folder / "policy.py").write_text(source("pin_then_lock"), encoding="utf-8")
    try:
        done = run(*GRADE, "--out", "again", "--against", "once", cwd=place)
    finally:
        (folder / "policy.py").write_text(before, encoding="utf-8")
    assert "1 differ from the earlier result" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  student001:")]
    assert "-> 100" in line


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[tuple[str, list[int]]]:
    """A Dask cluster of two workers, as its command line makes it: the scheduler's address, the workers' processes."""
    file = place / "scheduler.json"
    options = {"cwd": place, "env": environment(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    started = [
        subprocess.Popen(
            [*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)], **options
        )
    ]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1"]
    for name in ("one", "two"):
        local = place / f"dask-{name}"
        local.mkdir()
        rest = ["--no-dashboard", "--no-nanny", "--name", name, "--local-directory", str(local)]
        started.append(subprocess.Popen([*worker, *rest], **options))
    try:
        _until(file.is_file)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        yield address, [process.pid for process in started[1:]]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(place: Path, cluster: tuple[str, list[int]]) -> None:
    address, workers = cluster
    process = subprocess.Popen(
        command(*GRADE, "--out", "cluster", "--dask", address),
        cwd=place,
        env=environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = place / "cluster/results"
    _until(lambda: process.poll() is not None or (folder.is_dir() and len(list(folder.glob("*.json"))) >= 2))
    assert process.poll() is None, "it ended before a worker could be killed"
    os.kill(workers[0], signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err, err
    assert process.returncode == 1, err
    assert f"{COUNT + 2} submissions, {COUNT} graded, 1 ungradable, 1 unusable" in out
    assert SEED not in out + err
    assert results(place / "cluster") == results(place / "once")


def test_no_scheduler_is_told(place: Path) -> None:
    done = run(*GRADE, "--out", "nobody", "--dask", "tcp://127.0.0.1:9", cwd=place)
    assert done.returncode == 3
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_a_fault_of_the_grader_is_one_students_and_is_tried_again(tmp_path: Path) -> None:
    exercise = load_exercise(small_exercise(tmp_path))
    faulty = Job("bob", "bob", "d", b"", "policy.py", None)  # type: ignore[arg-type]
    outcome = grade_job(faulty)
    assert outcome.status == FAILED
    assert outcome.problem.startswith("internal error, the grader failed: AttributeError")
    assert "not the student's fault" in outcome.problem
    store = Store(tmp_path / "out", exercise, None)
    assert store.record("bob", "d") is None, "what failed has no record, so the next run tries it again"


def test_where_a_clock_ran_out_the_submission_is_not_judged_and_nothing_is_to_be_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*args: object, **more: object) -> None:
        raise Unjudged("the program did not answer within 10 seconds")

    monkeypatch.setattr("wbviz.grade.judged.grade_judged", late)
    exercise = load_exercise(small_exercise(tmp_path))
    outcome = grade_job(Job("bob", "bob", "d", b"", "policy.py", exercise, official=False))
    assert (outcome.status, outcome.record) == (UNJUDGED, "")
    assert "did not answer within 10 seconds" in outcome.problem
    submission = Submission(Who("bob"), "bob", "bob", None)
    row = row_of(submission, 0, None, (outcome.status, outcome.problem), exercise.total, lateness(None, (), ()))
    shown = summary(exercise, [row], seeded=False, official=False)
    assert "1 not judged, since a clock ran out: run the same command again" in shown
    assert "bob: the program did not answer" in shown
    assert "report it" not in shown
