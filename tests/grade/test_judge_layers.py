"""Each layer of the sandbox alone, the others taken away: none of them hides that another does nothing."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grade.test_judge_child import ROOT, need
from wbviz.grade.judge import Limits
from wbviz.grade.judge.command import child_command, environment
from wbviz.policy.child import bpf

ATTEMPTS = """\
import ctypes, json, os, struct, sys
name, port, secret, judge = sys.argv[-4].encode(), int(sys.argv[-3]), sys.argv[-2], int(sys.argv[-1])
libc = ctypes.CDLL(None, use_errno=True)

def attempt(function):
    try:
        return repr(function())
    except OSError as error:
        return type(error).__name__ + f" {error.errno}"

def connect():
    number = libc.socket(2, 1, 0)
    address = struct.pack("=H", 2) + struct.pack(">H", port) + bytes([127, 0, 0, 1]) + bytes(8)
    if number < 0 or libc.connect(number, address, 16) < 0:
        raise OSError(ctypes.get_errno(), "connect")
    return "connected"

def capabilities():
    data = ctypes.create_string_buffer(24)
    if libc.capget(struct.pack("=Ii", 0x20080522, 0), data) < 0:
        raise OSError(ctypes.get_errno(), "capget")
    return struct.unpack("=IIIIII", data.raw)[0::3]

def mount():
    if libc.mount(b"none", b"/", b"tmpfs", 0, None) < 0:
        raise OSError(ctypes.get_errno(), "mount")

found = {
    "user": attempt(os.getuid),
    "capabilities": attempt(capabilities),
    "root": attempt(lambda: sorted(os.listdir("/"))),
    "secret": attempt(lambda: open(secret).read()),
    "create": attempt(lambda: open("/created-by-a-test", "w").close()),
    "create beside": attempt(lambda: open(secret + "2", "w").close()),
    "connect": attempt(connect),
    "signal": attempt(lambda: os.kill(judge, 0)),
    "hostname": attempt(lambda: libc.sethostname(name, len(name))),
    "become root": attempt(lambda: os.setresuid(0, 0, 0)),
    "mount": attempt(mount),
    "fork": attempt(lambda: os.fork() or os._exit(0)),
    "environment": attempt(lambda: sorted(os.environ)),
}
sys.stdout.write(json.dumps(found))
sys.stdout.flush()
os._exit(0)
"""
ALONE = """\
import ctypes, json, os, struct, sys
sys.path.insert(0, sys.argv[1])
from wbviz.policy.child import confine
confine._verify = lambda questions: None
"""
NO_SECCOMP = "confine.seccomp_filter = lambda *args: struct.pack('=HBBI', 6, 0, 0, 0x7FFF0000)\n"
NO_LANDLOCK = "confine._landlock = lambda call: None\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[list[str]]:
    """What the attempts are made on: this machine's name (as it is already), a port that listens, a file, a process."""
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield [os.uname().nodename, str(server.getsockname()[1]), str(secret), str(os.getpid())]


def attempts(command: list[str], world: list[str]) -> dict[str, str]:
    done = subprocess.run(
        [*command, *world], input="", capture_output=True, text=True, env=environment(), cwd="/", check=False
    )
    assert done.stdout, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def alone(taken_away: str) -> list[str]:
    """A process that confines itself, some layers taken away."""
    code = f"{ALONE}{taken_away}confine.confine(0, 1, landlock=True)\n{ATTEMPTS}"
    return [sys.executable, "-P", "-s", "-S", "-B", "-c", code, str(ROOT)]


def test_without_any_layer_all_is_allowed(world: list[str]) -> None:
    found = attempts([sys.executable, "-S", "-B", "-c", ATTEMPTS.replace("libc.mount(", "(lambda *a: 0)(")], world)
    assert (found["secret"], found["connect"], found["signal"]) == ("'hidden'", "'connected'", "None")
    assert "etc" in found["root"]
    Path(f"{world[2]}2").unlink()
    Path("/created-by-a-test").unlink(missing_ok=True)


def test_bubblewrap_alone(world: list[str]) -> None:
    need("bubblewrap")
    command = child_command("bubblewrap", Limits())
    command[command.index("-c") + 1] = ATTEMPTS
    found = attempts(command, world)
    assert found["user"] == "65534"
    assert found["capabilities"] == "(0, 0)"
    assert set(json.loads(found["root"].replace("'", '"'))) <= {
        "etc",
        "judge",
        "lib",
        "lib64",
        "root",
        "usr",
        "opt",
        "home",
    }
    assert found["secret"].startswith("FileNotFoundError")
    assert found["create"] == "OSError 30"  # EROFS
    assert found["create beside"].startswith("FileNotFoundError")
    assert found["connect"].startswith(("ConnectionRefusedError", "OSError 101"))
    assert found["signal"].startswith("ProcessLookupError")
    assert found["hostname"] == "-1"
    assert found["become root"].startswith(("PermissionError", "OSError 22"))
    assert found["mount"].startswith("PermissionError")
    assert set(json.loads(found["environment"].replace("'", '"'))) <= {"PYTHONHASHSEED", "LC_CTYPE", "PWD"}


def test_landlock_and_the_dropped_user_alone(world: list[str]) -> None:
    need("landlock")
    found = attempts(alone(NO_SECCOMP), world)
    denied = "PermissionError 13"
    assert found["user"] == ("65534" if os.getuid() == 0 else str(os.getuid()))
    assert found["capabilities"] == "(0, 0)"
    assert (found["root"], found["secret"], found["create"], found["create beside"]) == (denied,) * 4
    abi = landlock_version()
    assert found["connect"] == (denied if abi >= 4 else "'connected'")
    assert found["signal"].startswith("PermissionError" if abi >= 6 or os.getuid() == 0 else "None")
    assert found["become root"].startswith("PermissionError")
    assert found["mount"].startswith("PermissionError")


def landlock_version() -> int:
    import ctypes

    return int(ctypes.CDLL(None).syscall(444, None, 0, 1))


def test_seccomp_alone(world: list[str]) -> None:
    need("landlock")
    found = attempts(alone(NO_LANDLOCK), world)
    denied = "PermissionError 1"
    for what in ("root", "secret", "create", "create beside", "connect", "signal", "become root", "mount", "fork"):
        assert found[what] == denied, what
    assert found["hostname"] == "-1"


# The filter itself, on both architectures, without a kernel


def run_filter(program: bytes, architecture: int, number: int, *args: int) -> int:
    """What a filter answers to a system call: a machine for the few instructions that it uses."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *args, *[0] * (6 - len(args)))
    instructions = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        code, yes, no, operand = instructions[at]
        at += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif code == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            at += yes if accumulator == operand else no
        elif code == 0x45:  # BPF_JMP | BPF_JSET | BPF_K
            at += yes if accumulator & operand else no
        else:
            assert code == 0x06  # BPF_RET | BPF_K
            return operand


@pytest.mark.parametrize("machine", bpf.ARCHITECTURES)
def test_the_filter_allows_what_it_names_and_nothing_else(machine: str) -> None:
    column, architecture = bpf.ARCHITECTURES[machine]
    program = bpf.seccomp_filter(machine, 0, 1)

    def answer(number: int, *args: int) -> int:
        return run_filter(program, architecture, number, *args)

    always = {numbers[column] for numbers in bpf.ALLOWED.values()}
    read, write = (bpf.ONE_DESCRIPTOR[name][column] for name in ("read", "write"))
    mapping = {numbers[column] for numbers in bpf.NOT_EXECUTABLE.values()}
    for number in range(600):
        expected = bpf.ALLOW if number in always | mapping or number == read else bpf.FAIL
        assert answer(number, 0, 0, 3) == expected, number
        assert answer(0x40000000 | number, 0, 0, 3) == bpf.FAIL, "the x32 table"
    assert [answer(read, number) for number in (0, 1, 2, 2**32 - 1)] == [bpf.ALLOW, bpf.FAIL, bpf.FAIL, bpf.FAIL]
    assert [answer(write, number) for number in (0, 1, 2, 3)] == [bpf.FAIL, bpf.ALLOW, bpf.FAIL, bpf.FAIL]
    for number in mapping:
        for protection in range(8):
            assert answer(number, 0, 4096, protection) == (bpf.FAIL if protection & 4 else bpf.ALLOW)
    for other in {value for _, value in bpf.ARCHITECTURES.values()} - {architecture} | {0x40000003}:
        assert run_filter(program, other, min(always)) == bpf.KILL, "another architecture's numbers"


def test_the_numbers_are_the_kernels() -> None:
    """Against the system's own header, where it is installed."""
    header = next(Path("/usr/include").glob("*/asm/unistd_64.h"), None)
    if os.uname().machine != "x86_64" or header is None:
        pytest.skip("no header of this architecture: apt-get install linux-libc-dev")
    lines = [
        line.split() for line in header.read_text(encoding="utf-8").splitlines() if line.startswith("#define __NR_")
    ]
    kernel = {line[1].removeprefix("__NR_"): int(line[2]) for line in lines}
    tables: list[dict[str, Any]] = [bpf.ALLOWED, bpf.ONE_DESCRIPTOR, bpf.NOT_EXECUTABLE]
    for table in tables:
        for name, (number, _) in table.items():
            assert kernel[name] == number
