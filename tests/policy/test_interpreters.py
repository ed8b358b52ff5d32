"""Places are read from an interpreter's frames: each version of CPython that is here folds the same programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
CASES = (
    ("pin_then_lock", "storm"),
    ("own_range", "piggyback"),
    ("requeue_if_locked", "contended"),
    ("backoff", "polite"),
    ("spin_when_full", "full-queue"),
    ("racy_merge", "two-reclaimers"),
)
KEPT = ("scenario", "verdict", "states", "transitions", "fairness", "trace", "cycle")


def interpreter(version: str) -> str | None:
    """The CPython of that version on the path or among those of pyenv, if there is one."""
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"]
    found = shutil.which(f"python{version}")
    kept = [str(path) for root in roots for path in sorted(root.glob(f"{version}.*/bin/python3"))]
    for name in ([found] if found else []) + kept:
        told = subprocess.run([name, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], capture_output=True)
        if told.returncode == 0 and told.stdout.decode().strip() == version:
            return name
    return None


def answers(python: str, policy: str, scenario: str, file: Path) -> list[dict[str, object]]:
    """What a check says there, without what takes time."""
    command = [python, "-S", "-m", "wbviz", "check", policy, "--scenario", scenario, "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [{key: result[key] for key in KEPT} for result in json.loads(file.read_text(encoding="utf-8"))["results"]]


@pytest.mark.parametrize(("policy", "scenario"), CASES)
@pytest.mark.parametrize("version", VERSIONS)
def test_all_interpreters_find_the_same(version: str, policy: str, scenario: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    there, here = tmp_path / "there.json", tmp_path / "here.json"
    assert answers(python, policy, scenario, there) == answers(sys.executable, policy, scenario, here)
