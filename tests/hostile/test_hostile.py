"""Attacks on the judge: in each tier of the sandbox none gains anything, leaves anything, or stops the batch.

Each tier is attacked by a batch of its own (`driver.py`): as this user, and, if this is root, as an ordinary one.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.driver import HERE, LIMITS, PATIENCE, attacks, header, limits, name_of, policy
from wbviz.grade.exercise import load_exercise
from wbviz.grade.judge import Unjudged, best_tier, judged
from wbviz.grade.judge.command import TIERS
from wbviz.grade.judge.tiers import failure
from wbviz.grade.score import grade_policy

ROOT = HERE.parents[1]
NOT_ROOT = 12345
"""An ordinary user, without a name."""
ME = "root" if os.getuid() == 0 else "user"
BATCHES = [(tier, user) for tier in TIERS for user in dict.fromkeys((ME, "user"))]
ATTACKS = {name_of(file): header(file) for file in attacks()}


def unavailable(reason: str) -> None:
    """A person is told loudly; for the project's CI it is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Batches:
    """The batches, each started when its tier is first asked for, all of a tier at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[tuple[str, str], subprocess.Popen[str]] = {}
        self.results: dict[tuple[str, str], dict[str, Any]] = {}

    def result(self, tier: str, user: str) -> dict[str, Any]:
        """What a batch found, by attack."""
        if (tier, user) not in self.results:
            for batch in BATCHES:
                if batch[0] == tier and batch not in self.running:
                    self.running[batch] = self.start(*batch)
            out, errors = self.running[tier, user].communicate(timeout=400)
            assert self.running[tier, user].returncode == 0, f"the batch was stopped:\n{out[-500:]}\n{errors}"
            found = [json.loads(line) for line in out.splitlines()]
            self.results[tier, user] = {result["attack"]: result for result in found}
        return self.results[tier, user]

    def start(self, tier: str, user: str) -> subprocess.Popen[str]:
        """Begin a batch."""
        place = self.folder / f"{tier}-{user}"
        place.mkdir()
        python, driver = sys.executable, HERE / "driver.py"
        who: dict[str, Any] = {}
        if user != ME:
            python, driver = readable_python(), self.readable_copy() / "tests" / "hostile" / "driver.py"
            who = {"user": NOT_ROOT, "group": NOT_ROOT, "extra_groups": []}
            os.chown(place, NOT_ROOT, NOT_ROOT)
        return subprocess.Popen(
            [python, "-S", "-B", str(driver), tier, str(place)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place,
            env={"JUDGE_SECRET": "hidden", "PATH": os.environ["PATH"]},
            **who,
        )

    def readable_copy(self) -> Path:
        """The package and the attacks where everybody may read them."""
        copy = self.folder / "copy"
        if not copy.exists():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / "wbviz", copy / "wbviz", ignore=ignore)
            shutil.copytree(HERE, copy / "tests" / "hostile", ignore=ignore)
            for path in (copy, *copy.rglob("*")):
                path.chmod(path.stat().st_mode | stat.S_IRGRP | stat.S_IROTH | (0o011 if path.is_dir() else 0))
        return copy

    def end(self) -> None:
        """Whatever still runs."""
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
            process.communicate()


def readable_python() -> str:
    """A Python that an ordinary user may start: this one may be in root's home."""
    needed = "import sys, ctypes; assert sys.version_info >= (3, 11)"
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        try:
            subprocess.run([python, "-S", "-c", needed], user=NOT_ROOT, cwd="/", check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    unavailable("no Python of version 3.11 or later that an ordinary user may start: apt-get install python3")
    raise AssertionError


@pytest.fixture(scope="module")
def batches() -> Iterator[Batches]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    started = Batches(folder)
    yield started
    started.end()
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(("tier", "user"), BATCHES)
def test_an_attack_gains_nothing(tier: str, user: str, attack: str, batches: Batches) -> None:
    if failure(tier):
        unavailable(f"the sandbox {tier} does not work here: {failure(tier)}")
    expected = ATTACKS[attack]["none" if tier == "none" else "sandboxed"]
    found = batches.result(tier, user)
    if expected == ["skip"]:
        assert attack not in found
        return
    result = found[attack]
    assert result["outcome"] in expected, result["text"]
    assert result["verdict"] != "safe"
    assert result["seconds"] < LIMITS.wait_seconds + PATIENCE
    if expected == ["lost"] and "won" in ATTACKS[attack]["none"]:  # it failed, and for no other reason than this one
        assert "PermissionError" in result["text"] or "can't start new thread" in result["text"]
    if tier != "none":  # where there is no sandbox an attack may succeed: that shows that it is one
        assert not result["changed"]
        assert not result["left"]


@pytest.mark.slow
@pytest.mark.parametrize("attack", [file for file in attacks() if file.parent.name == "forge"], ids=name_of)
def test_a_forger_gets_no_point(attack: Path, tmp_path: Path) -> None:
    """Graded as a submission is, hidden scenarios included."""
    if not best_tier().official:
        unavailable(f"no sandbox works here: {best_tier().why}")
    file = tmp_path / "policy.py"
    file.write_text(policy(attack, tmp_path), encoding="utf-8")
    with judged(file, limits=limits(attack, best_tier().name)) as child:
        if header(attack)["sandboxed"] == ["unjudged"]:
            with pytest.raises(Unjudged):
                grade_policy(load_exercise("02-pin-then-lock"), child.policy)
            return
        report = grade_policy(load_exercise("02-pin-then-lock"), child.policy, seed="a secret")
    assert report.points == 0
    assert not report.gradable or any(one.verdict == "fails" for one in report.properties)


def test_the_attacks_are_attacks() -> None:
    """Most of those that are to be stopped by a sandbox succeed without one: 37 of 50.

    Two thirds, and not all: some are stopped without a sandbox as well, by the limits of a process or by the judge that
    notices the child's end; and some attack the sandbox itself, which is not there then.
    """
    stopped = [name for name, outcomes in ATTACKS.items() if outcomes["sandboxed"] == ["lost"]]
    succeed = [name for name in stopped if "won" in ATTACKS[name]["none"]]
    assert len(ATTACKS) >= 90
    assert len(succeed) > len(stopped) * 2 / 3
