"""Break the checker in every listed place, one at a time, and print which test noticed.

python -m tests.mutation [PART…] [--only NAME]

PART: kernel, machine, verdicts, reductions, certify; without one, all. NAME: the mutants whose name begins so.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from time import perf_counter

from tests.mutation.harness import tree
from tests.mutation.mutants import PARTS


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.mutation", description="break the checker, see which test notices")
    parser.add_argument("parts", metavar="PART", nargs="*", help=f"{', '.join(PARTS)}; without one, all")
    parser.add_argument("--only", metavar="NAME", default="", help="the mutants whose name begins so")
    args = parser.parse_args()
    unknown = [part for part in args.parts if part not in PARTS]
    if unknown:
        print(f"there is no part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
        return 3
    of_parts = {part: PARTS[part] for part in args.parts or PARTS}
    chosen = {part: [it for it in its if it.name.startswith(args.only)] for part, its in of_parts.items()}
    if not any(chosen.values()):
        names = ", ".join(mutant.name for its in of_parts.values() for mutant in its)
        print(f"no mutant's name begins with {args.only!r}; there are: {names}")
        return 3
    survivors, said = [], []
    with tree() as runs:
        for part, mutants in chosen.items():
            began, noticed = perf_counter(), 0
            for mutant in mutants:
                killer, seconds = runs.run(mutant)[1:]
                print(f"{mutant.name:<44} {killer or 'SURVIVES':<100} {seconds:>5.1f} s", flush=True)
                noticed += bool(killer)
                survivors += [] if killer else [mutant]
            if mutants:
                said.append(f"{part}: killed {noticed} of {len(mutants)}, {perf_counter() - began:.0f} s")
    for line in said:
        print(line)
    for mutant in survivors:
        print(f"  {mutant.name}: {mutant.breaks}, and no test of {', '.join(mutant.tests)} notices")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
