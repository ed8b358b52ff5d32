"""Links to the glossary: each of its terms where a page first uses it in prose, with what it means as a tip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import NamedTuple

from wbviz.site.search import Piece

PAGE = "glossary.html"
COMMON = {"work"}
"""Terms that are more often an ordinary word than the book's: no program tells "a work" from "to work"."""

_TOKEN = re.compile(r"<(/?)([\w-]+)([^>]*?)(/?)>|<!--.*?-->|([^<]+)", re.DOTALL)
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_NOT_IN = {
    "a",
    "button",
    "code",
    "dt",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "pre",
    "script",
    "style",
    "summary",
    "svg",
    "th",
}
_PROSE = {"p", "li"}


class Term(NamedTuple):
    """A term: the anchor in the glossary, and what it means."""

    anchor: str
    text: str


def terms(pieces: Iterable[Piece]) -> dict[str, Term]:
    """The terms of the glossary, by their names."""
    return {
        piece.heading: Term(piece.anchor, piece.text)
        for piece in pieces
        if piece.page == PAGE and piece.level == 4 and piece.heading not in COMMON
    }


def linked(html: str, known: Mapping[str, Term], up: str = "") -> str:
    """The page with the first use of each term in its article as a link. up: the way to the root of the site."""
    begin, end = html.find("<article"), html.find("</article>")
    if not known or begin < 0 or end < 0:
        return html
    return html[:begin] + _Linker(known, up).article(html[begin:end]) + html[end:]


class _Linker:
    def __init__(self, known: Mapping[str, Term], up: str) -> None:
        self.known = known
        self.glossary = up + PAGE
        self.names = {name.lower(): name for name in known}
        self.left = set(known)
        self.open: list[tuple[str, bool]] = []  # elements, and whether prose inside them is left as it is

    def article(self, html: str) -> str:
        """Each piece of text, with links where they belong; all markup as it was."""
        return _TOKEN.sub(self._token, html)

    def _token(self, found: re.Match[str]) -> str:
        closing, tag, attributes, empty, text = found.groups()
        if text is not None:
            return self._text(text)
        if tag is None or empty or tag in _VOID:
            return found[0]
        if closing:
            while self.open and self.open.pop()[0] != tag:
                pass
        else:
            self.open.append((tag, tag in _NOT_IN or "wb-place" in attributes or "wbviz" in attributes))
        return found[0]

    def _text(self, text: str) -> str:
        prose = any(tag in _PROSE for tag, _ in self.open) and not any(shut for _, shut in self.open)
        if not prose or not self.left:
            return text
        words = "|".join(re.escape(name) for name in sorted(self.left, key=len, reverse=True))
        return re.sub(rf"(?<![\w-])({words})(e?s)?(?![\w-])", self._link, text, flags=re.IGNORECASE)

    def _link(self, found: re.Match[str]) -> str:
        name = self.names[found[1].lower()]
        exact = name != name.lower() or len(name) < 4  # a flag of the kernel, an abbreviation
        if name not in self.left or (exact and found[1] != name):
            return found[0]
        self.left.discard(name)
        term = self.known[name]
        self.left -= {other for other in self.left if self.known[other].text == term.text}  # its other names
        where = f"{self.glossary}#{term.anchor}"
        return f'<a class="wb-term" href="{where}" data-tip="{escape(unescape(term.text))}">{found[0]}</a>'
