"""`python -m wbviz kernel`: what a real kernel's hung-task report tells, and what it cannot tell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError, printable

READ = 0


Write = Callable[[str, str], None]


def add_command(commands: Any, write: Write) -> None:
    """Add `kernel` to the commands. write: takes the name of a file, or -, and its text."""
    parser = commands.add_parser("kernel", help="read a hung-task report of a real kernel: who waits for whom")
    parser.add_argument("file", metavar="FILE", help="a log, or - for standard input")
    parser.add_argument("--html", metavar="FILE", help="write it as a page with a picture, with no network")
    parser.add_argument("--json", metavar="FILE", help="write what was read as JSON (- prints it)")
    parser.set_defaults(command=partial(_kernel, write))


def _kernel(write: Write, args: argparse.Namespace) -> int:
    from wbviz.trouble.reading import reading
    from wbviz.trouble.words import text, to_json

    dump = _dump(args.file)
    if not dump.tasks:
        raise _nothing(args.file, dump.read)
    read = reading(dump)
    if args.json is not None:
        write(args.json, _json(to_json(read)))
    if args.html is not None:
        from wbviz.viz.trouble import page

        write(args.html, page(read))
    if "-" not in (args.json, args.html):
        print(printable(text(read)))
    return READ


def _dump(name: str) -> Any:
    import sys

    from wbviz.trouble.lines import lines
    from wbviz.trouble.stacks import dump

    try:
        if name == "-":
            return dump(lines(sys.stdin.buffer))
        with Path(name).open("rb") as stream:
            return dump(lines(stream))
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}", fix="dmesg | python -m wbviz kernel -") from None


def _nothing(name: str, read: int) -> UsageError:
    shown = "standard input" if name == "-" else name
    return UsageError(
        f"no sleeping task found in {shown}",
        came=f"{read} line{'s' if read != 1 else ''} without a report",
        expected='lines as "INFO: task NAME:PID blocked for more than 120 seconds.", or what sysrq w prints',
        cause="the report has left the kernel's buffer (try journalctl -k), or only its stack was copied",
        fix="echo w > /proc/sysrq-trigger; dmesg | python -m wbviz kernel -",
    )


def _json(data: dict[str, Any]) -> str:
    import json

    from wbviz import __version__

    return json.dumps({"wbviz": __version__, **data}, indent=1) + "\n"
