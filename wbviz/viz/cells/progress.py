"""The page of progress: what the reader has done, read from the reader's own browser."""

from __future__ import annotations

from wbviz.viz.assets import palette_style
from wbviz.viz.widgets import Shown


class Progress(Shown):
    """Lists what the book asks and what was done of it."""

    def picture(self) -> str:
        """What to say where no script runs: then nothing is kept either."""
        return (
            f'{palette_style()}<div class="wbviz wb-still" id="{self.still}"><p>Answers are kept by a script '
            "in your browser. Scripts are off here, so nothing is kept and there is nothing to show.</p></div>"
        )


def progress() -> Progress:
    """A widget that shows which questions of the book were answered and which levels were won in this browser."""
    return Progress(kind="progress", still="wb-progress")
