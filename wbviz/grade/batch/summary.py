"""A class in words: how many, how well, what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median

from wbviz.grade.batch.job import FAILED, GRADED, UNJUDGED
from wbviz.grade.batch.row import Row
from wbviz.grade.batch.tables import number
from wbviz.grade.exercise import Exercise

_WIDTH = 40
NO_SEED = "no hidden scenarios: no secret seed was given; instructors have one (--seed-file FILE or --seed-env NAME)"


def summary(exercise: Exercise, rows: Sequence[Row], seeded: bool, official: bool, remarks: Sequence[str] = ()) -> str:
    """What an instructor reads first; the rest is in the tables. remarks: on what is no row of them."""
    finals = [row.final for row in rows if row.final is not None]
    lines = [f"{exercise.name}: {exercise.title}", f"  {_counted(rows)}"]
    after = ", after lateness" if any(row.final not in (row.points, None) for row in rows) else ""
    if finals:
        lines.append(
            f"  points of {exercise.total}{after}: mean {fmean(finals):.1f}, median {median(finals):g}, "
            f"lowest {min(finals):g}, highest {max(finals):g}"
        )
        lines += _histogram(finals, exercise.total)
        lines.append("  full points by property:")
        for name, possible in exercise.points.items():
            full = sum(row.properties.get(name, 0) >= possible for row in rows if row.points is not None)
            lines.append(f"    {name:<10}{full:>5} of {len(finals)}")
    if not seeded and exercise.hidden.draws:
        lines.append(f"  {NO_SEED}")
    tiers = {row.tier for row in rows if row.tier}
    lines.append(f"  sandbox: {', '.join(sorted(tiers)) or 'nothing was run'}{'' if official else '; NOT OFFICIAL'}")
    late = sum(bool(row.late) for row in rows)
    if late:
        lines.append(f"  lateness: {late} with a remark, see grades.csv")
    lines += [f"  {remark}" for remark in remarks]
    failed = [row for row in rows if row.status == FAILED]
    if failed:
        lines.append(f"  THE GRADER FAILED on {len(failed)}, an internal error: please report it")
    unjudged = sum(row.status == UNJUDGED for row in rows)
    if unjudged:
        lines.append(f"  {unjudged} not judged, since a clock ran out: run the same command again, the others are kept")
    noted = [row for row in rows if row.notes]
    if noted:
        lines.append("  with a note on what was graded, all of them in grades.csv:")
        lines += [f"    {row.student}: {row.notes[0]}" for row in noted[:10]]
        if len(noted) > 10:
            lines.append(f"    and {len(noted) - 10} more")
    ungraded = [row for row in rows if row.points is None]
    if ungraded:
        lines.append("  not graded, and to be looked at:")
        lines += [f"    {row.student}: {row.problem.splitlines()[0]}" for row in ungraded[:20]]
        if len(ungraded) > 20:
            lines.append(f"    and {len(ungraded) - 20} more, see grades.csv")
    return "\n".join(lines)


def _counted(rows: Sequence[Row]) -> str:
    counts = Counter(row.status for row in rows)
    others = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()) if status != GRADED)
    return f"{len(rows)} {'submission' if len(rows) == 1 else 'submissions'}, {counts[GRADED]} graded" + (
        f", {others}" if others else ""
    )


def _histogram(points: Sequence[float], total: int) -> list[str]:
    bins = Counter(min(9, int(10 * one / total)) if total else 0 for one in points)
    most = max(bins.values())
    return [
        f"    {10 * tenth:>2} to {10 * tenth + 10:>3}% {'#' * -(-_WIDTH * bins[tenth] // most):<{_WIDTH}} {bins[tenth]}"
        for tenth in range(10)
        if bins[tenth]
    ]


def line(row: Row) -> str:
    """One student in a line."""
    got = "not graded" if row.final is None else f"{number(row.final)} of {row.total}"
    return f"{row.student:<28} {got}"
