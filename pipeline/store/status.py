"""How the database and its sources fare."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipeline.store import engine
from pipeline.store.rows import SourceLine, StoreStatus
from pipeline.store.schema import HEAD, article, outcome, outlet, pending, relation, sighting, source, source_state, version

if TYPE_CHECKING:
    from pipeline.store import Store


def status(store: Store, now: datetime) -> StoreStatus:
    """Counts, sources with what they wait for, and the size on disk."""
    with store.reading() as conn:
        due = sa.select(sa.func.count()).select_from(pending).where(pending.c.due_at <= now)
        seeds = sa.select(sa.func.count()).select_from(article).where(article.c.seed.is_not(None), article.c.active)
        planted = sa.select(sa.func.count()).select_from(article).where(article.c.seed.is_not(None))
        of_seeds = sa.select(sa.func.count()).select_from(version.join(article, article.c.id == version.c.article_id))
        ended = sa.select(outcome.c.status, sa.func.count()).group_by(outcome.c.status).order_by(outcome.c.status)
        return StoreStatus(
            url=store.url,
            size=engine.of(store.url).size(store.url, conn),
            schema=HEAD,
            articles=_count(conn, article) - _one(conn, planted),
            seeds=_one(conn, seeds),
            versions=_count(conn, version) - _one(conn, of_seeds.where(article.c.seed.is_not(None))),
            relations=_count(conn, relation),
            sightings=_count(conn, sighting),
            outlets=_count(conn, outlet),
            pending=_count(conn, pending),
            pending_due=_one(conn, due),
            oldest_pending=conn.execute(sa.select(sa.func.min(pending.c.first_seen))).scalar(),
            sources=_sources(conn),
            outcomes=tuple((row[0], row[1]) for row in conn.execute(ended)),
        )


def _one(conn: sa.Connection, query: sa.Select[Any]) -> int:
    return int(conn.execute(query).scalar_one())


def _count(conn: sa.Connection, table: sa.Table) -> int:
    return _one(conn, sa.select(sa.func.count()).select_from(table))


def _sources(conn: sa.Connection) -> tuple[SourceLine, ...]:
    waiting = sa.select(sa.func.count()).select_from(pending).where(pending.c.source_id == source.c.id).scalar_subquery()
    counts = sa.select(sighting.c.source_id, sa.func.count(sighting.c.article_id.distinct())).group_by(sighting.c.source_id)
    met = {row[0]: row[1] for row in conn.execute(counts)}
    memory = (source_state.c.due_at, source_state.c.last_polled, source_state.c.last_ok, source_state.c.failures, source_state.c.last_error)
    columns = (source.c.id, source.c.name, source.c.kind, source.c.url, source.c.active, *memory, waiting.label("pending"))
    rows = conn.execute(sa.select(*columns).outerjoin(source_state).order_by(source.c.active.desc(), source.c.name)).mappings()
    lines = []
    for row in rows:
        values = {name: row[name] for name in row if name != "id"}
        lines.append(SourceLine(**values | {"failures": row["failures"] or 0, "articles": met.get(row["id"], 0)}))
    return tuple(lines)
