"""What is stored already, looked up; and the seeds, which are articles that nobody published here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.aging import GROWING, OF_LATE
from pipeline.model import Article, Known, Match, Outlet, Profile, Read, Seed, Stored, Validators
from pipeline.store import encode, prepared, prints, search, sentences, topics
from pipeline.store import save as saving
from pipeline.store.schema import article, body, keep, sighting, source, version
from pipeline.store.schema import outlet as outlets
from pipeline.store.suspects import article_of


def versions() -> sa.Select[Any]:
    """Every column of a version, with its text and its article's seed name."""
    joined = version.join(article, article.c.id == version.c.article_id).join(body, body.c.id == version.c.body_id)
    return sa.select(version, body.c.text, body.c.kept, article.c.seed).select_from(joined)


def known(conn: sa.Connection, keys: Sequence[str]) -> Known | None:
    """See Store.known."""
    owner = article_of(conn, keys)
    if owner is None:
        return None
    published = (version.c[f"published_{part}"] for part in ("at", "offset", "precision"))
    columns = (article.c.url, article.c.first_seen, version.c.id, version.c.etag, version.c.last_modified, version.c.checked_at,
               version.c.fetched_at, version.c.number, *published)  # fmt: skip
    row = conn.execute(sa.select(*columns).join(version, version.c.id == article.c.latest_id).where(article.c.id == owner)).mappings().one()
    names = sa.select(source.c.name).join(sighting, sighting.c.source_id == source.c.id).where(sighting.c.article_id == owner)
    return Known(
        article_id=owner,
        version_id=row["id"],
        url=row["url"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        fetched_at=row["checked_at"],
        first_seen=row["first_seen"],
        changed_at=row["fetched_at"] if row["number"] > 1 else None,
        published=encode.instant("published", row),
        sources=frozenset(conn.execute(names).scalars()),
        growing=row["number"] > GROWING and _is_growing(conn, owner),
    )


def _is_growing(conn: sa.Connection, owner: int) -> bool:
    """Whether its last versions came close together, and each had grown."""
    columns = (version.c.change, version.c.fetched_at)
    last = conn.execute(sa.select(*columns).where(version.c.article_id == owner).order_by(version.c.id.desc()).limit(GROWING)).all()
    grew = all(row.change in ("addition", "live") for row in last)
    return grew and last[0].fetched_at - last[-1].fetched_at <= OF_LATE


def stored_version(conn: sa.Connection, version_id: int) -> Stored | None:
    """See Store.version."""
    row = conn.execute(versions().where(version.c.id == version_id)).mappings().first()
    return encode.stored(row, repeated=sentences.repeated(conn, [row])(row)) if row else None


_OUTLET = sa.select(outlets).where(outlets.c.domain == sa.bindparam("domain"))


def outlet(conn: sa.Connection, domain: str) -> Outlet | None:
    """See Store.outlet."""
    rows = prepared.converted(conn, _OUTLET, {"domain": domain})
    return Outlet(domain=domain, name=rows[0]["name"], profile=encode.profile(rows[0]["profile"])) if rows else None


def learn(conn: sa.Connection, domain: str, profile: Profile, now: datetime) -> None:
    """See Store.learn."""
    told = {"profile": encode.profile_json(profile), "updated_at": now}
    statement = keep(conn.dialect.name, outlets).values(domain=domain, articles=0, **told)
    conn.execute(statement.on_conflict_do_update(index_elements=["domain"], set_=told))


# ── seeds ─────────────────────────────────────────────────────────────────────────────────────────


_SEEDS = sa.select(article.c.latest_id).where(article.c.seed.is_not(None), article.c.active).order_by(article.c.id)


def seeds(conn: sa.Connection, before: tuple[Stored, ...] = ()) -> tuple[Stored, ...]:
    """See Store.seeds. ``before``: what was answered last, which is the answer while the same versions are the latest."""
    if conn.execute(_SEEDS).scalars().all() == [one.id for one in before]:
        return before
    query = versions().where(article.c.latest_id == version.c.id, article.c.seed.is_not(None), article.c.active).order_by(article.c.id)
    return tuple(encode.stored(row) for row in conn.execute(query).mappings())


def _facts(seed: Seed) -> dict[str, Any]:
    """What is kept of a seed beside its article."""
    return {"caption": seed.caption, "caption_credit": seed.caption_credit, "note": seed.note}


def _planted(conn: sa.Connection, name: str) -> sa.RowMapping | None:
    query = (
        versions().add_columns(article.c.active, article.c.seed_facts).where(article.c.seed == name, article.c.latest_id == version.c.id)
    )
    return conn.execute(query).mappings().first()


def _named(seed: Seed, read: Article) -> Article:
    """A seed has no alias keys: the paper's own article at its address is an article of its own."""
    return replace(read, url=f"urn:wirewatch:seed:{seed.name}", origin_url=seed.url or read.origin_url)


def planted(conn: sa.Connection, seed: Seed, read: Article) -> bool:
    """See Store.planted."""
    there = _planted(conn, seed.name)
    if there is None or not there["active"] or there["seed_facts"] != _facts(seed):
        return False
    return encode.article(there) == _named(seed, read)


def plant(
    conn: sa.Connection, seed: Seed, read: Read, hashes: Sequence[int], now: datetime, verdicts: Sequence[tuple[Stored, Match]] = ()
) -> Stored:
    """See Store.plant."""
    read, facts = replace(read, article=_named(seed, read.article)), _facts(seed)
    there = _planted(conn, seed.name)
    if there is None:
        owner, number = saving.new_article(conn, read.article.url, None, now, seed=seed.name, seed_facts=facts), 1
    else:
        owner, number = there["article_id"], there["number"] + 1
        if not there["active"] or there["seed_facts"] != facts:
            conn.execute(sa.update(article).where(article.c.id == owner).values(active=True, seed_facts=facts))
        if there["content_digest"] == read.fingerprint.content_digest and encode.article(there) == read.article:
            topics.keep(conn, there["id"], read.fingerprint.topics)
            return encode.stored(there)
        # only the latest text of a seed is looked for
        prints.forget(conn, [(there["id"], encode.unpack(there["sample"]))])
        topics.forget(conn, [there["id"]])
    version_id = saving.add_version(conn, owner, number, read, sorted(set(hashes)), now, Validators(), seed=True)
    topics.keep(conn, version_id, read.fingerprint.topics)
    search.index(conn, version_id, read.article)
    saving.relate(conn, [(judged, replace(match, other=version_id)) for judged, match in verdicts], now)
    return Stored(id=version_id, article_id=owner, article=read.article, body_digest=read.fingerprint.body_digest, seed=seed.name)


def unplant(conn: sa.Connection, names: Collection[str]) -> None:
    """See Store.unplant."""
    rows = conn.execute(
        sa.select(article.c.id, article.c.latest_id, article.c.seed).where(article.c.seed.is_not(None), article.c.active)
    ).all()
    gone = [row.id for row in rows if row.seed not in names]
    if gone:
        topics.forget(conn, [row.latest_id for row in rows if row.seed not in names])
        conn.execute(sa.update(article).where(article.c.id == sa.bindparam("gone")).values(active=False), [{"gone": one} for one in gone])
