"""Opening a database: its address, how connections behave, the schema brought up to date, errors in words a person can act on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from pipeline.errors import StoreError
from pipeline.store.schema import HEAD, storable

BUSY_SECONDS: Final = 30.0  # how long one waits for another's write; facts/reliability R4: locked for 30 s costs nothing
STATEMENTS: Final = 256  # prepared statements a connection keeps
WRITES: Final = {"wirewatch_begin": "IMMEDIATE"}


def path_of(url: str) -> Path | None:
    """The file of a SQLite address ("sqlite:///path" or a bare path); None for another database. Raises StoreError."""
    scheme, sep, rest = url.partition("://")
    if not sep:
        return Path(url).expanduser()
    if scheme.split("+")[0] != "sqlite":
        return None
    if not rest.startswith("/") or len(rest) == 1:
        raise StoreError(f"{url}: an address of a SQLite database looks like sqlite:///folder/file.db")
    return Path(rest[1:]).expanduser()


def exists(url: str) -> bool:
    """Whether there is a database file at this address; True for what is no file."""
    path = path_of(url)
    return path is None or path.exists()


def connect(url: str, *, create: bool, write: bool) -> sa.Engine:
    """An engine whose transactions are real ones. Nothing is read yet but what tells whether it can be. Raises StoreError."""
    path = path_of(url)
    if path is None:
        raise StoreError(f"{url}: only SQLite databases can be used as yet; give a path or sqlite:///path")
    _check_path(path, create=create and write)
    mode = ("rwc" if create else "rw") if write else _reading_mode(path)
    uri = f"file:{quote(str(path.absolute()))}?{mode if '=' in mode else 'mode=' + mode}"

    def dial() -> sqlite3.Connection:
        # isolation_level None: sqlite3 must begin nothing by itself (facts/stack: its defaults lost 150 of 200 updates)
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )

    engine = sa.create_engine("sqlite://", creator=dial, poolclass=QueuePool, pool_size=8, max_overflow=-1, json_serializer=_json)
    sa.event.listen(engine, "connect", _prepare)
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


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # NORMAL: a killed process loses nothing; a power cut may lose the last commits, never the database (sqlite.org/pragma.html)
    for pragma in (
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "cache_size=-16000",
        "journal_size_limit=33554432",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: sa.Connection) -> None:
    conn.exec_driver_sql(f"BEGIN {conn.get_execution_options().get('wirewatch_begin', 'DEFERRED')}")


def _json(value: Any) -> str:
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


# ── the schema ────────────────────────────────────────────────────────────────────────────────────


def ready(engine: sa.Engine, url: str, *, write: bool) -> None:
    """Brings the schema to ``HEAD`` when it is older or the file is new. Raises StoreError."""
    with translated(url), engine.connect() as conn:
        found = _revision(conn, url)
    if found == HEAD:
        return
    from pipeline.store import migrations  # imports alembic, which costs more than a whole quick command

    if found is not None and found not in migrations.revisions():
        raise StoreError(f"{url}: this database is of a newer wirewatch (schema {found}, known here: {HEAD}); upgrade wirewatch")
    if not write:
        what = f"is of an older schema ({found})" if found else "is empty"
        raise StoreError(f"{url}: this database {what}; any command that writes, such as `wirewatch ingest`, brings it up to date")
    with translated(url):
        _write_ahead(engine)
        with engine.execution_options(**WRITES).begin() as conn:
            if _revision(conn, url) != HEAD:  # another process may have done it while we waited
                migrations.upgrade(conn)


def _revision(conn: sa.Connection, url: str) -> str | None:
    tables = set(conn.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    if "alembic_version" in tables:
        found = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None and "article" in tables:
            return str(found)
    if tables:
        raise StoreError(f"{url}: this is a database of something else, not wirewatch's; name another file")
    return None


def _write_ahead(engine: sa.Engine) -> None:
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


# ── what went wrong, in words ─────────────────────────────────────────────────────────────────────

_WORDS: Final = (
    ("not a database", "this file is not a database; name another one, or move it away"),
    ("malformed", "the database is damaged; put back a backup, or save what can be read with sqlite3's .recover"),
    ("readonly", "the database is read-only; make the file and its folder writable, or name another one"),
    ("unable to open", "the database cannot be opened; may the file and its folder be read and written by you?"),
    ("locked", f"another process has held the database for {BUSY_SECONDS:.0f} s; wait for it, or stop it, and try again"),
    ("full", "the disk is full; nothing was half-written: make room and run again"),
    ("i/o error", "the disk refused to write or read (full, over a limit, or failing); nothing was half-written"),
)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Whatever the database raises inside comes out as a StoreError that says what to do."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        cause = str(getattr(error, "orig", error))
        words = next((words for sign, words in _WORDS if sign in cause.lower()), "the database refused; nothing was half-written")
        raise StoreError(f"{url}: {words} ({cause})") from error
