"""Whatever a child sends, it is understood as an answer, or a verdict against the submission; never a crash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.grade.lying import answered_by, message, op, scripted
from wbviz.check.check import check_scenario
from wbviz.grade.judge import JudgeError, Limits, Unjudged
from wbviz.policy.protocol import Fault, Halt, Op, Read, Return
from wbviz.scenarios.catalogue import build
from wbviz.sim import simulate

PRINTS = "def enqueue(mm, page):\n    print(page)\n    yield mm.get_page(page)\n"
PAGE = ["page", 0]
WORK = ["work", 0]


def nothing(read: Read) -> Any:
    return None


def answer(*answers: bytes | None, argument: Any = ("page", 0), limits: Limits = Limits(answer_seconds=5)) -> Any:  # noqa: B008
    """What is asked for after these answers to the start of `enqueue` and the reads in it."""
    with answered_by(scripted(*answers), limits) as policy:
        return policy.programs().start("enqueue", argument, nothing).request


def fault(**parts: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("what", "came", "expected", "cause", "fix"), ""), "line": None, **parts}


NO_ANSWER = {
    "an empty line": b"\n",
    "no JSON": b"safe\n",
    "not UTF-8": b'["return",0,[],"\xff"]\n',
    "an object": b'{"verdict": "safe"}\n',
    "an empty array": b"[]\n",
    "a number": b"1\n",
    "the kind is a number": b"[1]\n",
    "an unknown kind": message("safe", 0, [], None),
    "a verdict": message("verdict", "safe"),
    "too few parts": message("op", 0, []),
    "too many parts": message("return", 0, [], None, None),
    "arrays in arrays": b"[" * 60_000 + b"\n",
    "arrays in a value": b'["return",0,[],' + b'["tuple",' * 1000 + b"0" + b"]" * 1000 + b"]\n",
    "a huge integer": b'["return",0,[],["int",' + b"9" * 5000 + b"]]\n",
    "a tuple of too many": message("return", 0, [], ["tuple", *[True] * 1000]),
    "a text of too many": message("return", 0, [], "x" * 1001),
    "an integer beyond 64 bits": message("return", 0, [], ["int", 2**63]),
    "an exponent": b'["return",0,[],["int",1e999]]\n',
    "not a number": b'["return",NaN,[],null]\n',
    "a place that is true": message("return", True, [], None),
    "a place that is a float": message("return", 0.0, [], None),
    "a negative place": message("return", -1, [], None),
    "a place that comes too early": message("return", 1, [], None),
    "a bare number as value": message("return", 0, [], 1),
    "an unknown kind of value": message("return", 0, [], ["task", 0]),
    "an empty value": message("return", 0, [], []),
    "half a surrogate pair": b'["return",0,[],"\\ud800"]\n',
    "an unknown operation": op(0, "panic"),
    "an operation of the kernel's own": op(0, "submit", PAGE),
    "a call": op(0, "call", "enqueue", PAGE),
    "an end of writeback": op(0, "end_writeback"),
    "an operation that is no string": op(0, ["lock_page"], PAGE),  # type: ignore[arg-type]
    "no argument": op(0, "lock_page"),
    "an argument too many": op(0, "lock_page", PAGE, PAGE),
    "an argument of another kind": op(0, "lock_page", ["inode", 0]),
    "a page that is true": op(0, "lock_page", ["page", True]),
    "a page that is negative": op(0, "lock_page", ["page", -1]),
    "a page nobody told of": op(0, "lock_page", ["page", 1]),
    "a page nobody told of, in info": op(0, "queue_work", PAGE, None, info=[["next", ["page", 1]]]),
    "a page nobody told of, returned": message("return", 0, [], ["tuple", ["page", 1]]),
    "a work nobody told of": op(0, "extend_work", WORK),
    "a work in a slot too many": op(0, "cond_resched", works=[0]),
    "info where there is none": op(0, "lock_page", PAGE, info=[["a", True]]),
    "info in no order": op(0, "queue_work", PAGE, None, info=[["b", True], ["a", True]]),
    "the same info twice": op(0, "queue_work", PAGE, None, info=[["a", True], ["a", True]]),
    "info that is no pair": op(0, "queue_work", PAGE, None, info=[["a"]]),
    "info under a fixed name": op(0, "queue_work", PAGE, None, info=[["kind", "sync"]]),
    "info under a parameter's name": op(0, "queue_work", PAGE, None, info=[["page", PAGE]]),
    "info under a name that is no text": b'["op",0,[],"queue_work",[null,null],[["\\udfff",null]],[2]]\n',
    "a line that the file does not have": op(0, "cond_resched", lines=[99]),
    "a line that is none": op(0, "cond_resched", lines=["2"]),
    "lines that are none": op(0, "cond_resched", lines=2),
    "an error that is none": message("fault", 0, [], "all is well"),
    "an error without words": message("fault", 0, [], {"what": "x"}),
    "an error with a number in it": message("fault", 0, [], fault(what=1)),
    "an error on a line that there is not": message("fault", 0, [], fault(line=99)),
    "a read of nothing": message("read"),
    "a read of what is not the policy's": message("read", PAGE, "attached", 2),
    "a read of the file system": message("read", "mm", "journalled", 2),
    "a read of an operation's name": message("read", "mm", "lock_page", 2),
    "a read of a page nobody told of": message("read", ["page", 1], "dirty", 2),
    "a read of a work nobody told of": message("read", WORK, "page", 2),
    "a read of an integer": message("read", ["int", 1], "dirty", 2),
    "a read of no text": message("read", PAGE, ["dirty"], 2),
    "a halt that nobody ordered": message("halted"),
    "a pickle": b"cos\nsystem\n(S'true'\ntR.\n",
    "two answers": 2 * op(0, "cond_resched"),
    "the end": None,
}


@pytest.mark.parametrize("what", NO_ANSWER)
def test_what_is_no_answer_is_held_against_the_submission(what: str) -> None:
    request = answer(NO_ANSWER[what])
    assert isinstance(request, Fault)
    assert isinstance(request.error, JudgeError)
    assert request.error.file == "liar.py"
    assert request.error.expected


ANSWERS = {
    "an operation": (op(0, "get_page", PAGE), Op("get_page", (("page", 0),), (), (2,))),
    "the largest integer": (message("return", 0, [], ["int", 2**63 - 1]), Return(("int", 2**63 - 1))),
    "text": (message("return", 0, [], "seité"), Return("seité")),
    "info": (
        op(0, "queue_work", PAGE, None, info=[["a", ["tuple", PAGE, False]]]),
        Op("queue_work", (("page", 0), None), (("a", ("tuple", ("page", 0), False)),), (2,)),
    ),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_what_is_an_answer_is_taken_as_it_is(what: str) -> None:
    sent, expected = ANSWERS[what]
    assert answer(sent) == expected


def test_an_error_is_quoted_from_the_judges_own_copy_and_cannot_format_the_terminal() -> None:
    raw = fault(what="a\x1b[2Jb\u202ec\nd" + "e" * 10_000, line=2, file="other.py", source="all is well")
    error = answer(message("fault", 0, [], raw)).error
    assert error.what.startswith("a [2Jb c\nde")
    assert len(error.what) == 4_000
    assert (error.file, error.line, error.source) == ("liar.py", 2, "    yield mm.get_page(page)")


# Limits


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        (b"", Limits(answer_seconds=0.1)),
        (b'["op",0', Limits(answer_seconds=0.1)),
        (b"", Limits(answer_seconds=60, wait_seconds=0.1)),
    ],
    ids=["nothing", "half a message", "nothing, too often"],
)
def test_what_a_clock_ends_is_judged_in_no_way(said: bytes, limits: Limits) -> None:
    """Neither a fault, nor nondeterminism, nor points; and so it stays, lest half a submission count."""
    with answered_by(scripted(said), limits) as policy:
        for _ in range(2):
            with pytest.raises(Unjudged, match=r"within 0\.1 seconds, in the first lines of enqueue") as caught:
                check_scenario(policy, build("busy-page"))
        with pytest.raises(Unjudged):
            policy.problem()
    assert "judge it again" in str(caught.value)


def test_a_child_that_the_machine_killed_is_judged_in_no_way_and_one_that_ended_is() -> None:
    for status, error in ((-9, Unjudged), (137, Unjudged), (0, None), (1, None), (-11, None)):
        with answered_by(scripted(None), status=status) as policy:
            if error is not None:
                with pytest.raises(error, match="it was killed"):
                    check_scenario(policy, build("busy-page"))
            else:
                assert isinstance(check_scenario(policy, build("busy-page")).verdicts[0].error, JudgeError)


@pytest.mark.parametrize("status", [-24, 128 + 24], ids=["by itself", "through bubblewrap"])
def test_processor_time_that_is_used_up_is_a_limit_like_others(status: int) -> None:
    with answered_by(scripted(None), Limits(cpu_seconds=3), status=status) as policy:
        (verdict,) = check_scenario(policy, build("busy-page")).verdicts
        assert verdict.kind == "incomplete"
        assert "more than 3 seconds of processor time, in the first lines of enqueue" in verdict.summary


@pytest.mark.parametrize("said", [b"a" * 3000, b'"' + b"a" * 3000 + b'"\n'], ids=["no end", "long"])
def test_a_line_that_is_too_long(said: bytes) -> None:
    request = answer(said, limits=Limits(line_bytes=1000))
    assert isinstance(request, Fault)
    assert isinstance(request.error, JudgeError)
    assert "more than 1,000 bytes" in request.error.what


READS = message("read", PAGE, "dirty", 2)


def goes_on() -> Any:
    """It never comes to an end: each answer leads to the next place."""
    return lambda question: op(question[1] + 1 if question[0] == "resume" else 0, "cond_resched")


def reads_on() -> Any:
    """So does this, and it reads one thing in each of its turns."""
    new = places()
    return lambda question: op(new(), "cond_resched") if question[0] == "value" else READS


@pytest.mark.parametrize(
    ("liar", "limits", "words"),
    [
        (goes_on, Limits(total_bytes=300), "the program sent more than 300 bytes in all"),
        (goes_on, Limits(turns=9), "the policy was asked more than 9 times what it does next"),
        (reads_on, Limits(answered=9), "the policy read more than 9 attributes in all"),
    ],
    ids=["bytes", "turns", "reads"],
)
def test_what_is_too_much_in_all_is_incomplete_with_the_number(liar: Any, limits: Limits, words: str) -> None:
    """Never safe, no accusation; and what was found before stays found."""
    with answered_by(liar(), limits) as policy:
        first = policy.table().start("enqueue", ("page", 0), lambda target, attr: True)
        for _ in range(2):
            result = check_scenario(policy, build("busy-page"))
            assert result.verdict == "incomplete"
            assert words in result.verdicts[0].summary
        if limits.answered > 9:
            assert policy.table().start("enqueue", ("page", 0), lambda target, attr: True) == first


def test_what_breaks_after_much_was_answered_is_no_other_answer() -> None:
    """The turns of a child that is asked no more are no answers: they differ from none that it gave."""
    turns = iter([READS, op(0, "cond_resched"), READS, None])
    with answered_by(lambda question: next(turns)) as policy:
        table = policy.table()
        table.start("enqueue", ("page", 0), lambda target, attr: True)
        for _ in range(2):
            arrival = table.start("enqueue", ("page", 0), lambda target, attr: False)
            assert isinstance(arrival.request, Fault)
            assert "died" in arrival.request.error.what
        assert isinstance(table.start("enqueue", ("page", 0), lambda target, attr: True).request, Op)


def test_a_child_that_reads_without_end_is_stopped() -> None:
    request = answer(*[message("read", PAGE, "dirty", 2)] * 12, limits=Limits(reads=10))
    assert isinstance(request, Fault)
    assert "more than 10" in request.error.what


def test_a_child_that_stops_reading_is_given_up() -> None:
    def deaf(question: Any) -> bytes:
        if question[0] == "start":
            gate.acquire()
        return b""

    import threading

    gate = threading.Semaphore(0)
    with answered_by(deaf, Limits(answer_seconds=0.2)) as policy:
        try:
            with pytest.raises(Unjudged):
                policy.programs().start("enqueue", "x" * (1 << 20), nothing)
        finally:
            gate.release()


# Lies over several answers


def test_after_a_misbehaviour_nothing_more_is_asked_and_every_turn_is_the_same_fault() -> None:
    asked = []

    def liar(question: Any) -> bytes:
        asked.append(question)
        return b"nonsense\n" if len(asked) == 1 else op(1, "cond_resched")

    with answered_by(liar) as policy:
        programs = policy.programs()
        first = programs.start("enqueue", ("page", 0), nothing)
        second = programs.start("enqueue", ("page", 1), nothing)
        assert policy.problem() is policy.error
    assert first.request == second.request
    assert isinstance(first.request, Fault)
    assert len(asked) == 1


def test_a_message_that_came_before_it_was_asked_for() -> None:
    with answered_by(scripted(op(0, "cond_resched") + b"[")) as policy:
        turn = policy.programs().start("enqueue", ("page", 0), nothing)
        assert isinstance(turn.request, Fault)
    late = scripted(op(0, "cond_resched"), op(1, "cond_resched"))
    with answered_by(late) as policy:
        programs = policy.programs()
        programs.start("enqueue", ("page", 0), nothing)
        turn = programs.resume(0, None, nothing)
        assert turn.request == Op("cond_resched", (), (), (2,))


def test_two_requests_at_one_place() -> None:
    with answered_by(scripted(op(0, "cond_resched"), op(0, "get_page", PAGE))) as policy:
        policy.programs().start("enqueue", ("page", 0), nothing)
        turn = policy.programs().resume(0, None, nothing)
    assert isinstance(turn.request, Fault)
    assert "same place" in turn.request.error.what


def test_a_place_where_another_call_would_name_the_first_calls_page() -> None:
    with answered_by(scripted(op(0, "get_page", PAGE), op(0, "get_page", PAGE))) as policy:
        policy.programs().start("enqueue", ("page", 0), nothing)
        turn = policy.programs().start("enqueue", ("page", 1), nothing)
    assert isinstance(turn.request, Fault)
    assert "never told of" in turn.request.error.what


def test_a_place_from_which_another_call_would_later_name_the_first_calls_page() -> None:
    liar = scripted(op(0, "cond_resched"), op(1, "cond_resched"), op(2, "get_page", PAGE), op(0, "cond_resched"))
    with answered_by(liar) as policy:
        programs = policy.programs()
        assert isinstance(programs.start("enqueue", ("page", 0), nothing).request, Op)
        assert isinstance(programs.resume(0, None, nothing).request, Op)
        assert isinstance(programs.resume(1, None, nothing).request, Op)
        turn = programs.start("enqueue", ("page", 1), nothing)
    assert isinstance(turn.request, Fault)
    assert "never told of" in turn.request.error.what


def test_a_page_that_was_found_may_be_named_ever_after() -> None:
    liar = scripted(
        op(0, "find_get_page", ["inode", 0], ["int", 1]), op(1, "cond_resched"), op(2, "put_page", ["page", 7])
    )
    with answered_by(liar) as policy:
        programs = policy.programs()
        programs.start("enqueue", ("tuple", ("page", 0), ("inode", 0)), nothing)
        programs.resume(0, ("page", 7), nothing)
        assert isinstance(programs.resume(1, None, nothing).request, Op)


def test_a_read_that_breaks_a_rule_ends_the_turn_and_the_child_must_let_go() -> None:
    def halts(read: Read) -> Any:
        raise Halt

    obedient = scripted(message("read", PAGE, "dirty", 2), message("halted"), op(0, "cond_resched"))
    with answered_by(obedient) as policy:
        with pytest.raises(Halt):
            policy.programs().start("enqueue", ("page", 0), halts)
        assert isinstance(policy.programs().start("enqueue", ("page", 0), halts).request, Op)
    stubborn = scripted(message("read", PAGE, "dirty", 2), op(0, "cond_resched"))
    with answered_by(stubborn) as policy:
        with pytest.raises(Halt):
            policy.programs().start("enqueue", ("page", 0), halts)
        assert policy.error is not None


def test_an_interrupted_question_is_the_last_one() -> None:
    def interrupted(read: Read) -> Any:
        raise KeyboardInterrupt

    with answered_by(scripted(message("read", PAGE, "dirty", 2))) as policy:
        with pytest.raises(KeyboardInterrupt):
            policy.programs().start("enqueue", ("page", 0), interrupted)
        assert isinstance(policy.programs().start("enqueue", ("page", 0), nothing).request, Fault)


# A lying child is merely another policy


def places() -> Any:
    """A liar's numbers for its places: a new one each time."""
    count = iter(range(10**9))
    return lambda: next(count)


def test_places_without_end_are_incomplete_never_safe() -> None:
    new = places()
    with answered_by(lambda question: op(new(), "cond_resched")) as policy:
        result = check_scenario(policy, build("busy-page"), max_states=1000)
    assert result.verdict == "incomplete"


def test_to_return_at_once_for_ever_is_a_policy_that_loses_works() -> None:
    with answered_by(lambda question: message("return", 0, [], True)) as policy:
        assert check_scenario(policy, build("busy-page")).verdict == "lost-work"


def test_a_child_that_remembers_what_it_has_done_is_asked_everything_only_once() -> None:
    """It would do well in whatever is checked second; the judge has its answers already."""
    asked: list[Any] = []

    def liar(question: Any) -> bytes:
        asked.append(question)
        return message("return", 0, [], True)

    with answered_by(liar) as policy:
        for _ in range(2):
            assert check_scenario(policy, build("busy-page")).verdict == "lost-work"
            assert simulate(policy, build("busy-page")).ended == "rest"
    assert len(asked) == len({repr(question) for question in asked})


def test_a_child_that_reads_something_else_the_second_time() -> None:
    """After the same history it read `dirty` first, then `locked`: no policy can do that."""
    turns = {"number": 0}

    def liar(question: Any) -> bytes:
        if question[0] == "value":
            return message("return", 0, [], True)
        turns["number"] += 1
        return message("read", PAGE, "locked" if turns["number"] % 2 else "dirty", 2)

    with answered_by(liar) as policy:
        table = policy.table()
        table.start("enqueue", ("page", 0), lambda target, attr: True)
        arrival = table.start("enqueue", ("page", 0), lambda target, attr: False)
    assert isinstance(arrival.request, Fault)
    assert "two ways" in arrival.request.error.what


@pytest.mark.parametrize(
    "said",
    [
        message("printed"),
        message("printed", "text"),
        message("printed", [1]),
        message("printed", ["x"] * 22),
        b'["printed",["\\ud800"]]\n',
        message("return", 0, [], None),
    ],
)
def test_what_a_child_says_that_it_printed_is_lines_or_a_verdict(said: bytes) -> None:
    with answered_by(scripted(said), text=PRINTS) as policy:
        assert policy.printed() == ()
        assert isinstance(policy.problem(), JudgeError)


def test_what_a_child_says_that_it_printed_is_bounded_and_moves_no_terminal() -> None:
    with answered_by(scripted(message("printed", ["line 1: \x1b[2J" + "x" * 9_000, "a\nb"])), text=PRINTS) as policy:
        long, two = policy.printed()
    assert len(long) == 320
    assert long.startswith("line 1:  [2Jx")
    assert two == "a b"


def test_a_child_that_cannot_print_is_not_asked_what_it_printed() -> None:
    with answered_by(scripted()) as policy:
        assert policy.printed() == ()
