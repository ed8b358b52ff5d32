"""Where a program is explored: the files that are meant, its argument, its work, and whoever is told what fails."""

from __future__ import annotations

from collections.abc import Callable

from wbviz.certify.box import Box
from wbviz.certify.facts import Knowledge, Work
from wbviz.certify.findings import Finding, Kind
from wbviz.certify.queue import Kin, Other

FILE = -1
"""In `Knowledge.excused`: the file, beside the numbers of pages."""


class Scene:
    """See the module. `argument` is the page that reclaim keeps during the call, `work` the one that is executed.

    `queue` are the kinds of works that may be found in the queue; None where a program cannot be followed that looks at
    it. `others` are those that were found; in the programs the first has the number 1.
    """

    def __init__(
        self,
        box: Box,
        function: str,
        tell: Callable[[Finding], None],
        argument: int | None = None,
        work: Work | None = None,
        queue: frozenset[Kin] | None = None,
    ) -> None:
        self.box = box
        self.function = function
        self.argument = argument
        self.work = work
        self.queue = queue
        self.others: list[Other] = []
        self._tell = tell

    @property
    def duties(self) -> frozenset[int]:
        """The pages that this program has promised to clean."""
        if self.work is not None:
            return self.work.duties
        return frozenset() if self.argument is None else frozenset({self.argument})

    def fail(self, kind: Kind, line: int, known: Knowledge, page: int | None = None, other: int | None = None) -> None:
        """An obligation fails here. The exploration goes on as if it had been kept, to find the others too."""
        at = self.box.wanted
        offset, way = (None if number is None else number - at for number in (page, other))
        self._tell(Finding(kind, self.function, line, offset, way, at, known))

    def waits_for_room(self, known: Knowledge) -> bool:
        """Whether a full queue will have room in the end, however often one asks: the flusher empties it, if it is not
        the one who asks, and none of its locks is kept from it."""
        return self.work is None and not known.held()

    # Touching what may be gone

    def keeps(self, known: Knowledge, number: int) -> bool:
        """Whether a page cannot be freed: a pin, or its place in the file, which nobody can take from it now."""
        facts = known.page(number)
        if facts.pins > 0 or number == self.argument or facts.attached is True:
            return True
        return any(key == ("keeps", number) for key, _ in known.seen)  # a work that is queued at this moment

    def touch(self, known: Knowledge, number: int, line: int) -> Knowledge:
        """The program uses a page: it must be one that is not freed."""
        if self.keeps(known, number) or number in known.excused:
            return known
        self.fail(Kind.PAGE_MAY_BE_FREED, line, known, number)
        return known._replace(excused=known.excused | {number})

    def touch_inode(self, known: Knowledge, line: int) -> Knowledge:
        """The program uses the file: a page must be in it that nobody can take out now, or a reference be held."""
        if known.refs or FILE in known.excused or any(facts.attached for _, facts in known.pages):
            return known
        self.fail(Kind.INODE_MAY_BE_GONE, line, known)
        return known._replace(excused=known.excused | {FILE})
