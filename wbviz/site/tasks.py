"""What the book asks of its reader, page by page, gathered from the built pages for the page of progress.

A widget that asks something leaves a mark in the page: `data-wb-task`, `data-wb-id`, `data-wb-text`. The list becomes a
part of what the widget of progress carries.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

NAVIGATION = "genindex.html"
"""A page that Sphinx always writes, with the navigation that all pages have."""


class _Marks(HTMLParser):
    """Collects the marks of a page and its first heading."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[dict[str, str]] = []
        self.title = ""
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-wb-task" in given:
            task = {name: given.get(f"data-wb-{key}") or "" for name, key in (("kind", "task"), ("id", "id"))}
            self.tasks.append(task | {"text": given.get("data-wb-text") or ""})
        self._heading = (tag == "h1" and not self.title) or (self._heading and tag != "a")

    def handle_endtag(self, tag: str) -> None:
        self._heading = self._heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.title += data


def tasks(pages: Path) -> Iterator[dict[str, object]]:
    """The pages below `pages` that ask something, in the order of the book's navigation: page, title, tasks."""
    for name in in_order(pages):
        marks = _Marks()
        marks.feed((pages / name).read_text(encoding="utf-8"))
        if marks.tasks:
            yield {"page": name, "title": marks.title.strip(), "tasks": marks.tasks}


def in_order(pages: Path) -> list[str]:
    """The pages of the book, by their paths below `pages`, in the order of its navigation."""
    links = _Links()
    links.feed((pages / NAVIGATION).read_text(encoding="utf-8"))
    return [name for name in dict.fromkeys(links.found) if name != NAVIGATION and (pages / name).is_file()]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").partition("#")[0]
        if tag == "a" and address.endswith(".html") and "://" not in address:
            self.found.append(address)
