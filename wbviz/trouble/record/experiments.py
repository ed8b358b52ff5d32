"""Meetings that are recorded: the shell of each experiment, and what becomes of its output: text to values.

Orders are those of the shortest counterexamples of the checker; tests/trouble/test_record.py holds them to it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

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

HANGS, BESIDE = {"abba": 2, "sync-ahead": 2, "piggyback": 1}, 3
"""How many threads of the module hang, and how many behind them: a writer, a sync, and the kernel's own flusher."""

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

    A writer into the same file is older than the threads that hang; a sync comes afterwards. The detector begins when
    all of them sleep, or chance would say whom its first round finds. /log has all that the kernel said since the boot.
    """
    script = f"""\
echo 0 > /proc/sys/kernel/hung_task_timeout_secs
dd if=/dev/zero of=/mnt/a bs=4k count=12 2>/dev/null
sync
(while :; do echo line; sleep 1; done | dd of=/mnt/a bs=5 conv=notrunc 2>/dev/null) &
sleep 2
dmesg -c > /log
insmod /meeting.ko
{_play(FORCED[name], 1, 0, 0)}\
(sleep 1; sync) &
i=0
while [ $i -lt 60 ] && [ $(grep -ls '^State:.D' /proc/[0-9]*/status | wc -l) -lt {HANGS[name] + BESIDE} ]; do
  sleep 1
  i=$((i+1))
done
echo 8 > /proc/sys/kernel/hung_task_timeout_secs
i=0
while [ $i -lt 60 ] && ! dmesg | grep -q 'blocked for more than'; do sleep 1; i=$((i+1)); done
sleep 2
echo "==report"
dmesg -c | tee -a /log
echo w > /proc/sysrq-trigger
echo "==sysrq-w"
dmesg | tee -a /log
echo "==stacks"
for one in /proc/[0-9]*; do
  if grep -q '^State:.D' $one/status 2>/dev/null; then
    echo "$(cat $one/comm):${{one#/proc/}}"
    cat $one/stack
  fi
done
echo "==lockdep"
ask() {{ echo "$ $1"; eval "$1" 2>&1; }}
cd /
ask "wc -l < log"
ask "grep -ciE 'lockdep|lock dependency' log"
ask "ls /proc/lockdep* /proc/lock_stat"
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
