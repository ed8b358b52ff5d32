"""The frame of a page: its head, and what the theme's frame around the article lacks or has too much of."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote

from wbviz.errors import UsageError
from wbviz.site.places import INLINE, Widget, file_of

REPORT = "wb-report"
"""The name of the meta element in which wbviz.site.pages says where errors of the book are reported."""

_HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_RELATED = re.compile(r'<link rel="(?:index|search|next|prev)"[^>]*>')
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
_REPORTED = re.compile(rf'<meta name="{REPORT}" content="([^"]*)"')
_SCRIPTS = re.compile(r'<script(?: defer)? src="[^"]*"></script>\n?|<script>.*?</script>\n?', re.DOTALL)
_BROUGHT = {"game": "game", "reclaim-lab": "labs", "flusher-lab": "labs"}
"""The kinds of widgets that live.js lacks, and which of `Made` has them."""
_LONGEST = 160
"""So many characters of a description are shown by who shows it."""

# Before anything is drawn: the colours that the reader chose, else the system's; and that there are scripts.
_FIRST = """
{
  const { dataset, classList } = document.documentElement;
  let mode = null;
  try { mode = localStorage.getItem("mode"); } catch {}
  dataset.mode = ["light", "dark"].includes(mode) ? mode : "auto";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  dataset.theme = dataset.mode === "auto" ? system : dataset.mode;
  classList.add("wb-js");
  // Where the widgets' script does not come, their pictures stay.
  addEventListener("error", ({ target }) => target?.dataset?.wbLive && classList.remove("wb-js"), true);
}
"""
_NO_SCRIPT = """<noscript><style>.pst-js-only { display: none !important; }</style></noscript>"""

# As strict as the pages allow. Widgets and the outputs of cells set styles; no script stands within a page but
# the one above, and nothing comes from, or goes, anywhere else. WebAssembly is Python in the page.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' 'wasm-unsafe-eval' 'sha256-{b64encode(sha256(_FIRST.encode()).digest()).decode()}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
"""The Content-Security-Policy of every page."""

# What the theme's frame says or shows otherwise than we would: what, by what, how often at least in a page.
_REPAIRS: tuple[tuple[re.Pattern[str], str, int], ...] = tuple(
    (re.compile(what, re.DOTALL), by, least)
    for what, by, least in (
        # A floating button covers what one reads; there is a link at the foot of the page.
        (r'<button type="button" class="btn rounded-pill" id="pst-back-to-top">.*?</button>', "", 1),
        # The title and the contents once more, for paper.
        (
            r'<div id="jb-print-docs-body"(?:(?!</?div).)*<div id="print-main-content">\s*<div id="jb-print-toc">\s*'
            r"(?:<div>.*?</div>\s*<nav.*?</nav>\s*)?</div>\s*</div>\s*</div>",
            "",
            0,  # the page of search has none
        ),
        # Buttons are called what stands on them.
        (r'(<button class="btn search-button-field[^>]*?) title="Search" aria-label="Search"', r"\1", 1),
        (
            r'<span class="search-button__kbd-shortcut">',
            '<span class="search-button__kbd-shortcut" aria-hidden="true">',
            1,
        ),
        (r'<summary aria-label="Toggle hidden content">', "<summary>", 0),
        # Everything of a page is in one of its parts.
        (
            r'<div id="pst-primary-sidebar"',
            '<div id="pst-primary-sidebar" role="complementary" aria-label="The book"',
            1,
        ),
        (r'(<main id="main-content"[^>]*) role="main"', r'\1 tabindex="-1"', 1),
        # No script stands in an element: frame.js prints.
        (r' onclick="window\.print\(\)"', " data-wb-print", 0),
        # Bootstrap's scripts are not here.
        (r' data-bs-(?:toggle|placement|title)="[^"]*"', "", 0),
    )
)


class Made(NamedTuple):
    """What a page's head names: files of the assets, by what they are."""

    style: str
    frame: str
    live: str
    game: str
    labs: str
    """The widgets that few pages have, by themselves."""
    search: str
    pieces: str
    notes: str
    """What the search looks through: the chapters, and the design notes, which come when they are asked for."""
    picture: str
    python: str
    """The folder of Python in the page."""
    python_bytes: int
    """So many its start fetches."""
    editor: str
    policylab: str
    """The files of the policy lab, which no page loads by itself."""


def framed(name: str, html: str, made: Made, widgets: Sequence[Widget], says: str) -> str:
    """The page `name` with a head of our own, its frame mended, and a foot. says: its first sentences.

    Raises UsageError where the theme's frame is not as expected.
    """
    head, title = _HEAD.search(html), _TITLE.search(html)
    if head is None or title is None:
        raise _other_theme(name, "no head")
    before, after = html[: head.start()], _SCRIPTS.sub("", html[head.end() :])
    for what, by, least in _REPAIRS:
        after, times = what.subn(by, after)
        if times < least and "bd-article-container" in html:
            raise _other_theme(name, what.pattern)
    report = _REPORTED.search(head[0])
    foot = _foot(title[1], unescape(report[1]) if report else "")
    after = after.replace('<footer class="bd-footer-content">', f'{foot}<footer class="bd-footer-content">', 1)
    return before + _head(name, title[1], head[0], made, widgets, says) + after


def _head(name: str, title: str, head: str, made: Made, widgets: Sequence[Widget], says: str) -> str:
    canonical, up = _CANONICAL.search(head), "../" * name.count("/")
    kinds = {_BROUGHT[widget.kind] for widget in widgets if widget.kind in _BROUGHT}
    brought = {kind: f"{up}_static/{getattr(made, kind)}" for kind in sorted(kinds)}
    named = "".join(f' data-{kind}="{file}"' for kind, file in brought.items())
    scripts = [f'<script defer data-wb-live="yes"{named} src="{up}_static/{made.live}"></script>'] if widgets else []
    if widgets and widgets[0].kind in _BROUGHT:  # it is wanted at once
        scripts.append(f'<script defer src="{brought[_BROUGHT[widgets[0].kind]]}"></script>')
    if widgets and len(widgets[0].text) > INLINE:
        scripts.append(f'<script defer src="{up}_static/{file_of(widgets[0])}"></script>')
    if name == "search.html":
        scripts.append(f'<script defer src="_static/{made.pieces}"></script>')
        scripts.append(f'<script defer src="_static/{made.search}" data-notes="_static/{made.notes}"></script>')
    root = canonical[1].removesuffix(name) if canonical else up
    lines = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f'<link rel="stylesheet" href="{up}_static/{made.style}">',
        f"<script>{_FIRST}</script>",
        _NO_SCRIPT,
        *_described(title, _short(says), f"{root}_static/{made.picture}", canonical[1] if canonical else ""),
        f'<link rel="icon" href="{up}_static/favicon.svg">',
        f'<meta name="wb-python" content="{up}_static/{made.python} {made.python_bytes}">',
        *_RELATED.findall(head),
        *scripts,
        f'<script defer src="{up}_static/{made.frame}"></script>',
    ]
    return "<head>\n" + "\n".join(lines) + "\n</head>"


def _described(title: str, says: str, picture: str, address: str) -> list[str]:
    """For search engines, and for who shares the page."""
    name, _, book = unescape(title).partition(" — ")
    says = says or f"{name}: a page of “{book or name}”, a textbook on page locks, reclaim and flushers in Linux."
    shown = {
        "og:type": "article",
        "og:title": name,
        "og:site_name": book or name,
        "og:description": says,
        "og:image": picture,
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:url": address,
    }
    lines = [f'<meta name="description" content="{escape(says)}">']
    lines += [f'<meta property="{what}" content="{escape(text)}">' for what, text in shown.items() if text]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    return lines + ([f'<link rel="canonical" href="{address}">'] if address else [])


def _short(text: str) -> str:
    """Whole sentences as long as they fit, or whole words."""
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST]
    end = max(cut.rfind(mark) for mark in (". ", "? ", "! "))
    return cut[: end + 1] if end > _LONGEST // 3 else cut[: cut.rfind(" ")] + " …"


def _foot(title: str, report: str) -> str:
    """The way back to the top, and where to report an error of this page if that was configured."""
    name = unescape(title).partition(" — ")[0]
    told = ""
    if report:
        key = "subject" if report.startswith("mailto:") else "title"
        told = f'<a href="{escape(report)}?{key}={quote(f"Error in: {name}")}">Report an error in this page</a>'
    return f'<nav class="wb-foot" aria-label="End of page"><a href="#main-content">Back to top</a>{told}</nav>'


def _other_theme(name: str, what: str) -> UsageError:
    return UsageError(
        f"the frame of {name} is not laid out as expected",
        came=f"no {what}" if what != "no head" else what,
        expected="a page of the theme that requirements.txt names",
        cause="another version of sphinx-book-theme or pydata-sphinx-theme",
        fix="pip install -r requirements.txt, or mend wbviz/site/frame.py for the new version",
    )
