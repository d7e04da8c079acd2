"""robots.txt (RFC 9309), proven by the server's own log."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from evil_server import redirect, reply
from fetching import driven, fetching, outcome

from pipeline import errors
from pipeline.model import Request, Response

A = "http://a.example"


def robots(text: str) -> bytes:
    return reply(text.encode(), kind="text/plain")


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
