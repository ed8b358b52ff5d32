"""Every misuse of the policy API: the line it is found on, what the message says, and the corrected form."""

from __future__ import annotations

import math

import pytest

from tests.policy.driving import ENQUEUE, EXECUTE, enqueue, execute, fault_of, finish
from wbviz.errors import PolicyError
from wbviz.policy.programs import Return

HELPER = "def helper(mm, page):\n    yield mm.cond_resched()\n"

# text, line, a part of the headline, a part of what came, a line of the corrected form
FILES = {
    "unclosed": ("def execute(mm, work:\n    pass\n", 1, "'(' was never closed", "not parse", "def execute(mm, work):"),
    "colon": ("def execute(mm, work)\n    pass\n", 1, "expected ':'", "not parse", "def execute(mm, work):"),
    "indent": ("def f():\npass\n", 2, "expected an indented block", "not parse", "    pass"),
    "yield outside": ("yield 3\n", 1, "'yield' outside function", "not parse", "def execute(mm, work):"),
    "no enqueue": (EXECUTE, None, "there is no function enqueue", "no such function", "def enqueue(mm, page):"),
    "no execute": (ENQUEUE, None, "there is no function execute", "no such function", "def execute(mm, work):"),
    "misspelt": (
        "\n" + ENQUEUE.replace("enqueue(", "enque(") + EXECUTE,
        2,
        "there is no function enqueue",
        "a file with enque",
        "def enqueue(mm, page):",
    ),
    "decorated and misspelt": (
        ENQUEUE + "def same(f):\n    return f\n\n@same\n" + EXECUTE.replace("execute", "exceute"),
        8,
        "there is no function execute",
        "exceute",
        "def execute(mm, work):",
    ),
    "no mm": (
        ENQUEUE + "def execute(work):\n    yield 1\n",
        4,
        "cannot be called",
        "execute(work)",
        "def execute(mm, work):",
    ),
    "three": (
        ENQUEUE + "def execute(mm, work, n):\n    yield 1\n",
        4,
        "cannot be called",
        "n)",
        "def execute(mm, work):",
    ),
    "keyword": (
        ENQUEUE + "def execute(mm, work, *, n):\n    yield 1\n",
        4,
        "cannot be",
        "*, n",
        "def execute(mm, work):",
    ),
    "number": (ENQUEUE + "execute = 3\n", None, "execute is no function", "the number 3", "def execute(mm, work):"),
    "raises": ("x = 1 // 0\n" + ENQUEUE + EXECUTE, 1, "ZeroDivisionError", "nothing caught", "    x = 1 // 0"),
    "random": ("import random\n" + ENQUEUE + EXECUTE, 1, "cannot import random", "random", "take the pages in a fixed"),
    "from": (
        "from time import sleep\n" + ENQUEUE + EXECUTE,
        1,
        "cannot import time",
        "time",
        "yield mm.cond_resched()",
    ),
    "helpers": ("import helpers\n" + ENQUEUE + EXECUTE, 1, "cannot import helpers", "helpers", "leave the import out"),
    "relative": ("from . import x\n" + ENQUEUE + EXECUTE, 1, "cannot import .", "import", "leave the import out"),
    "near": ("import colections\n" + ENQUEUE + EXECUTE, 1, "cannot import", "colections", "import collections"),
    "endless": ("n = 0\nwhile True:\n    n += 1\n", 2, "endless loop", "100000 lines", "while True:"),
}

RUNNING = {
    "dropped": ("mm.lock_page(work.page)\nyield mm.cond_resched()", 5, "lock_page was made, but not yielded", "nobody does it", "yield mm.lock_page(work.page)"),
    "no yield at all": ("mm.lock_page(work.page)", 5, "made, but not yielded", "nobody does it", "yield mm.lock_page(work.page)"),
    "tested": ("if mm.trylock_page(work.page):\n    yield mm.cond_resched()", 5, "trylock_page was made", "truth was tested", "if (yield mm.trylock_page(work.page)):"),
    "tested later": ("got = mm.trylock_page(work.page)\nif got:\n    yield mm.cond_resched()", 5, "trylock_page was made", "truth was tested", "got = yield mm.trylock_page(work.page)"),
    "not tested": ("while not mm.trylock_page(work.page):\n    yield mm.cond_resched()", 5, "trylock_page was made", "truth", "while not (yield mm.trylock_page(work.page)):"),
    "compared": ("if mm.trylock_page(work.page) == True:\n    yield mm.cond_resched()", 5, "trylock_page", "compared", "if (yield mm.trylock_page(work.page)) == True:"),
    "unpacked": ("a, b = mm.cond_resched()\nyield mm.cond_resched()", 5, "cond_resched was made", "taken apart", "a, b = yield mm.cond_resched()"),
    "yield from": ("yield from mm.lock_page(work.page)", 5, "lock_page was made", "taken apart", "yield mm.lock_page(work.page)"),
    "read": ("n = mm.find_get_page(work.page.mapping, 2)\nif n.dirty:\n    yield mm.lock_page(n)", 5, "find_get_page was made", "an attribute of it was read", "n = yield mm.find_get_page(work.page.mapping, 2)"),
    "argument": ("n = mm.find_get_page(work.page.mapping, 2)\nif n is not None:\n    yield mm.lock_page(n)", 5, "find_get_page was made", "passed to another operation", "n = yield mm.find_get_page(work.page.mapping, 2)"),
    "kept": ("op = mm.cond_resched()\nyield mm.lock_page(work.page)", 5, "cond_resched was made", "nobody", "op = yield mm.cond_resched()"),
    "kept in the result": ("yield mm.lock_page(work.page)\nreturn [mm.cond_resched()]", 6, "cond_resched was made", "nobody did it", "return [(yield mm.cond_resched())]"),
    "kept in a cycle": ("ring = []\nring.append((ring, mm.cond_resched()))\nyield mm.lock_page(work.page)", 6, "cond_resched was made", "nobody did it", "ring.append((ring, (yield mm.cond_resched())))"),
    "in a plain helper": ("helper2(mm, work.page)\nyield mm.cond_resched()\ndef_ = 0", 9, "lock_page was made", "nobody does it", "yield mm.lock_page(page)"),
    "over two lines": ("mm.find_get_page(\n    work.page.mapping, 2)\nyield mm.cond_resched()", 5, "find_get_page was made", "nobody", "yield mm.find_get_page("),
    "yielded True": ("yield True", 5, "no operation", "True", "return True"),
    "yielded nothing": ("yield", 5, "no operation", "None", "yield mm.cond_resched()"),
    "yielded a page": ("yield work.page", 5, "no operation", "a page", "yield mm.lock_page(page)"),
    "yielded a method": ("yield mm.cond_resched", 5, "no operation", "not called", "yield mm.cond_resched()"),
    "yielded a generator": ("x = yield helper(mm, work.page)", 5, "no operation", "a generator (helper)", "x = yield from helper(mm, work.page)"),
    "yielded a function": ("yield helper", 5, "no operation", "the function helper, not called", "yield from helper(mm, page)"),
    "yielded two": ("page = work.page\nyield mm.lock_page(page), mm.writepage(page)", 6, "no operation", "a tuple", "yield mm.writepage(page)"),
    "yielded within yield from": ("yield from bad(mm)", 11, "no operation", "the number 7", "yield mm.lock_page(page)"),
    "locked set": ("page = work.page\npage.locked = True\nyield mm.cond_resched()", 6, "page.locked was set", "page.locked = True", "yield mm.lock_page(page)"),
    "dirty set": ("work.page.dirty = False\nyield mm.cond_resched()", 5, "page.dirty was set", "work.page.dirty = False", "yield mm.writepage(page)      # with the page locked"),
    "mapping set": ("work.page.mapping = None\nyield mm.cond_resched()", 5, "page.mapping was set", "None", "if page.mapping is not None:"),
    "deleted": ("del work.page.dirty\nyield mm.cond_resched()", 5, "page.dirty was set", "del work.page.dirty", "yield mm.writepage(page)      # with the page locked"),
    "mark on a page": ("work.page.seen = 1\nyield mm.cond_resched()", 5, "page.seen was set", "work.page.seen = 1", "yield mm.queue_work(page=page, seen=value)"),
    "mark on a work": ("work.tries = 1\nyield mm.cond_resched()", 5, "work.tries was set", "work.tries = 1", "yield mm.extend_work(work, tries=value)      # while it is queued"),
    "mark on mm": ("mm.tries = 1\nyield mm.cond_resched()", 5, "mm.tries was set", "mm.tries = 1", "yield mm.queue_work(page=page, tries=value)"),
    "name of an inode": ("work.page.mapping.name = 'x'\nyield mm.cond_resched()", 5, "inode.name was set", "= 'x'", "value = inode.name"),
    "attribute of a page": ("if work.page.drity:\n    yield mm.cond_resched()", 5, "did you mean dirty?", "AttributeError", "if work.page.dirty:"),
    "page.inode": ("if work.page.inode:\n    yield mm.cond_resched()", 5, "did you mean mapping?", "AttributeError", "if work.page.mapping:"),
    "attribute of an inode": ("if work.page.mapping.pages:\n    yield mm.cond_resched()", 5, "did you mean nr_pages?", "AttributeError", "if work.page.mapping.nr_pages:"),
    "attribute of a work": ("n = work.tries\nyield mm.cond_resched()", 5, "this work has no tries", "AttributeError", 'value = getattr(work, "tries", None)'),
    "attribute like none": ("if work.page.age:\n    yield mm.cond_resched()", 5, "it has index, mapping", "AttributeError", "if work.page.index:"),
    "pin for get": ("yield mm.pin_page(work.page)", 5, "did you mean get_page?", "AttributeError", "yield mm.get_page(work.page)"),
    "operation": ("yield mm.lokc_page(work.page)", 5, "did you mean lock_page?", "AttributeError", "yield mm.lock_page(work.page)"),
    "half an operation": ("yield mm.trylock(work.page)", 5, "did you mean trylock_page?", "AttributeError", "yield mm.trylock_page(work.page)"),
    "without mm": ("yield lock_page(work.page)", 5, "NameError", "nothing caught", "yield mm.lock_page(page)"),
    "name": ("page = work.page\nyield mm.lock_page(pgae)", 6, "NameError", "nothing caught", "yield mm.lock_page(page)"),
    "None to an operation": ("n = yield mm.find_get_page(work.page.mapping, 9)\nyield mm.lock_page(n)", 6, "mm.lock_page takes a page", "None", "if n is not None:"),
    "attribute of None": ("n = yield mm.find_get_page(work.page.mapping, 9)\nif n.dirty:\n    yield mm.lock_page(n)", 6, "'NoneType' object", "AttributeError", "if n is not None and n.dirty:"),
    "work for a page": ("yield mm.lock_page(work)", 5, "mm.lock_page takes a page", "a work", "yield mm.lock_page(work.page)"),
    "page for an inode": ("yield mm.igrab(work.page)", 5, "mm.igrab takes an inode", "a page", "yield mm.igrab(page.mapping)"),
    "inode for a page": ("yield mm.lock_page(work.page.mapping)", 5, "takes a page", "an inode", "page = yield mm.find_get_page(inode, index)"),
    "None for an inode": ("yield mm.igrab(None)", 5, "mm.igrab takes an inode", "None", "inode = page.mapping"),
    "page for an index": ("yield mm.find_get_page(work.page.mapping, work.page)", 5, "takes a number as its index", "a page", "yield mm.find_get_page(inode, page.index + 1)"),
    "True for an index": ("yield mm.find_get_page(work.page.mapping, True)", 5, "takes a number as its index", "True", "yield mm.find_get_page(inode, index)"),
    "no argument": ("yield mm.lock_page()", 5, "cannot be called like this", "no page", "yield mm.lock_page(page)"),
    "one too many": ("yield mm.lock_page(work.page, 1)", 5, "cannot be called like this", "the number 1 is one too many", "yield mm.lock_page(page)"),
    "argument for nothing": ("yield mm.cond_resched(work)", 5, "cannot be called", "a work is one too many", "yield mm.cond_resched()"),
    "keyword": ("yield mm.lock_page(work.page, wait=False)", 5, "cannot be called like this", "the keyword wait", "yield mm.lock_page(page)"),
    "given twice": ("yield mm.lock_page(work.page, page=work.page)", 5, "cannot be called like this", "the keyword page", "yield mm.lock_page(page)"),
    "kind": ("yield mm.queue_work(page=work.page, kind='sync')", 5, "kind cannot be given as info", "kind='sync'", "yield mm.queue_work(page, my_kind='sync')"),
    "list as info": ("yield mm.queue_work(page=work.page, pages=[1])", 5, "cannot carry a list", "a list", "yield mm.queue_work(page, pages=tuple(pages))"),
    "list within info": ("yield mm.extend_work(work, pages=(1, [2]))", 5, "cannot carry a list", "a list", "yield mm.extend_work(work, pages=tuple(pages))"),
    "float as info": ("yield mm.queue_work(page=work.page, at=1.5)", 5, "cannot carry the number 1.5", "1.5", "yield mm.queue_work(page, at=int(at))"),
    "work as info": ("yield mm.queue_work(page=work.page, other=(1, work))", 5, "a work cannot carry", "other=", "yield mm.queue_work(page, other=other)"),
    "misspelt page": ("yield mm.queue_work(pgae=work.page)", 5, "cannot be called like this", "the keyword pgae", "yield mm.queue_work(page=work.page)"),
    "exception": ("n = 1 // 0\nyield mm.cond_resched()", 5, "ZeroDivisionError", "nothing caught", "    n = 1 // 0"),
    "raise": ("raise ValueError('no')\nyield", 5, "the policy raised ValueError: no", "nothing caught", "return False"),
    "exit": ("raise SystemExit\nyield", 5, "the policy raised SystemExit", "nothing caught", "return False"),
    "order of pages": ("if work.page < work.page:\n    yield mm.cond_resched()", 5, "'<' not supported", "TypeError", "page.index < other.index"),
    "endless": ("page = work.page\nwhile page.dirty:\n    pass\nyield mm.cond_resched()", 6, "an endless loop without a yield", "100000 lines", "    yield mm.cond_resched()      # lets others run"),
    "endless on one line": ("while True: pass\nyield mm.cond_resched()", 5, "an endless loop", "100000 lines", "while True:"),
    "endless by a generator": ("from itertools import count\nx = [i for i in count() if i < 0]\nyield mm.cond_resched()", 6, "an endless loop", "100000 lines", "    yield mm.cond_resched()      # lets others run"),
    "endless calling": ("n = 0\nwhile True:\n    n += 1\n    spin(n)\nyield mm.cond_resched()", 6, "an endless loop", "100000 lines", "while True:"),
    "import within": ("import threading\nyield mm.cond_resched()", 5, "cannot import threading", "threading", "yield mm.lock_page(page)"),
    "open": ("open('x')\nyield mm.cond_resched()", 5, "cannot call open()", "open", "leave it out"),
    "id": ("if id(work) % 2:\n    yield mm.cond_resched()", 5, "cannot call id()", "id", "page.index      # or compare with ==, or `is`"),
    "hash of a string": ("if hash('x') % 2:\n    yield mm.cond_resched()", 5, "cannot call hash()", "hash", "page.index      # or compare with =="),
    "eval": ("eval('1')\nyield mm.cond_resched()", 5, "cannot call eval()", "eval", "write the expression into the function"),
    "global bound anew": ("global COUNT\nCOUNT = 1\nyield mm.cond_resched()", 6, "changed the global COUNT", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
    "global list": ("yield mm.cond_resched()\nSEEN.append(1)", 6, "changed the global SEEN", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
    "global list within a tuple": ("BOTH[1].append(1)\nyield mm.cond_resched()", 19, "changed the global SEEN", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
    "attribute of a function": ("helper.count = 1\nyield mm.cond_resched()", 5, "changed the global helper", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
    "attribute of a class": ("Box.count = 1\nyield mm.cond_resched()", 5, "changed the global Box", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
    "attribute of an object": ("BOX.count = 1\nyield mm.cond_resched()", 5, "changed the global BOX", "differs", "yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts"),
}  # fmt: skip
TAIL = """\
def helper(mm, page):
    yield mm.cond_resched()
def helper2(mm, page):
    mm.lock_page(page)
def bad(mm):
    yield 7
def spin(n):
    for i in range(10):
        pass
class Box:
    pass
BOX = Box()
SEEN = []
BOTH = (1, SEEN)
COUNT = 0
"""
TAIL_LINES = {"in a plain helper": "helper2", "yielded within yield from": "yield 7"}

ENQUEUEING = {
    "operation returned": ("yield mm.get_page(page)\nreturn mm.queue_work(page=page)", 3, "queue_work was made", "it was returned", "return (yield mm.queue_work(page=page))"),
    "list returned": ("yield mm.get_page(page)\nreturn [page]", 3, "the result of enqueue is not understood", "a list", "return True"),
    "float returned": ("yield mm.get_page(page)\nreturn (1, 0.5)", 3, "not understood", "in it the number 0.5", "return True"),
    "generator returned": ("yield mm.get_page(page)\nreturn enqueue(mm, page)", 3, "enqueue returned a generator", "a generator (enqueue)", "return (yield from enqueue(mm, page))"),
    "plain": ("return True", 1, "enqueue is a plain function", "calling it gave True", "    yield mm.cond_resched()"),
}  # fmt: skip


def check(error: PolicyError, line: int | None, text: str, what: str, came: str, fix: str) -> None:
    """All that a message must have."""
    assert error.line == line, error
    assert error.file == "policy.py"
    assert what in error.what, error
    assert came in error.came, error
    assert any(shown.startswith(fix) for shown in error.fix.splitlines()), error
    assert error.expected
    assert error.cause
    if line is None:
        assert str(error).startswith(f"policy.py: {error.what}")
    else:
        assert error.source == text.splitlines()[line - 1]
        assert str(error).startswith(f"policy.py, line {line}: {error.what}\n{line:>6} | {error.source.rstrip()}\n")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_policy(name: str) -> None:
    text, line, what, came, fix = FILES[name]
    check(fault_of(text), line, text, what, came, fix)


@pytest.mark.parametrize("name", RUNNING)
def test_misuse_in_execute(name: str) -> None:
    body, line, what, came, fix = RUNNING[name]
    text = execute(body) + TAIL
    if name in TAIL_LINES:  # the error is in a helper, below the body
        lines = text.splitlines()
        mark = "    mm.lock_page(page)" if name == "in a plain helper" else "    yield 7"
        line = lines.index(mark) + 1
    answers = [None] if "None" in name else []
    check(fault_of(text, answers=answers), line, text, what, came, fix)


@pytest.mark.parametrize("name", ENQUEUEING)
def test_misuse_in_enqueue(name: str) -> None:
    body, line, what, came, fix = ENQUEUEING[name]
    text = enqueue(body)
    check(fault_of(text, "enqueue"), line, text, what, came, fix)


def test_async_functions_are_named_as_such() -> None:
    text = ENQUEUE + "async def execute(mm, work):\n    pass\n"
    check(fault_of(text), 4, text, "execute is an async function", "async def execute", "def execute(mm, work):")


def test_a_recursion_without_an_end() -> None:
    error = fault_of(execute("yield from execute(mm, work)"))
    assert "RecursionError" in error.what
    assert error.line in (4, 5)  # Python versions differ in where it is raised
    assert "calls itself" in error.cause


def test_a_mutable_default_is_state() -> None:
    text = ENQUEUE + "def execute(mm, work, seen=[]):\n    seen.append(1)\n    yield mm.cond_resched()\n"
    error = fault_of(text)
    assert "changed the global execute" in error.what
    assert "mutable default" in error.cause


@pytest.mark.parametrize("clause", ["except Exception", "except BaseException", "except"])
def test_a_misuse_cannot_be_caught(clause: str) -> None:
    body = f"try:\n    work.page.locked = True\n{clause}:\n    pass\nyield mm.cond_resched()"
    error = fault_of(execute(body))
    assert (error.line, error.what[:22]) == (6, "page.locked was set, b")


def test_an_endless_loop_that_swallows_everything_is_stopped_when_it_reads() -> None:
    body = "while True:\n    try:\n        if work.page.dirty:\n            continue\n    except:\n        pass\nyield"
    assert "endless loop" in fault_of(execute(body)).what


@pytest.mark.parametrize("value", ["None", "True", "1", "0", "'x'", "page", "(page, (1, None))", "Kind.A", "Word.A"])
def test_any_value_that_can_be_shown_is_a_result(value: str) -> None:
    head = "from enum import Enum, IntEnum\nclass Kind(IntEnum):\n    A = 3\nclass Word(str, Enum):\n    A = 'a'\n"
    request = finish(head + enqueue(f"yield mm.get_page(page)\nreturn {value}"), "enqueue")
    wire = {
        "None": None,
        "True": True,
        "1": ("int", 1),
        "0": ("int", 0),
        "'x'": "x",
        "page": ("page", 1),
        "(page, (1, None))": ("tuple", ("page", 1), ("tuple", ("int", 1), None)),
        "Kind.A": ("int", 3),
        "Word.A": "a",
    }[value]
    assert request == Return(wire)


def test_the_result_of_execute_is_nobodys_business() -> None:
    assert finish(execute("yield mm.cond_resched()\nreturn [1]")) == Return(None)


def test_what_looks_like_misuse_and_is_none() -> None:
    body = """\
        import math, functools
        print("not seen", file=None)
        later = mm.lock_page(work.page)     # made early
        again = mm.cond_resched()
        for _ in range(2):
            yield again                     # and twice
        yield later
        assert getattr(work, "tries", 7) == 7
        assert getattr(work.page, "seen", None) is None
        assert not hasattr(mm, "lock")
        assert work.page is work.page and work.page == work.page and work.page in {work.page}
        assert work and work.page and work.page != work.page.mapping
        assert hash((1, work.page)) == hash((1, work.page))
        yield mm.find_get_page(index=1, inode=work.page.mapping)
        yield mm.queue_work(work.page, None, near=(work.page, None, "x"))
        yield mm.queue_work(page=work.page, ino=work.page.mapping, pag=work.page)
        yield mm.queue_work(pag=work.page, inod=work.page.mapping)
        assert getattr(work, "pag", None) is getattr(work, "inod", None)
        yield mm.extend_work(work, page=work.page)
    """
    assert finish(execute(body)) == Return(None)


def test_print_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    finish(execute("print('hello')\nyield mm.cond_resched()"))
    assert capsys.readouterr() == ("", "")


def test_a_method_or_a_lambda_may_return_the_generator() -> None:
    text = ENQUEUE + "def steps(mm, work):\n    yield mm.cond_resched()\nexecute = lambda mm, work: steps(mm, work)\n"
    assert finish(text) == Return(None)
    text = ENQUEUE + "class X:\n    def go(self, mm, work):\n        yield mm.cond_resched()\nexecute = X().go\n"
    assert finish(text) == Return(None)


def test_a_policy_that_answers_in_two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """State kept where fresh globals do not reach: in a module that all calls share."""
    monkeypatch.setattr(math, "calls", 0, raising=False)
    body = "import math\nmath.calls += 1\nyield mm.queue_work(page=work.page, n=math.calls)"
    error = fault_of(execute(body))
    assert error.what == "the policy answers the same history in two ways"
    assert error.line == 7
    assert (
        error.came
        == "first queue_work(page 1, None, n=1) (line 7), and when asked again queue_work(page 1, None, n=2) (line 7)"
    )
    assert error.fix


def test_a_policy_that_reads_in_two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math, "calls", 0, raising=False)
    body = "import math\nmath.calls += 1\nx = work.page.dirty if math.calls % 2 else work.page.locked\nyield mm.cond_resched()"
    error = fault_of(execute(body))
    assert error.what == "the policy answers the same history in two ways"
    assert error.line == 7
    assert error.came.startswith("first it read page.dirty (line 7), and when asked again it read page.locked (line 7)")
