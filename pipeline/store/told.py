"""One article, one story, one pair: what is told of an article and of those it relates to, seen from it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipeline import urls
from pipeline.errors import InputError
from pipeline.families import MOST
from pipeline.families.origin import origin
from pipeline.model import Match, Passage, Relation, Seed
from pipeline.store import encode, sighted
from pipeline.store.families import families, kin
from pipeline.store.history import past
from pipeline.store.known import stored_version, versions
from pipeline.store.listed import NO_GROUPS, Groups, lines, strongest
from pipeline.store.rows import Listed, Pair, Related, Shown, Sighting, Story, Told, Version
from pipeline.store.schema import alias, article, raw, relation, sighting, source, version
from pipeline.store.suspects import article_of
from pipeline.store.verdicts import holds

if TYPE_CHECKING:
    from pipeline.store import Store


def find(store: Store, what: str) -> int | None:
    """The article a person means: its number, a seed's name, or any address that leads to it."""
    with store.reading() as conn:
        return _find(conn, what)


def article_number(store: Store, what: str) -> int:
    """The same. Raises InputError, with the nearest seed's name, when there is none."""
    with store.reading() as conn:
        return _wanted(conn, what)


def _find(conn: sa.Connection, what: str) -> int | None:
    by = [article.c.seed == what, article.c.url == what]
    number = what.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:  # fits a signed 64-bit number
        by.insert(0, article.c.id == int(number))
    for condition in by:
        found = conn.execute(sa.select(article.c.id).where(condition).order_by(article.c.id).limit(1)).scalar()
        if found is not None:
            return int(found)
    try:
        return (article_of(conn, urls.keys(what)) or sighted.owner(conn, what)) if urls.is_http(what) else None
    except ValueError:  # not an address at all
        return None


def _wanted(conn: sa.Connection, what: str) -> int:
    found = _find(conn, what)
    if found is None:
        names = conn.execute(sa.select(article.c.seed).where(article.c.seed.is_not(None))).scalars().all()
        meant = difflib.get_close_matches(what, names, 1, 0.6)
        hint = f" (did you mean {meant[0]!r}?)" if meant else ""
        raise InputError(f"{what}: no article has this number, address or seed name{hint}; `wirewatch latest` lists what is stored")
    return found


def _relations(conn: sa.Connection, owner: int, groups: Groups = NO_GROUPS) -> tuple[Related, ...]:
    """Both directions: what this article was found to be, then what was found to be of it."""
    found: list[Related] = []
    for mine, theirs in (("article_id", "other_article_id"), ("other_article_id", "article_id")):
        reverse = mine != "article_id"
        rows = conn.execute(sa.select(relation).where(relation.c[mine] == owner, holds()).order_by(relation.c.id)).mappings().all()
        others = lines(conn, sorted({row[theirs] for row in rows}), groups)
        found += [
            Related(
                other=others[row[theirs]],
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


def show(store: Store, what: str, groups: Groups = NO_GROUPS) -> Shown:
    """One article by number, address or seed name, with its versions, sightings and relations. Raises InputError when there is none."""
    with store.reading() as conn:
        owner = _wanted(conn, what)
        kept = versions().add_columns(raw.c.size.label("raw_size"), raw.c.expires_at).outerjoin(raw, raw.c.version_id == version.c.id)
        rows = conn.execute(kept.where(version.c.article_id == owner).order_by(*_latest_first())).mappings().all()
        columns = (sighting.c.url, sighting.c.first_seen, sighting.c.last_seen, sighting.c.chain)
        seen = sa.select(source.c.name.label("source"), *columns).join(source)
        met = conn.execute(seen.where(sighting.c.article_id == owner).order_by(sighting.c.id)).mappings()
        keys = conn.execute(sa.select(alias.c.key).where(alias.c.article_id == owner).order_by(alias.c.key)).scalars()
        related = _relations(conn, owner, groups)
        parents, children = kin(conn, owner, {one.other.article_id for one in related if one.other.seed is None}, groups)
        return Shown(
            listed=strongest(conn, [lines(conn, [owner], groups)[owner]])[0],
            versions=tuple(map(_version, rows)),
            sightings=tuple(Sighting(**{**row, "chain": tuple(row["chain"] or ())}) for row in met),
            relations=related,
            keys=tuple(keys),
            former=past(conn, owner, groups),
            parents=parents,
            children=children,
        )


def _latest_first() -> tuple[sa.ColumnElement[Any], ...]:
    """The latest version, then the others, the last that came in first: a state out of an archive may have come in after the latest."""
    latest = sa.case((version.c.id == article.c.latest_id, 0), else_=1)
    return latest, version.c.id.desc()


def _version(row: Any) -> Version:
    names = ("id", "number", "body_digest", "content_digest", "fetched_at", "checked_at", "software", "change")
    values = {name: row[name] for name in names}
    return Version(
        **values,
        article=encode.article(row),
        words=row["length"],
        raw_bytes=row["raw_size"] or 0,
        raw_until=row["expires_at"],
        kept=row["kept"] or "full",
    )


# ── a story ───────────────────────────────────────────────────────────────────────────────────────


def story(store: Store, what: str, groups: Groups = NO_GROUPS) -> Story:
    """Who ran it: every article related to a seed or an article, in the order of time. Raises InputError when there is none."""
    with store.reading() as conn:
        return _story(conn, _wanted(conn, what), groups)


def stories(store: Store, what: str | None = None, groups: Groups = NO_GROUPS) -> tuple[Story, ...]:
    """The story of one seed or article; without a name, of every active seed. Raises InputError when there is none."""
    with store.reading() as conn:
        if what is not None:
            return (_story(conn, _wanted(conn, what), groups),)
        query = sa.select(article.c.id).where(article.c.seed.is_not(None), article.c.active).order_by(article.c.id)
        return tuple(_story(conn, owner, groups) for owner in conn.execute(query).scalars().all())


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


def _story(conn: sa.Connection, owner: int, groups: Groups) -> Story:
    about = lines(conn, [owner], groups)[owner]
    told: dict[int, Told] = {}
    for related in sorted(_relations(conn, owner, groups), key=lambda one: not one.reverse):  # what was found of the others comes first
        one = _told(related)
        if one.relation is not Relation.DISTINCT and related.other.seed is None:
            told.setdefault(related.other.article_id, one)
    family = families(conn, {*told, owner}, groups)
    order = sorted(told, key=lambda number: family.family.when[number])
    text = [number for number in told if told[number].relation is not Relation.RELATED]
    whole = frozenset(number for number in text if told[number].other_coverage >= MOST)
    return Story(
        about=about,
        origin_url=about.origin_url,
        told=tuple(replace(told[number], parents=family.parents.get(number, ())) for number in order),
        parents=family.parents.get(owner, ()),
        origin=origin([family.members[number] for number in text], family.members[owner], whole) if text else None,
        beyond=tuple(sorted({other for number in text for other in family.family.relatives(number)} - {*told, owner})),
        met=sighted.elsewhere(conn, {*text, owner}),
    )


def _told(related: Related) -> Told:
    """Seen from the other article. A verdict that was about this one is turned: what the other is of it and why (where nobody asked that,
    what this one was found to be is the best there is), the shares the other way round, nothing said of sentences that are new."""
    match, turned = related.match, not related.reverse
    shares = (match.other_coverage, match.coverage) if turned else (match.coverage, match.other_coverage)
    return Told(
        article=related.other,
        relation=(match.other_relation or match.relation) if turned else match.relation,
        coverage=shares[0],
        other_coverage=shares[1],
        new_sentences=() if turned else match.new_sentences,
        figures_changed=tuple((new, old) for old, new in match.figures_changed) if turned else match.figures_changed,
        longest_run=match.longest_run,
        why=(match.other_why if turned else "") or match.why,
        judge=related.judge,
        note=related.note,
        aligned=match.aligned,
        turned=turned and not match.other_why,
        match=match,
    )


def to_seeds(store: Store, article_id: int) -> tuple[tuple[str, Match], ...]:
    """What an article was found to be of each seed it was compared with: (the seed's name, the verdict)."""
    with store.reading() as conn:
        found = [related for related in _relations(conn, article_id) if not related.reverse]
        return tuple((related.other.seed, related.match) for related in found if related.other.seed is not None)


# ── two texts ─────────────────────────────────────────────────────────────────────────────────────


def two_versions(store: Store, what: str, old: int | None, new: int | None) -> tuple[Version, Version]:
    """Two versions of one article by their numbers; without numbers the last two, with one that and the last. Raises InputError."""
    versions_ = {one.number: one for one in show(store, what).versions}
    last = max(versions_)
    for number in (old, new):
        if number is not None and number not in versions_:
            there = f"versions 1 to {last}" if last > 1 else "one version only"
            raise InputError(f"{what}: has {there}, no version {number}; to compare it with article {number} write --with {number}")
    if last == 1:
        raise InputError(f"{what}: has one version only, so nothing changed; to compare it with another article write --with ID")
    right = new if new is not None else last
    left = old if old is not None else right - 1
    return versions_[left], versions_[right]


def pair(store: Store, what: str, other: str, groups: Groups = NO_GROUPS) -> Pair:
    """Two articles, in the versions that the verdict on them is about, or in their latest ones when there is none. The verdict is seen from
    ``what``; a verdict on ``what`` itself comes before one that has to be turned. Raises InputError."""
    with store.reading() as conn:
        mine, theirs = _wanted(conn, what), _wanted(conn, other)
        if mine == theirs:
            raise InputError(f"{what} and {other} are one article; its versions are compared by `wirewatch diff {mine}`")
        found = [one for one in _relations(conn, mine, groups) if one.other.article_id == theirs]
        related = min(found, key=lambda one: one.reverse, default=None)
        listed_ = lines(conn, [mine, theirs], groups)
        ids = (related.version_id, related.other_version_id) if related else (listed_[mine].version_id, listed_[theirs].version_id)
        this, that = stored_version(conn, ids[0]), stored_version(conn, ids[1])
        assert this is not None
        assert that is not None
        return Pair(
            mine=listed_[mine],
            theirs=listed_[theirs],
            this=this,
            that=that,
            match=(turned(related.match) if related.reverse else related.match) if related else None,
            judge=related.judge if related else None,
            note=related.note if related else None,
        )


def turned(match: Match) -> Match:
    """A verdict with its sides turned: what is known of the other text."""
    return replace(
        match,
        relation=match.other_relation or match.relation,
        other_relation=match.relation,
        coverage=match.other_coverage,
        other_coverage=match.coverage,
        coverage_all=match.other_coverage_all,
        other_coverage_all=match.coverage_all,
        passages=_turned(match.passages),
        translated=_turned(match.translated),
        new_sentences=(),
        figures_changed=tuple((new, old) for old, new in match.figures_changed),
        why=match.other_why,
        other_why=match.why,
    )


def _turned(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    turned = (Passage(start=p.other_start, end=p.other_end, other_start=p.start, other_end=p.end) for p in passages)
    return tuple(sorted(turned, key=lambda p: p.start))
