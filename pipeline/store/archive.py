"""What is stored, gone through from its beginning to its end, to be judged again. What a verdict was stays, in ``former``.

Relations are between versions, and a version is judged against what was stored before it: so every version is judged again, and each pair
once, as when it came in. A person's verdict is nobody's to change here. What was found of a seed that is no longer watched for stays too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.model import Fingerprint, Match, Rejudged, Stored, Suspects, Task
from pipeline.store import encode, sentences, suspects, tasks
from pipeline.store.known import seeds, versions
from pipeline.store.schema import article, body, former, relation, version
from pipeline.store.verdicts import MACHINE

if TYPE_CHECKING:
    from pipeline.store import Store

REMATCH: Final = "rematch"
WORTH: Final = 20  # as when an article comes in (Store.suspects)
SAME: Final = 0.005  # figures this close are the same when shown

_OTHER: Final = article.alias("other")
_GONE_SEED: Final = sa.and_(_OTHER.c.seed.is_not(None), ~_OTHER.c.active)
_GIVEN: Final = (
    sa.select(relation, _OTHER.c.url.label("other_url"), _OTHER.c.seed)
    .join(_OTHER, _OTHER.c.id == relation.c.other_article_id)
    .where(relation.c.version_id == sa.bindparam("judged"), relation.c.judge == MACHINE, ~_GONE_SEED)
    .order_by(relation.c.id)
)
_OTHERS: Final = (
    sa.select(version.c.id, version.c.article_id, article.c.url, article.c.seed)
    .join(article, article.c.id == version.c.article_id)
    .where(version.c.id.in_(sa.bindparam("versions", expanding=True)), sa.or_(article.c.seed.is_(None), article.c.active))
)
_COUNT: Final = sa.select(sa.func.count()).select_from(version.join(article, article.c.id == version.c.article_id))
_WORDLESS: Final = sa.select(body.c.id).where(body.c.kept.is_not(None))
_ALIVE: Final = sa.select(version.c.id).where(version.c.id == sa.bindparam("judged"))
_CHANGED: Final = sa.update(relation).where(relation.c.id == sa.bindparam("row"))
_NEW: Final = sa.insert(relation)
_KEPT: Final = sa.insert(former)
_COLUMNS: Final = tuple(column.name for column in former.c if column.name not in {"id", "replaced_at"})


class Archive:
    """The same database, to be gone through. Every writing call is one transaction. Raises StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def seed(self, name: str) -> Stored | None:
        """The seed of this name in its latest version, while it is watched for."""
        with self._store.reading() as conn:
            return next((one for one in seeds(conn) if one.seed == name), None)

    def abroad(self, text: Fingerprint) -> bool:
        """See Store.abroad."""
        return self._store.abroad(text)

    def begin(self, asked: Mapping[str, str | None], since: datetime | None, now: datetime) -> Task:
        """The task that was begun in these words and is not done, or a new one over all versions that are stored now and were fetched then
        or later."""
        with self._store.writing() as conn:
            going = tasks.standing(conn, REMATCH, asked)
            if going is not None:
                return going
            upto = suspects.youngest(conn)
            total = conn.execute(_within(_COUNT, 0, upto, since)).scalar_one()
            bounds = {"since": since.isoformat() if since else None, "upto": upto}
            return tasks.begin(conn, REMATCH, asked, bounds=bounds, total=int(total), now=now)

    def end(self) -> None:
        """The task is done."""
        with self._store.writing() as conn:
            tasks.end(conn, REMATCH)

    def after(self, cursor: int, bounds: Mapping[str, str | int | None], limit: int) -> tuple[Stored, ...]:
        """The next versions, seeds apart, with their texts; () at the end."""
        since, upto = bounds["since"], bounds["upto"]
        assert isinstance(upto, int)
        query = _within(versions(), cursor, upto, datetime.fromisoformat(str(since)) if since else None)
        with self._store.reading() as conn:
            return stored(conn, query.order_by(version.c.id).limit(limit))

    def earlier(self, judged: Stored, text: Fingerprint) -> Suspects:
        """Who may share text with a version, of what was stored before it: what its way in would have been offered, seeds always. What the
        machine compared it with before is worth comparing in any case."""
        with self._store.reading() as conn:
            found = suspects.look_up(conn, text, but=judged.article_id, worth=WORTH, before=judged.id)
            there = {one.id for one in found.worth}
            given = conn.execute(_GIVEN, {"judged": judged.id}).mappings().all()
            more = [row["other_id"] for row in given if row["aligned"] and row["other_id"] not in there]
            if not more:
                return found
            old = stored(conn, versions().where(version.c.id.in_(more)).order_by(version.c.id), shared=1)
            counted = tuple(one for one in found.counted if one.id not in set(more))
            return replace(found, worth=(*found.worth, *old), counted=counted)

    def rejudge(
        self, verdicts: Sequence[tuple[Stored, Sequence[Match] | None]], seed: Stored | None, now: datetime
    ) -> tuple[Rejudged, ...] | None:
        """The verdicts on some versions in the place of what was said of them (None: they could not be judged, and what was said stays),
        and how far the task is. ``seed``: only this one was compared with. → what came out otherwise; None, and nothing is written, when
        somebody else has been here meanwhile."""
        told: list[Rejudged] = []
        with self._store.writing() as conn:
            if seed is not None and not conn.execute(_ALIVE, {"judged": seed.id}).first():
                return None
            if not tasks.advance(conn, REMATCH, cursor=max(judged.id for judged, _ in verdicts), done=len(verdicts), now=now):
                return None
            for judged, matches in verdicts:
                if matches is not None and conn.execute(_ALIVE, {"judged": judged.id}).first():  # it may have been purged meanwhile
                    told += replace_verdicts(conn, judged, matches, now, seed=seed.article_id if seed else None)
            tasks.count(conn, REMATCH, len(told))
        return tuple(told)


def stored(conn: sa.Connection, query: sa.Select[Any], *, shared: int = 0) -> tuple[Stored, ...]:
    """The versions of a query like ``known.versions()``, with what their outlets repeat."""
    rows = conn.execute(query).mappings().all()
    known = sentences.repeated(conn, rows)
    return tuple(encode.stored(row, shared=shared, repeated=known(row)) for row in rows)


def _within(query: sa.Select[Any], after: int, upto: int, since: datetime | None) -> sa.Select[Any]:
    """Those whose text is kept: of the others, what was said of them stays."""
    query = query.where(article.c.seed.is_(None), version.c.id > after, version.c.id <= upto, version.c.body_id.not_in(_WORDLESS))
    return query if since is None else query.where(version.c.fetched_at >= since)


def replace_verdicts(
    conn: sa.Connection, judged: Stored, matches: Collection[Match], now: datetime, *, seed: int | None = None, only: int | None = None
) -> list[Rejudged]:
    """The verdicts on a version in the place of those that were given. ``seed``: the one article, ``only``: the one version that it was
    compared with; None: all. → what came out otherwise."""
    given = {
        row["other_id"]: row
        for row in conn.execute(_GIVEN, {"judged": judged.id}).mappings()
        if (seed is None or row["other_article_id"] == seed) and (only is None or row["other_id"] == only)
    }
    wanted = {match.other: match for match in matches}
    others = {row.id: row for row in conn.execute(_OTHERS, {"versions": sorted(wanted)})}  # less what was purged or taken out meanwhile
    told = []
    for other, row in given.items():
        match, was = wanted.get(other), encode.match(row, other)
        if match is not None and _same(was, match):
            if was != match:
                made = row["made_at"] if was.matcher == match.matcher else now
                conn.execute(_CHANGED, encode.match_columns(match) | {"row": row["id"], "made_at": made})
            continue
        conn.execute(_KEPT, {name: row[name] for name in _COLUMNS} | {"replaced_at": now})
        if match is None:
            conn.execute(sa.delete(relation).where(relation.c.id == row["id"]))
        else:
            conn.execute(_CHANGED, encode.match_columns(match) | {"row": row["id"], "made_at": now})
        told.append(_told(judged, row["other_article_id"], row["other_url"], row["seed"], was, match))
    for other, match in wanted.items():
        found = others.get(other)
        if other in given or found is None or found.article_id == judged.article_id:
            continue
        place = {"version_id": judged.id, "article_id": judged.article_id, "other_id": other, "other_article_id": found.article_id}
        conn.execute(_NEW, encode.match_columns(match) | place | {"judge": MACHINE, "note": None, "made_at": now})
        told.append(_told(judged, found.article_id, found.url, found.seed, None, match))
    return told


def _told(judged: Stored, other: int, url: str, seed: str | None, was: Match | None, now: Match | None) -> Rejudged:
    return Rejudged(article_id=judged.article_id, url=judged.article.url, other_id=other, other_url=url, seed=seed, was=was, now=now)


def _same(was: Match, now: Match) -> bool:
    """The same verdict, as people see it. What was never asked of the other side is not changed by being known now; and a score of topics
    drifts as the archive's words are learned, which makes another verdict only when it crosses the line."""
    if (was.relation, was.aligned) != (now.relation, now.aligned) or was.other_relation not in (None, now.other_relation):
        return False
    pairs = ((was.coverage, now.coverage), (was.other_coverage, now.other_coverage))
    return all(abs(one - other) < SAME for one, other in pairs)
