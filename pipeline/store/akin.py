"""Who tells of the same in words of his own: found by full text, for a seed that comes after what is stored."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from pipeline.model import Fingerprint, Stored
from pipeline.store import search
from pipeline.store.schema import article, version
from pipeline.store.suspects import Hit, load


def about(conn: sa.Connection, words: Sequence[str], most: int) -> tuple[Stored, ...]:
    """See Store.about."""
    found = search.any_of(conn.dialect.name, words)
    if found is None:
        return ()
    hit = found.cte("hit").prefix_with("MATERIALIZED")  # or the words are looked for once an article
    owned = hit.join(version, version.c.id == hit.c.version_id).join(article, article.c.latest_id == version.c.id)
    query = (
        sa.select(version.c.id, version.c.article_id, version.c.shingles, version.c.body_digest)
        .select_from(owned)
        .where(article.c.seed.is_(None))
        .order_by(hit.c.rank, version.c.id)
        .limit(most)
    )
    hits = [Hit(r.id, r.article_id, 0, 0, r.shingles, False, False, r.body_digest) for r in conn.execute(query)]
    return tuple(one for one in load(conn, hits, Fingerprint(body_digest="", content_digest="")) if one.kept == "full")
