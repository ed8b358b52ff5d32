"""The rules of the house, read from the files themselves: who imports whom, what is pinned, what names a machine."""

from __future__ import annotations

import ast
import datetime
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from wbviz import __version__
from wbviz.grade.judge.command import PARTS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "wbviz"

# cli → grade, viz → sim, check, certify → scenarios → machine → policy → trace → kernel → errors: a part may import
# parts of a lower rank. Equal rank means: never each other. site builds the pages and knows nothing of what is in them.
RANK = {
    "_version": -1,
    "errors": 0,
    "argument_errors": 1,
    "kernel": 1,
    "trouble": 1,
    "trace": 2,
    "policy": 3,
    "machine": 4,
    "scenarios": 5,
    "sim": 6,
    "check": 6,
    "certify": 6,
    "grade": 7,
    "viz": 7,
    "site": 7,
    "page": 8,
    "notebook_grading": 8,
    "doctor": 8,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
    "__init__": 0,
}
# What a part may import beside the standard library. Nothing, unless named here.
THIRD_PARTIES = {
    "sim": {"simpy"},
    "grade": {"distributed", "yaml"},
    "viz": {"bqplot", "ipywidgets", "anywidget", "traitlets", "IPython"},
    "notebook_grading": {"IPython"},
    "site": {"sphinx", "myst_nb", "nbformat", "pybtex", "playwright", "pypdf"},
}
# These, and all they import, run on the standard library alone: also in a browser's Python.
STANDARD_LIBRARY_ONLY = (
    "wbviz.check",
    "wbviz.certify.certify",
    "wbviz.trouble.words",
    "wbviz.viz.stage.frames",
    "wbviz.page.answers",
    "wbviz.cli",
    "wbviz.errors",
)


def modules() -> dict[str, Path]:
    """Every module of wbviz by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@cache
def imports(name: str) -> frozenset[str]:
    """What a module imports, anywhere in it: dotted names, modules of wbviz as exactly as the text tells."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found |= {deeper if (deeper := f"{base}.{alias.name}") in MODULES else base for alias in node.names}
    return frozenset(found)


def part(name: str) -> str:
    """The part of the package that a module belongs to: ``viz`` for ``wbviz.viz.stage.frames``."""
    pieces = name.split(".")
    return pieces[1] if len(pieces) > 1 else "__init__"


def closure(names: set[str]) -> set[str]:
    """These modules and all of wbviz that they import at the top of a file, packages on the way included."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name in seen or name not in MODULES:
            continue
        seen.add(name)
        names |= {name.rpartition(".")[0], *(n for n in imports(name) if n.startswith("wbviz"))} - {""}
    return seen


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name: str) -> None:
    mine = part(name)
    assert mine in RANK, f"{name}: a new part of the package; say in RANK what may import it"
    for other in imports(name):
        if other.startswith("wbviz."):
            assert part(other) == mine or RANK[part(other)] < RANK[mine], f"{name} must not import {other}"


@pytest.mark.parametrize("name", MODULES)
def test_third_parties_stay_in_their_parts(name: str) -> None:
    strangers = {other.split(".")[0] for other in imports(name)} - sys.stdlib_module_names - {"wbviz"}
    assert strangers <= THIRD_PARTIES.get(part(name), set()), f"{name} must not import {strangers}"


def test_checker_and_frames_need_only_the_standard_library() -> None:
    roots = {name for name in MODULES if part(name) in ("check", "certify")} | {"wbviz.viz.stage.frames"}
    for name in closure(roots):
        strangers = {other.split(".")[0] for other in imports(name)} - sys.stdlib_module_names - {"wbviz"}
        assert not strangers, f"{name}, which the checker or the frames need, imports {strangers}"


def test_a_sandboxed_child_gets_all_that_it_imports() -> None:
    """Where it did not, bubblewrap did not work, and its tests were skipped as on a machine that has none."""
    for name in closure({"wbviz.policy.child.__main__"}):
        path = MODULES[name].relative_to(PACKAGE)
        assert {str(path), path.parts[0]} & set(PARTS), f"{path}: bubblewrap's file system has {', '.join(PARTS)}"


@pytest.mark.parametrize("name", STANDARD_LIBRARY_ONLY)
def test_runs_without_site_packages(name: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {name}"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_wbviz_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import wbviz; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name for name in done.stdout.split() if name.partition(".")[0] not in sys.stdlib_module_names} == {
        "wbviz",
        "wbviz._version",
    }


@pytest.mark.parametrize("name", ["certify", "check", "grade"])
@pytest.mark.parametrize("first", ["wbviz.{0}", "import wbviz.{0}", "from wbviz.{0} import *"])
def test_a_package_that_can_be_called(first: str, name: str) -> None:
    does = first.format(name)
    code = f"import wbviz; {does}; assert callable(wbviz.{name}); import wbviz.{name} as package; package.__path__"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# What is installed


def pins() -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if text := line.partition("#")[0].strip():
            requirement = Requirement(text)
            found.setdefault(requirement.name.lower(), []).append(requirement)
    return found


def test_every_requirement_is_an_exact_pin() -> None:
    for requirements in pins().values():
        for requirement in requirements:
            operators = [specifier.operator for specifier in requirement.specifier]
            assert operators == ["=="], f"{requirement} is not an exact pin"
            assert "*" not in str(requirement.specifier)
            assert requirement.url is None


def test_pins_lie_within_the_ranges_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    ranges = [*project["dependencies"], *(text for extra in extras for text in extra)]
    for wanted in map(Requirement, ranges):
        if wanted.name == project["name"]:
            continue  # an extra that another one includes
        chosen = pins().get(wanted.name.lower(), [])
        assert chosen, f"{wanted.name} is not in requirements.txt: make pins"
        for pin in chosen:
            (specifier,) = pin.specifier
            assert wanted.specifier.contains(Version(specifier.version)), f"{pin} is not {wanted}: make pins"


def test_what_a_student_installs_is_pinned_as_for_everybody_and_little() -> None:
    everything = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    lines = (ROOT / "requirements-student.txt").read_text(encoding="utf-8").splitlines()
    few = [line for line in lines if line and not line.startswith("#")]
    assert few
    assert set(few) <= set(everything)
    assert len(few) <= sum("==" in line for line in everything) / 10


def test_requirements_say_how_they_were_made() -> None:
    assert "uv pip compile" in (ROOT / "requirements.txt").read_text(encoding="utf-8")[:400]


# What a file may say


def files() -> Iterator[Path]:
    """Every text file that belongs to the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in {".png", ".woff2", ".ico"} and path != Path(__file__):
            yield path


def test_no_file_names_a_machine_or_promises_work() -> None:
    machine = re.compile(r"(?<![\w.>-])/(?:work|root|tmp|home/\w+)/|\.\./shared\b")
    promise = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    for path in files():
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            assert not machine.search(line), f"names a place on one machine: {where}"
            assert not promise.search(line), f"promises work: {where}"


def test_makefile_is_safe_in_a_path_with_a_space() -> None:
    """Make splits names at spaces, so no absolute path may be part of a target, a prerequisite or an unquoted word."""
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        for word in ("$(CURDIR)", "$(PWD)", "$(abspath", "$(realpath", "$(MAKEFILE_LIST)"):
            assert word not in line or f'"{word}' in line, f"unquoted {word}: {line}"


def test_the_citation_is_of_this_version() -> None:
    """What is cited, and what the changelog dates, is what is installed."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (date,) = re.findall(r"^date-released: (.+)$", citation, re.MULTILINE)
    assert f"version: {__version__}\n" in citation
    dated = datetime.date.fromisoformat(date)
    assert f"## {__version__}, {dated.day} {dated:%B %Y}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
