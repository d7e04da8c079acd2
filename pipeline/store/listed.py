"""Articles in one line each: what every list of the doors is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.model import Relation
from pipeline.store import encode
from pipeline.store.rows import Listed
from pipeline.store.schema import alias, article, outlet, relation, version
from pipeline.store.verdicts import PERSON, holds

Groups = Mapping[str, str]
"""An outlet's domain → the name of the group it belongs to, as it was configured."""

NO_GROUPS: Final[Groups] = {}

LINE: Final = (
    article.c.id.label("article_id"), version.c.id.label("version_id"), article.c.url, version.c.title, article.c.outlet,
    sa.func.coalesce(outlet.c.name, version.c.outlet_name).label("outlet_name"), version.c.published_at, version.c.published_offset,
    version.c.published_precision, article.c.first_seen, version.c.language, version.c.kind, version.c.completeness, version.c.credit,
    version.c.authors, version.c.number.label("versions"), article.c.seed, version.c.origin_url, article.c.gone_since,
    article.c.withdrawn_at, article.c.withdrawn_why,
)  # fmt: skip
LATEST: Final = article.join(version, version.c.id == article.c.latest_id).outerjoin(outlet, outlet.c.domain == article.c.outlet)


def listed(conn: sa.Connection, rows: Sequence[Any], groups: Groups) -> list[Listed]:
    """Rows of ``LINE`` as lines, in their order; an address that a page names as its origin is looked up among what is stored."""
    lines = []
    for row in rows:
        values = {column.name: row[column.name] for column in LINE if not column.name.startswith("published")}
        values |= {
            "authors": tuple(row["authors"]),
            "published": encode.instant("published", row),
            "group": groups.get(row["outlet"] or ""),
        }
        lines.append(Listed(**values))
    origins = _origins(conn, [line.origin_url for line in lines if line.origin_url])
    return [replace(line, origin=origins.get(line.origin_url)) if line.origin_url else line for line in lines]


def _origins(conn: sa.Connection, addresses: Sequence[str]) -> dict[str, int]:
    """Address → the article it leads to; those that lead to none are left out."""
    keys: dict[str, tuple[str, ...]] = {}
    for address in dict.fromkeys(addresses):
        try:
            keys[address] = urls.keys(address)
        except ValueError:
            continue
    wanted = sorted({key for group in keys.values() for key in group})
    there: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        query = sa.select(alias).where(alias.c.key.in_(wanted[start : start + 500]))
        there |= {row.key: row.article_id for row in conn.execute(query)}
    found = {address: next((there[key] for key in group if key in there), None) for address, group in keys.items()}
    return {address: owner for address, owner in found.items() if owner is not None}


def lines(conn: sa.Connection, ids: Sequence[int], groups: Groups = NO_GROUPS) -> dict[int, Listed]:
    """These articles, by number."""
    found: dict[int, Listed] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(*LINE).select_from(LATEST).where(article.c.id.in_(ids[start : start + 500]))
        found |= {line.article_id: line for line in listed(conn, conn.execute(query).mappings().all(), groups)}
    return found


def strongest(conn: sa.Connection, rows: Sequence[Listed]) -> tuple[Listed, ...]:
    """Each line with its strongest relation, seeds first. What a person said counts from either side."""
    ids = [row.article_id for row in rows]
    best: dict[int, tuple[Any, Listed]] = {}
    lines_ = {row.article_id: row for row in rows}
    for turned in (False, True):
        mine, theirs = ("other_article_id", "article_id") if turned else ("article_id", "other_article_id")
        other = article.alias()
        query = sa.select(relation, other.c.seed, other.c.url).join(other, other.c.id == relation.c[theirs])
        query = query.where(relation.c[mine].in_(ids), holds())
        if turned:
            query = query.where(relation.c.judge == PERSON)
        for row in conn.execute(query).mappings():
            kind = Relation((row["other_relation"] if turned else None) or row["relation"])
            shares = (row["coverage"], row["other_coverage"])
            mine_share, their_share = shares[::-1] if turned else shares
            rank = (kind is not Relation.DISTINCT, row["seed"] is not None, kind.strength, mine_share)
            owner = row[mine]
            if owner not in best or rank > best[owner][0]:
                told = {"coverage": mine_share, "other_coverage": their_share, "judge": row["judge"], "to": row["seed"] or row["url"]}
                best[owner] = (rank, replace(lines_[owner], relation=kind, **told))
    return tuple(best[row.article_id][1] if row.article_id in best else row for row in rows)
