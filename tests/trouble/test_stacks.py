"""Stacks as kernels of many years and machines print them."""

import io
import random
import time

import pytest

from wbviz.trouble.lines import LONGEST, lines
from wbviz.trouble.reading import reading
from wbviz.trouble.stacks import MOST_FRAMES, MOST_TASKS, Frame, Owner, dump, function
from wbviz.trouble.words import text, to_json

HUNG = "INFO: task sync:12 blocked for more than 120 seconds."


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        (" io_schedule+0x46/0x70", Frame("io_schedule")),
        (" ? io_schedule+0x46/0x70", Frame("io_schedule", False)),
        (" [<ffffffff811ee00e>] sleep_on_buffer+0xe/0x20", Frame("sleep_on_buffer")),
        (" [<ffffffff811ee00e>] ? sleep_on_buffer+0xe/0x20 [ext4]", Frame("sleep_on_buffer", False)),
        ("[<0>] wb_wait_for_completion+0x5e/0x90", Frame("wb_wait_for_completion")),
        ("[<80776938>] (schedule) from [<8014ac8c>] (io_schedule+0x20/0x40)", Frame("schedule")),
        (" schedule from io_schedule+0x20/0x40", Frame("schedule")),
        ("[c00000000a0b7a30] [c000000000d15a1c] io_schedule+0x1c/0x30 (unreliable)", Frame("io_schedule", False)),
        (" ([<0000000000123456>] io_schedule+0x1c/0x30)", Frame("io_schedule")),
        (" __mutex_lock.isra.8+0x2ba/0x4d0", Frame("__mutex_lock")),
        (" find_lock_delalloc_range.constprop.46+0x14b/0x1f0 [btrfs]", Frame("find_lock_delalloc_range")),
        (" ext4_sync_file", Frame("ext4_sync_file")),
        (" folio_lock include/linux/pagemap.h:1141 [inline]", Frame("folio_lock")),
        (" io_schedule+0x8c/0x100 kernel/sched/core.c:8871", Frame("io_schedule")),
    ],
)
def test_a_frame_of_any_machine(line: str, frame: Frame) -> None:
    (task,) = dump([HUNG, "Call Trace:", line]).tasks
    assert task.frames == (frame,)


@pytest.mark.parametrize(
    "name", ["sys_fsync", "SyS_fsync", "__x64_sys_fsync", "__arm64_sys_fsync", "__do_sys_fsync", "ksys_fsync"]
)
def test_a_system_call_has_one_name(name: str) -> None:
    assert function(name) == "sys_fsync"


@pytest.mark.parametrize(
    "line",
    [
        "sync            D ffff88107fd94440     0    12      2 0x00000000",
        "sync            D    0    12      2 0x80004000",
        "sync            D11968    12      1 0x00040000",
        "sync            D ffff8803ba93e6c0     0    12   8619    0 0x00000000",
        "task:sync            state:D stack:13208 pid:   12 ppid:     2 flags:0x00004000",
        "task:sync            state:D stack:0     pid:12    tgid:12    ppid:2      task_flags:0x1 flags:0x00004000",
    ],
)
def test_a_task_in_a_dump_of_sleepers(line: str) -> None:
    (task,) = dump([line, "Call Trace:", " schedule+0x1/0x2"]).tasks
    assert (task.name, task.pid, task.seconds) == ("sync", 12, None)


def test_who_does_not_sleep_uninterruptibly_is_passed_over() -> None:
    running = ["cat             R  running task        0    14      2 0x00000000", "Call Trace:", " show_state+0x1/0x2"]
    sleeping = ["sshd            S ffff88107fd94440     0    13      2 0x00000000", "Call Trace:", " do_select+0x1/0x2"]
    hung = ["sync            D ffff88107fd94440     0    12      2 0x00000000", "Call Trace:", " schedule+0x1/0x2"]
    (task,) = dump(hung + running + sleeping).tasks
    assert task.frames == (Frame("schedule"),)


def test_lines_of_others_between_frames_do_not_end_a_stack_and_registers_do() -> None:
    text = [HUNG, "Call Trace:", " schedule+0x1/0x2", "eth0: link up", " io_schedule+0x1/0x2"]
    registers = ["RIP: 0033:0x7f2f0b10fe94", "RSP: 002b:00007ffee2c89e28", " wb_workfn+0x1/0x2"]
    (task,) = dump(text + registers).tasks
    assert [frame.function for frame in task.frames] == ["schedule", "io_schedule"]


@pytest.mark.parametrize(
    "head",
    [
        "NMI backtrace for cpu 0",
        "CPU: 1 PID: 30 Comm: khungtaskd",
        "Call Trace:",
        "Showing all locks held in the system:",
    ],
)
def test_what_the_detector_prints_after_a_report_is_no_part_of_it(head: str) -> None:
    (task,) = dump([HUNG, "Call Trace:", " schedule+0x1/0x2", head, " <TASK>", " wb_workfn+0x1/0x2"]).tasks
    assert task.frames == (Frame("schedule"),)


@pytest.mark.parametrize(
    "line",
    [
        "INFO: task sync:12 is blocked on a mutex likely owned by task B:202.",
        "INFO: task sync:12 <reader> blocked on an rw-semaphore likely owned by task B:202 <writer>",
        "INFO: task sync:12 blocked on a semaphore likely last held by task B:202",
    ],
)
def test_the_owner_that_a_new_kernel_names(line: str) -> None:
    (task,) = dump([HUNG, " schedule+0x1/0x2", line]).tasks
    assert task.owner == Owner("B", 202)


def test_more_than_anybody_reads_is_counted_and_left_out() -> None:
    many = [f"INFO: task t:{i} blocked for more than 120 seconds." for i in range(MOST_TASKS + 7)]
    deep = [HUNG, *(f" function_{i}+0x1/0x2" for i in range(MOST_FRAMES + 9))]
    found = dump([*deep, *many])
    assert len(found.tasks) == MOST_TASKS
    assert found.left_out == 8
    assert len(found.tasks[0].frames) == MOST_FRAMES
    assert "the tasks beyond the first 500" in text(reading(found))


def test_any_text_is_read_without_an_error() -> None:
    pieces = [
        *(
            "INFO: task ",
            "sync:12",
            " blocked for more than ",
            "99999999999999999999",
            " seconds",
            "task:",
            " state:D ",
        ),
        *("pid:", "Call Trace:\n", "\n", "[<", ">] ", "? ", "+0x1/0x2", "(", ") from ", " D ", "0x", "/proc/1/stack\n"),
        *("Workqueue: ", "\x00", "\ufffd", "<TASK>", "</TASK>", " io_schedule+0x1/0x2\n", "kernel: ", "> ", "12 "),
    ]
    draw = random.Random(16)
    for _ in range(400):
        soup = "".join(draw.choice(pieces) for _ in range(120)).split("\n")
        read = reading(dump(soup))
        assert text(read)
        assert to_json(read)["tasks"] is not None


@pytest.mark.parametrize(
    "piece",
    ["Tainted: ", " ", "[", "[<", "> ", "a D ", "task:", "(", "A ", "- ", "0 ", "Workqueue: ", "from ", "kernel: "],
)
def test_no_line_costs_more_than_its_length(piece: str) -> None:
    """A pattern that tries every way to read a line would take minutes for a few of them."""
    line = (
        (HUNG if piece == " " else "")
        + ("Tainted:" if piece in ("A ", "- ") else "x")
        + piece * (LONGEST // len(piece))
    )
    text = io.BytesIO("\n".join([HUNG, *[line] * 300]).encode())
    before = time.process_time()
    dump(lines(text))
    assert time.process_time() - before < 3
