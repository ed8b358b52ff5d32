"""Runs Jupyter Book so that a mistake cannot pass: any warning and any failed cell is an error.

Jupyter Book keeps two memories between builds, the outputs of notebooks and the parsed pages. Neither notices that
``wbviz`` changed, and a page that caused a warning is not read again, so that a second build would pass. Hence both are
thrown away whenever anything a notebook can depend on has changed, and whenever the build before did not succeed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from wbviz.errors import UsageError
from wbviz.site.finish import finish
from wbviz.site.notebooks import write_notebooks

# What the outputs of a chapter depend on beside its own text.
INPUTS = ("wbviz", "exercises", "_config.yml", "requirements.txt", "book/_templates", "book/_static")

RAW = "raw"
"""Below _build, what Jupyter Book works in: pages as it writes them, and its two memories."""

# It has no __main__, and it ends a failed build with a traceback of its own.
_JUPYTER_BOOK = """
from jupyter_book.cli.main import main
try:
    main()
except RuntimeError:
    raise SystemExit(1)
"""


def checkout() -> Path:
    """The root of the checkout: where ``_config.yml`` and ``book/`` are.

    Raises ``UsageError`` for an installed ``wbviz`` without its book.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "_config.yml").is_file() or not (root / "book").is_dir():
        raise UsageError(
            "there is no book to build",
            came=f"wbviz installed in {root}",
            expected="a checkout of the project, with _config.yml and book/ beside wbviz/",
            cause="wbviz was installed as a package, without the chapters",
            fix="clone the project, and in it: make serve",
        )
    return root


def html(root: Path) -> Path:
    """Where the built pages of this checkout are."""
    return root / "_build" / "html"


def build_book(root: Path) -> int:
    """Build the book of the checkout ``root`` into ``html(root)``; returns the exit status of the build.

    Raises ``UsageError`` when something the pages need is not installed.
    """
    made = root / "_build"
    stamp = made / "inputs"
    key = fingerprint(root, INPUTS)
    if not stamp.is_file() or stamp.read_text() != key:
        # And nothing else: tools keep environments of their own beside it.
        shutil.rmtree(made / RAW, ignore_errors=True)
    made.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)

    command = [sys.executable, "-c", _JUPYTER_BOOK, "build", "book", "--config", "_config.yml"]
    command += ["--path-output", f"_build/{RAW}", "-W", "--keep-going", "-q"]
    status = subprocess.run(command, cwd=root, env=environment(root), check=False).returncode
    if status:
        print(
            "\nThe book was not built. Above: a warning (they count as errors) or a cell that failed, with the page "
            "and the line.\nThe reports of failed cells are in _build/raw/_build/html/reports/.",
            file=sys.stderr,
        )
        return 1
    finish(root, made / RAW / "_build" / "html", html(root))
    write_notebooks(root, html(root) / "_sources")
    stamp.write_text(key)
    return 0


def environment(root: Path) -> dict[str, str]:
    """The environment of a build: this ``wbviz`` is the one that notebooks import."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")])),
        "PYTHONHASHSEED": "0",  # the same pages from the same sources
        "WBVIZ_PREPARE_RUNS": "1",  # the labs carry the runs that a page without a kernel chooses from
        "JUPYTER_PLATFORM_DIRS": "1",  # else jupyter_core warns that its directories will move
        "IPYTHONDIR": str(_ipython(root)),
    }


def _ipython(root: Path) -> Path:
    """Settings of our own for the kernels that run the chapters: the one who builds may have files that IPython runs
    first, and each kernel would warn that what it says within this machine is not encrypted."""
    folder = root / "_build" / "ipython"
    (folder / "profile_default").mkdir(parents=True, exist_ok=True)
    settings = folder / "profile_default" / "ipython_kernel_config.py"
    settings.write_text("get_config().Application.log_level = 'ERROR'\n", encoding="utf-8")
    return folder


def fingerprint(root: Path, inputs: Iterable[str]) -> str:
    """A digest of the names and contents of all files under ``inputs``, paths relative to ``root``."""
    digest = hashlib.sha256()
    for name in inputs:
        for path in _files(root / name):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name != "__pycache__" and not child.name.startswith("."):
                yield from _files(child)
