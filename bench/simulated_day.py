"""`wirewatch run` against generated papers for a simulated day: fresh, polite, and never the one that missed it.

    python bench/simulated_day.py [--outlets 300] [--hours 24] [--number 0] [--fixed MINUTES] [--warm HOURS] [--limit MINUTES]
        [--small] [--without-down] [--keep DIR]

The papers and what they publish are those of the press's world "day" (bench/README.md states the process). Everything is judged from the
press's own truth and log and from the rows of the database. Numbers below 10 are for tuning, 10 and above for reporting. A second run has
four papers that are each down for a day in another way. ``--small``: less of everything, for the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from day_judge import FIVE, LONG_ENOUGH, MINUTE, Day, median, quantile
from machine import Bars, Product, table
from simulation import Loop, Simulation, counted

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import load
from pipeline.press import Press
from pipeline.schedule import Schedule

GRACE = 1.0  # hours that the run goes on after the last article that counts
DELAY = 2.0  # seconds: the default of [fetch] delay
BACKFILL = "2h"  # what is older when the daemon starts is remembered, not fetched
SOON = (5.0, 15.0)  # minutes: median and p95
SMALL_SOON = (7.0, 30.0)  # of 150 articles after a cold start, a few of one slow paper move both
OLD_MOST = 10  # requests
LIVE_MOST = 4.0  # versions an hour of a live blog that grows every few minutes


async def live(product: Product, press: Press, until: datetime, loop: Loop, limit: float) -> tuple[int, datetime]:
    """Runs the daemon until then, or for so many real seconds. → how many ticks that took, and what the clock showed at the end."""
    config = load(product.config, overrides={"database": {"url": f"sqlite:///{product.database}"}})
    clock, began = SimulatedClock(press.start_time), time.monotonic()
    async with App.open(config, clock=clock) as app:
        gc.freeze()
        simulation = Simulation(Schedule(app), clock, press, loop)
        await simulation.until(until, lambda hour: _told(hour, time.monotonic() - began), limit)
        await simulation.schedule.stop(grace=1.0)
    return simulation.ticks, clock.now()


def _told(hour: datetime, seconds: float) -> None:
    print(f"  {hour:%d %H:%M}  {seconds:6.0f} s", file=sys.stderr, flush=True)


def simulate(
    home: Path, hours: float, outlets: int, number: int, pace: float, warm: float = 0.0, limit: float = math.inf
) -> tuple[Day, int, float]:
    """→ what is judged, the ticks, and the real seconds."""
    with Press.start(world="day", outlets=outlets, hours=warm + hours + 2 * GRACE, number=number, pace=pace) as press:
        product = Product(home, resolve={"*": f"127.0.0.1:{press.port}"}, fetch='contact = "bench@wirewatch.example"')
        settings = (product.config / "wirewatch.toml").read_text()
        product.settings(settings.replace('delay = "0s"', f'delay = "{DELAY:g}s"'))
        product.sources([(source.name, source.kind, source.url) for source in press.sources], more=f'backfill = "{BACKFILL}"')
        start = press.start_time + timedelta(hours=warm)
        end = start + timedelta(hours=hours)
        over, began, loop = end + timedelta(hours=GRACE), time.monotonic(), Loop()
        counted(loop)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            ticks, over = runner.run(live(product, press, over, loop, limit))
        took, end = time.monotonic() - began, max(start, min(end, over - timedelta(hours=GRACE)))
        return Day(press.day(), press.log(), product.database, start, end, over), ticks, took


def fresh(day: Day, bars: Bars, fixed: float | None, hours: float, soon: tuple[float, float]) -> None:
    """Nothing missed, soon, and with how many requests."""
    eligible = day.eligible()
    lost = [one.url for one in eligible if not one.rows]
    doubled = [one.url for one in day.articles if one.rows > 1]
    delays, asked = day.delays(eligible), day.requests()
    polls, often = asked.get("polls", 0), round(len(day.papers) * hours * 60 / FIVE)
    same = len(day.papers) * hours * 60 / max(1, polls)
    by_rate = sorted({one.host: day.papers[one.host]["rate"] for one in eligible}.items(), key=lambda pair: pair[1])
    rows: list[tuple[object, ...]] = [
        ("articles published", sum(day.start <= one.published < day.end for one in day.articles)),
        (f"of them {LONG_ENOUGH // MINUTE} minutes in a feed that could be had, not disallowed", len(eligible)),
        *((f"requests: {name}", count) for name, count in sorted(asked.items())),
        ("all requests, of those of every 5 min and each article once", sum(asked.values()) / (often + asked.get("articles", 0))),
        ("minutes from when it could be seen to when it was stored, median", median(delays)),
        *((f"… p{round(share * 100)}", quantile(delays, share)) for share in (0.25, 0.75, 0.9, 0.95, 0.99)),
    ]
    for name, hosts in (("slowest third of papers", by_rate[: len(by_rate) // 3]), ("fastest third", by_rate[-(len(by_rate) // 3) :])):
        rows.append((f"… median of the {name}", median(day.delays([one for one in eligible if one.host in dict(hosts)]))))
    for every in (same, *((fixed,) if fixed else ())):
        others, missed = day.fixed(eligible, every)
        told = f"polling every {every:.1f} minutes, {round(often * FIVE / every):,} polls"
        rows += [(f"{told}: median", median(others)), ("… p95", quantile(others, 0.95)), ("… lost", missed)]
    table(rows)
    others, missed = day.fixed(eligible, same)
    bars.hold("every article that stayed in its feed long enough is stored", not lost, f"{len(lost)} of {len(eligible)} missing {lost[:4]}")
    bars.hold("and once", not doubled, f"{len(doubled)} {doubled[:4]}")
    bars.hold(f"delay, median ≤ {soon[0]:g} min", median(delays) <= soon[0], f"{median(delays):.2f}")
    bars.hold(f"delay, p95 ≤ {soon[1]:g} min", quantile(delays, 0.95) <= soon[1], f"{quantile(delays, 0.95):.2f}")
    bars.hold(f"polls ≤ a third of every {FIVE:g} min", polls <= often / 3, f"{polls:,} of {often:,}: {polls / often:.3f}")
    bars.hold(
        "a shorter median delay than fixed polling with as many",
        median(delays) < median(others),
        f"{median(delays):.2f} < {median(others):.2f}",
    )


def polite(day: Day, bars: Bars) -> None:
    """What the servers saw."""
    for name, feeds in (("polls", True), ("re-checks of articles", False)):
        asked, spared = day.unchanged(feeds=feeds)
        bars.hold(f"304 on ≥ 95 % of {name} of what is unchanged", spared >= 0.95 * asked, f"{spared:,} of {asked:,}")
    for name, found in day.breaches(DELAY).items():
        bars.hold(f"no breach of {name}", not found, f"{len(found)} {found[:3]}")


def followed(day: Day, bars: Bars) -> None:
    """Edits, live blogs, withdrawals."""
    edited = day.edited()
    right = sum(count for (made, found), count in edited.classed.items() if made == found)
    print(f"\n  edits made while watched: {edited.due}")
    print(f"    seen after {median(edited.late):.1f} min (median), {quantile(edited.late, 0.95):.1f} (p95)")
    for (made, found), count in sorted(edited.classed.items(), key=str):
        print(f"    {made} as {found}: {count}")
    bars.hold(
        "every edit made while watched is one version", 0 < edited.due == edited.single,
        f"{edited.single} of {edited.due}; {edited.merged} in one with another; missed {len(edited.missed)} {edited.missed[:3]}",
    )  # fmt: skip
    bars.hold(
        "… of the right class", day.has_change and right == edited.single, f"{right} of {edited.single}" if day.has_change else "no column"
    )
    bars.hold("no version without a change of text", not edited.without, f"{len(edited.without)} {edited.without[:4]}")
    blogs = day.live()
    worst = max((rate for _, rate in blogs), default=0.0)
    bars.hold(f"live blogs do not flood: ≤ {LIVE_MOST:g} versions an hour", worst <= LIVE_MOST, f"{len(blogs)} blogs, at most {worst:.1f}")
    kinds = Counter(kind for one, _ in blogs for _, kind in one.versions[1:])
    bars.hold("… and grow", bool(blogs) and all(len(one.versions) > 1 for one, _ in blogs), dict(kinds))
    due, marked, wrong = day.withdrawals()
    bars.hold("withdrawn articles are marked", day.has_withdrawn and 0 < len(due) == len(marked), f"{len(marked)} of {len(due)}")
    bars.hold("… and no others", not wrong, len(wrong))


def troubles(day: Day, bars: Bars) -> None:
    """Servers that were down, feeds that went elsewhere."""
    back = day.comebacks()
    rows = [(name, asked, minutes if minutes is not None else "never") for name, asked, minutes in back]
    table(rows, head=("down", "requests", "back after min"))
    slow = [name for name, _, minutes in back if minutes is None or minutes > 60]
    bars.hold(
        "a host that was down is asked ≤ 30 times", all(asked <= 30 for _, asked, _ in back), max((row[1] for row in back), default=0)
    )
    bars.hold("… and had again ≤ 60 min after it is back", not slow, f"{len(slow)} of {len(back)} {slow[:4]}")
    if moved := day.moves():
        table(
            [(name, asked, minutes if minutes is not None else "never") for name, asked, minutes in moved],
            head=("moved", "old asked", "new after min"),
        )
        slow = [name for name, _, minutes in moved if minutes is None or minutes > 60]
        often = [name for name, asked, _ in moved if asked > OLD_MOST]
        bars.hold(
            f"an address that moved for good is asked ≤ {OLD_MOST} times more", not often, f"{len(often)} of {len(moved)} {often[:4]}"
        )
        bars.hold("a feed that moved or died is found ≤ 60 min after that was seen", not slow, f"{len(slow)} of {len(moved)} {slow[:4]}")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=300)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--number", type=int, default=0, help="which world; below 10 for tuning, from 10 on for reporting")
    parser.add_argument("--fixed", type=float, default=None, help="also what polling everything every so many minutes would have come to")
    parser.add_argument("--pace", type=float, default=1.0, help="so many times as many articles")
    parser.add_argument("--small", action="store_true", help="48 papers, 6 hours; 27 hours of the papers that are down")
    parser.add_argument("--without-down", action="store_true", help="leave out the papers that are down for a day")
    parser.add_argument("--warm", type=float, default=0.0, help="hours that the daemon runs before anything counts")
    parser.add_argument("--limit", type=float, default=math.inf, help="real minutes after which what there is by then is judged")
    parser.add_argument("--keep", type=Path, help="a folder for the database")
    given = parser.parse_args(words)
    outlets, hours, pace = (48, 6.0, 1.0) if given.small else (given.outlets, given.hours, given.pace)
    bars = Bars(f"{outlets} papers for {hours:g} simulated hours, number {given.number}")
    with tempfile.TemporaryDirectory() as temporary:
        home = given.keep or Path(temporary)
        day, ticks, took = simulate(home / "day", hours, outlets, given.number, pace, given.warm, given.limit * 60)
        hours = min(hours, (day.end - day.start) / timedelta(hours=1))
        table([("ticks", ticks), ("requests in all", len(day.log)), ("real seconds", took)])
        fresh(day, bars, given.fixed, hours, SMALL_SOON if given.small else SOON)
        polite(day, bars)
        followed(day, bars)
        troubles(day, bars)
        if not given.without_down:
            print("\n  four papers, each down for a day")
            day, ticks, took = simulate(home / "down", 27.0, 0, given.number, 1.0)
            table([("ticks", ticks), ("requests in all", len(day.log)), ("real seconds", took)])
            lost = [one.url for one in day.eligible() if not one.rows]
            bars.hold("papers down for a day: nothing missed that is still in its feed", not lost, f"{len(lost)} {lost[:4]}")
            troubles(day, bars)
            polite(day, bars)
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
