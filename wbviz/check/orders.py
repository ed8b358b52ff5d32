"""Circles among pairs: which orders contradict each other."""

from __future__ import annotations

from collections import deque

from wbviz.check.components import components

Pair = tuple[int, int]


def circles(pairs: set[Pair]) -> list[tuple[int, ...]]:
    """Circles of "a before b": every circle of one and of two; for nodes that lie on none of these, a shortest one.

    Each circle begins with its smallest node, and is listed once.
    """
    found: list[tuple[int, ...]] = [(a,) for a, b in sorted(pairs) if a == b]
    found += [(a, b) for a, b in sorted(pairs) if a < b and (b, a) in pairs]
    after: dict[int, list[int]] = {}
    for a, b in sorted(pairs):
        after.setdefault(a, []).append(b)
    nodes = {node for pair in pairs for node in pair}
    for component in components(nodes, lambda node: after.get(node, ())):
        covered = {node for circle in found if len(circle) == 2 for node in circle}
        for node in component if len(component) > 1 else ():
            if node not in covered:
                circle = _through(node, after, set(component))
                covered |= set(circle)
                found.append(circle)
    return sorted(set(found), key=lambda circle: (len(circle), circle))


def _through(start: int, after: dict[int, list[int]], inside: set[int]) -> tuple[int, ...]:
    """A shortest circle through a node of a strongly connected component."""
    came = {start: start}
    frontier = deque([start])
    while frontier:
        node = frontier.popleft()
        for target in after.get(node, ()):
            if target == start and node != start:
                path = [node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                path.reverse()
                least = path.index(min(path))
                return (*path[least:], *path[:least])
            if target not in came and target in inside:
                came[target] = node
                frontier.append(target)
    raise AssertionError("every node of a strongly connected component of several lies on a circle")
