"""What an outlet calls itself: the name that most of its latest pages give, not the one that the first page happened to give."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from pipeline.store.schema import article, outlet, version

LOOKED_AT: Final = 50  # of an outlet's latest articles: a name that changes for good is learned within half of them

_NAME: Final = sa.select(outlet.c.name).where(outlet.c.domain == sa.bindparam("named"))
_LATEST: Final = (
    sa.select(version.c.outlet_name.label("name"))
    .join(article, article.c.latest_id == version.c.id)
    .where(article.c.outlet == sa.bindparam("named"), article.c.seed.is_(None))
    .order_by(article.c.id.desc())
    .limit(LOOKED_AT)
    .subquery()
)
_MOST: Final = (
    sa.select(_LATEST.c.name)
    .where(_LATEST.c.name.is_not(None))
    .group_by(_LATEST.c.name)
    .order_by(sa.func.count().desc(), sa.case((_LATEST.c.name == sa.bindparam("known"), 0), else_=1), _LATEST.c.name)
    .limit(1)
)
_RENAMED: Final = sa.update(outlet).where(outlet.c.domain == sa.bindparam("named")).values(name=sa.bindparam("called"))


def learn(conn: sa.Connection, domain: str, name: str | None) -> None:
    """An article of ``domain`` came in whose page calls the outlet ``name``: a name that is not the known one is weighed against it."""
    if name is None:
        return
    known = conn.execute(_NAME, {"named": domain}).scalar()
    if known == name:
        return
    most = conn.execute(_MOST, {"named": domain, "known": known}).scalar()
    if most is not None and most != known:
        conn.execute(_RENAMED, {"named": domain, "called": most})
