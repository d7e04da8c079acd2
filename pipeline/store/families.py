"""What families are reasoned from: the pairs of articles that share text, as their verdicts hold now. Read at each asking, never stored, so
that judging again and a person's word show at once. The number of queries does not depend on how many articles are asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from pipeline import urls
from pipeline.families import Family, Link, Member, Pair, Spans
from pipeline.families.origin import named
from pipeline.model import Relation
from pipeline.store.listed import Groups, lines
from pipeline.store.rows import Listed, Parent
from pipeline.store.schema import body, each, given, relation, version
from pipeline.store.verdicts import holds

OPENING: Final = 200  # characters of a text in which its dateline stands

_TAKEN: Final = [str(kind) for kind in Relation if kind.strength > Relation.RELATED.strength]
_COLUMNS: Final = (
    relation.c.id, relation.c.article_id, relation.c.other_article_id, relation.c.relation, relation.c.other_relation, relation.c.coverage,
    relation.c.other_coverage, relation.c.coverage_all, relation.c.other_coverage_all,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The family of some articles. ``lines``: all that are named; ``parents``: of each asked about."""

    family: Family
    lines: Mapping[int, Listed]
    members: Mapping[int, Member]
    parents: Mapping[int, tuple[Parent, ...]]


def families(conn: sa.Connection, asked: Collection[int], groups: Groups) -> Told:
    """The parents of each of these articles, which may be any article that is stored."""
    pairs = _pairs(conn, asked)
    there = {*asked, *(number for pair in pairs for number in (pair.one, pair.other))}
    found = lines(conn, sorted(there), groups)
    members = _members(conn, found)
    family = Family(members.values(), pairs)
    own = [number for number in sorted(asked) if found[number].seed is None]
    links = {number: family.asked(number) for number in own}
    spans = _spans(conn, links)
    parents = {number: tuple(_parent(found[link.parent], link, asked) for link in family.parents(number, spans[number])) for number in own}
    return Told(family=family, lines=found, members=members, parents=parents)


def kin(conn: sa.Connection, owner: int, related: Collection[int], groups: Groups) -> tuple[tuple[Parent, ...], tuple[Listed, ...]]:
    """The parents of an article, and the articles, among those it is related to, of which it is a parent, in the order of time."""
    told = families(conn, {owner, *related}, groups)
    children = [number for number, parents in told.parents.items() if any(one.article_id == owner for one in parents)]
    return told.parents.get(owner, ()), tuple(told.lines[number] for number in sorted(children, key=lambda one: told.family.when[one]))


def _parent(line: Listed, link: Link, asked: Collection[int]) -> Parent:
    shares = {"coverage": link.coverage, "other_coverage": link.other_coverage}
    return Parent(article_id=line.article_id, outlet=line.outlet, url=line.url, title=line.title, within=line.article_id in asked, **shares)


def _pairs(conn: sa.Connection, asked: Collection[int]) -> list[Pair]:
    """Every pair of which one is asked about and that shares text, aligned; of the two verdicts on a pair the later one."""
    wanted, rows = each(conn.dialect.name, "asked"), dict[int, Any]()
    for side in (relation.c.article_id, relation.c.other_article_id):
        query = sa.select(*_COLUMNS).where(
            side.in_(sa.select(wanted.c.value)), relation.c.relation.in_(_TAKEN), relation.c.aligned, holds()
        )
        rows |= {row.id: row for row in conn.execute(query, {"asked": given(conn, sorted(asked))})}
    return [_pair(rows[number]) for number in sorted(rows)]


def _pair(row: Any) -> Pair:
    part = Relation.EXCERPT.value
    excerpt = row.article_id if row.relation == part else row.other_article_id if row.other_relation == part else None
    return Pair(
        one=row.article_id,
        other=row.other_article_id,
        one_share=row.coverage,
        other_share=row.other_coverage,
        all_one=row.coverage_all,
        all_other=row.other_coverage_all,
        row=row.id,
        excerpt=excerpt,
    )


def _members(conn: sa.Connection, found: Mapping[int, Listed]) -> dict[int, Member]:
    """What families ask of an article. An agency that no credit line names is looked for at the head of the text."""
    wanted = sorted(line.version_id for line in found.values() if not line.credit)
    heads: dict[int, tuple[str | None, str]] = {}
    if wanted:
        asked = each(conn.dialect.name, "asked")
        opening = sa.func.substr(body.c.text, 1, OPENING).label("opening")
        query = sa.select(version.c.id, version.c.dateline, opening).join(body, body.c.id == version.c.body_id)
        query = query.where(version.c.id.in_(sa.select(asked.c.value)))
        heads = {row.id: (row.dateline, row.opening) for row in conn.execute(query, {"asked": given(conn, wanted)})}
    return {number: _member(line, *heads.get(line.version_id, (None, ""))) for number, line in found.items()}


def _member(line: Listed, dateline: str | None, opening: str) -> Member:
    named_ = _outlet(line.origin_url)
    return Member(
        id=line.article_id,
        outlet=named_ if line.seed is not None else line.outlet,
        outlet_name=line.outlet_name,
        agency=named(line.credit, dateline, opening),
        origin=line.origin,
        origin_outlet=named_ if line.seed is None else None,
        published=line.published,
        first_seen=line.first_seen,
        seed=line.seed is not None,
    )


def _outlet(url: str | None) -> str | None:
    try:
        return urls.outlet(url) if url else None
    except ValueError:
        return None


def _spans(conn: sa.Connection, asked: Mapping[int, Iterable[Link]]) -> dict[int, dict[int, Spans]]:
    """The passages of the pairs that have to be weighed against each other, as spans of each child's own text."""
    wanted = {number: [link.row for link in links] for number, links in asked.items()}
    wanted = {number: rows for number, rows in wanted.items() if len(rows) > 1}
    of_rows = each(conn.dialect.name, "asked")
    query = sa.select(relation.c.id, relation.c.article_id, relation.c.evidence).where(relation.c.id.in_(sa.select(of_rows.c.value)))
    every = sorted({row for rows in wanted.values() for row in rows})
    found = {row.id: row for row in conn.execute(query, {"asked": given(conn, every)})} if every else {}
    spans: dict[int, dict[int, Spans]] = {number: {} for number in asked}
    for number, rows in wanted.items():
        for row in rows:
            passages = found[row].evidence.get("passages", ())
            mine = found[row].article_id == number
            spans[number][row] = [(one[0], one[1]) if mine else (one[2], one[3]) for one in passages]
    return spans
