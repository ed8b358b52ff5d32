"""The same check gives the same graph and the same traces: whatever the collector does, whatever strings hash to."""

import gc
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from tests.check.tiny import tiny
from tests.machine.driving import CLEAN, KSWAPD, policy
from wbviz.check.check import check_scenario
from wbviz.check.graph import explore
from wbviz.machine.machine import Machine
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build

ROOT = Path(__file__).parents[2]

SPINS = policy(
    execute=CLEAN.replace(
        "yield mm.lock_page(page)", "while page.locked:\n        yield mm.cond_resched()\n    yield mm.lock_page(page)"
    )
)


class Noisy:
    """Rubbish that only the collector finds, and that handles an exception when it is found."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        try:
            raise ValueError
        except ValueError:
            pass


def test_a_collection_in_the_middle_of_a_policys_turn_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = tiny(1, KSWAPD, ("reader", "reader", "A0", False))
    states = len(explore(Machine(scenario, SPINS), 1000).states)
    read = Machine._read

    def and_leave_rubbish(self: Machine, *args: object) -> object:
        Noisy()
        return read(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Machine, "_read", and_leave_rubbish)
    thresholds = gc.get_threshold()
    try:
        for threshold in range(1, 12):
            gc.set_threshold(threshold)
            assert len(explore(Machine(scenario, SPINS), 1000).states) == states
            assert gc.isenabled()
    finally:
        gc.set_threshold(*thresholds)


@pytest.mark.parametrize(
    ("name", "where"), [("pin_then_lock", "abba"), ("no_pin", "truncated"), ("writearound", "abba")]
)
def test_a_machine_is_gone_when_its_graph_is(name: str, where: str) -> None:
    """Else the collector ends the policy's generators in its own order, and their `finally` runs."""
    gc.collect()
    gc.disable()
    try:
        graph = explore(Machine(build(where), load_policy(name)), 10_000)
        gone = weakref.ref(graph.machine)
        del graph
        assert gone() is None
    finally:
        gc.enable()


CHECKS = """
import json, sys
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build
found = []
for name, where in [("writearound", "abba"), ("racy_merge", "two-reclaimers"), ("requeue_if_locked", "contended"),
                    ("backoff", "polite"), ("leaky", "full-queue")]:
    found.append(check_scenario(load_policy(name), build(where)).to_json())
sets = '''
def enqueue(mm, page):
    for word in {"red", "green", "blue", page}:
        yield mm.cond_resched()
    yield mm.get_page(page)
    yield mm.queue_work(page=page, mode="x", **{"zeta": 1, "alpha": 2})

def execute(mm, work):
    for name in {"alpha": 1, "zeta": 2}:
        getattr(work, name)
        yield mm.cond_resched()
    yield mm.put_page(work.page)
'''
found.append(check_scenario(policy_from_text(sets), build("abba")).to_json())
for result in found:
    result.pop("seconds")
json.dump(found, sys.stdout, sort_keys=True)
"""


def test_what_strings_hash_to_changes_nothing() -> None:
    outputs = []
    for seed in ("0", "1", "4711"):
        run = subprocess.run(
            [sys.executable, "-c", CHECKS],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert not run.stderr
        outputs.append(json.loads(run.stdout))
    assert outputs[0] == outputs[1] == outputs[2]
    assert [result["verdict"] for result in outputs[0]][:5] == ["deadlock", "leak", "starvation", "livelock", "leak"]


def test_a_check_twice_in_one_process_is_the_same() -> None:
    first, second = (check_scenario(load_policy("backoff"), build("polite")).to_json() for _ in range(2))
    first["seconds"] = second["seconds"]
    assert first == second
