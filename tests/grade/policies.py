"""Wrong policies, each with the property and the verdict that must catch it, and right ones in different styles.

Most are a correct policy with one thing changed, and are written as just that change.
"""

from pathlib import Path
from typing import NamedTuple

REFERENCES = Path(__file__).parent / "references"


class Wrong(NamedTuple):
    """A policy, what is wrong with it, and what must catch it: the property, and the verdict that its failure shows."""

    why: str
    property: str
    kind: str
    text: str


class Right(NamedTuple):
    """A policy, and what is different about it."""

    style: str
    text: str


def reference(number: str) -> str:
    """The text of an exercise's reference solution."""
    (path,) = REFERENCES.glob(f"{number}-*.py")
    return path.read_text(encoding="utf-8")


def edit(text: str, *changes: tuple[str, str]) -> str:
    """A text with something changed; each change must apply."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


PLAIN = """
def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
PIN = PLAIN[PLAIN.index("def enqueue") : PLAIN.index("def execute")]
LOCK = PLAIN[PLAIN.index("def execute") :]
GET = "    yield mm.get_page(page)\n"
LOCKS = "    yield mm.lock_page(page)\n"
WAITS = "    yield mm.wait_on_page_writeback(page)\n"
CHECKS = "    if page.mapping is not None and page.dirty:\n        yield mm.writepage(page)\n"
UNLOCKS = "    yield mm.unlock_page(page)\n"
PUTS = "    yield mm.put_page(page)\n"
REFUSED = "        yield mm.put_page(page)\n        return False\n"
QUEUES = "    if not (yield mm.queue_work(page=page)):\n"


def plain(*changes: tuple[str, str]) -> str:
    """Pin, then lock, with something changed."""
    return edit(PIN + LOCK, *changes)


# Policies that are safe because they do not do their work: none may get a point, in any exercise.

IDLE = [
    Wrong(
        "accepts everything and does nothing",
        "duty",
        "lost-work",
        "def enqueue(mm, page):\n    yield mm.cond_resched()\n    return True\n\n\n"
        "def execute(mm, work):\n    yield mm.cond_resched()\n",
    ),
    Wrong(
        "queues works and drops them",
        "duty",
        "lost-work",
        PIN + "def execute(mm, work):\n    yield mm.put_page(work.page)\n",
    ),
    Wrong(
        "an execute that never ends",
        "duty",
        "livelock",
        PIN + "def execute(mm, work):\n    while True:\n        yield mm.cond_resched()\n",
    ),
    Wrong(
        "reclaim writes by itself",
        "duty",
        "duty",
        "def enqueue(mm, page):\n" + LOCKS + WAITS + CHECKS + UNLOCKS + "\n\n" + LOCK,
    ),
    Wrong(
        "reclaim writes by itself when something is queued already",
        "duty",
        "duty",
        plain(
            (
                GET,
                "    if mm.works:\n"
                + "".join(f"    {line}\n" for line in (LOCKS + WAITS + CHECKS + UNLOCKS).splitlines())
                + "        return True\n"
                + GET,
            )
        ),
    ),
    Wrong(
        "refuses for ever, and finds itself a reason",
        "duty",
        "rule-violation",
        "def enqueue(mm, page):\n    yield mm.trylock_page(page)\n    yield mm.trylock_page(page)\n"
        "    yield mm.unlock_page(page)\n    return False\n\n\n" + LOCK,
    ),
    Wrong(
        "refuses all but the first, and finds itself a reason",
        "duty",
        "rule-violation",
        plain(
            (
                GET,
                "    if mm.works:\n        yield mm.trylock_page(page)\n        yield mm.trylock_page(page)\n"
                "        yield mm.unlock_page(page)\n        return False\n" + GET,
            )
        ),
    ),
    Wrong(
        "reclaim waits until the flusher has written the page",
        "duty",
        "livelock",
        plain(("    return True\n", "    while page.dirty:\n        yield mm.cond_resched()\n    return True\n")),
    ),
    Wrong("the flusher waits for each page before the next", "duty", "deadlock", plain((UNLOCKS, WAITS + UNLOCKS))),
    Wrong("the same without the lock", "duty", "deadlock", plain((UNLOCKS, UNLOCKS + WAITS))),
    Wrong(
        "the first page of the file is a lock for all of it",
        "duty",
        "deadlock",
        PIN + "def execute(mm, work):\n    page = work.page\n    yield mm.lock_page(page)\n    first = None\n"
        "    if page.mapping is not None and page.index:\n        first = yield mm.find_get_page(page.mapping, 0)\n"
        "    yield mm.unlock_page(page)\n    if first is not None:\n        yield mm.lock_page(first)\n"
        + LOCKS
        + WAITS
        + CHECKS
        + UNLOCKS
        + PUTS
        + "    if first is not None:\n        yield mm.unlock_page(first)\n        yield mm.put_page(first)\n",
    ),
]


# Steps that many policies share

CHECKED_PIN = plain(
    (
        "    yield mm.get_page(page)\n    if not",
        "    if page.mapping is None or not page.dirty:\n        return True\n    yield mm.get_page(page)\n    if not",
    )
)
COVERED_PIN = plain(
    (
        "    yield mm.get_page(page)\n    if not",
        "    if any(work.page == page for work in mm.works):\n        return True\n    yield mm.get_page(page)\n    if not",
    )
)
LOCK_AT_ENQUEUE = (Path(__file__).parents[2] / "wbviz/policy/builtin/lock_at_enqueue.py").read_text(encoding="utf-8")


def builtin(name: str) -> str:
    """The text of a built-in policy."""
    return (Path(__file__).parents[2] / f"wbviz/policy/builtin/{name}.py").read_text(encoding="utf-8")


def before_lock(text: str) -> str:
    """The page is looked at before it is locked, and not again."""
    return edit(
        text,
        (
            LOCKS + WAITS + CHECKS + UNLOCKS,
            "    if page.mapping is not None and page.dirty:\n"
            + "".join(
                f"    {line}\n" for line in (LOCKS + WAITS + "    yield mm.writepage(page)\n" + UNLOCKS).splitlines()
            ),
        ),
    )


NO_PUT = ("leaves the pin of a written page", "leak", "leak", plain((UNLOCKS + PUTS, UNLOCKS)))
NO_UNDO = ("forgets the pin of a refused page", "leak", "leak", plain((REFUSED, "        return False\n")))
NO_PIN = ("queues a page that nothing keeps", "rules", "rule-violation", builtin("no_pin"))
NO_RECHECK = ("writes whatever it finds", "rules", "rule-violation", builtin("no_recheck"))
EARLY_CHECK = ("looks before it has the lock", "rules", "rule-violation", before_lock(plain()))
EARLY_WAIT = ("waits for writeback before it has the lock", "rules", "rule-violation", builtin("wait_before_lock"))
NO_WAIT = ("never waits for an earlier writeback", "rules", "rule-violation", plain((WAITS, "")))
PUT_FIRST = ("drops the pin before the lock", "rules", "rule-violation", plain((UNLOCKS + PUTS, PUTS + UNLOCKS)))
SKIPS = ("skips the wanted page when somebody holds it", "progress", "lost-work", builtin("skip_if_locked"))
REQUEUES = ("comes back later for ever", "progress", "starvation", builtin("requeue_if_locked"))
SPINS = (
    "tries the lock again and again, never waiting in line",
    "progress",
    "starvation",
    plain((LOCKS, "    while not (yield mm.trylock_page(page)):\n        yield mm.cond_resched()\n")),
)
LOCK_WAITS = ("lets the lock wait in the queue", "deadlock", "deadlock", LOCK_AT_ENQUEUE)
SLEEPS = (
    "sleeps for the page lock in reclaim",
    "reclaim",
    "deadlock",
    plain(("    yield mm.get_page(page)\n    if not", LOCKS + UNLOCKS + "    yield mm.get_page(page)\n    if not")),
)
SPINS_FULL = (
    "asks for room again and again",
    "reclaim",
    "livelock",
    plain((QUEUES + REFUSED, "    while not (yield mm.queue_work(page=page)):\n        yield mm.cond_resched()\n")),
)
TRUE_WHEN_FULL = (
    "accepts a page for which there was no room",
    "progress",
    "lost-work",
    plain((REFUSED, "        yield mm.put_page(page)\n")),
)
NO_UNLOCK_CLEAN = (
    "forgets the lock of a page that is clean by now",
    "leak",
    "leak",
    plain(
        (
            CHECKS + UNLOCKS,
            "    if page.mapping is None or not page.dirty:\n        yield mm.put_page(page)\n        return\n    yield mm.writepage(page)\n"
            + UNLOCKS,
        )
    ),
)
NO_PUT_CLEAN = (
    "forgets the pin of a page that is clean by now",
    "leak",
    "leak",
    plain(
        (
            CHECKS + UNLOCKS,
            "    if page.mapping is None or not page.dirty:\n        yield mm.unlock_page(page)\n        return\n    yield mm.writepage(page)\n"
            + UNLOCKS,
        )
    ),
)
RAISES = (
    "stumbles over a page that is clean by now",
    "rules",
    "policy-error",
    plain((CHECKS, "    if not page.dirty:\n        raise ValueError(page)\n" + CHECKS)),
)
LATE_PIN = (
    "pins the page after it has queued it",
    "rules",
    "rule-violation",
    "def enqueue(mm, page):\n" + QUEUES + "        return False\n" + GET + "    return True\n\n\n" + LOCK,
)
IGRABS = ("keeps the inode while the work waits", "rules", "rule-violation", builtin("igrab_at_enqueue"))
IPUTS = (
    "takes an inode reference in the flusher and drops it there",
    "deadlock",
    "deadlock",
    plain(
        (
            LOCKS + WAITS + CHECKS + UNLOCKS,
            LOCKS
            + "    inode = page.mapping\n    held = inode is not None and (yield mm.igrab(inode))\n"
            + UNLOCKS
            + LOCKS
            + WAITS
            + CHECKS
            + UNLOCKS
            + "    if held:\n        yield mm.iput(inode)\n",
        )
    ),
)
SELF_LOCK = ("locks what it has locked already", "duty", "deadlock", plain((LOCKS, LOCKS + LOCKS)))
BARE_WRITE = ("writes without the lock", "duty", "rule-violation", plain((LOCKS, ""), (UNLOCKS, "")))
TWO_UNLOCKS = ("unlocks twice", "duty", "rule-violation", plain((UNLOCKS, UNLOCKS + UNLOCKS)))
TWO_PUTS = ("drops the pin twice", "duty", "rule-violation", plain((UNLOCKS + PUTS, UNLOCKS + PUTS + PUTS)))
NO_REASON = (
    "says False although it has queued the page",
    "duty",
    "rule-violation",
    plain(("    return True\n", "    return False\n")),
)
NO_YIELD = ("forgets a yield", "duty", "policy-error", plain((LOCKS, "    mm.lock_page(page)\n")))
RACY = ("joins a work without listening whether it was in time", "leak", "leak", builtin("racy_merge"))
OTHERS_WORK = (
    "takes any work of the file for its own",
    "progress",
    "lost-work",
    plain(
        (
            "    yield mm.get_page(page)\n    if not",
            "    if any(work.page is not None and work.page.mapping is page.mapping for work in mm.works):\n        return True\n    yield mm.get_page(page)\n    if not",
        )
    ),
)

TRY_THEN_WAIT = plain((LOCKS, "    if not (yield mm.trylock_page(page)):\n        yield mm.lock_page(page)\n"))
FINALLY = (
    PIN
    + """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    try:
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
    finally:
        yield mm.unlock_page(page)
        yield mm.put_page(page)
"""
)
EARLY_RETURN = (
    PIN
    + """def execute(mm, work):
    yield from clean(mm, work.page)
    yield mm.put_page(work.page)


def clean(mm, page):
    yield mm.lock_page(page)
    if page.mapping is None:
        yield mm.unlock_page(page)
        return
    if page.writeback:
        yield mm.wait_on_page_writeback(page)
    if not page.dirty:
        yield mm.unlock_page(page)
        return
    yield mm.writepage(page)
    yield mm.unlock_page(page)
"""
)
WAIT_UNLOCKED = (
    PIN
    + """def execute(mm, work):
    page = work.page
    while True:
        yield mm.lock_page(page)
        if not page.writeback:
            break
        yield mm.unlock_page(page)
        yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
)
IN_INFO = edit(
    PIN + LOCK, ("queue_work(page=page)", "queue_work(wanted=page)"), ("page = work.page", "page = work.wanted")
)
LOOK_FIRST = (
    """def enqueue(mm, page):
    if not (yield mm.trylock_page(page)):
        return False
    needed = page.mapping is not None and page.dirty and not page.writeback
    yield mm.unlock_page(page)
    if not needed:
        return True
    yield mm.get_page(page)
    queued = yield mm.queue_work(page=page)
    if not queued:
        yield mm.put_page(page)
    return queued


"""
    + LOCK
)
WITH_A_CLASS = (
    PIN
    + """class Locked:
    def __init__(self, mm, page):
        self.mm = mm
        self.page = page

    def write(self):
        yield self.mm.wait_on_page_writeback(self.page)
        if self.page.mapping is not None and self.page.dirty:
            yield self.mm.writepage(self.page)
        yield self.mm.unlock_page(self.page)


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield from Locked(mm, page).write()
    yield mm.put_page(page)
"""
)
AS_LAMBDAS = (
    """enqueue = lambda mm, page: hand_over(mm, page)
execute = lambda mm, work: write(mm, work.page)


"""
    + PIN.replace("def enqueue", "def hand_over")
    + LOCK.replace("def execute(mm, work):\n    page = work.page\n", "def write(mm, page):\n")
)
BOTH_WAITS = plain((LOCKS, WAITS + LOCKS))
THREE_TRIES = plain(
    (
        LOCKS,
        """    for _ in range(3):
        if (yield mm.trylock_page(page)):
            break
        yield mm.cond_resched()
    else:
        yield mm.lock_page(page)
""",
    )
)
ONE_RETURN = (
    PIN.replace("queue_work(page=page)", "queue_work(page=page, tries=2)")
    + """def execute(mm, work):
    page = work.page
    if not (yield mm.trylock_page(page)):
        if work.tries and (yield mm.queue_work(page=page, tries=work.tries - 1)):
            return
        yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
)
INODE_UNDONE = """def enqueue(mm, page):
    if not (yield mm.trylock_page(page)):
        return False
    inode = page.mapping
    grabbed = inode is not None and (yield mm.igrab(inode))
    yield mm.unlock_page(page)
    if not grabbed:
        return True
    yield mm.get_page(page)
    if (yield mm.queue_work(page=page, inode=inode)):
        return True
    yield mm.put_page(page)
    yield mm.iput(inode)
    return False


def execute(mm, work):
    page, inode = work.page, work.inode
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    yield mm.iput(inode)
"""

# One for each thing that an exercise asks for beside

PASSES_OVER = reference("02")
KEEPS_OUT_NOBODY = reference("03")
WITH_THE_LAST = reference("06")
COVERED = reference("07")
COMES_BACK = reference("09")
BLOCKS = reference("10")
EARLY_END = edit(
    PASSES_OVER,
    (
        "    if page.mapping is not None and page.dirty:\n        yield mm.lock_page(page)\n"
        "        yield mm.wait_on_page_writeback(page)\n        if page.mapping is not None and page.dirty:\n"
        "            yield mm.writepage(page)\n        yield mm.unlock_page(page)\n",
        "    if page.mapping is None or not page.dirty:\n        yield mm.put_page(page)\n        return\n"
        + LOCKS
        + WAITS
        + CHECKS
        + UNLOCKS,
    ),
)

# Two pages and more

ONE_BY_ONE = reference("01")
BOTH_LOCKED = (
    PIN
    + """def execute(mm, work):
    page = work.page
    below = None
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
    yield mm.unlock_page(page)
    both = (page,) if below is None else (below, page)
    for one in both:
        yield mm.lock_page(one)
    for one in both:
        yield mm.wait_on_page_writeback(one)
        if one.mapping is not None and one.dirty:
            yield mm.writepage(one)
    for one in both:
        yield mm.unlock_page(one)
        yield mm.put_page(one)
"""
)
TRY_BELOW = (
    PIN
    + """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
        if below is not None:
            if (yield mm.trylock_page(below)):
                yield from write(mm, below)
            yield mm.put_page(below)
    yield from write(mm, page)
    yield mm.put_page(page)


def write(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
"""
)
PAGE_FIRST = (
    PIN
    + """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    below = None
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
        if page.dirty:
            yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    if below is None:
        return
    yield mm.lock_page(below)
    yield mm.wait_on_page_writeback(below)
    if below.mapping is not None and below.dirty:
        yield mm.writepage(below)
    yield mm.unlock_page(below)
    yield mm.put_page(below)
"""
)
AHEAD = reference("04")
HAND_OVER_HAND = (
    PIN
    + """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    for _ in range(3):
        yield mm.wait_on_page_writeback(page)
        following = None
        if page.mapping is not None:
            if page.dirty:
                yield mm.writepage(page)
            following = yield mm.find_get_page(page.mapping, page.index + 1)
        if following is None:
            break
        yield mm.lock_page(following)  # upwards, before the lower one is let go
        yield mm.unlock_page(page)
        yield mm.put_page(page)
        page = following
    else:
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
)
GATHER = (
    PIN
    + """def execute(mm, work):
    page = work.page
    run = (page,)
    yield mm.lock_page(page)
    if page.mapping is not None:
        for index in range(page.index + 1, min(page.index + 4, page.mapping.nr_pages)):
            following = yield mm.find_get_page(page.mapping, index)
            if following is None:
                break
            run += (following,)
    yield mm.unlock_page(page)
    for one in run:
        yield mm.lock_page(one)
        yield mm.wait_on_page_writeback(one)
        if one.mapping is not None and one.dirty:
            yield mm.writepage(one)
        yield mm.unlock_page(one)
        yield mm.put_page(one)
"""
)
RECURSIVE = (
    PIN
    + """def execute(mm, work):
    yield from write(mm, work.page, 3)


def write(mm, page, more):
    following = None
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    if page.mapping is not None and more:
        following = yield mm.find_get_page(page.mapping, page.index + 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    if following is not None:
        yield from write(mm, following, more - 1)
"""
)
TRY_AHEAD = (
    PIN
    + """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    inode, index = page.mapping, page.index
    yield mm.wait_on_page_writeback(page)
    if inode is not None:
        if page.dirty:
            yield mm.writepage(page)
        for ahead in range(index + 1, index + 4):
            following = yield mm.find_get_page(inode, ahead)
            if following is None:
                break
            if (yield mm.trylock_page(following)):
                if following.dirty and not following.writeback:
                    yield mm.writepage(following)
                yield mm.unlock_page(following)
            yield mm.put_page(following)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
)
AROUND = reference("05")
RANGE_OF_FIVE = edit(
    builtin("range_around"), ("range(page.index - 1, page.index + 2)", "range(page.index - 2, page.index + 3)")
)
TRIES_FIVE = edit(
    builtin("trylock_around"),
    (
        "        yield from write_neighbour(mm, inode, index - 1)\n",
        "        for below in (index - 2, index - 1):\n            yield from write_neighbour(mm, inode, below)\n",
    ),
    (
        "        yield from write_neighbour(mm, inode, index + 1)\n",
        "        for above in (index + 1, index + 2):\n            yield from write_neighbour(mm, inode, above)\n",
    ),
)
MERGE = reference("08")
