"""What an operation is called where readers meet it: in tables, in the player, in the lock-order report.

What a policy can do keeps its name. What only built-in tasks and the disk do has a name of the machine's own, which
stands in traces (`op`) and nowhere in the book: readers see the policy's name for the same thing, or plain words.
"""

from __future__ import annotations

from wbviz.kernel.operations import OPERATIONS


def called(operation: str) -> str:
    """A name of the policy's API, or a few words: "lock_page", "take a work"."""
    known = OPERATIONS.get(operation)
    return (known and known.called) or operation


def call_words(call: str) -> str:
    """A call as readers know it: "lock_page(A0)", "take a work", "wait for work 2".

    Arguments that name nothing in the picture are left out: queue_work(A0, None) is "queue_work(A0)".
    """
    name, bracket, args = call.partition("(")
    shown = ", ".join(arg for arg in args.removesuffix(")").split(", ") if arg not in ("None", "True", "False"))
    plain = called(name)
    if plain.isidentifier() or not bracket:
        return f"{plain}({shown})" if bracket else plain
    return f"{plain} {shown}".strip()
