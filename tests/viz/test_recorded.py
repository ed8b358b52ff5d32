"""The recorded log beside the player, reports, and a trace."""

from __future__ import annotations

import pytest

from wbviz.errors import UsageError
from wbviz.trouble.reading import Role, Why
from wbviz.viz.cells import recorded


def test_lines_come_with_the_steps_they_tell_of() -> None:
    shown = recorded.recorded("abba")
    frames = shown.film.frames
    at = [index for _, index in shown.log["lines"]]
    assert at == sorted(at)
    for line, index in shown.log["lines"]:
        if "flusher lock_page A1" in line:
            assert (frames[index].task, frames[index].step) == ("flusher", 6)
        if "flusher waits for A0" in line:
            assert (frames[index].task, frames[index].kind) == ("flusher", "wait")
        if "INFO: task" in line:
            assert index == len(frames) - 1


def test_the_picture_has_the_log_for_print() -> None:
    picture = recorded.recorded("sync-ahead").picture()
    assert "kswapd queue_work A0" in picture
    assert "INFO: task flusher:" in picture


def test_a_report_is_shortened_to_its_first_round() -> None:
    said = [
        ["[ 1.0]  ? __pfx_play+0x10/0x10", None],
        ["[ 1.0] INFO: task sync:9 blocked for more than 8 seconds.", None],
        ["[ 1.0]  folio_wait_bit_common+0x145/0x370", None],
        ["[ 1.0] RAX: ffffffffffffffda RBX: 0", None],
        ["[ 9.0] INFO: task sync:9 blocked for more than 16 seconds.", None],
    ]
    assert [line for line, _ in recorded.shortened(said)] == [said[1][0], said[2][0]]


def test_two_tasks_of_one_name_are_both_reported() -> None:
    """The module's sync and the program's. It was missed since the only report looked at was one without namesakes."""
    text = recorded.report("sync-ahead").data
    assert text.count("INFO: task sync:") == 2
    assert "__do_sys_sync" in text


def test_the_reader_names_those_whom_we_know_to_be_the_culprits() -> None:
    read = recorded.understood("abba")
    roles = {one.task.name: one.role for one in read.sleepers}
    assert [read.sleepers[i].task.name for i in read.cycles[0].members] == ["flusher", "writer"]
    assert (roles["dd"], roles["sync"]) == (Role.VICTIM, Role.VICTIM)
    assert not read.cycles[0].certain


def test_the_report_of_f2fs_is_read() -> None:
    read = recorded.understood("f2fs-2026")
    assert [cycle.why for cycle in read.cycles] == [Why.PAGES]
    assert "f2fs_balance_fs" in recorded.report("f2fs-2026").data


def test_one_task_of_a_report() -> None:
    text = recorded.report("abba", ["writer"]).data
    assert "task:writer" in text
    assert "task:sync" not in text


def test_a_trace_shows_the_lines_that_are_wanted_and_its_sums() -> None:
    shown = recorded.traced("background", "writeback_single_inode").data
    assert "wrote=256" in shown
    assert "writeback_start" not in shown
    assert "background: " in shown


def test_what_there_is_not_is_said() -> None:
    with pytest.raises(UsageError, match="no recording"):
        recorded.recorded("baab")
