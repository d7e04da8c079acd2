"""The press watched, with a hook that fails a third of the time, and kill -9 at random points: every alert told, exactly once.

    python bench/alerts.py [--kills 10] [--seed 1] [--db URL | --postgresql]

Each run is an `ingest` that is killed at a drawn moment after its first request; then a daemon works until nothing waits. Of the deliveries
that fail half were taken and only their answer is lost. What had to be told is taken from the articles and relations that are stored, not
from the alerts: each article once by one rule, each article that runs a seed once by another; and what a digest holds, once.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
import tomllib
from pathlib import Path

import database
from machine import ROOT, Bars, Product, Watched, table, until
from receiver import Receiver

from pipeline.press import Press

RULES = """
[[watch]]
name = "all"
event = "new"
to = "hook"

[[watch]]
name = "copies"
seed = "*"
to = ["hook", "second"]

[[watch]]
name = "digest"
seed = "*"
to = "hook"
digest = "* * * * *"

[[target]]
name = "hook"
kind = "webhook"
url = "{url}"
wait = "2s"

[[target]]
name = "second"
kind = "webhook"
url = "{second}"
wait = "2s"
"""
TOLD = {"identical", "copy", "revision", "excerpt", "derived"}


def installed(home: Path, press: Press, url: str | None, hook: str, second: str) -> Product:
    """Watches the press, and listens."""
    product = Product(home, resolve={"*": f"127.0.0.1:{press.port}"}, seeds=ROOT / "seeds", url=url)
    product.sources([(source.name, source.kind, source.url) for source in press.sources])
    file = product.config / "sources.toml"
    file.write_text(file.read_text() + RULES.format(url=hook, second=second))
    return product


def kill_one(product: Product, press: Press, moment: float) -> bool:
    """An ingest that is killed ``moment`` seconds after its first request. → whether it still ran."""
    press.clear_log()
    run = Watched(product, ["ingest"])
    until(lambda: bool(press.log()) or run.process.poll() is not None, 60)
    threading.Event().wait(moment)
    running = run.process.poll() is None
    run.process.kill()
    run.clear()
    return running


def finish(product: Product, patience: float) -> bool:
    """A daemon until nothing waits. → whether it came to that."""
    run = Watched(product, ["run"])
    try:
        return until(lambda: not _waits(product), patience, every=3)
    finally:
        run.process.terminate()
        until(lambda: run.process.poll() is not None, 15)
        run.clear()


def _waits(product: Product) -> bool:
    (status,) = product("status", "--json").rows
    untold = any(one["waiting"] for one in status["alerts"])
    asked = all(one["last_polled"] for one in status["sources"] if one["active"])
    return bool(untold or status["pending_due"] or not asked)


def names(hook: Receiver) -> list[tuple[str, str]]:
    """(rule, event) of everything that was taken, once for each key."""
    found = []
    for sent in hook.taken.values():
        found += [(one["rule"], one["name"]) for one in sent.get("alerts", [sent])]
    return found


def check(product: Product, hook: Receiver, second: Receiver, bars: Bars) -> None:
    """Compares what was told with what is stored."""
    names_of = {tomllib.loads(file.read_text())["url"]: file.parent.name for file in (ROOT / "seeds").glob("*/seed.toml")}
    articles = {row["article"] for row in product.export("articles") if row["url"] not in names_of and not row["url"].startswith("urn:")}
    related = {(row["article"], row["other_url"]) for row in product.export("relations") if row["seed"] and row["relation"] in TOLD}
    matches = {f"match:{names_of[other]}:{article}" for article, other in related}
    wanted = {("all", f"new:{article}") for article in articles}
    wanted |= {(rule, name) for rule in ("copies", "digest") for name in matches}
    came = names(hook)
    bars.hold("every alert was told", wanted <= set(came), f"{len(wanted)} due, {len(wanted - set(came))} missing")
    bars.hold("nothing else was", set(came) <= wanted, sorted(set(came) - wanted)[:3])
    bars.hold("each under one key", len(came) == len(set(came)), len(came) - len(set(came)))
    bars.hold("what came again was the same, word for word", not hook.wrong and not second.wrong, len(hook.wrong) + len(second.wrong))
    other = names(second)
    bars.hold("a second target has heard the same", sorted(other) == sorted(one for one in came if one[0] == "copies"), len(other))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=10)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--longest", type=float, default=8.0, help="seconds after the first request, at most, until a kill")
    database.words(words)
    given = words.parse_args()
    dice = random.Random(given.seed)
    bars = Bars(f"the press, a hook that fails a third of the time, kill -9 at {given.kills} points")
    with (
        tempfile.TemporaryDirectory() as home,
        Press.start(ROOT / "seeds") as press,
        Receiver(given.seed) as hook,
        Receiver(given.seed + 1) as second,
        database.chosen(given) as url,
    ):
        product = installed(Path(home), press, url, hook.url, second.url)
        began = time.monotonic()
        killed = sum(kill_one(product, press, dice.uniform(0.2, given.longest)) for _ in range(given.kills))
        before = len(hook.taken)
        done = finish(product, 1500)  # a message that failed eight times is tried again after 1,280 s
        sends = sum(hook.asked.values()) + sum(second.asked.values())
        table(
            [
                ("kills that met a running ingest", killed),
                ("messages taken before the last run", before),
                ("messages taken in all", len(hook.taken) + len(second.taken)),
                ("deliveries", sends),
                ("of them failed", hook.failed + second.failed),
                ("messages that came more than once", sum(count > 1 for count in hook.asked.values())),
                ("digests", sum(sent["event"] == "digest" for sent in hook.taken.values())),
                ("seconds", time.monotonic() - began),
            ]
        )
        bars.hold("in the end nothing waits", done)
        check(product, hook, second, bars)
        return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
