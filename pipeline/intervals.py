"""When a source is asked again: learned from how much it brings and from the hours at which it publishes. Pure rules; the store keeps them.

What is expected is a rate of new entries for each hour of the day, weekdays and weekends apart, times what the last hours were like. A
poll is worth it when what came out since the last one has waited enough in sum. Where a wait counts by its length, that makes the
interval the inverse square root of the rate, which is what makes the mean delay smallest for a number of requests (the delay costs
r·interval/2, the requests 1/interval; Cho and Garcia-Molina 2003, "Effective page refresh policies for Web crawlers", show why neither
equal nor proportional shares do); here long waits count more than by their length, so that the last articles do not pay for the
median. Before all that, successive polls must overlap: of what a feed shows, no more than a third may be new.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.model import Candidate, Learned, Response, Source

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = timedelta(minutes=10)  # between two polls of a source of which nothing is known
PATIENCE = timedelta(minutes=3)  # a wait of so long costs twice what it takes: long ones hurt more
WAIT = 0.09  # article-hours, as PATIENCE counts them, that are worth a request: tuned with bench/intervals.py, numbers 0 to 4
OVERLAP = 1 / 3  # of the entries shown, at most so many may be new
SHOWN = 15  # entries, where it is not known: the fewest that feeds of papers commonly show
_FIRST, _PATIENCE = FIRST / HOUR, PATIENCE / HOUR
PRIOR_RATE = WAIT / (_FIRST**2 / 2 + _FIRST**3 / 3 / _PATIENCE)  # entries an hour of a source nobody knows: then FIRST is its interval,
PRIOR = 0.5  # and for how many entries that counts
SHAPE = 2.0  # expected entries of an hour that weigh as much as "every hour is alike"
NOW = 3.0  # expected entries that weigh as much as "today is as always"
LEAST, MOST = 0.25, 6.0  # today may be so much of what is usual
LATELY = timedelta(hours=2)  # what the last hours were like is forgotten by then (1/e),
LONG = timedelta(days=14)  # and what is usual by then: a fortnight has four weekend days
TOLD_MOST = timedelta(hours=48)  # what the dates of a first poll say counts as if it had been watched for so long at most
TOLD_SHARE = 0.8  # of the entries, the newest: a pinned one from last year says nothing of this week
TOLD_BACK = timedelta(days=14)
AHEAD = timedelta(minutes=5)  # a date so far in the future is of a clock that goes wrong
ALONE = 3.0  # entries that weigh as much as "nobody else has what this has"
HINT_MOST = timedelta(minutes=30)  # what a feed states of itself is believed up to there: many state a day and change in minutes
FRESH_MOST = timedelta(hours=1)  # the longest that an answer is believed to stay fresh, and
FRESH_TIMES = 2  # never more than so many times the interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between which the interval of a source without ``every`` is learned."""

    fastest: timedelta = timedelta(minutes=2)
    slowest: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What a poll brought. ``shown``: entries that were offered, 0 when nothing was modified; ``dates``: when they say they were published,
    to the minute; ``fresh``: not met before; ``alone``: those that nobody else had; ``hint``: see ``Learned``; ``first``: of the source."""

    shown: int = 0
    dates: tuple[datetime, ...] = ()
    fresh: int = 0
    alone: int = 0
    hint: timedelta | None = None
    first: bool = False


# ── what is known of a source ─────────────────────────────────────────────────────────────────────


def learn(known: Learned | None, brought: Yield, now: datetime) -> Learned:
    """What is known after a poll."""
    if known is None or brought.first:
        begun = _begun(brought, now)
        kept = ("took", "told", "probed_at", "searched_at")
        return replace(begun, **{name: getattr(known, name) for name in kept}) if known else begun
    hint = brought.hint if brought.shown else known.hint
    known = replace(known, shown=brought.shown or known.shown, hint=hint)
    if now <= known.at:  # a clock set back, or a further answer of one poll: no time passed
        return _came(replace(known, at=now), brought, now, {_place(now): float(brought.fresh)})
    begin = known.at
    inside = sorted(date for date in brought.dates if begin < date <= now)[: brought.fresh]
    if brought.fresh and brought.fresh >= brought.shown and inside:  # there was more than it shows: only what is seen was watched
        begin = inside[0]
    hours = max((now - begin) / HOUR, 1 / 3600)
    places = {_place(at): 0.0 for at, _ in _hours(begin, now)}
    for date in inside:
        places[_place(date)] = places.get(_place(date), 0.0) + 1
    for at, length in _hours(begin, now):
        places[_place(at)] += (brought.fresh - len(inside)) * length / hours
    usual = rates(known)
    expected = sum(usual[_place(at)] * length for at, length in _hours(begin, now))
    quiet = sum(usual[_place(at)] * length for at, length in _hours(known.at, now)) * known.usual / _usual(known)
    long, lately = math.exp(-((now - known.at) / LONG)), math.exp(-((now - known.at) / LATELY))
    aged = replace(
        known,
        at=now,
        counts=tuple(one * long for one in known.counts),
        hours=tuple(one * long for one in known.hours),
        met=known.met * long,
        alone=known.alone * long,
        lately=known.lately * lately,
        expected=known.expected * lately + expected,
        quiet=known.quiet + quiet,
    )
    return _came(_watched(aged, begin, now, 1.0), brought, now, places)


def _begun(brought: Yield, now: datetime) -> Learned:
    """What a first poll tells by the dates of its entries. Dates in the future, or nearly all alike, tell nothing."""
    known = Learned(at=now, shown=brought.shown, hint=brought.hint)
    past = sorted((date for date in brought.dates if date <= now + AHEAD), reverse=True)
    if len(past) < 3 or len({date.replace(second=0, microsecond=0) for date in past}) * 2 < brought.shown:
        return known
    past = [date for date in past[: math.ceil(len(past) * TOLD_SHARE)] if date >= now - TOLD_BACK]
    begin = min(past[-1], now - MINUTE) if past else now - TOLD_BACK  # nothing for a fortnight is something told, too
    scale = min(1.0, TOLD_MOST / (now - begin))
    counts = list(known.counts)
    for date in past:
        counts[_place(date)] += scale
    known = _watched(replace(known, counts=tuple(counts)), begin, now, scale)
    return replace(known, usual=_usual(known), fresh_at=min(past[0], now) if past else None)


def _came(known: Learned, brought: Yield, now: datetime, places: dict[int, float]) -> Learned:
    """``places``: how many came in which hours."""
    if not brought.fresh:
        return known
    counts = list(known.counts)
    for place, count in places.items():
        counts[place] += count
    known = replace(
        known,
        counts=tuple(counts),
        lately=known.lately + brought.fresh,
        seen=known.seen + brought.fresh,
        met=known.met + brought.fresh,
        alone=known.alone + brought.alone,
        fresh_at=now,
        quiet=0.0,
    )
    return replace(known, usual=_usual(known))


def rates(known: Learned) -> tuple[float, ...]:
    """Entries an hour that are usual, in the places of ``Learned.counts``. A weekend is as the week, on the level that all weekends had,
    until its own hours are known."""
    usual = _usual(known)
    week = [_bent(known, usual, hour, 0, 1.0) for hour in range(24)]
    expected = usual * sum(shape * watched for shape, watched in zip(week, known.hours[24:], strict=True))
    level = (SHAPE + sum(known.counts[24:])) / (SHAPE + expected)
    weekend = [_bent(known, usual, hour, 24, week[hour] * level) for hour in range(24)]
    return tuple(usual * shape for shape in (*week, *weekend))


def today(known: Learned) -> float:
    """How much more or less than usual came in the last hours."""
    return min(max((NOW + known.lately) / (NOW + known.expected), LEAST), MOST)


def _usual(known: Learned) -> float:
    return (sum(known.counts) + PRIOR) / (sum(known.hours) + PRIOR / PRIOR_RATE)


def _bent(known: Learned, usual: float, hour: int, offset: int, otherwise: float) -> float:
    """How much more or less than the mean is usual at an hour: with its neighbours, as nobody publishes by the clock."""
    count = watched = 0.0
    for near, share in ((-1, 0.25), (0, 0.5), (1, 0.25)):
        place = offset + (hour + near) % 24
        count += share * known.counts[place]
        watched += share * known.hours[place]
    return (SHAPE * otherwise + count) / (SHAPE + usual * watched)


def _watched(known: Learned, begin: datetime, end: datetime, share: float) -> Learned:
    hours = list(known.hours)
    for at, length in _hours(begin, end):
        hours[_place(at)] += length * share
    return replace(known, hours=tuple(hours))


def _place(at: datetime) -> int:
    """0 to 23: the hour of a weekday in UTC, 24 to 47: of a weekend's. An outlet keeps its own rhythm wherever it is."""
    at = at.astimezone(UTC)
    return at.hour + (24 if at.weekday() >= 5 else 0)


def _hours(begin: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
    """The hours of the clock between two moments, a fortnight at most: when each begins to count, and for how long (hours)."""
    at = max(begin, end - LONG).astimezone(UTC)
    while at < end:
        following = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, end)
        yield at, (following - at) / HOUR
        at = following


# ── when to look again ────────────────────────────────────────────────────────────────────────────


def interval(known: Learned, now: datetime, bounds: Bounds, *, beside: bool = False) -> timedelta:
    """How long from ``now`` until the next poll, between the bounds: until what is expected to come out is worth it, or would be a third of
    what is shown. What it states itself counts only while nothing was learned. ``beside``: only what nobody else has is worth it."""
    if known.hint is not None and not known.seen and not any(known.counts):
        return _within(max(FIRST, min(known.hint, HINT_MOST)), bounds)
    factor, most = today(known), max((known.shown or SHOWN) * OVERLAP, 1.0)
    own = (ALONE + known.alone) / (ALONE + known.met) if beside else 1.0
    usual = rates(known)
    come = waited = squared = passed = 0.0
    for at, length in _hours(now, now + bounds.slowest):
        speed = usual[_place(at)] * factor
        full = min(_worth(come, waited, squared, speed, length, WAIT / own), (most - come) / speed)
        if full < length:
            return _within(timedelta(hours=passed + full), bounds)
        squared += 2 * (waited * length + come * length**2 / 2 + speed * length**3 / 6)
        waited += come * length + speed * length**2 / 2
        come += speed * length
        passed += length
    return _within(bounds.slowest, bounds)


def _worth(come: float, waited: float, squared: float, speed: float, length: float, enough: float) -> float:
    """After how many hours, ``length`` at most, what came has waited enough. ``come``: entries, ``waited``, ``squared``: the sums of
    their waits and of the squares of these, ``speed``: how many come an hour."""

    def cost(t: float) -> float:
        linear = waited + come * t + speed * t * t / 2
        return linear + (squared + 2 * (waited * t + come * t * t / 2 + speed * t**3 / 6)) / _PATIENCE

    if cost(length) < enough:
        return length
    low, high = 0.0, length
    for _ in range(14):  # to a quarter of a second
        middle = (low + high) / 2
        low, high = (middle, high) if cost(middle) < enough else (low, middle)
    return high


def _within(length: timedelta, bounds: Bounds) -> timedelta:
    return max(min(length, bounds.slowest), min(bounds.fastest, bounds.slowest))


def next_look(source: Source, known: Learned, now: datetime, bounds: Bounds, response: Response | None) -> tuple[timedelta, datetime]:
    """→ the interval as it was decided, and when the source is due: with a little chance, and not while its answer is fresh.
    ``every`` is never undercut by a tenth, and only what the server says of its answer makes it longer."""
    length = source.every or interval(known, now, bounds, beside=source.kind in ("sitemap", "page"))
    if source.every is None and source.kind in ("files", "warc"):
        length = FIRST
    wait = jittered(length, source.name, now)
    if response is not None and (fresh := stays_fresh(response)) is not None:
        wait = max(wait, min(fresh, FRESH_MOST, FRESH_TIMES * length))
    return length, now + wait


def jittered(length: timedelta, name: str, now: datetime) -> timedelta:
    """0.9 to 1.0 of it, so that sources do not march in step: the same each time for a source and a moment."""
    return length * (0.9 + 0.1 * zlib.crc32(f"{name} {now.timestamp()}".encode()) / 2**32)


def stays_fresh(response: Response) -> timedelta | None:
    """For how long asking again would give the same answer, as its sender says (RFC 9111 §4.2.1): max-age less Age, else Expires less
    Date. None where nothing or nonsense is said."""
    control = {name.strip().lower(): value.strip(' "') for name, _, value in _directives(response.header("cache-control") or "")}
    if "no-store" in control or "no-cache" in control:
        return None
    age = _number(response.header("age")) or 0
    if (most := _number(control.get("max-age"))) is not None:
        return timedelta(seconds=most - age) if most > age else None
    expires, date = _date(response.header("expires")), _date(response.header("date")) or response.fetched_at
    return expires - date if expires and expires > date else None


def _directives(value: str) -> Iterator[tuple[str, str, str]]:
    for directive in value.split(","):
        yield directive.partition("=")


def _number(text: str | None) -> int | None:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else None


def _date(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def to_the_minute(candidates: Sequence[Candidate]) -> tuple[datetime, ...]:
    """When entries say that they were published, of those that say more than the day."""
    return tuple(one.hints.published.at for one in candidates if one.hints.published and one.hints.published.precision != "day")
