"""Takes the widgets' states out of a page, and leaves a place for each widget, as high as the widget will be.

A notebook's page holds the state of every widget and of all that bqplot would draw it with, for Jupyter's runtime. The
book's pages mount the same widgets by themselves (js/live.js), each from its own state as it comes near the view.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from wbviz.errors import UsageError

STATE = re.compile(r'<script type="application/vnd\.jupyter\.widget-state\+json">(.*?)</script>\n?', re.DOTALL)
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.DOTALL)
PLACE = re.compile(r'<div class="wb-place" data-wb-for="([^"]*)">')
INLINE = 3000
"""A state of at most so many characters stands in the page; a larger one in a file of its own."""

_PLUMBING = {"kind", "still", "wanted", "layout", "tabbable", "tooltip", "comm"}


class Lifted(NamedTuple):
    """A page without states, and the widgets of it, in their order: (the place's still, kind, data)."""

    html: str
    widgets: tuple[Widget, ...]


class Widget(NamedTuple):
    """A widget of a page: the id of its still picture, its kind, and what its front end needs."""

    still: str
    kind: str
    data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """Its data as JSON, the same for the same data."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @property
    def key(self) -> str:
        """A name made from kind and data."""
        return hashlib.sha256(f"{self.kind}\0{self.text}".encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """How links and progress call it."""
        return str(self.data.get("name") or (self.data.get("bundle") or self.data.get("board") or {}).get("id", ""))


def lift(html: str) -> Lifted:
    """Take states and views out of a page. Raises UsageError for a widget that the pages cannot show."""
    found = STATE.search(html)
    states = json.loads(found[1])["state"] if found else {}
    widgets = tuple(_widget(states, json.loads(view)["model_id"]) for view in VIEW.findall(html))
    text = VIEW.sub("", STATE.sub("", html))
    stills = PLACE.findall(text)
    if stills != [widget.still for widget in widgets]:
        raise UsageError(
            "the widgets of a page have no places",
            came=f"widgets {', '.join(widget.still for widget in widgets)}",
            expected=f"the same as the places: {', '.join(stills)}",
            cause="a cell shows a widget that is none of the book's, or two widgets overlap",
            fix="show it through wbviz, or as an output that has HTML beside its widget",
        )
    return Lifted(text, widgets)


def _widget(states: Mapping[str, Any], model: str) -> Widget:
    state = states[model]["state"]
    data = {
        name: value
        for name, value in state.items()
        if not name.startswith("_")
        and name not in _PLUMBING
        and value is not None
        and not str(value).startswith("IPY_MODEL_")
    }
    return Widget(state.get("still", states[model]["model_name"]), state.get("kind", ""), data)


def placed(page: Lifted, shells: Mapping[str, str], folder: str) -> str:
    """The page with a shell in every place, and the small states at its end. folder: where the files are."""
    widgets = iter(page.widgets)

    def place(_: re.Match[str]) -> str:
        widget = next(widgets)
        return (
            f'<div class="wb-place" data-kind="{widget.kind}" data-id="{escape(widget.name)}" '
            f'data-state="{widget.key}" data-file="{folder}/{file_of(widget)}">'
            f'<div class="wb-shell" aria-hidden="true" inert>{shells[widget.key]}</div>'
        )

    text = PLACE.sub(place, page.html)
    small = {widget.key: widget for widget in page.widgets if len(widget.text) <= INLINE}
    inline = "".join(
        f'<script type="application/json" id="wb-state-{key}">{_within(widget.text)}</script>\n'
        for key, widget in small.items()
    )
    return text.replace("</body>", f"{inline}</body>")


def file_of(widget: Widget) -> str:
    """The name of the file with a widget's state."""
    return f"{widget.kind}.{widget.key}.js"


def write_states(page: Lifted, folder: Path) -> None:
    """Write the files of a page's states."""
    for widget in page.widgets:
        if len(widget.text) > INLINE:
            text = f"wbvizState({json.dumps(widget.key)},{_within(widget.text)});\n"
            (folder / file_of(widget)).write_text(text, encoding="utf-8")


def _within(text: str) -> str:
    """No "<" survives, so nothing in a state can close the script that holds it."""
    return text.replace("<", "\\u003c")
