"""A simulated run as text."""

from __future__ import annotations

from wbviz.sim.run import Run

ENDINGS = {
    "rest": "came to rest",
    "stuck": "got stuck",
    "horizon": "was cut off",
    "rule-violation": "broke a rule",
    "policy-error": "found that the policy is not a policy",
}


def run_text(run: Run) -> str:
    """How the run ended and what it came to; several lines, no newline at the end."""
    params = ", ".join(f"{key}={value}" for key, value in run.trace.params.items())
    head = f"{run.trace.policy} in {run.trace.scenario} ({params}), seed {run.seed}"
    end = f"{ENDINGS[run.ended]} after {_seconds(run.metrics.seconds)}, {run.metrics.steps:,} steps: {run.why}"
    return f"{head}\n{end}\n\n{format_metrics(run)}"


def format_metrics(run: Run) -> str:
    """The metrics of a run, one a line, with their units."""
    metrics = run.metrics
    rows = [("requests", f"{metrics.requests:,}")]
    if metrics.mean_request_pages is not None and metrics.mean_request_kib is not None:
        size = f"{metrics.mean_request_pages:.2f} pages, {metrics.mean_request_kib:.2f} KiB"
        rows.append(("mean request", f"{size} (pages in all: {metrics.pages:,})"))
    rows.append(("seeks", f"{metrics.seeks:,}"))
    share = f" ({metrics.disk_busy_seconds / metrics.seconds:.0%} of the time)" if metrics.seconds else ""
    rows.append(("disk busy", _seconds(metrics.disk_busy_seconds) + share))
    rows.append(("enqueue calls", f"{metrics.calls:,} (not clean by the end: {metrics.never_clean:,})"))
    if metrics.clean_median_seconds is not None:
        rows.append(("until clean", f"{_seconds(metrics.clean_median_seconds)} (median)"))
        rows.append(("", f"{_seconds(metrics.clean_p95_seconds or 0)} (95th percentile)"))
        rows.append(("", f"{_seconds(metrics.clean_max_seconds or 0)} (maximum)"))
    if metrics.longest_lock:
        lock = metrics.longest_lock
        rows.append(("longest lock", f"{_seconds(lock.seconds)}: {lock.page}, held by {', then '.join(lock.holders)}"))
    rows.append(("wasted", f"{metrics.wasted:,} (writes of clean pages)"))
    return "\n".join(f"{label:<14} {text}".rstrip() for label, text in rows)


def _seconds(seconds: float) -> str:
    """A time with a readable unit."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"
