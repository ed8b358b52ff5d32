"""The widgets' pure functions in node, and the type checker over its modules."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wbviz.viz.assets import loader_script, page_script, widget_script

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


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("script", [page_script, widget_script, loader_script])
def test_what_the_modules_are_joined_to_is_javascript(script: Callable[[], str], tmp_path: Path) -> None:
    """A comment before an argument once took the code up to the next comment with it: only pages in a browser told."""
    joined = tmp_path / "joined.mjs"
    joined.write_text(script(), encoding="utf-8")
    done = subprocess.run(["node", "--check", joined], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
