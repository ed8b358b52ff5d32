"""Strongly connected components (Tarjan 1972), without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wbviz.check.graph import Graph


def components(nodes: Iterable[int], successors: Callable[[int], Iterable[int]]) -> list[list[int]]:
    """The strongly connected components of the graph on `nodes`, every component after all those it leads to.

    `successors` may name nodes outside `nodes`: they are passed over.
    """
    inside = set(nodes)
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for root in sorted(inside):
        if root in order:
            continue
        work = [(root, iter(successors(root)))]
        order[root] = lowest[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in inside:
                    continue
                if target not in order:
                    order[target] = lowest[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(successors(target))))
                    break
                if target in on_stack:
                    lowest[node] = min(lowest[node], order[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == order[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    found.append(sorted(component))
    return found


def is_loop(graph: Graph, component: list[int]) -> bool:
    """Whether a component holds a cycle: more than one state, or a step from a state to itself."""
    return len(component) > 1 or any(edge.target == component[0] for edge in graph.edges[component[0]])
