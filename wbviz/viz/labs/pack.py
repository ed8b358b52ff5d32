"""Runs as text for a page: columns of small numbers as strings, all of it deflated together, in base64.

Runs of one lab are much alike, so packing them in one piece makes them a third smaller than one by one.
js/unpack.js reads it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any

_FIRST = 35
"""The character for 0: the first after the quotation mark, which JSON would have to escape."""


def column(values: Iterable[int]) -> str:
    """Whole numbers, 0 or more and mostly small, as one character each."""
    return "".join(chr(_FIRST + value) for value in values)


def numbers(text: str) -> list[int]:
    """What went into `column`."""
    return [ord(letter) - _FIRST for letter in text]


def pack(document: Any) -> str:
    """JSON-able data as compressed text."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(text: str) -> Any:
    """What went into `pack`."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
