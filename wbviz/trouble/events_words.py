"""What a trace of writeback told, in words and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wbviz.trouble.events import Over, Spread, Trace, Works
from wbviz.trouble.reading import HOW_TO_READ

PAGE = 4
"""KiB of a page; kernels with larger pages write larger pages, and a trace does not say so."""

STALL = 1000.0
"""Milliseconds from which something is called a stall."""


def text(trace: Trace) -> str:
    """The summary in words, for a terminal."""
    return "\n\n".join(f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in sections(trace))


def headline(trace: Trace) -> str:
    """How long, and how many events."""
    odd = f", {trace.odd} of them not as expected" if trace.odd else ""
    return f"A trace of {seconds(trace):.1f} seconds, {_times(trace.events, 'event')}{odd}"


def seconds(trace: Trace) -> float:
    """How long the trace is."""
    return trace.last - (trace.first or 0.0)


def sections(trace: Trace) -> list[tuple[str, list[str]]]:
    """Titles with their sentences; only what the trace has events of."""
    parts = [(headline(trace), [])] if not trace.works else [(headline(trace), _works(trace))]
    parts.append(("Slices of the flusher", _slices(trace)))
    parts.append(("Requests", _requests(trace)))
    parts.append(("Who had to wait", _waits(trace)))
    parts.append(("Stalls", stalls(trace)))
    parts.append(
        ("Explained in", [f"book/{chapter}.md" for chapter in ("flushers", HOW_TO_READ)] if trace.works else [])
    )
    return [parts[0], *((title, lines) for title, lines in parts[1:] if lines)]


def _works(trace: Trace) -> list[str]:
    return [f"{reason}: {_work(work)}" for reason, work in sorted(trace.works.items())]


def _work(work: Works) -> str:
    slices = work.slices
    wrote = (
        f"{slices.total:,.0f} pages in {_times(slices.count, 'slice')}, {slices.most:,.0f} at most"
        if slices.count
        else ""
    )
    return ", ".join(part for part in (f"{work.queued} queued", f"{work.begun} begun", wrote) if part)


def _slices(trace: Trace) -> list[str]:
    lines = []
    if trace.inodes.count:
        lines.append(f"inodes in a slice: {_mean(trace.inodes)}")
    if trace.written.count:
        lines.append(f"pages for each inode: {_mean(trace.written)}")
    if trace.slices.count:
        lines.append(f"milliseconds for a slice: {_mean(trace.slices)}")
    return lines


def _requests(trace: Trace) -> list[str]:
    if not trace.requests.count:
        return []
    sizes = f"{_times(trace.requests.count, 'write')}, KiB: {_mean(trace.requests)}"
    lines = [f"{sizes}; {_times(trace.reads, 'read')} beside them"]
    small = sum(count for power, count in trace.requests.powers.items() if 1 << power <= PAGE)
    lines.append(f"{100 * small / trace.requests.count:.0f} % of the writes are a page ({PAGE} KiB) or less")
    return [*lines, f"milliseconds for a write: {_mean(trace.waits)}"] if trace.waits.count else lines


def _waits(trace: Trace) -> list[str]:
    lines = []
    if trace.pauses.count:
        lines.append(f"throttled writers paused {_times(trace.pauses.count)}, milliseconds: {_mean(trace.pauses)}")
    if trace.reclaims.count:
        lines.append(f"direct reclaim {_times(trace.reclaims.count)}, milliseconds: {_mean(trace.reclaims)}")
    return [*lines, f"kswapd woke {_times(trace.kswapd)}"] if trace.kswapd else lines


def stalls(trace: Trace) -> list[str]:
    """What took longer than a second, and what had not ended."""
    asked = (("a slice", trace.slices), ("a write", trace.waits), ("direct reclaim", trace.reclaims))
    found = [
        f"{what} of {spread.who} took {spread.most / 1000:.1f} seconds"
        for what, spread in asked
        if spread.most >= STALL
    ]
    found += [f"a slice of {who} had begun and not ended" for who in trace.unfinished]
    return found


def _times(count: int, what: str = "time") -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _mean(spread: Spread) -> str:
    return f"{spread.total / spread.count:,.1f} on average, {spread.most:,.1f} at most"


def to_json(trace: Trace) -> dict[str, Any]:
    """The trace's sums as data; an empty one has no events."""
    return asdict(trace)


def charts(trace: Trace) -> list[tuple[str, list[tuple[str, float]]]]:
    """What is drawn as bars: a title, and for each bar what it is and how much."""
    drawn = [
        ("Pages written over time (seconds)", _columns(trace.pages_over)),
        ("KiB sent over time (seconds)", _columns(trace.sent_over)),
        ("Writes by size, up to so many KiB", _powers(trace.requests)),
        ("Inodes by pages written, up to so many", _powers(trace.written)),
        ("Pages written by reason", [(reason, work.slices.total) for reason, work in sorted(trace.works.items())]),
    ]
    return [(title, bars) for title, bars in drawn if any(value for _, value in bars)]


def _columns(over: Over) -> list[tuple[str, float]]:
    return [(f"{at * over.width:.2f}", value) for at, value in enumerate(over.columns)]


def _powers(spread: Spread) -> list[tuple[str, float]]:
    if not spread.powers:
        return []
    return [(f"{1 << power:,}", spread.powers.get(power, 0)) for power in range(max(spread.powers) + 1)]
