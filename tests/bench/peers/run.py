"""Runs Spin or Harmony on one of the models beside this file: what it says, how long it took, what it needed.

    python -m tests.bench.peers.run spin storm PAGES=3 KSWAPD=1 WORKS=1 WRITERS=1
    python -m tests.bench.peers.run harmony storm PAGES=3 KSWAPD=1 WORKS=1 WRITERS=1

The tools' words are kept as they are: a verdict here is theirs, not a translation into ours.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.bench.peers.install import HARMONY

HERE = Path(__file__).parent
LIMIT = 600.0
"""Seconds after which a tool is stopped."""

ENDING = {"spin": ".pml", "harmony": ".hny"}

Constants = Mapping[str, int | bool | str]


class Missing(Exception):
    """A tool is not installed. The message says what to do."""


class Failed(Exception):
    """A tool did not do its work: a model it does not understand, a limit. The message holds its output."""


class Process(NamedTuple):
    """A whole process, its children included: `seconds` of wall clock, `memory` in bytes at the peak of the largest
    (never less than what the launcher has, some 8 MiB), `cpu` seconds of processor time."""

    output: str
    status: int
    seconds: float
    memory: int
    cpu: float


class Answer(NamedTuple):
    """What a tool says. `seconds` and `memory` (the peak of its largest process, in bytes) are of all that it runs,
    `search` is the memory of the process that searches; `unreached` are statements that no run executed; `cpu` are the
    seconds of processor time."""

    verdict: str
    states: int
    seconds: float
    memory: int
    search: int
    unreached: tuple[str, ...] = ()
    cpu: float = 0.0


def spin_missing() -> str:
    """What is missing to run Spin, and how to get it; empty if nothing is."""
    lacking = [tool for tool in ("spin", "cc") if shutil.which(tool) is None]
    return f"{' and '.join(lacking)} not found. On Debian: apt-get install spin gcc libc6-dev" if lacking else ""


def harmony_missing() -> str:
    """What is missing to run Harmony, and how to get it; empty if nothing is."""
    return "" if HARMONY.is_file() else "Harmony is not installed in _build/peers. Run: make peers"


def process(
    command: Sequence[str], folder: Path, limit: float = LIMIT, environment: Mapping[str, str] | None = None
) -> Process:
    """Run a command in a folder. Raises `Failed` when it is not done after `limit` seconds."""
    with tempfile.TemporaryFile() as output, tempfile.NamedTemporaryFile() as report:
        launcher = subprocess.Popen(
            [sys.executable, "-I", "-S", str(HERE / "launch.py"), report.name, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            launcher.wait(limit)
        except subprocess.TimeoutExpired:
            raise Failed(f"{command[0]} was stopped after {limit:.0f} s") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(launcher.pid, signal.SIGKILL)
            launcher.wait()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
        said = report.read().split()
    if len(said) != 4:
        raise Failed(f"{command[0]} could not be started:\n{text}")
    # The kernel counts in KiB; macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Process(text, int(said[1]), float(said[0]), int(said[2]) * unit, float(said[3]))


def spin(model: str, macros: Constants, *, optimise: str = "-O2", ask: bool = False, limit: float = LIMIT) -> Answer:
    """Translate, compile and run a Promela model, with partial-order reduction.

    Looks for invalid end states; with `ask`, for fair runs that violate the model's LTL property (`-DPROPERTY`).
    A macro of value True is defined, of value False is not. Seconds are those of all three processes together.
    """
    if reason := spin_missing():
        raise Missing(reason)
    given = {**macros, "PROPERTY": True} if ask else macros
    defines = [f"-D{name}={int(value)}" for name, value in given.items() if value is not False]
    switches, options = ([], ["-a", "-f"]) if ask else (["-DSAFETY", "-DNOCLAIM"], [])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / f"{model}.pml", folder)
        steps = [
            ["spin", *defines, "-a", f"{model}.pml"],
            ["cc", optimise, "-w", *switches, "-o", "pan", "pan.c"],
            # The table of states begins at 2**18 entries and grows; the default would cost 128 MiB at once.
            ["./pan", "-w18", *options],
        ]
        done = []
        for step in steps:
            done.append(process(step, folder, limit))
            if done[-1].status:
                raise Failed(f"{' '.join(step)}: status {done[-1].status}\n{done[-1].output}")
    said = done[-1].output
    return Answer(
        _spin_verdict(said),
        _number(r"(\d+) states, stored", said),
        sum(step.seconds for step in done),
        max(step.memory for step in done),
        done[-1].memory,
        tuple(re.findall(r'^\t\S+:\d+, state \d+, "(.*)"$', said, re.MULTILINE)),
        sum(step.cpu for step in done),
    )


def _spin_verdict(said: str) -> str:
    if ("Search not completed" in said and "errors: 0" in said) or "search depth too small" in said:
        raise Failed(f"Spin did not search everything:\n{said}")
    if found := re.search(r"^pan:\d+: (.*?)(?: \(at depth \d+\))?$", said, re.MULTILINE):
        return found[1]
    if "errors: 0" not in said:
        raise Failed(f"Spin's answer was not understood:\n{said}")
    return "no error"


def harmony(model: str, constants: Constants, *, workers: int = 1, limit: float = LIMIT) -> Answer:
    """Compile and check a Harmony model."""
    if reason := harmony_missing():
        raise Missing(reason)
    command = [str(HARMONY), "--noweb", "-w", str(workers)]
    for key, value in constants.items():
        command += ["-c", f'{key}="{value}"' if isinstance(value, str) else f"{key}={value}"]
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(HERE / f"{model}.hny", name)
        done = process([*command, f"{model}.hny"], Path(name), limit)
    found = re.search(r"^    \* \*\*(.*)\*\*$", done.output, re.MULTILINE)
    if found is None:
        raise Failed(f"{' '.join(command)}: status {done.status}\n{done.output}")
    states = _number(r"^    \* (\d+) states", done.output)
    return Answer(found[1], states, done.seconds, done.memory, done.memory, cpu=done.cpu)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise Failed(f"no number of states in the answer:\n{text}")
    return int(found[1])


def versions() -> list[str]:
    """The versions of the tools that are here."""
    here = Path()
    found = []
    if not spin_missing():
        found += [process(tool, here).output.splitlines()[0] for tool in (["spin", "-V"], ["cc", "--version"])]
    if not harmony_missing():
        found.append("Harmony " + process([str(HARMONY), "--version"], here).output.split()[-1])
    return found


def _constant(word: str) -> int | bool | str:
    return int(word) if word.isdigit() else {"True": True, "False": False}.get(word, word)


def main(arguments: list[str]) -> int:
    """Run one tool on one model."""
    if len(arguments) < 2 or arguments[0] not in ENDING or not all("=" in word for word in arguments[2:]):
        print(__doc__, file=sys.stderr)
        return 2
    tool, model, *words = arguments
    models = sorted(path.stem for path in HERE.glob(f"*{ENDING[tool]}"))
    if model not in models:
        print(f"there is no model {model} for {tool}; there are: {', '.join(models)}", file=sys.stderr)
        return 2
    constants = {key: _constant(value) for key, value in (word.split("=", 1) for word in words)}
    try:
        answer = (spin if tool == "spin" else harmony)(model, constants)
    except (Missing, Failed) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"{answer.verdict}; {answer.states:,} states, {answer.seconds:.2f} s, {answer.memory / 2**20:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
