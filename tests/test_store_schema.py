"""The schema: its history leads to the tables, lookups go by an index, and opening is quick."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from storing import NOW, fresh, offered, poll, read, saved, words

from pipeline.store import Store, engine, migrations, schema
from pipeline.store import read as door
from pipeline.store.read import Filters


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return fresh(tmp_path)


def test_the_history_is_one_line_and_ends_at_head() -> None:
    directory = migrations.script()
    assert directory.get_heads() == [schema.HEAD]
    assert directory.get_bases() == ["0001"]


def test_the_history_leads_to_the_tables(store_url: str) -> None:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind == "table" and str(name).startswith("fulltext"))  # FTS5 keeps tables of its own

    opened = engine.connect(store_url, create=False, write=True)
    with opened.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": ours, "compare_type": _differs})
        assert compare_metadata(context, schema.metadata) == []
        for table in schema.metadata.sorted_tables:
            options = conn.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table.name}).scalar_one()
            dialect = table.dialect_options["sqlite"]
            assert ("WITHOUT ROWID" in options) is not dialect["with_rowid"]
            assert ("AUTOINCREMENT" in options) is dialect["autoincrement"]
    opened.dispose()


def _differs(
    _context: object, _there: object, _column: object, found: sa.types.TypeEngine[object], wanted: sa.types.TypeEngine[object]
) -> bool:
    dialect = sa.create_engine("sqlite://").dialect
    return found.compile(dialect) != wanted.compile(dialect)


def test_an_up_to_date_database_opens_without_alembic(store_url: str) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from pipeline.store import Store
Store.open({store_url!r}).close()
assert not any(name.split(".")[0] in ("alembic", "mako") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_opening_twice_changes_nothing(store_url: str) -> None:
    path = Path(store_url.removeprefix("sqlite:///"))
    before = path.read_bytes()
    Store.open(store_url).close()
    assert path.read_bytes() == before


def test_every_lookup_goes_by_an_index(store_url: str) -> None:
    store = Store.open(store_url)
    asked: list[tuple[str, Any]] = []

    def listen(_conn: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not many:
            asked.append((statement, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", listen)
    try:
        for number in range(3):
            page = read(f"https://one.example/{number}", words(number // 2))
            poll(store, offered(page.article.url))
            (row,) = store.pending(NOW, limit=1)
            saved(store, page, copies=True, pending=row.id)
            store.known([page.article.url])
        door.show(store, "1")
        door.story(store, "1")
        door.search(store, "anything", Filters())
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", listen)
    store.close()
    assert len(asked) > 50
    file = sqlite3.connect(store_url.removeprefix("sqlite:///"))
    small = {"source", "source_state"}  # a row for each source
    for statement, parameters in asked:
        if statement.split()[0] not in ("SELECT", "WITH", "UPDATE", "DELETE"):
            continue
        for *_, step in file.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
            words_ = step.split()
            walks = words_[0] == "SCAN" and "VIRTUAL" not in words_ and words_[1] not in small and words_[1] in schema.metadata.tables
            assert not walks or "pending" in words_[1], (step, statement)
    file.close()
