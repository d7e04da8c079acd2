"""Real sitemaps, one source each, served over loopback: each is read, or refused with a reason.

    python bench/sitemaps.py DIR [--limit N]

The pages that they list are not there (404), or cannot be reached: this measures the sitemaps. No request leaves the machine, because
every host name leads to the loopback. Their entries belong to other sites than the loopback host that serves them, so each source is
told whose they are (outlet).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from machine import Bars, Loopback, Product, Watched, table

from pipeline import urls

NOT_SITEMAPS = {"MANIFEST.jsonl", "README.md"}
KINDS = {".txt": "text/plain", ".gz": "application/x-gzip"}


def listed(path: Path) -> list[str]:
    """Every address that seems to be an entry, told without understanding the file."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")
    found = re.findall(r"<(?:link[^>]*href=\"|loc>\s*)(https?://[^<\"\s]+)", text)
    return found or re.findall(r"^\ufeff?(https?://\S+)", text, re.MULTILINE)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--limit", type=int)
    given = words.parse_args()
    files = sorted(path for path in given.folder.iterdir() if path.is_file() and path.name not in NOT_SITEMAPS)[: given.limit]
    bars = Bars(f"{len(files)} real sitemaps, `wirewatch ingest`")
    entries = []
    with tempfile.TemporaryDirectory() as home, Loopback() as web:
        product = Product(Path(home), [], resolve={"*": web.address})
        sources = {}
        for number, path in enumerate(files):
            url = f"http://map{number:03}.bench.example/sitemap{''.join(path.suffixes[-1:])}"
            web.page(url, path.read_bytes(), kind=KINDS.get(path.suffix, "application/xml"))
            sources[path.name] = url
            outlets = Counter(urls.outlet(one) for one in listed(path) if urlsplit(one).hostname)
            owner = outlets.most_common(1)[0][0] if outlets else "bench.example"
            entries.append(f'[[source]]\nname = "{path.name}"\nkind = "sitemap"\nurl = "{url}"\noutlet = "{owner}"\nbackfill = "36500d"\n')
        (product.config / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
        ran = Watched(product, ["ingest", "--json"]).end()
        rows = [json.loads(line) for line in ran.out.split("\n") if line]
        asked = {hit.url for hit in web.log() if hit.status == 200}
    refused = {row["source"]: str(row["reason"]) for row in rows if row["url"] == sources.get(row["source"])}
    candidates = Counter(row["source"] for row in rows if row["source"] not in refused)
    silent = [name for name in sources if name not in refused and not candidates[name]]
    table(
        [
            ("sitemaps", len(files)),
            ("read, with candidates", sum(name in candidates for name in sources)),
            ("read, empty", len(silent)),
            ("refused", len(refused)),
            ("candidates", sum(candidates.values())),
            ("addresses that seem to be entries", sum(len(set(listed(path))) for path in files)),
            ("wall seconds", ran.wall),
            ("CPU seconds", ran.cpu),
        ]
    )
    for name in sources:
        print(f"  {candidates[name]:>4} {name}{': ' + refused[name] if name in refused else ''}")
    never = [name for name, url in sources.items() if url not in asked]
    bars.hold("every sitemap was fetched", not never, f"{len(never)} were not {never[:5]}")
    bars.hold("every one was read or refused with a reason", not silent and all(refused.values()), f"neither: {silent}")
    bars.hold("no crash", ran.code in (0, 1) and "Traceback" not in ran.err, f"exit {ran.code}")
    if "Traceback" in ran.err:
        print(ran.err[-4000:])
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
