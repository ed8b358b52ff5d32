"""Random policies and random small scenarios, mostly sensible, often not quite."""

from textwrap import indent
from typing import Any

from hypothesis import strategies as st

from tests.check.tiny import tiny
from wbviz.machine.scenario import Scenario

PAGES = st.sampled_from(["page", "page", "other"])


def _block(*lines: str) -> str:
    return "\n".join(lines)


def _inner(body: str) -> str:
    return indent(body, "    ")


WRITE = "yield mm.wait_on_page_writeback({0})\nif {0}.mapping is not None and {0}.dirty:\n    yield mm.writepage({0})"
ONE = st.one_of(
    st.just("yield mm.cond_resched()"),
    PAGES.map(lambda p: f"yield mm.lock_page({p})\n{WRITE.format(p)}\nyield mm.unlock_page({p})"),
    PAGES.map(lambda p: f"yield mm.lock_page({p})\nyield mm.unlock_page({p})"),
    PAGES.map(lambda p: f"yield mm.wait_on_page_writeback({p})"),
    PAGES.map(lambda p: f"yield mm.get_page({p})\nyield mm.put_page({p})"),
    st.just("yield mm.queue_work(page=page)"),
    st.just("for it in mm.works:\n    yield mm.extend_work(it, seen=True)"),
    st.sampled_from(
        [
            f"yield mm.{name}({page})"
            for name in ("lock_page", "unlock_page", "trylock_page", "get_page", "put_page", "writepage")
            for page in ("page", "other")
        ]
    ),
    st.sampled_from(["return", "return True", "return False"]),
    st.just("inode = page.mapping\nif inode is not None and (yield mm.igrab(inode)):\n    yield mm.iput(inode)"),
)


def _grow(body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(body, body).map(lambda two: _block(*two)),
        st.tuples(PAGES, body).map(
            lambda it: _block(f"yield mm.lock_page({it[0]})", it[1], f"yield mm.unlock_page({it[0]})")
        ),
        st.tuples(PAGES, body).map(
            lambda it: _block(
                f"if (yield mm.trylock_page({it[0]})):", _inner(it[1]), f"    yield mm.unlock_page({it[0]})"
            )
        ),
        st.tuples(PAGES, body).map(
            lambda it: _block(
                f"while not (yield mm.trylock_page({it[0]})):",
                "    yield mm.cond_resched()",
                it[1],
                f"yield mm.unlock_page({it[0]})",
            )
        ),
        st.tuples(PAGES, body).map(lambda it: _block(f"if {it[0]}.dirty:", _inner(it[1]))),
        body.map(lambda it: _block("for n in range(2):", _inner(it))),
        body.map(lambda it: _block("try:", _inner(it), "finally:", "    yield mm.cond_resched()")),
    )


BODIES = st.recursive(ONE, _grow, max_leaves=4)
OTHER = "other = yield mm.find_get_page(page.mapping, 1)\nif other is None:\n    return False\n"
QUEUE = (
    "yield mm.get_page(page)\nif not (yield mm.queue_work(page=page)):\n    yield mm.put_page(page)\n    return False"
)
EXECUTE = f"yield mm.lock_page(page)\n{WRITE.format('page')}\nyield mm.unlock_page(page)\nyield mm.put_page(page)"


@st.composite
def policy_texts(draw: st.DrawFn) -> str:
    """A policy: pin_then_lock with something before, after, or instead of what it does."""

    def function(name: str, argument: str, start: str, sound: str) -> str:
        before = draw(st.just("") | BODIES)
        middle = draw(st.just(sound) | st.just(sound) | BODIES)
        after = draw(st.just("") | BODIES)
        body = "\n".join(part for part in (start, before, middle, after) if part)
        if "other" in body:
            get = "other = yield mm.find_get_page(page.mapping, 1)" if name == "enqueue" else "other = work.with_"
            body = "\n".join(part for part in (start, get, body.removeprefix(start).lstrip("\n")) if part)
        return f"def {name}(mm, {argument}):\n{_inner(body)}\n"

    enqueue = function("enqueue", "page", "", QUEUE)
    execute = function("execute", "work", "page = work.page", EXECUTE)
    if "with_" in execute:
        execute = execute.replace("other = work.with_", "other = page")
    return enqueue + "\n" + execute


BESIDE: list[tuple[Any, ...]] = [
    ("writer", "writer", ("A0", "A1")),
    ("down", "writer", ("A1", "A0")),
    ("reader", "reader", "A0", False),
    ("endless", "reader", "A0", True),
    ("cleaner", "cleaner", "A0"),
    ("truncate", "truncate", ("A0", "A1")),
    ("dirtier", "dirtier", "A0"),
    ("sync", "sync", "A"),
    ("polite", "polite", ("A0", "A1")),
    ("kswapd2", "kswapd", ("A0",), 1, False),
]


@st.composite
def small_scenarios(draw: st.DrawFn) -> Scenario:
    """Two pages, a reclaimer, up to two tasks beside it, on any filesystem."""
    kswapd = (
        "kswapd",
        "kswapd",
        draw(st.sampled_from([("A0",), ("A0", "A1")])),
        draw(st.integers(1, 2)),
        draw(st.booleans()),
    )
    beside = draw(st.lists(st.sampled_from(BESIDE), max_size=2, unique_by=lambda task: task[0]))
    return tiny(
        2,
        kswapd,
        *beside,
        filesystem=draw(st.sampled_from(["single", "single", "cluster", "cluster-try"])),
        cluster=2,
        clean=draw(st.sampled_from([(), ("A1",)])),
        queue_limit=draw(st.sampled_from([None, 1])),
        flushers=draw(st.sampled_from([1, 1, 2])),
    )
