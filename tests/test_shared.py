"""How the tests run: a file's stay in one process, the book is built once, nothing has a deadline, parts are drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import settings

from tests.drawn import drawn

ROOT = Path(__file__).parents[1]
TESTS = """
import os, pytest
from pathlib import Path
from tests.once import once

PLACE = Path({place!r})

@pytest.fixture(scope="session")
def made(tmp_path_factory):
    def make():
        with (PLACE / "made").open("a") as file:
            file.write(f"{{os.getpid()}}\\n")
        return "made"
    return once(tmp_path_factory, "it", make)

@pytest.mark.parametrize("number", range(12))
def test_where(number, made):
    assert made == "made"
    with (PLACE / {name!r}).open("a") as file:
        file.write(f"{{os.getpid()}}\\n")
"""


def test_a_file_stays_in_one_process_and_what_all_need_is_made_once(tmp_path: Path) -> None:
    """As `make pytest` calls it: with `loadscope`, or marks that xdist does not see, a file's tests were in two."""
    (call,) = [line for line in (ROOT / "Makefile").read_text().splitlines() if " -m pytest -n auto" in line]
    shared = call.partition(" -m pytest -n auto ")[2].split()
    tests = tmp_path / "tests_of_this"
    tests.mkdir()
    names = ("one", "two", "three", "four")
    for name in names:
        text = TESTS.format(place=str(tmp_path), name=name)
        (tests / f"test_{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *shared, "-p", "no:cacheprovider", tests.name]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    processes = {name: set((tmp_path / name).read_text().split()) for name in names}
    assert all(len(found) == 1 for found in processes.values()), processes
    assert len(set.union(*processes.values())) == 2, "all in one process: nothing was shared out"
    assert len((tmp_path / "made").read_text().split()) == 1


def test_no_example_has_a_deadline() -> None:
    """In CI there was none by a profile of hypothesis's own, which hid that elsewhere there was one, of 200 ms."""
    assert settings.default is not None
    assert settings.default.deadline is None


def test_what_is_drawn_has_one_of_each_kind_is_another_each_day_and_is_all_over_time() -> None:
    table = [f"{kind}{number}" for kind in "abc" for number in range(5)]
    days = [drawn(table, lambda case: case[0], 2, seed=str(day), whole=False) for day in range(100)]
    for cases in days:
        assert {case[0] for case in cases} == set("abc")
        assert len(set(cases)) == len(cases) == 5
        assert cases == sorted(cases)
    assert set().union(*days) == set(table)
    assert drawn(table, lambda case: case[0], 2, seed="1", whole=False) == days[1]
    assert drawn(table, lambda case: case[0], 2, seed="1", whole=True) == table
