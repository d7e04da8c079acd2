"""What happens is told: rows of ``alert``, made in the transaction of what they tell of. None is lost, none tells of what never was.

Each function runs inside its caller's transaction. The database keeps each event once for a rule and a target, whoever makes it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline import rules
from pipeline.model import Alert, Article, Happening, HealthChange, Match, Outcome, Record, Rule, SeedMatch, Status
from pipeline.store import encode, queue
from pipeline.store.known import stored_version, versions
from pipeline.store.schema import alert, article, keep_first, outlet, relation, sighting, source, source_state, version

if TYPE_CHECKING:
    from pipeline.store import Store

AT_ONCE: Final = 200  # versions in memory, when the past is asked
_SEEDS = versions().where(version.c.id.in_(sa.bindparam("others", expanding=True)), article.c.seed.is_not(None))
_RELATED = (
    sa.select(relation)
    .join(article, article.c.id == relation.c.other_article_id)
    .where(relation.c.version_id == sa.bindparam("version"), article.c.seed.is_not(None))
    .order_by(relation.c.judge)  # a person's word comes last, and counts
)
_BEFORE = (
    sa.select(version.c.id)
    .where(version.c.article_id == sa.bindparam("owner"), version.c.id < sa.bindparam("made"))
    .order_by(version.c.id.desc())
    .limit(1)
)
_NAME = sa.select(outlet.c.name).where(outlet.c.domain == sa.bindparam("domain"))
_CHANGE = sa.select(version.c.change, article.c.latest_id).join(article, article.c.id == version.c.article_id)
_MET = sa.select(source.c.name).join(sighting, sighting.c.source_id == source.c.id).order_by(sighting.c.id).limit(1)


# ── as it happens ─────────────────────────────────────────────────────────────────────────────────


def stored(conn: sa.Connection, heard: Sequence[Rule], record: Record, outcome: Outcome) -> None:
    """An article was stored, or a new version of one. ``heard``: what people listen for."""
    if not heard or outcome.article_id is None or outcome.version_id is None:
        return
    read, source_name, owner, at = record.read.article, record.candidate.source, outcome.article_id, record.now
    if outcome.status is Status.DUPLICATE and record.keep_first:  # the text is stored; that it stands here too is the news
        story = f"{owner}:{outcome.url}"
        happened = Happening(event="new", mark=rules.mark("new", story), story=story, at=at, source=source_name, article=read)
        happened = replace(happened, matches=_matches(conn, record.matches))
    elif outcome.status in (Status.NEW, Status.DUPLICATE):
        happened = Happening(event="new", mark=rules.mark("new", owner), story=str(owner), at=at, source=source_name, article=read)
        happened = replace(happened, matches=_matches(conn, outcome.matches))
    elif outcome.status is Status.UPDATED:
        found = _version(conn, owner, outcome.version_id, read, _matches(conn, outcome.matches), source_name, at)
        if found is None:
            return
        happened = found
    else:
        return
    happened = replace(happened, article_id=owner, version_id=outcome.version_id, outlet_name=_name(conn, read))
    made = rules.alerts(heard, happened)
    keep(conn, made if record.storage == "full" else map(_without_words, made))  # an alert is kept as long as it waits


def _without_words(made: Alert) -> Alert:
    """Of a text that is not kept."""
    return replace(made, facts={name: told for name, told in made.facts.items() if name != "snippet"})


def withdrawn(conn: sa.Connection, heard: Sequence[Rule], article_id: int, why: str, at: datetime) -> None:
    """An article was taken down by its outlet."""
    if heard and (happened := _withdrawn(conn, article_id, why, at)):
        keep(conn, rules.alerts(heard, happened))


def health(conn: sa.Connection, heard: Sequence[Rule], change: HealthChange | None, at: datetime) -> None:
    """A source is otherwise than before; None: it is as it was."""
    if heard and change is not None:
        keep(conn, rules.alerts(heard, _health(change, at)))


def keep(conn: sa.Connection, made: Iterable[Alert]) -> None:
    """Their rows; an event that was told already, or waits to be, stays as it is."""
    rows = [
        {name: getattr(one, name) for name in ("rule", "target", "event", "kind", "article_id", "version_id", "made_at", "due_at")}
        | {"facts": dict(one.facts) | {"key": one.key, "digest": one.digest.isoformat() if one.digest else None}}
        | {"source_id": queue.source_id(conn, one.source, one.made_at) if one.source else None, "attempts": 0}
        for one in made
    ]
    if rows:
        conn.execute(keep_first(conn.dialect.name, alert, "rule", "target", "event"), rows)


def _version(
    conn: sa.Connection, owner: int, made: int, read: Article, matches: tuple[SeedMatch, ...], source_name: str | None, at: datetime
) -> Happening | None:
    """A new version; None for an older state that came in late, out of an archive."""
    row = conn.execute(_CHANGE.where(version.c.id == made)).one()
    if row.latest_id != made:
        return None
    before = conn.execute(_BEFORE, {"owner": owner, "made": made}).scalar()
    return Happening(
        event="version",
        mark=rules.mark("version", made),
        story=str(owner),
        at=at,
        source=source_name,
        article=read,
        matches=matches,
        change=row.change,
        before=_state(conn, before, source_name, at) if before is not None else None,
    )


def _state(conn: sa.Connection, version_id: int, source_name: str | None, at: datetime) -> Happening | None:
    """A stored version as what once came in."""
    there = stored_version(conn, version_id)
    if there is None:
        return None
    kept = {row["other_id"]: encode.match(row, row["other_id"]) for row in conn.execute(_RELATED, {"version": version_id}).mappings()}
    return Happening(
        event="new",
        mark=rules.mark("new", there.article_id),
        story=str(there.article_id),
        at=at,
        source=source_name,
        article_id=there.article_id,
        version_id=version_id,
        article=there.article,
        outlet_name=_name(conn, there.article),
        matches=_matches(conn, tuple(kept.values())),
    )


def _withdrawn(conn: sa.Connection, article_id: int, why: str, at: datetime) -> Happening | None:
    latest = conn.execute(sa.select(article.c.latest_id).where(article.c.id == article_id)).scalar()
    state = _state(conn, latest, _met(conn, article_id), at) if latest is not None else None
    return replace(state, event="withdrawn", mark=rules.mark("withdrawn", article_id, at), why=why) if state else None


def _health(change: HealthChange, at: datetime) -> Happening:
    made = rules.mark("health", change.source, change.since)
    return Happening(event="health", mark=made, at=at, source=change.source, health=change)


def _matches(conn: sa.Connection, found: Sequence[Match]) -> tuple[SeedMatch, ...]:
    """Those that are about seeds."""
    others = {match.other: match for match in found if match.aligned}
    if not others:
        return ()
    rows = conn.execute(_SEEDS, {"others": sorted(others)}).mappings()
    told = ((row["seed"], encode.article(row), others[row["id"]]) for row in rows)
    return tuple(
        SeedMatch(seed=name, title=seed.title, url=seed.origin_url, published=seed.published, match=match) for name, seed, match in told
    )


def _name(conn: sa.Connection, read: Article) -> str | None:
    return conn.execute(_NAME, {"domain": read.outlet}).scalar() if read.outlet else None


def _met(conn: sa.Connection, article_id: int) -> str | None:
    return conn.execute(_MET.where(sighting.c.article_id == article_id)).scalar()


# ── as it would have been told ────────────────────────────────────────────────────────────────────


def past(store: Store, rule: Rule, since: datetime) -> Iterator[Alert]:
    """What a rule would have told of what is stored, in the order in which it came in; nothing is kept."""
    told: set[tuple[str, str]] = set()
    last = 0
    while True:
        with store.reading() as conn:
            query = sa.select(version.c.id).join(article, article.c.id == version.c.article_id)
            query = query.where(article.c.seed.is_(None), version.c.fetched_at >= since, version.c.id > last).order_by(version.c.id)
            found = conn.execute(query.limit(AT_ONCE)).scalars().all()
            happenings = [happened for one in found if (happened := _as_it_was(conn, one))]
            if not found:
                happenings = list(_ended(conn, since))
        for happened in happenings:
            for made in rules.alerts([rule], happened):
                if (made.target, made.event) not in told:
                    told.add((made.target, made.event))
                    yield made
        if not found:
            return
        last = found[-1]


def _as_it_was(conn: sa.Connection, version_id: int) -> Happening | None:
    columns = (version.c.article_id, version.c.number, version.c.fetched_at)
    row = conn.execute(sa.select(*columns).where(version.c.id == version_id)).one()
    met = _met(conn, row.article_id)
    state = _state(conn, version_id, met, row.fetched_at)
    if state is None or state.article is None or row.number == 1:
        return state
    made = _version(conn, row.article_id, version_id, state.article, state.matches, met, row.fetched_at)
    about = {"article_id": state.article_id, "version_id": version_id, "outlet_name": state.outlet_name}
    return replace(made, **about) if made else None  # type: ignore[arg-type]  # fields of Happening by name


def _ended(conn: sa.Connection, since: datetime) -> Iterator[Happening]:
    """Withdrawals and the health of sources, as far as it is remembered."""
    gone = sa.select(article.c.id, article.c.withdrawn_at, article.c.withdrawn_why).where(article.c.withdrawn_at >= since)
    for row in conn.execute(gone.order_by(article.c.withdrawn_at)).all():
        if happened := _withdrawn(conn, row.id, row.withdrawn_why or "", row.withdrawn_at):
            yield happened
    states: Any = sa.select(source.c.name, source_state.c.health, source_state.c.health_since, source_state.c.health_why).join(source)
    for row in conn.execute(states.where(source_state.c.health_since >= since).order_by(source_state.c.health_since)).all():
        yield _health(
            HealthChange(source=row.name, was=None, health=row.health, since=row.health_since, why=row.health_why or ""), row.health_since
        )
