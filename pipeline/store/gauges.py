"""Figures of the database that are cheap to ask for, however large it is: for whoever watches the watcher, every few seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipeline.store import engine
from pipeline.store.schema import alert, pending, source, source_state, version

if TYPE_CHECKING:
    from pipeline.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """``versions``: ever stored; ``late``: how long what is due longest waits; ``health``: word → sources; ``size``: bytes."""

    versions: int
    pending: int
    pending_due: int
    late: timedelta
    health: dict[str, int] = field(default_factory=dict)
    alerts: int = 0
    size: int = 0


def gauges(store: Store, now: datetime) -> Gauges:
    """Asked of the database. Raises StoreError."""
    with store.reading() as conn:
        polled = source.join(source_state, source_state.c.source_id == source.c.id)
        due = conn.execute(sa.select(sa.func.min(source_state.c.due_at)).select_from(polled).where(source.c.active)).scalar()
        health = sa.func.coalesce(source_state.c.health, "unknown").label("health")
        healths = sa.select(health, sa.func.count()).select_from(source.outerjoin(source_state)).where(source.c.active).group_by("health")
        waiting = sa.select(sa.func.count()).select_from(pending)
        return Gauges(
            versions=int(conn.execute(sa.select(sa.func.max(version.c.id))).scalar() or 0),
            pending=int(conn.execute(waiting).scalar_one()),
            pending_due=int(conn.execute(waiting.where(pending.c.due_at <= now)).scalar_one()),
            late=max(now - due, timedelta(0)) if due else timedelta(0),
            health={row[0]: row[1] for row in conn.execute(healths)},
            alerts=int(conn.execute(sa.select(sa.func.count()).select_from(alert).where(alert.c.done_at.is_(None))).scalar_one()),
            size=engine.of(store.url).size(store.url, conn),
        )
