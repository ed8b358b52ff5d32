"""The release for students: ``python -m wbviz.commands.student``, or ``make student``.

Its tasks are notebooks that carry nbgrader's metadata, so a course with nbgrader can collect the very same ones.
"""

from __future__ import annotations

from pathlib import Path

from wbviz.commands.platforms import assignment_text
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.site.builder import checkout
from wbviz.site.student import write_release


def write_assignments(root: Path, folder: Path) -> list[Path]:
    """Write the task of every exercise as a notebook named after it; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, place in exercises(root).items():
        written.append(folder / f"{name}.ipynb")
        written[-1].write_text(assignment_text(load_exercise(place)), encoding="utf-8")
    return written


if __name__ == "__main__":
    for path in write_release(checkout(), tasks=write_assignments):
        print(path)
