"""Jobs on the processors of this machine, a process for each, every death of one survived.

Not `concurrent.futures`: when one of its processes dies the whole pool is broken and nobody knows whose fault it was;
its processes outlive a parent that was killed; and `max_tasks_per_child`, which would keep the memory flat, can hang
(CPython issue 115634). Here each process has a pipe of its own, so the job that it had is known, and it ends when the
parent does, in the middle of a job too: that job has no result, and so is graded again.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")

JOBS_EACH = 100
"""A process is replaced after so many jobs, so that nothing it keeps can grow with the class."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_here(jobs: Iterable[J], work: Callable[[J], R], died: Callable[[J, str], R], count: int) -> Iterator[R]:
    """The results of `work` for each job, as they come; no job is taken before a process is free for it.

    A job whose process dies is tried once more; if that dies as well, its result is `died(job, why)`.
    """
    source = iter(jobs)
    again: deque[J] = deque()
    workers: list[_Worker[J, R]] = []
    tried: list[J] = []
    try:
        while True:
            for worker in [one for one in workers if one.job is None and one.done >= JOBS_EACH]:
                worker.stop()
                workers.remove(worker)
            while sum(one.job is not None for one in workers) < count:
                job = again.popleft() if again else next(source, None)
                if job is None:
                    break
                idle = next((one for one in workers if one.job is None), None)
                if idle is None:
                    idle = _Worker(work)
                    workers.append(idle)
                idle.give(job)
            busy = {one.pipe: one for one in workers if one.job is not None}
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                job = worker.job
                assert job is not None
                try:
                    result = worker.take()
                except (EOFError, OSError):
                    workers.remove(worker)
                    why = worker.stop()
                    if any(one is job for one in tried):
                        yield died(job, why)
                    else:
                        tried.append(job)
                        again.append(job)
                    continue
                yield result
    finally:
        for worker in workers:
            worker.kill()


class _Worker(Generic[J, R]):
    """A process, the pipe to it, the job it has, and how many it has done."""

    def __init__(self, work: Callable[[J], R]) -> None:
        context = get_context("spawn")  # a forked process would share our pipes, and so never see them close
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()
        self.job: J | None = None
        self.done = 0

    def give(self, job: J) -> None:
        self.job = job
        with suppress(OSError):  # it has died already: taking the result will say so
            self.pipe.send(job)

    def take(self) -> R:
        result: R = self.pipe.recv()
        self.job = None
        self.done += 1
        return result

    def stop(self) -> str:
        """Let it end by itself; how it ended, in words."""
        self.pipe.close()
        self.process.join(10)
        if self.process.exitcode is None:
            self.kill()
        code = self.process.exitcode or 0
        if code == -signal.SIGKILL:
            return "its process was killed: perhaps the machine ran out of memory"
        return f"its process died ({signal.Signals(-code).name})" if code < 0 else f"its process ended ({code})"

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def _serve(pipe: Connection[Any, Any], work: Callable[[J], R]) -> None:
    """Job after job until the pipe closes or the parent dies. Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(work(job))
        except BrokenPipeError:
            return


def _end_with_parent() -> None:
    """Wait for the parent's end, and end this process at once, whatever it is doing."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
