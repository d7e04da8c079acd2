"""What an outlet does on its pages, learned story by story: the name around its titles, where its body and its byline stand.

Pure rules; the store keeps what they decide. Only different stories are counted (a reprint says nothing new). Something is relied on after
some stories, and no longer when it stopped or was found wrong: counts are bounded, so that years of one design do not outlast a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pipeline.model import Habit, Layout, Profile

PLACES: Final = 3  # stories in which a place was the same, for it to be relied on
AFFIXES: Final = 4  # stories that share an affix: a headline of three parts about a running subject shares one now and then
MOST: Final = 20  # no count grows beyond
GONE: Final = 12  # stories after which a place that was not met again is forgotten: a design of one page in so many is no habit
HELD: Final = 6  # habits of one sort that are remembered
DAY: Final = timedelta(days=1)  # a habit that is met daily need not be written daily more than once


def learned(profile: Profile, layout: Layout, now: datetime) -> Profile:
    """The profile after one more story; the same when there is nothing to be written."""
    bodies = _refuted(profile.bodies, layout.refuted)
    bodies = _met(bodies, (layout.container,) if layout.container else (), now, forget=bool(layout.container))
    bylines = _met(profile.bylines, (layout.byline,) if layout.byline else (), now, forget=bool(layout.byline))
    affixes = _met(_missed(profile.affixes, layout.affixes), layout.affixes, now, forget=True)
    known = [one for one in affixes if one.pages >= AFFIXES]
    places = [one.value for one in sorted(bylines, key=lambda one: (one.idle, -one.pages)) if one.pages >= PLACES]
    return replace(
        profile,
        pages=min(profile.pages + 1, MOST),
        affixes=affixes,
        bodies=bodies,
        bylines=bylines,
        title_affix=max(known, key=lambda one: (one.pages, -one.idle, one.value)).value if known else None,
        containers=tuple(one.value for one in sorted(bodies, key=lambda one: (one.idle, -one.pages)) if one.pages >= PLACES),
        byline=places[0] if places else None,
    )


def proven(profile: Profile) -> Profile:
    """The profile with what was met in several different stories only."""
    met = {name: tuple(one for one in getattr(profile, name) if one.pages >= PLACES) for name in ("affixes", "bodies", "bylines")}
    return replace(profile, affixes=met["affixes"], bodies=met["bodies"], bylines=met["bylines"])


def _refuted(habits: Sequence[Habit], wrong: str) -> tuple[Habit, ...]:
    """A place that held too little loses half of what spoke for it."""
    left = (replace(one, pages=one.pages // 2) if one.value == wrong else one for one in habits)
    return tuple(one for one in left if one.pages)


def _missed(habits: Sequence[Habit], there: Collection[str]) -> tuple[Habit, ...]:
    """An affix has to stand in most titles: the first word of a running subject stands in a few."""
    left = (one if one.value in there else replace(one, pages=one.pages - 1) for one in habits)
    return tuple(one for one in left if one.pages)


def _met(habits: Sequence[Habit], values: Collection[str], now: datetime, *, forget: bool) -> tuple[Habit, ...]:
    """``forget``: this page could have shown them all, and what it did not show has been idle for one story more."""
    there = {one.value for one in habits}
    kept = []
    for one in habits:
        if one.value in values:
            seen = now if now - one.seen >= DAY or one.pages < MOST or one.idle else one.seen
            kept.append(replace(one, pages=min(one.pages + 1, MOST), idle=0, seen=max(seen, one.seen)))
        elif not forget:
            kept.append(one)
        elif one.idle + 1 < GONE:
            kept.append(replace(one, idle=one.idle + 1))
    new = [Habit(value=value, pages=1, idle=0, since=now, seen=now) for value in dict.fromkeys(values) if value not in there]
    return tuple(sorted((*kept, *new), key=lambda one: (-one.pages, one.idle, one.since, one.value))[:HELD])
