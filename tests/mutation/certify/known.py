"""Knowledge that is kept too long, and reads of which too few answers are looked at."""

from __future__ import annotations

from tests.mutation.certify.noticed import FACTS, READS, at

FORGOTTEN = (
    at(
        FACTS,
        "clean-for-ever",
        "facts._replace(dirty=facts.dirty or None, writeback",
        "facts._replace(dirty=facts.dirty, writeback",
        "a clean page stays clean under its lock",
    ),
    at(
        FACTS,
        "under-writeback-for-ever",
        "writeback=False if facts.writeback is False else None)\n",
        "writeback=facts.writeback)\n",
        "writeback does not end while others run",
    ),
    at(
        FACTS,
        "stays-in-its-file",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, attached=facts.attached)",
        "a page stays in its file without its lock",
    ),
    at(
        FACTS,
        "stays-dirty",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None, dirty=facts.dirty)",
        "a page stays dirty without its lock",
    ),
    at(
        FACTS,
        "stays-written",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, False, False if facts.attached is False else None, None, facts.writeback)",
        "a page does not go under writeback without its lock",
    ),
    at(
        FACTS,
        "seen-for-ever",
        "    return known._replace(pages=tuple(pages), seen=())\n",
        "    return known._replace(pages=tuple(pages))\n",
        "what was read once stays so",
    ),
    at(
        FACTS,
        "looked-at-is-cleaned",
        "(facts.attached is False or facts.dirty is False)",
        "(facts.attached is False or facts.dirty is not None)",
        "a page that was seen dirty counts as cleaned",
    ),
    at(
        FACTS,
        "met-is-cleaned",
        "(facts.attached is False or facts.dirty is False)",
        "(facts.attached is not None or facts.dirty is False)",
        "a page that was seen in its file counts as cleaned",
    ),
    at(
        FACTS,
        "work-brings-pins",
        "        for number, pins in self.pins:\n            known = known.with_page(number, PageFacts(pins))\n",
        "        for number in {*dict(self.pins), *({self.page} - {None})}:\n"
        "            known = known.with_page(number, PageFacts(1))\n",
        "every work brings a pin of its page",
    ),
    at(
        FACTS,
        "work-brings-references",
        "        known = Knowledge(refs=self.refs)\n",
        "        known = Knowledge(refs=1)\n",
        "every work brings a reference of its file",
    ),
)

READ = (
    at(
        READS,
        "never-locked",
        "        return [(True, known)] if facts.locked else _unseen(known, (number, attr))\n",
        "        return [(facts.locked, known)]\n",
        "nobody else has a page locked",
    ),
    at(
        READS,
        "always-in-its-file",
        "            for value in _either(facts.attached)\n",
        "            for value in _either(facts.attached)[:1]\n",
        "a page that is not known to be gone is in its file",
    ),
    at(
        READS,
        "always-dirty",
        "_either(False if facts.attached is False else facts.dirty):",
        "_either(False if facts.attached is False else facts.dirty)[:1]:",
        "a page that is not known to be clean is dirty",
    ),
    at(
        READS,
        "always-under-writeback",
        "facts._replace(writeback=value))) for value in _either(facts.writeback)]",
        "facts._replace(writeback=value))) for value in _either(facts.writeback)[:1]]",
        "a page that is not known to be written is under writeback",
    ),
    at(
        READS,
        "same-moment",
        "        return [(known.remembers(what), known)]\n",
        "        return [(True, known)]\n",
        "what was read at the same moment is always true",
    ),
    at(
        READS,
        "always-linked",
        '    return _unseen(known, ("inode", "linked"))\n',
        "    return [(True, known)]\n",
        "no file is ever unlinked",
    ),
    at(
        READS,
        "queue-never-empty",
        '    found: list[Answer] = [(("tuple",), known)]\n    kinds',
        "    found: list[Answer] = []\n    kinds",
        "the queue is never empty",
    ),
    at(
        READS,
        "no-syncs",
        "    for one in [SYNC_WORK, *(other",
        "    for one in [*(other",
        "no sync work waits",
    ),
    at(
        READS,
        "no-other-pages",
        "    pages = (*range(scene.box.pages), FOREIGN)",
        "    pages = (scene.box.wanted,)",
        "every queued work is for the wanted page",
    ),
    at(
        READS,
        "any-work-covers",
        "        cleans = frozenset({one.about} if one.cleans and one.about is not None else ()) & scene.duties\n",
        "        cleans = scene.duties\n",
        "any work in the queue cleans the page",
    ),
    at(
        READS,
        "any-work-keeps",
        '        if one.keeps:\n            seen = (*seen, (("keeps", one.about), True))\n',
        '        seen = (*seen, (("keeps", one.about), True))\n',
        "any work in the queue keeps its page",
    ),
    at(
        READS,
        "looks-again",
        "    if scene.queue is None or known.looked:\n",
        "    if scene.queue is None:\n",
        "who looks at the queue twice is followed",
    ),
    at(
        READS,
        "foreign-in-the-file",
        '            either: list[Answer] = [(("inode", 0), inside), (("inode", 1), inside)]\n',
        '            either: list[Answer] = [(("inode", 0), inside)]\n',
        "every page in the queue is one of the same file",
    ),
)
