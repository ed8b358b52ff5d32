"""What grading found, as data: a report, its properties, and for each that fails the run that shows it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from wbviz.check.verdict import POLICY_ERROR
from wbviz.errors import PolicyError, UsageError
from wbviz.grade.advice import lesson_of
from wbviz.trace.trace import Json, Trace, from_json

FORMAT, VERSION = "wbviz-report", 1

HOLDS, PARTLY, FAILS = "holds", "partly", "fails"
UNSETTLED, NOT_COUNTED = "unsettled", "not counted"
VERDICTS = (HOLDS, PARTLY, FAILS, UNSETTLED, NOT_COUNTED)
"""`partly`: within the second band. `unsettled`: a bound was reached first, or an error cut the runs short.
`not counted`: the policy does not do its work, and what a policy does not do proves nothing."""


class Failure(NamedTuple):
    """One run in which a property fails: the smallest configuration that was found, and its shortest trace.

    `kind` is the checker's verdict, or the property's name where the grader found it. `cycle` are wait-for edges by
    names. `message` is the whole message of a policy-error, "" for others. `lines` are the student's own: (line
    number, text). `smaller` counts smaller configurations in which the property holds. `hidden`: the scenario was
    drawn from the instructor's seed. `trace` is None where there is nothing to play. `about`: which of the kind's
    lessons it teaches (`grade.lesson`).
    """

    scenario: str
    claim: str
    params: tuple[tuple[str, int], ...]
    kind: str
    summary: str
    message: str
    trace: Trace | None
    cycle: tuple[Json, ...]
    lines: tuple[tuple[int, str], ...]
    smaller: int
    hidden: bool
    about: str = ""


class PropertyResult(NamedTuple):
    """One property: its points, the verdict on it, what was found in a sentence, the rule and where to read about it.

    `rule` and `chapter` are empty where there is nothing to learn from a failure.
    """

    name: str
    title: str
    points: float
    possible: int
    verdict: str
    sentence: str
    rule: str
    chapter: str
    failure: Failure | None


class Checked(NamedTuple):
    """One scenario that was explored: the checker's headline, and how many states there are."""

    scenario: str
    params: tuple[tuple[str, int], ...]
    hidden: bool
    verdict: str
    states: int


class Report(NamedTuple):
    """What one policy got for one exercise.

    `version` is wbviz' own and the rubric's. `seeded`: hidden scenarios were drawn; the seed itself is never in a
    report. `gradable` is False for a file that is no policy at all: it costs nothing, and `problem` is the message.
    `tier` is the sandbox that the policy ran in; "none" in this process. `states` were explored in all. `printed` is
    what the policy printed where nothing is hidden.
    """

    exercise: str
    title: str
    version: str
    policy: str
    seeded: bool
    points: float
    total: int
    gradable: bool
    problem: str
    tier: str
    states: int
    properties: tuple[PropertyResult, ...]
    checked: tuple[Checked, ...]
    printed: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The report as JSON-able data, traces included."""
        body = self._asdict()
        body["properties"] = [_property_json(one) for one in self.properties]
        body["checked"] = [{**one._asdict(), "params": dict(one.params)} for one in self.checked]
        data: Json = json.loads(json.dumps({"format": FORMAT, "format_version": VERSION, **body}))
        return data

    def dumps(self) -> str:
        """The report as JSON text: the same report, the same bytes."""
        return json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, data: Any) -> Report:
        """The report again. Raises `UsageError` for data that is none."""
        try:
            if data["format"] != FORMAT or data["format_version"] != VERSION:
                raise KeyError("format")
            fields = {name: data[name] for name in cls._fields}
            fields["properties"] = tuple(_property(one) for one in data["properties"])
            fields["printed"] = tuple(data["printed"])
            fields["checked"] = tuple(Checked(**{**one, "params": _pairs(one["params"])}) for one in data["checked"])
        except (KeyError, TypeError) as error:
            raise UsageError(
                "this is not a report of the grader",
                came=f"data in which this is missing or wrong: {error}",
                expected=f'JSON written by this version, "format": "{FORMAT}", "format_version": {VERSION}',
                cause="another file, or one written by another version",
                fix="python -m wbviz grade EXERCISE SUBMISSION --out DIR",
            ) from None
        return cls(**fields)

    def public(self) -> Report:
        """The report without what hidden scenarios are: that a property fails in one is said, not where and how."""
        return self._replace(
            states=self.states - sum(one.states for one in self.checked if one.hidden),
            properties=tuple(_published(one) for one in self.properties),
            checked=tuple(one for one in self.checked if not one.hidden),
        )


def impure(report: Report, error: PolicyError, hidden: bool) -> Report:
    """The report on a policy that turned out to answer the same history in two ways: nothing that it showed is known.

    `hidden`: it did so where hidden scenarios were asked about.
    """
    at = () if error.line is None else ((error.line, error.source.strip()),)
    claim = "All that the policy was asked it was asked once more, in a process of its own and in another order."
    shown = Failure(
        "asked-again", claim, (), POLICY_ERROR, error.what, str(error), None, (), at, smaller=0, hidden=hidden
    )
    blamed = next((one.name for one in report.properties if one.name == "rules"), report.properties[0].name)
    rule, chapter = lesson_of(POLICY_ERROR)
    why = "Not settled: an answer that is another one the next time proves nothing."
    found = {"verdict": FAILS, "sentence": error.what, "rule": rule, "chapter": chapter, "failure": shown}
    lost = {"verdict": UNSETTLED, "sentence": why, "rule": "", "chapter": "", "failure": None}
    results = [one._replace(points=0, **(found if one.name == blamed else lost)) for one in report.properties]
    return report._replace(points=0, properties=tuple(results))


def _published(one: PropertyResult) -> PropertyResult:
    if one.failure is None or not one.failure.hidden:
        return one
    kind = one.failure.kind
    sentence = f"In a hidden scenario: {kind}. No public scenario shows it; the rule says what to look for."
    return one._replace(sentence=sentence, failure=None)


def _property_json(one: PropertyResult) -> Json:
    failure = one.failure
    if failure is None:
        return one._asdict()
    trace = None if failure.trace is None else failure.trace.to_json()
    return {**one._asdict(), "failure": {**failure._asdict(), "params": dict(failure.params), "trace": trace}}


def _property(data: Json) -> PropertyResult:
    failure = data["failure"]
    if failure is not None:
        failure = Failure(
            **{
                **failure,
                "params": _pairs(failure["params"]),
                "trace": None if failure["trace"] is None else from_json(failure["trace"]),
                "cycle": tuple(failure["cycle"]),
                "lines": tuple((number, text) for number, text in failure["lines"]),
            }
        )
    return PropertyResult(**{**data, "failure": failure})


def _pairs(params: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(params.items())
