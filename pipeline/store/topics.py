"""Seeds by what they are about: an index of their weightiest words, so that an article meets the few on its subject and not all there are.

Rows are those of each active seed's latest version. Hashes of words are negative; numbers of languages are below ``MEANT``; from there on
they stand for what a text means whatever its language (the extra ``wirewatch[languages]``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.store import prepared
from pipeline.store.schema import article, each, given, keep_first, topic, version

if TYPE_CHECKING:
    from pipeline.store import Store

NEAREST: Final = 60
"""Seeds that come along at most, those that share most words first. Of 1,248 texts taken for seeds, the 60 that shared most held 99.5 % of
those related to an article (bench/seeds.py); the judge then weighs the words of each."""

SHARED: Final = 4
"""Words in common from which a seed comes along: 1 related pair in 3,000 has less, 9 of 10 others have (bench/seeds.py)."""

FULL: Final = 60
"""Words of an article of which ``SHARED`` are wanted; of one that has fewer, fewer."""

MEANT: Final = 1 << 32
NEWEST: Final = 1000  # articles whose languages are asked for: what comes in now


def keep(conn: sa.Connection, version_id: int, hashes: Sequence[int]) -> None:
    """Makes a seed's version findable by these hashes, beside those it has."""
    rows = [{"hash": value, "version_id": version_id} for value in sorted(set(hashes))]
    if rows:
        conn.execute(keep_first(conn.dialect.name, topic, "hash", "version_id"), rows)


def forget(conn: sa.Connection, versions: Sequence[int]) -> None:
    """These versions are no longer found by what they are about."""
    if versions:
        conn.execute(sa.delete(topic).where(topic.c.version_id.in_(versions)))


def lacking(conn: sa.Connection, *, meaning: bool) -> list[int]:
    """Active seeds' versions that are not indexed yet, by words or (``meaning``) across languages."""
    mine = sa.select(topic.c.version_id).where(topic.c.version_id == article.c.latest_id)
    without = ~mine.where(topic.c.hash < 0).exists()
    if meaning:
        without = sa.or_(without, ~mine.where(topic.c.hash >= MEANT).exists())
    query = sa.select(article.c.latest_id).where(article.c.seed.is_not(None), article.c.active, without)
    return list(conn.execute(query.order_by(article.c.id)).scalars())


def abroad(conn: sa.Connection, hashes: Sequence[int]) -> bool:
    """Whether a seed is told in a language that is not among these hashes."""
    own = [value for value in hashes if 0 <= value < MEANT]
    return prepared.value(conn, _abroad(conn.dialect.name), {"own": given(conn, own)}) is not None


@cache
def _abroad(dialect: str) -> sa.Select[Any]:
    own = sa.select(each(dialect, "own").c.value)
    return sa.select(topic.c.hash).where(topic.c.hash.between(0, MEANT - 1), topic.c.hash.not_in(own)).limit(1)


def foreign(store: Store) -> int:
    """How many of the newest articles are in another language than every seed, where both are known."""
    newest = (
        sa.select(version.c.language)
        .join(article, sa.and_(article.c.latest_id == version.c.id, article.c.seed.is_(None)))
        .order_by(version.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    seeds = sa.select(version.c.language).join(article, sa.and_(article.c.latest_id == version.c.id, article.c.active))
    with store.reading() as conn:
        told = set(conn.execute(seeds.where(article.c.seed.is_not(None))).scalars())
        counts = conn.execute(sa.select(newest.c.language, sa.func.count()).group_by(newest.c.language)).all()
    if not told or None in told:
        return 0
    return sum(count for language, count in counts if language is not None and language not in told)


ANY: Final = sa.select(topic.c.hash).exists()


def near(conn: sa.Connection, hashes: Sequence[int]) -> list[int]:
    """Versions of active seeds that share enough of these words, those that share most first; then those that may mean the same."""
    words, meant = [value for value in hashes if value < 0], [value for value in hashes if value >= MEANT]
    found: list[int] = []
    for some, least in ((words, max(1, SHARED * min(len(words), FULL) // FULL)), (meant, 1)):
        if some:
            found += [row[0] for row in prepared.rows(conn, _asking(conn.dialect.name), {"hashes": given(conn, some), "least": least})]
    return list(dict.fromkeys(found))


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
