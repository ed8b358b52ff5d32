"""The key of objects and classes, of functools and itertools: what `place` meets more rarely than locals and loops."""

from __future__ import annotations

import sys
import warnings
from types import MappingProxyType, MemberDescriptorType
from typing import Any

from wbviz.policy.fingerprint import Canon, Key
from wbviz.policy.kinds import CLASS_NOISE, CONSTANT, ITERTOOLS_UNKNOWN, PURE_PYTHON, REDUCIBLE, VISIBLE_BASES


def key(canon: Canon, thing: Any) -> Key:
    """The key of a class, or of an object of a class that `place` does not name."""
    if isinstance(thing, type):
        return _class(canon, thing)
    kind = type(thing)
    name = (kind.__module__, kind.__qualname__)
    if name in CONSTANT:
        return (*name, getattr(thing, "__qualname__", getattr(thing, "__name__", "")))
    if name == ("re", "Pattern"):
        return ("pattern", thing.flags, canon.key(thing.pattern))
    seen = canon.ref(thing)
    if seen is not None:
        return seen
    if isinstance(thing, BaseException) and kind.__module__ == "builtins":
        return _exception(canon, thing, ("class", *name))
    if name == ("builtins", "method-wrapper"):
        return (*name, thing.__name__, canon.key(thing.__self__))
    if (name[0] == "itertools" and name[1] not in ITERTOOLS_UNKNOWN) or name in REDUCIBLE:
        return (*name, canon.each(_reduced(thing)))
    if name == ("functools", "_lru_cache_wrapper"):  # what it remembers is hidden; remembering more changes this
        return ("cache", tuple(thing.cache_info()), canon.key(thing.__wrapped__))
    if name == ("collections", "deque"):
        return ("deque", thing.maxlen, canon.each(thing))
    if name in (("collections", "OrderedDict"), ("collections", "defaultdict")):
        return (*name, _content(canon, thing), canon.key(getattr(thing, "default_factory", None)))
    if all(_visible(canon, base) for base in kind.__mro__):
        return _object(canon, thing)
    return canon.unknown(thing)


def _visible(canon: Canon, base: type) -> bool:
    """Whether all the state that a base class gives its objects can be seen here."""
    module = base.__module__
    if base is object or base in VISIBLE_BASES or (issubclass(base, BaseException) and module == "builtins"):
        return True
    if module == "collections" and base.__qualname__ in ("deque", "OrderedDict", "defaultdict"):
        return False  # these three are written in C
    return module in canon.own or module in PURE_PYTHON


def _object(canon: Canon, thing: Any) -> Key:
    kind = _class(canon, type(thing))
    if isinstance(thing, BaseException):
        return _exception(canon, thing, kind)
    slots = []
    for base in type(thing).__mro__:
        if "__slots__" in base.__dict__:
            for name, member in base.__dict__.items():
                if type(member) is MemberDescriptorType:
                    try:
                        slots.append((name, canon.key(member.__get__(thing))))
                    except AttributeError:
                        slots.append((name, ("unset",)))
    return ("object", kind, _content(canon, thing), _attributes(canon, thing), tuple(slots))


def _attributes(canon: Canon, thing: Any) -> Key:
    attributes = getattr(thing, "__dict__", None)
    return canon.key(attributes) if attributes else None


def _content(canon: Canon, thing: Any) -> Key:
    """What an object of a class derived from a container or a plain value holds besides its attributes."""
    if isinstance(thing, dict):
        return tuple([(canon.key(name), canon.key(value)) for name, value in dict.items(thing)])
    if isinstance(thing, (set, frozenset)):
        return canon.unknown(thing)
    if isinstance(thing, str):
        return str.__str__(thing)
    if isinstance(thing, (int, float, bytes)):
        base: Any = next(base for base in (int, float, bytes) if isinstance(thing, base))
        return canon.key(base(thing))
    if isinstance(thing, tuple):
        return canon.each(tuple.__iter__(thing))
    return canon.each(list.__iter__(thing)) if isinstance(thing, list) else None


def _exception(canon: Canon, thing: BaseException, kind: Key) -> Key:
    """Without the traceback, which no policy looks into."""
    held = (thing.args, thing.__cause__, thing.__context__, getattr(thing, "obj", None))
    return ("exception", kind, canon.each(held), _attributes(canon, thing))


def _class(canon: Canon, thing: type) -> Key:
    module = thing.__module__
    if module not in canon.own:
        home: Any = sys.modules.get(module)
        for part in thing.__qualname__.split("."):
            home = getattr(home, part, None)
        if home is thing or module == "builtins":
            return ("class", module, thing.__qualname__)
        return canon.unknown(thing)
    seen = canon.ref(thing)
    if seen is not None:
        return seen
    bases = canon.each(thing.__bases__)
    members = getattr(thing, "__members__", None)
    if isinstance(members, MappingProxyType):  # an enum: it remembers flags as they are first combined
        return (
            "enum",
            thing.__qualname__,
            bases,
            tuple([(name, canon.key(it._value_)) for name, it in members.items()]),
        )
    content = [(name, canon.key(it)) for name, it in vars(thing).items() if name not in CLASS_NOISE]
    return ("class", thing.__qualname__, bases, tuple(content))


def _reduced(thing: Any) -> tuple[Any, ...]:
    """`__reduce__` without the warning that itertools give since 3.12."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reduced: tuple[Any, ...] = thing.__reduce__()
    return reduced
