"""What certifying a policy gives: a certificate, or what stands in its way. Data only; the words are in `words`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wbviz.certify.box import Reason
from wbviz.certify.findings import Finding
from wbviz.certify.notes import Note
from wbviz.errors import PolicyError

TASKS = (
    "kswapd",
    "flusher",
    "writer",
    "polite",
    "truncate",
    "reader",
    "cleaner",
    "dirtier",
    "sync",
    "unlink",
    "umount",
    "disk",
)
"""The built-in tasks, any number of each. `builtin` shows that they keep what a policy relies on."""


class Stop(NamedTuple):
    """Why something could not be shown, and at which line (0: nowhere in particular)."""

    reason: Reason
    line: int


class Certificate(NamedTuple):
    """Safe on these `filesystems`, `beside` any number of these tasks, in files of every size; of up to `pages` pages,
    where `stop` says why no more could be shown.

    `findings` are what fails on the other filesystems, or beside the other tasks. `states` local states were looked at,
    in so many `boxes`: sets of files that the policy cannot tell apart.
    """

    policy: str
    filesystems: tuple[str, ...]
    beside: tuple[str, ...]
    pages: int | None
    stop: Stop | None
    states: int
    boxes: int
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]


class Refusals(NamedTuple):
    """No certificate: the obligations that fail; or `stop`, where the policy could not be followed; or `error`, where
    it is no policy."""

    policy: str
    findings: tuple[Finding, ...]
    stop: Stop | None
    error: PolicyError | None
    states: int
    notes: tuple[Note, ...]


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by line: what fails about several pages at one line is told about the first of them."""
    first: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.line, finding.kind, finding.function)
        kept = first.get(key)
        if kept is None or _nearer(finding) < _nearer(kept):
            first[key] = finding
    return tuple(first[key] for key in sorted(first, key=lambda key: (key[0], key[1].value, key[2])))  # type: ignore[attr-defined]


def _nearer(finding: Finding) -> tuple[int, int, int]:
    page, other = finding.page or 0, finding.other or 0
    return (abs(page), abs(other), page)
