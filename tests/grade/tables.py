"""For each exercise: wrong policies and what must catch each, and right ones in different styles."""

from tests.grade import policies as p
from tests.grade.policies import Right, Wrong, builtin, edit, plain, reference


def starter_like(number: str, *changes: tuple[str, str]) -> str:
    """A reference solution with something changed."""
    return edit(reference(number), *changes)


REFERENCE = "the reference"

RIGHT: dict[str, list[Right]] = {
    "01": [
        Right(REFERENCE, reference("01")),
        Right("locks both, the lower one first", p.BOTH_LOCKED),
        Right("only tries the lower lock while it holds the upper", p.TRY_BELOW),
        Right("writes the wanted page first, holding nothing when it goes down", p.PAGE_FIRST),
    ],
    "02": [
        Right(REFERENCE, reference("02")),
        Right("returns early where there is nothing to do", p.EARLY_END),
        Right(
            "tries the lock, and waits for it if it must",
            edit(p.EARLY_END, (p.LOCKS, "    if not (yield mm.trylock_page(page)):\n    " + p.LOCKS)),
        ),
        Right(
            "the page in the work's own info",
            edit(
                p.EARLY_END,
                ("queue_work(page=page)", "queue_work(wanted=page)"),
                ("page = work.page", "page = work.wanted"),
            ),
        ),
    ],
    "03": [
        Right(REFERENCE, reference("03")),
        Right("lets the lock go while it waits for the disk, in another form of loop", p.WAIT_UNLOCKED),
        Right(
            "waits before the first lock as well",
            edit(p.WAIT_UNLOCKED, ("    while True:\n", p.WAITS + "    while True:\n")),
        ),
    ],
    "04": [
        Right(REFERENCE, reference("04")),
        Right("hand over hand: the next lock before the last is let go", p.HAND_OVER_HAND),
        Right("pins all four, then writes one after another", p.GATHER),
        Right("recursive", p.RECURSIVE),
        Right("keeps the wanted page locked, and tries what follows", p.TRY_AHEAD),
    ],
    "05": [
        Right(REFERENCE, reference("05")),
        Right("locks the whole range, from its lowest page", p.RANGE_OF_FIVE),
        Right("waits for the wanted page only, and tries the others", p.TRIES_FIVE),
        Right(
            "tries each lock, and waits for it if it must",
            edit(
                p.AROUND,
                (
                    p.LOCKS + p.WAITS,
                    "    if not (yield mm.trylock_page(page)):\n    " + p.LOCKS + p.WAITS,
                ),
            ),
        ),
    ],
    "06": [
        Right(REFERENCE, reference("06")),
        Right(
            "the last page first",
            edit(
                p.WITH_THE_LAST,
                (
                    "        if page.dirty:\n            yield mm.wait_on_page_writeback(page)\n            yield mm.writepage(page)\n"
                    "    yield mm.unlock_page(page)\n    yield mm.put_page(page)\n    if last",
                    "    yield mm.unlock_page(page)\n    if last",
                ),
                (
                    "        yield from write(mm, last)\n",
                    "        yield from write(mm, last)\n    yield from write(mm, page)\n",
                ),
            ),
        ),
    ],
    "07": [
        Right(REFERENCE, reference("07")),
        Right(
            "looks for the work in a function of its own",
            edit(
                p.COVERED,
                ("    if any(work.page == page for work in mm.works):\n", "    if queued(mm, page):\n"),
                (
                    "def execute(",
                    "def queued(mm, page):\n    return page in [work.page for work in mm.works]\n\n\ndef execute(",
                ),
            ),
        ),
        Right(
            "looks at the page before it locks it as well",
            edit(p.EARLY_END, (p.PIN, p.COVERED_PIN[: len(p.COVERED_PIN) - len(p.LOCK)].lstrip())),
        ),
    ],
    "08": [
        Right(REFERENCE, reference("08")),
        Right(
            "pins only once a neighbour was found",
            edit(
                p.MERGE,
                (
                    "    yield mm.get_page(page)\n    merged = yield from join(mm, page)\n    if merged:\n        return True\n",
                    "    if (yield from join(mm, page)):\n        return True\n    yield mm.get_page(page)\n",
                ),
                (
                    "            return (yield mm.extend_work(work, pages=(*work.pages, page)))\n",
                    "            wider = (*work.pages, page)\n            yield mm.get_page(page)\n"
                    "            if (yield mm.extend_work(work, pages=wider)):\n                return True\n"
                    "            yield mm.put_page(page)\n            return False\n",
                ),
            ),
        ),
        Right(
            "looks again where it came too late",
            edit(
                p.MERGE,
                (
                    "            return (yield mm.extend_work(work, pages=(*work.pages, page)))\n    return False\n",
                    "            if (yield mm.extend_work(work, pages=(*work.pages, page))):\n                return True\n"
                    "            return (yield from join(mm, page))\n    return False\n",
                ),
            ),
        ),
        Right(
            "keeps the pages in the order of the file",
            edit(
                p.MERGE,
                ("pages=(*work.pages, page))", "pages=tuple(sorted((*work.pages, page), key=lambda one: one.index)))"),
                ("sorted(work.pages, key=lambda page: page.index)", "work.pages"),
            ),
        ),
    ],
    "09": [
        Right(REFERENCE, reference("09")),
        Right("comes back twice, then waits in line", p.ONE_RETURN),
        Right(
            "comes back once, if somebody waits",
            edit(p.COMES_BACK, ("        if work.again and (yield", "        if work.again and mm.works and (yield")),
        ),
    ],
    "10": [
        Right(REFERENCE, reference("10")),
        Right(
            "goes on from page to page",
            edit(
                p.AHEAD,
                ("AHEAD = 3", "BLOCK = 4"),
                (
                    "    page = work.page\n    for _ in range(1 + AHEAD):\n        following = None\n",
                    "    page = yield from first_of_block(mm, work.page)\n    while page is not None:\n        following = None\n",
                ),
                (
                    "            following = yield mm.find_get_page(page.mapping, page.index + 1)\n",
                    "            if page.index % BLOCK < BLOCK - 1:\n"
                    "                following = yield mm.find_get_page(page.mapping, page.index + 1)\n",
                ),
                (
                    "        if following is None:\n            return\n        page = following\n    yield mm.put_page(page)\n",
                    "        page = following\n\n\ndef first_of_block(mm, page):\n    first = None\n"
                    + p.LOCKS
                    + "    if page.mapping is not None:\n"
                    "        first = yield mm.find_get_page(page.mapping, page.index // BLOCK * BLOCK)\n"
                    + p.UNLOCKS
                    + p.PUTS
                    + "    return first\n",
                ),
            ),
        ),
        Right(
            "takes the work that is queued for the page already",
            edit(p.BLOCKS, (p.PIN.rstrip(), p.COVERED_PIN[: len(p.COVERED_PIN) - len(p.LOCK)].strip())),
        ),
    ],
}

WRONG: dict[str, list[Wrong]] = {
    "01": [
        Wrong("locks downwards while it holds the page", "deadlock", "deadlock", builtin("writearound")),
        Wrong(
            "forgets the pin of the lower page",
            "leak",
            "leak",
            edit(p.TRY_BELOW, ("            yield mm.put_page(below)\n", "")),
        ),
        Wrong("forgets the lower page", "asked", "asked", plain()),
        Wrong("takes the page above as well", "asked", "asked", builtin("range_around")),
        Wrong(
            "forgets the wanted page where there is a lower one",
            "duty",
            "lost-work",
            edit(p.ONE_BY_ONE, ("    yield from write(mm, page)\n", "    else:\n        yield from write(mm, page)\n")),
        ),
        Wrong("tries both, lets go, and starts again", "progress", "livelock", builtin("backoff")),
        Wrong(
            "writes the lower page as it finds it",
            "rules",
            "rule-violation",
            edit(
                p.PAGE_FIRST,
                (
                    "    if below.mapping is not None and below.dirty:\n        yield mm.writepage(below)\n",
                    "    yield mm.writepage(below)\n",
                ),
            ),
        ),
        Wrong("skips the wanted page when somebody holds it", "progress", "lost-work", builtin("skip_if_locked")),
        Wrong(
            "locks both, the upper one first",
            "deadlock",
            "deadlock",
            edit(p.BOTH_LOCKED, ("else (below, page)", "else (page, below)")),
        ),
    ],
    "02": [
        Wrong(*p.LOCK_WAITS),
        Wrong(*p.NO_PIN),
        Wrong(*p.NO_RECHECK),
        Wrong(*p.SLEEPS),
        Wrong(*p.SKIPS),
        Wrong(*p.NO_UNDO),
        Wrong(*p.SELF_LOCK),
        Wrong(
            "holds the lock while it asks for room, until there is some",
            "deadlock",
            "deadlock",
            builtin("spin_when_full"),
        ),
        Wrong(*p.LATE_PIN),
        Wrong("waits for the lock of a page that is clean", "asked", "asked", plain()),
        Wrong("looks before it has the lock, and not again", "rules", "rule-violation", p.EARLY_CHECK[3]),
        Wrong(*p.NO_WAIT),
        Wrong(*p.EARLY_WAIT),
        Wrong("spins on the lock", "progress", "starvation", p.SPINS[3]),
        Wrong(*p.IGRABS),
    ],
    "03": [
        Wrong(*p.EARLY_CHECK),
        Wrong(*p.EARLY_WAIT),
        Wrong(*p.NO_WAIT),
        Wrong(*p.PUT_FIRST),
        Wrong(*p.RAISES),
        Wrong(*p.NO_UNLOCK_CLEAN),
        Wrong(*p.NO_PUT_CLEAN),
        Wrong("checks the file and not the dirt", "cost", "partly", plain((" and page.dirty", ""))),
        Wrong("keeps everybody out while the disk is busy", "asked", "asked", plain()),
        Wrong(
            "waits unlocked, and does not look at the writeback again",
            "rules",
            "rule-violation",
            edit(p.KEEPS_OUT_NOBODY, ("while page.writeback", "if page.writeback")),
        ),
        Wrong(*p.NO_YIELD),
    ],
    "04": [
        Wrong("only the wanted page", "asked", "asked", plain()),
        Wrong("four pages that follow", "asked", "asked", edit(p.AHEAD, ("AHEAD = 3", "AHEAD = 4"))),
        Wrong("the whole block of four", "asked", "asked", reference("10")),
        Wrong("two pages that follow", "asked", "asked", edit(p.AHEAD, ("AHEAD = 3", "AHEAD = 2"))),
        Wrong(
            "forgets the pin of the page after the last",
            "leak",
            "leak",
            edit(p.AHEAD, ("        page = following\n    yield mm.put_page(page)\n", "        page = following\n")),
        ),
        Wrong(
            "locks all four before it writes the first",
            "deadlock",
            "deadlock",
            edit(
                p.GATHER,
                (
                    "    for one in run:\n        yield mm.lock_page(one)\n",
                    "    for one in run:\n        yield mm.lock_page(one)\n    for one in run:\n",
                ),
            ),
        ),
        Wrong(
            "locks all four, the last one first",
            "deadlock",
            "deadlock",
            edit(
                p.GATHER,
                (
                    "    for one in run:\n        yield mm.lock_page(one)\n",
                    "    for one in run[::-1]:\n        yield mm.lock_page(one)\n    for one in run:\n",
                ),
            ),
        ),
        Wrong(
            "writes what follows as it finds it",
            "rules",
            "rule-violation",
            edit(
                p.GATHER,
                ("        if one.mapping is not None and one.dirty:\n", "        if one is not page or one.dirty:\n"),
            ),
        ),
        Wrong(
            "looks for the next page after it has let the file go",
            "rules",
            "policy-error",
            edit(
                p.RECURSIVE,
                (
                    "    if page.mapping is not None and more:\n        following = yield mm.find_get_page(page.mapping, page.index + 1)\n    yield mm.unlock_page(page)\n",
                    "    yield mm.unlock_page(page)\n    if more:\n        following = yield mm.find_get_page(page.mapping, page.index + 1)\n",
                ),
            ),
        ),
        Wrong("skips the wanted page when somebody holds it", "progress", "lost-work", p.SKIPS[3]),
    ],
    "05": [
        Wrong("the write-around of the mail", "deadlock", "deadlock", builtin("writearound")),
        Wrong("tries a range in which its own page lies", "duty", "livelock", builtin("own_range")),
        Wrong("tries downwards, lets go, and starts again", "progress", "livelock", builtin("backoff")),
        Wrong(
            "only the pages above",
            "asked",
            "asked",
            edit(p.AROUND, ("range(page.index - AROUND, page", "range(page.index, page")),
        ),
        Wrong(
            "only the pages below",
            "asked",
            "asked",
            edit(p.AROUND, ("page.index + AROUND + 1)", "page.index + 1)")),
        ),
        Wrong("one neighbour on either side", "asked", "asked", edit(p.AROUND, ("AROUND = 2", "AROUND = 1"))),
        Wrong(*p.NO_UNDO),
        Wrong(*p.TRUE_WHEN_FULL),
        Wrong("asks for room again and again", "reclaim", "livelock", p.SPINS_FULL[3]),
        Wrong(*p.IGRABS),
        Wrong(*p.NO_WAIT),
        Wrong("spins on the lock", "progress", "starvation", p.SPINS[3]),
        Wrong(
            "forgets the pin of the page above",
            "leak",
            "leak",
            edit(
                p.TRIES_FIVE,
                (
                    "        yield mm.put_page(neighbour)\n",
                    "        if index == 0:\n            yield mm.put_page(neighbour)\n",
                ),
            ),
        ),
        Wrong(
            "writes its neighbours as it finds them",
            "rules",
            "rule-violation",
            edit(
                p.AROUND,
                (
                    "    if page.mapping is not None and page.dirty:\n        yield mm.writepage(page)\n",
                    "    yield mm.writepage(page)\n",
                ),
            ),
        ),
        Wrong(
            "locks the range from its highest page",
            "deadlock",
            "deadlock",
            edit(
                p.RANGE_OF_FIVE,
                (
                    "    for member in pages:  # ascending, like every other task that locks several pages\n",
                    "    for member in pages[::-1]:\n",
                ),
            ),
        ),
        Wrong(
            "tries the wanted page as well",
            "progress",
            "lost-work",
            edit(
                p.AROUND,
                (
                    "    yield mm.lock_page(page)\n    yield mm.wait_on_page_writeback(page)\n",
                    "    if not (yield mm.trylock_page(page)):\n        yield mm.put_page(page)\n        return\n    yield mm.wait_on_page_writeback(page)\n",
                ),
            ),
        ),
    ],
    "06": [
        Wrong(*p.IGRABS),
        Wrong(*p.IPUTS),
        Wrong(
            "keeps the inode and never drops it",
            "leak",
            "leak",
            edit(builtin("igrab_at_enqueue"), ("    yield mm.iput(inode)  # perhaps the last one\n", "")),
        ),
        Wrong(
            "drops the inode before the page is written",
            "rules",
            "rule-violation",
            edit(
                builtin("igrab_at_enqueue"),
                (
                    "    yield mm.put_page(page)\n    yield mm.iput(inode)  # perhaps the last one\n",
                    "    yield mm.put_page(page)\n",
                ),
                (
                    "    inode = work.inode\n    yield mm.lock_page(page)\n",
                    "    inode = work.inode\n    yield mm.iput(inode)\n    yield mm.lock_page(page)\n",
                ),
            ),
        ),
        Wrong(
            "asks the inode for its page, with nothing to keep it",
            "rules",
            "rule-violation",
            "def enqueue(mm, page):\n    inode, index = page.mapping, page.index\n    if inode is None:\n        return True\n"
            "    yield mm.get_page(page)\n    if not (yield mm.queue_work(page=page, inode=inode, index=index)):\n        yield mm.put_page(page)\n        return False\n    return True\n\n\n"
            "def execute(mm, work):\n    again = yield mm.find_get_page(work.inode, work.index)\n    page = work.page\n"
            + p.LOCKS
            + p.WAITS
            + p.CHECKS
            + p.UNLOCKS
            + p.PUTS
            + "    if again is not None:\n        yield mm.put_page(again)\n",
        ),
        Wrong(*p.LOCK_WAITS),
        Wrong(*p.TRUE_WHEN_FULL),
        Wrong(*p.BARE_WRITE),
        Wrong("forgets the last page", "asked", "asked", plain()),
        Wrong(
            "looks for the last page when it has let the file go",
            "rules",
            "policy-error",
            edit(
                p.WITH_THE_LAST,
                (
                    "        last = yield mm.find_get_page(page.mapping, page.mapping.nr_pages - 1)\n        if page",
                    "        if page",
                ),
                (
                    "    yield mm.put_page(page)\n    if last",
                    "    last = yield mm.find_get_page(page.mapping, page.mapping.nr_pages - 1)\n    yield mm.put_page(page)\n    if last",
                ),
            ),
        ),
    ],
    "07": [
        Wrong(*p.NO_UNDO),
        Wrong(*p.SPINS_FULL),
        Wrong(*p.TRUE_WHEN_FULL),
        Wrong(*p.RACY),
        Wrong(
            "drops the inode and keeps the page",
            "leak",
            "leak",
            edit(
                p.INODE_UNDONE,
                (
                    "    yield mm.put_page(page)\n    yield mm.iput(inode)\n    return False\n",
                    "    yield mm.iput(inode)\n    return False\n",
                ),
            ),
        ),
        Wrong(
            "drops the page and keeps the inode",
            "leak",
            "leak",
            edit(
                p.INODE_UNDONE,
                (
                    "    yield mm.put_page(page)\n    yield mm.iput(inode)\n    return False\n",
                    "    yield mm.put_page(page)\n    return False\n",
                ),
            ),
        ),
        Wrong(
            "gives back what it has handed over as well",
            "duty",
            "rule-violation",
            plain(
                (
                    "        yield mm.put_page(page)\n        return False\n    return True\n",
                    "        return False\n    yield mm.put_page(page)\n    return True\n",
                )
            ),
        ),
        Wrong(*p.SLEEPS),
        Wrong(*p.NO_REASON),
        Wrong("queues a page twice", "asked", "asked", plain()),
        Wrong("keeps the inode, and undoes both", "rules", "rule-violation", p.INODE_UNDONE),
        Wrong(*p.OTHERS_WORK),
        Wrong(*p.NO_WAIT),
        Wrong(*p.EARLY_WAIT),
        Wrong("spins on the lock", "progress", "starvation", p.SPINS[3]),
    ],
    "08": [
        Wrong(
            "never merges", "asked", "asked", edit(p.MERGE, ("    for work in mm.works:\n", "    for work in ():\n"))
        ),
        Wrong(
            "merges upwards only",
            "asked",
            "asked",
            edit(p.MERGE, ("abs(other.index - page.index) == 1", "page.index - other.index == 1")),
        ),
        Wrong(
            "does not listen whether it was in time",
            "progress",
            "lost-work",
            edit(
                p.MERGE,
                (
                    "            return (yield mm.extend_work(work, pages=(*work.pages, page)))\n",
                    "            yield mm.extend_work(work, pages=(*work.pages, page))\n            return True\n",
                ),
            ),
        ),
        Wrong(
            "looks at the work again after others have run",
            "rules",
            "rule-violation",
            edit(
                p.MERGE,
                (
                    "            return (yield mm.extend_work(work, pages=(*work.pages, page)))\n",
                    "            yield mm.cond_resched()\n            return (yield mm.extend_work(work, pages=(*work.pages, page)))\n",
                ),
            ),
        ),
        Wrong(
            "puts the page in the place of the others",
            "progress",
            "lost-work",
            edit(p.MERGE, ("pages=(*work.pages, page))", "pages=(page,))")),
        ),
        Wrong(
            "writes only the page that the work began with",
            "progress",
            "lost-work",
            edit(p.MERGE, ("sorted(work.pages, key=lambda page: page.index)", "work.pages[:1]")),
        ),
        Wrong(
            "a page that joins gets no pin",
            "rules",
            "rule-violation",
            edit(
                p.MERGE,
                (
                    "    merged = yield from join(mm, page)\n    if merged:\n",
                    "    merged = yield from join(mm, page)\n    if merged:\n        yield mm.put_page(page)\n",
                ),
            ),
        ),
        Wrong(
            "locks all pages of a work, the youngest first",
            "deadlock",
            "deadlock",
            edit(
                p.MERGE,
                (
                    "    for page in sorted(work.pages, key=lambda page: page.index):\n        yield mm.lock_page(page)\n",
                    "    for page in sorted(work.pages, key=lambda page: -page.index):\n        yield mm.lock_page(page)\n    for page in work.pages:\n",
                ),
            ),
        ),
        Wrong(
            "forgets the pin of a page for which there is no room",
            "leak",
            "leak",
            edit(p.MERGE, ("        yield mm.put_page(page)\n        return False\n", "        return False\n")),
        ),
    ],
    "09": [
        Wrong(*p.REQUEUES),
        Wrong(*p.SPINS),
        Wrong(*p.SKIPS),
        Wrong(
            "comes back for ever, and counts how often",
            "progress",
            "starvation",
            edit(
                p.ONE_RETURN,
                ("tries=2", "tries=True"),
                ("tries=work.tries - 1", "tries=not work.tries"),
                ("if work.tries and (yield", "if (yield"),
            ),
        ),
        Wrong(
            "comes back without its pin",
            "rules",
            "rule-violation",
            edit(
                builtin("requeue_if_locked"),
                (
                    "            return  # the pin goes on with the new work\n",
                    "            yield mm.put_page(page)\n            return\n",
                ),
            ),
        ),
        Wrong(
            "comes back with a second pin",
            "leak",
            "leak",
            edit(
                p.ONE_RETURN,
                (
                    "        if work.tries and (yield",
                    "        yield mm.get_page(page)\n        if work.tries and (yield",
                ),
            ),
        ),
        Wrong(
            "comes back twice, then gives up",
            "progress",
            "lost-work",
            edit(
                p.ONE_RETURN,
                (
                    "        yield mm.lock_page(page)\n    yield",
                    "        yield mm.put_page(page)\n        return\n    yield",
                ),
            ),
        ),
        Wrong(*p.LOCK_WAITS),
        Wrong(*p.EARLY_WAIT),
        Wrong("waits in line at once", "asked", "asked", plain()),
        Wrong("tries three times, and never lets the others go first", "asked", "asked", p.THREE_TRIES),
    ],
    "10": [
        Wrong("one page, one request", "asked", "asked", plain()),
        Wrong("two pages, as the book has it", "cost", "partly", builtin("write_ahead")),
        Wrong("the three pages that follow", "asked", "asked", reference("04")),
        Wrong(
            "locks the four pages before it writes the first",
            "deadlock",
            "deadlock",
            edit(
                p.GATHER,
                (
                    "    for one in run:\n        yield mm.lock_page(one)\n",
                    "    for one in run:\n        yield mm.lock_page(one)\n    for one in run:\n",
                ),
            ),
        ),
        Wrong("lets the lock wait in the queue", "deadlock", "deadlock", p.LOCK_AT_ENQUEUE),
        Wrong("keeps the inode", "rules", "rule-violation", builtin("igrab_at_enqueue")),
        Wrong("joins without listening", "leak", "leak", builtin("racy_merge")),
        Wrong(
            "forgets what was refused",
            "leak",
            "leak",
            edit(p.AHEAD, ("        yield mm.put_page(page)\n        return False\n", "        return False\n")),
        ),
        Wrong(
            "never waits in line for the wanted page",
            "progress",
            "starvation",
            edit(
                p.AHEAD,
                (
                    "        yield mm.lock_page(page)\n",
                    "        while not (yield mm.trylock_page(page)):\n            yield mm.cond_resched()\n",
                ),
            ),
        ),
        Wrong(
            "waits for the disk before it has the lock",
            "rules",
            "rule-violation",
            edit(
                p.AHEAD,
                (
                    "        yield mm.lock_page(page)\n        yield mm.wait_on_page_writeback(page)\n",
                    "        yield mm.wait_on_page_writeback(page)\n        yield mm.lock_page(page)\n",
                ),
            ),
        ),
        Wrong(
            "asks for room again and again",
            "reclaim",
            "livelock",
            edit(
                p.AHEAD,
                (
                    "    if not (yield mm.queue_work(page=page)):\n        yield mm.put_page(page)\n        return False\n",
                    "    while not (yield mm.queue_work(page=page)):\n        yield mm.cond_resched()\n",
                ),
            ),
        ),
        Wrong("takes any work of the file for its own", "progress", "lost-work", p.OTHERS_WORK[3]),
    ],
}
