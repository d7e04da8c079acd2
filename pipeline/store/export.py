"""Everything, row by row, as JSON values. Each row can be cited: version id, digest, fetch time, software version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.store import encode
from pipeline.store.schema import article, body, outcome, relation, sighting, source, version

if TYPE_CHECKING:
    from pipeline.store import Store

CHUNK: Final = 200  # rows in memory at a time

_CITED: Final = ("version", "digest", "fetched_at", "software")
_TEXT: Final = (
    "url", "outlet", "outlet_name", "title", "text", "authors", "credit", "dateline", "published", "modified", "language", "section",
    "tags", "image", "kind", "completeness", "opt_outs", "origin_url", "provenance", "extractor",
)  # fmt: skip

EXPORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "articles": ("article", *_TEXT, "first_seen", "last_seen", "versions", *_CITED, "content_digest", "withdrawn_at",
        "withdrawn_why"),
    "relations": (
        "article", "url", "other", "other_url", "relation", "coverage", "other_coverage", "similarity", "seed", "judge", "matcher",
        "made_at", "aligned", "coverage_all", "other_coverage_all", "longest_run", "why", "passages", "new_sentences", "figures_changed",
        "note", "other_version", "translated", *_CITED,
    ),
    "sightings": ("article", "source", "url", "first_seen", "last_seen", "article_url", "chain", *_CITED),
    "versions": ("article", "number", *_TEXT, "checked_at", *_CITED, "content_digest", "change"),
    "outcomes": ("outcome", "url", "source", "status", "reason", "at", "keys", "article", "title", *_CITED),
}  # fmt: skip
"""What can be exported → the columns of a row, in order."""

_CITE: Final = (
    version.c.id.label("version"), version.c.body_digest.label("digest"), version.c.fetched_at, version.c.software,
)  # fmt: skip
_JOINED: Final = version.join(article, article.c.id == version.c.article_id).join(body, body.c.id == version.c.body_id)


def export(store: Store, what: str, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Rows of one of ``EXPORTS``, oldest first, of JSON values; ``since``: first seen, made, fetched, sighted or ended then or later.

    Streams: a few hundred rows are in memory. Articles are told in their latest version; seeds are not articles.
    """
    query, moment = _QUERIES[what]()
    if since is not None:
        query = query.where(moment >= since)
    with store.reading() as conn, conn.execute(query.execution_options(yield_per=CHUNK)) as rows:
        for row in rows.mappings():
            yield _row(row, EXPORTS[what])


def _row(row: Mapping[str, Any] | sa.RowMapping, columns: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in columns:
        if name in ("published", "modified"):
            instant = encode.instant(name, row)
            told[name] = str(instant) if instant else None
        elif name in ("why", "passages", "new_sentences", "figures_changed"):
            told[name] = row["evidence"].get(name)
        elif name == "translated":
            told[name] = row["evidence"].get(name, [])
        elif name == "seed":
            told[name] = row["seed"] is not None
        else:
            value = row[name]
            told[name] = value.isoformat() if isinstance(value, datetime) else value
    return told


_Query = tuple[sa.Select[Any], sa.ColumnElement[datetime]]


def _texts() -> list[sa.ColumnElement[Any]]:
    skipped = {"id", "article_id", "body_id", "sample", "software", "fetched_at"}
    return [column for column in version.c if column.name not in skipped]


def _articles() -> _Query:
    times = (article.c.first_seen, article.c.last_seen, article.c.withdrawn_at, article.c.withdrawn_why, version.c.number.label("versions"))
    query = sa.select(article.c.id.label("article"), *_texts(), body.c.text, *times, *_CITE).select_from(_JOINED)
    query = query.where(article.c.latest_id == version.c.id, article.c.seed.is_(None)).order_by(article.c.id)
    return query, article.c.first_seen


def _versions() -> _Query:
    query = sa.select(article.c.id.label("article"), *_texts(), body.c.text, *_CITE).select_from(_JOINED)
    return query.where(article.c.seed.is_(None)).order_by(version.c.id), version.c.fetched_at


def _relations() -> _Query:
    other, other_version = article.alias(), version.alias()
    # a seed stands for a published story: its own address is an invented one
    place = sa.case((other.c.seed.is_not(None), sa.func.coalesce(other_version.c.origin_url, other.c.url)), else_=other.c.url)
    ends = (
        relation.c.article_id.label("article"), article.c.url, relation.c.other_article_id.label("other"), place.label("other_url"),
        other.c.seed, relation.c.other_id.label("other_version"),
    )  # fmt: skip
    figures = [column for column in relation.c if column.name not in {"id", "version_id", "other_id", "article_id", "other_article_id"}]
    tables = relation.join(version, version.c.id == relation.c.version_id).join(article, article.c.id == relation.c.article_id)
    query = sa.select(*ends, *figures, *_CITE).select_from(
        tables.join(other, other.c.id == relation.c.other_article_id).join(other_version, other_version.c.id == relation.c.other_id)
    )
    return query.where(_last()).order_by(relation.c.id), relation.c.made_at


def _last() -> sa.ColumnElement[bool]:
    """One row for two articles, direction and judge: on the latest versions that were compared."""
    later = relation.alias()
    pair = sa.and_(
        later.c.article_id == relation.c.article_id,
        later.c.other_article_id == relation.c.other_article_id,
        later.c.judge == relation.c.judge,
    )
    newer = sa.or_(
        later.c.version_id > relation.c.version_id,
        sa.and_(later.c.version_id == relation.c.version_id, later.c.other_id > relation.c.other_id),
    )
    return ~sa.select(later.c.id).where(pair, newer).correlate(relation).exists()


def _sightings() -> _Query:
    columns = (sighting.c.article_id.label("article"), source.c.name.label("source"), sighting.c.url, sighting.c.first_seen)
    tables = sighting.join(source, source.c.id == sighting.c.source_id).join(article, article.c.id == sighting.c.article_id)
    query = sa.select(*columns, sighting.c.last_seen, sighting.c.chain, article.c.url.label("article_url"), *_CITE)
    return query.select_from(tables.join(version, version.c.id == article.c.latest_id)).order_by(sighting.c.id), sighting.c.last_seen


def _outcomes() -> _Query:
    columns = (outcome.c.id.label("outcome"), outcome.c.url, source.c.name.label("source"), outcome.c.status, outcome.c.reason)
    more = (outcome.c.at, outcome.c["keys"], outcome.c.article_id.label("article"), outcome.c.title)
    tables = outcome.join(source, source.c.id == outcome.c.source_id).outerjoin(version, version.c.id == outcome.c.version_id)
    return sa.select(*columns, *more, *_CITE).select_from(tables).order_by(outcome.c.id), outcome.c.at


_QUERIES: Final = {
    "articles": _articles, "relations": _relations, "sightings": _sightings, "versions": _versions, "outcomes": _outcomes,
}  # fmt: skip
