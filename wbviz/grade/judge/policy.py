"""A policy whose programs live in a child."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.grade.judge.errors import JudgeError
from wbviz.grade.judge.remote import ChildPrograms
from wbviz.grade.judge.table import JudgeTable
from wbviz.grade.judge.talk import Talk
from wbviz.policy.load import Policy
from wbviz.policy.source import Source


class ChildPolicy(Policy):
    """Like a policy in this process, for whoever explores or simulates it.

    Its programs and their table are one for all scenarios. So nothing is asked twice, and all that is found out in any
    scenario is found out about one and the same policy, whatever the child would like to answer the next time.
    """

    __slots__ = ("_programs", "_relative", "_table", "_talk")

    def __init__(self, name: str, source: Source, given: str, talk: Talk) -> None:
        super().__init__(name, source, given)
        self._talk = talk
        self._programs = ChildPrograms(talk)
        self._relative = ChildPrograms(talk, relative=True)
        self._table = JudgeTable(self._programs, talk)

    @property
    def plain(self) -> bool:
        """Whether its text alone shows, says the child, that it answers a history in one way only."""
        return self._talk.plain

    @property
    def error(self) -> JudgeError | None:
        """How its child misbehaved, if it did."""
        return self._talk.error

    @property
    def text(self) -> Source:
        """Its text, to be quoted."""
        return self._source

    def programs(self) -> ChildPrograms:
        """Its programs, with what they have been asked already."""
        return self._programs

    def relative_programs(self) -> ChildPrograms:
        """Its programs, asked about files of any size; one for all boxes of them."""
        return self._relative

    def table(self) -> JudgeTable:
        """The table of all that they have answered."""
        return self._table

    def printed(self) -> tuple[str, ...]:
        """What its child says that it has printed."""
        return self._talk.printed()

    def problem(self) -> PolicyError | None:
        """What is wrong with it before anything is asked."""
        return self._talk.problem()
