"""What was said of an article before it was judged again."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.store import encode
from pipeline.store.listed import Groups, lines
from pipeline.store.rows import Past
from pipeline.store.schema import former


def past(conn: sa.Connection, owner: int, groups: Groups) -> tuple[Past, ...]:
    """Both directions, the verdict that was replaced last first."""
    found: list[Past] = []
    for mine, theirs in (("article_id", "other_article_id"), ("other_article_id", "article_id")):
        reverse = mine != "article_id"
        rows = conn.execute(sa.select(former).where(former.c[mine] == owner).order_by(former.c.id)).mappings().all()
        others = lines(conn, sorted({row[theirs] for row in rows}), groups)
        found += [
            Past(
                other=others[row[theirs]],
                match=encode.match(row, row["other_id"]),
                version_id=row["other_id" if reverse else "version_id"],
                other_version_id=row["version_id" if reverse else "other_id"],
                made_at=row["made_at"],
                until=row["replaced_at"],
                reverse=reverse,
            )
            for row in rows
        ]
    return tuple(sorted(found, key=lambda one: one.until, reverse=True))
