"""Apply what a message prints under "write instead"."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.policy.correction import applied, correction


def corrected(text: str, error: PolicyError) -> str:
    """The text with the correction in it."""
    edit = correction(text, error)
    assert edit is not None, "nothing to write instead"
    return applied(text, edit)
