"""The kinds of sandbox, from strong to none, and which of them this machine has.

In every tier but "none" the child gives up, before it sees the submission, every system call but the few that computing
and its two pipes need (`wbviz.policy.child.confine`). "bubblewrap" puts namespaces around that, in which there is
nothing to reach; "landlock" is for containers, where no namespace can be made.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import NamedTuple

from wbviz.grade.judge.command import child_command, environment, package
from wbviz.grade.judge.limits import Limits


class Tier(NamedTuple):
    """A kind of sandbox: "bubblewrap", "landlock" or "none".

    `official` tells whether a score found in it may count. `why` says in a sentence why this machine has no better
    one, `how_to_improve` what to do about it; both are empty for the best.
    """

    name: str
    official: bool
    why: str
    how_to_improve: str


@cache
def best_tier() -> Tier:
    """The strongest sandbox that works here, tried once."""
    no_namespaces = failure("bubblewrap")
    if not no_namespaces:
        return Tier("bubblewrap", True, "", "")
    improve = _improve_namespaces(no_namespaces)
    no_landlock = failure("landlock")
    if not no_landlock:
        return Tier("landlock", True, f"bubblewrap: {no_namespaces}", improve)
    why = f"bubblewrap: {no_namespaces}; landlock: {no_landlock}"
    return Tier("none", False, why, f"{improve}; or Linux 5.13 or later with landlock and seccomp")


@cache
def failure(tier: str) -> str:
    """Why a child cannot be started in a tier here, in a phrase; "" if it can. Tried once.

    UsageError if there is no such tier.
    """
    try:
        with package() as descriptors:
            done = subprocess.run(
                child_command(tier, Limits(), None, descriptors),
                input=b"",
                capture_output=True,
                env=environment(),
                cwd="/",
                timeout=30,
                check=False,
                pass_fds=() if tier == "bubblewrap" else descriptors,
            )
    except FileNotFoundError as error:
        return f"{error.filename} is not installed"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.stdout == b'["ready"]\n':
        return ""
    said = (done.stdout or done.stderr).decode(errors="replace").strip().splitlines()
    return said[-1][:200] if said else f"the child ended with status {done.returncode} and said nothing"


def _improve_namespaces(why: str) -> str:
    if "not installed" in why:
        return "apt-get install bubblewrap"
    if os.path.exists("/.dockerenv"):
        return "start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    return (
        "allow user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), "
        "or a larger user.max_user_namespaces"
    )
