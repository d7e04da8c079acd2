"""What an article costs from fingerprint to stored relations while the archive grows: invented archives of 10,000 to 1,000,000 articles.

    scale.py [--sizes 10000 100000 1000000] [--count 1000] [--keep DIR] [--postgresql]

Each size is measured in a process of its own that knows nothing but the database: match.fingerprint → Store.suspects → match.judge →
Store.save, process CPU of each phase, in units of one fingerprint too, since a busy machine is slow in all of them alike. What the daemon
does between two articles (Store.rest, after the first one's answer) is done there too, and shown by itself. The new articles
come as in the archive, and in the same mix for every size: three in five are nobody else's (no wire copy), the others are of wire families
of two to 400 articles (heavy tail, median three), so that the median article of a family is one of dozens; nearly all of those are one
more, found by chance among all that is stored, so that no text is warm. Shown for the whole mix, for those without and those with suspects.
``--keep``: where archives are kept and found again.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import archive
import database
import fill
from machine import Bars, table
from storing import NOW

from pipeline import garbage
from pipeline.match import fingerprint, judge
from pipeline.model import Article, Candidate, Match, Read, Record, Suspects
from pipeline.rejudge import not_aligned
from pipeline.store import Store

PHASES = ("fingerprint", "suspects", "judge", "save")
MEDIAN_MS, P99_MS, GROWTH, FIRST_MS, MEMORY_MB, SQLITE_GB, POSTGRESQL_GB = 5.0, 25.0, 1.5, 50.0, 300, 1.2, 4.0
FEW, MANY, STEPS = 1_000, 2_000_000, 300_000  # numbers of a walk, its steps (a list of so many is in the processor's cache, or is not)
WARM = 20  # articles before those that count: statements are compiled, files are open


# ── one size, in a process of its own ─────────────────────────────────────────────────────────────


def measure(url: str, chunks: int, count: int, named: str) -> dict[str, Any]:
    """Takes ``count`` articles in. → seconds of CPU by phase and article, and what else there is to say."""
    pieces = archive.coming(chunks, count + WARM, named=named)
    garbage.between_jobs_alone()
    gc.freeze()  # both as the workers do who judge (processes/child.py)
    begun, worked = time.perf_counter(), time.process_time()
    store = Store.open(url)
    taken, rests = [_taken(store, pieces[0])], list[float]()
    saved = taken[0][0]["save"]
    first, first_cpu = time.perf_counter() - begun - saved, time.process_time() - worked - saved
    for piece in pieces[1:]:
        begun = time.process_time()
        store.rest()  # the writer's, between two articles
        garbage.look()  # the worker's, between two jobs
        rests.append(time.process_time() - begun)
        taken.append(_taken(store, piece))
    store.close()
    counted = taken[WARM:]
    return {
        "first": first,
        "first_cpu": first_cpu,
        "spent": [spent for spent, *_ in counted],
        "relations": [relations for _, relations, *_ in counted],
        "aligned": [aligned for _, _, aligned, _, _ in counted],
        "worth": [worth for _, _, _, worth, _ in counted],
        "suspects": [suspects for *_, suspects in counted],
        "rests": rests[WARM - 1 :],
        "memory": _peak(),
    }


def _taken(store: Store, piece: archive.Piece) -> tuple[dict[str, float], int, int, int, int]:
    """→ seconds by phase, how many verdicts, aligned ones, texts that were compared and suspects there were. The verdicts themselves go,
    as they do from the flow."""
    article = Article(url=piece.url, title=piece.title, text=piece.text, outlet=piece.outlet, language="en", extractor="given")
    clock = [time.process_time()]

    def tick() -> None:
        clock.append(time.process_time())

    read = Read(article=article, fingerprint=fingerprint(article))
    tick()
    suspects = store.suspects(read.fingerprint, keys=(piece.url,))
    tick()
    matches = _judged(read, suspects)
    tick()
    candidate = Candidate(url=piece.url, source="feed", seen_at=NOW)
    told = read.fingerprint.sentences
    record = Record(candidate=candidate, read=read, keys=(piece.url,), matches=matches, snapshot=suspects.snapshot, now=NOW, sentences=told)
    answer = store.save(record)
    assert not isinstance(answer, Suspects), "nobody else writes"
    tick()
    spent = {name: after - before for name, before, after in zip(PHASES, clock, clock[1:], strict=False)}
    aligned, worth = sum(match.aligned for match in matches), len(suspects.worth)
    return spent, len(matches), aligned, worth, worth + len(suspects.counted)


def _judged(read: Read, suspects: Suspects) -> tuple[Match, ...]:
    """As the flow does it."""
    return judge(read.article, read.fingerprint, suspects.worth) + not_aligned(suspects.counted, read.fingerprint.body_digest)


def _peak() -> float:
    """Bytes that this process had in memory at most."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024.0


def _step(size: int) -> float:
    """Nanoseconds of CPU a step of a walk through ``size`` numbers, each of which tells the next, in no order."""
    dice = random.Random(size)
    order = list(range(size))
    dice.shuffle(order)
    following = dict(zip(order, [*order[1:], order[0]], strict=True))
    after, place = [following[n] for n in range(size)], 0
    begun = time.process_time()
    for _ in range(STEPS):
        place = after[place]
    return 1e9 * (time.process_time() - begun) / STEPS


def _pace() -> str:
    """How fast the machine is just now. A virtual one's CPU time holds what its neighbours take of the caches and of the memory's time."""
    return f"a step of a walk through {FEW:,} numbers {_step(FEW):.0f} ns, through {MANY:,} {_step(MANY):.0f} ns"


# ── all sizes ─────────────────────────────────────────────────────────────────────────────────────


def _at(path: Path, count: int) -> dict[str, Any]:
    """The figures of the archive at ``path``, from a fresh process."""
    with closing(sqlite3.connect(path)) as conn:
        stored = int(conn.execute("SELECT max(id) FROM version").fetchone()[0])
        index = conn.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'fingerprint'").fetchone()[0]
        sample = conn.execute("SELECT sum(length(sample)) FROM version").fetchone()[0]
        rows = conn.execute("SELECT count(*) FROM fingerprint").fetchone()[0]
    words = [sys.executable, __file__, "--measure", str(path), "--count", str(count), "--sizes", str(stored)]
    told: dict[str, Any] = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return told | {"index": index, "sample": sample, "rows": rows}


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _show(size: int, told: dict[str, Any]) -> tuple[float, float]:
    """Prints a size's table. → median and 99th percentile of the whole, in ms."""
    print(
        f"\n{size:,} articles: {told['rows']:,} fingerprints, index {told['index'] / 1e9:.2f} GB and samples {told['sample'] / 1e9:.2f} GB"
    )
    lines = [(name, [1e3 * one[name] for one in told["spent"]]) for name in PHASES]
    lines.append(("all", [sum(each) for each in zip(*(values for _, values in lines), strict=True)]))
    print(f"  {_pace()}")
    shares = (0.5, 0.9, 0.99)
    table([(name, *(_quantile(values, share) for share in shares)) for name, values in lines], head=("CPU ms", "median", "p90", "p99"))
    for said, wanted in (("without suspects", False), ("with suspects", True)):
        some = [[value for value, count in zip(values, told["suspects"], strict=True) if bool(count) is wanted] for _, values in lines]
        rows = [(name, *(_quantile(values, share) for share in shares)) for (name, _), values in zip(lines, some, strict=True) if values]
        print(f"  {len(some[0])} {said}")
        table(rows)
    _by_compared(told, lines[-1][1])
    unit = _quantile(lines[0][1], 0.5)
    print(
        "  in fingerprints, median and p99: "
        + ", ".join(f"{name} {_quantile(values, 0.5) / unit:.1f} and {_quantile(values, 0.99) / unit:.1f}" for name, values in lines)
    )
    table([(name, *(int(_quantile(told[name], share)) for share in shares)) for name in ("aligned", "relations")])
    rests = [1e3 * one for one in told["rests"]]
    print(f"  between two articles {sum(rests) / len(rests):.2f} ms in the mean, {max(rests):.1f} at most")
    first, cpu = 1e3 * told["first"], 1e3 * told["first_cpu"]
    print(f"  first verdict after a restart {first:.0f} ms ({cpu:.0f} of CPU), memory at most {told['memory'] / 1e6:.0f} MB")
    return _quantile(lines[-1][1], 0.5), _quantile(lines[-1][1], 0.99)


def _by_compared(told: dict[str, Any], spent: list[float]) -> None:
    """What an article costs, by how many texts it was compared with."""
    rows = []
    for least, most in ((0, 0), (1, 4), (5, 14), (15, 24), (25, 40)):
        some = [value for value, count in zip(spent, told["worth"], strict=True) if least <= count <= most]
        if some:
            rows.append((f"{least}–{most}" if most else "none", len(some), *(_quantile(some, share) for share in (0.5, 0.9, 0.99))))
    table(rows, head=("compared with", "articles", "median", "p90", "p99"))


def _kinds(told: dict[str, Any]) -> dict[str, float]:
    """What an article costs in the median, in fingerprints: with and without suspects, and all. Where half of them have some, the
    median of all lies between two humps, and says little."""
    unit = _quantile((one["fingerprint"] for one in told["spent"]), 0.5)
    spent = [(sum(one.values()) / unit, bool(count)) for one, count in zip(told["spent"], told["suspects"], strict=True)]
    wanted = (("all", (True, False)), ("with suspects", (True,)), ("without", (False,)))
    return {name: _quantile((value for value, has in spent if has in kinds), 0.5) for name, kinds in wanted}


def postgresql(path: Path, count: int) -> tuple[float, float]:
    """The fingerprints of ``path`` in a PostgreSQL that is started for it. → bytes on disk, median seconds of a lookup."""
    import psycopg

    with database.served() as server:
        url = server.made()
        Store.open(url).close()
        with closing(sqlite3.connect(path)) as conn, psycopg.connect(url, autocommit=True) as there:
            with there.cursor() as cursor, cursor.copy("COPY fingerprint (version_id, part, hash) FROM STDIN") as copy:
                for row in conn.execute("SELECT version_id, part, hash FROM fingerprint ORDER BY version_id / 10000"):
                    copy.write_row(row)
            there.execute("ANALYZE fingerprint")
            size = there.execute("SELECT pg_total_relation_size('fingerprint')").fetchone()
            stored = conn.execute("SELECT max(id) FROM version").fetchone()[0]
        store, spent = Store.open(url), []
        for piece in archive.coming(stored // archive.CHUNK, count, named="postgresql"):
            read = fingerprint(Article(url=piece.url, title=piece.title, text=piece.text))
            begun = time.perf_counter()
            store.suspects(read)
            spent.append(time.perf_counter() - begun)
        store.close()
    assert size is not None
    return float(size[0]), _quantile(spent, 0.5)


def main() -> int:
    """Fills and measures each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--postgresql", action="store_true", help="the index there too: its size and a lookup")
    parser.add_argument("--measure", metavar="DATABASE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        stored = given.sizes[0]
        print(json.dumps(measure(given.measure, stored // archive.CHUNK, given.count, str(stored))))
        return 0
    bars = Bars("What an article costs as the archive grows")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="wirewatch-scale-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _run(given, folder, bars)
    finally:
        if not given.keep:
            shutil.rmtree(folder)


def _run(given: argparse.Namespace, folder: Path, bars: Bars) -> int:
    medians, kinds, filled, path, told = [], [], 0, folder / "archive.db", {}
    with closing(sqlite3.connect(path)) as conn:  # the filling wants the file for itself
        if conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'version'").fetchone()[0]:
            filled = conn.execute("SELECT count(*) FROM version WHERE software = 'wirewatch 0'").fetchone()[0]  # by fill.py
    for size in sorted(given.sizes):
        if filled < size:
            begun = time.monotonic()
            fill.fill(path, filled // archive.CHUNK, size // archive.CHUNK)
            print(f"filled to {size:,} in {time.monotonic() - begun:.0f} s")
            filled = size
        told = _at(path, given.count)
        medians.append(_show(size, told))
        kinds.append(_kinds(told))
    bars.hold(f"median at most {MEDIAN_MS} ms", medians[-1][0] <= MEDIAN_MS, f"{medians[-1][0]:.2f}")
    bars.hold(f"p99 at most {P99_MS} ms", medians[-1][1] <= P99_MS, f"{medians[-1][1]:.2f}")
    grown = {name: kinds[-1][name] / kinds[0][name] for name in kinds[0]}
    said = ", ".join(f"{name} {growth:.2f}" for name, growth in grown.items()) + "; medians, in fingerprints"
    bars.hold(f"grows at most {GROWTH}-fold from the smallest to the largest", max(grown.values()) <= GROWTH, said)
    scaled = 1e6 / max(given.sizes)
    index = (told["index"] + told["sample"]) * scaled / 1e9
    bars.hold(f"index at most {SQLITE_GB} GB a million", index <= SQLITE_GB, f"{index:.2f}, samples with it")
    bars.hold(f"first verdict within {FIRST_MS:.0f} ms", 1e3 * told["first"] <= FIRST_MS, f"{1e3 * told['first']:.0f}")
    bars.hold(f"memory at most {MEMORY_MB} MB", told["memory"] <= 1e6 * MEMORY_MB, f"{told['memory'] / 1e6:.0f}")
    if given.postgresql:
        size, lookup = postgresql(path, 200)
        bars.hold(f"PostgreSQL: at most {POSTGRESQL_GB} GB a million", size * scaled <= 1e9 * POSTGRESQL_GB, f"{size * scaled / 1e9:.2f}")
        print(f"\nPostgreSQL: a lookup takes {1e3 * lookup:.2f} ms")
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
