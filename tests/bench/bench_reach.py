"""How cost grows: states, seconds and memory of `storm`, completely explored, as one size after another grows.

    python -m tests.bench.bench_reach [--longest SECONDS] [--only growth|farthest]

From three pages, one reclaimer, one work and one writer, one size grows at a time, until a run takes longer than
`--longest`. Whole processes from the shell; the median of three where a run takes less than two seconds. Prints the
numbers, and writes them into book/data/reach.json, from which the appendix "How far a proof reaches" is made.

Then the question that a user has: the largest `storm` that each tool proves within ten seconds of processor time and
1 GiB, one size growing at a time; Spin and Harmony with the model as the policy is written ("plain"), Spin with the
seconds of the C compiler. Processor time, since a machine may have other things to do. And the certificate, which asks
for no size.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from tests.bench.data import ROOT, machine, save
from tests.bench.ours import check
from tests.bench.peers.run import Answer, Failed, harmony, harmony_missing, process, spin, spin_missing, versions

START = {"pages": 3, "kswapd": 1, "works": 1, "writers": 1}
LARGEST = 8
LONGEST = 20.0
QUICK = 2.0
POLICY = "write_ahead"

SECONDS, MEMORY = 10.0, 2**30
"""What a proof may take: processor time, and memory at its peak."""
PATIENCE = 60.0
"""Seconds of wall clock after which it is not waited for any more, on a machine that is busy."""
GROWING = ("pages", "kswapd", "writers")
"""No reclaimer takes more works than there are pages, so the works do not grow alone."""
MOST_PAGES = {"Spin": 8}
"""A tool's model has a bit in a byte for each page."""


def run(sizes: dict[str, int], longest: float) -> Answer:
    """One size: the median of three where it is quick. Raises `Failed` where it takes too long."""
    first = check(POLICY, "storm", sizes, longest)
    if first.seconds > QUICK:
        return first
    seconds = [first.seconds, *(check(POLICY, "storm", sizes, longest).seconds for _ in range(2))]
    return first._replace(seconds=median(seconds))


def grow(size: str, longest: float) -> list[dict[str, Any]]:
    """The points of one curve."""
    points = []
    for value in range(1, LARGEST + 1):
        sizes = START | {size: value}
        try:
            answer = run(sizes, longest)
        except Failed:
            print(f"  {size} {value}: not done after {longest:.0f} s", flush=True)
            break
        if points and answer.states == points[-1]["states"]:
            print(f"  {size} {value}: no more states than before", flush=True)
            break  # no reclaimer takes more works than there are pages
        mib = answer.memory / 2**20
        print(f"  {size} {value}: {answer.states:,} states, {answer.seconds:.2f} s, {mib:.0f} MiB", flush=True)
        points.append(
            {"value": value, "states": answer.states, "seconds": round(answer.seconds, 3), "mib": round(mib, 1)}
        )
    return points


def provers() -> dict[str, Callable[[Mapping[str, int]], Answer]]:
    """Whoever is installed, each asked for a proof at a size."""
    found: dict[str, Callable[[Mapping[str, int]], Answer]] = {
        "wbviz": lambda sizes: check(POLICY, "storm", sizes, PATIENCE)
    }
    if not spin_missing():
        found["Spin"] = lambda sizes: spin("storm_plain", _macros(sizes), optimise="-O1", limit=PATIENCE)
    if not harmony_missing():
        found["Harmony"] = lambda sizes: harmony("storm_plain", _macros(sizes), limit=PATIENCE)
    return found


def _macros(sizes: Mapping[str, int]) -> dict[str, int]:
    return {name.upper(): value for name, value in sizes.items()}


def farthest(name: str, prove: Callable[[Mapping[str, int]], Answer], size: str) -> dict[str, Any]:
    """The largest proof of a tool as one size grows; "ends" says what ended it: the seconds, the memory, the
    model, or a tool that failed or was not waited for any more."""
    best: dict[str, Any] = {"value": 0}
    for value in range(START[size], 1_000):
        if size == "pages" and value > MOST_PAGES.get(name, value):
            return best | {"ends": "model"}
        try:
            answer = prove(START | {size: value})
        except Failed as problem:
            print(f"  {name}, {size} {value}: {str(problem)[:200]}", flush=True)
            return best | {"ends": "failed"}
        mib = answer.memory / 2**20
        print(f"  {name}, {size} {value}: {answer.states:,} states, {answer.cpu:.2f} s, {mib:.0f} MiB", flush=True)
        if answer.memory > MEMORY or answer.cpu > SECONDS:
            return best | {"ends": "memory" if answer.memory > MEMORY else "seconds"}
        best = {"value": value, "states": answer.states, "cpu": round(answer.cpu, 2), "mib": round(mib, 1)}
    return best


def certificate() -> float:
    """Seconds of processor time of the proof for every size, the whole process: the median."""
    command = [sys.executable, "-m", "wbviz", "certify", POLICY]
    return round(median(process(command, ROOT, PATIENCE).cpu for _ in range(5)), 2)


def main() -> int:
    """Measure every curve, and how far each tool comes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--longest", type=float, default=LONGEST, metavar="SECONDS")
    parser.add_argument("--only", choices=("growth", "farthest"))
    options = parser.parse_args()
    longest = options.longest
    print(machine())
    print(f"storm with {POLICY}: {', '.join(f'{name} {value}' for name, value in START.items())}, one of them grows")
    if options.only != "farthest":
        curves = {size: grow(size, longest) for size in START}
        save("reach", {"policy": POLICY, "start": START, "longest": longest, "curves": curves})
    if options.only != "growth":
        tools = {name: {size: farthest(name, prove, size) for size in GROWING} for name, prove in provers().items()}
        proof = certificate()
        print(f"  certificate: every size, {proof:.2f} s")
        limits = {"seconds": SECONDS, "mib": MEMORY // 2**20, "versions": versions(), "start": START}
        save("farthest", {**limits, "tools": tools, "certificate": proof})
    return 0


if __name__ == "__main__":
    sys.exit(main())
