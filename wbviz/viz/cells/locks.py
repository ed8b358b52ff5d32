"""The lock-order report in a notebook: drawn as a graph, and in words below it."""

from __future__ import annotations

from html import escape
from typing import Any

from IPython.core.display import HTML
from IPython.core.display_functions import display

from wbviz.check.graph import MAX_STATES, explore
from wbviz.check.locks import LOCKDEP, LockReport, lock_orders, who
from wbviz.check.locks_text import (
    blind_words,
    class_words,
    covered_words,
    how,
    indices_head,
    inversion_words,
    inversions_head,
    locks_text,
    violation_words,
)
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.policy.notebook import as_policy
from wbviz.scenarios.catalogue import build
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.lock_graph import lock_graph


class LockOrders:
    """In which orders page locks nest. As the last value of a cell: the graph and the findings. `report`: the data."""

    def __init__(self, report: LockReport) -> None:
        self.report = report

    def __repr__(self) -> str:
        return locks_text(self.report)

    def _ipython_display_(self, **_: Any) -> None:
        display(HTML(locks_html(self.report)))  # type: ignore[no-untyped-call]


def locks(policy: Any, scenario: str, **params: int) -> LockOrders:
    """Explore a policy in a scenario, and note in which orders page locks are taken.

    policy: what `as_policy` takes: the name of a built-in policy, a file, functions of this notebook.
    params: sizes, by the scenario's names.
    Raises PolicyError for what is no policy: of its locks there is nothing to tell.
    """
    graph = explore(Machine(build(scenario, params), as_policy(policy)), MAX_STATES)
    for end in graph.ends:
        if isinstance(end.error, PolicyFault):
            raise end.error.error
    return LockOrders(lock_orders(graph))


def locks_html(report: LockReport) -> str:
    """The picture, and below it what it shows in words, inversions numbered as in the picture."""
    params = ", ".join(f"{key}={value}" for key, value in report.params.items())
    title = f"The order of page locks: {report.policy} in {report.scenario} ({params})"
    nobody = "" if report.orders else "<p>Nobody ever wants a page lock while holding one.</p>"
    orders = [
        f"{who(order)}: {order.wanted} after {order.held}, {order.direction} ({how(report, order)})"
        for order in report.orders
    ]
    circles = [inversion_words(report, circle) for circle in report.inversions]
    rules = [violation_words(report, order) for order in report.violations]
    blind = blind_words(report)
    return (
        f'{palette_style()}<figure class="wbviz wb-locks-report">{lock_graph(report)}'
        f'<figcaption><span class="wb-title">{escape(title)}.</span> {report.states:,} states, '
        f"{escape(covered_words(report))}."
        f"</figcaption>{nobody}{_list(orders)}<p>{escape(_sentence(class_words(report)))}.</p>"
        f"<p>{escape(_sentence(inversions_head(report)))}</p>{_list(circles, 'ol')}"
        f"<p>Lockdep says: {escape(LOCKDEP)}</p>"
        f"<p>{escape(_sentence(indices_head(report)))}</p>{_list(rules)}"
        f"{f'<p>{escape(blind)}</p>' if blind else ''}</figure>"
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _list(items: list[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{tag}>" if items else ""
