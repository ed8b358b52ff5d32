"""What the book's tables say of the operations is held against the operations themselves."""

from wbviz.kernel.api import API
from wbviz.kernel.operations import OPERATIONS
from wbviz.policy import arguments
from wbviz.policy.reference import ATTRIBUTES, call


def test_it_is_told_which_operations_wait():
    waiting = {name for name in API if OPERATIONS[name].waits or OPERATIONS[name].goes_on}
    assert {name for name, api in API.items() if api.waits} == waiting


def test_every_attribute_is_told_and_no_other():
    assert {kind: tuple(names) for kind, names in ATTRIBUTES.items()} == arguments.ATTRIBUTES


def test_calls_as_they_are_written():
    assert call("find_get_page") == "find_get_page(inode, index)"
    assert call("queue_work") == "queue_work(page=None, inode=None, **info)"
    assert call("cond_resched") == "cond_resched()"
