"""Who may share text with an article: an inverted index of sampled word 8-grams, in SQL (facts/matching, step 3)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from pipeline.model import Fingerprint, Stored, Suspects
from pipeline.store import encode, sentences
from pipeline.store.schema import SEEDS_PART, alias, article, body, each, fingerprint, given, version

MENTIONS: Final = 400
"""How many texts one hash is looked up in, the oldest first: a shingle that stands in more has become boilerplate, or belongs to a story
whose first 400 copies are enough to find it by. Bounds a lookup of a sample of 60 to 24,000 rows."""

WORTH_SHINGLES: Final = 32
"""Shared shingles, estimated, that make a text worth comparing whatever its length: 40 tokens in a row hold 33 word 8-grams, and less than
40 shared tokens is no reuse (facts/matching)."""

WORTH_SHARE: Final = 0.10
"""Or this share of the shorter text: facts/matching, `derived` begins at a coverage of .10."""

COUNTED: Final = 100
"""How many further articles are named without being compared; more would only repeat that the story is everywhere."""

_EVER: Final = 2**62  # greater than any version id


class Hit(NamedTuple):
    """A version that shares hashes: how many, and what is needed to weigh them."""

    version: int
    article: int
    shared: int
    stored: int  # hashes stored of it
    shingles: int  # hashes it has
    seed: bool
    same: bool  # the same normalised body


def article_of(conn: sa.Connection, keys: Sequence[str]) -> int | None:
    """The article the first known of these alias keys leads to."""
    if not keys:
        return None
    there = {row.key: row.article_id for row in conn.execute(_ALIASES, {"keys": list(keys)})}
    return next((there[key] for key in keys if key in there), None)


def youngest(conn: sa.Connection) -> int:
    """The youngest version's id; 0 in an empty store."""
    return int(conn.execute(_YOUNGEST).scalar() or 0)


def look_up(conn: sa.Connection, text: Fingerprint, *, but: int | None, worth: int, before: int | None = None) -> Suspects:
    """Every seed that shares anything, the same bodies, and the ``worth`` articles that share most; ``but``: the article itself.
    ``before``: only what was stored before this version, seeds apart, as if it were stored now."""
    snapshot = youngest(conn)
    hits = _asked(conn, text, seeds=True) + _same(conn, text.body_digest) + _asked(conn, text, seeds=False)
    upto = _EVER if before is None else before
    return _chosen(conn, text, (hit for hit in hits if hit.article != but and (hit.seed or hit.version < upto)), snapshot, worth)


def younger(conn: sa.Connection, text: Fingerprint, *, but: int | None, than: int, worth: int = 20) -> Suspects | None:
    """What was stored after ``than`` and is worth comparing; None when there is nothing. Read from the few young versions themselves."""
    snapshot = youngest(conn)
    if snapshot <= than:
        return None
    shingles = set(text.shingles)
    hits = []
    for row in conn.execute(_YOUNG, {"than": than}):
        hashes = encode.unpack(row.sample)
        same = bool(text.body_digest) and row.body_digest == text.body_digest
        shared = len(shingles.intersection(hashes))
        if row.article_id != but and (shared or same):
            hits.append(Hit(row.id, row.article_id, shared, len(hashes), row.shingles, row.seed is not None, same))
    found = _chosen(conn, text, hits, snapshot, worth)
    return found if found.worth else None


# ── lookups ───────────────────────────────────────────────────────────────────────────────────────

# of a seed only its latest text is looked for, while it is planted
_LIVE: Final = sa.or_(article.c.seed.is_(None), sa.and_(article.c.active, article.c.latest_id == version.c.id))
_WEIGHT: Final = (version.c.id, version.c.article_id, version.c.shingles, version.c.body_digest, article.c.seed)
_OWNED: Final = version.join(article, article.c.id == version.c.article_id)

# statements are built once: building one costs SQLAlchemy more than SQLite's running it
_ALIASES: Final = sa.select(alias).where(alias.c.key.in_(sa.bindparam("keys", expanding=True)))
_YOUNGEST: Final = sa.select(sa.func.max(version.c.id))
_YOUNG: Final = sa.select(*_WEIGHT, version.c.sample).select_from(_OWNED).where(version.c.id > sa.bindparam("than"), _LIVE)
_SAME: Final = (
    sa.select(*_WEIGHT, sa.func.length(version.c.sample).label("size"))
    .select_from(_OWNED)
    .where(version.c.body_digest == sa.bindparam("digest"), _LIVE)
    .order_by(version.c.id)
    .limit(MENTIONS)
)


def _counts(dialect: str, *, seeds: bool) -> sa.Subquery:
    """version → how many of the bound hashes it has."""
    asked = each(dialect, "hashes")
    part = fingerprint.c.part == SEEDS_PART if seeds else fingerprint.c.part > SEEDS_PART
    if dialect != "sqlite":
        return _counts_by_index(asked, part, seeds=seeds)
    rows = sa.select(fingerprint.c.version_id, sa.func.count().label("shared")).group_by(fingerprint.c.version_id)
    if seeds:
        return rows.select_from(asked.join(fingerprint, fingerprint.c.hash == asked.c.value)).where(part).subquery()
    other = fingerprint.alias()
    beyond = (
        sa.select(other.c.version_id)
        .where(other.c.hash == asked.c.value, other.c.part > SEEDS_PART)
        .order_by(other.c.hash, other.c.part, other.c.version_id)
        .offset(MENTIONS)
        .limit(1)
        .scalar_subquery()
    )
    bounded = sa.select(asked.c.value, sa.func.coalesce(beyond, _EVER).label("upto")).cte("bounded").prefix_with("MATERIALIZED")
    joined = bounded.join(fingerprint, fingerprint.c.hash == bounded.c.value)
    return rows.select_from(joined).where(part, fingerprint.c.version_id < bounded.c.upto).subquery()


def _counts_by_index(asked: sa.FromClause, part: sa.ColumnElement[bool], *, seeds: bool) -> sa.Subquery:
    """The same on PostgreSQL. A bounded LATERAL cannot be turned into a hash join, which its planner prefers as long as it knows nothing
    of the table (facts/matching: 99 ms against 1.4 ms): every hash is looked up in the primary key, analysed or not."""
    found = sa.select(fingerprint.c.version_id).where(fingerprint.c.hash == asked.c.value, part)
    found = found.order_by(fingerprint.c.hash, fingerprint.c.part, fingerprint.c.version_id).limit(_EVER if seeds else MENTIONS)
    each_hash = found.lateral("found")
    rows = sa.select(each_hash.c.version_id, sa.func.count().label("shared")).group_by(each_hash.c.version_id)
    return rows.select_from(asked.join(each_hash, sa.true())).subquery()


@cache
def _asking(dialect: str, *, seeds: bool) -> sa.Select[Any]:
    counts = _counts(dialect, seeds=seeds)
    return (
        sa.select(*_WEIGHT, counts.c.shared, sa.func.length(version.c.sample).label("size"))
        .select_from(counts.join(version, version.c.id == counts.c.version_id).join(article, article.c.id == version.c.article_id))
        .where(_LIVE)
    )


def _asked(conn: sa.Connection, text: Fingerprint, *, seeds: bool) -> list[Hit]:
    if not text.shingles:
        return []
    rows = conn.execute(_asking(conn.dialect.name, seeds=seeds), {"hashes": given(conn, text.shingles)})
    return [Hit(r.id, r.article_id, r.shared, r.size // 8, r.shingles, r.seed is not None, False) for r in rows]


def _same(conn: sa.Connection, digest: str) -> list[Hit]:
    if not digest:
        return []
    rows = conn.execute(_SAME, {"digest": digest})
    return [Hit(r.id, r.article_id, r.size // 8, r.size // 8, r.shingles, r.seed is not None, True) for r in rows]


# ── weighing ──────────────────────────────────────────────────────────────────────────────────────


def _estimate(hit: Hit) -> float:
    """Shingles both texts share, as the sample tells: each stored hash stands for ``shingles / stored`` of them."""
    return hit.shared * hit.shingles / hit.stored if hit.stored else 0.0


def _is_worth(hit: Hit, text: Fingerprint) -> bool:
    shared = _estimate(hit)
    return hit.seed or hit.same or shared >= WORTH_SHINGLES or shared >= WORTH_SHARE * min(hit.shingles, len(text.shingles))


def _weight(hit: Hit, text: Fingerprint) -> tuple[bool, bool, float, int]:
    """Seeds, then the same body, then the cosine of the two sets (Ochiai), so that neither a brief nor a long read wins by its length."""
    cosine = _estimate(hit) / math.sqrt(max(1, hit.shingles) * max(1, len(text.shingles)))
    return (hit.seed, hit.same, cosine, -hit.version)


def _chosen(conn: sa.Connection, text: Fingerprint, hits: Iterable[Hit], snapshot: int, worth: int) -> Suspects:
    best: dict[int, Hit] = {}
    for hit in hits:
        there = best.get(hit.article)
        # the best version of an article; of two as good, the later one
        if there is None or (hit.same, hit.shared, hit.version) > (there.same, there.shared, there.version):
            best[hit.article] = hit
    ranked = sorted((hit for hit in best.values() if _is_worth(hit, text)), key=lambda hit: _weight(hit, text), reverse=True)
    seeds = sum(hit.seed for hit in ranked)
    near, far = ranked[: seeds + worth], ranked[seeds + worth :][:COUNTED]
    return Suspects(snapshot=snapshot, worth=load(conn, near), counted=load(conn, far, text=False))


def load(conn: sa.Connection, hits: Sequence[Hit], *, text: bool = True) -> tuple[Stored, ...]:
    """The versions of these hits, in their order; without their texts when they are only named."""
    if not hits:
        return ()
    words = body.c.text if text else sa.literal("").label("text")
    query = (
        sa.select(version, words, article.c.seed)
        .select_from(version.join(article, article.c.id == version.c.article_id).join(body, body.c.id == version.c.body_id))
        .where(version.c.id.in_([hit.version for hit in hits]))
    )
    rows = {row["id"]: row for row in conn.execute(query).mappings()}
    known = sentences.repeated(conn, {row["outlet"] for row in rows.values() if row["seed"] is None}) if text else {}
    return tuple(encode.stored(rows[hit.version], shared=hit.shared, known=known) for hit in hits)
