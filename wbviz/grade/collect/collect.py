"""From what is named on the command line to one policy file a student, copied to a folder of ours.

What cannot be graded is not left out: it is a submission with a problem, so that a class is never shorter than it was.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wbviz.errors import UsageError, WbvizError
from wbviz.grade.collect.archives import CLASS, is_archive, unpack
from wbviz.grade.collect.choose import policy_text
from wbviz.grade.collect.layouts import handed_file, handed_folder, handed_in
from wbviz.grade.collect.submission import POLICY, Handed, Submission, Who, shown, slug


def collect(paths: Sequence[Path], into: Path, exercise: str, single: bool = False) -> list[Submission]:
    """The submissions in files, folders, archives and exports, sorted by student.

    exercise: its name; where a student has a folder of that name, as in nbgrader's tree, only that counts. single: a
    folder is one student's, whatever is in it. into: where the policies are copied to, as STUDENT/policy.py. UsageError
    if a path is not there, or if there is no submission at all; ArchiveError if the archive of a class is refused;
    OSError if `into` cannot be written.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=into) as scratch:
        handed = (_only(exercise, one) for one in _all(paths, Path(scratch), single))
        found = [_staged(one, into, Path(scratch)) for one in handed]
    if not found:
        raise UsageError(
            f"there is no submission in {', '.join(shown(str(path)) for path in paths)}",
            expected="policies, folders of students, archives, or an export",
            fix=f"python -m wbviz grade 02-pin-then-lock submissions/ada/{POLICY}",
        )
    return sorted(_unique(found), key=lambda submission: submission.student)


def _all(paths: Iterable[Path], scratch: Path, single: bool) -> Iterator[Handed]:
    for number, path in enumerate(paths):
        name = path.resolve().name
        try:
            if path.is_dir() and single:
                yield handed_folder(path)
            elif path.is_dir():
                yield from handed_in(path, name)
            elif is_archive(name) and not single:
                into = scratch / f"class-{number}"
                refused = unpack(path, into, CLASS)
                inner = list(handed_in(into, name.split(".")[0]))
                yield from inner
                if refused or not inner:
                    yield Handed(Who(shown(name)), shown(name), (), refused=tuple(refused))
            elif path.is_file():
                yield handed_file(path, name)
            else:
                raise UsageError(
                    f"there is no file or folder {shown(str(path))}",
                    expected="a policy, a folder, an archive (zip, tar), or an export",
                    fix="python -m wbviz grade 02-pin-then-lock submissions/",
                )
        except PermissionError:
            raise UsageError(
                f"cannot read {shown(str(path))}", cause="its permissions", fix=f"chmod -R u+rX {shown(str(path))}"
            ) from None


def _only(exercise: str, handed: Handed) -> Handed:
    here = tuple((name, path) for name, path in handed.files if name.startswith(f"{exercise}/"))
    return replace(handed, files=here) if here else handed


def _staged(handed: Handed, into: Path, scratch: Path) -> Submission:
    """The policy copied to our folder, or the reason why there is none."""
    key = slug(handed.who.student)
    refused = tuple(map(str, handed.refused))
    base = Submission(handed.who, key, handed.origin, None, notes=refused, submitted=handed.submitted)
    with tempfile.TemporaryDirectory(dir=scratch) as own:
        try:
            data, notes = policy_text(handed.files, Path(own) / "unpacked")
        except WbvizError as error:
            return replace(base, problem="\n".join([str(error), *refused]))
        except OSError as error:
            fix = f"chmod -R u+rX {handed.origin}"
            return replace(base, problem=f"it cannot be read: {error.strerror}\n  try:\n      {fix}")
    target = into / key / POLICY
    target.parent.mkdir(exist_ok=True)
    if not (target.is_file() and target.read_bytes() == data):
        part = target.with_name(".policy.part")
        part.write_bytes(data)
        part.replace(target)
    return replace(base, policy=target, digest=hashlib.sha256(data).hexdigest(), notes=(*refused, *notes))


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
