"""A database into another, of whichever kind; and the file of a SQLite one while others write to it."""

from __future__ import annotations

import hashlib
import json
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from pipeline.errors import InputError, StoreError
from pipeline.store import Store, engine
from pipeline.store.address import bare
from pipeline.store.check import Progress, counters, fill, tables

CHUNK: Final = 500  # rows in memory at a time
PAGES: Final = 1_000  # of a file, between two words of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied and found equal. ``counts``: rows by table."""

    url: str
    to: str
    counts: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        return sum(count for _, count in self.counts)


def copy(url: str, to: str, progress: Progress) -> Copied:
    """Everything of one database into an empty other one, in one transaction: killed half-way it leaves nothing. Rows keep their numbers,
    and no number is given twice; the full text is made anew; what was written is read again and compared.

    Raises StoreError: either cannot be used, the target is not empty, what was written is not what was read.
    """
    source = Store.open(url, create=False, write=False)
    try:
        target = Store.open(to)
        try:
            with source.reading() as old, target.writing() as new:
                _refuse_rows(new, target.url)
                read = {table.name: _rows(old, new, table, progress) for table in tables()}
                _continue_counters(old, new)
                fill(new, progress)
                _compare(new, read, target.url, progress)
                if target.kind == "postgresql":
                    new.exec_driver_sql("ANALYZE")  # its planner knows nothing of tables that were filled a moment ago
            return Copied(url=source.url, to=target.url, counts=tuple((name, count) for name, (count, _) in read.items()))
        finally:
            target.close()
    finally:
        source.close()


def _refuse_rows(conn: sa.Connection, url: str) -> None:
    full = [table.name for table in tables() if conn.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()]
    if full:
        raise StoreError(f"{url}: there are rows in it ({', '.join(full[:3])}, …); a database is copied into an empty one only")


def _chunks(conn: sa.Connection, table: sa.Table) -> Iterator[Sequence[sa.RowMapping]]:
    with conn.execute(sa.select(table).execution_options(yield_per=CHUNK)) as rows:
        yield from rows.mappings().partitions()


def _rows(old: sa.Connection, new: sa.Connection, table: sa.Table, progress: Progress) -> tuple[int, int]:
    """→ how many rows, and their digest."""
    total = int(old.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
    count = digest = 0
    for rows in _chunks(old, table):
        new.execute(sa.insert(table), [dict(row) for row in rows])
        count, digest = count + len(rows), digest + _digest(rows)
        progress(table.name, count, total)
    return count, digest


def _digest(rows: Sequence[sa.RowMapping]) -> int:
    """Of rows in any order: the sum of each one's SHA-256."""
    return sum(int.from_bytes(hashlib.sha256(repr([_plain(value) for value in row.values()]).encode()).digest()) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def _continue_counters(old: sa.Connection, new: sa.Connection) -> None:
    """What is cited by its number must not come to mean another row, even when the highest one was taken away before."""
    for table, last in counters(old).items():
        if not last:
            continue
        if new.dialect.name == "sqlite":
            new.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            new.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
        else:
            new.execute(sa.select(sa.func.setval(f"{table}_id_seq", last)))


def _compare(conn: sa.Connection, read: dict[str, tuple[int, int]], url: str, progress: Progress) -> None:
    for number, table in enumerate(tables()):
        progress("comparing", number, len(read))
        count = digest = 0
        for rows in _chunks(conn, table):
            count, digest = count + len(rows), digest + _digest(rows)
        if (count, digest) != read[table.name]:
            raise StoreError(
                f"{url}: {table.name} came out different ({read[table.name][0]} rows were read, {count} stand there); nothing was kept. "
                "Please report this"
            )
    progress("comparing", len(read), len(read))


# ── backup ────────────────────────────────────────────────────────────────────────────────────────


def backup(url: str, file: Path, progress: Progress) -> int:
    """One moment of a SQLite database as a file of its own, while others go on writing (sqlite.org/backup.html). → its bytes.

    Raises InputError when the file is there, cannot be written, or the database is none of SQLite's; StoreError when it cannot be read.
    """
    path = engine.path_of(url)
    if path is None:
        raise InputError(
            f"{engine.shown(url)}: a PostgreSQL database is saved by its own tool: pg_dump --format=custom --file={shlex.quote(str(file))} "
            f"{shlex.quote(bare(url))} (and put back with pg_restore --clean --if-exists --dbname=… {shlex.quote(str(file))})"
        )
    if file.exists():
        raise InputError(f"{file}: there is such a file; a backup replaces nothing, name another one")
    Store.open(url, create=False, write=False).close()
    try:
        with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as beside, engine.translated(url):
            part = Path(beside) / file.name
            _save(path, part, progress)
            part.rename(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror or error})") from error
    return file.stat().st_size


def _save(path: Path, part: Path, progress: Progress) -> None:
    part.touch(mode=0o600, exist_ok=False)
    source, target = sqlite3.connect(path, isolation_level=None), sqlite3.connect(part, isolation_level=None)
    try:
        # with a view of its own a backup is not begun again whenever somebody writes
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=lambda _state, left, total: progress("saving", total - left, total))
        said = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise StoreError(f"{path}: the copy is damaged ({said}), so the database may be; look into it with `wirewatch db check`")
    finally:
        source.close()
        target.close()
