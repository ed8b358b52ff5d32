"""Runs a submission in a sandboxed child that only says what it would do next.

The state, the exploration and the verdict stay on this side. A child that lies is merely another policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import PolicyError
from wbviz.grade.judge.child import running
from wbviz.grade.judge.errors import JudgeError, SandboxError
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.judge.programs import ChildPrograms
from wbviz.grade.judge.tiers import Tier, best_tier
from wbviz.policy.load import Policy, load_policy
from wbviz.policy.source import Source

__all__ = ["JudgeError", "Judged", "Limits", "SandboxError", "Tier", "best_tier", "judged"]


DEFAULTS = Limits()


class Judged(NamedTuple):
    """A submission in its child: the `policy`, to be checked and simulated, and the name of the sandbox's `tier`."""

    policy: Policy
    tier: str


@contextmanager
def judged(path: Path, tier: str | None = None, limits: Limits = DEFAULTS) -> Iterator[Judged]:
    """The policy in a file, in a fresh child that lives as long as the `with` block.

    `tier` is the sandbox to use; None takes the best. Whatever the child does is a verdict: turns that are `Fault`s
    with a `JudgeError`. Raises `UsageError` if there is no such file, `PolicyError` if it is no text or too long,
    `SandboxError` if this machine cannot run the child.
    """
    local = load_policy(path)
    if len(local.source.encode()) > limits.source_bytes:
        raise PolicyError(
            "the file is too long to be a policy",
            file=local.path,
            came=f"{len(local.source.encode()):,} bytes",
            expected=f"at most {limits.source_bytes:,}",
        )
    source = Source(path.name, local.source)
    chosen = tier or best_tier().name
    with running(chosen, limits) as pipe:
        programs = ChildPrograms(pipe, source, limits)
        pipe.send(["policy", source.file, source.text])
        yield Judged(ChildPolicy(local.name, source, local.given, programs), chosen)
