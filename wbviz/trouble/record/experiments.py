"""What is recorded: the shell of each experiment, and what becomes of its output: text to values.

Orders are those of the shortest counterexamples of the checker; tests/trouble/test_record.py holds them to it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from wbviz.trouble.events import Reader
from wbviz.trouble.events_words import to_json
from wbviz.trouble.record.machine import Boot

ROUNDS, SPREAD = 100, 300
"""Rounds in which nothing is forced, and by how many microseconds a thread may begin late."""

HOLDS = (0, 50, 500)
"""Microseconds between getting a lock and the next step."""


class Meeting(NamedTuple):
    """Tasks that meet on folios. `order`: a letter a step, the first of the task whose it is."""

    policy: str
    scenario: str
    order: str


FORCED = {
    "abba": Meeting("writearound", "abba", "kkkwfff"),
    "sync-ahead": Meeting("lock_at_enqueue", "sync-ahead", "skkkkf"),
    "piggyback": Meeting("writearound", "piggyback", "kkkffffff"),
}
"""What hangs: each in a machine of its own, until the kernel reports it."""

FREE = (
    Meeting("writearound", "abba", ""),
    Meeting("write_ahead", "abba", ""),
    Meeting("trylock_around", "abba", ""),
    Meeting("lock_at_enqueue", "sync-ahead", ""),
    Meeting("pin_then_lock", "sync-ahead", ""),
    Meeting("writearound", "piggyback", ""),
    Meeting("writearound", "piggyback-try", ""),
)
"""Many rounds with nothing forced."""

HARMLESS = (
    Meeting("write_ahead", "abba", FORCED["abba"].order),
    Meeting("trylock_around", "abba", FORCED["abba"].order),
    Meeting("pin_then_lock", "sync-ahead", "skkkf"),  # its kswapd has a step less
    Meeting("writearound", "piggyback-try", FORCED["piggyback"].order),
)
"""The same orders with what the book calls safe. A task must have as many steps as it has letters."""

PARAMETERS = "/sys/module/meeting/parameters/run"


def _play(meeting: Meeting, rounds: int, spread: int, hold: int) -> str:
    scene = meeting.scenario.replace("-", "_")
    return f'echo "{meeting.policy} {scene} {meeting.order or "-"} {rounds} {spread} {hold}" > {PARAMETERS}\n'


def forced(name: str) -> Boot:
    """One counterexample, step by step; then who comes by hangs behind it, and the detector speaks.

    `logger` is older than the threads that hang: it writes into the same file all the time. `late` comes afterwards.
    """
    script = f"""\
echo 8 > /proc/sys/kernel/hung_task_timeout_secs
dd if=/dev/zero of=/mnt/a bs=4k count=12 2>/dev/null
sync
(while :; do echo line; sleep 1; done | dd of=/mnt/a bs=5 conv=notrunc 2>/dev/null) &
sleep 2
dmesg -c > /dev/null
insmod /meeting.ko
{_play(FORCED[name], 1, 0, 0)}\
(sleep 1; sync) &
i=0
while [ $i -lt 60 ] && ! dmesg | grep -q 'blocked for more than'; do sleep 1; i=$((i+1)); done
sleep 2
echo "==report"
dmesg -c
echo w > /proc/sysrq-trigger
echo "==sysrq-w"
dmesg
echo "==stacks"
for one in /proc/[0-9]*; do
  if grep -q '^State:.D' $one/status 2>/dev/null; then
    echo "$(cat $one/comm):${{one#/proc/}}"
    cat $one/stack
  fi
done
echo "==lockdep"
ls /proc/lockdep* /proc/lock_stat 2>&1
"""
    return Boot(script, 150, processors=2)


def rounds() -> Boot:
    """What the book calls safe with each order forced, and everything with none."""
    total = len(HARMLESS) + ROUNDS * len(FREE) * len(HOLDS)
    script = [
        "echo 0 > /proc/sys/kernel/hung_task_timeout_secs",
        f"dd if=/dev/zero of=/mnt/a bs=12k count={total + 2} 2>/dev/null",
        "sync",
        "insmod /meeting.ko",
        "dmesg -c > /dev/null",
        'echo "==harmless"',
        *(f"{_play(meeting, 1, 0, 0)}dmesg -c" for meeting in HARMLESS),
        'echo "==free"',
        *(f"{_play(meeting, ROUNDS, SPREAD, hold)}dmesg -c" for meeting in FREE for hold in HOLDS),
    ]
    return Boot("\n".join(script) + "\n", 1200, memory=384, processors=2)


class Load(NamedTuple):
    """A machine and its load, in the words of the labs. `memory`: MiB of the machine; `speed`: MiB a second that its
    disk takes; `background` and `dirty`: percent; `script`: what is run."""

    memory: int
    speed: int
    background: int
    dirty: int
    script: str


LOADS = {"writing": Load(256, 10, 10, 20, "dd if=/dev/zero of=/mnt/b bs=256k count=480 2>/dev/null")}
"""What runs under trace points."""

EVENTS = (
    *("writeback/writeback_" + event for event in ("queue", "exec", "start", "written", "single_inode")),
    "writeback/balance_dirty_pages",
    *("vmscan/mm_vmscan_" + event for event in ("kswapd_wake", "direct_reclaim_begin", "direct_reclaim_end")),
    *("block/block_rq_" + event for event in ("issue", "complete")),
)
"""The trace points that are turned on."""

SAMPLED = ("nr_dirty", "nr_writeback", "nr_dirty_threshold", "nr_dirty_background_threshold")
"""Lines of /proc/vmstat that are noted four times a second, in pages."""


def traced(load: Load) -> Boot:
    """A load under trace points."""
    on = "\n".join(f"echo 1 > $T/events/{event}/enable" for event in EVENTS)
    script = f"""\
T=/sys/kernel/tracing
echo {load.dirty} > /proc/sys/vm/dirty_ratio
echo {load.background} > /proc/sys/vm/dirty_background_ratio
echo 4096 > $T/buffer_size_kb
{on}
(while :; do
  read up rest < /proc/uptime
  echo "$up" $(grep -E '^({"|".join(SAMPLED)}) ' /proc/vmstat)
  usleep 250000
done > /out/vmstat) &
grep -E 'MemTotal|MemAvailable' /proc/meminfo > /out/meminfo
sleep 1
{load.script}
sleep 2
echo 0 > $T/tracing_on
cat $T/trace > /out/trace
tar cf - -C /out . | dd of=/dev/vdb bs=64k conv=fsync 2>/dev/null
"""
    return Boot(script, 300, memory=load.memory, speed=load.speed << 20)


_STEP = re.compile(r"meeting: (\d+) ([\w-]+) (waits for )?")
_RESULT = re.compile(r"meeting: result (\w+) (\w+) rounds=(\d+) ended=(\d+) spread=(\d+) hold=(\d+)")


def lines(text: str) -> list[list[Any]]:
    """Lines of a kernel's log, each with what it tells of, or None: a step, whose it is, and whether it is a wait of
    that task. A wait has the number of the step before it."""
    told = ((line, _STEP.search(line)) for line in text.splitlines() if line.strip())
    return [
        [line, {"step": int(found[1]), "task": found[2], "waits": bool(found[3])} if found else None]
        for line, found in told
    ]


def results(text: str) -> list[dict[str, Any]]:
    """What the module counted: policy, scenario, rounds, how many hung, and the delays in microseconds."""
    return [
        {
            "policy": policy,
            "scenario": scene.replace("_", "-"),
            "rounds": int(rounds),
            "hung": int(rounds) - int(ended),
            "spread": int(spread),
            "hold": int(hold),
        }
        for policy, scene, rounds, ended, spread, hold in _RESULT.findall(text)
    ]


def samples(text: str) -> list[list[float]]:
    """Seconds from the first sample, then the pages of `SAMPLED`."""
    rows = []
    for line in text.splitlines():
        words = line.split()
        pages = dict(zip(words[1::2], words[2::2], strict=False))
        if len(words) == 1 + 2 * len(SAMPLED):
            rows.append([float(words[0]), *(int(pages[name]) for name in SAMPLED)])
    return [[round(row[0] - rows[0][0], 2), *row[1:]] for row in rows]


def summed(load: Load, files: dict[str, str]) -> dict[str, Any]:
    """A load as the book shows it: its settings, the trace's sums, the samples, and the trace's first lines."""
    reader = Reader()
    events = [line for line in files["trace"].splitlines() if not line.startswith("#")]
    for line in events:
        reader.feed(line)
    available = re.search(r"MemAvailable:\s+(\d+)", files["meminfo"])
    return {
        **load._asdict(),
        "available": int(available[1]) // 1024 if available else None,
        "trace": to_json(reader.trace()),
        "samples": samples(files["vmstat"]),
        "excerpt": excerpt(events),
    }


def excerpt(events: list[str]) -> list[str]:
    """At most three lines of each event, in their order: what a trace looks like."""
    seen: dict[str, int] = {}
    kept = []
    for line in events:
        found = re.search(r": (\w+):", line)
        if found and seen.setdefault(found[1], 0) < 3:
            seen[found[1]] += 1
            kept.append(line.strip())
    return kept
