"""Obligations that are not asked."""

from __future__ import annotations

from tests.mutation.certify.noticed import CERTIFY, EXPLORE, OPERATIONS, READS, SCENE, at, unasked

UNASKED = (
    at(
        SCENE,
        "touch-unasked",
        "        self.fail(Kind.PAGE_MAY_BE_FREED, line, known, number)\n",
        "",
        "a page may be used that nothing keeps",
    ),
    at(
        SCENE,
        "touch-inode-unasked",
        "        self.fail(Kind.INODE_MAY_BE_GONE, line, known)\n",
        "",
        "a file may be used that nothing keeps",
    ),
    unasked(
        "ended-work",
        READS,
        "        scene.fail(Kind.WORK_MAY_HAVE_ENDED, read.line, known)\n",
        "a queued work may be read after others have run",
    ),
    unasked(
        "locked-and-unkept",
        OPERATIONS,
        "        scene.fail(Kind.LOCKED_AND_UNKEPT, line, known, number)\n",
        "the last pin of a locked page may be dropped",
    ),
    unasked(
        "sleeps-downwards",
        OPERATIONS,
        "        scene.fail(Kind.SLEEPS_DOWNWARDS, line, known, number, max(held))\n",
        "page locks may be taken in any order",
    ),
    unasked(
        "locks-twice",
        OPERATIONS,
        "        scene.fail(Kind.LOCKS_TWICE, line, known, number)\n",
        "a page may be locked by who holds it",
    ),
    unasked(
        "added-pages",
        OPERATIONS,
        "        scene.fail(Kind.ADDED_PAGES, line, known, number, min(above))\n",
        "a page may be written on a clustering filesystem with a lock above it",
    ),
    unasked(
        "evicts-locked",
        OPERATIONS,
        "        scene.fail(Kind.EVICTS_LOCKED, line, known, None, known.held()[0])\n",
        "the last reference of a file may be dropped with a page locked",
    ),
    unasked(
        "lock-in-queue",
        OPERATIONS,
        "        scene.fail(Kind.LOCK_IN_QUEUE, line, known, page)\n",
        "a lock may wait in the queue",
    ),
    unasked(
        "flusher-evicts",
        OPERATIONS,
        "        scene.fail(Kind.FLUSHER_EVICTS, line, known)\n",
        "the flusher may drop the last reference of a file",
    ),
    unasked("busy", OPERATIONS, "    scene.fail(Kind.BUSY, line, known)\n", "a reference is held beside an umount"),
    unasked(
        "writes-unlocked",
        OPERATIONS,
        "        scene.fail(Kind.WRITES_UNLOCKED, line, known, number)\n",
        "a page may be written without its lock",
    ),
    unasked(
        "writes-gone",
        OPERATIONS,
        "            scene.fail(Kind.WRITES_GONE, line, known, number)\n",
        "a page may be written that has left its file",
    ),
    unasked(
        "writes-twice",
        OPERATIONS,
        "            scene.fail(Kind.WRITES_TWICE, line, known, number)\n",
        "a page may be written that is under writeback",
    ),
    unasked(
        "not-locked",
        OPERATIONS,
        "        scene.fail(Kind.NOT_LOCKED, line, known, number)\n",
        "a page may be unlocked that is not locked",
    ),
    unasked(
        "not-pinned",
        OPERATIONS,
        "        scene.fail(Kind.NOT_PINNED, line, known, number)\n",
        "a pin may be dropped that is not one's own",
    ),
    unasked(
        "not-referenced",
        OPERATIONS,
        "        scene.fail(Kind.NOT_REFERENCED, line, known)\n",
        "a reference may be dropped that is not one's own",
    ),
    unasked(
        "lock-left",
        OPERATIONS,
        "            scene.fail(Kind.LOCK_LEFT, line, known, number)\n",
        "a program may end with a page locked",
    ),
    unasked(
        "pin-left",
        OPERATIONS,
        "            scene.fail(Kind.PIN_LEFT, line, known, number)\n",
        "a program may end with a pin",
    ),
    unasked(
        "reference-left",
        OPERATIONS,
        "        scene.fail(Kind.REFERENCE_LEFT, line, known)\n",
        "a program may end with a reference of a file",
    ),
    unasked(
        "not-written",
        OPERATIONS,
        "            scene.fail(Kind.NOT_WRITTEN, line, known, number)\n",
        "a work may end with its page dirty",
    ),
    unasked(
        "no-reason",
        OPERATIONS,
        "            scene.fail(Kind.NO_REASON, line, known, scene.argument)\n",
        "a page may be refused without a reason",
    ),
    unasked(
        "not-queued",
        OPERATIONS,
        "        scene.fail(Kind.NOT_QUEUED, line, known, scene.argument)\n",
        "a page may be accepted that nobody will clean",
    ),
    at(
        EXPLORE,
        "loop-unasked",
        "            self._scene.fail(Kind.LOOP, line_of(self._ops[first]), first.known)\n",
        "",
        "a program may go round for ever",
    ),
    at(
        CERTIFY,
        "comes-back-unasked",
        '                tell(Finding(Kind.COMES_BACK, "execute", queued.line, None, None, wanted, queued.known))\n',
        "                pass\n",
        "a work may queue itself for ever",
    ),
    at(
        CERTIFY,
        "faults-overlooked",
        "    if errors or any(",
        "    if any(",
        "what is no policy is certified where nothing else is wrong",
    ),
)
