"""A policy in a child is checked and simulated exactly as one in this process.

Each built-in policy in a third of the scenarios, each scenario with a third of the policies, others each day; all of
them with `WBVIZ_WHOLE=1`.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from random import Random
from typing import Any

import pytest

import wbviz
from tests.drawn import SEED, WHOLE
from wbviz.check.check import check_scenario
from wbviz.errors import PolicyError, UsageError
from wbviz.grade.judge import JudgeError, Limits, judged
from wbviz.policy.load import builtin_names, load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.sim import simulate

BUILTIN = Path(wbviz.__file__).parent / "policy" / "builtin"
SMALL = [name for name in SCENARIOS if name not in ("storm", "scattered")]
PARTS = 1 if WHOLE else 3
PART = Random(SEED).randrange(PARTS)


def shown(result: Any, given: str, name: str) -> str:
    """A result without its seconds, the submission under the name of the built-in policy."""
    data = result.to_json()
    data.pop("seconds", None)
    return json.dumps(data).replace(shlex.quote(given), name).replace(given, name)  # quoted where it has a space


@pytest.mark.parametrize("name", builtin_names())
def test_the_same_result_in_every_scenario_to_the_last_step(name: str) -> None:
    file = BUILTIN / f"{name}.py"
    local = load_policy(name)
    with judged(file, tier="none") as child:
        for scenario in map(build, SMALL[(builtin_names().index(name) + PART) % PARTS :: PARTS]):
            here, there = check_scenario(local, scenario), check_scenario(child.policy, scenario)
            assert shown(there, str(file), name) == shown(here, str(file), name), scenario.name
        here, there = simulate(local, scenario, seed=3), simulate(child.policy, scenario, seed=3)
        assert shown(there, str(file), name) == shown(here, str(file), name)


WRONG = {
    "no Python": "def enqueue(mm, page:\n",
    "no execute": "def enqueue(mm, page):\n    yield mm.get_page(page)\n",
    "an import": "import os\n",
    "a clock": "import time\ndef enqueue(mm, page):\n    yield time.time()\n",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_file_is_said_in_the_same_words(what: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(WRONG[what], encoding="utf-8")
    expected = load_policy(file).problem()
    assert expected is not None
    with judged(file, tier="none") as child:
        found = child.policy.problem()
        assert found is not None
        assert not isinstance(found, JudgeError)
        assert str(found) == str(expected).replace(str(file), "mine.py")


SPINS = """\
def enqueue(mm, page):
    while page.dirty:
        pass
    yield mm.get_page(page)

def execute(mm, work):
    yield mm.cond_resched()
"""


def test_a_loop_that_only_reads_is_found_by_counting_lines(tmp_path: Path) -> None:
    file = tmp_path / "spins.py"
    file.write_text(SPINS, encoding="utf-8")
    with judged(file, tier="none", limits=Limits(reads=10)) as child:
        verdict = check_scenario(child.policy, build("abba")).verdicts[0]
    assert verdict.kind == "policy-error"
    assert not isinstance(verdict.error, JudgeError)
    assert (verdict.error.line, verdict.error.source) == (2, "    while page.dirty:")  # type: ignore[attr-defined]


def test_a_file_that_is_not_there_or_too_long_is_refused_before_a_child_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no policy"), judged(tmp_path / "none.py"):
        pass
    long = tmp_path / "long.py"
    long.write_text("#" * 1000, encoding="utf-8")
    with pytest.raises(PolicyError, match="too long"), judged(long, limits=Limits(source_bytes=999)):
        pass


def test_a_link_or_a_pipe_is_no_submission(tmp_path: Path) -> None:
    """A link may lead to the reference solution; a pipe never ends."""
    (tmp_path / "link.py").symlink_to(BUILTIN / "pin_then_lock.py")
    os.mkfifo(tmp_path / "pipe.py")
    for name, came in (("link.py", "a link"), ("pipe.py", "a device or a pipe")):
        with pytest.raises(PolicyError, match="plain file") as caught, judged(tmp_path / name):
            pass
        assert caught.value.came == came


def test_a_file_under_the_name_of_a_built_in_policy_is_not_that_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pin_then_lock").write_text("import os\n", encoding="utf-8")
    with judged(Path("pin_then_lock"), tier="none") as child:
        assert child.policy.source == "import os\n"


def test_a_message_names_the_file_and_not_where_it_lies(tmp_path: Path) -> None:
    """Where it lies is another folder each time; and no student's business."""
    file = tmp_path / "mine.py"
    file.write_bytes(b"# caf\xe9\n")
    with pytest.raises(PolicyError, match="not UTF-8") as caught, judged(file):
        pass
    assert str(caught.value).startswith("mine.py, line 1:")
    assert str(tmp_path) not in str(caught.value)
