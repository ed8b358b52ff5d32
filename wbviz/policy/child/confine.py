"""This process gives up all that it does not need, before it sees a line of the submission. There is no way back.

In this order, since each step needs what the next one takes away: limits on resources, another user, capabilities,
landlock (no file, no network, no signal to others), seccomp (no system call but those of `bpf`). What fails raises
OSError: a process that could not give something up must not go on.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable

from wbviz.policy.child.bpf import seccomp_filter

NOBODY = 65534
"""The user and the group that root becomes."""

# <linux/prctl.h>, <linux/seccomp.h>, <linux/capability.h>
_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVS = 1, 4, 38
_SECCOMP_SET_MODE_FILTER = 1
_CAPABILITY_VERSION_3 = 0x20080522
_NUMBERS = {"capset": (126, 91), "seccomp": (317, 277), "create_ruleset": (444, 444), "restrict_self": (446, 446)}

# <linux/landlock.h>: all that can be denied, by the version of the interface that brought it.
_FILES_BY_ABI = {1: 13, 2: 14, 3: 15, 5: 16}
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_NETWORK, _SCOPES = 0b11, 0b11


def limit(memory: int, cpu: int) -> None:
    """Bound what the process may use: bytes of address space, seconds of processor time; no files, no processes."""
    bounds = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, bound in bounds.items():
        _, hard = resource.getrlimit(kind)
        most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
        bound = min(bound, most)
        # Of processor time a second more, since the signal that ends it at the first bound says why.
        last = min(bound + 1, most) if kind == resource.RLIMIT_CPU else bound
        resource.setrlimit(kind, (bound, last))


def die_with_parent() -> None:
    """Ask the kernel to end this process when the thread that started it ends. (Lost when the user changes.)"""
    if sys.platform == "linux":
        _checked(ctypes.CDLL(None, use_errno=True).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def confine(questions: int, answers: int, landlock: bool) -> None:
    """See the module. Only reading from `questions` and writing to `answers` is left, besides memory.

    Without `landlock` it is done without where the kernel has none: there must then be namespaces.
    """
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    die_with_parent()
    libc = ctypes.CDLL(None, use_errno=True)
    column = 1 if os.uname().machine == "aarch64" else 0

    def call(name: str, *args: object) -> int:
        return _checked(libc.syscall(ctypes.c_long(_NUMBERS[name][column]), *args))

    call("capset", struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24))
    _checked(libc.prctl(_DUMPABLE, 0, 0, 0, 0))
    _checked(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    try:
        _landlock(call)
    except OSError:
        if landlock:
            raise
    program = seccomp_filter(os.uname().machine, questions, answers)
    held = ctypes.create_string_buffer(program, len(program))
    call("seccomp", _SECCOMP_SET_MODE_FILTER, 0, struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))
    _verify(questions)


def _landlock(call: Callable[..., int]) -> None:
    """Deny every access to files that the kernel's landlock knows, TCP, and signals to the outside."""
    abi = call("create_ruleset", None, ctypes.c_size_t(0), 1)
    files = max(count for since, count in _FILES_BY_ABI.items() if since <= abi)
    rules = struct.pack(
        "=QQQ",
        (1 << files) - 1,
        _NETWORK if abi >= _NETWORK_SINCE else 0,
        _SCOPES if abi >= _SCOPES_SINCE else 0,
    )
    size = 24 if abi >= _SCOPES_SINCE else 16 if abi >= _NETWORK_SINCE else 8
    ruleset = call("create_ruleset", rules, ctypes.c_size_t(size), 0)
    call("restrict_self", ruleset, 0)
    os.close(ruleset)


def _verify(questions: int) -> None:
    """What must not work does not. A sandbox that is believed in is none."""
    attempts: dict[str, Callable[[], object]] = {
        "open a file": lambda: os.open("/", os.O_RDONLY),
        "make a process": os.fork,
        "duplicate a pipe": lambda: os.dup(questions),
        "send a signal": lambda: os.kill(1, 0),
    }
    for what, attempt in attempts.items():
        try:
            attempt()
        except PermissionError:
            continue
        raise OSError(f"the sandbox let the process {what}")


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
