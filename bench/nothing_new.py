"""What a run costs in which nothing is new: 100 feeds on 100 hosts, `wirewatch ingest`, twice over.

    python bench/nothing_new.py [--feeds 100] [--entries 30] [--runs 3]

The first run takes every article. Then nothing changes, and the same command is run again: with servers that answer 304, and with servers
that know no validators and send the same body. Everything is summed: start, all processes, their end. What serves the feeds is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from machine import ROOT, Bars, Loopback, Product, Ran, Watched, invented, page, rss, table

MOST = 2.0  # CPU seconds


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--feeds", type=int, default=100)
    words.add_argument("--entries", type=int, default=30, help="a feed; what feeds of papers hold")
    words.add_argument("--runs", type=int, default=3)
    given = words.parse_args()
    bars = Bars(f"nothing is new in {given.feeds} feeds of {given.entries} entries, `wirewatch ingest`")
    with tempfile.TemporaryDirectory() as home, Loopback() as web:
        feeds = publish(web, given.feeds, given.entries)
        product = Product(Path(home), [(host, "feed", url) for host, url, _ in feeds], resolve={"*": web.address}, seeds=ROOT / "seeds")
        first = Watched(product, ["ingest", "--json"]).end()
        bars.hold("the first run takes every article", lines(first) == given.feeds * given.entries, lines(first))
        quiet = [again(product, web) for _ in range(given.runs)]
        for _, url, body in feeds:
            web.feed(url, body, etag=False)
        again(product, web)  # forgets the validators that are no longer sent
        same = [again(product, web) for _ in range(given.runs)]
    table(
        [
            ("the first run, with every article", first.cpu, first.cpu, first.wall),
            *(
                (name, min(r.cpu for r in runs), statistics.median(r.cpu for r in runs), statistics.median(r.wall for r in runs))
                for name, runs in (("304 from every feed", quiet), ("200 with the same body", same))
            ),
        ],
        head=("", "least CPU s", "middle", "wall s"),
    )
    for name, runs in (("304", quiet), ("same body", same)):
        bars.hold(f"{name}: nothing came", all(lines(ran) == 0 and ran.code == 0 for ran in runs), [lines(ran) for ran in runs])
        spent = statistics.median(ran.cpu for ran in runs)
        bars.hold(f"{name}: at most {MOST} s of CPU in all", spent <= MOST, f"{spent:.2f}")
    return bars.verdict()


def publish(web: Loopback, feeds: int, entries: int) -> list[tuple[str, str, bytes]]:
    """Feeds of their own hosts and what they list. → (host, address, body)"""
    made = []
    for number in range(feeds):
        host = f"paper{number:03}.bench.example"
        items = []
        for entry in range(entries):
            story = invented(number * entries + entry)
            url = f"http://{host}/{entry:02}/story"
            web.page(url, page(story, url))
            items.append((url, story.title))
        feed = f"http://{host}/feed.xml"
        body = rss(feed, items, title=host)
        web.feed(feed, body)
        made.append((host, feed, body if isinstance(body, bytes) else body.encode()))
    return made


def again(product: Product, web: Loopback) -> Ran:
    web.clear_log()
    return Watched(product, ["ingest", "--json"]).end(every=0.02)


def lines(ran: Ran) -> int:
    return len([json.loads(line) for line in ran.out.split("\n") if line])


if __name__ == "__main__":
    sys.exit(main())
