"""Extraction against a corpus with truth: predictions for a scorer, and CPU a page beside trafilatura's own in the same run.

    python bench/extraction.py TRUTH.jsonl[.gz] PAGES_FOLDER [--out PREDICTIONS.jsonl] [--jobs 2] [--every 1] [--alone]

Truth: one JSON object a line with ``id`` and, where known, ``url``; pages: ``<id>.html.gz``. Predictions have the fields of
``wirewatch extract --jsonl``. ``--alone``: no second extractor beside ours. CPU is of the process that did the work, median and mean.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def main() -> None:
    """Runs, writes, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only every n-th page")
    parser.add_argument("--alone", action="store_true", help="without trafilatura beside it")
    words = parser.parse_args()
    wanted = read(words.truth)[:: words.every]
    work = partial(page, folder=words.pages, alone=words.alone)
    with get_context("fork").Pool(words.jobs, initializer=warm_up) as pool:
        rows = pool.map(work, wanted, chunksize=4)
    if words.out:
        words.out.write_text("".join(json.dumps(row["said"], ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    report(rows)


def read(path: Path) -> list[Row]:
    """The lines of a truth file."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode("utf-8").split("\n") if line.strip()]


def warm_up() -> None:
    """Imports and models are loaded before the first page is timed."""
    import trafilatura

    from pipeline.extract import extract
    from pipeline.model import Response

    logging.disable(logging.CRITICAL)
    html = (
        "<html><body><article><h1>A headline of a few words</h1>" + "<p>Some words that are enough to be read as text.</p>" * 9
    ).encode()
    extract(Response(url="", requested_url="", body=html, fetched_at=datetime.now(UTC)))
    trafilatura.bare_extraction(html, with_metadata=True)


def page(row: Row, *, folder: Path, alone: bool) -> Row:
    """One page through both; in turns, so that neither always finds the memory warm."""
    import trafilatura

    html = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
    said: Row = {}
    runs: list[tuple[str, Callable[[], object]]] = [("ours", lambda: said.update(ours(row, html)))]
    if not alone:
        runs.append(("trafilatura", lambda: trafilatura.bare_extraction(html, url=row.get("url"), with_metadata=True)))
    if hash(row["id"]) % 2:
        runs.reverse()
    return {"said": said, **{name: timed(run) for name, run in runs}}


def timed(run: Callable[[], object]) -> float:
    """CPU milliseconds."""
    start = time.process_time()
    run()
    return 1000 * (time.process_time() - start)


def ours(row: Row, html: bytes) -> Row:
    """As ``wirewatch extract --jsonl`` writes it."""
    from pipeline.errors import NotAnArticle
    from pipeline.extract import extract
    from pipeline.model import Response

    url = row.get("url") or ""
    try:
        article = extract(Response(url=url, requested_url=url, body=html, fetched_at=datetime.now(UTC)))
    except NotAnArticle as error:
        return {"id": row["id"], "error": {"kind": error.reason, "message": str(error)}}
    return {
        "id": row["id"],
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": str(article.published) if article.published else None,
        "language": article.language,
        "provenance": dict(article.provenance),
        "completeness": article.completeness,
    }


def report(rows: list[Row]) -> None:
    """What was read and what it cost."""
    refused = Counter(row["said"]["error"]["kind"] for row in rows if "error" in row["said"])
    read_ = [row["said"] for row in rows if "error" not in row["said"]]
    print(f"pages {len(rows)}, called no article {sum(refused.values())} {dict(refused)}")
    for field in ("title", "authors", "published", "text", "language"):
        sources = Counter(said["provenance"].get(field, "nowhere") for said in read_)
        print(f"  {field:<10}" + ", ".join(f"{name} {count}" for name, count in sources.most_common()))
    for name in ("ours", "trafilatura"):
        times = [row[name] for row in rows if name in row]
        if times:
            print(f"{name:<12} CPU ms a page: {statistics.fmean(times):.1f}, median {statistics.median(times):.1f}, most {max(times):.0f}")
    if all("trafilatura" in row for row in rows):
        print(f"ours : trafilatura {sum(row['ours'] for row in rows) / sum(row['trafilatura'] for row in rows):.2f}")


if __name__ == "__main__":
    main()
