"""Extraction against a corpus with truth: what a scorer says of it and what it costs, with other extractors beside it on the same pages.

    python bench/extraction.py TRUTH.jsonl[.gz] PAGES_FOLDER [--tools FOLDER] [--out PREDICTIONS.jsonl] [--jobs 2] [--every 1]
                               [--alone | --beside NAME,…] [--news SET] [--limit 20]

Truth: one JSON object a line with ``id`` and, where known, ``url``; pages: ``<id>.html.gz``. FOLDER: where the scorer
``score_extraction.py`` stands (the folder tools beside the one of the corpora). Predictions (ours) have the fields of ``wirewatch extract
--jsonl``. Each page goes through all extractors one after the other, so that they meet the same load; each has a process of its own and
--limit seconds for a page. CPU is of the process that did the work; it begins with everything loaded, and what was there before the
first page frozen, as the program's own workers do. ``--alone``: ours only; ``--beside``: these (trafilatura is enough for the ratio).
The others' libraries: `make bench`, then .venv-bench/bin/python. ``--news``: the set that holds current news pages.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from extractors import EXTRACTORS, OURS, Lane, Row, Took, every, is_here
from machine import Bars, table

Taken = dict[str, Took]
REFERENCE = "trafilatura"


def main() -> int:
    """Runs, writes, prints."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("truth", type=Path)
    words.add_argument("pages", type=Path)
    words.add_argument("--tools", type=Path)
    words.add_argument("--out", type=Path)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--every", type=int, default=1, help="only every n-th page")
    words.add_argument("--alone", action="store_true", help="ours only")
    words.add_argument("--beside", default=",".join(name for name in EXTRACTORS if name != OURS), help="which others")
    words.add_argument("--news", default="fundus", help="the set of current news pages")
    words.add_argument("--limit", type=float, default=20.0, help="seconds of wall time for a page")
    given = words.parse_args()
    wanted = [row for row in read(given.truth)[:: given.every] if (given.pages / f"{row['id']}.html.gz").exists()]
    others = [] if given.alone else [name for name in given.beside.split(",") if name in EXTRACTORS]
    here = [OURS, *(name for name in others if is_here(name))]
    bars = Bars(f"{len(wanted)} pages through {', '.join(here)}")
    if missing := sorted(set(others) - set(here)):
        print(f"  not here: {', '.join(missing)}; `make bench` brings them: .venv-bench/bin/python bench/extraction.py …\n")
    taken = run(wanted, given.pages, here, given.jobs, given.limit)
    if given.out:
        said = [{"id": row["id"], **took[OURS].said} for row, took in zip(wanted, taken, strict=True)]
        given.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said), encoding="utf-8")
    about_ours([took[OURS].said for took in taken])
    scorer = scorer_of(given.tools or given.truth.resolve().parents[2] / "tools")
    if scorer:
        scored(scorer, wanted, taken, here, given.news, bars)
    costs(taken, here, bars)
    refused = sum("error" in took[OURS].said for took in taken)
    bars.hold("articles called something else ≤ 1 %", refused <= 0.01 * len(taken), f"{refused} of {len(taken)}")
    return bars.verdict()


def read(path: Path) -> list[Row]:
    """The lines of a truth file."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode("utf-8").split("\n") if line.strip()]


def scorer_of(folder: Path) -> Any:
    """The module, or None."""
    path = folder / "score_extraction.py"
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None or not path.exists():
        print(f"\n  no scorer at {path} (--tools): CPU only")
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(rows: Sequence[Row], folder: Path, names: Sequence[str], jobs: int, limit: float) -> list[Taken]:
    """Every page through every extractor, in the order of the rows."""
    lanes = [[Lane(name, limit) for name in names] for _ in range(jobs)]

    def part(number: int) -> list[Taken]:
        return [
            every(lanes[number], gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()), row.get("url") or "", turn)
            for turn, row in enumerate(rows[number::jobs])
        ]

    with ThreadPoolExecutor(jobs) as threads:
        parts = list(threads.map(part, range(jobs)))
    for lane in (lane for row in lanes for lane in row):
        lane.end()
    return [parts[n % jobs][n // jobs] for n in range(len(rows))]


# ── what is printed ───────────────────────────────────────────────────────────────────────────────


def about_ours(said: Sequence[Row]) -> None:
    """What was no article to us, and where each field came from."""
    refused = Counter(row["error"]["kind"] for row in said if "error" in row)
    print(f"pages {len(said)}, called no article {sum(refused.values())} {dict(refused)}")
    for field in ("title", "authors", "published", "text", "language"):
        sources = Counter(row["provenance"].get(field, "nowhere") for row in said if "provenance" in row)
        print(f"  {field:<10}" + ", ".join(f"{name} {count}" for name, count in sources.most_common()))


COLUMNS = (
    ("body F1", "ALL", "body", "F1", 0.960),
    ("real news", "NEWS", "body", "F1", 0.966),
    ("snippets", "ALL", "seg", "F1", 0.940),
    ("title", "ALL", "title", "norm", 0.87),
    ("day", "ALL", "date", "day", 0.90),
    ("of answered", "ALL", "date", "precision", 0.915),
    ("answered", "ALL", "date", "answered", 0.97),
    ("real news", "NEWS", "date", "day", 0.99),
    ("authors", "ALL", "authors", "F1", 0.80),
    ("real news", "NEWS", "authors", "F1", 0.90),
    ("language", "ALL", "lang", "acc", 0.99),
)
"""Head, pages, field and figure as the scorer names them, and the bar."""


def scored(scorer: Any, truth: Sequence[Row], taken: Sequence[Taken], names: Sequence[str], news: str, bars: Bars) -> None:
    """The scorer's figures of all of them. A page without an answer counts as an empty one."""
    results = {name: figures(scorer, truth, [took[name].said for took in taken], news) for name in names}
    silent = {name: SAYS.keys() - {key for took in taken for key, value in took[name].said.items() if value} for name in names}
    rows = [(name, *("none" if _said(column) in silent[name] else shown(results[name], column) for column in COLUMNS)) for name in names]
    print()
    table([*rows, ("bar", *(f"{column[4]:.3f}" for column in COLUMNS))], head=("", *(column[0] for column in COLUMNS)))
    for column in COLUMNS:
        head, pages, field, _, bar = column
        got = shown(results[OURS], column)
        if got != "–":
            where = "" if pages == "ALL" else f", {news}"
            bars.hold(f"{field}: {head}{where} ≥ {bar}", float(got) >= bar, got)


SAYS = {"text": ("body", "seg"), "title": ("title",), "published": ("date",), "authors": ("authors",), "language": ("lang",)}
"""What an extractor says → what the scorer makes of it."""


def _said(column: tuple[str, str, str, str, float]) -> str:
    return next(name for name, fields in SAYS.items() if column[2] in fields)


def figures(scorer: Any, truth: Sequence[Row], said: Sequence[Row], news: str) -> dict[str, Any]:
    """ "ALL" and "NEWS" → what the scorer makes of it."""
    groups = {"ALL": scorer.Acc(), "NEWS": scorer.Acc()}
    for row, answer in zip(truth, said, strict=True):
        told = {**answer, "body": answer.get("text"), "lang": answer.get("language")}
        groups["ALL"].add(row, told)
        if row.get("source_set") == news:
            groups["NEWS"].add(row, told)
    return {name: group.result() for name, group in groups.items()}


def shown(result: Mapping[str, Any], column: tuple[str, str, str, str, float]) -> str:
    _, pages, field, figure, _ = column
    return f"{result[pages][field][figure]:.3f}" if field in result[pages] else "–"


def costs(taken: Sequence[Taken], names: Sequence[str], bars: Bars) -> None:
    """CPU a page, and who gave up."""
    lines: list[tuple[object, ...]] = []
    whole = {name: sum(took[name].cpu for took in taken) for name in names}
    for name in names:
        spent = sorted(took[name].cpu for took in taken)
        trouble = Counter(took[name].trouble for took in taken if took[name].trouble)
        told = ", ".join(f"{count} {what}" for what, count in trouble.most_common()) or "–"
        ratio = f"{whole[name] / whole[REFERENCE]:.2f}" if REFERENCE in whole else "–"
        lines.append((name, statistics.fmean(spent), statistics.median(spent), spent[len(spent) * 99 // 100], spent[-1], ratio, told))
    print()
    table(lines, head=("CPU ms a page", "mean", "median", "p99", "most", f": {REFERENCE}", "raised, died, too long"))
    if REFERENCE in whole:
        got = whole[OURS] / whole[REFERENCE]
        bars.hold(f"CPU a page ≤ .5 × {REFERENCE} with metadata", got <= 0.5, f"{got:.2f}")


if __name__ == "__main__":
    sys.exit(main())
