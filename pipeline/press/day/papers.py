"""Who publishes in the world "day": how much, in which hours, and what is wrong with the server. Shares and rates are stated here.

Rates are lognormal (median 5 articles a weekday, the mean set to 17, then cut at 400): most papers publish a few a day, some hundreds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

MEAN, MEDIAN, MOST = 17.0, 5.0, 400.0  # articles a weekday: the mean over all papers, the median, the most
SIGMA = math.sqrt(2 * math.log(MEAN / MEDIAN))  # of a lognormal with this median and this mean
ZONES = (-8, -5, -5, -3, 0, 0, 1, 1, 1, 2, 3, 5.5, 8, 9, 10)  # hours east of UTC: where the papers are at home
BATCHED = 0.1  # of the papers put out what they have at the hour and at half past
NOISY = 0.4  # of the papers have something on their pages that changes though the article does not
NOISES = ("counter", "banner", "most-read", "shares", "related", "comments", "touched")
VALIDATORS = {"etag": 0.6, "both": 0.2, "modified": 0.1, "none": 0.1}
TTLS = (None, None, 60, 600, 600)  # minutes, as feeds state it: 600 stands in one that changes every few minutes
PLAIN = ""
# One kind of trouble a paper at most; each kind has this share of the papers, at least one where there are enough of them.
SHARE = 0.02
TROUBLES = (
    "down-retry-after", "down-503", "down-hangs-up", "down-429", "feed-down", "robots-down", "robots-part", "crawl-delay", "moved", "died",
    "dates-future", "dates-1970", "dates-zone", "dates-none", "dates-built", "fast",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From when until when a host (or one path of it) answers with ``status`` (0: it hangs up) and a Retry-After in seconds."""

    since: datetime
    until: datetime
    status: int
    retry_after: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One outlet. ``rate``: articles a weekday; ``zone``: hours east of UTC; ``entries``: of its feed; ``max_age``: seconds; ``ttl``:
    minutes; ``moved``: when its feed changed address, and how (301, or 410 with the new address on the front page); ``closed``: robots.txt
    disallows a section; ``retitles``: its feed follows an edit.
    """

    place: int
    host: str
    name: str
    rate: float
    zone: float
    entries: int
    batched: bool = False
    trouble: str = PLAIN
    noises: tuple[str, ...] = ()
    validators: str = "etag"
    max_age: int | None = None
    ttl: int | None = None
    retitles: bool = True
    robots: bool = True
    closed: bool = False
    crawl_delay: int | None = None
    dates: str = "right"
    outages: tuple[Outage, ...] = ()
    moved: tuple[datetime, int] | None = None
    template: int = 0
    beats: tuple[str, ...] = field(default=("news", "city", "business"))

    @property
    def feed(self) -> str:
        """The path of its feed as one learns it at first."""
        return ("/feed.xml", "/rss", "/news/rss.xml")[self.place % 3]

    @property
    def new_feed(self) -> str:
        """The path of its feed after it moved."""
        return "/rss/latest.xml"


def papers(count: int, start: datetime, hours: float, number: int, pace: float) -> list[Paper]:
    """``count`` papers. ``pace``: times as many articles."""
    chance = Random(f"papers {number}")  # noqa: S311 - invented news, not secrets
    drawn = [MEDIAN * math.exp(SIGMA * chance.gauss(0, 1)) for _ in range(count)]
    scale = MEAN * count / sum(drawn) * pace
    troubles = _troubles(count, chance)
    return [_paper(place, drawn[place] * scale, troubles.get(place, PLAIN), start, hours, chance) for place in range(count)]


def down(start: datetime) -> list[Paper]:
    """Four papers, each a day down from its second hour on, each in its own way."""
    since, until = start + timedelta(hours=1), start + timedelta(hours=25)
    ways = ((503, None), (503, 3600), (0, None), (429, None))
    return [
        Paper(
            place=place, host=_host(place), name=f"Paper {place + 1}", rate=60.0, zone=0, entries=20, trouble="down",
            outages=(Outage(since=since, until=until, status=status, retry_after=after),),
        )
        for place, (status, after) in enumerate(ways)
    ]  # fmt: skip


def _host(place: int) -> str:
    return f"outlet{place + 1:03}.example"


def _troubles(count: int, chance: Random) -> dict[int, str]:
    each = max(1, round(count * SHARE)) if count >= len(TROUBLES) else 0
    places = chance.sample(range(count), each * len(TROUBLES))
    return {place: TROUBLES[turn % len(TROUBLES)] for turn, place in enumerate(places)}


def _paper(place: int, rate: float, trouble: str, start: datetime, hours: float, chance: Random) -> Paper:
    draw = chance.random
    since = start + timedelta(seconds=round(3600 * hours * (0.1 + 0.45 * draw())))
    until = since + timedelta(seconds=round(3600 * hours * (0.06 + 0.19 * draw())))
    return Paper(
        place=place,
        host=_host(place),
        name=f"{_NAMES[place % len(_NAMES)]} {_TITLES[place // len(_NAMES) % len(_TITLES)]}",
        rate=min(MOST, max(rate, 150.0 if trouble == "fast" else 8.0 if trouble else 0.0)),
        zone=chance.choice(ZONES),
        entries=10 if trouble == "fast" else chance.randint(10, 30),
        batched=draw() < BATCHED and trouble != "fast",
        trouble=trouble,
        noises=tuple(chance.sample(NOISES, chance.randint(1, 2))) if draw() < NOISY else (),
        validators=chance.choices(list(VALIDATORS), list(VALIDATORS.values()))[0],
        max_age=chance.choice((60, 300, 600)) if draw() < 0.4 else None,
        ttl=chance.choice(TTLS),
        retitles=draw() < 0.6,
        robots=draw() < 0.9 or trouble.startswith(("robots", "crawl")),
        closed=trouble == "robots-part",
        crawl_delay=chance.choice((5, 10, 20)) if trouble == "crawl-delay" else None,
        dates=trouble.removeprefix("dates-") if trouble.startswith("dates-") else "right",
        outages=_outages(trouble, start, since, until),
        moved=(since, 301 if trouble == "moved" else 410) if trouble in ("moved", "died") else None,
        template=chance.randrange(3),
    )


def _outages(trouble: str, start: datetime, since: datetime, until: datetime) -> tuple[Outage, ...]:
    match trouble:
        case "down-retry-after":
            return (Outage(since=since, until=until, status=503, retry_after=900),)
        case "down-503":
            return (Outage(since=since, until=until, status=503),)
        case "down-hangs-up":
            return (Outage(since=since, until=until, status=0),)
        case "down-429":
            return (Outage(since=since, until=since + (until - since) / 4, status=429, retry_after=600),)
        case "feed-down":
            return (Outage(since=since, until=until, status=500, path="feed"),)
        case "robots-down":
            return (Outage(since=start, until=start + min(timedelta(hours=1), until - since), status=503, path="/robots.txt"),)
    return ()


_NAMES = (
    "Aldermere", "Barrowick", "Bellhaven", "Braemouth", "Cairnstow", "Castelmonte", "Dunvarra", "Elmsworth", "Farrowdale", "Fennick",
    "Glenporth", "Grantley", "Hallowfield", "Hexley", "Innerwick", "Kastrava", "Kilbrannan", "Langdorf", "Lindholm", "Marrowby",
)  # fmt: skip
_TITLES = ("Courier", "Herald", "Post", "Observer", "Telegraph", "Mercury", "Echo", "Sentinel", "Tribune", "Argus", "Advertiser", "Star")
