"""The chapters as notebooks for JupyterLab: ``python -m wbviz.site.notebooks`` writes them into ``_build/notebooks``.

A chapter is text with code cells in it (MyST). JupyterLab opens such a file as text, so it is rewritten as .ipynb by
the reader that the book's own build uses. A citation is written out as its key, which the bibliography explains.
"""

from __future__ import annotations

import re
from pathlib import Path

_CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
_HEADING = "---\njupytext:"


def write_notebooks(root: Path) -> list[Path]:
    """Write every chapter that has code cells as a notebook; the paths written, in the order of their names."""
    folder = root / "_build" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chapter in sorted((root / "book").glob("*.md")):
        text = chapter.read_text(encoding="utf-8")
        if text.startswith(_HEADING):
            written.append(folder / f"{chapter.stem}.ipynb")
            written[-1].write_text(notebook(text), encoding="utf-8")
    return written


def notebook(text: str) -> str:
    """A chapter in MyST as the JSON of a notebook that has not been run."""
    import nbformat
    from myst_nb.core.read import read_myst_markdown_notebook

    read = read_myst_markdown_notebook(_CITATION.sub(r"[\1]", text))
    read.nbformat, read.nbformat_minor = 4, 5
    for number, cell in enumerate(read.cells):
        cell["id"] = f"cell-{number}"  # the same on every run
    return str(nbformat.writes(read)) + "\n"  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    from wbviz.site.builder import checkout

    for path in write_notebooks(checkout()):
        print(path)
