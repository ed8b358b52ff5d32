"""A field for a report of one's own: read in the page, by the same code as `python -m wbviz kernel`."""

from __future__ import annotations

import traitlets

from wbviz.viz.assets import palette_style
from wbviz.viz.cells.recorded import FOLDER
from wbviz.viz.widgets import Shown


class Paste(Shown):
    """Takes a report or a trace, and shows the picture and the words for it."""

    example = traitlets.Unicode().tag(sync=True)

    def picture(self) -> str:
        """What to do where no script runs."""
        return (
            f'{palette_style()}<div class="wbviz wb-still" id="{self.still}"><p>With scripts, a report can be pasted '
            "here and is read in the page. In a terminal: <code>dmesg | python -m wbviz kernel -</code></p></div>"
        )


def paste() -> Paste:
    """The field, with the report of f2fs to try it with."""
    return Paste(kind="paste", example=(FOLDER / "f2fs-2026.txt").read_text(encoding="utf-8"), still="wb-paste")
