"""Inodes with dirty data, and the three lists on which a flusher keeps them. After Linux 3.3, fs/fs-writeback.c."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator


class Inode:
    """A file. Its dirty data is kept in *units* of some pages, by their number from the beginning of the file."""

    __slots__ = ("dirtied_when", "dirty", "listed", "name", "number", "written")

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.number = number
        self.dirty: set[int] = set()
        self.dirtied_when = 0.0
        self.listed = False  # on one of the lists, or being written
        self.written = 0  # units, in the order of the file, if it is written in order


class Lists:
    """The lists, each in the order in which its inodes will be taken: first the next one."""

    def __init__(self) -> None:
        self.b_dirty: deque[Inode] = deque()
        self.b_io: deque[Inode] = deque()
        self.b_more_io: deque[Inode] = deque()

    def dirtied(self, inode: Inode, now: float) -> None:
        """An inode has dirty data. One that had some before stays where it is, and keeps its date."""
        if not inode.listed:
            inode.listed = True
            inode.dirtied_when = now
            self.b_dirty.append(inode)

    def queue_io(self, dirtied_before: float) -> None:
        """Fill b_io: with what was put off, and with what became dirty before a moment, the oldest first."""
        self.b_io.extend(self.b_more_io)
        self.b_more_io.clear()
        while self.b_dirty and self.b_dirty[0].dirtied_when <= dirtied_before:
            self.b_io.append(self.b_dirty.popleft())

    def put_back(self, inode: Inode, used_up: bool, now: float) -> None:
        """An inode has been written. Clean: on no list. Else, if its share was used up, it is put off; if not, it was
        dirtied meanwhile, and begins anew."""
        if not inode.dirty:
            inode.listed = False
        elif used_up:
            self.b_more_io.append(inode)
        else:
            inode.dirtied_when = now
            self.b_dirty.append(inode)

    def all(self) -> Iterator[Inode]:
        """Every inode that is on a list."""
        yield from self.b_dirty
        yield from self.b_io
        yield from self.b_more_io


def runs(units: list[int], unit: int, largest: int) -> list[tuple[int, int]]:
    """Ascending units of so many pages as requests: (first page, pages), neighbours together, none too large."""
    found: list[list[int]] = []
    for number in units:
        place = number * unit
        if found and sum(found[-1]) == place and found[-1][1] + unit <= largest:
            found[-1][1] += unit
        else:
            found.append([place, unit])
    return [(place, pages) for place, pages in found]
