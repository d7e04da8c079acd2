"""Two stored articles that turn out to be one: its address followed a new headline, and the new one was met first. Inside the caller's
transaction.

The one that was stored first stays, with all versions, sightings, addresses, and verdicts on others. A version whose text and headline the
other has too goes: nothing changed from one to the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from pipeline.model import EditKind, Outcome
from pipeline.store import earlier, purge, queue, unindex
from pipeline.store.schema import (
    alert,
    alias,
    article,
    body,
    former,
    outbox,
    outcome,
    outlet,
    raw,
    relation,
    sighting,
    topic,
    version,
)

_BOTH: Final = sa.select(article).where(article.c.id.in_(sa.bindparam("asked", expanding=True)), article.c.seed.is_(None))
_VERSIONS: Final = (
    sa.select(version.c.id, version.c.content_digest, version.c.fetched_at, version.c.body_id)
    .where(version.c.article_id == sa.bindparam("owner"))
    .order_by(version.c.number)
)
_SIGHTINGS: Final = sa.select(sighting).where(sighting.c.article_id == sa.bindparam("owner")).order_by(sighting.c.id)
_WITHIN: Final = tuple(sa.delete(table).where(table.c.article_id == table.c.other_article_id) for table in (relation, former))

_OF_VERSIONS: Final = (
    relation.c.version_id, relation.c.other_id, former.c.version_id, former.c.other_id, outbox.c.version_id, raw.c.version_id,
    topic.c.version_id,
)  # fmt: skip


def merge(conn: sa.Connection, one: int, other: int, ended: Outcome, change: EditKind | None) -> Outcome | None:
    """See Store.merge."""
    rows = {row["id"]: row for row in conn.execute(_BOTH, {"asked": [one, other]}).mappings()}
    if len(rows) < 2:
        return None
    kept, gone = sorted(rows)
    latest = _versions(conn, kept, gone, change)
    for column in (alias.c.article_id, outbox.c.article_id, alert.c.article_id, outcome.c.article_id):
        _owned(conn, column, kept, gone)
    for table in (relation, former):
        _owned(conn, table.c.article_id, kept, gone)
        _owned(conn, table.c.other_article_id, kept, gone)
    for statement in _WITHIN:
        conn.execute(statement)
    _sightings(conn, kept, gone)
    _rows(conn, rows[kept], rows[gone])
    ended = replace(ended, article_id=kept, version_id=latest)
    queue.end(conn, ended, queue.source_id(conn, ended.source, ended.at), None)
    return ended


def _owned(conn: sa.Connection, column: Any, kept: int, gone: int) -> None:
    conn.execute(sa.update(column.table).where(column == gone).values({column.name: kept}))


def _versions(conn: sa.Connection, kept: int, gone: int, change: EditKind | None) -> int:
    """→ the latest of all."""
    mine, theirs = (conn.execute(_VERSIONS, {"owner": owner}).all() for owner in (kept, gone))
    there = {row.content_digest: row.id for row in reversed(mine)}
    same = {row.id: there[row.content_digest] for row in theirs if row.content_digest in there}
    news = [row for row in theirs if row.id not in same]
    for row in news:
        values = {"article_id": kept, "number": earlier.next_number(conn, kept)}
        conn.execute(sa.update(version).where(version.c.id == row.id).values(values | ({"change": change} if row is news[0] else {})))
    latest = max([*mine, *news], key=lambda row: (row.fetched_at, row.id))
    conn.execute(sa.update(article).where(article.c.id == kept).values(latest_id=latest.id))
    if same:
        _drop(conn, same, {row.body_id for row in theirs if row.id in same})
    return int(latest.id)


def _drop(conn: sa.Connection, same: Mapping[int, int], bodies: Collection[int]) -> None:
    """Versions that are there twice. ``same``: each, and the one that stays."""
    for gone, stays in same.items():
        conn.execute(sa.update(outcome).where(outcome.c.version_id == gone).values(version_id=stays))
        conn.execute(sa.update(alert).where(alert.c.version_id == gone).values(version_id=stays))
    unindex.take_out(conn, sorted(same))
    purge.forget_fingerprints(conn, sorted(same))
    for column in (*_OF_VERSIONS, version.c.id):
        conn.execute(sa.delete(column.table).where(column.in_(sorted(same))))
    used = sa.select(version.c.body_id).where(version.c.body_id == body.c.id)
    conn.execute(sa.delete(body).where(body.c.id.in_(sorted(bodies)), ~used.exists()))


def _sightings(conn: sa.Connection, kept: int, gone: int) -> None:
    there = {(row["source_id"], row["url"]): row for row in conn.execute(_SIGHTINGS, {"owner": kept}).mappings()}
    for row in conn.execute(_SIGHTINGS, {"owner": gone}).mappings().all():
        values: dict[str, Any] = {"article_id": kept}
        where = sighting.c.id == row["id"]
        if (twice := there.get((row["source_id"], row["url"]))) is not None:
            later = max(twice, row, key=lambda one: one["last_seen"])
            values = {"first_seen": min(twice["first_seen"], row["first_seen"]), "last_seen": later["last_seen"], "chain": later["chain"]}
            conn.execute(sa.delete(sighting).where(where))
            where = sighting.c.id == twice["id"]
        conn.execute(sa.update(sighting).where(where).values(values))


def _rows(conn: sa.Connection, kept: sa.RowMapping, gone: sa.RowMapping) -> None:
    """The one row of the article that is left; its outlet has one fewer."""
    values: dict[str, datetime | None] = {
        "first_seen": min(kept["first_seen"], gone["first_seen"]),
        "last_seen": max(kept["last_seen"], gone["last_seen"]),
        "recheck_at": min((at for at in (kept["recheck_at"], gone["recheck_at"]) if at is not None), default=None),
        "gone_since": None,
        "withdrawn_at": None,
    }
    conn.execute(sa.update(article).where(article.c.id == kept["id"]).values(values))
    conn.execute(sa.delete(article).where(article.c.id == gone["id"]))
    if gone["outlet"] is not None:
        conn.execute(sa.update(outlet).where(outlet.c.domain == gone["outlet"]).values(articles=outlet.c.articles - 1))
