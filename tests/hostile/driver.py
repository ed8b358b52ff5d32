"""Lets attacks loose on the judge, one after another as a batch would: `python -S driver.py TIER FOLDER`.

Prints a line of JSON for each. It needs the standard library and `wbviz` alone, so that any user can run it.
FOLDER is empty and becomes the place of secrets and submissions.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from wbviz.check.check import check_scenario  # noqa: E402
from wbviz.grade.judge import JudgeError, Limits, Unjudged, judged  # noqa: E402
from wbviz.scenarios.catalogue import build  # noqa: E402

LIMITS = Limits(answer_seconds=5, wait_seconds=10, cpu_seconds=8, memory_mib=256)
HASTY = LIMITS._replace(answer_seconds=1)
"""For what only the clock ends: no longer than that is waited for it. All others have time, on a busy machine too."""
SECRET = "the hidden scenarios"
PATIENCE = 5
"""So many seconds a process may take to be gone after its judge."""


def header(file: Path) -> dict[str, list[str]]:
    """What an attack's first lines say of its outcome: in no sandbox, and in one."""
    lines = file.read_text(encoding="utf-8").splitlines()[1:3]
    pairs = [line.removeprefix("# ").split(": ", 1) for line in lines]
    return {tier: words.split(" or ") for tier, words in pairs}


def attacks() -> list[Path]:
    """All attacks, by family and name."""
    return sorted((HERE / "attacks").glob("*/*.py"))


def run(file: Path, tier: str, folder: Path) -> dict[str, Any]:
    """One attack, judged; then what it left behind."""
    for name, text in (("secret", SECRET), ("victim", "victim"), ("submissions/other.py", SECRET)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    (folder / "scratch").mkdir(exist_ok=True)
    submission = folder / "submissions" / file.name
    submission.write_text(policy(file, folder), encoding="utf-8")
    before = snapshot(folder)
    began = time.monotonic()
    try:
        found = verdict(submission, tier, limits(file, tier))
    except Unjudged as error:
        found = {"outcome": "unjudged", "text": str(error), "verdict": "none"}
    except Exception as error:
        found = {"outcome": "crash", "text": f"{type(error).__name__}: {error}"}
    seconds = time.monotonic() - began
    after = snapshot(folder)
    changed = sorted(str(path) for path in before.items() ^ after.items())
    return {"attack": name_of(file), **found, "seconds": seconds, "changed": changed, "left": orphans()}


def limits(file: Path, tier: str) -> Limits:
    """What an attack may use."""
    return HASTY if "unjudged" in header(file)["none" if tier == "none" else "sandboxed"] else LIMITS


def name_of(file: Path) -> str:
    """An attack's name, with its family."""
    return f"{file.parent.name}/{file.stem}"


def policy(file: Path, folder: Path) -> str:
    """The submission: the attack, and what it is called by, if it is not a policy itself."""
    text = file.read_text(encoding="utf-8")
    if "def attack(" not in text:
        return text
    world = (HERE / "world.py").read_text(encoding="utf-8").replace("@JUDGE@", str(os.getpid()))
    places = {"SCRATCH": "scratch", "SECRET": "secret", "VICTIM": "victim", "SUBMISSIONS": "submissions"}
    for name, place in places.items():
        world = world.replace(f"@{name}@", str(folder / place))
    return f"{world}\n\n{text}"


def verdict(submission: Path, tier: str, allowed: Limits) -> dict[str, str]:
    """What came of it: the verdict, or "misbehaved" where the judge had to end the child; what the attack claims.

    A clock ends in `Unjudged`: no verdict at all.
    """
    with judged(submission, tier, allowed) as child:
        result = check_scenario(child.policy, build("busy-page"), max_states=500)
    first = result.verdicts[0]
    text = f"{first.summary} {first.error or ''}"
    outcome = result.verdict
    if isinstance(first.error, JudgeError):
        outcome = "misbehaved"
    for claim in ("WON", "LOST"):
        if f"RuntimeError: {claim} " in text:
            outcome = claim.lower()
    return {"outcome": outcome, "text": text, "verdict": result.verdict}


def snapshot(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every file below a folder, with its mode, size and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_text(encoding="utf-8") if path.is_file() and status.st_size < 10_000 else ""
        found[str(path)] = (status.st_mode, status.st_size, content)
    return found


def orphans() -> bool:
    """Whether a process is left: all that lose their parent come to this one, which adopts them."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
        except ChildProcessError:
            return False
    return True


def main(tier: str, folder: Path) -> None:
    """See the module."""
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)
    for file in attacks():
        if tier == "none" and header(file)["none"] == ["skip"]:
            continue
        print(json.dumps(run(file, tier, folder)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
