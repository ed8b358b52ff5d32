"""Runs an example that may hang, in a Python of its own with a watchdog: it comes to its end, or we see where it is.

For the chapter on the same rule elsewhere, whose programs really lock, and really hang.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from typing import NamedTuple

_NAME = "example"
_CHILD = """
import faulthandler, sys
source = sys.stdin.read()
sys.stdout.reconfigure(line_buffering=True)
faulthandler.dump_traceback_later(float(sys.argv[1]), exit=True)
exec(compile(source, "example", "exec"), {"__name__": "__main__"})
"""
_STANDS = re.compile(rf'^  File "{_NAME}", line (\d+) in (\S+)$', re.MULTILINE)


class Stand(NamedTuple):
    """Where a thread was when time was up: its function, the line's number in the example, and the line."""

    function: str
    line: int
    text: str


class Watched:
    """What an example printed, and where its threads stood when the watchdog barked; nowhere if it came to its end."""

    def __init__(self, printed: str, stands: tuple[Stand, ...]) -> None:
        self.printed, self.stands = printed, stands

    @property
    def hangs(self) -> bool:
        """Whether it had to be stopped."""
        return bool(self.stands)

    def __repr__(self) -> str:
        lines = self.printed.splitlines()
        if not self.stands:
            return "\n".join([*lines, "it comes to its end"])
        width = max(len(stand.function) for stand in self.stands)
        rows = [f"  {stand.function:{width}}  {stand.text}" for stand in self.stands]
        return "\n".join([*lines, "it hangs; the threads stand at", *rows])


def watched(example: Callable[..., object], *args: object, seconds: float = 1.0) -> Watched:
    """Run a function of some lines in a process of its own, in an empty folder, and stop it after some seconds.

    example: a function that needs nothing around it: it imports what it uses. It is sent as text.
    args: values whose `repr` is their text in Python.
    Raises RuntimeError where the example fails by itself, with its traceback.
    """
    source = textwrap.dedent(inspect.getsource(example))
    call = f"{example.__name__}({', '.join(map(repr, args))})"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD, str(seconds)],
            input=f"{source}\n{call}\n",
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if "Timeout (" in done.stderr:
        return Watched(done.stdout, _stands(done.stderr, source.splitlines()))
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Watched(done.stdout, ())


def _stands(dump: str, lines: list[str]) -> tuple[Stand, ...]:
    """The innermost line of the example in each thread that is in it, in the order of the lines."""
    found: list[Stand] = []
    for thread in re.split(r"^(?=(?:Current thread|Thread) )", dump, flags=re.MULTILINE):
        at = _STANDS.search(thread)
        if at and int(at[1]) <= len(lines):
            found.append(Stand(at[2], int(at[1]), lines[int(at[1]) - 1].partition("#")[0].strip()))
    return tuple(sorted(found, key=lambda stand: stand.line))
