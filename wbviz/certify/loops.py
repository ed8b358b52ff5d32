"""Whether one can go round in a graph for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node")


def circles(graph: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """A circle for each edge that leads back to where a search has come from; none where there is no circle."""
    done: set[Node] = set()
    for root in graph:
        if root in done:
            continue
        path, at = [root], {root: 0}
        rest = [iter(graph[root])]
        while path:
            for target in rest[-1]:
                if target in at:
                    yield path[at[target] :]
                elif target not in done:
                    at[target] = len(path)
                    path.append(target)
                    rest.append(iter(graph[target]))
                    break
            else:
                rest.pop()
                node = path.pop()
                del at[node]
                done.add(node)


def returning(graph: Mapping[Node, Sequence[Node]]) -> dict[Node, list[Node]]:
    """The part of a graph from which one can go on for ever: nothing of one without a circle, at no great cost."""
    back: dict[Node, list[Node]] = {node: [] for node in graph}
    left: dict[Node, int] = {}
    for node, targets in graph.items():
        left[node] = len(targets)
        for target in targets:
            back.setdefault(target, []).append(node)
            left.setdefault(target, 0)
    todo = [node for node, count in left.items() if not count]
    while todo:
        node = todo.pop()
        del left[node]
        for before in back[node]:
            left[before] -= 1
            if not left[before]:
                todo.append(before)
    return {node: [target for target in graph[node] if target in left] for node in left}


def between(graph: Mapping[Node, Sequence[Node]], start: Node, end: Node) -> set[Node]:
    """Every node on a way from one node to another; empty where there is none."""
    back: dict[Node, list[Node]] = {}
    for node, targets in graph.items():
        for target in targets:
            back.setdefault(target, []).append(node)
    forth, before = _reach(graph, start), _reach(back, end)
    return forth & before


def _reach(graph: Mapping[Node, Sequence[Node]], start: Node) -> set[Node]:
    found, todo = {start}, [start]
    while todo:
        new = [node for node in graph.get(todo.pop(), ()) if node not in found]
        found.update(new)
        todo += new
    return found
