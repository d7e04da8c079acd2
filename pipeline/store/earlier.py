"""States of an article that come in late: pages out of an archive, read after newer ones. Inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from pipeline.model import Record
from pipeline.store import prepared
from pipeline.store.schema import version

_FETCHED = sa.select(version.c.fetched_at).where(version.c.id == sa.bindparam("version"))
_LAST = version.alias("last")
_LAST_NUMBER = sa.select(sa.func.max(version.c.number)).where(version.c.article_id == sa.bindparam("owner"))
_STORED = (
    sa.select(version.c.id)
    .join(_LAST, _LAST.c.id == sa.bindparam("latest"))
    .where(version.c.article_id == sa.bindparam("owner"), version.c.content_digest == sa.bindparam("digest"))
    .where(_LAST.c.fetched_at >= sa.bindparam("fetched"))
    .limit(1)
)


def is_stored(conn: sa.Connection, record: Record, owner: int, latest: int) -> bool:
    """Whether this very state is a version already, and the page is not younger than the latest one."""
    if record.response is None:
        return False
    wanted = {"owner": owner, "digest": record.read.fingerprint.content_digest, "latest": latest, "fetched": record.response.fetched_at}
    return prepared.value(conn, _STORED, wanted) is not None


def is_before(conn: sa.Connection, latest: int, fetched: datetime) -> bool:
    """Whether a page was fetched before the latest version was."""
    last: datetime = conn.execute(_FETCHED, {"version": latest}).scalar_one()
    return fetched < last


def next_number(conn: sa.Connection, owner: int) -> int:
    """Of the article's next version: an older state that came in late has a greater number than the latest one."""
    return int(prepared.value(conn, _LAST_NUMBER, {"owner": owner}) or 0) + 1
