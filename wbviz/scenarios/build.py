"""From a few words to a scenario: files and their pages, the tasks beside the policy, the sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from wbviz.errors import ScenarioError
from wbviz.kernel.state import Inode, Page, Value, World
from wbviz.machine.scenario import Params, Scenario, TaskSpec

LARGEST = 64
"""The largest size that a parameter may ask for: beyond it no exploration ends, and no picture is readable."""

MAY_BE_NONE = ("writers", "sync", "truncators")


class Plan(NamedTuple):
    """What a scenario consists of, pages and files by name: `files` maps each file to its number of pages.

    `clean` pages start clean, all others dirty. `owners` are files that a task holds open: one reference each.
    `tasks` are tuples: the task's name, its program, then the program's arguments.
    """

    files: Mapping[str, int]
    tasks: tuple[tuple[Any, ...], ...]
    clean: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    filesystem: str = "single"
    cluster: int = 1
    journalled: bool = False
    queue_limit: int | None = None
    flushers: int = 1
    igrab: bool = False


class Recipe(NamedTuple):
    """A scenario before its sizes are known."""

    name: str
    claim: str
    plan: Callable[..., Plan]
    expected: tuple[tuple[str, str], ...]

    @property
    def defaults(self) -> Params:
        """Parameters with their default values."""
        code = self.plan.__code__
        names = code.co_varnames[: code.co_argcount]
        return dict(zip(names, self.plan.__defaults__ or (), strict=True))

    def build(self, params: Mapping[str, int] | None = None) -> Scenario:
        """The scenario at the given sizes. Raises `ScenarioError` for an unknown or unusable parameter."""
        values = self.defaults | check_params(self, params or {})
        return assemble(self, values, self.plan(**values))


def fixed(name: str, claim: str, plan: Plan) -> Recipe:
    """A scenario without sizes to choose, of which nothing is promised."""
    return Recipe(name, claim, lambda: plan, ())


def check_params(recipe: Recipe, params: Mapping[str, int]) -> Params:
    """The parameters, each of them known and within bounds."""
    defaults = recipe.defaults
    for key, value in params.items():
        known = ", ".join(f"{name}={number}" for name, number in defaults.items())
        if key not in defaults:
            first = next(iter(defaults))
            raise ScenarioError(
                f"scenario {recipe.name} has no parameter {key}",
                came=f"{key}={value}",
                expected=f"one of: {known}",
                fix=f'wbviz.check(policy, "{recipe.name}", {first}=2)',
                command=f"python -m wbviz check POLICY --scenario {recipe.name} --set {first}=2",
            )
        least = 0 if key in MAY_BE_NONE else 1
        if type(value) is not int or not least <= value <= LARGEST:
            raise ScenarioError(
                f"{key} of scenario {recipe.name} is out of range",
                came=f"{key}={value!r}",
                expected=f"a whole number from {least} to {LARGEST}",
                fix=f'wbviz.check(policy, "{recipe.name}", {key}={defaults[key]})',
                command=f"python -m wbviz check POLICY --scenario {recipe.name} --set {key}={defaults[key]}",
            )
    return dict(params)


def assemble(recipe: Recipe, params: Params, plan: Plan) -> Scenario:
    """Number the pages, the files and the tasks, and put flushers and disk beside them."""
    files = tuple(plan.files)
    pages = tuple((inode, index) for inode, name in enumerate(files) for index in range(plan.files[name]))
    names = {f"{files[inode]}{index}": number for number, (inode, index) in enumerate(pages)}
    specs = [TaskSpec(name, program, _argument(names, files, args)) for name, program, *args in plan.tasks]
    specs += [TaskSpec(numbered("flusher", n), "flusher", ("tuple", plan.igrab)) for n in range(plan.flushers)]
    specs.append(TaskSpec("disk", "disk", ("tuple",)))
    return Scenario(
        name=recipe.name,
        claim=recipe.claim,
        params=tuple(params.items()),
        world=World(
            inode_names=files,
            pages=pages,
            task_names=tuple(spec.name for spec in specs),
            filesystem=plan.filesystem,
            cluster=plan.cluster,
            journalled=plan.journalled,
            queue_limit=plan.queue_limit,
        ),
        pages=tuple(Page(dirty=name not in plan.clean) for name in names),
        inodes=tuple(Inode(refs=int(name in plan.owners)) for name in files),
        tasks=tuple(specs),
        expected=recipe.expected,
    )


def numbered(name: str, number: int) -> str:
    """`writer`, `writer2`, `writer3`, ... for 0, 1, 2, ..."""
    return name if number == 0 else f"{name}{number + 1}"


def several(count: int, name: str, *arguments: Any) -> tuple[tuple[Any, ...], ...]:
    """The same task a number of times, numbered."""
    return tuple((numbered(name, number), name, *arguments) for number in range(count))


def span(name: str, first: int, end: int) -> tuple[str, ...]:
    """The pages of a file from index `first` up to, not including, `end`."""
    return tuple(f"{name}{index}" for index in range(first, end))


def _argument(pages: Mapping[str, int], files: tuple[str, ...], args: Iterable[Any]) -> Value:
    def wire(arg: Any) -> Value:
        if isinstance(arg, tuple):
            return ("tuple", *(wire(item) for item in arg))
        if isinstance(arg, str):
            return ("page", pages[arg]) if arg in pages else ("inode", files.index(arg))
        return ("int", arg) if type(arg) is int else arg

    return ("tuple", *(wire(arg) for arg in args))
