"""Views: an attribute that is not there, or was set."""

from __future__ import annotations

from collections.abc import Sequence

from wbviz.errors import PolicyError
from wbviz.policy.arguments import ATTRIBUTES
from wbviz.policy.faults.base import fault
from wbviz.policy.source import Source
from wbviz.policy.words import listed, nearest

_OTHER_WORDS = {("page", "inode"): "mapping", ("mm", "pin_page"): "get_page", ("mm", "unpin_page"): "put_page"}
"""What people call it, and what it is called here: the nearest spelling would be the opposite."""


def no_attribute(kind: str, name: str, known: Sequence[str]) -> str:
    """The text of the AttributeError for an attribute that a view does not have."""
    owner = {"mm": "mm", "inode": "an inode"}.get(kind, f"a {kind}")
    near = nearest(name, known)
    if kind == "work":
        return f"this work has no {name}" + (f": did you mean {near}?" if near else ": nobody put it into its info")
    near = _OTHER_WORDS.get((kind, name), near)
    has = listed(known) if kind != "mm" else "the operations " + listed(known)
    return f"{owner} has no {name}" + (f": did you mean {near}?" if near else f": it has {has}")


_ASSIGNED = {
    ("page", "locked"): (
        "a lock is taken and given back by operations",
        "yield mm.lock_page(page)\n...\nyield mm.unlock_page(page)",
    ),
    ("page", "dirty"): (
        "a page becomes clean by being written",
        "yield mm.writepage(page)      # with the page locked",
    ),
    ("page", "writeback"): (
        "writepage begins the writeback, the disk ends it",
        "yield mm.writepage(page)\nyield mm.wait_on_page_writeback(page)",
    ),
    ("page", "mapping"): ("only truncation takes a page out of its file", "if page.mapping is not None:"),
}


def assigned(source: Source, line: int, kind: str, name: str) -> PolicyError:
    """An attribute of a view was set or deleted."""
    known = name in ATTRIBUTES.get(kind, ())
    cause, fix = _ASSIGNED.get((kind, name), ("", ""))
    if not cause and kind == "work" and not known:
        cause = "what a work carries is given to it by operations"
        fix = (
            f"yield mm.queue_work(page=page, {name}=value)      # at the beginning\n"
            f"yield mm.extend_work(work, {name}=value)      # while it is queued"
        )
    elif not cause and known:
        cause, fix = "this never changes", f"value = {kind}.{name}"
    elif kind == "mm":
        cause, fix = "mm is not there to carry things; the work is", f"yield mm.queue_work(page=page, {name}=value)"
    elif not cause:
        cause = (
            f"{'an' if kind == 'inode' else 'a'} {kind} carries no marks; what is to be remembered goes into the work"
        )
        fix = f"yield mm.queue_work(page=page, {name}=value)"
    return fault(
        source,
        line,
        f"{kind}.{name} was set, but a policy changes nothing by assignment",
        came=source.line(line).strip() or f"{kind}.{name} = ...",
        expected=f"an operation: {kind if kind == 'mm' else kind + 's'} {'is' if kind == 'mm' else 'are'} read-only",
        cause=cause,
        fix=fix,
    )
