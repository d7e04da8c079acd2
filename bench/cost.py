"""What a page costs from end to end, as one ratio: `wirewatch ingest` with everything on, beside what one extractor alone takes.

    python bench/cost.py PAGES_DIR TRUTH [--limit N] [--seed 1] [--jobs N] [--seeds DIR]

Above the line: the CPU of all processes of one `wirewatch ingest` that fetches the pages over loopback HTTP (robots.txt included),
extracts, fingerprints, matches them with each other and with the seeds, and stores text, full-text index, page bytes and relations; the
start of the program too. Below it: `trafilatura.bare_extraction(html, with_metadata=True)` with its defaults over the same pages, unpacked,
without its imports. The reference runs in --jobs processes at once, as many as we extract in (processors that share a core are
slower side by side), one half of the pages before our run and the other after it, so that both meet the same load. What serves the pages
is not counted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from machine import ROOT, Bars, Loopback, Product, Ran, Watched, table
from real_input import place, rows_of, serve

MOST = 1.0  # times the reference: what a page may cost


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("pages", type=Path)
    words.add_argument("truth", type=Path)
    words.add_argument("--limit", type=int)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    words.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="the stories that are watched for")
    words.add_argument("--keep", type=Path, help="a folder for the database, which stays")
    given = words.parse_args()
    truth = [row for row in rows_of(given.truth) if (given.pages / f"{row['id']}.html.gz").exists()][: given.limit]
    files = [given.pages / f"{row['id']}.html.gz" for row in truth]
    bars = Bars(f"{len(truth)} real pages end to end, beside trafilatura alone")
    before = reference(files[::2], given.jobs)
    with place(given.keep) as home, Loopback() as web:
        _, sources = serve(web, given.pages, truth, random.Random(given.seed))
        ran = Watched(Product(home, sources, resolve={"*": web.address}, seeds=given.seeds), ["ingest", "--json"]).end()
    after = reference(files[1::2], given.jobs)
    return judge(ran, before + after, bars)


def reference(files: Sequence[Path], jobs: int) -> list[float]:
    """CPU seconds of trafilatura on each page."""
    with get_context("fork").Pool(jobs, initializer=warm_up) as pool:
        return pool.map(alone, files, chunksize=4)


def warm_up() -> None:
    """Imports, and what is built at the first call, are not of a page."""
    import trafilatura

    logging.disable(logging.CRITICAL)
    trafilatura.bare_extraction("<html><body><article>" + "<p>Some words that are enough to be text.</p>" * 9, with_metadata=True)


def alone(file: Path) -> float:
    """One page."""
    import trafilatura

    html = gzip.decompress(file.read_bytes())
    begun = time.process_time()
    trafilatura.bare_extraction(html, with_metadata=True)
    return time.process_time() - begun


def judge(ran: Ran, spent: Sequence[float], bars: Bars) -> int:
    """Prints both sides and the ratio."""
    pages, theirs = len(spent), sum(spent)
    rows = [json.loads(line) for line in ran.out.split("\n") if line]
    each = 1000 / pages
    table(
        [
            ("wirewatch ingest, all processes, from start to end", ran.cpu * each),
            ("trafilatura.bare_extraction(with_metadata=True)", theirs * each),
            ("  the middle page · the dearest", f"{statistics.median(spent) * 1000:.1f} · {max(spent) * 1000:.0f}"),
            ("pages stored", sum(row["status"] in ("new", "duplicate") for row in rows)),
            ("wall seconds", ran.wall),
        ],
        head=("", "CPU ms a page"),
    )
    ratio = ran.cpu / theirs
    bars.hold("every page ended", len(rows) == pages, f"{len(rows)} of {pages}")
    bars.hold("no crash", ran.code in (0, 1) and "Traceback" not in ran.err, f"exit {ran.code}")
    bars.hold(f"at most {MOST} × trafilatura alone", ratio <= MOST, f"{ratio:.2f}")
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
