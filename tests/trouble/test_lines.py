"""What loggers, terminals and mail put before a line, and what a log may be that is no log."""

import io

import pytest

from wbviz.trouble.lines import LONGEST, bare, lines

LINE = "INFO: task sync:12 blocked for more than 120 seconds."


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "[  361.899213] ",
        "[  361.899213][   T33] ",
        "<3>[  361.899213] ",
        "[  +0.000004] ",
        "[Thu Mar 31 10:20:02 2016] ",
        "kern  :err   : [  361.899213] ",
        "May 17 18:48:11 kernel: [ 6141.921740] ",
        "Jan 09 23:23:01 host kernel: ",
        "Apr  6 20:09:09 host kernel: [ 4923.397773] ",
        "2022-05-30T22:34:42.123456+00:00 host kernel: [  361.899213] ",
        "[2022-05-30 22:34:42.123] [  361.899213] ",
        "> > > [  361.899213] ",
        ">> ",
        "\x1b[0;31m[  361.899213]\x1b[0m ",
        "\r[  361.899213] ",
    ],
)
def test_a_prefix_goes(prefix: str) -> None:
    assert bare(prefix + LINE).strip() == LINE


def test_a_long_line_is_cut_and_the_next_one_is_read() -> None:
    stream = io.BytesIO(b"x" * (3 * LONGEST) + b"\n" + LINE.encode() + b"\n")
    first, second = lines(stream)
    assert len(first) == LONGEST
    assert second == LINE


def test_what_is_not_text_is_read_with_replacements() -> None:
    assert list(lines(io.BytesIO(b"\xff\xfe\x00 a\r\nb"))) == ["\ufffd\ufffd\x00 a", "b"]
