"""The lock-order report as text for a terminal, and as a DOT graph."""

from __future__ import annotations

from textwrap import fill, wrap

from wbviz.check.dot import Attributes, digraph
from wbviz.check.locks import DOWN, LOCKDEP, QUEUE, SAME, TRIED, WANTED, Inversion, LockReport, Order, steps_of, who

WIDTH = 100


def locks_text(report: LockReport) -> str:
    """Orders by instance and by class, inversions, what lockdep says and what one that knew indices would."""
    params = ", ".join(f"{key}={value}" for key, value in report.params.items())
    covered = f"only what was explored: {report.why_incomplete}" if report.why_incomplete else "every interleaving"
    lines = [
        f"{report.scenario} ({params}): the order of page locks with {report.policy}",
        f"  {report.states:,} states, {covered}",
    ]
    if not report.orders:
        lines += ["", "  nobody ever wants a page lock while holding one"]
    else:
        lines += ["", *_table(report)]
    lines += ["", *_by_class(report), "", *_inversions(report), ""]
    lines += wrap(f"lockdep says: {LOCKDEP}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    lines += ["", *_indices(report)]
    return "\n".join(lines)


def _table(report: LockReport) -> list[str]:
    rows = [("held", "wanted", "by", "how", "index")]
    rows += [(order.held, order.wanted, who(order), _how(report, order), order.direction) for order in report.orders]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _how(report: LockReport, order: Order) -> str:
    if order.kind == QUEUE:
        return "locks that wait in the queue, oldest first"
    where = f", {report.path} line {order.line}" if order.line is not None else ""
    return f"{order.operation}{where}" + (" (never waits)" if order.kind == TRIED else "")


def _by_class(report: LockReport) -> list[str]:
    counts = [f"{count} {way}" for way, count in report.by_class.items() if count]
    text = ", ".join(counts) if counts else "never"
    return [f"  by class: a page lock wanted while a page lock is held: {text}"]


def _inversions(report: LockReport) -> list[str]:
    if not report.inversions:
        return ["  inversions: none" + (" so far" if report.why_incomplete else "")]
    return ["  inversions:", *(line for circle in report.inversions for line in _inversion(report, circle))]


def _inversion(report: LockReport, circle: Inversion) -> list[str]:
    parts = []
    for held, wanted in steps_of(circle.pages):
        names = dict.fromkeys(who(order) for order in circle.orders if (order.held, order.wanted) == (held, wanted))
        parts.append(f"{held} → {wanted} ({', '.join(names)})")
    head = f"    {' and '.join(parts)}: "
    if circle.meets:
        waits = "who wants it holds it" if len(circle.pages) == 1 else "they wait for each other"
        through_queue = any(order.holder != order.task for order in circle.orders)
        rescue = "only another flusher can help" if through_queue and report.flushers > 1 else "none of them can go on"
        return [f"{head}{waits}, and {rescue}", f"      {circle.meets}"]
    met = "not yet at once in what was explored" if report.why_incomplete else "in no interleaving at once"
    return [f"{head}{met}; it is not the order of the locks that keeps them apart"]


def _indices(report: LockReport) -> list[str]:
    head = "  a lockdep that knew page indices would say:"
    unseen = [
        order
        for order in report.orders
        if order.kind == WANTED and order.direction in (DOWN, SAME) and order.holder != order.task
    ]
    if not report.violations:
        lines = [f"{head} nothing" + (" so far" if report.why_incomplete else "")]
    else:
        lines = [head]
        for order in report.violations:
            rule = (
                f"{order.task} wants {order.wanted}, which it holds itself"
                if order.direction == SAME
                else f"{order.task} wants {order.wanted} while it holds {order.held}, a higher index of the same file"
            )
            lines += [f"    {rule} ({_how(report, order)})", f"      {order.schedule}"]
    if unseen:
        pairs = ", ".join(dict.fromkeys(f"{order.held} → {order.wanted}" for order in unseen))
        lines.append(
            fill(
                f"Even that one is blind to {pairs}: the lock is held by a work in the queue, not by a task. That took "
                "cross-release, which was merged for completions only (Linux 4.14, switched off) and removed in 4.15.",
                WIDTH,
                initial_indent="    ",
                subsequent_indent="    ",
            )
        )
    return lines


def locks_dot(report: LockReport) -> str:
    """The orders as a DOT graph: solid where a lock blocks, dashed for trylocks, dotted for locks in the queue."""
    drawing = report.drawing()
    styles = {WANTED: "solid", TRIED: "dashed", QUEUE: "dotted"}
    nodes: list[tuple[str, Attributes]] = [(node["page"], {"shape": "box"}) for node in drawing["nodes"]]
    edges: list[tuple[str, str, Attributes]] = []
    for edge in drawing["edges"]:
        look: Attributes = {"label": "\n".join(edge["by"]), "style": styles[edge["kind"]]}
        if edge["inverted"]:
            look |= {"color": "red3", "penwidth": 2}
        edges.append((edge["from"], edge["to"], look))
    return digraph(f"{report.scenario} {report.policy} lock order", nodes, edges)
