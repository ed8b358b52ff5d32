"""Whether a policy may take anything out of a set; see `place` for why that matters."""

from __future__ import annotations

from types import CodeType

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
