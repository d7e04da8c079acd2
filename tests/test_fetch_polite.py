"""Politeness, proven by the server's own log: one connection and one clock a host, Retry-After, rest after trouble."""

from __future__ import annotations

import asyncio
import random
import socket
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from evil_server import PAGE, Seen, redirect, reply
from fetching import HASTE, START, driven, fetching, outcome
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import errors
from pipeline.clock import SimulatedClock
from pipeline.fetch.politeness import LADDER, MOST_HOSTS, MOST_RETRY_AFTER, Turns, retry_after
from pipeline.model import Request, Response

A = "http://a.example"


# ── one connection, one clock ─────────────────────────────────────────────────────────────────────


def test_one_request_at_a_time_and_the_delay_between_any_two() -> None:
    async def go() -> None:
        async with fetching(delay=timedelta(seconds=2)) as (fetcher, evil, clock):
            urls = [f"http://{host}.example/{n}" for n in range(6) for host in "abc"]
            await driven(clock, asyncio.gather(*(fetcher.fetch(Request(url=url)) for url in urls)))
            assert set(evil.most_open_by_host.values()) == {1}
            for host in ("a.example", "b.example", "c.example"):
                mine = [seen for seen in evil.log if seen.host == host]
                assert [seen.path for seen in mine] == ["/robots.txt", *(f"/{n}" for n in range(6))], "first come, first served"
                gaps = [after.at - before.at for before, after in pairwise(mine)]
                assert all(gap >= 2.0 - 1e-6 for gap in gaps), gaps
                assert len({round(gap, 3) for gap in gaps}) > 1, "jitter"
                assert len({seen.connection for seen in mine}) == 1, "the connection is kept"

    asyncio.run(go())


def test_redirects_and_robots_count_as_requests() -> None:
    async def go() -> None:
        async with fetching(delay=timedelta(seconds=5)) as (fetcher, evil, clock):
            evil.site = {"/start": redirect("/end")}
            await driven(clock, fetcher.fetch(Request(url=f"{A}/start")))
            times = [seen.at for seen in evil.log]
            assert len(times) == 3
            assert all(after - before >= 5 - 1e-6 for before, after in pairwise(times))

    asyncio.run(go())


def test_an_old_connection_that_was_closed_is_no_failure() -> None:
    async def first_only(seen: Seen, writer: asyncio.StreamWriter) -> None:
        """Answers the first request of a connection, and drops it at the second without an answer."""
        before = sum(1 for other in evil_log if other.connection == seen.connection)
        if before == 1:
            writer.write(reply(PAGE))
        else:
            writer.close()

    evil_log: list[Seen] = []

    async def go() -> None:
        async with fetching(delay=timedelta(seconds=1), robots=False) as (fetcher, evil, clock):
            nonlocal evil_log
            evil_log = evil.log
            evil.site = {"/1": first_only, "/2": first_only}
            await driven(clock, fetcher.fetch(Request(url=f"{A}/1")))
            assert (await driven(clock, fetcher.fetch(Request(url=f"{A}/2")))).body == PAGE
            assert [seen.path for seen in evil.log] == ["/1", "/2", "/2"]
            assert evil.log[2].at - evil.log[1].at >= 1 - 1e-6

    asyncio.run(go())


# ── what a host asks for, and rest after trouble ──────────────────────────────────────────────────


@pytest.mark.parametrize("value", ["120", format(START + timedelta(seconds=120), "%a, %d %b %Y %H:%M:%S GMT")])
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable", "500 Oops"])
def test_retry_after_holds_the_whole_host(value: str, status: str) -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            evil.site["/busy"] = reply(b"", f"Retry-After: {value}", status=status)
            error = await outcome(fetcher, f"{A}/busy")
            assert isinstance(error, errors.Throttled | errors.ServerTrouble)
            assert error.after == timedelta(seconds=120)
            clock.advance(60)
            held = await outcome(fetcher, f"{A}/other")
            assert isinstance(held, errors.Throttled)
            assert held.after == timedelta(seconds=60)
            assert "asked to wait 120 s" in str(held)
            assert not evil.asked("/other")
            assert isinstance(await outcome(fetcher, "http://b.example/other"), Response), "other hosts go on"
            clock.advance(40)  # 20 s left: worth the wait
            assert isinstance(await driven(clock, outcome(fetcher, f"{A}/other")), Response)
            assert evil.asked("/other", "a.example")[0].at >= 120

    asyncio.run(go())


def test_a_hold_reaches_those_who_wait_already() -> None:
    async def go() -> None:
        async with fetching(delay=timedelta(seconds=2)) as (fetcher, evil, clock):
            evil.site["/0"] = reply(b"", "Retry-After: 3600", status="503 Busy")
            results = await driven(clock, asyncio.gather(*(outcome(fetcher, f"{A}/{n}") for n in range(50))))
            assert all(isinstance(result, errors.Throttled) for result in results)
            assert len(evil.pages) == 1

    asyncio.run(go())


def test_a_dead_host_is_left_alone_for_longer_and_longer_and_met_again() -> None:
    async def go() -> None:
        async with fetching(robots=False, **HASTE) as (fetcher, evil, clock):
            for _ in range(40):
                error = await driven(clock, outcome(fetcher, f"{A}/close"))
                assert isinstance(error, errors.Unreachable)
            assert len(evil.log) == 3, "the third failure in a row sends it to rest"
            pauses = []
            for _ in range(6):
                assert isinstance(error, errors.FetchError)
                assert error.after is not None
                pauses.append(round(error.after.total_seconds()))
                clock.advance(error.after.total_seconds() + 0.1)
                error = await driven(clock, outcome(fetcher, f"{A}/close"))
            assert pauses == [*LADDER, *[LADDER[-1]] * 3]
            clock.advance(3601)
            assert isinstance(await driven(clock, outcome(fetcher, f"{A}/well")), Response)
            assert isinstance(await driven(clock, outcome(fetcher, f"{A}/close")), errors.Unreachable)
            assert isinstance(await driven(clock, outcome(fetcher, f"{A}/well")), Response), "counted anew"

    asyncio.run(go())


def test_our_own_trouble_is_not_held_against_a_host_for_long() -> None:
    async def go() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            async with fetching(robots=False, proxy=f"http://127.0.0.1:{taken.getsockname()[1]}") as (fetcher, _, clock):
                for _ in range(10):
                    error = await driven(clock, outcome(fetcher, f"{A}/story"))
                    assert isinstance(error, errors.Unreachable)
                    assert error.after is None or error.after <= timedelta(seconds=60)
                    clock.advance(61)

    asyncio.run(go())


def test_one_page_in_ten_that_fails_does_not_stop_the_host() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            evil.site = {f"/{n}": reply(b"", status="503 Busy") for n in range(0, 40, 10)}
            results = [await driven(clock, outcome(fetcher, f"{A}/{n}")) for n in range(40)]
            assert sum(isinstance(result, Response) for result in results) == 36

    asyncio.run(go())


def test_a_429_without_a_time_is_heeded_at_once() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            error = await outcome(fetcher, f"{A}/429")
            assert isinstance(error, errors.Throttled)
            assert error.after == timedelta(seconds=LADDER[0])
            assert isinstance(await outcome(fetcher, f"{A}/other"), errors.Throttled)
            assert len(evil.pages) == 1

    asyncio.run(go())


@given(st.text(max_size=40) | st.integers().map(str) | st.datetimes().map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT"))
@settings(max_examples=300, deadline=None)
def test_retry_after_is_clamped_or_not_read(value: str) -> None:
    seconds = retry_after(value, START)
    assert seconds is None or 0 <= seconds <= MOST_RETRY_AFTER


def test_retry_after_takes_both_forms() -> None:
    now = datetime.fromisoformat("1994-11-06T08:48:37+00:00")
    assert retry_after(" 7 ", now) == 7
    for text in ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"):
        assert retry_after(text, now) == 60
    assert retry_after("Sat, 05 Nov 1994 08:49:37 GMT", now) == 0
    assert retry_after("99999999999999", now) == MOST_RETRY_AFTER
    assert [retry_after(text, now) for text in (None, "", "soon", "-5", "1.5", "٣")] == [None] * 6


def test_hosts_are_forgotten_but_not_their_holds() -> None:
    async def go() -> None:
        clock = SimulatedClock(START)
        turns = Turns(clock, timedelta(0), random.Random(1))
        for n in range(40):
            turns.hold(f"held{n}.example", 3600, errors.Throttled, "it asked to")
        for n in range(MOST_HOSTS + 500):
            async with turns.turn(f"h{n}.example"):
                pass
        assert len(turns) <= MOST_HOSTS + 40
        assert all(turns.held(f"held{n}.example") == 3600 for n in range(40))

    asyncio.run(go())
