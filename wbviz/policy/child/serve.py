"""Answers a judge's questions about one policy, a line of JSON each way: the other end of `wbviz.grade.judge`.

| the judge sends | the child answers |
|---|---|
| `["policy", file, text]`, first and once | `["plain", whether it is]`, before any of it has run |
| `["problem"]` | `["problem", null or an error]` |
| `["printed"]` | `["printed", lines]`, what the policy has printed |
| `["start", function, argument]`, `["resume", place, answer]` | reads, then one of `op`, `return`, `fault` |
| `["relative", "start" or "resume", …]`, the same with positions for indexes | as before, of places of their own |
| `["value", v]`, to a read | as before |
| `["halt"]`, to a read that broke a rule | `["halted"]` |

A read is `["read", target, attr, line]`; the others are `["op", place, works, name, args, info, lines]`,
`["return", place, works, value]` and `["fault", place, works, error]`. Tuples of the protocol travel as arrays.
"""

from __future__ import annotations

import json
import os
from typing import Any

from wbviz.policy.histories import GeneratorPrograms
from wbviz.policy.protocol import Fault, Halt, Op, Read, Turn, Value
from wbviz.policy.source import Source
from wbviz.policy.untrusted_run import problem

QUESTIONS, ANSWERS = 0, 1
"""File descriptors: where questions come from, and where answers go."""


class Channel:
    """Messages as lines of JSON."""

    def __init__(self) -> None:
        self._buffer = b""

    def receive(self) -> Any:
        """The next message. Ends the process when the judge is gone: nothing is left to do, no handler is to run."""
        while b"\n" not in self._buffer:
            data = os.read(QUESTIONS, 1 << 16)
            if not data:
                os._exit(0)
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return as_tuples(json.loads(line))

    def send(self, message: object) -> None:
        """Send one message."""
        data = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[os.write(ANSWERS, data) :]


class Reads:
    """Asks the judge for what a turn reads: each thing once, since nothing changes while a turn runs.

    With positions the queue is one of many, and the judge is to know how often it was looked at.
    """

    def __init__(self, channel: Channel, relative: bool) -> None:
        self._channel = channel
        self._relative = relative
        self._known: dict[tuple[Value, str], Value] = {}

    def __call__(self, read: Read) -> Value:
        key = (read.target, read.attr)
        if key not in self._known or (self._relative and read.target == "mm"):
            self._channel.send(("read", *read))
            answer = self._channel.receive()
            if answer[0] == "halt":
                raise Halt
            self._known[key] = answer[1]
        return self._known[key]


def serve(channel: Channel) -> None:
    """Answer for one policy, until the judge is gone."""
    _, file, text = channel.receive()
    source = Source(file, text)
    channel.send(("plain", source.plain()))
    absolute = GeneratorPrograms(source=source)
    with_positions = GeneratorPrograms(source=source, relative=True)
    while True:
        question = channel.receive()
        if question[0] == "problem":
            error = problem(source)
            channel.send(("problem", error and error.as_dict()))
            continue
        if question[0] == "printed":
            channel.send(("printed", source.printed.lines()))
            continue
        relative = question[0] == "relative"
        programs = with_positions if relative else absolute
        what, *asked = question[1:] if relative else question
        ask: Any = programs.start if what == "start" else programs.resume
        try:
            answer = encoded(ask(*asked, Reads(channel, relative)))
        except Halt:
            answer = ("halted",)
        channel.send(answer)


def encoded(turn: Turn) -> tuple[Any, ...]:
    """A turn as a message."""
    request = turn.request
    if isinstance(request, Op):
        return ("op", turn.place, turn.works, *request)
    if isinstance(request, Fault):
        return ("fault", turn.place, turn.works, request.error.as_dict())
    return ("return", turn.place, turn.works, request.value)


def as_tuples(data: Any) -> Any:
    """Arrays of JSON as the tuples that they were."""
    return tuple([as_tuples(item) for item in data]) if type(data) is list else data
