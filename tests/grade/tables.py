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
        Right("the range of the book, which takes the page above as well", builtin("range_around")),
    ],
    "02": [
        Right(REFERENCE, reference("02")),
        Right("tries the lock, and waits for it if it must", p.TRY_THEN_WAIT),
        Right("lets go in a finally", p.FINALLY),
        Right("functions of a page, named by lambdas", p.AS_LAMBDAS),
        Right("the page in the work's own info", p.IN_INFO),
    ],
    "03": [
        Right(REFERENCE, reference("03")),
        Right("returns early", p.EARLY_RETURN),
        Right("lets the lock go while it waits for the disk", p.WAIT_UNLOCKED),
        Right("waits before the lock and under it", p.BOTH_WAITS),
        Right("does not queue what is clean already", p.CHECKED_PIN),
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
        Right("locks the whole range, from its lowest page", builtin("range_around")),
        Right("waits for the wanted page only, and tries the others", builtin("trylock_around")),
        Right("the neighbours afterwards, upwards", edit(p.AROUND, ("(below, page, above)", "(page, below, above)"))),
    ],
    "06": [
        Right(REFERENCE, reference("06")),
        Right("looks at the page under its lock before it queues it", p.LOOK_FIRST),
        Right("a class of its own", p.WITH_A_CLASS),
    ],
    "07": [
        Right(REFERENCE, reference("07")),
        Right("keeps the inode, and undoes both", p.INODE_UNDONE),
        Right("takes the work that is queued for the page already", p.COVERED_PIN),
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
        Right("tries three times, then waits in line", p.THREE_TRIES),
        Right("comes back twice, then waits in line", p.ONE_RETURN),
        Right("tries, and waits if it must", p.TRY_THEN_WAIT),
    ],
    "10": [
        Right(REFERENCE, reference("10")),
        Right("pins all four, then writes one after another", p.GATHER),
        Right("recursive", p.RECURSIVE),
        Right(
            "takes the work that is queued for the page already",
            edit(p.AHEAD, (p.PIN, p.COVERED_PIN[: len(p.COVERED_PIN) - len(p.LOCK)])),
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
        Wrong(*p.NO_YIELD),
    ],
    "04": [
        Wrong("only the wanted page", "asked", "asked", plain()),
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
            "only the page above",
            "asked",
            "asked",
            edit(
                p.AROUND,
                ("(below, page, above)", "(page, above)"),
                ("below = yield mm.find_get_page(page.mapping, page.index - 1)", "below = None"),
            ),
        ),
        Wrong(
            "only the page below",
            "asked",
            "asked",
            edit(p.AROUND, ("above = yield mm.find_get_page(page.mapping, page.index + 1)", "above = None")),
        ),
        Wrong(
            "forgets the pin of the page above",
            "leak",
            "leak",
            edit(
                builtin("trylock_around"),
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
                builtin("range_around"),
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
    ],
    "10": [
        Wrong("one page, one request", "cost", "partly", plain()),
        Wrong("two pages, as the book has it", "cost", "partly", builtin("write_ahead")),
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
