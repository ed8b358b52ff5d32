"""Starting the child that runs a submission, and ending it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from wbviz.grade.judge.command import child_command, environment, package
from wbviz.grade.judge.errors import Misbehaviour, SandboxError
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe
from wbviz.grade.judge.tiers import failure

_FAREWELL = 0.5
"""So many seconds a child has to end by itself once its judge has hung up."""


@contextmanager
def running(tier: str, limits: Limits, imports: bool = True) -> Iterator[Pipe]:
    """A child that has loaded what it needs, has confined itself, and has seen nothing of the submission yet.

    `imports`: the submission may import something. (The modules take a child a third of the time until it is ready.)
    It ends with the block, and with the thread that entered it. SandboxError if it cannot be started.
    """
    with _started(tier, limits, imports) as process:
        assert process.stdin
        assert process.stdout
        pipe = Pipe(process.stdin.fileno(), process.stdout.fileno(), limits, lambda: _status(process))
        try:
            ready = pipe.receive() == ["ready"]
        except Misbehaviour:
            ready = False
        if not ready:
            raise _no_child(tier)
        yield pipe


@contextmanager
def _started(tier: str, limits: Limits, imports: bool) -> Iterator[subprocess.Popen[bytes]]:
    """The process. It ends with the block, and so does the one that it made, if it is bubblewrap."""
    told, tells = os.pipe()
    with os.fdopen(told, "rb") as info, package() as descriptors:
        try:
            process = subprocess.Popen(
                child_command(tier, limits, tells, descriptors, imports),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
                pass_fds=(tells,) if tier == "bubblewrap" else descriptors,
                start_new_session=True,
            )
        except OSError:
            raise _no_child(tier) from None
        finally:
            os.close(tells)
        inner = None
        try:
            inner = _told(info.read())
            yield process
        finally:
            _end(process, inner)


def _told(info: bytes) -> int | None:
    """The process that bubblewrap made."""
    try:
        pid = json.loads(info)["child-pid"]
    except (ValueError, KeyError):
        return None
    return pid if type(pid) is int else None


def _end(process: subprocess.Popen[bytes], inner: int | None) -> None:
    """Hang up, and kill what is left. bubblewrap has time to collect what it made: all of it ends with its first."""
    assert process.stdin
    with suppress(OSError):
        process.stdin.close()
    if not _ended(process) and inner is not None:
        with suppress(ProcessLookupError):
            os.kill(inner, signal.SIGKILL)
    if not _ended(process):  # its group, since a bubblewrap that has only begun may have told nothing of its first
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.stdout
    process.stdout.close()


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ends within the farewell."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(_FAREWELL)
    return process.returncode is not None


def _status(process: subprocess.Popen[bytes]) -> int | None:
    """How a process ended, None if it has closed its pipe and lives on."""
    return process.returncode if _ended(process) else None


def _no_child(tier: str) -> SandboxError:
    return SandboxError(
        f"the process that runs a policy could not be started in the sandbox {tier}",
        came=failure(tier) or "a child that says nothing, though one could be started now",
        cause="the sandbox does not work on this machine, or the machine is out of memory",
        fix="python -m wbviz doctor",
    )
