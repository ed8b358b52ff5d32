"""Break the checker in one place, in a copy of the tree, and see whether a test notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RLIMIT_CPU, setrlimit
from signal import SIGXCPU
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("wbviz", "tests", "exercises")
FILES = ("pyproject.toml", "README.md")
LONGEST = 60
"""Seconds of processor time after which a run is ended: a mutant may send the checker round for ever, and that is
noticed as well."""
ENDLESS = f"(no end within {LONGEST} s)"

# Random tests need not look for the smallest case: that something fails is enough.
CONFTEST = """
from hypothesis import HealthCheck, Phase, settings
import wbviz
from pathlib import Path

assert Path(wbviz.__file__).parent == Path(__file__).parents[1] / "wbviz", "the tests look at another tree"
settings.register_profile("mutation", phases=(Phase.explicit, Phase.generate), database=None, deadline=None)
settings.load_profile("mutation")
"""


class Mutant(NamedTuple):
    """One condition of the checker, broken: in `file` the text `old`, which stands there once, becomes `new`.

    `breaks` says what is wrong then; `tests` are those that are expected to notice.
    """

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...]


class Outcome(NamedTuple):
    """`killer` is the first test that failed, "" where none did: the mutant has survived. `seconds` of waiting."""

    mutant: Mutant
    killer: str
    seconds: float


class Stale(Exception):
    """The text that a mutant replaces does not stand exactly once where it should."""


def changed(mutant: Mutant, root: Path = ROOT) -> str:
    """The file with the mutant in it. Raises `Stale`."""
    text = (root / mutant.file).read_text(encoding="utf-8")
    found = text.count(mutant.old)
    if found != 1:
        raise Stale(
            f"mutant {mutant.name}: its old text stands {found} times in {mutant.file}, not once; "
            f"the code has changed, so write the mutant anew:\n{mutant.old}"
        )
    return text.replace(mutant.old, mutant.new)


@contextmanager
def tree() -> Iterator[Path]:
    """A copy of what the tests need."""
    with TemporaryDirectory(prefix="mutants-") as folder:
        place = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "browser"))
        for name in FILES:
            shutil.copy(ROOT / name, place / name)
        (place / "tests/conftest.py").write_text(CONFTEST, encoding="utf-8")
        # Compiled once, and valid by content: two mutants of a file may be equally old and equally long.
        compiling = ("-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "wbviz")
        subprocess.run([sys.executable, *compiling], cwd=place, check=True)
        yield place


def first_failure(place: Path, tests: Sequence[str]) -> str:
    """The first of these tests that fails in a tree, or "". Raises `RuntimeError` where they could not be run."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *tests]
    alone = {"PYTHONPATH": str(place), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0"}
    environment = os.environ | alone | {"WBVIZ_HUNT_SEED": "0"}
    done = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, preexec_fn=_bounded, check=False
    )
    if done.returncode == 0:
        return ""
    if done.returncode == -SIGXCPU:
        return ENDLESS
    told = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    failed = [line.partition(" ")[2].partition(" - ")[0] for line in told]
    if done.returncode not in (1, 2) or not failed:
        raise RuntimeError(f"the tests could not be run: {done.stdout}{done.stderr}")
    return failed[0]


def _bounded() -> None:
    setrlimit(RLIMIT_CPU, (LONGEST, 2 * LONGEST))


def run(mutant: Mutant, place: Path) -> Outcome:
    """Put the mutant into the tree, run its tests, take it out again.

    Raises `RuntimeError` where the test that failed fails without the mutant as well: then it has noticed nothing.
    """
    began = perf_counter()
    path = place / mutant.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(changed(mutant, place), encoding="utf-8")
    try:
        killer = first_failure(place, mutant.tests)
    finally:
        path.write_text(whole, encoding="utf-8")
    if killer and killer != ENDLESS and first_failure(place, [killer]):
        raise RuntimeError(f"{killer} fails although nothing is broken: repair that first")
    return Outcome(mutant, killer, perf_counter() - began)
