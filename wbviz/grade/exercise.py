"""An exercise: a folder with a task, a policy to start from, and `rubric.toml`, which says what counts how much."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from wbviz.errors import ScenarioError, UsageError
from wbviz.grade.measures import MEASURES
from wbviz.machine.scenario import Params
from wbviz.policy.load import builtin_names
from wbviz.scenarios.build import Plan, Recipe, fixed
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.scenarios.described import read_recipe

PROPERTIES = {
    "duty": "The flusher does the work",
    "rules": "No rule is broken",
    "deadlock": "Nobody is blocked for ever",
    "progress": "Every accepted page gets to the disk",
    "leak": "Nothing is left held",
    "asked": "It does what the task asks for",
    "reclaim": "Reclaim comes back at once",
    "cost": "What it costs",
    "hold": "How long a page stays locked",
}
"""What points can be had for, in the order of a report. `duty` stands before all: without it nothing else counts."""

BESIDE = (
    "reader",
    "cleaner",
    "writer",
    "polite",
    "truncate",
    "sync",
    "umount",
    "unlink",
    "dirtier",
    "contender",
    "kswapd",
)


ASKED_WORLDS = ("passes-over", "slow-disk", "no-spinning", "comes-back")
"""What a task may ask for that shows at a certain moment only; `asked.py` says what they are."""

FILESYSTEMS = ("single", "cluster", "cluster-try")


INSTRUCTOR = "instructor"
"""The folder in an exercise that no student gets: the reference, and policies that are wrong."""


class Sized(NamedTuple):
    """A scenario by its name, with the sizes that differ from its defaults; `own` is what one of the exercise's own
    consists of, which a file in its folder describes."""

    scenario: str
    params: Params
    own: Plan | None = None
    claim: str = ""

    @property
    def recipe(self) -> Recipe:
        """The scenario before its sizes are known."""
        return SCENARIOS[self.scenario] if self.own is None else fixed(self.scenario, self.claim, self.own)


class Hidden(NamedTuple):
    """What the instructor's seed may draw: `draws` scenarios of at most `pages` pages and `tasks` tasks beside the
    policy, of the kinds named; the filesystem and the queue's limit (0 for none) are drawn from theirs."""

    draws: int = 0
    pages: int = 2
    tasks: int = 2
    beside: tuple[str, ...] = ()
    filesystem: tuple[str, ...] = ("single",)
    queue_limit: tuple[int, ...] = (0,)


class Asked(NamedTuple):
    """What the task asks for beyond safety, as something to see when nobody else is about.

    `sentence` says it. Of a file of `pages` pages reclaim wants those of `wanted`, in this order: at the end those of
    `clean` are clean and those of `left` dirty. With `works`, no more than so many works are queued if the flusher
    comes late. `world` names one of `ASKED_WORLDS` instead.
    """

    sentence: str
    pages: int = 0
    wanted: tuple[int, ...] = ()
    clean: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    works: int | None = None
    world: str = ""


class Band(NamedTuple):
    """A simulated measure, at most `full` times as bad as that of the built-in policy `against`: all points; up to
    `half` times: half of them."""

    measure: str
    sized: Sized
    against: str
    full: float
    half: float


class Exercise(NamedTuple):
    """What `rubric.toml` says, checked. `folder` is where the task and the starter lie."""

    name: str
    folder: Path
    title: str
    chapter: str
    version: int
    max_states: int
    points: dict[str, int]
    checks: tuple[Sized, ...]
    hidden: Hidden
    asked: tuple[Asked, ...]
    cost: tuple[Band, ...]
    hold: tuple[Band, ...]

    @property
    def total(self) -> int:
        """The points there are."""
        return sum(self.points.values())

    @property
    def starter(self) -> Path:
        """The policy to start from."""
        return self.folder / "policy.py"


def exercises(root: Path | None = None) -> dict[str, Path]:
    """The folders of exercises by their names: of the first `exercises/` above here, else of this checkout, else those
    that an installed `wbviz` brings along."""
    package = Path(__file__).parents[1]
    places = [root] if root else [Path.cwd(), *Path.cwd().parents, package.parent, package]
    for place in places:
        found = {path.parent.name: path.parent for path in sorted((place / "exercises").glob("*/rubric.toml"))}
        if found:
            return found
    return {}


def load_exercise(name_or_path: str | os.PathLike[str]) -> Exercise:
    """The exercise of that name, of that number ("02" or "2"), or in that folder.

    Raises `UsageError` where there is none, or where its rubric says something that cannot be graded.
    """
    given = str(name_or_path)
    folder = Path(given)
    if not (folder / "rubric.toml").is_file():
        known = exercises()
        number = given.zfill(2) if given.isdecimal() else given
        fitting = [name for name in known if name == given] or [n for n in known if n.startswith(f"{number}-")]
        if len(fitting) != 1:
            raise _unknown(given, list(known))
        folder = known[fitting[0]]
    return _Reader(folder).exercise()


def _unknown(given: str, known: list[str]) -> UsageError:
    near = get_close_matches(given, known, 1, 0.4)
    cause = "" if known else "no folder exercises/ was found above the current one"
    cause = f"perhaps you meant {near[0]}" if near else cause
    name = near[0] if near else "02-pin-then-lock"
    return UsageError(
        f"there is no exercise {given}",
        came=given,
        expected="one of: " + ", ".join(known) if known else "the folder of an exercise, with its rubric.toml",
        cause=cause,
        fix=f'wbviz.grade("{name}", "policy.py")',
        command=f"python -m wbviz grade {name} policy.py",
    )


class _Reader:
    """Reads one rubric; every complaint names the file and the key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "rubric.toml"

    def exercise(self) -> Exercise:
        try:
            data = tomllib.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise self.wrong("the file", str(error), "TOML in UTF-8", 'title = "Pin, then lock"') from None
        self.known("the rubric", data, {*Exercise._fields, "check"} - {"name", "folder", "checks"})
        points = self.points(data)
        return Exercise(
            name=os.path.basename(os.path.realpath(self.folder)),
            folder=self.folder,
            title=self.text(data, "title"),
            chapter=self.text(data, "chapter"),
            version=self.count(data, "version", 1),
            max_states=self.count(data, "max_states", 50_000),
            points=points,
            checks=tuple(self.sized("check", one) for one in self.tables(data, "check")),
            hidden=self.hidden(data.get("hidden", {})),
            asked=self.needed(points, "asked", tuple(self.asked(one) for one in self.tables(data, "asked"))),
            cost=self.needed(points, "cost", tuple(self.band("cost", one) for one in self.tables(data, "cost"))),
            hold=self.needed(points, "hold", tuple(self.band("hold", one) for one in self.tables(data, "hold"))),
        )

    def points(self, data: Mapping[str, Any]) -> dict[str, int]:
        points = data.get("points")
        if not isinstance(points, dict) or not points:
            raise self.wrong("points", repr(points), "a table of points by property", "[points]\nduty = 10\nrules = 20")
        self.known("points", points, set(PROPERTIES))
        if "duty" not in points:
            raise self.wrong("points", ", ".join(points), "duty among them: without it idleness scores", "duty = 10")
        return {name: self.count(points, name) for name in PROPERTIES if name in points}

    def hidden(self, data: Mapping[str, Any]) -> Hidden:
        self.known("hidden", data, set(Hidden._fields))
        return Hidden(
            draws=self.count(data, "draws", 0),
            pages=self.count(data, "pages", 2),
            tasks=self.count(data, "tasks", 2),
            beside=self.words(data, "beside", BESIDE, ()),
            filesystem=self.words(data, "filesystem", FILESYSTEMS, ("single",)),
            queue_limit=self.numbers(data, "queue_limit", (0,)),
        )

    def asked(self, data: Mapping[str, Any]) -> Asked:
        self.known("asked", data, {"sentence", "world"} if "world" in data else set(Asked._fields) - {"world"})
        sentence = self.text(data, "sentence")
        if "world" in data:
            (world,) = self.words({"world": [data["world"]]}, "world", ASKED_WORLDS, ())
            return Asked(sentence, world=world)
        return Asked(
            sentence,
            pages=self.count(data, "pages"),
            wanted=self.numbers(data, "wanted"),
            clean=self.numbers(data, "clean", ()),
            left=self.numbers(data, "left", ()),
            works=self.count(data, "works") if "works" in data else None,
        )

    def band(self, where: str, data: Mapping[str, Any]) -> Band:
        own = {key: value for key, value in data.items() if key in {"measure", "against", "full", "half"}}
        measure = self.text(own, "measure")
        if measure not in MEASURES:
            raise self.wrong(f"{where}.measure", measure, "one of: " + ", ".join(MEASURES), 'measure = "requests"')
        against = self.text(own, "against")
        if against not in builtin_names():
            raise self.wrong(f"{where}.against", against, "a built-in policy", 'against = "pin_then_lock"')
        full, half = (self.number(own, key) for key in ("full", "half"))
        if not 0 < full <= half:
            raise self.wrong(
                f"{where}.full", f"full = {full}, half = {half}", "0 < full <= half", "full = 1.1\nhalf = 2"
            )
        sized = self.sized(where, {key: value for key, value in data.items() if key not in own})
        return Band(measure, sized, against, full, half)

    def sized(self, where: str, data: Mapping[str, Any]) -> Sized:
        if where == "check" and "file" in data:
            return self.own(data)
        name = self.text(data, "scenario")
        params = {key: value for key, value in data.items() if key != "scenario"}
        try:
            if name not in SCENARIOS:
                raise ScenarioError(f"there is no scenario {name}", came=name)
            SCENARIOS[name].build(params)
        except ScenarioError as error:
            expected = error.expected or ", ".join(SCENARIOS)
            raise self.wrong(f"{where}: {error.what}", error.came, expected, 'scenario = "abba"\npages = 2') from None
        return Sized(name, params)

    def own(self, data: Mapping[str, Any]) -> Sized:
        """A scenario that a file beside the rubric describes."""
        self.known("check", data, {"file"})
        name = self.text(data, "file")
        if Path(name).name != name:
            raise self.wrong("check.file", name, "the name of a file beside the rubric", 'file = "mine.toml"')
        try:
            recipe = read_recipe(self.folder / name)
        except ScenarioError as error:
            raise self.wrong(f"{name}: {error.what}", error.came, error.expected, error.fix) from None
        return Sized(recipe.name, {}, recipe.plan(), recipe.claim)

    # Values of one kind

    def text(self, data: Mapping[str, Any], key: str) -> str:
        return self.value(data, key, None, lambda v: isinstance(v, str) and v.strip() != "", "a text", '"…"')  # type: ignore[no-any-return]

    def count(self, data: Mapping[str, Any], key: str, default: int | None = None) -> int:
        return self.value(data, key, default, lambda v: type(v) is int and v >= 0, "a whole number", "10")  # type: ignore[no-any-return]

    def number(self, data: Mapping[str, Any], key: str) -> float:
        return float(self.value(data, key, None, lambda v: type(v) in (int, float), "a number", "1.2"))

    def numbers(self, data: Mapping[str, Any], key: str, default: tuple[int, ...] | None = None) -> tuple[int, ...]:
        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(type(one) is int and one >= 0 for one in value)

        return tuple(self.value(data, key, default, fits, "a list of whole numbers", "[0, 1]"))

    def words(
        self, data: Mapping[str, Any], key: str, known: tuple[str, ...], default: tuple[str, ...]
    ) -> tuple[str, ...]:
        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(one in known for one in value)

        return tuple(self.value(data, key, default, fits, "a list of some of: " + ", ".join(known), f'["{known[0]}"]'))

    def value(
        self, data: Mapping[str, Any], key: str, default: Any, fits: Callable[[Any], bool], expected: str, example: str
    ) -> Any:
        if key not in data and default is not None:
            return default
        if key not in data or not fits(data[key]):
            came = repr(data[key]) if key in data else f"no {key}"
            raise self.wrong(key, came, expected, f"{key} = {example}")
        return data[key]

    def tables(self, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, repr(value)[:60], "tables of their own, each under double brackets", f"[[{key}]]")
        return value

    def needed(self, points: Mapping[str, int], key: str, entries: tuple[Any, ...]) -> tuple[Any, ...]:
        """What has points must be measured, and what is measured must have points."""
        if bool(entries) != (key in points):
            came = f"points for {key} and no [[{key}]]" if key in points else f"[[{key}]] and no points for it"
            raise self.wrong(key, came, "both or neither", f"[points]\n{key} = 10\n\n[[{key}]]\n…")
        return entries

    def known(self, where: str, data: Any, keys: set[str]) -> None:
        if not isinstance(data, dict):
            raise self.wrong(where, repr(data)[:60], "a table", f"[{where}]")
        for key in data:
            if key not in keys:
                near = get_close_matches(key, sorted(keys), 1)
                cause = near[0] if near else next(iter(sorted(keys)))
                raise self.wrong(where, key, "one of: " + ", ".join(sorted(keys)), f"{cause} = …")

    def wrong(self, where: str, came: str, expected: str, fix: str) -> UsageError:
        return UsageError(
            f"{self.folder.name}/rubric.toml cannot be used: {where}",
            came=came,
            expected=expected,
            cause="a slip in the rubric; book/design/rubric.md says what it may hold",
            fix=fix,
        )
