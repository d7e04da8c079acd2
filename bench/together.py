"""Two copies of one story arrive at the same moment, again and again, in two processes: each time exactly one relation between them.

    python bench/together.py [--rounds 200] [--db URL | --postgresql]

Each process has a store of its own. Both look for suspects before either writes, so that neither can see the other there; then both save at
once. What the store finds inside its transaction must make up for it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import database
from machine import Bars, table
from storing import read, record, verdicts, words

from pipeline.model import Suspects
from pipeline.store import Store
from pipeline.store import read as door


def come(url: str, which: str, rounds: int, together: Barrier, said: multiprocessing.SimpleQueue[tuple[str, int]]) -> None:
    """One of the two: the status of each of its articles, and how often it had to look again."""
    store = Store.open(url)
    for number in range(rounds):
        page = read(f"https://{which}.example/{number}", words(number))
        together.wait(timeout=60)
        suspects = store.suspects(page.fingerprint)
        ready = record(store, page, snapshot=suspects.snapshot, matches=verdicts(suspects))
        together.wait(timeout=60)
        again = 0
        while isinstance(answer := store.save(ready), Suspects):
            ready, again = replace(ready, matches=ready.matches + verdicts(answer), snapshot=answer.snapshot), again + 1
        said.put((str(answer.status), again))
    store.close()


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--rounds", type=int, default=200)
    database.words(given)
    chosen = given.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database.chosen(chosen)) or f"sqlite:///{home / 'news.db'}"
        Store.open(url).close()
        bars = Bars(f"two copies at once, {chosen.rounds} times, on {url.partition(':')[0]}")
        context = multiprocessing.get_context("spawn")
        together, said = context.Barrier(2), context.SimpleQueue()
        began = time.monotonic()
        both = [context.Process(target=come, args=(url, which, chosen.rounds, together, said)) for which in ("one", "two")]
        for process in both:
            process.start()
        told = [said.get() for _ in range(2 * chosen.rounds)]
        for process in both:
            process.join()
        judge(bars, url, chosen.rounds, told, time.monotonic() - began)
        return bars.verdict()


def judge(bars: Bars, url: str, rounds: int, told: list[tuple[str, int]], seconds: float) -> None:
    """Counts the relations between the two of each round."""
    store = Store.open(url, write=False)
    relations = list(door.export(store, "relations"))
    ends = [(row["url"].rpartition("/")[2], row["other_url"].rpartition("/")[2]) for row in relations]
    pairs = Counter(one for one, other in ends if one == other)
    store.close()
    statuses = Counter(status for status, _ in told)
    rows: list[tuple[object, ...]] = [
        ("rounds", rounds),
        ("seconds", seconds),
        *((f"articles {name}", count) for name, count in statuses.items()),
    ]
    table([*rows, ("rounds in which one had to look again", sum(again > 0 for _, again in told)), ("relations", len(relations))])
    bars.hold(
        "each pair has exactly one relation",
        set(pairs.values()) == {1} and len(pairs) == rounds,
        f"{len(pairs)} pairs, {len(relations)} relations",
    )
    bars.hold("of each pair one is new and one its duplicate", statuses == {"new": rounds, "duplicate": rounds}, dict(statuses))


if __name__ == "__main__":
    sys.exit(main())
