"""Frames agree with the snapshots they show, in both layouts."""

from __future__ import annotations

import gzip
import json
import re
from itertools import combinations, pairwise, product
from typing import Any

import pytest

from tests.viz.samples import SAMPLES, abba, crowd, lasso, sync_ahead
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.viz.assets import palette
from wbviz.viz.stage.frames import Film, film
from wbviz.viz.stage.layers import LAYERS, Layer
from wbviz.viz.stage.layout import cast, layout
from wbviz.viz.stage.links import ring_nodes
from wbviz.viz.stage.marks import marks
from wbviz.viz.stage.shapes import SHAPES, Box
from wbviz.viz.stage.words import describe, page_state

every_sample = pytest.mark.parametrize("make", SAMPLES.values(), ids=SAMPLES.keys())
both_layouts = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])


def test_a_frame_for_the_start_each_step_each_wait_and_the_end() -> None:
    frames = film(abba()).frames
    assert [frame.kind for frame in frames] == ["start", *["step"] * 7, "wait", "step", "wait", "end"]
    assert [frame.step for frame in frames] == [None, 1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 8]
    assert frames[0].snapshot == abba()["initial"]
    assert frames[-1].say == "Deadlock: flusher waits for writer (A0) → writer waits for flusher (A1)."


def test_who_begins_to_wait_is_shown_when_it_is_said() -> None:
    source = film(abba())
    at = layout(source.who, narrow=False)
    step, wait = source.marks(7, at), source.marks(8, at)
    assert step["words"]["task writer status"][3] == "can run"
    assert not step["waits"]
    assert wait["words"]["task writer status"][3] == "waits"
    assert set(wait["waits"]) == {"writer > page A1"}
    assert set(wait["holds"]) == {"page A1 > flusher"}


@both_layouts
def test_the_cycle_is_drawn_in_the_last_frame_and_only_there(narrow: bool) -> None:
    source = film(abba())
    at = layout(source.who, narrow)
    ring = {"flusher > page A0", "page A0 > writer", "writer > page A1", "page A1 > flusher"}
    assert set(source.marks(-1, at)["cycle"]) == ring
    assert {key for key, mark in source.marks(-1, at)["rings"].items() if mark[0] == "cycle"} == {
        "page A0",
        "page A1",
        "task flusher",
        "task writer",
    }
    assert all(not source.marks(i, at)["cycle"] for i in range(len(source.frames) - 1))


def test_a_cycle_through_the_queue() -> None:
    source = film(sync_ahead())
    last = source.marks(-1, layout(source.who, narrow=False))
    assert set(last["cycle"]) == {"flusher > page A0", "page A0 > work 2", "work 2 > flusher"}
    assert last["rings"]["work 2"][0] == "cycle"
    assert set(last["waits"]) == {"sync > work 1"}, "who waits beside the cycle is still shown"


@every_sample
@both_layouts
def test_every_page_tells_its_state_by_colour_glyph_and_word(make: Any, narrow: bool) -> None:
    source = film(make())
    at = layout(source.who, narrow)
    for index, frame in enumerate(source.frames):
        shown = source.marks(index, at)
        for page in frame.snapshot["pages"]:
            key = f"page {page['name']}"
            role, word, letter = page_state(page)
            assert shown["boxes"][key][0] == role
            assert shown["glyphs"][key][4] == ("gone" if role == "freed" else role)
            words = shown["notes" if at.small else "words"][f"{key} state"][3]
            assert words.startswith(letter if at.small else word)
            assert (key in shown["bands"]) == bool(page["holder"])


@every_sample
@both_layouts
def test_every_work_and_task_is_where_it_belongs(make: Any, narrow: bool) -> None:
    source = film(make())
    at = layout(source.who, narrow)
    for index, frame in enumerate(source.frames):
        shown = source.marks(index, at)
        works = frame.snapshot["works"]
        assert set(shown["works"]) == {f"work {work['id']}" for work in works}
        for work in works:
            place = Box(*shown["works"][f"work {work['id']}"][1:5])
            assert (at.tasks[work["by"]] if work["by"] else at.lane).holds(place)
        queued = [shown["works"][f"work {work['id']}"][1] for work in works if not work["by"]]
        assert queued == sorted(queued, reverse=True), "the oldest stands at the right, next to the flusher"
        assert {key for key in shown["boxes"] if key.startswith("task ")} == {
            f"task {task['name']}" for task in frame.snapshot["tasks"]
        }


@every_sample
@both_layouts
def test_nothing_leaves_the_scene_and_no_two_boxes_overlap(make: Any, narrow: bool) -> None:
    source = film(make())
    at = layout(source.who, narrow)
    scene = Box(0, 0, at.width, at.height)
    boxes = [*at.pages.values(), *at.tasks.values(), at.lane]
    assert all(scene.holds(box) for box in [*boxes, *at.slots, *at.docks.values()])
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a.x + a.w <= b.x or b.x + b.w <= a.x or a.y + a.h <= b.y or b.y + b.h <= a.y, (a, b)
    assert all(a.x >= b.x + b.w for a, b in zip(at.slots, at.slots[1:], strict=False)) or at.slots[0].w > 80


@every_sample
def test_the_changes_rebuild_the_marks_of_every_frame(make: Any) -> None:
    source = film(make())
    bundle = source.bundle()
    for name, narrow in (("wide", False), ("narrow", True)):
        at = layout(source.who, narrow)
        scene = bundle["scenes"][name]
        now: dict[str, dict[int, Any]] = {layer.name: {} for layer in LAYERS}
        assert len(scene["changes"]) == len(source.frames)
        for index, change in enumerate(scene["changes"]):
            for layer, marks_ in change.items():
                now[layer].update(dict(marks_))
            expected = source.marks(index, at)
            for layer in LAYERS:
                there = [mark for mark in now[layer.name].values() if mark]
                assert len(there) == len(expected[layer.name])
                assert sorted(str(mark[0]) for mark in there) == sorted(
                    str(m[0]) for m in expected[layer.name].values()
                )
                assert all(place < scene["count"][layer.name] for place in now[layer.name])


def test_a_bundle_is_plain_json_and_small() -> None:
    sizes = {name: _size(film(make())) for name, make in SAMPLES.items()}
    assert sizes["abba"] < 6_000
    assert sizes["crowd"] < 18_000, "64 pages, 40 steps, with what each says when it is touched"


def _size(source: Film) -> int:
    text = json.dumps(source.bundle(), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return len(gzip.compress(text.encode()))


def test_a_run_that_repeats_says_where() -> None:
    source = film(lasso())
    assert source.loop is not None
    assert source.frames[source.loop].step == 2


def test_the_state_in_words_names_everything() -> None:
    words = " ".join(describe(abba()["steps"][-1]["after"]))
    assert "A0 dirty, locked by writer, 1 pin; A1 dirty, locked by flusher, 1 pin" in words
    assert "flusher runs work 1 (pageout A1)." in words
    assert "The queue is empty." in words
    assert "writer waits at lock_page(A1): A1 is locked by flusher." in words
    assert "kswapd has ended." in words
    assert "A0 to A31 dirty." in " ".join(describe(crowd()["initial"])), "neighbours alike are named together"


def test_the_page_of_an_edge_is_taken_from_the_trace_or_found_in_its_reason() -> None:
    trace = abba()
    trace["verdict"]["cycle"] = [
        {**edge, "why": "it is locked", "page": edge["why"][:2]} for edge in trace["verdict"]["cycle"]
    ]
    assert film(trace).frames[-1].say == film(abba()).frames[-1].say


def test_every_role_has_its_colours() -> None:
    known = set(re.findall(r"(--wb-[\w-]+):", palette()))
    for make in SAMPLES.values():
        source = film(make())
        at = layout(source.who, narrow=False)
        for index in range(len(source.frames)):
            for layer in LAYERS:
                for mark in source.marks(index, at)[layer.name].values():
                    assert _variables(layer, mark[0]) <= known
    states = ("clean", "dirty", "writeback", "gone", "freed")
    assert {f"--wb-{state}-fill" for state in states} | {f"--wb-ink-{state}" for state in states} <= known


def _variables(layer: Layer, role: str) -> set[str]:
    if layer.name in ("ground", "boxes", "works"):
        return {f"--wb-{role}-fill", f"--wb-{role}-line"}
    return {f"--wb-{role}"}


def test_a_task_has_the_same_colour_in_every_trace() -> None:
    first, second = (film(make()).bundle()["hues"] for make in (abba, sync_ahead))
    assert first["flusher"] == second["flusher"]
    crowded = film(crowd()).bundle()["hues"]
    assert len(set(crowded.values())) == len(crowded)


def test_glyphs_fit_their_square() -> None:
    for name, points in SHAPES.items():
        assert all(abs(x) <= 0.6 and abs(y) <= 0.6 for x, y in points), name


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"dirty": False}, "clean"),
        ({"writeback": True, "dirty": False}, "writeback"),
        ({"writeback": True}, "wb + dirty"),
        ({"attached": False, "dirty": False}, "detached"),
        ({"attached": False, "dirty": False, "freed": True}, "freed"),
    ],
)
def test_states_of_a_page(fields: dict[str, bool], word: str) -> None:
    trace = abba()
    trace["initial"]["pages"][0].update(fields)
    who = cast([trace["initial"]])
    shown = marks(trace["initial"], who, layout(who, narrow=False))
    assert shown["words"]["page A0 state"][3] == word


def test_an_empty_run_and_a_run_without_tasks_are_shown() -> None:
    trace = abba()
    trace["steps"], trace["verdict"] = [], None
    assert [frame.kind for frame in film(trace).frames] == ["start", "end"]
    trace["initial"]["tasks"] = []
    film(trace).bundle()


def ring_of(source: Film) -> list[str]:
    return list(ring_nodes(source.ring(), [page["name"] for page in source.frames[0].snapshot["pages"]]))


CYCLES = [
    ("writearound", "abba"),
    ("lock_at_enqueue", "random-order"),
    ("lock_at_enqueue", "sync-ahead"),
    ("lock_at_enqueue", "final-iput"),
    ("spin_when_full", "full-queue"),
]


@both_layouts
@pytest.mark.parametrize(("policy", "scenario"), CYCLES)
def test_the_arrows_of_a_cycle_do_not_cross(policy: str, scenario: str, narrow: bool) -> None:
    source = film(check_scenario(load_policy(policy), build(scenario)).trace)
    shown = source.marks(-1, source.layout(narrow))
    assert len(shown["cycle"]) == len(ring_of(source))
    arrows = [list(zip(mark[1::2], mark[2::2], strict=True)) for mark in shown["cycle"].values()]
    for one, other in combinations(arrows, 2):
        for (a, b), (c, d) in product(pairwise(one), pairwise(other)):
            assert not crosses(a, b, c, d), (policy, scenario)


def crosses(a: Any, b: Any, c: Any, d: Any) -> bool:
    def side(p: Any, q: Any, r: Any) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@both_layouts
def test_each_arrow_says_what_it_is_and_nothing_lies_under_its_words(narrow: bool) -> None:
    source = film(abba())
    at = source.layout(narrow)
    shown = source.marks(-1, at)
    assert {key: mark[3] for key, mark in shown["labels"].items()} == {
        "flusher > page A0": "wants A0",
        "page A0 > writer": "held by",
        "writer > page A1": "wants A1",
        "page A1 > flusher": "held by",
    }
    plates = [Box(*mark[1:5]) for mark in shown["plates"].values()]
    for plate in plates:
        assert Box(0, 0, at.width, at.height).holds(plate)
        assert sum(plate.shares(box) for box in [*at.tasks.values(), *at.pages.values()]) == 0
    assert all(one.shares(other) == 0 for one, other in combinations(plates, 2))


@both_layouts
def test_an_arrow_lies_from_the_beginning_where_it_lies_in_the_ring(narrow: bool) -> None:
    source = film(abba())
    at = source.layout(narrow)
    early, last = source.marks(8, at), source.marks(-1, at)
    assert early["waits"]["writer > page A1"][1:3] == last["cycle"]["writer > page A1"][1:3], "it leaves there"
    assert early["heads"]["writer > page A1"][1:3] == last["heads"]["writer > page A1"][1:3], "it arrives there"


def test_whoever_has_no_part_in_the_cycle_is_dimmed_and_only_then() -> None:
    source = film(abba())
    at = source.layout(False)
    assert set(source.marks(-1, at)["veil"]) == {"kswapd", "disk", "lane"}
    assert all(not source.marks(i, at)["veil"] for i in range(len(source.frames) - 1))


def test_words_in_a_scene_are_large_enough_to_read() -> None:
    assert min(layer.size for layer in LAYERS if layer.form == "text") >= 13, "at the width that the scene is drawn for"


def test_a_title_speaks_to_somebody_who_has_seen_none() -> None:
    assert film(abba()).title == "Two tasks, two locks: a deadlock in eight steps"
    assert film(sync_ahead()).title.startswith("Flusher waits for itself: a deadlock in ")
    assert film(lasso()).title.startswith("Busy for ever, from step ")
    assert film(abba()).about == "writearound in abba"
