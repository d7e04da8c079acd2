"""What time alone takes away: the kept bytes of pages, and articles whose sources keep them for so many days. Some at a time, so that a
round of the daemon stays short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from pipeline.store import hosts
from pipeline.store.purge import forget_articles
from pipeline.store.schema import article, raw, sighting, source

PAGES: Final = 1000  # forgotten at once
ARTICLES: Final = 200


def expire(conn: sa.Connection, now: datetime, kept: Mapping[str, timedelta]) -> bool:
    """Both. ``kept``: name of a source → for how long. → whether there may be more articles that go."""
    pages(conn, now)
    if gone := over(conn, now, kept):
        forget_articles(conn, gone)
    return len(gone) >= ARTICLES


def pages(conn: sa.Connection, now: datetime) -> None:
    """Forgets the bytes of pages that were to be kept until ``now``, the oldest first, at most ``PAGES`` of them."""
    hosts.trim(conn, now)
    old = sa.select(raw.c.version_id).where(raw.c.expires_at <= now).order_by(raw.c.expires_at).limit(PAGES)
    conn.execute(sa.delete(raw).where(raw.c.version_id.in_(old)))


def has_expired(conn: sa.Connection, now: datetime) -> bool:
    """Whether there are such pages, or hosts of which nothing is owed any more."""
    there = sa.select(raw.c.version_id).where(raw.c.expires_at <= now).limit(1)
    return conn.execute(there).first() is not None or hosts.has_old(conn, now)


def over(conn: sa.Connection, now: datetime, kept: Mapping[str, timedelta]) -> tuple[int, ...]:
    """Articles of which every source keeps what it brings for a time that is over, the oldest first, at most ``ARTICLES`` of them."""
    if not kept:
        return ()
    cutoffs: dict[timedelta, list[str]] = {}
    for name, span in kept.items():
        cutoffs.setdefault(span, []).append(name)
    gone = sa.or_(*(sa.and_(source.c.name.in_(names), article.c.first_seen < now - span) for span, names in cutoffs.items()))
    stays = sa.select(sighting.c.id).join(source, source.c.id == sighting.c.source_id).where(sighting.c.article_id == article.c.id, ~gone)
    met = sa.select(sighting.c.id).where(sighting.c.article_id == article.c.id)
    query = sa.select(article.c.id).where(
        article.c.seed.is_(None), article.c.first_seen < now - min(cutoffs), met.exists(), ~stays.correlate(article).exists()
    )
    return tuple(conn.execute(query.order_by(article.c.first_seen, article.c.id).limit(ARTICLES)).scalars())
