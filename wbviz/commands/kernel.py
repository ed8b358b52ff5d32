"""`python -m wbviz kernel`: what a real kernel's report or trace tells, and what it cannot tell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wbviz.errors import UsageError, printable

if TYPE_CHECKING:
    from wbviz.trouble.events import Reader
    from wbviz.trouble.stacks import Dump

READ = 0


Write = Callable[[str, str], None]


def add_command(commands: Any, write: Write) -> None:
    """Add `kernel` to the commands. write: takes the name of a file, or -, and its text."""
    parser = commands.add_parser("kernel", help="read a real kernel's hung-task report or trace of writeback")
    parser.add_argument("file", metavar="FILE", help="a log or a trace, or - for standard input")
    parser.add_argument("--html", metavar="FILE", help="write it as a page with a picture, with no network")
    parser.add_argument("--json", metavar="FILE", help="write what was read as JSON (- prints it)")
    parser.set_defaults(command=partial(_kernel, write))


def _kernel(write: Write, args: argparse.Namespace) -> int:
    from wbviz.trouble import events_words, words
    from wbviz.trouble.events import Reader
    from wbviz.trouble.reading import reading

    reader = Reader()
    dump = _dump(args.file, reader)
    read, trace = reading(dump), reader.trace()
    if not dump.tasks and not trace.events:
        raise _nothing(args.file, dump.read)
    if args.json is not None:
        traced = events_words.to_json(trace) if trace.events else None
        write(args.json, _json({**words.to_json(read), "trace": traced}))
    if args.html is not None:
        from wbviz.viz.cells.trouble import page

        write(args.html, page(read, trace))
    if "-" not in (args.json, args.html):
        parts = [words.text(read)] * bool(dump.tasks) + [events_words.text(trace)] * bool(trace.events)
        print(printable("\n\n".join(parts)))
    return READ


def _dump(name: str, reader: Reader) -> Dump:
    """The sleeping tasks of a file, while the reader takes its events: it is read once, and never held."""
    import sys

    from wbviz.trouble.events import watched
    from wbviz.trouble.lines import lines
    from wbviz.trouble.stacks import dump

    try:
        if name == "-":
            return dump(watched(lines(sys.stdin.buffer), reader))
        with Path(name).open("rb") as stream:
            return dump(watched(lines(stream), reader))
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}", fix="dmesg | python -m wbviz kernel -") from None


def _nothing(name: str, read: int) -> UsageError:
    shown = "standard input" if name == "-" else name
    return UsageError(
        f"no sleeping task and no trace event found in {shown}",
        came=f"{read} line{'s' if read != 1 else ''} without either",
        expected='"INFO: task NAME:PID blocked for more than 120 seconds.", what sysrq w prints, or a trace',
        cause="the report has left the kernel's buffer (try journalctl -k), or only its stack was copied",
        fix="echo w > /proc/sysrq-trigger; dmesg | python -m wbviz kernel -",
    )


def _json(data: dict[str, Any]) -> str:
    import json

    from wbviz import __version__

    return json.dumps({"wbviz": __version__, **data}, indent=1) + "\n"
