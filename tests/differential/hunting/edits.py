"""Random policies: correct and wrong ones, edited at random places with any operation and any read; and free ones."""

import ast
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from wbviz.policy.load import builtin_names, load_policy

BLOCKS = ("body", "orelse", "finalbody")
PAGES = ("page", "member", "neighbour", "other", "nxt")
"""Names that policies give to pages."""

WITH_OTHER = """def enqueue(mm, page):
    yield mm.get_page(page)
    other = yield mm.find_get_page(page.mapping, page.index + 1)
    if not (yield mm.queue_work(page=page, other=other)):
        yield mm.put_page(page)
        if other is not None:
            yield mm.put_page(other)
        return False
    return True

def execute(mm, work):
    page = work.page
    other = work.other
    if other is None:
        other = page
        yield mm.get_page(page)
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.lock_page(other)
    yield mm.unlock_page(other)
    yield mm.put_page(other)
    yield mm.put_page(page)
"""
AGAIN = """def enqueue(mm, page):
    if any(it.page == page for it in mm.works):
        return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, again=1)):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    page = work.page
    again = work.again
    if again and not (yield mm.trylock_page(page)):
        if (yield mm.queue_work(page=page, again=0)):
            return
        yield mm.lock_page(page)
    elif not again:
        yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
WITH_INODE = """def enqueue(mm, page):
    inode = page.mapping
    if inode is None or not (yield mm.igrab(inode)):
        return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, inode=inode)):
        yield mm.put_page(page)
        yield mm.iput(inode)
        return False
    return True

def execute(mm, work):
    page = work.page
    inode = work.inode
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    yield mm.iput(inode)
"""
WAITS_AFTERWARDS = """def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.wait_on_page_writeback(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""


def _bases() -> dict[str, str]:
    """Whole policies to start from."""
    own = {"with_other": WITH_OTHER, "again": AGAIN, "with_inode": WITH_INODE, "waits_afterwards": WAITS_AFTERWARDS}
    return own | {name: _bare(load_policy(name).source) for name in builtin_names()}


def _bare(text: str) -> str:
    """A policy without its docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node):
            del node.body[0]
    return ast.unparse(tree)


FAVOURITES = ("pin_then_lock", "write_ahead", "trylock_around", "range_around", "with_other", "again", "with_inode")


class Point(NamedTuple):
    """A place in a policy: before a statement of a block, with the names of pages that may be used there."""

    block: list[ast.stmt]
    index: int
    pages: tuple[str, ...]


def points(tree: ast.Module) -> list[Point]:
    """Every place where a statement can be put, the ends of blocks included."""
    return [
        point
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for point in _within(function.body, [arg.arg for arg in function.args.args if arg.arg in PAGES])
    ]


def _within(block: list[ast.stmt], names: list[str]) -> Iterator[Point]:
    known = list(names)
    for index, statement in enumerate(block):
        yield Point(block, index, tuple(known))
        inside = known + [target for target in _bound(statement, ast.For) if target in PAGES]
        if isinstance(statement, ast.If):
            inside += [name for name in ("neighbour", "nxt") if name in ast.unparse(statement.test)]
        for field in BLOCKS:
            yield from _within(getattr(statement, field, []), inside)
        known += [name for name in _bound(statement, ast.Assign) if name in ("page", "member", "other")]
    yield Point(block, len(block), tuple(known))


def _bound(statement: ast.stmt, kind: type) -> list[str]:
    if not isinstance(statement, kind):
        return []
    of: Any = statement
    targets = of.targets if kind is ast.Assign else [of.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


class Writer:
    """Writes random statements that may use some names of pages."""

    def __init__(self, random: Random, pages: tuple[str, ...]) -> None:
        self.random, self.pages = random, pages or ("page",)

    def page(self) -> str:
        return self.random.choice(self.pages)

    def read(self) -> str:
        """Something that may be looked at."""
        page = self.page()
        return self.random.choice(
            [
                *[f"{page}.{attr}" for attr in ("dirty", "writeback", "writeback", "locked")],
                f"{page}.mapping is None",
                f"{page}.mapping is not None",
                f"{page}.mapping is not None and {page}.mapping.linked",
                "len(mm.works)",
                f"any(it.page == {page} for it in mm.works)",
                f"(yield mm.trylock_page({page}))",
                f"{page}.index",
            ]
        )

    def look(self) -> str:
        """An attribute of a page that others change."""
        return f"{self.page()}.{self.random.choice(['dirty', 'writeback', 'writeback', 'locked', 'mapping'])}"

    def test(self) -> str:
        """A condition: one read or several."""
        return self.random.choice(["", "not "]) + f"({self.read()})" + self._more()

    def _more(self) -> str:
        return f" {self.random.choice(['and', 'or'])} {self.test()}" if self.random.random() < 0.3 else ""

    def operation(self) -> str:
        """Any operation of a policy."""
        page, random = self.page(), self.random
        names = ["lock_page", "unlock_page", "trylock_page", "get_page", "put_page", "writepage"]
        return random.choice(
            [
                *[f"yield mm.{name}({page})" for name in (*names, "wait_on_page_writeback")],
                "yield mm.cond_resched()",
                f"yield mm.igrab({page}.mapping)",
                f"yield mm.iput({page}.mapping)",
                f"other = yield mm.find_get_page({page}.mapping, {random.choice([0, 1])})",
                f"yield mm.queue_work(page={page})",
                f"yield mm.queue_work(page={page}, n={random.choice([0, 1])})",
                f"yield mm.queue_work(inode={page}.mapping, held={page})",
                f"for it in mm.works:\n    yield mm.extend_work(it, n={random.choice([0, 1])})",
            ]
        )

    def pair(self) -> str:
        """Two operations that belong together."""
        page = self.page()
        return self.random.choice(
            [
                f"yield mm.get_page({page})\n{self.harmless()}\nyield mm.put_page({page})",
                f"yield mm.lock_page({page})\n{self.harmless()}\nyield mm.unlock_page({page})",
                f"if (yield mm.trylock_page({page})):\n    yield mm.unlock_page({page})",
                f"while {page}.writeback:\n    yield mm.cond_resched()",
                f"for n in range(2):\n    if not ({self.read()}):\n        break\n    yield mm.cond_resched()",
                f"inode = {page}.mapping\nif inode is not None and (yield mm.igrab(inode)):\n    yield mm.iput(inode)",
                f"yield mm.wait_on_page_writeback({page})",
            ]
        )

    def harmless(self) -> str:
        return self.random.choice(
            ["yield mm.cond_resched()", f"yield mm.wait_on_page_writeback({self.page()})", f"{self.test()}"]
        )

    def harm(self) -> str:
        """What is nearly always wrong."""
        page = self.page()
        return self.random.choice(
            [
                f"yield mm.get_page({page})",
                f"yield mm.put_page({page})",
                f"yield mm.unlock_page({page})",
                f"yield mm.lock_page({page})",
                f"yield mm.writepage({page})",
                f"yield mm.igrab({page}.mapping)",
                f"yield mm.queue_work(page={page})",
                "return",
                "return False",
                "while True:\n    yield mm.cond_resched()",
            ]
        )

    def trap(self) -> str:
        """Harm that only some interleavings do."""
        random = self.random
        harm = f"yield mm.get_page({self.page()})" if random.random() < 0.7 else self.harm().replace("\n", "\n    ")
        if random.random() < 0.4:
            steps = "\n".join(self.harmless() for _ in range(random.choice([1, 1, 2])))
            look = self.look() if random.random() < 0.7 else self.read()
            return f"was = {look}\n{steps}\nif was {random.choice(['!=', '=='])} ({look}):\n    {harm}"
        start = f"{self.harmless()}\n" if random.random() < 0.5 else ""
        test = f"{random.choice(['', 'not '])}{self.look()}" if random.random() < 0.7 else self.test()
        return f"{start}if {test}:\n    {harm}"

    def statement(self) -> str:
        """Any of these."""
        kinds: list[Callable[[], str]] = [self.trap] * 4 + [self.pair] * 3 + [self.operation, self.harmless]
        return self.random.choice(kinds)()


def statements(text: str) -> list[ast.stmt]:
    """Lines as they stand in a function."""
    inside = "\n".join(f"    {line}" for line in text.splitlines())
    (function,) = ast.parse(f"def f():\n{inside}\n").body
    assert isinstance(function, ast.FunctionDef)
    return function.body


def edit(random: Random, tree: ast.Module) -> None:
    """Change a policy at one place."""
    block, index, pages = random.choice(points(tree))
    writer = Writer(random, pages)
    way = random.random()
    if way < 0.7 or index == len(block):
        block[index:index] = statements(writer.statement())
    elif way < 0.8 and len(block) > 1:
        del block[index]
    elif way < 0.87:
        block[index] = ast.If(ast.parse(_outside(writer)).body[0].value, [block[index]], [])  # type: ignore[attr-defined]
    elif way < 0.94 and index + 1 < len(block):
        block[index : index + 2] = block[index : index + 2][::-1]
    else:
        block.insert(index, block[index])


def _outside(writer: Writer) -> str:
    """A condition without a yield."""
    while "yield" in (test := writer.test()):
        pass
    return test


def free(random: Random) -> str:
    """A policy of nothing but random statements, on a frame that starts and ends."""
    made = []
    for name, argument, start in (("enqueue", "page", ""), ("execute", "work", "page = work.page\n")):
        writer = Writer(random, ("page",))
        body = start + "\n".join(
            random.choice([writer.operation, writer.pair, writer.trap])() for _ in range(random.randint(1, 5))
        )
        made.append(f"def {name}(mm, {argument}):\n" + "\n".join(f"    {line}" for line in body.splitlines()))
    return "\n\n".join(made) + "\n"


BASES = _bases()


def policy_text(random: Random) -> str:
    """A policy, as text."""
    way = random.random()
    if way < 0.08:
        return free(random)
    text = BASES[random.choice(FAVOURITES if way < 0.6 else sorted(BASES))]
    tree = ast.parse(text)
    if way < 0.35:  # one trap, in a policy of which nearly everything is right
        block, index, pages = random.choice(points(tree)[-12 if random.random() < 0.6 else 0 :])
        block[index:index] = statements(Writer(random, pages).trap())
    else:
        for _ in range(random.choice([1, 1, 2, 2, 3])):
            edit(random, tree)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
