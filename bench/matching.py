"""Runs pairs of texts through the matcher and says what it costs: pairs as JSON lines in, verdicts as JSON lines out.

    matching.py pairs.jsonl > judged.jsonl

Formats are those of ``wirewatch match --jsonl`` (docs). CPU per pair goes to stderr, with and without what a warm cache saves.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pipeline.match import compare, fingerprint
from pipeline.model import Article, Instant, Match


def _article(side: dict[str, str]) -> Article:
    published = None
    if stated := side.get("published"):
        try:
            published = Instant.parse(stated.replace(" ", "T"))
        except ValueError:
            published = None
    return Article(
        url=side.get("url") or "", title=side.get("title") or "", text=side["text"], outlet=side.get("outlet"), published=published
    )


def _line(name: str, match: Match) -> dict[str, object]:
    return {
        "id": name,
        "relation": match.relation,
        "coverage": match.coverage,
        "other_coverage": match.other_coverage,
        "coverage_all": match.coverage_all,
        "other_coverage_all": match.other_coverage_all,
        "longest_run": match.longest_run,
        "similarity": match.similarity,
        "passages": [[p.start, p.end, p.other_start, p.other_end] for p in match.passages],
        "new_sentences": match.new_sentences,
        "figures_changed": match.figures_changed,
        "why": match.why,
        "matcher": match.matcher,
    }


def main() -> None:
    """Judges every pair of the file named."""
    spent: list[float] = []
    printed: list[float] = []
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            a, b = _article(pair["a"]), _article(pair["b"])
            begun = time.process_time()
            match = compare(b, a)
            spent.append(time.process_time() - begun)
            begun = time.process_time()
            fingerprint(b)
            printed.append(time.process_time() - begun)
            print(json.dumps(_line(pair["id"], match), ensure_ascii=False))
    if spent:
        spent.sort()
        mean, middle, high = sum(spent) / len(spent), spent[len(spent) // 2], spent[len(spent) * 99 // 100]
        said = f"{len(spent)} pairs: CPU ms a pair, mean {mean * 1e3:.2f} median {middle * 1e3:.2f} p99 {high * 1e3:.2f}"
        print(f"{said}; a fingerprint {sum(printed) / len(printed) * 1e3:.2f}", file=sys.stderr)


if __name__ == "__main__":
    main()
