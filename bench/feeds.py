"""Real feeds, one source each, served over loopback: each is read, or refused with a reason.

    python bench/feeds.py DIR [--limit N]

The articles that they list are not there (404), or cannot be reached (https): this measures the feeds. No request leaves the machine,
because every host name leads to the loopback.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from machine import Bars, Loopback, Product, Watched, table

KINDS = {".json": "application/feed+json", ".xml": "application/xml", ".rdf": "application/rdf+xml", ".atom": "application/atom+xml"}
NOT_FEEDS = {"MANIFEST.jsonl", "README.md"}


def serve(web: Loopback, files: list[Path]) -> dict[str, str]:
    """Puts every file on a host of its own. Returns source name → its address."""
    sources = {}
    for number, path in enumerate(files):
        url = f"http://feed{number:03}.bench.example/feed"
        web.page(url, path.read_bytes(), kind=KINDS.get(path.suffix, "application/xml"))
        sources[path.name] = url
    return sources


def entries(path: Path) -> int:
    """How many entries a file seems to hold, counted without understanding it."""
    raw = path.read_bytes()
    if path.suffix == ".json":
        return raw.count(b'"url"')
    return len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", raw.replace(b"\x00", b"")))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--limit", type=int)
    given = words.parse_args()
    files = sorted(path for path in given.folder.iterdir() if path.is_file() and path.name not in NOT_FEEDS)[: given.limit]
    bars = Bars(f"{len(files)} real feeds, `wirewatch ingest`")
    with tempfile.TemporaryDirectory() as home, Loopback() as web:
        sources = serve(web, files)
        product = Product(Path(home), [(name, "feed", url) for name, url in sources.items()], resolve={"*": web.address})
        ran = Watched(product, ["ingest", "--json"]).end()
        rows = [json.loads(line) for line in ran.out.split("\n") if line]
        asked = {hit.url for hit in web.log() if hit.status == 200}
    refused = {row["source"]: str(row["reason"]) for row in rows if row["url"] == sources.get(row["source"])}
    candidates = Counter(row["source"] for row in rows if row["source"] not in refused)
    silent = [path.name for path in files if path.name not in refused and not candidates[path.name]]
    hollow = [f"{name} ({entries(given.folder / name)})" for name in silent if entries(given.folder / name)]
    table(
        [
            ("feeds", len(files)),
            ("read, with candidates", sum(name in candidates for name in sources)),
            ("read, empty", len(silent)),
            ("of them with what looks like entries", len(hollow)),
            ("refused", len(refused)),
            ("candidates", sum(candidates.values())),
            ("wall seconds", ran.wall),
            ("CPU seconds", ran.cpu),
            ("peak memory MiB", ran.memory / 2**20),
        ]
    )
    for name, reason in sorted(refused.items()):
        print(f"  refused  {name}: {reason}")
    for name in hollow:
        print(f"  empty?   {name}")
    never = [name for name, url in sources.items() if url not in asked]
    bars.hold("every feed was fetched", not never, f"{len(never)} were not {never[:5]}")
    bars.hold("every refusal has a reason", all(refused.values()))
    bars.hold("no crash", ran.code in (0, 1) and "Traceback" not in ran.err, f"exit {ran.code}")
    if "Traceback" in ran.err:
        print(ran.err[-4000:])
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
