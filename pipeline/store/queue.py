"""What is watched, what is due, what waits: sources, offers, pending candidates. Each function runs inside its caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from pipeline.model import Candidate, Endings, HealthChange, Outcome, Pending, Source, SourceState, Status
from pipeline.store import encode, memory, prepared
from pipeline.store.schema import SKIPPED, alert, article, each, given, keep_first, keep_last, offer, outcome, pending, source, source_state
from pipeline.store.suspects import article_of

Offered = tuple[Candidate, tuple[str, ...]]
WALLS: Final = ("consent", "paywall", "challenge", "login")  # the first words of reasons that extract/wall.py gives
LATELY: Final = timedelta(days=14)  # in which walls are counted for a source's health
MOST_COUNTED: Final = 200
FORGOTTEN: Final = "forgotten"  # in the place of how an entry was described: its article's time is over, however it is described

# statements are built once: building one costs SQLAlchemy more than SQLite's running it
_SOURCE = sa.select(source.c.id).where(source.c.name == sa.bindparam("name"))
_MINE = offer.c.source_id == sa.bindparam("owner")
_REDESCRIBED = sa.update(offer).where(_MINE, offer.c.key == sa.bindparam("own")).values(hints=sa.bindparam("told"))
_REDESCRIBED_ROW = (
    sa.update(pending)
    .where(pending.c.source_id == sa.bindparam("owner"), pending.c.key == sa.bindparam("own"))
    .values(url=sa.bindparam("new_url"), candidate=sa.bindparam("told"), body=sa.bindparam("page"))
    .returning(pending.c.id)
)
_SKIPPED = sa.select(outcome.c.reason).where(outcome.c.source_id == sa.bindparam("owner"), SKIPPED, outcome.c.at >= sa.bindparam("since"))
_SKIPPED = _SKIPPED.order_by(outcome.c.at.desc()).limit(MOST_COUNTED)
_NEW_ROW, _ENDED = sa.insert(pending), sa.insert(outcome)
_ROW = sa.select(pending.c.id).where(pending.c.id == sa.bindparam("row"))
_GONE = sa.delete(pending).where(pending.c.id == sa.bindparam("row"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCount:
    """What a poll brought: candidates that were new or described otherwise, and those known already. ``fresh``: never offered by this
    source before; ``alone``: those of them that no stored article is; ``endings``: of its articles; ``change``: of its health."""

    new: int = 0
    known: int = 0
    fresh: int = 0
    alone: int = 0
    endings: Endings = field(default_factory=Endings)
    change: HealthChange | None = None


Learns = Callable[[SourceState, PollCount], SourceState]


def source_id(conn: sa.Connection, name: str, now: datetime) -> int:
    """The row of a source; one that was never configured (a person named an address) gets a row that is not active."""
    found = prepared.value(conn, _SOURCE, {"name": name})
    if found is None:
        row = {"name": name, "kind": "url", "url": "", "active": False, "since": now}
        conn.execute(keep_first(conn.dialect.name, source, "name"), row)
        found = conn.execute(_SOURCE, {"name": name}).scalar_one()
    return int(found)


def watch(conn: sa.Connection, sources: Sequence[Source], now: datetime) -> None:
    """Rows for the configured sources; those no longer configured are kept, not active. An unchanged list writes nothing."""
    columns = (source.c.name, source.c.kind, source.c.url, source.c.outlet, source.c.language, source.c.active)
    there = {row.name: tuple(row) for row in conn.execute(sa.select(*columns))}
    for one in sources:
        row = (one.name, str(one.kind), one.url, one.outlet, one.language, True)
        if there.get(one.name) != row:
            values = {column.name: value for column, value in zip(columns, row, strict=True)}
            conn.execute(keep_last(conn.dialect.name, source, ("name",), tuple(values)), values | {"since": now})
            if one.name in there and there[one.name][2] != one.url:  # what was remembered is another address's
                forget_address(conn, one.name)
    names = {one.name for one in sources}
    gone = [name for name, row in there.items() if row[-1] and name not in names]
    if gone:
        conn.execute(sa.update(source).where(source.c.name == sa.bindparam("gone")).values(active=False), [{"gone": n} for n in gone])
    # a row of its own for each, so that what was never polled is found by index too
    new = sa.select(source.c.id, sa.literal(0)).where(source.c.active, ~sa.exists().where(source_state.c.source_id == source.c.id))
    if conn.execute(new.limit(1)).first():
        conn.execute(sa.insert(source_state).from_select(["source_id", "failures"], new))


_OF_ITS_ADDRESS = (
    "due_at",
    "etag",
    "last_modified",
    "body_digest",
    "last_error",
    "interval",
    "learned",
    "moved_to",
    "health",
    "health_since",
    "health_why",
)


def forget_address(conn: sa.Connection, name: str) -> None:
    """What was learned of an address that is no longer asked goes; what was offered stays known."""
    mine = sa.select(source.c.id).where(source.c.name == name).scalar_subquery()
    fresh: dict[str, Any] = {**dict.fromkeys(_OF_ITS_ADDRESS), "failures": 0}
    conn.execute(sa.update(source_state).where(source_state.c.source_id == mine).values(fresh))


def state(conn: sa.Connection, name: str) -> SourceState:
    """What is remembered of a source; an empty memory for one never polled."""
    row = conn.execute(sa.select(source_state).join(source).where(source.c.name == name)).mappings().first()
    return memory.state(row) if row else SourceState()


def next_due(conn: sa.Connection, now: datetime) -> datetime | None:
    """The next moment after ``now`` at which a source, a pending candidate, a stored article or an alert falls due; None when nothing ever
    does. What is due already does not count. Each by its index."""
    polls = sa.select(source_state.c.due_at).join(source).where(source.c.active, source_state.c.due_at > now)
    firsts = (
        polls.order_by(source_state.c.due_at).limit(1),
        sa.select(sa.func.min(pending.c.due_at)).where(pending.c.due_at > now),
        sa.select(sa.func.min(article.c.recheck_at)).where(article.c.recheck_at > now),
        sa.select(sa.func.min(alert.c.due_at)).where(alert.c.done_at.is_(None), alert.c.due_at > now),
    )
    return min((moment for first in firsts if (moment := conn.execute(first).scalar())), default=None)


# ── polls ─────────────────────────────────────────────────────────────────────────────────────────


def record_poll(
    conn: sa.Connection,
    name: str,
    read: SourceState,
    candidates: Sequence[Offered],
    old: Sequence[Offered],
    now: datetime,
    learn: Learns | None = None,
) -> PollCount:
    """What the source offers, and its new memory: ``read``, or what ``learn`` makes of it."""
    owner = source_id(conn, name, now)
    count = offered(conn, owner, candidates, old, now)
    if learn and (count.fresh or read.health in (None, "walled", "disallowed")):
        count = replace(count, endings=_endings(conn, owner, now))
    kept = learn(read, count) if learn else read
    columns = memory.columns(kept) | {"claimed_until": None}
    conn.execute(keep_last(conn.dialect.name, source_state, ("source_id",), tuple(columns)), columns | {"source_id": owner})
    if kept.health is None or kept.health == read.health or kept.health_since is None:
        return count
    change = HealthChange(source=name, was=read.health, health=kept.health, since=kept.health_since, why=kept.health_why or "")
    return replace(count, change=change)


def _endings(conn: sa.Connection, owner: int, now: datetime) -> Endings:
    reasons = [row.reason.partition(":")[0] for row in conn.execute(_SKIPPED, {"owner": owner, "since": now - LATELY})]
    return Endings(walled=sum(reason in WALLS for reason in reasons), disallowed=reasons.count("disallowed"))


def offered(conn: sa.Connection, owner: int, candidates: Sequence[Offered], old: Sequence[Offered], now: datetime) -> PollCount:
    """A pending row for each candidate that is new for the source, or described differently than before. ``old``: known from now on."""
    taken: set[str] = set()
    new = fresh = alone = 0
    for candidate, aliases in candidates:
        keys = aliases or (candidate.url,)
        if taken.isdisjoint(keys) and (how := _is_new(conn, owner, candidate, keys, now)):
            new += _enqueue(conn, owner, candidate, keys, now)
            if how == "fresh":
                fresh += 1
                alone += article_of(conn, keys) is None
        taken.update(keys)
    rows = {
        key: {"source_id": owner, "key": key, "hints": encode.hints_digest(candidate.hints), "seen_at": now}
        for candidate, aliases in old
        for key in aliases or (candidate.url,)
        if key not in taken
    }
    if rows:
        conn.execute(keep_first(conn.dialect.name, offer, "source_id", "key"), list(rows.values()))
    return PollCount(new=new, known=len(candidates) - new, fresh=fresh, alone=alone)


def enqueue(conn: sa.Connection, candidate: Candidate, keys: Sequence[str], now: datetime) -> Pending:
    """A pending row for a candidate a person named, known or not; the row that is there already if it waits. It is due at once."""
    owner = source_id(conn, candidate.source, now)
    keys = tuple(keys) or (candidate.url,)
    _enqueue(conn, owner, candidate, keys, now)
    row = conn.execute(_rows().where(pending.c.source_id == owner, pending.c.key == keys[0])).mappings().one()
    return encode.pending(row)


@cache
def _offered(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "keys", sa.Text)
    return sa.select(offer.c.key, offer.c.hints).select_from(asked.join(offer, sa.and_(_MINE, offer.c.key == asked.c.value)))


def _is_new(conn: sa.Connection, owner: int, candidate: Candidate, keys: Sequence[str], now: datetime) -> str | None:
    """ "fresh", "changed" (described otherwise) or None. Its own (first) key decides when it is known; else any alias. An entry that ended
    without a description counts as described so."""
    told = encode.hints_digest(candidate.hints)
    there = dict(prepared.rows(conn, _offered(conn.dialect.name), {"owner": owner, "keys": given(conn, list(keys))}))
    if len(there) < len(set(keys)):
        remember(conn, owner, keys, told, now)
    if not there:
        return "fresh"
    hints = there[keys[0]] if keys[0] in there else next((h for h in there.values() if h == told), next(iter(there.values())))
    if hints in (told, FORGOTTEN):
        return None
    prepared.run(conn, _REDESCRIBED, {"owner": owner, "own": keys[0], "told": told})
    return None if hints is None else "changed"


def remember(conn: sa.Connection, owner: int, keys: Sequence[str], hints: str | None, now: datetime) -> None:
    """Keys under which a source is known to have offered something; those there already stay as they are."""
    rows = [{"source_id": owner, "key": key, "hints": hints, "seen_at": now} for key in dict.fromkeys(keys)]
    if rows:
        prepared.many(conn, keep_first(conn.dialect.name, offer, "source_id", "key"), rows)


def _enqueue(conn: sa.Connection, owner: int, candidate: Candidate, keys: Sequence[str], now: datetime) -> int:
    """→ 1 when a row was made, 0 when the candidate waited already (and now is described as it is today)."""
    columns = encode.candidate_columns(candidate)
    told = {"new_url": candidate.url, "told": columns["candidate"], "page": columns["body"]}
    if prepared.rows(conn, _REDESCRIBED_ROW, told | {"owner": owner, "own": keys[0]}):
        return 0
    row = {"source_id": owner, "key": keys[0], "url": candidate.url, "due_at": now, "attempts": 0, "first_seen": now}
    prepared.run(conn, _NEW_ROW, row | columns)
    return 1


# ── pending candidates ────────────────────────────────────────────────────────────────────────────


def _rows() -> sa.Select[Any]:
    return sa.select(pending, source.c.name.label("source")).join(source)


def waiting(
    conn: sa.Connection, now: datetime | None, *, limit: int, exclude: Collection[int], sources: Collection[str] | None
) -> list[Pending]:
    """Pending candidates, the longest due first; ``now`` None: due or not."""
    query = _rows().order_by(pending.c.due_at, pending.c.id)
    if now is not None:
        query = query.where(pending.c.due_at <= now)
    if sources is not None:
        query = query.where(source.c.name.in_(list(sources)))
    found: list[Pending] = []
    with conn.execute(query.execution_options(yield_per=100)) as rows:
        for row in rows.mappings():
            if len(found) == limit:
                break
            if row["id"] not in exclude:
                found.append(encode.pending(row))
    return found


def still_pending(conn: sa.Connection, row: int) -> bool:
    """Whether the candidate has not been ended by another runner."""
    return prepared.value(conn, _ROW, {"row": row}) is not None


def settle(conn: sa.Connection, ended: Outcome, row: int | None) -> None:
    """Ends a candidate that gave no article, or puts it off. Does nothing when another runner ended it."""
    if row is not None and not still_pending(conn, row):
        return
    if ended.status is Status.RETRY and row is not None:
        later = {"due_at": ended.retry_at or ended.at, "attempts": pending.c.attempts + 1, "reason": ended.reason, "claimed_until": None}
        conn.execute(sa.update(pending).where(pending.c.id == row).values(later))
        return
    owner = source_id(conn, ended.source, ended.at)
    if ended.status is not Status.RETRY:
        remember(conn, owner, ended.keys, None, ended.at)
    end(conn, ended, owner, row)


def end(conn: sa.Connection, ended: Outcome, owner: int, row: int | None) -> None:
    """The outcome's line in the log; the pending row goes."""
    values = {name: getattr(ended, name) for name in ("url", "reason", "at", "article_id", "version_id", "title")}
    prepared.run(conn, _ENDED, values | {"source_id": owner, "status": str(ended.status), "keys": list(ended.keys)})
    if row is not None:
        prepared.run(conn, _GONE, {"row": row})
