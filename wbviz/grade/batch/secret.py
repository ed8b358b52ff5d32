"""The instructor's secret seed: from a file or a variable that the instructor names, and never shown."""

from __future__ import annotations

import os
from pathlib import Path

import wbviz
from wbviz.errors import UsageError
from wbviz.grade.exercise import Exercise

SHORTEST = 16
_MAKE = (  # it never overwrites a seed that is there
    "python -c \"import pathlib, secrets; (pathlib.Path.home() / 'wbviz-seed').open('x').write(secrets.token_hex(16))\""
)


def read_secret(file: Path | None, variable: str | None, exercise: Exercise) -> str | None:
    """The seed, or None if neither is named. UsageError if there is none there, it is short, or it lies in the project.

    What lies in the project's folder is handed out or published with it sooner or later.
    """
    if file is not None:
        if any(Path(os.path.realpath(file)).is_relative_to(root) for root in _published(exercise)):
            raise UsageError(
                f"the secret seed {file} lies in the folder of the project",
                expected="a file outside, which is not published with the exercises",
                fix=_MAKE,
            )
        try:
            seed = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise UsageError(f"cannot read the secret seed {file}: {reason}", fix=_MAKE) from None
        return _long_enough(seed, str(file))
    if variable is not None:
        if variable not in os.environ:
            raise UsageError(
                f"the environment has no {variable}",
                expected="a variable that holds the secret seed",
                fix=f"export {variable}=$(cat ~/wbviz-seed)",
            )
        return _long_enough(os.environ[variable].strip(), variable)
    return None


def _published(exercise: Exercise) -> list[Path]:
    """Folders that are handed out: this checkout, the exercise, and the repository that it lies in."""
    folder = Path(os.path.realpath(exercise.folder))
    repositories = [parent for parent in folder.parents if (parent / ".git").exists()]
    return [Path(wbviz.__file__).resolve().parents[1], folder, *repositories]


def _long_enough(seed: str, where: str) -> str:
    if len(seed) < SHORTEST:
        raise UsageError(
            f"the secret seed in {where} is too short: it could be guessed",
            came=f"{len(seed)} characters",
            expected=f"at least {SHORTEST}",
            fix=_MAKE,
        )
    return seed
