"""The checker in Pyodide, the Python of browsers, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
LIMIT = 300.0
"""Seconds after which Node is stopped."""

Job = tuple[str, str, dict[str, int]]
"""A policy, a scenario, and its sizes."""


def missing() -> str:
    """What is missing to run Pyodide, and how to get it; empty if nothing is."""
    if shutil.which("node") is None:
        return "node not found. On Debian: apt-get install npm"
    return "" if (ROOT / "node_modules" / "pyodide").is_dir() else "Pyodide is not installed. Run: make setup"


def check(jobs: Sequence[Job]) -> dict[str, Any]:
    """Check each job in one process of Node. For what comes back see check.mjs."""
    command = ["node", str(HERE / "check.mjs"), str(ROOT), json.dumps(jobs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise RuntimeError(f"Pyodide failed with status {done.returncode}:\n{done.stdout}\n{done.stderr}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said
