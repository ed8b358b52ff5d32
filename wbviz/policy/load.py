"""Policies by name, from a file, and from text; `notebook` makes them from functions."""

from __future__ import annotations

import codecs
import os

from wbviz.errors import PolicyError, UsageError
from wbviz.policy.histories import GeneratorPrograms
from wbviz.policy.protocol import Programs
from wbviz.policy.source import Source
from wbviz.policy.table import Table

_BUILTIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "builtin")


class Policy:
    """A policy: its `name`, the `path` as shown to readers, and its `source` text.

    `given` is what `load_policy` takes to load it again: a path, or a built-in name.
    """

    __slots__ = ("_source", "given", "name", "path")

    def __init__(self, name: str, source: Source, given: str = "") -> None:
        self.name = name
        self.given = given or name
        self.path = source.file
        self._source = source

    @property
    def source(self) -> str:
        """The text of the file."""
        return self._source.text

    def programs(self) -> Programs:
        """Its programs, nothing asked yet. A policy that is no policy answers with a Fault when it is asked."""
        return GeneratorPrograms(source=self._source)

    def relative_programs(self) -> Programs:
        """The same, for files of any size at once (see `position`)."""
        return GeneratorPrograms(source=self._source, relative=True)

    def table(self) -> Table:
        """A table of what its programs answer, for one machine."""
        return Table(self.programs(), self._source)

    def printed(self) -> tuple[str, ...]:
        """What it has printed so far, as lines to show: bounded, each text once."""
        return self._source.printed.lines()

    def problem(self) -> PolicyError | None:
        """What is wrong with it before anything is asked: no Python, an import, a missing function, a signature."""
        from wbviz.policy.untrusted_run import problem

        return problem(self._source)

    def __repr__(self) -> str:
        return f"<policy {self.name}>"


def builtin_names() -> tuple[str, ...]:
    """The names of the built-in policies, sorted."""
    return tuple(
        sorted(name[:-3] for name in os.listdir(_BUILTIN) if name.endswith(".py") and not name.startswith("_"))
    )


def load_policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """A built-in policy by its name, or one from a file.

    A built-in name wins over a file of the same name without `.py`. UsageError if there is neither; PolicyError if the
    file cannot be read as text. What is wrong with its Python is a matter of `Policy.problem` and `Policy.programs`.
    """
    given = os.fspath(name_or_path)
    builtins = builtin_names()
    if given in builtins:
        file = os.path.join(_BUILTIN, given + ".py")
        return Policy(given, Source(f"{given}.py", read_source(file, f"{given}.py")))
    if os.path.isdir(given):
        raise UsageError(
            f"{given} is a directory",
            came="a directory",
            expected="the name of a built-in policy, or a Python file",
            **_try(os.path.join(given, "policy.py")),
        )
    if not os.path.exists(given):
        raise _no_policy(given, builtins)
    name = os.path.basename(given)
    return Policy(name.removesuffix(".py"), Source(name, read_source(given, given)), given)


def policy_from_text(text: str, name: str = "policy") -> Policy:
    """A policy whose file is `text`; it is shown as NAME.py."""
    return Policy(name.removesuffix(".py"), Source(name if name.endswith(".py") else f"{name}.py", text))


def read_source(file: str, shown: str) -> str:
    """The text of a file, which messages call `shown`. PolicyError if it cannot be read as text."""
    try:
        with open(file, "rb") as stream:
            data = stream.read().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise PolicyError(
            f"the file cannot be read: {error.strerror or error}",
            file=shown,
            came="a file that this user may not read",
            expected="a readable Python file",
            cause="its permissions",
            fix=f"chmod +r {shown}",
        ) from None
    text = data.decode("utf-8", "replace")
    if "\ufffd" in text or "\0" in text:
        from wbviz.policy.encoding import mistaken

        wrong = mistaken(data, shown)
        if wrong is not None:
            raise PolicyError(
                wrong.what,
                file=shown,
                line=wrong.line,
                source=data.splitlines()[wrong.line - 1].decode("ascii", "replace") if wrong.quotable else "",
                came=wrong.came,
                expected="Python source in UTF-8",
                cause=wrong.cause,
                fix=wrong.fix,
            )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_policy(given: str, builtins: tuple[str, ...]) -> UsageError:
    from wbviz.policy.words import listed, nearest

    stem = os.path.basename(given).removesuffix(".py")
    near = nearest(stem, builtins)
    looks_like_a_file = given.endswith(".py") or os.sep in given
    return UsageError(
        f"there is no policy {given}",
        came="a path where there is no file" if looks_like_a_file else "a name that no built-in policy has",
        expected=f"a Python file, or one of {listed(builtins)}",
        cause=f"{stem} is misspelt: {near}" if near and stem != near else "",
        **_try(near or "./policy.py"),
    )


def _try(policy: str) -> dict[str, str]:
    """A check of that policy, as Python and as a command."""
    return {"fix": f'wbviz.check("{policy}", "abba")', "command": f"python -m wbviz check {policy}"}
