"""Our own checker as anybody runs it: `python -m wbviz check`, a whole process."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench.data import ROOT
from tests.bench.peers.run import Answer, Failed, process
from wbviz.commands.compiled import environment

LIMIT = 120.0
"""Seconds that one run gets before it is stopped."""


def check(
    policy: str, scenario: str, sizes: Mapping[str, int], limit: float = LIMIT, compiled: Path | None = None
) -> Answer:
    """Explore a scenario in which the policy is safe, with the pure form or the one in the folder `compiled`.

    Raises `Failed` unless everything was covered.
    """
    command = [sys.executable, "-m", "wbviz", "check", policy, "--scenario", scenario, "--max-states", str(10**9)]
    for name, size in sizes.items():
        command += ["--set", f"{name}={size}"]
    done = process(command, ROOT, limit, environment(compiled) if compiled else None)
    counted = re.search(r"^  ([\d,]+) states, .* steps between them", done.output, re.MULTILINE)
    if done.status or counted is None:
        raise Failed(f"{' '.join(command)}: status {done.status}\n{done.output[-2000:]}")
    states = int(counted[1].replace(",", ""))
    return Answer("safe", states, done.seconds, done.memory, done.memory, cpu=done.cpu)
