"""The state of things, and everything row by row: ``status`` and ``export``. For people, or as JSON lines and CSV."""

from __future__ import annotations

import csv
import json as jsonlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pipeline.lines import Line, dump, when
from pipeline.model import Waiting
from pipeline.render import counted, cut, fitted, line, note, percent, width
from pipeline.store.rows import PurgePlan, SourceLine, StoreStatus
from pipeline.tables import moment

FORMATS: Final = ("jsonl", "csv")
WIDE: Final = 130  # columns from which a source of `status` takes one line


def export(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], form: str) -> None:
    """Rows as JSON lines, or as CSV with a header; lists and objects in CSV are JSON."""
    if form == "jsonl":
        for row in rows:
            sys.stdout.write(dump(dict(row)) + "\n")
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])


def _cell(value: Any) -> str:
    """A text that a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV injection)."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return jsonlib.dumps(value, ensure_ascii=False)
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def status(found: StoreStatus, *, json: bool) -> None:
    """What is due, failing, silent, walled, pending; how big it is, and how long the disk lasts."""
    if json:
        line(dump(status_line(found)))
        return
    line(f"{found.url}  {size(found.size)}  schema {found.schema}")
    line(room(found))
    line(
        f"{found.articles} articles of {found.outlets} outlets in {found.versions} versions; {found.relations} relations; "
        f"{found.sightings} sightings; {found.seeds} seeds"
    )
    line("outcomes so far: " + (", ".join(f"{count} {name}" for name, count in found.outcomes) or "none"))
    waiting = f"{found.pending} pending, {found.pending_due} of them due"
    line(waiting + (f", the oldest since {moment(found.oldest_pending)}" if found.oldest_pending else ""))
    for source in found.sources:
        if source.active:
            _source(source)
    for told in found.alerts:
        if told.waiting or told.failed:
            line(f"  alerts for {fares(told)}")


def _source(source: SourceLine) -> None:
    head = f"  {cut(source.name, 28):<28} {source.kind:<8} {source.state:<12} "
    told = f"{source.articles} articles, {source.pending} pending"
    if source.walled:
        told += f", {percent(source.walled / source.ended)} walled"
    asked = f"asked {moment(source.last_polled) or 'never':<16} due {moment(source.due_at) or 'now':<16} "
    columns = width()
    if columns is not None and columns < WIDE:
        line(head + told)
        line(f"{'':4}{asked}")
    else:
        line(head + asked + told)
    if source.failures and source.last_error:
        line(fitted(" " * 31, source.last_error))
    elif source.health not in (None, "ok") and source.health_why:
        line(fitted(" " * 31, f"since {moment(source.health_since)}: {source.health_why}"))
    if source.moved_to:
        line(fitted(" " * 31, f"it moved, and is asked at {source.moved_to}"))


def fares(line: Waiting) -> str:
    """ "desk: 3 alerts wait, the oldest since …, 1 given up; last trouble: …"."""
    parts = [f"{counted(line.waiting - line.later, 'alert')} waiting"] if line.waiting > line.later else []
    parts += [f"{line.later} for a digest"] if line.later else []
    parts += [f"{line.failed} given up"] if line.failed else []
    since = f", the oldest since {line.oldest:%Y-%m-%d %H:%M}" if line.oldest and line.waiting > line.later else ""
    trouble = f"; last trouble: {cut(line.last_error, 200)}" if line.last_error and (line.failed or line.waiting > line.later) else ""
    return f"{line.target}: {', '.join(parts)}{since}{trouble}"


def room(found: StoreStatus) -> str:
    """How fast it grows and how long the disk lasts."""
    grows = f"grows by {size(found.growth)} a day" if found.growth else "does not grow at present"
    if found.free is None:
        return grows
    lasts = "" if found.days_left is None else f", enough for {_long(found.days_left)}"
    return f"{grows}; {size(found.free)} left on the disk{lasts}"


def _long(days: float) -> str:
    return counted(int(days), "day") if days < 1000 else "years"


def status_line(found: StoreStatus) -> Line:
    """The state of things as one object."""
    numbers = ("articles", "seeds", "versions", "relations", "sightings", "outlets", "pending", "pending_due", "size", "schema")
    return {
        "database": found.url,
        **{name: getattr(found, name) for name in numbers},
        "growth_a_day": found.growth,
        "disk_free": found.free,
        "disk_days": None if found.days_left is None else int(found.days_left),
        "oldest_pending": when(found.oldest_pending),
        "outcomes": dict(found.outcomes),
        "alerts": [
            {
                "target": one.target,
                "waiting": one.waiting,
                "for_a_digest": one.later,
                "given_up": one.failed,
                "told": one.told,
                "oldest": when(one.oldest),
                "last_error": one.last_error,
            }
            for one in found.alerts
        ],
        "sources": [
            {
                "name": one.name,
                "kind": one.kind,
                "url": one.url,
                "active": one.active,
                "due_at": when(one.due_at),
                "last_polled": when(one.last_polled),
                "last_ok": when(one.last_ok),
                "last_new": when(one.last_new),
                "failures": one.failures,
                "last_error": one.last_error,
                "health": one.state if one.last_polled is None else one.health or ("failing" if one.failures else "ok"),
                "health_since": when(one.health_since),
                "health_why": one.health_why,
                "interval": one.interval.total_seconds() if one.interval else None,
                "moved_to": one.moved_to,
                "silent": one.silent,
                "walled": round(one.walled / one.ended, 4) if one.ended else None,
                "pending": one.pending,
                "articles": one.articles,
            }
            for one in found.sources
        ],
    }


def size(count: int) -> str:
    """ "1.2 GiB", "3.4 MiB", "12 KiB"."""
    for unit, power in (("GiB", 30), ("MiB", 20)):
        if count >= 2**power:
            return f"{count / 2**power:.1f} {unit}"
    return f"{count / 2**10:.0f} KiB"


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────

_COUNTS: Final = ("articles", "versions", "relations", "sightings", "pages", "outcomes", "pending", "offers")


def going(plan: PurgePlan) -> None:
    """What would go."""
    parts = {
        "version": plan.versions,
        "relation": plan.relations,
        "sighting": plan.sightings,
        "kept page": plan.pages,
        "outcome": plan.outcomes,
        "pending candidate": plan.pending,
        "remembered offer": plan.offers,
    }
    line(counted(plan.articles, "article") + " with " + ", ".join(counted(count, noun) for noun, count in parts.items() if count))
    for number, url, title in plan.first:
        line(fitted(f"  #{number:<6} ", title or url))
    if plan.articles > len(plan.first):
        line(f"  … and {plan.articles - len(plan.first)} more")


def purged(plan: PurgePlan, *, done: bool, clean: bool, json: bool) -> None:
    """What went (``done``), or would go. ``clean``: nothing of it is left in the files."""
    if json:
        counts = {name: getattr(plan, name) for name in _COUNTS}
        first = [{"article": number, "url": url, "title": title} for number, url, title in plan.first]
        line(dump({"purged": done, "clean": clean, **counts, "first": first}))
    elif not plan:
        line("Nothing stored is meant by this.")
    elif not done:
        going(plan)
    else:
        line("Forgotten. Copies that you made of the database yourself still hold it.")
        note("A source that still offers it brings it back: take the source out of sources.toml, or exclude the address there.")
    if not clean:
        note(
            "Another process is using the database, so its log file may still hold old pages. When that process has ended, "
            "run the same command again."
        )
