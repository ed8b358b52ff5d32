"""Chapters and tasks as notebooks for JupyterLab: ``python -m wbviz.site.notebooks`` writes ``_build/notebooks``.

A chapter is text with code cells in it (MyST). JupyterLab opens such a file as text, so it is rewritten as .ipynb by
the reader that the book's own build uses.
"""

from __future__ import annotations

from pathlib import Path

from wbviz.errors import UsageError
from wbviz.site.plain_markdown import plain

_HEADING = "---\njupytext:"
HOW_TO_RUN = """\
*A part of “Who holds the page lock?”. It runs where `wbviz` can be imported: in a checkout of the project `make lab`
opens all chapters, in the students' release README.md says how; elsewhere, `pip install -r requirements.txt` and
`pip install .` in the checkout come first.*
"""


def chapters(root: Path) -> list[Path]:
    """The chapters that are notebooks: those that have code cells."""
    return [path for path in sorted((root / "book").glob("*.md")) if is_notebook(path.read_text(encoding="utf-8"))]


def is_notebook(text: str) -> bool:
    """Whether a page of the book is a notebook, by how it begins."""
    return text.startswith(_HEADING)


def write_notebooks(root: Path, folder: Path | None = None) -> list[Path]:
    """Write every chapter that has code cells as a notebook; the paths written, in the order of their names.

    folder: where to, by default `_build/notebooks`.
    """
    folder = folder or root / "_build" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    sources = chapters(root)
    names = {path.stem for path in sources}
    written = []
    for source in sources:
        written.append(folder / f"{source.stem}.ipynb")
        written[-1].write_text(notebook(source.read_text(encoding="utf-8"), names), encoding="utf-8")
    return written


def write_exercise_notebooks(root: Path, folder: Path | None = None) -> list[Path]:
    """Write the task of every exercise as a notebook named after it, by default into `_build/notebooks/exercises`."""
    folder = folder or root / "_build" / "notebooks" / "exercises"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for task in sorted((root / "exercises").glob("*/task.md")):
        written.append(folder / f"{task.parent.name}.ipynb")
        written[-1].write_text(notebook(task.read_text(encoding="utf-8"), set()), encoding="utf-8")
    return written


def notebook(text: str, names: set[str]) -> str:
    """A chapter in MyST as the JSON of a notebook that has not been run. names: all chapters that are notebooks.

    Raises `UsageError` where the reader that the book's own build uses is not installed.
    """
    try:
        import nbformat
        from myst_nb.core.read import read_myst_markdown_notebook
    except ImportError as error:
        raise UsageError(
            "a text cannot be made a notebook here",
            came=f"Python has no {error.name}",
            expected="what the book is built with",
            fix='pip install "wbviz[book]"     (in a checkout: pip install -r requirements.txt)',
        ) from None

    read = read_myst_markdown_notebook(plain(text, names))
    read.nbformat, read.nbformat_minor = 4, 5
    read.cells.insert(0, nbformat.v4.new_markdown_cell(HOW_TO_RUN))  # type: ignore[no-untyped-call]
    for number, cell in enumerate(read.cells):
        cell["id"] = f"cell-{number}"  # the same on every run
    return str(nbformat.writes(read)) + "\n"  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    from wbviz.site.builder import checkout

    for path in [*write_notebooks(checkout()), *write_exercise_notebooks(checkout())]:
        print(path)
