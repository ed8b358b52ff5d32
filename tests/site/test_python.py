"""What Python in the page is fetched from: nothing is missing in it, and it is the same wherever it is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.bench import pyodide
from wbviz.check.check import check_scenario
from wbviz.page.answers import KINDS
from wbviz.policy.guard import PURE_MODULES
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build
from wbviz.site.python import ANSWERS, MOST_BYTES, Made, closure, make_python, questions

ROOT = Path(__file__).parents[2]
IMPORTS = "".join(f"import {name}\n" for name in sorted(PURE_MODULES - {"__future__"}))
POLICIES = {name: load_policy(name).source for name in ("pin_then_lock", "writearound", "leaky", "backoff")} | {
    "imports": IMPORTS + load_policy("pin_then_lock").source,
    "rich": """
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from string import Template

class Kind(Enum):
    ONE = 1

@dataclass(frozen=True)
class Box:
    kind: Kind = Kind.ONE

class Pair(NamedTuple):
    a: int

def enqueue(mm, page):
    box = Box()
    print(Template("$x").substitute(x=Pair(1)), box, f"{1.5:.2f}", "%s" % 3, "ß".encode("utf-8"), sorted({2, 1}))
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    yield mm.lock_page(work.page)
    raise ValueError("é")
""",
    "no python": "def enqueue(mm, page:\n",
    "no unicode": "def enqueue(mm, page): yield '\udcff'\n",
    "a state": "a = []\ndef enqueue(mm, page):\n    a.append(page)\n    yield\ndef execute(mm, work):\n    yield\n",
    "endless": "def enqueue(mm, page):\n    while True:\n        pass\n    yield\ndef execute(mm, work):\n    yield\n",
    "random": "import random\ndef enqueue(mm, page):\n    yield\ndef execute(mm, work):\n    yield\n",
}


@pytest.fixture(scope="module")
def made() -> Made:
    """What the build makes; without Node and Pyodide a person is told, and CI fails."""
    reason = pyodide.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    return make_python(ROOT)


@pytest.fixture(scope="module")
def said(made: Made, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answers to many questions, in Pyodide with this library and no other."""
    folder = tmp_path_factory.mktemp("python") / made.name
    shutil.copytree(made.folder, folder)
    asked = json.dumps(list(asked_for().values()))
    command = ["node", "--no-warnings", str(ROOT / "tests/site/python/ask.mjs"), str(folder), asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return {"answers": dict(zip(asked_for(), told["answers"], strict=True)), "missing": told["missing"]}


def asked_for() -> dict[str, dict[str, Any]]:
    """Questions by what they are about: of each kind, and a check of many policies."""
    found = {f"{number} {one['ask']}": one for number, one in enumerate(questions())}
    for name, text in POLICIES.items():
        found[f"check {name}"] = {"ask": "check", "policy": text, "scenario": "abba"}
    found["asked"] = {"ask": "grade", "policy": POLICIES["imports"], "exercise": "03-recheck"}
    return found


def test_each_kind_of_question_is_asked(said: dict[str, Any]) -> None:
    assert {one["ask"] for one in asked_for().values()} == set(KINDS)
    assert len(said["answers"]) > 25


def test_no_module_is_missing(said: dict[str, Any]) -> None:
    with ZipFile(ROOT / "node_modules" / "pyodide" / "python_stdlib.zip") as whole:
        names = {Path(name).with_suffix("").as_posix().replace("/", ".") for name in whole.namelist()}
    left_out = [name for name in said["missing"] if name in names or f"{name}.__init__" in names]
    assert left_out == [], "looked for, and left out of the library by wbviz/site/packed.py"
    assert [name for name in said["missing"] if name.startswith(("wbviz", "simpy"))] == []


def test_every_answer_is_one(said: dict[str, Any]) -> None:
    for about, answer in said["answers"].items():
        assert isinstance(answer, list) or "fault" not in answer, about


@pytest.mark.parametrize("name", POLICIES)
def test_the_same_verdict_as_here(name: str, said: dict[str, Any]) -> None:
    here = check_scenario(policy_from_text(POLICIES[name], "policy.py"), build("abba")).to_json()
    there = said["answers"][f"check {name}"]
    same = ("verdict", "states", "transitions", "cycle", "trace")
    assert {key: there[key] for key in same} == json.loads(json.dumps({key: here[key] for key in same}))


def test_it_is_small(made: Made) -> None:
    travels = [path for path in made.folder.iterdir() if path.suffix == ".bin"]
    assert sum(path.stat().st_size for path in travels) < made.bytes <= MOST_BYTES


def test_what_judges_is_in_the_archive_as_it_is(made: Made) -> None:
    names = {name for name, _ in closure(ROOT, ANSWERS)}
    assert {"wbviz.check.check", "wbviz.grade.score", "wbviz.certify.certify", "wbviz.sim.run"} <= names
    assert not {name for name in names if name.startswith(("wbviz.site", "wbviz.cli", "wbviz.commands"))}
