"""The timeline: its versions ascend, its sources are in the bibliography, and nothing essential hides."""

import re
from pathlib import Path

from wbviz.viz.cells.timeline import CHANGES, SUBJECTS, timeline

BOOK = Path(__file__).parents[2] / "book"
SHOWN = timeline()._repr_html_()


def order(when):
    """A version or a year as something that sorts: 2020 lies between 4.20 and 6.14."""
    return (5, 0, 0) if when == "2020" else tuple(map(int, when.split(".")))


def test_in_the_order_of_time():
    assert [change.when for change in CHANGES] == sorted((change.when for change in CHANGES), key=order)


def test_every_entry_has_sources_and_all_are_in_the_bibliography():
    known = set(re.findall(r"^@misc\{([^,]+),", (BOOK / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    assert all(change.sources for change in CHANGES)
    assert {key for change in CHANGES for key in change.sources} <= known


def test_every_source_is_a_link():
    assert SHOWN.count("<a href=") == sum(len(change.sources) for change in CHANGES)


def test_what_changed_is_told_without_a_click():
    assert SHOWN.count("<summary>") == len(CHANGES)
    for change in CHANGES:
        assert re.search(rf"<summary>[^\n]*{re.escape(change.what)}</summary>", SHOWN), change


def test_each_subject_can_be_shown_alone():
    assert {change.subject for change in CHANGES} == set(SUBJECTS)
    for subject in SUBJECTS:
        assert f'id="tl-{subject}"' in SHOWN
        assert f'.wb-timeline:has(#tl-{subject}:checked) li:not([data-subject="{subject}"])' in SHOWN


def test_in_a_terminal_a_line_for_each():
    assert len(repr(timeline()).splitlines()) == len(CHANGES)


def test_in_lanes_time_goes_down_and_no_two_changes_lie_upon_each_other() -> None:
    html = timeline()._repr_html_()
    places = re.findall(r'<li data-subject="(\w+)" style="--row: (\d+)">', html)
    rows = [int(row) for _, row in places]
    assert rows == sorted(rows)
    assert len(set(places)) == len(places)
    assert len(set(rows)) < len(rows), "what one version changed stands side by side"
