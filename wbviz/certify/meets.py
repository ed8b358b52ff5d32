"""Where a certificate and a check meet: which scenarios a certificate covers, and which obligation a failure broke.

Facts of a scenario come as words: the kind of its filesystem, and the programs of its tasks.
"""

from __future__ import annotations

from collections.abc import Collection

from wbviz.certify.findings import ONLY_BESIDE, ONLY_ON, Finding, Obligation
from wbviz.certify.result import Certificate, Refusals

_BROKEN_BY = {
    "rule-violation": (Obligation.TOUCH, Obligation.WRITE, Obligation.BALANCE, Obligation.DUTY),
    "deadlock": (Obligation.QUEUE, Obligation.ORDER, Obligation.BALANCE, Obligation.PROGRESS),
    "lost-work": (Obligation.DUTY,),
    "leak": (Obligation.BALANCE,),
    "livelock": (Obligation.PROGRESS,),
    "starvation": (Obligation.PROGRESS,),
}
"""Which obligations may be to blame for a verdict, the likeliest first."""


def covers(certificate: Certificate, filesystem: str, programs: Collection[str], pages: int) -> bool:
    """Whether a certificate speaks of a scenario; `pages` is the size of its largest file."""
    if certificate.pages is not None and pages > certificate.pages:
        return False
    return filesystem in certificate.filesystems and set(programs) <= set(certificate.beside)


def broken(
    result: Certificate | Refusals,
    verdict: str,
    filesystem: str,
    programs: Collection[str],
    lines: Collection[int] = (),
) -> Finding | None:
    """The obligation that explains a verdict in a scenario; None where none does.

    `lines` are the policy's lines that the failure is about, if they are known: a finding at one of them comes first.
    """
    order = _BROKEN_BY.get(verdict, ())
    apt = [
        finding
        for finding in result.findings
        if finding.obligation in order
        and filesystem in ONLY_ON.get(finding.kind, {filesystem})
        and not ONLY_BESIDE.get(finding.kind, frozenset(programs)).isdisjoint(programs)
    ]
    return min(apt, key=lambda one: (one.line not in lines, order.index(one.obligation), one.line), default=None)
