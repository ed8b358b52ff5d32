"""The head and the foot of a page."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from wbviz.errors import UsageError
from wbviz.site.frame import Made, framed
from wbviz.site.places import Widget

MADE = Made(
    "s.css", "f.js", "l.js", "g.js", "labs.js", "q.js", "p.js", "n.js", "c.png", "python.0", 1, "e.js", "lab.js"
)
FRAME = """<html><head><title>Pages — The book</title>{}</head><body><div class="bd-article-container"></div>
<button type="button" class="btn rounded-pill" id="pst-back-to-top">Top</button>
<button class="btn search-button-field x" title="Search" aria-label="Search">
<span class="search-button__kbd-shortcut"></span></button>
<div id="pst-primary-sidebar"></div><main id="main-content" class="bd-main" role="main">
<div id="jb-print-docs-body" class="onlyprint"><h1>Pages</h1><div id="print-main-content"><div id="jb-print-toc">
<div><h2>On this page</h2></div> <nav></nav> </div></div> </div><div><h1>Pages</h1></div></main>
<footer class="bd-footer-content"></footer><script defer src="theme.js"></script></body></html>"""
SAYS = "A page is memory. " * 20


def test_a_page_says_what_it_is() -> None:
    html = framed("pages.html", FRAME.format('<link rel="next" href="x.html">'), MADE, (), SAYS)
    assert '<meta name="description" content="A page is memory. A page' in html
    assert len(html.partition('name="description" content="')[2].partition('"')[0]) <= 160
    assert '<meta property="og:title" content="Pages">' in html
    assert '<meta property="og:image" content="_static/c.png">' in html
    assert '<link rel="next" href="x.html">' in html
    assert "canonical" not in html
    assert "theme.js" not in html
    assert "l.js" not in html, "no widgets, no code of theirs"


def test_a_page_that_knows_its_address_says_so() -> None:
    head = '<link rel="canonical" href="https://example.org/book/pages.html" />'
    html = framed("pages.html", FRAME.format(head), MADE, (), "")
    assert '<link rel="canonical" href="https://example.org/book/pages.html">' in html
    assert 'og:image" content="https://example.org/book/_static/c.png"' in html
    assert 'og:url" content="https://example.org/book/pages.html"' in html
    assert 'name="description" content="Pages: a page of “The book”' in html


def test_a_page_has_one_title() -> None:
    html = framed("pages.html", FRAME.format(""), MADE, (), "")
    assert html.count("<h1") == 1
    assert html.count("<div") == html.count("</div>")


def test_errors_are_reported_where_the_book_says() -> None:
    html = framed("pages.html", FRAME.format('<meta name="wb-report" content="mailto:a@example.org">'), MADE, (), "")
    assert 'href="mailto:a@example.org?subject=Error%20in%3A%20Pages"' in html
    assert "Report an error" not in framed("pages.html", FRAME.format(""), MADE, (), "")


PLAYER, GAME, LAB = (Widget("still", kind, {}) for kind in ("player", "game", "flusher-lab"))


@pytest.mark.parametrize(
    ("widgets", "named", "loaded"),
    [
        ((PLAYER,), "", ["f.js", "l.js"]),
        ((PLAYER, GAME, LAB), ' data-game="../_static/g.js" data-labs="../_static/labs.js"', ["f.js", "l.js"]),
        ((LAB, PLAYER), ' data-labs="../_static/labs.js"', ["f.js", "l.js", "labs.js"]),
    ],
)
def test_a_page_loads_the_rare_widgets_code_only_where_it_begins_with_one(
    widgets: tuple[Widget, ...], named: str, loaded: list[str]
) -> None:
    html = framed("design/pages.html", FRAME.format(""), MADE, widgets, "")
    assert f'<script defer data-wb-live="yes"{named} src="../_static/l.js"></script>' in html
    assert sorted(re.findall(r'<script defer[^>]* src="\.\./_static/([^"]+)"', html)) == loaded


def test_another_theme_is_noticed() -> None:
    with pytest.raises(UsageError, match="not laid out as expected"):
        framed("pages.html", FRAME.format("").replace("pst-back-to-top", "to-the-top"), MADE, (), "")


def test_no_script_runs_but_those_that_the_policy_names() -> None:
    body = '<button onclick="window.print()">Print</button>'
    html = framed("pages.html", FRAME.format("").replace("<body>", f"<body>{body}"), MADE, (), "")
    policy = html.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(inline) == 1
    assert f"'sha256-{b64encode(sha256(inline[0].encode()).digest()).decode()}'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert not re.search(r"<[^>]+ on\w+=", html), "a script in an attribute"
    assert html.index("Content-Security-Policy") < html.index("<script")
