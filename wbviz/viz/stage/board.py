"""A level of the game as data: the explored graph with its pictures, compact enough to travel with a page.

`board()` gives a JSON-able dict. Whatever repeats is in a table and named by its place there; -1 stands for "none".

    "id", "title", "task", "won", "goal", "begin"     as the level says (wbviz/viz/stage/levels.py)
    "rules"     what is to be reached, and what par means
    "par"       the fewest steps that it takes from where the level begins, by the checker
    "policy", "source": [line, ...], "code": (wbviz/viz/stage/listing.py), "hues": {task: colour}
    "titles"    {verdict: words}, for the verdicts that can be reached
    "tasks", "pages"   names
    "texts"     sentences
    "looks"     [[status, text, line], ...]: how a task may look
    "names"     [[task, name], ...]: the moves, as a schedule names them ("kswapd", "disk:A0")
    "who"       for each state the look of each task, one state after another
    "words"     for each state the texts that describe pages and queue
    "steps"     [[name, text, text before it is made, whether it ends the run, pages it touches...], ...]
    "moves"     for each state [step, how much further on the state is that it leads to, ...]
    "bug", "safe"      for each state the fewest steps to what can go wrong, and to where nothing can any more
    "marks", "cycles"  {state: verdict that can be seen in it}, {state: its wait-for cycle in words}
    "layers", "shapes", "scenes": {"wide", "narrow"}: as a player's, but for
        "parents"      for each picture the one that its changes are made to
        "marks"        table
        "changes"      for each picture [layer, place, mark, ...]: one for each state, then a ring around each task and
                       each page, to be put on top of any state
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wbviz.check.check import check_scenario
from wbviz.check.export import export, state_picture
from wbviz.check.verdict import Result
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.called import call_words
from wbviz.trace.schedule import parse
from wbviz.viz.stage.frames import TITLES, Film, Frame, drawing, scene
from wbviz.viz.stage.layers import LAYERS, PLAIN, Marks, Stress, arrow_keys
from wbviz.viz.stage.layout import Cast, Layout, cast, layout
from wbviz.viz.stage.levels import CIRCLE, SAVE, Level
from wbviz.viz.stage.links import ring_nodes
from wbviz.viz.stage.listing import coloured
from wbviz.viz.stage.marks import hues, marks
from wbviz.viz.stage.touch import packed, told
from wbviz.viz.stage.words import cycle_sentence, describe

Json = dict[str, Any]
Snapshot = Mapping[str, Any]
NONE = -1


class Table(dict[Any, int]):
    """Things by their place, each once."""

    def place(self, thing: Any) -> int:
        """Where it stands; it is put at the end if it is new."""
        return self.setdefault(thing, len(self))


class Board(NamedTuple):
    """A level with its explored graph: `graph` as `wbviz.check.export` gives it, `start` the state where it begins,
    `result` what a check says of its policy there."""

    level: Level
    graph: Json
    start: int
    result: Result

    @property
    def par(self) -> int:
        """The fewest steps from the beginning of the level to its goal, by the checker; -1 where there is no way."""
        if self.level.goal == CIRCLE:
            trace = self.result.trace
            assert trace is not None
            return len(trace.steps)
        steps = self.graph["states"][self.start]["to_safe" if self.level.goal == SAVE else "to_bug"]
        return NONE if steps is None else int(steps)

    def rules(self) -> str:
        """What is to be reached, and what par means, for somebody who has played no level."""
        goal = {
            SAVE: "nothing can go wrong any more, whoever runs next",
            CIRCLE: "you are back in a state where you were, and everybody who could run on the way did",
        }.get(self.level.goal, "it has gone wrong, as the checker says it can")
        states = f"{len(self.graph['states']):,} states"
        fewest = f"Par is {self.par}: the fewest steps that it takes, of all ways through {states}."
        return f"The level is won when {goal}. {fewest}"

    def shortest(self) -> list[tuple[str, str]]:
        """A shortest way to the goal: for each step the move as a schedule names it, and what it does in a sentence."""
        if self.level.goal == CIRCLE:
            trace = self.result.trace
            assert trace is not None
            return [(_name(step.task, step.choice), step.says) for step in trace.steps]
        key = "to_safe" if self.level.goal == SAVE else "to_bug"
        states, at, way = self.graph["states"], self.start, []
        for left in range(self.par - 1, -1, -1):
            move = next(
                move
                for move in states[at]["moves"]
                if (not left if move["ends"] and key == "to_bug" else states[move["to"]][key] == left)
            )
            way.append((_name(move["task"], move["choice"]), move["says"]))
            at = move["to"]
        return way

    def start_film(self) -> Film:
        """The beginning as a film of one frame, for the still picture."""
        snapshot = state_picture(self.graph, self.start)
        frame = Frame("start", None, " ".join(describe(snapshot)), None, None, snapshot, PLAIN)
        told = {"verdict": {"cycle": self.ring()}}
        return Film(self.level.name, self.level.title, told, cast(self.pictures()), (frame,), None)

    def ring(self) -> Sequence[Mapping[str, Any]]:
        """The wait-for cycle of the policy's shortest counterexample, as edges; empty where it has none."""
        return self.result.headline.cycle

    def pictures(self) -> Iterator[Mapping[str, Any]]:
        """The snapshot of each state."""
        return (state_picture(self.graph, number) for number in range(len(self.graph["states"])))

    def bundle(self) -> Json:
        """What the page gets."""
        pictures = list(self.pictures())
        states = self.graph["states"]
        texts, looks, names, steps = Table(), Table(), Table(), Table()
        who, parents, ring = cast(pictures), _parents(states), self.ring()
        nodes = ring_nodes(ring, [page["name"] for page in pictures[0]["pages"]])
        wide, narrow = (_drawn(states, pictures, who, layout(who, small, nodes), ring) for small in (False, True))
        tasks = [task["name"] for task in pictures[0]["tasks"]]
        pages = [page["name"] for page in pictures[0]["pages"]]
        looking, words = [], []
        for picture in pictures:
            told = describe(picture)
            words.append([texts.place(text) for text in told[: -len(tasks)]])
            for task, text in zip(picture["tasks"], told[-len(tasks) :], strict=True):
                looking.append(looks.place((task["status"], texts.place(text), task["line"] or NONE)))
        moves: list[list[int]] = [[] for _ in states]
        for number, state in enumerate(states):
            for move in state["moves"]:
                task, choice = move["task"], move["choice"]
                name = names.place((tasks.index(task), _name(task, choice)))
                told, before = move["says"], move["says"]
                if move["ends"]:  # how it ends is not told before
                    look = pictures[number]["tasks"][tasks.index(task)]
                    before = f"{task} does {call_words(look['next'])}"
                touched = [pages.index(page) for page in map(str, move["args"]) if page in pages]
                step = steps.place((name, texts.place(told), texts.place(before), int(bool(move["ends"])), *touched))
                moves[number] += [step, 0 if move["ends"] else move["to"] - number]
        ends = {move["ends"] for state in states for move in state["moves"]} - {None}
        seen = {number: state["mark"] for number, state in enumerate(states) if state["mark"] not in (None, "rest")}
        return {
            "v": 1,
            "id": self.level.name,
            "title": self.level.title,
            "task": self.level.task,
            "rules": self.rules(),
            "won": self.level.won,
            "goal": self.level.goal,
            "begin": self.level.begin,
            "par": self.par,
            "policy": self.graph["policy"],
            "source": self.graph["source"].splitlines(),
            "code": coloured(self.graph["source"]),
            "hues": hues(who),
            "titles": {kind: TITLES[kind] for kind in sorted({*ends, *seen.values()})},
            "tasks": tasks,
            "pages": pages,
            "texts": list(texts),
            "looks": [list(look) for look in looks],
            "names": [list(name) for name in names],
            "who": looking,
            "words": words,
            "steps": [list(step) for step in steps],
            "moves": moves,
            "bug": [NONE if state["to_bug"] is None else state["to_bug"] for state in states],
            "safe": [NONE if state["to_safe"] is None else state["to_safe"] for state in states],
            "marks": seen,
            "cycles": {n: cycle_sentence(state["cycle"], pages) for n, state in enumerate(states) if state["cycle"]},
            "touch": _touch(pictures, wide, parents),
            **drawing(),
            "scenes": {"wide": _scene(wide, parents), "narrow": _scene(narrow, parents)},
        }


def _name(task: str, choice: str | None) -> str:
    return f"{task}:{choice}" if choice else task


def board(level: Level) -> Board:
    """Explore what a level needs. A level whose beginning cannot be played is a mistake of ours: AssertionError."""
    policy, scenario = load_policy(level.policy), build(level.scenario)
    graph, at = export(policy, scenario), 0
    for move in parse(f"wb1 {level.scenario} {level.policy} : {level.begin}").moves:
        steps = [step for step in graph["states"][at]["moves"] if (step["task"], step["choice"]) == tuple(move)]
        assert steps, f"level {level.name}: {move} cannot be made"
        at = steps[0]["to"]
    return Board(level, graph, at, check_scenario(policy, scenario))


def _parents(states: Sequence[Json]) -> list[int | None]:
    """For each state one that leads to it and was found earlier."""
    parents: list[int | None] = [None] * len(states)
    for number, state in enumerate(states):
        for move in state["moves"]:
            to = move["to"]
            if to and parents[to] is None:
                parents[to] = number
    return parents


class _Drawn(NamedTuple):
    """The pictures of all states in a layout; and the rings around tasks and pages, to be put on top of any."""

    at: Layout
    states: list[Marks]
    rings: list[Marks]


def _drawn(
    states: Sequence[Json], pictures: Sequence[Snapshot], who: Cast, at: Layout, ring: Sequence[Mapping[str, Any]]
) -> _Drawn:
    """ring: the cycle that arrows are laid for."""
    stresses = [Stress(acting=task["name"]) for task in pictures[0]["tasks"]]
    stresses += [Stress(touched=(page["name"],)) for page in pictures[0]["pages"]]
    return _Drawn(
        at,
        [
            marks(picture, who, at, Stress(cycle=tuple(state["cycle"]), ring=ring))
            for state, picture in zip(states, pictures, strict=True)
        ],
        [marks(pictures[0], who, at, stress) for stress in stresses],
    )


def _touch(pictures: Sequence[Snapshot], drawn: _Drawn, parents: Sequence[int | None]) -> Json:
    """What can be touched in each state, in words that are the same on every way to it."""
    said = [told([(0, picture)], arrow_keys(shown)) for picture, shown in zip(pictures, drawn.states, strict=True)]
    return packed(said, parents)


def _scene(drawn: _Drawn, parents: Sequence[int | None]) -> Json:
    """The pictures of all states, each as what changes from one that was found earlier; then the rings."""
    before = [*parents, *[0] * len(drawn.rings)]
    whole = scene([*drawn.states, *drawn.rings], drawn.at, before)
    order = {layer.name: number for number, layer in enumerate(LAYERS)}
    table = Table()
    changes = [
        [
            value
            for name, layer in change.items()
            for place, mark in layer
            for value in (order[name], place, table.place(tuple(mark)) if mark else NONE)
        ]
        for change in whole["changes"]
    ]
    return whole | {
        "parents": [NONE if parent is None else parent for parent in before],
        "marks": [list(mark) for mark in table],
        "changes": changes,
    }
