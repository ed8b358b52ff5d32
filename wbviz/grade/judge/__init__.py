"""Runs a submission in a sandboxed child that only says what it would do next.

The state, the exploration and the verdict stay on this side. A child that lies is merely another policy.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import PolicyError
from wbviz.grade.judge.child import running
from wbviz.grade.judge.errors import JudgeError, SandboxError, Spent, Unjudged
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.judge.talk import Talk
from wbviz.grade.judge.tiers import Tier, best_tier
from wbviz.policy.load import load_policy, read_source
from wbviz.policy.source import Source

__all__ = ["JudgeError", "Judged", "Limits", "SandboxError", "Spent", "Tier", "Unjudged", "best_tier", "judged"]


DEFAULTS = Limits()


class Judged(NamedTuple):
    """A submission in its child: the `policy`, to be checked and simulated, and the name of the sandbox's `tier`."""

    policy: ChildPolicy
    tier: str


@contextmanager
def judged(path: Path, tier: str | None = None, limits: Limits = DEFAULTS) -> Iterator[Judged]:
    """The policy in a file, in a fresh child that lives as long as the `with` block.

    `tier` is the sandbox to use; None takes the best. Whatever the child does is a verdict: turns that are `Fault`s
    with a `JudgeError`; but for `Spent`, where it was asked or read all that it may, and `Unjudged`, where a clock ran
    out. Raises `UsageError` if there is no such file, `PolicyError` if it is no text, too long, or a link (to somebody
    else's file, perhaps), `SandboxError` if this machine cannot run the child.
    """
    file = _plain_file(path, limits)
    source = Source(path.name, read_source(file, path.name))
    chosen = tier or best_tier().name
    with running(chosen, limits, imports="import" in source.text) as pipe:
        policy = ChildPolicy(path.name.removesuffix(".py"), source, file, Talk(pipe, source, limits))
        yield Judged(policy, chosen)


def _plain_file(path: Path, limits: Limits) -> str:
    """The path, absolute, lest it be the name of a built-in policy. PolicyError if it is no file to be read."""
    file = os.path.abspath(path)
    if not os.path.lexists(file) or os.path.isdir(file):
        load_policy(file)  # says so
    status = os.lstat(file)
    if not stat.S_ISREG(status.st_mode):
        raise PolicyError(
            "a submission is a plain file",
            file=path.name,
            came="a link" if stat.S_ISLNK(status.st_mode) else "a device or a pipe",
            expected="a Python file with the text of the policy",
            fix=f"cp -L {path} policy.py",
        )
    if status.st_size > limits.source_bytes:
        raise PolicyError(
            "the file is too long to be a policy",
            file=path.name,
            came=f"{status.st_size:,} bytes",
            expected=f"at most {limits.source_bytes:,}",
        )
    return file
