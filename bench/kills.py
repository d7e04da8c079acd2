"""kill -9 at random points of an ingest of many pages over HTTP, then a run to the end: nothing lost, nothing doubled.

    python bench/kills.py [--pages 1000] [--kills 20] [--seed 1] [--trouble] [--db URL | --postgresql]

The pages are invented here, listed by feeds of 50 on a host each. A kill comes when a drawn share of the pages was served, and up to a
drawn half second later. ``--trouble``: one page in ten answers 503 the first time (Retry-After: 1).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import database
from machine import Bars, Loopback, Product, Reply, Watched, invented, key, page, rss, table, until

A_HOST = 50


def serve(web: Loopback, pages: int, trouble: bool) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Puts pages and feeds on the web. Returns the sources and the addresses of the pages."""
    sources, urls = [], []
    for start in range(0, pages, A_HOST):
        host = f"paper{start // A_HOST:03}.example"
        feed, items = f"http://{host}/feed.xml", []
        for number in range(start, min(start + A_HOST, pages)):
            story, url = invented(number), f"http://{host}/2026/03/02/story-{number}"
            web.page(url, page(story, url, site=host))
            if trouble and number % 10 == 0:
                web.first(url, Reply(status=503, headers={"Retry-After": "1"}))
            items.append((url, story.title))
            urls.append(url)
        web.feed(feed, rss(feed, items, title=host))
        sources.append((host, "feed", feed))
    return sources, urls


def kill_one(web: Loopback, product: Product, share: int, dice: random.Random) -> tuple[bool, int]:
    """One ingest that is killed when ``share`` pages were served. Returns whether it still ran, and the processes that outlived it."""
    run = Watched(product, ["ingest"])
    while run.process.poll() is None and not web.wait(lambda log: served(log) >= share, timeout=0.1):
        pass
    threading.Event().wait(dice.uniform(0, 0.5))
    running = run.process.poll() is None
    if running:
        run.process.kill()
        run.process.wait()
    until(lambda: not run.members(), 5)
    return running, run.clear()


def served(log: list[object]) -> int:
    """How many different pages were served until now."""
    return len({hit.url for hit in log if "/story-" in hit.path})  # type: ignore[attr-defined]  # a Hit of the loopback's


def finish(product: Product, bars: Bars) -> None:
    """Runs to the end: again while something is to be retried, at most ten times."""
    code, runs = 1, 0
    while code == 1 and runs < 10:
        if runs:
            threading.Event().wait(1.5)  # what Retry-After asked for
        run = Watched(product, ["ingest"])
        ran, runs = run.end(), runs + 1
        code = ran.code
        if "Traceback" in ran.err:
            print(ran.err[-3000:])
    bars.hold("a rerun ends with exit 0", code == 0, f"exit {code} after {runs} runs")


def check(product: Product, urls: list[str], bars: Bars) -> None:
    """Compares what is stored with what was served."""
    stored = Counter(key(row["url"]) for row in product.articles())
    lost = [url for url in urls if not stored[key(url)]]
    doubled = [url for url, times in stored.items() if times > 1]
    bars.hold("nothing lost", not lost, f"{len(lost)} of {len(urls)} {lost[:3]}")
    bars.hold(
        "nothing doubled, nothing invented", not doubled and len(stored) == len(urls), f"{len(doubled)} doubled, {len(stored)} stored"
    )
    versions = len(product.export("versions")) - len(product.seed_urls)
    bars.hold("one version an article", versions == len(urls), versions)
    pairs = Counter((row["article"], row["other"]) for row in product.export("relations"))
    bars.hold("no relation twice", all(times == 1 for times in pairs.values()), f"{len(pairs)} relations")
    (found,) = product("db", "check", "--json", expect=None).rows
    bars.hold("the database is sound", found["sound"], found["problems"] or found["schema"])


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--pages", type=int, default=1000)
    words.add_argument("--kills", type=int, default=20)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--trouble", action="store_true")
    database.words(words)
    given = words.parse_args()
    dice = random.Random(given.seed)
    bars = Bars(
        f"kill -9 at {given.kills} points of an ingest of {given.pages} pages{', one in ten 503 at first' if given.trouble else ''}"
    )
    with tempfile.TemporaryDirectory() as home, Loopback() as web, database.chosen(given) as url:
        sources, urls = serve(web, given.pages, given.trouble)
        product = Product(Path(home), sources, resolve={"*": web.address}, url=url)
        points = sorted(dice.randrange(0, int(given.pages * 0.9)) for _ in range(given.kills))
        began = time.monotonic()
        ends = [kill_one(web, product, point, dice) for point in points]
        killed, orphans = sum(running for running, _ in ends), sum(left for _, left in ends)
        finish(product, bars)
        requests = [hit for hit in web.log() if "/story-" in hit.path]
        table(
            [
                ("pages", given.pages),
                ("kills that met a running ingest", killed),
                ("requests for pages", len(requests)),
                ("of them answered 503", sum(hit.status == 503 for hit in requests)),
                ("seconds", time.monotonic() - began),
            ]
        )
        bars.hold("every kill met a running ingest", killed == given.kills, f"{killed} of {given.kills}")
        bars.hold("no process outlives a killed ingest by 5 s", orphans == 0, orphans)
        check(product, urls, bars)
        return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
