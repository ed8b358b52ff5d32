"""Pages with players, for tests in Chromium: one drawn by bqplot through the widget runtime, one exported to a file."""

from __future__ import annotations

import functools
import json
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ipywidgets.embed import embed_data
from playwright.sync_api import Locator

from wbviz.viz.widgets import Shown

ROOT = Path(__file__).parents[2]
NPM = ROOT / "node_modules"
EXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "nbextensions"

_TWO_SECONDS = "AbortSignal.timeout(2e3)"
"""So long anywidget waits for a widget's module; a busy machine with a dozen widgets needs longer."""

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>players</title>
<style>.jupyter-widgets {{ padding: 8px; }}</style><!-- as the theme of the book has it -->
<script src="require.js"></script>
<script>
require.config({{paths: {{bqplot: "bqplot", bqscales: "bqscales", anywidget: "anywidget"}}}});
window.noise = [];
for (const name of ["error", "warn"]) console[name] = (...words) => window.noise.push(words.join(" "));
</script>
<script src="embed-amd.js"></script>
<script>
window.managers = [];
require(["@jupyter-widgets/html-manager"], (module) => {{
  const inherited = module.HTMLManager.prototype.set_state;
  module.HTMLManager.prototype.set_state = function (...state) {{
    window.managers.push(this);
    return inherited.apply(this, state);
  }};
}});
</script></head>
<body><main><h1>players</h1>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
{views}
</main></body></html>
"""


def runtime_present() -> bool:
    """Is a widget runtime like a notebook's installed (npm packages and the wheels' front ends)?"""
    return (NPM / "@jupyter-widgets/html-manager/dist/embed-amd.js").exists() and (EXTENSIONS / "bqplot").exists()


def embed(widgets: Sequence[Shown], folder: Path) -> Path:
    """A page with these widgets as a notebook's page would hold them, beside the runtime it needs."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(NPM / "requirejs/require.js", folder)
    shutil.copy(NPM / "@jupyter-widgets/html-manager/dist/embed-amd.js", folder)
    for name in ("bqplot", "bqscales", "anywidget"):
        shutil.copy(EXTENSIONS / name / "index.js", folder / f"{name}.js")
    anywidget = folder / "anywidget.js"
    hasty = anywidget.read_text(encoding="utf-8")
    assert hasty.count(_TWO_SECONDS) == 1, "another version of anywidget"
    anywidget.write_text(hasty.replace(_TWO_SECONDS, "AbortSignal.timeout(6e4)"), encoding="utf-8")
    data: dict[str, Any] = embed_data(views=list(widgets), drop_defaults=False)
    views = "\n".join(
        f"{widget.picture()}<div>"
        f'<script type="application/vnd.jupyter.widget-view+json">{json.dumps(view)}</script></div>'
        for widget, view in zip(widgets, data["view_specs"], strict=True)
    )
    page = folder / "index.html"
    state = json.dumps(data["manager_state"]).replace("<", "\\u003c")
    page.write_text(_PAGE.format(state=state, views=views), encoding="utf-8")
    return page


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing to standard error."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A local server for a folder; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def drag(what: Locator, right: float, down: float) -> None:
    """Press the mouse over something, move it so many pixels, and let go."""
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + 20 + max(0, -right), box["y"] + 20
    mouse = what.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + right, y + down, steps=4)
    mouse.up()
