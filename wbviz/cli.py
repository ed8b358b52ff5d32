"""The command line.

Exit status: 0 safe, 1 a verdict against the policy, 2 incomplete, 3 the call or a file is unusable.

Every command imports what it needs itself: a check must not wait for what it does not use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from io import TextIOWrapper
from typing import Any, NoReturn

from wbviz.errors import UsageError, WbvizError, missing_package, printable

PROG = "python -m wbviz"
SAFE, AGAINST, INCOMPLETE, UNUSABLE = 0, 1, 2, 3


class _Parser(argparse.ArgumentParser):
    """An unusable call ends with status 3, and says how a usable one looks.

    argparse makes a formatter for every argument that is added, to try its form, and each would ask for the width of
    the terminal: only help and usage do.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, formatter_class=partial(argparse.HelpFormatter, width=80))

    def format_help(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_help()

    def format_usage(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_usage()

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message}\n{self.format_usage()}try: {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter shows its number, and no traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        given = sys.argv[1:] if argv is None else argv
        known = bool(given) and given[0] in COMMANDS
        if given and not known and not given[0].startswith("-"):
            _unknown_command(given[0])
        args = parser(given[0] if known else None).parse_args(given)
        command: Callable[[argparse.Namespace], int] = args.command
        status = command(args)
        print(end="", flush=True)
        return status
    except WbvizError as error:
        print(error.at_the_command_line(), file=sys.stderr)
        return UNUSABLE
    except ModuleNotFoundError as error:
        missing = missing_package(error)
        if missing is None:
            raise
        print(missing.at_the_command_line(), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INCOMPLETE
    except MemoryError:
        print("out of memory", file=sys.stderr)
        return INCOMPLETE
    except BrokenPipeError:  # the reader of our output has gone: nothing is left to say
        _drop_output()
        return UNUSABLE
    except OSError as error:  # for the files they read and write the commands answer themselves
        _drop_output()
        print(f"the output cannot be written, or the system refused something: {error}", file=sys.stderr)
        return UNUSABLE


def _unknown_command(given: str) -> NoReturn:
    from difflib import get_close_matches

    near = get_close_matches(given, COMMANDS, 1, 0.6)
    perhaps = f"\nperhaps you meant: {PROG} {near[0]}" if near else ""
    parser().error(f"there is no command {_short(given)} (choose from {', '.join(map(repr, COMMANDS))}){perhaps}")


def _drop_output() -> None:
    """Nothing more can be written: what is left in the buffer goes nowhere, so that the exit is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line, or as much of it as one command needs: `only` is its name."""
    parser = _Parser(prog=PROG, description="Check how policies free memory, and watch them fail.")
    python = ".".join(map(str, sys.version_info[:3]))
    parser.add_argument("--version", action="version", version=f"wbviz {_version()}, Python {python}")
    commands = parser.add_subparsers(prog=PROG, title="commands", required=True, metavar="COMMAND")
    for name, add in COMMANDS.items():
        if only in (None, name):
            add(commands)
    return parser


def _add_scenarios(commands: Any) -> None:
    scenarios = commands.add_parser("scenarios", help="what there is, with parameters and expectations")
    scenarios.set_defaults(command=_scenarios)


def _add_check(commands: Any) -> None:
    check = commands.add_parser("check", help="check a policy against every interleaving")
    _policy_argument(check)
    check.add_argument("--scenario", metavar="NAME", action="append", help="only this one (may be repeated)")
    check.add_argument(
        "--scenario-file", metavar="FILE", action="append", help="a scenario of your own, as TOML (may be repeated)"
    )
    _set_option(check)
    check.add_argument("--max-states", metavar="N", type=_positive, help="stop after N states: incomplete")
    check.add_argument("--max-memory", metavar="MIB", type=_positive, help="stop at so many MiB: incomplete")
    check.add_argument(
        "--reductions", metavar="LIST", type=_reductions, help="which to try first: none, or names with commas between"
    )
    check.add_argument(
        "--no-cross-check", action="store_true", help="do not hold small proofs against the plain exploration"
    )
    check.add_argument("--json", metavar="FILE", help="write the results, with their traces, as JSON")
    mode = check.add_mutually_exclusive_group()
    mode.add_argument("--locks", action="store_true", help="also the orders in which page locks nest")
    mode.add_argument("--smallest", action="store_true", help="the smallest sizes that still fail")
    mode.add_argument("--sample", metavar="N", type=_positive, help="draw N schedules at random: never a proof")
    mode.add_argument("--graph", metavar="FILE", help="write the explored graph to FILE.json or FILE.dot")
    check.add_argument("--seed", metavar="S", type=_seed, help="which sample (default 0)")
    check.add_argument("--depth", metavar="D", type=_positive, help="how deep a bug the sample is made for (default 3)")
    check.set_defaults(command=_check)


def _add_certify(commands: Any) -> None:
    from wbviz.commands.certify import add_command

    add_command(commands)


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="one run in simulated time: request sizes, seeks, latencies")
    _policy_argument(run)
    run.add_argument("--scenario", metavar="NAME", required=True)
    _set_option(run)
    run.add_argument("--seed", metavar="N", type=_seed, default=0, help="which run (default 0)")
    run.add_argument("--json", metavar="FILE", help="write the run as a trace")
    run.set_defaults(command=_run)


def _add_replay(commands: Any) -> None:
    replay = commands.add_parser("replay", help="show a trace as a table, or write it as a page that plays it")
    replay.add_argument("trace", metavar="TRACE.json")
    replay.add_argument("--html", metavar="FILE", help="write a page that plays it, with no network")
    replay.set_defaults(command=_replay)


def _add_kernel(commands: Any) -> None:
    from wbviz.commands.kernel import add_command

    add_command(commands, _write)


def _add_grade(commands: Any) -> None:
    from wbviz.commands.grade import add_command

    add_command(commands, _positive)


def _add_exercise(commands: Any) -> None:
    from wbviz.commands.exercise import add_command

    add_command(commands)


def _add_autograder(commands: Any) -> None:
    from wbviz.commands.platforms import add_autograder

    add_autograder(commands)


def _add_nbgrader(commands: Any) -> None:
    from wbviz.commands.platforms import add_nbgrader

    add_nbgrader(commands)


def _add_book(commands: Any) -> None:
    book = commands.add_parser("book", help="build the book, or build and serve it")
    book.add_argument("action", choices=("build", "serve"))
    book.add_argument("--port", metavar="N", type=_port, default=0, help="serve on this port (default: a free one)")
    book.set_defaults(command=_book)


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="what is installed, which sandbox, what is missing")
    doctor.set_defaults(command=_doctor)


COMMANDS: dict[str, Callable[[Any], None]] = {
    "scenarios": _add_scenarios,
    "check": _add_check,
    "certify": _add_certify,
    "run": _add_run,
    "replay": _add_replay,
    "kernel": _add_kernel,
    "grade": _add_grade,
    "exercise": _add_exercise,
    "autograder": _add_autograder,
    "nbgrader": _add_nbgrader,
    "book": _add_book,
    "doctor": _add_doctor,
}
"""Each command by its name, with what adds it to the subcommands of argparse."""


def _policy_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("policy", metavar="POLICY", help="a file, or the name of a built-in policy")


def _set_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", metavar="key=value", action="append", default=[], help="a parameter of the scenario")


def _positive(text: str) -> int:
    if not _is_number(text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{_short(text)} is not a whole number above 0")
    return int(text)


def _reductions(text: str) -> tuple[str, ...]:
    from wbviz.check.reduced import REDUCTIONS

    names = () if text == "none" else tuple(text.split(","))
    for name in names:
        if name not in REDUCTIONS:
            known = ", ".join(REDUCTIONS)
            raise argparse.ArgumentTypeError(f"{_short(name)} is not a reduction: none, or some of {known}")
    return names


def _seed(text: str) -> int:
    if not _is_number(text):
        raise argparse.ArgumentTypeError(f"{_short(text)} is not a whole number from 0 on")
    return int(text)


def _port(text: str) -> int:
    if not _is_number(text) or int(text) >= 1 << 16:
        raise argparse.ArgumentTypeError(f"{_short(text)} is no port: a whole number up to 65535")
    return int(text)


# Commands


def _scenarios(args: argparse.Namespace) -> int:
    from textwrap import fill

    from wbviz.scenarios.catalogue import SCENARIOS

    for recipe in SCENARIOS.values():
        sizes = " ".join(f"{key}={value}" for key, value in recipe.defaults.items())
        print(f"{recipe.name}  ({sizes})")
        print(fill(recipe.claim, 96, initial_indent="    ", subsequent_indent="    "))
        for policy, verdict in recipe.expected:
            print(f"      {policy:<18} {verdict}")
        print()
    return SAFE


def _check(args: argparse.Namespace) -> int:
    from wbviz.certify.proof import Proof
    from wbviz.check.graph import MAX_STATES
    from wbviz.check.modes import Answer, Bounds
    from wbviz.check.verdict import INCOMPLETE as NOT_COVERED
    from wbviz.policy.load import load_policy
    from wbviz.policy.printed import printed_words
    from wbviz.scenarios.catalogue import SCENARIOS, build

    _possible(args)
    policy = load_policy(args.policy)
    proof = Proof(load_policy(args.policy))  # anew: what it prints when certified is of no run that is shown
    params = _params(args.set)
    every = args.scenario is None and args.scenario_file is None
    names = list(SCENARIOS) if every else args.scenario or []
    if every:
        _known_somewhere(params)
    scenarios = _described(args.scenario_file or [])
    for name in names:
        known = SCENARIOS[name].defaults if every else params
        scenarios.append(build(name, {key: value for key, value in params.items() if key in known}))
    bounds = Bounds(args.max_states or MAX_STATES, args.max_memory, cross=not args.no_cross_check)
    if args.reductions is not None:
        bounds = bounds._replace(reductions=args.reductions)
    if args.graph is not None:
        return _graph(policy, scenarios[0], bounds, args.graph)
    mode = _mode(args)
    answers: list[Answer] = []
    told: set[str] = set()
    for number, scenario in enumerate(scenarios):
        answer = mode(policy, scenario, bounds)
        answers.append(answer)
        if len(scenarios) > 1:
            print(printable(answer.line), flush=True)
        wanted = len(scenarios) == 1 or answer.verdict != "safe" or args.locks
        if wanted and answer.problem not in told:
            said = proof.beside(answer.text, scenario, answer.verdict, answer.data["trace"])
            print(printable(said) + "\n" * (number < len(scenarios) - 1), flush=True)
        told |= {answer.problem} - {""}
        if answer.stop:
            left = len(scenarios) - number - 1
            print(f"interrupted; {left} more not begun" if left else "interrupted", file=sys.stderr)
            break
    if len(answers) > 1:
        print(printable(f"\n{_summary(policy.name, answers)}"))
        print(proof.line(), end="")
    if policy.printed():
        print(f"\n{printed_words(policy.printed())}")
    if args.json is not None:
        results = [answer.data for answer in answers]
        data = {"wbviz": _version(), "results": results, "certificate": proof.data()}
        _write_json(args.json, data | ({"printed": policy.printed()} if policy.printed() else {}))
    return _status({answer.verdict for answer in answers} | {NOT_COVERED for answer in answers if answer.stop})


def _described(files: Sequence[str]) -> list[Any]:
    """The scenarios of some files. What reads them is not waited for where there is none."""
    if not files:
        return []
    from wbviz.scenarios.described import read_scenario

    return [read_scenario(file) for file in files]


def _summary(policy: str, answers: Sequence[Any]) -> str:
    """The last lines after several scenarios: in how many the policy is safe, and by verdict in which it is not."""
    against: dict[str, list[str]] = {}
    for answer in answers:
        if answer.verdict != "safe":
            against.setdefault(answer.verdict, []).append(answer.data["scenario"])
    safe = len(answers) - sum(map(len, against.values()))
    lines = [f"{verdict}: {', '.join(names)}" for verdict, names in against.items()]
    return "\n  ".join([f"{policy}: safe in {safe} of {len(answers)} scenarios", *lines])


def _status(verdicts: set[str]) -> int:
    """The exit status for these kinds of verdicts."""
    if verdicts - {"safe", "incomplete"}:
        return AGAINST
    return INCOMPLETE if "incomplete" in verdicts else SAFE


def _mode(args: argparse.Namespace) -> Callable[..., Any]:
    from wbviz.check import modes

    if args.sample is not None:
        return modes.sample_mode(args.sample, args.seed or 0, args.depth or 3)
    return modes.locks_mode if args.locks else modes.smallest_mode if args.smallest else modes.verdict_mode


def _graph(policy: Any, scenario: Any, bounds: Any, name: str) -> int:
    from wbviz.check.modes import form_of, graph_mode

    text, verdict = graph_mode(policy, scenario, bounds, form_of(name))
    _write(name, text)
    print(f"wrote {name}: {scenario.name} with {policy.name}, {verdict}")
    return _status({verdict})


def _possible(args: argparse.Namespace) -> None:
    """Raises `UsageError` for options that do not go together."""
    from wbviz.check.modes import form_of

    here = f"python -m wbviz check {args.policy}"
    for option in ("seed", "depth"):
        if args.sample is None and getattr(args, option) is not None:
            raise UsageError(f"--{option} is for a sample", fix=f"{here} --sample 1000 --seed 1")
    if args.sample is not None and args.max_states is not None:
        raise UsageError(
            "--max-states bounds an exploration, and a sample explores nothing", fix=f"{here} --sample {args.sample}"
        )
    if args.reductions is not None and (args.sample or args.smallest or args.graph is not None):
        raise UsageError(
            "--reductions is for a verdict, alone or with --locks", fix=f"{here} --scenario abba --reductions none"
        )
    if args.no_cross_check and (args.sample or args.smallest or args.graph is not None or args.reductions == ()):
        raise UsageError(
            "--no-cross-check is for a verdict by reductions, alone or with --locks",
            fix=f"{here} --scenario abba --no-cross-check",
        )
    if args.scenario_file and args.set and not args.scenario:
        raise UsageError("--set is for scenarios of the book; in a file the sizes stand in the file")
    if args.scenario_file and args.smallest:
        raise UsageError(
            "--smallest makes a scenario of the book smaller and larger; one in a file has the size that it has",
            fix=f"{here} --scenario-file {args.scenario_file[0]}",
        )
    if args.graph is not None:
        form_of(args.graph)
        if len(args.scenario or ()) + len(args.scenario_file or ()) != 1:
            raise UsageError("--graph takes one scenario", fix=f"{here} --scenario abba --graph {args.graph}")
        if args.json is not None:
            raise UsageError("--graph writes one file, and --json another: ask for them one at a time")


def _run(args: argparse.Namespace) -> int:
    from wbviz.policy.load import load_policy
    from wbviz.scenarios.catalogue import build
    from wbviz.sim import run_text, simulate

    policy = load_policy(args.policy)
    run = simulate(policy, build(args.scenario, _params(args.set)), seed=args.seed)
    print(printable(run_text(run)))
    if args.json is not None:
        _write(args.json, run.trace.dumps())
    return SAFE if run.ended == "rest" else INCOMPLETE if run.ended == "horizon" else AGAINST


def _replay(args: argparse.Namespace) -> int:
    from wbviz.check.report import columns
    from wbviz.trace.text import cycle_words, story, table
    from wbviz.trace.trace import loads

    trace = loads(_read(args.trace))
    if args.html is not None:
        from wbviz.viz.stage.page import page

        _write(args.html, page(trace))
        print(f"wrote {args.html}: open it in a browser, it needs no network")
        return SAFE
    parts = [f"{trace.policy} in {trace.scenario}\n", f"{table(trace, columns())}\n", story(trace)]
    if trace.verdict:
        parts.append(f"\n{trace.verdict['kind']}: {trace.verdict['summary']}")
        if trace.verdict["cycle"]:
            parts.append(cycle_words(trace, trace.verdict["cycle"]))
    print(printable("\n".join(parts)))  # a trace is anybody's file
    return SAFE


def _book(args: argparse.Namespace) -> int:
    from wbviz import site

    return site.build(args) if args.action == "build" else site.serve(args)


def _doctor(args: argparse.Namespace) -> int:
    from wbviz.doctor import doctor

    print(doctor())
    return SAFE


# Help for them


def _params(settings: Sequence[str]) -> dict[str, int]:
    params = {}
    for setting in settings:
        key, sep, value = setting.partition("=")
        if not (key and sep and _is_number(value)):
            raise UsageError(
                f"--set takes key=value, value a whole number, not {_short(setting)}",
                fix="python -m wbviz check pin_then_lock --scenario abba --set pages=3",
            )
        params[key] = int(value)
    return params


def _is_number(text: str) -> bool:
    """Whether the text is a whole number, and not one that only fills the screen."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def _short(text: str) -> str:
    return repr(text if len(text) < 60 else text[:57] + "...")


def _known_somewhere(params: dict[str, int]) -> None:
    from wbviz.scenarios.catalogue import SCENARIOS

    known = sorted({key for recipe in SCENARIOS.values() for key in recipe.defaults})
    for key in params:
        if key not in known:
            raise UsageError(f"no scenario has a parameter {key}", expected="one of: " + ", ".join(known))


def _read(name: str) -> str:
    from pathlib import Path

    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not text", expected="a trace in JSON, written by --json") from None
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}", fix="python -m wbviz replay TRACE.json") from None


def _write_json(name: str, data: Any) -> None:
    import json

    _write(name, json.dumps(data, indent=1) + "\n")


def _write(name: str, text: str) -> None:
    """Write a file whole or not at all; `-` is standard output."""
    if name == "-":
        print(text, end="", flush=True)
        return
    from pathlib import Path

    target = Path(name)
    if not target.name:
        raise UsageError(f"cannot write {name!r}: it is not the name of a file", fix="--json trace.json")
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(
            f"cannot write {name}: {error.strerror}", cause="the folder is missing, read-only, or the disk is full"
        ) from None


def _version() -> str:
    from wbviz import __version__

    return __version__
