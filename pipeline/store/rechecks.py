"""Stored articles that are due to be looked at again, and what is known of those that are missing. Inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.aging import WATCHED
from pipeline.model import Known, Outcome, Recheck, Validators
from pipeline.store import encode, prepared, queue
from pipeline.store.schema import article, keep_first, outbox, sighting, source, version

WITHDRAWN, BACK = "withdrawn", "back"  # events of the outbox
LOOKED_THROUGH: Final = 10  # times as many rows as are taken, so that one host's many do not hide the others
PASSED: Final = timedelta(minutes=1)  # what a busy host's many are put off for, where there are more of them than are looked through
AWAY: Final = timedelta(days=1)  # an article whose sources are not watched is not asked for; they may be back …
AWAY_FOR: Final = timedelta(days=30)  # … but what came in so long ago is not waited for

_ACTIVE: Final = sighting.join(source, sa.and_(source.c.id == sighting.c.source_id, source.c.active, source.c.kind.in_(sorted(WATCHED))))
_DUE: Final = (
    sa.select(
        article.c.id.label("article_id"), article.c.url, article.c.first_seen, article.c.gone_since, article.c.withdrawn_at,
        version.c.id.label("version_id"), version.c.etag, version.c.last_modified, version.c.checked_at, version.c.fetched_at,
        version.c.number, *(version.c[f"published_{part}"] for part in ("at", "offset", "precision")),
    )
    .join(version, version.c.id == article.c.latest_id)
    .order_by(article.c.recheck_at, article.c.id)
)  # fmt: skip
_MET: Final = (
    sa.select(sighting.c.article_id, sighting.c.url, sighting.c.chain, source.c.name)
    .select_from(_ACTIVE)
    .where(sighting.c.article_id.in_(sa.bindparam("asked", expanding=True)))
    .order_by(sighting.c.last_seen.desc(), sighting.c.id.desc())
)
_AHEAD: Final = (
    sa.select(article.c.id, article.c.latest_id, article.c.recheck_at, version.c.checked_at)
    .join(version, version.c.id == article.c.latest_id)
    .where(article.c.recheck_at.is_not(None), version.c.checked_at > sa.bindparam("late"))
)
_CHECKED: Final = sa.update(version).where(version.c.id == sa.bindparam("latest")).values(checked_at=sa.bindparam("now"))
_BETWEEN: Final = sa.select(article.c.id, article.c.recheck_at).where(
    article.c.recheck_at > sa.bindparam("was"), article.c.recheck_at <= sa.bindparam("now")
)
_AGAIN: Final = sa.update(article).where(article.c.id == sa.bindparam("owner")).values(recheck_at=sa.bindparam("again"))
_STATE: Final = sa.select(article.c.gone_since, article.c.withdrawn_at, article.c.withdrawn_why, article.c.latest_id).where(
    article.c.id == sa.bindparam("owner")
)
_GONE_SINCE: Final = _AGAIN.values(gone_since=sa.bindparam("since"))
_WITHDRAWN: Final = _AGAIN.values(withdrawn_at=sa.bindparam("at"), withdrawn_why=sa.bindparam("why"))
_THERE: Final = (
    sa.update(article)
    .where(article.c.id == sa.bindparam("owner"))
    .values(gone_since=None, withdrawn_at=None, withdrawn_why=sa.bindparam("why"))
)


def claim(
    conn: sa.Connection,
    now: datetime,
    until: datetime,
    *,
    limit: int,
    a_host: int,
    but: Collection[str] = (),
    sources: Collection[str] | None = None,
) -> list[Recheck]:
    """See Store.claim_rechecks."""
    query = _DUE.where(article.c.recheck_at <= now).limit(limit * LOOKED_THROUGH)
    if sources is not None:
        named = sa.select(sighting.c.article_id).select_from(_ACTIVE).where(source.c.name.in_(sorted(sources)))
        query = query.where(article.c.id.in_(named))
    rows = conn.execute(query).mappings().all()
    met = _where_met(conn, [row["article_id"] for row in rows])
    share: dict[str, int] = defaultdict(int)
    taken: list[Recheck] = []
    unwatched: list[int] = []
    over: list[int] = []
    passed: list[int] = []
    for row in rows:
        if row["article_id"] not in met:
            (unwatched if now - row["first_seen"] < AWAY_FOR else over).append(row["article_id"])
            continue
        url, name = met[row["article_id"]]
        host = urls.host(url)
        share[host] += 1
        if share[host] <= a_host and host not in but and len(taken) < limit:
            taken.append(_recheck(row, url, name))
        else:
            passed.append(row["article_id"])
    if len(taken) == limit or len(rows) < limit * LOOKED_THROUGH:
        passed.clear()  # else they may hide others', which come first then
    for owners, again in (([one.known.article_id for one in taken], until), (unwatched, now + AWAY), (over, None), (passed, now + PASSED)):
        if owners:
            conn.execute(_AGAIN, [{"owner": owner, "again": again} for owner in owners])
    return taken


def _where_met(conn: sa.Connection, owners: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Article → the address it was last met at through a source that is watched, past what only led there; and the source."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(owners), 500):
        for row in conn.execute(_MET, {"asked": owners[start : start + 500]}):
            url = row.chain[-1] if row.chain else row.url
            if urls.is_http(url):
                found.setdefault(row.article_id, (url, row.name))
    return found


def _recheck(row: Any, url: str, name: str) -> Recheck:
    return Recheck(
        url=url,
        source=name,
        known=Known(
            article_id=row["article_id"],
            version_id=row["version_id"],
            url=row["url"],
            validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
            fetched_at=row["checked_at"],
            first_seen=row["first_seen"],
            changed_at=row["fetched_at"] if row["number"] > 1 else None,
            published=encode.instant("published", row),
        ),
        gone_since=row["gone_since"],
        withdrawn_at=row["withdrawn_at"],
    )


def again(conn: sa.Connection, owner: int, at: datetime | None) -> None:
    """When an article is looked at next; None: not any more."""
    prepared.run(conn, _AGAIN, {"owner": owner, "again": at})


def set_back(conn: sa.Connection, now: datetime) -> None:
    """Repairs what a clock that was set back has left in the future: who was looked at "later than now" is so by its wait. Idempotent."""
    rows = conn.execute(_AHEAD, {"late": now}).all()
    for row in rows:
        again(conn, row.id, now + max(row.recheck_at - row.checked_at, timedelta(0)))
    if rows:
        conn.execute(_CHECKED, [{"latest": row.latest_id, "now": now} for row in rows])


def set_forward(conn: sa.Connection, was: datetime, now: datetime) -> None:
    """The clock went from ``was`` to ``now`` at once: what fell due in between falls due as much later, not all at once. Idempotent."""
    rows = conn.execute(_BETWEEN, {"was": was, "now": now}).all()
    for row in rows:
        again(conn, row.id, row.recheck_at + (now - was))


def missing(conn: sa.Connection, outcome: Outcome, at: datetime | None, confirmed: timedelta) -> bool:
    """See Store.missing."""
    assert outcome.article_id is not None
    owner = outcome.article_id
    state = conn.execute(_STATE, {"owner": owner}).first()
    if state is None:  # purged meanwhile
        return False
    if state.gone_since is None:
        conn.execute(_GONE_SINCE, {"owner": owner, "again": outcome.at + confirmed, "since": outcome.at})
        return False
    if state.withdrawn_at is not None or outcome.at - state.gone_since < confirmed:
        again(conn, owner, at)
        return False
    conn.execute(_WITHDRAWN, {"owner": owner, "again": at, "at": outcome.at, "why": outcome.reason})
    _event(conn, WITHDRAWN, owner, state.latest_id, outcome.at)
    queue.end(conn, outcome, queue.source_id(conn, outcome.source, outcome.at), None)
    return True


def there(conn: sa.Connection, owner: int, now: datetime) -> bool:
    """An article's page was had. → whether it had been withdrawn: the mark goes, and it is noted when it was back."""
    state = conn.execute(_STATE, {"owner": owner}).first()
    if state is None or state.gone_since is None:
        return False
    why = state.withdrawn_why
    if state.withdrawn_at is not None:
        why = f"from {state.withdrawn_at:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M}"
        _event(conn, BACK, owner, state.latest_id, now)
    conn.execute(_THERE, {"owner": owner, "why": why})
    return state.withdrawn_at is not None


def _event(conn: sa.Connection, event: str, owner: int, latest: int, now: datetime) -> None:
    row = {"event": event, "article_id": owner, "version_id": latest, "made_at": now}
    conn.execute(keep_first(conn.dialect.name, outbox, "version_id", "event"), row)
