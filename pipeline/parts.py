"""When the parts of a source are asked again: the children of its sitemap index. Pure rules; the store keeps what they decide.

What an index states of a child decides: an unchanged ``lastmod`` is not asked for. Where it states nothing (facts on The Moscow Times: one
file a month, addresses alone), the newest child of each series is asked at every poll, and the older ones rarely: after a day, and then
twice as long each time that nothing had changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.model import Candidate, Child, Instant, Part

FIRST_REST, LONGEST_REST = timedelta(days=1), timedelta(days=60)
LEARNED = "~"  # before what was found in a part, where its index states nothing

_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_APART = re.compile(_YEAR + r"[-_/.](1[0-2]|0?[1-9])(?:[-_/.](3[01]|[12]\d|0?[1-9]))?(?!\d)")
_TOGETHER = re.compile(_YEAR + r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?(?!\d)")
_QUERY = re.compile(
    r"[?&](?:yyyy|year|y)=((?:19|20)\d\d)(?:&(?:mm|month|m)=(1[0-2]|0?[1-9]))?(?:&(?:dd|day|d)=(3[01]|[12]\d|0?[1-9]))?(?!\d)"
)
_ALONE = re.compile(_YEAR + r"(?!\d)")


def period(url: str) -> tuple[datetime, datetime] | None:
    """The year, month or day that stands in an address, as its beginning and end (exclusive): ``…/2024-3.xml``, ``/2024/03/04/…``."""
    tail = url.partition("://")[2].partition("/")[2]
    for shape in (_QUERY, _APART, _TOGETHER, _ALONE):
        every = list(shape.finditer(f"/{tail}"))
        if every:  # the last one: /archive/2020/ may hold sitemap-2024-03.xml
            year, month, day = (int(part) if part else None for part in (*every[-1].groups(), None, None)[:3])
            return _span(year or 0, month, day)
    return None


def _span(year: int, month: int | None, day: int | None) -> tuple[datetime, datetime] | None:
    try:
        begin = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return begin, begin + timedelta(days=1)
    if month:
        return begin, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return begin, datetime(year + 1, 1, 1, tzinfo=UTC)


def dated(candidate: Candidate) -> datetime | None:
    """When an entry seems to be from: what it says of its publication, the day in its address, what it says of its last change."""
    if candidate.hints.published:
        return candidate.hints.published.at
    span = period(candidate.url)
    if span and span[1] - span[0] <= timedelta(days=1):
        return span[0]
    return candidate.hints.modified.at if candidate.hints.modified else None


# ── an index was read ─────────────────────────────────────────────────────────────────────────────


def listed(children: Iterable[Child], known: Mapping[str, Part], now: datetime, backfill: timedelta | None) -> list[Part]:
    """The parts whose memory an index changes: new ones, and those of which it states something else. ``backfill``: new ones that are
    wholly older are remembered and not asked, counted back from now or from the newest that the index names, if that is earlier.
    """
    children = list(children)
    cutoff = None
    if backfill is not None:
        cutoff = latest([(child.url, child.stated) for child in children], now) - backfill
    changed = []
    for child in children:
        part = known.get(child.url)
        if part is None:
            end = _until(child.url, child.stated)
            due = None if cutoff and end and end <= cutoff else now
            changed.append(Part(url=child.url, stated=child.stated, due_at=due))
        elif child.stated and child.stated != part.stated:
            changed.append(replace(part, stated=child.stated, due_at=now))
    return changed


def latest(named: Iterable[tuple[str, str | None]], now: datetime) -> datetime:
    """The newest moment that addresses and what is stated of them speak of: now, or earlier for a site that stopped."""
    return min(now, max((end for url, stated in named if (end := _until(url, stated))), default=now))


def _until(url: str, stated: str | None) -> datetime | None:
    """No entry of it can be younger than this."""
    if stated and not stated.startswith(LEARNED):
        try:
            instant = Instant.parse(stated)
        except ValueError:
            return None
        return instant.at + (timedelta(days=1) if instant.precision == "day" else timedelta(0))
    span = period(url)
    return span[1] if span else None


# ── what is due, and when again ───────────────────────────────────────────────────────────────────


def due(parts: Iterable[Part], now: datetime) -> list[Part]:
    """What is to be asked, never asked ones first, then the longest not asked."""
    waiting = [part for part in parts if part.due_at is not None and part.due_at <= now]
    return sorted(waiting, key=lambda part: (part.asked_at is not None, part.asked_at or now))


def newest(parts: Sequence[Part]) -> frozenset[str]:
    """Addresses of the newest of each series of parts of which nothing is stated: by the date in their name, by what they were found to
    hold, or else both ends of the series, as either may be where it grows.
    """
    series: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if not part.stated or part.stated.startswith(LEARNED):
            series[re.sub(r"\d+", "#", part.url)].append(part)
    found: set[str] = set()
    for members in series.values():
        by_name = {part.url: span[0] for part in members if (span := period(part.url))}
        if by_name:
            found |= {url for url, begin in by_name.items() if begin == max(by_name.values())}
            continue
        learned = {part.url: part.stated for part in members if part.stated}
        if learned:
            found |= {url for url, day in learned.items() if day == max(learned.values())}
        if len(learned) < len(members):
            ordered = sorted((part.url for part in members), key=_by_number)
            found |= {ordered[0], ordered[-1]} if not learned else {url for url in ordered if url not in learned}
    return frozenset(found)


def _by_number(url: str) -> list[tuple[int, str]]:
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"(\d+)", url)]


def asked(part: Part, now: datetime, *, changed: bool, entries: Sequence[Candidate] = ()) -> Part:
    """A part that was read just now, or was not modified: when it is due again, and what was learned of it."""
    read = replace(part, asked_at=now, failures=0, last_error=None)
    if part.stated and not part.stated.startswith(LEARNED):
        return replace(read, due_at=None)
    days = [day for entry in entries if (day := dated(entry))]
    if days:
        read = replace(read, stated=f"{LEARNED}{max(days):%Y-%m-%d}")
    rest = part.due_at - part.asked_at if part.due_at and part.asked_at else timedelta(0)
    rest = FIRST_REST if changed or rest < FIRST_REST else min(rest * 2, LONGEST_REST)
    return replace(read, due_at=now + rest)


def eager(parts: Sequence[Part], now: datetime) -> list[Part]:
    """The parts with the newest ones due, whatever their rest is (but for those that failed, which wait)."""
    first = newest(parts)
    return [replace(part, due_at=now) if part.url in first and part.asked_at and not part.failures else part for part in parts]
