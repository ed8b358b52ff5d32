"""Watching and stopping a policy's code by `sys.settrace`: lines are counted, never seconds.

A trace function that raises is removed by CPython. So a loop in which a bare `except` swallows the stop goes on, and so
does one within a single call of a function written in C: a sandbox stops these by the clock.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from wbviz.policy.source import Source
from wbviz.policy.unrun import runs_nothing

LINES_A_TURN = 100_000
LINES_OF_KNOWN = 3_000
"""So many lines are enough for a loop that was found endless once: on other pages it is asked again and again."""
_WATCHED = 2_000
"""So many lines before a limit the loop is watched, to name it."""

_BY_OPCODE = sys.version_info < (3, 12)
"""Whether a loop on one line must be counted by instructions."""


class Stop(BaseException):
    """Ends the policy's code after a misuse. Not an Exception, so that `except Exception` lets it through."""


class LineCounter:
    """Counts the lines of one turn. Over the limit it raises `Stop`, and `endless` says which lines went round.

    It raises `Stop` as well before a call of a helper that yields, if the result goes nowhere: `unrun` says in which
    line, which helper, and what becomes of the result.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._file = source.file
        self.count = 0
        self._limit = LINES_OF_KNOWN if source.loops else LINES_A_TURN
        self._stack: list[FrameType] = []
        self._seen: dict[int, set[int]] = {}
        self._unused = source.unused_calls()
        self.endless: tuple[int, ...] | None = None
        self.unrun: tuple[int, str, str] | None = None
        self.last_line = 0
        self.lines: set[int] = set()

    def enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        """The trace function for calls: only the policy's own code is traced."""
        if frame.f_code.co_filename != self._file:
            return None
        if _BY_OPCODE and self._source.tight(frame.f_code):
            frame.f_trace_opcodes = True
        return self.line

    def line(self, frame: FrameType, event: str, arg: Any) -> Any:
        """The trace function for lines."""
        if event == "line" or event == "opcode":
            self.count += 1
            self.lines.add(frame.f_lineno)
            if frame.f_lineno in self._unused:
                self._look_for_unrun(frame)
            if self.count > self._limit - _WATCHED:
                self._note(frame)
        elif event == "return":
            self.last_line = frame.f_lineno
        return self.line

    @property
    def stopped(self) -> bool:
        """Whether the policy was told to stop."""
        return self.endless is not None or self.unrun is not None

    def _look_for_unrun(self, frame: FrameType) -> None:
        for path, use in self._unused[frame.f_lineno]:
            if self.unrun is None and runs_nothing(frame, self._file, path):
                self.unrun = frame.f_lineno, ".".join(path), use
                raise Stop

    def _note(self, frame: FrameType) -> None:
        if not self._stack:
            self._stack = _frames(self._file, frame)
        self._seen.setdefault(id(frame), set()).add(frame.f_lineno)
        if self.count <= self._limit:
            return
        now = _frames(self._file, frame)
        both = [then for then, still in zip(self._stack, now, strict=False) if then is still]
        looping = both[-1] if both else frame
        lines = frozenset(self._seen.get(id(looping), {looping.f_lineno}))
        loop = looping.f_code, lines
        self._stack = []
        self._seen = {}
        if self._limit == LINES_A_TURN or loop in self._source.loops:
            self._source.loops.add(loop)
            self.endless = tuple(sorted(lines))
            raise Stop
        self._limit = LINES_A_TURN


def _frames(file: str, frame: FrameType | None) -> list[FrameType]:
    """The policy's frames on the stack, outermost first."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename == file:
            found.append(frame)
        frame = frame.f_back
    return found[::-1]


def line_of(file: str, frame: FrameType | None) -> int:
    """The line of the innermost frame of a file, 0 if there is none."""
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back
    return 0


def _stop(frame: FrameType, event: str, arg: Any) -> Any:
    if event == "line" or event == "opcode":
        raise Stop
    return _stop


def ignore(unraisable: Any) -> None:
    """The `sys.unraisablehook` while a policy runs: nothing that it cannot raise is anybody's business."""


def stop_from(file: str, frame: FrameType | None) -> None:
    """From the next line on nothing more is done in the frames of a file, handlers included."""
    while frame is not None:
        if frame.f_code.co_filename == file:
            frame.f_trace = _stop
        frame = frame.f_back
    sys.settrace(_stop)


def discard(generator: Any, file: str) -> None:
    """End a suspended generator without a line of its code: what it does in `finally` or `except` is stopped at once.

    It may take several attempts: each leaves one handler.
    """
    if not generator.gi_suspended:
        generator.close()
        return

    def enter(frame: FrameType, event: str, arg: Any) -> Any:
        return _stop if frame.f_code.co_filename == file else None

    outer = sys.gettrace()
    hook = sys.unraisablehook
    sys.unraisablehook = ignore
    try:
        for _ in range(100):
            inner = generator
            while getattr(inner, "gi_frame", None) is not None:
                inner.gi_frame.f_trace = _stop
                inner = inner.gi_yieldfrom
            sys.settrace(enter)
            try:
                generator.throw(GeneratorExit)
            except KeyboardInterrupt:
                raise
            except BaseException:
                pass
            finally:
                sys.settrace(outer)
            if generator.gi_frame is None:
                return
    finally:
        sys.unraisablehook = hook
