"""Which of Debian's packages the recording needs, and getting them with apt's own client."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import UsageError

TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "cpio": "cpio",
    "gcc": "gcc",
    "make": "make",
    "xz": "xz-utils",
}
"""Commands that must be there, and the package that brings each."""

_KERNEL = re.compile(r"^linux-image-(\d+\.\d+\.\d+\S*-cloud-amd64) ", re.MULTILINE)


class Package(NamedTuple):
    """A package that is only unpacked. `size`: bytes to fetch."""

    name: str
    version: str
    size: int


def missing() -> list[str]:
    """The packages of tools, and of the one library that the headers' tools load, that are not there."""
    tools = {package for tool, package in TOOLS.items() if shutil.which(tool) is None}
    return sorted(tools | (set() if any(Path("/usr/lib").rglob("libelf.so.1")) else {"libelf1"}))


def newest() -> str:
    """The release of the newest cloud kernel that apt offers, such as 6.12.117+deb12-cloud-amd64."""
    if shutil.which("apt-get") is None:
        raise UsageError(
            "apt is not here",
            expected="Debian 12 or 13",
            cause="the recording fetches Debian's own kernel",
            fix="docker run -it -v $PWD:/book -w /book debian:13    and in it: make kernel",
        )
    said = _run("apt-cache", "search", "--names-only", r"^linux-image-[0-9.]+.*-cloud-amd64$")
    found: list[str] = [release for release in _KERNEL.findall(said) if "-rt-" not in release]
    if not found:
        raise UsageError(
            "apt offers no linux-image-…-cloud-amd64",
            expected="Debian 12 or 13 for amd64",
            cause="apt's lists are empty, as in a fresh container",
            fix="apt-get update",
        )
    return max(found, key=_order)


def wanted(release: str) -> list[Package]:
    """What is fetched and unpacked for a kernel: itself, its headers with all they need, and busybox."""
    headers = f"linux-headers-{release}"
    depends = re.findall(
        r"^ *Depends: (linux-(?:headers|kbuild)-\S+)", _run("apt-cache", "depends", headers), re.MULTILINE
    )
    return [_described(name) for name in (f"linux-image-{release}", headers, *depends, "busybox-static")]


def fetch(packages: list[Package], into: Path) -> Path:
    """Download what is not there yet and unpack it; gives the folder that stands for `/`."""
    debs, root = into / "debs", into / "root"
    debs.mkdir(parents=True, exist_ok=True)
    before = set(debs.glob("*.deb"))
    # As root, apt drops its rights to fetch, and may not be able to write into somebody's folder: then it says so.
    _run("apt-get", "download", *(f"{one.name}={one.version}" for one in packages), cwd=debs)
    if set(debs.glob("*.deb")) != before or not root.is_dir():
        shutil.rmtree(root, ignore_errors=True)
        for one in packages:
            deb = next(debs.glob(f"{one.name}_{one.version.replace(':', '%3a')}_*.deb"))
            _run("dpkg", "-x", str(deb), str(root))
    return root


def install(names: list[str]) -> None:
    """Install packages, with sudo where that is needed."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    _run(*sudo, "apt-get", "install", "--yes", "--no-install-recommends", *names, show=True)


def to_install(names: list[str]) -> str:
    """What apt says of the size of an installation: "Need to get …"."""
    said = _run("apt-get", "--assume-no", "--no-install-recommends", "install", *names, fails=True)
    return next((line for line in said.splitlines() if line.startswith("Need to get")), "").rstrip(".")


def _described(name: str) -> Package:
    said = _run("apt-cache", "show", "--no-all-versions", name)
    fields = dict(re.findall(r"^(\w+): (.*)$", said, re.MULTILINE))
    return Package(name, fields["Version"], int(fields["Size"]))


def _order(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release)]


def _run(*command: str, cwd: Path | None = None, show: bool = False, fails: bool = False) -> str:
    """A command's output. Raises UsageError with what it said where it fails and may not."""
    done = subprocess.run(
        command,
        cwd=cwd,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode and not fails:
        raise UsageError(
            f"{' '.join(command[:3])} … failed",
            came=(done.stderr or "").strip()[-600:] or f"exit status {done.returncode}",
            fix="apt-get update",
        )
    return done.stdout or ""
