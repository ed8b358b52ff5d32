"""Views: an attribute that is not there, or was set."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import ATTRIBUTES
from wbviz.policy.faults.base import fault
from wbviz.policy.faults.rewrite import Statement
from wbviz.policy.source import Source
from wbviz.policy.words import listed, nearest

_OTHER_WORDS = {("page", "inode"): "mapping", ("mm", "pin_page"): "get_page", ("mm", "unpin_page"): "put_page"}
"""What people call it, and what it is called here: the nearest spelling would be the opposite."""


def no_attribute(owner: object, kind: str, name: str, known: Sequence[str]) -> AttributeError:
    """The exception for an attribute that a view does not have.

    It carries the `kind` of the view, and as `near` the name that was probably meant, or None.
    """
    what = {"mm": "mm", "inode": "an inode", "work": "this work"}.get(kind, f"a {kind}")
    near = _OTHER_WORDS.get((kind, name)) or nearest(name, known)
    if kind == "work" and name == f"{near}s":
        near = None  # several of them: info of its own
    if near:
        told = f": did you mean {near}?"
    elif kind == "work":
        told = ": nobody put it into its info"
    else:
        told = f": it has {'the operations ' if kind == 'mm' else ''}{listed(known)}"
    error: Any = AttributeError(f"{what} has no {name}{told}", name=name, obj=owner)
    error.kind, error.near = kind, near
    return error  # type: ignore[no-any-return]


_LOCK = "a lock is taken and given back by operations"
_ASSIGNED = {
    ("page", "dirty"): (
        "a page becomes clean by being written",
        "yield mm.writepage(OWNER)      # with the page locked",
    ),
    ("page", "writeback"): (
        "writepage begins the writeback, the disk ends it",
        "yield mm.writepage(OWNER)      # with the page locked",
    ),
    ("page", "mapping"): (
        "only truncation takes a page out of its file",
        "pass      # OWNER.mapping is None once the page was truncated",
    ),
}
_REMEMBER = "NAME = VALUE      # for this call; for another one: mm.queue_work(page=page, NAME=...)"


def assigned(source: Source, line: int, kind: str, name: str) -> PolicyError:
    """An attribute of a view was set or deleted."""
    owner, value = _parts(source, line, name)
    if (kind, name) == ("page", "locked"):
        cause, fix = _LOCK, f"yield mm.{'unlock' if value == 'False' else 'lock'}_page(OWNER)"
    elif (kind, name) in _ASSIGNED:
        cause, fix = _ASSIGNED[kind, name]
    elif name in ATTRIBUTES.get(kind, ()):
        cause, fix = "this never changes", "pass      # OWNER.NAME can be read, and nothing else"
    elif kind == "mm":
        cause, fix = "mm is not there to carry things; the work is", _REMEMBER
    elif kind == "work":
        cause, fix = "what a work carries is given to it by operations", _REMEMBER
    else:
        whose = "an inode" if kind == "inode" else f"a {kind}"
        cause, fix = f"{whose} carries no marks; what is to be remembered goes into the work", _REMEMBER
    for mark, text in (("OWNER", owner or kind), ("NAME", name), ("VALUE", value or "None")):
        fix = fix.replace(mark, text)
    return fault(
        source,
        line,
        f"{kind}.{name} was set, but a policy changes nothing by assignment",
        came=source.line(line).strip() or f"{kind}.{name} = ...",
        expected=f"an operation: {kind if kind == 'mm' else kind + 's'} {'is' if kind == 'mm' else 'are'} read-only",
        cause=cause,
        fix=fix,
    )


def _parts(source: Source, line: int, name: str) -> tuple[str, str]:
    """Whose attribute is set on a line, and to what, as they are written; "" where that is not found."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return "", ""
    owner = next((statement.text(it.value) for it in statement.all(ast.Attribute) if it.attr == name), "")
    value = getattr(statement.node, "value", None)
    return owner, statement.text(value) if isinstance(value, ast.expr) else ""
