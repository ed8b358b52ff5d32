"""What this machine has of what the project can use, in a few lines."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib import metadata

from wbviz import __version__
from wbviz.grade.judge import best_tier

PACKAGES = {
    "simpy": "the simulator (python -m wbviz run)",
    "ipywidgets": "the player in a notebook",
    "bqplot": "the player's scene",
    "anywidget": "the player",
    "jupyterlab": "the chapters as notebooks",
    "jupyter-book": "building the book",
}
PROGRAMS = {
    "npm": "building the book (what bundles its pages)",
    "chromium": "the browser tests",
    "bwrap": "the best sandbox for grading (Debian's package bubblewrap)",
}


def doctor() -> str:
    """The report: Python, packages, programs, and what runs a policy."""
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    lines = [f"wbviz {__version__}, Python {platform.python_version()} on {platform.system()}"]
    if not supported:
        lines.append("  Python 3.11, 3.12 or 3.13 is needed: policies are read with knowledge of the interpreter")
    lines.append("packages")
    for name, use in PACKAGES.items():
        version = _version(name)
        lines.append(f"  {name:<14}{version or 'missing':<12}{use}")
    if not all(_version(name) for name in PACKAGES):
        lines.append('  to install what is missing: pip install "wbviz[book]"')
        lines.append("  in a checkout:              pip install -r requirements.txt")
    lines.append("programs")
    for name, use in PROGRAMS.items():
        lines.append(f"  {name:<14}{'found' if shutil.which(name) else 'missing':<12}{use}")
    lines += ["sandbox of grade (check and run take a policy into this process: only one whose author you trust)"]
    lines += _sandbox()
    return "\n".join(lines)


def _sandbox() -> list[str]:
    """The tier of the sandbox that a graded submission runs in, and how to get a better one."""
    tier = best_tier()
    what = {
        "bubblewrap": "namespaces, landlock where the kernel has it, seccomp, limits: the best there is",
        "landlock": "landlock, seccomp, limits, no namespaces: scores count",
        "none": "nothing holds a submission back, so no score is official",
    }
    lines = [f"  {tier.name:<14}{what[tier.name]}"]
    if tier.why:
        lines += [f"  why not better: {tier.why}", f"  to improve:     {tier.how_to_improve}"]
    return lines


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
