"""How two texts differ, as ``diff`` shows it. Marks, not only colours: [-left out-] {+put in+}; or as one JSON object."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence

from pipeline.lines import Line, dump
from pipeline.match.edits import edited
from pipeline.model import Change, Changes
from pipeline.render import RELATIONS, counted, cut, fitted, line, percent, wrapped
from pipeline.store.rows import Listed, Pair, Version
from pipeline.tables import comes_from, moment
from pipeline.text import plain

RED, GREEN, RESET = "\x1b[31m", "\x1b[32m", "\x1b[0m"
NOT_KEPT = {"excerpt": "Only the beginning of the text is kept", "hashes": "The text is not kept"}
MARKS = {"added": "+ ", "removed": "- ", "changed": "~ ", "moved": "> "}

Spans = Sequence[tuple[int, int]]


def versions(about: Listed, old: Version, new: Version, found: Changes, *, json: bool) -> None:
    """From one version of an article to another."""
    if json:
        line(dump(_versions_line(about, old, new, found)))
        return
    line(f"#{about.article_id}  {cut(about.title, 200)}")
    states = f"version {old.number} of {moment(old.fetched_at)} → version {new.number} of {moment(new.fetched_at)}{_kind(old, new)}"
    for row in wrapped(states, 2):
        line(f"  {row}")
    for name, was, now in found.fields:
        paragraph(
            f"  {name}: ", f"[-{plain(was)}-] {{+{plain(now)}+}}" if was and now else f"[-{plain(was)}-]" if was else f"{{+{plain(now)}+}}"
        )
    for was, now in found.figures:
        line(f"  figure: {plain(was)} → {plain(now)}")
    if not_kept := {old.kept, new.kept} - {"full"}:
        line(f"  {NOT_KEPT[max(not_kept)]}: how it changed cannot be told.")
        return
    if all(change.kind == "same" for change in found.paragraphs):
        line("  The text is the same, word for word.")
        return
    line("")
    kept = 0
    for change in found.paragraphs:
        if change.kind == "same":
            kept += 1
            continue
        kept = _unchanged(kept)
        paragraph(MARKS[change.kind], _marked(change, old.article.text, new.article.text))
    _unchanged(kept)


def _kind(old: Version, new: Version) -> str:
    """ ": addition, 35 words came, none went": what kind of edit lies between the two, whether there are others between them or not."""
    if {old.kept, new.kept} != {"full"}:  # what was told of the whole text when it came in
        return f": {new.change}" if new.change and new.number == old.number + 1 else ""
    found = edited(old.article, new.article)
    if found.kind is None:
        return ""
    words = f", {counted(found.added, 'word')} came, {counted(found.removed, 'word')} went" if found.added or found.removed else ""
    return f": {found.kind}{words}"


def _unchanged(count: int) -> int:
    if count:
        line(f"  … {counted(count, 'paragraph')} as before")
    return 0


def _marked(change: Change, old: str, new: str) -> str:
    """A paragraph with its changes marked."""
    if change.kind == "removed":
        return f"[-{plain(old[change.other_start : change.other_end])}-]"
    if change.kind == "added":
        return f"{{+{plain(new[change.start : change.end])}+}}"
    parts = ["(moved) "] if change.kind == "moved" else []
    if not change.edits:
        parts.append(new[change.start : change.end])
    done = change.start
    for edit in change.edits:
        was, now = old[edit.other_start : edit.other_end], new[edit.start : edit.end]
        parts.append(new[done : edit.start])
        parts.append(now if edit.kind == "same" else (f"[-{was}-]" if was else "") + (f"{{+{now}+}}" if now else " "))
        done = edit.end
    if change.edits:
        parts.append(new[done : change.end])
    return plain("".join(parts))


def paragraph(head: str, text: str) -> None:
    """A paragraph in the width of the terminal, its marks coloured where colours are shown."""
    rows = wrapped(text, len(head))
    for number, row in enumerate(_coloured(rows) if _colours() else rows):
        line((head if not number else " " * len(head)) + row)


def _colours() -> bool:
    """On a terminal, unless it or its user wants none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(rows: Iterable[str]) -> Iterable[str]:
    colour = ""
    for row in rows:
        start = colour
        for mark in re.findall(r"\[-|\{\+|-\]|\+\}", row):
            colour = {"[-": RED, "{+": GREEN}.get(mark, "")
        shown = row.replace("[-", f"{RED}[-").replace("{+", f"{GREEN}{{+").replace("-]", f"-]{RESET}").replace("+}", f"+}}{RESET}")
        yield f"{start}{shown}{RESET if colour else ''}"


def _versions_line(about: Listed, old: Version, new: Version, found: Changes) -> Line:
    return {
        "article": about.article_id,
        "url": about.url,
        "change": edited(old.article, new.article).kind if old.kept == new.kept == "full" else new.change,
        "old": {"version": old.id, "number": old.number, "text": old.article.text},
        "new": {"version": new.id, "number": new.number, "text": new.article.text},
        "fields": [{"field": name, "old": was, "new": now} for name, was, now in found.fields],
        "figures_changed": [list(pair) for pair in found.figures],
        "paragraphs": [
            {
                "kind": change.kind,
                "start": change.start,
                "end": change.end,
                "other_start": change.other_start,
                "other_end": change.other_end,
                "words": [[edit.kind, edit.start, edit.end, edit.other_start, edit.other_end] for edit in change.edits],
            }
            for change in found.paragraphs
        ],
    }


# ── two articles ──────────────────────────────────────────────────────────────────────────────────


def pair(found: Pair, here: Spans, there: Spans, *, json: bool) -> None:
    """What two articles share, and what is only in one of them (``here``, ``there``: sentences)."""
    if json:
        line(dump(_pair_line(found, here, there)))
        return
    match, mine, theirs = found.match, found.mine, found.theirs
    assert match is not None
    line(
        f"#{mine.article_id} is {RELATIONS[match.relation]} #{theirs.article_id}"
        + (f" (said by a {found.judge})" if found.judge == "person" else "")
    )
    for one, share in ((mine, match.coverage_all), (theirs, match.other_coverage_all)):
        at = moment(one.published) or moment(one.first_seen)
        line(fitted(f"  #{one.article_id:<6} {at}  {cut(one.outlet or one.seed or '', 24)}  ", one.title))
        said = comes_from(one)
        line(f"          {percent(share)} of its words stand in the other" + (f"; {said}" if said else ""))
    if not_kept := {found.this.kept, found.that.kept} - {"full"}:
        line(f"  {NOT_KEPT[max(not_kept)]} of one of them: what they share cannot be shown.")
        return
    text, other = found.this.article.text, found.that.article.text
    if match.passages:
        line(f"\nin both ({counted(len(match.passages), 'passage')})")
    for passage in match.passages:
        for number, part in enumerate(text[passage.start : passage.end].split("\n")):
            paragraph("  " if number else "= ", plain(part))
    if match.translated:
        line(f"\nin both, translated ({counted(len(match.translated), 'sentence')})")
    for pair in match.translated:
        paragraph("= ", plain(text[pair.start : pair.end]))
        paragraph("  ", plain(other[pair.other_start : pair.other_end]))
    for one, spans, whole in ((mine, here, text), (theirs, there, other)):
        if spans:
            line(f"\nonly in #{one.article_id}, {cut(one.outlet or one.seed or '', 40)} ({counted(len(spans), 'sentence')})")
        for start, end in spans:
            paragraph("- " if one is theirs else "+ ", plain(whole[start:end]))


def _pair_line(found: Pair, here: Spans, there: Spans) -> Line:
    match = found.match
    assert match is not None
    return {
        "article": found.mine.article_id,
        "url": found.mine.url,
        "other": found.theirs.article_id,
        "other_url": found.theirs.url,
        "version": found.this.id,
        "other_version": found.that.id,
        "relation": match.relation.value,
        "judge": found.judge,
        "note": found.note,
        "coverage": round(match.coverage, 4),
        "other_coverage": round(match.other_coverage, 4),
        "coverage_all": round(match.coverage_all, 4),
        "other_coverage_all": round(match.other_coverage_all, 4),
        "passages": [[p.start, p.end, p.other_start, p.other_end] for p in match.passages],
        "translated": [[p.start, p.end, p.other_start, p.other_end] for p in match.translated],
        "only_here": [list(span) for span in here],
        "only_there": [list(span) for span in there],
        "text": found.this.article.text,
        "other_text": found.that.article.text,
    }
