"""Programs asked with every answer that is possible: each history once, then looked up.

Between two operations a program reads, and what it reads next depends on what it has read. `Asker` keeps these as trees
and walks them, with every answer that an oracle allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wbviz.certify.box import Reason, Unshown
from wbviz.certify.facts import Answer, Knowledge
from wbviz.policy.protocol import Halt, Programs, Read, Turn, Value
from wbviz.policy.table import to_symbols

Oracle = Callable[[Read, Knowledge], list[Answer]]
"""What a read may answer; nothing where the program cannot go on after it."""

Works = tuple[int, ...]
Arrived = tuple[Turn, Works, Knowledge]


class Asker:
    """See the module. Works have numbers outside, symbols inside, as in `wbviz.policy.table`."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._trees: dict[Any, dict[tuple[Value, ...], Read | Turn]] = {}

    def start(self, function: str, argument: Value, known: Knowledge, oracle: Oracle) -> Iterator[Arrived]:
        """The first turns of a program."""
        env: list[int] = []
        symbolic = to_symbols(argument, env)
        return self._walk(
            (function, symbolic), lambda read: self._programs.start(function, symbolic, read), env, known, oracle
        )

    def resume(self, place: int, works: Works, answer: Value, known: Knowledge, oracle: Oracle) -> Iterator[Arrived]:
        """The turns that follow where the pending operation is answered."""
        env = list(works)
        symbolic = to_symbols(answer, env)
        return self._walk(
            (place, symbolic), lambda read: self._programs.resume(place, symbolic, read), env, known, oracle
        )

    def _walk(
        self, key: Any, ask: Callable[[Callable[[Read], Value]], Turn], env: list[int], known: Knowledge, oracle: Oracle
    ) -> Iterator[Arrived]:
        tree = self._trees.setdefault(key, {})
        todo: list[tuple[tuple[Value, ...], list[int], Knowledge]] = [((), env, known)]
        while todo:
            path, env, known = todo.pop()
            if path not in tree and not self._grow(tree, path, ask, env, known, oracle):
                continue
            node = tree[path]
            if isinstance(node, Turn):
                yield node, tuple([env[slot] for slot in node.works]), known
                continue
            for answer, then in reversed(oracle(_numbered(node, env), known)):
                grown = env[:]
                todo.append(((*path, to_symbols(answer, grown)), grown, then))

    def _grow(
        self,
        tree: dict[tuple[Value, ...], Read | Turn],
        path: tuple[Value, ...],
        ask: Callable[[Callable[[Read], Value]], Turn],
        env: list[int],
        known: Knowledge,
        oracle: Oracle,
    ) -> bool:
        """Let the program run on from a path of answers, each further read answered as well as may be. False where it
        gets nowhere new. Raises `Unshown` where it does not read what it read before."""
        at: list[Value] = []
        env, before = env[:], len(path)
        line, nowhere = 0, Halt()

        def read(question: Read) -> Value:
            nonlocal known, line
            done, line = tuple(at), question.line
            if len(at) < before:
                if tree[done] != question:
                    raise Unshown(Reason.CHANGES, line)
                at.append(path[len(at)])
                return at[-1]
            tree[done] = question
            answers = oracle(_numbered(question, env), known)
            if not answers:
                raise nowhere
            answer, known = answers[0]
            at.append(to_symbols(answer, env))
            return at[-1]

        try:
            turn = ask(read)
        except Halt as halt:
            if halt is not nowhere:
                raise
        else:
            if len(at) < before:
                raise Unshown(Reason.CHANGES, line)
            tree[tuple(at)] = turn
        return path in tree


def _numbered(read: Read, env: list[int]) -> Read:
    target = read.target
    return Read(("work", env[target[1]]), read.attr, read.line) if target[0] == "work" else read
