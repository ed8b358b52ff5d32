"""The slides of four sessions, one page each, made from the book's own figures and counterexamples: ``make slides``.

A page needs no script and no network: each slide is as high as the window, the browser's own keys go from one to the
next, and on paper each has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import NamedTuple

from wbviz.viz.cells import explain
from wbviz.viz.cells.chapter import cover, verdicts
from wbviz.viz.cells.notebook import check

_STYLE = """
html { scroll-snap-type: y mandatory; font: 1.35rem/1.45 system-ui, sans-serif; color-scheme: light dark; }
body { margin: 0; background: light-dark(#fff, #14181f); color: light-dark(#1b1f24, #e8edf3); }
section { box-sizing: border-box; min-height: 100vh; padding: 4vh 6vw; scroll-snap-align: start; display: flex;
  flex-direction: column; justify-content: center; gap: 1rem; break-after: page; }
section > * { max-width: 60rem; width: 100%; margin-inline: auto; }
h1 { font-size: 2.6rem; margin-block: 0; } h2 { font-size: 1.9rem; margin-block: 0; } li { margin-block: 0.3rem; }
section svg { width: auto !important; max-width: 100%; max-height: 58vh; margin-inline: auto; }
section .wb-explain { max-width: 44rem; font-size: 1rem; } section .wb-explain svg { max-height: 40vh; }
@media (max-width: 600px) { html { font-size: 1rem; } h1 { font-size: 1.8rem; } h2 { font-size: 1.4rem; } }
"""

Picture = Callable[[], str]


class Slide(NamedTuple):
    """A heading, some lines, and perhaps a picture."""

    heading: str
    lines: tuple[str, ...] = ()
    picture: Picture | None = None


class Session(NamedTuple):
    """One lecture: its title, the question that it begins with, its slides."""

    title: str
    predict: str
    slides: tuple[Slide, ...]


def _end(policy: str, scenario: str) -> Picture:
    """How a counterexample ends."""
    return lambda: str(cover(check(policy, scenario)).data)


def _table(policies: list[str], scenes: list[str]) -> Picture:
    return lambda: verdicts(policies, scenes)._repr_html_()


def _drawn(figure: Callable[[], object]) -> Picture:
    return lambda: str(getattr(figure(), "data", ""))


SESSIONS = (
    Session(
        "A page and who wants it",
        "A page was handed to the disk and unlocked. Is it clean?",
        (
            Slide("Two lists and a second chance", (), _drawn(explain.second_chance)),
            Slide("When reclaim begins, and who waits", (), _drawn(explain.watermarks)),
            Slide("One page, four bars", (), _drawn(explain.page_life)),
            Slide("Who keeps what", (), _drawn(explain.who_pins)),
            Slide("From pdflush to a workqueue", (), _drawn(explain.generations)),
            Slide("Three lists of inodes", (), _drawn(explain.three_lists)),
            Slide("How writers are slowed down", (), _drawn(explain.throttle_curve)),
            Slide("Home", ("Exercise 1 of chapters 2, 3 and 4.", "Play the life of a page until you can tell it.")),
        ),
    ),
    Session(
        "Two locks",
        "The flusher holds A1 and is about to ask for A0. The writer holds A0. What happens next?",
        (
            Slide("Two tasks, opposite orders", (), _end("writearound", "abba")),
            Slide(
                "Four conditions, and all are needed",
                ("mutual exclusion", "hold and wait", "no preemption", "circular wait"),
            ),
            Slide(
                "Three cures",
                ("upwards only, one at a time", "from the lowest page", "only try what you could leave out"),
                _table(["writearound", "write_ahead", "range_around", "trylock_around"], ["abba", "piggyback"]),
            ),
            Slide("A filesystem that helps too much", (), _end("trylock_around", "piggyback")),
            Slide("Home", ("01-two-pages-in-order",)),
        ),
    ),
    Session(
        "One lock and a queue",
        "A sync stands in the queue, and behind it a work that holds the lock of A0. What does the flusher do?",
        (
            Slide("It waits for itself", (), _end("lock_at_enqueue", "sync-ahead")),
            Slide("The rule", ("Take a reference when you enqueue.", "Take the lock when you execute.", "Look again.")),
            Slide("Nothing kept", (), _end("no_pin", "truncated")),
            Slide("The dilemma: what pins the inode cannot be written", (), _end("keep_locked", "dilemma")),
            Slide(
                "Three ways to keep a page",
                (),
                _table(
                    ["igrab_at_enqueue", "lock_at_enqueue", "pin_then_lock"],
                    ["sync-ahead", "umount", "iput-in-flusher"],
                ),
            ),
            Slide("Home", ("02-pin-then-lock", "03-recheck")),
        ),
    ),
    Session(
        "Progress, and today",
        "Nobody holds two page locks. Can there be a deadlock?",
        (
            Slide("Four ways not to get on", ("deadlock", "livelock", "starvation", "lost work")),
            Slide("Lost: riding along", (), _end("drop_bundle", "bundled")),
            Slide("2018: three parties", (), _end("wrap_round", "range-cyclic")),
            Slide("2020: two parties", (), _end("wrap_round", "held-range")),
            Slide("What safe means", ("all orders", "beside these tasks", "at this size", "with this fairness")),
            Slide("Home", ("10-capstone",)),
        ),
    ),
)


def page(session: Session, number: int) -> str:
    """The slides of a session as one HTML page."""
    first = Slide(f"{number}. {session.title}", (f"Predict, and write it down: {session.predict}",))
    slides = "\n".join(_section(slide, "h1" if slide is first else "h2") for slide in (first, *session.slides))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(session.title)}</title><style>{_STYLE}</style></head><body>{slides}</body></html>\n"
    )


def _section(slide: Slide, rank: str) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in slide.lines)
    told = f"<ul>{lines}</ul>" if lines else ""
    return (
        f"<section><{rank}>{escape(slide.heading)}</{rank}>{told}{slide.picture() if slide.picture else ''}</section>"
    )


def write_slides(folder: Path) -> list[Path]:
    """Write a page for each session into a folder; gives back their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, session in enumerate(SESSIONS, 1):
        path = folder / f"session-{number}.html"
        path.write_text(page(session, number), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for path in write_slides(Path("_build/slides")):
        print(path)
