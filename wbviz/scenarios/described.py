"""A scenario of one's own: described as a table, in a TOML file or as a mapping in a notebook, and what is wrong told.

filesystem = "cluster"        # single, cluster, cluster-try or gather; with cluster = 3, how many pages
queue_limit = 1               # how many pageout works may wait; left out: any number
clean = ["A1"]                # pages that are clean at the start; all others are dirty

[files]
A = 3                         # file A has pages A0, A1 and A2

[[task]]
program = "kswapd"            # a task beside the policy, with its arguments by name
pages = ["A0", "A2"]

[[task]]
program = "writer"
pages = ["A0", "A1", "A2"]
"""

from __future__ import annotations

import inspect
import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wbviz.errors import ScenarioError
from wbviz.machine.scenario import Scenario
from wbviz.machine.tasks import PROGRAMS
from wbviz.scenarios.build import LARGEST, Plan, Recipe, fixed, numbered
from wbviz.scenarios.catalogue import SCENARIOS

MOST_FLUSHERS, MOST_TASKS, MOST_QUEUED = 4, 12, 64
FILESYSTEMS = ("single", "cluster", "cluster-try", "gather")
BESIDE = tuple(name for name in PROGRAMS if name not in ("flusher", "disk", "iput", "writepage"))
"""The programs that a description can name; flushers and the disk are there by themselves."""
NAMES = {"inode": "file", "inodes": "files"}
"""What a task's parameter is called in a description, where it is another word."""
OPTIONAL: Mapping[str, Any] = {"any_order": False, "endless": False, "dirties": ()}
"""Parameters that may be left out. So may `works`: all pages that are given."""
SIZES: Mapping[str, tuple[int, int]] = {
    "cluster": (1, LARGEST),
    "queue_limit": (0, MOST_QUEUED),
    "flushers": (1, MOST_FLUSHERS),
}
FLAGS = ("journalled", "igrab")
KEYS = ("name", "claim", "files", "task", "clean", "owners", "filesystem", *SIZES, *FLAGS)
EXAMPLE = '[files]\nA = 2\n\n[[task]]\nprogram = "kswapd"\npages = ["A1"]'


def read_scenario(path: str | os.PathLike[str]) -> Scenario:
    """The scenario that a TOML file describes. Raises `ScenarioError` where it cannot be."""
    return read_recipe(path).build()


def read_recipe(path: str | os.PathLike[str]) -> Recipe:
    """The same before it is put together."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ScenarioError(f"cannot read the scenario {path}: {reason}", fix=EXAMPLE) from None
    return _recipe(_parsed(text, Path(path).stem))


def parse_scenario(text: str, name: str = "mine") -> Scenario:
    """The scenario that a text in TOML describes; `name`: where the text gives none."""
    return described(_parsed(text, name))


def described(data: Mapping[str, Any]) -> Scenario:
    """The scenario that a table describes. Raises `ScenarioError` where it cannot be, with what would do."""
    return _recipe(data).build()


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return {"name": name, **tomllib.loads(text)}
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError("this is not TOML", came=str(error), fix=EXAMPLE) from None


def _recipe(data: Mapping[str, Any]) -> Recipe:
    _known(data, KEYS, "a scenario")
    files = _files(data.get("files"))
    pages = tuple(f"{name}{index}" for name, count in files.items() for index in range(count))
    tasks = _tasks(data.get("task"), tuple(files), pages)
    plan = Plan(
        files=files,
        tasks=tasks,
        clean=_names(data, "clean", pages, "pages"),
        owners=_names(data, "owners", tuple(files), "files"),
        filesystem=_one_of(data.get("filesystem", "single"), FILESYSTEMS, "filesystem"),
        queue_limit=_size(data, "queue_limit", None),
        cluster=_size(data, "cluster", 2 if data.get("filesystem", "single") != "single" else 1) or 1,
        flushers=_size(data, "flushers", 1) or 1,
        **{flag: _flag(data.get(flag, False), flag) for flag in FLAGS},
    )
    _possible(plan)
    name, claim = (_text(data.get(key, default), key) for key, default in (("name", "mine"), ("claim", "")))
    if name in SCENARIOS:
        raise ScenarioError(
            f"the book has a scenario {name}",
            cause="one without a name is called after its file",
            expected="a name of your own",
            fix=f'name = "my-{name}"',
        )
    return fixed(name, claim, plan)


def _possible(plan: Plan) -> None:
    """What no table of names can say: that somebody calls the policy, and that nobody drops what nobody holds."""
    if not any(program == "kswapd" for _, program, *_ in plan.tasks):
        raise ScenarioError(
            "nobody hands a page to the policy in this scenario",
            expected='a task with program = "kswapd"',
            fix='[[task]]\nprogram = "kswapd"\npages = ["A0"]',
        )
    for name, program, *arguments in plan.tasks:
        if program == "unlink" and arguments[0] not in plan.owners:
            raise ScenarioError(
                f"{name} drops a reference to file {arguments[0]} that it does not hold",
                expected=f"file {arguments[0]} among the owners: files that a task holds open at the start",
                fix=f'owners = ["{arguments[0]}"]',
            )
    if plan.filesystem == "single" and plan.cluster > 1:
        raise ScenarioError(
            "a single filesystem writes the page it is given and no others",
            came=f"cluster = {plan.cluster}",
            fix='filesystem = "cluster"',
        )


def _known(table: Mapping[str, Any], known: tuple[str, ...], of: str) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            raise ScenarioError(
                f"{of} has no {key}",
                came=str(key),
                expected="one of: " + ", ".join(known),
                cause=f"perhaps you meant {near[0]}" if near else "",
                fix=EXAMPLE,
            )


def _files(came: Any) -> dict[str, int]:
    if not isinstance(came, Mapping) or not came:
        raise ScenarioError(
            "a scenario needs files", came=repr(came), expected="[files], each with its pages", fix=EXAMPLE
        )
    for name, count in came.items():
        if not (isinstance(name, str) and len(name) == 1 and "A" <= name <= "Z"):
            raise ScenarioError("a file is called by one letter", came=repr(name), expected="A to Z", fix=EXAMPLE)
        if type(count) is not int or count < 1:
            raise ScenarioError(
                f"file {name} needs a number of pages", came=repr(count), expected="1 or more", fix=EXAMPLE
            )
    if sum(came.values()) > LARGEST:
        raise ScenarioError(
            "these are too many pages", came=str(sum(came.values())), expected=f"{LARGEST} in all at most", fix=EXAMPLE
        )
    return dict(came)


def _tasks(came: Any, files: tuple[str, ...], pages: tuple[str, ...]) -> tuple[tuple[Any, ...], ...]:
    if not isinstance(came, list | tuple) or not came or not all(isinstance(task, Mapping) for task in came):
        raise ScenarioError("a scenario needs tasks", came=repr(came), expected="[[task]], one for each", fix=EXAMPLE)
    if len(came) > MOST_TASKS:
        raise ScenarioError(f"these are {len(came)} tasks", expected=f"{MOST_TASKS} at most", fix=EXAMPLE)
    named: list[tuple[Any, ...]] = []
    used: dict[str, int] = {}
    for task in came:
        program = _one_of(task.get("program"), BESIDE, "program")
        name = _text(task["name"], "name") if "name" in task else numbered(program, used.get(program, 0))
        used[program] = used.get(program, 0) + 1
        if name in [other for other, *_ in named]:
            raise ScenarioError(
                f"two tasks are called {name}", expected="a name of its own for each", fix=f'name = "{name}2"'
            )
        named.append((name, program, *_arguments(task, program, files, pages)))
    return tuple(named)


def _arguments(task: Mapping[str, Any], program: str, files: tuple[str, ...], pages: tuple[str, ...]) -> list[Any]:
    """The arguments of a task's program, in its order."""
    parameters = [name for name in inspect.signature(PROGRAMS[program]).parameters if name != "mm"]
    _known(task, ("program", "name", *(NAMES.get(name, name) for name in parameters)), f"a {program}")
    found: list[Any] = []
    for parameter in parameters:
        key = NAMES.get(parameter, parameter)
        if key not in task and parameter == "works":
            found.append(len(_names(task, "pages", pages, "pages")))
        elif key not in task and parameter in OPTIONAL:
            found.append(OPTIONAL[parameter])
        elif key not in task:
            raise ScenarioError(f"a {program} needs {key}", came=f"only {', '.join(task)}", fix=_fix(program, key))
        elif key in ("page", "file"):
            found.append(_one_of(task[key], pages if key == "page" else files, key))
        elif key in ("pages", "files", "dirties"):
            found.append(_names(task, key, files if key == "files" else pages, "files" if key == "files" else "pages"))
        elif key == "works":
            found.append(_whole(task[key], "works", 1, LARGEST))
        else:
            found.append(_flag(task[key], key))
    return found


def _fix(program: str, key: str) -> str:
    value = {"page": '"A0"', "file": '"A"', "files": '["A"]'}.get(key, '["A0"]')
    return f'[[task]]\nprogram = "{program}"\n{key} = {value}'


def _names(table: Mapping[str, Any], key: str, known: tuple[str, ...], of: str) -> tuple[str, ...]:
    came = table.get(key, ())
    if not isinstance(came, list | tuple) or not all(isinstance(name, str) for name in came):
        raise ScenarioError(f"{key} is a list of {of}", came=repr(came), fix=f'{key} = ["{known[0]}"]')
    for name in came:
        _one_of(name, known, key)
    if len(set(came)) < len(came):
        raise ScenarioError(f"{key} names something twice", came=", ".join(came), expected="each once")
    return tuple(came)


def _one_of(came: Any, known: tuple[str, ...], what: str) -> str:
    if not isinstance(came, str) or came not in known:
        near = get_close_matches(str(came), known, 1)
        raise ScenarioError(
            f"there is no {what} {came}" if isinstance(came, str) else f"a {what} is missing",
            came=repr(came),
            expected="one of: " + ", ".join(known),
            cause=f"perhaps you meant {near[0]}" if near else "",
            fix=f'{what} = "{near[0] if near else known[0]}"',
        )
    return came


def _size(data: Mapping[str, Any], key: str, default: int | None) -> int | None:
    return _whole(data[key], key, *SIZES[key]) if key in data else default


def _whole(came: Any, key: str, least: int, most: int) -> int:
    if type(came) is not int or not least <= came <= most:
        raise ScenarioError(
            f"{key} is out of range",
            came=repr(came),
            expected=f"a whole number from {least} to {most}",
            fix=f"{key} = {least}",
        )
    return came


def _flag(came: Any, key: str) -> bool:
    if type(came) is not bool:
        raise ScenarioError(f"{key} is true or false", came=repr(came), fix=f"{key} = true")
    return came


def _text(came: Any, key: str) -> str:
    if not isinstance(came, str) or len(came) > 200 or (key == "name" and not came.strip()):
        raise ScenarioError(f"{key} is a text of 200 characters at most", came=repr(came)[:80], fix=f'{key} = "mine"')
    return " ".join(came.split())
