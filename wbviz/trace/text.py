"""A trace as plain text: a table with one column a task, the wait-for cycle in words, lines to paste."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wbviz.trace.called import call_words
from wbviz.trace.schedule import FUNCTIONS
from wbviz.trace.since import edge_since
from wbviz.trace.trace import Json, Step, Trace

COLUMNS = 80
"""So wide is a table, where nobody asks for another width."""
WIDEST, NARROWEST = 26, 14
"""So wide is a column at most, and at least: where that does not fit, a table has one column for all tasks."""


def table(trace: Trace, width: int = COLUMNS) -> str:
    """One row a step, one column for each task that does something or ends up waiting; as many columns as fit."""
    names = [task["name"] for task in trace.initial["tasks"]]
    rows: list[dict[str, str]] = []
    ended_badly = trace.verdict is not None and trace.verdict["kind"] in ("rule-violation", "policy-error")
    for number, step in enumerate(trace.steps, 1):
        fatal = ended_badly and number == len(trace.steps)
        cells = {step.task: f"{call(step)}{_read(trace)}  <-- here" if fatal else cell(step)}
        for sentence in step.waits:
            name, _, rest = sentence.partition(" ")
            cells[name] = f"{cells[name]}, then {rest}" if name in cells else f"({rest})"
        rows.append(cells)
    shown = [name for name in names if any(name in cells for cells in rows)]
    marks = [">" if trace.loop is not None and number > trace.loop else " " for number in range(1, len(rows) + 1)]
    lines = [["step", *shown]]
    for number, (mark, cells) in enumerate(zip(marks, rows, strict=True), 1):
        lines.append([f"{mark}{number}", *(cells.get(name, "") for name in shown)])
    widths = _widths(lines, width)
    if widths is None:
        lines = [["step", "who", "does"]]
        for number, (mark, cells) in enumerate(zip(marks, rows, strict=True), 1):
            for row, (name, does) in enumerate(cells.items()):
                lines.append(["" if row else f"{mark}{number}", name, does])
        first, second = (max(len(line[column]) for line in lines) for column in (0, 1))
        widths = [first, second, max(NARROWEST, width - first - second - 4)]
    return _align(lines, widths)


def _read(trace: Trace) -> str:
    """The read behind the last step, where that broke the rule."""
    broken = (trace.verdict or {}).get("broken")
    return f", then line {broken['line']} reads .{broken['attr']}" if broken and broken["line"] else ""


def cell(step: Step) -> str:
    """What a step does, as short as a table wants it."""
    args = ", ".join(str(arg) for arg in step.args if arg is not None)
    match step.op:
        case "isolate":
            return f"pick {step.result}" if step.result else "no dirty page"
        case "take_work":
            return f"take {step.result}"
        case "queue_sync":
            return f"queue {step.result}: sync {step.args[0]}"
        case "wait_for":
            return f"{args} is done"
        case "iput":
            return f"iput({args})" + (", the last one" if step.result is True else "")
        case "lock_attached" | "dirty_page" if step.result is False:
            return f"{args} has left its file"
        case "trylock_attached" if step.result is None:
            return f"{args} has left its file"
        case "find_get_page" if step.result is None:
            return f"find_get_page({args}) = None"
    told = {True: "", False: " = no", None: ""}.get(step.result, f" = {step.result}") if _plain(step) else ""
    return call(step) + told


def call(step: Step) -> str:
    """The operation alone, without what came of it."""
    return call_words(f"{step.op}({', '.join(map(str, step.args if step.op != 'isolate' else ()))})")


def _plain(step: Step) -> bool:
    return step.result is None or isinstance(step.result, bool | str)


def _widths(lines: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """How wide each column is, together no wider than asked for; None where they would be too narrow to read."""
    widths = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(lines[0]))]
    while sum(widths) + 2 * (len(widths) - 1) > width:
        widest = widths.index(max(widths))
        if widths[widest] <= NARROWEST:
            return None
        widths[widest] -= 1
    return widths


def _align(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    text = []
    for line in lines:
        folded = [_fold(words, width) for words, width in zip(line, widths, strict=True)]
        for row in range(max(map(len, folded))):
            parts = [column[row] if row < len(column) else "" for column in folded]
            text.append("  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(text)


def _fold(words: str, width: int) -> list[str]:
    """A cell in lines of at most `width`, broken at spaces where there are any, else within a word."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1].strip() and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
            continue
        if lines[-1].strip():
            lines.append("  ")
        while len(lines[-1]) + len(word) > width:
            cut = width - len(lines[-1])
            lines[-1] += word[:cut]
            word = word[cut:]
            lines.append("  ")
        lines[-1] += word
    return lines


def story(trace: Trace) -> str:
    """The narration: one numbered sentence a step, and who begins to wait."""
    lines = []
    for number, step in enumerate(trace.steps, 1):
        if trace.loop is not None and number == trace.loop + 1:
            lines.append("      from here on, for ever:")
        lines.append(f"{number:>4}  {step.says}")
        lines += [f"      {sentence}" for sentence in step.waits]
    return "\n".join(lines)


def cycle_words(trace: Trace, cycle: Sequence[Json]) -> str:
    """The wait-for cycle: who waits for whom, for what, since which step the one has it and the other waits."""
    return "\n".join(f"  {waits_for(edge)}: {edge['why']}{edge_since(trace, edge)}" for edge in cycle)


def waits_for(edge: Json) -> str:
    """`flusher waits for writer`, or `flusher waits for itself`."""
    return f"{edge['from']} waits for {'itself' if edge['to'] == edge['from'] else edge['to']}"


def snippet(trace: Trace) -> str:
    """The run as a line of Python; a policy made of functions, which has no file, is named by them."""
    functions = ", (enqueue, execute)" if trace.schedule.split()[2:3] == [FUNCTIONS] else ""
    return f"wbviz.replay({json.dumps(trace.schedule, ensure_ascii=False)}{functions})"
