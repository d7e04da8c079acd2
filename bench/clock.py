"""A clock that is set by two hours and by thirty days, forward and back, and four changes to and from summer time in three zones: no gap
above twice the interval, no burst.

    python bench/clock.py [--sources 200] [--every 10m]

On a simulated clock, in one process, against the loopback web; for summer time the process is put into the zone, and the clock runs
over the change. A burst: more requests in a minute than twice what an even spread gives, once the first round is over.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from machine import Bars, Loopback, Product, rss, table

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import duration, load
from pipeline.schedule import Schedule

HOUR, DAY = 3600.0, 86_400.0
ROUNDS = 3.0  # intervals before the clock is set, and as many after
JUMPS = {"+2 h": 2 * HOUR, "-2 h": -2 * HOUR, "+30 d": 30 * DAY, "-30 d": -30 * DAY}
# an hour before each change (UTC)
CHANGES = (
    ("America/New_York", datetime(2026, 3, 8, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 5, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, tzinfo=UTC)),
)


async def live(product: Product, web: Loopback, start: datetime, every: float, jump: float, first: float) -> dict[str, list[float]]:
    """Lives through it. → each host's polls, in seconds that only grow. The sources begin one after the other, within ``first`` seconds."""
    config = load(product.config, overrides={"database": {"url": product.url}}, environ={})
    clock, asked = SimulatedClock(start), defaultdict[str, list[float]](list)
    async with App.open(config, clock=clock) as app:
        everything = app.flow.sources
        names, schedule, jumped = list(everything), Schedule(app), False
        while clock.monotonic() < 2 * ROUNDS * every:
            share = min(1.0, (clock.monotonic() + 1) / first)
            app.flow.sources = {name: everything[name] for name in names[: max(1, round(len(names) * share))]}
            web.clear_log()
            wake = await schedule.tick(clock.now())
            await schedule.settled()
            for hit in web.log():
                if hit.path == "/rss":
                    asked[hit.host].append(clock.monotonic())
            step = min(max((wake - clock.now()).total_seconds(), 1.0), 60.0, first / len(names) if share < 1 else 60.0)
            if not jumped and clock.monotonic() >= ROUNDS * every:
                jumped = True
                clock.jump(jump)
            clock.advance(step)
    return asked


def judge(asked: dict[str, list[float]], every: float, count: int) -> tuple[int, float, int, float]:
    """→ polls, the longest gap in intervals, the most polls in a minute after the first round, and what an even spread would give."""
    gaps = [later - earlier for moments in asked.values() for earlier, later in itertools.pairwise(moments)]
    ends = [2 * ROUNDS * every - moments[-1] for moments in asked.values()]
    minutes = Counter(int(moment // 60) for moments in asked.values() for moment in moments if moment >= every)
    return sum(map(len, asked.values())), max(gaps + ends) / every, max(minutes.values()), count * 60 / every


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sources", type=int, default=200)
    words.add_argument("--every", default="10m")
    given = words.parse_args()
    every = duration(given.every).total_seconds()
    bars = Bars(f"{given.sources} sources, asked every {given.every}; the clock is set, or summer time begins or ends")
    cases = [(f"set by {name}", "UTC", datetime(2026, 3, 2, 6, tzinfo=UTC), jump) for name, jump in JUMPS.items()]
    for zone, near in CHANGES:
        before, after = (near.astimezone(ZoneInfo(zone)).utcoffset(), (near + timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset())
        assert before != after, zone
        hours = [f"{moment.total_seconds() / 3600:+g}" for moment in (before, after) if moment is not None]
        cases.append((f"{zone}, {' to '.join(hours)}", zone, near + timedelta(hours=1) - timedelta(seconds=ROUNDS * every), 0.0))
    rows, longest, bursts, least = [], 0.0, 0.0, 99.0
    with Loopback() as web:
        names = [f"paper{number:03}.example" for number in range(given.sources)]
        for name in names:
            web.feed(f"http://{name}/rss", rss(f"http://{name}/rss", []))
        for what, zone, start, jump in cases:
            os.environ["TZ"] = zone
            time.tzset()
            with tempfile.TemporaryDirectory() as home:
                product = Product(Path(home), resolve={"*": web.address})
                product.sources([(name, "feed", f"http://{name}/rss") for name in names], more=f'every = "{given.every}"')
                asked = asyncio.run(live(product, web, start, every, jump, every * 0.9))
            polls, gap, most, even = judge(asked, every, len(names))
            rows.append((what, polls, gap, most, even))
            longest, bursts, least = max(longest, gap), max(bursts, most / even), min(least, polls / len(names))
        table(rows, head=("what", "polls", "longest gap, intervals", "most in a minute", "evenly"))
    bars.hold("no gap above twice the interval", longest <= 2, f"{longest:.2f}")
    bars.hold("no burst: at most twice an even spread in any minute", bursts <= 2, f"{bursts:.2f}")
    bars.hold("asked as often as it should be", least >= 2 * ROUNDS - 1.2, f"{least:.2f} of {2 * ROUNDS:g}")
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
