"""What is learned of an outlet. What it calls itself: the name that most of its latest pages give, not the one that the first page happened
to give. And how it lays out its pages (``habits``). Inside the article's transaction, in which the outlet's row was written first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from pipeline import habits
from pipeline.model import Record
from pipeline.store import encode, prepared
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
_KNOWN: Final = sa.select(outlet.c.profile).where(outlet.c.domain == sa.bindparam("named"))
_PROFILED: Final = sa.update(outlet).where(outlet.c.domain == sa.bindparam("named")).values(profile=sa.bindparam("learned"))


def learn(conn: sa.Connection, domain: str, name: str | None) -> None:
    """An article of ``domain`` came in whose page calls the outlet ``name``: a name that is not the known one is weighed against it."""
    if name is None:
        return
    known = prepared.value(conn, _NAME, {"named": domain})
    if known == name:
        return
    most = prepared.value(conn, _MOST, {"named": domain, "known": known})
    if most is not None and most != known:
        conn.execute(_RENAMED, {"named": domain, "called": most})


def lay_out(conn: sa.Connection, domain: str, told: Mapping[str, Any] | str | None, record: Record) -> None:
    """An article of ``domain`` came in: when it is a story that is new to the outlet, its page says how it is laid out. ``told``: the
    outlet's profile as it stands in this transaction, or its JSON. Nothing is written when nothing new was learned."""
    if record.read.layout is None or not record.sentences:
        return
    known = encode.profile(json.loads(told) if isinstance(told, str) else told)
    profile = habits.learned(known, record.read.layout, record.now)
    if profile != known:
        prepared.run(conn, _PROFILED, {"named": domain, "learned": encode.profile_json(profile)})


def forget(conn: sa.Connection, domain: str) -> None:
    """Articles of ``domain`` were forgotten: what was met on a page or two may be a piece of a headline of theirs, and goes."""
    known = encode.profile(conn.execute(_KNOWN, {"named": domain}).scalar())
    left = habits.proven(known)
    if left != known:
        conn.execute(_PROFILED, {"named": domain, "learned": encode.profile_json(left)})
