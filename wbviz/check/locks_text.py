"""The lock-order report as text for a terminal, and as a DOT graph."""

from __future__ import annotations

from textwrap import fill, wrap

from wbviz.check.dot import Attributes, digraph
from wbviz.check.locks import DOWN, LOCKDEP, QUEUE, SAME, TRIED, WANTED, Inversion, LockReport, Order, steps_of, who
from wbviz.trace.called import called

WIDTH = 100


def locks_text(report: LockReport) -> str:
    """Orders by instance and by class, inversions, what lockdep says and what one that knew indices would."""
    params = ", ".join(f"{key}={value}" for key, value in report.params.items())
    lines = [
        f"{report.scenario} ({params}): the order of page locks with {report.policy}",
        f"  {report.states:,} states, {covered_words(report)}",
    ]
    if not report.orders:
        lines += ["", "  nobody ever wants a page lock while holding one"]
    else:
        lines += ["", *_table(report)]
    lines += ["", f"  {class_words(report)}", "", *_inversions(report), ""]
    lines += wrap(f"lockdep says: {LOCKDEP}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    lines += ["", *_indices(report)]
    return "\n".join(lines)


def covered_words(report: LockReport) -> str:
    """How much of all that can happen the report rests on."""
    if report.why_incomplete:
        return f"only what was explored: {report.why_incomplete}"
    return "every interleaving" + (", up to the step where a run breaks a rule" if report.ended else "")


def _table(report: LockReport) -> list[str]:
    rows = [("held", "wanted", "by", "how", "index")]
    rows += [(order.held, order.wanted, who(order), how(report, order), order.direction) for order in report.orders]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def how(report: LockReport, order: Order) -> str:
    """By which operation, on which line of the policy, the second lock is wanted."""
    if order.kind == QUEUE:
        return "locks that wait in the queue, oldest first"
    where = f", {report.path} line {order.line}" if order.line is not None else ""
    return f"{called(order.operation)}{where}" + (" (never waits)" if order.kind == TRIED else "")


def class_words(report: LockReport) -> str:
    """The same nestings as one class of locks, as lockdep would have it."""
    counts = [f"{count} {way}" for way, count in report.by_class.items() if count]
    return f"by class: a page lock wanted while a page lock is held: {', '.join(counts) or 'never'}"


def _inversions(report: LockReport) -> list[str]:
    lines = [f"  {inversions_head(report)}"]
    for circle in report.inversions:
        lines.append(f"    {inversion_words(report, circle)}")
        lines += [f"      {circle.meets}"] if circle.meets else []
    return lines


def inversions_head(report: LockReport) -> str:
    """What stands above the inversions, or instead of them."""
    none = "" if report.inversions else " none" + (" so far" if report.why_incomplete else "")
    return f"inversions:{none}"


def inversion_words(report: LockReport, circle: Inversion) -> str:
    """Who takes which locks in which order, and whether some run brings them against each other."""
    parts = []
    for held, wanted in steps_of(circle.pages):
        names = dict.fromkeys(who(order) for order in circle.orders if (order.held, order.wanted) == (held, wanted))
        parts.append(f"{held} → {wanted} ({', '.join(names)})")
    head = f"{' and '.join(parts)}: "
    if circle.meets:
        waits = "who wants it holds it" if len(circle.pages) == 1 else "they wait for each other"
        through_queue = any(order.holder != order.task for order in circle.orders)
        rescue = "only another flusher can help" if through_queue and report.flushers > 1 else "none of them can go on"
        return f"{head}{waits}, and {rescue}"
    met = "not yet at once in what was explored" if report.why_incomplete else "in no interleaving at once"
    return f"{head}{met}; it is not the order of the locks that keeps them apart"


def _indices(report: LockReport) -> list[str]:
    lines = [f"  {indices_head(report)}"]
    for order in report.violations:
        lines += [f"    {violation_words(report, order)}", f"      {order.schedule}"]
    if blind := blind_words(report):
        lines.append(fill(blind, WIDTH, initial_indent="    ", subsequent_indent="    "))
    return lines


def indices_head(report: LockReport) -> str:
    """What stands above what a lockdep that knew page indices would say, or instead of it."""
    none = "" if report.violations else " nothing" + (" so far" if report.why_incomplete else "")
    return f"a lockdep that knew page indices would say:{none}"


def violation_words(report: LockReport, order: Order) -> str:
    """What a lockdep that knew page indices would say of an order."""
    if order.direction == SAME:
        rule = f"{order.task} wants {order.wanted}, which it holds itself"
    else:
        rule = f"{order.task} wants {order.wanted} while it holds {order.held}, a higher index of the same file"
    return f"{rule} ({how(report, order)})"


def blind_words(report: LockReport) -> str:
    """Which orders even such a lockdep would not see; "" where there are none."""
    unseen = [
        order
        for order in report.orders
        if order.kind == WANTED and order.direction in (DOWN, SAME) and order.holder != order.task
    ]
    if not unseen:
        return ""
    pairs = ", ".join(dict.fromkeys(f"{order.held} → {order.wanted}" for order in unseen))
    return (
        f"Even that one is blind to {pairs}: the lock is held by a work in the queue, not by a task. That took "
        "cross-release, which was merged for completions only (Linux 4.14, switched off) and removed in 4.15."
    )


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
