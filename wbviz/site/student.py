"""The release for students: ``make student`` writes it, as a folder and as an archive.

It is the project without tests, and so without reference solutions, the wrong policies that tests use, and the names
of hidden things. What goes in is listed here: what is not listed stays out.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from wbviz.site.notebooks import write_exercise_notebooks, write_notebooks

FILES = ("LICENSE", "CHANGELOG.md", "pyproject.toml", "requirements.txt", "requirements-student.txt")
FOLDERS = ("wbviz", "exercises", "book/data/kernel")
_LEFT_OUT = ("__pycache__", "*.pyc", ".*", "instructor", "record")
START = """\
# Who holds the page lock? For students

You need Python 3.11, 3.12 or 3.13. In this folder, with an editor and a terminal (seconds, 20 MB):

    python3 -m venv .venv
    .venv/bin/python -m pip install -r requirements-student.txt
    .venv/bin/python -m wbviz check exercises/02-pin-then-lock/policy.py --scenario sync-ahead
    .venv/bin/python -m wbviz grade 02 exercises/02-pin-then-lock/policy.py --unofficial

With the chapters and the tasks as notebooks (some minutes, 800 MB):

    .venv/bin/python -m pip install -r requirements.txt
    PYTHONPATH="$PWD" .venv/bin/python -m jupyterlab notebooks

`PYTHONPATH` lets the notebooks find `wbviz`, which lies in this folder. `notebooks/` has the chapters, and in
`notebooks/exercises/` the tasks. `exercises/README.md` lists them. On Windows, in PowerShell:

    py -m venv .venv
    .venv\\Scripts\\python -m pip install -r requirements-student.txt
    .venv\\Scripts\\python -m wbviz check exercises/02-pin-then-lock/policy.py --scenario sync-ahead
    .venv\\Scripts\\python -m wbviz grade 02 exercises/02-pin-then-lock/policy.py --unofficial
    .venv\\Scripts\\python -m pip install -r requirements.txt
    $env:PYTHONPATH = "$PWD"; .venv\\Scripts\\python -m jupyterlab notebooks

Hand in one file, `policy.py`, in UTF-8.
"""
SITE = """\

The book, with its lab, its exercises and the checker in the page, is in `site/`. It needs any Python and a browser:

    python3 -m http.server --bind 127.0.0.1 --directory site 8000

Then open http://127.0.0.1:8000/. What you write there stays in your browser; "Hand in" saves it as `policy.py`. On
Windows, begin with `py` in place of `python3`.
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_release(
    root: Path,
    target: Path | None = None,
    tasks: Callable[[Path, Path], object] = write_exercise_notebooks,
    site: Path | None = None,
) -> tuple[Path, Path]:
    """Write the release into a folder, by default `_build/student/wbviz`, and beside it as a zip archive.

    tasks: writes the tasks of a root as notebooks into a folder. site: the folder of the built book, to go with it.
    The same files give the same archive. Gives back both paths.
    """
    folder = target or root / "_build" / "student" / "wbviz"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copyfile(root / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    write_notebooks(root, folder / "notebooks")
    tasks(root, folder / "notebooks" / "exercises")
    if site is not None:
        shutil.copytree(site, folder / "site")
    (folder / "README.md").write_text(START + (SITE if site is not None else ""), encoding="utf-8")
    archive = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o100644 << 16
                packed.writestr(info, path.read_bytes())
    return folder, archive
