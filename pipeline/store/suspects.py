"""Who may share text with an article: an inverted index of sampled word 8-grams, in SQL (facts/matching, step 3)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from pipeline.model import Article, Fingerprint, Stored, Suspects
from pipeline.sampled import SHORT
from pipeline.store import encode, prepared, prints, sentences, topics
from pipeline.store.schema import alias, article, body, each, given, version

WORTH_SHINGLES: Final = 32
"""Shared shingles, estimated, that make a text worth comparing whatever its length: 40 tokens in a row hold 33 word 8-grams, and less than
40 shared tokens is no reuse (facts/matching)."""

WORTH_SHARE: Final = 0.10
"""Or this share of the shorter text: facts/matching, `derived` begins at a coverage of .10."""

STOCK_SHARE: Final = 0.25
"""Of a short text with which an article shares nothing but stock phrases, this share must be there: a text of 60 words shares a tenth with
an article that says "did not immediately respond to a request" and one thing more of the kind, and so do hundreds in a large archive."""

COUNTED: Final = 100
"""How many further articles are named without being compared; more would only repeat that the story is everywhere."""

WEIGHED: Final = 500
"""Texts that share most hashes, of which it is read how long they are and whose: what boilerplate alone brings is not looked at. More when
more are wanted. With 20 compared and 100 named, some hundreds leave room for those that the weight puts before others."""


class Hit(NamedTuple):
    """A version that shares hashes: how many, and what is needed to weigh them."""

    version: int
    article: int
    shared: int
    stored: int  # hashes stored of it
    shingles: int  # hashes it has
    seed: bool
    same: bool  # the same normalised body
    digest: str  # of its normalised body


def article_of(conn: sa.Connection, keys: Sequence[str]) -> int | None:
    """The article the first known of these alias keys leads to."""
    if not keys:
        return None
    there = dict(prepared.rows(conn, _aliases(conn.dialect.name), {"keys": given(conn, keys)}))
    return next((there[key] for key in keys if key in there), None)


def owners_of(conn: sa.Connection, versions: Sequence[int]) -> dict[int, int]:
    """Whose these versions are: version → article."""
    return dict(prepared.rows(conn, _owning(conn.dialect.name), {"versions": given(conn, versions)}))


def youngest(conn: sa.Connection) -> int:
    """The youngest version's id; 0 in an empty store."""
    return int(prepared.value(conn, _YOUNGEST) or 0)


def look_up(conn: sa.Connection, text: Fingerprint, *, but: int | None, worth: int, before: int | None = None) -> Suspects:
    """Every seed that shares anything, seeds on its subject, the same bodies, and the ``worth`` bodies that share most; ``but``: the
    article itself. ``before``: only what was stored before this version, seeds apart, as if it were stored now."""
    ((snapshot, seeded, topical),) = prepared.rows(conn, _THERE)
    found = _found(conn, text, max(WEIGHED, 2 * worth), seeded=seeded) + (_topical(conn, text) if topical else [])
    hits = [hit for hit in found + _same(conn, text.body_digest) if hit.article != but]
    return _chosen(conn, text, [hit for hit in hits if before is None or hit.seed or hit.version < before], int(snapshot or 0), worth)


def younger(conn: sa.Connection, text: Fingerprint, *, but: int | None, than: int, worth: int = 20) -> Suspects | None:
    """What was stored after ``than`` and is worth comparing; None when there is nothing. Read from the few young versions themselves."""
    snapshot = youngest(conn)
    if snapshot <= than:
        return None
    shingles = set(text.shingles)
    hits = []
    for made, owner, size, digest, seed, sample in prepared.rows(conn, _YOUNG, {"than": than}):
        hashes = encode.unpack(sample)
        same = bool(text.body_digest) and digest == text.body_digest
        shared = len(shingles.intersection(hashes))
        if owner != but and (shared or same):
            hits.append(Hit(made, owner, shared, len(hashes), size, seed is not None, same, digest))
    found = _chosen(conn, text, hits, snapshot, worth)
    return found if found.worth or found.counted else None


# ── lookups ───────────────────────────────────────────────────────────────────────────────────────

# of a seed only its latest text is looked for, while it is planted
_LIVE: Final = sa.or_(article.c.seed.is_(None), sa.and_(article.c.active, article.c.latest_id == version.c.id))
_WEIGHT: Final = (version.c.id, version.c.article_id, version.c.shingles, version.c.body_digest, article.c.seed)
_SIZE: Final = sa.func.length(version.c.sample).label("size")
_WHOLE: Final = sa.case((version.c.length < SHORT, version.c.sample)).label("whole")  # what is kept of a short one
_OWNED: Final = version.join(article, article.c.id == version.c.article_id)

# statements are built once: building one costs SQLAlchemy more than SQLite's running it
_YOUNGEST: Final = sa.select(sa.func.max(version.c.id))
_THERE: Final = sa.select(_YOUNGEST.scalar_subquery(), prints.SEEDED, topics.ANY)  # asked once: most stores hold no seed
_YOUNG: Final = sa.select(*_WEIGHT, version.c.sample).select_from(_OWNED).where(version.c.id > sa.bindparam("than"), _LIVE)
_SAME: Final = (
    sa.select(*_WEIGHT, _SIZE)
    .select_from(_OWNED)
    .where(version.c.body_digest == sa.bindparam("digest"), _LIVE)
    .order_by(version.c.id)
    .limit(prints.MENTIONS)
)


@cache
def _aliases(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "keys", sa.Text)
    return sa.select(alias.c.key, alias.c.article_id).select_from(asked.join(alias, alias.c.key == asked.c.value))


@cache
def _owning(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "versions")
    return sa.select(version.c.id, version.c.article_id).select_from(asked.join(version, version.c.id == asked.c.value))


@cache
def _weighing(dialect: str, *, seeds: bool) -> sa.Select[Any]:
    """Of what is no seed's nothing is asked of the article: hundreds of rows, all over the file."""
    asked = each(dialect, "versions")
    owned = asked.join(version, version.c.id == asked.c.value)
    if not seeds:
        return sa.select(*_WEIGHT[:-1], _SIZE, _WHOLE).select_from(owned)
    return sa.select(*_WEIGHT[:-1], _SIZE).select_from(owned.join(article, article.c.id == version.c.article_id)).where(_LIVE)


def _weighed(conn: sa.Connection, versions: Iterable[int], *, seeds: bool) -> Sequence[Any]:
    asked = sorted(versions)  # in the order in which they stand in the file
    return prepared.rows(conn, _weighing(conn.dialect.name, seeds=seeds), {"versions": given(conn, asked)}) if asked else ()


def _found(conn: sa.Connection, text: Fingerprint, most: int, *, seeded: bool) -> list[Hit]:
    """What shares enough hashes to be weighed: all seeds, and ``most`` of the others, long and short."""
    seeds, others, stock = prints.shared(conn, text, most, seeded=seeded)
    hits = [
        Hit(made, owner, seeds[made], size // 8, shingles, True, False, digest)
        for made, owner, shingles, digest, size in _weighed(conn, seeds, seeds=True)
    ]
    mine: dict[int, int] = {}
    for made, owner, shingles, digest, size, whole in _weighed(conn, others, seeds=False):
        count = others[made]
        if whole is not None:  # what is kept in full is counted in full, for it may be found by few of its hashes
            mine = mine or dict(zip(text.shingles, range(len(text.shingles)), strict=True))
            there = mine.keys() & encode.unpack(whole)
            count, shorter = len(there), min(shingles, len(mine))
            if count < STOCK_SHARE * shorter and count - prints.of_stock(mine, there, stock) < WORTH_SHARE * shorter:
                continue
        hits.append(Hit(made, owner, count, size // 8, shingles, False, False, digest))
    return hits


def _same(conn: sa.Connection, digest: str) -> list[Hit]:
    if not digest:
        return []
    return [
        Hit(made, owner, size // 8, size // 8, shingles, seed is not None, True, digest)
        for made, owner, shingles, _, seed, size in prepared.rows(conn, _SAME, {"digest": digest})
    ]


def _topical(conn: sa.Connection, text: Fingerprint) -> list[Hit]:
    """Seeds that have words in common with it, whether they share any of the text or not."""
    return [
        Hit(made, owner, 0, size // 8, shingles, True, False, digest)
        for made, owner, shingles, digest, size in _weighed(conn, topics.near(conn, text.topics), seeds=True)
    ]


# ── weighing ──────────────────────────────────────────────────────────────────────────────────────


def _estimate(hit: Hit) -> float:
    """Shingles both texts share, as the sample tells: each stored hash stands for ``shingles / stored`` of them."""
    return hit.shared * hit.shingles / hit.stored if hit.stored else 0.0


def _worth(hits: Iterable[Hit], text: Fingerprint) -> list[tuple[Hit, float]]:
    """Those worth comparing, each with what it is estimated to share."""
    mine, found = len(text.shingles), list[tuple[Hit, float]]()
    for hit in hits:
        shared = _estimate(hit)
        if hit.seed or hit.same or shared >= WORTH_SHINGLES or shared >= WORTH_SHARE * min(hit.shingles, mine):
            found.append((hit, shared))
    return found


def _ranked(weighed: Sequence[tuple[Hit, float]], text: Fingerprint) -> list[Hit]:
    """Seeds, then the same body, then in turn the next by cosine of the two sets (Ochiai) and by share of the shorter one: by cosine a
    brief stands behind everything that a long read shares a tenth with, and by share behind every other brief."""
    mine = max(1, len(text.shingles))
    cosine = [(hit.seed, hit.same, shared / math.sqrt(max(1, hit.shingles) * mine), -hit.version, hit) for hit, shared in weighed]
    share = [  # of two that stand in it whole, the one of which more does
        (hit.seed, hit.same, min(1.0, shared / max(1, min(hit.shingles, mine))), shared, -hit.version, hit) for hit, shared in weighed
    ]
    cosine.sort(reverse=True)
    share.sort(reverse=True)
    return list({hit.version: hit for one, other in zip(cosine, share, strict=True) for hit in (one[-1], other[-1])}.values())


def _chosen(conn: sa.Connection, text: Fingerprint, hits: Iterable[Hit], snapshot: int, worth: int) -> Suspects:
    best: dict[int, Hit] = {}
    for hit in hits:
        there = best.get(hit.article)
        # the best version of an article; of two as good, the later one
        if there is None or (hit.same, hit.shared, hit.version) > (there.same, there.shared, there.version):
            best[hit.article] = hit
    near, far = _parted(_ranked(_worth(best.values(), text), text), worth)
    loaded = load(conn, near, text)
    worded, wordless = [one for one in loaded if one.kept == "full"], [one for one in loaded if one.kept != "full"]
    return Suspects(snapshot=snapshot, worth=tuple(worded), counted=(*wordless, *_named(conn, far[:COUNTED], text)))


def _parted(ranked: Sequence[Hit], worth: int) -> tuple[list[Hit], list[Hit]]:
    """Those to be compared: the seeds, and the first of ``worth`` bodies; as many more that have one of these bodies cost no comparing of
    their own. A body that stands everywhere must not leave other texts uncompared."""
    near, far, bodies, again = list[Hit](), list[Hit](), set[str](), 0
    for hit in ranked:
        if hit.seed:
            near.append(hit)
        elif hit.digest in bodies and again < worth:
            again += 1
            near.append(hit)
        elif hit.digest not in bodies and len(bodies) < worth:
            bodies.add(hit.digest or str(hit.version))
            near.append(hit)
        else:
            far.append(hit)
    return near, far


@cache
def _loading(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "versions")
    owned = asked.join(version, version.c.id == asked.c.value).join(article, article.c.id == version.c.article_id)
    return sa.select(*(version.c[name] for name in encode.STORED), article.c.seed).select_from(owned)


@cache
def _texts(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "bodies")
    return sa.select(body.c.id, body.c.text, body.c.kept).select_from(asked.join(body, body.c.id == asked.c.value))


@cache
def _naming(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "versions")
    owned = asked.join(version, version.c.id == asked.c.value)
    return sa.select(version.c.id, version.c.url, version.c.title, version.c.outlet).select_from(owned)


def load(conn: sa.Connection, hits: Sequence[Hit], text: Fingerprint) -> tuple[Stored, ...]:
    """The versions of these hits, in their order. Each exact text is read once."""
    if not hits:
        return ()
    asked = {"versions": given(conn, [hit.version for hit in hits])}
    rows = {row["id"]: row for row in prepared.converted(conn, _loading(conn.dialect.name), asked)}
    bodies = given(conn, sorted({row["body_id"] for row in rows.values()}))
    asked = {"bodies": bodies}
    texts = {made: {"text": said, "kept": kept} for made, said, kept in prepared.rows(conn, _texts(conn.dialect.name), asked)}
    known = sentences.repeated(conn, rows.values())
    found = [(rows[hit.version], {"shared": hit.shared, "repeated": known(rows[hit.version]), **_shares(hit, text)}) for hit in hits]
    return tuple(encode.stored({**row, **texts[row["body_id"]]}, **more) for row, more in found)


def _named(conn: sa.Connection, hits: Sequence[Hit], text: Fingerprint) -> tuple[Stored, ...]:
    """These hits without their texts: they are only counted."""
    if not hits:
        return ()
    asked = {"versions": given(conn, [hit.version for hit in hits])}
    rows = {made: row for made, *row in prepared.rows(conn, _naming(conn.dialect.name), asked)}
    return tuple(
        Stored(
            id=hit.version,
            article_id=hit.article,
            article=Article(url=(row := rows[hit.version])[0], title=row[1], text="", outlet=row[2]),
            body_digest=hit.digest,
            shared=hit.shared,
            here=shares["here"],
            there=shares["there"],
        )
        for hit, shares in ((hit, _shares(hit, text)) for hit in hits)
    )


def _shares(hit: Hit, text: Fingerprint) -> dict[str, Any]:
    """Containment both ways, as the sample tells."""
    here = hit.shared / hit.stored if hit.stored else 0.0
    there = min(1.0, _estimate(hit) / len(text.shingles)) if text.shingles else 0.0
    return {"here": 1.0, "there": 1.0} if hit.same else {"here": here, "there": there}
