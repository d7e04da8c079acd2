"""How the database and its sources fare."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.store import engine
from pipeline.store.queue import WALLS
from pipeline.store.rows import SourceLine, StoreStatus
from pipeline.store.schema import HEAD, article, outcome, outlet, pending, relation, sighting, source, source_state, version
from pipeline.store.telling import waiting

if TYPE_CHECKING:
    from pipeline.store import Store

LOOKED_BACK: Final = timedelta(days=30)
GROWN_IN: Final = timedelta(days=7)
_MEMORY: Final = ("due_at", "last_polled", "last_ok", "failures", "last_error", "interval", "health", "health_since", "health_why",
    "moved_to")  # fmt: skip


def status(store: Store, now: datetime) -> StoreStatus:
    """Counts, sources with what they wait for, the size on disk and how fast it grows."""
    with store.reading() as conn:
        size = engine.of(store.url).size(store.url, conn)
        due = sa.select(sa.func.count()).select_from(pending).where(pending.c.due_at <= now)
        seeds = sa.select(sa.func.count()).select_from(article).where(article.c.seed.is_not(None), article.c.active)
        planted = sa.select(sa.func.count()).select_from(article).where(article.c.seed.is_not(None))
        of_seeds = sa.select(sa.func.count()).select_from(version.join(article, article.c.id == version.c.article_id))
        ended = sa.select(outcome.c.status, sa.func.count()).group_by(outcome.c.status).order_by(outcome.c.status)
        texts = _count(conn, version)
        return StoreStatus(
            url=store.url,
            size=size,
            schema=HEAD,
            articles=_count(conn, article) - _one(conn, planted),
            seeds=_one(conn, seeds),
            versions=texts - _one(conn, of_seeds.where(article.c.seed.is_not(None))),
            relations=_count(conn, relation),
            sightings=_count(conn, sighting),
            outlets=_count(conn, outlet),
            pending=_count(conn, pending),
            pending_due=_one(conn, due),
            oldest_pending=conn.execute(sa.select(sa.func.min(pending.c.first_seen))).scalar(),
            sources=_sources(conn, now),
            outcomes=tuple((row[0], row[1]) for row in conn.execute(ended)),
            growth=_growth(conn, size, texts, now),
            free=_free(store.url),
            youngest=conn.execute(sa.select(sa.func.max(version.c.fetched_at))).scalar(),
            alerts=waiting(conn),
        )


def _one(conn: sa.Connection, query: sa.Select[Any]) -> int:
    return int(conn.execute(query).scalar_one())


def _count(conn: sa.Connection, table: sa.Table) -> int:
    return _one(conn, sa.select(sa.func.count()).select_from(table))


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def _sources(conn: sa.Connection, now: datetime) -> tuple[SourceLine, ...]:
    waiting = sa.select(sa.func.count()).select_from(pending).where(pending.c.source_id == source.c.id).scalar_subquery()
    first, last = sa.func.min(sighting.c.first_seen).label("first"), sa.func.max(sighting.c.first_seen).label("last")
    counts = sa.select(sighting.c.source_id, sa.func.count(sighting.c.article_id.distinct()).label("articles"), first, last)
    met = {row.source_id: row for row in conn.execute(counts.group_by(sighting.c.source_id))}
    wall = sa.or_(*(outcome.c.reason.startswith(f"{word}:") for word in WALLS))
    lately = sa.select(outcome.c.source_id, sa.func.count().label("ended"), sa.func.sum(sa.case((wall, 1), else_=0)).label("walled"))
    lately = lately.where(outcome.c.at >= now - LOOKED_BACK).group_by(outcome.c.source_id)
    ended = {row.source_id: row for row in conn.execute(lately)}
    memory = [source_state.c[name] for name in _MEMORY]
    columns = (source.c.id, source.c.name, source.c.kind, source.c.url, source.c.active, *memory, waiting.label("pending"))
    rows = conn.execute(sa.select(*columns).outerjoin(source_state).order_by(source.c.active.desc(), source.c.name)).mappings()
    lines = []
    for row in rows:
        values = {name: row[name] for name in row if name != "id"} | {"failures": row["failures"] or 0, "articles": 0}
        values["interval"] = None if row["interval"] is None else timedelta(seconds=row["interval"])
        if seen := met.get(row["id"]):
            values |= {"articles": seen.articles, "last_new": seen.last}
        if lines_ := ended.get(row["id"]):
            values |= {"ended": lines_.ended, "walled": int(lines_.walled)}
        lines.append(SourceLine(**values))
    return tuple(lines)


# ── room ──────────────────────────────────────────────────────────────────────────────────────────


def _growth(conn: sa.Connection, size: int, texts: int, now: datetime) -> int:
    """Bytes a day: what a version takes, times the versions of the last seven days (of the days there are, when they are fewer)."""
    if not texts or not size:
        return 0
    lately = _one(conn, sa.select(sa.func.count()).select_from(version).where(version.c.fetched_at > now - GROWN_IN))
    oldest = conn.execute(sa.select(sa.func.min(version.c.fetched_at))).scalar()
    span = min(GROWN_IN, now - oldest) if oldest else GROWN_IN
    return int(size / texts * lately / max(span / timedelta(days=1), 1.0))


def _free(url: str) -> int | None:
    path = engine.path_of(url)
    if path is None:
        return None
    return shutil.disk_usage(next(place for place in (path.parent, *path.absolute().parents) if place.exists())).free


# ── what the doctor asks ──────────────────────────────────────────────────────────────────────────


def sqlite_facts() -> tuple[str, bool]:
    """SQLite's version, and whether it has full text (FTS5)."""
    with closing(sqlite3.connect(":memory:")) as conn:
        try:
            conn.execute("CREATE VIRTUAL TABLE probe USING fts5(word)")
        except sqlite3.OperationalError:
            return sqlite3.sqlite_version, False
        return sqlite3.sqlite_version, True


def writable(url: str) -> str | None:
    """Why the database's file or folder cannot be written; None when they can, or when that is a server's matter. Raises StoreError for
    an address that is none."""
    path = engine.path_of(url)
    if path is None:
        return None
    place = next((place for place in (path, *path.absolute().parents) if place.exists()), None)
    if place is None or not os.access(place, os.W_OK):
        return f"{place or path} is not writable by you"
    if path.exists() and not os.access(path.parent, os.W_OK):
        return f"{path.parent} is not writable by you, and SQLite keeps its log beside the file"
    return None


def damage(store: Store) -> str | None:
    """What a quick check of the file finds; None when all is well, or when the file is too large to be read through (256 MiB)."""
    if store.kind != "sqlite":
        return None
    try:
        with store.reading() as conn:
            if engine.of(store.url).size(store.url, conn) >= 2**28:
                return None
            found = str(conn.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except StoreError as error:
        return str(error)
    return None if found == "ok" else found
