"""Queries of the doors. Each is one consistent view of the database; rows come out as the frozen classes of ``rows.py``.

Relations are between versions. What is told of two articles is the verdict that holds (``verdicts.py``).
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipeline import urls
from pipeline.store import search as fulltext
from pipeline.store.export import EXPORTS, export
from pipeline.store.known import versions
from pipeline.store.listed import LATEST, LINE, NO_GROUPS, Groups, listed, strongest
from pipeline.store.rows import (
    Filters,
    Listed,
    Pair,
    Parent,
    Related,
    Shown,
    Sighting,
    SourceLine,
    StoreStatus,
    Story,
    Told,
    Version,
    Wanted,
)
from pipeline.store.schema import article, outlet, relation, version
from pipeline.store.status import status
from pipeline.store.told import article_number, find, pair, show, stories, story, to_seeds, two_versions, unheard
from pipeline.store.topics import foreign
from pipeline.store.verdicts import holds

if TYPE_CHECKING:
    from pipeline.store import Store

__all__ = [
    "EXPORTS", "NO_GROUPS", "Filters", "Groups", "Listed", "Pair", "Parent", "Related", "Shown", "Sighting", "SourceLine",
    "StoreStatus", "Story", "Told", "Version", "Wanted", "article_number", "export", "find", "foreign", "latest", "nearest_outlet",
    "outlets_called", "pair", "search", "show", "status", "stories", "story", "to_seeds", "two_versions", "unheard",
]  # fmt: skip


def latest(store: Store, filters: Filters, groups: Groups = NO_GROUPS) -> tuple[Listed, ...]:
    """What came in, newest first; seeds apart."""
    query = _filtered(sa.select(*LINE).select_from(LATEST), filters).order_by(article.c.id.desc()).limit(filters.limit)
    with store.reading() as conn:
        return strongest(conn, listed(conn, conn.execute(query).mappings().all(), groups))


def search(store: Store, query: str, filters: Filters, groups: Groups = NO_GROUPS) -> tuple[Listed, ...]:
    """Articles whose latest title or text has all the words, best first, each with the place it was found at."""
    asked = fulltext.hits(store.kind, query)
    if asked is None:
        return ()
    hits = asked.subquery()
    found = sa.select(*LINE).select_from(LATEST.join(hits, hits.c.version_id == version.c.id))
    found = _filtered(found, filters).order_by(hits.c.rank, article.c.id.desc()).limit(filters.limit)
    with store.reading() as conn:
        rows = strongest(conn, listed(conn, conn.execute(found).mappings().all(), groups))
        wanted = versions().where(version.c.id.in_([row.version_id for row in rows]))
        texts = {row["id"]: row["text"] for row in conn.execute(wanted).mappings()}
    return tuple(replace(row, snippet=fulltext.snippet(texts[row.version_id], query)) for row in rows)


def _filtered(query: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    when = sa.func.coalesce(version.c.published_at, article.c.first_seen)
    query = query.where(article.c.seed.is_(None))
    if filters.outlet is not None:
        query = query.where(article.c.outlet == filters.outlet)
    if filters.outlets is not None:
        query = query.where(article.c.outlet.in_(sorted(filters.outlets)))
    if filters.language is not None:
        query = query.where(version.c.language == filters.language)
    if filters.since is not None:
        query = query.where(when >= filters.since)
    if filters.until is not None:
        query = query.where(when < filters.until)
    if filters.relation is not None:
        seed = article.alias()
        has = sa.select(relation.c.id).join(seed, seed.c.id == relation.c.other_article_id).where(seed.c.seed.is_not(None))
        has = has.where(relation.c.article_id == article.c.id, relation.c.relation == str(filters.relation), holds())
        query = query.where(has.exists())
    return query


# ── outlets ───────────────────────────────────────────────────────────────────────────────────────


def outlets_called(store: Store, what: str, groups: Groups = NO_GROUPS) -> frozenset[str]:
    """The outlets a person means: a group's name, a registrable domain (or a host of it), or what an outlet calls itself."""
    wanted = what.strip().casefold()
    in_group = {domain for domain, name in groups.items() if name.casefold() == wanted}
    if in_group:
        return frozenset(in_group)
    with store.reading() as conn:
        for domain in (wanted, urls.outlet(f"http://{wanted}/") if "." in wanted and " " not in wanted else None):
            if domain and conn.execute(sa.select(article.c.id).where(article.c.outlet == domain).limit(1)).first():
                return frozenset({domain})
        named = conn.execute(sa.select(outlet.c.domain, outlet.c.name).where(outlet.c.name.is_not(None)))
        return frozenset(row.domain for row in named if row.name.casefold() == wanted) or frozenset({what})


def nearest_outlet(store: Store, what: str, groups: Groups = NO_GROUPS) -> str | None:
    """The outlet or group that was probably meant, for one that is not there; None when ``what`` is there, or nothing is like it."""
    with store.reading() as conn:
        there = conn.execute(sa.select(outlet.c.domain, outlet.c.name)).all()
    known = {word.casefold(): word for row in there for word in row if word} | {name.casefold(): name for name in groups.values()}
    if what.casefold() in known:
        return None
    found = difflib.get_close_matches(what.casefold(), known, 1, 0.6)
    return known[found[0]] if found else None
