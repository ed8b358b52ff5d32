"""The command that starts a child in a tier of the sandbox."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import wbviz
from wbviz.errors import UsageError
from wbviz.grade.judge.limits import Limits

TIERS = ("bubblewrap", "landlock", "none")

_PACKAGE = Path(wbviz.__file__).resolve().parent
PARTS = ("__init__.py", "_version.py", "errors.py", "kernel/__init__.py", "kernel/api.py", "policy")
"""All of the package that a child needs."""
_INSIDE = "/judge"
"""Where these are in bubblewrap's file system."""
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from wbviz.policy.child.__main__ import main; main(*sys.argv[2:])"


def environment() -> dict[str, str]:
    """All that the child has of an environment: sets of strings have the same order in each."""
    return {"PYTHONHASHSEED": "0"}


@contextmanager
def package() -> Iterator[tuple[int, ...]]:
    """A file descriptor for the folder of the package, to be passed on: so nothing in the child says where that is.

    Without /proc there is none, and the child is told the folder's name.
    """
    if not os.path.exists("/proc/self/fd"):
        yield ()
        return
    descriptor = os.open(_PACKAGE.parent, os.O_RDONLY)
    try:
        yield (descriptor,)
    finally:
        os.close(descriptor)


def child_command(
    tier: str,
    limits: Limits,
    info: int | None = None,
    descriptors: tuple[int, ...] = (),
    imports: bool = True,
) -> list[str]:
    """The command, for `subprocess`. bubblewrap writes on the file descriptor `info` which process it made; elsewhere
    `descriptors` are those of `package()`. Without `imports` the child loads no module that a policy may import.

    UsageError if there is no such tier, FileNotFoundError if bubblewrap is to be used and is not there.
    """
    if tier not in TIERS:
        raise UsageError(
            f"there is no sandbox {tier}", came=tier, expected=", ".join(TIERS), fix='judged(path, tier="bubblewrap")'
        )
    python = os.path.realpath(sys.executable)
    given = [tier, str(limits.memory_mib << 20), str(limits.cpu_seconds), "all" if imports else "none"]
    # -P -s -S: no path of the user's, no site-packages. -B: write no compiled files.
    start = [python, "-P", "-s", "-S", "-B", "-c", _BOOT]
    if tier != "bubblewrap":
        where = [f"/proc/self/fd/{descriptor}" for descriptor in descriptors] or [str(_PACKAGE.parent)]
        return [*start, *where, *given]
    tell = [] if info is None else ["--info-fd", str(info)]
    return [*_bubblewrap(python), *tell, *start, _INSIDE, *given]


def _bubblewrap(python: str) -> list[str]:
    """Every namespace, a user without a name, no capability, no environment, and of the file system only Python."""
    from shutil import which

    program = which("bwrap")
    if program is None:
        raise FileNotFoundError(2, "not installed", "bubblewrap")
    command = [program, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"]
    command += ["--die-with-parent", "--new-session", "--hostname", "judge", "--clearenv"]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    for path in _runtime(python):
        command += ["--ro-bind", path, path]
    for part in PARTS:
        command += ["--ro-bind", str(_PACKAGE / part), f"{_INSIDE}/wbviz/{part}"]
    return [*command, "--chdir", "/", "--remount-ro", "/"]


def _runtime(python: str) -> list[str]:
    """Python and the system's libraries, parents before what lies in them."""
    libraries = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
    base = {"platbase": sys.base_exec_prefix}  # in a virtual environment, that of the Python it was made from
    standard = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib", vars=base))
    own = (python, *standard, sysconfig.get_config_var("LIBDIR"))
    found: list[str] = []
    for path in sorted(path for path in (*libraries, *own) if path and os.path.exists(path)):
        if not any(path == other or path.startswith(f"{other}/") for other in found):
            found.append(path)
    return found
