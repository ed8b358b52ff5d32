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

from wbviz.policy.kinds import (
    ITERATORS,
    TABLE_ITERATORS,
)
from wbviz.policy.position import Position, Span
from wbviz.policy.views import Maker, Mm, Operation, View

Key = Any


class Canon:
    """One traversal. `works` collects the works by first appearance; `opaque` says that something was not understood.

    `known` are objects that are the same in every replay without looking (`Globals` of the policy).
    `own` are the names of the policy's modules, `fold_sets` whether sets may be told by what they show.
    """

    __slots__ = ("_fold_sets", "_keep", "_known", "_memo", "_work_count", "opaque", "own", "works")

    def __init__(
        self, known: dict[int, Key] | None = None, own: frozenset[str] = frozenset(), fold_sets: bool = True
    ) -> None:
        self._known: dict[int, Key] = {} if known is None else known
        self._fold_sets = fold_sets
        self._work_count = 0
        self._memo: dict[int, int] = {}
        self._keep: list[Any] = []  # so that no address is used twice during the traversal
        self.own = own
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

    def unknown(self, thing: Any) -> Key:
        self.opaque = True
        return ("?", id(thing))

    def ref(self, thing: Any) -> Key:
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

    def each(self, things: Any) -> tuple[Key, ...]:
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
        return ("slice", self.each((thing.start, thing.stop, thing.step)))

    def _view(self, view: View) -> Key:
        return self._work(view._number) if view._kind == "work" else (view._kind, view._number)

    def _mm(self, mm: Mm) -> Key:
        return ("mm",)

    def _maker(self, maker: Maker) -> Key:
        return ("maker", maker.name)

    def _operation(self, op: Operation) -> Key:
        ref = self.ref(op)
        if ref is not None:
            return ref
        args = tuple([self.wire(arg) for arg in op.args])
        info = tuple([(name, self.wire(value)) for name, value in op.info])
        return ("op", op.name, args, info, op.line, op.yielded)

    def _position(self, thing: Position) -> Key:
        return ("position", *thing.form)

    def _span(self, thing: Span) -> Key:
        return self.ref(thing) or ("span", *self.each(thing.items))

    # Containers

    def _tuple(self, thing: tuple[Any, ...]) -> Key:
        if not thing:  # there is only one
            return ("tuple",)
        return self.ref(thing) or ("tuple", *self.each(thing))

    def _list(self, thing: list[Any]) -> Key:
        return self.ref(thing) or ("list", *self.each(thing))

    def _dict(self, thing: dict[Any, Any]) -> Key:
        return self.ref(thing) or ("dict", *[(self.key(name), self.key(value)) for name, value in thing.items()])

    def _set(self, thing: Any) -> Key:
        ref = self.ref(thing)
        if ref is not None:
            return ref
        works = self._work_count
        items = self.each(thing)
        if self._work_count > works or not self._fold_sets:
            return self.unknown(thing)
        return (type(thing).__name__, sys.getsizeof(thing), items)

    def _bytearray(self, thing: bytearray) -> Key:
        return self.ref(thing) or ("bytearray", bytes(thing))

    def _proxy(self, thing: Any) -> Key:
        return self.ref(thing) or ("proxy", self._dict(dict(thing)))

    def _namespace(self, thing: Any) -> Key:
        return self.ref(thing) or ("namespace", self.key(thing.__dict__))

    def _table_view(self, thing: Any) -> Key:
        return (type(thing).__name__, self.each(gc.get_referents(thing)))

    # Iterators and generators

    def _iterator(self, thing: Any) -> Key:
        ref = self.ref(thing)
        if ref is not None:
            return ref
        table: Key = ()
        if type(thing) in TABLE_ITERATORS:
            tables = [it for it in gc.get_referents(thing) if isinstance(it, (dict, set, frozenset))]
            table = (self.each(tables), thing.__length_hint__())
        elif type(thing) is reversed:
            table = thing.__length_hint__()
        return (type(thing).__name__, self.each(thing.__reduce__()), table)

    def _generator(self, thing: GeneratorType[Any, Any, Any]) -> Key:
        ref = self.ref(thing)
        if ref is not None:
            return ref
        frame = thing.gi_frame
        if frame is None:
            return ("generator", "ended")
        if thing.gi_running:
            return self.unknown(thing)
        local = frame.f_locals
        bound = frozenset(local)  # the snapshot is in the order in which locals were bound at first
        held = [it for it in gc.get_referents(thing) if it is not frame and it is not local]
        if held[-1] is None:  # the exception state: nothing or None, whether or not something was handled before
            held.pop()
        return ("generator", frame.f_lasti, bound, self.each(held))

    # Code

    def _code(self, thing: CodeType) -> Key:
        return thing  # equal code does equal things

    def _cell(self, thing: CellType) -> Key:
        ref = self.ref(thing)
        if ref is not None:
            return ref
        try:
            return ("cell", self.key(thing.cell_contents))
        except ValueError:
            return ("cell",)

    def _function(self, thing: FunctionType) -> Key:
        if thing.__module__ not in self.own and thing.__globals__.get(thing.__qualname__) is thing:
            return ("function", thing.__module__, thing.__qualname__)
        ref = self.ref(thing)
        if ref is not None:
            return ref
        parts = (thing.__code__, thing.__closure__, thing.__defaults__, thing.__kwdefaults__, thing.__dict__ or None)
        return ("function", *self.each(parts))

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
        return self.ref(thing) or (type(thing).__name__, self.key(thing.__func__))

    def _property(self, thing: property) -> Key:
        return self.ref(thing) or ("property", self.each((thing.fget, thing.fset, thing.fdel)))

    def _member(self, thing: Any) -> Key:
        return ("member", thing.__name__)

    def _alias(self, thing: Any) -> Key:
        return (type(thing).__name__, self.key(getattr(thing, "__origin__", None)), self.each(thing.__args__))

    def _skip(self, thing: Any) -> Key:
        return ("traceback",)

    def _other(self, thing: Any) -> Key:
        from wbviz.policy import fingerprint_objects

        return fingerprint_objects.key(self, thing)


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
    Position: Canon._position,
    Span: Canon._span,
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
    FrameType: Canon.unknown,
}
_HANDLERS.update(dict.fromkeys(ITERATORS, Canon._iterator))
_HANDLERS.update(dict.fromkeys(View.__subclasses__(), Canon._view))
