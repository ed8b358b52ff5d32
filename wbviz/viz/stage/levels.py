"""The levels of "You are the scheduler": which scenario, what to reach, what it teaches. Only words and names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from wbviz.errors import UsageError

BREAK, SAVE, CIRCLE = "break", "save", "circle"


class Level(NamedTuple):
    """One level.

    goal: "break": bring about what the policy's verdict says; "save": reach a state from which nothing can go wrong any
    more; "circle": go round for ever, fair to every task. begin: the steps that have been made when it starts, as in a
    schedule. `task` says what to do, `won` what was learned.
    """

    name: str
    title: str
    scenario: str
    policy: str
    goal: str
    task: str
    won: str
    begin: str = ""


LEVELS = (
    Level(
        "abba",
        "Two pages, two orders",
        "abba",
        "writearound",
        BREAK,
        "A0 and A1 are dirty. Reclaim (kswapd) hands A1 to the flusher, which locks it and then, to write "
        "around it, A0 below. The writer locks A0, then A1. Bring two of them to where each waits for the "
        "other.",
        "The flusher holds A1 and wants A0, the writer holds A0 and wants A1. Neither did anything wrong on its "
        "own, and many orders end well. The fault is that the two take the same locks in opposite orders.",
    ),
    Level(
        "abba-save",
        "Too late is earlier than it looks",
        "abba",
        "writearound",
        SAVE,
        "The same file and the same tasks. The flusher has locked A1 and has not asked for A0 yet. Now save "
        "them: reach a state from which nothing can go wrong any more, whoever runs next.",
        "With both locks in one task's hands, everybody else can only wait for their turn. Had the writer taken A0 "
        "first, it would have been too late at once, though the flusher could still have run: a deadlock is "
        "decided before it can be seen.",
        "kswapd*3 flusher*2",
    ),
    Level(
        "queue",
        "A lock that waits its turn",
        "sync-ahead",
        "lock_at_enqueue",
        BREAK,
        "This policy locks the page when it queues the work, and the lock waits in the queue with the work. "
        "Somebody also asks for a sync of the whole file. Make the flusher wait for its own queue.",
        "The flusher, busy with the sync, wants A0. The work behind it has A0, and only the flusher could run "
        "that work. One task is enough for a cycle when a lock waits in a queue. So the lock belongs to "
        "execute, not to enqueue.",
    ),
    Level(
        "ring",
        "A ring of three",
        "random-order",
        "lock_at_enqueue",
        BREAK,
        "Reclaim queues A0 and then A2, each with its lock. The filesystem writes in clusters of two, so to "
        "write A0 it locks A1 as well. The writer locks A1, then A2. Close a ring: the flusher waits for the "
        "writer, the writer for a work, the work for the flusher.",
        "No two of them are at odds: it takes all three. A2 is held while someone sleeps for A1 below it; only this "
        "time the holder is a work, which waits in the queue for the very flusher that sleeps. And reclaim's order "
        "is not the order of the file.",
    ),
    Level(
        "freed",
        "Whose memory is it?",
        "truncated",
        "no_pin",
        BREAK,
        "This policy queues the page and takes no reference of its own; reclaim drops its own when the call "
        "returns. Somebody truncates the file. Bring the flusher to where it touches a page that has been "
        "freed.",
        "Between enqueue and execute nothing kept the page: out of its file and with no pin left it was freed, "
        "and its memory may be anybody's. A work that outlives the call needs a reference of its own.",
    ),
    Level(
        "last-reference",
        "Not the flusher, please",
        "iput-in-flusher",
        "igrab_at_enqueue",
        SAVE,
        "The queued work holds a reference to the inode. The task unlink removes the file's name and closes it. "
        "Whoever drops the last reference of a file without a name must evict it, and on this journalled "
        "filesystem eviction waits for the flusher. Reach a state from which nothing can go wrong any more.",
        "The flusher's reference is gone, and it was not the last: unlink will evict the file, and the flusher "
        "is free to help. It worked because you chose the order. A kernel cannot choose: whoever may hold the "
        "last reference must be able to do all that dropping it takes. So the flusher must not hold one.",
        "kswapd*6",
    ),
    Level(
        "lost",
        "Nobody waits, nobody complains",
        "busy-page",
        "skip_if_locked",
        BREAK,
        "This policy only tries to lock the page, and goes on without it when it is taken. A reader holds the "
        "lock for a moment and writes nothing. Let everybody come to an end, with A0 still dirty.",
        "No deadlock, no broken rule, no message: reclaim was promised a clean page and never got it. A trylock "
        "is for what may be left out. The page that was asked for may not.",
    ),
    Level(
        "no-room",
        "No room in the queue",
        "full-queue",
        "spin_when_full",
        BREAK,
        "There is room for one work. Reclaim takes B0, then A0, and when it is refused it asks again and again, "
        "with the page locked. Somebody asks for a sync of file A. Make it so that there is never room again.",
        "kswapd is not asleep: it runs, and asks, for ever. It waits for room, the flusher makes room, and the "
        "flusher, in the middle of the sync, waits for the lock that kswapd holds. Never wait for a bounded "
        "pool while holding what is needed to refill it.",
    ),
    Level(
        "dance",
        "After you. No, after you",
        "polite",
        "backoff",
        CIRCLE,
        "Nobody here waits for a lock: flusher and polite writer only try, let go when they fail, and start "
        "again. They come from opposite ends. Keep both of them busy for ever: go once round a circle, back to "
        "a state where you have been, and leave nobody out who could run on the way.",
        "Once round is enough: what happened once can happen for ever. Everybody who could run did, nobody "
        "slept for a lock, and A1 was never written: a livelock. Being busy is not making progress. A lock "
        "order cures it, and so does waiting for the one page that must be had.",
    ),
)


def find_level(name: str) -> Level:
    """The level of that name. Raises UsageError for an unknown one."""
    known = {level.name: level for level in LEVELS}
    if name in known:
        return known[name]
    near = get_close_matches(str(name), known, 1)
    raise UsageError(
        "there is no such level of the game",
        came=repr(name),
        expected="one of: " + ", ".join(known),
        cause="the name is misspelt" if near else "",
        fix=f'wbviz.game("{near[0] if near else LEVELS[0].name}")',
    )
