"""Reports of real hangs, retyped to the lines that matter: what each sleeper is read as, and what follows.

Each file names its source; names of hosts and programs are replaced. `made` in a name: no report, but the form and
the functions of one.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from wbviz.trouble.lines import lines
from wbviz.trouble.reading import Gap, Reading, Role, Why, reading
from wbviz.trouble.stacks import dump

SAMPLES = Path(__file__).parent / "samples"


class Expected(NamedTuple):
    """For each task what it sleeps for, what it was at, and its role; the candidates; what must be said as unknown."""

    tasks: tuple[tuple[str, str, str, str], ...]
    cycles: tuple[tuple[Why, tuple[int, ...]], ...] = ()
    gaps: frozenset[Gap] = frozenset()
    kernel: str = ""


def gaps(*named: Gap) -> frozenset[Gap]:
    return frozenset(named)


EXPECTED = {
    "f2fs-gc-6.12": Expected(
        (
            ("A:1890", "page-writeback", "truncate", "candidate"),
            ("kworker/u8:11:2680853", "page-lock", "writeback", "candidate"),
        ),
        ((Why.PAGES, (0, 1)),),
        gaps(Gap.NO_OWNER, Gap.WHICH_PAGE, Gap.TRUNCATED),
        "6.12.41",
    ),
    "fuse-flusher-4.14-arm": Expected(
        (("kworker/u8:0:5", "page-lock", "writeback", "open"),),
        gaps=gaps(Gap.NO_OWNER, Gap.TRUNCATED),
        kernel="4.14.17-v7+",
    ),
    "unlink-waits-3.10": Expected((("dbserver:7514", "eviction", "unlink", "victim"),), gaps=gaps(Gap.NO_FLUSHER)),
    "sync-proc-stack": Expected((("pid:32733", "work-completion", "sync", "victim"),), gaps=gaps(Gap.NO_FLUSHER)),
    "jbd2-buffer-3.13": Expected(
        (("jbd2/dewba1-8:22455", "block-io", "journal-thread", "device"),),
        gaps=gaps(Gap.TRUNCATED),
        kernel="3.13.0-32-generic",
    ),
    "jbd2-guesses-4.9": Expected(
        (("jbd2/vdt-8:390", "block-io", "journal-thread", "device"),),
        gaps=gaps(Gap.UNSURE),
        kernel="4.9.0-11-amd64",
    ),
    "journal-space-4.18": Expected(
        (
            ("kworker/u146:16:495", "journal", "writeback", "victim"),
            ("writer:15341", "journal", "write", "victim"),
        ),
        gaps=gaps(Gap.TRUNCATED),
        kernel="4.18.0-240.el8.x86_64",
    ),
    "wbt-5.8": Expected((("kworker/4:1H:14763", "block-io", "unknown", "device"),), gaps=gaps(Gap.TRUNCATED)),
    "tags-4.9": Expected(
        (("kworker/0:0:2904", "block-io", "unknown", "device"),), gaps=gaps(Gap.UNSURE, Gap.TRUNCATED)
    ),
    "kswapd-5.4": Expected((("kswapd0:328", "page-writeback", "kswapd", "open"),), kernel="5.4.0-88-generic"),
    "f2fs-mutex-twice-5.0": Expected(
        (("kworker/u16:5:344", "other-lock", "writeback", "candidate"),),
        ((Why.OWN_LOCK, (0,)),),
        kernel="5.0.15-gentoo-f2fslog",
    ),
    "abba-6.12-made": Expected(
        (
            ("wb-writer:142", "page-lock", "unknown", "candidate"),
            ("wb-around:143", "page-lock", "unknown", "candidate"),
            ("dd:150", "page-lock", "write", "victim"),
            ("sync:151", "work-completion", "sync", "victim"),
        ),
        ((Why.UNREAD, (0, 1)),),
        gaps(Gap.NO_OWNER, Gap.WHICH_PAGE, Gap.UNSURE, Gap.NO_FLUSHER),
        "6.12.117-cloud-amd64",
    ),
    "btrfs-delalloc-4.4": Expected(
        (("kworker/u32:3:15282", "page-lock", "unknown", "open"),), gaps=gaps(Gap.NO_OWNER, Gap.TRUNCATED)
    ),
    "rwsem-4.4": Expected((("btrfs-cleaner:4934", "other-lock", "unknown", "victim"),)),
    "completion-4.4": Expected(
        (("kworker/u65:0:15560", "unknown", "unknown", "open"),), gaps=gaps(Gap.UNREAD, Gap.TRUNCATED)
    ),
    "truncate-guesses-4.5": Expected(
        (("backup:2001", "mapping-lock", "truncate", "victim"),), gaps=gaps(Gap.UNSURE, Gap.TRUNCATED)
    ),
    "bcachefs-journal-5.3": Expected(
        (("backup:5752", "journal", "unknown", "open"),), gaps=gaps(Gap.TRUNCATED), kernel="5.3.0"
    ),
    "ppc-buffer-4.15": Expected(
        (("systemd-tmpfile:5135", "block-io", "unknown", "device"),), gaps=gaps(Gap.TRUNCATED), kernel="4.15.0"
    ),
    "zfs-flusher-4.15": Expected(
        (("kworker/u49:1:30643", "page-lock", "writeback", "victim"),),
        gaps=gaps(Gap.NO_OWNER, Gap.TRUNCATED),
        kernel="4.15.18-8-pve",
    ),
    "fsync-sync-page": Expected((("java:16792", "page-writeback", "fsync", "victim"),)),
    "fsync-flashcache": Expected(
        (
            ("jbd2/dm-3-8:358", "block-io", "journal-thread", "device"),
            ("mailer:2774", "page-writeback", "fsync", "victim"),
        ),
    ),
    "nfs-loop-4.14": Expected(
        (("loop0:9479", "page-writeback", "fsync", "victim"),), gaps=gaps(Gap.TRUNCATED), kernel="4.14.32+"
    ),
    "xfs-flush-3.10": Expected((("manager:26933", "block-io", "fsync", "device"),)),
    "mutex-el6-2.6.32": Expected(
        (("imap:752236", "other-lock", "unknown", "victim"),),
        gaps=gaps(Gap.TRUNCATED),
        kernel="2.6.32-604.16.2.lve1.3.54.el6.x86_64",
    ),
    "nfsd-guesses-3.2": Expected((("nfsd:3782", "other-lock", "unknown", "victim"),), gaps=gaps(Gap.UNSURE)),
    "bcachefs-fsync": Expected((("server:7848", "unknown", "fsync", "open"),), gaps=gaps(Gap.UNREAD)),
    "bcachefs-prefix-6.7": Expected(
        (("bcachefs:1360", "unknown", "unknown", "open"),),
        gaps=gaps(Gap.UNREAD, Gap.TRUNCATED),
        kernel="6.7.3-zen1-2-zen",
    ),
    "sysrq-w-4.3": Expected((("z_unmount:1493", "unknown", "unknown", "open"),), gaps=gaps(Gap.UNREAD, Gap.TRUNCATED)),
    "iput-proc-stack": Expected((("pid:31738", "unknown", "unlink", "open"),), gaps=gaps(Gap.UNREAD)),
    "ntfs3-truncate-made": Expected(
        (("reader:5098", "other-lock", "read", "candidate"), ("shrinker:5099", "page-lock", "truncate", "candidate")),
        ((Why.LOCK, (0, 1)),),
        gaps(Gap.NO_OWNER),
        "6.2.0-syzkaller",
    ),
    "flusher-evicts-made": Expected(
        (("flush-8:0:312", "work-completion", "writeback", "candidate"),), ((Why.OWN_WORK, (0,)),)
    ),
    "ext4-pages-and-journal-made": Expected(
        (
            ("kworker/u4:1:77", "journal", "writeback", "candidate"),
            ("jbd2/loop0-8:1200", "page-writeback", "journal-thread", "candidate"),
        ),
        ((Why.JOURNAL, (0, 1)),),
        kernel="4.5.0-rc4",
    ),
    "owners-6.17-made": Expected(
        (("A:201", "other-lock", "unknown", "candidate"), ("B:202", "other-lock", "unknown", "candidate")),
        ((Why.OWNERS, (0, 1)),),
    ),
    "throttled-made": Expected(
        (("pid:2100", "throttle", "write", "victim"), ("pid:2101", "inode-lock", "fsync", "victim")),
        gaps=gaps(Gap.NO_FLUSHER),
    ),
    "names-alone-made": Expected((("fsyncer:77", "unknown", "unknown", "open"),), gaps=gaps(Gap.NO_STACK)),
}


def read(name: str) -> Reading:
    with (SAMPLES / f"{name}.txt").open("rb") as stream:
        return reading(dump(lines(stream)))


def test_every_sample_has_its_reading_and_its_source() -> None:
    assert {path.stem for path in SAMPLES.glob("*.txt")} == set(EXPECTED)
    for path in SAMPLES.glob("*.txt"):
        assert path.read_text(encoding="utf-8").startswith("# source: "), path.name


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_read_as_expected(name: str) -> None:
    expected, found = EXPECTED[name], read(name)
    assert tuple((s.task.label, s.sleep.wait, s.doing, s.role) for s in found.sleepers) == expected.tasks
    assert tuple((cycle.why, cycle.members) for cycle in found.cycles) == expected.cycles
    assert {gap for gap, _ in found.gaps} == expected.gaps
    if expected.kernel:
        assert found.kernels == (expected.kernel,)


def test_only_owners_that_the_kernel_names_make_a_cycle_certain() -> None:
    certain = {name for name in EXPECTED for cycle in read(name).cycles if cycle.certain}
    assert certain == {"owners-6.17-made"}


def test_the_longest_time_of_a_task_is_kept() -> None:
    (one,) = read("names-alone-made").sleepers
    assert (one.task.seconds, one.task.times) == (362, 2)
    assert one.role is Role.OPEN
