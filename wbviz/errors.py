"""The error tree. Every message says what came, what was expected, the likely cause, and shows corrected code."""

from __future__ import annotations

import re
import sys

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text that a terminal only shows: what would move its cursor, colour it or turn its order around, as escapes.

    New lines and tabs stay.
    """
    return _HIDDEN.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if found[0] < "\x80" else f"\\u{ord(found[0]):04x}", text
    )


class WbvizError(Exception):
    """A mistake somebody can repair. `str()` is the whole message, several lines, ready to print.

    `what` is one sentence. `came` and `expected` are phrases, `cause` a sentence, `fix` code or a command
    (it may have several lines). `command`: the same as `fix` for whoever is at the command line, where the two differ.
    Each of them may be empty.
    """

    def __init__(
        self, what: str, *, came: str = "", expected: str = "", cause: str = "", fix: str = "", command: str = ""
    ) -> None:
        super().__init__(what)
        self.what = printable(what)  # what a policy raised, what a file is called: nothing that a terminal obeys
        self.came = printable(came)
        self.expected = printable(expected)
        self.cause = printable(cause)
        self.fix = printable(fix)
        self.command = printable(command)

    def headline(self) -> str:
        """The first line of the message."""
        return self.what

    def __str__(self) -> str:
        return self._message(self.fix)

    def at_the_command_line(self) -> str:
        """The message for whoever gave a command: with a command to try."""
        return self._message(self.command or self.fix)

    def _message(self, fix: str) -> str:
        lines = [self.headline()]
        for label, text in (("came", self.came), ("expected", self.expected), ("likely cause", self.cause)):
            if text:
                lines.append(f"  {label + ':':<14}{text}")
        if fix:
            lines.append("  write instead:" if isinstance(self, PolicyError) else "  try:")
            lines.extend(f"      {line}".rstrip() for line in fix.splitlines())
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int | None]:
        """The parts by name, JSON-able; the class called with them gives the same error again."""
        parts: dict[str, str | int | None] = {"what": self.what, "came": self.came, "expected": self.expected}
        parts |= {"cause": self.cause, "fix": self.fix}
        return parts | ({"command": self.command} if self.command else {})


class PolicyError(WbvizError):
    """The policy is not a policy: the verdict `policy-error`.

    `file` is the name shown to the reader, `line` counts from 1 (None when no line is to blame),
    `source` is that line as it stands in the file.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str,
        line: int | None = None,
        source: str = "",
        came: str = "",
        expected: str = "",
        cause: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(what, came=came, expected=expected, cause=cause, fix=fix)
        self.file = printable(file)
        self.line = line
        self.source = printable(source)

    def headline(self) -> str:
        """File, line and sentence; below them the line as it stands in the file."""
        if self.line is None:
            return f"{self.file}: {self.what}"
        head = f"{self.file}, line {self.line}: {self.what}"
        return f"{head}\n{self.line:>6} | {self.source.rstrip()}" if self.source.strip() else head

    def as_dict(self) -> dict[str, str | int | None]:
        """The parts by name, JSON-able; the class called with them gives the same error again."""
        return {**super().as_dict(), "file": self.file, "line": self.line, "source": self.source}


class UsageError(WbvizError):
    """The call is unusable: an unknown name, a wrong option, a file that is not there."""


def missing_package(error: ModuleNotFoundError) -> UsageError | None:
    """What to say where a package is not installed; None where it is a module of our own that is missing."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "wbviz"):
        return None
    use, install = _PACKAGES.get(name, ("what the book and its players use", "-r requirements.txt"))
    return UsageError(
        f"this needs the package {name}, which is not installed for {sys.executable}",
        expected=use,
        cause="another Python than the one of .venv, or an installation that was not finished",
        fix=f"python -m pip install {install}",
    )


_PACKAGES = {
    "simpy": ("SimPy, to simulate; `check` needs no package", "simpy"),
    "yaml": ("PyYAML, to read an export of Gradescope", "pyyaml"),
}
"""What a package is for where it is wanted alone, and what pip calls it."""


class TraceError(WbvizError):
    """A trace or a schedule cannot be used: damaged, newer than this program, or not possible in the model."""


class ScenarioError(WbvizError):
    """A scenario was asked for with parameters it does not have or cannot have."""
