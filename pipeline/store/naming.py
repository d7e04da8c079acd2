"""Names that people give: a source called otherwise keeps its memory; how many articles a seed's name stands for."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from pipeline.errors import InputError
from pipeline.model import Relation
from pipeline.store.schema import article, relation, source
from pipeline.store.verdicts import holds

_THERE = sa.select(source.c.id).where(source.c.name == sa.bindparam("name"))
_RENAME = sa.update(source).where(source.c.name == sa.bindparam("old")).values(name=sa.bindparam("new"))


def rename(conn: sa.Connection, old: str, new: str) -> bool:
    """See Store.rename_source."""
    if conn.execute(_THERE, {"name": old}).first() is None:
        return False
    if conn.execute(_THERE, {"name": new}).first() is not None:
        raise InputError(f"{new}: the database remembers another source of this name; choose one that was never used")
    conn.execute(_RENAME, {"old": old, "new": new})
    return True


def told_of(conn: sa.Connection) -> Mapping[str, int]:
    """See Store.told_of."""
    seed = sa.alias(article)
    count = sa.func.count(relation.c.article_id.distinct())
    query = (
        sa.select(seed.c.seed, count)
        .join(relation, relation.c.other_article_id == seed.c.id)
        .join(article, article.c.id == relation.c.article_id)
        .where(seed.c.seed.is_not(None), article.c.seed.is_(None), relation.c.relation != str(Relation.DISTINCT), holds())
        .group_by(seed.c.seed)
    )
    return {name: number for name, number in conn.execute(query)}  # noqa: C416 - rows are no pairs to dict() for the type checker
