"""Whether seeds are found through the index as comparing with every one of them would find them, and what that costs.

    python bench/seeds.py TEXTS [--seeds 1000] [--seed 1] [--db URL]

TEXTS: JSON lines (or .gz) with "title" and "text" or "body". Some are planted as seeds, all are then looked up as articles would be, in a
real store. Beside it every seed is weighed against every text. An article that more than 20 seeds are related to is left out: no list is
that long.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from machine import Bars

from pipeline.match import fingerprint, reading, similarity
from pipeline.match.relation import RELATED
from pipeline.model import Article, Read, Seed
from pipeline.store import Store

MANY = 20  # related seeds
RECALL, MILLISECONDS = 0.99, 2.5


def texts(path: Path) -> list[Article]:
    """Every distinct text of a file."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    told = {row.get("text") or row.get("body") or "": row.get("title") or "" for row in rows}
    return [Article(url=f"urn:bench:{n}", title=title, text=text) for n, (text, title) in enumerate(told.items()) if len(text) > 500]


def main() -> int:
    """→ 1 when a bar was missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("texts", type=Path, nargs="+")
    words.add_argument("--seeds", type=int, default=1000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--db")
    given = words.parse_args()
    articles = [one for path in given.texts for one in texts(path)]
    random.Random(given.seed).shuffle(articles)
    bars = Bars(f"{min(given.seeds, len(articles))} seeds of {len(articles)} texts, found through the index")
    with tempfile.TemporaryDirectory() as home:
        store = Store.open(given.db or f"sqlite:///{home}/seeds.db")
        planted = {}
        for number, article in enumerate(articles[: given.seeds]):
            read = Read(article=article, fingerprint=fingerprint(article))
            seed = Seed(name=f"seed-{number}", title=article.title, text=article.text)
            planted[store.plant(seed, read, read.fingerprint.shingles, datetime.now(UTC)).id] = article
        wanted, found, counts, spent = 0, 0, list[int](), list[float]()
        for article in articles:
            told = fingerprint(article)
            begun = time.process_time()
            suspects = {one.id for one in store.suspects(told).worth}
            between = time.process_time()
            store.suspects(replace(told, topics=()))  # what looking for shared text alone costs
            spent.append((2 * between - begun - time.process_time()) * 1e3)
            counts.append(len(suspects))
            mine = reading.topic(article)
            related = [
                number
                for number, seed in planted.items()
                if seed.text != article.text and similarity.cosine(mine, reading.topic(seed)) >= RELATED
            ]
            if len(related) <= MANY:
                wanted += len(related)
                found += len(suspects.intersection(related))
        store.close()
    share = found / wanted if wanted else 1.0
    bars.hold(f"related seeds that were found, at least {RECALL}", share >= RECALL, f"{share:.4f} of {wanted}")
    middle = statistics.median(spent)
    bars.hold(f"CPU that seeds on the subject add, median, at most {MILLISECONDS} ms", middle <= MILLISECONDS, f"{middle:.2f} ms")
    print(f"seeds that come along: {statistics.median(counts):.0f} in the middle, {max(counts)} at most")
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
