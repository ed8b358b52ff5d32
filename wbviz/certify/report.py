"""A certificate, or what stands in its way, as text and as JSON-able data."""

from __future__ import annotations

from typing import Any

from wbviz.certify.findings import FILESYSTEMS, ONLY_BESIDE, ONLY_ON, Finding, Obligation
from wbviz.certify.notes import FACTS, Note
from wbviz.certify.result import TASKS, Certificate, Refusals
from wbviz.certify.words import CHAPTERS, LESSONS, OBLIGATIONS, VOID, known_words, listed, reason, what, where

Json = dict[str, Any]


def headline(result: Certificate | Refusals) -> str:
    """The result in one line."""
    if isinstance(result, Certificate):
        size = "at every size" if result.pages is None else f"for files of up to {result.pages} pages"
        return f"{result.policy}: certified, safe {size}"
    if result.error is not None:
        return f"{result.policy}: no certificate, for it is no policy"
    if result.stop is not None:
        return f"{result.policy}: no certificate: {reason(result.stop)}"
    return f"{result.policy}: no certificate: {where(result.findings[0])}: {what(result.findings[0])}"


def short(result: Certificate) -> str:
    """What a check adds to its verdict."""
    size = "at every size" if result.pages is None else f"for files of up to {result.pages} pages"
    return f"and {size}: certificate, {result.states:,} local states"


def text(result: Certificate | Refusals, source: str) -> str:
    """Everything, for a terminal. `source` is the policy's text."""
    lines = [headline(result)]
    if isinstance(result, Refusals):
        lines = [f"{result.policy}: no certificate"]
        if result.error is not None:
            return "\n".join([headline(result), "", *_indented(str(result.error), 2)])
        if result.stop is not None:
            return "\n".join([headline(result), f"  {NOT_WRONG}"])
    if isinstance(result, Certificate):
        lines.append(f"  on filesystems of the kinds {listed(result.filesystems)}, journalled or not")
        lines += _not("on", FILESYSTEMS, result.filesystems)
        lines.append(f"  beside any number of: {', '.join(result.beside)}")
        lines += _not("beside", TASKS, result.beside)
        if result.stop is not None:
            lines.append(f"  for no more pages, since {reason(result.stop)}")
    lines += [
        "",
        *(f"  {obligation.value:<9} {state:<6} {OBLIGATIONS[obligation]}" for obligation, state in checklist(result)),
    ]
    for finding in result.findings:
        lines += ["", *_told(finding, source.splitlines())]
    lines.append("")
    if isinstance(result, Certificate):
        lines.append(
            f"  {result.states:,} local states, {_boxes(result.boxes)}; given a fair scheduler and a disk that finishes"
        )
        lines += ["  void beside:", *(f"    - {words}" for words in VOID)]
    else:
        lines.append(f"  {result.states:,} local states; {NOT_WRONG}")
    return "\n".join(lines)


NOT_WRONG = "no certificate does not mean wrong: python -m wbviz check decides at each size"


def checklist(result: Certificate | Refusals) -> list[tuple[Obligation, str]]:
    """Each obligation, and whether it is kept: "kept", "fails", or "mostly": on some filesystems, or beside some tasks,
    it fails."""
    always = {finding.obligation for finding in result.findings if not only(finding)}
    sometimes = {finding.obligation for finding in result.findings if only(finding)}
    return [(it, "fails" if it in always else "mostly" if it in sometimes else "kept") for it in Obligation]


def only(finding: Finding) -> str:
    """On which filesystems, or beside which tasks, a finding matters; "" for all."""
    if finding.kind in ONLY_ON:
        return "on " + listed(tuple(sorted(ONLY_ON[finding.kind])))
    if finding.kind in ONLY_BESIDE:
        return "beside " + listed(tuple(sorted(ONLY_BESIDE[finding.kind])))
    return ""


def _not(word: str, all_: tuple[str, ...], some: tuple[str, ...]) -> list[str]:
    left = tuple(name for name in all_ if name not in some)
    return [f"  not {word} {listed(left)}: see below"] if left else []


def _told(finding: Finding, source: list[str]) -> list[str]:
    lesson = LESSONS[finding.kind]
    bites = f" ({only(finding)} only)" if only(finding) else ""
    lines = [f"  {finding.obligation.value}, {where(finding)}: {what(finding)}{bites}"]
    if 0 < finding.line <= len(source):
        lines.append(f"  {finding.line:>5} | {source[finding.line - 1].rstrip()}")
    if known_words(finding):
        lines.append(f"    known of it then: {known_words(finding)}")
    lines += ["    write instead:", *_indented(lesson.fix, 8)]
    lines.append(f"    read again: {CHAPTERS[lesson.chapter]} (book/{lesson.chapter}.md)")
    return lines


def _indented(words: str, by: int) -> list[str]:
    return [f"{' ' * by}{line}".rstrip() for line in words.splitlines()]


def _boxes(count: int) -> str:
    return "all files alike" if count == 1 else f"{count} kinds of files"


def to_json(result: Certificate | Refusals) -> Json:
    """The result as JSON-able data; `lines` are the notes for the margin of the policy."""
    certified = isinstance(result, Certificate)
    data: Json = {
        "policy": result.policy,
        "certified": certified,
        "headline": headline(result),
        "filesystems": list(result.filesystems) if isinstance(result, Certificate) else [],
        "beside": list(result.beside) if isinstance(result, Certificate) else [],
        "pages": result.pages if isinstance(result, Certificate) else None,
        "why": None if result.stop is None else {**result.stop._asdict(), "reason": result.stop.reason.value},
        "error": str(result.error) if isinstance(result, Refusals) and result.error is not None else None,
        "states": result.states,
        "obligations": {obligation.value: state for obligation, state in checklist(result)},
        "findings": [_finding(finding) for finding in result.findings],
        "lines": [_note(note) for note in result.notes],
        "void": list(VOID) if certified else [],
    }
    return data


def _finding(finding: Finding) -> Json:
    lesson = LESSONS[finding.kind]
    return {
        "obligation": finding.obligation.value,
        "kind": finding.kind.value,
        "function": finding.function,
        "line": finding.line,
        "page": finding.page,
        "other": finding.other,
        "filesystems": sorted(ONLY_ON.get(finding.kind, ())),
        "beside": sorted(ONLY_BESIDE.get(finding.kind, ())),
        "what": what(finding),
        "known": known_words(finding),
        "fix": lesson.fix,
        "chapter": lesson.chapter,
    }


def _note(note: Note) -> Json:
    facts = {name: known.value for name, known in zip(FACTS, note.facts, strict=False)}
    return {"line": note.line, "function": note.function, "op": note.op, "pages": list(note.pages), "facts": facts}
