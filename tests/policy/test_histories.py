"""The protocol: works as symbols, reads, replay, Halt, trusted programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.policy.driving import begin, execute, programs_of, reader, walk
from wbviz.policy.histories import Fault, GeneratorPrograms, Halt, Op, Read, Return, Turn
from wbviz.policy.load import load_policy


def test_the_turns_of_pin_then_lock() -> None:
    programs = load_policy("pin_then_lock").programs()
    source = load_policy("pin_then_lock").source.splitlines()
    reads: list[Read] = []

    def read(it: Read) -> Any:
        reads.append(it)
        return {"page": ("page", 4), "mapping": ("inode", 0), "dirty": True}[it.attr]

    turn = programs.start("execute", ("work", 0), read)
    names = []
    while isinstance(turn.request, Op):
        assert turn.request.args == (("page", 4),)
        assert turn.request.info == ()
        assert turn.request.name in source[turn.request.lines[0] - 1]
        assert turn.works == (0,)
        names.append(turn.request.name)
        turn = programs.resume(turn.place, None, read)
    assert names == ["lock_page", "wait_on_page_writeback", "writepage", "unlock_page", "put_page"]
    assert turn.request == Return(None)
    assert turn.works == ()
    assert [(it.target, it.attr) for it in reads] == [
        (("work", 0), "page"),
        (("page", 4), "mapping"),
        (("page", 4), "dirty"),
    ]
    assert all(f".{it.attr}" in source[it.line - 1] for it in reads)


def test_places_are_dense_and_given_on_first_sight() -> None:
    turns = walk(execute("for _ in range(4):\n    yield mm.cond_resched()"), [None] * 4)
    assert [turn.place for turn in turns] == [0, 1, 2, 3, 4]


def test_works_are_symbols_in_the_order_of_arrival() -> None:
    """The answer's works count before those of the reads; slots count by first appearance in the program."""
    body = """\
        first = mm.works            # two new ones
        kept = first[1]
        del first, work
        yield mm.extend_work(kept)
        other = mm.works[0]         # one new one, then the one that is known
        yield mm.extend_work(other, near=kept.page)
    """
    programs = programs_of(execute(body))
    asked: list[Read] = []

    def read(it: Read) -> Any:
        asked.append(it)
        if it.attr == "works":
            return ("tuple", ("work", 1), ("work", 2)) if len(asked) == 1 else ("tuple", ("work", 1), ("work", 0))
        return ("page", 3)

    one = programs.start("execute", ("work", 0), read)
    assert one.works == (2,)  # the second of the two that came after the argument
    assert one.request == Op("extend_work", (("work", 0),), (), (8,))
    two = programs.resume(one.place, True, read)
    assert asked[-1].target == ("work", 0)  # `kept` is slot 0 of the place resumed from
    assert isinstance(two.request, Op)
    assert two.request.args == (("work", two.works.index(1)),)  # `other` was new: 1 is the first after slot 0
    assert sorted(two.works) == [0, 1]


def test_the_place_does_not_depend_on_which_work_it_is() -> None:
    body = "work = mm.works[0] if (yield mm.trylock_page(work.page)) else work\nyield mm.extend_work(work)"
    programs = programs_of(execute(body))
    first = begin(programs)
    one = programs.resume(first.place, True, reader({"works": ("tuple", ("work", 1))}))
    other = programs.resume(first.place, False, reader())
    assert one.place == other.place
    assert one.request == other.request
    assert (one.works, other.works) == ((1,), (0,))


def test_two_works_are_not_one() -> None:
    body = "other = (mm.works[0])\nyield mm.extend_work(other, same=other is work)"
    programs = programs_of(execute(body))
    one = programs.start("execute", ("work", 0), reader({"works": ("tuple", ("work", 0))}))
    two = programs.start("execute", ("work", 0), reader({"works": ("tuple", ("work", 1))}))
    assert (one.works, two.works) == ((0,), (0, 1))
    assert one.place != two.place


def test_a_place_can_be_resumed_in_any_order_and_again() -> None:
    """Each resume replays a history; what it saw then, it sees again, whatever the world is now."""
    body = """\
        seen = ()
        for _ in range(3):
            seen += (work.page.dirty, (yield mm.trylock_page(work.page)))
        yield mm.queue_work(seen=seen)
    """
    programs = programs_of(execute(body))

    def path(*answers: bool) -> Turn:
        turn = begin(programs, dirty=answers[0])
        for here, then in zip(answers, (*answers[1:], False), strict=True):
            turn = programs.resume(turn.place, here, reader({"dirty": then}))
        return turn

    for _ in range(2):
        for number in range(8):
            answers = [bool(number & bit) for bit in (4, 2, 1)]
            request = path(*answers).request
            assert isinstance(request, Op)
            flat = [value for answer in answers for value in (answer, answer)]
            assert request.info == (("seen", ("tuple", *flat)),)


def test_replay_does_not_ask_the_world_again() -> None:
    programs = programs_of(execute("dirty = work.page.dirty\nwhile True:\n    yield mm.queue_work(dirty=dirty)"))
    first = begin(programs, dirty=False)
    programs.resume(first.place, True, reader())

    def never(read: Read) -> Any:
        raise AssertionError(read)

    programs.close()  # no generator is left: each turn must be replayed
    assert programs.resume(first.place, True, never).place == first.place


def test_a_place_at_which_nothing_is_pending_cannot_be_resumed() -> None:
    turns = walk(execute("yield mm.cond_resched()"), [None])
    programs = programs_of(execute("yield mm.cond_resched()"))
    first = begin(programs)
    last = programs.resume(first.place, None, reader())
    assert isinstance(turns[-1].request, Return)
    with pytest.raises(ValueError, match="nothing is pending"):
        programs.resume(last.place, None, reader())


@pytest.mark.parametrize(
    "body",
    [
        "x = work.page.dirty",
        "try:\n    x = work.page.dirty\nexcept:\n    pass\nyield mm.cond_resched()",
        "try:\n    x = work.page.dirty\nfinally:\n    yield mm.cond_resched()",
        "while True:\n    try:\n        x = work.page.dirty\n    except BaseException:\n        pass",
        "try:\n    x = work.page.dirty\nexcept BaseException as error:\n    raise ValueError from error",
        "try:\n    x = work.page.dirty\nexcept BaseException as error:\n    return",
    ],
)
def test_halt_leaves_the_turn_whatever_the_policy_does(body: str) -> None:
    programs = programs_of(execute("yield mm.cond_resched()\n" + body))
    first = begin(programs)
    stop = Halt("freed")

    def read(it: Read) -> Any:
        if it.attr == "dirty":
            raise stop
        return reader()(it)

    with pytest.raises(Halt) as halt:
        programs.resume(first.place, None, read)
    assert halt.value is stop
    again = programs.resume(first.place, None, reader())  # nothing of it is remembered
    assert not isinstance(again.request, Fault) or body.startswith("while")


def test_what_read_raises_otherwise_comes_through_too() -> None:
    programs = programs_of(execute("try:\n    x = work.page\nexcept Exception:\n    pass\nyield mm.cond_resched()"))

    def read(it: Read) -> Any:
        raise KeyError("a bug of the machine")

    with pytest.raises(KeyError, match="a bug of the machine"):
        programs.start("execute", ("work", 0), read)


def test_each_call_has_fresh_globals() -> None:
    """What a refused change left behind is not seen by the next call."""
    text = "SEEN = []\n" + execute("n = len(SEEN)\nyield mm.queue_work(n=n)\nSEEN.append(1)")
    programs = programs_of(text)
    for _ in range(3):
        turn = begin(programs)
        assert isinstance(turn.request, Op)
        assert turn.request.info == (("n", ("int", 0)),)
        assert isinstance(programs.resume(turn.place, True, reader()).request, Fault)


def test_views_cannot_be_told_by_number() -> None:
    """A symbol must not leak: the same policy with another work would be another program."""
    body = "other = mm.works[0]\nyield mm.queue_work(x=repr(work) + str(other), y=hash(work) == hash(other))"
    programs = programs_of(execute(body))
    turn = begin(programs, works=("tuple", ("work", 1)))
    assert isinstance(turn.request, Op)
    assert turn.request.info == (("x", "<work><work>"), ("y", True))


# Trusted programs


def steps(mm: Any, pages: Any, limit: int) -> Iterator[Any]:
    """A task: any operation, an unpacked argument, its own reads of mm."""
    for page in pages:
        if page.attached and (yield mm.lock_attached(page, round=True, limit=limit)):
            yield mm.detach(page)
    work = yield mm.take_work()
    yield mm.complete(work, mm.filesystem, pages)
    return work.kind


def silent(mm: Any) -> Iterator[Any]:
    """Ends without an operation."""
    return
    yield mm


def wrong(mm: Any) -> Iterator[Any]:
    """A bug of ours."""
    yield mm.first()
    raise RuntimeError("a bug")


def trusted() -> GeneratorPrograms:
    return GeneratorPrograms(lambda: {"steps": steps, "silent": silent, "wrong": wrong}, trusted=True)


def test_a_trusted_program() -> None:
    programs = trusted()
    read = reader({"attached": True, "filesystem": "cluster"})
    turn = programs.start("steps", ("tuple", ("tuple", ("page", 0), ("page", 1)), ("int", 7)), read)
    seen = []
    for answer in (True, None, False, ("work", 0), None):
        assert isinstance(turn.request, Op)
        seen.append((turn.request.name, turn.request.args, turn.request.info, turn.works))
        turn = programs.resume(turn.place, answer, read)
    both = ("tuple", ("page", 0), ("page", 1))
    info = (("limit", ("int", 7)), ("round", True))
    assert seen == [
        ("lock_attached", (("page", 0),), info, ()),
        ("detach", (("page", 0),), (), ()),
        ("lock_attached", (("page", 1),), info, ()),
        ("take_work", (), (), ()),
        ("complete", (("work", 0), "cluster", both), (), (0,)),
    ]
    assert turn.request == Return("pageout")


def test_a_trusted_program_without_an_argument() -> None:
    assert trusted().start("silent", ("tuple",), reader()).request == Return(None)


def test_a_mistake_in_a_trusted_program_is_an_exception() -> None:
    programs = trusted()
    turn = programs.start("wrong", ("tuple",), reader())
    with pytest.raises(RuntimeError, match="a bug"):
        programs.resume(turn.place, None, reader())


def test_a_trusted_program_is_replayed_as_well() -> None:
    programs = trusted()
    read = reader({"attached": True})
    turn = programs.start("steps", ("tuple", ("tuple", ("page", 0), ("page", 1)), ("int", 7)), read)
    held = programs.resume(turn.place, True, read)
    skipped = programs.resume(turn.place, False, read)
    assert isinstance(held.request, Op)
    assert isinstance(skipped.request, Op)
    assert (held.request.name, skipped.request.name) == ("detach", "lock_attached")


def test_programs_need_to_be_told_what_they_are() -> None:
    with pytest.raises(TypeError, match="by its source"):
        GeneratorPrograms(dict)
    with pytest.raises(TypeError, match="by functions"):
        GeneratorPrograms(trusted=True)
