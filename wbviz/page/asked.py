"""A question of a page: what it asks for by name, each looked at before anybody works on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wbviz.errors import UsageError
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, policy_from_text
from wbviz.scenarios.catalogue import build
from wbviz.scenarios.described import parse_scenario

Json = dict[str, Any]
Report = Callable[[Json], None]
"""Told how far an answer has come: {"scenario", "states"} and the like."""

LONGEST = 200_000
"""Characters of a policy or a description: what anybody writes has fewer."""
LONGEST_REPORT = 20_000_000
"""Characters of a kernel's report."""


class Asked:
    """One question. Raises UsageError for what is missing or of the wrong kind."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def has(self, name: str) -> bool:
        """Whether it says anything about that."""
        return self._data.get(name) is not None

    def text(self, name: str, default: str | None = None, longest: int = LONGEST) -> str:
        """A text."""
        came = self._data.get(name, default)
        if not isinstance(came, str):
            raise _wrong(name, came, "a text")
        if len(came) > longest:
            raise _wrong(name, f"{len(came):,} characters", f"at most {longest:,}")
        return came

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        came = self._data.get(name, default)
        came = default if came is None else came
        if type(came) is not int or not least <= came <= most:
            raise _wrong(name, came, f"a whole number from {least:,} to {most:,}")
        return came

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is said."""
        came = self._data.get(name, False)
        if not isinstance(came, bool):
            raise _wrong(name, came, "true or false")
        return came

    def table(self, name: str) -> Json:
        """Values by name; none where nothing is said."""
        came = self._data.get(name)
        if came is None:
            return {}
        if not isinstance(came, dict):
            raise _wrong(name, came, "values by name")
        return came

    def policy(self) -> Policy:
        """The policy that came as a text, shown under the name of its file."""
        return policy_from_text(self.text("policy"), self.text("file", "policy.py", 100) or "policy.py")

    def scenario(self) -> Scenario:
        """The scenario: one of the book's by its name and sizes, or one that is described."""
        if self.has("described"):
            return parse_scenario(self.text("described"))
        return build(self.text("scenario"), self.table("params"))


def _wrong(name: str, came: object, expected: str) -> UsageError:
    shown = "nothing" if came is None else repr(came)
    return UsageError(
        f"the page asked with a {name} that cannot be",
        came=shown if len(shown) <= 80 else f"{shown[:80]} ...",
        expected=expected,
    )
