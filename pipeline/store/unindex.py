"""Taking versions out of the full-text index so that no word of them is left in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from pipeline import terms as words
from pipeline.model import Article
from pipeline.store import encode, search
from pipeline.store.schema import body, fulltext, version

CHUNK: Final = 500
INDEXED: Final = ", indexed by "  # between two programs' names: the text is of the first, its terms in the index are of the second
_TEXTS: Final = sa.select(version.c.id, version.c.title, version.c.software, body.c.text).join(body, body.c.id == version.c.body_id)


def forget(conn: sa.Connection, gone: Collection[int]) -> None:
    """Takes these versions out; to be called while their texts are still there.

    FTS5 without text of its own (``content=''``) takes a row out when it is told the very terms that were put in
    (sqlite.org/fts5.html §6.6). Terms are those of this program's ``search_terms``, so this is done for versions that this very version
    of the program stored; when there is any other, or more go than stay, the index is emptied and made anew from what stays. A taken-out
    row leaves its terms behind with a mark until segments are merged: ``optimize`` merges them all.
    """
    if conn.dialect.name != "sqlite" or not gone:
        return  # elsewhere what is searched stands in the row itself
    going = set(gone)
    every = int(conn.execute(sa.select(sa.func.count()).select_from(version)).scalar_one())
    if 2 * len(going) > every or not _taken_out(conn, sorted(going)):
        _made_anew(conn, going)
    conn.exec_driver_sql("INSERT INTO fulltext(fulltext) VALUES ('optimize')")


def take_out(conn: sa.Connection, gone: Collection[int]) -> None:
    """Takes a few versions out whose words stand in others too: that their terms stay behind with a mark until segments are merged does no
    harm. To be called while their texts are still there."""
    if conn.dialect.name == "sqlite" and not _taken_out(conn, sorted(gone)):
        _made_anew(conn, gone)


def replace(conn: sa.Connection, one: int, before: Any, now: Article) -> str:
    """Puts a version's new title and text into the index in the place of the old ones. ``before``: its row, with ``title``, ``text`` and
    ``software``. → what stands as its software from now on: where the old terms are not known for certain they stay in the index until it
    is made anew (``renew``), and the name of the program that put them in stays too."""
    if conn.dialect.name != "sqlite":
        conn.execute(sa.delete(fulltext).where(fulltext.c.version_id == one))
    elif before.software != encode.software() or "\ufffd" in before.title + before.text:
        return f"{encode.software()}{INDEXED}{before.software.rpartition(INDEXED)[2]}"
    else:
        terms = (one, words.search_terms(before.title), words.search_terms(before.text))
        conn.exec_driver_sql("INSERT INTO fulltext(fulltext, rowid, title, body) VALUES ('delete', ?, ?, ?)", terms)
    search.index(conn, one, now)
    return encode.software()


def renew(conn: sa.Connection) -> None:
    """Makes the index anew if texts were replaced whose terms are still in it."""
    stale = version.c.software.like(f"%{INDEXED}%")
    if conn.dialect.name == "sqlite" and conn.execute(sa.select(version.c.id).where(stale).limit(1)).first():
        _made_anew(conn, ())
        conn.exec_driver_sql("INSERT INTO fulltext(fulltext) VALUES ('optimize')")
        conn.execute(sa.update(version).where(stale).values(software=encode.software()))


def _taken_out(conn: sa.Connection, gone: Sequence[int]) -> bool:
    """→ False, and nothing is done, when the terms of any of them are not known for certain."""
    for start in range(0, len(gone), CHUNK):
        rows = conn.execute(_TEXTS.where(version.c.id.in_(gone[start : start + CHUNK]))).all()
        if any(row.software != encode.software() or "\ufffd" in row.title + row.text for row in rows):
            return False
    for start in range(0, len(gone), CHUNK):
        rows = conn.execute(_TEXTS.where(version.c.id.in_(gone[start : start + CHUNK]))).all()
        terms = [(row.id, words.search_terms(row.title), words.search_terms(row.text)) for row in rows]
        conn.exec_driver_sql("INSERT INTO fulltext(fulltext, rowid, title, body) VALUES ('delete', ?, ?, ?)", terms)
    return True


def _made_anew(conn: sa.Connection, gone: Collection[int]) -> None:
    conn.exec_driver_sql("INSERT INTO fulltext(fulltext) VALUES ('delete-all')")
    last = 0
    while rows := conn.execute(_TEXTS.where(version.c.id > last).order_by(version.c.id).limit(CHUNK)).all():
        for row in rows:
            if row.id not in gone:
                search.index(conn, row.id, _worded(row))
        last = rows[-1].id


def _worded(row: Any) -> Article:
    return Article(url="", title=row.title, text=row.text)
