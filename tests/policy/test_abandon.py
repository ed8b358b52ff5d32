"""Suspended programs are let go without a line of their code, and without a sound."""

# ruff: noqa: E501 - a table, one row a line

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.policy.driving import begin, execute, programs_of, reader
from wbviz.policy import tracing
from wbviz.policy.histories import Op
from wbviz.policy.load import load_policy
from wbviz.policy.source import Source
from wbviz.policy.untrusted_run import StudentRun

ROOT = Path(__file__).parents[2]

STUBBORN = {
    "finally": "try:\n    yield mm.cond_resched()\nfinally:\n    work.page.dirty = LOG.append(1)",
    "finally with a yield": "try:\n    yield mm.cond_resched()\nfinally:\n    LOG.append(1)\n    yield mm.put_page(work.page)",
    "except": "try:\n    yield mm.cond_resched()\nexcept GeneratorExit:\n    LOG.append(1)\n    yield mm.cond_resched()",
    "bare except in a loop": "while True:\n    try:\n        yield mm.cond_resched()\n    except:\n        LOG.append(1)",
    "endless finally": "try:\n    yield mm.cond_resched()\nfinally:\n    while True: LOG.append(1)",
    "nested": "try:\n    try:\n        yield mm.cond_resched()\n    finally:\n        LOG.append(1)\nfinally:\n    LOG.append(2)\n    yield",
    "helper": "try:\n    yield from helper(mm)\nfinally:\n    LOG.append(1)\n    yield mm.cond_resched()",
    "with": "with Guard():\n    yield mm.cond_resched()",
    "kept generator": "kept = helper(mm)\nyield next(kept)",
}
TAIL = """\
LOG = []
def helper(mm):
    try:
        yield mm.cond_resched()
    finally:
        LOG.append(1)
        yield mm.cond_resched()
class Guard:
    def __enter__(self):
        return self
    def __exit__(self, *_):
        LOG.append(1)
        return True
"""


@pytest.mark.parametrize("name", STUBBORN)
def test_none_of_its_code_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    noise: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", noise.append)
    run = StudentRun(Source("policy.py", execute(STUBBORN[name]) + TAIL), "execute", ("work", 0))
    request = run.step(None, reader())
    assert isinstance(request, Op)
    assert run._globals is not None
    log = run._globals._namespace["LOG"]
    generator = run._generator
    assert generator is not None
    run.abandon()
    assert generator.gi_frame is None
    # CPython drops a trace function that raises, so of nested handlers every second one runs, untraced, to its end.
    assert len(log) <= (name in ("nested", "helper", "kept generator")), log
    del generator, run
    gc.collect()
    assert not noise


def test_dropping_the_programs_is_silent_too(capfd: pytest.CaptureFixture[str]) -> None:
    for name in STUBBORN:
        programs = programs_of(execute(STUBBORN[name]) + TAIL)
        begin(programs)
        del programs
    gc.collect()
    assert capfd.readouterr() == ("", "")


def test_at_the_end_of_the_interpreter_too() -> None:
    """Programs that are still alive then, in a cycle or in a module, run none of their code."""
    script = (
        "from tests.policy.driving import begin, programs_of\n"
        "from tests.policy.test_abandon import STUBBORN, TAIL, execute\n"
        "alive = [programs_of(execute(body) + TAIL) for body in STUBBORN.values()]\n"
        "alive.append(alive)\n"
        "for programs in alive[:-1]:\n"
        "    begin(programs)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_operation_that_dies_with_its_program_is_no_mistake() -> None:
    programs = programs_of(execute("later = mm.cond_resched()\nyield mm.lock_page(work.page)\nyield later"))
    first = begin(programs)
    programs.close()
    assert isinstance(programs.resume(first.place, None, reader()).request, Op)


def test_the_trace_function_of_others_is_left_in_place() -> None:
    seen = []

    def others(frame: Any, event: str, arg: Any) -> Any:
        seen.append(frame.f_code.co_name)

    outer = sys.gettrace()
    sys.settrace(others)
    try:
        programs = load_policy("writearound").programs()
        turn = begin(programs)
        programs.resume(turn.place, None, reader())
        programs.close()
        now = sys.gettrace()
    finally:
        sys.settrace(outer)
    assert now is others
    assert seen


def test_nothing_is_left_for_the_garbage_collector() -> None:
    """Programs free what they made when they are dropped, not when a collection happens to come by."""
    gc.collect()
    gc.disable()
    before = {id(it) for it in gc.get_objects()}
    try:
        programs = load_policy("write_ahead").programs()
        turn = begin(programs)
        while isinstance(turn.request, Op):
            answer = ("page", 2) if turn.request.name == "find_get_page" else None
            turn = programs.resume(turn.place, answer, reader())
            if turn.place > 12:
                break
        del programs
        assert not [it for it in gc.get_objects() if isinstance(it, StudentRun) and id(it) not in before]
    finally:
        gc.enable()


def test_a_watch_counts_lines_of_the_policy_only() -> None:
    watch = tracing.LineCounter(Source("policy.py", ""))
    assert watch.enter(sys._getframe(), "call", None) is None
