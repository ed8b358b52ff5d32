"""Links to the glossary: the first use in prose, once, and never inside what is no prose."""

from __future__ import annotations

import pytest

from wbviz.site.terms import Term, linked

KNOWN = {
    "trylock": Term("term-trylock", 'Take it if it is "free".'),
    "page lock": Term("term-page-lock", "The bit."),
    "PG_locked": Term("term-PG_locked", "The bit."),
    "wb": Term("term-wb", "A context."),
}


def article(inside: str) -> str:
    return f'<nav><p>trylock</p></nav><article class="bd-article">{inside}</article><p>trylock</p>'


def test_the_first_use_is_linked_and_says_what_it_means() -> None:
    html = linked(article("<h2>Trylock</h2><p>A <em>trylock</em>, and a trylock.</p>"), KNOWN)
    assert html == article(
        '<h2>Trylock</h2><p>A <em><a class="wb-term" href="glossary.html#term-trylock" '
        'data-tip="Take it if it is &quot;free&quot;.">trylock</a></em>, and a trylock.</p>'
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<p><a href='x'>trylock</a></p>",
        "<p><code>trylock</code></p>",
        '<div class="wb-place" data-wb-for="x"><p>trylock</p></div>',
        '<figure class="wbviz wb-still"><p>trylock</p></figure>',
        "<p>trylocking, mytrylock, trylock-ish</p>",
        "<p>WB and Wb</p>",
        "<div>trylock</div>",
    ],
)
def test_what_is_no_prose_or_no_such_word_stays(inside: str) -> None:
    assert linked(article(inside), KNOWN) == article(inside)


def test_words_that_mean_the_same_are_linked_once_and_plurals_are() -> None:
    html = linked(article("<p>Page locks are PG_locked.</p><br><p>wb</p>"), KNOWN)
    assert html.count("wb-term") == 2
    assert ">Page locks</a>" in html
    assert ">wb</a>" in html


def test_markup_stays_as_it_was() -> None:
    inside = '<p>a &lt; b <img src="x.png"> <!-- trylock --> &amp; c</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    assert linked(article(inside), KNOWN) == article(inside)
