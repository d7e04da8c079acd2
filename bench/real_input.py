"""Real pages, served over loopback under their own host names and listed by feeds: each must end in exactly one outcome.

    python bench/real_input.py PAGES_DIR TRUTH [--limit N] [--sample 40] [--seed 1] [--keep DIR] [--db URL | --postgresql]

PAGES_DIR holds <id>.html.gz; TRUTH is JSON lines (.gz or not) with "id" and "url", and perhaps "title". A page without an address, or with
one that another page has already, gets an address of its own.

With --db (an empty PostgreSQL database) or --postgresql (one is started) the same is done there a second time, and both are compared:
counts, relations, answers of the search. Then the first is copied into another database with `db copy`, which must hold the same rows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import database
from machine import Bars, Loopback, Product, Ran, Reply, Watched, key, rss, table

from pipeline.store import Store
from pipeline.store import read as door

A_FEED = 100  # entries: what feeds of large sites hold


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSON lines file, packed or not."""
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    yield from (json.loads(line) for line in text.decode("utf-8").split("\n") if line.strip())


def addresses(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Page id → the plain-http address that it is served at; no two are the same."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for row in rows:
        parts = urlsplit(row.get("url") or "")
        url = urlunsplit(("http", parts.netloc, parts.path or "/", parts.query, "")) if parts.netloc else ""
        if not url or loose(url) in taken:
            url = f"http://page-{row['id'].lower().replace('_', '-')}.no-address.example/story/{row['id']}"
        taken.add(loose(url))
        given[row["id"]] = url
    return given


def loose(url: str) -> str:
    """An address as it is compared here: without scheme, www., query, fragment and last slash."""
    return key(url.partition("?")[0])


def unpacked(path: Path) -> Callable[[], bytes]:
    return lambda: gzip.decompress(path.read_bytes())


def serve(
    web: Loopback, folder: Path, rows: list[dict[str, Any]], dice: random.Random
) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Puts the pages and their feeds on the web. Returns id → address, and the sources."""
    urls = addresses(rows)
    for row in rows:
        web.reply(urls[row["id"]], Reply(body=unpacked(folder / f"{row['id']}.html.gz"), kind="text/html"))
    mixed = dice.sample(rows, len(rows))
    sources = []
    for start in range(0, len(mixed), A_FEED):
        name = f"feed{start // A_FEED:02}"
        feed = f"http://{name}.bench.example/feed.xml"
        items = [(urls[row["id"]], str(row.get("title") or row["id"])) for row in mixed[start : start + A_FEED]]
        web.feed(feed, rss(feed, items, title=name))
        sources.append((name, "feed", feed))
    return urls, sources


def query(title: str) -> str:
    """The longest words of a title."""
    return " ".join(sorted(set(re.findall(r"(?<!\w)[^\W\d_]{3,}(?:['’][^\W\d_]+)*(?!\w)", title)), key=len)[-5:])


def searchable(product: Product, stored: list[dict[str, Any]]) -> list[str]:
    """Those of the stored articles that are not found by the words of their titles."""
    missing = []
    for row in stored:
        words = query(row["title"])
        found = product("search", "--json", "--limit", "200", "--", words).out
        if words and json.dumps(row["title"], ensure_ascii=False)[1:-1] not in found and row["title"] not in found:
            missing.append(row["title"])
    return missing


def judge(rows: list[dict[str, Any]], urls: Mapping[str, str], ran: Ran, bars: Bars) -> None:
    """Whether every page ended once, and nothing else did."""
    ended = Counter(loose(row["url"]) for row in rows)
    pages = {loose(url): name for name, url in urls.items()}
    never = [pages[place] for place in pages if not ended[place]]
    often = [pages[place] for place in pages if ended[place] > 1]
    strangers = [place for place in ended if place not in pages]
    bars.hold("every page ended", not never, f"{len(urls) - len(never)} of {len(urls)} {never[:5]}")
    bars.hold("none ended twice", not often, f"{len(often)} {often[:5]}")
    bars.hold("nothing ended that was not served", not strangers, f"{len(strangers)} {strangers[:5]}")
    bars.hold("every line has a status and a reason", all(row["status"] and row["reason"] for row in rows))
    bars.hold("no crash", ran.code in (0, 1) and "Traceback" not in ran.err, f"exit {ran.code}")


WHAT = ("articles", "versions", "sightings", "relations", "outcomes")


def compare(one: Product, other: Product, sample: list[dict[str, Any]], bars: Bars) -> None:
    """Two runs over the same pages. Pages come in another order every time, so that numbers differ, and which of two texts is the later."""
    tables = {what: (one.export(what), other.export(what)) for what in WHAT}
    counts = {what: tuple(map(len, both)) for what, both in tables.items()}
    bars.hold("as many rows on both", all(a == b for a, b in counts.values()), ", ".join(f"{n} {what}" for what, (n, _) in counts.items()))
    texts = [{(row["url"], row["content_digest"]) for row in rows} for rows in tables["articles"]]
    bars.hold(
        "the same articles with the same texts", texts[0] == texts[1], f"{len(texts[0] ^ texts[1])} differ {[*texts[0] ^ texts[1]][:3]}"
    )
    pairs = [Counter(frozenset((row["url"], row["other_url"])) for row in rows) for rows in tables["relations"]]
    differ = [sorted(pair) for pair in pairs[0].keys() | pairs[1].keys() if pairs[0][pair] != pairs[1][pair]]
    bars.hold("the same relations", not differ, f"{len(pairs[0])} pairs, {len(differ)} differ {differ[:3]}")
    statuses = [Counter(row["status"] for row in rows) for rows in tables["outcomes"]]
    bars.hold("the same outcomes", statuses[0] == statuses[1], dict(statuses[0] - statuses[1]) or dict(statuses[0]))
    hits(one, other, sample, bars)


def hits(one: Product, other: Product, sample: list[dict[str, Any]], bars: Bars) -> None:
    """The same questions to both: all the words of a title, its longest one, two of them in order."""
    asked = [query(row["title"]) for row in sample]
    asked += [words.split()[-1] for words in asked if words] + [f'"{" ".join(row["title"].split()[:2])}"' for row in sample]
    answers = []
    for product in (one, other):
        store = Store.open(product.url, write=False)
        answers.append([{row.url for row in door.search(store, words, door.Filters(limit=9_999))} for words in asked])
        store.close()
    differ = [words for words, a, b in zip(asked, *answers, strict=True) if a != b]
    bars.hold(
        "the same answers of the search",
        not differ,
        f"{len(asked)} queries, {sum(map(len, answers[0]))} hits, {len(differ)} differ {differ[:3]}",
    )


def copied(one: Product, url: str, bars: Bars) -> None:
    """The first database, copied: every exported row is the same."""
    began = time.monotonic()
    (told,) = one("db", "copy", url, "--json", timeout=3600).rows
    seconds = time.monotonic() - began
    other = Product(one.home / "copied", url=url)
    same = [what for what in WHAT if one.export(what) == other.export(what)]
    bars.hold(
        "db copy: every exported row is the same",
        same == list(WHAT),
        f"{sum(told['rows'].values())} rows in {seconds:.1f} s; equal: {', '.join(same)}",
    )
    bars.hold("db copy: the copy is sound", other("db", "check", expect=None).code == 0)


@contextmanager
def place(kept: Path | None) -> Iterator[Path]:
    """Where the database goes: a folder that stays, or one that does not."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory() as home:
            yield Path(home)


def figures(ran: Ran, rows: list[dict[str, Any]], pages: int, hosts: int) -> None:
    table(
        [
            ("pages", pages),
            ("hosts", hosts),
            ("wall seconds", ran.wall),
            ("pages a second", pages / ran.wall),
            ("CPU ms a page, all processes", ran.cpu * 1000 / pages),
            ("peak memory MiB, all processes", ran.memory / 2**20),
        ]
    )
    print()
    counts = Counter((row["status"], re.split(r"[\s:,(]", row["reason"])[0]) for row in rows)
    table([(f"{status}: {reason}", count) for (status, reason), count in counts.most_common()], head=("outcome", "pages"))
    relations = Counter(row["relation"] or "none" for row in rows)
    print()
    table(list(relations.most_common()), head=("relation", "pages"))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("pages", type=Path)
    words.add_argument("truth", type=Path)
    words.add_argument("--limit", type=int)
    words.add_argument("--sample", type=int, default=40, help="how many stored articles are searched for")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--keep", type=Path, help="a folder for the database, which stays")
    database.words(words)
    given = words.parse_args()
    dice = random.Random(given.seed)
    truth = [row for row in rows_of(given.truth) if (given.pages / f"{row['id']}.html.gz").exists()][: given.limit]
    bars = Bars(f"{len(truth)} real pages over HTTP, `wirewatch ingest`")
    with place(given.keep) as home, Loopback() as web:
        urls, sources = serve(web, given.pages, truth, dice)
        one = Product(home, sources, resolve={"*": web.address})
        rows = ingest(one, urls, bars)
        stored = [row for row in rows if row["status"] == "new" and row["title"]]
        sample = dice.sample(stored, min(given.sample, len(stored)))
        missing = searchable(one, sample)
        bars.hold(
            "stored articles are found by their titles' words",
            bool(sample) and not missing,
            f"{len(missing)} of {len(sample)} not {missing[:3]}",
        )
        with database.chosen(given) as url:
            if url:
                print("\nagain, on PostgreSQL")
                (home / "again").mkdir(exist_ok=True)
                other = Product(home / "again", sources, resolve={"*": web.address}, url=url)
                ingest(other, urls, bars)
                compare(one, other, sample, bars)
                with database.served() as server:
                    copied(one, server.made(), bars)
        return bars.verdict()


def ingest(product: Product, urls: Mapping[str, str], bars: Bars) -> list[dict[str, Any]]:
    """One run over all of it. → its lines."""
    ran = Watched(product, ["ingest", "--json"]).end()
    rows = [json.loads(line) for line in ran.out.split("\n") if line]
    figures(ran, rows, len(urls), len({urlsplit(url).hostname for url in urls.values()}))
    judge(rows, urls, ran, bars)
    if ran.code not in (0, 1) or "Traceback" in ran.err:
        print(ran.err[-4000:])
    return rows


if __name__ == "__main__":
    sys.exit(main())
