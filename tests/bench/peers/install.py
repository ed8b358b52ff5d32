"""Harmony in an environment of its own, `_build/peers`: `python -m tests.bench.peers.install`, or `make peers`.

It is kept apart from `.venv` on purpose: its wheel is built on this machine and needs a C compiler, which nobody should
need who only reads the book or checks a policy, and it puts a package named `tests` beside ours. Spin comes from the
system: on Debian, `apt-get install spin gcc`.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = HERE.parents[2] / "_build" / "peers"
HARMONY = ENVIRONMENT / "bin" / "harmony"
READY = ENVIRONMENT / "ready"
PINS = HERE / "requirements.txt"


def install() -> Path:
    """Make the environment as `requirements.txt` pins it, unless it is there; returns the path of `harmony`."""
    pins = PINS.read_text(encoding="utf-8")
    if not (READY.is_file() and READY.read_text(encoding="utf-8") == pins and HARMONY.is_file()):
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        python = str(ENVIRONMENT / "bin" / "python")
        pip = [python, "-m", "pip", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "-r", str(PINS)], check=True)
        READY.write_text(pins, encoding="utf-8")
    return HARMONY


def main() -> int:
    """Install, and say what a person can do if that fails."""
    try:
        install()
    except subprocess.CalledProcessError:
        print(
            f"peers: pip could not install {PINS.name}; see above. Harmony is compiled here: it needs a C compiler and "
            "Python's headers.\nOn Debian: apt-get install gcc libc6-dev python3-dev",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
