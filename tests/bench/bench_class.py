"""A class of five hundred: exercise 02 on two processors, through a Dask cluster, and killed half-way; and one student.

    python -m tests.bench.bench_class [COUNT]

The submissions are generated from a seed: right policies, wrong ones, mutants of both, files that are no policy, loops
without end. Three runs must agree to the byte: undisturbed; through a scheduler and two workers; killed when half is
done, and taken up again. Before that, one right submission of this exercise and one of the capstone.

Exits 1 when one of these takes longer than its goal, or the first run three minutes; when a run differs, something is
graded twice, or memory grows, of the grader itself or of a process that grades, from the second quarter of the run to
the last.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from wbviz.policy.load import builtin_names, load_policy

ROOT = Path(__file__).parents[2]
EXERCISE, COUNT, SEED = "02-pin-then-lock", 500, 5
GOAL_SECONDS, GROWTH = 180, 1.15
ONE = {"02-pin-then-lock": 2.0, "10-capstone": 10.0}
SECRET = "the secret seed of this benchmark"
BROKEN = ("def enqueue(:\n", "", "print('hello')\n", "def enqueue(mm, page):\n    while True:\n        pass\n")


def submissions(root: Path, count: int, seed: int) -> None:
    """A folder a student, each with a policy of its own, all drawn from the seed."""
    draw = random.Random(seed)
    names = builtin_names()
    right = _reference(EXERCISE).read_text(encoding="utf-8")
    for number in range(count):
        kind = draw.random()
        text = right if kind < 0.35 else load_policy(draw.choice(names)).source
        if kind > 0.95:
            text = draw.choice(BROKEN)
        elif kind > 0.6:
            text = _mutant(text, draw)
        folder = root / f"student{number:03}"
        folder.mkdir(parents=True)
        (folder / "policy.py").write_text(f"# handed in by student {number}\n{text}", encoding="utf-8")


def _reference(name: str) -> Path:
    return ROOT / "tests" / "grade" / "references" / f"{name}.py"


def _mutant(text: str, draw: random.Random) -> str:
    """The text with an operation dropped, doubled, or swapped with the next."""
    lines = text.splitlines()
    steps = [number for number, line in enumerate(lines) if line.strip().startswith("yield")]
    at = draw.choice(steps)
    change = draw.randrange(3)
    if change == 0:
        lines[at] = lines[at].replace(lines[at].strip(), "pass")
    elif change == 1:
        lines.insert(at, lines[at])
    else:
        other = draw.choice(steps)
        first, second = lines[at].strip(), lines[other].strip()
        lines[at], lines[other] = lines[at].replace(first, second), lines[other].replace(second, first)
    return "\n".join(lines) + "\n"


def command(place: Path, out: str, *more: str) -> list[str]:
    """The call of one run."""
    return [sys.executable, "-m", "wbviz", "grade", EXERCISE, str(place / "in"), "--out", str(place / out), *more]


def start(call: list[str]) -> subprocess.Popen[str]:
    """Begin a run; what it says is not shown."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WBVIZ_BENCH_SEED": SECRET}
    return subprocess.Popen(
        [*call, "--seed-env", "WBVIZ_BENCH_SEED"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def watched(process: subprocess.Popen[str]) -> tuple[str, list[tuple[int, int]]]:
    """What a run said, and while it ran its own memory and the largest of its processes', in KiB, each half second."""
    seen = []
    while process.poll() is None:
        seen.append((_resident(process.pid), max(map(_resident, _children(process.pid)), default=0)))
        time.sleep(0.5)
    said = process.communicate()[0]
    return said, [pair for pair in seen if all(pair)]


def _resident(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def _processor_seconds() -> float:
    """What all processes that were started from here, and theirs, have used and ended with."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _children(process: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()))
    except OSError:
        return []


def growth(memory: list[int]) -> float:
    """Memory in the last quarter of a run over that in the second: in the first everything is still being loaded."""
    quarter = max(1, len(memory) // 4)
    return median(memory[-quarter:]) / median(memory[quarter : 2 * quarter] or memory)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a result by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def cluster(place: Path) -> Iterator[str]:
    """A scheduler and two workers of one thread each, as their own commands start them; the address."""
    file = place / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": place}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--nworkers", "2"]
    common = ["--no-dashboard", "--scheduler-file", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen([*scheduler, *common], env=environment, **quiet),
        subprocess.Popen([*worker, *common, "--local-directory", str(place)], env=environment, **quiet),
    ]
    try:
        until(file.is_file)
        yield json.loads(file.read_text(encoding="utf-8"))["address"]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    while not true():
        time.sleep(0.1)


def _one(name: str, goal: float) -> bool:
    """Whether a right submission, everything included, is graded in so many seconds: the middle of three."""
    policy = _reference(name)
    times = []
    for _ in range(3):
        begin = time.monotonic()
        said = start([sys.executable, "-m", "wbviz", "grade", name, str(policy)]).communicate()[0]
        times.append(time.monotonic() - begin)
    print(f"{said.splitlines()[0]}: {median(times):.2f} s (goal: {goal})", flush=True)
    return median(times) < goal and "gets 100 of 100" in said


def main(count: int = COUNT) -> int:
    missed = [f"one of {name}" for name, goal in ONE.items() if not _one(name, goal)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        submissions(place / "in", count, SEED)

        begin, before = time.monotonic(), _processor_seconds()
        said, memory = watched(start(command(place, "once", "--processes", "2")))
        took, worked = time.monotonic() - begin, _processor_seconds() - before
        grader, process = (growth([pair[which] for pair in memory]) for which in (0, 1))
        print(said.rstrip())
        print(
            f"{count} submissions of {EXERCISE}, seed {SEED}, 2 processes: {took:.0f} s, "
            f"{worked:.0f} s of both processors; memory {max(pair[0] for pair in memory) >> 10} MiB and "
            f"{max(pair[1] for pair in memory) >> 10} MiB a process, growth {grader:.2f} and {process:.2f}",
            flush=True,
        )
        once = contents(place / "once")
        records = [name for name in once if name.startswith("results/")]
        if took >= GOAL_SECONDS * count / COUNT or len(records) < count * 0.9:
            missed.append("time")
        if max(grader, process) > GROWTH:
            missed.append("memory")

        with cluster(place) as address:
            begin = time.monotonic()
            said = start(command(place, "cluster", "--dask", address)).communicate()[0]
        same = contents(place / "cluster") == once
        print(f"through a Dask cluster of two workers: {time.monotonic() - begin:.0f} s, identical: {same}", flush=True)
        if not same:
            print(said.rstrip())
            missed.append("cluster")

        killed = start(command(place, "killed", "--processes", "2"))
        until(lambda: len(list((place / "killed/results").glob("*.json"))) >= len(records) // 2)
        killed.kill()
        killed.communicate()
        kept = {path.name: path.stat().st_mtime_ns for path in (place / "killed/results").glob("*.json")}
        said = start(command(place, "killed", "--processes", "2")).communicate()[0]
        again = [n for n, stamp in kept.items() if (place / "killed/results" / n).stat().st_mtime_ns != stamp]
        same = contents(place / "killed") == once
        print(f"killed after {len(kept)}, resumed: graded twice {len(again)}, identical: {same}")
        if again or not same:
            print(said.rstrip())
            missed.append("resume")
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
