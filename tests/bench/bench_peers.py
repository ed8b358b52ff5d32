"""Our checker beside Spin and Harmony, on `storm` explored completely: seconds and peak memory of whole processes.

    python -m tests.bench.bench_peers [--rounds N] [--sizes 3,1,1,1 …]

Two forms of their models. "fused": a person has fused by hand every step that nobody can tell apart, which is the best
that the tools can do. "plain": one step for each operation, as the policy is written, which is what our checker gets.
Both leave out the disk, writeback and pins; ours has them. The rounds go through the tools in turn, so that a busy
moment of the machine does not fall on one alone. Spin's time includes translation and compilation, at the level of
optimisation that suits the size best; Harmony's is that of its best number of workers. Memory is that of the process
that searches. Exits 1 when a goal is missed: three times faster than the faster of the two (fused), and less memory
than either.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.bench.peers.install import install
from tests.bench.peers.run import Answer, Failed, harmony, harmony_missing, process, spin, spin_missing, versions

ROOT = Path(__file__).parents[2]
NAMES = ("pages", "kswapd", "works", "writers")
SIZES = ("3,1,1,1", "3,2,1,1", "4,2,1,1", "5,2,1,1", "3,2,2,1")
ROUNDS = 5
GOAL = 3.0
LIMIT = 120.0
"""Seconds that our checker gets for one run before it is stopped."""

Run = Callable[[], Answer]


def ours(sizes: dict[str, int]) -> Answer:
    """`python -m wbviz check` in a process of its own. Raises `Failed` unless everything was covered."""
    command = [sys.executable, "-m", "wbviz", "check", "write_ahead", "--scenario", "storm"]
    for name, size in sizes.items():
        command += ["--set", f"{name}={size}"]
    done = process([*command, "--max-states", str(10**9)], ROOT, LIMIT)
    if done.status:
        raise Failed(f"{' '.join(command)}: status {done.status}\n{done.output[-2000:]}")
    counted = [word for line in done.output.splitlines() if " states, " in line for word in line.split()[:1]]
    return Answer("safe", int(counted[-1].replace(",", "")), done.seconds, done.memory)


def peers(sizes: dict[str, int], model: str) -> dict[str, Run]:
    """Spin and Harmony as they do best at this size: each way to run them is tried once."""
    macros = {name.upper(): size for name, size in sizes.items()}

    def by_spin(level: str) -> Run:
        return lambda: spin(model, macros, optimise=level)

    def by_harmony(workers: int) -> Run:
        return lambda: harmony(model, macros, workers=workers)

    found = {}
    if not spin_missing():
        found["Spin"] = best([by_spin(level) for level in ("-O0", "-O1", "-O2")])
    if not harmony_missing():
        found["Harmony"] = best([by_harmony(workers) for workers in range(1, (os.cpu_count() or 1) + 1)])
    return found


def best(ways: list[Run]) -> Run:
    """The fastest of some ways to do the same."""
    return min(ways, key=lambda way: way().seconds)


def measure(runs: dict[str, Run], rounds: int) -> dict[str, Answer]:
    """The median seconds and the most memory of each; what is not done within its limit is left out."""
    answers: dict[str, list[Answer]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name in list(runs):
            try:
                answers[name].append(runs[name]())
            except Failed as problem:
                print(f"  {name}: {problem}", flush=True)
                del runs[name]
                del answers[name]
    return {
        name: some[0]._replace(
            seconds=median(answer.seconds for answer in some), memory=max(answer.memory for answer in some)
        )
        for name, some in answers.items()
    }


def show(size: str, rounds: int) -> bool:
    """Measure and print one size; True if the goals are met there."""
    sizes = dict(zip(NAMES, map(int, size.split(",")), strict=True))
    runs: dict[str, Run] = {"wbviz": lambda: ours(sizes)}
    runs |= {f"{name}, fused": run for name, run in peers(sizes, "storm").items()}
    runs |= {f"{name}, plain": run for name, run in peers(sizes, "storm_plain").items()}
    print(f"storm {size}  ({', '.join(f'{name} {value}' for name, value in sizes.items())})", flush=True)
    found = measure(runs, rounds)
    we = found.get("wbviz")
    for name, answer in found.items():
        line = f"  {name:<15}{answer.seconds:8.2f} s{answer.memory / 2**20:8.0f} MiB{answer.states:12,} states  {answer.verdict}"
        if we and name != "wbviz":
            line += f"  (wbviz is {answer.seconds / we.seconds:.2f} times as fast, needs {we.memory / answer.memory:.2f} of the memory)"
        print(line, flush=True)
    rivals = [answer for name, answer in found.items() if name.endswith("fused")]
    return (
        we is not None
        and we.seconds * GOAL <= min(answer.seconds for answer in rivals)
        and we.memory < min(answer.memory for answer in rivals)
    )


def machine() -> str:
    """The processor, the cores, the system and Python, in one line."""
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        cpu = models[0].split(":", 1)[1].strip() if models else cpu
    return f"{cpu or 'unknown processor'}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()}"


def main() -> int:
    """Measure every size, print the numbers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    options = parser.parse_args()
    if harmony_missing():
        install()
    if reason := spin_missing():
        print(reason, file=sys.stderr)
        return 2
    print(machine())
    print("; ".join(versions()))
    print(f"medians of {options.rounds}; goal: at least {GOAL:.0f} times as fast as the faster of the fused, less memory than both")
    missed = [size for size in options.sizes if not show(size, options.rounds)]
    if missed:
        print(f"the goal is missed at {'  '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
