"""A seccomp filter: the few system calls that computing and two pipes need, and no other.

Classic BPF as in <linux/filter.h>, over `struct seccomp_data` of <linux/seccomp.h>: the call's number at 0, the
architecture at 4, argument i at 16 + 8 i, of which the lower half is compared (little endian). Numbers are those of
asm/unistd_64.h and asm-generic/unistd.h. A list of what is allowed, since a list of what is forbidden ages badly.
"""

from __future__ import annotations

import struct
from errno import EPERM

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""By `os.uname().machine`: the column of the tables below, and the kernel's AUDIT_ARCH."""

ALLOWED = {
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "gettid": (186, 178),
    "madvise": (28, 233),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "sigaltstack": (131, 132),
}
ONE_DESCRIPTOR = {"read": (0, 63), "write": (1, 64)}
"""Allowed on one file descriptor only: their first argument."""
NOT_EXECUTABLE = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Allowed without PROT_EXEC in their third argument: no new machine code."""
PROT_EXEC = 4

ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000 | EPERM, 0x80000000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06

Instruction = tuple[int, int, int, int]


def seccomp_filter(machine: str, questions: int, answers: int) -> bytes:
    """The program for a machine (`os.uname().machine`; KeyError if it is none of `ARCHITECTURES`).

    It allows reading from `questions` and writing to `answers`. Every other call fails with EPERM, and one by
    another architecture's numbers ends the process.
    """
    column, architecture = ARCHITECTURES[machine]
    program: list[Instruction] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, KILL),
        (_LOAD, 0, 0, 0),
    ]
    for numbers in ALLOWED.values():
        program += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, ALLOW)]
    for name, descriptor in (("read", questions), ("write", answers)):
        number = ONE_DESCRIPTOR[name][column]
        program += _guarded(number, 0, (_EQUAL, 0, 1, descriptor))
    for numbers in NOT_EXECUTABLE.values():
        program += _guarded(numbers[column], 2, (_ANY_BIT, 1, 0, PROT_EXEC))
    program.append((_RETURN, 0, 0, FAIL))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _guarded(number: int, argument: int, test: Instruction) -> list[Instruction]:
    """A call that is allowed if the test of one argument goes on, and fails if it jumps."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, 16 + 8 * argument),
        test,
        (_RETURN, 0, 0, ALLOW),
        (_RETURN, 0, 0, FAIL),
    ]
