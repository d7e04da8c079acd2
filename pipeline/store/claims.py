"""Who works on what. A source or a candidate is claimed before it is asked for, in one statement, so that two runners never ask the same;
and who runs at all: the lease of the daemon. Each function runs inside its caller's transaction.

A claim ends with the work (``queue.record_poll``, ``queue.settle``, the row that goes), is given back, or runs out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from pipeline.model import Pending, Runner
from pipeline.store import encode, prepared
from pipeline.store.schema import each, given, keep_last, part, pending, runner, source, source_state

CLAIM = timedelta(minutes=10)  # no poll and no page takes as long, by the limits of fetching and of the extraction processes
SKEW = timedelta(minutes=1)  # two machines' clocks differ by less; what is further in the future was written before a clock was set back
FORGOTTEN = timedelta(days=1)  # after which the row of a runner that was killed goes
LONGEST_WAIT = timedelta(hours=31)  # of a page: LAST_RETRY and what a host may ask for (24 h), with an hour to spare

Moment = datetime | sa.BindParameter[Any]


def _free(table: sa.Table, now: Moment, beyond: Moment) -> sa.ColumnElement[bool]:
    """Nobody's: never claimed, run out, or claimed by a clock that was set back since (``beyond``: what no claim of now can reach)."""
    until = table.c.claimed_until
    return sa.or_(until.is_(None), until <= now, until > beyond)


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def due(conn: sa.Connection, now: datetime, limit: int | None) -> list[str]:
    """Active sources to be polled by ``now`` that nobody is asking: never polled ones first, then the longest due. By index."""
    plain = sa.select(source.c.name).join(source_state).where(source.c.active, _free(source_state, now, now + CLAIM + SKEW)).limit(limit)
    found = list(conn.execute(plain.where(source_state.c.due_at.is_(None)).order_by(source_state.c.source_id)).scalars())
    if limit is not None and len(found) >= limit:
        return found
    left = None if limit is None else limit - len(found)
    late = plain.where(source_state.c.due_at <= now).order_by(source_state.c.due_at, source_state.c.source_id).limit(left)
    return found + list(conn.execute(late).scalars())


def claim_sources(conn: sa.Connection, names: Collection[str], now: datetime, *, any_time: bool, insist: bool) -> list[str]:
    """→ those that are the caller's until ``CLAIM`` from now. ``any_time``: due or not; ``insist``: claimed or not."""
    known = {row.id: row.name for row in conn.execute(sa.select(source.c.id, source.c.name).where(source.c.name.in_(list(names))))}
    claim = sa.update(source_state).where(source_state.c.source_id.in_(list(known))).values(claimed_until=now + CLAIM)
    if not any_time:
        claim = claim.where(sa.or_(source_state.c.due_at.is_(None), source_state.c.due_at <= now))
    if not insist:
        claim = claim.where(_free(source_state, now, now + CLAIM + SKEW))
    return [known[one] for one in conn.execute(claim.returning(source_state.c.source_id)).scalars()]


# ── pending candidates ────────────────────────────────────────────────────────────────────────────


def waiting(conn: sa.Connection, now: datetime, *, after: int, limit: int) -> list[tuple[int, str]]:
    """(row, address) of candidates due by ``now`` that nobody has. ``after`` 0: the longest due first; else only rows made after that one,
    as they came: a row's number tells when it was committed, as writers take turns."""
    query = sa.select(pending.c.id, pending.c.url).where(pending.c.due_at <= now, _free(pending, now, now + CLAIM + SKEW)).limit(limit)
    ordered = query.where(pending.c.id > after).order_by(pending.c.id) if after else query.order_by(pending.c.due_at, pending.c.id)
    return [(row.id, row.url) for row in conn.execute(ordered)]


def claim_pages(conn: sa.Connection, rows: Collection[int], now: datetime, *, insist: bool) -> list[Pending]:
    """→ those that are the caller's until ``CLAIM`` from now. ``insist``: claimed or not."""
    asked = {"rows": given(conn, list(rows)), "until": now + CLAIM}
    if not insist:
        asked |= {"now": now, "beyond": now + CLAIM + SKEW}
    mine = [row[0] for row in prepared.rows(conn, _claiming(conn.dialect.name, insist=insist), asked)]
    return [encode.pending(row) for row in prepared.converted(conn, _claimed(conn.dialect.name), {"rows": given(conn, mine)})]


# every page is claimed: built once, for building a statement costs SQLAlchemy more than SQLite's running it
@cache
def _claiming(dialect: str, *, insist: bool) -> sa.Update:
    wanted = pending.c.id.in_(sa.select(each(dialect, "rows").c.value))
    free = [] if insist else [_free(pending, sa.bindparam("now"), sa.bindparam("beyond"))]
    return sa.update(pending).where(wanted, *free).values(claimed_until=sa.bindparam("until")).returning(pending.c.id)


@cache
def _claimed(dialect: str) -> sa.Select[Any]:
    wanted = pending.c.id.in_(sa.select(each(dialect, "rows").c.value))
    return sa.select(pending, source.c.name.label("source")).join(source).where(wanted).order_by(pending.c.id)


def give_back(conn: sa.Connection, names: Collection[str], rows: Collection[int]) -> None:
    """What was claimed and is not done."""
    if names:
        mine = sa.select(source.c.id).where(source.c.name.in_(list(names)))
        conn.execute(sa.update(source_state).where(source_state.c.source_id.in_(mine)).values(claimed_until=None))
    if rows:
        conn.execute(sa.update(pending).where(pending.c.id.in_(list(rows))).values(claimed_until=None))


def void(conn: sa.Connection) -> None:
    """Ends every claim: those who made them are known to be gone."""
    for table in (source_state, pending):
        conn.execute(sa.update(table).where(table.c.claimed_until.is_not(None)).values(claimed_until=None))


# ── when the clock was set ────────────────────────────────────────────────────────────────────────


def set_back(conn: sa.Connection, was: datetime, now: datetime) -> None:
    """Repairs what a clock that was set back has left in the future. What was asked "later than now" keeps its distance, where it is known
    what the clock would show (``was`` > ``now``); else it is due within its interval, one after the other. A page that never failed is
    due. Idempotent; where nothing is wrong nothing is written."""
    late = now + SKEW
    polls = sa.select(source_state.c.source_id, source_state.c.last_polled, source_state.c.due_at)
    wrong = conn.execute(polls.where(source_state.c.last_polled > late).order_by(source_state.c.due_at)).all()
    for place, row in enumerate(wrong, 1):
        if was > now:
            moments = _moved(row.last_polled, row.due_at, was - now, now)
        else:
            wait = max(row.due_at - row.last_polled, timedelta(0)) if row.due_at else None
            moments = now, None if wait is None else now + wait * (place / len(wrong))
        mend = sa.update(source_state).where(source_state.c.source_id == row.source_id)
        conn.execute(mend.values(last_polled=moments[0], due_at=moments[1]))
    never_tried = sa.and_(pending.c.due_at > late, pending.c.attempts == 0)
    pages = sa.select(pending.c.id).where(sa.or_(never_tried, pending.c.due_at > now + LONGEST_WAIT))
    for some in conn.execute(pages).scalars().partitions(500):
        conn.execute(sa.update(pending).where(pending.c.id.in_(some)).values(due_at=now))
    pieces = sa.select(part.c.source_id, part.c.url, part.c.asked_at, part.c.due_at).where(part.c.asked_at > late)
    for piece in conn.execute(pieces).all():
        asked_at, due_at = _moved(piece.asked_at, piece.due_at, piece.asked_at - now, now)
        mine = sa.update(part).where(part.c.source_id == piece.source_id, part.c.url == piece.url)
        conn.execute(mine.values(asked_at=asked_at, due_at=due_at))


def _moved(asked: datetime, due: datetime | None, by: timedelta, now: datetime) -> tuple[datetime, datetime | None]:
    """When something was asked and is due again, on a clock that was set back; never asked later than now."""
    return min(asked - by, now), max(due - by, now) if due else None


def has_been_set_back(conn: sa.Connection, now: datetime) -> bool:
    """Whether ``set_back`` would find anything."""
    late = now + SKEW
    signs = (
        sa.select(source_state.c.source_id).where(source_state.c.last_polled > late),
        sa.select(pending.c.id).where(pending.c.due_at > late, pending.c.attempts == 0),
        sa.select(pending.c.id).where(pending.c.due_at > now + LONGEST_WAIT),
    )
    return any(conn.execute(sign.limit(1)).first() for sign in signs)


def set_forward(conn: sa.Connection, was: datetime, now: datetime) -> None:
    """The clock went from ``was`` to ``now`` at once: what fell due in between falls due as much later, not all at once. Idempotent."""
    between = sa.and_(source_state.c.due_at > was, source_state.c.due_at <= now)
    rows = conn.execute(sa.select(source_state.c.source_id, source_state.c.due_at).where(between)).all()
    moved: list[dict[str, Any]] = [{"row": row.source_id, "due": row.due_at + (now - was)} for row in rows]
    if moved:
        move = sa.update(source_state).where(source_state.c.source_id == sa.bindparam("row")).values(due_at=sa.bindparam("due"))
        conn.execute(move, moved)


def hasten(conn: sa.Connection, names: Sequence[str], now: datetime) -> None:
    """Has these sources asked at once: what is said of them has changed."""
    mine = sa.select(source.c.id).where(source.c.name.in_(list(names)))
    conn.execute(sa.update(source_state).where(source_state.c.source_id.in_(mine), source_state.c.due_at > now).values(due_at=now))


# ── the lease ─────────────────────────────────────────────────────────────────────────────────────


def runners(conn: sa.Connection) -> list[Runner]:
    """Who holds a lease, or held it last."""
    return [Runner(**row) for row in conn.execute(sa.select(runner).order_by(runner.c.name)).mappings()]


def hold(conn: sa.Connection, mine: Runner, *, instead_of: Runner | None) -> Runner:
    """Takes or renews a lease, unless somebody else holds it. ``instead_of``: whose lease is over, as it was seen: it is taken only if
    it still stands so. → who holds it now."""
    there = next((one for one in runners(conn) if one.name == mine.name), None)
    if there is not None and there.holder != mine.holder and there != instead_of:
        return there
    conn.execute(sa.delete(runner).where(runner.c.until < mine.since - FORGOTTEN))
    values = {name: getattr(mine, name) for name in ("holder", "place", "since", "until")}
    conn.execute(keep_last(conn.dialect.name, runner, ("name",), tuple(values)), values | {"name": mine.name})
    return mine


def let_go(conn: sa.Connection, mine: Runner) -> None:
    """Ends a lease, if it is the caller's."""
    conn.execute(sa.delete(runner).where(runner.c.name == mine.name, runner.c.holder == mine.holder))
