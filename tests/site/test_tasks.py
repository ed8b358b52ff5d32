"""What the book asks, gathered from its pages."""

from __future__ import annotations

from pathlib import Path

from wbviz.site.tasks import tasks

_MARK = '<div data-wb-task="{}" data-wb-id="{}" data-wb-text="Who &amp; whom?"></div>'


def book(folder: Path) -> Path:
    (folder / "genindex.html").write_text('<a href="b.html#top">B</a> <a href="a.html">A</a><h1>First</h1>')
    (folder / "a.html").write_text(f'<h1>A page<a class="headerlink" href="#">#</a></h1>{_MARK.format("quiz", "a-1")}')
    (folder / "b.html").write_text(f"<h1>B <em>page</em></h1>{_MARK.format('game', 'abba')}<h1>no title</h1>")
    return folder


def test_pages_that_ask_come_in_the_order_of_the_navigation(tmp_path: Path) -> None:
    found = list(tasks(book(tmp_path)))
    assert [(page["page"], page["title"]) for page in found] == [("b.html", "B page"), ("a.html", "A page")]
    assert found[1]["tasks"] == [{"kind": "quiz", "id": "a-1", "text": "Who & whom?"}]
