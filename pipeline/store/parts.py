"""What a source is made of: the addresses behind its own, and what is remembered of each. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.model import Part, Validators
from pipeline.store import queue
from pipeline.store.queue import Offered, PollCount
from pipeline.store.schema import keep_last, part, source

_PLAIN = ("url", "stated", "body_digest", "due_at", "asked_at", "failures", "last_error")
_OF = sa.select(part).join(source).where(source.c.name == sa.bindparam("name")).order_by(part.c.url)


def parts(conn: sa.Connection, name: str) -> list[Part]:
    """Every part of a source, by address."""
    return [
        Part(
            **{column: row[column] for column in _PLAIN},
            validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        )
        for row in conn.execute(_OF, {"name": name}).mappings()
    ]


def keep(conn: sa.Connection, owner: int, given: Sequence[Part]) -> None:
    """New parts, and the new memory of known ones."""
    rows = [_columns(one) | {"source_id": owner} for one in given]
    if rows:
        renewed = tuple(name for name in rows[0] if name not in ("source_id", "url"))
        conn.execute(keep_last(conn.dialect.name, part, ("source_id", "url"), renewed), rows)


def record(
    conn: sa.Connection, name: str, given: Sequence[Part], candidates: Sequence[Offered], old: Sequence[Offered], now: datetime
) -> PollCount:
    """A part's memory (and its own children's) and what it offers."""
    owner = queue.source_id(conn, name, now)
    keep(conn, owner, given)
    return queue.offered(conn, owner, candidates, old, now)


def _columns(one: Part) -> dict[str, Any]:
    columns = {name: getattr(one, name) for name in _PLAIN}
    return columns | {"etag": one.validators.etag, "last_modified": one.validators.last_modified}
