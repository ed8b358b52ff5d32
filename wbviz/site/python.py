"""Makes what Python in the page is fetched from: Pyodide's core, the library as far as it is needed, wbviz and SimPy.

It takes seconds, so what was made is kept in `_build/python`, under a digest of all that it is made of.
"""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from wbviz.errors import UsageError

ANSWERS = ("wbviz.page.answers", "wbviz.page.checks", "wbviz.page.grades", "wbviz.page.others")
"""What the worker imports; everything that these import, anywhere in them, is in the archive."""
BESIDE = ("simpy",)
"""Packages that go with it as they are."""
DATA = ("wbviz/policy/builtin/*.py", "wbviz/viz/palette.css", "exercises/*/*.toml")
"""Files that are read, and not imported."""
MOST_BYTES = 4_000_000
"""So much a first start may fetch, compressed."""
_HERE = Path(__file__).parent
_MADE = (_HERE / "packed.py", _HERE / "python.py", _HERE / "js" / "python.mjs")


class Made(NamedTuple):
    """A folder of files to serve, its name with a digest, and the bytes that a first start fetches, compressed."""

    folder: Path
    name: str
    bytes: int


def make_python(root: Path) -> Made:
    """Make the folder, or find it made. root: the checkout. Raises UsageError where something is missing."""
    wishes = _wishes(root)
    key = _digest(root, wishes)
    place = root / "_build" / "python"
    folder = place / f"python.{key}"
    if not (folder / "made.json").is_file():
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="making-", dir=place) as making:
            whole = Path(making) / folder.name
            whole.mkdir()
            told = _run(root, {**wishes, "out": str(whole)})
            (whole / "made.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
            for old in place.glob("python.*"):
                if old != folder:
                    shutil.rmtree(old, ignore_errors=True)
            with suppress(OSError):  # another process was first
                whole.rename(folder)
    return Made(folder, folder.name, json.loads((folder / "made.json").read_text(encoding="utf-8"))["bytes"])


def write_python(root: Path, assets: Path) -> Made:
    """Make the folder, and copy it into the assets of a site."""
    made = make_python(root)
    shutil.copytree(made.folder, assets / made.name, ignore=shutil.ignore_patterns("made.json"))
    return made


def _wishes(root: Path) -> dict[str, Any]:
    sources = dict(closure(root, ANSWERS))
    modules = {path.relative_to(root).as_posix(): path for path in sources.values()}
    for package in BESIDE:
        place = Path((find_spec(package) or _missing(package)).origin or "").parent
        modules |= {f"{package}/{path.relative_to(place).as_posix()}": path for path in sorted(place.rglob("*.py"))}
    data = [path for pattern in DATA for path in sorted(root.glob(pattern))]
    texts = {name: path.read_text(encoding="utf-8") for name, path in modules.items()}
    return {
        "packed": str(_HERE / "packed.py"),
        "worker": str(root / "wbviz" / "viz" / "js" / "python_worker.js"),
        "files": texts | {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in data},
        "names": sorted({*imported(texts.values()), *_pure()}),
        "questions": [json.dumps(one) for one in questions()],
    }


def closure(root: Path, names: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """These modules of wbviz and all that they import, anywhere in them, packages on the way included."""
    todo, seen = list(names), set()
    while todo:
        name = todo.pop()
        path = _module(root, name)
        if name in seen or path is None:
            continue
        seen.add(name)
        yield name, path
        todo += [
            name.rpartition(".")[0],
            *(one for one in _imports(path.read_text("utf-8")) if one.startswith("wbviz")),
        ]


def imported(texts: Iterable[str]) -> set[str]:
    """The modules outside of the archive that these texts import, anywhere in them."""
    outside = {one for text in texts for one in _imports(text)}
    return {one for one in outside if one.partition(".")[0] in sys.stdlib_module_names}


def _imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module.partition(".")[0] == "wbviz":  # a name may be a module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module(root: Path, name: str) -> Path | None:
    base = root.joinpath(*name.split(".")) if name else root / "nothing"
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _pure() -> frozenset[str]:
    from wbviz.policy.guard import PURE_MODULES

    return PURE_MODULES


def questions() -> Iterator[dict[str, Any]]:
    """One question of each kind, and policies that are well, that deadlock, and that are none."""
    from wbviz.policy.load import load_policy

    good, bad = load_policy("pin_then_lock").source, load_policy("writearound").source
    yield {"ask": "scenarios"}
    for policy in (good, bad, "def enqueue(mm, page)\n", "def enqueue(mm, page):\n    mm.get_page(page)\n", _WRONG):
        yield {"ask": "check", "policy": policy, "scenario": "abba"}
        yield {"ask": "certify", "policy": policy}
    yield {"ask": "check", "policy": bad, "scenario": "abba", "params": {"pages": 3}, "smallest": True}
    yield {"ask": "check", "policy": bad, "described": '[files]\nA = 1\n[[task]]\nprogram = "kswapd"\npages = ["A0"]'}
    yield {"ask": "check", "policy": bad, "described": "A ="}
    yield {"ask": "game", "policy": bad, "scenario": "abba"}
    yield {"ask": "grade", "policy": bad, "exercise": "02"}
    for lab in ("reclaim", "flusher"):
        yield {"ask": "run", "lab": lab, "settings": {"seconds": 0.5}, "seed": 1}
    yield {"ask": "kernel", "text": "INFO: task kswapd0:42 blocked for more than 120 seconds.\n"}


_WRONG = """
import random
def enqueue(mm, page):
    yield mm.lock_pages(page)
def execute(mm, work):
    work.page.dirty = False
    yield 3
"""


def _digest(root: Path, wishes: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(wishes, sort_keys=True).replace(json.dumps(str(root))[1:-1], "").encode())
    for path in (*_MADE, Path(wishes["worker"]), root / "package-lock.json"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _run(root: Path, wishes: dict[str, Any]) -> dict[str, Any]:
    command = ["node", "--no-warnings", str(_HERE / "js" / "python.mjs")]
    done = subprocess.run(command, cwd=root, input=json.dumps(wishes), capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(
            "Python for the pages could not be made",
            came=done.stderr.strip()[-2000:],
            expected="Pyodide, of package-lock.json, and modules of wbviz that it can import",
            cause="npm packages are not installed, or a module of wbviz needs what a browser's Python has not",
            fix="npm ci      (make serve does it by itself)",
        )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _missing(package: str) -> Any:
    raise UsageError(f"{package} is not installed", fix="pip install -r requirements.txt")
