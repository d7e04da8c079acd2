"""What people say of two articles, beside what the machine said. One verdict of a person for two articles; judging again replaces it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from pipeline.model import Fingerprint, Match, Relation
from pipeline.store import encode
from pipeline.store.schema import article, keep, relation, version
from pipeline.store.verdicts import PERSON

ALIKE: Final = 0.5
"""The share of a text (of its 8-word shingles, estimated from the stored sample) that must stay for a person's verdict to go on to its
next version: a corrected figure or a new paragraph keeps nine tenths, another text under the same address nothing."""

TURNS_INTO_ITSELF: Final = frozenset({Relation.IDENTICAL, Relation.COPY, Relation.RELATED, Relation.DISTINCT})

_PAIR: Final = sa.or_(
    sa.and_(relation.c.article_id == sa.bindparam("one"), relation.c.other_article_id == sa.bindparam("other")),
    sa.and_(relation.c.article_id == sa.bindparam("other"), relation.c.other_article_id == sa.bindparam("one")),
)
_TAKEN_BACK: Final = sa.delete(relation).where(relation.c.judge == PERSON, _PAIR)
_SAID: Final = sa.select(relation).where(
    relation.c.judge == PERSON,
    sa.or_(relation.c.article_id == sa.bindparam("owner"), relation.c.other_article_id == sa.bindparam("owner")),
)
_BEFORE: Final = sa.select(version.c.id, version.c.sample, version.c.shingles, version.c.body_digest).where(
    version.c.article_id == sa.bindparam("owner"), version.c.id < sa.bindparam("made")
)
_LATEST: Final = sa.select(article.c.latest_id).where(article.c.id == sa.bindparam("owner"))


def judge(conn: sa.Connection, article_id: int, other_id: int, match: Match, note: str | None, now: datetime) -> None:
    """See Store.judge."""
    conn.execute(_TAKEN_BACK, {"one": article_id, "other": other_id})
    columns = encode.match_columns(match)
    turned = match.relation if match.relation in TURNS_INTO_ITSELF else match.other_relation
    row = {"article_id": article_id, "other_article_id": other_id, "judge": PERSON, "note": note, "made_at": now}
    row |= {"version_id": _latest(conn, article_id), "other_id": _latest(conn, other_id), "other_relation": turned and str(turned)}
    conn.execute(sa.insert(relation), columns | row)


def withdraw(conn: sa.Connection, article_id: int, other_id: int) -> bool:
    """See Store.withdraw."""
    return conn.execute(_TAKEN_BACK, {"one": article_id, "other": other_id}).rowcount > 0


def carry(conn: sa.Connection, owner: int, made: int, text: Fingerprint) -> None:
    """A new version was made of an article: what a person said of the one before holds of this one too, when the text is much the same.

    ``made``: the new version's id. Inside the version's own transaction.
    """
    said = conn.execute(_SAID, {"owner": owner}).mappings().all()
    if not said:
        return
    before = conn.execute(_BEFORE.order_by(version.c.id.desc()).limit(1), {"owner": owner, "made": made}).first()
    if before is None or not _alike(before, text):
        return
    rows = []
    for row in said:
        mine = ("version_id", "article_id"), ("other_id", "other_article_id")
        (side, _), (across, whose) = mine if row["article_id"] == owner else mine[::-1]
        if row[side] == before.id and row[across] == _latest(conn, row[whose]):  # it was fresh
            rows.append({name: row[name] for name in row if name != "id"} | {side: made})
    if rows:
        conn.execute(keep(conn.dialect.name, relation).on_conflict_do_nothing(), rows)


def _alike(before: Any, text: Fingerprint) -> bool:
    if text.body_digest and before.body_digest == text.body_digest:
        return True
    stored = encode.unpack(before.sample)
    if not stored or not text.shingles:
        return False
    there = int(before.shingles)
    shared = len(set(text.shingles).intersection(stored)) * there / len(stored)
    return shared >= ALIKE * max(there, len(text.shingles))


def _latest(conn: sa.Connection, owner: int) -> int:
    return int(conn.execute(_LATEST, {"owner": owner}).scalar_one())
