"""Forgetting without a trace: rows, index, fingerprints, what others were told of it, and then the bytes of the file.

No list of what was forgotten is kept, not even of digests: who knows an address could ask it of such a list. A source that still offers a
purged address brings it back; whoever does not want that takes the source out or excludes the address.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.store import encode, hosts, outlets, prints, schema, sentences, sqlite, unindex
from pipeline.store.queue import FORGOTTEN
from pipeline.store.rows import PurgePlan, Wanted
from pipeline.store.schema import (
    alert,
    alias,
    article,
    body,
    fingerprint,
    former,
    offer,
    outbox,
    outcome,
    outlet,
    pending,
    raw,
    relation,
    sentence,
    sighting,
    topic,
    version,
    vocabulary,
)

if TYPE_CHECKING:
    from pipeline.store import Store

CHUNK: Final = 500
BY_HASH: Final = 2000  # versions whose fingerprints are taken out one by one; of more, the whole table is read once
SHOWN: Final = 10
READERS_MS: Final = 2000  # for which readers are waited for before the log is emptied
GONE: Final = "compared with an article that was purged"
_OFFERED_NO_MORE: Final = (
    sa.update(offer).where(offer.c.source_id == sa.bindparam("owner"), offer.c.key == sa.bindparam("own")).values(hints=FORGOTTEN)
)


@dataclass(frozen=True, slots=True)
class _Going:
    """Ids of what goes."""

    articles: tuple[int, ...]
    versions: tuple[int, ...]
    outcomes: tuple[int, ...]
    pendings: tuple[int, ...]
    offers: tuple[tuple[int, str], ...]


def plan(store: Store, wanted: Wanted) -> PurgePlan:
    """What would go."""
    with store.reading() as conn:
        return _told(conn, _going(conn, wanted))


def purge(store: Store, wanted: Wanted) -> PurgePlan:
    """Forgets it, in one transaction. → what went. The bytes are the matter of ``tidy``."""
    with store.writing() as conn:
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql("PRAGMA secure_delete=ON")
        going = _going(conn, wanted)
        told = _told(conn, going)
        owners = set(_column(conn, article.c.outlet, article.c.id, going.articles))
        _forget(conn, going)
        left = set(_column(conn, article.c.outlet, article.c.outlet, sorted(owners - {None})))
        hosts.forget(conn, (owners - left) | (wanted.outlets or set()))
    return told


def tidy(opened: sa.Engine, *, anew: bool) -> bool:
    """Writes the database anew without what was deleted (``anew``), and empties its log. → False when another process reads it meanwhile,
    so that the log still holds old pages."""
    if opened.dialect.name != "sqlite":
        with opened.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            if anew:
                for table in schema.metadata.sorted_tables:  # ours, and nobody else's in the same database
                    conn.exec_driver_sql(f'VACUUM FULL "{table.name}"')
        return True
    with opened.connect() as conn:
        connection = conn.connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        if anew:
            connection.execute("VACUUM")  # zeroed pages are not enough: rows deleted earlier left theirs as they were
        connection.execute(f"PRAGMA busy_timeout={READERS_MS}")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={sqlite.BUSY_SECONDS * 1000:.0f}")
        return not busy


# ── what goes ─────────────────────────────────────────────────────────────────────────────────────


def _going(conn: sa.Connection, wanted: Wanted) -> _Going:
    asked = {key for url in wanted.urls for key in urls.keys(url)}
    articles = _articles(conn, wanted, asked)
    keys = set(_column(conn, alias.c.key, alias.c.article_id, articles))
    names = set(_column(conn, article.c.url, article.c.id, articles))

    def goes(url: str, its: Collection[str], at: datetime) -> bool:
        if url in names or not keys.isdisjoint(its):
            return True
        if wanted.urls and url not in wanted.urls and asked.isdisjoint(its):
            return False
        if wanted.outlets is not None and not ({urls.outlet(url), *map(_outlet, its)} & wanted.outlets):
            return False
        return wanted.before is None or at < wanted.before

    ended = _streamed(conn, outcome.c.id, outcome.c.url, outcome.c["keys"].label("its"), outcome.c.at, where=outcome.c.article_id.is_(None))
    waiting = _streamed(conn, pending.c.id, pending.c.url, pending.c.key, pending.c.first_seen)
    offered = _streamed(conn, offer.c.source_id, offer.c.key, offer.c.seen_at)
    return _Going(
        articles=articles,
        versions=tuple(_column(conn, version.c.id, version.c.article_id, articles)),
        outcomes=(
            *_column(conn, outcome.c.id, outcome.c.article_id, articles),
            *(row.id for row in ended if goes(row.url, row.its, row.at)),
        ),
        pendings=tuple(row.id for row in waiting if goes(row.url, (row.key, *urls.keys(row.url)), row.first_seen)),
        offers=tuple((row.source_id, row.key) for row in offered if goes("", (row.key,), row.seen_at)),
    )


def _articles(conn: sa.Connection, wanted: Wanted, keys: Collection[str]) -> tuple[int, ...]:
    query = sa.select(article.c.id).where(article.c.seed.is_(None)).order_by(article.c.id)
    if wanted.urls:
        owners = set(_column(conn, alias.c.article_id, alias.c.key, sorted(keys)))
        owners |= set(_column(conn, article.c.id, article.c.url, sorted(wanted.urls)))
        query = query.where(article.c.id.in_(sorted(owners)))
    if wanted.outlets is not None:
        query = query.where(article.c.outlet.in_(sorted(wanted.outlets)))
    if wanted.before is not None:
        query = query.where(article.c.first_seen < wanted.before)
    return tuple(conn.execute(query).scalars())


def _outlet(key: str) -> str | None:
    return urls.key_outlet(key) or urls.outlet(key)  # what has no alias keys is known by its address


def _streamed(conn: sa.Connection, *columns: Any, where: Any = None) -> Iterator[Any]:
    query = sa.select(*columns) if where is None else sa.select(*columns).where(where)
    yield from conn.execute(query.execution_options(yield_per=CHUNK))


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _column(conn: sa.Connection, column: Any, of: Any, values: Sequence[Any]) -> Iterator[Any]:
    for some in _chunks(values):
        yield from conn.execute(sa.select(column).where(of.in_(some))).scalars()


def _told(conn: sa.Connection, going: _Going) -> PurgePlan:
    titles = (
        sa.select(article.c.id, article.c.url, version.c.title)
        .join(version, version.c.id == article.c.latest_id)
        .where(article.c.id.in_(going.articles[:SHOWN]))
        .order_by(article.c.id)
    )
    related = set(_column(conn, relation.c.id, relation.c.article_id, going.articles))
    related |= set(_column(conn, relation.c.id, relation.c.other_article_id, going.articles))
    return PurgePlan(
        articles=len(going.articles),
        versions=len(going.versions),
        relations=len(related),
        sightings=sum(1 for _ in _column(conn, sighting.c.id, sighting.c.article_id, going.articles)),
        pages=sum(1 for _ in _column(conn, raw.c.version_id, raw.c.version_id, going.versions)),
        outcomes=len(going.outcomes),
        pending=len(going.pendings),
        offers=len(going.offers),
        first=tuple((row.id, row.url, row.title) for row in conn.execute(titles)),
    )


def forget_articles(conn: sa.Connection, articles: Sequence[int]) -> None:
    """These articles, without what their sources are known to have offered: a feed that still lists one, or describes it otherwise, would
    bring it again."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete=ON")
    versions = tuple(_column(conn, version.c.id, version.c.article_id, articles))
    outcomes = tuple(_column(conn, outcome.c.id, outcome.c.article_id, articles))
    named = sa.select(sighting.c.source_id.label("owner"), alias.c.key.label("own")).join(
        alias, alias.c.article_id == sighting.c.article_id
    )
    for some in _chunks(articles):
        if rows := conn.execute(named.where(sighting.c.article_id.in_(some)).distinct()).mappings().all():
            conn.execute(_OFFERED_NO_MORE, [dict(row) for row in rows])
    _forget(conn, _Going(articles=tuple(articles), versions=versions, outcomes=outcomes, pendings=(), offers=()))


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────


def _forget(conn: sa.Connection, going: _Going) -> None:
    unindex.forget(conn, going.versions)
    forget_fingerprints(conn, going.versions)
    _what_others_were_told(conn, going)
    for column in (
        former.c.article_id,
        former.c.other_article_id,
        relation.c.article_id,
        relation.c.other_article_id,
        outbox.c.article_id,
        alert.c.article_id,
        sighting.c.article_id,
        alias.c.article_id,
    ):
        _delete(conn, column, going.articles)
    for table in (raw, topic):
        _delete(conn, table.c.version_id, going.versions)
    bodies = set(_column(conn, version.c.body_id, version.c.id, going.versions))
    owned = _outlets(conn, going.articles)
    _delete(conn, version.c.id, going.versions)
    _delete(conn, body.c.id, sorted(bodies - set(_column(conn, version.c.body_id, version.c.body_id, sorted(bodies)))))
    _delete(conn, article.c.id, going.articles)
    _delete(conn, outcome.c.id, going.outcomes)
    _delete(conn, pending.c.id, going.pendings)
    conn.execute(sa.delete(vocabulary))  # words of what goes were counted; what stays is learned from again
    if going.offers:
        mine = sa.delete(offer).where(offer.c.source_id == sa.bindparam("owner"), offer.c.key == sa.bindparam("own"))
        conn.execute(mine, [{"owner": owner, "own": key} for owner, key in going.offers])
    _fewer(conn, owned)


def _delete(conn: sa.Connection, column: Any, values: Sequence[Any]) -> None:
    for some in _chunks(values):
        conn.execute(sa.delete(column.table).where(column.in_(some)))


def forget_fingerprints(conn: sa.Connection, versions: Sequence[int]) -> None:
    """These versions are found by nothing any more. To be called while their rows are still there."""
    if len(versions) > BY_HASH:
        for some in (versions[start : start + 30_000] for start in range(0, len(versions), 30_000)):  # a few scans of the whole table
            conn.execute(sa.delete(fingerprint).where(fingerprint.c.version_id.in_(some)))
        return
    for some in _chunks(versions):
        rows = conn.execute(sa.select(version.c.id, version.c.sample).where(version.c.id.in_(some)))
        prints.forget(conn, [(row.id, encode.unpack(row.sample)) for row in rows])


def _what_others_were_told(conn: sa.Connection, going: _Going) -> None:
    """The outcome of an article that was compared with one that goes may name and quote it; its first word stays."""
    others = set(_column(conn, relation.c.version_id, relation.c.other_article_id, going.articles))
    others |= set(_column(conn, former.c.version_id, former.c.other_article_id, going.articles))  # told so before it was judged again
    others -= set(going.versions)
    reworded = sa.update(outcome).where(outcome.c.id == sa.bindparam("line")).values(reason=sa.bindparam("said"))
    for some in _chunks(sorted(others)):
        rows = conn.execute(sa.select(outcome.c.id, outcome.c.reason).where(outcome.c.version_id.in_(some))).all()
        if rows:
            conn.execute(reworded, [{"line": row.id, "said": f"{row.reason.partition(':')[0]}: {GONE}"} for row in rows])


def _outlets(conn: sa.Connection, articles: Sequence[int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for domain in _column(conn, article.c.outlet, article.c.id, articles):
        if domain is not None:
            counts[domain] = counts.get(domain, 0) + 1
    return counts


def _fewer(conn: sa.Connection, owned: dict[str, int]) -> None:
    """An outlet of which nothing is left goes; of the others, what was learned of their pages stays."""
    for domain, count in owned.items():
        left = conn.execute(sa.select(article.c.id).where(article.c.outlet == domain).limit(1)).first()
        where = outlet.c.domain == domain
        conn.execute(sa.update(outlet).where(where).values(articles=outlet.c.articles - count) if left else sa.delete(outlet).where(where))
        if left:
            outlets.forget(conn, domain)
            sentences.recount(conn, domain)
        else:
            conn.execute(sa.delete(sentence).where(sentence.c.domain == domain))
