"""Break the checker in one place, in a copy of the tree, and see whether a test notices."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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


# For each list of tests a fork, which finds pytest loaded and nothing of the tree. The answer is how it ended, and what
# was said.
SERVER = f"""
import json, os, sys, tempfile
from resource import RLIMIT_CPU, setrlimit

import hypothesis, pytest

assert "wbviz" not in sys.modules
for line in sys.stdin:
    with tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if not child:
            setrlimit(RLIMIT_CPU, ({LONGEST}, {2 * LONGEST}))
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            code = pytest.main(["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *json.loads(line)])
            sys.stdout.flush()
            os._exit(code)
        status = os.waitpid(child, 0)[1]
        said.seek(0)
        print(json.dumps([status, said.read()]), flush=True)
"""


@contextmanager
def tree() -> Iterator[Runs]:
    """A copy of what the tests need, and whoever runs them in it."""
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
        alone = {"PYTHONPATH": str(place), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0"}
        environment = os.environ | alone | {"WBVIZ_HUNT_SEED": "0", "WBVIZ_WHOLE": "1"}
        command = [sys.executable, "-c", SERVER]
        with subprocess.Popen(
            command, cwd=place, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            yield Runs(place, server)


class Runs:
    """Runs of tests in a tree, each in a process of its own that has pytest loaded already.

    What passes without a mutant is asked once.
    """

    def __init__(self, place: Path, server: subprocess.Popen[str]) -> None:
        self.place = place
        self._server = server
        self._sound = set[str]()

    def first_failure(self, tests: Sequence[str]) -> str:
        """The first of these tests that fails, or "". Raises `RuntimeError` where they could not be run."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(tests) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        if not answer:
            raise RuntimeError("the process that runs the tests has ended")
        status, said = json.loads(answer)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return ""
        if code == -SIGXCPU:
            return ENDLESS
        told = [line for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        failed = [_node(line.partition(" ")[2]) for line in told]
        if code not in (1, 2) or not failed:
            raise RuntimeError(f"the tests could not be run: {said}")
        return failed[0]

    def run(self, mutant: Mutant) -> Outcome:
        """Put the mutant into the tree, run its tests, take it out again.

        Raises `RuntimeError` where the test that failed fails without the mutant as well: then it has noticed nothing.
        """
        began = perf_counter()
        path = self.place / mutant.file
        whole = path.read_text(encoding="utf-8")
        path.write_text(changed(mutant, self.place), encoding="utf-8")
        try:
            killer = self.first_failure(mutant.tests)
        finally:
            path.write_text(whole, encoding="utf-8")
        if killer and killer != ENDLESS and killer not in self._sound:
            if self.first_failure([killer]):
                raise RuntimeError(f"{killer} fails although nothing is broken: repair that first")
            self._sound.add(killer)
        return Outcome(mutant, killer, perf_counter() - began)


def _node(said: str) -> str:
    """What failed, of "file::test[values] - why". Values may hold anything, even a dash; then all of them are meant."""
    node = said.partition(" - ")[0]
    return node.partition("[")[0] if "[" in node and not node.endswith("]") else node
