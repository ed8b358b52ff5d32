"""The pieces that the search looks through."""

from __future__ import annotations

from pathlib import Path

from wbviz.site.search import Piece, pieces

PAGE = """<html><body><nav><p>chrome</p></nav><article class="bd-article"><section id="a">
<h1>A page<a class="headerlink" href="#a">#</a></h1><p>First <b>words</b>.</p>
<style>p { color: red }</style><div class="wb-place"><p>a widget</p></div><pre>code</pre>
<section id="deeper"><h2>Deeper</h2><ul><li>one</li><li>two<br>three</li></ul><figure><p>drawn</p></figure></section>
</section></article><footer><p>chrome</p></footer></body></html>"""
TERMS = """<article><section id="glossary"><h1>Glossary</h1><dl>
<dt id="term-x">x</dt><dt id="term-y">y</dt><dd><p>Both.</p></dd></dl></section></article>"""


def test_pieces_are_sections_of_prose_and_terms(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "glossary.html").write_text(TERMS)
    (tmp_path / "genindex.html").write_text('<a href="a.html">A</a><a href="glossary.html">G</a>')
    assert list(pieces(tmp_path)) == [
        Piece("a.html", "A page", "A page", "", 1, "First words."),
        Piece("a.html", "A page", "Deeper", "deeper", 2, "one twothree"),
        Piece("glossary.html", "Glossary", "Glossary", "", 1, ""),
        Piece("glossary.html", "Glossary", "x", "term-x", 4, "Both."),
        Piece("glossary.html", "Glossary", "y", "term-y", 4, "Both."),
    ]
