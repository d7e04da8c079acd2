"""Queries of the doors. Each is one consistent view of the database; rows come out as the frozen classes of ``rows.py``.

Relations are between versions. What is told of two articles is the verdict on their latest compared versions, a person's before the
machine's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.errors import InputError
from pipeline.model import Match, Relation, Seed
from pipeline.store import encode
from pipeline.store import search as fulltext
from pipeline.store.export import EXPORTS, export
from pipeline.store.known import versions
from pipeline.store.rows import Filters, Listed, Related, Shown, Sighting, SourceLine, StoreStatus, Story, Told, Version
from pipeline.store.schema import alias, article, raw, relation, sighting, source, version
from pipeline.store.status import status
from pipeline.store.suspects import article_of

if TYPE_CHECKING:
    from pipeline.store import Store

__all__ = [
    "EXPORTS", "Filters", "Listed", "Related", "Shown", "Sighting", "SourceLine", "StoreStatus", "Story", "Told", "Version", "export",
    "find", "latest", "search", "show", "status", "stories", "story", "to_seeds", "unheard",
]  # fmt: skip

_LINE: Final = (
    article.c.id.label("article_id"), version.c.id.label("version_id"), article.c.url, version.c.title, article.c.outlet,
    version.c.outlet_name, version.c.published_at, version.c.published_offset, version.c.published_precision, article.c.first_seen,
    version.c.language, version.c.kind, version.c.completeness, version.c.credit, version.c.authors, version.c.number.label("versions"),
    article.c.seed,
)  # fmt: skip
_LATEST: Final = article.join(version, version.c.id == article.c.latest_id)


def _listed(row: Any) -> Listed:
    values = {column.name: row[column.name] for column in _LINE if not column.name.startswith("published")}
    return Listed(**values | {"authors": tuple(row["authors"]), "published": encode.instant("published", row)})


def latest(store: Store, filters: Filters) -> tuple[Listed, ...]:
    """What came in, newest first; seeds apart."""
    query = _filtered(sa.select(*_LINE).select_from(_LATEST), filters).order_by(article.c.id.desc()).limit(filters.limit)
    with store.reading() as conn:
        return _strongest(conn, [_listed(row) for row in conn.execute(query).mappings()])


def search(store: Store, query: str, filters: Filters) -> tuple[Listed, ...]:
    """Articles whose latest title or text has all the words, best first, each with the place it was found at."""
    asked = fulltext.hits(store.kind, query)
    if asked is None:
        return ()
    hits = asked.subquery()
    found = sa.select(*_LINE).select_from(_LATEST.join(hits, hits.c.version_id == version.c.id))
    found = _filtered(found, filters).order_by(hits.c.rank, article.c.id.desc()).limit(filters.limit)
    with store.reading() as conn:
        rows = _strongest(conn, [_listed(row) for row in conn.execute(found).mappings()])
        wanted = versions().where(version.c.id.in_([row.version_id for row in rows]))
        texts = {row["id"]: row["text"] for row in conn.execute(wanted).mappings()}
    return tuple(replace(row, snippet=fulltext.snippet(texts[row.version_id], query)) for row in rows)


def _filtered(query: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    when = sa.func.coalesce(version.c.published_at, article.c.first_seen)
    query = query.where(article.c.seed.is_(None))
    if filters.outlet is not None:
        query = query.where(article.c.outlet == filters.outlet)
    if filters.language is not None:
        query = query.where(version.c.language == filters.language)
    if filters.since is not None:
        query = query.where(when >= filters.since)
    if filters.until is not None:
        query = query.where(when < filters.until)
    if filters.relation is not None:
        seed = article.alias()
        has = sa.select(relation.c.id).join(seed, seed.c.id == relation.c.other_article_id).where(seed.c.seed.is_not(None))
        has = has.where(relation.c.article_id == article.c.id, relation.c.relation == str(filters.relation), _valid())
        query = query.where(has.exists())
    return query


def _valid() -> sa.ColumnElement[bool]:
    """Of all verdicts on two articles, in one direction, the one that holds: on the latest versions, a person's first."""
    later = relation.alias()
    same = later.c.version_id == relation.c.version_id
    newer = sa.or_(
        later.c.version_id > relation.c.version_id,
        sa.and_(same, later.c.other_id > relation.c.other_id),
        sa.and_(same, later.c.other_id == relation.c.other_id, later.c.judge > relation.c.judge),  # "person" > "machine"
    )
    pair = sa.and_(later.c.article_id == relation.c.article_id, later.c.other_article_id == relation.c.other_article_id)
    return ~sa.select(later.c.id).where(pair, newer).correlate(relation).exists()


def _strongest(conn: sa.Connection, rows: Sequence[Listed]) -> tuple[Listed, ...]:
    """Each line with its strongest relation, seeds first."""
    other = article.alias()
    columns = (relation.c.article_id, relation.c.relation, relation.c.coverage, relation.c.other_coverage, other.c.seed, other.c.url)
    query = sa.select(*columns).join(other, other.c.id == relation.c.other_article_id)
    query = query.where(relation.c.article_id.in_([row.article_id for row in rows]), _valid())
    best: dict[int, tuple[Any, Any]] = {}
    for row in conn.execute(query):
        kind = Relation(row.relation)
        rank = (kind is not Relation.DISTINCT, row.seed is not None, kind.strength, row.coverage)
        if row.article_id not in best or rank > best[row.article_id][0]:
            best[row.article_id] = (rank, row)
    return tuple(_with(line, best[line.article_id][1]) if line.article_id in best else line for line in rows)


def _with(line: Listed, row: Any) -> Listed:
    told = {"coverage": row.coverage, "other_coverage": row.other_coverage}
    return replace(line, relation=Relation(row.relation), to=row.seed or row.url, **told)


# ── one article ───────────────────────────────────────────────────────────────────────────────────


def find(store: Store, what: str) -> int | None:
    """The article a person means: its number, a seed's name, or any address that leads to it."""
    with store.reading() as conn:
        return _find(conn, what)


def _find(conn: sa.Connection, what: str) -> int | None:
    by = [article.c.seed == what, article.c.url == what]
    if what.isascii() and what.isdigit() and len(what) < 19:  # fits a signed 64-bit number
        by.insert(0, article.c.id == int(what))
    for condition in by:
        found = conn.execute(sa.select(article.c.id).where(condition).order_by(article.c.id).limit(1)).scalar()
        if found is not None:
            return int(found)
    try:
        return article_of(conn, urls.keys(what)) if urls.is_http(what) else None
    except ValueError:  # not an address at all
        return None


def _wanted(conn: sa.Connection, what: str) -> int:
    found = _find(conn, what)
    if found is None:
        raise InputError(f"{what}: no article has this number, address or seed name; `wirewatch latest` lists what is stored")
    return found


def _lines(conn: sa.Connection, ids: Sequence[int]) -> dict[int, Listed]:
    lines: dict[int, Listed] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(*_LINE).select_from(_LATEST).where(article.c.id.in_(ids[start : start + 500]))
        lines |= {row["article_id"]: _listed(row) for row in conn.execute(query).mappings()}
    return lines


def _relations(conn: sa.Connection, owner: int) -> tuple[Related, ...]:
    """Both directions: what this article was found to be, then what was found to be of it."""
    found: list[Related] = []
    for mine, theirs in (("article_id", "other_article_id"), ("other_article_id", "article_id")):
        reverse = mine != "article_id"
        rows = conn.execute(sa.select(relation).where(relation.c[mine] == owner, _valid()).order_by(relation.c.id)).mappings().all()
        lines = _lines(conn, sorted({row[theirs] for row in rows}))
        found += [
            Related(
                other=lines[row[theirs]],
                match=encode.match(row, row["other_id"]),
                version_id=row["other_id" if reverse else "version_id"],
                other_version_id=row["version_id" if reverse else "other_id"],
                judge=row["judge"],
                note=row["note"],
                made_at=row["made_at"],
                reverse=reverse,
            )
            for row in rows
        ]
    return tuple(found)


def show(store: Store, what: str) -> Shown:
    """One article by number, address or seed name, with its versions, sightings and relations. Raises InputError when there is none."""
    with store.reading() as conn:
        owner = _wanted(conn, what)
        kept = versions().add_columns(raw.c.size.label("raw_size"), raw.c.expires_at).outerjoin(raw, raw.c.version_id == version.c.id)
        rows = conn.execute(kept.where(version.c.article_id == owner).order_by(version.c.id.desc())).mappings().all()
        seen = sa.select(source.c.name.label("source"), sighting.c.url, sighting.c.first_seen, sighting.c.last_seen, sighting.c.chain).join(
            source
        )
        met = conn.execute(seen.where(sighting.c.article_id == owner).order_by(sighting.c.id)).mappings()
        keys = conn.execute(sa.select(alias.c.key).where(alias.c.article_id == owner).order_by(alias.c.key)).scalars()
        return Shown(
            listed=_strongest(conn, [_lines(conn, [owner])[owner]])[0],
            versions=tuple(map(_version, rows)),
            sightings=tuple(Sighting(**{**row, "chain": tuple(row["chain"] or ())}) for row in met),
            relations=_relations(conn, owner),
            keys=tuple(keys),
        )


def _version(row: Any) -> Version:
    values = {name: row[name] for name in ("id", "number", "body_digest", "content_digest", "fetched_at", "checked_at", "software")}
    return Version(**values, article=encode.article(row), words=row["length"], raw_bytes=row["raw_size"] or 0, raw_until=row["expires_at"])


# ── a story ───────────────────────────────────────────────────────────────────────────────────────


def story(store: Store, what: str) -> Story:
    """Who ran it: every article related to a seed or an article, in the order of time. Raises InputError when there is none."""
    with store.reading() as conn:
        return _story(conn, _wanted(conn, what))


def stories(store: Store, what: str | None = None) -> tuple[Story, ...]:
    """The story of one seed or article; without a name, of every active seed. Raises InputError when there is none."""
    with store.reading() as conn:
        if what is not None:
            return (_story(conn, _wanted(conn, what)),)
        query = sa.select(article.c.id).where(article.c.seed.is_not(None), article.c.active).order_by(article.c.id)
        return tuple(_story(conn, owner) for owner in conn.execute(query).scalars().all())


def unheard(seeds: Sequence[Seed], what: str | None = None) -> tuple[Story, ...]:
    """Seeds of which nothing is stored, there being no database yet. Raises InputError when ``what`` is none of them."""
    found = [seed for seed in seeds if what in (None, seed.name)]
    if what is not None and not found:
        raise InputError(f"{what}: no seed has this name, and there is no database yet; `wirewatch ingest` makes one")
    return tuple(
        Story(
            about=Listed(
                article_id=0,
                version_id=0,
                url=f"urn:wirewatch:seed:{seed.name}",
                title=seed.title,
                outlet=None,
                outlet_name=None,
                published=seed.published,
                first_seen=seed.published.at if seed.published else datetime.min.replace(tzinfo=UTC),
                language=seed.language,
                kind="news",
                completeness="full",
                credit=seed.credit,
                authors=seed.authors,
                versions=1,
                seed=seed.name,
            ),
            origin_url=seed.url,
            told=(),
        )
        for seed in found
    )


def _story(conn: sa.Connection, owner: int) -> Story:
    about = _lines(conn, [owner])[owner]
    origin = conn.execute(sa.select(version.c.origin_url).where(version.c.id == about.version_id)).scalar()
    told: dict[int, Told] = {}
    for related in sorted(_relations(conn, owner), key=lambda one: not one.reverse):  # what was found of the others comes first
        one = _told(related)
        if one.relation is not Relation.DISTINCT and related.other.seed is None:
            told.setdefault(related.other.article_id, one)
    order = sorted(told.values(), key=lambda one: (_when(one.article), one.article.article_id))
    return Story(about=about, origin_url=origin, told=tuple(order))


def _told(related: Related) -> Told:
    """Seen from the other article. A verdict on this one tells of the other by its turned side, where it has one."""
    match = related.match
    shares = (match.coverage, match.other_coverage) if related.reverse else (match.other_coverage, match.coverage)
    turned = not related.reverse and match.other_relation is not None
    return Told(
        article=related.other,
        relation=(match.other_relation if turned else None) or match.relation,
        coverage=shares[0],
        other_coverage=shares[1],
        new_sentences=match.new_sentences if related.reverse else (),
        figures_changed=match.figures_changed if related.reverse else tuple((new, old) for old, new in match.figures_changed),
        longest_run=match.longest_run,
        why=match.other_why if turned else match.why,
        judge=related.judge,
        aligned=match.aligned,
        match=match,
    )


def _when(line: Listed) -> datetime:
    return line.published.at if line.published else line.first_seen


def to_seeds(store: Store, article_id: int) -> tuple[tuple[str, Match], ...]:
    """What an article was found to be of each seed it was compared with: (the seed's name, the verdict)."""
    with store.reading() as conn:
        found = [related for related in _relations(conn, article_id) if not related.reverse]
        return tuple((related.other.seed, related.match) for related in found if related.other.seed is not None)
