"""Who took a text from whom: best parents and the origin of a family, reasoned from what is known of each pair. Pure.

A family is no cluster: every article is told the one text it most likely came from (two, when it was merged of two), and nothing follows
from a chain of such steps. Parents come earlier in one order of time for all (``order``), so that there are no cycles, whatever the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from typing import Final

from pipeline.model import Instant

EXPLAINED: Final = 0.90
"""From this share on a text is explained by one parent (bylines, trims and house style are the rest)."""
WORTH: Final = 0.10
"""The least share of a text that makes another its second parent: where `derived` begins."""
PIECE: Final = 60
"""Code points (ten words) of the shortest run that a second parent is believed for: what one alignment bridged, another may not have."""
RUNS: Final = 150
"""Code points that the second parent's own runs have to have together."""
MOST: Final = 0.50
"""The share of a text that is most of it."""
WHOLE: Final = 0.70
"""The share of a story that has to stand in a page that bundles stories."""
STATE: Final = 0.85
"""The share that makes a text a state of another, and not a part of it, as of a copy; below, every whole explains a part as well."""
AS_WELL: Final = 0.03
"""A difference of coverage that says nothing of where a text came from when it is asked whether a bundle is needed to explain it."""
ABSURD: Final = timedelta(days=365)
"""A date that lies so much before every other of the family's is a template's or a clock's. Background is used again after months."""
SKEW: Final = timedelta(minutes=5)
"""Clocks differ: an article may state a time that much after we first saw it."""
LOOKED_AT: Final = 6
"""How many texts are weighed as a second parent, those first that share nothing with the first one."""

STORIES: Final = 60
"""How many texts that stand in a page are looked at to tell whether it bundles stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article as far as families ask. ``agency``: named in its credit line, its dateline or at its head; ``origin``: the article that
    its canonical link leads to; ``origin_outlet``: the other outlet that the link names; ``seed``: it is watched for, nobody ran it."""

    id: int
    outlet: str | None
    outlet_name: str | None = None
    agency: str | None = None
    origin: int | None = None
    origin_outlet: str | None = None
    published: Instant | None = None
    first_seen: datetime
    seed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles that share text: which share of the own words of ``one`` stands in ``other``, and the other way round. ``all_one``,
    ``all_other``: of all words; ``row``: by which the passages are found; ``excerpt``: which of them is one of the other."""

    one: int
    other: int
    one_share: float
    other_share: float
    all_one: float
    all_other: float
    row: int
    excerpt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A parent, seen from the child: ``coverage``: the share of the child's own words that stand in it, ``other_coverage``: of its own in
    the child; ``all``: of all words of the child; ``row``: of the pair."""

    parent: int
    coverage: float
    other_coverage: float
    all: float
    row: int


Spans = Sequence[tuple[int, int]]


# ── time ──────────────────────────────────────────────────────────────────────────────────────────


def span(published: Instant) -> tuple[datetime, datetime]:
    """The first and the last moment at which something so dated came out: a day-only date is the whole day."""
    wide = {"day": timedelta(days=1), "minute": timedelta(minutes=1), "second": timedelta(0)}[published.precision]
    try:
        return published.at, published.at + wide
    except OverflowError:  # the last day there is
        return published.at, datetime.max.replace(tzinfo=UTC)


def dated(member: Member) -> bool:
    """Whether its date can be: it is there, and not after the article was first seen."""
    return member.published is not None and member.published.at <= member.first_seen + SKEW


def absurd(members: Iterable[Member]) -> frozenset[int]:
    """Those whose date lies before every other's by a margin that no story has."""
    dates = sorted((one.published.at, one.id) for one in members if one.published is not None and dated(one) and not one.seed)
    for place, (before, after) in enumerate(pairwise(dates)):
        if after[0] - before[0] <= ABSURD:
            return frozenset(number for _, number in dates[:place])
    return frozenset(number for _, number in dates[:-1])


def order(members: Iterable[Member]) -> dict[int, tuple[datetime, datetime, int]]:
    """When each was there at the latest, as keys of one order for all: at the end of its date, but no later than it was first seen; what
    states no date that can be believed, when it was first seen."""
    members = list(members)
    wrong = absurd(members)
    keys = {}
    for one in members:
        there = one.first_seen
        if one.published is not None and dated(one) and one.id not in wrong:
            there = min(span(one.published)[1], one.first_seen)
        keys[one.id] = (there, one.first_seen, one.id)
    return keys


# ── parents ───────────────────────────────────────────────────────────────────────────────────────


class Family:
    """What is known of a set of articles and their pairs. The order in which they are given changes nothing."""

    def __init__(self, members: Iterable[Member], pairs: Iterable[Pair]) -> None:
        self.members = {one.id: one for one in members}
        self.when = order(self.members.values())
        self._links: dict[int, dict[int, Link]] = {number: {} for number in self.members}
        self._excerpts: dict[int, set[int]] = {}
        for pair in sorted(pairs, key=lambda pair: pair.row):
            if pair.one == pair.other or pair.one not in self.members or pair.other not in self.members:
                continue
            self._link(pair.one, pair.other, pair.one_share, pair.other_share, pair.all_one, pair.row)
            self._link(pair.other, pair.one, pair.other_share, pair.one_share, pair.all_other, pair.row)
            if pair.excerpt is not None:
                self._excerpts.setdefault(pair.excerpt, set()).add(pair.other if pair.excerpt == pair.one else pair.one)
        self._bundles: dict[int, bool] = {}

    def _link(self, child: int, parent: int, share: float, back: float, all_: float, row: int) -> None:
        self._links[child][parent] = Link(parent=parent, coverage=share, other_coverage=back, all=all_, row=row)  # the later verdict holds

    def relatives(self, number: int) -> frozenset[int]:
        """The articles that it shares text with, seeds apart."""
        return frozenset(other for other in self._links[number] if not self.members[other].seed)

    def candidates(self, child: int) -> list[Link]:
        """The texts it may have come from, the likeliest first: the one that its page names; that explains most of its words; of which it
        is the closest state, of its own outlet before others; the earliest."""
        found = [link for link in self._links[child].values() if self._possible(child, link)]
        return sorted(found, key=lambda link: self._likely(child, link))

    def _possible(self, child: int, link: Link) -> bool:
        parent = self.members[link.parent]
        if parent.seed or self.when[parent.id] >= self.when[child]:
            return False
        return link.other_coverage >= MOST or not (self._bundle(parent.id) or self._goes_without(child, link))

    def _likely(self, child: int, link: Link) -> tuple[bool, float, float, bool, tuple[datetime, datetime, int]]:
        mine, parent = self.members[child], self.members[link.parent]
        state = link.other_coverage >= STATE
        close = round(link.other_coverage, 2) if state else 0.0
        ours = state and mine.outlet is not None and mine.outlet == parent.outlet
        return (mine.origin != parent.id, -round(link.coverage, 3), -close, not ours, self.when[parent.id])

    def _bundle(self, number: int) -> bool:
        """Whether it holds two other stories that have nothing to do with each other, each as its lesser part."""
        if number in self._bundles:
            return self._bundles[number]
        parts = [
            other
            for other, link in self._links[number].items()
            if link.coverage < MOST and link.other_coverage >= WHOLE and not self._excerpts.get(other, set()) - {number}
        ]
        apart = (other not in self._links[one] for one, other in combinations(sorted(parts)[:STORIES], 2))
        return self._bundles.setdefault(number, any(apart))

    def _goes_without(self, child: int, link: Link) -> bool:
        """Whether a text that is mostly something else is not needed: a seed stands in it, and explains the child as well."""
        for watched, mine in self._links[child].items():
            theirs = self._links[link.parent].get(watched)
            if theirs is None or not self.members[watched].seed:
                continue
            if theirs.coverage < MOST and theirs.other_coverage >= WORTH and mine.coverage >= link.coverage - AS_WELL:
                return True
        return False

    def asked(self, child: int) -> list[Link]:
        """The likeliest parent, then those that may be the second: their passages decide. [] for a root, one where one explains it."""
        found = self.candidates(child)
        if not found or found[0].coverage >= EXPLAINED:
            return found[:1]
        first, known = found[0], self._links[found[0].parent]
        rest = sorted((link for link in found[1:] if link.coverage >= WORTH), key=lambda link: link.parent in known)
        return [first, *rest[:LOOKED_AT]]

    def parents(self, child: int, passages: Mapping[int, Spans]) -> tuple[Link, ...]:
        """The best parent, and the second of a merged story. ``passages``: row of a pair → the spans of this text that are shared."""
        asked = self.asked(child)
        best, most = None, 0.0
        for link in asked[1:]:
            more = _beyond(passages.get(asked[0].row, ()), passages.get(link.row, ()), link.all)
            if more > most:
                best, most = link, more
        return (*asked[:1], *((best,) if best is not None and most >= WORTH else ()))


def _beyond(first: Spans, second: Spans, share: float) -> float:
    """The share of a text that the spans ``second`` explain (``share`` of it in all) and ``first`` does not."""
    total = sum(end - start for start, end in second)
    runs = [end - start for start, end in _without(second, first) if end - start >= PIECE]
    return share * sum(runs) / total if total and sum(runs) >= RUNS else 0.0


def _without(spans: Spans, taken: Spans) -> list[tuple[int, int]]:
    """What is left of spans when others are taken out of them."""
    left: list[tuple[int, int]] = []
    for start, end in spans:
        at = start
        for begin, stop in sorted(taken):
            if stop <= at or begin >= end:
                continue
            if begin > at:
                left.append((at, begin))
            at = max(at, stop)
        if at < end:
            left.append((at, end))
    return left
