"""Where articles were met: at their own addresses, on the way to them, and, where only the first of the same texts is kept
(``[dedup] keep``), at other outlets."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from pipeline import urls
from pipeline.store.rows import Met
from pipeline.store.schema import article, each, given, sighting


def owner(conn: sa.Connection, url: str) -> int | None:
    """The article that was met at this address. No index helps: asked only of what is nobody's address and leads to none."""
    written = {url, urls.canonical(url)}
    return conn.execute(sa.select(sighting.c.article_id).where(sighting.c.url.in_(written)).order_by(sighting.c.id).limit(1)).scalar()


def elsewhere(conn: sa.Connection, asked: Collection[int]) -> tuple[Met, ...]:
    """The other outlets at which the texts of these articles were met, each once an article, at its first address, in the order of time."""
    wanted = each(conn.dialect.name, "asked")
    columns = (sighting.c.article_id, sighting.c.url, sighting.c.chain, sighting.c.first_seen, article.c.outlet)
    query = sa.select(*columns).join(article, article.c.id == sighting.c.article_id).where(article.c.seed.is_(None))
    query = query.where(sighting.c.article_id.in_(sa.select(wanted.c.value))).order_by(sighting.c.first_seen, sighting.c.id)
    found: dict[tuple[int, str], Met] = {}
    for row in conn.execute(query, {"asked": given(conn, sorted(asked))}):
        url = row.chain[-1] if row.chain else row.url  # what leads on is no outlet that printed it
        outlet = urls.outlet(url) if urls.is_http(url) else None
        if outlet and row.outlet and outlet != row.outlet:
            found.setdefault((row.article_id, outlet), Met(article_id=row.article_id, outlet=outlet, url=url, first_seen=row.first_seen))
    return tuple(found.values())
