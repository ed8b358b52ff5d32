"""Our checker beside Spin and Harmony, on `storm` explored completely: seconds and peak memory of whole processes.

    python -m tests.bench.bench_peers [--rounds N] [--sizes 3,1,1,1 …]

Two forms of their models. "plain": one step for each operation, as the policy is written, which is what our checker
gets as well; the goals are set against it. "fused": a person has fused by hand every step that nobody can tell apart,
the best that the tools can do. Both leave out the disk, writeback and pins; ours has them. The rounds go through the
tools in turn, so that a busy moment of the machine does not fall on one alone.

Ours is measured as it comes, pure Python, and compiled: the same source, once (`make compiled`), as Harmony was compiled
when it was installed. Spin's time and memory include translation and compilation, at the level of optimisation that
suits the size best (what its search alone needs is printed too); Harmony's are those of its best number of workers.

The goals are for the compiled form: three times as fast as the faster of the two (plain), less memory than either; and
`abba`, the smallest question, in a quarter of a second with the pure one. Exits 1 when one is missed. Where the pure
form reaches the goal as well is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.data import ROOT, machine, save
from tests.bench.ours import check
from tests.bench.peers.install import install
from tests.bench.peers.run import Answer, Failed, harmony, harmony_missing, spin, spin_missing, versions
from wbviz.commands.compiled import build_in
from wbviz.errors import UsageError

NAMES = ("pages", "kswapd", "works", "writers")
SIZES = ("3,1,1,1", "3,2,1,1", "4,2,1,1", "5,2,1,1", "3,2,2,1")
ROUNDS = 5
GOAL = 3.0
ABBA_GOAL = 0.25
PURE, COMPILED, PLAIN = "wbviz", "wbviz, compiled", "plain"
FORMS = {PLAIN: "storm_plain", "fused": "storm"}
MIB = 2**20
Run = Callable[[], Answer]


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
            seconds=median(answer.seconds for answer in some),
            memory=max(answer.memory for answer in some),
            search=max(answer.search for answer in some),
        )
        for name, some in answers.items()
    }


def show(size: str, rounds: int, compiled: Path) -> dict[str, Any]:
    """Measure and print one size; the row of the table."""
    sizes = dict(zip(NAMES, map(int, size.split(",")), strict=True))
    runs: dict[str, Run] = {
        PURE: lambda: check("write_ahead", "storm", sizes),
        COMPILED: lambda: check("write_ahead", "storm", sizes, compiled=compiled),
    }
    for form, model in FORMS.items():
        runs |= {f"{name}, {form}": run for name, run in peers(sizes, model).items()}
    print(f"storm {size}  ({', '.join(f'{name} {value}' for name, value in sizes.items())})", flush=True)
    found = measure(runs, rounds)
    for name, answer in found.items():
        line = f"  {name:<15}{answer.seconds:8.3f} s{answer.memory / MIB:6.0f} MiB{answer.states:11,} states"
        if answer.search < answer.memory:
            line += f"  ({answer.search / MIB:.0f} MiB without the compiler)"
        for we in (COMPILED, PURE):
            if we in found and not name.startswith(PURE):
                line += f"  {we}: {answer.seconds / found[we].seconds:.2f} times as fast"
        print(line, flush=True)
    return {
        "sizes": sizes,
        "tools": {
            name: {
                "seconds": round(a.seconds, 3),
                "mib": round(a.memory / MIB, 1),
                "search": round(a.search / MIB, 1),
                "states": a.states,
            }
            for name, a in found.items()
        },
    }


def met(row: dict[str, Any], us: str) -> bool:
    """Whether one of our forms reaches the goals at a size, against the models as the policy is written."""
    tools = row["tools"]
    rivals = [answer for name, answer in tools.items() if name.endswith(f", {PLAIN}")]
    return (
        us in tools
        and bool(rivals)
        and tools[us]["seconds"] * GOAL <= min(answer["seconds"] for answer in rivals)
        and tools[us]["mib"] < min(answer["mib"] for answer in rivals)
    )


def abba(rounds: int) -> float:
    """Seconds of `python -m wbviz check pin_then_lock --scenario abba`, the whole process: the median."""
    return median(check("pin_then_lock", "abba", {}).seconds for _ in range(rounds))


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
    try:
        compiled = build_in(ROOT)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print(machine())
    print("; ".join(versions()))
    print(f"medians of {options.rounds}; goal: {GOAL:.0f} times as fast as the faster of the {PLAIN} ones, less memory")
    rows = [show(size, options.rounds, compiled) for size in options.sizes]
    quick = abba(options.rounds)
    print(f"pin_then_lock in abba, the whole process: {quick:.3f} s; goal {ABBA_GOAL}")
    if tuple(options.sizes) == SIZES:
        save("peers", {"versions": versions(), "rounds": options.rounds, "rows": rows, "abba": round(quick, 3)})
    missed = False
    for us in (COMPILED, PURE):
        sizes = [size for size, row in zip(options.sizes, rows, strict=True) if not met(row, us)]
        print(f"{us}: the goal is " + (f"missed at {'  '.join(sizes)}" if sizes else "reached at every size"))
        missed = missed or bool(us == COMPILED and sizes)
    return 1 if missed or quick > ABBA_GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
