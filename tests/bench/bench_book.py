"""How long the book takes: a cold build, a build after a change in one chapter, and each chapter run as a notebook.

    python -m tests.bench.bench_book

Works on a copy of the checkout, so that nothing here is thrown away. Exits 1 when a number misses its goal: three minutes
for a cold build, twenty seconds for the second, a minute for a chapter.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from wbviz.site.builder import build_book, environment
from wbviz.site.notebooks import write_notebooks

ROOT = Path(__file__).parents[2]
COLD, AGAIN, CHAPTER = 180.0, 20.0, 60.0
PARTS = ("wbviz", "book", "exercises", "_config.yml", "requirements.txt", "node_modules")


def copy(to: Path) -> Path:
    """What a build needs, in a folder of its own; node_modules is only linked."""
    for part in PARTS:
        source = ROOT / part
        if part == "node_modules":
            (to / part).symlink_to(source.resolve())
        elif source.is_dir():
            shutil.copytree(source, to / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, to / part)
    return to


def timed_build(root: Path) -> float:
    """Seconds that a build takes; ends the bench if it fails."""
    begin = time.perf_counter()
    if build_book(root):
        sys.exit(1)
    return time.perf_counter() - begin


def timed_chapters(root: Path) -> dict[str, float]:
    """Seconds for Restart and Run All, by chapter."""
    seconds = {}
    for path in write_notebooks(root):
        notebook = nbformat.read(path, as_version=4)
        begin = time.perf_counter()
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute(
            env=environment(root)
        )
        seconds[path.stem] = time.perf_counter() - begin
    return seconds


def main() -> int:
    """Measure, print, compare with the goals."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy(Path(folder))
        cold = timed_build(root)
        chapter = root / "book" / "lock-ordering.md"
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(text.replace("import wbviz\n", "import wbviz  # changed\n", 1) + "\nOne more sentence.\n")
        again = timed_build(root)
        chapters = timed_chapters(root)
    print(f"a cold build: {cold:.1f} s; goal {COLD:.0f}")
    print(f"a build after a change in one chapter and one of its cells: {again:.1f} s; goal {AGAIN:.0f}")
    for name, seconds in chapters.items():
        print(f"  run {name}: {seconds:.1f} s; goal {CHAPTER:.0f}")
    return 0 if cold < COLD and again < AGAIN and max(chapters.values()) < CHAPTER else 1


if __name__ == "__main__":
    sys.exit(main())
