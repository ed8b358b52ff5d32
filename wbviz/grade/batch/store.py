"""The folder of a class: one record and two reports a student, each written whole or not at all.

A record is written last, so whoever has a record has everything; what a kill leaves half done is done again.

    OUT/run.json                what was graded with what; another run is not mixed into it
    OUT/submissions/ada/        the policy that was graded
    OUT/results/ada.json        the record: the whole report, for the instructor
    OUT/reports/ada.html, .md   the same for the student, without what hidden scenarios are
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from wbviz import __version__
from wbviz.errors import UsageError
from wbviz.grade.batch.job import FORMAT, Outcome
from wbviz.grade.exercise import Exercise


class Store:
    """The folder of a class. UsageError if it is another run's, or cannot be written."""

    def __init__(self, folder: Path, exercise: Exercise, seed: str | None) -> None:
        self.folder = folder
        self.submissions = folder / "submissions"
        self.run = {"wbviz": __version__, **_described(exercise, seed)}
        for part in ("results", "reports"):
            try:
                (folder / part).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise cannot_write(folder, error) from None
        self._claim()

    def _claim(self) -> None:
        path = self.folder / "run.json"
        if path.exists():
            known = _read(path)
            if known != self.run:
                different = [key for key in self.run if (known or {}).get(key) != self.run[key]]
                raise UsageError(
                    f"{self.folder} holds the results of another run",
                    came=f"another {', '.join(different)}",
                    expected="the same exercise, rubric, version and secret seed as before, or an empty folder",
                    fix=f"name another folder, and compare: --out NEW --against {self.folder}",
                )
        else:
            write(path, json.dumps(self.run, indent=1) + "\n")

    def record(self, slug: str, digest: str) -> dict[str, Any] | None:
        """The record of a student, if this very policy has been graded."""
        record = self.any_record(slug)
        fits = record is not None and record.get("format_version") == FORMAT and record.get("sha256") == digest
        return record if fits else None

    def any_record(self, slug: str) -> dict[str, Any] | None:
        """The record of a student, of whichever policy."""
        return _read(self.folder / "results" / f"{slug}.json")

    def keep(self, outcome: Outcome) -> None:
        """Write what came of a job. UsageError if the disk is full or the like; nothing finished is lost then."""
        reports = self.folder / "reports"
        write(reports / f"{outcome.slug}.md", outcome.markdown)
        write(reports / f"{outcome.slug}.html", outcome.html)
        write(self.folder / "results" / f"{outcome.slug}.json", outcome.record)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, and surely."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> UsageError:
    """What to say when a file of a class cannot be written."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return UsageError(
        f"cannot write {path}: {error.strerror}",
        cause="the disk is full" if full else "the folder is missing, read-only, or somebody else's",
        fix="make room, and give the same command again: what is finished is kept"
        if full
        else "name another place, one where you may write",
    )


def _described(exercise: Exercise, seed: str | None) -> dict[str, Any]:
    """What makes two runs the same. Of the seed only what takes long to guess from: it must not be told by a result."""
    rubric = (exercise.folder / "rubric.toml").read_bytes()
    rubric += b"".join(repr(one.own).encode() for one in exercise.checks if one.own)
    check = "" if seed is None else hashlib.scrypt(seed.encode(), salt=b"wbviz", n=1 << 14, r=8, p=1, dklen=12).hex()
    return {"exercise": exercise.name, "rubric": hashlib.sha256(rubric).hexdigest(), "secret": check}


def _read(path: Path) -> dict[str, Any] | None:
    """A JSON object from a file; None if there is none, or no whole one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
