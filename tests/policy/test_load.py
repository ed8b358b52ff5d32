"""Policies by name, from files, from text, and from functions."""

from __future__ import annotations

import linecache
import os
import types
from pathlib import Path
from typing import Any

import pytest

from tests.policy.driving import ENQUEUE, EXECUTE, begin, reader
from wbviz.errors import PolicyError, UsageError
from wbviz.policy.histories import Fault, Op, Return
from wbviz.policy.load import (
    Policy,
    builtin_names,
    load_policy,
    policy_from_text,
)
from wbviz.policy.notebook import as_policy, policy_from_functions
from wbviz.policy.source import Source


def test_a_built_in_policy_by_its_name() -> None:
    policy = load_policy("pin_then_lock")
    assert (policy.name, policy.path) == ("pin_then_lock", "pin_then_lock.py")
    assert "def execute(mm, work):" in policy.source
    assert policy.problem() is None


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ENQUEUE + EXECUTE)
    for given in (file, str(file)):
        policy = load_policy(given)
        assert (policy.name, policy.path, policy.source) == ("mine", "mine.py", ENQUEUE + EXECUTE)
        assert policy.problem() is None


def test_a_file_with_a_byte_order_mark_and_other_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(b"\xef\xbb\xbf" + (ENQUEUE + EXECUTE).replace("\n", "\r\n").encode())
    assert load_policy(file).source == ENQUEUE + EXECUTE
    assert load_policy(file).problem() is None


def test_a_built_in_name_wins_over_a_file_without_suffix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leaky").write_text("nonsense")
    monkeypatch.chdir(tmp_path)
    assert load_policy("leaky").problem() is None
    assert load_policy("./leaky").problem() is not None


@pytest.mark.parametrize(
    ("given", "what", "cause", "policy"),
    [
        ("pin_then_lok", "there is no policy pin_then_lok", "misspelt: pin_then_lock", "pin_then_lock"),
        ("writeahead", "there is no policy writeahead", "misspelt: write_ahead", "write_ahead"),
        ("x/write_ahead.py", "there is no policy x/write_ahead.py", "", "write_ahead"),
        ("zzzzzzzz", "there is no policy zzzzzzzz", "", "./policy.py"),
    ],
)
def test_an_unknown_name(given: str, what: str, cause: str, policy: str) -> None:
    with pytest.raises(UsageError) as error:
        load_policy(given)
    assert error.value.what == what
    assert error.value.cause.endswith(cause)
    assert error.value.fix == f'wbviz.check("{policy}", "abba")'
    assert error.value.command == f"python -m wbviz check {policy}"
    assert all(name in error.value.expected for name in builtin_names())


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory") as error:
        load_policy(tmp_path)
    assert error.value.command.endswith("policy.py")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "latin.py"
    file.write_bytes(b"x = 1\n# caf\xe9\n")
    with pytest.raises(PolicyError) as error:
        load_policy(file)
    assert (error.value.line, error.value.what) == (2, "the file is not UTF-8 text")
    assert "0xe9 at position 11" in error.value.came


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("")
    file.chmod(0)
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(file)


@pytest.mark.parametrize("text", ["x = '\0'", "(" * 5000, "def f(:\n"])
def test_what_is_wrong_with_the_python_is_a_problem_not_an_exception(text: str) -> None:
    policy = policy_from_text(text, "mine")
    problem = policy.problem()
    assert problem is not None
    assert "this is not Python" in problem.what
    assert problem.file == "mine.py"
    for _ in range(2):
        turn = policy.programs().start("enqueue", ("page", 0), reader())
        assert isinstance(turn.request, Fault)
        assert str(turn.request.error) == str(problem)


def test_warnings_of_the_compiler_are_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    policy = policy_from_text(ENQUEUE + EXECUTE + "'\\d' is 3\n")
    assert policy.problem() is None
    assert not recwarn.list


# Functions of a notebook, this file standing for its cells

LIMIT = 2
SEEN: list[int] = []


def helper(mm: Any, page: Any) -> Any:
    for _ in range(LIMIT):
        yield mm.lock_page(page)


def put_in_queue(mm: Any, page: Any) -> Any:
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))


def work_off(mm: Any, work: Any) -> Any:
    yield from helper(mm, work.page)
    yield mm.queue_work(n=len(SEEN))


class Attempts:
    def __init__(self) -> None:
        self.n = 0


FROZEN = memoryview(b"cannot be copied")


def try_for_ever(mm: Any, work: Any) -> Any:
    attempts = Attempts()
    while True:
        attempts.n = (attempts.n + 1) % 3
        yield mm.queue_work(n=attempts.n)


def look_at_frozen(mm: Any, work: Any) -> Any:
    yield mm.queue_work(n=len(FROZEN))


def remember(mm: Any, work: Any) -> Any:
    yield mm.cond_resched()
    SEEN.append(1)


def look_outside(mm: Any, work: Any) -> Any:
    yield mm.queue_work(n=os.getpid())


def finish(policy: Policy) -> list[Any]:
    programs = policy.programs()
    requests = [begin(programs)]
    while isinstance(requests[-1].request, Op):
        requests.append(programs.resume(requests[-1].place, None, reader()))
    return [turn.request for turn in requests]


def test_functions_are_a_policy_with_a_source_to_quote() -> None:
    policy = policy_from_functions(put_in_queue, work_off)
    assert policy.problem() is None
    requests = finish(policy)
    assert [request.name for request in requests[:-1]] == ["lock_page", "lock_page", "queue_work"]
    lines = policy.source.splitlines()
    assert [lines[number - 1].strip() for number in requests[0].lines] == [
        "yield from helper(mm, work.page)",
        "yield mm.lock_page(page)",
    ]
    assert requests[-1] == Return(None)


OLDER = """import wbviz

# What reclaim calls.
def enqueue(mm, page):
    yield mm.queue_work(page=page, tries=TRIES)

def execute(mm, work):
    yield mm.writepage(work.page)

TRIES = 2
found = check(enqueue, execute)
print(found)
"""
NEWER = """def execute(mm, work):
    yield mm.lock_page(work.page)
    yield mm.unlock_page(work.page)

check(enqueue, execute)
"""


def test_of_a_cell_the_policy_has_what_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # A chapter's player showed two `execute` with the check and its print between them. The tests had functions of a
    # file only, whose text is nothing but the policy.
    namespace: dict[str, Any] = {"check": lambda *_: None}
    for name, cell in (("<cell 1>", OLDER), ("<cell 2>", NEWER)):
        monkeypatch.setitem(linecache.cache, name, (len(cell), None, cell.splitlines(keepends=True), name))
        exec(compile(cell, name, "exec"), namespace)
    policy = policy_from_functions(namespace["enqueue"], namespace["execute"])
    assert policy.source == (
        "# What reclaim calls.\ndef enqueue(mm, page):\n    yield mm.queue_work(page=page, tries=TRIES)\n\n"
        "TRIES = 2\n\n"
        "def execute(mm, work):\n    yield mm.lock_page(work.page)\n    yield mm.unlock_page(work.page)\n"
    )
    lines = policy.source.splitlines()
    programs = policy.programs()
    for function, said in (("enqueue", "queue_work"), ("execute", "lock_page")):
        request = begin(programs, function).request
        assert said in lines[request.lines[0] - 1]


def test_what_functions_change_is_changed_in_a_copy() -> None:
    error = finish(policy_from_functions(put_in_queue, remember))[-1].error
    assert "changed the global SEEN" in error.what
    assert error.source.strip() == "SEEN.append(1)"
    assert SEEN == []


def test_classes_of_a_notebook_fold_by_their_attributes() -> None:
    programs = policy_from_functions(put_in_queue, try_for_ever).programs()
    turn = begin(programs)
    places = [turn.place]
    for _ in range(6):
        turn = programs.resume(turn.place, True, reader())
        places.append(turn.place)
    assert places == [0, 1, 2, 0, 1, 2, 0]


def test_what_cannot_be_copied_is_shared() -> None:
    assert finish(policy_from_functions(put_in_queue, look_at_frozen))[0].info == (("n", ("int", len(FROZEN))),)


def test_modules_that_functions_use_are_looked_at_too() -> None:
    error = finish(policy_from_functions(put_in_queue, look_outside))[-1].error
    assert "cannot import os" in error.what


def test_functions_with_another_signature() -> None:
    problem = policy_from_functions(work_off, finish).problem()
    assert problem is not None
    assert problem.what == "execute cannot be called as execute(mm, work)"
    assert problem.source == "def finish(policy: Policy) -> list[Any]:"


def test_functions_without_a_text() -> None:
    namespace: dict[str, Any] = {}
    exec(ENQUEUE + EXECUTE, namespace)
    with pytest.raises(UsageError, match="the text of enqueue cannot be found"):
        policy_from_functions(namespace["enqueue"], namespace["execute"])


def test_a_policy_from_whatever_there_is(tmp_path: Path) -> None:
    class Mine:
        enqueue = staticmethod(put_in_queue)
        execute = staticmethod(work_off)

    module = types.ModuleType("mine")
    module.enqueue, module.execute = put_in_queue, work_off  # type: ignore[attr-defined]
    pair = (put_in_queue, work_off)
    for thing in (pair, list(pair), dict(zip(("enqueue", "execute"), pair, strict=True)), Mine, Mine(), module):
        assert as_policy(thing).problem() is None
    assert as_policy(module).name == "mine"
    assert as_policy("leaky").name == "leaky"
    policy = load_policy("leaky")
    assert as_policy(policy) is policy


@pytest.mark.parametrize("thing", [3, (1, 2), {"enqueue": put_in_queue}, None, object()])
def test_what_is_no_policy(thing: Any) -> None:
    with pytest.raises(UsageError, match="this is no policy"):
        as_policy(thing)


WRAPPED = """
SEEN = []

def wrapped(function):
    def enqueue(mm, page):
        return (yield from function(mm, page))
    return enqueue

@wrapped
def enqueue(mm, page):
    SEEN.append(page)
    if len(SEEN) % 3:
        yield mm.get_page(page)

def execute(mm, work):
    yield mm.put_page(work.page)
"""


def test_of_a_cell_nothing_is_left_out_that_a_closure_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof looks at what is shown of a cell: without the function within, this one looked plain, and was
    asked once where it answers differently each time. Cells had been made of plain functions only."""
    name = "<ipython-input-2-wrapped>"
    monkeypatch.setitem(linecache.cache, name, (len(WRAPPED), None, WRAPPED.splitlines(keepends=True), name))
    cell: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(WRAPPED, name, "exec"), cell)
    made = policy_from_functions(cell["enqueue"], cell["execute"])
    assert "SEEN.append" in made.source
    assert not Source("", made.source).plain()
