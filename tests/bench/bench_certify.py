"""A proof for every size: the whole process of `python -m wbviz certify`, for each built-in policy and some references.

    python -m tests.bench certify

Goal: each built-in policy within 0.2 s, the same whatever the size, for there is none to give.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from tests.bench.data import ROOT, machine, save
from tests.bench.peers.run import process
from wbviz.policy.load import builtin_names

GOAL = 0.2
ROUNDS = 5
REFERENCES = sorted((ROOT / "tests" / "grade" / "references").glob("*.py"))


def seconds(policy: str) -> float:
    """The median of some whole processes."""
    command = [sys.executable, "-m", "wbviz", "certify", policy, "--json"]
    return median(process(command, ROOT, 60.0, None).seconds for _ in range(ROUNDS))


def main() -> int:
    """Measure every policy, and compare the built-in ones with the goal."""
    print(machine())
    rows = []
    for policy in (*builtin_names(), *map(str, REFERENCES)):
        took = seconds(policy)
        rows.append({"policy": Path(policy).stem, "seconds": round(took, 3)})
        print(f"  {Path(policy).stem:<24} {took:.3f} s", flush=True)
    slowest = max(row["seconds"] for row in rows[: len(builtin_names())])
    print(f"slowest built-in policy: {slowest:.3f} s (goal {GOAL} s)")
    save("certify", {"rounds": ROUNDS, "goal": GOAL, "rows": rows})
    return int(slowest > GOAL)


if __name__ == "__main__":
    sys.exit(main())
