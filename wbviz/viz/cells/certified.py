"""A certificate in a notebook: the policy's lines with what is certain at each, one column a fact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from html import escape
from typing import Any

from IPython.core.display import HTML
from IPython.core.display_functions import display

from wbviz.certify import certify as prove
from wbviz.certify.findings import Finding
from wbviz.certify.notes import FACTS, Known, Note
from wbviz.certify.report import NOT_WRONG, checklist, headline, only, text, to_json
from wbviz.certify.result import TASKS, Certificate, Refusals
from wbviz.certify.words import CHAPTERS, LESSONS, OBLIGATIONS, VOID, known_words, listed, reason, what
from wbviz.policy.load import Policy
from wbviz.policy.notebook import as_policy
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.notebook import error_html

HEADS = {
    "kept": ("kept", "nobody can free it: there is a pin, or it is locked and in its file"),
    "locked": ("locked", "its lock is this program's own"),
    "attached": ("in its file", "nobody has truncated it, nor can"),
    "dirty": ("dirty", "nobody has written it, nor can"),
    "idle": ("no writeback", "it is not on its way to the disk, nor can be sent"),
}
"""Each fact as the head of its column, and what it says."""

CELLS = {Known.YES: "yes", Known.NO: "no", Known.EITHER: "either", Known.UNKNOWN: "?"}

_REMARK = re.compile(r"(?<=\S)  # [^\"']*$")

_STYLE = """
.wb-certified { overflow-x: auto; }
.wb-certified table { width: auto; font-size: 0.85rem; }
.wb-certified caption { caption-side: top; text-align: start; color: var(--wb-soft); padding-block: 0.4rem; }
.wb-certified :is(th, td) { padding: 0.1rem 0.7rem 0.1rem 0; white-space: nowrap; }
.wb-certified thead th { white-space: normal; vertical-align: bottom; max-width: 5.5rem; }
.wb-certified td:first-child { color: var(--wb-soft); text-align: end; }
.wb-certified td code { white-space: pre; background: none; border: 0; padding: 0; color: inherit;
  font: 0.8rem/1.5 var(--wb-mono); }
.wb-certified td[data-known="yes"] { color: var(--wb-good); font-weight: 650; }
.wb-certified td[data-known="unknown"] { color: var(--wb-wait); font-weight: 650; }
.wb-certified td:is([data-known="no"], [data-known="either"]) { color: var(--wb-soft); }
.wb-certified tr[data-fails] td { background: color-mix(in srgb, var(--wb-cycle) 12%, transparent); }
.wb-certified tr.wb-why td { white-space: normal; color: var(--wb-cycle); max-width: 44rem; border: 0;
  padding-block-end: 0.5rem; }
.wb-certified tr.wb-why pre { color: var(--wb-ink); }
.wb-certified ul { columns: 2 20rem; margin: 0.4rem 0 0; padding-inline-start: 1.2rem; }
"""


class Certified:
    """A certificate, or what stands in its way. As the last value of a cell: the lines of the policy, with what is
    known at each. `result` is the data."""

    def __init__(self, policy: Policy, result: Certificate | Refusals) -> None:
        self.policy = policy
        self.result = result

    @property
    def certified(self) -> bool:
        """Whether there is a certificate."""
        return isinstance(self.result, Certificate)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON-able data."""
        return to_json(self.result)

    def __repr__(self) -> str:
        return text(self.result, self.policy.source)

    def _ipython_display_(self, **_: Any) -> None:
        display(HTML(certified_html(self.result, self.policy.source)))  # type: ignore[no-untyped-call]


def certify(policy: Any) -> Certified:
    """Certify a policy: safe at every size, or every line that breaks an obligation.

    policy: what `as_policy` takes: the name of a built-in policy, a file, functions of this notebook.
    """
    program = as_policy(policy)
    return Certified(program, prove.certify(program))


def certified_html(result: Certificate | Refusals, source: str) -> str:
    """The result as a picture: a table of the policy's lines, one column a fact."""
    head = headline(result)
    mood = "good" if isinstance(result, Certificate) else "bad" if result.findings or result.error else "wait"
    if isinstance(result, Refusals) and result.error is not None:
        body = error_html(str(result.error))
    elif isinstance(result, Refusals) and result.stop is not None:
        body = f"<p>{escape(_sentence(NOT_WRONG))}</p>"
    else:
        body = _conditions(result) + _checklist(result) + _table(result, source) + _void(result)
    return (
        f'{palette_style()}<style>{_STYLE}</style><div class="wbviz wb-result wb-certified" data-kind="{mood}" '
        f'tabindex="0" role="group" aria-label="{escape(head)}"><p><strong>{escape(head)}</strong></p>{body}</div>'
    )


def _conditions(result: Certificate | Refusals) -> str:
    if not isinstance(result, Certificate):
        return ""
    beside = "any number of any of the built-in tasks"
    if left := tuple(name for name in TASKS if name not in result.beside):
        beside = f"any number of the built-in tasks, but not beside {listed(left)}"
    lines = [f"On filesystems of the kinds {listed(result.filesystems)}, journalled or not; beside {beside}."]
    if result.stop is not None:
        lines.append(f"For no more pages, since {reason(result.stop)}.")
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _checklist(result: Certificate | Refusals) -> str:
    rows = "".join(
        f"<li><strong>{escape(obligation.value)}</strong>: {state} ({escape(OBLIGATIONS[obligation])})</li>"
        for obligation, state in checklist(result)
    )
    return f"<ul>{rows}</ul>"


def _table(result: Certificate | Refusals, source: str) -> str:
    notes: dict[int, list[Note]] = {}
    for note in result.notes:
        if note.facts:
            notes.setdefault(note.line, []).append(note)
    failed: dict[int, list[Finding]] = {}
    for finding in result.findings:
        failed.setdefault(finding.line, []).append(finding)
    lines = source.splitlines()
    first = next((number for number, line in enumerate(lines, 1) if line.startswith(("def ", "class "))), 1)
    rows = []
    for number in range(first, len(lines) + 1):
        cells = "".join(_cell(fact) for fact in _joined(notes[number])) if number in notes else "<td></td>" * len(FACTS)
        fails = ' data-fails="yes"' if number in failed else ""
        rows.append(f"<tr{fails}><td>{number}</td><td><code>{escape(_bare(lines[number - 1]))}</code></td>{cells}</tr>")
        rows += [_why(finding) for finding in failed.get(number, ())]
    rows += [_why(finding) for finding in failed.get(0, ())]
    heads = "".join(f'<th scope="col" title="{escape(HEADS[fact][1])}">{escape(HEADS[fact][0])}</th>' for fact in FACTS)
    return (
        "<table><caption>What is certain about the page of each line, just before the line is done, whatever the "
        f'others do.</caption><thead><tr><th scope="col">line</th><th scope="col">policy</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>{_legend()}"
    )


def _bare(line: str) -> str:
    """A line of code without the remark behind it."""
    return _REMARK.sub("", line)


def _joined(notes: Iterable[Note]) -> list[Known]:
    """The facts of a line that several programs come to, or several operations stand on."""
    return [reduce(_both, column) for column in zip(*(note.facts for note in notes), strict=True)]


def _both(one: Known, other: Known) -> Known:
    if one is other:
        return one
    return Known.UNKNOWN if Known.UNKNOWN in (one, other) else Known.EITHER


def _cell(fact: Known) -> str:
    spoken = ' aria-label="not known"' if fact is Known.UNKNOWN else ""
    return f'<td data-known="{fact.value}"{spoken}>{CELLS[fact]}</td>'


def _why(finding: Finding) -> str:
    lesson = LESSONS[finding.kind]
    bites = f" ({only(finding)} only)" if only(finding) else ""
    known = f" Known of it then: {known_words(finding)}." if known_words(finding) else ""
    said = escape(f"{what(finding)}{bites}.{known} Write instead:")
    return (
        f'<tr class="wb-why"><td></td><td colspan="{1 + len(FACTS)}">'
        f"<strong>{escape(finding.obligation.value)}</strong>: {said}<pre>{escape(lesson.fix)}</pre>"
        f"Read again: {escape(CHAPTERS[lesson.chapter])}.</td></tr>"
    )


def _legend() -> str:
    facts = "; ".join(f"{head}: {says}" for head, says in HEADS.values())
    return (
        f"<p>{escape(_sentence(facts))} Either: known on each path, but not the same. A question mark: not known.</p>"
    )


def _void(result: Certificate | Refusals) -> str:
    if isinstance(result, Certificate):
        return f"<p>Void beside {escape('; '.join(VOID))}.</p>"
    return f"<p>{escape(_sentence(NOT_WRONG))}</p>"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
