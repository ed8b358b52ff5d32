"""From Linux 2.6 to 6.19: who writes from reclaim, how flushers work, what became of the order of page locks.

A table of data, and the figure made of it: three lanes, one a subject, from the oldest version down to the newest, each
change's reason behind a click; on a telephone, or filtered by subject, a list. It is plain HTML: it needs no script,
and works by keyboard and touch as the browser does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from wbviz.viz.assets import palette_style

_ENTRY = r"^@misc\{([^,]+),.*?^  title  = \{\{(.+?)\}\},$.*?^  url    = \{(\S+)\}$"

RECLAIM, FLUSHERS, LOCKS = "reclaim", "flushers", "locks"
SUBJECTS = {
    RECLAIM: "who writes from reclaim",
    FLUSHERS: "how flushers work",
    LOCKS: "the order of page locks",
}


class Change(NamedTuple):
    """One entry. `when` is the first version that has it, one that was looked at, or a year; `sources` are keys of the
    bibliography."""

    when: str
    subject: str
    what: str
    why: str
    sources: tuple[str, ...]


CHANGES: tuple[Change, ...] = (
    Change(
        "2.6.31",
        FLUSHERS,
        "pdflush: one pool of threads writes for all devices",
        "The threads go from one device's queue to the next, do not wait for a busy one, and so may never get into it.",
        ("linux-2.6.31:pdflush.c", "bdi-threads"),
    ),
    Change(
        "2.6.32",
        FLUSHERS,
        "One flusher thread for each backing device",
        "pdflush had no sense of locality, and could be starved of a place in a device's queue.",
        ("bdi-threads", "linux-2.6.32:backing-dev.c:bdi_start_fn"),
    ),
    Change(
        "3.1",
        RECLAIM,
        "Direct reclaim and kswapd still write the dirty pages they meet",
        "So single pages are written in the order of the lists, which is not the order of the file, on top of whatever "
        "stack the allocation came from.",
        ("linux-3.1:vmscan.c:shrink_page_list",),
    ),
    Change(
        "3.2",
        RECLAIM,
        "Direct reclaim writes no pages of ordinary files any more; kswapd only when it is in trouble",
        "Trouble means: three passes, each over a larger part of the lists, have freed too little. A page that is met "
        "dirty is marked PG_reclaim, to be freed as soon as it is written.",
        ("reclaim-no-direct-writes", "linux-3.2:vmscan.c:shrink_page_list"),
    ),
    Change(
        "3.2",
        FLUSHERS,
        "A task that dirties too much only sleeps, and leaves the writing to the flusher",
        "Until 3.1 the throttled task wrote as well, and many writers made many small streams.",
        (
            "linux-3.1:page-writeback.c:balance_dirty_pages",
            "linux-3.2:page-writeback.c:balance_dirty_pages",
            "io-less-throttling",
        ),
    ),
    Change(
        "3.3",
        LOCKS,
        "March 2012: the mail. Two kinds of deadlock, in ideas for a proposal that is never merged",
        "Writing in front of a locked page, and a lock that waits in a queue. Trylock settles the first, three "
        "days later.",
        ("wu-2012-03-03", "wu-2012-03-06"),
    ),
    Change(
        "3.5",
        FLUSHERS,
        "The flusher takes no reference to the inode that it writes: its mark I_SYNC keeps it",
        "With the last reference of a deleted file the flusher had to take the file apart, and that may need the "
        "flusher.",
        ("no-iput-in-flusher", "evict-waits-first", "linux-3.5:fs-writeback.c:writeback_sb_inodes"),
    ),
    Change(
        "3.10",
        FLUSHERS,
        "Flusher threads become workers of a workqueue",
        "No device keeps a thread of its own any more. The works of one queue are still done one after another.",
        ("heo-workqueue", "linux-3.10:backing-dev.c:bdi_wq"),
    ),
    Change(
        "3.11",
        RECLAIM,
        "kswapd writes when the end of the lists is full of dirty pages that nobody has queued",
        "The state of the pages decides, and no longer kswapd's priority.",
        ("gorman-2013", "linux-3.11:vmscan.c:zone_is_reclaim_dirty"),
    ),
    Change(
        "4.2",
        FLUSHERS,
        "One writeback context for each memory control group and device",
        "A group that dirties too much of its own memory has its own pages written: with version 2 of control groups, "
        "on the filesystems that take part.",
        ("cgroup-writeback", "linux-4.2:backing-dev.c:wb_get_create"),
    ),
    Change(
        "4.11",
        RECLAIM,
        "kswapd writes a page only if, besides, reclaim has met the very page once before",
        "The flusher gets time for a whole trip round the lists first. (In 4.11, not yet in 4.10.)",
        ("reclaim-seen-once", "linux-4.11:vmscan.c:shrink_page_list"),
    ),
    Change(
        "4.14",
        LOCKS,
        "Crossrelease: lockdep could watch completions, but this is switched off",
        "It was written with page locks in mind as well; that part was never merged. Gone in 4.15: too many "
        "false alarms.",
        ("crossrelease-doc", "linux-4.14:Kconfig.debug:LOCKDEP_CROSSRELEASE", "crossrelease-removal"),
    ),
    Change(
        "4.15",
        FLUSHERS,
        "To wake the flushers reclaim sets one bit, and queues no work",
        "Reclaim had queued so many works that memory suffered from them.",
        ("start-all", "start-all-why"),
    ),
    Change(
        "4.20",
        LOCKS,
        "range_cyclic writeback no longer wraps round to the beginning of the file within one call",
        "The flusher slept for a low page, with a higher one in a request that was not yet handed over; with two "
        "writers that made a ring of three.",
        (
            "chinner-2018",
            "linux-4.19:page-writeback.c:write_cache_pages",
            "linux-4.20:page-writeback.c:write_cache_pages",
        ),
    ),
    Change(
        "2020",
        LOCKS,
        "The same once more, in the copy of the loop that btrfs has, and with two parties",
        "One task held the lock of page 7680 and waited for the writeback of 8148; the flusher had 8148 in a request, "
        "and waited for the lock of 7680.",
        ("bacik-2020",),
    ),
    Change(
        "2020",
        LOCKS,
        "The page lock is handed over to a waiter that was passed by a few times",
        "Without any order a process could wait essentially for ever; with a strict one much became slower.",
        ("page-lock-unfairness",),
    ),
    Change(
        "6.14",
        RECLAIM,
        "Four filesystems are left whose pages kswapd can write one by one, and shmem and swap",
        "ceph, f2fs, orangefs and vboxsf still define writepage. In 3.1 it was defined 57 times.",
        ("linux-6.14:fs.h:address_space_operations", "linux-3.1:fs.h:address_space_operations"),
    ),
    Change(
        "6.19",
        RECLAIM,
        "No reclaimer writes a dirty page of an ordinary file",
        "writepage is gone, since 6.16. A dirty folio is marked and put on the active list; if a whole batch was "
        "dirty and not queued for I/O, the flushers are woken.",
        ("writepage-removed", "linux-6.19:vmscan.c:shrink_folio_list"),
    ),
    Change(
        "6.19",
        LOCKS,
        "The rule stands beside folio_lock: within one file, ascending; lockdep still does not see page locks",
        "In 6.12 it stood there as well. DEPT, which would see them, has a patch for page locks and is not merged.",
        ("linux-6.19:pagemap.h:folio_lock", "linux-6.12:pagemap.h:folio_lock", "linux-6.19:lockdep.h", "park-2026"),
    ),
)

_STYLE = (Path(__file__).parent / "timeline.css").read_text(encoding="utf-8")


def timeline(changes: tuple[Change, ...] = CHANGES) -> Timeline:
    """The figure. As the last value of a cell it shows itself."""
    return Timeline(changes)


class Timeline:
    """Changes in the order of their versions, to be filtered by subject."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        self.changes = changes

    def __repr__(self) -> str:
        return "\n".join(f"{change.when:7} {change.subject:9} {change.what}" for change in self.changes)

    def _repr_html_(self) -> str:
        filters = "".join(_filter(key, words) for key, words in {"all": "everything", **SUBJECTS}.items())
        hidden = "".join(
            f'.wb-timeline:has(#tl-{subject}:checked) li:not([data-subject="{subject}"]) {{ display: none; }}\n'
            for subject in SUBJECTS
        )
        links = _sources()
        rows = _rows(self.changes)
        entries = "".join(_entry(change, links, row) for change, row in zip(self.changes, rows, strict=True))
        heads = "".join(f'<p data-subject="{key}">{escape(words)}</p>' for key, words in SUBJECTS.items())
        return (
            f"{palette_style()}<style>{_STYLE}{hidden}</style>"
            '<div class="wbviz wb-still wb-timeline" role="group" aria-label="Timeline, Linux 2.6.31 to 6.19">'
            f"<fieldset><legend>Linux 2.6.31 to 6.19: show</legend>{filters}</fieldset>"
            f'<div class="tl-heads" aria-hidden="true">{heads}</div><ol>{entries}</ol></div>'
        )


def _filter(key: str, words: str) -> str:
    checked = " checked" if key == "all" else ""
    return f'<label><input type="radio" name="tl-subject" id="tl-{key}"{checked}> {escape(words)}</label>'


def _rows(changes: tuple[Change, ...]) -> list[int]:
    """The row of each change where every subject has a lane of its own: changes of one version stand side by side, two
    of one subject below each other."""
    rows: list[int] = []
    used: set[str] = set()
    row, when = 0, ""
    for change in changes:
        if change.when != when or change.subject in used:
            row, when, used = row + 1, change.when, set()
        used.add(change.subject)
        rows.append(row)
    return rows


def _entry(change: Change, links: Mapping[str, str], row: int) -> str:
    sources = "; ".join(links.get(key, escape(key)) for key in change.sources)
    return (
        f'<li data-subject="{change.subject}" style="--row: {row}"><details><summary>'
        f'<span class="tl-when">{escape(change.when)}</span> '
        f'<span class="tl-subject">{escape(change.subject)}</span>{escape(change.what)}</summary>'
        f"<p>{escape(change.why)}</p><p>Sources: {sources}</p></details></li>"
    )


def _sources() -> dict[str, str]:
    """The entries of a checkout's bibliography by their keys, as links; none where there is no book beside wbviz."""
    listed = Path(__file__).parents[3] / "book" / "references.bib"
    if not listed.is_file():
        return {}
    entries = re.findall(_ENTRY, listed.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return {key: f'<a href="{escape(url)}">{escape(title.replace(chr(92), ""))}</a>' for key, title, url in entries}
