"""What the book says of kernel sources has a row that can be looked up, and looking it up finds what is wrong."""

import re
from pathlib import Path

import pytest

from wbviz.site.facts import Count, Fact, differs, main, read, region, statements, wrong
from wbviz.site.labels import label
from wbviz.viz.cells.timeline import CHANGES

BOOK = Path(__file__).parents[2] / "book"
FACTS, COUNTS = read((BOOK / "data" / "facts.toml").read_text(encoding="utf-8"))
SOURCES = (BOOK / "references.bib").read_text(encoding="utf-8")
C = """
static int other(void)
{
	lock_page(page);
}

/* sleeps for the page's lock */
int wanted(struct page *page,, int flags)
{
	return trylock_page(page);
}

void last(void)
{
	put_page(page);
}
"""


def test_each_citation_of_a_kernel_source_has_a_row(capsys):
    assert main([]) == 0, capsys.readouterr().out


def test_the_timeline_cites_what_has_a_row():
    cited = {key for change in CHANGES for key in change.sources if key.startswith("linux-")}
    assert cited
    assert cited <= {fact.source for fact in FACTS}


def test_no_key_is_only_a_tree():
    assert re.findall(r"^@misc\{linux-[^:,]*,", SOURCES, re.MULTILINE) == []
    assert all(":" in key for change in CHANGES for key in change.sources if key.startswith("linux-"))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.source)
def test_a_row_agrees_with_its_source(fact):
    entry = re.search(rf"^@misc\{{{re.escape(fact.source)},\n(.*?)^\}}", SOURCES, re.MULTILINE | re.DOTALL)
    assert entry, "in the bibliography"
    version = fact.source.split(":")[0].removeprefix("linux-")
    assert f"linux.git/tree/{fact.path}?h=v{version}}}" in entry[1]
    assert fact.path.endswith(fact.source.split(":")[1])
    assert fact.has
    for pattern in (*fact.has, *fact.lacks):
        re.compile(pattern)


def test_no_two_sources_have_the_same_label():
    labels = [label(key) for key in re.findall(r"^@misc\{([^,]+),", SOURCES, re.MULTILINE)]
    assert len(labels) > 150
    assert len(set(labels)) == len(labels)


def test_a_function_is_found_with_its_comment_and_without_its_neighbours():
    found = region(C, "linux-9.9:a.c:wanted")
    assert "sleeps for the page's lock" in found
    assert "trylock_page" in found
    assert "put_page" not in found
    assert "\tlock_page" not in found


def test_without_a_function_of_that_name_the_whole_file_counts():
    assert region(C, "linux-9.9:a.c:SOME_CONSTANT") == C
    assert region(C, "linux-9.9:a.c") == C


def test_what_does_not_hold_is_told(tmp_path):
    (tmp_path / "a.c").write_text(C)
    assert wrong(Fact("linux-9.9:a.c:wanted", "a.c", "", ("trylock_page",), ("put_page",)), tmp_path) == []
    assert wrong(Fact("linux-9.9:a.c:wanted", "a.c", "", ("put_page",), ()), tmp_path) == ["not found: put_page"]
    assert wrong(Fact("linux-9.9:a.c:wanted", "a.c", "", (), ("trylock",)), tmp_path) == [
        "found, and should not be: trylock"
    ]
    assert wrong(Fact("linux-9.9:b.c", "b.c", "", ("x",), ()), tmp_path) == ["there is no b.c"]


def test_counts_are_over_all_files_of_a_folder(tmp_path):
    (tmp_path / "fs" / "deep").mkdir(parents=True)
    (tmp_path / "fs" / "a.c").write_text(C)
    (tmp_path / "fs" / "deep" / "b.c").write_text(C)
    (tmp_path / "fs" / "c.txt").write_text(C)
    assert differs(Count("linux-9.9:a.c", ("fs",), "put_page", 2, ""), tmp_path) == []
    assert differs(Count("linux-9.9:a.c", ("fs",), "put_page", 3, ""), tmp_path) == ["2 times, not 3: put_page"]


def test_citations_are_found_with_their_lines():
    text = "One {cite}`wu-2012-03-03,linux-3.3:vmscan.c:kswapd`.\nTwo\n{cite}`linux-6.19:lockdep.h`."
    assert list(statements({"a.md": text})) == [
        ("a.md", 1, "linux-3.3:vmscan.c:kswapd"),
        ("a.md", 3, "linux-6.19:lockdep.h"),
    ]
