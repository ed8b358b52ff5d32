"""What the other pages ask: one more run of a lab, a real kernel's report read."""

from __future__ import annotations

from io import BytesIO

from wbviz.errors import UsageError
from wbviz.page.asked import LONGEST_REPORT, Asked, Json, Report
from wbviz.trouble import events_words, words
from wbviz.trouble.events import Reader, watched
from wbviz.trouble.lines import lines
from wbviz.trouble.reading import reading
from wbviz.trouble.stacks import dump
from wbviz.viz.cells.trouble import page
from wbviz.viz.labs.known import find_lab
from wbviz.viz.labs.pack import pack
from wbviz.viz.labs.shown import SEED


def run(asked: Asked, tell: Report) -> Json:
    """One run of a lab at any setting: "runs", packed as the lab's widget takes them, "chosen" and "seed"."""
    del tell
    name, settings = asked.text("lab", longest=100), asked.table("settings")
    kind = find_lab(name, settings)
    seed = asked.whole("seed", 1, SEED.least, SEED.most)
    shown = kind.simulate(settings, seed)
    return {"runs": pack([shown.to_json()]), "chosen": {**kind.START, **settings}, "seed": seed}


def kernel(asked: Asked, tell: Report) -> Json:
    """What a real kernel's report or trace tells: "html", a page with a picture; "data" as `kernel --json`; "words"."""
    del tell
    text = asked.text("text", longest=LONGEST_REPORT).encode("utf-8", "replace")
    reader = Reader()
    found = dump(watched(lines(BytesIO(text)), reader))
    read, trace = reading(found), reader.trace()
    if not found.tasks and not trace.events:
        raise UsageError(
            "no sleeping task and no trace event found in the text",
            came=f"{found.read} line{'s' if found.read != 1 else ''} without either",
            expected='"INFO: task NAME:PID blocked for more than 120 seconds.", what sysrq w prints, or a trace',
        )
    parts = [words.text(read)] * bool(found.tasks) + [events_words.text(trace)] * bool(trace.events)
    data = {**words.to_json(read), "trace": events_words.to_json(trace) if trace.events else None}
    return {"html": page(read, trace), "data": data, "words": "\n\n".join(parts)}
