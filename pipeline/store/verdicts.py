"""Which verdict on two articles holds. Relations are between versions; people ask about articles.

A person's verdict is *fresh* while it is about the latest versions of both articles. A fresh one is the only one that holds, whichever of
the two it is about. Else, in each direction, the verdict on the latest versions holds, a person's before the machine's. A version that
changes a text a little takes a person's verdict along (``judging.carry``), so that it stays fresh; one that is another text does not.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from pipeline.store.schema import article, relation

MACHINE: Final = "machine"
PERSON: Final = "person"


def holds() -> sa.ColumnElement[bool]:
    """Of all verdicts on two articles (rows of ``relation``): does this one hold?"""
    return sa.or_(_fresh(relation), sa.and_(~_newer().exists(), ~_said(turned=False).exists(), ~_said(turned=True).exists()))


def _fresh(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """A person's verdict on the latest versions of both."""
    mine, theirs = article.alias(), article.alias()
    latest = sa.select(mine.c.id).where(mine.c.id == row.c.article_id, mine.c.latest_id == row.c.version_id)
    others = sa.select(theirs.c.id).where(theirs.c.id == row.c.other_article_id, theirs.c.latest_id == row.c.other_id)
    return sa.and_(row.c.judge == PERSON, latest.correlate(row).exists(), others.correlate(row).exists())


def _newer() -> sa.Select[tuple[int]]:
    """Verdicts in the same direction on later versions, or a person's on the same ones."""
    later = relation.alias()
    same = later.c.version_id == relation.c.version_id
    newer = sa.or_(
        later.c.version_id > relation.c.version_id,
        sa.and_(same, later.c.other_id > relation.c.other_id),
        sa.and_(same, later.c.other_id == relation.c.other_id, later.c.judge > relation.c.judge),  # "person" > "machine"
    )
    pair = sa.and_(later.c.article_id == relation.c.article_id, later.c.other_article_id == relation.c.other_article_id)
    return sa.select(later.c.id).where(pair, newer).correlate(relation)


def _said(*, turned: bool) -> sa.Select[tuple[int]]:
    """A fresh verdict of a person on the same two articles. ``turned``: with the sides turned."""
    said = relation.alias()
    mine, theirs = (said.c.other_article_id, said.c.article_id) if turned else (said.c.article_id, said.c.other_article_id)
    pair = sa.and_(mine == relation.c.article_id, theirs == relation.c.other_article_id, said.c.id != relation.c.id)
    return sa.select(said.c.id).where(pair, _fresh(said)).correlate(relation)
