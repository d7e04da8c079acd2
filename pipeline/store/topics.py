"""Seeds by what they are about: an index of their weightiest words, so that an article meets the few on its subject and not all there are.

Rows are those of each active seed's latest version. Hashes of words are negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from pipeline.store.schema import article, each, given, keep_first, topic

NEAREST: Final = 60
"""Seeds that come along at most, those that share most words first. Of 1,248 texts taken for seeds, the 60 that shared most held 99.5 % of
those related to an article (bench/seeds.py); the judge then weighs the words of each."""

SHARED: Final = 4
"""Words in common from which a seed comes along: 1 related pair in 3,000 has less, 9 of 10 others have (bench/seeds.py)."""

FULL: Final = 60
"""Words of an article of which ``SHARED`` are wanted; of one that has fewer, fewer."""


def keep(conn: sa.Connection, version_id: int, hashes: Sequence[int]) -> None:
    """Makes a seed's version findable by these hashes, beside those it has."""
    rows = [{"hash": value, "version_id": version_id} for value in sorted(set(hashes))]
    if rows:
        conn.execute(keep_first(conn.dialect.name, topic, "hash", "version_id"), rows)


def forget(conn: sa.Connection, versions: Sequence[int]) -> None:
    """These versions are no longer found by what they are about."""
    if versions:
        conn.execute(sa.delete(topic).where(topic.c.version_id.in_(versions)))


def lacking(conn: sa.Connection) -> list[int]:
    """Active seeds' versions that are not indexed yet: a database of before has them."""
    there = sa.select(topic.c.version_id).where(topic.c.version_id == article.c.latest_id, topic.c.hash < 0)
    query = sa.select(article.c.latest_id).where(article.c.seed.is_not(None), article.c.active, ~there.exists())
    return list(conn.execute(query.order_by(article.c.id)).scalars())


def near(conn: sa.Connection, hashes: Sequence[int]) -> list[int]:
    """Versions of active seeds that share enough of these hashes, those that share most first."""
    if not hashes:
        return []
    least = max(1, SHARED * min(len(hashes), FULL) // FULL)
    return list(conn.execute(_asking(conn.dialect.name), {"hashes": given(conn, hashes), "least": least}).scalars())


@cache
def _asking(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "hashes")
    shared = sa.func.count()
    return (
        sa.select(topic.c.version_id)
        .select_from(asked.join(topic, topic.c.hash == asked.c.value))
        .group_by(topic.c.version_id)
        .having(shared >= sa.bindparam("least"))
        .order_by(shared.desc(), topic.c.version_id)
        .limit(NEAREST)
    )
