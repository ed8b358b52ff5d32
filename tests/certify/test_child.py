"""A policy that runs in a child is certified by the same exploration, in files of certain sizes."""

from pathlib import Path

import pytest

import wbviz
from wbviz.certify.box import Reason
from wbviz.certify.certify import SMALL, certify
from wbviz.certify.result import Certificate
from wbviz.grade.judge import judged
from wbviz.policy.load import load_policy

BUILTIN = Path(wbviz.__file__).parent / "policy" / "builtin"


@pytest.mark.parametrize("name", ["pin_then_lock", "write_ahead", "writearound", "no_recheck", "igrab_at_enqueue"])
def test_the_same_findings_as_in_this_process(name: str) -> None:
    here = certify(load_policy(name))
    with judged(BUILTIN / f"{name}.py", tier="none") as child:
        there = certify(child.policy)
    assert type(there) is type(here)
    assert [finding[:5] for finding in there.findings] == [finding[:5] for finding in here.findings]
    if isinstance(there, Certificate):
        assert there.pages == SMALL
        assert there.stop is not None
        assert there.stop.reason is Reason.CHILD
