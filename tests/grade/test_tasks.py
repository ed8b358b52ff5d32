"""The tasks as students get them: notebooks that run, the same starters in both places, a release without solutions."""

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.grade.policies import REFERENCES
from wbviz.check.check import check_scenario
from wbviz.grade.advice import CHAPTERS
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.site.notebooks import notebook
from wbviz.site.student import START, write_release

ROOT = Path(__file__).parents[2]
EXERCISES = exercises(ROOT)
CELL = re.compile(r"```\{code-cell\} python\n(.*?)\n```", re.S)


def cells(name: str) -> list[str]:
    return CELL.findall((EXERCISES[name] / "task.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXERCISES)
def test_the_cell_of_a_task_is_its_starter(name: str) -> None:
    _, policy, _, grade = cells(name)
    assert (EXERCISES[name] / "policy.py").read_text(encoding="utf-8").endswith(f"\n\n\n{policy}\n")
    assert grade == f'wbviz.grade("{name}", (enqueue, execute))'


@pytest.mark.parametrize("name", EXERCISES)
def test_the_counterexample_of_a_task_is_one(name: str) -> None:
    call = re.fullmatch(r'wbviz\.check\(\(enqueue, execute\), "([\w-]+)"((?:, \w+=\d+)*)\)', cells(name)[2])
    assert call
    params = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", call[2])}
    result = check_scenario(load_policy(EXERCISES[name] / "policy.py"), build(call[1], params))
    assert (result.verdict == "safe") == (name == "04-write-ahead"), (
        "only 04 begins with a policy that is safe, but slow"
    )


@pytest.mark.parametrize("name", EXERCISES)
def test_chapters_that_are_named_are_there(name: str) -> None:
    assert (ROOT / "book" / f"{load_exercise(name).chapter}.md").is_file()


def test_chapters_are_named_by_their_titles() -> None:
    for chapter, title in CHAPTERS.items():
        assert f"\n# {title}\n" in (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8"), chapter


def test_a_task_runs_as_a_notebook(tmp_path: Path) -> None:
    task = EXERCISES["02-pin-then-lock"] / "task.md"
    read = nbformat.reads(notebook(task.read_text(encoding="utf-8"), set()), as_version=4)
    NotebookClient(read, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = json.dumps([cell.outputs for cell in read.cells if cell.cell_type == "code"])
    assert "gets 30 of 100 points" in shown
    assert "application/vnd.jupyter.widget-view+json" in shown, "the counterexample plays"


def test_the_release_has_all_that_a_student_needs_and_no_solution(tmp_path: Path) -> None:
    folder, archive = write_release(ROOT, tmp_path / "wbviz")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in EXERCISES:
        assert {f"exercises/{name}/{file}" for file in ("task.md", "policy.py", "rubric.toml")} <= names
        assert f"notebooks/exercises/{name}.ipynb" in names
    assert {"README.md", "LICENSE", "requirements.txt", "wbviz/cli.py", "exercises/README.md"} <= names
    assert not [name for name in names if name.startswith("tests")]
    everything = "\n".join((folder / name).read_text(encoding="utf-8", errors="replace") for name in sorted(names))
    for reference in REFERENCES.glob("*.py"):
        assert reference.read_text(encoding="utf-8").splitlines()[0] not in everything
    with zipfile.ZipFile(archive) as packed:
        assert {f"wbviz/{name}" for name in names} == set(packed.namelist())
    before = archive.read_bytes()
    assert write_release(ROOT, tmp_path / "wbviz")[1].read_bytes() == before


def test_the_release_may_hold_the_built_site_and_says_how_it_is_opened(tmp_path: Path) -> None:
    built = tmp_path / "html"
    (built / "_static").mkdir(parents=True)
    (built / "index.html").write_text("<h1>the book</h1>", encoding="utf-8")
    (built / "_static" / "book.bin").write_bytes(bytes(range(256)))
    folder, archive = write_release(ROOT, tmp_path / "wbviz", site=built)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    (serve,) = re.findall(r"^    python3 -m http\.server --bind 127\.0\.0\.1 --directory (\S+) 8000$", readme, re.M)
    assert (folder / serve / "index.html").read_text(encoding="utf-8") == "<h1>the book</h1>"
    with zipfile.ZipFile(archive) as packed:
        assert packed.read(f"wbviz/{serve}/_static/book.bin") == bytes(range(256))
    folder, _ = write_release(ROOT, tmp_path / "wbviz")
    assert not (folder / serve).exists()
    assert "http.server" not in (folder / "README.md").read_text(encoding="utf-8")


def test_a_notebook_of_the_release_finds_wbviz_when_started_as_its_readme_says(tmp_path: Path) -> None:
    folder, _ = write_release(ROOT, tmp_path / "a course" / "wbviz")
    (start,) = re.findall(r"^    (PYTHONPATH=.*) -m jupyterlab notebooks$", START, re.M)
    tried = "import wbviz; wbviz.grade('02', 'pin_then_lock'); print(wbviz.__file__)"
    kernel = f"import os; os.chdir('notebooks/exercises'); {tried}"
    command = f'{start.replace(".venv/bin/python", shlex.quote(sys.executable))} -c "{kernel}"'
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, shell=True, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert done.stdout == f"{folder / 'wbviz' / '__init__.py'}\n", done.stderr


def test_the_readme_of_the_release_works_with_the_one_package_that_it_asks_for(tmp_path: Path) -> None:
    """The commands as they stand there, in a folder where nothing is but what `requirements-student.txt` names."""
    folder, _ = write_release(ROOT, tmp_path / "wbviz")
    site = tmp_path / "site"
    site.mkdir()
    for line in (folder / "requirements-student.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            (site / line.partition("=")[0]).symlink_to(Path(str(files(line.partition("=")[0]))))
    light = START[: START.index("With the chapters")]
    commands = re.findall(r"^    \.venv/bin/python (-m wbviz .*)$", light, re.M)
    windows = re.findall(r"^    \.venv\\Scripts\\python (-m wbviz .*)$", START, re.M)
    assert commands == windows
    assert len(commands) == 2
    assert "make" not in re.findall(r"^    (\w+)", START, re.M)
    clean = {**os.environ, "PYTHONPATH": str(site)}
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-S", *command.split()], cwd=folder, env=clean, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 1), done.stderr
    assert "gets" in done.stdout
    assert "make" not in re.findall(r"^(\w+)", (folder / "exercises/README.md").read_text(encoding="utf-8"), re.M)
