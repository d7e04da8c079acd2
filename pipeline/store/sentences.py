"""What an outlet prints in many different stories, learned sentence by sentence, and forgotten when it stops.

A lossy count (Manku, Motwani, "Approximate frequency counts over data streams", VLDB 2002) an outlet: after every ROUND stories all counts
are lowered by one, and what falls to nothing goes. So what stands in fewer than one story in ROUND never grows, an outlet has at most some
ROUND x 40 rows (repeated.py counts no more sentences of a text), and what is no longer printed is unlearned after some 200 stories.
Only stories count: who told this story before is asked by the flow (match/retold.py). Inside the caller's transaction, in which the
outlet's row was written first, so that no other one counts for it at the same time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from pipeline.repeated import counted_of
from pipeline.store import encode, prepared
from pipeline.store.schema import Utc, Words, article, body, each, given, keep, outlet, relation, sentence, version

STORIES: Final = 5
"""In so many different stories a sentence has become the outlet's own. Two or three stories of one running subject share a sentence of
background, and lose little when it is masked: it is masked in both texts; an appeal or a note on the paper is in nearly all."""

MOST: Final = 6  # no count grows beyond: what stood in a thousand stories is unlearned as fast as what stood in six
KEPT: Final = 3  # a learned sentence stays so down to this count, so that it does not come and go from round to round
ROUND: Final = 50  # stories of an outlet after which its counts are lowered: of what stands in one story in 25 or more, all is found
TALLY: Final = 0  # the row of this hash holds no sentence: how many stories were counted in this round

_MINE: Final = sentence.c.domain == sa.bindparam("named")
_PROFILE: Final = sa.select(outlet.c.profile).where(outlet.c.domain == sa.bindparam("named"))
_LEARNED: Final = sa.update(outlet).where(outlet.c.domain == sa.bindparam("named")).values(profile=sa.bindparam("learned"))
_COUNTS: Final = sa.select(sentence.c.hash, sentence.c.stories).where(_MINE, sentence.c.stories >= KEPT, sentence.c.hash != TALLY)
_SEEN_ONCE: Final = sa.delete(sentence).where(_MINE, sentence.c.stories <= 1, sentence.c.hash != TALLY)
_LOWERED: Final = sa.update(sentence).where(_MINE, sentence.c.hash != TALLY).values(stories=sentence.c.stories - 1)
_BEGUN: Final = sa.update(sentence).where(_MINE, sentence.c.hash == TALLY).values(stories=0)
_FEWER: Final = sa.update(sentence).where(_MINE, sentence.c.hash == sa.bindparam("told")).values(stories=sentence.c.stories - 1)

_RETOLD: Final = ("identical", "copy", "revision", "excerpt")
_OTHER: Final = article.alias()
_AGAIN: Final = (
    sa.select(relation.c.id)
    .join(_OTHER, _OTHER.c.id == relation.c.other_article_id)
    .where(relation.c.article_id == article.c.id, relation.c.other_article_id < article.c.id, relation.c.relation.in_(_RETOLD))
    .where(_OTHER.c.outlet == article.c.outlet, _OTHER.c.seed.is_(None))
    .correlate(article)
)
_LATEST: Final = (  # texts as they were counted: the first versions of an outlet's latest articles, each story once
    sa.select(body.c.text, version.c.fetched_at, _AGAIN.exists().label("again"))
    .select_from(article.join(version, version.c.article_id == article.c.id).join(body, body.c.id == version.c.body_id))
    .where(article.c.outlet == sa.bindparam("named"), article.c.seed.is_(None), version.c.number == 1)
    .order_by(article.c.id.desc())
    .limit(ROUND)
)


def repeated(conn: sa.Connection, rows: Collection[encode.Row]) -> Callable[[encode.Row], frozenset[str]]:
    """Of versions (rows with ``outlet`` and their article's ``seed``): what the outlet of each is known to repeat, which is nothing to a
    seed."""
    named = sorted({row["outlet"] for row in rows if row["seed"] is None and row["outlet"]})
    asked = prepared.converted(conn, _profiles(conn.dialect.name), {"domains": given(conn, named)}) if named else ()
    known = {row["domain"]: encode.repeated(row["profile"]) for row in asked}
    return lambda row: frozenset() if row["seed"] is not None else known.get(row["outlet"], frozenset())


@cache
def _profiles(dialect: str) -> sa.Select[Any]:
    asked = each(dialect, "domains", sa.Text)
    owned = asked.join(outlet, outlet.c.domain == asked.c.value)
    return sa.select(outlet.c.domain, outlet.c.profile).select_from(owned).where(outlet.c.profile.is_not(None))


def count(conn: sa.Connection, domain: str, told: Sequence[int], now: datetime) -> None:
    """An outlet prints a story that is new to it, with these sentences (by their hashes)."""
    asked = sorted({*told} - {TALLY})
    if not asked:
        return
    given_ = {"named": domain, "at": now, "hashes": given(conn, [TALLY, *asked])}
    counts = dict(prepared.rows(conn, _one_more(conn.dialect.name), given_))
    ended = counts.pop(TALLY) >= ROUND
    if ended:
        conn.execute(_SEEN_ONCE, {"named": domain})
        conn.execute(_LOWERED, {"named": domain})
        conn.execute(_BEGUN, {"named": domain})
    if ended or STORIES in counts.values():
        _learn(conn, domain)


@cache
def _one_more(dialect: str) -> sa.Insert:
    """One statement for a text: a row by row one would cost more than all the rest of its transaction."""
    asked = each(dialect, "hashes")
    new = sa.select(sa.bindparam("named", type_=Words()), asked.c.value, sa.literal_column("1"), sa.bindparam("at", type_=Utc()))
    statement = keep(dialect, sentence).from_select(["domain", "hash", "stories", "seen_at"], new.select_from(asked).where(sa.true()))
    more = sa.case((sa.or_(sentence.c.hash == TALLY, sentence.c.stories < MOST), sentence.c.stories + 1), else_=sentence.c.stories)
    statement = statement.on_conflict_do_update(
        index_elements=["domain", "hash"], set_={"stories": more, "seen_at": statement.excluded.seen_at}
    )
    return statement.returning(sentence.c.hash, sentence.c.stories)


def forget(conn: sa.Connection, domain: str, stories: Sequence[Collection[int]]) -> None:
    """These stories of an outlet are forgotten: each had these sentences."""
    rows = [{"named": domain, "told": one} for told in stories for one in sorted({*told} - {TALLY})]
    if rows:
        conn.execute(_FEWER, rows)
        conn.execute(sa.delete(sentence).where(_MINE, sentence.c.stories <= 0, sentence.c.hash != TALLY), {"named": domain})
        _learn(conn, domain)


def recount(conn: sa.Connection, domain: str) -> None:
    """Articles of an outlet went. Nobody knows which of them were counted, nor what a count that had reached ``MOST`` would be, so it is
    counted anew from the latest that stayed. What is learned keeps its count: it was cut out of the pages that came in since, whose
    stored texts cannot tell of it (repeated.without); when it is printed no more it is unlearned as ever."""
    learned = [_hash(one) for one in encode.profile(conn.execute(_PROFILE, {"named": domain}).scalar()).repeated]
    conn.execute(sa.delete(sentence).where(sentence.c.domain == domain, sentence.c.hash.not_in([TALLY, *learned])))
    counts, seen = Counter[int](), dict[int, datetime]()
    for row in conn.execute(_LATEST, {"named": domain}):
        if not row.again:
            told = {*counted_of(row.text)} - {TALLY, *learned}
            counts.update(told)
            seen = dict.fromkeys(told, row.fetched_at) | seen  # the latest come first
    if counts:
        rows = [{"domain": domain, "hash": one, "stories": min(counts[one], MOST), "seen_at": seen[one]} for one in sorted(counts)]
        conn.execute(sa.insert(sentence), rows)
    _learn(conn, domain)


def _learn(conn: sa.Connection, domain: str) -> None:
    """What is repeated stands in the outlet's profile, where it is read with every article; the counts are read here only."""
    counts = {_told(row.hash): row.stories for row in conn.execute(_COUNTS, {"named": domain})}
    profile = encode.profile(conn.execute(_PROFILE, {"named": domain}).scalar())
    known = frozenset(one for one, stories in counts.items() if stories >= STORIES or one in profile.repeated)
    if known != profile.repeated:
        conn.execute(_LEARNED, {"named": domain, "learned": encode.profile_json(replace(profile, repeated=known))})


def _told(value: int) -> str:
    """A hash as ``Profile.repeated`` has it."""
    return value.to_bytes(8, "big", signed=True).hex()


def _hash(told: str) -> int:
    return int.from_bytes(bytes.fromhex(told), "big", signed=True)
