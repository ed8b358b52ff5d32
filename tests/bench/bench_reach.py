"""How cost grows: states, seconds and memory of `storm`, completely explored, as one size after another grows.

    python -m tests.bench.bench_reach [--longest SECONDS]

From three pages, one reclaimer, one work and one writer, one size grows at a time, until a run takes longer than
`--longest`. Whole processes from the shell; the median of three where a run takes less than two seconds. Prints the
numbers, and writes them into book/data/reach.json, from which the appendix "How far a proof reaches" is made.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median
from typing import Any

from tests.bench.data import machine, save
from tests.bench.ours import check
from tests.bench.peers.run import Answer, Failed

START = {"pages": 3, "kswapd": 1, "works": 1, "writers": 1}
LARGEST = 8
LONGEST = 20.0
QUICK = 2.0
POLICY = "write_ahead"


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


def main() -> int:
    """Measure every curve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--longest", type=float, default=LONGEST, metavar="SECONDS")
    longest = parser.parse_args().longest
    print(machine())
    print(f"storm with {POLICY}: {', '.join(f'{name} {value}' for name, value in START.items())}, one of them grows")
    curves = {size: grow(size, longest) for size in START}
    save("reach", {"policy": POLICY, "start": START, "longest": longest, "curves": curves})
    return 0


if __name__ == "__main__":
    sys.exit(main())
