"""How much a child may use."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds on one child, for all the scenarios of one submission.

    The times only end a child that hangs; what a policy deserves is decided by counting lines, states and steps.
    `answer_seconds` bounds the wait for one message, `wait_seconds` all waiting together, on the clock of the wall;
    `cpu_seconds` and `memory_mib` what the child uses; `line_bytes` a message and `total_bytes` all of them together;
    `reads` what a turn may read, each attribute of each thing counted once; `places` where the programs may stand, in
    all scenarios together (the built-in policies stand at about a hundred at most).
    """

    answer_seconds: float = 10.0
    wait_seconds: float = 120.0
    cpu_seconds: int = 60
    memory_mib: int = 512
    line_bytes: int = 1 << 16
    total_bytes: int = 1 << 22
    source_bytes: int = 1 << 18
    reads: int = 10_000
    places: int = 2_000
