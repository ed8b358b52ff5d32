"""A trace as frames: everything the player needs to play it, with no kernel and no further computation.

Pure Python on the standard library. In goes a trace in its JSON form (wbviz/trace); out comes a `Film`, whose
`bundle()` is a JSON-able dict: one entry per frame with its sentence, the source line of each task and the state in
words, and for each of two layouts the marks of the first frame and what changes from each frame to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wbviz.viz.stage.layers import LAYERS, Mark, Marks, Stress, arrow_keys
from wbviz.viz.stage.layout import Cast, Layout, cast, layout
from wbviz.viz.stage.links import ring_nodes
from wbviz.viz.stage.listing import coloured
from wbviz.viz.stage.marks import hues, marks
from wbviz.viz.stage.shapes import SHAPES
from wbviz.viz.stage.touch import LAYERS as TOUCHED
from wbviz.viz.stage.touch import Told, packed, told
from wbviz.viz.stage.words import cycle_sentence, describe, headline, joined, named

BUNDLE_VERSION = 1

TITLES = {
    "deadlock": "Deadlock",
    "rule-violation": "A rule is broken",
    "lost-work": "Lost work",
    "leak": "Leak",
    "livelock": "Livelock",
    "starvation": "Starvation",
    "policy-error": "Error in the policy",
    "incomplete": "Incomplete",
    "safe": "Safe",
}


class Frame(NamedTuple):
    """One picture. `kind` is start, step, wait, or end; `step` counts from 1, or is None before the first.

    `lines` are the lines of the policy that the step ran, outermost first; `label` names the frame, each differently.
    """

    kind: str
    step: int | None
    say: str
    task: str | None
    time: float | None
    snapshot: Mapping[str, Any]
    stress: Stress
    label: str = ""
    lines: tuple[int, ...] = ()


class Film(NamedTuple):
    """A trace ready to be shown."""

    name: str  # used in links to a step: letters, digits, - and _
    title: str
    trace: Mapping[str, Any]
    who: Cast
    frames: tuple[Frame, ...]
    loop: int | None  # the frame to go on with after the last one, if the run repeats for ever

    @property
    def about(self) -> str:
        """Which policy in which scenario."""
        return f"{self.trace['policy']} in {self.trace['scenario']}"

    def layout(self, narrow: bool) -> Layout:
        """Where everything stands: so that the cycle in which the run ends is an open ring, if it ends in one."""
        pages = [page["name"] for page in self.frames[0].snapshot["pages"]]
        return layout(self.who, narrow, ring_nodes(self.ring(), pages))

    def ring(self) -> tuple[Mapping[str, Any], ...]:
        """The cycle in which the run ends, as edges; empty where it ends in none."""
        return tuple((self.trace.get("verdict") or {}).get("cycle") or ())

    def marks(self, index: int, at: Layout) -> Marks:
        """The marks of one frame in a layout."""
        frame = self.frames[index]
        return marks(frame.snapshot, self.who, at, frame.stress._replace(ring=self.ring()))

    def bundle(self) -> dict[str, Any]:
        """What the player gets. JSON-able; compact, because a page may carry a dozen of them."""
        verdict = self.trace.get("verdict")
        pages = [page["name"] for page in self.trace["initial"]["pages"]]
        count = len(self.frames)
        before = [None, *range(count - 1)]
        wide, narrow = self.layout(False), self.layout(True)
        drawn = [self.marks(index, wide) for index in range(count)]
        return {
            "v": BUNDLE_VERSION,
            "id": self.name,
            "title": self.title,
            "about": self.about,
            "policy": self.trace["policy"],
            "source": self.trace["source"].splitlines(),
            "code": coloured(self.trace["source"]),
            "ran": self._ran(),
            "hues": hues(self.who),
            "verdict": verdict
            and {
                "kind": verdict["kind"],
                "title": TITLES.get(verdict["kind"], verdict["kind"]),
                "text": verdict["summary"],
                "cycle": cycle_sentence(verdict["cycle"], pages),
            },
            "loop": self.loop,
            "frames": [_entry(frame) for frame in self.frames],
            "touch": packed([self.told(index, drawn[index]) for index in range(count)], before),
            **drawing(),
            "scenes": {
                "wide": scene(drawn, wide, before),
                "narrow": scene((self.marks(index, narrow) for index in range(count)), narrow, before),
            },
        }

    def told(self, index: int, drawn: Marks) -> dict[str, Told]:
        """What can be touched in a frame, in words. drawn: its marks, in either layout."""
        past = [(frame.step or 0, frame.snapshot) for frame in self.frames[: index + 1]]
        return told(past, arrow_keys(drawn), self.frames[index].stress.quiet)

    def _ran(self) -> dict[int, list[int]]:
        """For each line of the policy the frames of the steps that ran it."""
        found: dict[int, list[int]] = {}
        for index, frame in enumerate(self.frames):
            for line in frame.lines:
                found.setdefault(line, []).append(index)
        return found


def drawing() -> dict[str, Any]:
    """Layers and outlines of glyphs: what every scene is drawn with."""
    return {
        "layers": [layer._asdict() for layer in LAYERS],
        "shapes": {name: [_round(v) for point in points for v in point] for name, points in SHAPES.items()},
    }


def film(trace: Any, name: str | None = None) -> Film:
    """Frames of a trace.

    trace: a mapping in the JSON form of wbviz/trace, or anything with a `to_json()` that gives it.
    name: how links to a step name this player; by default scenario and policy.
    """
    data: Mapping[str, Any] = trace if isinstance(trace, Mapping) else trace.to_json()
    snapshots = [data["initial"], *(step["after"] for step in data["steps"])]
    frames = [_first(data)]
    starts: list[int] = []
    for number, step in enumerate(data["steps"], 1):
        starts.append(len(frames))
        frames.extend(_step_frames(number, len(data["steps"]), step))
    frames.append(_last(data, snapshots[-1], frames[-1].step))
    loop = data.get("loop")
    slug = "".join(c if c.isalnum() or c in "-_" else "-" for c in name or f"{data['scenario']}-{data['policy']}")
    return Film(
        slug,
        headline(data),
        data,
        cast(snapshots),
        tuple(frames),
        starts[loop] if loop is not None and loop < len(starts) else None,
    )


def _first(data: Mapping[str, Any]) -> Frame:
    snapshot = data["initial"]
    tasks = [task["name"] for task in snapshot["tasks"] if task["name"] != "disk"]
    dirty = [page["name"] for page in snapshot["pages"] if page["dirty"]]
    count = len(data["steps"])
    pages = joined(dirty) if len(dirty) <= 4 else f"{len(dirty)} pages, {dirty[0]} to {dirty[-1]},"
    who = joined(tasks) if len(tasks) <= 4 else f"{len(tasks)} tasks"
    say = f"At the start nothing has run yet. {who} will take {count} step{'s' if count != 1 else ''}; " + (
        f"{pages} {'is' if len(dirty) == 1 else 'are'} dirty." if dirty else "no page is dirty."
    )
    counted = f"Start, {count} step{'s' if count != 1 else ''}"
    return Frame("start", None, say, None, None, snapshot, Stress(), counted)


def _step_frames(number: int, total: int, step: Mapping[str, Any]) -> list[Frame]:
    """The step itself, then one frame for each task that begins to wait because of it."""
    after = step["after"]
    pages = {page["name"] for page in after["pages"]}
    touched = [page for page in map(str, step["args"]) if page in pages]
    acting, names = step["task"], [task["name"] for task in after["tasks"]]
    waiting = [named(sentence, names) for sentence in step["waits"]]
    quiet = {name for name in waiting if name is not None}
    time = step.get("time")
    clock = "" if time is None else f", {time * 1e3:.2f} ms"
    lines = tuple(step.get("lines") or ())
    stress = Stress(acting, touched, frozenset(quiet))
    frames = [
        Frame("step", number, step["says"], acting, time, after, stress, f"Step {number} of {total}{clock}", lines)
    ]
    for i, (sentence, name) in enumerate(zip(step["waits"], waiting, strict=True), 1):
        quiet.discard(name or "")
        which = f", {i} of {len(waiting)}" if len(waiting) > 1 else ""
        stress = Stress(name, (), frozenset(quiet))
        frames.append(Frame("wait", number, sentence, name, time, after, stress, f"After step {number}{which}"))
    return frames


def _last(data: Mapping[str, Any], snapshot: Mapping[str, Any], step: int | None) -> Frame:
    verdict = data.get("verdict")
    count = "The end" if step is None else f"The end, after step {step}"
    if not verdict:
        return Frame("end", step, "The run ends here.", None, None, snapshot, Stress(), count)
    pages = [page["name"] for page in snapshot["pages"]]
    title = TITLES.get(verdict["kind"], verdict["kind"])
    cycle = cycle_sentence(verdict["cycle"], pages)
    say = f"{title}: {cycle}." if cycle else f"{title}: {verdict['summary']}"
    return Frame("end", step, say, None, None, snapshot, Stress(cycle=tuple(verdict["cycle"])), count)


def _entry(frame: Frame) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": frame.kind,
        "count": frame.label,
        "say": frame.say,
        "lines": _standing(frame),
        "state": " ".join(describe(frame.snapshot)),
    }
    if frame.step is not None:
        entry["step"] = frame.step
    if frame.task is not None:
        entry["task"] = frame.task
    return entry


def _standing(frame: Frame) -> dict[str, int]:
    """The line of the policy beside which each task is shown: the one that it has just run, where the frame tells of
    its step; of all others the one that they come to next."""
    lines = {task["name"]: task["line"] for task in frame.snapshot["tasks"] if task["line"]}
    if frame.kind == "step" and frame.task is not None:
        lines.pop(frame.task, None)
        if frame.lines:
            lines[frame.task] = frame.lines[-1]
    return lines


def scene(pictures: Iterable[Marks], at: Layout, before: Sequence[int | None]) -> dict[str, Any]:
    """Pictures as what changes from one to the next: marks by layer, in tenths of a unit.

    before: for each picture the number of an earlier one that its changes are made to; None for an empty one. Each mark
    keeps its place in its layer in all pictures; in a change 0 stands for "not there".
    """
    order: dict[str, dict[str, int]] = {layer.name: {} for layer in LAYERS}
    shown: list[dict[str, dict[str, Mark]]] = []
    changes: list[dict[str, list[Any]]] = []
    for picture, source in zip(pictures, before, strict=True):
        now = {name: {key: compact(mark) for key, mark in layer.items()} for name, layer in picture.items()}
        change: dict[str, list[Any]] = {}
        for name, layer in now.items():
            old = {} if source is None else shown[source][name]
            places = order[name]
            for key in layer:
                places.setdefault(key, len(places))
            differing = [(key, mark) for key, mark in layer.items() if old.get(key) != mark]
            gone = [key for key in old if key not in layer]
            if differing or gone:
                change[name] = [[places[key], mark] for key, mark in differing] + [[places[key], 0] for key in gone]
        changes.append(change)
        shown.append(now)
    return {
        "w": _round(at.width),
        "h": _round(at.height),
        "small": at.small,
        "count": {name: len(places) for name, places in order.items()},
        "keys": {name: list(order[name]) for name in TOUCHED if order[name]},
        "changes": changes,
    }


def compact(mark: Sequence[Any]) -> Mark:
    """A mark as it is sent: numbers in tenths."""
    return [_round(value) if isinstance(value, float) else value for value in mark]


def _round(value: float) -> float | int:
    """A tenth of a unit is finer than the eye; whole numbers are written without a point."""
    short = round(value, 1) if abs(value) >= 1 else round(value, 2)
    return int(short) if short == int(short) else short
