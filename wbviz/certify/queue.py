"""The works that may stand in the queue when a program looks at it: of any kind that the policy makes, for any page."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.certify.facts import Work
from wbviz.kernel.state import PAGEOUT, SYNC, Value

FOREIGN = 1_000_000
"""The number of the page of a queued work that is none of those that the program has met."""


class Kin(NamedTuple):
    """A kind of work, whatever the page: whether it is queued under the page or only names it in its info, where the
    page is `("page", 0)`; whether it carries a pin; whether it is to clean the page."""

    under: bool
    info: tuple[tuple[str, Value], ...]
    pinned: bool
    duty: bool


class Other(NamedTuple):
    """A queued work: its kind, its page, its info; the page that it names, whether it keeps and is to clean that."""

    kind: str
    page: int | None
    info: tuple[tuple[str, Value], ...]
    about: int | None
    keeps: bool
    cleans: bool


SYNC_WORK = Other(SYNC, None, (), None, False, False)


def kin(work: Work, wanted: int) -> Kin | None:
    """The kind of a work; None if it is about more than its page, and so means something else for another page."""
    pages = {number for number, _ in work.pins} | work.duties | ({work.page} - {None})
    plain = all(_plain(value, wanted) for _, value in work.info)
    if not pages <= {wanted} or not plain or work.inode is not None or work.lock is not None:
        return None
    info = tuple((key, _moved(value, wanted, 0)) for key, value in work.info)
    return Kin(work.page is not None, info, bool(work.pins), bool(work.duties))


def other(kind: Kin, number: int) -> Other:
    """A work of that kind for a page."""
    info = tuple((key, _moved(value, 0, number)) for key, value in kind.info)
    return Other(PAGEOUT, number if kind.under else None, info, number, kind.pinned, kind.duty)


def _plain(value: Value, wanted: int) -> bool:
    """Whether a value says nothing of a place in a file, but for the wanted page itself."""
    if type(value) is not tuple:
        return True
    if value[0] == "tuple":
        return all(_plain(item, wanted) for item in value[1:])
    return value == ("page", wanted) or value[0] == "int"


def _moved(value: Value, old: int, new: int) -> Value:
    if type(value) is not tuple:
        return value
    if value[0] == "tuple":
        return ("tuple", *(_moved(item, old, new) for item in value[1:]))
    return ("page", new) if value == ("page", old) else value
