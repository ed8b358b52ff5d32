"""A trace as one HTML page that plays from a disk, with no network and nothing installed.

The page carries the player and the frames; it draws the scene as an SVG of its own rather than with bqplot, whose front
end needs the whole Jupyter widget runtime (megabytes, part of it only on npm). book/design/player.md weighs this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from wbviz.viz.assets import page_script, style
from wbviz.viz.stage.figure import still
from wbviz.viz.stage.frames import film

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
html {{ background: light-dark(#f3f5f8, #0c0f13); color-scheme: light dark; }}
body {{ margin: 0; padding: clamp(0.4rem, 2vw, 1.5rem); }}
{style}
</style>
</head>
<body>
<main>
<h1 style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">{title}</h1>
<div id="player"></div>
{still}
</main>
<script type="application/json" id="bundle">{bundle}</script>
<script type="module">
{script}
mount(document.getElementById("player"), JSON.parse(document.getElementById("bundle").textContent));
document.getElementById("still").classList.add("wb-replaced");
</script>
</body>
</html>
"""


def page(trace: Mapping[str, Any] | Any) -> str:
    """The page as text. trace: a mapping in the JSON form of wbviz/trace, or a Trace."""
    source = film(trace)
    # No "<" survives in the data, so nothing in a trace can close the script element.
    bundle = json.dumps(source.bundle(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _PAGE.format(
        title=escape(source.title),
        style=style(),
        still=still(source, "still", with_style=False),
        bundle=bundle,
        script=page_script(),
    )


def write_page(trace: Mapping[str, Any] | Any, path: str | Path) -> Path:
    """Write the page; gives back its path. Raises OSError when it cannot be written."""
    target = Path(path)
    target.write_text(page(trace), encoding="utf-8")
    return target
