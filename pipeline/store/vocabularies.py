"""What was learned of words from the archive: one row, replaced now and then; and the sample it is learned from."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from pipeline.model import Vocabulary
from pipeline.store import prepared
from pipeline.store.schema import article, body, relation, version, vocabulary

TAKEN: Final = ("identical", "copy", "revision", "excerpt", "derived")
LONGEST: Final = 20_000  # characters of a text that its words are counted in
_LEARNED: Final = sa.select(sa.func.max(vocabulary.c.id))
_STORIES: Final = sa.select(sa.func.count()).select_from(article).where(article.c.seed.is_(None))


def known(conn: sa.Connection, before: tuple[int, Vocabulary] | None) -> tuple[int, Vocabulary] | None:
    """The row of what was learned of words. ``before``: what was answered last, which is the answer while its row is there."""
    there = prepared.value(conn, _LEARNED)
    if there is None or (before and before[0] == there):
        return before if there else None
    row = conn.execute(sa.select(vocabulary).where(vocabulary.c.id == there)).one()
    return row.id, Vocabulary(articles=row.articles, counts=row.counts)


def keep(conn: sa.Connection, learned: Vocabulary, now: datetime) -> None:
    """Replaces what was learned of words."""
    conn.execute(sa.delete(vocabulary))
    conn.execute(sa.insert(vocabulary).values(articles=learned.articles, counts=learned.counts, made_at=now))


def stories(conn: sa.Connection) -> int:
    """How many articles are stored that are no seeds."""
    return int(conn.execute(_STORIES).scalar_one())


def sample(conn: sa.Connection, most: int) -> list[tuple[str, str]]:
    """Titles and texts of at most so many articles from all over the archive, each story once: what was taken from another is left out."""
    share = int(conn.execute(sa.select(sa.func.count()).select_from(article)).scalar_one()) // most + 1
    taken = sa.select(relation.c.id).where(relation.c.version_id == version.c.id, relation.c.relation.in_(TAKEN))
    tables = version.join(article, article.c.latest_id == version.c.id).join(body, body.c.id == version.c.body_id)
    query = (
        sa.select(version.c.title, sa.func.substr(body.c.text, 1, LONGEST))
        .select_from(tables)
        .where(article.c.seed.is_(None), article.c.id % share == 0, ~taken.exists())
        .limit(most)
    )
    return [(row[0], row[1]) for row in conn.execute(query)]
