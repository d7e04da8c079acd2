"""What the papers of the world "day" publish and what becomes of it: the process that the bench states.

An inhomogeneous Poisson process for each paper: its rate × the hour of its own day × .5 at weekends × bursts (two hours in a hundred begin
one: four times the rate for an hour, twice for the next). 13 % of the articles are edited, after a time that is exponential with a mean of
two hours (in a short world a twelfth of it) and at least five minutes; one in ten of those a second time. One in 150 is withdrawn
(in a world of less than a day more, so that some are).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from pipeline.press.day.papers import Paper

RHYTHM = (2, 1.5, 1, 1, 1.5, 3, 5, 7, 9, 10, 10, 10, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4, 3.5, 2.5)  # of an hour of the local day, relative
MEAN_RHYTHM = sum(RHYTHM) / 24
WEEKEND = 0.5
BURST, BURSTS = 0.02, (4.0, 2.0)
EDITED, EDITED_AGAIN = 0.13, 0.1
EDITED_AFTER = 2.0  # hours, the mean
APART = timedelta(minutes=100)  # between two edits of one article: who looks in between can tell them apart
CLASSES = {"headline": 0.22, "figures": 0.2, "correction": 0.13, "addition": 0.25, "cut": 0.1, "rewrite": 0.1}
WITHDRAWN = 1 / 150
BEFORE = timedelta(hours=72)  # what the feeds hold at the start came out in these days
LIVE = 60  # one live blog to so many papers, at least one
LIVE_EVERY = (4, 8)  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of an article. ``kind``: headline, figures, correction, addition, cut, rewrite; live for a live blog that grew."""

    at: datetime
    kind: str


@dataclass(slots=True, kw_only=True)
class Story:
    """One article of one paper. ``withdrawn``: when, and what its page answers from then on; ``closed``: robots.txt disallows it."""

    paper: Paper
    number: int
    published: datetime
    section: str
    live: bool = False
    closed: bool = False
    edits: tuple[Edit, ...] = ()
    withdrawn: tuple[datetime, int] | None = None

    def edition(self, now: datetime) -> int:
        """How many edits it has seen by then."""
        return bisect_right(self.edits, now, key=lambda edit: edit.at)


def stories(paper: Paper, start: datetime, hours: float, number: int) -> list[Story]:
    """What one paper publishes, oldest first."""
    chance = Random(f"stories {number} {paper.place}")  # noqa: S311 - invented news, not secrets
    moments = _moments(paper, start - BEFORE, start + timedelta(hours=hours), chance)
    return [_story(paper, place, at, start, hours, chance) for place, at in enumerate(moments)]


def live_blog(paper: Paper, place: int, start: datetime, hours: float, number: int) -> Story:
    """A story of one paper that grows for most of the day."""
    chance = Random(f"live {number} {paper.place}")  # noqa: S311 - invented news, not secrets
    at = start + timedelta(hours=hours * (0.05 + 0.2 * chance.random()))
    end, now, edits = at + timedelta(hours=hours * 0.6), at, []
    while (now := now + timedelta(minutes=chance.uniform(*LIVE_EVERY))) < end:
        edits.append(Edit(at=now.replace(microsecond=0), kind="live"))
    return Story(paper=paper, number=place, published=at.replace(microsecond=0), section="live", live=True, edits=tuple(edits))


def _story(paper: Paper, place: int, at: datetime, start: datetime, hours: float, chance: Random) -> Story:
    story = Story(paper=paper, number=place, published=at, section=chance.choice(paper.beats))
    story.closed = paper.closed and chance.random() < 0.25
    if at >= start and not story.closed:
        if chance.random() < EDITED:
            story.edits = tuple(_edits(at, min(EDITED_AFTER, hours / 12), chance))
        elif chance.random() < WITHDRAWN * (1.0 if hours >= 24 else 72 / hours) / (1 - EDITED):
            story.withdrawn = at + timedelta(seconds=chance.randint(90, 900) * round(hours)), chance.choice((404, 410, 410))
    return story


def _edits(at: datetime, mean: float, chance: Random) -> Iterator[Edit]:
    kinds, weights = list(CLASSES), list(CLASSES.values())
    first = at + timedelta(hours=max(1 / 12, chance.expovariate(1 / mean)))
    yield Edit(at=first.replace(microsecond=0), kind=chance.choices(kinds, weights)[0])
    if chance.random() < EDITED_AGAIN:
        later = first + APART + timedelta(hours=chance.expovariate(1 / mean))
        yield Edit(at=later.replace(microsecond=0), kind=chance.choices(kinds, weights)[0])


def _moments(paper: Paper, since: datetime, until: datetime, chance: Random) -> list[datetime]:
    found: set[datetime] = set()
    hour, burst = since.replace(minute=0, second=0, microsecond=0), list[float]()
    while hour < until:
        if not burst and chance.random() < BURST:
            burst = list(BURSTS)
        local = hour + timedelta(hours=paper.zone)
        rate = (
            paper.rate
            / 24
            * RHYTHM[local.hour]
            / MEAN_RHYTHM
            * (WEEKEND if local.weekday() >= 5 else 1.0)
            * (burst.pop(0) if burst else 1.0)
        )
        for _ in range(_poisson(rate, chance)):
            second = chance.randrange(3600)
            found.add(hour + timedelta(seconds=second // 1800 * 1800 + second % 20 if paper.batched else second))
        hour += timedelta(hours=1)
    return sorted(found)


def _poisson(mean: float, chance: Random) -> int:
    """Knuth's; the means are small."""
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
