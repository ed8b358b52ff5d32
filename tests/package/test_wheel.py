"""What is installed is complete: a wheel and a source distribution, each in an empty environment, used elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

ROOT = Path(__file__).parents[2]
SAFE = "pin_then_lock"
COPIED = ("wbviz", "exercises", "book", "tests/kernel")
FILES = (
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "Makefile",
    "README.md",
    "_config.yml",
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
)


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """A command outside any checkout, which must end with this status and without a traceback; what it printed."""
    told = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    told |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=told, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution of a copy of the checkout, and the wheel that is built from it."""
    base = tmp_path_factory.mktemp("built")
    source = base / "source"
    for folder in COPIED:
        run("cp", "-r", ROOT / folder, _parent(source / folder), cwd=base)
    for name in FILES:
        run("cp", ROOT / name, source, cwd=base)
    build = "import sys, setuptools.build_meta as b; print(getattr(b, sys.argv[1])(sys.argv[2]))"
    run(sys.executable, "-c", build, "build_sdist", base, cwd=source)
    (packed,) = base.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(base / "unpacked", filter="data")
    (unpacked,) = (base / "unpacked").iterdir()
    run(sys.executable, "-c", build, "build_wheel", base, cwd=unpacked)
    (wheel,) = base.glob("*.whl")
    return packed, wheel


def _parent(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The `wbviz` command of an empty environment with the wheel, and an empty folder to use it in."""
    place = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", place / "env", cwd=place)
    run(place / "env" / "bin" / "python", "-m", "pip", "install", "--quiet", built[1], cwd=place)
    (place / "elsewhere").mkdir()
    return place / "env" / "bin" / "wbviz", place / "elsewhere"


def test_the_source_distribution_has_what_builds_the_book_and_the_wheel(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.py", "book/_toc.yml", "exercises/02-pin-then-lock/rubric.toml", "wbviz/cli.py"} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_wheel_has_the_exercises_and_says_who_it_is_for(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        names = wheel.namelist()
        (told,) = [name for name in names if name.endswith("METADATA")]
        metadata = Metadata.from_email(wheel.read(told), validate=True)
    tasks = sorted(path.parent.name for path in (ROOT / "exercises").glob("*/rubric.toml"))
    for task in tasks:
        assert {f"wbviz/exercises/{task}/{name}" for name in ("task.md", "policy.py", "rubric.toml")} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "book"))]
    assert metadata.summary
    assert metadata.classifiers
    assert metadata.license_expression == "BSD-3-Clause"
    assert metadata.description_content_type == "text/markdown"


def test_checking_needs_nothing_else(installed: tuple[Path, Path]) -> None:
    command, here = installed
    assert "safe" in run(command, "check", SAFE, "--scenario", "abba", cwd=here)
    trace = here / "trace.json"
    run(command, "check", "writearound", "--scenario", "abba", "--json", trace, cwd=here, status=1)
    run(command, "replay", trace, "--html", here / "trace.html", cwd=here)
    assert "<svg" in (here / "trace.html").read_text(encoding="utf-8")
    assert "abba" in run(command, "scenarios", cwd=here)
    assert "sandbox" in run(command, "doctor", cwd=here)
    assert "request" in run(command, "run", SAFE, "--scenario", "scattered", cwd=here)


def test_a_student_and_an_instructor_can_grade(installed: tuple[Path, Path]) -> None:
    command, here = installed
    (starter,) = command.parents[1].rglob("wbviz/exercises/02-pin-then-lock/policy.py")
    (here / "policy.py").write_bytes(starter.read_bytes())
    assert "points" in run(command, "grade", "02", "policy.py", "--unofficial", cwd=here)
    assert "wrote autograder.zip" in run(command, "autograder", "02", "--unofficial", cwd=here)
    assert "rubric.toml" in run(command, "exercise", "new", "11-mine", cwd=here)
    assert "points" in run(command, "grade", "11-mine", "policy.py", "--unofficial", cwd=here)


def test_what_needs_more_says_what_to_install(installed: tuple[Path, Path]) -> None:
    command, here = installed
    assert 'pip install "wbviz[book]"' in run(command, "nbgrader", "02", "-o", here / "course", cwd=here, status=3)
    told = run(command, "book", "build", cwd=here, status=1)
    assert "there is no book to build" in told
