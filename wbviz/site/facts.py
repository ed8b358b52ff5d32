"""What the book says of kernel sources, looked up: ``python -m wbviz.site.facts FOLDER``.

`book/data/facts.toml` has a row for each source that the book cites by version, file and function: what must stand
there, and what must not. FOLDER holds trees, each in a folder named as in the citations, `linux-3.3`. A tree that is
missing is said, and its rows are not checked; without FOLDER only the book's side is: which citations no row covers.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from wbviz.site.builder import checkout

CITED = re.compile(r"\{cite\}`([^`]+)`")
SOURCE = re.compile(r"^linux-[\d.]+:")


class Fact(NamedTuple):
    """One row. `has` and `lacks` are patterns, searched in the function that the source names, with the comment above
    it, or in the file where it names none."""

    source: str
    path: str
    says: str
    has: tuple[str, ...]
    lacks: tuple[str, ...]


class Count(NamedTuple):
    """How many lines of the C files under some folders of a tree match."""

    source: str
    under: tuple[str, ...]
    pattern: str
    times: int
    says: str


def read(text: str) -> tuple[list[Fact], list[Count]]:
    """The rows of a file in TOML. Raises KeyError where one lacks a field."""
    data = tomllib.loads(text)
    facts = [
        Fact(row["source"], row["path"], row["says"], tuple(row["has"]), tuple(row.get("lacks", ())))
        for row in data["fact"]
    ]
    counts = [
        Count(row["source"], tuple(row["under"]), row["pattern"], row["times"], row["says"])
        for row in data.get("count", ())
    ]
    return facts, counts


def wrong(fact: Fact, tree: Path) -> list[str]:
    """What does not hold of a fact in a tree; nothing if it holds."""
    try:
        text = (tree / fact.path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return [f"there is no {fact.path}"]
    place = region(text, fact.source)
    missing = [f"not found: {pattern}" for pattern in fact.has if not re.search(pattern, place)]
    return missing + [f"found, and should not be: {pattern}" for pattern in fact.lacks if re.search(pattern, place)]


def region(text: str, source: str) -> str:
    """The function that a source names, from the end of what stands before it; where there is none, the whole text."""
    name = source.split(":")[2:]
    found = re.search(rf"^\w[^\n;]*\b{re.escape(name[0])}\([^;{{]*\{{", text, re.MULTILINE) if name else None
    if not found:
        return text
    return text[max(0, text.rfind("\n}", 0, found.start())) : text.find("\n}", found.start())]


def differs(count: Count, tree: Path) -> list[str]:
    """What does not hold of a count."""
    files = (file for folder in count.under for file in sorted((tree / folder).rglob("*.c")))
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in files)
    found = sum(len(re.findall(count.pattern, text)) for text in texts)
    return [] if found == count.times else [f"{found} times, not {count.times}: {count.pattern}"]


def statements(pages: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Each citation of a kernel source in some pages: the page, the line, the key."""
    for page, text in pages.items():
        for found in CITED.finditer(text):
            for key in found[1].replace(" ", "").split(","):
                if SOURCE.match(key):
                    yield page, text.count("\n", 0, found.start()) + 1, key


def main(arguments: list[str]) -> int:
    """Check; the exit status is 1 where a row does not hold or a citation has none."""
    book = checkout() / "book"
    facts, counts = read((book / "data" / "facts.toml").read_text(encoding="utf-8"))
    pages = {file.name: file.read_text(encoding="utf-8") for file in sorted(book.rglob("*.md"))}
    covered = {fact.source for fact in facts}
    bare = [(page, line, key) for page, line, key in statements(pages) if key not in covered]
    for page, line, key in bare:
        print(f"{page}:{line}: no row of facts.toml covers {key}")
    bad = _look(Path(arguments[0]), facts, counts) if arguments else 0
    if not arguments:
        print(f"{len(facts)} rows; name a folder of trees to look them up: make facts TREES=FOLDER")
    return 1 if bare or bad else 0


def _look(trees: Path, facts: list[Fact], counts: list[Count]) -> int:
    """Look all rows up, and say what was found. How many do not hold."""
    rows: list[Fact | Count] = [*facts, *counts]
    absent = sorted({_tree(row.source) for row in rows if not (trees / _tree(row.source)).is_dir()})
    bad = looked = 0
    for row in rows:
        tree = trees / _tree(row.source)
        if tree.is_dir():
            looked += 1
            problems = wrong(row, tree) if isinstance(row, Fact) else differs(row, tree)
            bad += bool(problems)
            for problem in problems:
                print(f"{row.source} ({row.says}): {problem}")
    print(f"{looked} of {len(rows)} rows looked up, {looked - bad} hold, {bad} do not")
    if absent:
        print(f"not in {trees}: {', '.join(absent)}")
    return bad


def _tree(source: str) -> str:
    return source.split(":")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
