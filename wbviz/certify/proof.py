"""A certificate beside the checks of the same policy: what it adds to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wbviz.certify.certify import certify
from wbviz.certify.meets import broken, covers
from wbviz.certify.report import short, to_json
from wbviz.certify.result import Certificate, Refusals
from wbviz.certify.words import what, where
from wbviz.policy.load import Policy

if TYPE_CHECKING:
    from wbviz.scenarios.scenario import Scenario


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

    def beside(self, report: str, scenario: Scenario, verdict: str, trace: Any) -> str:
        """The report of a check, with a line after its first: that a certificate covers the scenario at every size, or
        which obligation was broken where. `trace` is the shortest run as data, or None."""
        result = self.result()
        programs = {task.program for task in scenario.tasks}
        filesystem = scenario.world.filesystem
        if verdict in ("safe", "incomplete"):
            covered = isinstance(result, Certificate) and covers(result, filesystem, programs)
            said = short(result) if isinstance(result, Certificate) and covered else ""
        else:
            finding = broken(result, verdict, filesystem, programs, _lines(trace))
            said = f"{where(finding)}: {what(finding)}" if finding else ""
        head, _, rest = report.partition("\n")
        return "\n".join([head, *([f"  {said}"] if said else []), *([rest] if rest else [])])

    def line(self) -> str:
        """The line below a summary of several checks, with its end; "" where there is no certificate."""
        result = self.result()
        if not isinstance(result, Certificate):
            return ""
        return f"  {short(result)} (python -m wbviz certify {self._policy.given})\n"

    def data(self) -> dict[str, Any]:
        """The certificate, or what stands in its way, as JSON-able data."""
        return to_json(self.result())


def _lines(trace: Any) -> frozenset[int]:
    """The policy's lines that a run ends at."""
    if not trace or not trace["steps"]:
        return frozenset()
    last = trace["steps"][-1]
    stands = {task["line"] for task in last["after"]["tasks"] if task["line"] is not None}
    return frozenset({*last["lines"], *stands})
