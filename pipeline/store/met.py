"""A stored article that is met again as it was: through a source, or because it was time to look. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pipeline import urls
from pipeline.model import Candidate, Known, Outcome, Validators
from pipeline.store import prepared, queue, rechecks
from pipeline.store.save import add_keys, checked, finish
from pipeline.store.schema import article

_THERE = sa.select(article.c.id).where(article.c.id == sa.bindparam("owner"))


def sight(
    conn: sa.Connection, known: Known, candidate: Candidate, outcome: Outcome, row: int | None, validators: Validators | None,
    now: datetime, chain: Sequence[str] = (), again_at: datetime | None = None,
) -> None:  # fmt: skip
    """A stored article met again, unchanged. Does nothing when another runner ended the candidate, or the article was forgotten meanwhile:
    a candidate that still waits is then taken anew, when the claim on it has run out."""
    if row is not None and not queue.still_pending(conn, row):
        return
    if prepared.value(conn, _THERE, {"owner": known.article_id}) is None:
        return
    # the address of a redirector that led here is where it was met, not a name of it: keys never cross registrable domains
    domain = urls.outlet(known.url)
    add_keys(conn, known.article_id, [key for key in outcome.keys if urls.key_outlet(key) in (None, domain)])
    if validators is not None:  # None: it was not asked for again
        checked(conn, known.version_id, validators, now)
        rechecks.there(conn, known.article_id, now)
    if again_at is not None:
        rechecks.again(conn, known.article_id, again_at)
    finish(conn, candidate, outcome, row, now, chain)


def looked(conn: sa.Connection, known: Known, outcome: Outcome, validators: Validators, again_at: datetime | None) -> bool:
    """See Store.looked."""
    checked(conn, known.version_id, validators, outcome.at)
    rechecks.again(conn, known.article_id, again_at)
    if not rechecks.there(conn, known.article_id, outcome.at):
        return False
    queue.end(conn, outcome, queue.source_id(conn, outcome.source, outcome.at), None)
    return True
