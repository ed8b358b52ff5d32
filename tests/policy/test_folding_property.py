"""Folding is right: two histories at one place go on alike, whatever is answered next.

Random programs are run twice: as what they are, a generator from its beginning with the very answers; and through
places, where each turn replays *some* history that led to the place. Both must ask for the same, with the same works.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.policy.histories import Op, Return
from wbviz.policy.load import policy_from_text
from wbviz.policy.table import Table, to_numbers

LEAVES = [
    "a = (a + 1) % 3",
    "a += 1",
    "b.append(a)",
    "b = b[-1:]",
    "del b[:]",
    "c = b",
    "c = list(b)",
    "c.append(x)",
    "d[a] = x",
    "d.pop(0, None)",
    "x = yield mm.cond_resched()",
    "x = yield mm.trylock_page(page)",
    "x = yield mm.queue_work(page=page, a=a, b=tuple(b), c=tuple(c))",
    "x = yield mm.queue_work(d=tuple(d.items()), f=f(), s=tuple(s))",
    "x = yield mm.queue_work(x=x, i=i)",
    "x = yield mm.extend_work(kept, a=a)",
    "x = yield mm.extend_work(work, same=kept == work)",
    "kept = work",
    "kept = mm.works[-1] if mm.works else kept",
    "kept, work = work, kept",
    "all_ = mm.works",
    "x = kept in all_",
    "x = page.dirty",
    "x = yield from helper(mm, page, b)",
    "x = yield from helper(mm, page, c)",
    "it = iter(b)",
    "it = (j for j in (1, 2, 3))",
    "it = enumerate((5, 6))",
    "it = zip(b, c)",
    "it = map(str, b)",
    "i = next(it, None) is None",
    "s.add(a)",
    "g = lambda: a",
    "i = g()",
    "box = Box(a)",
    "box.n = b",
    "i = len(str(box.n))",
    "it = reversed(b)",
    "it = iter(tuple(d))",
]
HEADS = [
    "for i in (0, 1):",
    "for i in range(a % 4):",
    "for _ in b[:3]:",
    "for i, _ in enumerate([7, 7]):",
    "for kept in mm.works:",
    "for i in (j for j in range(2)):",
    "for _ in reversed([0, 0]):",
    "for i in zip((1, 2), (3, 4)):",
    "for i in {8: 1, 9: 1}:",
    "if x:",
    "if a == 1:",
    "if page.dirty:",
    "if kept is work:",
    "while (yield mm.trylock_page(page)):",
    "try:",
]
FRAME = """\
class Box:
    def __init__(self, n):
        self.n = n
def helper(mm, page, items):
    for item in items[:2]:
        if (yield mm.trylock_page(page)):
            items = items[1:]
    return len(items)
def enqueue(mm, page):
    yield mm.cond_resched()
def execute(mm, work):
    page = work.page
    a, b, c, d, s, x, i = 0, [], [], {}, set(), None, 0
    kept, all_, it, box, f, g = work, (), iter(()), Box(0), (lambda: len(b)), (lambda: 0)
    while True:
        yield mm.cond_resched()
"""


@st.composite
def statements(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """A block of one to four statements."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        if depth < 2 and draw(st.integers(0, 2)) == 0:
            head = draw(st.sampled_from(HEADS))
            body = draw(statements(depth + 1))
            lines += [head, *("    " + line for line in body)]
            if head == "try:":
                lines += ["finally:", "    a = 0"]
        else:
            lines.append(draw(st.sampled_from(LEAVES)))
    return lines


class World:
    """What is answered, by the number of the step: results, the dirty flag, the works that are queued."""

    def __init__(self, steps: list[tuple[bool, bool, list[int]]]) -> None:
        self.steps = steps
        self.now = 0

    def works(self) -> list[int]:
        return self.steps[self.now % len(self.steps)][2]

    def dirty(self) -> bool:
        return self.steps[self.now % len(self.steps)][1]

    def result(self) -> bool:
        return self.steps[self.now % len(self.steps)][0]


def directly(text: str, world: World, length: int) -> Iterator[Any]:
    """The requests of the generator itself, with plain objects for views."""
    page = SimpleNamespace()
    works = {number: SimpleNamespace(number=number, page=page) for number in range(1, 5)}

    class Mm:
        @property
        def works(self) -> Any:
            return tuple(works[number] for number in world.works())

        def __getattr__(self, name: str) -> Any:
            return lambda *args, **info: (name, args, info)

    class Page:
        index = 0

        @property
        def dirty(self) -> bool:
            return world.dirty()

    page = Page()  # type: ignore[assignment]
    for work in works.values():
        work.page = page

    def show(thing: Any) -> Any:
        if thing is None or thing is True or thing is False or isinstance(thing, str):
            return thing
        if isinstance(thing, int):
            return ("int", thing)
        if isinstance(thing, tuple):
            return ("tuple", *[show(item) for item in thing])
        return ("page", 0) if thing is page else ("work", thing.number)

    namespace: dict[str, Any] = {}
    exec(text, namespace)
    world.now = 0
    program = namespace["execute"](Mm(), works[1])
    answer = None
    for _ in range(length):
        try:
            name, args, info = program.send(answer)
        except StopIteration:
            yield "end"
            return
        except Exception as error:
            yield type(error).__name__
            return
        if name == "queue_work":
            args = (info.pop("page", None), None)
        yield (name, tuple(show(arg) for arg in args), tuple((key, show(info[key])) for key in sorted(info)))
        world.now += 1
        answer = world.result()
    program.close()


def by_places(table: Table, world: World, length: int) -> Iterator[Any]:
    """The requests of the same program, each turn from its place."""

    def read(target: Any, attr: str) -> Any:
        if attr == "works":
            return ("tuple", *[("work", number) for number in world.works()])
        return ("page", 0) if attr == "page" else world.dirty()

    world.now = 0
    arrival = table.start("execute", ("work", 1), read)
    for _ in range(length):
        request = arrival.request
        if isinstance(request, Return):
            yield "end"
            return
        if not isinstance(request, Op):
            yield request.error.what.removeprefix("the policy raised ").partition(":")[0]
            return
        args = tuple(to_numbers(arg, arrival.works) for arg in request.args)
        yield (request.name, args, tuple((key, to_numbers(value, arrival.works)) for key, value in request.info))
        world.now += 1
        arrival = table.resume(arrival.place, arrival.works, world.result(), read)


steps = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.lists(st.integers(1, 4), max_size=2, unique=True)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150)
@given(statements(), st.lists(steps, min_size=2, max_size=5))
def test_a_program_and_its_places_ask_for_the_same(body: list[str], worlds: list[list[Any]]) -> None:
    text = FRAME + "".join(f"        {line}\n" for line in body)
    programs = policy_from_text(text).programs()
    table = Table(programs)
    for number, world in enumerate(worlds):
        if number % 2:
            programs.close()  # now every turn is a replay
        assert list(by_places(table, World(world), 14)) == list(directly(text, World(world), 14))


@settings(max_examples=60)
@given(statements(), st.lists(steps, min_size=1, max_size=3))
def test_the_same_history_leads_to_the_same_place(body: list[str], worlds: list[list[Any]]) -> None:
    """Two sets of programs number their places alike, and asking again changes nothing."""
    text = FRAME + "".join(f"        {line}\n" for line in body)

    def numbers(programs: Any) -> list[Any]:
        def read(it: Any) -> Any:
            if it.attr == "works":
                return ("tuple", *[("work", slot) for slot in world.works() if slot < len(turn.works)])
            return ("page", 0) if it.attr == "page" else world.dirty()

        found = []
        for plan in worlds:
            world = World(plan)
            turn = SimpleNamespace(works=())
            turn = programs.start("execute", ("work", 0), read)
            for _ in range(10):
                found.append((turn.place, str(turn.request), turn.works))
                if not isinstance(turn.request, Op):
                    break
                world.now += 1
                turn = programs.resume(turn.place, world.result(), read)
        return found

    policy = policy_from_text(text)
    first = policy.programs()
    once = numbers(first)
    assert numbers(policy.programs()) == once
    if ".pop" not in text:  # with it the set `s` would make every place a new one: see `removes`
        first.close()
        assert numbers(first) == once
