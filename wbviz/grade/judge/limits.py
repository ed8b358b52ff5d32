"""How much a child may use, and how much may be asked of it."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds on one child, for all the scenarios of one submission.

    What a policy deserves is decided by counting. Within a turn: `reads`, each attribute of each thing counted once,
    and `line_bytes` of a message; more is held against the submission. Over all turns: `turns` that the child is asked,
    its reads and the way there included, `answered` reads, whether the child is asked them or they are known, and
    `total_bytes` of messages; what is left after that is `incomplete`. The reference of every exercise needs less than
    a quarter of each; a test holds that.

    `cpu_seconds` is the processor time of the child. No submission that can be counted comes near it: it ends one long
    computation without a line, and what is left is `incomplete` as well, with that number. The times on the clock of
    the wall end a child that hangs, and then nothing is known of the submission (`Unjudged`): `answer_seconds` bounds
    the wait for one message, `wait_seconds` all waiting together. They are several times `cpu_seconds`, so that a busy
    machine is no reason. `memory_mib` is what it may occupy.
    """

    answer_seconds: float = 40.0
    wait_seconds: float = 120.0
    cpu_seconds: int = 8
    memory_mib: int = 512
    line_bytes: int = 1 << 16
    total_bytes: int = 1 << 24
    source_bytes: int = 1 << 18
    reads: int = 1_000
    answered: int = 2_000_000
    turns: int = 30_000
