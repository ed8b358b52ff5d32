"""A certificate beside the checks of the same policy: what it adds to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wbviz.certify.blame import Ending, broken, ending
from wbviz.certify.certify import certify
from wbviz.certify.meets import covers
from wbviz.certify.report import short, to_json
from wbviz.certify.result import Certificate, Refusals
from wbviz.certify.words import what, where
from wbviz.policy.load import Policy

if TYPE_CHECKING:
    from wbviz.machine.scenario import Scenario


class Proof:
    """See the module. The certificate is made when it is first asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._result: Certificate | Refusals | None = None

    def result(self) -> Certificate | Refusals:
        """The certificate, or what stands in its way."""
        if self._result is None:
            self._result = certify(self._policy)
        return self._result

    def said(self, scenario: Scenario, verdict: str, end: Ending | None = None) -> str:
        """What it adds to a verdict, in a line: that it covers the scenario at every size, or which obligation was
        broken where; "" for nothing. `end`: how the run ends that is shown."""
        result = self.result()
        if verdict in ("safe", "incomplete"):
            return short(result) if isinstance(result, Certificate) and covers(result, scenario) else ""
        finding = broken(result, verdict, scenario, end)
        return f"{where(finding)}: {what(finding)}" if finding else ""

    def beside(self, report: str, scenario: Scenario, verdict: str, trace: Any) -> str:
        """The report of a check, with what `said` says after its first line. `trace`: the shortest run as data."""
        last = trace["steps"][-1] if trace and trace["steps"] else None
        end = ending(trace["verdict"] or {}, last["lines"], last["after"]) if last else None
        said = self.said(scenario, verdict, end)
        return after_head(report, said)

    def line(self) -> str:
        """The line below a summary of several checks, with its end; "" where there is no certificate."""
        result = self.result()
        if not isinstance(result, Certificate):
            return ""
        return f"  {short(result)} (python -m wbviz certify {self._policy.given})\n"

    def data(self) -> dict[str, Any]:
        """The certificate, or what stands in its way, as JSON-able data."""
        return to_json(self.result())


def after_head(report: str, said: str) -> str:
    """A report with something said after its first line."""
    head, end, rest = report.partition("\n")
    return f"{head}\n  {said}{end}{rest}" if said else report
