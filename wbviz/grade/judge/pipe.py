"""Messages to a child and back, a line of JSON each, every one with a deadline and a limit on its size."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Callable
from signal import SIGKILL, SIGXCPU
from time import monotonic
from typing import Any

from wbviz.grade.judge.errors import Late, Misbehaviour, Spent
from wbviz.grade.judge.limits import Limits

_CHUNK = 1 << 16
_DIED = "too much memory, or a recursion so deep that the interpreter broke"


def _unknown() -> int | None:
    return None


class Pipe:
    """The two ends that the judge holds. Its methods raise `Misbehaviour`, `Spent`, and nothing else.

    `status` waits for the end of a child that has hung up, and gives its exit status as `subprocess` has it, or None.
    """

    def __init__(
        self, questions: int, answers: int, limits: Limits, status: Callable[[], int | None] = _unknown
    ) -> None:
        self._status = status
        for end in (questions, answers):
            os.set_blocking(end, False)
        self._questions = questions
        self._answers = answers
        self._limits = limits
        self._buffer = bytearray()
        self._total = 0
        self._waited = 0.0
        self._readable = select.poll()
        self._readable.register(answers, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(questions, select.POLLOUT)

    def ask(self, message: object) -> Any:
        """Send a message and wait for the next one. Whatever came before it was unasked."""
        if self._buffer or self._readable.poll(0):
            self._more()  # the end of a child that died shows here too
            raise Misbehaviour("the program sent a message that nobody had asked for", _stuffed())
        self.send(message)
        return self.receive()

    def send(self, message: object) -> None:
        """Send a message; it waits no longer than for an answer."""
        data = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        deadline = monotonic() + self._limits.answer_seconds
        while data:
            try:
                data = data[os.write(self._questions, data) :]
            except BlockingIOError:
                self._wait(self._writable, deadline)
            except BrokenPipeError:
                raise self._died() from None

    def receive(self) -> Any:
        """The next message, as JSON has it."""
        deadline = monotonic() + self._limits.answer_seconds
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                break
            if len(self._buffer) > self._limits.line_bytes:
                raise Misbehaviour(
                    f"the program sent a message of more than {self._limits.line_bytes:,} bytes",
                    "a work carries too much info, or a value that grows without end",
                )
            self._wait(self._readable, deadline)
            self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if end > self._limits.line_bytes:
            raise Misbehaviour(f"the program sent a message of more than {self._limits.line_bytes:,} bytes")
        if self._buffer:
            raise Misbehaviour("the program sent a message that nobody had asked for", _stuffed())
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            raise Misbehaviour("the program sent something that is no message", _stuffed()) from None

    def _more(self) -> None:
        try:
            data = os.read(self._answers, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            raise self._died() from None
        if not data:
            raise self._died()
        self._buffer += data
        self._total += len(data)
        if self._total > self._limits.total_bytes:
            raise Spent(f"the program sent more than {self._limits.total_bytes:,} bytes in all")

    def _wait(self, ready: select.poll, deadline: float) -> None:
        began = monotonic()
        allowed = min(deadline - began, self._limits.wait_seconds - self._waited)
        came = ready.poll(max(0.0, allowed) * 1000)
        self._waited += monotonic() - began
        if not came:
            seconds = self._limits.answer_seconds if deadline - began <= allowed else self._limits.wait_seconds
            raise Late(f"the program did not answer within {seconds:g} seconds")

    def _died(self) -> Misbehaviour | Spent:
        status = self._status() or 0
        signal = -status if status < 0 else status - 128  # bubblewrap adds 128
        if signal == SIGXCPU:
            return Spent(f"the policy used more than {self._limits.cpu_seconds} seconds of processor time")
        if signal == SIGKILL:
            return Late("it was killed, by this machine or by its own doing")
        return Misbehaviour("the program that runs the policy died", _DIED)


def _stuffed() -> str:
    return "code that writes to a file descriptor instead of yielding operations"
