"""From what is named on the command line to one policy file a student, copied to a folder of ours.

What cannot be graded is not left out: it is a submission with a problem, so that a class is never shorter than it was.
What goes wrong with one submission, be it the grader's own fault, costs this one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import UsageError, WbvizError, printable
from wbviz.grade.collect.archives import CLASS, Unpack, Unpacker, is_archive, nothing_in
from wbviz.grade.collect.choose import choose
from wbviz.grade.collect.layouts import handed_files, handed_folder, handed_in
from wbviz.grade.collect.submission import POLICY, Handed, Submission, Who, internal_error, shown, slug
from wbviz.grade.collect.wanted import Wanted


class Collected(NamedTuple):
    """The submissions, sorted by student, and remarks on what was not taken for one."""

    submissions: list[Submission]
    remarks: list[str]


def collect(paths: Sequence[Path], into: Path, wanted: Wanted, single: bool = False) -> Collected:
    """The submissions in files, folders, archives and exports.

    An archive that is named alone may be a class's; in a list each is one student's. single: all that is named is one
    student's. into: where the policies are copied to, as STUDENT/policy.py. UsageError if a path is not there, or if
    there is no submission at all; ArchiveError if the archive of a class is refused; OSError if `into` cannot be
    written.
    """
    into.mkdir(parents=True, exist_ok=True)
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=into) as folder, Unpacker() as unpacker:
        scratch = Path(folder)
        handed = _all(paths, scratch, wanted, single, unpacker.unpack, remarks)
        found = [_staged(one, into, scratch, wanted, unpacker.unpack) for one in handed]
    if not found:
        raise UsageError(
            f"there is no submission in {', '.join(shown(str(path)) for path in paths)}",
            came="; ".join(remarks),
            expected="policies, folders of students, archives, or an export",
            fix=f"python -m wbviz grade 02-pin-then-lock submissions/ada/{POLICY}",
        )
    return Collected(sorted(_unique(found), key=lambda submission: submission.student), remarks)


def _all(
    paths: Sequence[Path], scratch: Path, wanted: Wanted, single: bool, unpack: Unpack, remarks: list[str]
) -> Iterator[Handed]:
    files = []
    for path in paths:
        if not _can_be_read(path):
            name = shown(str(path))
            raise UsageError(f"cannot read {name}", cause="its permissions", fix=f"chmod -R u+rX {name}")
        if path.is_file():
            files.append(path)
        elif not path.is_dir():
            raise UsageError(
                f"there is no file or folder {shown(str(path))}",
                cause="a link that leads round in a circle, or nowhere" if path.is_symlink() else "",
                expected="a policy, a folder, an archive (zip, tar), or an export",
                fix="python -m wbviz grade 02-pin-then-lock submissions/",
            )
        elif single:
            yield handed_folder(Path(os.path.realpath(path)))
        else:
            inner, said = handed_in(path, os.path.basename(os.path.realpath(path)), wanted)
            remarks += said
            yield from inner
    if len(paths) == 1 and files and is_archive(files[0].name) and not single:
        yield from _class(files[0], scratch / "class", wanted, unpack, remarks)
    else:
        yield from handed_files(files)


def _class(archive: Path, into: Path, wanted: Wanted, unpack: Unpack, remarks: list[str]) -> Iterator[Handed]:
    """The submissions in an archive. What it does not have is told where it is missing."""
    refused = unpack(archive, into, CLASS)
    name = shown(archive.name)
    inner, said = handed_in(into, archive.name.split(".")[0] or archive.name, wanted, refused)
    yield from inner
    remarks += said
    if not inner:
        yield Handed(Who(name), name, (), problem=nothing_in(archive.name, refused))


def _can_be_read(path: Path) -> bool:
    """Whether this user may read a file, or look into a folder; True where there is nothing."""
    try:
        return os.access(path, os.R_OK | os.X_OK * path.is_dir()) or not path.exists()
    except PermissionError:
        return False


def _staged(handed: Handed, into: Path, scratch: Path, wanted: Wanted, unpack: Unpack) -> Submission:
    """The policy copied to our folder, or the reason why there is none."""
    key = slug(handed.who.student)
    refused = tuple(map(str, handed.refused[:20]))
    if len(handed.refused) > 20:
        refused += (f"and {len(handed.refused) - 20} more were left out",)
    base = Submission(
        handed.who,
        key,
        handed.origin,
        None,
        notes=(*handed.notes, *refused),
        submitted=handed.submitted,
        late=handed.late,
    )
    if handed.problem:
        return replace(base, problem=handed.problem, internal=handed.internal)
    with tempfile.TemporaryDirectory(dir=scratch) as own:
        try:
            chosen = choose(handed.files, wanted, Path(own) / "unpacked", unpack, handed.by_name)
        except WbvizError as error:
            return replace(base, problem="\n".join([str(error), *map(printable, refused)]))
        except OSError as error:
            fix = f"chmod -R u+rX {handed.origin}"
            return replace(base, problem=f"it cannot be read: {error.strerror}\n  try:\n      {fix}")
        except Exception as error:
            return replace(base, problem=internal_error(error), internal=True)
    target = into / key / POLICY
    target.parent.mkdir(exist_ok=True)
    if not (target.is_file() and target.read_bytes() == chosen.data):
        part = target.with_name(".policy.part")
        part.write_bytes(chosen.data)
        part.replace(target)
    digest = hashlib.sha256(chosen.data).hexdigest()
    return replace(base, policy=target, digest=digest, notes=(*base.notes, *chosen.notes), file=chosen.file)


def _unique(found: list[Submission]) -> Iterator[Submission]:
    """One submission a student. The same student twice, with different policies, is a problem for the instructor."""
    by_student: dict[str, list[Submission]] = {}
    for submission in found:
        by_student.setdefault(submission.slug, []).append(submission)
    for several in by_student.values():
        if len(several) == 1:
            yield several[0]
        elif len({one.digest or one.problem for one in several}) == 1:
            note = f"handed in {len(several)} times, each time the same"
            yield replace(several[-1], notes=(*several[-1].notes, note))
        else:
            yield replace(several[-1], policy=None, problem=_twice(several))


def _twice(several: Sequence[Submission]) -> str:
    return str(
        UsageError(
            f"{several[0].student} handed in {len(several)} times: {', '.join(one.origin for one in several)}",
            expected="one submission a student",
            cause="two students with the same name, or a second attempt beside the first",
            fix="leave the one that counts, or give each student a folder of another name, and grade again",
        )
    )
