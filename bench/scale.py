"""What an article costs from fingerprint to stored relations while the archive grows: invented archives of 10,000 to 1,000,000 articles.

    scale.py [--sizes 10000 100000 1000000] [--count 1000] [--keep DIR] [--postgresql]

Each size is measured in a process of its own that knows nothing but the database: match.fingerprint → Store.suspects → match.judge →
Store.save, process CPU of each phase. The new articles come as in the archive: most are one more of a wire family that was found by chance
among all of it, so that no text is warm. ``--keep``: where archives are kept and found again.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import archive
from storing import NOW

from pipeline.match import fingerprint, judge
from pipeline.model import Article, Candidate, Match, Read, Record, Suspects
from pipeline.store import Store

PHASES = ("fingerprint", "suspects", "judge", "save")
INDEX = ("fingerprint", "sample")
MEDIAN_MS, P99_MS, GROWTH, FIRST_MS, MEMORY_MB, SQLITE_GB, POSTGRESQL_GB = 5.0, 25.0, 1.5, 50.0, 300, 1.2, 4.0
WARM = 20  # articles before those that count: statements are compiled, files are open


# ── one size, in a process of its own ─────────────────────────────────────────────────────────────


def measure(url: str, chunks: int, count: int, named: str) -> dict[str, Any]:
    """Takes ``count`` articles in. → seconds of CPU by phase and article, and what else there is to say."""
    pieces = archive.coming(chunks, count + WARM, named=named)
    begun = time.perf_counter()
    store = Store.open(url)
    taken = [_taken(store, pieces[0])]
    first = time.perf_counter() - begun - taken[0][0]["save"]
    taken += [_taken(store, piece) for piece in pieces[1:]]
    store.close()
    counted = taken[WARM:]
    return {
        "first": first,
        "spent": [spent for spent, _ in counted],
        "relations": [len(matches) for _, matches in counted],
        "aligned": [sum(match.aligned for match in matches) for _, matches in counted],
        "memory": _peak(),
    }


def _taken(store: Store, piece: archive.Piece) -> tuple[dict[str, float], tuple[Match, ...]]:
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
    return {name: after - before for name, before, after in zip(PHASES, clock, clock[1:], strict=False)}, matches


def _judged(read: Read, suspects: Suspects) -> tuple[Match, ...]:
    """As the flow does it."""
    from pipeline.rejudge import not_aligned

    return judge(read.article, read.fingerprint, suspects.worth) + tuple(map(not_aligned, suspects.counted))


def _peak() -> float:
    """Bytes that this process had in memory at most."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024.0
