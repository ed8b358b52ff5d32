"""How long things take. Orders of magnitude of a machine of the time of the mail (2012), not measurements.

What the book shows depends on their proportions only: a seek is far longer than moving a page, and that is
far longer than anything the processor does.
"""

from __future__ import annotations

from typing import NamedTuple

from wbviz.kernel.operations import OPERATIONS


class Disk(NamedTuple):
    """A disk with a head. All times in seconds.

    `seek` is what a request costs that does not begin where the last one ended; `rate` is in bytes per
    second; `page` is the size of a page in bytes. Requests are served in the order of their arrival: no
    elevator, and no limit on the size of a request (64 pages are 256 KiB; Linux's default limit is 512 or more).
    """

    seek: float = 8e-3
    rate: float = 100 * 2**20
    page: int = 4096

    def transfer(self, pages: int) -> float:
        """Seconds that moving some pages takes, without the seek."""
        return pages * self.page / self.rate


class Costs(NamedTuple):
    """What a task's operations cost, in seconds; `COST_OF` says which operation costs what.

    `step`: an operation that touches one word: locks, pins, references.
    `search`: looking something up: a page in its file, a page to reclaim, a work in the queue.
    `submit`: handing one page to the block layer.
    `wake`: from being woken to running again.
    `round`: from the end of one round of an endless task to the next; without it no time would pass.
    `start`: tasks begin at a random moment within so many seconds.
    `plug`: a plug is opened after so long even if its task neither blocks nor ends its call. Without it a
    task that spins until its own page is written would spin for ever.
    `jitter`: every one of these but `plug` varies by this fraction, up and down.
    """

    step: float = 0.2e-6
    search: float = 1e-6
    submit: float = 3e-6
    wake: float = 5e-6
    round: float = 1e-3
    start: float = 20e-6
    plug: float = 3e-3
    jitter: float = 0.5


COST_OF = {name: operation.effort for name, operation in OPERATIONS.items() if operation.effort}
"""Every operation of a task, and the field of `Costs` that it costs; `submit` costs it for each page."""
