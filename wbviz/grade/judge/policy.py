"""A policy whose programs live in a child."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.grade.judge.programs import ChildPrograms
from wbviz.grade.judge.table import JudgeTable
from wbviz.policy.load import Policy
from wbviz.policy.source import Source


class ChildPolicy(Policy):
    """Like a policy in this process, for whoever explores or simulates it.

    Its programs and their table are one for all scenarios. So nothing is asked twice, and all that is found out in any
    scenario is found out about one and the same policy, whatever the child would like to answer the next time.
    """

    __slots__ = ("_programs", "_table")

    def __init__(self, name: str, source: Source, given: str, programs: ChildPrograms) -> None:
        super().__init__(name, source, given)
        self._programs = programs
        self._table = JudgeTable(programs, source, programs.limits.answered)

    @property
    def text(self) -> Source:
        """Its text, to be quoted."""
        return self._source

    def programs(self) -> ChildPrograms:
        """Its programs, with what they have been asked already."""
        return self._programs

    def relative_programs(self) -> None:
        """None: a child is asked about files of a certain size."""
        return

    def table(self) -> JudgeTable:
        """The table of all that they have answered."""
        return self._table

    def printed(self) -> tuple[str, ...]:
        """What its child says that it has printed."""
        return self._programs.printed()

    def problem(self) -> PolicyError | None:
        """What is wrong with it before anything is asked."""
        return self._programs.problem()
