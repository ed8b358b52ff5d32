"""When are two suspended programs the same? When this key of them is.

The key is the whole of what a suspended generator will go on with: its code and instruction, its locals, what lies
on its value stack (the iterators of loops are only there), the generators it delegates to, and everything these
refer to, by structure. Objects that are met twice are told by the order in which they were met, never by address, so
that a replay of the same history has the same key; works count by the order of their first appearance.

Whatever this module does not know how to look into makes the key unique: such a program never folds, and a check
of it ends `incomplete` rather than wrong. So do sets of works, and every set in a policy that may remove items from
one (`removes`): the hash table remembers what was there, in the order of iteration, and cannot be looked into.

`f_locals` is a snapshot in CPython 3.11 and 3.12, a proxy since 3.13; here it only tells which locals are bound. The
values come from `gc.get_referents`, which gives function, code, locals and stack in the order of the frame.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    GeneratorType,
    GenericAlias,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    SimpleNamespace,
    TracebackType,
    UnionType,
)
from typing import Any

from wbviz.policy.views import Maker, Mm, Operation, View

Key = Any

_ITERATORS = frozenset(
    type(iter(thing)) for thing in ((), [], range(0), range(1 << 65), "", "é", b"", bytearray(), {}.keys(), set())
) | {
    type(iter({}.values())),
    type(iter({}.items())),
    type(reversed({})),
    type(reversed({}.values())),
    type(reversed({}.items())),
    type(reversed([])),
    type(iter(int, 0)),
    reversed,
    enumerate,
    zip,
    map,
    filter,
}
"""Built-in iterators: `__reduce__` says where they are without moving them."""

_TABLE_ITERATORS = frozenset(
    type(thing)
    for thing in (
        iter({}.keys()),
        iter({}.values()),
        iter({}.items()),
        reversed({}),
        reversed({}.values()),
        reversed({}.items()),
        iter(set()),
    )
)
"""Those whose `__reduce__` forgets the table they go over."""

_REDUCIBLE = frozenset(
    {
        ("functools", "partial"),
        ("collections", "_tuplegetter"),
        ("_collections", "_tuplegetter"),
        ("_collections", "_deque_iterator"),
        ("_collections", "_deque_reverse_iterator"),
        ("collections", "_deque_iterator"),
        ("collections", "_deque_reverse_iterator"),
    }
)
_ITERTOOLS_UNKNOWN = frozenset({"_tee", "_tee_dataobject", "batched"})
"""`batched` cannot be reduced, `tee` shares a buffer that cannot be seen as shared."""

_OPAQUE_BUT_CONSTANT = frozenset(
    {
        ("typing", "TypeVar"),
        ("typing", "ParamSpec"),
        ("typing", "TypeVarTuple"),
        ("typing", "TypeAliasType"),
        ("builtins", "wrapper_descriptor"),
        ("builtins", "method_descriptor"),
        ("builtins", "classmethod_descriptor"),
        ("builtins", "method-wrapper"),
        ("builtins", "getset_descriptor"),
    }
)
_PURE_PYTHON = frozenset({"abc", "collections", "contextlib", "dataclasses", "enum", "fractions", "numbers", "typing"})
"""Modules of the standard library whose classes keep all their state where it can be seen."""

_CLASS_NOISE = frozenset(
    {
        "__dict__",
        "__weakref__",
        "__module__",
        "__doc__",
        "__annotations__",
        "__annotate__",
        "__firstlineno__",
        "__static_attributes__",
        "__abstractmethods__",
        "__parameters__",
        "_abc_impl",
    }
)
_HAS_DICT_BASES: tuple[type, ...] = (int, str, float, bytes, tuple, list, dict, set, frozenset, BaseException)


class Canon:
    """One traversal. `works` collects the works by first appearance; `opaque` says that something was not understood.

    `known` are objects that are the same in every replay without looking (`Globals` of the policy).
    `own` is the name of the policy's module, `fold_sets` whether sets may be told by what they show.
    """

    __slots__ = ("_fold_sets", "_keep", "_known", "_memo", "_own", "_work_count", "opaque", "works")

    def __init__(self, known: dict[int, Key] | None = None, own: str = "", fold_sets: bool = True) -> None:
        self._known: dict[int, Key] = {} if known is None else known
        self._fold_sets = fold_sets
        self._work_count = 0
        self._memo: dict[int, int] = {}
        self._keep: list[Any] = []  # so that no address is used twice during the traversal
        self._own = own
        self.works: list[int] = []
        self.opaque = False

    def seen(self) -> list[Any]:
        """The objects met so far that are told by identity, in the order in which they were met."""
        return self._keep

    def key(self, thing: Any) -> Key:
        """The key of anything a program may hold."""
        handler = _HANDLERS.get(type(thing))
        if handler is not None:
            return handler(self, thing)
        return self._other(thing)

    def wire(self, value: Any) -> Key:
        """The key of a value of the wire, works by first appearance."""
        if type(value) is not tuple:
            return ("b", value) if type(value) is bool else value
        if value[0] == "work":
            return self._work(value[1])
        if value[0] == "tuple":
            return ("tuple", *[self.wire(item) for item in value[1:]])
        return value

    def _work(self, number: int) -> Key:
        self._work_count += 1
        if number not in self.works:
            self.works.append(number)
        return ("work", self.works.index(number))

    def _unknown(self, thing: Any) -> Key:
        self.opaque = True
        return ("?", id(thing))

    def _ref(self, thing: Any) -> Key:
        """None for an object met for the first time, which is then remembered; else which one it is."""
        known = self._known.get(id(thing))
        if known is not None:
            return known
        number = self._memo.get(id(thing))
        if number is not None:
            return ("ref", number)
        self._memo[id(thing)] = len(self._memo)
        self._keep.append(thing)
        return None

    def _each(self, things: Any) -> tuple[Key, ...]:
        key = self.key
        return tuple([key(thing) for thing in things])

    # Values

    def _plain(self, thing: Any) -> Key:
        return thing

    def _bool(self, thing: bool) -> Key:
        return ("b", thing)

    def _number(self, thing: Any) -> Key:
        return (type(thing).__name__, repr(thing))

    def _bytes(self, thing: bytes) -> Key:
        return ("bytes", thing)

    def _range(self, thing: range) -> Key:
        return ("range", thing.start, thing.stop, thing.step)

    def _slice(self, thing: slice) -> Key:
        return ("slice", self._each((thing.start, thing.stop, thing.step)))

    def _view(self, view: View) -> Key:
        return self._work(view._number) if view._kind == "work" else (view._kind, view._number)

    def _mm(self, mm: Mm) -> Key:
        return ("mm",)

    def _maker(self, maker: Maker) -> Key:
        return ("maker", maker.name)

    def _operation(self, op: Operation) -> Key:
        ref = self._ref(op)
        if ref is not None:
            return ref
        args = tuple([self.wire(arg) for arg in op.args])
        info = tuple([(name, self.wire(value)) for name, value in op.info])
        return ("op", op.name, args, info, op.line, op.yielded)

    # Containers

    def _tuple(self, thing: tuple[Any, ...]) -> Key:
        return self._ref(thing) or ("tuple", *self._each(thing))

    def _list(self, thing: list[Any]) -> Key:
        return self._ref(thing) or ("list", *self._each(thing))

    def _dict(self, thing: dict[Any, Any]) -> Key:
        return self._ref(thing) or ("dict", *[(self.key(name), self.key(value)) for name, value in thing.items()])

    def _set(self, thing: Any) -> Key:
        ref = self._ref(thing)
        if ref is not None:
            return ref
        works = self._work_count
        items = self._each(thing)
        if self._work_count > works or not self._fold_sets:
            return self._unknown(thing)
        return (type(thing).__name__, sys.getsizeof(thing), items)

    def _bytearray(self, thing: bytearray) -> Key:
        return self._ref(thing) or ("bytearray", bytes(thing))

    def _proxy(self, thing: Any) -> Key:
        return self._ref(thing) or ("proxy", self._dict(dict(thing)))

    def _namespace(self, thing: Any) -> Key:
        return self._ref(thing) or ("namespace", self.key(thing.__dict__))

    def _table_view(self, thing: Any) -> Key:
        return (type(thing).__name__, self._each(gc.get_referents(thing)))

    # Iterators and generators

    def _iterator(self, thing: Any) -> Key:
        ref = self._ref(thing)
        if ref is not None:
            return ref
        table: Key = ()
        if type(thing) in _TABLE_ITERATORS:
            tables = [it for it in gc.get_referents(thing) if isinstance(it, (dict, set, frozenset))]
            table = (self._each(tables), thing.__length_hint__())
        elif type(thing) is reversed:
            table = thing.__length_hint__()
        return (type(thing).__name__, self._each(thing.__reduce__()), table)

    def _generator(self, thing: GeneratorType[Any, Any, Any]) -> Key:
        ref = self._ref(thing)
        if ref is not None:
            return ref
        frame = thing.gi_frame
        if frame is None:
            return ("generator", "ended")
        if thing.gi_running:
            return self._unknown(thing)
        local = frame.f_locals
        bound = tuple(local)
        held = [it for it in gc.get_referents(thing) if it is not frame and it is not local]
        return ("generator", frame.f_lasti, bound, self._each(held))

    # Code

    def _code(self, thing: CodeType) -> Key:
        return thing  # equal code does equal things

    def _cell(self, thing: CellType) -> Key:
        ref = self._ref(thing)
        if ref is not None:
            return ref
        try:
            return ("cell", self.key(thing.cell_contents))
        except ValueError:
            return ("cell",)

    def _function(self, thing: FunctionType) -> Key:
        if thing.__module__ != self._own and thing.__globals__.get(thing.__qualname__) is thing:
            return ("function", thing.__module__, thing.__qualname__)
        ref = self._ref(thing)
        if ref is not None:
            return ref
        parts = (thing.__code__, thing.__closure__, thing.__defaults__, thing.__kwdefaults__, thing.__dict__ or None)
        return ("function", *self._each(parts))

    def _method(self, thing: MethodType) -> Key:
        return ("method", self.key(thing.__func__), self.key(thing.__self__))

    def _builtin(self, thing: Any) -> Key:
        owner = thing.__self__
        if owner is None or isinstance(owner, ModuleType):
            return ("builtin", thing.__module__, thing.__qualname__)
        return ("builtin", thing.__qualname__, self.key(owner))

    def _module(self, thing: ModuleType) -> Key:
        return ("module", thing.__name__)

    def _wrapped(self, thing: Any) -> Key:
        return self._ref(thing) or (type(thing).__name__, self.key(thing.__func__))

    def _property(self, thing: property) -> Key:
        return self._ref(thing) or ("property", self._each((thing.fget, thing.fset, thing.fdel)))

    def _member(self, thing: Any) -> Key:
        return ("member", thing.__name__)

    def _alias(self, thing: Any) -> Key:
        return (type(thing).__name__, self.key(getattr(thing, "__origin__", None)), self._each(thing.__args__))

    def _skip(self, thing: Any) -> Key:
        return ("traceback",)

    # Objects of classes

    def _other(self, thing: Any) -> Key:
        if isinstance(thing, type):
            return self._class(thing)
        if isinstance(thing, BaseException) and type(thing).__module__ == "builtins":
            ref = self._ref(thing)
            return ref or self._exception(thing, ("class", type(thing).__qualname__))
        kind = type(thing)
        name = (kind.__module__, kind.__qualname__)
        if name[0] == "itertools" and name[1] not in _ITERTOOLS_UNKNOWN or name in _REDUCIBLE:
            ref = self._ref(thing)
            return ref or (*name, self._each(_reduced(thing)))
        if name in _OPAQUE_BUT_CONSTANT:
            return (*name, getattr(thing, "__name__", ""))
        if name == ("functools", "_lru_cache_wrapper"):
            ref = self._ref(thing)  # what it remembers cannot be seen, but remembering more changes this
            return ref or ("cache", tuple(thing.cache_info()), self.key(thing.__wrapped__))
        if name == ("re", "Pattern"):
            return ("pattern", thing.flags, self.key(thing.pattern))
        if name in (("collections", "deque"), ("collections", "OrderedDict"), ("collections", "defaultdict")):
            ref = self._ref(thing)
            return ref or (*name, self._content(thing))
        if all(self._visible(base) for base in kind.__mro__):
            ref = self._ref(thing)
            return ref or self._object(thing)
        return self._unknown(thing)

    def _visible(self, base: type) -> bool:
        """Whether all the state that a base class gives its objects can be seen here."""
        if base is object or base in _HAS_DICT_BASES:
            return True
        module = base.__module__
        if issubclass(base, BaseException) and module == "builtins":
            return True
        return module == self._own or module in _PURE_PYTHON

    def _object(self, thing: Any) -> Key:
        kind = self._class(type(thing))
        if isinstance(thing, BaseException):
            return self._exception(thing, kind)
        slots = []
        for base in type(thing).__mro__:
            if "__slots__" in base.__dict__:
                for name, member in base.__dict__.items():
                    if type(member) is MemberDescriptorType:
                        try:
                            slots.append((name, self.key(member.__get__(thing))))
                        except AttributeError:
                            pass
        return ("object", kind, self._content(thing), self._attributes(thing), tuple(slots))

    def _attributes(self, thing: Any) -> Key:
        attributes = getattr(thing, "__dict__", None)
        return None if not attributes else self._dict(attributes)

    def _content(self, thing: Any) -> Key:
        """What an object of a class derived from a container or a plain value holds besides its attributes."""
        if isinstance(thing, dict):
            items = [(self.key(name), self.key(value)) for name, value in dict.items(thing)]
            return (*items, self.key(getattr(thing, "default_factory", None)))
        if isinstance(thing, (list, tuple)):
            return self._each(_builtin_base(thing).__iter__(thing))
        if isinstance(thing, (set, frozenset)):
            return self._unknown(thing)
        if isinstance(thing, (int, float, bytes)):
            return self.key(_builtin_base(thing)(thing))
        if isinstance(thing, str):
            return str.__str__(thing)
        if type(thing).__qualname__ == "deque":
            return (thing.maxlen, self._each(thing))
        return None

    def _exception(self, thing: BaseException, kind: Key) -> Key:
        causes = self._each((thing.args, thing.__cause__, thing.__context__, getattr(thing, "obj", None)))
        return ("exception", kind, causes, self._attributes(thing))

    def _class(self, thing: type) -> Key:
        module = thing.__module__
        if module != self._own:
            home: Any = sys.modules.get(module)
            for part in thing.__qualname__.split("."):
                home = getattr(home, part, None)
            if home is thing or module == "builtins":
                return ("class", module, thing.__qualname__)
            return self._unknown(thing)
        ref = self._ref(thing)
        if ref is not None:
            return ref
        bases = self._each(thing.__bases__)
        members = getattr(thing, "__members__", None)
        if isinstance(members, MappingProxyType):  # an enum; it remembers flags as they are first combined
            return ("enum", thing.__qualname__, bases, self._dict({name: it._value_ for name, it in members.items()}))
        content = [(name, self.key(it)) for name, it in vars(thing).items() if name not in _CLASS_NOISE]
        return ("class", thing.__qualname__, bases, tuple(content))


def _builtin_base(thing: Any) -> Any:
    return next(base for base in type(thing).__mro__ if base in _HAS_DICT_BASES)


def _reduced(thing: Any) -> tuple[Any, ...]:
    """`__reduce__` without the warning that itertools give since 3.12."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reduced: tuple[Any, ...] = thing.__reduce__()
    return reduced


_HANDLERS: dict[type, Callable[[Canon, Any], Key]] = {
    type(None): Canon._plain,
    int: Canon._plain,
    str: Canon._plain,
    type(Ellipsis): Canon._plain,
    type(NotImplemented): Canon._plain,
    bool: Canon._bool,
    float: Canon._number,
    complex: Canon._number,
    bytes: Canon._bytes,
    range: Canon._range,
    slice: Canon._slice,
    Mm: Canon._mm,
    Maker: Canon._maker,
    Operation: Canon._operation,
    tuple: Canon._tuple,
    list: Canon._list,
    dict: Canon._dict,
    set: Canon._set,
    frozenset: Canon._set,
    bytearray: Canon._bytearray,
    MappingProxyType: Canon._proxy,
    SimpleNamespace: Canon._namespace,
    type({}.keys()): Canon._table_view,
    type({}.values()): Canon._table_view,
    type({}.items()): Canon._table_view,
    GeneratorType: Canon._generator,
    CodeType: Canon._code,
    CellType: Canon._cell,
    FunctionType: Canon._function,
    MethodType: Canon._method,
    BuiltinFunctionType: Canon._builtin,
    ModuleType: Canon._module,
    staticmethod: Canon._wrapped,
    classmethod: Canon._wrapped,
    property: Canon._property,
    MemberDescriptorType: Canon._member,
    GenericAlias: Canon._alias,
    UnionType: Canon._alias,
    TracebackType: Canon._skip,
    FrameType: Canon._unknown,
}
_HANDLERS.update({kind: Canon._iterator for kind in _ITERATORS})
_HANDLERS.update({kind: Canon._view for kind in View.__subclasses__()})


_REMOVING = frozenset(
    {"remove", "discard", "pop", "difference_update", "intersection_update", "symmetric_difference_update"}
)


def removes(code: CodeType) -> bool:
    """Whether code, or code within it, may take items out of a set (or of anything else: the names do not tell)."""
    if not _REMOVING.isdisjoint(code.co_names) or _subtracts(code):
        return True
    return any(removes(const) for const in code.co_consts if isinstance(const, CodeType))


def _subtracts(code: CodeType) -> bool:
    """Whether it holds an in-place operator that a set takes items out with: -=, &=, ^=."""
    from opcode import opmap

    binary_op = opmap["BINARY_OP"]
    return any(
        op == binary_op and arg in _INPLACE for op, arg in zip(code.co_code[::2], code.co_code[1::2], strict=True)
    )


_INPLACE = frozenset({14, 23, 25})  # NB_INPLACE_AND, NB_INPLACE_SUBTRACT, NB_INPLACE_XOR of CPython 3.11 to 3.13
