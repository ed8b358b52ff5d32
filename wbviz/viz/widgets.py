"""What all widgets of the book share: one copy of their code in a page, and a picture for where no script runs."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets
from IPython.core.display import HTML
from IPython.core.display_functions import display
from ipywidgets import Widget, widget_serialization

from wbviz.viz.assets import loader_script, style, widget_script


class WidgetCode(Widget):  # type: ignore[misc]  # ipywidgets has no types
    """Script and style of all widgets, once for a notebook. It is never shown."""

    script = traitlets.Unicode(widget_script()).tag(sync=True)
    style = traitlets.Unicode(style()).tag(sync=True)


class Shown(anywidget.AnyWidget):
    """A widget of the book: `kind` names its front end in js/widgets.js.

    All that it needs is in its state and in the models that its state names, so it also works in a static page.
    `still` is the HTML id of the picture that stands for it where no script runs.
    """

    _esm = loader_script()
    code = traitlets.Instance(WidgetCode).tag(sync=True, **widget_serialization)
    kind = traitlets.Unicode().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(code=_shared_code(), **traits)

    def picture(self) -> str:
        """HTML that stands for the widget for print, for search, and where no script runs; its id is `still`."""
        raise NotImplementedError

    def _ipython_display_(self, **_: Any) -> None:
        """Shows the picture and the widget; the widget hides the picture once it has come up."""
        display(HTML(f'<div class="wb-place" data-wb-for="{self.still}">{self.picture()}</div>'))  # type: ignore[no-untyped-call]
        bundle = self._repr_mimebundle_()
        if bundle is not None:  # anywidget gives data and metadata
            display(bundle[0], metadata=bundle[1], raw=True)  # type: ignore[no-untyped-call]


_code: WidgetCode | None = None


def _shared_code() -> WidgetCode:
    """The one model with the code; a new one after a notebook has closed all widgets."""
    global _code
    if _code is None or _code.comm is None:
        _code = WidgetCode()
    return _code
