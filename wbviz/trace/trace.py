"""A run as data, and its versioned JSON form.

Everything is by name and readable without the model: a viewer needs no `wbviz.kernel`.
Snapshots and edges are plain dicts in the shape that `schema.SCHEMA` describes.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from wbviz.errors import TraceError
from wbviz.trace import schema

FORMAT, VERSION = "wbviz-trace", 1
LARGEST_FILE = 50_000_000
Snapshot = dict[str, Any]
Json = dict[str, Any]


class Step(NamedTuple):
    """One step of one task. `waits` are the sentences of the tasks that begin to wait after it.

    `lines` are the lines of the policy that the step stood on, outermost first; empty for a built-in task.
    `time` is in seconds, from the simulator; None elsewhere.
    """

    task: str
    choice: str | None
    op: str
    args: tuple[Any, ...]
    result: Any
    says: str
    waits: tuple[str, ...]
    lines: tuple[int, ...]
    time: float | None
    after: Snapshot


class Trace(NamedTuple):
    """A run of a policy in a scenario. `loop` is the index of the step where an endless loop begins, or None."""

    scenario: str
    params: dict[str, int]
    policy: str
    source: str
    schedule: str
    verdict: Json | None
    initial: Snapshot
    steps: tuple[Step, ...]
    loop: int | None = None

    def to_json(self) -> Json:
        """The trace as JSON-able data."""
        body = self._asdict()
        body["steps"] = [step._asdict() for step in self.steps]
        data: Json = json.loads(json.dumps({"format": FORMAT, "version": VERSION, **body}))
        return data

    def dumps(self) -> str:
        """The trace as JSON text."""
        return json.dumps(self.to_json(), indent=1) + "\n"


def from_json(data: Any) -> Trace:
    """A trace from JSON data, its own or the first in what `check --json` writes.

    Raises `TraceError` for a damaged or a newer one.
    """
    if isinstance(data, dict) and "results" in data and "format" not in data:
        data = _first_trace(data["results"])
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _damaged("it is not a wbviz trace", f'"format": "{FORMAT}"')
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        raise TraceError(
            "this trace was written by a newer wbviz",
            came=f"version {version}",
            expected=f"version {VERSION}",
            fix="pip install --upgrade wbviz, or write the trace again with this version",
        )
    problem = schema.check(data)
    if problem:
        raise _damaged(problem, "the shape that wbviz.trace.schema describes")
    steps = tuple(
        Step(**{**step, "args": tuple(step["args"]), "waits": tuple(step["waits"]), "lines": tuple(step["lines"])})
        for step in data["steps"]
    )
    fields = {key: data[key] for key in Trace._fields}
    return Trace(**{**fields, "steps": steps})


def loads(text: str) -> Trace:
    """A trace from JSON text. Raises `TraceError` for anything that is not one."""
    if len(text) > LARGEST_FILE:
        raise _damaged(f"it has {len(text):,} characters", f"at most {LARGEST_FILE:,}")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(f"it is not JSON: {error}", "a file written by wbviz with --json") from None
    return from_json(data)


def _first_trace(results: Any) -> Any:
    """The first trace in what `check --json` writes."""
    for result in results if isinstance(results, list) else []:
        if isinstance(result, dict) and result.get("trace"):
            return result["trace"]
    raise _damaged("none of its results has a trace", "a result of `check --json` with a verdict against the policy")


def _damaged(what: str, expected: str) -> TraceError:
    return TraceError(
        "this file cannot be played",
        came=what,
        expected=expected,
        cause="the file is damaged, cut off, or something else",
        fix='wbviz.play(wbviz.check("writearound", "abba").trace)',
        command="python -m wbviz check POLICY --scenario NAME --json TRACE.json",
    )
