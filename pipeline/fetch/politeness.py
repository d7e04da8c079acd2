"""One connection and one clock for each host, and what the host asked for: Retry-After, Crawl-delay, a rest after trouble."""

from __future__ import annotations

import asyncio
import math
import random
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice

from pipeline.clock import Clock
from pipeline.errors import FetchError, Throttled
from pipeline.fetch.memory import Forgets, Remembers, error_named, left
from pipeline.model import HostMemory

JITTER = 0.3  # the share of the delay that is added at random, so that a crowd of monitors does not march in step
MOST_CRAWL_DELAY = 120.0  # seconds (facts/reliability, "Norms of the field")
MOST_RETRY_AFTER = 24 * 3600.0  # the same
PATIENCE = 30.0  # a host that rests longer than this makes its requests fail at once instead of hanging
STRIKES = 3  # failures in a row before a host is left alone
# Seconds of rest: a site that is back is met again within the hour, and one that is down for a day was asked 29 times: three strikes, after
# a minute, after 15 more, and then every 58.
LADDER = (60.0, 900.0, 3480.0)
MOST_HOSTS = 10_000
LONG = 10.0  # seconds between two requests from which on the next one is promised across a restart
_SOON = 1e-6  # seconds that are no wait


class RestingError(Exception):
    """No request was made, as the host is left alone. ``error``: what the caller is to be told."""

    def __init__(self, error: FetchError) -> None:
        self.error = error
        super().__init__(str(error))


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    crawl_delay: float = 0.0
    held_until: float = 0.0
    held_by: type[FetchError] = Throttled
    held_for: str = ""
    strikes: int = 0
    rests: int = 0
    asked: float = -math.inf  # when it was asked last
    meeting: asyncio.Lock = field(default_factory=asyncio.Lock)
    met: bool = False  # what was kept of it is known
    promised: bool = False  # something that is not kept as yet


class Turn:
    """The right to ask one host once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: float | None = None

    def answered(self) -> None:
        """The host began to answer: only now has it surely seen the request, so the delay counts from here."""
        self.last = self._clock.monotonic()


class Turns:
    """Who may ask which host when. Waits are on the clock that was handed in; first come, first served."""

    def __init__(self, clock: Clock, delay: timedelta, chance: random.Random, memory: Remembers | None = None) -> None:
        """``memory``: where it is kept what hosts are owed; asked at the first use of a host."""
        self._clock, self._delay, self._chance, self._memory = clock, delay.total_seconds(), chance, memory or Forgets()
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._began = clock.monotonic()

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[Turn]:
        """Waits until the host may be asked, alone. Raises RestingError when it rests for more than 30 s."""
        host = self._host(name)
        host.users += 1
        try:
            await self.meet(name)
            self._refuse_resting(name, host)
            async with host.lock:
                await self._wait(name, host)
                turn = Turn(self._clock)
                try:
                    yield turn
                finally:
                    gap = max(self._delay, host.crawl_delay) * (1 + JITTER * self._chance.random())
                    host.asked = self._clock.monotonic() if turn.last is None else turn.last
                    host.free_at = host.asked + gap
                    host.promised |= gap >= LONG
                    if host.promised:
                        await self._memory.keep((self._memory_of(name, host),))
        finally:
            host.users -= 1

    def renew(self, delay: timedelta) -> None:
        """The delay that is kept from now on."""
        self._delay = delay.total_seconds()

    def slow_down(self, name: str, crawl_delay: float) -> None:
        """What robots.txt asks for, in seconds; honoured up to 120, and from robots.txt itself on, which was a request too."""
        host = self._host(name)
        host.crawl_delay = min(max(crawl_delay, 0.0), MOST_CRAWL_DELAY)
        host.free_at = max(host.free_at, host.asked + host.crawl_delay)

    def hold(self, name: str, seconds: float, kind: type[FetchError], why: str) -> float:
        """Leaves a host alone for so long (24 h at most); ``kind`` and ``why`` are what others are told meanwhile. Returns the seconds."""
        host = self._host(name)
        seconds = min(max(seconds, 0.0), MOST_RETRY_AFTER)
        until = self._clock.monotonic() + seconds
        if until > host.held_until:
            host.held_until, host.held_by, host.held_for = until, kind, why
            host.promised = True
        return seconds

    def rest(self, name: str, kind: type[FetchError], why: str, *, at_most: float = LADDER[-1]) -> float:
        """A hold that nobody gave a time for: longer each time, until the host answers well again. Returns its seconds."""
        host = self._host(name)
        seconds = min(LADDER[min(host.rests, len(LADDER) - 1)], at_most)
        host.rests += 1
        return self.hold(name, seconds, kind, why)

    def failed(self, name: str, kind: type[FetchError], why: str, *, at_most: float = LADDER[-1]) -> float | None:
        """A request came to nothing. The third in a row, and each one after, sends the host to rest; returns for how many seconds."""
        host = self._host(name)
        host.strikes += 1
        host.promised = True
        return self.rest(name, kind, why, at_most=at_most) if host.strikes >= STRIKES else None

    def well(self, name: str) -> None:
        """The host answered as it should: failures are counted anew."""
        host = self._host(name)
        host.promised |= host.strikes + host.rests > 0
        host.strikes = host.rests = 0

    def heed(self, name: str, status: int, asked: float | None) -> None:
        """What an answer means for the host as a whole. ``asked``: the seconds of its Retry-After, which any 5xx may carry."""
        why = f"it answered {status}"
        if status != 429 and status < 500:
            self.well(name)
        elif asked is not None:
            self.hold(name, asked, Throttled, f"{why} and asked to wait {asked:.0f} s")
        elif status == 429:
            self.rest(name, Throttled, why)
        elif status in (502, 503, 504):  # a 500 is often one page's own trouble
            self.failed(name, Throttled, why)

    def held(self, name: str) -> float | None:
        """For how many seconds more a host is left alone; None when it is not."""
        left = self._host(name).held_until - self._clock.monotonic()
        return left if left > 0 else None

    # ── what outlives this process ────────────────────────────────────────────────────────────────

    async def meet(self, name: str) -> None:
        """What was kept of a host is in force from now on. Comes before anything else that is asked about it. Raises StoreError."""
        host = self._host(name)
        if host.met:
            return
        host.users += 1
        try:
            async with host.meeting:
                if not host.met and (kept := await self._memory.host(name)) is not None:
                    self._recall(host, kept)
                host.met = True
        finally:
            host.users -= 1

    def _recall(self, host: _Host, kept: HostMemory) -> None:
        now = self._clock.monotonic()
        held = left(kept.held_until, kept.at, self._clock, MOST_RETRY_AFTER)
        owed = left(kept.free_at, kept.at, self._clock, MOST_CRAWL_DELAY * (1 + JITTER))
        # who asked it last may have been killed a moment ago: it gets the delay that it would have had
        host.free_at = max(host.free_at, now + owed, self._began + self._delay)
        if held and now + held > host.held_until:
            host.held_until, host.held_by, host.held_for = now + held, error_named(kept.held_by), kept.held_for
        host.crawl_delay = max(host.crawl_delay, min(kept.crawl_delay, MOST_CRAWL_DELAY))
        host.strikes, host.rests = max(host.strikes, kept.strikes), max(host.rests, kept.rests)

    async def keep(self) -> None:
        """At the end: what is owed to hosts still. Raises StoreError."""
        now = self._clock.monotonic()
        owed = [self._memory_of(name, host) for name, host in self._hosts.items() if host.promised or host.free_at > now]
        if owed:
            await self._memory.keep(owed)

    def _memory_of(self, name: str, host: _Host) -> HostMemory:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        free, held = (now + timedelta(seconds=at - monotonic) if at > monotonic else None for at in (host.free_at, host.held_until))
        host.promised = False
        return HostMemory(
            name=name, at=now, free_at=free, held_until=held, held_by=host.held_by.__name__, held_for=host.held_for,
            crawl_delay=host.crawl_delay, strikes=host.strikes, rests=host.rests,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self._hosts)

    async def _wait(self, name: str, host: _Host) -> None:
        while True:
            self._refuse_resting(name, host)
            wait = max(host.free_at, host.held_until) - self._clock.monotonic()
            if wait <= _SOON:
                return
            await self._clock.sleep(wait)

    def _refuse_resting(self, name: str, host: _Host) -> None:
        left = host.held_until - self._clock.monotonic()
        if left > PATIENCE:
            message = f"{name} is left alone for {left:.0f} s more: {host.held_for}"
            raise RestingError(host.held_by(message, after=timedelta(seconds=left)))

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host()
            self._trim()
        self._hosts.move_to_end(name)
        return host

    def _trim(self) -> None:
        """Forgets hosts that were not asked for longest, unless that would break a promise made to them: those are looked at later."""
        now = self._clock.monotonic()
        for name in list(islice(self._hosts, max(0, min(len(self._hosts) - MOST_HOSTS, 8)))):
            host = self._hosts[name]
            if host.users or max(host.free_at, host.held_until) > now:
                self._hosts.move_to_end(name)
            else:
                del self._hosts[name]


def retry_after(value: str | None, now: datetime) -> float | None:
    """Retry-After (RFC 9110 §10.2.3) → seconds from ``now``, 0 to 24 h: a number of seconds or an HTTP date. None when unreadable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MOST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max((at - now).total_seconds(), 0.0), MOST_RETRY_AFTER)
    except (ValueError, OverflowError):
        return None
