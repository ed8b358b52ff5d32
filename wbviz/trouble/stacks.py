"""Sleeping tasks with their stacks, from the text of a log.

Hung-task reports, `echo w > /proc/sysrq-trigger`, and /proc/PID/stack, as kernels from 3.x to 6.x print them.
Nothing is read from an offset or an address: a frame is a function's name, and whether the unwinder vouches for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from wbviz.trouble.lines import bare

MOST_TASKS, MOST_FRAMES = 500, 100


class Frame(NamedTuple):
    """A function on a stack, without suffixes of the compiler. `sure` is False where the kernel printed `?`."""

    function: str
    sure: bool = True


class Owner(NamedTuple):
    """Who holds the lock that a task waits for, where the kernel itself names it (from 6.15 on)."""

    name: str
    pid: int


@dataclass(frozen=True)
class Task:
    """A task that sleeps: the innermost frame first. `seconds` and `pid` are None where the text does not tell.

    `whole`: the stack reaches its bottom. `times`: how often the same was reported.
    """

    name: str
    pid: int | None
    seconds: int | None = None
    workqueue: str = ""
    frames: tuple[Frame, ...] = ()
    whole: bool = False
    owner: Owner | None = None
    times: int = 1

    @property
    def label(self) -> str:
        """Name and number, as people say them."""
        return self.name if self.pid is None else f"{self.name}:{self.pid}"


class Dump(NamedTuple):
    """What a text has: its tasks in their order, the kernels that it names, and how many tasks were too many."""

    tasks: tuple[Task, ...]
    kernels: tuple[str, ...]
    left_out: int
    read: int  # lines


_HUNG = re.compile(r"INFO: task (.{1,64}?):(\d{1,9}) blocked (?:in I/O wait )?for more than (\d{1,9}) seconds")
_OWNED = re.compile(
    r"INFO: task (.{1,64}?):(\d{1,9}) (?:<\w+> )?(?:is )?blocked on .{1,40} likely (?:last )?(?:owned|held) by "
    r"task (.{1,64}?):(\d{1,9})"
)
_STATE = re.compile(
    r"^\s*(?:task:(?P<new>.{1,64}?)\s+state:(?P<newstate>\S)\s.*?\bpid:\s*(?P<newpid>\d{1,9})"
    r"|(?P<old>\S.{0,63}?)\s+(?P<state>[RSDTtZXIKWPx])\s*(?:running\stask\s+|[0-9a-f]{8,16}\s+)?\d+\s+(?P<pid>\d{1,9})\s+\d+\s+(?:\d+\s+)?0x[0-9a-fA-F]+\s*$)"
)
_PROC = re.compile(r"/proc/(\d{1,9})/(?:task/\d+/)?stack\b")
_VERSION = re.compile(r"tainted(?::[ A-Z()]{1,40}?)?\s{1,8}(?:[A-Z-]{1,24}\s{1,8}){0,24}(\d+\.\d+\S*)", re.IGNORECASE)
_WORKQUEUE = re.compile(r"^\s*Workqueue:\s*(.{1,120}?)\s*$")
_ARM = re.compile(r"^\s*(?:\[<[0-9a-f]+>\]\s*)?\(?([A-Za-z_][\w.]*)[^()]{0,60}\)? from \[?")
_FRAME = re.compile(
    r"^\s*(?:\(?\[<?[0-9a-fx]*>?\]\)?\s*)*(?P<q>\?\s*)?\(?(?P<name>[A-Za-z_][\w.$]*)(?P<at>\+0x[0-9a-f]+(?:/0x[0-9a-f]+)?)?"
    r"\)?(?P<rest>.*)$"
)
_INLINED = re.compile(r"^\s*([A-Za-z_]\w{0,80}) \S{1,200}:\d+ \[inline\]\s*$")  # as syzbot's reports have them
_ENDS = (
    "RIP:",
    "RSP:",
    "Code:",
    "Call Trace",
    "Call trace",
    "CPU: ",
    "NMI backtrace",
    "Showing all locks",
    "Kernel panic",
)
_WORD = re.compile(r"^\s*(?:\?\s*)?[a-z_][a-z0-9_.]{3,}\s*$")
_NUMBERS = re.compile(r"^\s*[0-9a-f]{8,16}(?:\s+[0-9a-f]{8,16})*\s*$")
_SUFFIX = re.compile(r"\.(?:isra|constprop|part|cold|llvm|lto_priv)\b[\w.]*$|\.(?:isra|constprop|part|cold)\.?\d*")
_CALL = re.compile(r"^(?:__)?(?:x64|ia32|arm64|se|do|s390x?|riscv|powerpc)_sys_|^(?:SyS|SYSC|ksys)_|^__sys_")
_OUTERMOST = """
    ret_from_fork ret_from_fork_asm kernel_thread_helper kernel_thread_starter child_rip system_call_fastpath
    system_call_after_swapgs system_call sysenter_dispatch entry_SYSCALL_64_after_hwframe
    entry_SYSCALL_64_fastpath entry_SYSCALL_64_after_swapgs entry_SYSCALL_64 sysenter_past_esp syscall_call
    ret_fast_syscall el0_svc el0_svc_naked el0t_64_sync el0_sync ret_from_kernel_thread
    ret_from_kernel_user_thread system_call_common asm_exc_page_fault page_fault async_page_fault
    entry_INT80_compat entry_INT80_32 entry_SYSENTER_compat do_syscall_64 tracesys sysc_noemu handle_sys
    stub_clone ret_from_exception ret_from_syscall handle_syscall kthread worker_thread wb_workfn kswapd
    kjournald2
"""
_BOTTOM = frozenset(_OUTERMOST.split())


@lru_cache(4096)
def function(name: str) -> str:
    """A function's plain name: no suffix of the compiler, one spelling for a system call."""
    return _CALL.sub("sys_", _SUFFIX.sub("", name))


def dump(text: Iterable[str]) -> Dump:
    """The sleeping tasks in a text. The same task asleep at the same place is one, with the longest time."""
    found: dict[tuple[str, int | None, tuple[Frame, ...]], Task] = {}
    owners: dict[tuple[str, int], Owner] = {}
    kernels: dict[str, None] = {}
    left_out = 0
    reader = _Reader(kernels, owners)
    for task in reader.tasks(text):
        key = (task.name, task.pid, task.frames)
        old = found.get(key)
        if old is not None:
            longest = max(old.seconds or 0, task.seconds or 0) or None
            found[key] = replace(old, seconds=longest, times=old.times + 1)
        elif len(found) < MOST_TASKS:
            found[key] = task
        else:
            left_out += 1
    tasks = (replace(t, owner=owners.get((t.name, t.pid or 0))) for t in _one_each(found.values()))
    return Dump(tuple(tasks), tuple(kernels), left_out, reader.read)


def _one_each(tasks: Iterable[Task]) -> list[Task]:
    """A report without a stack says nothing beside one of the same task that has it."""
    listed = list(tasks)
    told = {(task.name, task.pid) for task in listed if task.frames}
    return [task for task in listed if task.frames or (task.name, task.pid) not in told]


@dataclass
class _Reader:
    """One pass over the lines. Most lines of a log are of no report: they cost a few searches for a word."""

    kernels: dict[str, None]
    owners: dict[tuple[str, int], Owner]
    read: int = 0
    task: Task | None = None
    frames: list[Frame] = field(default_factory=list)
    strange: int = 0
    ended: bool = False

    def tasks(self, text: Iterable[str]) -> Iterator[Task]:
        for line in text:
            self.read += 1
            if self.task is None and not _promising(line):
                continue
            yield from self._line(bare(line))
        yield from self._close()

    def _line(self, line: str) -> Iterator[Task]:
        if "+0x" in line:  # most lines of a report: a frame, and nothing else
            self._stacked(line)
        elif owned := _OWNED.search(line):
            if len(self.owners) < MOST_TASKS:
                self.owners[owned[1], int(owned[2])] = Owner(owned[3], int(owned[4]))
        elif hung := _HUNG.search(line):
            yield from self._close()
            self._open(Task(hung[1], int(hung[2]), int(hung[3])))
        elif proc := _PROC.search(line):
            yield from self._close()
            self._open(Task("pid", int(proc[1])))
        elif state := _STATE.match(line):
            yield from self._state(state)
        elif self.task is not None:
            self._within(line)

    def _open(self, task: Task) -> None:
        self.task, self.frames, self.strange, self.ended = task, [], 0, False

    def _state(self, found: re.Match[str]) -> Iterator[Task]:
        name, pid = found["new"] or found["old"], int(found["newpid"] or found["pid"])
        if self.task is not None and self.task.pid == pid and not self.frames:
            return  # the second line of a hung-task report
        yield from self._close()
        if (found["newstate"] or found["state"]) == "D":
            self._open(Task(name.strip(), pid))

    def _within(self, line: str) -> None:
        task = self.task
        assert task is not None
        if version := _VERSION.search(line):
            if len(self.kernels) < 8:
                self.kernels[version[1][:60]] = None
        elif queue := _WORKQUEUE.match(line):
            self.task = replace(task, workqueue=queue[1])
        else:
            self._stacked(line)

    def _stacked(self, line: str) -> None:
        if self.task is None or self.ended:
            return
        if (frame := _frame(line)) is not None:
            self.strange = 0
            if len(self.frames) < MOST_FRAMES:
                self.frames.append(frame)
        elif self.frames and line.strip() not in ("<TASK>", ""):
            self.strange += 1  # a line of somebody else may come between; several end the stack
            self.ended = "</TASK>" in line or self.strange > 3 or line.lstrip().startswith(_ENDS)

    def _close(self) -> Iterator[Task]:
        if self.task is not None:
            frames = tuple(self.frames)
            whole = any(frame.function in _BOTTOM for frame in frames)
            if frames or self.task.seconds is not None:
                yield replace(self.task, frames=frames, whole=whole)
        self.task = None


def _promising(line: str) -> bool:
    return (
        "blocked " in line
        or "task:" in line
        or "/stack" in line
        or " D " in line
        or (" 0x" in line and "+0x" not in line)
    )


def _frame(line: str) -> Frame | None:
    if " from " in line and (arm := _ARM.match(line)):
        return Frame(function(arm[1]))
    if inlined := _INLINED.match(line) if "[inline]" in line else None:
        return Frame(function(inlined[1]))
    if "+0x" not in line and _NUMBERS.match(line):
        return None
    found = _FRAME.match(line)
    if found is None:
        return None
    addressed = "[<" in line[: found.start("name")]
    if not (found["at"] or addressed or _WORD.match(line)) or found["name"] == "0x":
        return None
    if found["rest"].strip().startswith((":", "=")):
        return None  # RIP: 0033:..., a register
    return Frame(function(found["name"]), not found["q"] and "(unreliable)" not in found["rest"])
