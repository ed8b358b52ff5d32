"""The command line.

Exit status: 0 safe, 1 a verdict against the policy, 2 incomplete, 3 the call or a file is unusable.

Every command imports what it needs itself: a check must not wait for what it does not use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from wbviz.errors import UsageError, WbvizError

SAFE, AGAINST, INCOMPLETE, UNUSABLE = 0, 1, 2, 3


class _Parser(argparse.ArgumentParser):
    """An unusable call ends with status 3, and says how a usable one looks."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message}\n{self.format_usage()}try: {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter shows its number, and no traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        args = _parser().parse_args(argv)
        command: Callable[[argparse.Namespace], int] = args.command
        status = command(args)
        print(end="", flush=True)
        return status
    except WbvizError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INCOMPLETE
    except BrokenPipeError:  # the reader of our output has gone: nothing is left to say
        _drop_output()
        return UNUSABLE
    except OSError as error:  # for the files they read and write the commands answer themselves
        _drop_output()
        print(f"the output cannot be written, or the system refused something: {error}", file=sys.stderr)
        return UNUSABLE


def _drop_output() -> None:
    """Nothing more can be written: what is left in the buffer goes nowhere, so that the exit is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m wbviz", description="Check how policies free memory, and watch them fail.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    scenarios = commands.add_parser("scenarios", help="what there is, with parameters and expectations")
    scenarios.set_defaults(command=_scenarios)

    check = commands.add_parser("check", help="check a policy against every interleaving")
    _policy_argument(check)
    check.add_argument("--scenario", metavar="NAME", action="append", help="only this one (may be repeated)")
    _set_option(check)
    check.add_argument("--max-states", metavar="N", type=_positive, help="stop after N states: incomplete")
    check.add_argument("--json", metavar="FILE", help="write the results, with their traces, as JSON")
    check.set_defaults(command=_check)

    run = commands.add_parser("run", help="one run in simulated time: request sizes, seeks, latencies")
    _policy_argument(run)
    run.add_argument("--scenario", metavar="NAME", required=True)
    _set_option(run)
    run.add_argument("--seed", metavar="N", type=int, default=0, help="which run (default 0)")
    run.add_argument("--json", metavar="FILE", help="write the run as a trace")
    run.set_defaults(command=_run)

    replay = commands.add_parser("replay", help="show a trace as a table, or write it as a page that plays it")
    replay.add_argument("trace", metavar="TRACE.json")
    replay.add_argument("--html", metavar="FILE", help="write a page that plays it, with no network")
    replay.set_defaults(command=_replay)

    book = commands.add_parser("book", help="build the book, or build and serve it")
    book.add_argument("action", choices=("build", "serve"))
    book.add_argument("--port", type=int, default=0, help="serve on this port (default: a free one)")
    book.set_defaults(command=_book)

    doctor = commands.add_parser("doctor", help="what is installed, which sandbox, what is missing")
    doctor.set_defaults(command=_doctor)
    return parser


def _policy_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("policy", metavar="POLICY", help="a file, or the name of a built-in policy")


def _set_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", metavar="key=value", action="append", default=[], help="a parameter of the scenario")


def _positive(text: str) -> int:
    if not _is_number(text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{_short(text)} is not a whole number above 0")
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
    from wbviz.check.check import MAX_STATES, check_scenario
    from wbviz.check.report import report, summary_line
    from wbviz.check.verdict import INCOMPLETE as NOT_COVERED
    from wbviz.policy.load import load_policy
    from wbviz.scenarios.catalogue import SCENARIOS, build

    policy = load_policy(args.policy)
    params = _params(args.set)
    names = args.scenario or list(SCENARIOS)
    if args.scenario is None:
        _known_somewhere(params)
    scenarios = []
    for name in names:
        known = SCENARIOS[name].defaults if args.scenario is None else params
        scenarios.append(build(name, {key: value for key, value in params.items() if key in known}))
    results = []
    for number, scenario in enumerate(scenarios):
        result = check_scenario(policy, scenario, args.max_states or MAX_STATES, _progress(scenario.name))
        results.append(result)
        if len(scenarios) > 1:
            print(summary_line(result), flush=True)
        if len(scenarios) == 1 or result.verdict != "safe":
            print(report(result) + "\n" * (number < len(scenarios) - 1), flush=True)
    if args.json is not None:
        _write_json(args.json, {"wbviz": _version(), "results": [result.to_json() for result in results]})
    verdicts = {result.verdict for result in results}
    if verdicts - {"safe", NOT_COVERED}:
        return AGAINST
    return INCOMPLETE if NOT_COVERED in verdicts else SAFE


def _run(args: argparse.Namespace) -> int:
    from wbviz.policy.load import load_policy
    from wbviz.scenarios.catalogue import build
    from wbviz.sim import run_text, simulate

    policy = load_policy(args.policy)
    run = simulate(policy, build(args.scenario, _params(args.set)), seed=args.seed)
    print(run_text(run))
    if args.json is not None:
        _write(args.json, run.trace.dumps())
    return SAFE if run.ended == "rest" else INCOMPLETE if run.ended == "horizon" else AGAINST


def _replay(args: argparse.Namespace) -> int:
    from wbviz.trace.text import cycle_words, story, table
    from wbviz.trace.trace import loads

    trace = loads(_read(args.trace))
    if args.html is not None:
        from wbviz.viz.page import page

        _write(args.html, page(trace))
        print(f"wrote {args.html}: open it in a browser, it needs no network")
        return SAFE
    print(f"{trace.policy} in {trace.scenario}\n")
    print(table(trace), end="\n\n")
    print(story(trace))
    if trace.verdict:
        print(f"\n{trace.verdict['kind']}: {trace.verdict['summary']}")
        if trace.verdict["cycle"]:
            print(cycle_words(trace, trace.verdict["cycle"]))
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


def _progress(name: str) -> Callable[[Any], None]:
    """Shows on standard error how far a long exploration has come: nothing before two seconds, then once a second."""
    from time import monotonic

    began = shown = monotonic()

    def tick(graph: Any) -> None:
        nonlocal shown
        now = monotonic()
        if now - began < 2 or now - shown < 1:
            return
        shown = now
        states = len(graph.states)
        frontier = states - graph.expanded
        rate = states / (now - began)
        depth = graph.depths[-1]
        print(
            f"{name}: {states:,} states, {rate:,.0f} a second, depth {depth}, {frontier:,} to go on from",
            file=sys.stderr,
        )

    return tick


def _read(name: str) -> str:
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
