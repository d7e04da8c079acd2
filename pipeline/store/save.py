"""One article's transaction: it is decided what an article read is (new, updated, …), and all of it is written, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pipeline.model import Candidate, Match, Outcome, Read, Record, Relation, Status, Storage, Stored, Suspects, Validators
from pipeline.retention import left
from pipeline.store import earlier, encode, judging, outlets, prepared, prints, queue, rechecks, search, sentences
from pipeline.store.schema import (
    alias,
    article,
    body,
    keep,
    keep_first,
    keep_last,
    outbox,
    outlet,
    raw,
    relation,
    sighting,
    version,
)
from pipeline.store.suspects import article_of, owners_of, younger
from pipeline.store.verdicts import MACHINE

# statements are built once: building one costs SQLAlchemy more than SQLite's running it
_HEAD = sa.select(version.c.article_id, version.c.id, version.c.content_digest, version.c.number)
_LATEST = _HEAD.join(article, article.c.latest_id == version.c.id).where(article.c.id == sa.bindparam("owner"))
_TWIN = (
    _HEAD.join(article, article.c.id == version.c.article_id)
    .where(version.c.body_digest == sa.bindparam("digest"), article.c.seed.is_(None))
    .order_by(version.c.id)
    .limit(1)
)
_BODY = sa.select(body.c.id).where(body.c.digest == sa.bindparam("digest"))
_SEEN = sa.update(article).where(article.c.id == sa.bindparam("owner")).values(last_seen=sa.bindparam("seen"))
_NOW_LATEST = sa.update(article).where(article.c.id == sa.bindparam("owner")).values(latest_id=sa.bindparam("latest"))
_CHECKED = sa.update(version).where(version.c.id == sa.bindparam("found")).values(checked_at=sa.bindparam("checked"))
_CONFIRMED = (
    sa.update(version).where(version.c.id == sa.bindparam("found")).values(etag=sa.bindparam("tag"), last_modified=sa.bindparam("modified"))
)
_CHANGED = sa.update(version).where(version.c.id == sa.bindparam("made")).values(change=sa.bindparam("told"))
_NEW_ARTICLE, _NEW_BODY, _NEW_VERSION = map(sa.insert, (article, body, version))
_NEW_RAW, _NEW_RELATION, _NEW_EVENT = map(sa.insert, (raw, relation, outbox))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Latest:
    """What decides about an article that is stored already."""

    article_id: int
    version_id: int
    content_digest: str
    number: int


def save(conn: sa.Connection, record: Record, page: dict[str, Any] | None) -> Outcome | Suspects:
    """``page``: the columns of ``raw``, compressed before the lock was taken. → the outcome, or suspects that came in meanwhile."""
    known = _latest(conn, article_of(conn, record.keys))
    if record.pending is not None and not queue.still_pending(conn, record.pending):
        return _already(record, known)
    if known is not None and (
        known.content_digest == record.read.fingerprint.content_digest
        or earlier.is_stored(conn, record, known.article_id, known.version_id)
    ):
        return _unchanged(conn, record, known)
    news = younger(conn, record.read.fingerprint, but=known.article_id if known else None, than=record.snapshot)
    if news is not None:
        return news
    twin = None if known else _twin(conn, record.read.fingerprint.body_digest)
    if twin is not None and record.keep_first:
        return _kept_first(conn, record, twin)
    return _written(conn, record, known, twin, page)


# ── what it is ────────────────────────────────────────────────────────────────────────────────────


def _latest(conn: sa.Connection, owner: int | None) -> _Latest | None:
    if owner is None:
        return None
    return _head(prepared.rows(conn, _LATEST, {"owner": owner})[0])


def _twin(conn: sa.Connection, digest: str) -> _Latest | None:
    """The first article, seeds apart, that has this very body."""
    if not digest:
        return None
    found = prepared.rows(conn, _TWIN, {"digest": digest})
    return _head(found[0]) if found else None


def _head(row: Sequence[Any]) -> _Latest:
    article_id, version_id, content_digest, number = row
    return _Latest(article_id=article_id, version_id=version_id, content_digest=content_digest, number=number)


def _already(record: Record, known: _Latest | None) -> Outcome:
    status = Status.UNCHANGED if known else Status.SKIPPED
    return _outcome(record, status, "ended: another runner took this candidate meanwhile", known)


def _outcome(record: Record, status: Status, reason: str, at: _Latest | None, matches: tuple[Match, ...] = ()) -> Outcome:
    return Outcome(
        url=record.candidate.url or record.read.article.url,
        source=record.candidate.source,
        status=status,
        reason=reason,
        at=record.now,
        keys=record.keys,
        article_id=at.article_id if at else None,
        version_id=at.version_id if at else None,
        title=record.read.article.title,
        matches=matches,
    )


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


def _unchanged(conn: sa.Connection, record: Record, known: _Latest) -> Outcome:
    add_keys(conn, known.article_id, record.keys)
    checked(conn, known.version_id, record.response.validators if record.response else None, record.now)
    if record.response is not None:
        rechecks.there(conn, known.article_id, record.now)
    return _end(conn, record, _outcome(record, Status.UNCHANGED, "unchanged: the text is as it was", known))


def _kept_first(conn: sa.Connection, record: Record, first: _Latest) -> Outcome:
    reason = f"identical: the body of article {first.article_id}, which is kept for both"
    return _end(conn, record, _outcome(record, Status.DUPLICATE, reason, first))


def _written(conn: sa.Connection, record: Record, known: _Latest | None, twin: _Latest | None, page: dict[str, Any] | None) -> Outcome:
    fetched = record.response.fetched_at if record.response else record.now
    validators = record.response.validators if record.response else Validators()
    owner = known.article_id if known else _new(conn, record)
    add_keys(conn, owner, record.keys)
    number = earlier.next_number(conn, owner) if known else 1
    version_id = add_version(conn, owner, number, record.read, record.read.fingerprint.sample, fetched, validators, storage=record.storage)
    if known is not None and earlier.is_before(conn, known.version_id, fetched):  # out of an archive: the latest stays the latest
        prepared.run(conn, _NOW_LATEST, {"owner": owner, "latest": known.version_id})
    elif known is not None:
        prepared.run(conn, _CHANGED, {"made": version_id, "told": record.change})
        rechecks.there(conn, owner, record.now)
    if known is not None and record.recheck_at is not None:
        rechecks.again(conn, owner, record.recheck_at)
    matches = _relate(conn, record, owner, version_id)
    search.put(conn, version_id, record.read.article.title, left(record.read.article.text, record.storage))
    if page is not None:
        prepared.run(conn, _NEW_RAW, page | {"version_id": version_id})
    if known is None:
        _count(conn, record)
        status = Status.DUPLICATE if twin else Status.NEW
    else:
        status = Status.UPDATED
    prepared.run(conn, _NEW_EVENT, {"event": str(status), "article_id": owner, "version_id": version_id, "made_at": record.now})
    at = _Latest(article_id=owner, version_id=version_id, content_digest="", number=0)
    return _end(conn, record, _outcome(record, status, _why(status, matches, twin), at, matches))


def _why(status: Status, matches: Sequence[Match], twin: _Latest | None) -> str:
    best = max((m for m in matches if m.aligned), key=lambda match: (match.relation.strength, match.coverage), default=None)
    if twin is not None:
        return f"identical: the body of article {twin.article_id}"
    if best is not None and best.relation is not Relation.DISTINCT:
        return f"{best.relation}: {best.why}" if best.why else str(best.relation)
    return "changed: a new version" if status is Status.UPDATED else "first: nothing stored is like it"


def _end(conn: sa.Connection, record: Record, outcome: Outcome) -> Outcome:
    assert outcome.article_id is not None
    chain = (*record.response.redirects, record.response.url) if record.response and record.response.redirects else ()
    finish(conn, record.candidate, outcome, record.pending, record.now, chain)
    return outcome


def finish(
    conn: sa.Connection, candidate: Candidate, outcome: Outcome, pending: int | None, now: datetime, chain: Sequence[str] = ()
) -> None:
    """The sighting with the way to it, what the source is known to offer, the outcome's line; the pending row goes."""
    assert outcome.article_id is not None
    owner = queue.source_id(conn, candidate.source, now)
    seen = {"article_id": outcome.article_id, "source_id": owner, "url": outcome.url, "first_seen": now, "last_seen": now}
    seen["chain"] = list(chain) if len(chain) > 1 else None
    renewed = ("last_seen", "chain") if len(chain) > 1 else ("last_seen",)
    prepared.run(conn, keep_last(conn.dialect.name, sighting, ("article_id", "source_id", "url"), renewed), seen)
    prepared.run(conn, _SEEN, {"owner": outcome.article_id, "seen": now})
    queue.remember(conn, owner, outcome.keys, encode.hints_digest(candidate.hints), now)
    queue.end(conn, outcome, owner, pending)


def _new(conn: sa.Connection, record: Record) -> int:
    return new_article(conn, record.read.article.url, record.read.article.outlet, record.now, recheck_at=record.recheck_at)


def new_article(conn: sa.Connection, url: str, domain: str | None, now: datetime, **more: Any) -> int:
    """An article's row, without a version as yet. → its id."""
    row = {"url": url, "outlet": domain, "active": True, "first_seen": now, "last_seen": now}
    return prepared.made(conn, _NEW_ARTICLE, row | more)


def add_keys(conn: sa.Connection, owner: int, keys: Sequence[str]) -> None:
    """Alias keys that lead to this article from now on; a key that another article owns stays there."""
    rows = [{"key": key, "article_id": owner} for key in dict.fromkeys(keys)]
    if rows:
        prepared.many(conn, keep_first(conn.dialect.name, alias, "key"), rows)


def add_version(
    conn: sa.Connection,
    owner: int,
    number: int,
    read: Read,
    hashes: Sequence[int],
    fetched: datetime,
    validators: Validators,
    *,
    seed: bool = False,
    storage: Storage = "full",
) -> int:
    """A version with its body (each exact text once) and what it is found by; the article's latest. → its id."""
    digest = encode.body_digest(read.article.text, storage)
    body_id = prepared.value(conn, _BODY, {"digest": digest})
    if body_id is None:
        kept = None if storage == "full" else storage
        body_id = prepared.made(conn, _NEW_BODY, {"digest": digest, "text": left(read.article.text, storage), "kept": kept})
    row = encode.article_columns(read.article) | encode.fingerprint_columns(read.fingerprint, hashes)
    row |= {"article_id": owner, "number": number, "body_id": body_id, "software": encode.software()}
    row |= {"etag": validators.etag, "last_modified": validators.last_modified, "fetched_at": fetched, "checked_at": fetched}
    version_id = prepared.made(conn, _NEW_VERSION, row)
    prepared.run(conn, _NOW_LATEST, {"owner": owner, "latest": version_id})
    prints.put(conn, version_id, hashes, read.fingerprint.length, seed=seed)
    if number > 1:
        judging.carry(conn, owner, version_id, read.fingerprint)
    return version_id


def checked(conn: sa.Connection, version_id: int, validators: Validators | None, now: datetime) -> None:
    """A version was found as it is. Validators that a server did not repeat stay (RFC 9110 §15.4.5: a 304 may leave them out)."""
    prepared.run(conn, _CHECKED, {"found": version_id, "checked": now})
    if validators:
        prepared.run(conn, _CONFIRMED, {"found": version_id, "tag": validators.etag, "modified": validators.last_modified})


def relate(conn: sa.Connection, verdicts: Sequence[tuple[Stored, Match]], now: datetime) -> None:
    """Verdicts on stored versions: (the version that was judged, the verdict with what it was compared to)."""
    owners = owners_of(conn, sorted({match.other for _, match in verdicts}))
    rows = [
        encode.match_columns(match)
        | {"version_id": judged.id, "article_id": judged.article_id, "judge": MACHINE, "note": None, "made_at": now}
        | {"other_id": match.other, "other_article_id": owners[match.other]}
        for judged, match in verdicts
    ]
    if rows:
        conn.execute(keep(conn.dialect.name, relation).on_conflict_do_nothing(), rows)


def _relate(conn: sa.Connection, record: Record, owner: int, version_id: int) -> tuple[Match, ...]:
    """One relation for each verdict, but none within one article. → the verdicts kept."""
    if not record.matches:
        return ()
    wanted = {match.other: match for match in record.matches}  # a later verdict on the same version replaces an earlier one
    owners = owners_of(conn, list(wanted))
    kept = [match for match in wanted.values() if owners.get(match.other, owner) != owner]
    place = {"version_id": version_id, "article_id": owner, "judge": MACHINE, "note": None, "made_at": record.now}
    rows = [{**encode.match_columns(match), **place, "other_id": match.other, "other_article_id": owners[match.other]} for match in kept]
    if rows:
        prepared.many(conn, _NEW_RELATION, rows)
    return tuple(kept)


def _count(conn: sa.Connection, record: Record) -> None:
    """One article more of this outlet, and its name once one is known."""
    if (domain := record.read.article.outlet) is None:
        return
    more = {"domain": domain, "name": record.read.article.outlet_name, "articles": 1, "updated_at": record.now}
    outlets.lay_out(conn, domain, prepared.value(conn, _one_more(conn.dialect.name), more), record)
    sentences.count(conn, domain, record.sentences, record.now)
    outlets.learn(conn, domain, record.read.article.outlet_name)


@cache
def _one_more(dialect: str) -> sa.Insert:
    statement = keep(dialect, outlet)
    new = statement.excluded
    more = {"articles": outlet.c.articles + 1, "name": sa.func.coalesce(outlet.c.name, new.name), "updated_at": new.updated_at}
    return statement.on_conflict_do_update(index_elements=["domain"], set_=more).returning(outlet.c.profile)
