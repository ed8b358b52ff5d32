"""The release for students: ``python -m wbviz.commands.student``, or ``make student``.

With ``--site``, or ``make student SITE=1``, the built book goes with it.

Its tasks are notebooks that carry nbgrader's metadata, so a course with nbgrader can collect the very same ones.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wbviz.commands.platforms import assignment_text
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.site.builder import build_book, checkout, html
from wbviz.site.student import write_release


def write_assignments(root: Path, folder: Path) -> list[Path]:
    """Write the task of every exercise as a notebook named after it; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, place in exercises(root).items():
        written.append(folder / f"{name}.ipynb")
        written[-1].write_text(assignment_text(load_exercise(place)), encoding="utf-8")
    return written


def main() -> int:
    """Write the release, and say where."""
    parser = argparse.ArgumentParser(description="The release for students, into _build/student.")
    parser.add_argument("--site", action="store_true", help="build the book, and put it in")
    with_site, root = parser.parse_args().site, checkout()
    if with_site and (status := build_book(root)):
        return status
    for path in write_release(root, tasks=write_assignments, site=html(root) if with_site else None):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
