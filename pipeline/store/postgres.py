"""PostgreSQL: how its connections behave, and what its errors mean. Written for version 13 and later.

Writers take turns, as on SQLite: a writing transaction begins with an advisory lock that ends with it. So no write meets another half-way,
two copies that arrive together see each other, and two processes that open a new database make its tables once. A write takes
milliseconds; what takes long (fetching, reading, comparing) is done outside. Readers wait for nobody.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.store.address import is_unclear, shown

LOCK: Final = 0x77697265  # "wire"; any constant of our own
WAIT_SECONDS: Final = 30  # how long one waits for another's write, as on SQLite
SILENT_SECONDS: Final = (
    120  # a writer of whom nothing is heard for so long has lost its machine or its network: it must not stop the others
)

READS: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITES: Final = {"wirewatch_begin": "locked"}

_ARGUMENTS: Final = {
    "fallback_application_name": "wirewatch",
    "connect_timeout": "10",
    "client_encoding": "utf8",
    "keepalives_idle": "30",  # a server that has gone without a word is noticed
}


def connect(url: str, *, create: bool, write: bool, **more: Any) -> sa.Engine:  # noqa: ARG001 - a server's databases are made by its owner
    """An engine for one writer and a few readers; connections that were dropped are replaced. Nothing is asked yet. Raises StoreError."""
    address = _address(url)
    arguments = {name: value for name, value in _ARGUMENTS.items() if name not in address.query}
    engine = sa.create_engine(
        address,
        connect_args=arguments,
        execution_options={} if write else {"postgresql_readonly": True},
        pool_size=6,
        max_overflow=10,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        **more,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def writer(_url: str, opened: sa.Engine, **_more: Any) -> sa.Engine:
    """Who writes has no need of an engine of its own: what is remembered of pages is the server's."""
    return opened


def _prepare(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    # jit: compiling a query costs more than any of ours takes; a planner that knows nothing of a table yet would do it
    for name, value in (("lock_timeout", f"{WAIT_SECONDS}s"), ("jit", "off"), ("timezone", "UTC")):
        connection.execute(f"SET {name} = '{value}'")
    connection.autocommit = False


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        address = None
    if address is None or is_unclear(url):
        raise StoreError(
            f"{shown(url)}: this cannot be read as an address; write postgresql://user@host:5432/database, and signs of a password such as "
            "@ or / as %40 or %2F"
        )
    if not address.database:
        raise StoreError(f"{shown(url)}: the address names no database; write postgresql://user@host/database")
    return address.set(drivername="postgresql+psycopg")


def _begin(conn: sa.Connection) -> None:
    if conn.get_execution_options().get("wirewatch_begin"):
        conn.exec_driver_sql(
            f"SELECT set_config('idle_in_transaction_session_timeout', '{SILENT_SECONDS}s', true), pg_advisory_xact_lock({LOCK})"
        )


def rest(_writer: sa.Engine) -> None:
    """Nothing: the server sees to its log."""


def tables(conn: sa.Connection) -> set[str]:
    """The tables of our schema (the first of the search path), but for those that extensions brought."""
    query = """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    """
    return set(conn.exec_driver_sql(query).scalars())


def suits(conn: sa.Connection) -> str | None:
    """Why a database cannot hold what is stored; None: it can."""
    row = conn.exec_driver_sql("SELECT current_schema(), current_database(), pg_encoding_to_char(encoding), current_user "
                               "FROM pg_database WHERE datname = current_database()").one()  # fmt: skip
    schema, name, encoding, user = row
    if schema is None:
        return f"no schema of this database may be used by {user}; let its owner run: GRANT ALL ON SCHEMA public TO {user}"
    if encoding != "UTF8":
        return f"the encoding of this database, {encoding}, cannot hold every script; make one with: createdb -E UTF8 -T template0 {name}"
    return None


def before_the_first_table(_engine: sa.Engine) -> None:
    """Nothing is set here."""


def size(_url: str, conn: sa.Connection) -> int:
    """Bytes of the database on the server's disk."""
    return int(conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


# ── what went wrong, in words ─────────────────────────────────────────────────────────────────────

_HALF: Final = "nothing was half-written"
_LOST: Final = f"the connection was lost in the middle; {_HALF}: run again when the server is there"

# SQLSTATE (PostgreSQL manual, appendix A), whole or its class → what to do
_STATES: Final = {
    "42501": "this user may not do that here; let the owner of the database run: GRANT ALL ON SCHEMA public TO {user}, and if the tables "
    "are somebody else's: GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {user}",
    "25006": "the database is read-only (a standby server, or opened for reading only); name the primary server",
    "53100": f"the server's disk is full; {_HALF}: make room and run again",
    "53300": "the server takes no more connections; stop some, or raise its max_connections",
    "55P03": f"another process has held the database for {WAIT_SECONDS} s; wait for it, or stop it, and try again",
    "57014": f"the server or its owner cancelled this; {_HALF}",
    "57P03": "the server is starting up or shutting down; try again in a moment",
    "42P01": "tables are missing; put back a backup, or name another database",
    "53": f"the server has no room or memory left; {_HALF}",
    "57P": _LOST,
    "25P03": _LOST,
    "08": _LOST,
    "40": f"another process was in the way; {_HALF}: run again",
    "XX": "the database is damaged; put back a backup, and look into the server's log",
}
# a connection that was never made has no SQLSTATE: libpq's and the server's words → what to do
_SIGNS: Final = (
    ("too many clients", _STATES["53300"]),
    ("connection slots", _STATES["53300"]),
    ("starting up", _STATES["57P03"]),
    ("shutting down", _STATES["57P03"]),
    ("not yet accepting", _STATES["57P03"]),
    ("password authentication failed", "the password of {user} is wrong; give it in the address, in PGPASSWORD or in ~/.pgpass"),
    ("no password supplied", "the server asks for a password; give it in the address, in PGPASSWORD or in ~/.pgpass"),
    ("peer authentication failed", "the server takes {user} from the system's user of this name only; run as that one, or give a host"),
    ("no pg_hba.conf entry", "the server lets nobody in from here as {user}; let its owner add a line to pg_hba.conf"),
    ("permission denied for database", "{user} may not connect; let the owner run: GRANT CONNECT ON DATABASE {database} TO {user}"),
    ("role", "the server knows no user {user}; make one with: createuser {server}{user}"),
    ("database", "there is no database {database}; make it with: createdb {server}-O {user} -E UTF8 -T template0 {database}"),
    ("invalid connection option", "a word behind the ? of the address is none that PostgreSQL knows; see its manual, 34.1.2"),
    ("connection refused", "no server answers at {host}; is it running, and is the port right?"),
    ("no such file", "no server answers at the socket in {host}; is it running, and does its socket stand there?"),
    ("timeout expired", "no server answered at {host} in time; is the address right, and does the network let you through?"),
    ("host", "no server was found at {host}; is the name right, and is the network there?"),
)  # fmt: skip
_EXISTS: Final = {"role", "database"}  # words that mean something only beside "does not exist"


def words(url: str, error: BaseException, cause: str) -> str | None:
    """What an error means and what to do; None when it says enough itself."""
    if isinstance(error, sa.exc.TimeoutError):
        return "this process has too many connections in use at once; try again"
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state:
        found = next((told for key, told in _STATES.items() if state.startswith(key)), None)
    elif getattr(error, "connection_invalidated", False):
        found = _LOST
    else:
        low = cause.lower()
        signs = (
            (sign, told) for sign, told in _SIGNS if sign in low and (sign not in _EXISTS or (f'{sign} "' in low and "not exist" in low))
        )
        found = next((told for _, told in signs), None)
    return found.format(**_places(url)) if found else None


def _places(url: str) -> dict[str, str]:
    address = _address(url)
    host = str(address.query.get("host") or address.host or "its usual place")
    where = f"-h {host} " if address.query.get("host") or address.host else ""
    return {
        "user": address.username or "you",
        "database": str(address.database),
        "host": f"{host}:{address.port}" if address.port else host,
        "server": where + (f"-p {address.port} " if address.port else ""),
    }
