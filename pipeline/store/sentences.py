"""What an outlet prints in many different stories, learned sentence by sentence, and forgotten when it stops.

A lossy count (Manku, Motwani, "Approximate frequency counts over data streams", VLDB 2002) an outlet: after every ROUND stories all counts
are lowered by one, and what falls to nothing goes. So what stands in fewer than one story in ROUND never grows, an outlet has at most some
ROUND x 40 rows (repeated.py counts no more sentences of a text), and what is no longer printed is unlearned after some 200 stories.
Only stories count: who told this story before is asked by the flow (match/retold.py). Inside the caller's transaction, in which the
outlet's row was written first, so that no other one counts for it at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

import sqlalchemy as sa

from pipeline.store import encode
from pipeline.store.schema import each, given, keep_last, outlet, sentence

STORIES: Final = 5
"""In so many different stories a sentence has become the outlet's own. Two or three stories of one running subject share a sentence of
background, and lose little when it is masked: it is masked in both texts; an appeal or a note on the paper is in nearly all."""

MOST: Final = 6  # no count grows beyond: what stood in a thousand stories is unlearned as fast as what stood in six
KEPT: Final = 3  # a learned sentence stays so down to this count, so that it does not come and go from round to round
ROUND: Final = 50  # stories of an outlet after which its counts are lowered: of what stands in one story in 25 or more, all is found
TALLY: Final = 0  # the row of this hash holds no sentence: how many stories were counted in this round

_MINE: Final = sentence.c.domain == sa.bindparam("named")
_PROFILE: Final = sa.select(outlet.c.profile).where(outlet.c.domain == sa.bindparam("named"))
_PROFILES: Final = sa.select(outlet.c.domain, outlet.c.profile).where(
    outlet.c.domain.in_(sa.bindparam("domains", expanding=True)), outlet.c.profile.is_not(None)
)
_LEARNED: Final = sa.update(outlet).where(outlet.c.domain == sa.bindparam("named")).values(profile=sa.bindparam("learned"))
_COUNTS: Final = sa.select(sentence.c.hash, sentence.c.stories).where(_MINE, sentence.c.stories >= KEPT, sentence.c.hash != TALLY)
_SEEN_ONCE: Final = sa.delete(sentence).where(_MINE, sentence.c.stories <= 1, sentence.c.hash != TALLY)
_LOWERED: Final = sa.update(sentence).where(_MINE, sentence.c.hash != TALLY).values(stories=sentence.c.stories - 1)
_FEWER: Final = sa.update(sentence).where(_MINE, sentence.c.hash == sa.bindparam("told")).values(stories=sentence.c.stories - 1)


def repeated(conn: sa.Connection, rows: Collection[encode.Row]) -> Callable[[encode.Row], frozenset[str]]:
    """Of versions (rows with ``outlet`` and their article's ``seed``): what the outlet of each is known to repeat, which is nothing to a
    seed."""
    named = sorted({row["outlet"] for row in rows if row["seed"] is None and row["outlet"]})
    asked = conn.execute(_PROFILES, {"domains": named}) if named else ()
    known = {row.domain: encode.profile(row.profile).repeated for row in asked}
    return lambda row: frozenset() if row["seed"] is not None else known.get(row["outlet"], frozenset())


def count(conn: sa.Connection, domain: str, told: Sequence[int], now: datetime) -> None:
    """An outlet prints a story that is new to it, with these sentences (by their hashes)."""
    asked = sorted({*told} - {TALLY})
    if not asked:
        return
    there = _counts(conn, domain, [TALLY, *asked])
    tally = there.get(TALLY, 0) + 1
    figures = {TALLY: tally % ROUND} | {one: min(there.get(one, 0) + 1, MOST) for one in asked}
    rows = [{"domain": domain, "hash": one, "stories": stories, "seen_at": now} for one, stories in figures.items()]
    conn.execute(keep_last(conn.dialect.name, sentence, ("domain", "hash"), ("stories", "seen_at")), rows)
    if tally >= ROUND:
        conn.execute(_SEEN_ONCE, {"named": domain})
        conn.execute(_LOWERED, {"named": domain})
    if tally >= ROUND or any(there.get(one, 0) == STORIES - 1 for one in asked):
        _learn(conn, domain)


def forget(conn: sa.Connection, domain: str, stories: Sequence[Collection[int]]) -> None:
    """These stories of an outlet are forgotten: each had these sentences."""
    rows = [{"named": domain, "told": one} for told in stories for one in sorted({*told} - {TALLY})]
    if rows:
        conn.execute(_FEWER, rows)
        conn.execute(sa.delete(sentence).where(_MINE, sentence.c.stories <= 0, sentence.c.hash != TALLY), {"named": domain})
        _learn(conn, domain)


def _counts(conn: sa.Connection, domain: str, hashes: Sequence[int]) -> dict[int, int]:
    rows = conn.execute(_asking(conn.dialect.name), {"named": domain, "hashes": given(conn, hashes)})
    return {row.hash: row.stories for row in rows}


@cache
def _asking(dialect: str) -> sa.Select[tuple[int, int]]:
    asked = each(dialect, "hashes")
    return sa.select(sentence.c.hash, sentence.c.stories).join_from(asked, sentence, sentence.c.hash == asked.c.value).where(_MINE)


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
