"""A file that is no UTF-8 text: what it seems to be instead, and how to rewrite it without losing it."""

from __future__ import annotations

import codecs
import shlex
from contextlib import suppress
from pathlib import PurePath
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252 or Latin-1", "latin-1": "Latin-1"}


class Mistaken(NamedTuple):
    """What is wrong with the bytes of a file, in the parts of a message. `fix` is a command, or "" if none helps.

    `line` counts from 1; `quotable`: the lines of the file can be shown.
    """

    what: str
    line: int
    quotable: bool
    came: str
    cause: str
    fix: str


def mistaken(data: bytes, name: str) -> Mistaken | None:
    """What is wrong with the bytes of a file called `name`; None if they are UTF-8 text."""
    try:
        if b"\0" not in data:
            data.decode("utf-8")
            return None
        at = data.index(b"\0")
    except UnicodeDecodeError as error:
        at = error.start
    encoding = _seems(data)
    if encoding is None:
        came, cause = (
            f"the byte 0x{data[at]:02x} at position {at}",
            "a program, a picture or a document under this name",
        )
        return Mistaken("the file is no text", data.count(b"\n", 0, at) + 1, False, came, cause, "")
    wide = encoding.startswith("utf")
    return Mistaken(
        "the file is not UTF-8 text",
        1 if wide else data.count(b"\n", 0, at) + 1,
        not wide,
        _NAMES.get(encoding, encoding.upper()) if wide else f"the byte 0x{data[at]:02x} at position {at}",
        f"an editor saved it as {_NAMES.get(encoding, encoding.upper())}",
        rewritten(name, encoding),
    )


def rewritten(name: str, encoding: str) -> str:
    """A command that writes the file once more, in UTF-8 and under another name. It overwrites nothing."""
    path = PurePath(name)
    new = path.with_name(f"{path.stem}-utf8.py")
    code = (
        f"import sys; open(sys.argv[2], 'x', encoding='utf-8').write(open(sys.argv[1], encoding='{encoding}').read())"
    )
    return f'python -c "{code}" {shlex.quote(name)} {shlex.quote(str(new))}'


def _seems(data: bytes) -> str | None:
    """The encoding in which the bytes are text, by their look; None if they are none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding if _is_text(data, encoding) else None
    if b"\0" in data:  # text of Latin letters in two bytes each, without a mark
        even, odd = data[::2].count(0), data[1::2].count(0)
        wide = "utf-16-le" if odd > even else "utf-16-be"
        return wide if 3 * max(even, odd) > len(data) and _is_text(data, wide) else None
    if sum(byte < 32 and byte not in b"\t\n\r\f" for byte in data[:4096]) * 50 > len(data[:4096]):
        return None
    return "cp1252" if _is_text(data, "cp1252") else "latin-1"


def _is_text(data: bytes, encoding: str) -> bool:
    with suppress(UnicodeDecodeError):
        return "\0" not in data.decode(encoding)
    return False
