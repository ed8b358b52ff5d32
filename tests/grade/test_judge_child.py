"""The child of a judge: what it loads, which sandbox it gets, and that it ends with its judge."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wbviz.check.check import check_scenario
from wbviz.doctor import doctor
from wbviz.errors import UsageError
from wbviz.grade.judge import Limits, SandboxError, Unjudged, best_tier, judged
from wbviz.grade.judge.command import TIERS
from wbviz.grade.judge.tiers import failure
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build

ROOT = Path(__file__).parents[2]
PIN_THEN_LOCK = ROOT / "wbviz" / "policy" / "builtin" / "pin_then_lock.py"
SANDBOXES = [tier for tier in TIERS if tier != "none"]


def need(tier: str) -> None:
    """The sandbox works, or a person is told loudly; for the project's CI it is a failure."""
    if failure(tier):
        reason = f"the sandbox {tier} does not work here: {failure(tier)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def fresh_probes() -> Iterator[None]:
    """Tiers are tried anew, in this test and after it."""
    best_tier.cache_clear()
    failure.cache_clear()
    yield
    best_tier.cache_clear()
    failure.cache_clear()


# What it loads


def test_it_loads_nothing_of_the_judges() -> None:
    loaded = loaded_by_a_child()
    parts = {name.split(".")[1] for name in loaded if name.startswith("wbviz.")}
    assert parts == {"_version", "errors", "kernel", "policy"}
    assert {name for name in loaded if name.startswith("wbviz.kernel")} == {"wbviz.kernel", "wbviz.kernel.api"}
    assert not {"socket", "subprocess", "random", "pickle"} & loaded


@pytest.mark.parametrize("imports", [True, False])
def test_nothing_is_left_to_be_imported_when_no_file_can_be_opened_any_more(imports: bool) -> None:
    loaded = loaded_by_a_child(imports)
    ours = [name for name in loaded if name.startswith("wbviz.policy") and name != "wbviz.policy.child.__main__"]
    for name in ours:
        path = ROOT.joinpath(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    assert imported(node) <= loaded, f"{name}.{function.name}: wbviz.policy.child must import it before"


def test_a_policy_that_imports_nothing_waits_for_no_module() -> None:
    assert {"dataclasses", "fractions", "typing"} <= loaded_by_a_child()
    assert not {"dataclasses", "fractions", "inspect"} & loaded_by_a_child(imports=False)


def loaded_by_a_child(imports: bool = True) -> set[str]:
    code = "import sys; sys.path.insert(0, sys.argv[1]); from wbviz.policy.child.__main__ import load; "
    code += f"load({imports}); "
    code += "import wbviz.policy.child.confine; print(*sys.modules)"
    command = [sys.executable, "-P", "-s", "-S", "-c", code, str(ROOT)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        assert node.module
        inside = ROOT.joinpath(*node.module.split("."))
        return {f"{node.module}.{a.name}" if (inside / f"{a.name}.py").exists() else node.module for a in node.names}
    return set()


RICH = '''\
"""A policy that uses much of what a policy may use."""
import enum
import functools
import itertools
import re
import string
from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

class Kind(enum.Enum):
    AHEAD = "ahead"

Pair = namedtuple("Pair", "a b")

class Range(NamedTuple):
    first: int
    end: int

@dataclass(order=True)
class Plan:
    pages: list = field(default_factory=list)
    share: Fraction = Fraction(1, 3)

def times(number, factor):
    return number * factor

twice = functools.partial(times, factor=2)

def enqueue(mm, page):
    plan = Plan()
    plan.pages.append(page)
    größe = len(plan.pages)
    assert re.fullmatch("[a-z]+", Kind.AHEAD.value)
    assert string.Template("$a").substitute(a=f"{twice(größe):>5}").strip() == "2"
    seen = OrderedDict(a=1), defaultdict(list), deque([1]), Pair(1, 2), Range(0, 3)
    for _ in itertools.islice(itertools.count(), 2):
        yield mm.cond_resched()
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, wanted=(Kind.AHEAD.value, größe))):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
'''


@pytest.mark.parametrize("tier", TIERS)
def test_a_policy_that_uses_much_of_python_is_the_same_in_a_sandbox(tier: str, tmp_path: Path) -> None:
    need(tier)
    file = tmp_path / "rich.py"
    file.write_text(RICH, encoding="utf-8")
    expected = check_scenario(load_policy(file), build("abba"))
    with judged(file, tier) as child:
        assert child.tier == tier
        found = check_scenario(child.policy, build("abba"))
    assert (found.verdict, found.states, found.transitions) == ("safe", expected.states, expected.transitions)


@pytest.mark.parametrize("tier", TIERS)
def test_a_file_that_the_parser_cannot_hold(tier: str, tmp_path: Path) -> None:
    need(tier)
    file = tmp_path / "deep.py"
    file.write_text(f"x = {'-' * 100_000}1\n", encoding="utf-8")
    with judged(file, tier) as child:
        assert check_scenario(child.policy, build("busy-page")).verdict == "policy-error"


# Which sandbox


def test_the_best_sandbox_that_works_is_taken_and_its_scores_count(fresh_probes: None) -> None:
    need("bubblewrap")
    assert best_tier() == ("bubblewrap", True, "", "")
    with judged(PIN_THEN_LOCK) as child:
        assert child.tier == "bubblewrap"


def test_without_bubblewrap_it_is_landlock_and_one_is_told_what_to_install(
    fresh_probes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("landlock")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    tier = best_tier()
    assert (tier.name, tier.official) == ("landlock", True)
    assert tier.why == "bubblewrap: bubblewrap is not installed"
    assert tier.how_to_improve == "apt-get install bubblewrap"
    with pytest.raises(SandboxError, match="bubblewrap") as caught, judged(PIN_THEN_LOCK, "bubblewrap"):
        pass
    assert "is not installed" in str(caught.value)
    assert "doctor" in str(caught.value)


def test_where_namespaces_are_forbidden_one_is_told_so(fresh_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in most containers: bubblewrap is there, and fails."""
    need("landlock")
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/false")
    tier = best_tier()
    assert (tier.name, tier.official) == ("landlock", True)
    assert "status 1" in tier.why
    assert tier.how_to_improve


def test_without_any_sandbox_no_score_is_official(fresh_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wbviz.grade.judge.tiers.failure", lambda tier: "" if tier == "none" else f"no {tier} here")
    tier = best_tier()
    assert (tier.name, tier.official) == ("none", False)
    assert tier.why == "bubblewrap: no bubblewrap here; landlock: no landlock here"
    assert tier.how_to_improve
    with judged(PIN_THEN_LOCK) as child:
        assert child.tier == "none"


def test_a_sandbox_of_another_name() -> None:
    with pytest.raises(UsageError, match="no sandbox bublewrap"), judged(PIN_THEN_LOCK, "bublewrap"):
        pass


# Its end

SPINS = """\
def enqueue(mm, page):
    sum(range(10**15))
    yield mm.cond_resched()

def execute(mm, work):
    yield mm.cond_resched()
"""
JUDGE = """\
import sys
from pathlib import Path
from wbviz.check.check import check_scenario
from wbviz.grade.judge import Limits, judged
from wbviz.scenarios.catalogue import build
with judged(Path(sys.argv[1]), sys.argv[2], Limits(answer_seconds=100)) as child:
    print("running", flush=True)
    check_scenario(child.policy, build("busy-page"))
"""


@pytest.mark.parametrize("tier", SANDBOXES)
def test_it_does_not_outlive_a_judge_that_is_killed(tier: str, tmp_path: Path) -> None:
    need(tier)
    file = tmp_path / "spins.py"
    file.write_text(SPINS, encoding="utf-8")
    command = [sys.executable, "-c", JUDGE, str(file), tier]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as judge:
        assert judge.stdout
        assert judge.stdout.readline() == "running\n"
        children = descendants(judge.pid)
        assert children
        judge.kill()
    deadline = time.monotonic() + 20
    while any(map(lives, children)):
        assert time.monotonic() < deadline, f"it outlived its judge in {tier}"
        time.sleep(0.02)


@pytest.mark.parametrize("tier", TIERS)
def test_one_that_has_used_its_processor_time_is_not_settled(tier: str, tmp_path: Path) -> None:
    """It is told as any other limit, with its number, and where it stood."""
    need(tier)
    file = tmp_path / "spins.py"
    file.write_text(SPINS, encoding="utf-8")
    with judged(file, tier, Limits(answer_seconds=100, wait_seconds=100, cpu_seconds=1)) as child:
        (verdict,) = check_scenario(child.policy, build("busy-page")).verdicts
    assert verdict.kind == "incomplete"
    assert "more than 1 seconds of processor time, in the first lines of enqueue" in verdict.summary


@pytest.mark.parametrize("tier", SANDBOXES)
def test_a_hanging_child_is_ended_and_collected(tier: str, tmp_path: Path) -> None:
    need(tier)
    file = tmp_path / "spins.py"
    file.write_text(SPINS, encoding="utf-8")
    others = descendants(os.getpid())  # a tracker of the standard library's, for one, which another test began
    with judged(file, tier, Limits(answer_seconds=3)) as child:
        children = descendants(os.getpid()) - others
        with pytest.raises(Unjudged, match="3 seconds, in the first lines of enqueue") as caught:
            check_scenario(child.policy, build("busy-page"))
    assert "one long call" in str(caught.value)
    assert children
    deadline = time.monotonic() + 20
    while any(map(lives, children)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_bubblewrap_that_is_stopped_while_it_begins_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is interrupted before it has said which process it made, which then would wait for it for ever."""
    need("bubblewrap")

    def interrupted(info: bytes) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("wbviz.grade.judge.child._told", interrupted)
    before = descendants(os.getpid())
    started: set[int] = set()
    monkeypatch.setattr("wbviz.grade.judge.child._FAREWELL", 0.0)
    kill = os.killpg
    monkeypatch.setattr(
        os, "killpg", lambda group, number: (started.update(descendants(os.getpid())), kill(group, number))
    )
    with pytest.raises(KeyboardInterrupt), judged(PIN_THEN_LOCK, "bubblewrap"):
        pass
    assert started - before
    deadline = time.monotonic() + 20
    while any(map(lives, started - before)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_two_children_know_nothing_of_each_other(tmp_path: Path) -> None:
    """One misbehaves; the other goes on."""
    file = tmp_path / "spins.py"
    file.write_text(SPINS, encoding="utf-8")
    with judged(PIN_THEN_LOCK) as good, judged(file, limits=Limits(answer_seconds=3)) as bad:
        with pytest.raises(Unjudged):
            check_scenario(bad.policy, build("busy-page"))
        assert check_scenario(good.policy, build("busy-page")).verdict == "safe"


def descendants(pid: int) -> set[int]:
    """The processes below one."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: set[int] = set()
    grown = {pid}
    while grown:
        grown = {child for child, parent in parents.items() if parent in grown} - found
        found |= grown
    return found


def lives(pid: int) -> bool:
    """Whether a process runs: one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_doctor_tells_which_sandbox_there_is_and_how_to_get_a_better_one(
    fresh_probes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("bubblewrap")
    assert "  bubblewrap    namespaces" in doctor()
    assert "why not better" not in doctor()
    best_tier.cache_clear()
    failure.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    said = doctor()
    assert "  landlock      " in said
    assert "  why not better: bubblewrap: bubblewrap is not installed\n" in said
    assert "  to improve:     apt-get install bubblewrap" in said


def test_what_a_policy_prints_comes_back_from_its_child(tmp_path: Path) -> None:
    file = tmp_path / "loud.py"
    file.write_text(PIN_THEN_LOCK.read_text(encoding="utf-8").replace("    yield", "    print(1, page)\n    yield", 1))
    with judged(file) as child:
        assert check_scenario(child.policy, build("cleaned")).verdict == "safe"
        (line,) = child.policy.printed()
    assert line.endswith(": 1 <page 0>")
