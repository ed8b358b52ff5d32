"""The archive that Gradescope makes an autograder of: the grader, its one dependency, an exercise, and two scripts.

Everything is copied from what is installed here, so it is pinned by being there: no package is fetched later.
"""

from __future__ import annotations

import json
import zipfile
from importlib import metadata
from pathlib import Path

import wbviz
from wbviz.errors import UsageError
from wbviz.grade.batch.store import cannot_write
from wbviz.grade.collect.wanted import wanted_by
from wbviz.grade.exercise import INSTRUCTOR, Exercise

_LEFT_OUT = {"site", "viz", "__pycache__", INSTRUCTOR}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SCRIPTS = Path(__file__).parent / "autograder"


def write_autograder(exercise: Exercise, target: Path, seed: str | None, official: bool) -> list[str]:
    """Write the archive; the names in it. The same checkout, exercise and seed give the same bytes.

    UsageError if it cannot be written, or simpy is not installed.
    """
    settings = {"exercise": exercise.name, "official": official, "others": wanted_by(exercise).others}
    members = {
        "setup.sh": (_SCRIPTS / "setup.sh").read_bytes(),
        "run_autograder": (_SCRIPTS / "run_autograder").read_bytes(),
        "autograder.json": json.dumps(settings).encode(),
        **_files(Path(wbviz.__file__).parent, "wbviz"),
        **_simpy(),
        **_files(exercise.folder, f"exercises/{exercise.name}"),
    }
    if seed is not None:
        members["secret/seed"] = seed.encode()
    if not target.name:
        raise UsageError(
            f"cannot write {target}: it is a folder",
            expected="the name of a file",
            fix=f"python -m wbviz autograder {exercise.name} -o autograder.zip",
        )
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                mode = 0o755 if name in ("setup.sh", "run_autograder") else 0o600 if name == "secret/seed" else 0o644
                info.external_attr = (0o100000 | mode) << 16
                archive.writestr(info, members[name])
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise cannot_write(target, error) from None
    return sorted(members)


def _files(folder: Path, name: str) -> dict[str, bytes]:
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _LEFT_OUT & set(path.relative_to(folder).parts) and not path.name.startswith(".")
    }


def _simpy() -> dict[str, bytes]:
    """simpy, with its licence, as it is installed here: pure Python, without dependencies of its own."""
    try:
        files = metadata.files("simpy") or []
    except metadata.PackageNotFoundError:
        files = []
    found = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in files
        if file.suffix == ".py" or "LICENSE" in file.name.upper() or file.name == "METADATA"
    }
    if not found:
        raise UsageError(
            "simpy is not installed, and the autograder needs it",
            expected="what requirements.txt pins",
            fix="python -m pip install -r requirements.txt",
        )
    return found
