"""The picture that stands for a page where it is shared: the book's title over the first page's picture."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 1200, 630
_SVG = re.compile(r'<figure class="wbviz wb-cover">(<svg.*?</svg>)', re.DOTALL)
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_ROLE = re.compile(r"(--wb-[\w-]+): (?:light-dark\(([^,()]+),[^)]*\)|([^;]+));")
_VAR = re.compile(r"var\((--wb-[\w-]+)\)")


def cover(page: str, palette: Path, title: str) -> str:
    """An SVG without a style sheet. page: HTML with the cover in it, or without: then the title stands alone."""
    roles = {name: (light or other).strip() for name, light, other in _ROLE.findall(palette.read_text("utf-8"))}
    found = _SVG.search(page)
    picture = ""
    if found and (size := _VIEW.search(found[1])):
        w, h = float(size[1]), float(size[2])
        scale = min((WIDTH - 120) / w, (HEIGHT - 190) / h)
        left, top = (WIDTH - w * scale) / 2, 140 + (HEIGHT - 170 - h * scale) / 2
        inner = re.sub(r"^<svg[^>]*>|</svg>$", "", found[1])
        picture = f'<g transform="translate({left:.1f} {top:.1f}) scale({scale:.3f})">{inner}</g>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="DejaVu Sans, sans-serif">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<text x="60" y="92" font-size="50" font-weight="700" style="fill:var(--wb-ink)">{escape(title)}</text>'
        f"{picture}</svg>"
    )
    return _VAR.sub(lambda role: _VAR.sub("#000", roles.get(role[1], "#000")), svg)
