"""1,000 sources until 100,000 articles are stored: memory once it is warm, descriptors, the log of the database.

    python bench/soak.py [--sources 1000] [--articles 100000] [--minutes 60] [--whole]

The daemon's schedule, flow, fetching and store on the real clock, in this process, against a loopback web in another one. Every feed offers
more at each poll, until all is offered. What remains in memory is measured, not what extraction costs: pages are tiny, and are read and
fingerprinted in this process (``--whole``: by the real extraction, in processes of its own, which are recycled and not counted).
Stops when so many articles are stored or the time is over, and says which. Growth: the slope of a line through the samples of the second
half.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from machine import Bars, Product, invented, page, rss, table
from many_sources import Web, _reply

from pipeline.app import App, PooledStages, discover, judge, read_article
from pipeline.config import load
from pipeline.model import Article, Found, Hints, Match, Outlet, Profile, Read, Response, Source, Stored, Vocabulary
from pipeline.rounds import Round
from pipeline.schedule import Schedule

MIB = 2**20
A_POLL = 25  # entries that a poll brings


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


class Samples(threading.Thread):
    """(articles, resident bytes, descriptors, bytes of the log), every second."""

    def __init__(self, log: Path) -> None:
        super().__init__(daemon=True)
        self.taken: list[tuple[int, int, int, int]] = []
        self.articles, self.over, self._log = 0, threading.Event(), log

    def run(self) -> None:
        while not self.over.wait(1):
            memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
            files = len(list(Path("/proc/self/fd").iterdir()))
            self.taken.append((self.articles, memory, files, self._log.stat().st_size if self._log.exists() else 0))


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
        samples = Samples(Path(f"{product.database}-wal"))
        samples.start()
        began = time.monotonic()
        asyncio.run(live(product, samples, given.articles, given.minutes, whole=given.whole))
        took = time.monotonic() - began
        samples.over.set()
        web.terminate()
        judge_samples(bars, samples.taken, samples.articles, given.articles, took)
    return bars.verdict()


def judge_samples(bars: Bars, samples: Sequence[tuple[int, int, int, int]], articles: int, wanted: int, took: float) -> None:
    """The table and the bars."""
    warm = [one for one in samples if one[0] >= articles / 2]
    grown = slope([(count, memory) for count, memory, _, _ in warm]) * 10_000
    early, late = warm[: len(warm) // 3], warm[-len(warm) // 3 :]
    rows: list[tuple[object, ...]] = [("articles stored", articles), ("minutes", took / 60)]
    for share in (0.1, 0.25, 0.5, 0.75, 1.0):
        at = next((one for one in samples if one[0] >= articles * share), samples[-1])
        rows.append((f"memory at {at[0]:,} articles, MiB", at[1] / MIB))
    rows += [
        ("growth for 10,000 articles in the second half, MiB", grown / MIB),
        ("descriptors after half, at most", max(one[2] for one in early)),
        ("descriptors at the end, at most", max(one[2] for one in late)),
        ("log of the database at most, MiB", max(one[3] for one in samples) / MIB),
    ]
    table(rows)
    bars.hold(f"{wanted:,} articles were stored", articles >= wanted, f"{articles:,} in {took / 60:.1f} minutes")
    bars.hold("memory grows by at most 1 MiB for 10,000 articles", grown <= MIB, f"{grown / MIB:.2f} MiB")
    bars.hold("descriptors are flat", max(one[2] for one in late) <= max(one[2] for one in early) * 1.2 + 16)
    bars.hold("the log of the database stays under 64 MiB", max(one[3] for one in samples) <= 64 * MIB)


if __name__ == "__main__":
    sys.exit(main())
