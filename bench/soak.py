"""1,000 sources until 100,000 articles are stored: memory once it is warm, descriptors, the log of the database.

    python bench/soak.py [--sources 1000] [--articles 100000] [--warm 50000] [--minutes 60] [--whole]

The daemon's schedule, flow, fetching and store on the real clock, in this process, against a loopback web in another one. Every feed offers
more at each poll, until all is offered. What remains in memory is measured, not what extraction costs: pages are tiny, and are read and
fingerprinted in this process (``--whole``: by the real extraction, in processes of its own, which are recycled). Counted is the anonymous
memory of all the daemon's processes. Stops when so many articles are stored or the time is over, and says which. Growth: the slope of a
line through the samples from ``--warm`` articles on, by least squares. Descriptors: medians, for sockets come in bursts, and a leak lifts
all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from machine import Bars, Product, invented, page, rss, table
from many_sources import Web, _reply

from pipeline import garbage
from pipeline.app import App, PooledStages, discover, judge, read_article
from pipeline.config import load
from pipeline.model import Article, Found, Hints, Match, Outlet, Profile, Read, Response, Source, Stored, Vocabulary
from pipeline.rounds import Round
from pipeline.schedule import Schedule

MIB = 2**20
A_POLL = 25  # entries that a poll brings
ENOUGH = 20  # samples, below which a slope says nothing


class News(Web):
    """Feeds that have something new at every poll, until all is told."""

    def __init__(self, each: int) -> None:
        super().__init__()
        self._each = each
        self._offered: dict[str, int] = defaultdict(int)

    def _answer(self, host: str, path: str, known: bool) -> bytes:  # noqa: ARG002 - nothing is as before
        self.log.clear()
        if path == "/robots.txt":
            return _reply(404, b"")
        place = int(host.removeprefix("paper").partition(".")[0])
        if path == "/feed.xml":
            first = self._offered[host]
            self._offered[host] = last = min(self._each, first + A_POLL)
            entries = [(f"http://{host}/2026/03/02/story-{one}", f"Story {one}") for one in range(max(0, last - A_POLL), last)]
            return _reply(200, rss(f"http://{host}/feed.xml", entries).encode())
        story = invented(place * 100_000 + int(path.rpartition("-")[2]), paragraphs=3)
        return _reply(200, page(story, f"http://{host}{path}").encode())


def serve(each: int, said: multiprocessing.SimpleQueue[int]) -> None:
    """The web, in a process of its own."""
    web = News(each)
    web.begin()
    said.put(web.port)
    web.join()


class Cheap(PooledStages):
    """The stages on tiny pages, in this process."""

    async def discover(self, response: Response, source: Source) -> Found:
        return discover(response, source)

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:  # noqa: ARG002 - the protocol's names
        paragraphs = re.findall(r"<p>(.*?)</p>", response.body.decode(), re.DOTALL)
        article = Article(url=response.url, title=hints.title or "", text="\n".join(paragraphs), outlet=None, extractor="soak")
        return replace(read_article(article), layout=None)

    async def fingerprint(self, article: Article) -> Read:
        return read_article(article)

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]:
        return judge(read, suspects[:2], profile, vocabulary)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the daemon's processes hold when so many articles are stored."""

    articles: int
    memory: int
    files: int


class Samples(threading.Thread):
    """Takes a sample every five seconds of this process and of its children, but for the web; the log of the database every second, at its
    largest. What was counted so far is said on stderr, so that a run that is cut off tells something."""

    def __init__(self, log: Path, besides: int) -> None:
        super().__init__(daemon=True)
        self.taken: list[Sample] = []
        self.articles, self.largest, self.over, self._log, self._besides = 0, 0, threading.Event(), log, besides

    def run(self) -> None:
        second, said = 0, 0
        while not self.over.wait(1):
            second += 1
            self.largest = max(self.largest, self._log.stat().st_size if self._log.exists() else 0)
            if second % 5:
                continue
            its = family(os.getpid(), self._besides)
            one = Sample(self.articles, sum(map(anonymous, its)), sum(map(descriptors, its)))
            self.taken.append(one)
            if one.articles - said >= 1000:
                said = one.articles
                told = f"{one.articles:,} articles, {one.memory / MIB:.1f} MiB, {one.files} descriptors, log {self.largest / MIB:.1f} MiB"
                print(f"{second} s: {told}, {len(its)} processes", file=sys.stderr, flush=True)


def family(root: int, besides: int) -> list[int]:
    """A process and its descendants, without one and its own: proc(5), field 4 of stat."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # gone meanwhile
                children[int((entry / "stat").read_text().rpartition(")")[2].split()[1])].append(int(entry.name))
    found, open_ = [], [root]
    while open_:
        found.append(one := open_.pop())
        open_ += [child for child in children[one] if child != besides]
    return found


def anonymous(pid: int) -> int:
    """Bytes of memory that are nobody's file, what is shared with a parent counted in parts: Pss_Anon of smaps_rollup. Pages of the
    database that the system maps for us come and go as it likes, and are none of it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # gone meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss_Anon:"))


def descriptors(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # gone meanwhile
        return 0


async def live(product: Product, samples: Samples, articles: int, minutes: float, *, whole: bool) -> None:
    """Runs the schedule until so many articles are stored, or the time is over."""
    config = load(product.config, overrides={"database": {"url": product.url}}, environ={})

    def count(_: object) -> None:
        samples.articles += 1

    async with App.open(config) as app:
        if not whole:
            app.flow.stages = Cheap(app.pool)
        schedule, end = Schedule(app, Round(report=count)), app.clock.monotonic() + minutes * 60
        while samples.articles < articles and app.clock.monotonic() < end:
            wake = await schedule.tick(app.clock.now())
            await app.clock.sleep(min(max((wake - app.clock.now()).total_seconds(), 0.1), 5.0))
        await schedule.stop()


def slope(samples: Sequence[tuple[int, int]]) -> float:
    """Bytes an article, by least squares."""
    count = len(samples)
    middle = sum(x for x, _ in samples) / count, sum(y for _, y in samples) / count
    spread = sum((x - middle[0]) ** 2 for x, _ in samples)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in samples) / spread if spread else 0.0


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sources", type=int, default=1000)
    words.add_argument("--articles", type=int, default=100_000)
    words.add_argument("--warm", type=int, help="articles from which on it counts as warm; half of them unless given")
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument("--every", default="1m")
    words.add_argument("--whole", action="store_true")
    given = words.parse_args()
    bars = Bars(f"{given.sources:,} sources until {given.articles:,} articles are stored, at most {given.minutes:g} minutes")
    context = multiprocessing.get_context("spawn")
    said = context.SimpleQueue()
    web = context.Process(target=serve, args=(-(-given.articles // given.sources), said), daemon=True)
    web.start()
    with tempfile.TemporaryDirectory() as home:
        product = Product(Path(home), resolve={"*": f"127.0.0.1:{said.get()}"}, fetch="[raw]\ndays = 0\n")
        names = [f"paper{number}.example" for number in range(given.sources)]
        product.sources([(name, "feed", f"http://{name}/feed.xml") for name in names], more=f'every = "{given.every}"')
        samples = Samples(Path(f"{product.database}-wal"), web.pid or 0)
        samples.start()
        began = time.monotonic()
        garbage.seldom()  # as the command does
        asyncio.run(live(product, samples, given.articles, given.minutes, whole=given.whole))
        took = time.monotonic() - began
        samples.over.set()
        web.terminate()
        judge_samples(bars, samples, given.articles, given.warm or given.articles // 2, took)
    return bars.verdict()


def judge_samples(bars: Bars, samples: Samples, wanted: int, warm_from: int, took: float) -> None:
    """The table and the bars."""
    taken, articles = samples.taken, samples.articles
    warm = [one for one in taken if one.articles >= warm_from]
    grown = slope([(one.articles, one.memory) for one in warm]) * 10_000
    rows: list[tuple[object, ...]] = [("articles stored", articles), ("minutes", took / 60), ("samples when warm", len(warm))]
    met = [next((one for one in taken if one.articles >= articles * share), None) for share in (0.1, 0.25, 0.5, 0.75, 1.0)]
    rows += [(f"memory at {one.articles:,} articles, MiB", one.memory / MIB) for one in met if one]
    third = max(1, len(warm) // 3)
    early, late = (median(one.files for one in some) if some else 0 for some in (warm[:third], warm[-third:]))
    rows += [
        (f"growth for 10,000 articles from {warm_from:,} on, MiB", grown / MIB),
        ("descriptors, median of the first third when warm", float(early)),
        ("descriptors, median of the last third", float(late)),
        ("log of the database at most, MiB", samples.largest / MIB),
    ]
    table(rows)
    enough = len(warm) >= ENOUGH and articles >= 1.5 * warm_from
    bars.hold(f"{wanted:,} articles were stored", articles >= wanted, f"{articles:,} in {took / 60:.1f} minutes")
    bars.hold(
        "memory grows by at most 1 MiB for 10,000 articles", enough and grown <= MIB, f"{grown / MIB:.2f} MiB" if enough else "cut off"
    )
    bars.hold("descriptors are flat", enough and late <= early * 1.05 + 16, f"{early:g} → {late:g}" if enough else "cut off")
    bars.hold("the log of the database stays under 64 MiB", samples.largest <= 64 * MIB, f"{samples.largest / MIB:.1f} MiB")


if __name__ == "__main__":
    sys.exit(main())
