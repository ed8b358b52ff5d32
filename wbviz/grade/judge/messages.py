"""What a child sent, as the protocol's data: every type, range and shape is checked, and nothing is believed.

`Misbehaviour` is raised for what is no answer. Whether the pages and works it names are known is `known.py`'s business.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.errors import PolicyError
from wbviz.grade.judge.errors import Misbehaviour
from wbviz.kernel.api import API
from wbviz.policy.arguments import ATTRIBUTES, FIXED_KEYS, SIGNATURES, TAKES_INFO, holds_work
from wbviz.policy.printed import LONGEST, MOST
from wbviz.policy.protocol import Fault, Op, Read, Request, Return, Value
from wbviz.policy.source import Source

LARGEST_INT = 2**63 - 1
DEEPEST = 20
"""So deep may tuples be nested."""
LONGEST_TEXT = 4_000
"""So many characters may a part of an error message have."""
LARGEST_VALUE = 1_000
"""So many characters a string, and so many items a tuple: values become part of states, and states are many."""
LARGEST_INFO = 256
"""So many values may the info of a work hold, eight characters of a text counted as one."""


class Arrived(NamedTuple):
    """A turn as the child sent it."""

    place: int
    works: tuple[int, ...]
    request: Request


def arrived(message: Any, source: Source, relative: bool = False) -> Arrived:
    """The end of a turn. With `relative` indexes may be positions, here and below."""
    kind, *rest = _parts(message)
    if kind == "op" and len(rest) == 6:
        place, works, name, args, info, lines = rest
        return Arrived(_natural(place), _naturals(works), _op(name, args, info, lines, source, relative))
    if kind == "return" and len(rest) == 3:
        return Arrived(_natural(rest[0]), _naturals(rest[1]), Return(value(rest[2], relative)))
    if kind == "fault" and len(rest) == 3:
        return Arrived(_natural(rest[0]), _naturals(rest[1]), Fault(error(rest[2], source)))
    raise Misbehaviour("the program sent an answer of no known kind")


def read(message: Any, source: Source, relative: bool = False) -> Read:
    """A read."""
    parts = _parts(message)
    if len(parts) != 4:
        raise Misbehaviour("the program asked to read in no known form")
    _, raw, attr, line = parts
    target = "mm" if raw == "mm" else value(raw, relative)
    kind = target if target == "mm" else target[0] if type(target) is tuple else ""
    if type(attr) is not str or not _readable(kind, attr):
        raise Misbehaviour("the program asked to read what cannot be read")
    return Read(target, text(attr), _line(line, source))


def _readable(kind: str, attr: str) -> bool:
    if kind == "mm":
        return attr == "works"
    if kind == "position":
        return attr in ("sign", "value")
    return not attr.startswith("__") if kind == "work" else attr in ATTRIBUTES.get(kind, ())


def plain(message: Any) -> bool:
    """The answer to the policy's text."""
    parts = _parts(message)
    if len(parts) != 2 or parts[0] != "plain" or type(parts[1]) is not bool:
        raise Misbehaviour("the program did not say whether the policy is plain")
    return parts[1]


def problem(message: Any, source: Source) -> PolicyError | None:
    """The answer to "what is wrong with it?"."""
    parts = _parts(message)
    if parts[0] != "problem" or len(parts) != 2:
        raise Misbehaviour("the program did not say what is wrong with the policy, though asked")
    return None if parts[1] is None else error(parts[1], source)


def printed(message: Any) -> tuple[str, ...]:
    """The answer to "what has it printed?"."""
    parts = _parts(message)
    if parts[0] != "printed" or len(parts) != 2 or type(parts[1]) is not list or len(parts[1]) > MOST + 1:
        raise Misbehaviour("the program did not say what the policy printed, though asked")
    return tuple([_printable(text(line))[: 2 * LONGEST].replace("\n", " ") for line in parts[1]])


def value(raw: Any, relative: bool = False, depth: int = 0) -> Value:
    """A value of the protocol."""
    if raw is None or raw is True or raw is False:
        return raw
    if type(raw) in (str, list) and len(raw) > LARGEST_VALUE:
        raise Misbehaviour(f"the program sent a value with more than {LARGEST_VALUE:,} parts", "info that grows")
    if type(raw) is str:
        return text(raw)
    if type(raw) is list and raw and depth < DEEPEST:
        kind = raw[0]
        if kind == "tuple":
            return ("tuple", *[value(item, relative, depth + 1) for item in raw[1:]])
        if len(raw) == 2 and type(raw[1]) is int:
            if kind == "int" and _is_int(raw[1]):
                return ("int", raw[1])
            if kind in ("page", "inode", "work") and 0 <= raw[1] <= LARGEST_INT:
                return (kind, raw[1])
        if relative and kind == "position" and len(raw) == 4 and all(map(_is_int, raw[1:])):
            return ("position", *raw[1:])
    raise Misbehaviour("the program sent a value that is none", "an integer beyond 64 bits, or tuples nested too deep")


def _is_int(raw: Any) -> bool:
    return type(raw) is int and -LARGEST_INT <= raw <= LARGEST_INT


def text(raw: Any) -> str:
    """A string that can be written as UTF-8."""
    if type(raw) is not str or not _encodable(raw):
        raise Misbehaviour("the program sent a string that is no text", "half of a surrogate pair")
    return raw


def _encodable(raw: str) -> bool:
    if raw.isascii():
        return True
    try:
        raw.encode()
    except UnicodeEncodeError:
        return False
    return True


def error(raw: Any, source: Source) -> PolicyError:
    """An error message for the student. File and line are quoted from the judge's own copy."""
    if type(raw) is not dict:
        raise Misbehaviour("the program sent an error that is none")
    parts = {name: text(raw.get(name)) for name in ("what", "came", "expected", "cause", "fix")}
    shown = {name: _printable(part)[:LONGEST_TEXT] for name, part in parts.items()}
    line = raw.get("line")
    at = None if line is None else _line(line, source)
    return PolicyError(**shown, file=source.file, line=at, source=source.line(at))


def _printable(part: str) -> str:
    return "".join([c if c.isprintable() or c == "\n" else " " for c in part])


def _parts(message: Any) -> list[Any]:
    if type(message) is not list or not message or type(message[0]) is not str:
        raise Misbehaviour("the program sent something that is no message")
    return message


def _op(name: Any, args: Any, info: Any, lines: Any, source: Source, relative: bool) -> Op:
    if type(name) is not str or name not in SIGNATURES or type(args) is not list or type(info) is not list:
        raise Misbehaviour("the program asked for an operation that there is not")
    parameters = SIGNATURES[name]
    wire = tuple([value(arg, relative) for arg in args])
    fits = len(wire) == len(parameters) and all(map(_fits, [name] * len(wire), parameters, wire))
    if not fits or (info and name not in TAKES_INFO):
        raise Misbehaviour(f"the program asked for {name} with arguments that it does not take")
    if type(lines) is not list:
        raise Misbehaviour("the program stands on no line")
    return Op(name, wire, _info(name, info, relative), tuple([_line(line, source) for line in lines]))


def _fits(name: str, parameter: str, arg: Value) -> bool:
    if arg is None:
        return API[name].optional
    return type(arg) is tuple and arg[0] in (("int", "position") if parameter == "index" else (parameter,))


def _info(name: str, raw: list[Any], relative: bool) -> tuple[tuple[str, Value], ...]:
    info = []
    for item in raw:
        if type(item) is not list or len(item) != 2:
            raise Misbehaviour("the program gave a work something that is no info")
        info.append((text(item[0]), value(item[1], relative)))
    if sum(_size(item) for pair in info for item in pair) > LARGEST_INFO:
        raise Misbehaviour(
            f"the policy put more than {LARGEST_INFO} values into the info of one work",
            "info that grows, or a copy of what the pages and the file hold already",
        )
    keys = [key for key, _ in info]
    if keys != sorted(set(keys)) or any(not _info_fits(name, *item) for item in info):
        raise Misbehaviour("the program gave a work info that it cannot hold")
    return tuple(info)


def _size(held: Value) -> int:
    if type(held) is str:
        return 1 + len(held) // 8
    if type(held) is tuple and held[0] == "tuple":
        return 1 + sum([_size(item) for item in held[1:]])
    return 1


def _info_fits(name: str, key: str, held: Value) -> bool:
    if key in FIXED_KEYS or key in SIGNATURES[name] or holds_work(held):
        return False
    return key not in ("page", "inode") or (type(held) is tuple and held[0] == key)


def _line(raw: Any, source: Source) -> int:
    number = _natural(raw)
    if number > source.text.count("\n") + 1:
        raise Misbehaviour("the program stands on a line that the file does not have")
    return number


def _natural(raw: Any) -> int:
    if type(raw) is not int or not 0 <= raw <= LARGEST_INT:
        raise Misbehaviour("the program sent a number that is none")
    return raw


def _naturals(raw: Any) -> tuple[int, ...]:
    if type(raw) is not list:
        raise Misbehaviour("the program sent numbers that are none")
    return tuple([_natural(number) for number in raw])
