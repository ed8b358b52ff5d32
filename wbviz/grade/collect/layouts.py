"""Who handed in what, told from the shape of a folder: the ways in which platforms and people lay out a class.

| it looks like | it is |
| --- | --- |
| `submission_metadata.yml` and `submission_123/` | an export of Gradescope |
| `ada/exercise/` with a notebook or `timestamp.txt` | nbgrader's `submitted` tree |
| `Ada Lovelace_123_assignsubmission_file/` | a download of Moodle |
| `lovelaceada_123_456_policy.py` | a download of Canvas: user 123, file 456 |
| `ada/…` | a folder a student |
| `ada.py`, `ada.zip` | a file a student |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from wbviz.errors import UsageError
from wbviz.grade.collect.archives import is_archive
from wbviz.grade.collect.submission import POLICY, Handed, Refused, Who, shown

UNREAD = (".7z", ".rar", ".gz", ".docx", ".odt", ".pdf")
"""What is handed in instead of a policy."""
METADATA = "submission_metadata.yml"
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?")
_CANVAS = re.compile(r"(?P<name>[^_]+)(?:_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.DOTALL)
_NBGRADER = {"source", "release", "autograded", "feedback"}
_JUNK = {"__MACOSX", "__pycache__", "Thumbs.db"}
_FILES_AT_MOST = 1000


def handed_in(root: Path, name: str) -> Iterator[Handed]:
    """The submissions in a folder, in the order of their names. name: what to call the folder itself."""
    folders, files, refused = _children(root)
    if METADATA in files:
        yield from _gradescope(root)
    elif POLICY in files:
        yield _folder(Who(name), root, name)
    elif len(folders) == 1 and not any(map(_handable, files)) and not _holds_policy(root / folders[0]):
        yield from handed_in(root / folders[0], folders[0])
    elif "submitted" in folders and ("nbgrader_config.py" in files or _NBGRADER & set(folders)):
        yield from handed_in(root / "submitted", "submitted")
    else:
        for folder in folders:
            yield _one(root / folder, folder)
        handable = [file for file in files if _handable(file)]
        if all(map(_CANVAS.fullmatch, handable)):  # one name of this form may be somebody's taste
            yield from _canvas(root, files)
        else:
            for file in handable:
                yield _by_name(root / file, file)
        for one in refused:  # a link in the place of a submission must not vanish without a word
            yield Handed(Who(shown(one.name)), shown(one.name), (), refused=(one,))


def handed_file(path: Path, name: str) -> Handed:
    """A single file as a submission: its student is told by its name, or by its folder if it has the usual name."""
    if _CANVAS.fullmatch(name):
        return next(_canvas(path.parent, [name]))
    return _by_name(path, name)


def _by_name(path: Path, name: str) -> Handed:
    stem = re.sub(r"(?i)(\.tar)?\.\w+$", "", name)
    return Handed(Who(shown(path.resolve().parent.name if name == POLICY else stem)), shown(name), ((name, path),))


def _canvas(root: Path, names: list[str]) -> Iterator[Handed]:
    """A download of Canvas: all files of a user together."""
    users: dict[str, list[re.Match[str]]] = {}
    for match in filter(None, map(_CANVAS.fullmatch, names)):
        users.setdefault(match["user"], []).append(match)
    for user, matches in users.items():
        name = shown(matches[0]["name"])
        files = tuple((match["rest"], root / match.group()) for match in matches)
        yield Handed(Who(f"{name}_{user}", name, canvas=user), shown(matches[0].group()), files)


def handed_folder(folder: Path) -> Handed:
    """All that is in a folder, as one student's."""
    return _folder(Who(folder.name), folder, folder.name)


def _one(folder: Path, name: str) -> Handed:
    moodle = _MOODLE.fullmatch(name)
    if moodle:
        person, number = shown(moodle["name"]), moodle["number"]
        return _folder(Who(f"{person}_{number}", person, moodle=number), folder, name)
    return _nbgrader(_folder(Who(name), folder, name))


def _folder(who: Who, folder: Path, origin: str) -> Handed:
    """All regular files below a folder. Links are not followed: they may lead to anybody's file."""
    found: list[tuple[str, Path]] = []
    refused: list[Refused] = []
    waiting = [(folder, "")]
    while waiting and len(found) <= _FILES_AT_MOST:
        here, prefix = waiting.pop(0)
        folders, files, links = _children(here)
        refused += links
        found += [(prefix + file, here / file) for file in files]
        waiting += [(here / inner, f"{prefix}{inner}/") for inner in folders]
    return Handed(replace(who, student=shown(who.student)), shown(origin), tuple(found), refused=tuple(refused))


def _nbgrader(handed: Handed) -> Handed:
    """With the time that nbgrader's `timestamp.txt` tells, if there is one."""
    for name, path in handed.files:
        if name.rpartition("/")[2] == "timestamp.txt":
            text = path.read_text(encoding="utf-8", errors="replace")[:100].strip()
            text = re.sub(r"\s*UTC$", "+00:00", text)
            try:
                stamp = datetime.fromisoformat(text)
            except ValueError:
                return handed
            return replace(handed, submitted=stamp if stamp.tzinfo else None)
    return handed


def _gradescope(root: Path) -> Iterator[Handed]:
    """Every submitter of every submission of an export. A group's submission is everybody's in it."""
    for key, record in sorted(_metadata(root / METADATA).items(), key=lambda item: str(item[0])):
        name = str(key)
        here = root / name
        if not isinstance(record, dict) or "/" in name or name.startswith(".") or here.is_symlink():
            continue
        created = record.get(":created_at")
        stamp = created if isinstance(created, datetime) and created.tzinfo else None
        for submitter in record.get(":submitters") or [{}]:
            entry = submitter if isinstance(submitter, dict) else {}
            person, email = str(entry.get(":name") or ""), str(entry.get(":email") or "")
            who = Who(str(entry.get(":sid") or "") or email or person or name, person, email)
            if here.is_dir():
                yield replace(_folder(who, here, name), submitted=stamp)
            else:
                files = ((name, here),) if here.is_file() else ()
                yield Handed(who, name, files, stamp)


def _metadata(path: Path) -> dict[object, object]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with path.open("rb") as stream:
            data = yaml.load(stream, loader)  # a safe loader: no object but text, numbers, dates, lists
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(
            f"{METADATA} cannot be read: {str(error).splitlines()[0]}",
            expected="an export of Gradescope as it was downloaded",
            fix="download it again (Review Grades, Export Submissions), or name the folders of the students",
        ) from None
    return data if isinstance(data, dict) else {}


def _children(folder: Path) -> tuple[list[str], list[str], list[Refused]]:
    """Folders and regular files in it, sorted, hidden ones left out; and the links and special files."""
    folders: list[str] = []
    files: list[str] = []
    refused: list[Refused] = []
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except PermissionError:
        return [], [], [Refused(folder.name, "this user may not read it (chmod -R u+rX)")]
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _JUNK:
            continue
        if entry.is_symlink():
            refused.append(Refused(entry.name, "it is a link"))
        elif entry.is_dir():
            folders.append(entry.name)
        elif entry.is_file():
            files.append(entry.name)
        else:
            refused.append(Refused(entry.name, "it is no regular file"))
    return folders, files, refused


def _holds_policy(folder: Path) -> bool:
    """Whether a folder is one student's, rather than the class's."""
    return any(name.endswith((".py", ".ipynb")) and not _CANVAS.fullmatch(name) for name in _children(folder)[1])


def _handable(name: str) -> bool:
    """Whether a file is somebody's submission, be it one that cannot be read."""
    return name.lower().endswith((".py", ".ipynb", *UNREAD)) or is_archive(name)
