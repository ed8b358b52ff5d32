"""How the tests are shared out among processes: a file's stay together, and so do all that open the book."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parent / "conftest.py"
TESTS = """
import os, pytest
from pathlib import Path

@pytest.mark.parametrize("number", range(12))
def test_where(number):
    with open(PLACE, "a") as file:
        file.write(f"{os.getpid()}\\n")
"""


def test_what_is_made_once_is_made_in_one_process(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    (tests / "browser").mkdir(parents=True)
    (tests / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    files = {"test_one": "one", "test_two": "two", "browser/test_a": "book", "browser/test_b": "book"}
    for file, name in files.items():
        (tests / f"{file}.py").write_text(f"PLACE = {str(tmp_path / name)!r}\n{TESTS}", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *["-n", "2", "--dist", "loadscope", "-p", "no:cacheprovider", "tests"],
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    processes = {name: set((tmp_path / name).read_text().split()) for name in ("one", "two", "book")}
    assert all(len(found) == 1 for found in processes.values()), processes
    assert len(set.union(*processes.values())) == 2, "all in one process: nothing was shared out"
