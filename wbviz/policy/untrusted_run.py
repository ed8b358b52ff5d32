"""A run of a student's policy: isolated, its lines counted, everything that makes it no policy found and quoted.

A misuse is remembered when it happens, and stops the policy by an exception that its own `except` clauses cannot turn
into something else: whatever the code does afterwards, the turn ends as a `Fault`, or in what `read` raised.

What `enqueue` returns may be None, a bool, an int, a string, a view, or a tuple of these: anything but False accepts
the page. What `execute` returns is nobody's business. An operation may be made early, kept, and yielded more than once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from types import GeneratorType
from typing import Any, NoReturn

from wbviz.errors import PolicyError
from wbviz.policy import tracing
from wbviz.policy.arguments import ATTRIBUTES, SIGNATURES, BadArgument, bind
from wbviz.policy.faults.functions import check_functions, no_generator
from wbviz.policy.fingerprint import Canon
from wbviz.policy.globals_kept import Globals
from wbviz.policy.guard import guarded_builtins
from wbviz.policy.lean import lean
from wbviz.policy.position import position, span
from wbviz.policy.protocol import Fault, Op, Read, Request, Return, Value
from wbviz.policy.run import Generator, Reader, Run, lines, shut
from wbviz.policy.source import Source
from wbviz.policy.tracing import Stop
from wbviz.policy.views import Maker, Mm, Operation, View, to_value, to_view

FUNCTIONS = ("enqueue", "execute")


class StudentRun(Run):
    """See the module. `source` gives the globals, and the lines to quote."""

    reads_of_mm = frozenset({"works"})

    def __init__(self, source: Source, function: str, argument: Value, relative: bool = False) -> None:
        super().__init__(dict, function, argument)
        self._source = source
        self._relative = relative
        self._namespace: dict[str, Any] = {}
        self._globals: Globals | None = None
        self._made: dict[int, tuple[str, int]] = {}
        self._watch: tracing.LineCounter | None = None
        self._open = False
        self._fault: PolicyError | None = None
        self._halt: BaseException | None = None
        self._told: dict[tuple[Value, str], Value] = {}
        self._forwarding = False
        self._wires: dict[Any, tuple[Value, ...]] = {}

    # What views ask

    def view(self, kind: str, number: Any) -> Any:
        """As in every run, and the position of a form."""
        return position(self, number) if kind == "position" else super().view(kind, number)

    def attribute(self, view: View, name: str) -> Any:
        """The value of an attribute; AttributeError with the nearest name if there is none."""
        if name.startswith("__"):
            raise AttributeError(name)
        known = ATTRIBUTES[view._kind]
        if name in known or view._kind == "work":
            value = self.ask((view._kind, view._number), name)
            if value != ("missing",):
                return to_view(value, self.view)
        return self._unknown(view, view._kind, name, known)

    def assign(self, view: View | Mm, name: str) -> None:
        """A misuse: views are read-only."""
        from wbviz.policy.faults.views import assigned

        self._misuse(assigned(self._source, self._here(), view._kind, name))

    def member(self, name: str) -> Any:
        """An operation to call, or `works`."""
        if name in self.reads_of_mm:
            return to_view(self.ask("mm", name), self.view)
        if name in SIGNATURES:
            return Maker(self, name)
        if name.startswith("__"):
            raise AttributeError(name)
        return self._unknown(self.mm, "mm", name, (*SIGNATURES, *self.reads_of_mm))

    def _unknown(self, owner: Any, kind: str, name: str, known: tuple[str, ...]) -> NoReturn:
        from wbviz.policy.faults.views import no_attribute

        raise no_attribute(owner, kind, name, known)

    def make(self, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Operation:
        """An operation, its arguments checked."""
        known = (name, args and id(args[0])) if not keywords and _is_one_view(args) else None
        if self._forwarding and known is not None:
            wires = self._wires.get(known)
            if wires is not None:
                operation = Operation(self, name, wires, (), self._here())
                self._made[id(operation)] = name, operation.line
                return operation
        self._check_stopped()
        line = self._here()
        try:
            wire, info = bind(name, args, keywords, self._source.reads())
        except BadArgument as bad:
            from wbviz.policy.faults.operations import bad_argument

            self._misuse(bad_argument(self._source, line, name, bad))
        if known is not None:
            self._wires[known] = wire  # views stay as long as the run
        operation = Operation(self, name, wire, info, line)
        self._made[id(operation)] = name, line
        return operation

    def mistaken(self, operation: Operation, use: str) -> NoReturn:
        """A misuse: an operation is not its result."""
        self._misuse(self._not_yielded(operation.line, operation.name, use))

    def dropped(self, operation: Operation) -> None:
        """An operation is gone that was never yielded. Called from `__del__`, where nothing can be raised."""
        self._made.pop(id(operation), None)
        if self._open and self._fault is None and self._halt is None:
            self._fault = self._not_yielded(operation.line, operation.name, "dropped")

    def _not_yielded(self, line: int, name: str, use: str) -> PolicyError:
        from wbviz.policy.faults.operations import not_yielded

        return not_yielded(self._source, line, name, use)

    def ask(self, target: Value, name: str) -> Value:
        """What the machine says: an attribute of a view, of mm, or of a position.

        Each thing once in a turn, for nothing changes while it runs: a loop that looks again reads nothing new.
        """
        self._check_stopped()
        if (target, name) in self._told and (self._forwarding or not (self._relative and target == "mm")):
            return self._told[target, name]
        try:
            value = self._told[target, name] = self._read(Read(target, name, self._here()))
        except BaseException as error:
            self._halt = error
            raise
        return value

    def _here(self) -> int:
        """The line of the policy that is being executed, 0 if none is."""
        return tracing.line_of(self._source.file, sys._getframe(1))

    # Stopping

    def _misuse(self, error: PolicyError) -> NoReturn:
        if self._fault is None:
            self._fault = error
        raise Stop

    def _check_stopped(self) -> None:
        """The policy swallowed what was to stop it: stop it again, and harder."""
        stopped = self._watch is not None and self._watch.stopped
        if self._fault is not None or self._halt is not None or stopped:
            tracing.stop_from(self._source.file, sys._getframe(1))
            raise Stop

    def _refuse(self, kind: str, name: str, argument: Any) -> NoReturn:
        from wbviz.policy.faults.purity import called, imported

        line = self._here()
        self._misuse(
            imported(self._source, line, name) if kind == "import" else called(self._source, line, name, argument)
        )

    def _print(self, text: str) -> None:
        if not self._relative:  # these runs are of no file that there is
            self._source.printed.note(self._here(), text)

    # What `programs` asks

    def step(self, answer: Value, read: Reader) -> Request:
        """One turn, whatever the policy does. Raises only what `read` raises, and KeyboardInterrupt."""
        self._read = read
        self._open = True
        outer, hook = sys.gettrace(), sys.unraisablehook
        sys.unraisablehook = tracing.ignore  # the policy's own `__del__` may raise, or be stopped
        self._watch = tracing.LineCounter(self._source)
        collecting = gc.isenabled()
        gc.disable()  # else a finalizer that happens to run now leaves a trace in the generator: its exception state
        try:
            sys.settrace(self._watch.enter)
            request = self._go(answer)
        finally:
            sys.settrace(outer)
            if collecting:
                gc.enable()
            self._read = shut
            self._told.clear()
            sys.unraisablehook = hook
            self._open = False
            if self._watch.stopped and self._fault is None and self._halt is None:
                self._fault = self._told_to_stop(self._watch)
        shared = self._source.thaw()
        if self._halt is not None:
            raise self._halt
        if self._fault is None and shared is not None:
            from wbviz.policy.faults.purity import changed_shared

            self._fault = changed_shared(self._source, self._watch.lines, shared)
        if self._fault is None and self._globals is not None:
            changed = self._globals.changed()
            if changed is not None:
                from wbviz.policy.faults.purity import changed_global

                self._fault = changed_global(self._source, self._watch.lines, *changed)
        return request if self._fault is None else Fault(self._fault)

    def _told_to_stop(self, watch: tracing.LineCounter) -> PolicyError:
        from wbviz.policy.faults.running import endless, unrun

        if watch.unrun is not None:
            return unrun(self._source, *watch.unrun)
        return endless(self._source, *(watch.endless or ()))

    def forward(self, turns: Sequence[tuple[Value, tuple[tuple[Read, Value], ...]]]) -> bool:
        """See `Run`. It is done where the text alone shows that the run cannot but do the same.

        A loop of a thousand tries leads to a thousand places, and each of them asks for its own run through all before.
        """
        if self._generator is None or not self._source.plain():
            return False
        if self._relative and any(read.target == "mm" for _, reads in turns for read, _ in reads):
            return False  # what it reads of mm it may read again, and otherwise
        send, view, made = self._generator.send, self.view, self._made
        direct = self._source.direct()
        self._forwarding = True
        with lean(self.mm) if direct else nullcontext():
            for answer, reads in turns:
                self._told = {(read.target, read.attr): value for read, value in reads} if reads else {}
                operation = send(answer if type(answer) is not tuple else to_view(answer, view))
                if not direct:
                    operation.yielded = True
                    made.pop(id(operation), None)
        self._forwarding = False
        self._told = {}
        return True

    def _go(self, answer: Value) -> Request:
        """The turn itself. What it returns is not looked at once a fault was found."""
        none = Return(None)
        try:
            if self._generator is None:
                self._generator = self._begin()
            sent = to_view(answer, self.view)
        except (Stop, PolicyError) as error:
            if isinstance(error, PolicyError) and self._fault is None:
                self._fault = error
            return none
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._raised(error)
            return none
        try:
            yielded = self._generator.send(sent)
        except StopIteration as stop:
            value = stop.value
        except Stop:
            return none
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._raised(error)
            return none
        else:
            return self._yielded(yielded)
        if self._fault is not None:
            return none
        return self._returned(value)

    def _returned(self, value: Any) -> Request:
        if isinstance(value, Operation) and not value.yielded:
            self._fault = self._not_yielded(value.line, value.name, "returned")
        elif self._made:
            name, line = next(iter(self._made.values()))
            self._fault = self._not_yielded(line, name, "left")
        elif isinstance(value, GeneratorType) and value.gi_frame is not None and not value.gi_suspended:
            from wbviz.policy.faults.running import not_understood

            self._fault = not_understood(self._source, self._last_line(), self._function, value, value)
        elif self._function != "execute":
            try:
                return Return(to_value(value))
            except TypeError as culprit:
                from wbviz.policy.faults.running import not_understood

                self._fault = not_understood(self._source, self._last_line(), self._function, value, culprit.args[0])
        return Return(None)

    def _last_line(self) -> int:
        return self._watch.last_line if self._watch is not None else 0

    def _begin(self) -> Generator:
        self._source.freeze()
        builtins = guarded_builtins(self._refuse, self._print)
        if self._relative:
            builtins["range"] = partial(span, self)
        namespace = self._namespace = self._source.namespace(builtins)
        self._check_stopped()
        assert self._watch is not None
        self._watch.lines.clear()  # what the file itself does is no call
        check_functions(self._source, namespace, FUNCTIONS)
        if self._function not in FUNCTIONS:
            raise Stop
        self._globals = Globals(namespace, self._source.modules)
        result = namespace[self._function](self.mm, to_view(self._argument, self.view))
        if type(result) is GeneratorType:
            return result
        if self._fault is None:
            self._fault = no_generator(self._source, namespace, self._function, result)
        raise Stop

    def _yielded(self, yielded: Any) -> Request:
        assert self._generator is not None
        where = lines(self._generator)
        if isinstance(yielded, Operation):
            yielded.yielded = True
            self._made.pop(id(yielded), None)
            return Op(yielded.name, yielded.args, yielded.info, where)
        if self._fault is None:
            from wbviz.policy.faults.operations import no_operation

            self._fault = no_operation(self._source, where[-1] if where else 0, yielded)
        return Return(None)

    def _raised(self, error: BaseException) -> None:
        if self._fault is None and error is not self._halt:
            from wbviz.policy.faults.running import raised

            self._fault = raised(self._source, error)

    def _canon(self) -> Canon:
        if self._globals is None:
            return Canon(own=self._source.modules)
        canon = Canon(self._globals.known, self._source.modules, self._source.fold_sets)
        canon.opaque = self._globals.opaque
        return canon

    def abandon(self) -> None:
        """Let go of the suspended generator; none of its code runs as a step, and nothing is heard of it."""
        self._open = False
        self._halt = self._halt or Stop()
        if self._generator is not None:
            tracing.discard(self._generator, self._source.file)
            self._generator = None
        self._globals = None
        self._views.clear()
        hook = sys.unraisablehook
        sys.unraisablehook = tracing.ignore
        try:
            self._namespace.clear()  # functions refer to it, it to them: nobody else would take them apart
        finally:
            sys.unraisablehook = hook
        self.mm = None


def _is_one_view(args: tuple[Any, ...]) -> bool:
    return not args or (len(args) == 1 and isinstance(args[0], View))


def problem(source: Source) -> PolicyError | None:
    """What is wrong with a policy before anything is asked of it: no Python, an import, a missing function."""
    run = StudentRun(source, "", None)
    request = run.step(None, shut)
    run.abandon()
    return request.error if isinstance(request, Fault) else None
