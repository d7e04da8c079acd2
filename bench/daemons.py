"""Two and eight daemons on one database, under the lease and without it, on SQLite and on PostgreSQL: each source is asked once a period,
each page once, and nothing is stored twice.

    python bench/daemons.py [--daemons 2 8] [--sources 60] [--every 15s] [--seconds 60] [--databases sqlite postgresql]

Under the lease they are `wirewatch run` (the one that works is killed in the middle: another takes over); without it each is a process that
drives its own schedule, so that only claims keep them apart. Counted in the log of the loopback web, by its own clock.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import database
from machine import Bars, Product, Watched, invented, key, page, rss, table, until
from many_sources import Web, _reply

from pipeline.app import App
from pipeline.config import duration, load
from pipeline.schedule import POLLS_AT_ONCE, Schedule

PAGES = 3  # of each source


class Papers(Web):
    """Feeds of a few entries, which never change."""

    def _answer(self, host: str, path: str, known: bool) -> bytes:
        if path == "/robots.txt":
            return _reply(404, b"")
        number = int(host.removeprefix("paper").partition(".")[0])
        if path != "/feed.xml":
            return _reply(200, page(invented(number * PAGES + int(path.rpartition("-")[2])), f"http://{host}{path}").encode())
        if known:
            return _reply(304, b"")
        entries = [(f"http://{host}/2026/03/02/story-{one}", f"Story {one}") for one in range(PAGES)]
        return _reply(200, rss(f"http://{host}/feed.xml", entries).encode(), 'ETag: "1"\r\n')


@dataclass(slots=True)
class Seen:
    """What came of a run: seconds between two polls of a source, pages asked more than once, articles, and when a poll was made last."""

    gaps: list[float] = field(default_factory=list)
    polls: int = 0
    twice: int = 0
    missing: int = 0
    doubled: int = 0
    silent: float = 0.0


def drive(folder: str, url: str, seconds: float) -> None:
    """One daemon without a lease, for so many seconds."""

    async def live() -> None:
        config = load(Path(folder), overrides={"database": {"url": url}}, environ={})
        async with App.open(config) as app:
            schedule, end = Schedule(app), app.clock.monotonic() + seconds
            while app.clock.monotonic() < end:
                wake = await schedule.tick(app.clock.now())
                await app.clock.sleep(min(max((wake - app.clock.now()).total_seconds(), 0.1), end - app.clock.monotonic()))
            await schedule.stop()

    asyncio.run(live())


def leased(products: Sequence[Product], seconds: float) -> None:
    """`wirewatch run`, so many times; the one that works is killed in the middle."""
    runs = [Watched(product, ["run"]) for product in products]
    until(lambda: any("watching" in run.err.read_text() for run in runs), 60)
    threading.Event().wait(seconds / 2)
    working = next(run for run in runs if "watching" in run.err.read_text())
    working.process.kill()
    working.process.wait()  # no longer a process, not even a zombie
    threading.Event().wait(seconds / 2)
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
    for run in runs:
        run.process.wait(30)
        run.clear()


def unleased(products: Sequence[Product], seconds: float) -> None:
    """The same without a lease."""
    context = multiprocessing.get_context("spawn")
    works = [context.Process(target=drive, args=(str(one.config), one.url, seconds + 10)) for one in products]
    for work in works:
        work.start()
    for work in works:
        work.join()


def run(count: int, given: argparse.Namespace, url: str | None, *, lease: bool) -> Seen:
    """One case, on a database of its own."""
    with tempfile.TemporaryDirectory() as home:
        web = Papers()
        web.begin()
        names = [f"paper{number}.example" for number in range(given.sources)]
        place = url or f"sqlite:///{home}/news.sqlite"
        products = [Product(Path(home) / str(one), resolve={"*": f"127.0.0.1:{web.port}"}, url=place) for one in range(count)]
        for product in products:
            product.settings((product.config / "wirewatch.toml").read_text() + "[extract]\nworkers = 1\n")
            product.sources([(name, "feed", f"http://{name}/feed.xml") for name in names], more=f'every = "{given.every}"')
        (leased if lease else unleased)(products, given.seconds)
        ended = time.time()
        seen = _seen(list(web.log), ended)
        pages_log = list(web.log)
        products[0]("ingest", expect=None)  # takes what was still pending when they were told to stop
        stored = Counter(key(row["url"]) for row in products[0].articles())
        pages = {key(f"http://{name}/2026/03/02/story-{one}") for name in names for one in range(PAGES)}
        seen.missing, seen.doubled = len(pages - set(stored)), sum(times > 1 for times in stored.values())
        asked = Counter((host, path) for _, host, path in pages_log if "story" in path)
        seen.twice = sum(times > 1 for times in asked.values())
        return seen


def _seen(log: list[tuple[float, str, str]], ended: float) -> Seen:
    seen, moments = Seen(), defaultdict[str, list[float]](list)
    for at, host, path in log:
        if path == "/feed.xml":
            moments[host].append(at)
    for times in moments.values():
        seen.polls += len(times)
        seen.gaps += [later - earlier for earlier, later in itertools.pairwise(sorted(times))]
        seen.silent = max(seen.silent, ended - max(times))
    return seen


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--daemons", type=int, nargs="+", default=[2, 8])
    words.add_argument("--sources", type=int, default=60)
    words.add_argument("--every", default="15s")
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    given = words.parse_args()
    every = duration(given.every).total_seconds()
    bars = Bars(f"{given.daemons} daemons on one database, {given.sources} sources asked every {given.every}")
    rows = []
    with ExitStack() as stack:
        server = stack.enter_context(database.served()) if "postgresql" in given.databases else None
        for kind, count, lease in itertools.product(given.databases, given.daemons, (True, False)):
            seen = run(count, given, server.made() if server and kind == "postgresql" else None, lease=lease)
            early = sorted(gap for gap in seen.gaps if gap < every * 0.85)
            allowed = POLLS_AT_ONCE if lease else 0  # who was killed may have asked, and not yet written it down
            rows.append(
                (f"{kind}, {count}, {'lease' if lease else 'claims'}", seen.polls, min(seen.gaps, default=0.0), max(seen.gaps, default=0.0),
                 len(early), seen.twice, seen.missing, seen.doubled)
            )  # fmt: skip
            bars.hold(f"{rows[-1][0]}: nothing lost, nothing doubled", not seen.missing and not seen.doubled)
            bars.hold(f"{rows[-1][0]}: no page was asked twice", seen.twice <= allowed, seen.twice)
            bars.hold(f"{rows[-1][0]}: each source once a period", len(early) <= allowed, f"{len(early)} too early")
            bars.hold(f"{rows[-1][0]}: somebody goes on", seen.silent <= 2 * every + 5, f"silent for {seen.silent:.0f} s at the end")
        table(rows, head=("database, daemons", "polls", "shortest gap, s", "longest", "too early", "pages twice", "lost", "doubled"))
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
