"""Fills a SQLite database of the project's own schema with an invented archive: in bulk, two processes making texts, one writing.

Written are articles, aliases, bodies, versions, fingerprints (in the order of their arrival, chunk by chunk, so that the index is as full
as one that grew) and some relations. Not written: full text, pages, sightings, outcomes.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import archive
from machine import ROOT  # noqa: F401  # makes the tests' modules known
from storing import NOW

from pipeline.match.fingerprint import body_digest, digest, shingles
from pipeline.sampled import SHORT, finding, kept
from pipeline.store import Store, encode
from pipeline.store.schema import ARTICLES_PART, SHORTS_PART

CACHE_KB = 2_000_000  # of SQLite while filling
TOGETHER = 10  # chunks whose fingerprints are written together, in order: as full as an index that grew, and not read from disk
RELATIONS = 3  # an article of a family has at most so many here
EVIDENCE = '{"passages":[[0,1200,0,1200],[1300,2900,1340,2940]],"new_sentences":[],"figures_changed":[],"why":"' + "x" * 90 + '"}'
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"

Row = tuple[archive.Piece, int, str, bytes, int, int]


def _chunk(number: int) -> list[Row]:
    """(article, story, body digest, packed sample, shingles, words) of a chunk, in the order of their coming."""
    rows, known = [], dict[str, tuple[str, bytes, int, int]]()
    for story, members in archive.stories(number):
        for member in range(members):
            piece = archive.article(story, member)
            if piece.text not in known:
                hashes, length = shingles(piece.forms), len(piece.forms)
                sample = kept(hashes, length)
                known[piece.text] = (body_digest(piece.forms), encode.pack(sample), len(hashes), length)
            rows.append((piece, story, *known[piece.text]))
        known.clear()
    random.Random(number).shuffle(rows)
    for piece, *_ in rows:
        piece.forms.clear()
    return rows


def fill(path: Path, first: int, last: int) -> None:
    """Chunks ``first`` to ``last`` (not included) into the database at ``path``, which is made if it is not there."""
    Store.open(str(path)).close()
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KB}", "foreign_keys=OFF"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("BEGIN")  # one for all: every chunk touches every page of the index
    hashes: list[tuple[int, int, int]] = []
    with get_context("spawn").Pool(2) as pool:
        for number, rows in zip(range(first, last), pool.imap(_chunk, range(first, last)), strict=True):
            hashes += _write(conn, rows, NOW + timedelta(minutes=30 * number))
            if number % TOGETHER == TOGETHER - 1 or number == last - 1:
                _many(conn, "fingerprint", ("part", "hash", "version_id"), sorted(hashes))
                hashes.clear()
    conn.execute("COMMIT")
    conn.execute("PRAGMA journal_mode=WAL")
    conn.close()


def _write(conn: sqlite3.Connection, rows: list[Row], now: Any) -> list[tuple[int, int, int]]:
    """Everything but the fingerprints, which are handed back."""

    def after(table: str) -> int:
        return int(conn.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])

    at = now.strftime(_MOMENT)
    owner, made, text = after("article"), after("version"), after("body")
    bodies: dict[str, int] = {}
    for piece, *_ in rows:
        bodies.setdefault(piece.text, text + len(bodies))
    _many(conn, "body", ("id", "digest", "text"), ((key, encode.digest(said), said) for said, key in bodies.items()))
    told = list(enumerate(rows))
    columns = ("id", "url", "outlet", "active", "first_seen", "last_seen", "latest_id")
    _many(conn, "article", columns, ((owner + n, row[0].url, row[0].outlet, 1, at, at, made + n) for n, row in told))
    _many(conn, "alias", ("key", "article_id"), sorted((row[0].url, owner + n) for n, row in told))
    constant = {"number": 1, "authors": "[]", "tags": "[]", "opt_outs": "[]", "provenance": "{}", "kind": "news",
        "completeness": "full", "extractor": "given", "software": "wirewatch 0", "fetched_at": at, "checked_at": at,
        "published_at": at, "language": "en"}  # fmt: skip
    own = ("id", "article_id", "body_id", "body_digest", "content_digest", "length", "shingles", "sample", "url", "title", "outlet")
    _many(conn, "version", (*own, *constant), (
        (made + n, owner + n, bodies[piece.text], body, digest(piece.url), length, count, sample, piece.url, piece.title, piece.outlet,
            *constant.values()) for n, (piece, _, body, sample, count, length) in told
    ))  # fmt: skip
    columns = ("version_id", "other_id", "article_id", "other_article_id", "relation", "coverage", "other_coverage", "coverage_all",
        "other_coverage_all", "longest_run", "similarity", "evidence", "matcher", "judge", "aligned", "made_at")  # fmt: skip
    _many(conn, "relation", columns, (
        (made + n, made + m, owner + n, owner + m, "copy", 0.9, 0.9, 0.9, 0.9, 400, 0.9, EVIDENCE, "cascade/4", "machine", 1, at)
        for n, m in _families(rows)
    ))  # fmt: skip
    return list(chain.from_iterable(_prints(made + n, row[3], row[5]) for n, row in told))


def _prints(number: int, sample: bytes, length: int) -> Iterator[tuple[int, int, int]]:
    part = SHORTS_PART if length < SHORT else ARTICLES_PART
    return ((part, value, number) for value in finding(encode.unpack(sample), length))


def _many(conn: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Any) -> None:
    conn.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def _families(rows: list[Row]) -> Iterator[tuple[int, int]]:
    before: dict[int, list[int]] = {}
    for n, row in enumerate(rows):
        others = before.setdefault(row[1], [])
        yield from ((n, m) for m in others[:RELATIONS])
        others.append(n)
