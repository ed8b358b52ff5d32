"""The widgets' pure functions in node, and the type checker over its modules."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TSC = ROOT / "node_modules" / ".bin" / "tsc"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_pure_functions() -> None:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/viz/js").glob("*.test.mjs"))
    command = ["node", "--no-warnings", "--experimental-default-type=module", "--test", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not TSC.exists(), reason="needs npm packages: npm ci")
def test_types() -> None:
    done = subprocess.run([TSC, "--project", "jsconfig.json"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
