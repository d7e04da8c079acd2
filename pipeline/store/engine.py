"""Opening a database: the schema brought up to date, errors in words a person can act on. What only one kind knows of itself stands in
``sqlite.py`` and ``postgres.py``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

import sqlalchemy as sa

from pipeline.errors import ItemError, StoreError
from pipeline.store import postgres, sqlite
from pipeline.store.address import kind, path_of, shown
from pipeline.store.schema import HEAD, storable

__all__ = ["connect", "exists", "found", "kind", "of", "path_of", "ready", "revision", "shown", "translated", "writer"]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one for each value
_KINDS: Final = {"sqlite": sqlite, "postgresql": postgres}


def of(url: str) -> ModuleType:
    """The module of the kind of database that ``url`` leads to. Raises StoreError."""
    return _KINDS[kind(url)]


def connect(url: str, *, create: bool, write: bool) -> sa.Engine:
    """An engine whose transactions are real ones. Nothing is read yet but what tells whether it can be. Raises StoreError."""
    engine: sa.Engine = of(url).connect(url, create=create, write=write, json_serializer=_json)
    return engine


def writer(url: str, opened: sa.Engine) -> sa.Engine:
    """The engine of who writes to what was opened for writing; it may be the same one. Nothing is asked yet."""
    engine: sa.Engine = of(url).writer(url, opened, json_serializer=_json)
    return engine


def _json(value: Any) -> str:
    return storable(_ENCODER.encode(value))


def exists(url: str) -> bool:
    """Whether anything was ever stored there: the file of a SQLite database, our tables in another one. Raises StoreError."""
    path = path_of(url)
    return path.exists() if path is not None else found(url) is not None


def found(url: str) -> str | None:
    """The revision of the schema, read and not changed; None for a database without tables. Raises StoreError."""
    with translated(url):
        opened = connect(url, create=False, write=False)
    try:
        with translated(url), opened.connect() as conn:
            return revision(conn, url)
    finally:
        opened.dispose()


def ready(engine: sa.Engine, writer: sa.Engine, url: str, *, write: bool) -> None:
    """Brings the schema to ``HEAD`` when it is older or the database is new. Raises StoreError."""
    with translated(url), engine.connect() as conn:
        found = revision(conn, url)
    if found == HEAD:
        return
    from pipeline.store import migrations  # imports alembic, which costs more than a whole quick command

    if found is not None and found not in migrations.revisions():
        raise StoreError(f"{shown(url)}: this database is of a newer wirewatch (schema {found}, known here: {HEAD}); upgrade wirewatch")
    if not write:
        what = f"is of an older schema ({found})" if found else "is empty"
        raise StoreError(f"{shown(url)}: this database {what}; `wirewatch db upgrade`, or any command that writes, brings it up to date")
    with translated(url):
        of(url).before_the_first_table(engine)
        with writer.execution_options(**of(url).WRITES).begin() as conn:
            if revision(conn, url) != HEAD:  # another process may have done it while we waited
                migrations.upgrade(conn)


def revision(conn: sa.Connection, url: str) -> str | None:
    """The revision of the schema; None for a database without tables. Raises StoreError when it is somebody else's, or cannot hold ours."""
    tables = of(url).tables(conn)
    if "alembic_version" in tables:
        found = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None and "article" in tables:
            return str(found)
    if tables:
        raise StoreError(f"{shown(url)}: this is a database of something else, not wirewatch's; name another one")
    if problem := of(url).suits(conn):
        raise StoreError(f"{shown(url)}: {problem}")
    return None


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Whatever the database raises inside comes out as a StoreError that says what to do; what is wrong with a value (too long for an
    index, SQLSTATE 22 and 54) as an ItemError: it costs one item."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, sqlite3.Error) as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())
        if str(getattr(getattr(error, "orig", None), "sqlstate", "")).startswith(("22", "54")):
            raise ItemError(f"the database cannot hold a value of it ({cause})", reason="unstorable") from error
        words = of(url).words(url, error, cause) or "the database refused; nothing was half-written"
        raise StoreError(f"{shown(url)}: {words} ({cause})") from error
