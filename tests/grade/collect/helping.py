"""What the tests of collecting share: how files are laid out, packed, and collected."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from wbviz.grade.collect.collect import Collected, collect
from wbviz.grade.collect.submission import Submission
from wbviz.grade.collect.wanted import Wanted

POLICY = b"def enqueue(mm, page):\n    yield\n\n\ndef execute(mm, work):\n    yield\n"
STARTER = b"# start here\n" + POLICY
WANTED = Wanted("02-pin-then-lock", ("01-two-pages", "03-recheck", "10-capstone"), STARTER)


def lay(root: Path, files: dict[str, bytes]) -> Path:
    """Files by their paths in a folder."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """The same in a zip archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def collected(tmp_path: Path, *paths: Path, single: bool = False) -> Collected:
    """What is collected for `WANTED`, into a folder of its own each time."""
    into = tmp_path / f"out{len(list(tmp_path.glob('out*')))}"
    return collect(list(paths), into, WANTED, single)


def by_student(found: Collected) -> dict[str, Submission]:
    """The submissions by student."""
    assert len({one.student for one in found.submissions}) == len(found.submissions)
    return {one.student: one for one in found.submissions}


def texts(found: Collected) -> dict[str, bytes | None]:
    """The policies by student; None where there is a problem."""
    return {one.student: one.policy.read_bytes() if one.policy else None for one in found.submissions}


def notebook(*cells: str, metadata: Any = None) -> bytes:
    """A notebook with these cells of code."""
    made = [{"cell_type": "code", "source": cell, "metadata": metadata, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
