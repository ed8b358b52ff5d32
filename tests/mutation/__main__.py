"""Break the checker in every listed place, one at a time, and print which test noticed.

python -m tests.mutation [--only NAME]     NAME: the mutants whose name begins so; without it, all
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from tests.mutation.harness import run, tree
from tests.mutation.mutants import MUTANTS


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.mutation", description="break the checker, see which test notices")
    parser.add_argument("--only", metavar="NAME", default="", help="the mutants whose name begins so")
    asked = parser.parse_args().only
    chosen = [mutant for mutant in MUTANTS if mutant.name.startswith(asked)]
    if not chosen:
        print(f"no mutant's name begins with {asked!r}; there are: {', '.join(it.name for it in MUTANTS)}")
        return 3
    survivors = []
    with tree() as place:
        for mutant in chosen:
            outcome = run(mutant, place)
            print(f"{mutant.name:<44} {outcome.killer or 'SURVIVES':<100} {outcome.seconds:>5.1f} s", flush=True)
            if not outcome.killer:
                survivors.append(mutant)
    print(f"{len(chosen)} mutants, {len(chosen) - len(survivors)} noticed, {len(survivors)} not")
    for mutant in survivors:
        print(f"  {mutant.name}: {mutant.breaks}, and no test of {', '.join(mutant.tests)} notices")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
