"""A report as text, as Markdown, and as one HTML page that carries its players."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from html import escape
from typing import NamedTuple

from wbviz.errors import printable
from wbviz.grade.advice import CHAPTERS
from wbviz.grade.result import (
    FAILS,
    HOLDS,
    NOT_COUNTED,
    PARTLY,
    UNSETTLED,
    Checked,
    Failure,
    PropertyResult,
    Report,
)
from wbviz.policy.printed import printed_words
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.trace.text import COLUMNS, cycle_words, snippet, table
from wbviz.trace.trace import Trace

__all__ = [
    "FAILS",
    "HOLDS",
    "NOT_COUNTED",
    "PARTLY",
    "UNSETTLED",
    "Checked",
    "Failure",
    "PropertyResult",
    "Report",
    "html",
    "lesson_text",
    "markdown",
    "text",
]


INDENT = 4
"""A table stands so far in, in the report for a terminal."""


class Part(NamedTuple):
    """A piece of a lesson: a label, and words; `fixed` where columns and line breaks matter."""

    label: str
    words: str
    fixed: bool = False


def number(points: float) -> str:
    """Points without a needless fraction."""
    return f"{points:g}"


def headline(report: Report) -> str:
    """Exercise, policy and points in one line."""
    if not report.gradable:
        return f"{report.exercise}: nothing was graded, because of a mistake that has to be mended first"
    return f"{report.exercise}: {report.policy} gets {number(report.points)} of {report.total} points"


def basis(report: Report) -> str:
    """What the points rest on, in a sentence."""
    if not report.gradable:
        return "This costs nothing: no points are taken. Mend it and send it again."
    if not report.checked:
        return f"It fails where nobody else is about, so no scenario was looked at: {report.states:,} states."
    hidden = sum(one.hidden for one in report.checked)
    count = len(report.checked)
    where = f"{count} scenarios" + (f", {hidden} of them hidden," if hidden else "")
    kept = " and in hidden ones" if report.seeded and not hidden else ""
    return f"Checked in {where}{kept} over every interleaving: {report.states:,} states."


def lesson(one: PropertyResult) -> Iterator[Part]:
    """What a failed property teaches, piece by piece."""
    yield Part("What happens", said(one))
    failure = one.failure
    if failure is not None:
        if failure.message:
            yield Part("The message", failure.message, True)
        yield Part("Where", _where(failure))
        if failure.trace is not None and failure.trace.steps:
            yield Part("The steps", table(failure.trace, COLUMNS - INDENT), True)
            if failure.cycle:
                yield Part("Who waits for whom", cycle_words(failure.trace, failure.cycle), True)
        if failure.lines:
            yield Part("Your lines", "\n".join(f"{line:>4} | {source}" for line, source in failure.lines), True)
    if one.rule:
        yield Part("The rule", f'{one.rule} Read again: the chapter "{CHAPTERS.get(one.chapter, one.chapter)}".')
    if failure is not None and failure.trace is not None and failure.trace.steps:
        if failure.scenario in SCENARIOS:
            yield Part("Play it", snippet(failure.trace), True)
        else:
            yield Part("Play it", "In a notebook wbviz.grade plays it; so does the page that --out DIR writes.")


def said(one: PropertyResult) -> str:
    """What was found, as a sentence. The name of a task or a function begins it as it is written."""
    trace = one.failure.trace if one.failure else None
    names = {task["name"] for task in trace.initial["tasks"]} if trace else set()
    return _sentence(one.sentence, names | {"enqueue", "execute"})


def _sentence(words: str, names: Collection[str] = ()) -> str:
    if words.partition(" ")[0] not in names:
        words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _where(failure: Failure) -> str:
    sizes = ", ".join(f"{key}={value}" for key, value in failure.params)
    name = f"{failure.scenario} ({sizes})" if sizes else failure.scenario
    words = f"In the scenario {name}. {_sentence(failure.claim)}"
    if failure.smaller:
        those = "one smaller configuration" if failure.smaller == 1 else f"{failure.smaller} smaller configurations"
        words += f" Nothing smaller fails like this: {those} explored, and all is well there."
    return words


def taught(report: Report) -> list[PropertyResult]:
    """The properties that have something to teach: those that do not hold and were counted."""
    return [one for one in report.properties if one.verdict not in (HOLDS, NOT_COUNTED)]


def _share(one: PropertyResult) -> str:
    return f"{number(one.points)}/{one.possible}"


def text(report: Report) -> str:
    """The report for a terminal; no newline at the end."""
    lines = [headline(report), f"  {basis(report)}"]
    if report.problem:
        lines += ["", *_indented(report.problem, 2)]
    if report.properties:
        lines.append("")
    for one in report.properties:
        lines.append(f"  {_share(one):>7}  {one.title}: {one.verdict}")
        if one.verdict == HOLDS:
            lines.append(f"           {said(one)}")
    for one in taught(report):
        lines += ["", f"{one.title}: {_share(one)} points"]
        lines += _indented(lesson_text(one), 2)
    if report.printed:
        lines += ["", printed_words(report.printed)]
    return printable("\n".join(lines))


def lesson_text(one: PropertyResult) -> str:
    """What one property teaches, for a terminal or a platform's box."""
    lines = []
    for part in lesson(one):
        if part.fixed:
            lines += [f"{part.label}:", *_indented(part.words, 2)]
        else:
            lines.append(f"{part.label}: {part.words}")
    return printable("\n".join(lines))


def _indented(words: str, width: int) -> list[str]:
    return [f"{' ' * width}{line}".rstrip() for line in words.splitlines()]


def markdown(report: Report) -> str:
    """The report as Markdown. What comes from the student stands in code blocks that it cannot end."""
    blocks = [f"# {_plain(headline(report))}", _plain(basis(report))]
    if report.problem:
        blocks.append(_fenced(report.problem))
    if report.properties:
        rows = ["| property | points | verdict |", "| --- | --- | --- |"]
        rows += [f"| {_plain(one.title)} | {_share(one)} | {one.verdict} |" for one in report.properties]
        blocks.append("\n".join(rows))
    for one in taught(report):
        blocks.append(f"## {_plain(one.title)}: {_share(one)} points")
        for part in lesson(one):
            if part.fixed:
                blocks += [f"**{part.label}**", _fenced(part.words)]
            else:
                blocks.append(f"**{part.label}.** {_plain(part.words)}")
    if report.printed:
        blocks.append(_fenced(printed_words(report.printed)))
    return printable("\n\n".join(blocks)) + "\n"


def _plain(words: str) -> str:
    """Words that Markdown, and any HTML in it, leaves as they are."""
    return "".join(f"\\{char}" if char in "\\`*_[]|#<>&" else char for char in " ".join(words.split()))


def _fenced(words: str) -> str:
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in words).split()), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{words}\n{fence}"


_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem clamp(0.6rem, 3vw, 2rem) 3rem; line-height: 1.5;
  font-family: system-ui, sans-serif; color: light-dark(#1b1f24, #e6e9ee); background: light-dark(#fff, #111418); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin-bottom: 0.2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid light-dark(#d5dae1, #363c45);
  vertical-align: top; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; padding: 0.6rem 0.8rem; border-radius: 6px; font-size: 0.85rem;
  background: light-dark(#f3f5f8, #1a1f26); }
iframe { width: 100%; border: 0; }
"""


def html(report: Report, player_html: Callable[[Trace], str]) -> str:
    """The report as one page that needs no other file.

    `player_html` gives the HTML that plays a trace; this package may not know what draws it.
    """
    title = escape(headline(report))
    body = [f"<h1>{title}</h1>", f"<p>{escape(basis(report))}</p>"]
    if report.problem:
        body.append(f"<pre tabindex='0'>{escape(report.problem)}</pre>")
    body.append(points_table(report))
    for one in taught(report):
        body.append(f"<section><h2>{escape(one.title)}: {_share(one)} points</h2>")
        body += [part_html(part) for part in lesson(one)]
        if one.failure is not None and one.failure.trace is not None and one.failure.trace.steps:
            body.append(f"<h3>Watch it</h3>{player_html(one.failure.trace)}")
        body.append("</section>")
    if report.printed:
        body.append(f"<pre tabindex='0'>{escape(printed_words(report.printed))}</pre>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def points_table(report: Report) -> str:
    """Points by property as an HTML table; "" where nothing was graded."""
    if not report.properties:
        return ""
    rows = "".join(
        f"<tr><td>{_share(one)}</td><td>{one.verdict}</td><td><b>{escape(one.title)}.</b> {escape(said(one))}</td></tr>"
        for one in report.properties
    )
    head = "<tr><th>Points</th><th>Verdict</th><th>Property</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def part_html(part: Part, heading: str = "h3") -> str:
    """A piece of a lesson as HTML."""
    if part.fixed:
        return f"<{heading}>{escape(part.label)}</{heading}><pre tabindex='0'>{escape(part.words)}</pre>"
    return f"<{heading}>{escape(part.label)}</{heading}><p>{escape(part.words)}</p>"
