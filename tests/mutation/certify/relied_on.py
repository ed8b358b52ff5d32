"""Scenarios that no certificate speaks of, and tasks that do not keep what one relies on."""

from __future__ import annotations

from tests.mutation.certify.noticed import BUILTIN, MEETS, at

APPLIED = tuple(
    at(MEETS, name, old, new, breaks)
    for name, old, new, breaks in (
        (
            "small-files-for-all",
            "    if certificate.pages is not None and largest > certificate.pages:\n        return False\n",
            "",
            "a certificate for small files speaks of large ones",
        ),
        (
            "beside-whoever",
            "    return beside and world.filesystem in",
            "    return world.filesystem in",
            "a certificate speaks of tasks that it does not list",
        ),
        (
            "on-whatever",
            "beside and world.filesystem in certificate.filesystems and assumes",
            "beside and assumes",
            "a certificate speaks of filesystems that it does not list",
        ),
        (
            "without-flusher",
            '    ready = {"flusher", "disk"} <= programs and',
            "    ready =",
            "a certificate speaks of scenarios without a flusher or a disk",
        ),
        (
            "without-room",
            " and world.queue_limit != 0\n",
            "\n",
            "a certificate speaks of a queue without room",
        ),
        (
            "held-from-the-beginning",
            "    return ready and free and owned",
            "    return ready and owned",
            "a certificate speaks of pages that are locked from the beginning",
        ),
        (
            "files-of-nobody",
            "and free and owned and upwards",
            "and free and upwards",
            "a certificate speaks of references that nobody drops",
        ),
        (
            "locks-downwards",
            "and owned and upwards and not busy",
            "and owned and not busy",
            "a certificate speaks of writers that lock downwards",
        ),
        (
            "busy-umount",
            "and not busy and not evicts\n",
            "and not evicts\n",
            "a certificate speaks of an umount beside who is busy",
        ),
        (
            "flusher-evicts-there",
            "and not busy and not evicts\n",
            "and not busy\n",
            "a certificate speaks of a flusher that evicts in a journal",
        ),
    )
)

RELIED_ON = (
    at(
        BUILTIN,
        "task-waits-locked",
        "        scene.fail(Kind.WAITS_LOCKED, line, known, None, known.held()[0])\n",
        "        pass\n",
        "a task may wait for a work with a lock",
    ),
    at(
        BUILTIN,
        "task-takes-out-unlocked",
        "        scene.fail(Kind.TAKEN_OUT_UNLOCKED, line, known, number)\n",
        "        pass\n",
        "a task may take a page out of its file without its lock",
    ),
    at(
        BUILTIN,
        "task-busy",
        "    scene.fail(Kind.BUSY, line, known)\n    return [(True, known._replace(refs",
        "    return [(True, known._replace(refs",
        "a flusher with references is not busy",
    ),
    at(
        BUILTIN,
        "task-locks-anyhow",
        "    locked = acquire(scene, line, known, number)\n",
        "    locked = known.with_page(number, facts._replace(locked=True))\n",
        "a task may lock pages in any order",
    ),
    at(
        BUILTIN,
        "task-submits-anyhow",
        "        known = submit(scene, line, known, number)\n",
        "        pass\n",
        "a task may write what it has not locked",
    ),
    at(
        BUILTIN,
        "task-calls-anyhow",
        "        scene.touch(known, argument[1], line)\n",
        "        pass\n",
        "reclaim may call for a page that nothing keeps",
    ),
    at(
        BUILTIN,
        "task-holds-for-ever",
        "            if all(state.known.held() for state in circle) or any(",
        "            if any(",
        "a task may go round for ever with a lock",
    ),
    at(
        BUILTIN,
        "task-writes-for-ever",
        " or any(self._ops[at].name in MAKES_MORE for at in circle):\n",
        ":\n",
        "a task may write for ever",
    ),
    at(
        BUILTIN,
        "task-evicts-in-the-flusher",
        "            scene.fail(Kind.FLUSHER_EVICTS, line_of(op), known)\n        evict",
        "            pass\n        evict",
        "a flusher that evicts is not told",
    ),
    at(
        BUILTIN,
        "task-holds-what-others-locked",
        "                if finding.kind is not Kind.LOCK_LEFT or finding.page not in callers:\n",
        "                if finding.kind is not Kind.LOCK_LEFT:\n",
        "a task may end with a page locked",
    ),
)
