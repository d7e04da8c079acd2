"""Alerts that wait to be delivered: who takes which, what came of it. Each function is one transaction.

Taking one puts it off until the delivery must be over, so that two runners never deliver the same at once, and what a killed runner had
taken comes again by itself, with the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.model import Alert, Waiting
from pipeline.store.schema import alert, source

if TYPE_CHECKING:
    from pipeline.store import Store

SET_BACK: Final = timedelta(hours=1)  # an alert made so far in the future was made before the clock was set back
CHUNK: Final = 500


class Outgoing:
    """What waits in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def targets_due(self, now: datetime) -> list[str]:
        """Targets for whom something is to be delivered by ``now``."""
        with self._store.reading() as conn:
            return list(conn.execute(sa.select(alert.c.target).where(_is_due(now)).distinct().order_by(alert.c.target)).scalars())

    def take(self, target: str, now: datetime, until: datetime) -> tuple[Alert, ...]:
        """What is to be delivered to a target next: one alert, or all of a digest. It is put off ``until`` then, and counted as tried.
        () when nothing is due."""
        with self._store.writing() as conn:
            rows = sa.select(alert, source.c.name.label("source")).outerjoin(source)
            mine = rows.where(_is_due(now), alert.c.target == target).order_by(alert.c.due_at, alert.c.id)
            first = conn.execute(mine.limit(1)).mappings().first()
            if first is None:
                return ()
            taken = [_alert(first)]
            if taken[0].digest is not None:
                same = (_alert(row) for row in conn.execute(mine.where(alert.c.rule == first["rule"])).mappings())
                taken = sorted((one for one in same if one.digest == taken[0].digest), key=lambda one: (one.made_at, one.id))
            back = {"made_at": now} if first["made_at"] > now + SET_BACK else {}
            _change(conn, taken, {"due_at": until, "attempts": alert.c.attempts + 1} | back)
            return tuple(taken)

    def delivered(self, told: Sequence[Alert], now: datetime) -> None:
        """They were. What they said is not kept; that they were told is, so that it happens once."""
        with self._store.writing() as conn:
            _change(conn, told, {"done_at": now, "last_error": None, "facts": {}})

    def put_off(self, untold: Sequence[Alert], due: datetime, error: str) -> None:
        """They could not be delivered, and are tried again when ``due``."""
        with self._store.writing() as conn:
            _change(conn, untold, {"due_at": due, "last_error": error})

    def give_up(self, untold: Sequence[Alert], now: datetime, error: str) -> None:
        """They cannot be delivered."""
        with self._store.writing() as conn:
            _change(conn, untold, {"done_at": now, "last_error": error})

    def leave_alone(self, target: str, now: datetime, until: datetime, error: str) -> None:
        """What else is due for a target waits, too."""
        with self._store.writing() as conn:
            conn.execute(sa.update(alert).where(_is_due(now), alert.c.target == target).values(due_at=until, last_error=error))


def fares(store: Store) -> tuple[Waiting, ...]:
    """How each target fares, by name."""
    with store.reading() as conn:
        return waiting(conn)


def waiting(conn: sa.Connection) -> tuple[Waiting, ...]:
    """How each target fares, by name."""
    open_ = alert.c.done_at.is_(None)
    later = sa.and_(open_, alert.c.attempts == 0, alert.c.due_at > alert.c.made_at)
    counts = sa.select(
        alert.c.target,
        _sum(open_).label("waiting"),
        _sum(later).label("later"),
        _sum(sa.and_(~open_, alert.c.last_error.is_not(None))).label("failed"),
        _sum(sa.and_(~open_, alert.c.last_error.is_(None))).label("told"),
        sa.func.min(sa.case((open_, alert.c.made_at))).label("oldest"),
    ).group_by(alert.c.target)
    trouble = sa.select(alert.c.last_error).where(alert.c.last_error.is_not(None)).order_by(alert.c.id.desc()).limit(1)
    return tuple(
        Waiting(
            target=row.target,
            waiting=int(row.waiting),
            later=int(row.later),
            failed=int(row.failed),
            told=int(row.told),
            oldest=row.oldest,
            last_error=conn.execute(trouble.where(alert.c.target == row.target)).scalar(),
        )
        for row in conn.execute(counts.order_by(alert.c.target)).all()
    )


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(alert.c.done_at.is_(None), sa.or_(alert.c.due_at <= now, alert.c.made_at > now + SET_BACK))


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _change(conn: sa.Connection, which: Sequence[Alert], values: dict[str, Any]) -> None:
    ids = [one.id for one in which]
    for start in range(0, len(ids), CHUNK):
        conn.execute(sa.update(alert).where(alert.c.id.in_(ids[start : start + CHUNK])).values(values))


def _alert(row: sa.RowMapping) -> Alert:
    facts = dict(row["facts"])
    key, digest = facts.pop("key", f"ww-{row['id']}"), facts.pop("digest", None)
    names = ("id", "rule", "target", "event", "kind", "made_at", "due_at", "article_id", "version_id", "source", "attempts")
    moment = datetime.fromisoformat(digest) if digest else None
    return Alert(**{name: row[name] for name in names}, key=key, facts=facts, digest=moment)
