"""Policy labs in the pages: what stands there before a script runs, and what the build puts into their own files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.load import builtin_names, load_policy
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.scenarios.described import BESIDE, parse_scenario
from wbviz.site.labs import contracts, exercise, expanded, finished, policies
from wbviz.viz.cells.chapter import listing

ROOT = Path(__file__).parents[2]
EXERCISES = sorted(path.name for path in (ROOT / "exercises").glob("*/") if (path / "task.md").is_file())


def test_a_block_becomes_a_listing_that_can_be_read_and_a_button() -> None:
    text = expanded("before\n\n```{policy-lab} writearound\n:scenario: abba\n```\n\nafter", ROOT)
    assert load_policy("writearound").source.rstrip() in text
    assert 'data-lab="lab" data-policy="writearound" data-scenario="abba"' in text
    assert text.index("```python") < text.index("<button")
    assert text.startswith("before")
    assert text.rstrip().endswith("after")


def test_what_is_no_lab_stays_as_it_is() -> None:
    text = "```{dropdown} Hint\nexercise\n```\n"
    assert expanded(text, ROOT) == text


@pytest.mark.parametrize("name", EXERCISES)
def test_the_page_of_an_exercise_has_its_task_and_its_starter_and_no_cell(name: str) -> None:
    text = exercise(ROOT / "exercises" / name)
    assert "code-cell" not in text
    assert "wbviz." not in text.replace("python -m wbviz", "")
    assert (ROOT / "exercises" / name / "policy.py").read_text(encoding="utf-8").rstrip() in text
    assert f'data-wb-task="exercise" data-wb-id="{name}"' in text
    assert "## Your task" in text
    (check,) = re.findall(r'data-check="([\w-]+)" data-sizes="([^"]*)"', text)
    sizes = json.loads(check[1].replace("&quot;", '"'))
    SCENARIOS[check[0]].build(sizes)
    assert text.count('data-do="grade"') == 1


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_is_a_page_of_the_book(name: str) -> None:
    assert f"exercises/{name}\n" in (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    assert (ROOT / "book" / "exercises" / f"{name}.md").read_text(encoding="utf-8") == f"```{{exercise}} {name}\n```\n"


def test_an_exercise_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="99-nothing"):
        expanded("```{exercise} 99-nothing\n```", ROOT)


def test_every_listing_can_be_tried() -> None:
    shown = listing("pin_then_lock", "execute").data
    page = finished(f"{shown}{shown}", "queue.html", "_static/lab.js", 4_100_000)
    assert re.findall(r'data-lab="([^"]+)" data-policy="pin_then_lock"', page) == [
        "queue/pin_then_lock",
        "queue/pin_then_lock/2",
    ]  # with the page: several chapters show a policy, and each lab keeps its own texts
    assert page.count('data-script="_static/lab.js"') == 2
    assert page.count("fetches 4.1 MB, once") == 2
    assert page.count("Try it</button>") == 2


def test_the_editor_knows_every_operation_in_a_sentence() -> None:
    known = {one["name"]: one for one in contracts() if one["of"] == "mm"}
    assert set(known) == {*SIGNATURES, "works"}
    for one in contracts():
        assert all(says.endswith(".") for says in one["says"])


def test_the_editor_may_begin_with_every_policy_of_the_book() -> None:
    assert [one["name"] for one in policies()] == list(builtin_names())
    assert all(one["says"] and "def enqueue" in one["text"] for one in policies())


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_what_the_form_writes_is_a_scenario() -> None:
    """Each program in the form, as TOML that the command line reads."""
    script = """
import { FIRST, TASKS, toml } from "./wbviz/site/js/lab/describe.js";
const on = { pages: "A0 A1", page: "A0", file: "A", files: "A" };
const kswapd = FIRST.tasks[0];
const more = { filesystem: "cluster", queue: 2, flushers: 2, journalled: true, files: { A: 2, B: 1 } };
console.log(JSON.stringify(Object.entries(TASKS).map(([program, key]) =>
  [program, toml({ ...FIRST, ...more, tasks: [kswapd, { program, on: on[key] }] })])));
"""
    command = ["node", "--no-warnings", "--experimental-default-type=module", "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    written = dict(json.loads(done.stdout))
    assert set(written) == set(BESIDE)
    for text in written.values():
        parse_scenario(text)
