"""What the tests of the fetcher share: a fetcher that knows only the evil server, and a clock that is moved for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from evil_server import EvilServer, evil_server

from pipeline.clock import SimulatedClock
from pipeline.errors import FetchError
from pipeline.fetch import Fetcher, Policy
from pipeline.model import Request, Response

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HASTE = {"connect_timeout": timedelta(seconds=2), "read_timeout": timedelta(seconds=0.3), "total_timeout": timedelta(seconds=0.8)}
T = TypeVar("T")


def policy_for(evil: EvilServer, **settings: Any) -> Policy:
    """Every host name leads to the server; no delay unless one is asked for."""
    usual: dict[str, Any] = {"delay": timedelta(0), "allow_private": ("127.0.0.1/32",), "resolve": {"*": f"127.0.0.1:{evil.port}"}}
    return Policy(**(usual | settings))


@asynccontextmanager
async def fetching(**settings: Any) -> AsyncIterator[tuple[Fetcher, EvilServer, SimulatedClock]]:
    """A server, a fetcher for it, and their common clock."""
    clock = SimulatedClock(START)
    async with evil_server(now=clock.monotonic) as evil, Fetcher(policy_for(evil, **settings), clock, random=random.Random(7)) as fetcher:
        yield fetcher, evil, clock


async def driven(clock: SimulatedClock, work: Awaitable[T]) -> T:
    """Runs work on a simulated clock: whenever nothing happens and somebody sleeps on it, it is moved to the next one due."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait({task}, timeout=0.005)
        if clock.next_wake is not None:
            clock.advance(clock.next_wake)
    return await task


async def outcome(fetcher: Fetcher, url: str, **more: Any) -> Response | FetchError:
    """The response, or the error as a value."""
    try:
        return await fetcher.fetch(Request(url=url, **more))
    except FetchError as error:
        return error


def once(url: str, **settings: Any) -> Response | FetchError:
    """One fetch with a fetcher of its own; ``accept`` and the like go to the request."""
    asked = {name: settings.pop(name) for name in ("accept", "validators", "headers") if name in settings}

    async def go() -> Response | FetchError:
        async with fetching(**settings) as (fetcher, _, clock):
            return await driven(clock, outcome(fetcher, url, **asked))

    return asyncio.run(go())
