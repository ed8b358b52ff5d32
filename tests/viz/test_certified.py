"""A certificate in a notebook: the table of lines and facts, and what it says of failures."""

import re
from xml.etree import ElementTree

import pytest

import wbviz
from wbviz.certify.notes import FACTS
from wbviz.policy.load import builtin_names, load_policy
from wbviz.viz.cells.certified import certified_html


def rows(name: str) -> dict[int, list[str]]:
    """The cells of facts, by the line of the policy."""
    html = wbviz.certify(name)
    text = certified_html(html.result, html.policy.source)
    found = {}
    for row in re.findall(r"<tr[^>]*><td>(\d+)</td>(.*?)</tr>", text, re.DOTALL):
        found[int(row[0])] = re.findall(r'data-known="(\w+)"', row[1])
    return found


def test_what_is_certain_at_each_line() -> None:
    source = load_policy("pin_then_lock").source.splitlines()
    facts = {source[number - 1].strip(): cells for number, cells in rows("pin_then_lock").items() if cells}
    assert facts["yield mm.lock_page(page)"] == ["yes", "no", "unknown", "unknown", "unknown"]
    assert facts["yield mm.writepage(page)"] == ["yes"] * len(FACTS)
    assert facts["yield mm.unlock_page(page)"][:2] == ["yes", "yes"]


def test_a_failure_stands_below_its_line() -> None:
    text = certified_html(wbviz.certify("no_recheck").result, load_policy("no_recheck").source)
    failing = text[text.index('<tr data-fails="yes"><td>20</td>') :]
    why = failing[: failing.index("Read again: References and lifetimes.")]
    assert "may have been truncated when it is written" in why
    assert 'data-known="unknown"' in why
    assert "if page.mapping is not None and page.dirty:" in why


@pytest.mark.parametrize("name", builtin_names())
def test_the_picture_is_whole(name: str) -> None:
    certified = wbviz.certify(name)
    text = certified_html(certified.result, certified.policy.source)
    root = ElementTree.fromstring(f"<div>{text[text.index('</style>') + len('</style>') :]}</div>")
    table = root.find(".//table")
    if table is not None:
        widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")}
        assert widths == {2 + len(FACTS)}
        assert table.find("caption") is not None
        assert all(head.get("scope") == "col" for head in table.iter("th"))
    assert name in repr(certified)


def test_functions_of_a_notebook_and_what_is_no_policy() -> None:
    assert wbviz.certify(load_policy("write_ahead")).certified
    assert not wbviz.certify("leaky").certified
    assert wbviz.certify("leaky").to_json()["findings"][0]["line"] == 9


def test_a_check_in_a_notebook_says_it_too() -> None:
    assert wbviz.check("writearound", "abba").said[0].startswith("line 33: it sleeps for")
    assert wbviz.check("pin_then_lock", "abba").said[0].startswith("and at every size: certificate")
    assert "line 33" in repr(wbviz.check("writearound", "abba"))
