"""Before the command line is there, and where it cannot be: an old Python, a missing package, Ctrl-C at once."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wbviz import __version__

ROOT = Path(__file__).parents[2]
INCOMPLETE, UNUSABLE = 2, 3
Run = Callable[..., tuple[int, str, str]]


def started(before: str, *args: str) -> subprocess.CompletedProcess[str]:
    """`python -m wbviz`, after some lines of Python."""
    code = f"import sys, runpy\nsys.argv[1:] = {list(args)!r}\n{before}\nrunpy.run_module('wbviz', run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def stopping(module: str, what: str) -> str:
    """Lines after which the import of a module ends with an exception."""
    return f"""
class Stop:
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            raise {what}
sys.meta_path.insert(0, Stop)
sys.modules.pop({module!r}, None)"""


@pytest.mark.parametrize("module", ["wbviz.cli", "argparse", "wbviz.errors", "wbviz.check.check", "wbviz.policy.load"])
def test_ctrl_c_while_modules_are_read_leaves_no_traceback(module: str) -> None:
    done = started(stopping(module, "KeyboardInterrupt"), "check", "pin_then_lock", "--scenario", "abba")
    assert (done.returncode, done.stdout, done.stderr) == (INCOMPLETE, "", "interrupted\n")


@pytest.mark.parametrize(
    ("args", "module", "package"),
    [
        (("run", "pin_then_lock", "--scenario", "storm"), "simpy", "simpy"),
        (("grade", "02", "exercises/02-pin-then-lock/policy.py", "--unofficial"), "simpy", "simpy"),
    ],
)
def test_a_missing_package_is_named_with_what_installs_it(args: tuple[str, ...], module: str, package: str) -> None:
    done = started(stopping(module, f"ModuleNotFoundError('no', name={module!r})"), *args)
    assert done.returncode == UNUSABLE
    assert done.stderr.startswith(f"this needs the package {package}, which is not installed")
    assert "Traceback" not in done.stderr
    assert "pip install" in done.stderr


def test_a_package_is_named_as_pip_calls_it(tmp_path: Path) -> None:
    (tmp_path / "submission_metadata.yml").write_text("{}", encoding="utf-8")
    stop = stopping("yaml", "ModuleNotFoundError('no', name='yaml')")
    done = started(stop, "grade", "02", str(tmp_path), "--unofficial")
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert "python -m pip install pyyaml" in done.stderr


def test_in_a_notebook_a_missing_package_is_named_too() -> None:
    code = "import sys\n" + stopping("ipywidgets", "ModuleNotFoundError('no', name='ipywidgets')")
    code += "\nimport wbviz\ntry:\n    wbviz.lab('reclaim')\nexcept Exception as error:\n    print(error)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("this needs the package ipywidgets, which is not installed"), done.stderr


@pytest.mark.parametrize("version", ["(3, 10, 13, 'final', 0)", "(3, 8, 0, 'final', 0)"])
def test_an_old_python_is_told_which_one_is_needed(version: str) -> None:
    done = started(f"sys.version_info = {version}", "check", "pin_then_lock")
    assert done.returncode == UNUSABLE
    assert done.stderr.startswith("wbviz needs Python 3.11, 3.12 or 3.13, and this is 3.")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["__main__.py", "__init__.py", "_version.py"])
def test_an_old_python_can_read_what_says_so(name: str) -> None:
    ast.parse((ROOT / "wbviz" / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_version(run: Run) -> None:
    status, out, _ = run("--version")
    assert (status, out) == (0, f"wbviz {__version__}, Python {'.'.join(map(str, sys.version_info[:3]))}\n")


@pytest.mark.parametrize(
    ("given", "meant"), [("chek", "check"), ("grad", "grade"), ("Replay", "replay"), ("doc", "doctor")]
)
def test_a_misspelt_command_has_a_suggestion(run: Run, given: str, meant: str) -> None:
    status, _, err = run(given)
    assert status == UNUSABLE
    assert f"there is no command '{given}'" in err
    assert f"perhaps you meant: python -m wbviz {meant}\n" in err
    assert "perhaps" not in run("xyzzy")[2]
