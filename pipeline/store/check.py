"""Whether a database is sound: its file, its schema, what refers to what, counters, full text. Nothing is written, but by ``reindex``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.store import Store, engine, schema, search
from pipeline.store.schema import article, body, fingerprint, former, outbox, outlet, relation, sentence, version

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""

MANY: Final = 10  # problems of one kind that are named
_BACKUP: Final = "put back a backup (`wirewatch db backup` makes one)"
_REINDEX: Final = "run `wirewatch db check --reindex`, which makes it anew"

# What refers to what without a foreign key: (rows, column, what it should lead to)
_SOFT: Final = (
    (article, article.c.latest_id, version.c.id),
    (fingerprint, fingerprint.c.version_id, version.c.id),
    (sentence, sentence.c.domain, outlet.c.domain),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found. ``problems``: each says what to do; ``counts``: rows by table."""

    url: str
    schema: str
    size: int
    problems: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]

    @property
    def sound(self) -> bool:
        return not self.problems


def check(url: str, progress: Progress) -> Checked:
    """Looks at everything once. Raises StoreError for what is no database of ours, or cannot be read at all."""
    with engine.translated(url):
        opened = engine.connect(url, create=False, write=False)
    try:
        with engine.translated(url), opened.execution_options(**engine.of(url).READS).connect() as conn, conn.begin():
            found = engine.revision(conn, url)
            if found is None:
                raise StoreError(f"{engine.shown(url)}: this database is empty; `wirewatch db upgrade` makes its tables")
            steps = _STEPS if found == schema.HEAD else (_file, _revision)
            problems: list[str] = []
            for number, step in enumerate(steps):
                progress("checking", number, len(steps))
                problems += step(conn, found)
            progress("checking", len(steps), len(steps))
            counts = tuple((table.name, _count(conn, table)) for table in tables()) if found == schema.HEAD else ()
            size = engine.of(url).size(url, conn)
            return Checked(url=engine.shown(url), schema=found, size=size, problems=tuple(problems), counts=counts)
    finally:
        opened.dispose()


def tables() -> list[sa.Table]:
    """The tables that both databases have, those that are referred to first."""
    return [table for table in schema.metadata.sorted_tables if "only" not in table.info]


def _count(conn: sa.Connection, table: sa.Table) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# ── the steps: connection, revision → problems ────────────────────────────────────────────────────


def _file(conn: sa.Connection, _found: str) -> Iterator[str]:
    """Every page of a SQLite file; PostgreSQL looks after its own (pg_amcheck, checksums)."""
    if conn.dialect.name != "sqlite":
        return
    for (said,) in conn.exec_driver_sql(f"PRAGMA integrity_check({MANY})"):
        if said != "ok":
            yield f"the file is damaged ({' '.join(said.split())}); {_BACKUP}, or save what can be read with sqlite3's .recover"


def _revision(_conn: sa.Connection, found: str) -> Iterator[str]:
    from pipeline.store import migrations

    if found not in migrations.revisions():
        yield f"the schema, {found}, is of a newer wirewatch (known here: {schema.HEAD}); upgrade wirewatch"
    elif found != schema.HEAD:
        yield f"the schema is {found}, an older one; bring it to {schema.HEAD} with `wirewatch db upgrade`, then check again"


def _references(conn: sa.Connection, _found: str) -> Iterator[str]:
    """Rows that refer to a row that is not there."""
    hard = ((table, key.parent, key.column) for table in tables() for key in table.foreign_keys)
    for table, column, target in (*hard, *_SOFT):
        there = target.table.alias()
        lost = column.is_not(None) & ~sa.exists().where(there.c[target.name] == column)
        query = sa.select(sa.func.count()).select_from(table).where(lost)
        if count := int(conn.execute(query).scalar_one()):
            yield f"{count} rows of {table.name} name a {target.table.name} that is not there ({column.name}); {_BACKUP}"


def _wholeness(conn: sa.Connection, _found: str) -> Iterator[str]:
    """Articles without a text, texts of nobody, verdicts about another article's text."""
    missing = sa.select(sa.func.count()).select_from(article).where(article.c.latest_id.is_(None))
    if count := int(conn.execute(missing).scalar_one()):
        yield f"{count} articles have no version; {_BACKUP}"
    unused = ~sa.exists().where(version.c.body_id == body.c.id)
    if count := int(conn.execute(sa.select(sa.func.count()).select_from(body).where(unused)).scalar_one()):
        yield f"{count} texts belong to no version; {_BACKUP}"
    for table, name in ((relation, "relations"), (former, "former relations"), (outbox, "events")):
        strange = table.join(version, version.c.id == table.c.version_id)
        query = sa.select(sa.func.count()).select_from(strange).where(version.c.article_id != table.c.article_id)
        if count := int(conn.execute(query).scalar_one()):
            yield f"{count} {name} are about a version of another article; {_BACKUP}"


def _counters(conn: sa.Connection, _found: str) -> Iterator[str]:
    """The next row's number must not be one that is there: so it is after rows were put in by hand, or by half a restore."""
    for table, last in counters(conn).items():
        highest = conn.execute(sa.select(sa.func.max(schema.metadata.tables[table].c.id))).scalar() or 0
        if highest > last:
            yield (
                f"the counter of {table} stands at {last}, its highest row is {highest}; as the owner of the database run: "
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest})"
            )


def _fulltext(conn: sa.Connection, _found: str) -> Iterator[str]:
    """Every version is indexed, and nothing else."""
    indexed = search.indexed(conn.dialect.name).subquery()
    missing = sa.select(sa.func.count()).select_from(version.outerjoin(indexed, indexed.c.version_id == version.c.id))
    if count := int(conn.execute(missing.where(indexed.c.version_id.is_(None))).scalar_one()):
        yield f"{count} versions are not in the full-text index; {_REINDEX}"
    extra = sa.select(sa.func.count()).select_from(indexed.outerjoin(version, indexed.c.version_id == version.c.id))
    if count := int(conn.execute(extra.where(version.c.id.is_(None))).scalar_one()):
        yield f"{count} entries of the full-text index are of no version; {_REINDEX}"


_STEPS: Final = (_file, _revision, _references, _wholeness, _counters, _fulltext)


# ── counters and the index ────────────────────────────────────────────────────────────────────────


def counters(conn: sa.Connection) -> dict[str, int]:
    """Table → the highest id it ever gave, rows since taken away included. SQLite knows only tables that had a row."""
    numbered = [table.name for table in tables() if table.autoincrement_column is not None]
    if conn.dialect.name == "sqlite":
        found = {row.name: int(row.seq) for row in conn.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}
        return {name: found[name] for name in numbered if name in found}
    asked = "SELECT last_value, is_called FROM {0}_id_seq"
    rows = {name: conn.exec_driver_sql(asked.format(name)).one() for name in numbered}
    return {name: int(row[0]) if row[1] else 0 for name, row in rows.items()}


def reindex(url: str, progress: Progress) -> int:
    """Makes the full text anew, in one transaction. → how many versions it holds. Raises StoreError."""
    store = Store.open(url, create=False)
    try:
        with store.writing() as conn:
            return fill(conn, progress)
    finally:
        store.close()


def fill(conn: sa.Connection, progress: Progress) -> int:
    """Empties the index and puts every version into it. → how many."""
    search.empty(conn)
    total, done = _count(conn, version), 0
    query = sa.select(version.c.id, version.c.title, body.c.text).join(body, body.c.id == version.c.body_id).order_by(version.c.id)
    last = 0
    while rows := conn.execute(query.where(version.c.id > last).limit(CHUNK)).all():
        for row in rows:
            search.put(conn, row.id, row.title, row.text)
        last, done = rows[-1].id, done + len(rows)
        progress("indexing", done, total)
    return done


CHUNK: Final = 200  # versions in memory at a time
