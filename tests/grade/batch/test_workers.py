"""Work on several processes: every death is somebody's, and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.grade.batch.helping import Errand, buried, run_errand
from wbviz.grade.batch import workers
from wbviz.grade.batch.workers import run_here

ROOT = Path(__file__).parents[3]


def test_every_job_is_done_once(tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    jobs = [Errand(f"job{n}", place=log) for n in range(20)]
    assert sorted(run_here(jobs, run_errand, buried, 2)) == sorted(f"job{n} done" for n in range(20))
    lines = Path(log).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 20
    assert 1 <= len({line.split()[1] for line in lines}) <= 2


def test_a_job_that_kills_its_process_stops_nobody_else() -> None:
    jobs = [Errand("one"), Errand("bad", "die"), Errand("worse", "exit"), Errand("two"), Errand("three")]
    results = list(run_here(jobs, run_errand, buried, 2))
    assert len(results) == 5
    assert {"one done", "two done", "three done"} < set(results)
    assert "bad: its process was killed: perhaps the machine ran out of memory" in results
    assert "worse: its process ended (7)" in results


def test_a_job_whose_process_died_by_chance_is_tried_again(tmp_path: Path) -> None:
    jobs = [Errand("unlucky", "die once", str(tmp_path / "log")), Errand("other")]
    assert sorted(run_here(jobs, run_errand, buried, 1)) == ["other done", "unlucky done"]


def test_jobs_are_taken_only_when_a_process_is_free() -> None:
    taken: list[int] = []

    def source() -> Iterator[Errand]:
        for number in range(50):
            taken.append(number)
            yield Errand(str(number))

    results = run_here(source(), run_errand, buried, 2)
    for got, _ in enumerate(results, 1):
        assert len(taken) <= got + 2


def test_processes_are_replaced_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "JOBS_EACH", 3)
    log = str(tmp_path / "log")
    list(run_here([Errand(str(n), place=log) for n in range(7)], run_errand, buried, 1))
    processes = [line.split()[1] for line in Path(log).read_text(encoding="utf-8").splitlines()]
    assert [processes.count(one) for one in dict.fromkeys(processes)] == [3, 3, 1]


def test_no_process_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    """Neither one that waits for a job, nor one in the middle of a job that would take ten minutes more."""
    log = tmp_path / "log"
    code = (
        "from tests.grade.batch.helping import *; from wbviz.grade.batch.workers import run_here\n"
        "if __name__ == '__main__':\n"
        f"    jobs = [Errand('quick', place={str(log)!r}), Errand('stuck', 'wait', {str(log)!r})]\n"
        "    list(run_here(jobs, run_errand, buried, 2))\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True
    )
    _until(lambda: log.is_file() and log.read_text(encoding="utf-8").count("\n") == 2)
    assert len(_session(parent.pid)) >= 3
    parent.kill()
    parent.wait()
    _until(lambda: not _session(parent.pid))


def _session(leader: int) -> list[str]:
    """What lives of a process and all that it began, by its command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            state, _, _, session, *_ = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(session) == leader and state != "Z":
                found.append((folder / "cmdline").read_text(encoding="utf-8").replace("\0", " "))
    return found


def _until(true: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
