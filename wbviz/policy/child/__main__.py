"""`main(TIER, MEMORY, CPU, MODULES)`: load all that a policy may need, give up everything else, and serve."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

from wbviz.policy.child.serve import ANSWERS, QUESTIONS, Channel, serve
from wbviz.policy.guard import PURE_MODULES

LATER = (
    "collections.abc",
    "opcode",
    "unicodedata",  # the parser wants it for a name that is not ASCII
    "wbviz.policy.faults.functions",
    "wbviz.policy.faults.operations",
    "wbviz.policy.faults.purity",
    "wbviz.policy.faults.running",
    "wbviz.policy.faults.syntax",
    "wbviz.policy.faults.views",
    "wbviz.policy.frozen",
    "wbviz.policy.fingerprint_objects",
    "wbviz.policy.words",
)
"""What would otherwise be imported when it is first needed, and no file can be opened any more."""


def load(imports: bool = True) -> None:
    """Import all that a policy, and what runs it, may ever need; less for a policy that imports nothing."""
    for name in (*(sorted(PURE_MODULES) if imports else ()), *LATER):
        import_module(name)
    with suppress(ImportError):  # not on Linux
        import_module("wbviz.policy.child.confine")


def main(tier: str, memory: str, cpu: str, modules: str) -> None:
    """Serve in a sandbox's tier, with so many bytes of memory and seconds of processor time. `modules`: "all" that a
    policy may import are there, or "none"."""
    load(modules == "all")
    forget_where()
    channel = Channel()
    try:
        give_up(tier, int(memory), int(cpu))
    except (OSError, ImportError, KeyError, ValueError) as error:
        channel.send(("failed", f"{type(error).__name__}: {error}"))
        return
    sys.stdin = sys.stdout = sys.stderr = None
    channel.send(("ready",))
    serve(channel)


def forget_where() -> None:
    """Close the folder that the package was loaded from, if it came as a file descriptor."""
    folder, _, number = sys.path.pop(0).rpartition("/")
    if folder == "/proc/self/fd":
        os.close(int(number))


def give_up(tier: str, memory: int, cpu: int) -> None:
    """Enter a sandbox's tier. In "none" only resources are bounded, so far as the system does that."""
    if tier == "none":
        try:
            from wbviz.policy.child.confine import die_with_parent, limit

            die_with_parent()
            limit(memory, cpu)
        except (OSError, ImportError, ValueError):  # not on Linux
            pass
        return
    from wbviz.policy.child.confine import confine, limit

    limit(memory, cpu)
    confine(QUESTIONS, ANSWERS, landlock=tier == "landlock")


if __name__ == "__main__":
    main(*sys.argv[1:])
