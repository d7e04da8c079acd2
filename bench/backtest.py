"""A back-test: dated texts come in as a monitor would have met them, hour after hour, with one of them planted as the seed.

    python bench/backtest.py DATA [--tools FOLDER] [--seed-text ID] [--db URL | --postgresql]

All texts of DATA/docs.jsonl[.gz], in the order and at the time of publication (on a simulated clock), into a fresh database. The seed is
the text whose words were taken over most often, as the silver labels of DATA have it; of several, the earliest. Printed: what each hour
brought, of the seed and of each other, by relation; then every verdict is given again with all that is stored by now: does it stand? This
is about verdicts: no source is polled, so that there is no delay.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import database
from machine import Bars, Product, table
from matching import SILVER, Corpus, Row
from real_path import NAMED, lines

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import load
from pipeline.discover.files import read
from pipeline.errors import ItemError
from pipeline.model import Instant, Match, Outcome, Profile, Relation, Stored

SEED = "planted"
SHOWN = [relation for relation in Relation if relation is not Relation.DISTINCT]


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("--tools", type=Path)
    words.add_argument("--seed-text", metavar="ID", help="which text is the seed")
    database.words(words)
    given = words.parse_args()
    corpus = Corpus.of(given.data, given.tools, Path("without labels"))
    docs = sorted(corpus.scorer.rows(given.data / "docs.jsonl"), key=when)
    name = given.seed_text or most_taken(corpus, docs)
    planted = next(doc for doc in docs if doc["id"] == name)
    bars = Bars(f"{len(docs)} texts in their time; seed: {name}, {planted['title']!r}")
    with tempfile.TemporaryDirectory() as home, database.chosen(given) as url:
        product = Product(Path(home), url=url)
        product.seed(
            SEED,
            title=planted["title"],
            text=planted["body"],
            url=f"https://planted.example/{name}",
            published=when(planted).isoformat(),
            authors=[],
        )
        again = asyncio.run(live(product, docs))
        rows = [row for row in product.export("relations") if row["aligned"] and row["judge"] == "machine"]
    hours(rows)
    of_the_seed(corpus, name, rows, bars)
    stand(rows, again, bars)
    return bars.verdict()


def when(doc: Row) -> datetime:
    """When it was published; UTC."""
    return Instant.parse(doc["published"].replace(" ", "T")).at


def most_taken(corpus: Corpus, docs: Sequence[Row]) -> str:
    """The text with the most pairs that are reuse; ``docs`` by time."""
    taken = Counter(pair.truth[side] for pair in corpus.sets["wire"] if pair.truth["label"] in SILVER for side in "ab")
    return str(max(docs, key=lambda doc: taken[doc["id"]])["id"])


# ── what a monitor would have met ─────────────────────────────────────────────────────────────────


Verdicts = dict[tuple[int, int], Match | None]
"""(judged version, other version) → the verdict given again; None: distinct now."""


async def live(product: Product, docs: Sequence[Row]) -> tuple[Verdicts, set[tuple[int, int]]]:
    """Lives through it. → the verdicts given again at the end, and which of them would be given at all now."""
    config = load(product.config, overrides={"database": {"url": product.url}})
    clock, file = SimulatedClock(when(docs[0])), product.home / "one.jsonl"
    outcomes: list[Outcome] = []
    async with App.open(config, clock=clock) as app:
        for doc in docs:
            clock.advance((when(doc) - clock.now()).total_seconds())
            file.write_text(lines([doc]), encoding="utf-8")
            # one after the other: of two at once it is chance which is the later one
            for candidate in read(file, "back-test", clock.now()):
                assert not isinstance(candidate, ItemError), candidate
                outcomes.append(await app.flow.take_in_hand(candidate))
        return await judged_again(app, outcomes)


async def judged_again(app: App, outcomes: Iterable[Outcome]) -> tuple[Verdicts, set[tuple[int, int]]]:
    """Every verdict once more, with what is known of the outlets by now, and among all that is stored by now."""
    verdicts: Verdicts = {}
    near: set[tuple[int, int]] = set()
    for outcome in outcomes:
        others = [match.other for match in outcome.matches if match.aligned]
        if outcome.version_id is None or not others:
            continue
        mine = app.store.version(outcome.version_id)
        assert mine is not None
        text = await app.flow.stages.fingerprint(mine.article)
        found = {stored.id: stored for stored in app.store.suspects(text.fingerprint, keys=(mine.article.url,)).worth}
        near |= {(mine.id, other) for other in others if other in found}
        compared: list[Stored] = [found.get(other) or needed(app, other) for other in others]
        matches = {match.other: match for match in await app.flow.stages.judge(text, compared, profile(app, mine))}
        verdicts |= {(mine.id, other): matches.get(other) for other in others}
    return verdicts, near


def needed(app: App, version: int) -> Stored:
    stored = app.store.version(version)
    assert stored is not None
    return stored


def profile(app: App, stored: Stored) -> Profile:
    outlet = app.store.outlet(stored.article.outlet) if stored.article.outlet else None
    return outlet.profile if outlet else Profile()


# ── what is printed ───────────────────────────────────────────────────────────────────────────────


def hours(rows: Sequence[dict[str, Any]]) -> None:
    """A line an hour: of the seed, and among each other (each article by its strongest)."""
    order = {str(relation): relation.strength for relation in Relation}
    best: dict[tuple[int, bool], dict[str, Any]] = {}
    for row in rows:
        key = row["article"], row["seed"]
        if key not in best or order[row["relation"]] > order[best[key]["relation"]]:
            best[key] = row
    counts: dict[str, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for (_, seed), row in best.items():
        counts[row["made_at"][:13]][seed, row["relation"]] += 1
    total = 0
    shown = []
    for moment, found in sorted(counts.items()):
        total += sum(count for (seed, relation), count in found.items() if seed and relation != "related")
        cells = [f"{found[True, str(r)] or '·'} {found[False, str(r)] or '·'}" for r in SHOWN]
        shown.append((moment, *cells, total))
    print("articles by hour: of the seed, and of each other, by the strongest relation")
    table(shown, head=("hour (UTC)", *map(str, SHOWN), "of the seed so far"))


def of_the_seed(corpus: Corpus, name: str, rows: Sequence[dict[str, Any]], bars: Bars) -> None:
    """Whether everything that is reuse of the seed was found when it came."""
    wanted = {
        pair.truth["b" if pair.truth["a"] == name else "a"]
        for pair in corpus.sets["wire"]
        if pair.truth["label"] in SILVER and name in (pair.truth["a"], pair.truth["b"])
    }
    found = {row["url"].removeprefix(NAMED) for row in rows if row["seed"]}
    bars.hold(
        "found of what is reuse of the seed ≥ .995", len(wanted & found) >= 0.995 * len(wanted), f"{len(wanted & found)} of {len(wanted)}"
    )


def stand(rows: Sequence[dict[str, Any]], again: tuple[Verdicts, set[tuple[int, int]]], bars: Bars) -> None:
    """Which verdicts are others now."""
    verdicts, near = again
    turns: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = row["version"], row["other_version"]
        if key in verdicts:
            match = verdicts[key]
            turns[row["relation"], str(match.relation) if match else "distinct"] += 1
    same = sum(count for (old, new), count in turns.items() if old == new)
    print()
    table(
        [
            ("verdicts given", len(rows)),
            ("given again at the end, and the same", same),
            *((f"  {old} then, {new} now", count) for (old, new), count in turns.most_common() if old != new),
            ("for which others are nearer now: would be counted, not compared", len(verdicts) - len(near)),
        ]
    )
    judged = sum(turns.values())
    bars.hold("every verdict was given again", judged == len(rows), f"{judged} of {len(rows)}")
    bars.hold("verdicts stand ≥ .99", same >= 0.99 * judged, f"{same} of {judged}")


if __name__ == "__main__":
    sys.exit(main())
