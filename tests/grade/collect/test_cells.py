"""A notebook and the file that is graded agree: what the kernel has is what is handed in."""

from __future__ import annotations

import linecache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.grade.batch.helping import small_exercise, source
from tests.grade.collect.helping import POLICY, collected, lay, notebook
from wbviz.check.check import check_scenario
from wbviz.grade.collect.cells import policy_of
from wbviz.grade.platforms.nbgrader import points
from wbviz.policy.load import policy_from_text
from wbviz.policy.notebook import as_policy
from wbviz.scenarios.catalogue import build

RIGHT = source("pin_then_lock")
ENQUEUE, EXECUTE = RIGHT[RIGHT.index("def enqueue") : RIGHT.index("def execute")], RIGHT[RIGHT.index("def execute") :]
WRONG = EXECUTE.replace("page.mapping is not None and page.dirty", "True")
WRITE = """
def write(mm, page):
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
WITH_HELPER = """
def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    yield from write(mm, page)
"""
NOTEBOOKS = {
    "one cell": [RIGHT],
    "a helper before": ["import wbviz", WRITE, ENQUEUE + WITH_HELPER],
    "a helper after": [ENQUEUE + WITH_HELPER, WRITE],
    "two cells": [EXECUTE, ENQUEUE],
    "a constant and an import": [
        "import math\nSOME = [2]",
        "SOME.append(math.floor(3.5))",
        ENQUEUE,
        WITH_HELPER,
        WRITE.replace("if", "if SOME == [2, 3] and"),
    ],
    "a class and a decorator": [
        "import functools\nclass Known:\n    twice = 2\n",
        "def same(function):\n    return functools.wraps(function)(lambda *args: function(*args))\n",
        f"{ENQUEUE}\n@same\n{EXECUTE}\n",
    ],
    "a helper that was mended": [
        WRITE.replace("page.mapping is not None and page.dirty", "True"),
        WRITE,
        ENQUEUE,
        WITH_HELPER,
    ],
    "a helper that was broken": [
        WRITE,
        WRITE.replace("page.mapping is not None and page.dirty", "True"),
        ENQUEUE,
        WITH_HELPER,
    ],
    "a later cell is wrong": [RIGHT, WRONG],
    "a later cell is right": [ENQUEUE + WRONG, EXECUTE],
    "what is only tried": [ENQUEUE, EXECUTE, "for _ in range(2):\n    1 + 1", "page = 3\nwork = None"],
    "a local name that another cell has": ["page = print", RIGHT],
}
_NUMBERS = count()


def kernel(cells: list[str]) -> dict[str, Any]:
    """What a kernel has after these cells."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        file = f"<cell {next(_NUMBERS)}>"
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        exec(compile(cell, file, "exec"), names)
    return names


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "a helper before"])
@pytest.mark.parametrize("scenario", ["truncated", "abba"])
def test_the_verdict_is_the_notebooks(name: str, scenario: str) -> None:
    cells = NOTEBOOKS[name]
    taken = policy_of(cells)
    assert taken is not None
    names = kernel(cells)
    there = check_scenario(as_policy((names["enqueue"], names["execute"])), build(scenario, {}))
    here = check_scenario(policy_from_text(taken.text), build(scenario, {}))
    assert here.verdict == there.verdict


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nbgraders_cell_and_what_is_collected_agree(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = str(small_exercise(tmp_path))
    (one,) = collected(tmp_path, lay(tmp_path / "in", {"a.ipynb": notebook(*NOTEBOOKS[name])})).submissions
    assert one.policy is not None
    collected_points = points(exercise, [one.policy.read_text(encoding="utf-8")])
    capsys.readouterr()
    assert points(exercise, NOTEBOOKS[name]) == collected_points
    assert (collected_points == 100) == (name not in ("a later cell is wrong", "a helper that was broken"))


def test_what_competes_and_what_is_left_out_is_told() -> None:
    first, second = RIGHT, RIGHT.replace("True", "1 == 1")
    taken = policy_of([first, second])
    assert taken is not None
    assert taken.notes == tuple(f"2 cells define {name}: the last of them counts" for name in ("enqueue", "execute"))
    assert taken.text == second
    same = policy_of([first, first])
    assert same is not None
    assert same.notes == ()
    magic = policy_of([f"%time\n!pip install x\nimport wbviz\n{RIGHT}\nwbviz.check((enqueue, execute))\n"])
    assert magic is not None
    assert magic.notes == ("lines for IPython, which begin with % or !, were left out: 2",)
    assert magic.text.strip() == RIGHT.strip()
    helped = policy_of(NOTEBOOKS["a helper after"])
    assert helped is not None
    assert helped.notes == ("what it needs from other cells is in front of it: write",)


@pytest.mark.parametrize(
    "cell",
    [
        f"%%time\n{POLICY.decode()}",
        f"%%writefile policy.py\n{POLICY.decode()}",
        f"{POLICY.decode()}\nx = (7\n% 3)\n",
        f"{POLICY.decode()}\n?enqueue\n",
    ],
)
def test_magic_of_ipython_leaves_python_as_it_is(cell: str) -> None:
    taken = policy_of(["%%bash\ndef enqueue; def execute", cell])
    assert taken is not None
    assert POLICY.decode().strip() in taken.text
    compile(taken.text, "policy.py", "exec")


def test_lines_keep_their_numbers_where_a_cell_is_all_there_is() -> None:
    text = f'"""About it."""\nimport wbviz\n\n# a remark\n{RIGHT}'
    taken = policy_of([text])
    assert taken is not None
    assert taken.text == text.replace("import wbviz", "")


def test_a_cell_that_is_no_python_is_handed_on_to_be_quoted() -> None:
    taken = policy_of([WRITE, "def enqueue(mm, page)\n    pass\n\ndef execute(mm, work):\n    yield"])
    assert taken is not None
    assert taken.text.startswith("def enqueue(mm, page)\n")
    assert policy_of(["1 + 1", "def enqueue(mm, page):\n    yield"]) is None
    deep = f"{POLICY.decode()}\nX = {'+'.join(['1'] * 4000)}\nexecute.x = X\n"
    assert policy_of([deep]) is not None
