"""`wirewatch run` against the press for simulated hours, its clock and ours moved together: every article published is stored once.

    python bench/simulated_hours.py [--hours 2] [--number 0]

The schedule is driven by hand, as APScheduler would drive it: tick(now) → next wake. While a tick waits on the simulated clock, that
clock goes at the pace of the real one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from machine import ROOT, Bars, Product, key, table

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import load
from pipeline.press import Press
from pipeline.schedule import Schedule

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
GRACE = timedelta(minutes=20)  # what was published in the last minute has that long to be polled: twice the default interval
LONGEST = 60.0  # seconds: APScheduler wakes at least that often too (a clock may jump)


async def tick(schedule: Schedule, clock: SimulatedClock, press: Press) -> datetime:
    """One tick, however long it takes; who sleeps on the clock meanwhile is woken in real time."""
    work = asyncio.ensure_future(schedule.tick(clock.now()))
    while not (await asyncio.wait({work}, timeout=0.5))[0]:
        if clock.next_wake is not None:
            clock.advance(0.5)
            press.advance(0.5)
    return await work


async def live(product: Product, press: Press, hours: float) -> int:
    """Runs until the hours and the grace are over. Returns how many ticks that took."""
    config = load(product.config, overrides={"database": {"url": f"sqlite:///{product.database}"}})
    clock, ticks = SimulatedClock(START), 0
    end = START + timedelta(hours=hours) + GRACE
    async with App.open(config, clock=clock) as app:
        schedule = Schedule(app)
        while clock.now() < end:
            wake = await tick(schedule, clock, press)
            ticks += 1
            step = min(max((wake - clock.now()).total_seconds(), 1.0), LONGEST)
            clock.advance(step)
            press.advance(step)
        await schedule.stop()  # as the daemon does: nothing is in flight when what it works with is put away
    return ticks


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--hours", type=float, default=2.0)
    words.add_argument("--number", type=int, default=0, help="which of its deterministic weeks the press prints")
    given = words.parse_args()
    bars = Bars(f"{given.hours:g} simulated hours against the press")
    with tempfile.TemporaryDirectory() as home, Press.start(ROOT / "seeds", start=START, number=given.number) as press:
        product = Product(Path(home), resolve={"*": f"127.0.0.1:{press.port}"}, seeds=ROOT / "seeds")
        product.sources([(source.name, source.kind, source.url) for source in press.sources])
        began = time.monotonic()
        ticks = asyncio.run(live(product, press, given.hours))
        took = time.monotonic() - began
        stored = Counter(key(row["url"]) for row in product.articles())
        end = START + timedelta(hours=given.hours)
        made = [one for one in press.made() if not isinstance(one.published, datetime) or one.published <= end]
        during = [one for one in made if isinstance(one.published, datetime) and one.published > START]
        times = {one.url: sum(stored[url] for url in {key(one.url), *map(key, one.aliases)}) for one in made}
        polls = Counter((entry.host, entry.path) for entry in press.log())
        feeds = [source for source in press.sources if source.kind == "feed"]
        table(
            [
                ("articles published until the end", len(made)),
                ("of them during the hours", len(during)),
                ("articles stored", sum(stored.values())),
                ("ticks", ticks),
                ("requests", sum(polls.values())),
                ("feeds", len(feeds)),
                ("real seconds", took),
            ]
        )
        lost, doubled = [url for url, count in times.items() if count == 0], [url for url, count in times.items() if count > 1]
        bars.hold("something was published during the hours", bool(during), len(during))
        bars.hold("nothing lost", not lost, f"{len(lost)} {lost[:5]}")
        bars.hold("nothing doubled", not doubled, f"{len(doubled)} {doubled[:5]}")
        return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
