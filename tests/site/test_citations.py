"""Every statement of fact leads to a source: citation keys resolve, and each source says where it can be read."""

import re
from collections import Counter
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
PAGES = sorted(BOOK.rglob("*.md"))
SOURCES = (BOOK / "references.bib").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^@misc\{([^,]+),\n(.*?)^\}", SOURCES, re.MULTILINE | re.DOTALL)


def cited(text: str) -> list[str]:
    """The keys of all citations in a page."""
    return [key.strip() for role in re.findall(r"\{cite\}`([^`]+)`", text) for key in role.split(",")]


def test_the_bibliography_is_read_whole():
    assert len(ENTRIES) == SOURCES.count("\n@")


def test_no_source_is_listed_twice():
    assert [key for key, times in Counter(key for key, _ in ENTRIES).items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_citation_resolves(page):
    known = {key for key, _ in ENTRIES}
    assert [key for key in cited(page.read_text(encoding="utf-8")) if key not in known] == []


def test_chapters_do_cite():
    assert len(cited((BOOK / "lock-ordering.md").read_text(encoding="utf-8"))) > 20


@pytest.mark.parametrize(("key", "fields"), ENTRIES, ids=[key for key, _ in ENTRIES])
def test_every_source_can_be_looked_up(key, fields):
    assert re.search(r"^  url    = \{https?://\S+\}$", fields, re.MULTILINE)
    assert re.search(r"^  title  = \{\{.+\}\},$", fields, re.MULTILINE)
