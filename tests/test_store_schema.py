"""The schema: its history leads to the tables, lookups go by an index, and opening is quick."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conftest import BOTH, ON_FILE, ON_SERVER, made
from databases import raw
from storing import NOW, offered, poll, read, saved, words

from pipeline.errors import StoreError
from pipeline.model import Read, Seed
from pipeline.store import Store, engine, migrations, schema
from pipeline.store import read as door
from pipeline.store import search as fulltext
from pipeline.store.read import Filters


def test_the_history_is_one_line_and_ends_at_head() -> None:
    directory = migrations.script()
    assert directory.get_heads() == [schema.HEAD]
    assert directory.get_bases() == ["0001"]


def test_the_history_leads_to_the_tables(store_url: str, database: str) -> None:
    def ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or database == "postgresql" or not str(name).startswith("fulltext")  # FTS5 keeps tables of its own

    opened = engine.connect(store_url, create=False, write=True)

    def differs(_context: object, _there: object, _column: object, found: Any, wanted: Any) -> bool:
        return bool(found.compile(opened.dialect) != wanted.compile(opened.dialect))

    with opened.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": ours, "compare_type": differs})
        assert compare_metadata(context, schema.metadata) == []
        there = {name for name in sa.inspect(conn).get_table_names() if not name.startswith(("fulltext", "sqlite_"))}
        assert there == {*schema.metadata.tables, "alembic_version"} - {"fulltext"}
    opened.dispose()


@ON_FILE
def test_the_tables_of_sqlite_have_the_options_that_are_meant(store_url: str) -> None:
    with raw(store_url) as conn:
        for table in schema.metadata.sorted_tables:
            options = conn.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table.name}).scalar_one()
            dialect = table.dialect_options["sqlite"]
            assert ("WITHOUT ROWID" in options) is not dialect["with_rowid"]
            assert ("AUTOINCREMENT" in options) is dialect["autoincrement"]


# columns that came after revision 0004
LATER = {
    "source_state": ("interval", "learned", "health", "health_since", "health_why", "moved_to", "claimed_until"),
    "article": ("recheck_at", "gone_since", "withdrawn_at", "withdrawn_why"),
    "pending": ("claimed_until",),
    "version": ("change",),
    "body": ("kept",),
}

# ── every revision, with rows in every table ──────────────────────────────────────────────────────


def _invented(column: sa.Column[Any]) -> object:
    """A value that a reflected column takes; every key is 1."""
    values: list[tuple[type[sa.types.TypeEngine[Any]], object]] = [
        (sa.Boolean, True), (sa.Integer, 1), (sa.JSON, {"a": ["b", 1]}), (sa.Float, 0.25), (sa.LargeBinary, b"\0\xff"),
        (sa.DateTime, NOW if getattr(column.type, "timezone", False) else NOW.replace(tzinfo=None)), (sa.Text, "tëxt 北约"),
    ]  # fmt: skip
    return next(value for kind, value in values if isinstance(column.type, kind))


def _tables(conn: sa.Connection) -> list[sa.Table]:
    there = sa.MetaData()
    there.reflect(conn)
    return [table for table in there.sorted_tables if not table.name.startswith(("fulltext", "sqlite_", "alembic"))]


@pytest.mark.parametrize("revision", [one for one in migrations.revisions() if one != schema.HEAD])
@pytest.mark.parametrize("kind", BOTH)
def test_an_upgrade_keeps_every_row(kind: str, revision: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with made(kind, tmp_path, request, tables=False) as url:
        opened = engine.connect(url, create=True, write=True)
        with opened.execution_options(**engine.of(url).WRITES).begin() as conn:
            migrations.upgrade(conn, revision)
            tables = _tables(conn)
            for table in tables:
                conn.execute(sa.insert(table), {column.name: _invented(column) for column in table.c})
            fulltext.put(conn, 1, "tëxt", "北约 and more")
        with opened.connect() as conn:
            before = {table.name: conn.execute(sa.select(table)).all() for table in tables}
        assert len(tables) > 10
        assert all(len(rows) == 1 for rows in before.values())
        opened.dispose()
        with pytest.raises(StoreError, match=f"older schema .{revision}"):
            Store.open(url, write=False)
        store = Store.open(url)
        if revision < "0004":
            before["fingerprint"] = [(1, schema.SHORTS_PART, 1)]  # by part, then by hash; and it is of a text of one word
        with store.reading() as conn:
            now = {table.name: schema.fingerprint if table.name == "fingerprint" else table for table in tables}
            assert {name: conn.execute(sa.select(table)).all() for name, table in now.items()} == before
            assert engine.revision(conn, url) == schema.HEAD
        assert [one.id for one in store.suspects(read("https://one.example/", "tëxt 北约").fingerprint).worth] == []
        assert store.seeds()[0].seed == "tëxt 北约"
        assert list(conn_hits(store, "北约")) == [1]
        store.close()


@pytest.mark.parametrize("kind", BOTH)
def test_fingerprints_of_an_older_database_find_what_they_found(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with made(kind, tmp_path, request, tables=False) as url:
        opened = engine.connect(url, create=True, write=True)
        pages = [read(f"https://one.example/{number}", words(number, size)) for number, size in enumerate((600, 400, 120, 60, 30))]
        store = Store.open(url)
        for page in pages:
            saved(store, page)
        seed = read("https://two.example/", words(9, 100))
        store.plant(Seed(name="story", title="A headline", text=words(9, 100)), seed, seed.fingerprint.shingles, NOW)
        with store.reading() as conn:
            wanted = conn.execute(sa.select(schema.fingerprint).order_by(*schema.fingerprint.primary_key)).all()
        store.close()
        with opened.execution_options(**engine.of(url).WRITES).begin() as conn:
            _as_it_was(conn, pages, seed)
        opened.dispose()
        store = Store.open(url)
        with store.reading() as conn:
            assert conn.execute(sa.select(schema.fingerprint).order_by(*schema.fingerprint.primary_key)).all() == wanted
        for number, page in enumerate(pages):
            (found,) = store.suspects(read("https://three.example/", f"{page.article.text} and more of it").fingerprint).worth
            assert found.article.url == f"https://one.example/{number}"
        with store.reading() as conn:  # what came in of late is looked at again, seeds are not
            again = conn.execute(sa.select(schema.article.c.seed.is_(None)).where(schema.article.c.recheck_at.is_not(None))).scalars()
            assert list(again) == [True] * len(pages)
        store.close()


def _as_it_was(conn: sa.Connection, pages: Sequence[Read], seed: Read) -> None:
    """The table as revision 0003 had it: by hash, short texts in full, a month's articles in a part of their own. What came after goes."""
    for name in ("host", "runner", "alert"):
        conn.exec_driver_sql(f"DROP TABLE {name}")
    for index in ("ix_article_recheck_at", "ix_outcome_skipped"):
        conn.exec_driver_sql(f"DROP INDEX {index}")
    for name, columns in LATER.items():
        for column in columns:
            conn.exec_driver_sql(f'ALTER TABLE {name} DROP COLUMN "{column}"')
    conn.exec_driver_sql("DROP TABLE fingerprint")
    keys = [sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False) for name in ("hash", "part", "version_id")]
    table = sa.Table("fingerprint", sa.MetaData(), *keys, sa.PrimaryKeyConstraint(*keys, name="pk_fingerprint"), sqlite_with_rowid=False)
    table.create(conn)
    conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    for number, page in enumerate(pages, 1):
        part = (202602, 202603, 1)[number % 3]
        conn.execute(sa.insert(table), [{"hash": value, "part": part, "version_id": number} for value in page.fingerprint.sample])
    conn.execute(sa.insert(table), [{"hash": value, "part": 0, "version_id": len(pages) + 1} for value in seed.fingerprint.shingles])


def conn_hits(store: Store, query: str) -> list[int]:
    asked = fulltext.hits(store.kind, query)
    assert asked is not None
    with store.reading() as conn:
        return [row.version_id for row in conn.execute(asked)]


# ── opening ───────────────────────────────────────────────────────────────────────────────────────


def test_an_up_to_date_database_opens_without_alembic(store_url: str) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from pipeline.store import Store
Store.open({store_url!r}).close()
assert not any(name.split(".")[0] in ("alembic", "mako") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@ON_FILE
def test_opening_twice_changes_nothing(store_url: str) -> None:
    path = Path(store_url.removeprefix("sqlite:///"))
    before = path.read_bytes()
    Store.open(store_url).close()
    assert path.read_bytes() == before


# ── lookups ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def listening(kind: str) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of a database meanwhile; of SQLite, which its own cursor asks most, as SQLite tells it: with the values in it."""
    asked: list[tuple[str, Any]] = []

    def note(statement: str, parameters: Any = ()) -> None:
        if statement.split()[0] in ("SELECT", "WITH", "UPDATE", "DELETE"):
            asked.append((statement, parameters))

    def listen(_conn: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not many:
            note(statement, parameters)

    def taken(connection: Any, *_: object) -> None:
        connection.set_trace_callback(note)

    def given_back(connection: Any, *_: object) -> None:
        connection.set_trace_callback(None)

    listeners: list[tuple[Any, str, Any]] = [(sa.Engine, "before_cursor_execute", listen)]
    if kind == "sqlite":
        listeners = [(sa.pool.Pool, "checkout", taken), (sa.pool.Pool, "checkin", given_back)]
    for listener in listeners:
        sa.event.listen(*listener)
    try:
        yield asked
    finally:
        for listener in listeners:
            sa.event.remove(*listener)


def asked_for(store: Store) -> list[tuple[str, Any]]:
    """The statements of a usual day."""
    with listening(store.kind) as asked:
        for number in range(3):
            page = read(f"https://one.example/{number}", words(number // 2))
            poll(store, offered(page.article.url))
            (row,) = store.pending(NOW, limit=1)
            saved(store, page, copies=True, pending=row.id)
            store.known([page.article.url])
        door.show(store, page.article.url)
        door.story(store, page.article.url)
        door.search(store, "anything", Filters())
    assert len(asked) > 50
    return asked


@ON_FILE
def test_every_lookup_goes_by_an_index(store_url: str) -> None:
    store = Store.open(store_url)
    asked = asked_for(store)
    store.close()
    small = {"source", "source_state", "topic"}  # a row for each source; of what seeds are about, whether there is anything
    with raw(store_url) as conn:
        for statement, parameters in asked:
            for *_, step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                words_ = step.split()
                walks = words_[0] == "SCAN" and "VIRTUAL" not in words_ and words_[1] not in small and words_[1] in schema.metadata.tables
                assert not walks or "pending" in words_[1], (step, statement)


@ON_SERVER
def test_every_lookup_goes_by_an_index_of_tables_that_were_never_analysed(store_url: str) -> None:
    many = {"version": 30_000, "article": 30_000, "alias": 30_000, "fingerprint": 400_000, "relation": 30_000, "offer": 30_000}
    store = Store.open(store_url)
    saved(store, read("https://two.example/", words(9)))
    saved(store, read("https://three.example/", words(9)), copies=True)
    with raw(store_url) as conn:
        for table in schema.metadata.sorted_tables:
            conn.exec_driver_sql(f"ALTER TABLE {table.name} SET (autovacuum_enabled = off)")
        conn.exec_driver_sql("SET session_replication_role = replica")  # rows of nobody: only their number matters
        for name, count in many.items():
            _multiply(conn, schema.metadata.tables[name], count)
    for statement, parameters in asked_for(store):
        with store.reading() as conn:
            if statement.startswith(("UPDATE", "DELETE")) or "pg_" in statement:
                continue
            plan = "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {statement}", parameters))
            assert not any(f"Seq Scan on {name}" in plan for name in many), f"{statement}\n{plan}"
    store.close()


def _multiply(conn: sa.Connection, table: sa.Table, count: int) -> None:
    """``count`` rows like the first, each with keys of its own."""
    own = {"id": "n", "key": "'k' || n", "number": "n", "hash": "n::bigint * 7919", "version_id": "n", "url": "'u' || n", "latest_id": "n",
           "body_digest": "'d' || n", "article_id": "n", "other_id": "n", "other_article_id": "n", "seed": "NULL"}  # fmt: skip
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(own.get(column.name, f't."{column.name}"') for column in table.c)
    conn.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(100, {count}) n, (SELECT * FROM {table.name} LIMIT 1) t"
    )
