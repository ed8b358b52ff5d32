"""The run that the chapter on pages shows: every state that the chapter speaks of occurs in it, in that order."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from wbviz.scenarios.life import life_of_a_page


def condition(page: dict[str, Any]) -> str:
    if page["freed"]:
        return "freed"
    return "dirty" if page["dirty"] else "writeback" if page["writeback"] else "clean"


def test_a_page_goes_through_its_whole_life() -> None:
    trace = life_of_a_page()
    pages = [trace.initial["pages"][0], *(step.after["pages"][0] for step in trace.steps)]
    assert [name for name, _ in groupby(map(condition, pages))] == ["clean", "dirty", "writeback", "clean", "freed"]
    assert {page["holder"] for page in pages} == {None, "flusher", "program"}
    assert max(page["pins"] for page in pages) == 2, "reclaim's own pin and the policy's"
    last = trace.steps[-1].after
    assert last["inodes"][0]["state"] == "gone"
