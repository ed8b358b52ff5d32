"""What the tests of a class share: a small exercise, submissions, and work for the workers that is none."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

from wbviz.policy.load import load_policy

RUBRIC = """
title = "Pin, then lock, in small"
chapter = "pageout-work"
version = 1

[points]
duty = 10
rules = 40
deadlock = 50

[[check]]
scenario = "truncated"

[[check]]
scenario = "abba"
pages = 2

[hidden]
draws = 1
pages = 1
tasks = 1
beside = ["truncate"]
"""
SEED = "a secret of thirty-two characters"


def small_exercise(root: Path) -> Path:
    """The folder of an exercise that takes a tenth of a second to grade."""
    folder = root / "exercises" / "90-small"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    (folder / "policy.py").write_text(source("lock_at_enqueue"), encoding="utf-8")
    return folder


def source(builtin: str) -> str:
    """The text of a built-in policy."""
    return load_policy(builtin).source


def students(root: Path, count: int) -> Path:
    """A folder of students with different policies, good and bad, each with a text of its own."""
    kinds = ["pin_then_lock", "no_pin", "no_recheck", "writearound", "write_ahead"]
    for number in range(count):
        folder = root / f"student{number:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"# by student {number}\n{source(kinds[number % len(kinds)])}"
        (folder / "policy.py").write_text(text, encoding="utf-8")
    return root


class Errand(NamedTuple):
    """A job for a worker that only shows how it is treated."""

    slug: str
    what: str = "answer"
    place: str = ""


def run_errand(errand: Errand) -> str:
    """Answer, or die in some way."""
    if errand.place:
        with open(errand.place, "a", encoding="utf-8") as log:
            log.write(f"{errand.slug} {os.getpid()}\n")
    if errand.what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if errand.what == "exit":
        os._exit(7)
    if errand.what == "die once" and Path(errand.place).read_text(encoding="utf-8").count(f"{errand.slug} ") == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    if errand.what == "wait":
        time.sleep(600)
    return f"{errand.slug} done"


def buried(errand: Errand, why: str) -> str:
    """The answer in the place of one that did not survive."""
    return f"{errand.slug}: {why}"
