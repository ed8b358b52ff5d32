"""The command line: exit status, what is printed where, JSON, and no traceback whatever comes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wbviz import __version__
from wbviz.cli import COMMANDS
from wbviz.policy.load import builtin_names
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.trace.trace import loads

ROOT = Path(__file__).parents[2]
SAFE, AGAINST, INCOMPLETE, UNUSABLE = 0, 1, 2, 3
Run = Callable[..., tuple[int, str, str]]


def outside(*args: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does."""
    settings = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 60, "cwd": ROOT} | options
    return subprocess.run([sys.executable, "-m", "wbviz", *args], **settings)  # type: ignore[call-overload, no-any-return]


# Exit status


@pytest.mark.parametrize("policy", ["write_ahead", "range_around", "trylock_around"])
def test_safe(run: Run, policy: str) -> None:
    status, out, err = run("check", policy, "--scenario", "abba")
    assert (status, err) == (SAFE, "")
    assert f"{policy} is safe" in out
    assert "every interleaving at this size, whatever the scheduler does" in out


def test_safe_given_a_fair_scheduler(run: Run) -> None:
    status, out, _ = run("check", "pin_then_lock", "--scenario", "contended")
    assert status == SAFE
    assert "given a fair scheduler" in out


def test_the_shortest_deadlock_with_its_cycle(run: Run) -> None:
    status, out, err = run("check", "writearound", "--scenario", "abba")
    assert (status, err) == (AGAINST, "")
    assert "writearound is not safe: deadlock" in out
    assert "flusher waits for writer: A0 is locked by writer, since step 4" in out
    assert "writer waits for flusher: A1 is locked by flusher, since step 6" in out
    assert 'wbviz.replay("wb1 abba writearound' in out


@pytest.mark.parametrize("scenario", ["sync-ahead", "random-order", "final-iput"])
def test_lock_at_enqueue_fails(run: Run, scenario: str) -> None:
    status, out, _ = run("check", "lock_at_enqueue", "--scenario", scenario)
    assert status == AGAINST
    assert "deadlock" in out


def test_incomplete(run: Run) -> None:
    status, out, _ = run("check", "pin_then_lock", "--scenario", "abba", "--max-states", "2")
    assert status == INCOMPLETE
    assert "incomplete" in out
    assert " is safe" not in out


def test_each_reduction_can_be_left_out(run: Run) -> None:
    for names in ("persistent,symmetry", "persistent", "symmetry"):
        status, out, _ = run("check", "pin_then_lock", "--scenario", "two-reclaimers", "--reductions", names)
        assert (status, f"(reduced: {names.replace(',', ', ')})" in out) == (SAFE, True)
    status, out, _ = run("check", "pin_then_lock", "--scenario", "two-reclaimers", "--reductions", "none")
    assert (status, "reduced" in out) == (SAFE, False)


def test_a_small_proof_is_held_against_the_plain_exploration_unless_told_otherwise(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wbviz.check.cross.leaks", lambda *_: ["something"])
    given = ("check", "pin_then_lock", "--scenario", "abba")
    status, out, _ = run(*given)
    assert (status, "a mistake of wbviz" in out) == (INCOMPLETE, True)
    status, out, _ = run(*given, "--no-cross-check")
    assert (status, " is safe" in out) == (SAFE, True)


def test_a_finding_outranks_a_bound(run: Run) -> None:
    status, out, _ = run(
        "check", "no_pin", "--scenario", "truncated", "--scenario", "abba", "--scenario", "storm", "--max-states", "70"
    )
    assert (status, " is safe" in out) == (AGAINST, False)


def test_a_policy_error(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def enqueue(mm, page):\n    yield 3\n\ndef execute(mm, work):\n    yield mm.cond_resched()\n")
    status, out, _ = run("check", file, "--scenario", "abba")
    assert status == AGAINST
    assert "mine.py, line 2" in out
    assert "yield 3" in out


@pytest.mark.parametrize("command", [["check"], ["check", "--scenario", "abba"]])
@pytest.mark.parametrize("enqueue", ["def enqueue(mm, page)\n    yield 3", "def enqueue(mm, page):\n    return True"])
def test_a_file_that_is_no_policy_is_a_verdict_and_said_once(
    enqueue: str, command: list[str], run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"{enqueue}\n\ndef execute(mm, work):\n    yield mm.cond_resched()\n")
    status, out, _ = run(*command, file)
    assert status == AGAINST
    assert out.count("mine.py, line 1: ") == 1
    assert "policy-error" in out


def test_a_mistake_in_the_file_is_told_in_the_first_scenario_that_meets_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def enqueue(mm, page):\n    yield 3\n\ndef execute(mm, work):\n    yield mm.cond_resched()\n")
    status, out, _ = run("check", file, "--scenario", "abba", "--scenario", "sync-ahead")
    assert status == AGAINST
    assert (out.count("mine.py, line 2"), out.count("sync-ahead  ")) == (1, 1)


# Several scenarios, parameters


def test_several_scenarios_are_summed_up(run: Run) -> None:
    chosen = [word for name in ("piggyback-try", "abba", "sync-ahead") for word in ("--scenario", name)]
    _, out, _ = run("check", "writearound", *chosen)
    assert out.endswith("\nwritearound: safe in 2 of 3 scenarios\n  deadlock: abba\n")


def test_several_scenarios_one_line_each(run: Run) -> None:
    status, out, _ = run("check", "writearound", "--scenario", "piggyback-try", "--scenario", "abba")
    lines = out.splitlines()
    assert status == AGAINST
    assert [line.split()[:2] for line in lines if line.startswith(("piggyback-try ", "abba "))][:2] == [
        ["piggyback-try", "safe"],
        ["abba", "deadlock"],
    ]


def test_parameters(run: Run) -> None:
    status, out, _ = run("check", "writearound", "--scenario", "abba", "--set", "pages=3", "--set", "flushers=2")
    assert status == AGAINST
    assert "abba (pages=3, flushers=2)" in out
    assert "pages=4" in run("check", "write_ahead", "--scenario", "abba", "--set", "pages=3", "--set", "pages=4")[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "nothing"], "there is no policy nothing"),
        (["check", "pin_then_lokc"], "pin_then_lock"),
        (["check", "missing.py"], "there is no policy missing.py"),
        (["check", "."], "is a directory"),
        (["check", ""], "there is no policy"),
        (["check", "pin_then_lock", "--scenario", "abab"], "perhaps you meant abba"),
        (["check", "pin_then_lock", "--scenario", ""], "there is no scenario"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages"], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "=3"], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=two"], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=-1"], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=²"], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=" + "9" * 5000], "--set takes key=value"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=0"], "a whole number from 1 to"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "pages=1000000"], "a whole number from 1 to"),
        (["check", "pin_then_lock", "--scenario", "abba", "--set", "page=3"], "scenario abba has no parameter page"),
        (["check", "pin_then_lock", "--set", "pagse=3"], "no scenario has a parameter pagse"),
        (["check", "pin_then_lock", "--reductions", "sleep"], "none, or some of persistent, symmetry"),
        (["check", "pin_then_lock", "--reductions", "none", "--sample", "5"], "is for a verdict"),
        (["check", "pin_then_lock", "--no-cross-check", "--reductions", "none"], "is for a verdict by reductions"),
        (["check", "pin_then_lock", "--scenario", "abba", "--sample", "2", "--depth", "9" * 18], "at most 5,000"),
        (["autograder", "02", "-o", "."], "the name of a file"),
        (["check", "pin_then_lock", "--max-states", "0"], "not a whole number above 0"),
        (["run", "pin_then_lock", "--scenario", "abba", "--seed", "-1"], "not a whole number from 0 on"),
        (["book", "serve", "--port", "99999"], "no port: a whole number up to 65535"),
        (["check", "pin_then_lock", "--max-states", "x"], "not a whole number above 0"),
        (["check", "pin_then_lock", "--max-states", "9" * 5000], "not a whole number above 0"),
        (["check", "pin_then_lock", "--bogus"], "try: python -m wbviz"),
        (["check"], "POLICY"),
        (["run", "pin_then_lock"], "--scenario"),
        (["run", "pin_then_lock", "--scenario", "abba", "--seed", "x"], "--seed"),
        (["run", "pin_then_lock", "--scenario", "nowhere"], "there is no scenario nowhere"),
        (["run", "pin_then_lock", "--scenario", "abba", "--set", "bogus=1"], "has no parameter bogus"),
        (["replay"], "TRACE.json"),
        (["replay", "missing.json"], "cannot read missing.json"),
        (["replay", "."], "cannot read"),
        (["book"], "build"),
        (["nothing"], "there is no command 'nothing'"),
        ([], "COMMAND"),
    ],
)
def test_an_unusable_call(run: Run, args: list[str], words: str) -> None:
    status, out, err = run(*args)
    assert status == UNUSABLE
    assert words in err
    assert out == "", "what is wrong is said on standard error"
    assert "wbviz.check(" not in err, "the command line is told a command"
    assert max(map(len, err.splitlines())) < 1000


# Files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this file cannot be played"),
        (b"{", "it is not JSON"),
        (b"[1, 2]", "it is not a wbviz trace"),
        (b"\xff\xfe\x00", "is not text"),
        (b'{"format": "wbviz-trace", "version": 99}', "written by a newer wbviz"),
        (b'{"format": "wbviz-trace", "version": 1}', "trace has no"),
        (b'{"results": []}', "none of its results has a trace"),
    ],
)
def test_a_file_that_cannot_be_played(run: Run, tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "trace.json"
    file.write_bytes(content)
    status, _, err = run("replay", file)
    assert status == UNUSABLE
    assert words in err


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"\x00", b"def enqueue(", b"1 / 0", b"", b"import no_such_module_anywhere"]
)
def test_a_file_that_is_no_policy(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "policy.py"
    file.write_bytes(content)
    status, out, err = run("check", file, "--scenario", "abba")
    assert status in (AGAINST, UNUSABLE)
    assert "policy.py" in out + err


@pytest.mark.parametrize("name", ["", ".", "missing/trace.json", "/proc/no/such.json"])
def test_an_output_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = run("check", "pin_then_lock", "--scenario", "abba", "--json", name)
    assert status == UNUSABLE
    assert err.startswith("cannot write")
    assert not list(tmp_path.iterdir()), "nothing half written"


def test_an_output_that_is_a_directory(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    status, _, err = run("check", "pin_then_lock", "--scenario", "abba", "--json", tmp_path / "folder")
    assert (status, err.startswith("cannot write")) == (UNUSABLE, True)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


# JSON


def test_the_json_of_a_check(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    status, _, _ = run(
        "check", "writearound", "--scenario", "abba", "--scenario", "piggyback-try", "--set", "pages=3", "--json", file
    )
    assert status == AGAINST
    data = json.loads(file.read_text())
    assert list(data) == ["wbviz", "results", "certificate"]
    assert data["certificate"]["obligations"]["order"] == "fails"
    assert data["wbviz"] == __version__
    bad, good = data["results"]
    for result in data["results"]:
        assert list(result) == [
            *["scenario", "policy", "params", "verdict", "verdicts", "states", "transitions", "seconds", "fairness"],
            *["trace", "cycle"],
        ]
    assert (bad["scenario"], bad["policy"], bad["params"]) == ("abba", "writearound", {"pages": 3, "flushers": 1})
    assert (bad["verdict"], {edge["from"] for edge in bad["cycle"]}) == ("deadlock", {"flusher", "writer"})
    assert (good["verdict"], good["trace"], good["cycle"], good["fairness"]) == ("safe", None, [], "none")
    assert [verdict["kind"] for verdict in good["verdicts"]] == ["safe"]


def test_json_to_standard_output(run: Run) -> None:
    _, out, _ = run("check", "pin_then_lock", "--scenario", "abba", "--json", "-")
    assert json.loads(out[out.index("\n{\n") :])["results"][0]["verdict"] == "safe"


def test_a_check_can_be_replayed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    run("check", "writearound", "--scenario", "abba", "--json", file)
    status, out, err = run("replay", file)
    assert (status, err) == (SAFE, "")
    for sentence in ("writer locks A0 and holds it", "flusher wants A0: it waits for writer"):
        assert sentence in out
    assert "deadlock: " in out


def test_a_simulated_run_is_a_trace(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    status, out, _ = run("run", "write_ahead", "--scenario", "abba", "--seed", "7", "--json", file)
    assert status == SAFE
    assert out
    trace = loads(file.read_text())
    assert (trace.policy, trace.scenario) == ("write_ahead", "abba")
    times = [step.time for step in trace.steps]
    assert all(time is not None for time in times)
    assert times == sorted(times, key=lambda time: time or 0.0)
    run("run", "write_ahead", "--scenario", "abba", "--seed", "7", "--json", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == file.read_text(), "the same seed, the same run"
    assert run("replay", file)[0] == SAFE


def test_a_trace_as_a_page(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("bqplot")
    run("check", "writearound", "--scenario", "abba", "--json", tmp_path / "results.json")
    status, out, _ = run("replay", tmp_path / "results.json", "--html", tmp_path / "page.html")
    assert (status, out) == (SAFE, f"wrote {tmp_path / 'page.html'}: open it in a browser, it needs no network\n")
    assert (tmp_path / "page.html").read_text().lstrip().lower().startswith("<!doctype html")


# Words


def test_scenarios_names_them_all_with_parameters_and_expectations(run: Run) -> None:
    status, out, _ = run("scenarios")
    assert status == SAFE
    for recipe in SCENARIOS.values():
        (line,) = [line for line in out.splitlines() if line.startswith(f"{recipe.name}  (")]
        assert all(f"{key}={value}" in line for key, value in recipe.defaults.items())
    for policy in {policy for recipe in SCENARIOS.values() for policy, _ in recipe.expected}:
        assert policy in builtin_names()
        assert policy in out


def test_doctor(run: Run) -> None:
    status, out, _ = run("doctor")
    assert status == SAFE
    assert __version__ in out
    assert "simpy" in out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(run: Run, command: str) -> None:
    status, out, _ = run(*command.split(), "--help")
    assert status == 0
    assert out.startswith(f"usage: python -m wbviz {command}".rstrip())


def test_help_names_every_command(run: Run) -> None:
    _, out, _ = run("--help")
    _, _, error = run("chekc")
    for name in COMMANDS:
        assert name in [line.split()[0] for line in out.splitlines() if line.startswith("    ")]
        assert f"'{name}'" in error


def test_help_is_as_wide_as_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {}
    for columns in (50, 80, 150):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines[columns] = len(run("check", "--help")[1].splitlines())
    assert lines[50] > lines[80] > lines[150]


# As a process


def loaded_by(*args: str) -> tuple[set[str], str]:
    """The modules that a command loads in a process of its own, and its status."""
    code = (
        "import sys\nbefore = set(sys.modules)\nfrom wbviz.cli import main\n"
        f"status = main({args!r})\nprint('LOADED', status, *sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    word, status, *modules = done.stdout.splitlines()[-1].split()
    assert word == "LOADED"
    return set(modules), status


def test_a_check_loads_nothing_heavy() -> None:
    modules, status = loaded_by("check", "writearound", "--scenario", "abba")
    assert status == "1"
    assert "wbviz.check.judge" in modules
    assert not modules & {"simpy", "ipywidgets", "bqplot", "anywidget", "numpy", "IPython", "traitlets", "pandas"}


def test_a_proof_waits_for_no_module_that_it_does_not_use() -> None:
    modules, status = loaded_by("check", "pin_then_lock", "--scenario", "abba")
    assert status == "0"
    assert "wbviz.check.reduced.search" in modules
    library = {name.partition(".")[0] for name in modules} & sys.stdlib_module_names
    assert not library & {
        "ast", "copy", "dataclasses", "dis", "difflib", "hashlib", "inspect", "ipaddress", "json", "logging",
        "pathlib", "pickle", "random", "shlex", "shutil", "socket", "string", "subprocess", "tempfile", "textwrap",
        "threading", "tokenize", "traceback", "urllib", "zipfile",
    }  # fmt: skip
    ours = {name for name in modules if name.startswith("wbviz.")}
    parts = ("commands", "trace", "grade", "sim", "site", "viz")
    assert not {name for name in ours if name.split(".")[1] in parts}
    assert not ours & {f"wbviz.check.{name}" for name in ("judge", "progress", "shortest", "walk")}
    assert not ours & {"wbviz.policy.notebook", "wbviz.policy.faults.purity", "wbviz.policy.faults.running"}


def test_the_status_reaches_the_shell() -> None:
    assert outside("check", "writearound", "--scenario", "abba").returncode == AGAINST
    assert outside("nothing").returncode == UNUSABLE


@pytest.mark.parametrize("args", [["scenarios"], ["check", "writearound", "--scenario", "abba"]])
def test_a_reader_that_goes_away_is_no_error(args: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = outside(*args, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode == UNUSABLE


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_said_in_a_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = outside("scenarios", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == UNUSABLE
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


def test_a_terminal_without_the_letters(tmp_path: Path) -> None:
    file = tmp_path / "policy.py"
    file.write_text(
        "def enqueue(mm, page):\n    yield 'für später → nie'\n\ndef execute(mm, work):\n    yield\n", "utf-8"
    )
    done = outside("check", str(file), "--scenario", "abba", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (AGAINST, "")
    assert "f\\xfcr sp\\xe4ter \\u2192 nie" in done.stdout


def test_a_path_with_a_space_and_another_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my policies"
    folder.mkdir()
    (folder / "mine.py").write_text((ROOT / "wbviz/policy/builtin/writearound.py").read_text())
    done = outside("check", "mine.py", "--scenario", "abba", cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (AGAINST, "")
    assert [path.name for path in folder.iterdir()] == ["mine.py"], "nothing is left behind"
