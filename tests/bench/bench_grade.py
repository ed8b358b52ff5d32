"""How long grading one submission takes: the command as an instructor gives it, sandbox and hidden scenarios included.

    python -m tests.bench.bench_grade

Exits 1 when a correct submission of exercise 02 takes two seconds, or one of the capstone ten.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
GOALS = {"02-pin-then-lock": 2.0, "10-capstone": 10.0}
TIMES, SEED = 3, "a secret of thirty-two characters"


def seconds(exercise: str, place: Path) -> float:
    """The median time of grading the reference solution."""
    policy = place / "policy.py"
    policy.write_bytes((ROOT / "tests" / "grade" / "references" / f"{exercise}.py").read_bytes())
    secret = place / "seed"
    secret.write_text(SEED, encoding="utf-8")
    command = [sys.executable, "-m", "wbviz", "grade", exercise, str(policy), "--seed-file", str(secret)]
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        done = subprocess.run([*command, "--unofficial"], cwd=ROOT, capture_output=True, text=True, check=True)
        taken.append(time.perf_counter() - begin)
        assert "gets 100 of 100 points" in done.stdout, done.stdout
    return median(taken)


def main() -> int:
    """Grade the two, print the numbers."""
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for exercise, goal in GOALS.items():
            taken = seconds(exercise, Path(folder))
            print(f"grading {exercise}, a correct submission, all included: {taken:.2f} s (goal: under {goal:g} s)")
            missed |= taken >= goal
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
