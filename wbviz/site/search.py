"""What the search looks through: the prose of the built pages, a piece for each section and each glossary term."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from wbviz.site.tasks import in_order

_HEADINGS = {"h1", "h2", "h3"}
_SKIPPED = {"script", "style", "svg", "pre", "figure", "button", "summary"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_APART = {"p", "li", "dd", "dt", "td", "th", "tr", "blockquote", "div"}


class Piece(NamedTuple):
    """A part of a page that a hit leads to. title: the page's; level: 1 for its beginning, 4 for a term."""

    page: str
    title: str
    heading: str
    anchor: str
    level: int
    text: str


def pieces(pages: Path) -> Iterator[Piece]:
    """The pieces of all pages below `pages`, in the order of the book's navigation."""
    for name in in_order(pages):
        reader = _Reader(name)
        reader.feed((pages / name).read_text(encoding="utf-8"))
        yield from reader.found()


class _Reader(HTMLParser):
    """Reads an article: headings begin a piece, and so do terms; pictures, code and widgets are no prose."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.pieces: list[tuple[int, str, list[str], list[str]]] = []
        self.open: list[str] = []  # the elements around what is read now
        self.skip = 0  # how many of them are not read, from the outermost
        self.inside = 0  # depth of the article, 0 before and after it
        self.anchor = ""
        self.heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _VOID:
            return
        self.open.append(tag)
        if tag == "article":
            self.inside = len(self.open)
        if not self.inside:
            return
        classes = (given.get("class") or "").split()
        if not self.skip and (tag in _SKIPPED or "headerlink" in classes or "wb-place" in classes):
            self.skip = len(self.open)
        if self.skip:
            return
        if tag == "section":
            self.anchor = given.get("id") or ""
        if tag in _HEADINGS or (tag == "dt" and given.get("id")):
            level = 4 if tag == "dt" else int(tag[1])
            self.pieces.append((level, given.get("id") or self.anchor, [], []))
            self.heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            if len(self.open) < self.skip:
                self.skip = 0
            if len(self.open) < self.inside:
                self.inside = 0
            if closed in _HEADINGS or closed == "dt":
                self.heading = False
            if closed in _APART and self.pieces and self.inside and not self.skip:
                self.pieces[-1][3].append(" ")
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skip and self.pieces:
            (self.pieces[-1][2] if self.heading else self.pieces[-1][3]).append(data)

    def found(self) -> Iterator[Piece]:
        """What was read, once all of it has been."""
        title = ""
        for number, (level, anchor, heading, text) in enumerate(self.pieces):
            name = " ".join("".join(heading).split())
            title = title or name
            words = text
            if level == 4:  # terms that share an explanation
                words = next((later for _, _, _, later in self.pieces[number:] if "".join(later).strip()), text)
            yield Piece(self.page, title, name, "" if level == 1 else anchor, level, " ".join("".join(words).split()))
