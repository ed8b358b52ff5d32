"""The checker compiled, for who checks much: ``python -m wbviz.commands.compiled``, or ``make compiled``.

The same modules, through mypyc, into a copy of the package: `_build/compiled`. The pure form is the reference, and what
the browser runs; nothing but this command needs a compiler.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from wbviz.errors import UsageError
from wbviz.site.builder import checkout

MODULES = (
    *("kernel/inodes.py", "kernel/operations.py", "kernel/pages.py", "kernel/queue.py", "kernel/state.py"),
    *("policy/table.py", "machine/machine.py"),
    *("check/components.py", "check/graph.py", "check/progress.py", "check/rest.py", "check/reduced"),
)
"""What the time of a check goes into. Not what runs a policy: that watches Python's own frames."""


def build_in(root: Path) -> Path:
    """Compile what has changed since it was compiled; the folder to put on the path.

    Raises `UsageError` if there is no C compiler, or mypyc fails.
    """
    folder = root / "_build" / "compiled"
    ready, of = folder / "ready", _fingerprint(root)
    if ready.is_file() and ready.read_text(encoding="utf-8") == of:
        return folder
    lacking = missing()
    if lacking:
        expected = "a C compiler, and the headers of Python"
        raise UsageError("the checker cannot be compiled", came=lacking, expected=expected, fix=HOW)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root / "wbviz", folder / "wbviz", ignore=shutil.ignore_patterns("__pycache__"))
    files = [str(path.relative_to(folder)) for name in MODULES for path in _files(folder / "wbviz" / name)]
    done = subprocess.run(
        [sys.executable, "-m", "mypyc", "--strict", *files],
        cwd=folder,
        env=os.environ | {"MYPYC_OPT_LEVEL": "3", "MYPYC_DEBUG_LEVEL": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise UsageError("the checker could not be compiled", came=said, expected="mypyc to succeed", fix=HOW)
    shutil.rmtree(folder / "build")
    ready.write_text(of, encoding="utf-8")
    return folder


HOW = "apt-get install gcc libc6-dev python3-dev   # on Debian; then again: make compiled"


def missing() -> str:
    """What is missing to compile; empty if nothing is."""
    lacking = [] if shutil.which("cc") or sys.platform == "win32" else ["no C compiler (cc)"]
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        lacking.append("no headers of Python (Python.h)")
    return " and ".join(lacking)


def environment(folder: Path) -> dict[str, str]:
    """The environment in which ``python -m wbviz`` is the compiled one, whatever the folder it is called in."""
    return os.environ | {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("[a-z]*.py")) if place.is_dir() else [place]


def _fingerprint(root: Path) -> str:
    """What was compiled, and for which Python."""
    seen = hashlib.sha256(sys.version.encode())
    for path in sorted((root / "wbviz").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            seen.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def main() -> int:
    """Compile, and say how it is used."""
    try:
        folder = build_in(checkout())
    except UsageError as error:
        print(error, file=sys.stderr)
        return 1
    print("compiled. Use it like this:")
    print(f'PYTHONPATH="{folder}" "{sys.executable}" -P -m wbviz check write_ahead --scenario storm')
    return 0


if __name__ == "__main__":
    sys.exit(main())
