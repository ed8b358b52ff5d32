"""Runs every benchmark, one after another: ``python -m tests.bench [NAME…]``, or ``make bench``.

A benchmark is a file ``bench_NAME.py`` beside this one whose ``main()`` prints its numbers and returns 0, or 1 when a
number misses its goal. They are apart from the tests, since a time depends on the machine.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, all if there are none; returns 1 if one failed or missed its goal."""
    found = {path.stem.removeprefix("bench_"): path.stem for path in sorted(Path(__file__).parent.glob("bench_*.py"))}
    unknown = [name for name in names if name not in found]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    missed = []
    for name in names or found:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.bench.{found[name]}"], check=False).returncode:
            missed.append(name)
    if missed:
        print(f"failed or missed a goal: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
