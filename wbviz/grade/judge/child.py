"""Starting the child that runs a submission, and ending it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import wbviz
from wbviz.grade.judge.errors import Misbehaviour, SandboxError
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe

_PACKAGE = Path(wbviz.__file__).resolve().parent
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from wbviz.policy.child.__main__ import main; main()"
_ENVIRONMENT = {"PYTHONHASHSEED": "0"}
"""All that the child has of an environment. Sets of strings have the same order in each."""


@contextmanager
def running(limits: Limits) -> Iterator[Pipe]:
    """A child that has loaded what it needs, and has seen nothing of the submission yet. SandboxError if it fails."""
    command = [os.path.realpath(sys.executable), "-P", "-s", "-S", "-B", "-c", _BOOT, str(_PACKAGE.parent)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        pipe = Pipe(process.stdin.fileno(), process.stdout.fileno(), limits)
        _greet(pipe)
        yield pipe
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _greet(pipe: Pipe) -> None:
    try:
        if pipe.receive() == ["ready"]:
            return
        why = "it sent something else than a greeting"
    except Misbehaviour as misbehaviour:
        why = misbehaviour.what
    raise SandboxError(
        "the process that runs a policy could not be started",
        came=why,
        cause="the sandbox does not work here, or the machine is out of memory",
        fix="python -m wbviz doctor",
    )
