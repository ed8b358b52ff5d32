"""How much slower the checker is in a browser's Python: the same checks here and in Pyodide, in turn.

    python -m tests.bench.bench_pyodide [--rounds N]

Compared are the seconds of the search, as each result states them, and the whole process, Pyodide's loading included.
A reader pays the loading once a page. Exits 1 when a search takes more than two and a half times as long there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from statistics import median
from typing import Any

from tests.bench import pyodide
from tests.bench.data import machine, save
from tests.bench.peers.run import process

ROUNDS = 5
GOAL = 2.5
JOBS: list[pyodide.Job] = [
    ("write_ahead", "storm", {"pages": 4, "kswapd": 2}),
    ("writearound", "abba", {"pages": 8}),
    ("backoff", "polite", {"pages": 6}),
]
HERE = """
import json, sys
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
print(json.dumps([check_scenario(load_policy(policy), build(scenario, params)).to_json()
                  for policy, scenario, params in json.loads(sys.argv[1])]))
"""


def native() -> tuple[list[dict[str, Any]], float]:
    """The results in this Python, and the seconds of the whole process."""
    done = process([sys.executable, "-c", HERE, json.dumps(JOBS)], pyodide.ROOT, pyodide.LIMIT)
    return json.loads(done.output.splitlines()[-1]), done.seconds


def main() -> int:
    """Measure, print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    if reason := pyodide.missing():
        print(reason, file=sys.stderr)
        return 2
    here: list[list[float]] = []
    there: list[list[float]] = []
    for _ in range(rounds):
        results, whole = native()
        here.append([whole, *(result["seconds"] for result in results)])
        began = time.perf_counter()
        said = pyodide.check(JOBS)
        there.append([time.perf_counter() - began, *(result["seconds"] for result in said["results"])])
        assert [result["states"] for result in said["results"]] == [result["states"] for result in results]
    medians = [[median(column) for column in zip(*side, strict=True)] for side in (here, there)]
    names = ["whole process", *(f"{policy} in {scenario}" for policy, scenario, _ in JOBS)]
    rows = [
        {"what": name, "native": round(ours, 4), "pyodide": round(theirs, 4), "ratio": round(theirs / ours, 2)}
        for name, ours, theirs in zip(names, *medians, strict=True)
    ]
    print(f"{machine()}; Pyodide {said['pyodide']} (Python {said['python']}), Node {said['node']}; medians of {rounds}")
    for row in rows:
        print(f"  {row['what']:<24}{row['native']:8.3f} s here{row['pyodide']:8.3f} s there  {row['ratio']:.2f} times")
    versions = {key: said[key] for key in ("pyodide", "python", "node")}
    save("pyodide", {"rounds": rounds, "rows": rows, "loading": round(said["loading"], 2), **versions})
    return 1 if any(row["ratio"] > GOAL for row in rows[1:]) else 0


if __name__ == "__main__":
    sys.exit(main())
