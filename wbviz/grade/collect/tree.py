"""What lies in a folder that strangers filled: no link is followed, and what cannot be taken is told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from wbviz.grade.collect.archives import is_archive
from wbviz.grade.collect.submission import POLICY, Refused

UNREAD = (".7z", ".rar", ".gz", ".docx", ".odt", ".pdf")
"""What is handed in instead of a policy."""
_JUNK = {
    *("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", ".DS_Store", ".git", ".github", ".svn", ".hg"),
    *(".venv", ".ipynb_checkpoints", ".idea", ".vscode", ".pytest_cache", ".mypy_cache", ".ruff_cache"),
}
FILES_AT_MOST = 1000
DEEPEST = 30


class Inside(NamedTuple):
    """Names of folders and of regular files, sorted; and what is neither, or was left out of an archive."""

    folders: list[str]
    files: list[str]
    refused: list[Refused]


class Tree:
    """A folder and all below it. refused: what an archive that was unpacked there does not have, by path."""

    def __init__(self, root: Path, refused: Sequence[Refused] = ()) -> None:
        self.root = root
        self.told: set[str] = set()
        """Paths of what an archive does not have, and which a submission tells of."""
        self._left_out: dict[str, list[Refused]] = {}
        for one in refused:
            where, _, name = one.name.rstrip("/").rpartition("/")
            self._left_out.setdefault(where, []).append(Refused(name, one.why))

    def tell(self, folder: Path, refused: Sequence[Refused]) -> None:
        """Remember that a submission tells of these, which are named as they are called in the folder."""
        within = self._within(folder)
        self.told |= {f"{within}/{one.name}" if within else one.name for one in refused}

    def _within(self, folder: Path) -> str:
        return "" if folder == self.root else folder.relative_to(self.root).as_posix()

    def inside(self, folder: Path, hidden: bool = False) -> Inside:
        """What is in a folder. hidden: also what begins with a dot, unless it is known to be nobody's."""
        here = Inside([], [], [])
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            why = "this user may not read it (chmod -R u+rX)" if isinstance(error, PermissionError) else error.strerror
            return Inside([], [], [Refused(folder.name, why or str(error))])
        for entry in entries:
            if entry.name in _JUNK or entry.name.startswith("._") or (entry.name.startswith(".") and not hidden):
                continue
            if entry.is_symlink():
                here.refused.append(Refused(entry.name, "it is a link"))
            elif entry.is_dir():
                here.folders.append(entry.name)
            elif entry.is_file():
                here.files.append(entry.name)
            else:
                here.refused.append(Refused(entry.name, "it is no regular file"))
        here.refused.extend(self._left_out.get(self._within(folder), ()))
        return here

    def walk(self, folder: Path) -> Inside:
        """All regular files below a folder by their paths in it, the shallowest first, up to some thousand."""
        found = Inside([], [], [])
        waiting = [(folder, "")]
        while waiting:
            here, prefix = waiting.pop(0)
            inner = self.inside(here)
            found.refused.extend(Refused(prefix + one.name, one.why) for one in inner.refused)
            found.files.extend(prefix + file for file in inner.files)
            if len(found.files) > FILES_AT_MOST:
                found.refused.append(Refused(f"{prefix}...", f"there are more than {FILES_AT_MOST} files"))
                break
            if prefix.count("/") < DEEPEST:
                waiting += [(here / one, f"{prefix}{one}/") for one in inner.folders]
            elif inner.folders:
                found.refused.append(Refused(prefix, f"there are more than {DEEPEST} folders in one another"))
        return found


def holds_policy(names: Sequence[str]) -> bool:
    """Whether files of these names, beside each other, are one student's, rather than a class's."""
    return POLICY in names or any(name.lower().endswith((".py", ".ipynb")) for name in names)


def handable(name: str) -> bool:
    """Whether a file is somebody's submission, be it one that cannot be read."""
    return name.lower().endswith((".py", ".ipynb", ".py.txt", *UNREAD)) or is_archive(name)
