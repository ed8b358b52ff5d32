"""Downloads of platforms: nobody vanishes, every attempt is its student's, and numbers are kept for the import."""

from __future__ import annotations

from pathlib import Path

from tests.grade.collect.helping import POLICY, by_student, collected, lay, pack, texts


def test_one_odd_name_costs_nobody_the_number_that_canvas_gave(tmp_path: Path) -> None:
    files = {
        "lovelaceada_42_7_policy.py": POLICY,
        "o_connor_43_8_policy-2.py": POLICY,
        "anon_5Xy9_9_policy.py": POLICY,
        "my homework.py": POLICY,
    }
    found = by_student(collected(tmp_path, pack(tmp_path / "submissions.zip", files)))
    assert {name: one.who.canvas for name, one in found.items()} == {
        "lovelaceada_42": "42",
        "o_connor_43": "43",
        "anon_5Xy9": "",
        "my homework": "",
    }
    assert found["o_connor_43"].file == "policy.py"
    taste = lay(tmp_path / "taste", {"hopper_2026_11_final.py": POLICY, "lovelace.py": POLICY})
    assert set(texts(collected(tmp_path, taste))) == {"hopper_2026_11_final", "lovelace"}


def test_text_and_links_typed_into_canvas_are_submissions_with_a_problem(tmp_path: Path) -> None:
    files = {
        "muellerjuergen_12_text.html": b"<p>def enqueue",
        "hoppergrace_LATE_13_link.html": b"",
        "adalovelace_14_7_policy.py": POLICY,
        "adalovelace_14_text.html": b"",
    }
    found = by_student(collected(tmp_path, lay(tmp_path / "in", files)))
    assert set(found) == {"muellerjuergen_12", "hoppergrace_13", "adalovelace_14"}
    for student in ("muellerjuergen_12", "hoppergrace_13"):
        assert "there is no file: words or a link were typed" in found[student].problem
        assert found[student].who.canvas
    assert found["hoppergrace_13"].late
    assert found["hoppergrace_13"].notes == ("Canvas calls it late",)
    assert found["adalovelace_14"].notes == ("what was typed into Canvas besides the file was not graded",)


def test_the_last_of_two_uploads_of_one_name_counts(tmp_path: Path) -> None:
    files = {"ada_1_99_policy.py": b"# old\n" + POLICY, "ada_1_100_policy-1.py": b"# new\n" + POLICY}
    (one,) = collected(tmp_path, lay(tmp_path / "in", files)).submissions
    assert one.policy is not None
    assert one.policy.read_bytes().startswith(b"# new")
    assert one.notes == ("uploaded more than once, the last upload counts: policy.py",)


def test_a_file_and_an_online_text_of_moodle_are_one_submission(tmp_path: Path) -> None:
    files = {
        "Ada Lovelace_501_assignsubmission_file/policy.py": POLICY,
        "Ada Lovelace_501_assignsubmission_onlinetext/onlinetext.html": b"<p>please</p>",
        "Bob_502_assignsubmission_onlinetext/onlinetext.html": b"",
    }
    found = by_student(collected(tmp_path, pack(tmp_path / "moodle.zip", files)))
    assert set(found) == {"Ada Lovelace_501", "Bob_502"}
    assert found["Ada Lovelace_501"].policy is not None
    assert found["Ada Lovelace_501"].who.moodle == "501"
    assert found["Ada Lovelace_501"].notes == ("what was typed into Moodle besides the file was not graded",)
    assert "there is no file" in found["Bob_502"].problem


def test_moodle_without_folders_keeps_the_numbers(tmp_path: Path) -> None:
    files = {
        "Ada Lovelace_501_assignsubmission_file_policy.py": POLICY,
        "Ada Lovelace_501_assignsubmission_file_notes.txt": b"",
        "Participant_502_assignsubmission_file_mine.py": POLICY,
        "Eve_503_assignsubmission_onlinetext_onlinetext.html": b"",
    }
    found = by_student(collected(tmp_path, lay(tmp_path / "in", files)))
    graded = {one.who.moodle for one in found.values() if one.policy}
    assert (graded, {one.who.moodle for one in found.values()}) == ({"501", "502"}, {"501", "502", "503"})
    assert found["Participant_502"].file == "mine.py"


def test_attempts_of_blackboard_are_one_students(tmp_path: Path) -> None:
    head = "gradebook_CS101_Assignment2002_{}_attempt_2026-11-{}-22-15-00"
    files = {
        head.format("alovelace", 20) + ".txt": b"Name: Ada Lovelace",
        head.format("alovelace", 20) + "_policy.py": POLICY,
        head.format("aturing", 20) + "_policy.py": POLICY,
        head.format("aturing", 21) + "_policy.py": POLICY + b"# second",
        head.format("hopper", 20) + ".txt": b"Submission Field: see above",
    }
    found = by_student(collected(tmp_path, pack(tmp_path / "gradebook.zip", files)))
    assert set(found) == {"alovelace", "aturing", "hopper"}
    assert found["alovelace"].notes == ()
    policy = found["aturing"].policy
    assert policy is not None
    assert policy.read_bytes().endswith(b"# second")
    assert found["aturing"].notes == ("2 attempts: the last one counts, 2026-11-21-22-15-00",)
    assert "there is no file" in found["hopper"].problem


def test_attempts_of_brightspace_are_one_students(tmp_path: Path) -> None:
    files = {
        "1001-77 - Ada Lovelace - Nov 9, 2026 1115 PM/policy.py": POLICY + b"# first",
        "1001-77 - Ada Lovelace - Nov 10, 2026 945 AM/policy.py": POLICY + b"# second",
        "1002-77 - Ada Lovelace - Nov 9, 2026 1200 PM/policy.py": POLICY + b"# another Ada",
        "index.html": b"",
    }
    found = collected(tmp_path, pack(tmp_path / "brightspace.zip", files))
    assert {student: text and text.rpartition(b"# ")[2] for student, text in texts(found).items()} == {
        "Ada Lovelace_1001": b"second",
        "Ada Lovelace_1002": b"another Ada",
    }
    assert "2 attempts" in by_student(found)["Ada Lovelace_1001"].notes[0]
    assert found.remarks == ["not taken for submissions: index.html"]


def test_repositories_of_github_classroom_are_called_by_their_students(tmp_path: Path) -> None:
    files = {f"02-pin-then-lock-{student}/policy.py": POLICY for student in ("ada", "bob-ross")}
    wrapped = {f"02-pin-then-lock-submissions/{name}": data for name, data in files.items()}
    for root in (lay(tmp_path / "in", files), lay(tmp_path / "wrapped", wrapped)):
        assert set(texts(collected(tmp_path, root))) == {"ada", "bob-ross"}


def test_files_of_one_user_named_one_by_one_go_together(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada_1_7_policy.py": POLICY, "ada_1_8_notes.txt": b"", "bob_2_9_policy.py": POLICY})
    assert set(texts(collected(tmp_path, *sorted(root.iterdir())))) == {"ada_1", "bob_2"}


def test_what_is_passed_over_is_told(tmp_path: Path) -> None:
    files = {"ada.py": POLICY, "times.csv": b"", "bob.doc": b"", "eve.html": b""}
    found = collected(tmp_path, lay(tmp_path / "in", files))
    assert found.remarks == ["not taken for submissions: bob.doc, eve.html, times.csv"]
