"""`python -m wbviz kernel`: a report of a real machine in words and as JSON, or what to do where there is none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parents[1] / "trouble" / "samples"


def test_a_report_is_told_in_words(run: Run) -> None:
    status, out, _ = run("kernel", str(SAMPLES / "f2fs-gc-6.12.txt"))
    assert status == 0
    assert out.startswith("2 sleeping tasks, kernel 6.12.41\n")
    assert "sleeps for  the writeback of a page to end [folio_wait_writeback]" in out
    assert "A:1890, kworker/u8:11:2680853: each sleeps for a page while it may hold others" in out
    assert "(possible, not proved)" in out
    assert "the bit has no owner" in out
    assert "book/lock-ordering.md" in out
    assert "echo w > /proc/sysrq-trigger" in out


def test_chapters_that_are_named_exist() -> None:
    from wbviz.trouble.reading import CHAPTERS

    book = Path(__file__).parents[2] / "book"
    for chapters in CHAPTERS.values():
        for chapter in chapters:
            assert (book / f"{chapter}.md").is_file()


def test_every_code_has_its_words() -> None:
    from wbviz.trouble import words
    from wbviz.trouble.functions import Doing, Hold, Wait
    from wbviz.trouble.reading import Collect, Gap, Role, Why

    for codes, told in (
        (Wait, words.WAITS),
        (Doing, words.DOING),
        (Hold, words.HOLDS),
        (Role, words.ROLES),
        (Why, words.WHY),
        (Gap, words.GAPS),
        (Collect, words.COLLECT),
    ):
        assert set(told) == set(codes)


def test_json_has_codes_and_numbers(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "read.json"
    status, out, _ = run("kernel", str(SAMPLES / "abba-6.12-made.txt"), "--json", str(target))
    assert status == 0
    assert "4 sleeping tasks" in out
    data = json.loads(target.read_text(encoding="utf-8"))
    assert [task["role"] for task in data["tasks"]] == ["candidate", "candidate", "victim", "victim"]
    assert data["cycles"] == [{"why": "page-locks-in-unknown-code", "members": [0, 1], "certain": False}]
    status, out, _ = run("kernel", str(SAMPLES / "abba-6.12-made.txt"), "--json", "-")
    assert json.loads(out) == data


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 5000, b"all is well\n" * 100, b"Call Trace:\n schedule+0x1/0x2\n"]
)
def test_where_there_is_no_report_the_way_to_one_is_told(run: Run, tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "log"
    log.write_bytes(content)
    status, out, err = run("kernel", str(log))
    assert (status, out) == (3, "")
    assert "no sleeping task and no trace event found in" in err
    assert "dmesg | python -m wbviz kernel -" in err


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    status, _, err = run("kernel", str(tmp_path / name))
    assert status == 3
    assert "cannot read" in err


def test_names_of_tasks_cannot_move_the_cursor(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("INFO: task a\u202eb\x1b[2J:7 blocked for more than 120 seconds.\n", encoding="utf-8")
    status, out, _ = run("kernel", str(log))
    assert status == 0
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_page_draws_who_may_hold_what(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    status, out, _ = run("kernel", str(SAMPLES / "f2fs-gc-6.12.txt"), "--html", str(target))
    assert status == 0
    assert "2 sleeping tasks" in out
    page = target.read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    cycle = page.split('<g class="wb-layer-cycle"')[1].split("</g>")[0]
    assert cycle.count("<polyline") == 5  # both sleep; the flusher may hold either, the truncation a lock


def test_a_page_takes_nothing_of_a_report_for_markup(run: Run, tmp_path: Path) -> None:
    log, target = tmp_path / "log", tmp_path / "report.html"
    log.write_text('INFO: task <img src="x">&:7 blocked for more than 120 seconds.\n', encoding="utf-8")
    run("kernel", str(log), "--html", str(target))
    page = target.read_text(encoding="utf-8")
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_report_of_many_is_drawn_in_part(run: Run, tmp_path: Path) -> None:
    log, target = tmp_path / "log", tmp_path / "report.html"
    log.write_text(
        "".join(f"INFO: task t:{i} blocked for more than 120 seconds.\n" for i in range(60)), encoding="utf-8"
    )
    _, out, _ = run("kernel", str(log), "--html", str(target))
    assert "and 20 more" in out
    assert "Not drawn: 48 more" in target.read_text(encoding="utf-8")


def test_a_trace_is_told_drawn_and_written(run: Run, tmp_path: Path) -> None:
    page, data = tmp_path / "trace.html", tmp_path / "trace.json"
    status, out, _ = run("kernel", str(SAMPLES / "writeback-6.12-made.trace"), "--html", str(page), "--json", str(data))
    assert status == 0
    assert out.startswith("A trace of 2.0 seconds, 15 events\n")
    assert "sleeping task" not in out
    assert page.read_text(encoding="utf-8").count("<svg") == 5
    read = json.loads(data.read_text(encoding="utf-8"))
    assert (read["tasks"], read["trace"]["requests"]["most"]) == ([], 1280)


def test_a_log_with_a_report_and_a_trace_has_both(run: Run, tmp_path: Path) -> None:
    both = tmp_path / "both"
    names = ("writeback-6.12-made.trace", "f2fs-gc-6.12.txt")
    both.write_bytes(b"".join((SAMPLES / name).read_bytes() for name in names))
    _, out, _ = run("kernel", str(both))
    assert out.startswith("2 sleeping tasks, kernel 6.12.41\n")
    assert "\n\nA trace of 2.0 seconds, 15 events\n" in out
