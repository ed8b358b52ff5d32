"""When do two histories lead to the same place, and when not."""

from __future__ import annotations

import pytest

from tests.policy.driving import ENQUEUE, begin, execute, programs_of, reader, walk
from wbviz.policy.histories import Op


def places(body: str, answers: list[object], **reads: object) -> list[int]:
    """The places a program goes through."""
    return [turn.place for turn in walk(execute(body), answers, **reads)]


def rounds(setup: str, change: str, times: int = 6, **reads: object) -> int:
    """How many places a loop has that makes `change` in each round."""
    body = f"{setup}\nwhile True:\n    yield mm.cond_resched()\n    {change}"
    return len(set(places(body, [None] * (times - 1), **reads)))


@pytest.mark.parametrize(
    ("setup", "change"),
    [
        ("pass", "pass"),
        ("n = 0", "n = (n + 1) % 1"),
        ("seen = []", "seen = [1]; seen = []"),
        ("kept = (1, [2, {3: 4}])", "kept = (1, [2, {3: 4}])"),
        ("def f(): return 1", "f = lambda: 1; f = None; del f\n    def f(): return 1"),
        ("class Box: pass\nbox = Box()\nbox.n = 1", "box = Box(); box.n = 1"),
        ("from itertools import cycle\nit = cycle((1,))\nnext(it)", "next(it)"),
        ("from collections import deque\nq = deque((1, 2), 2)", "q.append(q[0])"),
        ("from functools import partial\nf = partial(max, 1)", "f = partial(max, 1)"),
        ("x = 'a' * 50", "x = 'a' * 25 + x[:25]"),
        ("g = (i for i in (1, 2))", "g = (i for i in (1, 2))"),
        ("e = ValueError(1)", "e = ValueError(1)"),
        ("s = frozenset((1, 2))", "s = frozenset((1, 2))"),
        ("s = set()", "s.add(3)\n    s = set()"),
    ],
)
def test_a_loop_in_which_nothing_is_left_of_a_round_folds(setup: str, change: str) -> None:
    assert rounds(setup, change) <= 2


@pytest.mark.parametrize(
    ("setup", "change"),
    [
        ("n = 0", "n += 1"),
        ("n = 0.5", "n += 1"),
        ("seen = []", "seen.append(1)"),
        ("seen = ()", "seen += (seen,)"),
        ("seen = {}", "seen[len(seen)] = None"),
        ("seen = set()", "seen.add(len(seen))"),
        ("seen = bytearray()", "seen.append(1)"),
        ("inner = []\nouter = [inner, inner]", "inner.append(1)"),
        ("n = 0\ndef f(): return n", "n += 1"),
        ("def f(n=[0]): return n\n", "f().append(1)"),
        ("class Box: n = 0", "Box.n += 1"),
        ("class Box: pass\nbox = Box()\nbox.n = 0", "box.n += 1"),
        ("class Box:\n    __slots__ = ('n',)\nbox = Box()\nbox.n = 0", "box.n += 1"),
        ("class Count(int): pass\nn = Count(0)", "n = Count(n + 1)"),
        ("class Many(list): pass\nmany = Many()", "many.append(1)"),
        ("class Oops(Exception): pass\ne = Oops(0)", "e = Oops(e.args[0] + 1)"),
        ("it = iter(range(9))", "next(it)"),
        ("it = iter([0] * 9)", "next(it)"),
        ("it = iter((0,) * 9)", "next(it)"),
        ("it = iter('a' * 9)", "next(it)"),
        ("it = iter(dict.fromkeys(range(9)))", "next(it)"),
        ("it = iter(dict.fromkeys(range(9)).items())", "next(it)"),
        ("it = iter(set(range(9)))", "next(it)"),
        ("it = reversed([0] * 9)", "next(it)"),
        ("it = reversed((0,) * 9)", "next(it)"),
        ("it = enumerate([0] * 9)", "next(it)"),
        ("it = zip([0] * 9, [0] * 9)", "next(it)"),
        ("it = map(str, [0] * 9)", "next(it)"),
        ("it = filter(None, [1] * 9)", "next(it)"),
        ("it = (i for i in [0] * 9)", "next(it)"),
        ("it = iter([0] * 9)\nbound = it.__next__", "bound()"),
        ("from itertools import count\nit = count()", "next(it)"),
        ("from itertools import islice\nit = islice([0] * 9, 1, 8)", "next(it)"),
        ("from itertools import chain\nit = chain([0] * 4, [0] * 4)", "next(it)"),
        ("from itertools import cycle\nit = cycle([0] * 9)", "next(it)"),
        ("from itertools import tee\nit, _ = tee([0] * 9)", "next(it)"),
        ("from collections import deque\nq = deque()", "q.append(1)"),
        ("from collections import OrderedDict\nd = OrderedDict()", "d[len(d)] = 1"),
        ("from collections import defaultdict\nd = defaultdict(list)", "d[0].append(1)"),
        ("from collections import Counter\nd = Counter()", "d[0] += 1"),
        ("from functools import partial\nf = partial(max, [])", "f.args[0].append(1)"),
        ("from types import SimpleNamespace\nb = SimpleNamespace(n=0)", "b.n += 1"),
        ("from dataclasses import dataclass\n@dataclass\nclass Box:\n    n: int = 0\nbox = Box()", "box.n += 1"),
        ("from typing import NamedTuple\nclass Box(NamedTuple):\n    n: int\nbox = Box(0)", "box = Box(box.n + 1)"),
        ("from collections import namedtuple\nBox = namedtuple('Box', 'n')\nbox = Box(0)", "box = Box(box.n + 1)"),
        ("from fractions import Fraction\nn = Fraction(1)", "n += 1"),
    ],
)
def test_what_grows_or_moves_makes_a_new_place_each_round(setup: str, change: str) -> None:
    assert rounds(setup, change, 6) == 6


def test_values_that_are_equal_but_not_the_same_are_told_apart() -> None:
    body = """\
        for x in (1, True, 1.0, '1', b'1', (1,), [1], None, 0, False, 0.0, -0.0, ''):
            yield mm.cond_resched()
            del x
    """
    assert len(set(places(body, [None] * 12))) == 13
    body = "x = {}\nwhile True:\n    x = 1 if x is True else True\n    yield mm.cond_resched()"
    assert len(set(places(body, [None] * 9))) == 2


def test_a_loop_over_a_sequence_keeps_its_hidden_iterator() -> None:
    """The locals are the same in each round; only the value stack knows how far the loop is."""
    body = "for _ in (0, 0, 0):\n    yield mm.lock_page(work.page)\nyield mm.put_page(work.page)"
    turns = walk(execute(body), [None] * 3)
    assert len({turn.place for turn in turns}) == 4
    names = [turn.request.name for turn in turns if isinstance(turn.request, Op)]
    assert names == ["lock_page"] * 3 + ["put_page"]


@pytest.mark.parametrize(
    "loop",
    [
        "for _ in [0] * 3:",
        "for _ in range(3):",
        "for _ in enumerate([0] * 3):",
        "for _ in zip([0] * 3, [0] * 3):",
        "for _ in {0: 0, 1: 0, 2: 0}.values():",
        "for _ in (0 for _ in range(3)):",
        "for _ in reversed([0] * 3):",
    ],
)
def test_hidden_iterators_of_every_kind_end_where_they_should(loop: str) -> None:
    body = f"{loop}\n    del _\n    yield mm.cond_resched()\nyield mm.put_page(work.page)"
    names = [turn.request.name for turn in walk(execute(body), [None] * 3) if isinstance(turn.request, Op)]
    assert names == ["cond_resched"] * 3 + ["put_page"]


def test_which_of_two_objects_is_meant_makes_a_difference() -> None:
    """Two equal lists: one and the same, or two. What is appended to one shows in the other, or not."""
    body = """\
        a = []
        b = a if (yield mm.trylock_page(work.page)) else []
        yield mm.cond_resched()
        a.append(1)
        yield mm.queue_work(n=len(b))
    """
    programs = programs_of(execute(body))
    first = begin(programs)
    shared = programs.resume(first.place, True, reader())
    apart = programs.resume(first.place, False, reader())
    assert shared.place != apart.place
    for turn, n in ((shared, 1), (apart, 0)):
        request = programs.resume(turn.place, None, reader()).request
        assert isinstance(request, Op)
        assert request.info == (("n", ("int", n)),)


def test_a_local_that_is_a_global_is_not_a_copy_of_it() -> None:
    body = "x = SEEN if (yield mm.trylock_page(work.page)) else []\nyield mm.cond_resched()\nx.append(1)"
    programs = programs_of(execute(body) + "SEEN = []\n")
    first = begin(programs)
    turns = [programs.resume(first.place, answer, reader()) for answer in (True, False)]
    assert turns[0].place != turns[1].place


def test_which_of_two_works_is_meant_makes_a_difference() -> None:
    body = """
        one, two = mm.works
        kept = one if (yield mm.trylock_page(work.page)) else two
        yield mm.cond_resched()
        yield mm.extend_work(kept, id=(one.id, two.id))
    """
    programs = programs_of(execute(body))
    read = reader({"works": ("tuple", ("work", 1), ("work", 2))})
    start = programs.start("execute", ("work", 0), read)
    taken, refused = (programs.resume(start.place, answer, read) for answer in (True, False))
    assert taken.place != refused.place
    assert set(taken.works) == set(refused.works) == {0, 1, 2}


def test_helpers_fold_by_their_own_state_too() -> None:
    body = "while True:\n    yield from helper(mm, work.page)"
    helper = "def helper(mm, page):\n    for _ in (0, 0):\n        yield mm.cond_resched()\n"
    turns = walk(execute(body) + helper, [None] * 7)
    assert len({turn.place for turn in turns}) == 2  # two rounds of the helper, however often it is called
    assert turns[0].place == turns[2].place == turns[4].place
    assert [turn.request.lines for turn in turns[:2] if isinstance(turn.request, Op)] == [(6, 9)] * 2


def test_where_a_program_stands_within_a_line_makes_a_difference() -> None:
    body = "yield (mm.cond_resched() if (yield mm.cond_resched()) is None else mm.cond_resched())"
    assert len(set(places(body, [None]))) == 2


def test_an_exception_being_handled_is_part_of_the_place() -> None:
    body = """\
        n = yield mm.find_get_page(work.page.mapping, 0)
        try:
            raise ValueError(n is None)
        except ValueError:
            del n
            yield mm.cond_resched()
    """
    programs = programs_of(execute(body))
    first = begin(programs)
    turns = [programs.resume(first.place, answer, reader()) for answer in (None, ("page", 1))]
    assert turns[0].place != turns[1].place


def test_the_pending_request_is_part_of_the_place() -> None:
    body = """\
        inode = work.page.mapping
        yield mm.lock_page(work.page if (yield mm.trylock_page(work.page)) else (yield mm.find_get_page(inode, 0)))
    """
    programs = programs_of(execute(body))
    first = begin(programs)
    other = programs.resume(first.place, False, reader())
    assert (
        programs.resume(other.place, ("page", 1), reader()).place
        != programs.resume(other.place, ("page", 2), reader()).place
    )


@pytest.mark.parametrize(
    "body",
    [
        "x = memoryview(b'abc')\nwhile True:\n    yield mm.cond_resched()",
        "x = {work}\nwhile True:\n    yield mm.cond_resched()",
        "x = {(1, work)}\nwhile True:\n    yield mm.cond_resched()",
        "x = set()\nwhile True:\n    yield mm.cond_resched()\n    x.add(1); x.discard(1)",
        "x = {1, 2}\nwhile True:\n    yield mm.cond_resched()\n    x -= {3}",
    ],
)
def test_what_cannot_be_looked_into_never_folds(body: str) -> None:
    assert len(set(places(body, [None] * 5))) == 6


def test_nothing_of_a_policy_folds_whose_globals_cannot_be_looked_into() -> None:
    text = "HIDDEN = memoryview(b'abc')\n" + execute("while True:\n    yield mm.cond_resched()")
    assert len({turn.place for turn in walk(text, [None] * 5)}) == 6


@pytest.mark.parametrize(
    "head",
    [
        "from __future__ import annotations\nfrom dataclasses import dataclass, field\n"
        "@dataclass(frozen=True, slots=True)\nclass Box:\n    n: int = 0\n    m: tuple = field(default=())\nX = Box()",
        "from enum import Enum, Flag, auto\nclass Kind(Enum):\n    A = auto()\n    B = 'b'\n"
        "class Bits(Flag):\n    R = 1\n    W = 2\nX = Bits.R | Bits.W\n",
        "from typing import NamedTuple, Optional, TypeVar, Any\nT = TypeVar('T')\n"
        "class P(NamedTuple):\n    n: int = 0\nX: Optional[int] = 3\nAlias = tuple[int, ...] | None\n",
        "from collections import namedtuple, deque, OrderedDict\nP = namedtuple('P', 'a b')\nX = P(1, 2)\nQ = deque()",
        "import abc, functools, itertools, math, operator, re, contextlib, copy\nPATTERN = re.compile('x')\n"
        "class A(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...\n    @property\n    def p(self): return 1\n"
        "    @staticmethod\n    def s(): ...\n    @classmethod\n    def c(cls): ...\n"
        "@contextlib.contextmanager\ndef locked(x):\n    yield x\n"
        "@functools.wraps(locked)\ndef g(): ...\nADD = operator.itemgetter\n",
    ],
)
def test_usual_globals_are_understood(head: str) -> None:
    """A file with them is a policy, and it folds."""
    turns = walk(head + "\n" + execute("while True:\n    yield mm.cond_resched()"), [None] * 5)
    assert len({turn.place for turn in turns}) == 1


def test_using_enums_and_flags_is_no_change_of_a_global() -> None:
    text = "from enum import Flag\nclass Bits(Flag):\n    R = 1\n    W = 2\n"
    turns = walk(text + execute("x = Bits.R\nwhile True:\n    x = x ^ Bits.W\n    yield mm.cond_resched()"), [None] * 5)
    assert len({turn.place for turn in turns}) == 2


def test_a_context_manager_of_ones_own_folds() -> None:
    text = (
        "from contextlib import contextmanager\n"
        "@contextmanager\n"
        "def about(page):\n"
        "    yield page\n"
        "class Held:\n"
        "    def __enter__(self): return self\n"
        "    def __exit__(self, *_): return False\n"
    )
    body = "while True:\n    with about(work.page) as page, Held():\n        yield mm.lock_page(page)"
    assert len({turn.place for turn in walk(text + execute(body), [None] * 5)}) <= 2


def test_a_deep_structure_is_no_mistake() -> None:
    body = "x = ()\nfor _ in range(3000):\n    x = (x, [])\nyield mm.cond_resched()\nyield mm.lock_page(work.page)"
    turns = walk(execute(body), [None])
    assert [turn.request.name for turn in turns if isinstance(turn.request, Op)] == ["cond_resched", "lock_page"]


def test_enqueue_and_execute_do_not_share_places_by_accident() -> None:
    programs = programs_of(
        ENQUEUE + "def execute(mm, work):\n    yield mm.get_page(work.page)\n    yield mm.cond_resched()\n"
    )
    one, other = begin(programs, "enqueue"), begin(programs, "execute")
    assert one.place != other.place
