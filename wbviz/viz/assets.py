"""The front end of the widgets as text: style sheets and one ES module.

The JavaScript is written as several plain ES modules, so that it can be read, type-checked and tested piece by piece.
A widget and a page on a disk need one text, so the modules are put one after another, and their relative imports, their
`export`s and their comments are dropped. That is all the building there is; no two modules may use the same top-level
name, and a test says so.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
#: What a page of its own needs, in the order of their dependence.
MODULES = (
    *("stage", "dom", "progress", "gate", "code_panel", "panels", "svg_sink", "screen"),
    *("things", "touch", "transport", "player"),
)
#: What the widgets need beside that.
WIDGETS = (
    "bqplot_sink",
    *("game", "board_scene", "game_words", "game_map", "game_view"),
    *("python", "shared_python"),
    *("unpack", "canvas", "svg_charts", "lab_charts", "lab_controls", "lab_simulator", "lab_paint", "lab"),
    *("reclaim_pages", "reclaim_lab", "flusher_lab"),
    *("paste", "recorded", "review", "quiz", "progress_page", "certificate"),
    *("kinds_plain", "kinds_game", "kinds_labs", "kinds", "widgets"),
)
SHEETS = ("stage/player", "cells/recorded", "stage/game", "labs/lab")
"""The style sheets of the widgets; each stands in its room."""
_IMPORT = re.compile(r'^import [^;]*? from "\./\w+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)
# Only comments that have their lines to themselves, so no string can be hit.
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _short(text: str) -> str:
    return _INDENT.sub("", _COMMENT.sub("", text)).strip() + "\n"


@cache
def palette() -> str:
    """Colours and the still picture: what `figure.still` needs where no player has come up."""
    return _short(_read("palette.css"))


@cache
def palette_style() -> str:
    """The palette as an element of its own, by whose mark the book's build knows it: there every page links it."""
    return f"<style data-wb-palette>{palette()}</style>"


@cache
def style() -> str:
    """The style sheet of all widgets and still pictures."""
    return palette() + "".join(_short(_read(f"{sheet}.css")) for sheet in SHEETS)


def _joined(names: tuple[str, ...]) -> str:
    return "".join(_short(_EXPORT.sub("", _IMPORT.sub("", _read(f"js/{name}.js")))) for name in names)


@cache
def page_script() -> str:
    """The module for a page of its own: defines `mount`, which draws an SVG."""
    return _joined(MODULES)


@cache
def widget_script() -> str:
    """The module of all widgets, which exports `render`. All that stand in one page share it."""
    return _joined((*MODULES, *WIDGETS)) + "export { render };\n"


@cache
def loader_script() -> str:
    """The anywidget module of each widget: fetches the shared one from the model that carries it."""
    return _short(_read("js/loader.js"))
