"""What a real kernel did, beside the model: the player with the recorded log, reports, and what was counted.

`make kernel` (wbviz.trouble.record) writes the recordings, book/data/kernel/*.json in this checkout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import traitlets
from IPython.core.display import HTML, Markdown

from wbviz.errors import UsageError
from wbviz.trouble import words
from wbviz.trouble.reading import Reading, reading
from wbviz.trouble.stacks import dump
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.chapter import Table
from wbviz.viz.cells.notebook import check
from wbviz.viz.cells.trouble import figure
from wbviz.viz.stage.frames import Film, film
from wbviz.viz.stage.player import Player

FOLDER = Path(__file__).parents[3] / "book" / "data" / "kernel"

_STAMP = re.compile(r"^\[ *\d+\.\d+\]")
_LEFT_OUT = re.compile(r'\? |</?TASK>$|R\w\w: |"echo 0|meeting: (?:loading|module)')
_REPORT = re.compile(r"INFO: task (\S+):(\d+) blocked for more than")


def recording(name: str) -> dict[str, Any]:
    """One recording. Raises UsageError where there is none of that name."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        raise UsageError(
            f"there is no recording {name}",
            expected=f"one of: {', '.join(sorted(one.stem for one in FOLDER.glob('*.json')))}",
            cause="the name is misspelt, or this is an installed wbviz without the book",
            fix="make kernel",
        )
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


class Recorded(Player):
    """A player with the log of a machine below it: lines come with the steps that they tell of."""

    KIND = "recorded"
    log = traitlets.Dict().tag(sync=True)

    def picture(self) -> str:
        """The player's picture, and the log as text."""
        body = "\n".join(escape(line) for line, _ in self.log["lines"])
        return (
            f"{super().picture()}<style>{_STYLE}</style>"
            f'<figure class="wbviz wb-report wb-still"><figcaption>{escape(self.log["title"])}</figcaption>'
            f"<pre>{body}</pre></figure>"
        )


def recorded(name: str, question: Mapping[str, Any] | None = None) -> Recorded:
    """A recorded hang beside the model's counterexample. question: asked before it is played."""
    data = recording(name)
    source = film(check(data["policy"], data["scenario"]).trace, f"recorded-{name}")
    made = data["recorded"]
    log = {
        "title": f"What the kernel wrote: Linux {made['release']}, recorded on {made['date']}",
        "lines": came(shortened(data["report"]), source),
    }
    return Recorded(source, question, log=log)


def shortened(report: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The log up to where the detector begins to repeat itself, without the unwinder's guesses and registers."""
    kept: list[list[Any]] = []
    seen: set[tuple[str, str]] = set()
    for line, told in report:
        found = _REPORT.search(line)
        who = (found[1], found[2]) if found else None
        if who in seen:
            break
        if who:
            seen.add(who)
        if not _LEFT_OUT.match(_STAMP.sub("", line).strip()):
            kept.append([line, told])
    return kept


def came(report: Sequence[Sequence[Any]], source: Film) -> list[list[Any]]:
    """Each line of a log with the frame that it comes with; never before the line above it.

    A line of the module tells of a step; a wait belongs to the frame in which that task begins to wait. What stands
    before all of these comes at the start, what follows them, at the end.
    """
    last = len(source.frames) - 1
    told = [at for at, (_, of) in enumerate(report) if of]
    placed: list[list[Any]] = []
    before = 0
    for at, (line, of) in enumerate(report):
        here = _frame(source, of) if of else before if told and at < told[-1] else last
        before = max(before, here)
        placed.append([line, before])
    return placed


def _frame(source: Film, of: Mapping[str, Any]) -> int:
    for at, frame in enumerate(source.frames):
        if of["waits"] and frame.task == of["task"] and frame.kind == "wait":
            return at
        if not of["waits"] and frame.kind == "step" and frame.step == of["step"]:
            return at
    return len(source.frames) - 1


# Reports

_STYLE = """
.wbviz.wb-report { max-width: 60rem; margin: 0 auto 0.75rem; padding: 0.75rem; background: var(--wb-paper);
  color: var(--wb-ink); border: 1px solid var(--wb-edge); border-radius: 12px; }
.wb-report figcaption { margin: 0 0 0.4rem !important; color: var(--wb-soft) !important; font-size: 0.85rem;
  text-align: start; }
.wb-report pre { max-height: 24rem; overflow: auto; margin: 0; padding: 0.5rem 0.7rem; color: inherit;
  background: var(--wb-raised); border: 0; border-radius: 8px; font: 0.76rem/1.5 var(--wb-mono); }
.wb-report svg { display: block; width: 100%; height: auto; font-family: var(--wb-font); }
.wb-report ul { margin: 0.5rem 0 0; padding-inline-start: 1.3rem; }
@media print { .wb-report pre { max-height: none; white-space: pre-wrap; } }
"""


def report(name: str, tasks: Sequence[str] = ()) -> HTML:
    """The reports of a recording as text. tasks: only those of these names, in the order of the log.

    name: of a recording, or of a text beside them, somebody else's report that was typed anew.
    """
    text = "\n".join(_only(_logged(name), tasks))
    caption = "Shortened: of each stack the frames that tell something"
    if not _typed(name).is_file():
        made = recording(name)["recorded"]
        caption = f"Linux {made['release']}, recorded on {made['date']}; guesses of the unwinder and registers left out"
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{_STYLE}</style><figure class="wbviz wb-report"><figcaption>{escape(caption)}'
        f'</figcaption><pre tabindex="0">{escape(text)}</pre></figure>'
    )


def _typed(name: str) -> Path:
    return FOLDER / f"{name}.txt"


def _logged(name: str) -> list[str]:
    typed = _typed(name)
    if typed.is_file():
        return typed.read_text(encoding="utf-8").splitlines()
    return [line for line, _ in shortened(recording(name)["report"])]


def _only(kept: Sequence[str], tasks: Sequence[str]) -> list[str]:
    """The lines from each report's first on, of all tasks or of some."""
    lines: list[str] = []
    inside = False
    for line in kept:
        found = _REPORT.search(line)
        if found:
            inside = not tasks or found[1].startswith(tuple(tasks))
        if inside:
            lines.append(line)
    return lines


def understood(name: str) -> Reading:
    """What `python -m wbviz kernel` reads in a recording's report."""
    return reading(dump(_logged(name)))


def explained(name: str) -> HTML:
    """The picture and the candidates that `python -m wbviz kernel` gives for a recording's report."""
    read = understood(name)
    said = [words.cycle_words(read, cycle) for cycle in read.cycles] or [words.no_cycle_words(read)]
    unknown = list(words.gap_words(read))
    rows = "".join(f"<li>{escape(line)}</li>" for line in (*said, *(f"Cannot be known: {gap}" for gap in unknown)))
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{_STYLE}</style><div class="wbviz wb-report">{figure(read)}<ul>{rows}</ul></div>'
    )


def traced(name: str, *events: str) -> HTML:
    """Lines of a recorded trace, those of some events; and what its works and requests came to."""
    data = recording(name)
    lines = [line for line in data["excerpt"] if any(f" {event}: " in line for event in events)]
    trace, made = data["trace"], data["recorded"]
    said = [
        f"{reason}: {one['total']:,.0f} pages in {one['count']} slices, {one['most']:,.0f} at most"
        for reason, one in ((reason, work["slices"]) for reason, work in trace["works"].items())
    ]
    size = trace["requests"]["total"] / trace["requests"]["count"]
    said.append(
        f"{trace['requests']['count']} writes, {size:,.0f} KiB on average, {trace['requests']['most']:,.0f} at most"
    )
    rows = "".join(f"<li>{escape(one)}</li>" for one in said)
    caption = f"Linux {made['release']}, recorded on {made['date']}: some lines, and what all of it came to"
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{_STYLE}</style><figure class="wbviz wb-report"><figcaption>{escape(caption)}'
        f'</figcaption><pre tabindex="0">{escape(chr(10).join(lines))}</pre><ul>{rows}</ul></figure>'
    )


def lockdep() -> Markdown:
    """What the recorded machine had of a lock checker, in its own words."""
    return Markdown("```text\n" + "\n".join(recording("abba")["lockdep"]) + "\n```")  # type: ignore[no-untyped-call]


# What was counted


def rounds() -> Table:
    """How often tasks hung of many rounds with nothing forced: a row for each policy and scenario."""
    data = recording("rounds")
    holds = sorted({row["hold"] for row in data["free"]})
    pairs = list(dict.fromkeys((row["policy"], row["scenario"]) for row in data["free"]))
    hung = {(row["policy"], row["scenario"], row["hold"]): row for row in data["free"]}
    head = ("policy, scenario", "the model says", *(f"held {hold} µs" for hold in holds))
    rows = [head]
    for policy, scenario in pairs:
        cells = [hung[policy, scenario, hold] for hold in holds]
        verdict = check(policy, scenario).verdict
        rows.append(
            (
                f"`{policy}`, `{scenario}`",
                verdict,
                *(f"{one['hung']} of {one['rounds']} hang" if one["hung"] else "none hangs" for one in cells),
            )
        )
    return Table(rows)


def harmless() -> Table:
    """What became of the same orders with what the model calls safe."""
    rows = [("policy, scenario", "the model says", "on the machine")]
    for one in recording("rounds")["harmless"]:
        verdict = check(one["policy"], one["scenario"]).verdict
        rows.append(
            (f"`{one['policy']}`, `{one['scenario']}`", verdict, "hangs" if one["hung"] else "comes to its end")
        )
    return Table(rows)


def made() -> Markdown:
    """With what and when it was recorded."""
    data = recording("abba")["recorded"]
    return Markdown(  # type: ignore[no-untyped-call]
        f"Recorded on {data['date']} with Debian's `linux-image-{data['release']}`, in {data['qemu']} without hardware "
        "acceleration."
    )
