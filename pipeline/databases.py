"""The database itself: ``db upgrade``, ``db check``, ``db backup``, ``db copy``, as lines or JSON. The work is done in the store."""

from __future__ import annotations

from pathlib import Path

from pipeline import render
from pipeline.lines import Line, dump
from pipeline.render import counted, line
from pipeline.store import Store, engine
from pipeline.store.schema import HEAD


def upgrade(url: str, *, json: bool) -> None:
    """Says from which schema to which. Raises StoreError."""
    render.note(f"database: {engine.shown(url)}")
    before = engine.found(url)
    Store.open(url, create=False).close()
    if json:
        line(dump({"database": engine.shown(url), "before": before, "schema": HEAD}))
    elif before == HEAD:
        line(f"The schema is {HEAD}, the newest.")
    else:
        line(f"The schema was {before}, now it is {HEAD}." if before else f"The tables were made (schema {HEAD}).")


def check(url: str, *, reindex: bool, json: bool) -> bool:
    """Says what was found. → whether the database is sound. Raises StoreError when it cannot be read at all."""
    from pipeline.store import check as room

    render.note(f"database: {engine.shown(url)}")
    with render.Progress() as progress:
        if reindex:
            room.reindex(url, progress.at)
        found = room.check(url, progress.at)
    if json:
        told: Line = {"database": found.url, "sound": found.sound, "schema": found.schema, "size": found.size}
        line(dump(told | {"problems": list(found.problems), "rows": dict(found.counts)}))
        return found.sound
    if found.counts:
        line(", ".join(f"{count} {name}" for name, count in found.counts))
    for problem in found.problems:
        line(f"✗ {problem}")
    line(f"{counted(len(found.problems), 'problem')}." if found.problems else f"Sound; schema {found.schema}, the newest.")
    return found.sound


def backup(url: str, file: Path, *, json: bool) -> None:
    """Says what was saved. Raises InputError, StoreError."""
    from pipeline.store import copy as room

    render.note(f"database: {engine.shown(url)}")
    with render.Progress() as progress:
        size = room.backup(url, file, progress.at)
    if json:
        line(dump({"database": engine.shown(url), "file": str(file), "size": size}))
    else:
        line(f"Saved as {file} ({size:,} bytes). Look into it with: wirewatch --db {file} status")


def copy(url: str, to: str, *, json: bool) -> None:
    """Says what was copied. Raises StoreError."""
    from pipeline.store import copy as room

    render.note(f"database: {engine.shown(url)}")
    with render.Progress() as progress:
        copied = room.copy(url, to, progress.at)
    if json:
        line(dump({"database": copied.url, "to": copied.to, "rows": dict(copied.counts)}))
        return
    line(", ".join(f"{count} {name}" for name, count in copied.counts if count))
    line(f"{copied.rows:,} rows were copied to {copied.to} and compared. Use it with: [database] url, WIREWATCH_DB or --db")
