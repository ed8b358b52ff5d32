"""The explored graph of a small scenario as data: for the game "you are the scheduler", and for drawing it.

Version 1 of the JSON form:

    {"format": "wbviz-graph", "version": 1, "scenario", "params", "policy", "source",
     "verdicts": [{"kind", "summary"}, ...],          what a check says, the headline first
     "tables": {"pages": [...], "inodes": [...], "works": [...], "tasks": [...]},
     "states": [State, ...]}                          number 0 is the initial one
    State: {"pages": [n, ...], "inodes", "works", "tasks": places in the tables, whose entries are those of a
            trace's snapshot (`snapshot` puts one together),
            "depth": the fewest steps from the initial state,
            "moves": [Move, ...],
            "mark": null, "rest" (all is well, and nothing more happens), or the verdict that can be seen in this
                    state: "deadlock", "lost-work", "leak"; "livelock" or "starvation" where it can go on for ever,
            "cycle": the edges of the wait-for cycle of a deadlock, else [],
            "to_bug": the fewest steps to the nearest such verdict or broken rule, null where none can be reached,
            "to_rest": the fewest steps to rest with all well, null where it is too late for that,
            "safe": whether nothing can go wrong any more, whatever is chosen,
            "to_safe": the fewest steps to a safe state, null where none can be reached}
    Move:  {"task", "choice": the page chosen or null, "op", "args", "lines": of the policy, "says": one sentence,
            "to": the number of a state, or null where the run ends, "ends": null, "rule-violation" or "policy-error"}
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from wbviz.check.check import Tick
from wbviz.check.components import components
from wbviz.check.deadlock import Deadlocks, alive, deadlocks
from wbviz.check.dot import Attributes, digraph
from wbviz.check.graph import MAX_STATES, Edge, End, Graph, explore
from wbviz.check.judge import judge
from wbviz.check.limits import INTERRUPTED
from wbviz.check.progress import FairLoop, fair_loops, starvations
from wbviz.check.rest import leaks, lost_pages
from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LIVELOCK, LOST, ORDER, POLICY_ERROR, STARVATION
from wbviz.errors import UsageError
from wbviz.machine.machine import Choice, Machine, PolicyFault
from wbviz.machine.record import edge_json, move_name, named, snapshot, told
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.trace.called import called
from wbviz.trace.trace import Json

FORMAT, VERSION = "wbviz-graph", 1
MOST = 5_000
"""The most states that are written: a page that carries more is slow to load, and no drawing shows them."""
REST = "rest"
PARTS = ("pages", "inodes", "works", "tasks")


def export(policy: Policy, scenario: Scenario, most: int = MOST, tick: Tick | None = None) -> Json:
    """Explore everything, and give it as JSON-able data. Raises `UsageError` where that is more than `most` states."""
    graph = explored(policy, scenario, most, tick)
    if not graph.complete:
        raise UsageError(
            f"the graph of {scenario.name} with {policy.name} cannot be written: {graph.why_incomplete}",
            came=" ".join(f"{key}={value}" for key, value in scenario.params),
            expected=f"a scenario that is explored completely in at most {most:,} states",
            cause="the sizes are too large",
            fix=f"python -m wbviz check {policy.given} --scenario {scenario.name} --smallest",
        )
    return graph_json(graph)


def explored(policy: Policy, scenario: Scenario, most: int = MOST, tick: Tick | None = None) -> Graph:
    """Everything, if it is at most `most` states; else the graph is not complete, and says why."""
    graph = explore(Machine(scenario, policy), min(most, MAX_STATES), tick)
    if graph.why_incomplete == INTERRUPTED:
        raise KeyboardInterrupt
    return graph


def graph_json(graph: Graph) -> Json:
    """A completely explored graph as JSON-able data."""
    machine = graph.machine
    order = components(range(graph.expanded), lambda number: [edge.target for edge in graph.edges[number]])
    masks = alive(graph, order)
    loops = [*starvations(graph, order, masks), *fair_loops(graph, order, masks, starved=False)]
    stuck = deadlocks(graph, order, masks)
    marks = _marks(graph, stuck, loops)
    ends: dict[int, list[End]] = {}
    for end in graph.ends:
        ends.setdefault(end.source, []).append(end)
    back: list[list[int]] = [[] for _ in graph.states]
    for number, edges in enumerate(graph.edges):
        for edge in edges:
            back[edge.target].append(number)
    bugs = {number: 0 for number, mark in marks.items() if mark != REST}
    to_bug = _distances(back, dict.fromkeys(ends, 1) | bugs)
    to_rest = _distances(back, {number: 0 for number, mark in marks.items() if mark == REST})
    safe = {number: 0 for number in range(len(graph.states)) if number not in to_bug}
    to_safe = _distances(back, safe)
    tables: dict[str, dict[str, int]] = {part: {} for part in PARTS}
    states = []
    for number, state in enumerate(graph.states):
        picture = snapshot(machine, state)
        entry: Json = {part: [_place(tables[part], item) for item in picture[part]] for part in PARTS}
        states.append(
            entry
            | {
                "depth": graph.depths[number],
                "moves": [
                    _move(machine, graph, number, step) for step in (*graph.edges[number], *ends.get(number, ()))
                ],
                "mark": marks.get(number),
                "cycle": [edge_json(machine, edge) for edge in stuck.cycles.get(number, ())],
                "to_bug": to_bug.get(number),
                "to_rest": to_rest.get(number),
                "safe": number in safe,
                "to_safe": to_safe.get(number),
            }
        )
    verdicts = sorted(judge(graph, order), key=lambda verdict: ORDER.index(verdict.kind))
    return {
        "format": FORMAT,
        "version": VERSION,
        "scenario": machine.scenario.name,
        "params": dict(machine.scenario.params),
        "policy": machine.policy.name,
        "source": machine.policy.source,
        "verdicts": [{"kind": verdict.kind, "summary": verdict.summary} for verdict in verdicts],
        "tables": {part: [json.loads(text) for text in tables[part]] for part in PARTS},
        "states": states,
    }


def state_picture(data: Json, number: int) -> Json:
    """The snapshot of one state of an exported graph, in the form that a trace has."""
    return {part: [data["tables"][part][place] for place in data["states"][number][part]] for part in PARTS}


def _place(table: dict[str, int], item: Any) -> int:
    return table.setdefault(json.dumps(item, sort_keys=True), len(table))


def _marks(graph: Graph, stuck: Deadlocks, loops: list[FairLoop]) -> dict[int, str]:
    """What can be seen in each state."""
    machine = graph.machine
    marks: dict[int, str] = {}
    for loop in loops:
        marks |= dict.fromkeys(loop.states, STARVATION if loop.starved else LIVELOCK)
    for number, state in enumerate(graph.states):
        if machine.at_rest(state):
            marks[number] = LOST if lost_pages(machine, state) else LEAK if leaks(machine, state) else REST
    marks |= dict.fromkeys(stuck.shown, DEADLOCK)
    return marks


def _distances(back: list[list[int]], goals: dict[int, int]) -> dict[int, int]:
    """The fewest steps from each state to a goal; a goal at distance 1 is a step that ends the run."""
    found: dict[int, int] = {}
    frontier = deque(sorted(goals, key=lambda number: goals[number]))
    for number in frontier:
        found[number] = goals[number]
    while frontier:
        number = frontier.popleft()
        for source in back[number]:
            if source not in found or found[source] > found[number] + 1:
                found[source] = found[number] + 1
                frontier.append(source)
    return found


def _move(machine: Machine, graph: Graph, source: int, step: Edge | End) -> Json:
    state, task, choice = graph.states[source], step.task, step.choice
    pending = machine.pending(state, task)
    assert pending is not None
    name, page = move_name(machine, task, choice)
    args = [] if pending.name == "isolate" else [named(machine, arg) for arg in pending.wire]
    args = [page] if pending.name == "end_writeback" else args
    ends = None
    if isinstance(step, End):
        fault = isinstance(step.error, PolicyFault)
        ends = POLICY_ERROR if fault else BROKEN
        sentence = f"{name} does {pending.name}({', '.join(map(str, args))}): {_reason(step)}"
    else:
        after, result = graph.states[step.target], _result(machine, source, graph, task, choice)
        sentence = told(machine, state, after, task, pending.name, args, result)
    return {
        "task": name,
        "choice": page,
        "op": pending.name,
        "args": args,
        "lines": list(machine.policy_lines(state, task)),
        "says": sentence,
        "to": step.target if isinstance(step, Edge) else None,
        "ends": ends,
    }


def _result(machine: Machine, source: int, graph: Graph, task: int, choice: Choice) -> Any:
    return named(machine, machine.step_with_result(graph.states[source], task, choice)[1])


def _reason(end: End) -> str:
    return end.error.error.what if isinstance(end.error, PolicyFault) else str(end.error)


LOOKS: dict[str | None, Attributes] = {
    None: {"shape": "circle"},
    REST: {"shape": "doublecircle", "color": "darkgreen"},
    DEADLOCK: {"shape": "octagon", "color": "red3", "penwidth": 2},
    LOST: {"shape": "house", "color": "red3"},
    LEAK: {"shape": "invhouse", "color": "red3"},
    LIVELOCK: {"shape": "diamond", "color": "red3"},
    STARVATION: {"shape": "diamond", "color": "red3"},
}
"""Told apart by shape, not by colour alone."""


def graph_dot(data: Json) -> str:
    """An exported graph in DOT: the initial state bold, a step labelled with who takes it, a broken rule a red box."""
    nodes: list[tuple[str, Attributes]] = []
    edges: list[tuple[str, str, Attributes]] = []
    for number, state in enumerate(data["states"]):
        look = LOOKS[state["mark"]] | ({"style": "bold"} if number == 0 else {})
        far = "" if state["to_bug"] is None else f"\nbug in {state['to_bug']}"
        nodes.append((str(number), look | {"label": f"{number}{far}"}))
        for move in state["moves"]:
            who = move["task"] + (f":{move['choice']}" if move["choice"] else "")
            label: Attributes = {"label": f"{who} {called(move['op'])}"}
            target = str(move["to"]) if move["ends"] is None else f"{number} {move['task']} {move['ends']}"
            if move["ends"]:
                nodes.append((target, {"shape": "box", "color": "red3", "label": move["ends"]}))
            edges.append((str(number), target, label))
    return digraph(f"{data['scenario']} {data['policy']}", nodes, edges)
