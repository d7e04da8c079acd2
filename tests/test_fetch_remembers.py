"""Politeness outlives the process: what a host asked for, its rest after trouble and its robots.txt are in force after a restart, whatever
the clock did meanwhile. Proven by the server's own log, on both databases."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from evil_server import EvilServer, evil_server, redirect, reply
from fetching import HASTE, START, driven, outcome, policy_for
from judging import _here

from pipeline import errors
from pipeline.clock import SimulatedClock
from pipeline.errors import FetchError
from pipeline.fetch import Fetcher
from pipeline.model import Response
from pipeline.owed import Owed
from pipeline.store import Store

A = "http://a.example"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


@asynccontextmanager
async def served() -> AsyncIterator[tuple[EvilServer, SimulatedClock]]:
    clock = SimulatedClock(START)
    async with evil_server(now=clock.monotonic) as evil:
        yield evil, clock


@asynccontextmanager
async def process(store: Store, evil: EvilServer, clock: SimulatedClock, **settings: Any) -> AsyncIterator[Fetcher]:
    """A fetcher as each process has one, over the same database."""
    memory = Owed(store=store, reading=_here, writing=_here)  # type: ignore[arg-type]  # here, on no thread
    async with Fetcher(policy_for(evil, **settings), clock, random=random.Random(7), memory=memory) as fetcher:
        yield fetcher


async def ask(fetcher: Fetcher, clock: SimulatedClock, url: str) -> Response | FetchError:
    return await driven(clock, outcome(fetcher, url))


def test_retry_after_is_kept_by_the_next_process(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["/busy"] = reply(b"", "Retry-After: 600", status="503 Busy")
            async with process(store, evil, clock) as first:
                assert isinstance(await ask(first, clock, f"{A}/busy"), errors.Throttled)
            clock.advance(60)
            async with process(store, evil, clock) as second:
                held = await ask(second, clock, f"{A}/other")
                assert isinstance(held, errors.Throttled)
                assert held.after == timedelta(seconds=540)
                assert "asked to wait 600 s" in str(held)
                assert not evil.asked("/other")
                assert isinstance(await ask(second, clock, "http://b.example/other"), Response), "other hosts go on"
                clock.advance(541)
                assert isinstance(await ask(second, clock, f"{A}/other"), Response)

    asyncio.run(go())


@pytest.mark.parametrize(("jump", "left"), [(-30 * 24 * 3600, 600), (-3600, 600), (300, 300)])
def test_a_clock_that_was_set_does_not_make_a_hold_longer_than_it_was(store: Store, jump: int, left: int) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["/busy"] = reply(b"", "Retry-After: 600", status="503 Busy")
            async with process(store, evil, clock) as first:
                await ask(first, clock, f"{A}/busy")
            clock.jump(jump)
            async with process(store, evil, clock) as second:
                held = await ask(second, clock, f"{A}/other")
                assert isinstance(held, errors.Throttled)
                assert held.after == timedelta(seconds=left)

    asyncio.run(go())


def test_the_delay_holds_between_two_processes_and_after_a_kill(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            for _ in range(3):
                async with process(store, evil, clock, delay=timedelta(seconds=5)) as fetcher:
                    assert isinstance(await ask(fetcher, clock, f"{A}/story"), Response)
            async with process(store, evil, clock, delay=timedelta(seconds=5)) as killed:
                assert isinstance(await ask(killed, clock, f"{A}/story"), Response)
                async with process(store, evil, clock, delay=timedelta(seconds=5)) as fetcher:  # the one before said no goodbye
                    assert isinstance(await ask(fetcher, clock, f"{A}/story"), Response)
            times = [seen.at for seen in evil.log]
            assert len(times) == 6, "robots.txt once"
            assert all(after - before >= 5 - 1e-6 for before, after in pairwise(times)), times

    asyncio.run(go())


def test_a_crawl_delay_holds_from_robots_on_and_across_a_restart(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 40\nDisallow: /private\n", kind="text/plain")
            for path in ("/1", "/2", "/3"):
                async with process(store, evil, clock, delay=timedelta(seconds=2)) as fetcher:
                    answer = await ask(fetcher, clock, A + path)
                    while isinstance(answer, FetchError):
                        clock.advance(5)
                        answer = await ask(fetcher, clock, A + path)
                    assert isinstance(await ask(fetcher, clock, f"{A}/private"), errors.Disallowed)
            times = [seen.at for seen in evil.log]
            assert [seen.path for seen in evil.log] == ["/robots.txt", "/1", "/2", "/3"]
            assert all(after - before >= 40 - 1e-6 for before, after in pairwise(times)), times

    asyncio.run(go())


def test_robots_is_asked_for_once_a_day_whoever_asks(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["/robots.txt"] = reply(b"User-agent: *\nDisallow: /private\n", kind="text/plain")
            for _ in range(4):
                async with process(store, evil, clock) as fetcher:
                    assert isinstance(await ask(fetcher, clock, f"{A}/story"), Response)
                    assert isinstance(await ask(fetcher, clock, f"{A}/private"), errors.Disallowed)
                clock.advance(7 * 3600)
            assert len(evil.asked("/robots.txt")) == 1
            async with process(store, evil, clock) as fetcher:  # 28 hours later
                await ask(fetcher, clock, f"{A}/story")
            assert len(evil.asked("/robots.txt")) == 2

    asyncio.run(go())


def test_robots_that_cannot_be_had_closes_the_host_to_the_next_process_too(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["/robots.txt"] = reply(b"", status="500 Oops")
            for _ in range(2):
                async with process(store, evil, clock) as fetcher:
                    error = await ask(fetcher, clock, f"{A}/story")
                    assert isinstance(error, errors.ServerTrouble)
                    assert "robots.txt could not be had" in str(error)
            assert len(evil.log) == 1
            clock.advance(61)
            evil.site["/robots.txt"] = reply(b"User-agent: *\nDisallow: /private\n", kind="text/plain")
            async with process(store, evil, clock) as fetcher:
                assert isinstance(await ask(fetcher, clock, f"{A}/story"), Response)

    asyncio.run(go())


def test_a_dead_host_rests_longer_and_longer_across_restarts(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            pauses = []
            for number in range(9):
                async with process(store, evil, clock, robots=False, **HASTE) as fetcher:
                    error = await ask(fetcher, clock, f"{A}/close")
                    assert isinstance(error, errors.Unreachable)
                    if number == 2 or pauses:
                        assert error.after is not None
                        pauses.append(round(error.after.total_seconds()))
                        clock.advance(error.after.total_seconds() + 1)
            assert pauses[:4] == [60, 900, 3480, 3480]

    asyncio.run(go())


def test_a_redirect_to_another_host_obeys_that_host(store: Store) -> None:
    async def go() -> None:
        async with served() as (evil, clock):
            evil.site["b.example/robots.txt"] = reply(b"User-agent: *\nDisallow: /\n", kind="text/plain")
            evil.site["/there"] = redirect("http://b.example/story")
            for _ in range(2):
                async with process(store, evil, clock) as fetcher:
                    assert isinstance(await ask(fetcher, clock, f"{A}/there"), errors.Disallowed)
            assert not evil.asked("/story", "b.example")

    asyncio.run(go())
