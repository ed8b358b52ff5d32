"""The lines of a log without what loggers, terminals and mail put in front of them.

A log may be large and anything: it is read as a stream, a long line is cut, what is not text becomes a replacement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

LONGEST = 600
"""Bytes of a line that are read; the rest of a longer one is passed over."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_PREFIX = re.compile(
    r"""\s*(?:
        (?:>\s?)+                                                      # mail
      | \|\s
      | <\d{1,3}>                                                      # the level of a message, raw
      | [a-z]{3,8}\s*:[a-z]{3,7}\s*:\s                                 # dmesg --decode
      | \[\s*\+?\d+\.\d{3,6}\](?:\s?\[\s*[TC]\s*\d+(?:@\w+)?\])?          # seconds since the start, and who printed
      | \[\s*\w{3}\ \w{3}\s+\d+\ [\d:.]+(?:\ \d{4})?\]                 # dmesg --ctime
      | \[?\d{4}-\d\d-\d\d[T\ ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?        # ISO time, serial loggers
      | (?:\w{3}\s+)?\w{3}\s+\d{1,2}\ [\d:.]{8,15}\s                   # syslog, journalctl
      | (?:\S+\s)?kernel(?:\[\d+\])?:                                  # the host, and who says it
    )""",
    re.VERBOSE,
)


def lines(stream: BinaryIO) -> Iterator[str]:
    """Each line as text, without its end; never more than `LONGEST` bytes of it in memory."""
    while line := stream.readline(LONGEST):
        if not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def bare(line: str) -> str:
    """A line of the kernel's without prefixes; the space before a frame's name may go with them."""
    if "\x1b" in line or not line.isprintable():
        line = _ESCAPES.sub("", line.replace("\t", " "))
    for _ in range(8):  # quoted several times, from a syslog, with the seconds behind it
        found = _PREFIX.match(line)
        if found is None:
            break
        line = line[found.end() :]
    return line
