"""Who handed in what, told from the shape of a folder: the ways in which platforms and people lay out a class.

| it looks like | it is |
| --- | --- |
| `submission_metadata.yml` and `submission_123/` | an export of Gradescope |
| `submitted/ada/02-pin-then-lock/` | nbgrader's tree |
| names as in `downloads.py` | a download of Moodle, Canvas, Blackboard or Brightspace |
| `02-pin-then-lock-ada/` | repositories of GitHub Classroom |
| `02-pin-then-lock/ada/`, `03-recheck/ada/` | a folder an exercise |
| `ada/…` | a folder a student |
| `ada.py`, `ada.zip` | a file a student |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from wbviz.errors import UsageError
from wbviz.grade.collect.downloads import Attempt, Piece, attempts, pieces
from wbviz.grade.collect.submission import POLICY, Files, Handed, Refused, Who, internal_error, shown
from wbviz.grade.collect.tree import DEEPEST, Tree, handable, holds_policy
from wbviz.grade.collect.wanted import Wanted

METADATA = "submission_metadata.yml"
NBGRADER = "nbgrader_config.py"


def handed_in(root: Path, name: str, wanted: Wanted, refused: Sequence[Refused] = ()) -> tuple[list[Handed], list[str]]:
    """The submissions in a folder, in the order of their names, and remarks on what was not taken for one.

    name: what to call the folder itself. refused: what the archive that was unpacked there does not have.
    """
    found = _Class(Tree(root, refused), wanted)
    handed = list(found.all(root, name))
    lost = [str(one) for one in refused if one.name not in found.tree.told]
    return handed, [*found.remarks, *lost[:20], *([f"and {len(lost) - 20} more"] if len(lost) > 20 else [])]


def handed_folder(folder: Path) -> Handed:
    """All that is in a folder, as one student's."""
    return _folder(Tree(folder), Who(folder.name), folder, folder.name)


def handed_files(paths: Sequence[Path]) -> Iterator[Handed]:
    """Files that somebody named, a student each, but that all those of a user of one platform go together."""
    named = {path.name: path for path in paths if path.name != POLICY}
    for path in paths:
        if path.name == POLICY or named[path.name] != path:  # the name is told by the folder, or not told at all
            yield _by_name(path, path.name)
    found = pieces(list(named))
    for attempt in attempts(found.values()):
        yield _of_attempt(attempt, named, Tree(Path()))
    for name, path in named.items():
        if name not in found:
            yield _by_name(path, name)


class _Class:
    """A class's folder while it is read."""

    def __init__(self, tree: Tree, wanted: Wanted) -> None:
        self.tree = tree
        self.wanted = wanted
        self.remarks: list[str] = []

    def all(self, root: Path, name: str) -> Iterator[Handed]:
        """Everybody's."""
        place, name = self.descended(root, name)
        here = self.tree.inside(place, hidden=True)
        if METADATA in here.files:
            yield from _gradescope(self.tree, place)
        elif self.is_course(place):
            self.not_taken([folder for folder in here.folders if folder not in _NBGRADER])
            yield from self.nbgrader(place / "submitted")
        elif name == "submitted" and self.is_submitted(place):
            yield from self.nbgrader(place)
        elif POLICY in here.files or self.is_own(place):
            yield _folder(self.tree, Who(name), place, name)
            beside = [folder for folder in here.folders if not self.wanted.is_name(folder) and folder != "exercises"]
            if beside and POLICY not in here.files:
                work = ", ".join(one for one in here.folders if one not in beside)
                others = ", ".join(map(shown, beside[:10]))
                self.remarks.append(f"{shown(name)} is taken for one student, who has {work}; also there: {others}")
        elif any(map(self.wanted.is_name, here.folders)):  # students in a folder an exercise
            for folder in here.folders:
                if self.wanted.is_name(folder) and self.wanted.named(folder) == self.wanted.exercise:
                    yield from self.all(place / folder, name)
            self.not_taken([one for one in (*here.folders, *here.files) if not self.wanted.is_name(one)])
        else:
            yield from self.students(place, here.folders, here.files)
            for one in here.refused:  # what stands in the place of a submission must not vanish without a word
                yield Handed(Who(shown(one.name)), shown(one.name), (), refused=(one,))
            self.tree.tell(place, here.refused)

    def descended(self, place: Path, name: str) -> tuple[Path, str]:
        """Through folders that hold nothing but one folder, down to the class; never into a student's own folder."""
        for _ in range(DEEPEST):
            here = self.tree.inside(place, hidden=True)
            if len(here.folders) != 1 or any(map(handable, here.files)) or METADATA in here.files:
                break
            inner = here.folders[0]
            if self.is_own(place) or self.is_own(place / inner) or pieces([inner]):
                break
            if name == "submitted" and self.is_submitted(place):
                break
            below = self.tree.inside(place / inner).files
            if holds_policy(below) and NBGRADER not in below and not pieces(below):
                break
            place, name = place / inner, inner
        return place, name

    def is_own(self, folder: Path) -> bool:
        """Whether a folder is one student's, with folders or files for exercises: a repository, or nbgrader's."""
        here = self.tree.inside(folder)
        named = [one for one in here.folders if self.wanted.is_name(one)]
        if "exercises" in here.folders and not named:
            return self.is_own(folder / "exercises")
        taken = [re.sub(r"(\.\w+)+$", "", file) for file in here.files if handable(file)]
        if taken and all(map(self.wanted.is_name, taken)):
            return True
        return bool(named) and not all(self.is_class(folder / one) for one in named)

    def is_class(self, folder: Path) -> bool:
        """Whether an exercise's folder holds students, rather than one student's work."""
        here = self.tree.inside(folder)
        return len(here.folders) > 1 and not any(map(handable, here.files))

    def is_submitted(self, folder: Path) -> bool:
        """Whether a folder has nbgrader's shape: students, exercises, and files no higher."""
        here = self.tree.inside(folder)
        students = [self.tree.inside(folder / student) for student in here.folders]
        return (
            bool(students)
            and not any(map(handable, here.files))
            and all(one.folders and not any(map(handable, one.files)) for one in students)
        )

    def is_course(self, place: Path) -> bool:
        """Whether a folder is a course of nbgrader's: `submitted`, and its settings or what was handed out."""
        here = self.tree.inside(place)
        handed_out = (place / folder for folder in ("source", "release") if folder in here.folders)
        released = (one for folder in handed_out for one in self.tree.inside(folder).folders)
        sure = NBGRADER in here.files or any(map(self.wanted.is_name, released))
        return sure and "submitted" in here.folders and self.is_submitted(place / "submitted")

    def nbgrader(self, submitted: Path) -> Iterator[Handed]:
        """Each student's folder, with the time in the `timestamp.txt` of this very exercise."""
        for student in self.tree.inside(submitted, hidden=True).folders:
            handed = _folder(self.tree, Who(student), submitted / student, student)
            for name, path in handed.files:
                if name == f"{self.wanted.exercise}/timestamp.txt":
                    handed = _stamped(handed, path)
            yield handed

    def students(self, place: Path, folders: Sequence[str], files: Sequence[str]) -> Iterator[Handed]:
        """A folder or a file a student, or a platform's pieces."""
        taken = [file for file in files if handable(file)]
        found = pieces([*folders, *taken, *(file for file in files if not handable(file) and pieces([file]))])
        own = f"{self.wanted.exercise}-"
        for attempt in attempts(found.values()):
            yield _of_attempt(attempt, {name: place / name for name in found}, self.tree)
        for folder in folders:
            if folder not in found:
                student = folder.removeprefix(own)  # GitHub Classroom: the name of the task, and of the student
                yield _folder(self.tree, Who(student or folder), place / folder, folder)
        for file in taken:
            if file not in found:
                yield _by_name(place / file, file)
        self.not_taken([file for file in files if file not in taken and file not in found])

    def not_taken(self, names: Sequence[str]) -> None:
        """Remember what was passed over, so that the instructor is told."""
        seen = [shown(name) for name in names if not name.startswith(".") and name not in (NBGRADER, "gradebook.db")]
        if seen:
            more = f" and {len(seen) - 10} more" if len(seen) > 10 else ""
            self.remarks.append(f"not taken for submissions: {', '.join(seen[:10])}{more}")


_NBGRADER = {"source", "release", "submitted", "autograded", "feedback", "downloaded", "exchange"}


def _by_name(path: Path, name: str) -> Handed:
    stem = re.sub(r"(?i)(\.tar|\.py)?\.\w+$", "", name)
    who = Who(shown(path.absolute().parent.name if name == POLICY else stem))
    return Handed(who, shown(name), ((name, path),), by_name=name != POLICY)


def _of_attempt(attempt: Attempt, where: Mapping[str, Path], tree: Tree) -> Handed:
    """What a student handed in to a platform: files side by side, or folders."""
    first = attempt.counts[0] if attempt.counts else None
    base = Handed(attempt.who, shown(first.origin) if first else "", (), late=attempt.late, notes=attempt.notes)
    if first is None:
        return replace(base, origin=attempt.who.student, problem=_NO_FILE)
    files: Files = ()
    refused: tuple[Refused, ...] = ()
    for piece in attempt.counts:
        inner, left_out = _files_of(piece, where[piece.origin], tree)
        files, refused = files + inner, refused + left_out
    return replace(base, files=files, refused=refused)


_NO_FILE = """\
there is no file: words or a link were typed into the platform instead
  expected:     one file policy.py
  try:
      hand in policy.py as a file"""


def _files_of(piece: Piece, path: Path, tree: Tree) -> tuple[Files, tuple[Refused, ...]]:
    if piece.rest:
        return ((piece.rest, path),), ()
    handed = _folder(tree, piece.who, path, piece.origin)
    return handed.files, handed.refused


def _folder(tree: Tree, who: Who, folder: Path, origin: str) -> Handed:
    """All regular files below a folder. Whatever is wrong in it costs this student, and nobody else."""
    who = replace(who, student=shown(who.student))
    try:
        found = tree.walk(folder)
    except Exception as error:
        return Handed(who, shown(origin), (), problem=internal_error(error), internal=True)
    tree.tell(folder, found.refused)
    files = tuple((name, folder / name) for name in found.files)
    return Handed(who, shown(origin), files, refused=tuple(found.refused))


def _stamped(handed: Handed, path: Path) -> Handed:
    """With the time that nbgrader's `timestamp.txt` tells, or a note that it tells none."""
    try:
        with path.open("rb") as stream:
            said = stream.read(100).decode("utf-8", "replace").strip()
        stamp = datetime.fromisoformat(re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", said))
    except (OSError, ValueError):
        stamp = None
    if stamp is not None and stamp.tzinfo is not None:
        return replace(handed, submitted=stamp)
    note = "its timestamp.txt does not tell a time that can be compared: a time zone is needed, such as UTC or +01:00"
    return replace(handed, notes=(*handed.notes, note))


def _gradescope(tree: Tree, root: Path) -> Iterator[Handed]:
    """Every submitter of every submission of an export. A group's submission is everybody's in it."""
    for key, record in sorted(_metadata(root / METADATA).items(), key=lambda item: str(item[0])):
        name = str(key)
        here = root / name
        if not isinstance(record, dict) or "/" in name or name.startswith(".") or here.is_symlink():
            continue
        created = record.get(":created_at")
        stamp = created if isinstance(created, datetime) and created.tzinfo else None
        submitters = record.get(":submitters")
        for submitter in submitters if isinstance(submitters, list) and submitters else [{}]:
            entry = submitter if isinstance(submitter, dict) else {}
            person, email, sid = (_word(entry.get(key)) for key in (":name", ":email", ":sid"))
            who = Who(sid or email or person or name, person, email)
            if here.is_dir():
                yield replace(_folder(tree, who, here, name), submitted=stamp)
            else:
                files = ((name, here),) if here.is_file() else ()
                yield Handed(who, name, files, stamp)


def _word(value: object) -> str:
    """A name, an address or a number of the export."""
    return shown(str(value)) if isinstance(value, (str, int)) and value else ""


def _metadata(path: Path) -> dict[object, object]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with path.open("rb") as stream:
            data = yaml.load(stream, loader)  # a safe loader: no object but text, numbers, dates, lists
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError, OSError) as error:
        raise UsageError(
            f"{METADATA} cannot be read: {(str(error) or type(error).__name__).splitlines()[0]}",
            expected="an export of Gradescope as it was downloaded",
            fix="download it again (Review Grades, Export Submissions), or name the folders of the students",
        ) from None
    return data if isinstance(data, dict) else {}
