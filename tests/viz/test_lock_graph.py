"""The order of page locks as a picture: what it draws, and that words say the same."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import wbviz
from tests.check.tiny import graph_of, tiny
from wbviz.check.locks import TRIED, LockReport, lock_orders
from wbviz.errors import PolicyError
from wbviz.viz.cells.lock_graph import Arc, arcs, lock_graph, told
from wbviz.viz.cells.locks import LockOrders, locks_html

SVG = "{http://www.w3.org/2000/svg}"


def report(policy: str, scenario: str, **params: int) -> LockReport:
    found: LockOrders = wbviz.locks(policy, scenario, **params)
    return found.report


def test_what_keeps_the_rule_is_above_the_row_and_what_breaks_it_below() -> None:
    by_pair = {(arc.held, arc.wanted): arc for arc in arcs(report("writearound", "abba"))}
    assert by_pair["A0", "A1"] == Arc("A0", "A1", "wanted", False, "writer", (1,))
    assert by_pair["A1", "A0"] == Arc("A1", "A0", "wanted", True, "flusher", (1,))
    assert not [arc for arc in arcs(report("range_around", "abba", pages=4)) if arc.below or arc.numbers]


def test_a_lock_in_the_queue_and_one_that_is_held_already() -> None:
    queue = next(arc for arc in arcs(report("lock_at_enqueue", "random-order")) if arc.kind == "queued")
    assert (queue.held, queue.wanted, queue.by, queue.numbers) == ("A0", "A2", "the queue", ())
    itself = [arc for arc in arcs(report("trylock_around", "piggyback")) if arc.held == arc.wanted]
    assert [(arc.below, arc.numbers) for arc in itself] == [(True, (1,))]


def test_a_trylock_is_dashed_and_no_inversion() -> None:
    found = report("backoff", "polite")
    assert {(arc.kind, arc.numbers) for arc in arcs(found)} == {(TRIED, ())}
    picture = lock_graph(found)
    assert picture.count("stroke-dasharray") == 3, "two arrows and the key"
    assert "--wb-cycle" not in picture


PAGES = tuple(f"A{index}" for index in range(12))
OPPOSITE = tiny(12, ("u", "writer", ("A8", "A9", "A10")), ("d", "writer", ("A10", "A9")), clean=PAGES)


@pytest.mark.parametrize(
    "found",
    [report("writearound", "abba"), report("lock_at_enqueue", "random-order"), lock_orders(graph_of(OPPOSITE))],
    ids=["abba", "random-order", "opposite"],
)
def test_the_picture_is_whole(found: LockReport) -> None:
    """Well-formed, nothing beside the paper, an inversion told by its words as well as by its colour."""
    root = ElementTree.fromstring(lock_graph(found))
    width, height = (float(number) for number in root.attrib["viewBox"].split()[2:])
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == told(found)
    for line in root.iter(f"{SVG}polyline"):
        for x, y in (map(float, point.split(",")) for point in line.attrib["points"].split()):
            assert 0 <= x <= width
            assert 0 <= y <= height
    texts = list(root.iter(f"{SVG}text"))
    assert all(0 < float(text.attrib["y"]) < height for text in texts)
    words = [text.text for text in texts]
    assert words.count("inversion 1:") == 2
    boxes = [word for word in words if word and re.fullmatch(r"A\d+", word)]
    assert boxes == sorted(boxes, key=lambda name: int(name[1:])), "A10 comes after A9"
    spots = [(text.attrib["x"], text.attrib["y"]) for text in texts]
    assert len(spots) == len(set(spots)), "no label on another"
    assert not re.search(r"#[0-9a-f]{3,6}|rgb\(", lock_graph(found)), "colours are roles, for both themes"


def test_the_words_say_what_the_picture_shows() -> None:
    found = report("writearound", "abba")
    page = locks_html(found)
    assert "The order of page locks, 1 inversion: writer holds A0 and waits for A1" in page
    assert "<ol><li>A0 → A1 (writer) and A1 → A0 (flusher): they wait for each other" in page
    assert "Lockdep says: nothing. Up to Linux 6.19" in page
    assert "flusher wants A0 while it holds A1, a higher index of the same file" in page
    assert repr(LockOrders(found)).startswith("abba (pages=2, flushers=1): the order of page locks")


def test_where_nobody_nests_locks_there_is_no_picture() -> None:
    found = report("pin_then_lock", "busy-page")
    assert lock_graph(found) == ""
    assert "Nobody ever wants a page lock while holding one." in locks_html(found)


def test_what_is_no_policy_has_no_order_of_locks(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def enqueue(mm, page):\n    yield 5\n\n\ndef execute(mm, work):\n    yield mm.cond_resched()\n")
    with pytest.raises(PolicyError, match=r"mine\.py, line 2"):
        wbviz.locks(str(file), "abba")


def test_a_broken_rule_cuts_the_report_short_and_is_named() -> None:
    assert "every interleaving, up to the step where a run breaks a rule" in locks_html(report("no_pin", "truncated"))
    assert "breaks a rule" not in locks_html(report("writearound", "abba"))
