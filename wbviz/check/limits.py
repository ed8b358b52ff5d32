"""What ends an exploration early: memory, and Ctrl-C. Either is `incomplete`, with what was found so far."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wbviz.errors import UsageError

if TYPE_CHECKING:
    from wbviz.check.verdict import Result

INTERRUPTED = "interrupted"
MIB = 1024 * 1024


def memory() -> float | None:
    """The memory that this process occupies now, in MiB; its peak where the system tells only that; None where
    it tells neither (Windows, a browser)."""
    try:
        from os import sysconf

        with open("/proc/self/statm", encoding="ascii") as stream:
            return int(stream.read().split()[1]) * sysconf("SC_PAGE_SIZE") / MIB
    except (OSError, ValueError, IndexError, ImportError):
        return _peak()


def _peak() -> float | None:
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return getrusage(RUSAGE_SELF).ru_maxrss * unit / MIB or None


def memory_limit(mib: int) -> Callable[[Any], None]:
    """A tick that stops the exploration once the process occupies more than that.

    Raises `UsageError` where the memory cannot be measured: a limit that is never noticed is no limit.
    """
    if memory() is None:
        raise UsageError(
            "this system does not tell how much memory a program occupies",
            came=f"--max-memory {mib}",
            cause="there is neither /proc nor the module resource here, as on Windows and in a browser",
            fix="--max-states 500000    bounds the memory as well",
        )

    def tick(_: Any) -> None:
        now = memory()
        if now is not None and now > mib:
            raise MemoryError(f"more than {mib:,} MiB of memory")

    return tick


def interrupted(result: Result) -> bool:
    """Whether somebody pressed Ctrl-C during the check."""
    return any(verdict.interrupted for verdict in result.verdicts)
