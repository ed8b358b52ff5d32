"""Whatever a class's folder holds: everything in it is somebody's submission, or is told."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grade.collect.helping import POLICY, STARTER, WANTED, notebook
from wbviz.errors import UsageError
from wbviz.grade.collect.collect import Collected, collect
from wbviz.grade.collect.submission import shown


def zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


PEOPLE = (
    *("ada", "bob", "Zoë Ä", "submitted", "source", "02", "03-recheck", "exercises", "a_b_c", ".eve"),
    "O'Neil\x1b[2J",
)
NAMES = (
    *("policy.py", "mine.py", "02-pin-then-lock.ipynb", "03-recheck.py", "policy.py.txt", "work.zip", "notes.pdf"),
    *("timestamp.txt", "submission_metadata.yml", "nbgrader_config.py", "x.csv", "onlinetext.html"),
)
CONTENTS = (
    *(POLICY, POLICY + b"#", STARTER, b"", b"\xff\xfe", b"[]", b"PK\x03\x04", zipped({"policy.py": POLICY})),
    *(zipped({"a/02-pin-then-lock/policy.py": POLICY, "x.zip": zipped({})}), notebook(POLICY.decode(), "% 3")),
    *(notebook("def enqueue(", metadata={"nbgrader": None}), b":\n  - [", b"a: {':submitters': 3}"),
)
PREFIXES = (
    *("{}_7_8_", "{}_LATE_7_8_", "{}_7_assignsubmission_file_", "CS_{}_attempt_2026-11-20-22-15-00_", "{}"),
    "CS_{}_attempt_2026-11-21-22-15-00_",
)
FOLDERS = ("{}", "{}_9_assignsubmission_file", "9-1 - {} - Nov 20, 2026 1015 PM", "02-pin-then-lock-{}")
FILES = st.dictionaries(
    st.tuples(st.sampled_from(("", "", "src/", "02-pin-then-lock/", "exercises/03-recheck/")), st.sampled_from(NAMES)),
    st.sampled_from(CONTENTS),
    max_size=3,
)
STUDENTS = st.dictionaries(
    st.builds(str.format, st.sampled_from(FOLDERS), st.sampled_from(PEOPLE)), FILES, min_size=2, max_size=5
)
LOOSE = st.dictionaries(
    st.builds(
        lambda prefix, person, name: prefix.format(person) + name,
        st.sampled_from(PREFIXES),
        st.sampled_from(PEOPLE),
        st.sampled_from((*NAMES, "text.html")),
    ),
    st.sampled_from(CONTENTS),
    max_size=5,
)


def told(found: Collected) -> str:
    """All that the instructor reads about the class."""
    lines = [*found.remarks]
    for one in found.submissions:
        lines += [one.student, one.who.name, one.origin, one.problem, *one.notes]
    return "\n".join(lines)


@settings(max_examples=60)
@given(STUDENTS, LOOSE)
def test_everything_in_a_classs_folder_is_somebodys_or_is_told(
    students: dict[str, dict[tuple[str, str], bytes]], loose: dict[str, bytes]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "in"
        for student, files in students.items():
            (root / student).mkdir(parents=True)
            for (folder, name), data in files.items():
                (root / student / folder).mkdir(parents=True, exist_ok=True)
                (root / student / folder / name).write_bytes(data)
        for name, data in loose.items():
            (root / name).write_bytes(data)
        try:
            found = collect([root], Path(place) / "out", WANTED)
        except UsageError:  # nothing at all for this exercise, or an export that cannot be read: nobody is passed over
            return
        said = told(found)
        assert not [one for one in found.submissions if one.internal]
        known = {one.student for one in found.submissions}
        assert len(known) == len(found.submissions)
        for student in students:
            person = shown(student)
            assert person in said or person.removeprefix("02-pin-then-lock-") in said or _together(person, known)


def _together(folder: str, known: set[str]) -> bool:
    """Whether a platform's folder is one of those that went together under one student's name."""
    return any(name.rpartition("_")[0] in folder for name in known if "_" in name)
