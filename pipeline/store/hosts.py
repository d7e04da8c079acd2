"""What hosts asked for, and their robots.txt: kept so that a restart breaks no promise. Inside the caller's transaction.

A row is a host, with its clock, or an origin (``https://paper.example``), with its robots.txt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.model import HostMemory, RobotsMemory
from pipeline.store import prepared
from pipeline.store.schema import host, keep_last

LONGEST: Final = timedelta(days=30)
_ROW: Final = sa.select(host).where(host.c.name == sa.bindparam("wanted"))
_HOST: Final = ("free_at", "held_until", "held_by", "held_for", "crawl_delay", "strikes", "rests")
_NEW: Final[dict[str, Any]] = {"crawl_delay": 0.0, "strikes": 0, "rests": 0}


def load(conn: sa.Connection, name: str) -> HostMemory | None:
    """See Store.host."""
    rows = prepared.converted(conn, _ROW, {"wanted": name})
    if not rows:
        return None
    row = rows[0]
    return HostMemory(
        name=name, at=row["updated_at"], **{part: row[part] for part in _HOST} | {part: row[part] or "" for part in ("held_by", "held_for")}
    )


def load_robots(conn: sa.Connection, origin: str) -> RobotsMemory | None:
    """See Store.robots."""
    rows = prepared.converted(conn, _ROW, {"wanted": origin})
    row = rows[0] if rows else None
    if row is None or row["robots_facts"] is None or row["free_at"] is None:
        return None
    facts = row["robots_facts"]
    return RobotsMemory(
        origin=origin,
        at=row["updated_at"],
        text=row["robots"],
        again_at=row["free_at"],
        failures=facts["failures"],
        trouble=tuple(facts["trouble"]) if facts["trouble"] else None,
    )


def keep(conn: sa.Connection, memories: Sequence[HostMemory | RobotsMemory]) -> None:
    """See Store.keep_hosts."""
    for one in memories:
        if isinstance(one, HostMemory):
            row = {name: getattr(one, name) for name in _HOST} | {"name": one.name}
            renewed: tuple[str, ...] = _HOST
        else:
            trouble = list(one.trouble) if one.trouble else None
            facts = {"failures": one.failures, "trouble": trouble}
            row = _NEW | {"name": one.origin, "robots": one.text, "robots_facts": facts, "free_at": one.again_at}
            renewed = ("robots", "robots_facts", "free_at")
        prepared.run(conn, keep_last(conn.dialect.name, host, ("name",), (*renewed, "updated_at")), row | {"updated_at": one.at})


def forget(conn: sa.Connection, outlets: Collection[str]) -> None:
    """What is known of the hosts of these outlets goes."""
    names = [name for name in conn.execute(sa.select(host.c.name)).scalars() if urls.outlet(_address(name)) in outlets]
    if names:
        conn.execute(sa.delete(host).where(host.c.name == sa.bindparam("gone")), [{"gone": name} for name in names])


def trim(conn: sa.Connection, now: datetime) -> None:
    """Hosts that nothing was asked of for so long that no promise to them is left."""
    conn.execute(sa.delete(host).where(_old(now)))


def has_old(conn: sa.Connection, now: datetime) -> bool:
    """Whether there are such."""
    return conn.execute(sa.select(host.c.name).where(_old(now)).limit(1)).first() is not None


def _old(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(host.c.updated_at < now - LONGEST, sa.or_(host.c.held_until.is_(None), host.c.held_until < now))


def _address(name: str) -> str:
    return name if "://" in name else f"http://{name}/"
