"""``python -m wbviz.trouble.record``: fetch, build, boot, record. Asks before it fetches; ``--yes`` answers.

Names after the options record these alone, such as abba.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError
from wbviz.trouble.record import experiments, loads, packages
from wbviz.trouble.record.machine import Machine, build, run

CHECKOUT = Path(__file__).parents[3]
INTO = CHECKOUT / "book" / "data" / "kernel"
FOLDER = CHECKOUT / "_build" / "kernel"
_OPTIONS = r"CONFIG_(LOCKDEP|PROVE_LOCKING|DEBUG_LOCK_ALLOC|LOCK_STAT|DETECT_HUNG_TASK)"
NAMES = (*experiments.FORCED, "rounds", *loads.LOADS)


def main(arguments: list[str]) -> int:
    """Record what is named, or everything: 0, also after a no; 3 with a message where it cannot be done."""
    parser = argparse.ArgumentParser(prog="make kernel", description=__doc__)
    parser.add_argument("--yes", action="store_true", help="fetch and install without asking")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; none: all")
    asked = parser.parse_args(arguments)
    try:
        unknown = sorted(set(asked.names) - set(NAMES))
        if unknown:
            raise UsageError(f"there is no experiment {unknown[0]}", expected=f"one of {', '.join(NAMES)}")
        release = packages.newest()
        wanted = packages.wanted(release)
        if not agreed(wanted, asked.yes):
            print("Nothing was fetched. In a script: make kernel YES=1")
            return 0
        machine = build(packages.fetch(wanted, FOLDER), release, FOLDER)
        for name in asked.names or NAMES:
            print(f"recording {name} ...", flush=True)
            write(name, recorded(name, machine), _made(wanted, machine))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    print(f"{INTO.relative_to(CHECKOUT)} is written; the book shows it after make book")
    return 0


def agreed(wanted: list[packages.Package], yes: bool) -> bool:
    """Say what would be fetched, and ask; installs missing tools if the answer is yes."""
    tools = packages.missing()
    print("To be fetched from your Debian mirror, and only unpacked, into _build/kernel:")
    for one in wanted:
        print(f"  {one.name} {one.version}, {one.size / 1e6:.1f} MB")
    print(f"  together {sum(one.size for one in wanted) / 1e6:.0f} MB, what is there already excepted")
    if tools:
        print(f"To be installed with apt-get: {', '.join(tools)}. {packages.to_install(tools)}")
    print("Then machines of at most 384 MB are emulated, one after another, for some ten minutes.")
    if not yes and _asked("Go on? [y/N] ") not in ("y", "yes"):
        return False
    if tools:
        packages.install(tools)
    return True


def _asked(question: str) -> str:
    """What somebody types; nothing where nobody can."""
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""


def recorded(name: str, machine: Machine) -> dict[str, Any]:
    """Run one experiment; what of it is kept."""
    if name == "rounds":
        parts, _ = run(machine, experiments.rounds())
        return {
            "kernel": parts["kernel"],
            "harmless": [
                {"lines": experiments.lines(text), **experiments.results(text)[0]} for text in _each(parts["harmless"])
            ],
            "free": experiments.results(parts["free"]),
        }
    if name in loads.LOADS:
        parts, files = run(machine, loads.traced(loads.LOADS[name]))
        return {"kernel": parts["kernel"], **loads.summed(loads.LOADS[name], files)}
    parts, _ = run(machine, experiments.forced(name))
    config = [
        line for line in machine.config.read_text(encoding="utf-8").splitlines() if re.search(rf"\b{_OPTIONS}\b", line)
    ]
    return {
        **experiments.FORCED[name]._asdict(),
        "kernel": parts["kernel"],
        "report": experiments.lines(parts["report"]),
        "sysrq": parts["sysrq-w"].splitlines(),
        "stacks": parts["stacks"].splitlines(),
        "lockdep": [
            *parts["lockdep"].splitlines(),
            f"$ grep -wE '{_OPTIONS}' /boot/config-{machine.release}",
            *config,
        ],
    }


def _each(text: str) -> list[str]:
    """A log of several meetings, cut after each result."""
    pieces: list[list[str]] = [[]]
    for line in text.splitlines():
        pieces[-1].append(line)
        if "meeting: result" in line:
            pieces.append([])
    return ["\n".join(piece) for piece in pieces if piece]


def _made(wanted: list[packages.Package], machine: Machine) -> dict[str, Any]:
    """When and with what something was recorded."""
    said = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "release": machine.release,
        "packages": {one.name: one.version for one in wanted},
        "qemu": said.splitlines()[0],
        "emulation": "tcg",
    }


def write(name: str, data: dict[str, Any], made: dict[str, Any]) -> None:
    """Write one recording."""
    INTO.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"recorded": made, **data}, indent=1, ensure_ascii=False) + "\n"
    (INTO / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
