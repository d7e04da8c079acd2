"""Politeness, proven by the server's own log: one connection and one clock a host, robots.txt, Retry-After, rest after trouble."""

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


def robots(text: str) -> bytes:
    return reply(text.encode(), kind="text/plain")


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


# ── robots.txt ────────────────────────────────────────────────────────────────────────────────────


def test_robots_is_obeyed_with_the_most_special_group() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            evil.site["a.example/robots.txt"] = robots(
                "\ufeffUser-agent: *\nDisallow: /\n\n"
                "User-agent: WireWatch/1.0\nDisallow: /private/\nDisallow: *?utm\nAllow: /private/news$\n"
            )
            for path, allowed in {
                "/": 1,
                "/private/x": 0,
                "/private/news": 1,
                "/private/news2": 0,
                "/x?utm_source=a": 0,
                "/x?a=b": 1,
            }.items():
                result = await outcome(fetcher, A + path)
                assert isinstance(result, Response) == bool(allowed), (path, result)
                assert allowed or isinstance(result, errors.Disallowed)
            assert len(evil.asked("/robots.txt")) == 1
            assert not evil.asked("/private/x"), "what is disallowed is not asked for"

    asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (reply(b"", status="404 Not Found"), True),
        (reply(b"", status="403 Forbidden"), True),
        (reply(b"", status="401 Unauthorized"), True),
        (reply(b"<!doctype html><p>Not found", kind="text/html"), True),
        (reply(b"\xff\xfe\x00\x01 \xe9 nonsense\r\rUser-agent *", kind=None), True),
        (reply(b""), True),
        (redirect(""), True),
        (reply(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), False),
        (reply(b"#" * 520_000 + b"\nUser-agent: *\nDisallow: /\n"), True),
    ],
    ids=["404", "403", "401", "html", "nonsense", "empty", "circle", "large", "rule behind 500 KiB"],
)
def test_what_a_robots_answer_allows(answer: bytes, allowed: bool) -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            evil.site["/robots.txt"] = answer
            result = await outcome(fetcher, f"{A}/story")
            assert isinstance(result, Response if allowed else errors.Disallowed), result

    asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "kind", "after"),
    [
        (reply(b"", status="500 Oops"), errors.ServerTrouble, 60),
        (reply(b"", "Retry-After: 90", status="503 Busy"), errors.Throttled, 90),
        (reply(b"", "Retry-After: 240", status="429 Slow down"), errors.Throttled, 240),
        (reply(b"User-agent: *\nAllow: /", length=500), errors.Truncated, 60),
        (redirect("http://10.1.2.3/robots.txt"), errors.ServerTrouble, 60),
    ],
    ids=["500", "503", "429", "cut short", "redirect to a private address"],
)
def test_robots_that_cannot_be_had_is_trouble_that_may_pass(answer: bytes, kind: type[errors.FetchError], after: float) -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            evil.site["/robots.txt"] = answer
            for _ in range(3):
                error = await outcome(fetcher, f"{A}/story")
                assert type(error) is kind, error
                assert error.status is errors.Status.RETRY
                assert error.after is not None
                assert abs(error.after.total_seconds() - after) < 1
                assert "robots.txt" in str(error)
            assert len(evil.log) == 1, "remembered, not hammered"
            evil.site["/robots.txt"] = robots("")
            clock.advance(after + 1)
            assert isinstance(await driven(clock, outcome(fetcher, f"{A}/story")), Response)

    asyncio.run(go())


def test_robots_redirects_are_followed_five_times() -> None:
    async def go() -> None:
        for hops, allowed in ((5, False), (6, True)):
            async with fetching() as (fetcher, evil, _):
                evil.site = {"a.example/robots.txt": redirect("/r1")}
                evil.site |= {f"a.example/r{n}": redirect(f"http://{'b' if n % 2 else 'a'}.example/r{n + 1}") for n in range(1, 9)}
                evil.site |= {f"b.example/r{n}": redirect(f"http://a.example/r{n + 1}") for n in range(1, 9)}
                evil.site |= {f"{host}.example/r{hops}": robots("User-agent: *\nDisallow: /") for host in "ab"}
                result = await outcome(fetcher, f"{A}/story")
                assert isinstance(result, Response) == allowed, result

    asyncio.run(go())


def test_robots_is_asked_again_after_a_day_and_old_rules_outlive_trouble() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            evil.site["/robots.txt"] = robots("User-agent: *\nDisallow: /no")
            await fetcher.fetch(Request(url=f"{A}/yes"))
            clock.advance(23.9 * 3600)
            await fetcher.fetch(Request(url=f"{A}/yes"))
            assert len(evil.asked("/robots.txt")) == 1
            evil.site["/robots.txt"] = reply(b"", status="500 Oops")
            clock.advance(0.2 * 3600)
            await fetcher.fetch(Request(url=f"{A}/yes"))
            assert isinstance(await outcome(fetcher, f"{A}/no"), errors.Disallowed)
            assert len(evil.asked("/robots.txt")) == 2

    asyncio.run(go())


def test_many_at_once_ask_robots_once_and_survive_a_cancelled_first() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            tasks = [asyncio.ensure_future(fetcher.fetch(Request(url=f"{A}/{n}"))) for n in range(8)]
            while not evil.log:
                await asyncio.wait(tasks, timeout=0.002)
            tasks[0].cancel()
            done = await driven(clock, asyncio.gather(*tasks, return_exceptions=True))
            assert sum(isinstance(result, Response) for result in done) >= 7
            assert len(evil.asked("/robots.txt")) <= 2

    asyncio.run(go())


def test_crawl_delay_wins_when_larger_and_is_honoured_to_two_minutes() -> None:
    async def go() -> None:
        for asked, least in (("10", 10), ("900", 120), ("0.1", 2), ("soon", 2)):
            async with fetching(delay=timedelta(seconds=2)) as (fetcher, evil, clock):
                evil.site["/robots.txt"] = robots(f"User-agent: *\nCrawl-delay: {asked}\n")
                for n in range(3):
                    await driven(clock, fetcher.fetch(Request(url=f"{A}/{n}")))
                first, second = (after.at - before.at for before, after in pairwise(evil.pages))
                assert least - 1e-6 <= first <= least * 1.3 + 1e-6
                assert least - 1e-6 <= second <= least * 1.3 + 1e-6

    asyncio.run(go())


def test_robots_can_be_left_out() -> None:
    async def go() -> None:
        async with fetching(robots=False) as (fetcher, evil, _):
            evil.site["/robots.txt"] = robots("User-agent: *\nDisallow: /")
            assert isinstance(await outcome(fetcher, f"{A}/story"), Response)
            assert len(evil.log) == 1

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
            assert pauses == [60, 180, 600, 1800, 3600, 3600]
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
