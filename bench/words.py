"""Does it matter in which order articles arrive? Those of the built-in press, in shuffled orders, into a fresh database each time.

    python bench/words.py [--orders 30]

The press is read once, as `demo` does it. Then its articles come in one after the other, in so many orders: the archive's words are learned
from another hundred of them each time. Asked on arrival and at the end of each run: the verdict on each article and each seed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace

from machine import Bars

from pipeline.app import App
from pipeline.config import Config, load, packaged
from pipeline.config.settings import Database
from pipeline.demo import for_press
from pipeline.model import Article, Candidate
from pipeline.press import Press
from pipeline.rounds import Round, one_shot
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.archive import Archive

Verdicts = dict[tuple[str, str], str]
"""(article, seed) → relation; what is distinct is missing."""


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--orders", type=int, default=30)
    given = words.parse_args()
    bars = Bars("the same articles in shuffled orders")
    config = load(packaged("config"))
    first, last = list[Verdicts](), list[Verdicts]()
    with tempfile.TemporaryDirectory() as home:
        with Press.start(config.seeds) as press:
            articles = asyncio.run(read(for_press(config, f"sqlite:///{home}/press.sqlite", press)))
        for number in range(given.orders):
            order = random.Random(number).sample(articles, len(articles))
            alone = replace(config, database=Database(url=f"sqlite:///{home}/{number}.sqlite"), sources=())
            before, after = asyncio.run(arrived(alone, order))
            first.append(before)
            last.append(after)
    print(f"{len(articles)} articles, {given.orders} orders; changed when words were learned, an order: {changed(first, last)}")
    print(f"on arrival given in two ways: {len(two_ways(first))} of {len(pairs(first))} verdicts")
    for pair in two_ways(last):
        print("  in two ways:", *pair, *sorted({told.get(pair, "distinct") for told in last}))
    bars.hold("verdicts on seeds in two ways, none", not two_ways(last), f"{len(two_ways(last))} of {len(pairs(last))}")
    return bars.verdict()


async def read(config: Config) -> list[Article]:
    """What the press brings, as it is stored."""
    async with App.open(config) as app:
        await one_shot(app, (), Round())
        return [one.article for one in Archive(app.store).after(0, {"since": None, "upto": 1 << 40}, 1 << 20)]


async def arrived(config: Config, articles: Sequence[Article]) -> tuple[Verdicts, Verdicts]:
    """→ the verdicts as they were given on arrival, and those at the end of the run."""
    async with App.open(config) as app:
        for one in articles:
            await app.flow.take_in_hand(Candidate(url=one.url, source="press", seen_at=app.clock.now(), article=one))
        before = verdicts(app.store)
        await app.anew().run()
        return before, verdicts(app.store)


def verdicts(store: Store) -> Verdicts:
    return {(row["url"], row["seed"]): row["relation"] for row in door.export(store, "relations") if row["seed"]}


def pairs(told: Sequence[Verdicts]) -> set[tuple[str, str]]:
    return {pair for one in told for pair in one}


def two_ways(told: Sequence[Verdicts]) -> list[tuple[str, str]]:
    return sorted(pair for pair in pairs(told) if len({one.get(pair) for one in told}) > 1)


def changed(first: Sequence[Verdicts], last: Sequence[Verdicts]) -> str:
    """From the fewest to the most."""
    counts = [len(before.items() - after.items()) for before, after in zip(first, last, strict=True)]
    return f"{min(counts)} to {max(counts)}"


if __name__ == "__main__":
    raise SystemExit(main())
