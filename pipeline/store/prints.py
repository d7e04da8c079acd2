"""The rows a version is found by: put in, looked up, taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from functools import cache
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from pipeline.model import Fingerprint
from pipeline.sampled import SHORT, asked, finding
from pipeline.store import prepared
from pipeline.store.schema import ARTICLES_PART, PARTS, SEEDS_PART, SHORTS_PART, each, fingerprint, given

MENTIONS: Final = 400
"""How many texts one hash is looked up in, the oldest first: a shingle that stands in more has become boilerplate, or belongs to a story
whose first 400 copies are enough to find it by. Bounds a lookup of a sample of 60 to 24,000 rows."""

_FEW: Final = 170
"""Shingles up to which a text may share one stored hash and be worth it: of a longer one a hash stands for a tenth at most. One that is a
stock phrase's finds nothing alone all the same: a brief would be compared with all who ever said so."""

RARE: Final = 20
"""A hash that stands in no more short texts is no stock phrase, and finds one alone: of the few of a brief that are asked for there may be
only one."""

COMMON: Final = 100
"""Short texts a hash stands in from which on it is a stock phrase's, where it is asked whether a text shares more than one of them. Of a
brief that a hundred papers ran, pieces of 40 words are found all the same (994 of 1,000), of 24 words three in four."""

PHRASE: Final = 8
"""Words within which hashes of stock phrases (in ``MENTIONS`` long texts and more, in ``COMMON`` short ones) count as one: a stock phrase
of ten words has three. A text that shares no more than one such phrase is none to weigh; in an archive of a million, hundreds share one
with nearly every article."""

_ALL_SEEDS: Final = 2**31 - 1

_NEW: Final = sa.insert(fingerprint)
SEEDED: Final = sa.select(fingerprint.c.version_id).where(fingerprint.c.part == sa.literal_column(str(SEEDS_PART))).exists()
_GONE: Final = sa.delete(fingerprint).where(
    fingerprint.c.part.in_([sa.literal_column(str(part)) for part in PARTS]),  # the key begins with it
    fingerprint.c.hash == sa.bindparam("old"),
    fingerprint.c.version_id == sa.bindparam("gone"),
)


def put(conn: sa.Connection, version_id: int, kept: Sequence[int], length: int, *, seed: bool = False) -> None:
    """``kept``: the hashes kept of a version of ``length`` tokens. A seed is found by each of them."""
    part = SEEDS_PART if seed else SHORTS_PART if length < SHORT else ARTICLES_PART
    rows = [{"part": part, "hash": value, "version_id": version_id} for value in sorted(set(kept if seed else finding(kept, length)))]
    if rows:
        prepared.many(conn, _NEW, rows)


def forget(conn: sa.Connection, versions: Iterable[tuple[int, Sequence[int]]]) -> None:
    """(version, the hashes kept of it): found no more."""
    rows = [{"old": value, "gone": version_id} for version_id, kept in versions for value in sorted(kept)]
    if rows:
        conn.execute(_GONE, rows)


# ── lookups ───────────────────────────────────────────────────────────────────────────────────────


class Shared(NamedTuple):
    """Version → how many hashes it shares, as far as they were asked for: of all seeds, and of others. ``stock``: those of the hashes that
    stand in more than ``RARE`` short texts."""

    seeds: dict[int, int]
    others: dict[int, int]
    stock: Set[int]


def shared(conn: sa.Connection, text: Fingerprint, most: int, *, seeded: bool) -> Shared:
    """What shares hashes: all seeds (``seeded``: there are any), and of the others ``most`` long texts and ``most`` short ones. Each part
    is asked for the hashes that can stand in it, in the order of the index."""
    if not text.shingles:
        return Shared({}, {}, frozenset())
    long, short = asked(text.shingles, text.length)
    wanted = {SEEDS_PART: text.shingles if seeded else (), ARTICLES_PART: long, SHORTS_PART: short}  # of a seed all hashes, hundreds
    bound = {f"hashes{part}": given(conn, sorted(hashes)) for part, hashes in wanted.items()}
    mentions: dict[int, dict[int, list[str]]] = {part: {} for part in PARTS}
    for part, value, versions in prepared.rows(conn, _mentions(conn.dialect.name), bound):
        mentions[part][value] = versions.split(",")
    seeds = Counter(chain.from_iterable(mentions[SEEDS_PART].values()))
    few = len(text.shingles) <= _FEW
    found = _enough(mentions[ARTICLES_PART], text.shingles, most, common=MENTIONS, alone=MENTIONS - 1 if few else 0)
    found |= _enough(mentions[SHORTS_PART], text.shingles, most, common=COMMON, alone=COMMON - 1 if few else RARE)
    stock = frozenset(value for value, named in mentions[SHORTS_PART].items() if len(named) > RARE)
    return Shared({int(made): count for made, count in seeds.items()}, {int(made): count for made, count in found.items()}, stock)


def _enough(mentions: Mapping[int, Sequence[str]], shingles: Sequence[int], most: int, *, common: int, alone: int) -> dict[str, int]:
    """How many hashes each version shares, of the ``most`` that share most of those that share two apart from each other, or one that
    stands in ``alone`` texts at most. ``mentions``: each hash with the versions that have it.

    Of hashes that stand in ``common`` texts all that begin within ``PHRASE`` words count as one there, for they are one stock phrase. Most
    versions share one phrase and no more: what else they share of it is counted of the few that share enough."""
    phrases = _phrases({value for value, named in mentions.items() if len(named) >= common}, shingles)
    said = [[mentions[value] for value in values] for values in phrases]
    once = {value for values in phrases for value in values}
    apart = Counter(chain.from_iterable(named for value, named in mentions.items() if value not in once))
    for lists in said:
        apart.update(set().union(*lists))
    found = {made: count for made, count in apart.items() if count > 1}
    found |= {made: apart[made] for named in mentions.values() if len(named) <= alone for made in named}
    for lists in said:
        for made, count in Counter(filter(found.__contains__, chain.from_iterable(lists))).items():
            found[made] += count - 1
    if len(found) <= most:
        return found
    ranked = Counter(chain.from_iterable(mentions.values())).most_common()
    return dict(islice((each for each in ranked if each[0] in found), most))


def _phrases(common: Collection[int], shingles: Sequence[int]) -> list[list[int]]:
    """Hashes that stand in too many texts, those of one stock phrase together; of a phrase that has one alone nothing. Places are those
    among the distinct ``shingles``: what a text says twice counts once."""
    if len(common) <= 1 or len(shingles) <= 2 * PHRASE:
        return []
    phrases: list[list[int]] = []
    begun = -PHRASE
    for place, value in enumerate(shingles):
        if value in common:
            if place >= begun + PHRASE:
                begun = place
                phrases.append([])
            phrases[-1].append(value)
    return [values for values in phrases if len(values) > 1]


def of_stock(mine: Mapping[int, int], there: Set[int], stock: Set[int]) -> int:
    """How many of the shared hashes are of stock phrases: stretches of ``PHRASE`` and less of which one stands in many short texts and none
    in few, as far as they were asked for. ``mine``: the place of each hash of the article."""
    stretches, last = list[list[int]](), -3 * PHRASE
    for value in sorted(there, key=mine.__getitem__):
        if mine[value] - last > 2 * PHRASE:  # a changed word takes the eight hashes along that it stands in
            stretches.append([])
        stretches[-1].append(value)
        last = mine[value]
    return sum(len(one) for one in stretches if mine[one[-1]] - mine[one[0]] < PHRASE and not stock.isdisjoint(one))


@cache
def _mentions(dialect: str) -> sa.CompoundSelect[Any]:
    """The bound hashes that are stored, each with its part and the versions that have it, as text: all seeds', and the first of the others.

    Most hashes of a new text are not there: those cost one look into the index. A row a hash, not a row a mention: to count thousands of
    them here is several times cheaper than in SQL. PostgreSQL: a bounded LATERAL cannot be turned into a hash join, which its planner
    prefers as long as it knows nothing of the table (facts/matching: 99 ms against 1.4 ms).
    """

    def of(part: int) -> sa.Select[Any]:
        asked = each(dialect, f"hashes{part}")
        here = (fingerprint.c.part == part, fingerprint.c.hash == asked.c.value)
        rows = sa.select(fingerprint.c.version_id).where(*here).order_by(fingerprint.c.part, fingerprint.c.hash, fingerprint.c.version_id)
        rows = rows.limit(_ALL_SEEDS if part == SEEDS_PART else MENTIONS).correlate(asked)
        found = rows.lateral("found") if dialect != "sqlite" else rows.subquery("found")
        listed = sa.select(_listed(dialect, found.c.version_id)).select_from(found).scalar_subquery()
        there = sa.select(fingerprint.c.hash).where(*here).correlate(asked).exists()
        return (
            sa.select(sa.literal_column(str(part)).label("part"), asked.c.value, listed.label("versions")).select_from(asked).where(there)
        )

    return sa.union_all(*map(of, PARTS))


def _listed(dialect: str, column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """Numbers in one text, separated by commas."""
    if dialect == "sqlite":
        return sa.func.group_concat(column)
    return sa.func.string_agg(sa.cast(column, sa.Text()), sa.literal_column("','"))
