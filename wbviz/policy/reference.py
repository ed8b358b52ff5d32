"""The attributes in words, and how an operation is called: what the book's tables are made of.

What an operation is, in words too, stands in `wbviz.kernel.api`; a test holds this text against it.
"""

from __future__ import annotations

from wbviz.kernel.api import API

ATTRIBUTES: dict[str, dict[str, str]] = {
    "page": {
        "index": "its number in the file; stays when it has left the file",
        "mapping": "its inode; None once it has left its file",
        "dirty": "whether its data is newer than the disk's",
        "writeback": "whether it is on its way to the disk",
        "locked": "whether anybody holds its lock",
    },
    "inode": {
        "name": "A, B, and so on",
        "nr_pages": "how many pages the file has; constant",
        "linked": "whether the file still has a name",
    },
    "work": {
        "id": "its number",
        "kind": "pageout or sync",
        "page": "the page it was queued for; None for a sync",
        "inode": "the inode it was queued with, or None",
    },
}


def call(name: str) -> str:
    """An operation as it is called: its arguments, and `**info` where it takes any."""
    arguments = [f"{argument}=None" if API[name].optional else argument for argument in API[name].arguments]
    return f"{name}({', '.join([*arguments, '**info'] if API[name].takes_info else arguments)})"
