"""What a run of the tests makes once, however many processes share it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], str]) -> str:
    """What `make` says. The first process of a run that asks makes it; the others wait for it."""
    own = factory.getbasetemp()  # of this process: xdist makes it in the folder of the run
    folder = own.parent if own.name.startswith("popen-") else own
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder / f"{name}.said"
        if not said.exists():
            said.write_text(make(), encoding="utf-8")
        return said.read_text(encoding="utf-8")
