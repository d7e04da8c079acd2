"""10,000 sources on one small machine: how late each is asked, what that costs, what doing nothing costs, and how long a start takes.

    python bench/many_sources.py [--sources 10000] [--every 5m] [--minutes 7] [--poisoned 0]

A host each, on loopback; nearly every answer is 304, one in a hundred brings an entry whose page is tiny. First the daemon is started with
nothing due (start, idle CPU), then with every source due at a moment of its own. Lateness: from the moment a source was due (the server's
clock is the machine's) to its request. ``--poisoned``: so many hosts take a connection and never answer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from machine import Bars, Product, Watched, page, rss, table, until
from stories import invented

from pipeline.config import duration, load
from pipeline.store import Store
from pipeline.store.schema import source, source_state

FRESH = 100  # one answer in so many brings something


class Web(threading.Thread):
    """Every host there is, in one thread: feeds that are as before, and pages. ``log``: (second, host, path)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.log: list[tuple[float, str, str]] = []
        self.silent: set[str] = set()
        self.port = 0
        self._ready = threading.Event()
        self._asked: dict[str, int] = defaultdict(int)

    def run(self) -> None:
        asyncio.run(self._serve())

    def begin(self) -> None:
        self.start()
        self._ready.wait(10)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, backlog=2048)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                host = re.search(rb"(?i)\r\nhost: ([^\r:]+)", head)[1].decode()  # type: ignore[index]  # HTTP/1.1 has one
                self.log.append((time.time(), host, path))
                if host in self.silent:
                    await asyncio.sleep(3600)
                writer.write(self._answer(host, path, b"\r\nIf-None-Match" in head))
                await writer.drain()
        writer.close()

    def _answer(self, host: str, path: str, known: bool) -> bytes:
        if path == "/robots.txt":
            return _reply(404, b"")
        if path != "/feed.xml":
            number = int(path.rpartition("-")[2])
            return _reply(200, page(invented(number, paragraphs=4), f"http://{host}{path}").encode())
        self._asked[host] += 1
        number = self._asked[host]
        if known and (hash(host) + number) % FRESH:
            return _reply(304, b"")
        entry = f"http://{host}/2026/03/02/story-{abs(hash(host)) % 10**6 * 100 + number}"
        return _reply(200, rss(f"http://{host}/feed.xml", [(entry, f"Headline {number} of {host}")]).encode(), f'ETag: "{number}"\r\n')


def _reply(status: int, body: bytes, more: str = "") -> bytes:
    kind = "text/html" if body[:9].lower().startswith((b"<!doctype", b"<html")) else "application/rss+xml"
    length = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{more}{length}\r\n".encode() + body


def due(product: Product, spread: timedelta, *, from_now: timedelta) -> dict[str, float]:
    """Has every source fall due at a moment of its own within ``spread``. → name → when, in seconds of the epoch."""
    store = Store.open(product.url)
    now = datetime.now(UTC)
    sources = load(product.config, environ={}).sources
    store.watch(sources, now)
    moments = {one.name: now + from_now + spread * (index / len(sources)) for index, one in enumerate(sources)}
    with store.writing() as conn:
        ids = {row.name: row.id for row in conn.execute(sa.select(source.c.id, source.c.name))}
        known = {"etag": '"0"', "last_modified": None, "body_digest": None, "failures": 0, "claimed_until": None}
        rows = [{"row": ids[name], "due": when} for name, when in moments.items()]
        change = sa.update(source_state).where(source_state.c.source_id == sa.bindparam("row"))
        conn.execute(change.values(due_at=sa.bindparam("due"), last_polled=now, last_ok=now, **known), rows)
    store.close()
    return {name: when.timestamp() for name, when in moments.items()}


def started(run: Watched) -> float:
    """Seconds until it says that it watches."""
    began = time.monotonic()
    until(lambda: "watching" in run.err.read_text(errors="replace") or run.process.poll() is not None, 60, every=0.05)
    return time.monotonic() - began


def cpu(run: Watched, seconds: float) -> tuple[float, int]:
    """CPU seconds spent in so many seconds, and the bytes resident at their end at most."""
    before = run.spent()
    memory, limit = 0, time.monotonic() + seconds
    while time.monotonic() < limit and run.process.poll() is None:
        memory = max(memory, run.resident())
        threading.Event().wait(1)
    return run.spent() - before, memory


def lateness(log: list[tuple[float, str, str]], moments: dict[str, float], every: float, until_: float) -> tuple[list[float], int]:
    """How late each poll was; and how many sources were never asked though due a minute before the end."""
    late, last = [], dict(moments)
    asked = set()
    for at, host, path in log:
        if path == "/feed.xml" and host in last:
            late.append(at - last[host])
            last[host] = at + every
            asked.add(host)
    return late, sum(when < until_ - 60 for name, when in moments.items() if name not in asked)


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("inf")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sources", type=int, default=10_000)
    words.add_argument("--every", default="5m")
    words.add_argument("--minutes", type=float, default=7)
    words.add_argument("--idle", type=float, default=60, help="seconds of doing nothing that are measured")
    words.add_argument("--poisoned", type=int, default=0)
    given = words.parse_args()
    every = duration(given.every)
    bars = Bars(f"{given.sources:,} sources, asked every {given.every}, for {given.minutes:g} minutes; {given.poisoned} never answer")
    with tempfile.TemporaryDirectory() as home:
        web = Web()
        web.begin()
        names = [f"paper{number:05}.example" for number in range(given.sources)]
        product = Product(Path(home), resolve={"*": f"127.0.0.1:{web.port}"})
        lines = [f'[[source]]\nname = "{n}"\nkind = "feed"\nurl = "http://{n}/feed.xml"\nevery = "{given.every}"\n' for n in names]
        (product.config / "sources.toml").write_text("\n".join(lines), encoding="utf-8")
        due(product, timedelta(hours=6), from_now=timedelta(hours=6))
        run = Watched(product, ["run"])
        start = started(run)
        threading.Event().wait(10)
        idle, _ = cpu(run, given.idle)
        run.process.terminate()
        run.process.wait(20)
        web.silent = set(names[:: max(1, len(names) // given.poisoned)][: given.poisoned]) if given.poisoned else set()
        moments = due(product, every, from_now=timedelta(seconds=15))
        web.log.clear()
        run = Watched(product, ["run"])
        started(run)
        spent, memory = cpu(run, given.minutes * 60)
        ended = time.time()
        run.process.terminate()
        code = run.process.wait(20)
        log = list(web.log)
        late, never = lateness(log, {name: at for name, at in moments.items() if name not in web.silent}, every.total_seconds(), ended)
        polls = sum(path == "/feed.xml" for _, _, path in log)
        print(json.dumps({"log": len(log)}), file=sys.stderr)
        table(
            [
                ("polls", polls),
                ("pages", sum("story" in path for _, _, path in log)),
                ("late, seconds: median", share(late, 0.5)),
                ("p99", share(late, 0.99)),
                ("most", max(late, default=float("inf"))),
                ("CPU ms a poll", spent / max(polls, 1) * 1000),
                ("CPU of a core, %", spent / given.minutes / 60 * 100),
                ("memory, MiB", memory / 2**20),
            ]
        )
        bars.hold("p99 of lateness at most 60 s", share(late, 0.99) <= 60, f"{share(late, 0.99):.1f} s")
        bars.hold("every source that was due was asked", never == 0, never)
        bars.hold("at most 1.5 GiB", memory <= 1.5 * 2**30, f"{memory / 2**20:.0f} MiB")
        bars.hold("idle: at most 2 % of a core", idle / given.idle <= 0.02, f"{idle / given.idle:.2%}")
        bars.hold("started within 5 s", start <= 5, f"{start:.1f} s")
        bars.hold("exit 0 when told to stop", code == 0, code)
        return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
