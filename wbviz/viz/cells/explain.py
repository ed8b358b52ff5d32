"""Small figures that explain one idea each, beside the paragraph that says it. Their form: `moments`."""

from __future__ import annotations

from IPython.core.display import HTML

from wbviz.sim.dirty import DirtyLimits, position_ratio
from wbviz.viz.cells.moments import POINTER, TOKEN, Moment, box, figure, head, line, say


def second_chance() -> HTML:
    """The two lists of reclaim, and the way of a page through them."""
    rows = "".join(
        say(39, y - 24, name)
        + say(54, y + 34, "head", "middle", "soft")
        + say(306, y + 34, "tail", "middle", "soft")
        + "".join(box(39 + 42 * n, y - 15, 30, 30) for n in range(7))
        for y, name in ((46, "active"), (136, "inactive"))
    )
    ways = line("M324 136H346") + head(350, 136, 1, 0) + line("M30 136V46") + head(30, 40, 0, -1)
    ways += line("M330 46V112") + head(330, 118, 0, 1)
    return figure(
        "lru",
        "Two lists and a second chance",
        "Two rows of pages, active above and inactive below, each from head to tail. Pages enter at the inactive head, "
        "rise to the active head when used again, sink from the active tail to the inactive list, and leave "
        "at its tail.",
        184,
        rows + ways,
        TOKEN,
        (
            Moment("first use", "Read for the first time: page P comes to the head of the inactive list.", (54, 136)),
            Moment(
                "used again", "Used once more while it stands there: it moves to the head of the active list.", (54, 46)
            ),
            Moment("unused", "Others come in before it, and it drifts to the tail of the active list.", (306, 46)),
            Moment("one more chance", "The active list is too long: P goes back to the inactive one.", (96, 136)),
            Moment("reclaimed", "Not used again: at the tail of the inactive list reclaim takes it.", (306, 136)),
        ),
    )


def watermarks() -> HTML:
    """The watermarks of a zone as a gauge."""
    marks = {"min": 80, "low": 150, "high": 220}
    drawing = box(20, 24, 320, 26, "lane")
    drawing += f'<rect x="20" y="24" width="{marks["min"] - 20}" height="26" style="fill:var(--wb-dirty-fill)"/>'
    drawing += "".join(line(f"M{x} 20V58", "ink") + say(x, 74, name, "middle") for name, x in marks.items())
    drawing += say(20, 96, "nothing free", "start", "soft") + say(340, 96, "plenty free", "end", "soft")
    return figure(
        "watermarks",
        "Free memory against three marks",
        "A bar of free memory, from none on the left to plenty on the right, with the marks min, low and high "
        "in this order.",
        104,
        drawing,
        POINTER,
        (
            Moment("plenty", "Plenty is free: nobody reclaims, and whoever asks for memory gets it.", (290, 22)),
            Moment("below low", "Below low: kswapd is woken and reclaims in the background. Nobody waits.", (135, 22)),
            Moment(
                "below min",
                "Below min: whoever asks for memory, and may sleep, reclaims some first, and waits for that.",
                (55, 22),
            ),
            Moment("above high", "Above high again: kswapd goes back to sleep.", (235, 22)),
        ),
    )


def generations() -> HTML:
    """Who writes: a thread of a shared pool, then a thread for each disk, then any free worker of a workqueue."""
    drawing = "".join(
        say(x + 56, 16, version, "middle") + say(x + 56, 34, name, "middle", "soft")
        for x, version, name in (
            (4, "2.6 to 2.6.31", "pdflush"),
            (124, "2.6.32", "flushers"),
            (244, "3.10", "workqueue"),
        )
    )
    pool, own, workers = (24, 60, 96), (151, 209), (264, 300, 336)
    drawing += "".join(line(f"M{a} 80L{b} 156", "soft") for a in pool for b in (31, 89))  # any thread, any disk
    drawing += "".join(line(f"M{a} 80L{b} 112", "soft", "3 4") for a in workers for b in (271, 329))
    drawing += "".join(line(f"M{x} 72V156", "soft") for x in own)
    drawing += box(8, 46, 104, 34, "lane") + box(248, 46, 104, 34, "lane")
    drawing += "".join(box(x - 11, 52, 22, 22) for x in (*pool, *own, *workers))
    for x in (271, 329):
        drawing += line(f"M{x} 134V156", "soft") + box(x - 23, 112, 46, 24, "work") + say(x, 129, "job", "middle")
    for x, name in zip((31, 89, *own, 271, 329), "ABABAB", strict=True):
        drawing += box(x - 25, 156, 50, 28, "work-sync") + say(x, 175, f"disk {name}", "middle")
    return figure(
        "generations",
        "Who writes to the disk",
        "Three drawings side by side. Until 2.6.31 three pdflush threads in one pool, each with a line to both disks. "
        "In 2.6.32 a thread above each disk, with a line to that disk alone. In 3.10 a job above each disk, and "
        "workers in one pool, any of which may run any job.",
        190,
        drawing,
        TOKEN,
        (
            Moment("pdflush", "P is one thread of a pool. It may be asked to write anything, to any disk.", (24, 63)),
            Moment(
                "a busy disk",
                "It never waits for a busy queue, so while others keep disk A busy, it may starve there.",
                (36, 122),
            ),
            Moment("one for each", "2.6.32: P belongs to disk A, and writes to no other.", (151, 63)),
            Moment(
                "in order", "It does one work after another, and may wait: disk B has a flusher of its own.", (151, 122)
            ),
            Moment("any worker", "3.10: the job stays with the disk, and whichever worker is free runs it.", (300, 63)),
        ),
    )


def three_lists() -> HTML:
    """The flusher's three lists of inodes."""
    drawing = "".join(
        box(x, 34, 100, 84, "lane") + say(x + 50, 26, name, "middle")
        for x, name in ((10, "b_dirty"), (130, "b_io"), (250, "b_more_io"))
    )
    drawing += line("M112 76H122") + head(128, 76, 1, 0) + line("M232 62H242") + head(248, 62, 1, 0)
    drawing += line("M248 94H238") + head(232, 94, -1, 0) + line("M180 120V138") + head(180, 144, 0, 1)
    drawing += say(180, 160, "clean: on no list", "middle", "soft")
    return figure(
        "lists",
        "Where a dirty inode stands",
        "Three boxes: b_dirty, b_io and b_more_io. Arrows lead from b_dirty to b_io, to and fro between b_io "
        "and b_more_io, "
        "and from b_io out to no list.",
        170,
        drawing,
        TOKEN.replace(">P<", ">i<"),
        (
            Moment("dirtied", "Inode i becomes dirty: it comes to the end of b_dirty, with its date.", (60, 76)),
            Moment(
                "old enough",
                "It is old enough, or background work wants all: it moves to b_io and is written.",
                (180, 76),
            ),
            Moment(
                "share used up",
                "Its share of pages is written and it is still dirty: it is put off to b_more_io.",
                (300, 76),
            ),
            Moment("next round", "b_io is empty, and is filled again: first with what was put off.", (180, 76)),
            Moment("clean", "Nothing of it is dirty any more: it is on no list.", (84, 154)),
        ),
    )


def throttle_curve() -> HTML:
    """How fast a task may make pages dirty, as the simulator has it."""
    left, right, top, bottom = 44.0, 344.0, 40.0, 166.0

    limits = DirtyLimits(10, 15, 20)  # of memory in percent, where the function has pages

    def at(dirty: float) -> tuple[float, float]:
        factor = position_ratio(limits, dirty)
        return left + (dirty - 14) / 6.5 * (right - left), bottom - factor / 2 * (bottom - top)

    points = [at(15 + n / 8) for n in range(41)]
    drawing = line(f"M{left} {top}V{bottom}H{right}", "edge")
    drawing += line("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), "accent")
    for dirty, name in ((15, "15 %"), (17.5, "17.5 %"), (20, "20 %")):
        drawing += line(f"M{at(dirty)[0]:.1f} {top}V{bottom}", "edge", "3 3") + say(
            at(dirty)[0], bottom + 26, name, "middle"
        )
    for factor in (0, 1, 2):
        drawing += say(left - 8, bottom - factor / 2 * (bottom - top) + 5, str(factor), "end")
    drawing += say(8, 14, "times the task's fair share", "start", "soft") + say(
        right, 214, "of memory dirty", "end", "soft"
    )
    dot = '<circle r="7" style="fill:var(--wb-accent);stroke:var(--wb-paper);stroke-width:2"/>'
    return figure(
        "throttle",
        "How fast a task may write",
        "A falling curve over the share of memory that is dirty: twice the fair share at 15 percent, once at "
        "17.5, nothing at 20. It is steep at both ends and flat in the middle.",
        220,
        drawing,
        dot,
        (
            Moment(
                "15 %", "Just above 15 %: twice what the disk gives each task. Below that nobody pauses at all.", at(15)
            ),
            Moment(
                "17.5 %",
                "Half-way: just its share of what the disk writes. Here the amount stays where it is.",
                at(17.5),
            ),
            Moment("19 %", "Close to the limit: less and less, so the amount falls back.", at(19)),
            Moment(
                "20 %",
                "At the limit: nothing. The task sleeps, at most 200 ms at a time, until some is written.",
                at(20),
            ),
        ),
    )


def page_life() -> HTML:
    """Four bars over the life of a page: dirty, pinned, locked, under writeback."""
    bars = (
        ("dirty", 70, 196, "dirty"),
        ("pinned", 106, 250, "card"),
        ("locked", 160, 214, "work-sync"),
        ("writeback", 196, 330, "writeback"),
    )
    drawing = "".join(line(f"M{x} 24V156", "edge", "2 4") for x in (84, 132, 180, 204, 290))
    drawing += "".join(
        say(4, 45 + 30 * n, name) + box(start, 30 + 30 * n, end - start, 20, role)
        for n, (name, start, end, role) in enumerate(bars)
    )
    drawing += line("M66 156H350", "edge") + head(354, 156, 1, 0) + say(350, 174, "time", "end", "soft")
    pointer = POINTER + line("M0 0V132", "accent", "4 3")
    return figure(
        "page-life",
        "One page, four bars",
        "Four bars along time. Dirty begins first and ends where writeback begins. Pinned begins when the "
        "page is queued. "
        "Locked is short, and spans the moment where dirty ends and writeback begins. Writeback "
        "ends last.",
        180,
        drawing,
        pointer,
        (
            Moment("written to", "A program has written into the page: it is dirty, and nobody holds it.", (84, 20)),
            Moment("queued", "It waits in the queue with a pin, and without a lock.", (132, 20)),
            Moment("locked", "The flusher has its lock, and checks whether there is still something to do.", (180, 20)),
            Moment(
                "handed over",
                "Writeback has begun, so it is dirty no longer; the lock is about to be let go.",
                (204, 20),
            ),
            Moment(
                "at the disk",
                "Neither locked nor pinned, and still not finished: only the disk ends this bar.",
                (290, 20),
            ),
        ),
    )


def who_pins() -> HTML:
    """What each of three holds keeps: memory, place in the file, inode."""
    names = ((70, "memory"), (180, "place in file"), (290, "inode"))
    drawing = "".join(box(x - 50, 24, 100, 34) + say(x, 46, name, "middle") for x, name in names)
    holds = ((70, 70, "get_page: memory alone"), (70, 290, "lock: all three"), (290, 290, "igrab: inode alone"))
    for n, (first, last, words) in enumerate(holds):
        y = 84 + 34 * n
        drawing += line(f"M{first - 48} {y - 8}V{y}H{last + 48}V{y - 8}", "ink")
        anchor, x = ("end", last + 48) if first > 200 else ("start", first - 48)
        drawing += say(x, y + 16, words, anchor)
    return figure(
        "who-pins",
        "Who keeps what",
        "Three boxes: the page's memory, its place in the file, and the inode. A bracket for get_page spans "
        "the first, one for "
        "the page lock spans all three as long as it is held, one for igrab spans the last.",
        178,
        drawing,
        POINTER,
        (
            Moment(
                "memory", "A reference keeps the memory, and so does the lock of a page that is in its file.", (70, 22)
            ),
            Moment("place", "The lock keeps the page in its file: whoever takes it out needs that lock.", (180, 22)),
            Moment(
                "inode",
                "A page that cannot leave keeps its inode; or somebody has a reference to the inode itself.",
                (290, 22),
            ),
        ),
    )
