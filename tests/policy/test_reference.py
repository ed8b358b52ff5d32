"""What the book's tables say of the operations is held against the operations themselves."""

from wbviz.kernel.operations import POLICY_OPERATIONS
from wbviz.policy import arguments
from wbviz.policy.reference import ATTRIBUTES, OPERATIONS, call


def test_every_operation_is_told_and_no_other():
    assert list(OPERATIONS) == list(arguments.SIGNATURES) == list(POLICY_OPERATIONS)


def test_it_is_told_which_operations_wait():
    goes_on_as_a_program = {"writepage", "iput"}  # on a clustering filesystem; as an eviction
    waiting = {name for name, operation in POLICY_OPERATIONS.items() if operation.waits}
    assert {name for name, words in OPERATIONS.items() if words.waits} == waiting | goes_on_as_a_program


def test_every_attribute_is_told_and_no_other():
    assert {kind: tuple(names) for kind, names in ATTRIBUTES.items()} == arguments.ATTRIBUTES


def test_calls_as_they_are_written():
    assert call("find_get_page") == "find_get_page(inode, index)"
    assert call("queue_work") == "queue_work(page=None, inode=None, **info)"
    assert call("cond_resched") == "cond_resched()"
