"""Versions whose pages are kept, gone through to be extracted again, and put right where they stand.

A text that a better extractor reads otherwise was not edited by anybody: no version is made of it. The version gets the new text and
fields, fingerprints, index entry and verdicts, in one transaction; texts that nobody has any more go, verdicts that change stay in
``former``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pipeline.model import Article, Fingerprint, Hints, Kept, Match, Outlet, Read, Response, Stored, Suspects, Task
from pipeline.repeated import counted_of
from pipeline.store import archive, encode, pages, prints, sentences, suspects, tasks, unindex
from pipeline.store.known import versions
from pipeline.store.schema import article, body, raw, relation, version
from pipeline.store.verdicts import MACHINE, PERSON

if TYPE_CHECKING:
    from pipeline.store import Store

REEXTRACT: Final = "reextract"

_COUNT: Final = sa.select(sa.func.count()).select_from(
    raw.join(version, version.c.id == raw.c.version_id).join(article, article.c.id == version.c.article_id)
)
_PAGES: Final = sa.select(raw).where(raw.c.version_id.in_(sa.bindparam("versions", expanding=True)))
_ABOUT: Final = sa.select(relation.c.version_id).where(
    relation.c.other_id == sa.bindparam("judged"), relation.c.judge == MACHINE, relation.c.article_id != sa.bindparam("owner")
)
_FACTS: Final = (
    sa.select(version.c.content_digest, version.c.body_id, version.c.sample, version.c.software, version.c.number, version.c.outlet,
              version.c.fetched_at, version.c.title, body.c.text)
    .join(body, body.c.id == version.c.body_id)
    .where(version.c.id == sa.bindparam("judged"))
)  # fmt: skip
_RIGHT: Final = sa.update(version).where(version.c.id == sa.bindparam("judged"))
_BODY: Final = sa.select(body.c.id).where(body.c.digest == sa.bindparam("asked"))
_USED: Final = sa.select(version.c.id).where(version.c.body_id == sa.bindparam("held")).limit(1)
_SAID: Final = sa.select(relation.c.id, relation.c.evidence).where(
    relation.c.judge == PERSON, sa.or_(relation.c.version_id == sa.bindparam("judged"), relation.c.other_id == sa.bindparam("judged"))
)
_UNMARKED: Final = sa.update(relation).where(relation.c.id == sa.bindparam("row"))


class KeptPages:
    """The same database. Every writing call is one transaction. Raises StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._archive = archive.Archive(store)

    def abroad(self, text: Fingerprint) -> bool:
        """See Store.abroad."""
        return self._store.abroad(text)

    def outlet(self, domain: str) -> Outlet | None:
        """See Store.outlet."""
        return self._store.outlet(domain)

    def begin(self, asked: Mapping[str, str | None], since: datetime | None, outlets: Collection[str] | None, now: datetime) -> Task:
        """The task that was begun in these words and is not done, or a new one over all pages that are kept now."""
        with self._store.writing() as conn:
            going = tasks.standing(conn, REEXTRACT, asked)
            if going is not None:
                return going
            named = "\n".join(sorted(outlets)) if outlets is not None else None
            bounds = {"since": since.isoformat() if since else None, "upto": suspects.youngest(conn), "outlets": named}
            total = conn.execute(_within(_COUNT, 0, bounds)).scalar_one()
            return tasks.begin(conn, REEXTRACT, asked, bounds=bounds, total=int(total), now=now)

    def end(self) -> None:
        """The task is done: the index is made anew if texts stand in it otherwise than they were put in."""
        with self._store.writing() as conn:
            unindex.renew(conn)
            tasks.end(conn, REEXTRACT)

    def after(self, cursor: int, bounds: Mapping[str, str | int | None], limit: int) -> tuple[Kept, ...]:
        """The next versions with their pages; () at the end."""
        query = versions().join(raw, raw.c.version_id == version.c.id)
        with self._store.reading() as conn:
            rows = conn.execute(_within(query, cursor, bounds).order_by(version.c.id).limit(limit)).mappings().all()
            kept = {row["version_id"]: row for row in conn.execute(_PAGES, {"versions": [row["id"] for row in rows]}).mappings()}
            known = sentences.repeated(conn, rows)
        return tuple(
            Kept(
                stored=(stored := encode.stored(row, repeated=known(row))),
                response=_response(kept[row["id"]]),
                hints=hints(stored.article),
                number=row["number"],
            )
            for row in rows
        )

    def earlier(self, judged: Stored, text: Fingerprint) -> Suspects:
        """See Archive.earlier."""
        return self._archive.earlier(judged, text)

    def later(self, judged: Stored, text: Fingerprint) -> tuple[int, ...]:
        """Versions that came in after this one and were compared with it, or would be now."""
        with self._store.reading() as conn:
            given = set(conn.execute(_ABOUT, {"judged": judged.id, "owner": judged.article_id}).scalars())
            found = suspects.look_up(conn, text, but=judged.article_id, worth=archive.WORTH)
            given |= {one.id for one in found.worth if one.id > judged.id and one.seed is None}
            return tuple(sorted(given))

    def texts(self, versions_: Sequence[int]) -> tuple[Stored, ...]:
        """These versions with their texts."""
        with self._store.reading() as conn:
            return archive.stored(conn, versions().where(version.c.id.in_(versions_)).order_by(version.c.id))

    def mark(self, same: Sequence[tuple[Kept, Article | None]], now: datetime) -> bool:
        """These came out as they were (None: were not read): the extractor's name on each, and how far the task is. → False, and nothing
        is written, when somebody else has been here."""
        with self._store.writing() as conn:
            if not tasks.advance(conn, REEXTRACT, cursor=same[-1][0].stored.id, done=len(same), now=now):
                return False
            for page, read in same:
                before = page.stored.article
                if read is not None and (read.extractor != before.extractor or dict(read.provenance) != dict(before.provenance)):
                    named = {"judged": page.stored.id, "extractor": read.extractor, "provenance": dict(read.provenance)}
                    conn.execute(_RIGHT, named)
        return True

    def correct(
        self, page: Kept, read: Read, verdicts: Sequence[tuple[Stored, Sequence[Match]]], snapshot: int, now: datetime
    ) -> Suspects | bool:
        """Puts a version right, with the verdicts on it and on what came after it. → False, and nothing is written, when somebody else has
        been here; suspects, and nothing is written either, when articles it must be compared with were stored after ``snapshot``."""
        one = page.stored
        with self._store.writing() as conn:
            news = suspects.younger(conn, read.fingerprint, but=one.article_id, than=snapshot)
            if news is not None:
                return news
            if not tasks.advance(conn, REEXTRACT, cursor=one.id, done=1, now=now):
                return False
            before = conn.execute(_FACTS, {"judged": one.id}).first()
            if before is None or before.text != one.article.text:
                return True  # it was purged meanwhile
            _put_right(conn, one.id, before, read)
            for judged, matches in verdicts:
                archive.replace_verdicts(conn, judged, matches, now, only=None if judged.id == one.id else one.id)
            tasks.count(conn, REEXTRACT, 1)
        return True


def hints(stored: Article) -> Hints:
    """What only the source had said of an article when it came in: its page does not tell it again."""
    told = {name for name, where in stored.provenance.items() if where == "feed"}
    agency = (stored.credit,) if stored.credit and stored.provenance.get("credit") == "byline" else ()  # perhaps the feed's byline alone
    return Hints(
        title=stored.title if "title" in told else None,
        content=stored.text if "text" in told else None,
        published=stored.published if "published" in told else None,
        modified=stored.modified if "modified" in told else None,
        authors=(stored.authors if "authors" in told else ()) + agency,
        language=stored.language if "language" in told else None,
        tags=stored.tags if "tags" in told else (),
    )


def _response(row: Any) -> Response:
    headers = tuple((name, value) for name, value in row["headers"])
    page = pages.unpack(row["coding"], row["body"])
    return Response(
        url=row["url"], requested_url=row["url"], status=row["status"], headers=headers, body=page, fetched_at=row["fetched_at"]
    )


def _within(query: sa.Select[Any], after: int, bounds: Mapping[str, str | int | None]) -> sa.Select[Any]:
    query = query.where(article.c.seed.is_(None), version.c.id > after, version.c.id <= bounds["upto"])
    if bounds["outlets"] is not None:
        query = query.where(article.c.outlet.in_(str(bounds["outlets"]).split("\n")))
    return query if bounds["since"] is None else query.where(version.c.fetched_at >= datetime.fromisoformat(str(bounds["since"])))


def _put_right(conn: sa.Connection, one: int, before: Any, read: Read) -> None:
    text = read.article.text
    columns = encode.article_columns(read.article) | encode.fingerprint_columns(read.fingerprint, read.fingerprint.sample)
    columns["software"] = unindex.replace(conn, one, before, read.article)
    if text != before.text:
        digest = encode.digest(text)
        columns["body_id"] = conn.execute(_BODY, {"asked": digest}).scalar()
        if columns["body_id"] is None:
            key = conn.execute(sa.insert(body), {"digest": digest, "text": text}).inserted_primary_key
            assert key is not None
            columns["body_id"] = key[0]
    conn.execute(_RIGHT, columns | {"judged": one})
    if text == before.text:
        return
    if conn.execute(_USED, {"held": before.body_id}).first() is None:
        conn.execute(sa.delete(body).where(body.c.id == before.body_id))
    prints.forget(conn, [(one, encode.unpack(before.sample))])
    prints.put(conn, one, read.fingerprint.sample, read.fingerprint.length)
    if before.number == 1 and before.outlet:
        gone = {*counted_of(before.text)} - {*counted_of(text)}
        sentences.forget(conn, before.outlet, [gone])
    for row in conn.execute(_SAID, {"judged": one}).all():  # places in the old text
        conn.execute(_UNMARKED, {"row": row.id, "evidence": row.evidence | {"passages": [], "translated": []}})
