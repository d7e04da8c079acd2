"""SQLite: one file with a log beside it, opened so that transactions are real ones, and what its errors mean."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from pipeline.errors import StoreError
from pipeline.store.address import path_of

BUSY_SECONDS: Final = 30.0  # how long one waits for another's write; facts/reliability R4: locked for 30 s costs nothing
STATEMENTS: Final = 256  # prepared statements a connection keeps
READER_KB: Final = 2000  # page cache of each reader, SQLite's own measure: each fills as the file grows, and the system has the pages too
WRITER_KB: Final = 16_384  # of the one writer, which changes pages all over the indexes (docs/decisions.md)
LOG_PAGES: Final = 4000  # 16 MiB, from which on a rest brings the log into the file
MOST_PAGES: Final = 7000  # 27 MiB, from which on every commit does: for who takes no rest, and for several writers
PAGES_A_ROW: Final = 2.0  # of the log, until it is known from the last time
MERGE_ROWS: Final = 500  # changed, from which on a rest merges what some eight articles added to the full-text index; FTS5 waits for 16 …
MERGE_PAGES: Final = 500  # … so many pages of it at most
LEAST_A_ROW: Final = 0.5  # another writer may have begun the log anew just before
READS: Final[dict[str, Any]] = {}
WRITES: Final[dict[str, Any]] = {"wirewatch_begin": "IMMEDIATE"}


def connect(url: str, *, create: bool, write: bool, **more: Any) -> sa.Engine:
    """An engine whose transactions are real ones, for readers. Nothing is read yet but what tells whether it can be. Raises StoreError."""
    path = path_of(url)
    assert path is not None
    _check_path(path, create=create and write)
    mode = ("rwc" if create else "rw") if write else _reading_mode(path)
    return _engine(path, mode, kept=8, cache=READER_KB, **more)


def writer(url: str, _opened: sa.Engine, **more: Any) -> sa.Engine:
    """An engine of its own for who writes, with one connection that lasts; who comes while it is taken waits for the lock on another. For a
    file that is there."""
    path = path_of(url)
    assert path is not None
    return _engine(path, "rw", kept=1, cache=WRITER_KB, **more)


def _engine(path: Path, mode: str, *, kept: int, cache: int, **more: Any) -> sa.Engine:
    uri = f"file:{quote(str(path.absolute()))}?{mode if '=' in mode else 'mode=' + mode}"

    def dial() -> sqlite3.Connection:
        # isolation_level None: sqlite3 must begin nothing by itself (facts/stack: its defaults lost 150 of 200 updates)
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )

    engine = sa.create_engine("sqlite://", creator=dial, poolclass=QueuePool, pool_size=kept, max_overflow=-1, **more)
    sa.event.listen(engine, "connect", partial(_prepare, cache))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _check_path(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file in it, such as {path / 'wirewatch.db'}")
    if path.exists():
        return
    if not create:
        raise StoreError(f"{path}: there is no database yet; `wirewatch ingest` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (NotADirectoryError, FileExistsError) as error:
        raise StoreError(f"{path.parent} is not a folder, so no database can be made in it; name another path") from error
    except OSError as error:
        raise StoreError(f"{path.parent}: the folder cannot be made ({error.strerror}); name another path") from error


def _reading_mode(path: Path) -> str:
    """In a folder that cannot be written SQLite cannot make its shared-memory file; without a log file beside it the database does not
    change, and may be read as immutable (sqlite.org/wal.html, "Read-Only Databases")."""
    log = path.with_name(path.name + "-wal")
    probe = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        probe.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or (log.exists() and log.stat().st_size):
            return "ro"
        return "immutable=1"
    except sqlite3.DatabaseError:
        return "ro"  # not a database: said when it is opened
    finally:
        probe.close()
    return "ro"


def _prepare(cache: int, connection: sqlite3.Connection, _record: Any) -> None:
    # NORMAL: a killed process loses nothing; a power cut may lose the last commits, never the database (sqlite.org/pragma.html)
    for pragma in (
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        f"cache_size=-{cache}",
        "journal_size_limit=33554432",
        f"wal_autocheckpoint={MOST_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: sa.Connection) -> None:
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute(f"BEGIN {conn.get_execution_options().get('wirewatch_begin', 'DEFERRED')}")


def rest(writer: sa.Engine) -> None:
    """Brings the log into the file when enough was written since. A page goes there once, however often it was changed: seldom is cheaper.
    Waits for no other connection: while another reads what only the log has, or writes, it is tried again at the next rest. Before that,
    what was added to the full-text index is merged: FTS5 left to itself does it within some article's transaction (``automerge``), which
    then takes five times as long."""
    with closing(writer.raw_connection()) as conn:
        raw = conn.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        merging = raw.total_changes - conn.info.get("merged", 0) >= MERGE_ROWS
        if not merging and not _is_long(conn.info, raw):
            return
        raw.execute("PRAGMA busy_timeout=0")
        try:
            if merging:
                _merge(raw)
                conn.info["merged"] = raw.total_changes
            if _is_long(conn.info, raw):
                _empty_log(conn.info, raw)
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")


def _is_long(info: dict[Any, Any], raw: sqlite3.Connection) -> bool:
    """Whether the log is, as far as is known."""
    changed: int = raw.total_changes - info.get("rested", 0)
    return changed * float(info.get("pages", PAGES_A_ROW)) >= LOG_PAGES


def _empty_log(info: dict[Any, Any], raw: sqlite3.Connection) -> None:
    changed = raw.total_changes - info.get("rested", 0)
    raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # others may write meanwhile
    busy, pages, _ = raw.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()  # tells whether all of it is there
    if not busy:  # whoever writes next begins the log anew
        info.update(rested=raw.total_changes, pages=max(pages / changed, LEAST_A_ROW))


def _merge(raw: sqlite3.Connection) -> None:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:  # another writes
        if "locked" not in str(error):
            raise
        return
    try:
        raw.execute("INSERT INTO fulltext(fulltext, rank) VALUES ('merge', ?)", (MERGE_PAGES,))
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise


def tables(conn: sa.Connection) -> set[str]:
    """The tables that are there."""
    return set(conn.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())


def suits(_conn: sa.Connection) -> str | None:
    """Why a database cannot hold what is stored; None: it can."""
    return None


def before_the_first_table(engine: sa.Engine) -> None:
    """Sets write-ahead logging, which the file remembers. Changing it does not wait for others by itself, so we wait with a lock."""
    for _ in range(20):
        with engine.connect() as conn:
            raw = conn.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            try:
                if raw.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal":
                    return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("COMMIT")


def size(url: str, _conn: sa.Connection) -> int:
    """Bytes of the file and of what stands beside it."""
    path = path_of(url)
    assert path is not None
    files = (path.with_name(path.name + end) for end in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.exists())


_WORDS: Final = (
    ("not a database", "this file is not a database; name another one, or move it away"),
    ("malformed", "the database is damaged; put back a backup, or save what can be read with sqlite3's .recover"),
    ("readonly", "the database is read-only; make the file and its folder writable, or name another one"),
    ("unable to open", "the database cannot be opened; may the file and its folder be read and written by you?"),
    ("locked", f"another process has held the database for {BUSY_SECONDS:.0f} s; wait for it, or stop it, and try again"),
    ("full", "the disk is full; nothing was half-written: make room and run again"),
    ("i/o error", "the disk refused to write or read (full, over a limit, or failing); nothing was half-written"),
)


def words(_url: str, _error: BaseException, cause: str) -> str | None:
    """What an error means and what to do; None when it says enough itself."""
    return next((words for sign, words in _WORDS if sign in cause.lower()), None)
