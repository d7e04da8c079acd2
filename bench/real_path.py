"""The pairs of `matching.py` through the real path: are they found at all, and judged as they are pair by pair?

    python bench/real_path.py DATA [--tools FOLDER] [--labels FILE] [--by-time] [--keep DIR] [--db URL | --postgresql]

All texts of DATA/docs.jsonl[.gz] go through `wirewatch ingest docs.jsonl` into a fresh database, in the order of the file or (--by-time)
of publication; `wirewatch export relations` says what was found. A pair that is reuse, by the silver labels or by people, must stand there,
compared word by word or only counted; why one does not is said. --db and --postgresql: there instead of in a SQLite file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import database
from machine import ROOT, Bars, Product, Watched, table
from matching import SILVER, Corpus, article_of, is_copy, is_reuse, three, through_the_door
from real_input import place

from pipeline.match import compare, fingerprint
from pipeline.model import Article, Fingerprint

Row = dict[str, Any]
Ids = tuple[str, str]
NAMED = "urn:wirewatch:id:"


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("--tools", type=Path)
    words.add_argument("--labels", type=Path, default=ROOT / "bench" / "labels" / "wire.jsonl")
    words.add_argument("--by-time", action="store_true")
    words.add_argument("--keep", type=Path, help="a folder for the database, which stays")
    database.words(words)
    given = words.parse_args()
    corpus = Corpus.of(given.data, given.tools, given.labels)
    docs = list(corpus.scorer.rows(given.data / "docs.jsonl"))
    if given.by_time:
        docs.sort(key=lambda doc: doc.get("published") or "")
    bars = Bars(f"{len(docs)} texts through `ingest`, then `export relations`")
    pairwise = through_the_door(corpus.sets["wire"])
    with place(given.keep) as home, database.chosen(given) as url:
        product = Product(home, url=url)
        stored = ingested(product, docs, bars)
        found = relations(product)
    judge(corpus, found, pairwise, bars)
    said = {(p.truth["a"], p.truth["b"]): p.truth["label"] for p in corpus.sets["wire"]}
    silver = [pair for pair, label in said.items() if label in SILVER]
    people = [(row["a"], row["b"]) for row in corpus.read.values() if row["reuse"]]
    library = Library.of(docs, stored)
    for name, pairs in (("silver labels", silver), ("people", people)):
        missing = [pair for pair in pairs if frozenset(pair) not in found]
        share = 1 - len(missing) / max(1, len(pairs))
        bars.hold(f"found of what is reuse by {name} ≥ .995", share >= 0.995, f"{share:.4f}, {len(pairs) - len(missing)} of {len(pairs)}")
        counted = [pair for pair in pairs if not found.get(frozenset(pair), {"aligned": True})["aligned"]]
        for what, few in (("missing", missing), ("counted, not compared,", counted)):
            if few:
                print(f"\n{what} of what is reuse by {name}:")
                table([library.why(pair, said[pair]) for pair in few], head=Library.HEAD)
    return bars.verdict()


def lines(docs: Sequence[Row]) -> str:
    """What `ingest FILE.jsonl` reads."""
    keys = ("id", "url", "title", "body", "outlet", "published")
    return "".join(json.dumps({key: doc[key] for key in keys if doc.get(key)}, ensure_ascii=False) + "\n" for doc in docs)


def ingested(product: Product, docs: Sequence[Row], bars: Bars) -> list[str]:
    """Everything in one run. → the ids in the order in which they were stored."""
    file = product.home / "docs.jsonl"
    file.write_text(lines(docs), encoding="utf-8")
    ran = Watched(product, ["ingest", "--json", str(file)]).end()
    ended = Counter(json.loads(line)["status"] for line in ran.out.splitlines() if line)
    articles = sorted(product.export("articles"), key=lambda row: row["version"])
    table(
        [
            *((f"outcome: {status}", count) for status, count in ended.most_common()),
            ("CPU ms an article, all processes, start included", ran.cpu * 1000 / len(docs)),
            ("wall seconds", ran.wall),
        ]
    )
    bars.hold("every text is stored", ran.code == 0 and len(articles) == len(docs), f"exit {ran.code}, {len(articles)} of {len(docs)}")
    return [row["url"].removeprefix(NAMED) for row in articles]


def relations(product: Product) -> dict[frozenset[str], Row]:
    """What was found of two texts, whichever came later; word by word before counted."""
    found: dict[frozenset[str], Row] = {}
    for row in product.export("relations"):
        pair = frozenset(row[key].removeprefix(NAMED) for key in ("url", "other_url"))
        if pair not in found or row["aligned"]:
            found[pair] = row
    return found


def judge(corpus: Corpus, found: Mapping[frozenset[str], Row], pairwise: Mapping[str, Row], bars: Bars) -> None:
    """The figures of the pairs, both ways; both tests look at the larger or smaller coverage, so that it is no matter which came later."""
    print()
    truths = {"wire_copy": ({"copy"}, is_copy), "wire_reuse": (SILVER, is_reuse)}
    shown = []
    for name, (labels, test) in truths.items():
        through, alone, true = [], [], []
        for pair in corpus.sets["wire"]:
            row = found.get(frozenset((pair.truth["a"], pair.truth["b"])))
            through.append(row is not None and row["aligned"] and test(row))
            alone.append(test(pairwise[pair.id]))
            true.append(pair.truth["label"] in labels)
        figures = []
        for said in (through, alone):
            figures.append(three(sum(s and t for s, t in zip(said, true, strict=True)), sum(said), sum(true)))
            shown.append((f"{name} {'pair by pair' if said is alone else 'through the real path'}", *(f"{f:.3f}" for f in figures[-1])))
        bars.hold(
            f"{name} F1 within .01 of pair by pair", figures[0][2] >= figures[1][2] - 0.01, f"{figures[0][2]:.3f}, {figures[1][2]:.3f}"
        )
    table(shown, head=("", "P", "R", "F1"))
    counts = Counter((row["relation"] if row["aligned"] else "counted, not compared") for row in found.values())
    print()
    table(list(counts.most_common()), head=("pairs found", "of all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The texts in the order in which they were stored, to say why one was not found for another."""

    articles: Mapping[str, Article]
    prints: Mapping[str, Fingerprint]
    place: Mapping[str, int]

    HEAD = ("later · earlier", "label", "words", "hashes shared", "≈ 8-grams shared", "of the shorter", "more alike", "pair by pair")

    @classmethod
    def of(cls, docs: Sequence[Row], stored: Sequence[str]) -> Library:
        articles = {doc["id"]: article_of({"text": doc["body"], **doc}) for doc in docs}
        prints = {name: fingerprint(article) for name, article in articles.items()}
        return cls(articles=articles, prints=prints, place={name: n for n, name in enumerate(stored)})

    def why(self, pair: Ids, label: str) -> tuple[object, ...]:
        """What the index could know of a pair, and what a comparison says."""
        earlier, later = sorted(pair, key=lambda name: self.place.get(name, -1))
        here, there = self.prints[later], self.prints[earlier]
        shared, grams = self._shared(earlier, later)
        before = [name for name in self.place if self.place[name] < self.place.get(later, 0)]
        more = sum(self._shared(name, later)[1] > grams for name in before)
        said = compare(self.articles[later], self.articles[earlier])
        told = f"{said.relation} {said.coverage:.2f} {said.other_coverage:.2f}"
        shorter = min(len(here.shingles), len(there.shingles))
        known = earlier in self.place
        return (
            f"{later} · {earlier}",
            label if known else f"{label}; not stored",
            f"{here.length} · {there.length}",
            f"{shared} of {len(there.sample)}",
            f"{grams:.0f}",
            f"{grams / max(1, shorter):.2f}",
            more,
            told,
        )

    def _shared(self, stored: str, asked: str) -> tuple[int, float]:
        """Stored hashes that are asked for; the 8-grams they stand for."""
        there = self.prints[stored]
        shared = len(set(self.prints[asked].shingles).intersection(there.sample))
        return shared, shared * len(there.shingles) / max(1, len(there.sample))


if __name__ == "__main__":
    sys.exit(main())
