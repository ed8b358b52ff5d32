"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
AT_THE_END = re.compile(r"^At the end of `(.+?)`:\n\n```python\n(.*?)```$", re.MULTILINE | re.DOTALL)
NEW_FILE = re.compile(r"^A new file `(.+?)`:\n\n```(?:python|js)\n(.*?)```$", re.MULTILINE | re.DOTALL)
BEFORE = re.compile(r"^In `(.+?)`, before `(.+?)`:\n\n```(?:python|js)\n(.*?)```$", re.MULTILINE | re.DOTALL)
BECOMES = re.compile(r"^In `(.+?)`, `(.+?)` becomes `(.+?)`\.$", re.MULTILINE)


def recipe(title: str) -> str:
    """The text of a recipe."""
    return re.split(r"^#+ ", TEXT.partition(f"### {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def commands(text: str) -> list[list[str]]:
    """The commands of a recipe, with this Python."""
    lines = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    return [[sys.executable, *line.split()[1:]] for line in lines]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the recipes change."""
    for name in ("wbviz", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "browser")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "exercises").mkdir()
    return tmp_path


def follow(text: str, tree: Path) -> None:
    """Change the files as the recipe says."""
    for name, code in NEW_FILE.findall(text):
        assert not (tree / name).exists()
        (tree / name).write_text(code, encoding="utf-8")
    for name, code in AT_THE_END.findall(text):
        file = tree / name
        file.write_text(file.read_text(encoding="utf-8") + code, encoding="utf-8")
    for name, place, code in BEFORE.findall(text):
        replace(tree / name, place, placed(code, place) + place)
    for name, old, new in BECOMES.findall(text):
        replace(tree / name, old, new)


def placed(code: str, place: str) -> str:
    """Code as it stands before that place: as far in, and a function with blank lines after it."""
    lead = place[: len(place) - len(place.lstrip())]
    if not code.startswith("def "):
        return code
    return indent(code, lead) + ("\n" if lead else "\n\n")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"CONTRIBUTING.md: {old!r} stands {text.count(old)} times in {file.name}, not once"
    file.write_text(text.replace(old, new), encoding="utf-8")


def run(command: list[str], tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_a_scenario(tree: Path) -> None:
    text = recipe("A scenario")
    follow(text, tree)
    check, tests = commands(text)
    told = run(check, tree)
    assert told.returncode == 1, told.stderr
    assert "deadlock" in told.stdout
    tested = run(tests, tree)
    assert tested.returncode == 0, tested.stdout
    assert re.search(r"^3 passed\b", tested.stdout, re.MULTILINE), tested.stdout


def test_a_task(tree: Path) -> None:
    text = recipe("A task that runs beside a policy")
    follow(text, tree)
    (tests,) = commands(text)
    tested = run(tests, tree)
    assert tested.returncode == 0, tested.stdout
    (tree / "visited.toml").write_text(
        '[files]\nA = 1\n[[task]]\nprogram = "kswapd"\npages = ["A0"]\n[[task]]\nprogram = "visitor"\npage = "A0"\n'
    )
    check = [sys.executable, "-m", "wbviz", "check", "pin_then_lock", "--scenario-file", "visited.toml"]
    told = run(check, tree)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "safe" in told.stdout


LOOKS_FIRST = """
def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    page = work.page
    yield mm.wait_on_page_locked(page)
    yield mm.lock_page(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
"""Where a filesystem may have begun to write the page itself, it would wait for that as well."""

FOR_ITSELF = LOOKS_FIRST.replace(
    "wait_on_page_locked(page)\n    yield mm.lock_page", "lock_page(page)\n    yield mm.wait_on_page_locked"
)


def test_an_operation(tree: Path) -> None:
    text = recipe("An operation")
    follow(text, tree)
    (tests,) = commands(text)
    tested = run(tests, tree)
    assert tested.returncode == 0, tested.stdout
    wbviz = [sys.executable, "-m", "wbviz"]
    (tree / "looks.py").write_text(LOOKS_FIRST)
    (tree / "itself.py").write_text(FOR_ITSELF)
    told = run([*wbviz, "check", "looks.py", "--scenario", "abba"], tree)
    assert told.returncode == 0, told.stdout + told.stderr
    told = run([*wbviz, "check", "itself.py", "--scenario", "abba"], tree)
    assert told.returncode == 1, told.stderr
    assert "flusher waits for itself: A1 is locked by flusher" in told.stdout
    told = run([*wbviz, "certify", "itself.py"], tree)
    assert told.returncode == 1, told.stderr
    assert re.search(r"order +fails", told.stdout), told.stdout
    assert "line 12" in told.stdout, told.stdout
    (tree / "nothing.py").write_text(LOOKS_FIRST.replace("locked(page)", "locked()"))
    told = run([*wbviz, "check", "nothing.py", "--scenario", "abba"], tree)
    assert "mm.wait_on_page_locked(page)" in told.stdout + told.stderr


def test_an_exercise(tree: Path) -> None:
    new, check = commands(recipe("An exercise"))
    assert run(new, tree).returncode == 0
    graded = run([*new[:-3], "grade", "11", "exercises/11-the-page-before/policy.py", "--unofficial"], tree)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert re.search(r"\b45 of 100\b", graded.stdout), graded.stdout
    assert check[1:4] == ["-m", "wbviz", "exercise"], "tests/grade/own/test_trials.py runs it"


PRESSED_TWICE = """
import { parseHTML } from "linkedom";
import { KINDS } from "./wbviz/viz/js/kinds.js";
const { document } = parseHTML("<html><body></body></html>");
globalThis.document = document;
const gone = KINDS["one-by-one"](document.body, { bundle: ["one", "two", "three"] }, {});
const next = document.querySelector("button");
next.click();
next.click();
console.log([...document.querySelectorAll("li")].map((line) => line.textContent).join(), next.hasAttribute("disabled"));
gone();
console.log(document.body.innerHTML === "");
"""


@pytest.mark.skipif(not (ROOT / "node_modules" / "linkedom").exists(), reason="needs npm packages: npm ci")
def test_a_widget(tree: Path) -> None:
    for name in ("jsconfig.json", "package.json", "biome.json"):
        shutil.copyfile(ROOT / name, tree / name)
    (tree / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    text = recipe("A widget")
    follow(text, tree)
    (tests,) = commands(text)
    tested = run(tests, tree)
    assert tested.returncode == 0, tested.stdout
    assert "skipped" not in tested.stdout, tested.stdout
    formed = run(
        ["node_modules/.bin/biome", "check", "wbviz/viz/js/one_by_one.js", "wbviz/viz/js/kinds_plain.js"], tree
    )
    assert formed.returncode == 0, formed.stdout + formed.stderr
    (tree / "pressed.mjs").write_text(PRESSED_TWICE)
    node = ["node", "--no-warnings", "--experimental-default-type=module", "pressed.mjs"]
    assert run(node, tree).stdout.splitlines() == ["one,two false", "true"]
    code = "from wbviz.viz.cells.lines import OneByOne; it = OneByOne('a', ['<b>']); print(it.kind, it.picture())"
    shown = run([sys.executable, "-c", code], tree)
    assert shown.stdout == 'one-by-one <ol class="wbviz" id="wb-lines-a"><li>&lt;b&gt;</li></ol>\n', shown.stderr
